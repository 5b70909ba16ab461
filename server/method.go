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
	days, err := s.daysOf(c, r)
	if err != nil {
		return err
	}
	p.Limits, p.Tables, p.Formulas = indicators.RuleLimits(), ruleTables(days), formulas(days)
	for n := range r.library.Indicators {
		i := &r.library.Indicators[n]
		num, den := r.library.SeriesOf(i.NumeratorSeries), r.library.SeriesOf(i.DenominatorSeries)
		if num == nil || den == nil || len(p.Examples) > 0 {
			continue
		}
		for _, o := range indicators.DeriveRates(r.library, i, r.here(num.Code), r.here(den.Code)) {
			p.Examples = append(p.Examples, page.NewWorking(f, i, num, den, o))
		}
		p.Example = page.Link{Text: f.Pick(i.Name, i.NameEn), URL: f.To("/indicators/" + string(i.Code))}
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// maxDays is how many earlier days are searched for examples.
const maxDays = 12

// days are the readings in which the examples are looked for: the visit's own,
// then the half-years before it back to the day the plan was issued.
func (s *Server) daysOf(c *gin.Context, r *reading) ([]*reading, error) {
	out := []*reading{r}
	day := r.asOf()
	for range maxDays {
		if day.Month > 6 {
			day = indicators.Period{Year: day.Year, Month: 6, Day: 30}
		} else {
			day = indicators.Period{Year: day.Year - 1, Month: 12, Day: 31}
		}
		if issued := r.library.Plan.Issued; issued.IsZero() || day.Compare(issued) <= 0 {
			break
		}
		snap, err := s.snapshot(c.Request.Context(), r.visit, day)
		if err != nil {
			return nil, err
		}
		v := *r.visit
		v.frame.AsOf, v.frame.Dated = day, true
		out = append(out, &reading{visit: &v, snapshot: snap, area: r.area})
	}
	return out, nil
}

// example is an assessment that shows a rule or a formula, with the day on
// which it stands.
func (r *reading) example(own *reading, a *indicators.Assessment) page.Example {
	f := &r.frame
	out := page.Example{Link: page.Link{Text: f.Pick(a.Indicator.Name, a.Indicator.NameEn), URL: f.To("/indicators/" + string(a.Indicator.Code))}}
	if a.Area.Code != r.area.Code {
		out.Link.Text = f.T("method.in_area", out.Link.Text, f.Pick(a.Area.Name, a.Area.NameEn))
	}
	if r != own {
		out.Day = f.T("method.on_day", f.Date(r.asOf()))
	}
	return out
}

// ruleTables lists the rules of judgement in order, each with the first target
// of the plan that it decides, on the newest of the days.
func ruleTables(days []*reading) []page.RuleTable {
	own := days[0]
	f := &own.frame
	examples := map[indicators.StatusRule]page.Example{}
	for _, r := range days {
		for i := range r.list {
			a := &r.list[i]
			if _, found := examples[a.Rule]; !found {
				e := r.example(own, a)
				e.Text = page.Sentence(&r.frame, r.library, a)
				examples[a.Rule] = e
			}
		}
	}
	var out []page.RuleTable
	for _, rule := range indicators.StatusRules() {
		if len(out) == 0 || out[len(out)-1].Key != string(rule.Table) {
			out = append(out, page.RuleTable{Key: string(rule.Table), Title: f.T("rules." + string(rule.Table))})
		}
		out[len(out)-1].Rules = append(out[len(out)-1].Rules, page.RuleRow{
			ID: page.RuleID(rule), Number: rule.Number, Text: f.T("rule." + string(rule.Table) + "." + rule.Name), Status: string(rule.Status),
			Example: examples[rule],
		})
	}
	return out
}

// formulas lists what is computed beside the status, each with the first target
// of the plan for which it is, on the newest of the days.
func formulas(days []*reading) []page.FormulaRow {
	own := days[0]
	var out []page.FormulaRow
	for _, wanted := range page.Formulas() {
		row := page.FormulaRow{Name: own.frame.T("step." + wanted.Step), Formula: own.frame.T("how." + wanted.Formula)}
		for _, r := range days {
			for i := range r.list {
				if len(row.Examples) > 0 {
					break
				}
				if step := page.StepOf(&r.frame, &r.list[i], wanted); step.Equation != "" {
					e := r.example(own, &r.list[i])
					e.Text, e.Value = step.Equation, step.Value
					row.Examples = append(row.Examples, e)
				}
			}
		}
		out = append(out, row)
	}
	return out
}

// counts tells how much the library holds.
func (r *reading) counts() page.Counts {
	n := page.Counts{
		Tasks: len(r.library.Tasks), Indicators: len(r.library.Indicators),
		Organisations: len(r.library.Organisations), Areas: len(r.library.Districts()),
	}
	for _, t := range r.library.Targets {
		// Of one that was changed, the row of the day.
		if (t.Until.IsZero() || t.Until.Compare(r.asOf()) >= 0) && (t.From.IsZero() || t.From.Compare(r.asOf()) <= 0) {
			n.Targets++
		}
	}
	for i := range r.library.Indicators {
		if r.reported(&r.library.Indicators[i]) {
			n.Reported++
		}
	}
	return n
}
