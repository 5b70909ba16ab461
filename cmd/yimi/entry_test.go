package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"yimi/indicators"
)

// hit presses a key.
func hit(key string, modifiers ...input.Modifier) chromedp.Action {
	return chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...))
}

// until waits for a script to hold.
func until(script string, args ...any) chromedp.Action {
	return chromedp.Poll(fmt.Sprintf(script, args...), nil, chromedp.WithPollingTimeout(15*time.Second))
}

// value is what stands in a control.
func (h *town) value(id string) string {
	h.t.Helper()
	var out string
	h.do(chromedp.Evaluate(fmt.Sprintf(`document.getElementById(%q).value`, id), &out))
	return out
}

// active is the control with the focus.
func (h *town) active() string {
	h.t.Helper()
	var out string
	h.do(chromedp.Evaluate(`document.activeElement?.name ?? ""`, &out))
	return out
}

// mustEntry is a town whose round is open, with the contributor of a unit at the
// grid, and the names of the first cells of a column.
func mustEntry(t *testing.T, more map[string]indicators.Grant) (*town, func(field string, row int) string) {
	t.Helper()
	people := map[string]indicators.Grant{"officer": {Role: indicators.OfficeMember}}
	for name, g := range more {
		people[name] = g
	}
	h := mustTown(t, 2025, people)
	h.come("officer")
	h.openRound(2025)
	h.come("at-education-bureau")
	var rows []string
	h.do(window(1280, 900, false), chromedp.Navigate(h.url+"/grid"), until(`document.querySelector("[role=grid]")`),
		chromedp.Evaluate(`[...document.querySelectorAll("tr[data-row]")].map(r => r.dataset.row.slice(8))`, &rows))
	return h, func(field string, row int) string { return fmt.Sprintf("v.%s.%s", rows[row], field) }
}

func focus(name string) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf(`document.getElementsByName(%q)[0].focus()`, name), nil)
}

const savedLine = `/^已保存/.test(document.getElementById("draft-status").textContent)`

// The grid takes the keys of a spreadsheet.
func TestGridKeys(t *testing.T) {
	h, cell := mustEntry(t, nil)
	expect := func(name, want string) {
		t.Helper()
		if got := h.value(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	at := func(want string) {
		t.Helper()
		if got := h.active(); got != want {
			t.Errorf("the focus is on %q, want %q", got, want)
		}
	}
	type keys = chromedp.Tasks
	a, b, c := cell("value", 0), cell("value", 1), cell("value", 2)
	h.do(focus(a), keys{hit("1"), hit("8"), hit(kb.Enter)})
	at(b)
	h.do(keys{hit(kb.ArrowUp), hit("7"), hit(kb.Escape)}) // typing replaces, Escape restores
	expect(a, "18")
	h.do(keys{hit(kb.F2), hit("5"), hit(kb.Enter)}) // F2 goes on with what stands
	expect(a, "185")
	h.do(keys{hit(kb.ArrowUp), hit(kb.Delete)})
	expect(a, "")
	h.do(keys{hit("z", input.ModifierCtrl)})
	expect(a, "185")
	h.do(keys{hit("z", input.ModifierCtrl)})
	expect(a, "18")
	h.do(keys{hit("y", input.ModifierCtrl)})
	expect(a, "185")
	h.do(keys{hit("a", input.ModifierCtrl), hit(kb.Delete), hit("z", input.ModifierCtrl)}) // all of a cell is taken out and comes back
	expect(a, "185")
	// 二十 in a cell for numbers: Escape brings back what stood, Tab goes on.
	h.do(keys{hit("二"), hit("十"), hit(kb.Escape)})
	expect(a, "185")
	h.do(keys{hit("二"), hit("十"), hit(kb.Tab)})
	expect(a, "二十")
	if got := h.active(); !strings.HasPrefix(got, strings.TrimSuffix(a, "value")) || got == a {
		t.Errorf("Tab went to %q", got)
	}
	h.do(focus(b), keys{hit("9"), hit(kb.Enter)})
	at(c)
	// Home, End, Ctrl+Home, Ctrl+End, and the page keys.
	h.do(keys{hit(kb.Home, input.ModifierCtrl)})
	at("pick")
	h.do(keys{hit(kb.End), hit(kb.Home), hit(kb.ArrowRight), hit(kb.ArrowRight), hit(kb.ArrowRight), hit(kb.ArrowRight)})
	at(a)
	h.do(keys{hit(kb.PageDown), hit(kb.PageUp)})
	at(a)
	// Ctrl+D repeats words, and no number.
	s0, s1 := cell("source", 0), cell("source", 1)
	h.do(focus(s0), chromedp.KeyEvent(`含"民办"园`), keys{hit(kb.Enter), hit("d", input.ModifierCtrl), hit(kb.Enter)})
	expect(s1, `含"民办"园`)
	h.do(focus(c), keys{hit("d", input.ModifierCtrl)})
	expect(c, "")
	// Several cells are copied as a spreadsheet takes them, without quotes of ours.
	var copied string
	h.do(focus(s0), keys{hit(kb.ArrowDown, input.ModifierShift)}, chromedp.Evaluate(`(() => {
  const e = new ClipboardEvent("copy", {clipboardData: new DataTransfer(), bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(e);
  return e.clipboardData.getData("text/plain");
})()`, &copied))
	if copied != "含\"民办\"园\n含\"民办\"园" {
		t.Errorf("copied is %q", copied)
	}
	// From a cell that is not being written in, Tab leaves the grid.
	h.do(focus(a), keys{hit(kb.Tab)})
	if got := h.active(); strings.HasPrefix(got, "v.") || got == "pick" {
		t.Errorf("Tab stays in the grid, at %q", got)
	}
	// A check tells of the one cell; the other row is saved.
	h.do(until(savedLine), press("#send"))
	h.do(until(`document.querySelector("[role=grid]")`))
	h.expect(".said", "二十")
	at(a)
	expect(b, "9")
	h.do(hit("2"), hit("0"), hit(kb.Enter), until(`!document.querySelector(".said").textContent.includes("二十")`))

	// A paste is shown, filled in, and undone by one step.
	h.do(focus(a), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Evaluate(`(() => {
  const data = new DataTransfer();
  data.setData("text/plain", "5\n6\n7\n");
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
})()`, nil))
		return err
	}))
	h.expect("#fill", "填入 3 个")
	h.do(press("#fill"), until(`document.querySelector("[role=grid]")`))
	expect(c, "7")
	h.do(hit("z", input.ModifierCtrl))
	expect(a, "20")
	expect(b, "9")
	expect(c, "")
	h.do(until(savedLine), chromedp.Navigate(h.url+"/grid"))
	expect(a, "20")
	expect(c, "")
	for _, fault := range h.watch.take() {
		if !strings.Contains(fault, "422") {
			t.Errorf("the browser says %s", fault)
		}
	}
}

