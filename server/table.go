package server

import (
	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

// columns of every table to take away, as keys of the catalogue.
var columns = []string{
	"code", "name", "domain", "task", "area", "period", "row", "bound", "value", "unit", "basis", "numerator", "denominator",
	"milestone", "comparator", "upper", "low", "high", "status", "rule", "attainment", "gap", "answer", "quality", "vintage", "published", "confidence", "source", "source_url",
	"note", "clause", "release", "as_of",
}

// from is the same reading, seen from another area.
func (r *reading) from(a *indicators.Area) *reading {
	out := *r
	out.area = a
	return &out
}

// shownIn lists the areas whose rows belong to an indicator: the reading's own,
// and, seen from the city, the districts in which its target holds or that have
// a figure.
func (r *reading) shownIn(i *indicators.Indicator) []*reading {
	out := []*reading{r}
	for n := range r.library.Areas {
		a := &r.library.Areas[n]
		if r.area.Level == indicators.CityLevel && a.Level == indicators.DistrictLevel &&
			(i.Scope == indicators.EachDistrict || len(r.figures[placed{i.Code, a.Code}]) > 0) {
			out = append(out, r.from(a))
		}
	}
	return out
}

// table is the rows that a page shows, to take away.
func (r *reading) table(s *Server, what string, list []*indicators.Indicator) indicators.Table {
	f := &r.frame
	t := indicators.Table{Name: what, Title: f.PlanTitle(), Notes: []string{f.T("strip.release", r.release.Number, f.ReleaseDay())}}
	if s.Demo {
		t.Notes = append(t.Notes, f.T("demo.title")+" "+f.T("demo.text"))
	}
	for _, c := range columns {
		t.Columns = append(t.Columns, f.T("column."+c))
	}
	for _, i := range list {
		before := len(t.Rows)
		for _, in := range r.shownIn(i) {
			for _, row := range in.picture(i).Rows() {
				t.Rows = append(t.Rows, in.cells(i, row))
			}
		}
		if len(t.Rows) == before {
			// Without a target and a figure it is on the page all the same.
			t.Rows = append(t.Rows, r.cells(i, chart.Row{Kind: chart.SilentRow}))
		}
	}
	return t
}

// cells is one line of a table to take away.
func (r *reading) cells(i *indicators.Indicator, row chart.Row) []any {
	f := &r.frame
	unit := f.Unit(i)
	domain := ""
	if d := r.library.DomainOf(i); d != nil {
		domain = f.Pick(d.Name, d.NameEn)
	}
	basis := string(row.Basis)
	var bound, answer, quality, confidence string
	var numerator, denominator, upper, milestone, comparator, vintage, published, source, url, note any
	var status, rule, attainment, gap any
	clause := i.Clause
	if o := row.Observation; o != nil {
		bound, basis, answer, quality, confidence = string(o.Bound), string(o.Basis), string(o.Answer), string(o.Quality), string(o.Confidence)
		numerator, denominator = o.Numerator, o.Denominator
		vintage, published, source, url, note = o.Vintage, o.Published.String(), o.Source, o.SourceURL, o.Note
	}
	if t := row.Target; t != nil {
		basis, clause = string(t.Basis), t.Clause
		milestone, comparator, upper = string(t.Milestone), string(t.Comparator), t.Upper
		if a := r.judgedAt(i, t); a != nil {
			status, rule, attainment, gap = f.T("status."+string(a.Status)), a.Rule.String(), a.Attainment, a.Gap
		}
	}
	if basis == string(indicators.ChangePct) {
		unit = "%"
	}
	words := func(prefix, key string) string {
		if key == "" {
			return ""
		}
		return f.T(prefix + key)
	}
	return []any{
		string(i.Code), f.Pick(i.Name, i.NameEn), domain, string(i.Task), page.AreaLink(f, r.area).Text, row.Period.String(),
		f.T("row." + string(row.Kind)), bound, row.Value, unit, words("basis.", basis), numerator, denominator,
		milestone, comparator, upper, row.Low, row.High, status, rule, attainment, gap, words("answer.", answer), quality, vintage, published, confidence, source, url,
		note, clause, r.release.Number, r.asOf().String(),
	}
}
