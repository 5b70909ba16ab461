package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Only what is blank is shown where that is asked for: by an address, by a button
// that saves what was typed first, through saves, pastes and checks. What is not
// shown keeps its figures and its ticks.
func TestOnlyWhatIsBlank(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	me := h.mustSession("at-education-bureau")
	path := fmt.Sprintf("/grid?round=%d", round.Number)
	doc := h.doc(h.do("GET", path, me, nil))
	values := cellsOf(doc, "value")
	mark := func(n int) string { return "F-" + strings.Split(values[n], ".")[1] }
	if doc.Find("#grid-hides").Length() != 0 {
		t.Error("a whole grid speaks of rows that are not shown")
	}
	value := func(cell string) string {
		return h.doc(h.do("GET", path, me, nil)).Find(`[name="`+cell+`"]`).AttrOr("value", "none")
	}
	// The button saves first; a row with a note only is still blank, one that cannot
	// be read is not.
	form := gridValues(doc)
	form.Set(values[0], "12")
	form.Set(values[1], "约50")
	form.Set(strings.Replace(values[2], "value", "note", 1), "还在核")
	form.Set(strings.Replace(values[2], "value", "source", 1), "")
	form.Set("do", "blank")
	w := h.do("POST", "/grid", me, form)
	h.mustStatus(w, http.StatusSeeOther)
	if to := w.Header().Get("Location"); to != path+"&blank=1" {
		t.Fatalf("the button leads to %q", to)
	}
	doc = h.doc(h.do("GET", path+"&blank=1", me, nil))
	if left := cellsOf(doc, "value"); fmt.Sprint(left) != fmt.Sprint(values[2:]) {
		t.Fatalf("shown are %v, want %v", left, values[2:])
	}
	if said := doc.Find("#grid-hides").Text() + doc.Find("#only-blank").Text(); !strings.Contains(said, "已填的 2 行没有显示") || !strings.Contains(said, "显示全部（还有 2 行）") {
		t.Errorf("it says %q", said)
	}
	// A save keeps it; what was just filled in stays in sight.
	form = gridValues(doc)
	form.Set(values[2], "7")
	form.Set("do", "save")
	doc = h.doc(h.do("POST", "/grid", me, form))
	if left := cellsOf(doc, "value"); fmt.Sprint(left) != fmt.Sprint(values[2:]) || doc.Find(`form.grid input[name="blank"]`).Length() != 1 {
		t.Errorf("after a save %v are shown", left)
	}
	if value(values[0]) != "12" || value(values[1]) != "约50" || value(values[2]) != "7" {
		t.Errorf("what stands is %q, %q, %q", value(values[0]), value(values[1]), value(values[2]))
	}
	// A paste by position meets what is shown only; by its id also what is not.
	doc = h.doc(h.do("GET", path+"&blank=1", me, nil))
	preview := h.pasted(me, doc, values[3], "31\n32\n")
	fill := hiddenOf(preview, "fill")
	if fill.Get("fill."+values[3]) != "31" || fill.Get("fill."+values[4]) != "32" || fill.Get("blank") != "1" {
		t.Errorf("the paste would fill in %v", fill)
	}
	if kept := h.doc(h.do("POST", "/grid", me, hiddenOf(preview, "keep"))); len(cellsOf(kept, "value")) != len(values)-3 {
		t.Errorf("back from the preview %d rows are shown", len(cellsOf(kept, "value")))
	}
	heads := doc.Find("table").AttrOr("data-id-head", "") + "\t" + doc.Find("thead th.num").Eq(1).Text()
	filled := h.doc(h.do("POST", "/grid", me, hiddenOf(h.pasted(me, doc, values[3], heads+"\n"+mark(0)+"\t13\n"+mark(3)+"\t33\n"), "fill")))
	if value(values[0]) != "13" || value(values[3]) != "33" {
		t.Errorf("by their ids the rows have %q and %q", value(values[0]), value(values[3]))
	}
	if left := cellsOf(filled, "value"); !slices.Contains(left, values[0]) || !slices.Contains(left, values[3]) || slices.Contains(left, values[1]) {
		t.Errorf("after the paste %v are shown", left)
	}
	// A check shows what is wrong, shown before or not, and takes the ticks along.
	form = gridValues(h.doc(h.do("GET", path+"&blank=1", me, nil)))
	if picks := form["pick"]; len(picks) != 4 {
		t.Errorf("ticked are %v", picks)
	}
	form.Set("do", "check")
	checked := h.doc(h.do("POST", "/grid", me, form))
	if left := cellsOf(checked, "value"); !slices.Contains(left, values[1]) {
		t.Errorf("after a check that finds something wrong there %v are shown", left)
	}
	// Back to all of it; another's change is not lost on the way.
	form = gridValues(h.doc(h.do("GET", path+"&blank=1", me, nil)))
	form.Set(values[4], "41")
	form.Set("do", "all")
	if to := h.do("POST", "/grid", me, form).Header().Get("Location"); to != path || value(values[4]) != "41" {
		t.Errorf("the way back is %q, the cell %q", to, value(values[4]))
	}
	stale := gridValues(h.doc(h.do("GET", path, me, nil)))
	fresh := gridValues(h.doc(h.do("GET", path, me, nil)))
	fresh.Set(values[4], "42")
	fresh.Set("do", "save")
	h.mustStatus(h.do("POST", "/grid", me, fresh), http.StatusOK)
	stale.Set(values[4], "43")
	stale.Set("do", "blank")
	w = h.do("POST", "/grid", me, stale)
	h.mustStatus(w, http.StatusConflict)
	if h.doc(w).Find(".clash").Length() == 0 {
		t.Error("a conflict is lost by switching")
	}
}
