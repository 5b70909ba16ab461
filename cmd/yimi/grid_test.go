package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"yimi/indicators"
	"yimi/indicators/sqlite"
)

// typed puts texts into cells as if they had been typed.
func typed(texts map[string]string) chromedp.Action {
	list, err := json.Marshal(texts)
	if err != nil {
		panic(err)
	}
	return chromedp.Evaluate(fmt.Sprintf(`for (const [name, text] of Object.entries(%s)) {
  const cell = document.getElementsByName(name)[0];
  cell.value = text;
  cell.dispatchEvent(new Event("input", {bubbles: true}));
}`, list), nil)
}

// copied is what Ctrl+C puts on the clipboard, pasted what Ctrl+V does with a
// text: it shows the preview.
func (h *town) copied() string {
	h.t.Helper()
	var out string
	h.do(chromedp.Evaluate(`(() => {
  const e = new ClipboardEvent("copy", {clipboardData: new DataTransfer(), bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(e);
  return e.clipboardData.getData("text/plain");
})()`, &out))
	return out
}

func (h *town) paste(text string) {
	h.t.Helper()
	list, err := json.Marshal(text)
	if err != nil {
		h.t.Fatal(err)
	}
	h.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Evaluate(fmt.Sprintf(`(() => {
  const data = new DataTransfer();
  data.setData("text/plain", %s);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
})()`, list), nil))
		return err
	}), until(`document.querySelector("button[value=keep]")`))
}

// What is copied out of the grid comes back as it was: a tab, a quote, several
// lines; and rows with their names find their way back by their ids.
func TestGridCopies(t *testing.T) {
	h, cell := mustEntry(t, nil)
	at := func(row int) []string {
		return []string{cell("source", row), cell("note", row), cell("explanation", row)}
	}
	want := [][]string{{`含"民办"园`, "两\n行", "一\t二"}, {`"甲`, `乙"`, `"丙` + "\n" + `丁"`}}
	fill := gridPost(map[string]string{"round": "1", "do": "save"})
	for r, texts := range want {
		for c, text := range texts {
			fill[at(r)[c]] = text
		}
	}
	h.do(fill.post(), chromedp.Reload(), until(`document.querySelector("[role=grid]")`))
	h.do(focus(at(0)[0]), hit(kb.ArrowRight, input.ModifierShift), hit(kb.ArrowRight, input.ModifierShift), hit(kb.ArrowDown, input.ModifierShift))
	said := h.copied()
	if got, err := indicators.ReadPaste(said); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("copied is %q, read as %q, %v", said, got, err)
	}
	h.do(focus(at(3)[0]))
	h.paste(said)
	h.expect("#fill", "填入 6 个")
	h.do(press("#fill"), until(`document.querySelector("[role=grid]")`), chromedp.Navigate(h.url+"/grid"), until(`document.querySelector("[role=grid]")`))
	for r, texts := range want {
		for c, text := range texts {
			if got := h.value(at(3 + r)[c]); got != text {
				t.Errorf("row %d, column %d came back as %q, want %q", r, c, got, text)
			}
		}
	}
	// One cell alone gets no quotes, so that it can be pasted anywhere.
	h.do(focus(at(1)[0]))
	if got := h.copied(); got != `"甲` {
		t.Errorf("one cell is copied as %q", got)
	}
	// Rows with their names carry heads and ids: pasted back elsewhere they change
	// nothing, and what was changed in them goes to their own row.
	h.do(focus(cell("value", 0)), hit(kb.Home), hit(kb.ArrowRight), hit(kb.ArrowDown, input.ModifierShift), hit(kb.End, input.ModifierShift))
	rows := h.copied()
	id := strings.Split(cell("value", 1), ".")[1]
	if !strings.HasPrefix(rows, "编号\t指标\t") || !strings.Contains(rows, "\nF-"+id+"\t") {
		t.Fatalf("rows are copied as %q", rows)
	}
	h.do(focus(cell("value", 6)))
	h.paste(rows)
	var fills bool
	if h.do(chromedp.Evaluate(`!!document.querySelector("#fill")`, &fills)); fills {
		t.Errorf("what was copied would fill in: %s", h.text("main"))
	}
	h.do(press("button[value=keep]"), until(`document.querySelector("[role=grid]")`), focus(cell("value", 6)))
	h.paste(strings.Replace(rows, `"""甲"`, "戊", 1))
	h.expect("#fill", "填入 1 个")
	h.do(press("#fill"), until(`document.querySelector("[role=grid]")`))
	if got := h.value(at(1)[0]); got != "戊" {
		t.Errorf("what was changed went elsewhere: %q", got)
	}
	// Ctrl+D on a number brings the source and the note of the row above, where they
	// are blank, as one step.
	h.do(focus(cell("value", 2)), hit("d", input.ModifierCtrl))
	if source, note, explanation := h.value(at(2)[0]), h.value(at(2)[1]), h.value(at(2)[2]); source != "戊" || note != `乙"` || explanation != "" {
		t.Errorf("repeated are %q, %q, %q", source, note, explanation)
	}
	h.do(hit("z", input.ModifierCtrl))
	if source, note := h.value(at(2)[0]), h.value(at(2)[1]); source+note != "" {
		t.Errorf("undone they are %q, %q", source, note)
	}
	for _, fault := range h.watch.take() {
		t.Errorf("the browser says %s", fault)
	}
}

