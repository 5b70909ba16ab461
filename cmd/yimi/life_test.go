package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/pquerna/otp/totp"

	"yimi/indicators"
	"yimi/indicators/sqlite"
)

// town is the running program with an account for everybody who owes a figure.
type town struct {
	*site
	t     *testing.T
	ctx   context.Context
	watch *watch
	data  string
	seats map[string][]*network.Cookie // of each person, signed in
}

// mustTown starts the program on a store in which every organisation that owes
// a figure of the year has a contributor, "at-" and its code; further people
// have the grants given.
func mustTown(t *testing.T, year int, people map[string]indicators.Grant) *town {
	t.Helper()
	data := t.TempDir()
	s := start(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", data})
	s.pkg = mustPackage(t, "")
	store, err := sqlite.Open(t.Context(), filepath.Join(data, "yimi.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	// One hash for all: hashing is slow on purpose.
	hash, err := argon2id.CreateHash(ownPassword, &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	chief := indicators.Actor{Account: 1, Person: "安全管理员", Grants: []indicators.Grant{{Role: indicators.SecurityAdmin}}}
	due, lacks, err := store.DueFor(t.Context(), now, year)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]indicators.Grant{}
	for _, d := range due {
		all["at-"+string(d.Organisation)] = indicators.Grant{Role: indicators.Contributor, Organisation: d.Organisation}
	}
	for _, d := range lacks.Review {
		all["re-"+string(d.Organisation)] = indicators.Grant{Role: indicators.Reviewer, Organisation: d.Organisation}
	}
	for name, g := range people {
		all[name] = g
	}
	for name, g := range all {
		_, link, err := store.Invite(t.Context(), chief, now, name, "人员 "+name, []indicators.Grant{g})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Redeem(t.Context(), link, now, "", "", hash); err != nil {
			t.Fatal(err)
		}
	}
	ctx, w := browser(t, s)
	return &town{site: s, t: t, ctx: ctx, watch: w, data: data, seats: map[string][]*network.Cookie{}}
}

// do runs actions in the browser.
func (h *town) do(actions ...chromedp.Action) {
	h.t.Helper()
	do(h.t, h.ctx, actions...)
}

// come lets somebody act: the browser takes their cookies. The first time they
// sign in, and set up the code app where their role needs one.
func (h *town) come(name string) {
	h.t.Helper()
	h.do(network.ClearBrowserCookies())
	if seat := h.seats[name]; seat != nil {
		for _, c := range seat {
			h.do(network.SetCookie(c.Name, c.Value).WithURL(h.url).WithHTTPOnly(c.HTTPOnly))
		}
		return
	}
	var address, secret string
	h.do(chromedp.Navigate(h.url+"/sign-in?lang=zh-CN"), fill("name", name), fill("password", ownPassword), press(".send button"), chromedp.Location(&address))
	if strings.HasSuffix(address, "/account/second") {
		h.do(chromedp.Evaluate(`document.querySelector("input[name=secret]").value`, &secret))
		code, err := totp.GenerateCode(secret, time.Now())
		if err != nil {
			h.t.Fatal(err)
		}
		h.do(fill("otp", code), press(".send button"))
	}
	h.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		h.seats[name], err = network.GetCookies().Do(ctx)
		return err
	}))
}

// look takes pictures of a page into the folder that YIMI_SCREENSHOTS names.
func (h *town) look(name, address string) {
	h.t.Helper()
	dir := os.Getenv("YIMI_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		h.t.Fatal(err)
	}
	for _, dark := range []bool{false, true} {
		for _, width := range []int64{360, 1280} {
			theme := map[bool]string{false: "light", true: "dark"}[dark]
			photograph(h.t, h.ctx, h.site, strings.TrimPrefix(address, h.url), filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, theme)), width, dark)
		}
	}
}

// lookHere takes pictures of the page that stands in the window, which no
// address leads to.
func (h *town) lookHere(name string) {
	h.t.Helper()
	dir := os.Getenv("YIMI_SCREENSHOTS")
	if dir == "" {
		return
	}
	for _, dark := range []bool{false, true} {
		for _, width := range []int64{360, 1280} {
			theme := map[bool]string{false: "light", true: "dark"}[dark]
			h.do(window(width, 900, dark))
			capture(h.t, h.ctx, filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, theme)))
		}
	}
}

