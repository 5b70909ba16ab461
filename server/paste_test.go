package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// pasted is the preview of a paste upon a grid as it was shown.
func (h *house) pasted(session string, doc *goquery.Document, at, text string) *goquery.Document {
	h.t.Helper()
	form := gridValues(doc)
	form.Set("paste", text)
	form.Set("at", at)
	form.Set("do", "paste")
	w := h.do("POST", "/grid", session, form)
	h.mustStatus(w, http.StatusOK)
	return h.doc(w)
}

// hiddenOf is a form that a preview would send back by a button.
func hiddenOf(preview *goquery.Document, do string) url.Values {
	form := url.Values{"do": {do}}
	for _, el := range preview.Find("form input[type=hidden]").EachIter() {
		form.Add(el.AttrOr("name", ""), el.AttrOr("value", ""))
	}
	return form
}

// Figures that happen to equal the numbers of rows are figures; the ids that a
// copy of the grid carries name their rows in any order.
func TestPastesByNumber(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	me := h.mustSession("at-education-bureau")
	doc := h.doc(h.do("GET", fmt.Sprintf("/grid?round=%d", round.Number), me, nil))
	values := cellsOf(doc, "value")
	number := func(n int) string { return strings.Split(values[n], ".")[1] }
	mark := func(n int) string {
		return doc.Find(`tr[data-row="version.`+number(n)+`"]`).AttrOr("data-id", "none")
	}
	called := func(n int) string {
		return doc.Find(`tr[data-row="version.` + number(n) + `"] th a`).First().Text()
	}
	fills := func(preview *goquery.Document) map[string]string {
		out := map[string]string{}
		for name, list := range hiddenOf(preview, "fill") {
			if cell, ok := strings.CutPrefix(name, "fill."); ok {
				out[cell] = list[0]
			}
		}
		return out
	}
	heads := func(row string) string {
		return doc.Find("table").AttrOr("data-id-head", "") + "\t" + doc.Find("thead th").Eq(1).Text() + "\t" + doc.Find("thead th").Eq(3).Text() + "\t" + doc.Find("thead th").Eq(4).Text() + "\n" + row
	}
	for name, c := range map[string]struct {
		text string
		want map[string]string
	}{
		"a column of counts":      {number(2) + "\n" + number(1) + "\n" + number(0) + "\n", map[string]string{values[0]: number(2), values[1]: number(1), values[2]: number(0)}},
		"one count":               {number(3) + "\n", map[string]string{values[0]: number(3)}},
		"a copy in any order":     {heads(mark(3) + "\t名称\t7\t31\n" + mark(1) + "\t名称\t8\t11\n"), map[string]string{values[3]: "31", values[1]: "11"}},
		"one's own numbering":     {heads(number(3) + "\t\t7\t31\n" + number(1) + "\t\t8\t11\n"), map[string]string{values[0]: "31", values[1]: "11"}},
		"the names, in any order": {heads("\t" + called(3) + "\t7\t31\n\t" + called(1) + "\t8\t11\n"), map[string]string{values[3]: "31", values[1]: "11"}},
		"a name of nothing here":  {heads("\t别处的指标\t7\t31\n"), map[string]string{}},
	} {
		if got := fills(h.pasted(me, doc, values[0], c.text)); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v would be filled in, want %v", name, got, c.want)
		}
	}
}

// A note of several lines is shown in a control that has lines: sending the grid
// leaves it as it was.
func TestGridKeepsLines(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	me := h.mustSession("at-education-bureau")
	path := fmt.Sprintf("/grid?round=%d", round.Number)
	doc := h.doc(h.do("GET", path, me, nil))
	note := cellsOf(doc, "note")[0]
	h.mustStatus(h.do("POST", "/grid", me, hiddenOf(h.pasted(me, doc, note, "\"第一行\n第二\t行\"\n"), "fill")), http.StatusOK)
	doc = h.doc(h.do("GET", path, me, nil))
	if doc.Find(`input[name="`+note+`"]`).Length() != 0 || doc.Find(`textarea[name="`+note+`"]`).Text() != "第一行\n第二\t行" {
		t.Errorf("the note is shown as %q", doc.Find(`[name="`+note+`"]`).Text())
	}
}

// What a paste would fill in comes first in its preview; a save says what it has
// done, and nothing of what it has not.
func TestPreviewOrder(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	me := h.mustSession("at-education-bureau")
	doc := h.doc(h.do("GET", fmt.Sprintf("/grid?round=%d", round.Number), me, nil))
	value := cellsOf(doc, "value")[0]
	preview := h.pasted(me, doc, value, "编号\t数值\tx\nF-"+strings.Split(value, ".")[1]+"\t5\ty\n")
	var got []string
	for _, row := range preview.Find("table.pasted tbody tr").EachIter() {
		got = append(got, row.Find("td").Eq(1).Text())
	}
	if strings.Join(got[:1], " ") != "5" || len(got) != 6 {
		t.Errorf("the preview lists %q", got)
	}
	for n, want := range []string{"1 个有改动。", "没有新的改动。"} {
		form := gridValues(doc)
		form.Set(value, "5")
		form.Set("do", "save")
		if said := h.doc(h.do("POST", "/grid", me, form)).Find("#grid-status").Text(); !strings.HasSuffix(said, want) {
			t.Errorf("save %d says %q, want %q", n, said, want)
		}
	}
}
