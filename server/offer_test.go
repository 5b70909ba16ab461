package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yimi/indicators"
)

// A denominator that is public, or typed into another figure, is offered with
// where it comes from, fills in by its button without a script, and nothing fills
// itself in. Two figures that say two numbers are told so.
func TestSharedDenominators(t *testing.T) {
	const coverage, enrolment = "affordable-kindergarten-coverage", "preschool-gross-enrolment"
	h := mustHouseOf(t, func(p *indicators.Package) {
		for _, o := range p.Observations {
			if o.Subject == "kindergarten-children" && o.Area == "zhengzhou" {
				o.Period, o.Value = indicators.YearOf(2025), indicators.MustNumber("341000")
				o.Published = indicators.MustPeriod("2026-02")
				p.Observations = append(p.Observations, o)
				return
			}
		}
	})
	round := h.mustRound(2025)
	who := "at-education-bureau"
	me := h.mustSession(who)
	id := func(code indicators.Code) string {
		return strings.TrimPrefix(h.mustDuty(round, code, who), "/work/")
	}
	grid := fmt.Sprintf("/grid?round=%d", round.Number)
	cell := "v." + id(kindergartens) + ".denominator"
	offers := func(path, button string) (out []string) {
		for _, b := range h.doc(h.do("GET", path, me, nil)).Find(`button[value^="` + button + `"]`).EachIter() {
			if b.Closest(".is-near").Length() > 0 { // the same beside its field, on a phone
				continue
			}
			out = append(out, b.Text())
		}
		return out
	}
	public := offers(grid, "use."+cell+"=")
	if len(public) != 1 || !strings.HasPrefix(public[0], "用 341,000（2025年在园幼儿数，") {
		t.Fatalf("the grid offers %q", public)
	}
	if got := offers("/work/"+id(kindergartens), "use.denominator="); fmt.Sprint(got) != fmt.Sprint(public) {
		t.Errorf("the form offers %q, the grid %q", got, public)
	}
	if got := offers(grid+"&lang=en", "use."+cell+"="); len(got) != 1 || !strings.HasPrefix(got[0], "Use 341,000 (2025, Children in kindergartens, ") {
		t.Errorf("in English the grid offers %q", got)
	}
	doc := h.doc(h.do("GET", grid+"&lang=zh-CN", me, nil))
	if doc.Find(`[name="`+cell+`"]`).AttrOr("value", "") != "" {
		t.Error("it has filled itself in")
	}
	// What another figure says is offered too, also where it is its numerator, and
	// before it was saved.
	form := gridValues(doc)
	form.Set("v."+id(enrolment)+".numerator", "３５．２２万")
	form.Set("v."+id(coverage)+".note", "一起保存")
	form.Set("do", "use."+cell+"=341000")
	shown := h.doc(h.do("POST", "/grid", me, form))
	if shown.Find(`[name="`+cell+`"]`).AttrOr("value", "") != "341000" || shown.Find(`[name="v.`+id(coverage)+`.note"]`).AttrOr("value", "") != "一起保存" {
		t.Errorf("the button has filled in %q", shown.Find(`[name="`+cell+`"]`).AttrOr("value", ""))
	}
	if got := shown.Find(`.said button[value^="use.` + cell + `="]`).Text(); got != "用 352,200（本轮“学前三年毛入园率”填的在园幼儿数）" {
		t.Errorf("once that is typed the grid offers %q", got)
	}
	other := "/work/" + id(coverage)
	if got := offers(other, "use.denominator="); len(got) != 2 || !strings.Contains(got[1], "352,200") {
		t.Errorf("another figure's form offers %q", got)
	}
	h.mustStatus(h.do("POST", other, me, filled(h.doc(h.do("GET", other, me, nil)), "numerator", "300000", "source", "年报", "do", "use.denominator=341000")), http.StatusSeeOther)
	after := h.doc(h.do("GET", other, me, nil))
	if got := after.Find("#denominator").AttrOr("value", "") + after.Find("#numerator").AttrOr("value", ""); got != "341000300000" {
		t.Errorf("the form's button has filled in %q", got)
	}
	// The check tells of the figure that says another number, and takes a note.
	warn := "“学前三年毛入园率”填的在园幼儿数是另一个数"
	if got := h.doc(h.do("GET", other+"?check=1", me, nil)).Find(".warning").Text(); !strings.Contains(got, warn) {
		t.Errorf("the check says %q", got)
	}
	form = gridValues(h.doc(h.do("GET", grid, me, nil)))
	form.Set("v."+id(coverage)+".note", "")
	form.Set("do", "check")
	if got := h.doc(h.do("POST", "/grid", me, form)).Find("#said-" + id(coverage)).Text(); !strings.Contains(got, warn) {
		t.Errorf("the grid's check says %q", got)
	}
	// Another unit is told neither the number nor offered it.
	stranger := h.mustSession("at-health-commission")
	if w := h.do("GET", grid, stranger, nil); strings.Contains(w.Body.String(), "352,200") || strings.Contains(w.Body.String(), "352200") {
		t.Error("another unit reads what was typed here")
	}
}