// What is typed is saved by itself; without the network, without a session and
// against somebody else nothing of it is lost.
func TestDraftsSaveThemselves(t *testing.T) {
	h, cell := mustEntry(t, map[string]indicators.Grant{"second": {Role: indicators.Contributor, Organisation: "education-bureau"}})
	a, b := cell("value", 0), cell("value", 1)
	h.do(focus(a), hit("1"), hit("2"), until(savedLine))
	kept := `Object.keys(localStorage).filter((k) => k.startsWith("draft:")).length`
	var left int
	// Without the network it stays here, also over a reload.
	offline := func(is bool) chromedp.Action {
		return chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := network.EmulateNetworkConditionsByRule(is, []*network.Conditions{{DownloadThroughput: -1, UploadThroughput: -1}}).Do(ctx)
			return err
		})
	}
	h.do(offline(true), focus(b), hit("3"), hit("4"), until(`document.getElementById("draft-status").textContent.includes("留在这台电脑上")`), chromedp.Evaluate(kept, &left))
	if left != 1 {
		t.Errorf("%d forms are kept in the browser", left)
	}
	h.do(offline(false), until(savedLine), chromedp.Evaluate(kept, &left))
	if left != 0 {
		t.Errorf("%d forms are kept after saving", left)
	}
	// Somebody else changes the cell: three values, nothing chosen; the rest goes on.
	h.come("second")
	h.do(chromedp.Navigate(h.url+"/grid"), until(`document.querySelector("[role=grid]")`))
	mine := h.seats["at-education-bureau"]
	var session string
	for _, x := range mine {
		if x.Name == "session" {
			session = x.Value
		}
	}
	control := "version." + strings.Split(a, ".")[1]
	collide := func(theirs string, mine ...chromedp.Action) {
		t.Helper()
		var version string
		h.do(chromedp.Evaluate(fmt.Sprintf(`document.getElementsByName(%q)[0].value`, control), &version))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/grid", strings.NewReader(fmt.Sprintf("do=save&round=1&%s=%s&%s=%s", control, version, a, theirs)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", "application/json")
		req.AddCookie(&http.Cookie{Name: "session", Value: session})
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
			t.Fatal(res.StatusCode, err)
		}
		h.do(focus(a))
		h.do(mine...)
		h.do(hit(kb.Enter), until(`document.querySelector(".clash")`))
	}
	collide("13", hit("1"), hit("4"))
	h.expect(".clash", "12", "13", "14", "人员 at-education-bureau")
	h.do(focus(b), hit("3"), hit("5"), hit(kb.Enter), until(savedLine))
	var chosen bool
	h.do(chromedp.Evaluate(`!!document.querySelector(".clash input:checked")`, &chosen))
	if chosen {
		t.Error("something is chosen already")
	}
	h.do(chromedp.Click(`.clash input[value=yours]`, chromedp.ByQuery), until(`!document.querySelector(".clash")`), until(savedLine), chromedp.Reload())
	h.do(until(`document.querySelector("[role=grid]")`))
	for name, want := range map[string]string{a: "14", b: "35"} {
		if got := h.value(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	// The other's value is taken, and one's own goes into the note.
	collide("15", hit("1"), hit("6"))
	h.do(chromedp.Click(`.clash input[value=both]`, chromedp.ByQuery), until(`!document.querySelector(".clash")`), until(savedLine), chromedp.Reload(), until(`document.querySelector("[role=grid]")`))
	if value, note := h.value(a), h.value(cell("note", 0)); value != "15" || !strings.Contains(note, "16") {
		t.Errorf("the cell is %q with the note %q", value, note)
	}
	// Without a session the page says so, and what was typed is back afterwards.
	seat := h.seats["second"]
	h.do(until(`document.querySelector("[role=grid]")`), network.ClearBrowserCookies(), focus(b), hit("3"), hit("6"), hit(kb.Enter),
		until(`document.getElementById("draft-status").textContent.includes("登录已过期")`))
	for _, x := range seat {
		h.do(network.SetCookie(x.Name, x.Value).WithURL(h.url).WithHTTPOnly(x.HTTPOnly))
	}
	h.do(chromedp.Navigate(h.url+"/grid"), until(savedLine))
	if got := h.value(b); got != "36" {
		t.Errorf("after signing in again the cell is %q", got)
	}
	for _, fault := range h.watch.take() {
		if !strings.Contains(fault, "409") && !strings.Contains(fault, "401") && !strings.Contains(fault, "ERR_INTERNET_DISCONNECTED") {
			t.Errorf("the browser says %s", fault)
		}
	}
	// The form tells what it reads, what the parts give and what the public will read.
	figure := h.duty("公办幼儿园在园幼儿占比")
	h.do(chromedp.Navigate(figure), chromedp.Click(`[name=how][value=parts]`, chromedp.ByQuery), set("numerator", "１６.９４万"), set("denominator", "352200"),
		set("source", "年报"), set("explanation", "新园投用晚"), set("next", "秋季投用"), until(`/48.10%%/.test(document.querySelector("[data-public]").textContent)`))
	h.expect("#numerator-read", "读作 169,400人")
	h.expect(".result", "48.10%", "0.72")
	// The pages hold on a phone and on a screen.
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	h.watch.take()
	for n, address := range []string{"/grid", strings.TrimPrefix(figure, h.url), strings.TrimPrefix(figure, h.url) + "?check=1"} {
		checkPage(t, h.ctx, h.watch, h.site, address, []string{"zh-CN", "en"}[n%2], n == 1, string(axe))
	}
	var found []string
	h.do(window(1280, 900, false), chromedp.Navigate(h.url+"/grid?lang=zh-CN"), until(`document.querySelector("[role=grid]")`), chromedp.Evaluate(string(axe)+"; true", nil),
		chromedp.Evaluate(`axe.run(".entry-grid").then(r => r.violations.map(v => v.id + ": " + v.nodes[0].html))`, &found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams {
			return p.WithAwaitPromise(true)
		}))
	if len(found) > 0 {
		t.Errorf("the grid with its keys: %v", found)
	}
	// Signing out takes along what the browser keeps.
	h.do(chromedp.Evaluate(`localStorage.setItem("draft:1:/grid", "[]")`, nil), chromedp.Click(".menu-person summary", chromedp.ByQuery), press(`form[action="/sign-out"] button`), chromedp.Evaluate(kept, &left))
	if left != 0 {
		t.Errorf("%d forms are kept after signing out", left)
	}
}