// gridPost is a form that a test sends beside the page's own.
type gridPost map[string]string

func (form gridPost) post() chromedp.Action {
	body, err := json.Marshal(form)
	if err != nil {
		panic(err)
	}
	return chromedp.Evaluate(fmt.Sprintf(`fetch("/grid", {method: "POST", body: new URLSearchParams(%s), headers: {Accept: "application/json"}}).then((r) => r.status)`, body), nil, awaited)
}

func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// Two clicks on the last button, 50 ms apart, and the same form sent by two
// requests at once: one revision, one line in the trail, one receipt.
func TestTwoClicksSendOnce(t *testing.T) {
	h, cell := mustEntry(t, nil)
	store, err := sqlite.Open(t.Context(), filepath.Join(h.data, "yimi.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	sent := func(row, all int) {
		t.Helper()
		events, err := store.Events(t.Context(), indicators.EventFilter{Act: indicators.Submit})
		if err != nil || len(events) != all {
			t.Errorf("%d submits stand in the trail, want %d, %v", len(events), all, err)
		}
		h.do(chromedp.Navigate(h.url+"/work/"+strings.Split(cell("value", row), ".")[1]), until(`document.querySelector(".trail")`))
		var submits int
		h.do(chromedp.Evaluate(`[...document.querySelectorAll(".trail li")].filter((x) => x.textContent.includes("提交")).length`, &submits))
		if submits != 1 {
			t.Errorf("row %d was sent %d times: %s", row, submits, h.text(".trail"))
		}
		h.do(chromedp.Navigate(h.url+"/grid"), until(`document.querySelector("[role=grid]")`))
	}
	ready := func(row int) {
		t.Helper()
		h.do(typed(map[string]string{
			cell("value", row): "12", cell("source", row): "年报", cell("note", row): "已核", cell("explanation", row): "在建", cell("next", row): "秋季投用",
		}), until(savedLine), press("#send"), until(`document.querySelector("button[value=submit]")`))
	}
	ready(0)
	// On a slow line the second click finds the page still there.
	slow := func(latency float64) chromedp.Action {
		return chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := network.EmulateNetworkConditionsByRule(false, []*network.Conditions{{Latency: latency, DownloadThroughput: -1, UploadThroughput: -1}}).Do(ctx)
			return err
		})
	}
	var clicks atomic.Int32
	chromedp.ListenTarget(h.ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && e.Request.Method == http.MethodPost {
			clicks.Add(1)
		}
	})
	h.do(slow(1000), chromedp.Evaluate(`(() => {
  const b = document.querySelector("button[value=submit]");
  setTimeout(() => b.click(), 100);
  setTimeout(() => b.click(), 150);
})()`, nil))
	// A page that is just being left answers nothing, so the address is asked for.
	for address, end := "", time.Now().Add(15*time.Second); !strings.Contains(address, "/receipt?sent=") && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		h.do(chromedp.Location(&address))
	}
	if n := clicks.Load(); n != 2 {
		t.Errorf("two clicks sent %d requests", n)
	}
	h.do(slow(0))
	h.expect("h1", "R-2025-")
	sent(0, 1)
	ready(1)
	var answers []string
	h.do(chromedp.Evaluate(`(() => {
  const body = new URLSearchParams(new FormData(document.querySelector("form.confirm")));
  body.set("do", "submit");
  const go = (wait) => new Promise((done) => setTimeout(done, wait)).then(() => fetch("/grid", {method: "POST", body})).then((r) => r.url);
  return Promise.all([go(0), go(0), go(50)]);
})()`, &answers, awaited))
	for _, to := range answers {
		if to != answers[0] || !strings.Contains(to, "/receipt?sent=") {
			t.Errorf("the answers lead to %q", answers)
		}
	}
	sent(1, 2)
}

