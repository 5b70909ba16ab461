package server

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
)

// coded is what only who writes packages reads: files, codes of choices, forms of
// dates.
var coded = regexp.MustCompile(`\.csv|[a-z]+_[a-z]+|YYYY|%!|\b(level|added|cumulative|ge|le|gt|lt|eq|hold|about|between|every|stock|flow|rate|average|deliverable|per|sum|ratio|higher|lower|within|city|district|township|community|facility)\b`)

// Whatever the office chooses in a form, a refusal is in plain words: no name of
// a file, no code of a choice or of a row.
func TestAmendmentRefusedInPlainWords(t *testing.T) {
	h := mustHouse(t)
	secret := h.office("limin")
	l := h.mustLibrary()
	said := map[string]bool{}
	look := func(path string, form url.Values, what string) {
		t.Helper()
		w := h.do(post, path, secret, form)
		if w.Code != http.StatusUnprocessableEntity {
			return
		}
		h.doc(w).Find(".wrong li").Each(func(_ int, li *goquery.Selection) {
			told := text(li)
			said[told] = true
			if found := coded.FindString(told); found != "" {
				t.Errorf("%s %s: %q is a code in %q", path, what, found, told)
			}
			for _, o := range l.Organisations {
				if strings.Contains(string(o.Code), "-") && strings.Contains(told, string(o.Code)) {
					t.Errorf("%s %s: %q names %s by its code", path, what, told, o.Name)
				}
			}
		})
	}
	target, standing := h.aTarget(), map[indicators.Measure]bool{}
	paths := []string{targetForm(target), "/library/areas/" + string(l.City().Code), "/library/areas/" + string(l.Districts()[0].Code), "/library/organisations/" + string(l.Organisations[1].Code)}
	for _, i := range l.Indicators {
		if obs, err := h.store.Observations(context.Background(), i.Code); err == nil && len(obs) > 0 && !standing[i.Measure] {
			standing[i.Measure] = true
			paths = append(paths, "/library/indicators/"+string(i.Code))
		}
	}
	for _, path := range paths {
		doc := h.doc(h.do(get, path, secret, nil))
		doc.Find("main form.entry select").Each(func(_ int, x *goquery.Selection) {
			name := x.AttrOr("name", "")
			if !slices.Contains([]string{"measure", "numerator_series", "level", "successor", "milestone", "comparator", "basis"}, name) {
				return
			}
			x.Find("option").Each(func(n int, o *goquery.Selection) {
				if _, chosen := o.Attr("selected"); chosen || n > 6 || name == "numerator_series" && n > 0 {
					return
				}
				look(path, h.mustForm(path, secret, name, o.AttrOr("value", ""), indicators.WhyField, "理由"), name+"="+o.AttrOr("value", ""))
			})
		})
	}
	lead := l.Organisations[1]
	indicator := "/library/indicators/" + string(l.Indicators[0].Code)
	look(indicator, h.mustForm(indicator, secret, "leads", lead.Name+"\n"+string(lead.Code), indicators.WhyField, "理由"), "leads twice")
	look(targetForm(target), h.mustForm(targetForm(target), secret, "due", "2024", indicators.WhyField, "理由"), "due")
	for _, basis := range []string{"cumulative", "change_pct"} {
		path := "/library/indicators/" + string(target.Indicator) + "/targets/new"
		look(path, h.mustForm(path, secret, "milestone", string(target.Milestone), "comparator", "ge", "value", "1", "basis", basis, indicators.WhyField, "理由"), basis)
	}
	for _, want := range []string{lead.Name + " 重复了", "累计", "2025-03", "时间", "数值"} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(said)), func(told string) bool { return strings.Contains(told, want) }) {
			t.Errorf("no refusal says %q among the %d", want, len(said))
		}
	}
	if len(said) < 30 {
		t.Errorf("only %d refusals were looked at", len(said))
	}
}
