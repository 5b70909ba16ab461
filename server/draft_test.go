package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"yimi/indicators"
)

// draft sends what a script sends.
func (h *house) draft(path, secret string, pairs ...string) (*httptest.ResponseRecorder, draftAnswer) {
	h.t.Helper()
	form := url.Values{"do": {"save"}}
	for n := 0; n+1 < len(pairs); n += 2 {
		form.Set(pairs[n], pairs[n+1])
	}
	w := h.do("POST", path, secret, form, "Accept", "application/json")
	var out draftAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		h.t.Fatalf("%d: %v in %s", w.Code, err, w.Body)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		h.t.Errorf("a draft may be kept: %v", w.Header())
	}
	return w, out
}

// A script that saves as one types uses the addresses of the form, and is told
// in words what came of it.
func TestDraftsOfAScript(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	who := "at-education-bureau"
	h.mustPerson("second", indicators.Grant{Role: indicators.Contributor, Organisation: "education-bureau"})
	me, other := h.mustSession(who), h.mustSession("second")
	path := h.mustDuty(round, kindergartens, who)

	w, a := h.draft(path, me, "version", "0", "key", "k1", "numerator", "１６.９４万")
	h.mustStatus(w, http.StatusOK)
	r := a.Rows[0]
	if !r.Saved || r.Version != 1 || r.Control != "version" || !strings.Contains(r.Read["numerator"], "169,400") || !strings.HasPrefix(a.Told, "已保存 ") {
		t.Errorf("%+v", a)
	}
	if _, again := h.draft(path, me, "version", "0", "key", "k1", "numerator", "１６.９４万"); again.Rows[0].Version != 1 {
		t.Errorf("the same request again made %+v", again.Rows[0])
	}
	_, a = h.draft(path, me, "version", "1", "key", "k2", "denominator", "352200")
	if r = a.Rows[0]; r.Result != "≈48.10%" || !strings.Contains(r.Beside, "0.72") {
		t.Errorf("the parts give %+v", r)
	}
	_, a = h.draft(path, me, "version", "2", "key", "k3", "source", "年报", "explanation", "新园投用晚", "next", "秋季投用")
	if r = a.Rows[0]; len(r.Public) == 0 || !strings.Contains(r.Public[0], "48.10%") {
		t.Errorf("the public would read %v", r.Public)
	}
	// Faulty text is kept and no message given while somebody types.
	_, a = h.draft(path, other, "version", "0", "note", "二十上下")
	if r = a.Rows[0]; !r.Saved || r.Version != 4 {
		t.Errorf("a note beside the others' numbers: %+v", r)
	}
	w, a = h.draft(path, other, "version", "0", "numerator", "170000")
	if r = a.Rows[0]; w.Code != http.StatusConflict || r.Saved || len(r.Clashes) != 1 || r.Clashes[0].Theirs != "１６.９４万" || r.Clashes[0].Yours != "170000" || r.Version != 4 {
		t.Errorf("%d %+v", w.Code, a)
	}
	if v, _ := h.doc(h.do("GET", path, me, nil)).Find("#numerator").Attr("value"); v != "１６.９４万" {
		t.Errorf("after a conflict the figure says %q", v)
	}
	w = h.do("POST", path, "", url.Values{"do": {"save"}}, "Accept", "application/json")
	if w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		t.Errorf("signed out: %d %s", w.Code, w.Header().Get("Content-Type"))
	}

	// The grid answers row by row, and a row that is refused leaves the others saved.
	doc := h.doc(h.do("GET", fmt.Sprintf("/grid?round=%d", round.Number), me, nil))
	cells := cellsOf(doc, "value")
	id := func(cell string) string { return strings.Split(cell, ".")[1] }
	w, a = h.draft("/grid", me, "round", fmt.Sprint(round.Number), "version."+id(cells[0]), "0", cells[0], "2.7万", "version."+id(cells[1]), "0", cells[1], "a\x00b")
	if w.Code != http.StatusUnprocessableEntity || len(a.Rows) != 2 || !a.Rows[0].Saved || a.Rows[1].Saved || a.Rows[1].Problem == "" || !strings.Contains(a.Rows[0].Read[cells[0]], "27,000") {
		t.Errorf("%d %+v", w.Code, a)
	}
}

