package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// showMethod says how the figures come about, with an example from the store.
func (s *Server) showMethod(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.T("nav.method"), "method"
	p := page.Method{Counts: r.counts()}
	p.Tables = r.ruleTables()
	for n := range r.library.Indicators {
		i := &r.library.Indicators[n]
		num, den := r.library.SeriesOf(i.NumeratorSeries), r.library.SeriesOf(i.DenominatorSeries)
		if num == nil || den == nil || len(p.Examples) > 0 {
			continue
		}
		for _, o := range indicators.DeriveRates(i, r.here(num.Code), r.here(den.Code)) {
			p.Examples = append(p.Examples, page.NewWorking(f, i, num, den, o))
		}
		p.Example = page.Link{Text: f.Pick(i.Name, i.NameEn), URL: f.To("/indicators/" + string(i.Code))}
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// ruleTables lists the rules of judgement in order, each with the first target
// of the plan that it decides today.
func (r *reading) ruleTables() []page.RuleTable {
	f := &r.frame
	first := map[indicators.StatusRule]*indicators.Assessment{}
	for i := range r.list {
		if a := &r.list[i]; first[a.Rule] == nil {
			first[a.Rule] = a
		}
	}
	var out []page.RuleTable
	for _, rule := range indicators.StatusRules() {
		if len(out) == 0 || out[len(out)-1].Key != string(rule.Table) {
			out = append(out, page.RuleTable{Key: string(rule.Table), Title: f.T("rules." + string(rule.Table))})
		}
		row := page.RuleRow{
			ID: page.RuleID(rule), Number: rule.Number, Text: f.T("rule." + string(rule.Table) + "." + rule.Name), Status: string(rule.Status),
		}
		if a := first[rule]; a != nil {
			row.Example = page.Link{Text: f.Pick(a.Indicator.Name, a.Indicator.NameEn), URL: f.To("/indicators/" + string(a.Indicator.Code))}
			row.Sentence = page.Sentence(f, r.library, a)
			if a.Area.Code != r.area.Code {
				row.Example.Text = f.T("method.in_area", row.Example.Text, f.Pick(a.Area.Name, a.Area.NameEn))
			}
		}
		out[len(out)-1].Rules = append(out[len(out)-1].Rules, row)
	}
	return out
}

// counts tells how much the library holds.
func (r *reading) counts() page.Counts {
	n := page.Counts{
		Tasks: len(r.library.Tasks), Indicators: len(r.library.Indicators), Targets: len(r.library.Targets),
		Organisations: len(r.library.Organisations), Areas: len(r.library.Districts()),
	}
	for i := range r.library.Indicators {
		if r.reported(&r.library.Indicators[i]) {
			n.Reported++
		}
	}
	return n
}
