package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yimi/indicators"
	"yimi/server/page"
	"yimi/server/words"
)

// What has changed under a figure since it was sent is told in both languages
// where its reviewer and its publisher look, who has to have seen it.
func TestWhatChangedSinceAFigureWasSent(t *testing.T) {
	d := mustOpen(t)
	r := d.approved(1, "3")[0]
	i := d.l.Indicator(r.Indicator)
	path := "/library/indicators/" + string(i.Code)
	d.mustKeep(path, d.office, d.mustForm(path, d.office, "unit", "万"+i.Unit, "unit_en", "", indicators.WhyField, "改了单位"))
	for lang, said := range map[string][]string{"zh-CN": {"原为“" + i.Unit + "”", "现为“万" + i.Unit + "”"}, "en": {"the unit has changed", "“万" + i.Unit + "”"}} {
		for _, at := range []string{fmt.Sprintf("/review/%d", r.ID), "/releases/preview?round=1"} {
			w := d.do(get, at+map[bool]string{true: "&", false: "?"}[strings.Contains(at, "?")]+"lang="+lang, d.office, nil)
			d.mustStatus(w, http.StatusOK)
			text := d.doc(w).Find("main").Text()
			for _, want := range said {
				if !strings.Contains(text, want) {
					t.Errorf("%s in %s lacks %q: %s", at, lang, want, text)
				}
			}
		}
	}
	form := d.previewForm(1)
	form.Del("seen")
	d.mustStatus(d.do(post, "/releases/preview", d.office, form), http.StatusUnprocessableEntity)
	form.Set("seen", "yes")
	d.mustStatus(d.do(post, "/releases/preview", d.office, form), http.StatusSeeOther)
}

// A finding is told in words in both languages, whatever its arguments are.
func TestFindingsOfASentFigureHaveWords(t *testing.T) {
	h := mustHouse(t)
	for _, x := range []indicators.Finding{
		{Rule: "unit_changed", Args: []any{indicators.UnitName{Zh: "个", En: "places"}, indicators.UnitName{}}},
		{Rule: "measure_changed", Args: []any{indicators.Stock, indicators.Flow}},
		{Rule: "per_changed", Args: []any{indicators.MustNumber("1000"), indicators.Number{}}},
		{Rule: "basis_changed", Args: []any{indicators.Level, indicators.Added}},
		{Rule: "until_passed", Args: []any{indicators.MustPeriod("2026-03-05")}},
	} {
		for _, lang := range words.Langs() {
			v := &visit{frame: page.Frame{Lang: lang}, library: h.mustLibrary()}
			if text := v.findingWords(x); strings.ContainsAny(text, "%!{}") || strings.Contains(text, "check.") || strings.Contains(text, "“”") {
				t.Errorf("%s in %s reads %q", x.Rule, lang, text)
			}
		}
	}
}