// Before it is sent every figure is shown with what the public would read; what
// was shown is what is sent; the receipt says it for ever.
func TestFromTheGridToTheReceipt(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	h.mustPerson("second", indicators.Grant{Role: indicators.Contributor, Organisation: "education-bureau"})
	me, other := h.mustSession("at-education-bureau"), h.mustSession("second")
	path := fmt.Sprintf("/grid?round=%d", round.Number)
	doc := h.doc(h.do("GET", path, me, nil))
	cells := cellsOf(doc, "value")[:2]
	form := gridValues(doc)
	for n, cell := range cells {
		row := strings.TrimSuffix(cell, "value")
		form.Set(cell, fmt.Sprint(70+n))
		for field, text := range map[string]string{"source": "市教育局统计", "note": "已核对", "explanation": "做了", "next": "下一步"} {
			form.Set(row+field, text)
		}
		form.Add("pick", strings.Split(cell, ".")[1])
	}
	form.Set("do", "check")
	w := h.do("POST", "/grid", me, form)
	h.mustStatus(w, http.StatusOK)
	page := h.doc(w)
	if page.Find(".answers li").Length() != 2 || !strings.Contains(page.Find("button[value=submit]").Text(), "提交 2 个数") || !strings.Contains(page.Find(".answer-public").Text(), "2025年") {
		t.Fatalf("the page before sending says %q", page.Find("main").Text())
	}
	confirm := url.Values{"do": {"submit"}}
	for _, el := range page.Find("form.confirm input[type=hidden]").EachIter() {
		confirm.Add(el.AttrOr("name", ""), el.AttrOr("value", ""))
	}
	// Somebody changes one of them in between: it is not sent unseen.
	id := strings.Split(cells[1], ".")[1]
	h.draft("/grid", other, "round", fmt.Sprint(round.Number), "version."+id, "1", cells[1], "99")
	w = h.do("POST", "/grid", me, confirm)
	h.mustStatus(w, http.StatusConflict)
	if said := h.doc(w).Find("#grid-status").Text(); !strings.Contains(said, "已提交 1 个数，1 个没有提交") || h.doc(w).Find("#grid-status a").Length() != 1 {
		t.Errorf("the grid says %q", said)
	}
	if got := h.doc(w).Find(".said").Text(); !strings.Contains(got, "改") {
		t.Errorf("the row that was changed says %q", got)
	}
	// Sent twice 50 ms apart: one revision, the same receipt.
	var receipts []string
	for range 2 {
		confirm.Set("version."+id, "2")
		w = h.do("POST", "/grid", me, confirm)
		h.mustStatus(w, http.StatusSeeOther)
		receipts = append(receipts, w.Header().Get("Location"))
	}
	if receipts[0] != receipts[1] {
		t.Errorf("the receipts are %v", receipts)
	}
	w = h.do("GET", receipts[0], me, nil)
	h.mustStatus(w, http.StatusOK)
	kept := h.doc(w)
	said := kept.Find("main").Text()
	for _, want := range []string{"已提交，回执 R-2025-", "2 个数", "5 个工作日", "Person at-education-bureau", "99"} {
		if !strings.Contains(said, want) {
			t.Errorf("the receipt lacks %q: %s", want, said)
		}
	}
	if href := kept.Find(`a[href^="/sheet"]`).AttrOr("href", ""); h.do("GET", href, me, nil).Code != http.StatusOK {
		t.Errorf("the return to print is at %q", href)
	}
	if w := h.do("GET", receipts[0], h.mustSession("at-health-commission"), nil); w.Code != http.StatusNotFound {
		t.Errorf("another's receipt = %d, want 404", w.Code)
	}
	if events, err := h.store.Events(t.Context(), indicators.EventFilter{Act: indicators.Submit}); err != nil || len(events) != 2 {
		t.Errorf("%d submits stand in the trail, %v", len(events), err)
	}
}

// Drafts live on the server: the same person on another computer sees them, and
// what could not be sent too.
func TestDraftsOnAnotherComputer(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	who := "at-education-bureau"
	here, there := h.mustSession(who), h.mustSession(who)
	path := h.mustDuty(round, kindergartens, who)
	doc := h.doc(h.do("GET", path, here, nil))
	h.mustStatus(h.do("POST", path, here, filled(doc, "value", "二十", "note", "在这里写的", "do", "submit")), http.StatusUnprocessableEntity)
	seen := h.doc(h.do("GET", path, there, nil))
	if v := seen.Find("#value").AttrOr("value", ""); v != "二十" || seen.Find("#note").Text() != "在这里写的" {
		t.Errorf("another computer shows %q and %q", v, seen.Find("#note").Text())
	}
	form := filled(seen, "do", "source")
	h.mustStatus(h.do("POST", path, there, form), http.StatusSeeOther)
	last := strings.TrimPrefix(seen.Find("button[value=source]").Text(), "沿用上次的来源：")
	if got := h.doc(h.do("GET", path, here, nil)).Find("#source").AttrOr("value", ""); last == "" || got != last {
		t.Errorf("the last source %q was taken over as %q", last, got)
	}
}

// Three numbers pasted upon rows 1 to 3 leave row 4; sixty characters arrive
// unbroken; a cell of the clipboard keeps its own quotes.
func TestPastesOfTheClipboard(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	me := h.mustSession("at-education-bureau")
	path := fmt.Sprintf("/grid?round=%d", round.Number)
	doc := h.doc(h.do("GET", path, me, nil))
	values, notes := cellsOf(doc, "value"), cellsOf(doc, "note")
	first := gridValues(doc)
	first.Set(values[3], "8")
	first.Set("do", "save")
	h.mustStatus(h.do("POST", "/grid", me, first), http.StatusOK)
	long := strings.Repeat("六十个字不换行的说明", 6) + `含"民办"园`
	for _, c := range []struct {
		at, paste string
		want      map[string]string
	}{
		{values[0], "5\n6\n7\n", map[string]string{values[0]: "5", values[1]: "6", values[2]: "7", values[3]: "8"}},
		{notes[0], long + "\r\n" + "第二行\r\n", map[string]string{notes[0]: long, notes[1]: "第二行", notes[2]: ""}},
	} {
		form := gridValues(h.doc(h.do("GET", path, me, nil)))
		form.Set("paste", c.paste)
		form.Set("at", c.at)
		form.Set("do", "paste")
		preview := h.doc(h.do("POST", "/grid", me, form))
		fill := url.Values{"do": {"fill"}}
		for _, el := range preview.Find("form input[type=hidden]").EachIter() {
			fill.Add(el.AttrOr("name", ""), el.AttrOr("value", ""))
		}
		h.mustStatus(h.do("POST", "/grid", me, fill), http.StatusOK)
		now := h.doc(h.do("GET", path, me, nil))
		for cell, want := range c.want {
			if got := now.Find(`input.cell[name="`+cell+`"]`).AttrOr("value", "none"); got != want {
				t.Errorf("after %q cell %s is %q, want %q", c.paste, cell, got, want)
			}
		}
	}
}