// text is what a part of the page says.
func (h *town) text(selector string) string {
	h.t.Helper()
	var out string
	h.do(chromedp.Evaluate(fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.textContent).join(" ")`, selector), &out))
	return strings.Join(strings.Fields(out), " ")
}

// expect holds what a part of the page says against words.
func (h *town) expect(selector string, words ...string) {
	h.t.Helper()
	said := h.text(selector)
	for _, w := range words {
		if !strings.Contains(said, w) {
			h.t.Errorf("%s says %q, which lacks %q", selector, said, w)
		}
	}
}

// set replaces what stands in a field.
func set(id, text string) chromedp.Action {
	return chromedp.Tasks{chromedp.Evaluate(fmt.Sprintf(`document.getElementById(%q).value = ""`, id), nil), chromedp.SendKeys("#"+id, text, chromedp.ByQuery)}
}

// send has a figure checked, looks at what would be sent, and sends it.
func send() chromedp.Action {
	return chromedp.Tasks{press("#send"), press("button[value=submit]")}
}

// openRound has the office open the round of a year.
func (h *town) openRound(year int) {
	h.t.Helper()
	day := func(n int) string { return time.Now().AddDate(0, 0, n).Format(time.DateOnly) }
	h.do(chromedp.Navigate(fmt.Sprintf("%s/rounds/new?year=%d", h.url, year)),
		chromedp.SetValue("#due", day(30), chromedp.ByQuery), chromedp.SetValue("#on_time", day(40), chromedp.ByQuery), chromedp.SetValue("#locked", day(60), chromedp.ByQuery),
		press("form.entry .send button"))
	h.expect("main", "填报期已开启")
}

// duty is the address of a figure on the work list.
func (h *town) duty(name string) string {
	h.t.Helper()
	var address string
	h.do(chromedp.Navigate(h.url+"/work"), chromedp.Evaluate(fmt.Sprintf(`[...document.querySelectorAll(".duties li > a")].find(a => a.querySelector("strong").textContent === %q)?.getAttribute("href") ?? ""`, name), &address))
	if address == "" {
		h.t.Fatalf("nothing is asked for under %s", name)
	}
	return h.url + address
}

// The whole life of figures, in a browser, as five people: opened, signed for,
// entered by a department and a district, evidenced, returned, corrected,
// endorsed, approved, published, read, corrected again; the earlier release
// still reads as it did.
func TestTheLifeOfAFigureInABrowser(t *testing.T) {
	const year = 2025
	h := mustTown(t, year, map[string]indicators.Grant{
		"officer":  {Role: indicators.OfficeMember},
		"reviewer": {Role: indicators.Reviewer, Organisation: "office-women-children"},
		"auditor":  {Role: indicators.Auditor},
	})
	const share, blocks = "公办幼儿园在园幼儿占比", "儿童友好街区"
	h.come("officer")
	h.openRound(year)

	h.come("at-education-bureau")
	h.do(chromedp.Navigate(h.url+"/work"), press(`form[action="/work/sign"] button`))
	h.expect("main", "已签收")
	h.look("entry-work", "/work")
	h.look("entry-grid", "/grid")
	figure := h.duty(share)
	file := filepath.Join(h.data, "年报.pdf")
	if err := os.WriteFile(file, []byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.do(chromedp.Navigate(figure), set("note", "年报第 12 页"), chromedp.SetUploadFiles("#file", []string{file}, chromedp.ByQuery), press("#attach"))
	h.expect("#evidence", "年报.pdf")
	h.expect("#note", "年报第 12 页")
	h.look("entry-form", figure)
	h.do(chromedp.Navigate(figure), set("value", "48.1"), set("source", "市教育局年度统计"), set("explanation", "新建公办园投用较晚"), set("next", "秋季再投用 12 所"), send())
	h.expect("main", "已提交，回执", "48.1")
	var receipt string
	h.do(chromedp.Location(&receipt))
	h.look("entry-receipt", receipt)

	pasted := []string{"儿童友好幼儿园数", "儿童友好学校数"}
	h.do(chromedp.Navigate(h.url+"/grid"), until(`document.querySelector("[role=grid]")`), chromedp.Evaluate(`document.querySelector("input.cell").focus()`, nil))
	h.paste("指标\t数值\t来源\t说明\t做了什么，为什么超过或落后\t下一步\n" +
		pasted[0] + "\t12\t市教育局年度统计\t按名单计\t第二批已评\t评第三批\n" + pasted[1] + "\t８\t市教育局年度统计\t按名单计\t第二批已评\t评第三批\n")
	h.expect("#fill", "填入 10 个")
	h.lookHere("entry-paste")
	h.do(window(1280, 900, false), press("#fill"), until(`document.querySelector("[role=grid]")`), press("#send"), press("button[value=submit]"))
	h.expect("main", "已提交，回执", pasted[0], pasted[1])

	h.come("at-zhongmu-government")
	h.do(chromedp.Navigate(h.duty(blocks)), chromedp.Click(".fold > summary", chromedp.ByQuery), chromedp.SetValue("#answer", "not_available", chromedp.ByQuery),
		set("until", time.Now().AddDate(0, 2, 0).Format(time.DateOnly)), set("reason", "年底验收"), send())
	h.expect("main", "已提交，回执")

	h.come("officer")
	review := func(name string) string {
		t.Helper()
		var address string
		h.do(chromedp.Navigate(h.url+"/review"), chromedp.Evaluate(fmt.Sprintf(`[...document.querySelectorAll(".review-what a")].find(a => a.textContent === %q)?.getAttribute("href") ?? ""`, name), &address))
		if address == "" {
			t.Fatalf("%s does not wait: %s", name, h.text("main"))
		}
		return h.url + address
	}
	h.look("review-queue", "/review")
	h.look("review-figure", review(share))
	h.look("rounds", "/rounds/1")
	h.do(chromedp.Navigate(review(share)))
	h.expect("main", "47.38", "48.1", "年报.pdf")
	h.do(set("reason", "分母用了户籍人口，请改用常住人口"), press(`button[formaction="/review/return"]`))

	h.come("at-education-bureau")
	h.do(chromedp.Navigate(h.url + "/work"))
	h.expect("main", "被退回，请修改", "分母用了户籍人口")
	h.do(chromedp.Navigate(figure), set("value", "47.9"), send())
	h.expect("main", "已提交，回执", "47.9")

	h.come("reviewer")
	h.do(chromedp.Navigate(review(blocks)))
	h.expect("main", "年底验收")
	h.do(press(`button[formaction="/review/endorse"]`))

	h.come("officer")
	for _, name := range append([]string{share, blocks}, pasted...) {
		h.do(chromedp.Navigate(review(name)), press(`button[formaction="/review/approve"]`))
	}
	publish := func(note string) {
		t.Helper()
		h.do(chromedp.Navigate(h.url + "/releases/preview"))
		var warned bool
		h.do(chromedp.Evaluate(`!!document.querySelector("#seen")`, &warned))
		if warned {
			h.do(chromedp.Click("#seen", chromedp.ByQuery))
		}
		h.do(set("note", note), press(`form.entry[action="/releases/preview"] .send button`))
	}
	h.do(chromedp.Navigate(h.url + "/releases/preview"))
	h.expect("main", share, "47.9", pasted[0], "12")
	h.look("release-preview", "/releases/preview")
	publish("2025 年度第一批")

	public := func(query string) string {
		// Pictures and their data hold other numbers.
		main := h.site.doc(t, "/indicators/public-kindergarten-share"+query).Find("main")
		main.Find("script, svg").Remove()
		return main.Text()
	}
	if now := public(""); !strings.Contains(now, "47.90%") || !strings.Contains(now, "未达标") || strings.Contains(now, "48.1") {
		t.Errorf("the public does not read what was published: %s", strings.Join(strings.Fields(now), " "))
	}
	if then := public("?release=1"); strings.Contains(then, "47.90") || !strings.Contains(then, "47.38%") {
		t.Error("release 1 tells of release 2")
	}

	h.come("at-education-bureau")
	h.do(chromedp.Navigate(figure), set("value", "50.2"), set("correction", "漏报两所新园"), send())
	h.expect("main", "已提交，回执")
	h.come("officer")
	h.do(chromedp.Navigate(review(share)), press(`button[formaction="/review/approve"]`))
	publish("更正一个数")
	if now := public(""); !strings.Contains(now, "2025年50.20%，2025年目标≥50%：达标") || !strings.Contains(now, "47.90") {
		t.Errorf("the public does not read the correction with the figure before it: %s", strings.Join(strings.Fields(now), " "))
	}
	if then := public("?release=2"); !strings.Contains(then, "47.90%") || strings.Contains(then, "50.20") {
		t.Error("release 2 does not read as it did")
	}
	if then, sentence := h.site.doc(t, "/releases/2/statuses").Find("main").Text(), "2025年47.90%，2025年目标≥50%"; !strings.Contains(then, sentence) || strings.Contains(then, "50.20") {
		t.Errorf("release 2 does not keep its sentences: %s lacks %q", strings.Join(strings.Fields(then), " "), sentence)
	}
	h.look("release", "/releases/2")
	h.look("archive", "/releases/2/statuses")
	body, _ := h.get(t, "/releases/2", http.StatusOK)
	for _, want := range []string{"2025 年度第一批", "47.9", share} {
		if !strings.Contains(body, want) {
			t.Errorf("release 2 does not say %s", want)
		}
	}

	h.look("sheet", "/sheet?round=1&org=education-bureau")
	h.come("auditor")
	h.look("trail", "/audit")
	h.do(chromedp.Navigate(h.url + "/audit"))
	h.expect("main", "人员 officer", "人员 at-education-bureau")
	if code, said := try(t, "audit", "verify", "--data", h.data); code != exitDone {
		t.Errorf("audit verify = %d: %s", code, said)
	}
	for _, fault := range h.watch.take() {
		t.Errorf("the browser says %s", fault)
	}
}

// typist presses keys and counts those that are no digits of a figure.
type typist struct {
	presses int
}

func (k *typist) key(name string, modifiers ...input.Modifier) chromedp.Action {
	k.presses += 1 + len(modifiers)
	return chromedp.KeyEvent(name, chromedp.KeyModifiers(modifiers...))
}

// promised is the number of a target in a row of the grid.
var promised = regexp.MustCompile(`[≥≤>约]([\d,]+(?:\.\d+)?)`)

// Ten figures are entered, checked and sent by keyboard alone, with at most 120
// presses beyond the digits.
func TestTenFiguresByKeyboard(t *testing.T) {
	h := mustTown(t, 2025, map[string]indicators.Grant{"officer": {Role: indicators.OfficeMember}})
	h.come("officer")
	h.openRound(2025)
	h.come("at-education-bureau")
	h.do(chromedp.Navigate(h.url+"/grid"), chromedp.Poll(`(document.activeElement?.name ?? "").endsWith(".value")`, nil, chromedp.WithPollingTimeout(10*time.Second)))
	active := func() string {
		var name string
		h.do(chromedp.Evaluate(`document.activeElement?.name ?? ""`, &name))
		return name
	}
	if !strings.HasSuffix(active(), ".value") {
		t.Fatalf("the grid begins at %q", active())
	}
	const wanted = 10
	var k typist
	var rows []string
	for range wanted {
		name := active()
		if !strings.HasSuffix(name, ".value") {
			t.Fatalf("after %d figures the focus is on %q: %s", len(rows), name, h.text("main"))
		}
		rows = append(rows, strings.Split(name, ".")[1])
		// A figure that meets the target of the row needs no explanation.
		var target string
		h.do(chromedp.Evaluate(`document.activeElement.closest("tr").querySelector("th small").textContent`, &target))
		value := "1"
		if m := promised.FindStringSubmatch(target); m != nil && m[1] != "0" {
			value = strings.ReplaceAll(m[1], ",", "")
		}
		h.do(chromedp.KeyEvent(value), k.key(kb.Enter))
	}
	// Source: typed once in the first row, then repeated downwards.
	h.do(chromedp.Evaluate(fmt.Sprintf(`document.getElementsByName("v.%s.value")[0].focus()`, rows[0]), nil))
	for !strings.HasSuffix(active(), ".source") {
		h.do(k.key(kb.ArrowRight))
	}
	for _, letter := range "市教育局统计" {
		h.do(chromedp.KeyEvent(string(letter)))
		k.presses++
	}
	for range wanted - 1 {
		h.do(k.key(kb.Enter), k.key("d", input.ModifierCtrl))
	}
	h.do(k.key(kb.Enter))
	submit := func() {
		k.presses += 2
		h.do(chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(input.ModifierCtrl)))
			return err
		}))
	}
	submit()
	// What is odd is explained where the grid leads to, and sent.
	for range 3 {
		if !strings.HasSuffix(active(), ".note") {
			break
		}
		for _, letter := range "已核对" {
			h.do(chromedp.KeyEvent(string(letter)))
			k.presses++
		}
		submit()
	}
	// What would be sent is shown, with the focus on the button.
	h.expect("main", "提交 10 个数")
	h.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, k.key(kb.Enter))
		return err
	}))
	t.Logf("%d presses beyond the digits, %s", k.presses, h.text("h1"))
	if k.presses > 120 {
		t.Errorf("%d presses beyond the digits, want at most 120", k.presses)
	}
	h.expect("h1", "已提交，回执", "10 个数")
	for _, fault := range h.watch.take() {
		if !strings.Contains(fault, "422") {
			t.Errorf("the browser says %s", fault)
		}
	}
}
