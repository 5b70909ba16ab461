package server

import (
	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

// columns of every table to take away, as keys of the catalogue.
var columns = []string{
	"code", "name", "domain", "task", "area", "period", "row", "value", "unit", "basis", "numerator", "denominator",
	"milestone", "comparator", "upper", "low", "high", "answer", "quality", "vintage", "published", "confidence", "source", "source_url",
	"note", "clause", "release", "as_of",
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
		for _, row := range r.picture(i).Rows() {
			t.Rows = append(t.Rows, r.cells(i, row))
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
	var answer, quality, confidence string
	var numerator, denominator, upper, milestone, comparator, vintage, published, source, url, note any
	clause := i.Clause
	if o := row.Observation; o != nil {
		basis, answer, quality, confidence = string(o.Basis), string(o.Answer), string(o.Quality), string(o.Confidence)
		numerator, denominator = o.Numerator, o.Denominator
		vintage, published, source, url, note = o.Vintage, o.Published.String(), o.Source, o.SourceURL, o.Note
	}
	if t := row.Target; t != nil {
		basis, clause = string(t.Basis), t.Clause
		milestone, comparator, upper = string(t.Milestone), string(t.Comparator), t.Upper
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
		f.T("row." + string(row.Kind)), row.Value, unit, words("basis.", basis), numerator, denominator,
		milestone, comparator, upper, row.Low, row.High, words("answer.", answer), quality, vintage, published, confidence, source, url,
		note, clause, r.release.Number, r.asOf().String(),
	}
}