// On a phone every row is a card that leads to its neighbours without a script,
// and the grid of what is blank and the offers hold on both sizes.
func TestGridOnAPhone(t *testing.T) {
	h, cell := mustEntry(t, nil)
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	id := func(row int) string { return strings.Split(cell("value", row), ".")[1] }
	// Every figure of the same series is offered what one of them says.
	var first, second string
	h.do(chromedp.Evaluate(`document.querySelector('input.cell[name$=".denominator"]').name`, &first))
	h.do(typed(map[string]string{cell("value", 1): "7", cell("source", 1): "年报", first: "352200"}), until(savedLine), chromedp.Reload(), until(`document.querySelector("[role=grid]")`),
		chromedp.Evaluate(`document.querySelector('.said .offer button').value.slice(4).split("=")[0]`, &second))
	h.expect(".said .offer", "用 352,200（本轮“")
	h.do(chromedp.Click(".said .offer button", chromedp.ByQuery), until(savedLine))
	if got := h.value(second); got != "352200" || second == first {
		t.Errorf("the offer filled %s in with %q", second, got)
	}
	h.do(hit("z", input.ModifierCtrl))
	if got := h.value(second); got != "" {
		t.Errorf("undone the denominator is %q", got)
	}
	h.do(until(savedLine))
	h.do(window(360, 640, false), chromedp.Navigate(h.url+"/grid"))
	var small []string
	h.do(chromedp.Evaluate(`[...document.querySelectorAll("a.grid-step, #only-blank, .paste summary, .offer button")].filter((x) => x.checkVisibility()).filter((x) => {
  const r = x.getBoundingClientRect();
  return r.height < 44 || r.width < 44;
}).map((x) => x.textContent + " " + x.getBoundingClientRect().height)`, &small))
	if len(small) > 0 {
		t.Errorf("too small to hit: %v", small)
	}
	at := func(row int) {
		t.Helper()
		var top float64
		h.do(chromedp.Evaluate(fmt.Sprintf(`document.getElementById("row-%s").getBoundingClientRect().top`, id(row)), &top))
		if top < 0 || top > 200 {
			t.Errorf("row %d stands at %v px", row, top)
		}
	}
	h.do(chromedp.Click(fmt.Sprintf("#row-%s ~ .row-steps .grid-step:last-child", id(1)), chromedp.ByQuery))
	at(2)
	h.do(chromedp.Click(fmt.Sprintf("#row-%s ~ .row-steps .grid-step:first-child", id(2)), chromedp.ByQuery))
	at(1)
	// Wide, the steps are out of the way, and out of what is read.
	h.do(window(1280, 900, false), chromedp.Navigate(h.url+"/grid?blank=1"), until(`document.querySelector("[role=grid]")`))
	var shown int
	h.do(chromedp.Evaluate(`[...document.querySelectorAll(".grid-step")].filter((x) => x.checkVisibility()).length`, &shown))
	if shown != 0 {
		t.Errorf("%d steps are shown beside a table", shown)
	}
	h.expect("#grid-hides", "已填的 1 行没有显示")
	// With a script too the button saves what was typed a moment ago.
	h.do(typed(map[string]string{cell("value", 2): "8"}), press("#only-blank"), until(`!document.querySelector("#grid-hides") && document.querySelector("[role=grid]")`))
	if got := h.value(cell("value", 2)); got != "8" {
		t.Errorf("what was typed before switching is %q", got)
	}
	for _, fault := range h.watch.take() {
		t.Errorf("the browser says %s", fault)
	}
	for n, address := range []string{"/grid", "/grid?blank=1"} {
		checkPage(t, h.ctx, h.watch, h.site, address, []string{"zh-CN", "en"}[n%2], n == 1, string(axe))
	}
	h.do(chromedp.Navigate(h.url + "/grid?lang=zh-CN"))
	h.look("grid", "/grid")
	h.look("grid-blank", "/grid?blank=1")
	h.look("figure", "/work/"+strings.Split(second, ".")[1])
}
