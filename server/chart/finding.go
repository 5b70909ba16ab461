package chart

import (
	"strings"

	"yimi/indicators"
)

// Title is the finding, for a heading above the chart.
func (p Picture) Title(w Words) string {
	t := &p.Trajectory
	latest, target := t.Latest(), p.target()
	switch {
	case latest == nil && (target == nil || p.Goal(w) == ""):
		return w.T("chart.no_result")
	case latest == nil:
		return w.T("chart.title_none", p.Goal(w))
	}
	when := w.Date(latest.Period)
	if required := t.Required(latest.Period); required.Present() && latest.Bound == "" {
		off := latest.Value.Decimal().Sub(required.Decimal())
		// A difference that prints as nothing is none.
		printed := off.Abs().Round(int32(p.printed()))
		switch {
		case printed.IsZero():
			return w.T("chart.title_on", when)
		case off.IsNegative():
			return w.T("chart.title_below", when, p.apart(w, indicators.NumberOf(off.Abs())))
		}
		return w.T("chart.title_above", when, p.apart(w, indicators.NumberOf(off)))
	}
	switch gap := p.Verdict.Gap; {
	case target != nil && gap.Present() && gap.Decimal().IsPositive():
		return w.T("chart.title_gap", when, p.apart(w, gap))
	case target != nil && p.Units == nil && p.Goal(w) != "":
		return w.T("chart.title_latest", when, p.figure(w, *latest), p.Goal(w))
	}
	return w.T("chart.title_value", when, p.figure(w, *latest))
}

// printed is how many digits the indicator's values have after the point.
func (p Picture) printed() int {
	if d := p.Trajectory.Indicator.Decimals; d != nil {
		return *d
	}
	return 0
}

// apart prints a difference with the unit of differences.
func (p Picture) apart(w Words, n indicators.Number) string {
	unit := w.DifferenceUnit(w.Unit(&p.Trajectory.Indicator))
	if p.Trajectory.Basis == indicators.ChangePct {
		unit = w.DifferenceUnit("%")
	}
	if p.Units != nil {
		return w.Number(n, 0)
	}
	return w.WithUnit(w.Number(n, p.printed()), unit)
}

// Subtitle is what is drawn: measure, unit, area and span, and what of the
// axis needs saying.
func (p Picture) Subtitle(w Words) string {
	t := &p.Trajectory
	parts := []string{w.Pick(t.Indicator.Name, t.Indicator.NameEn)}
	if unit := w.Unit(&t.Indicator); unit != "" && t.Basis != indicators.ChangePct {
		parts = append(parts, unit)
	}
	parts = append(parts, w.Pick(t.Area.Name, t.Area.NameEn))
	if p.Kind() == Dated {
		return strings.Join(parts, w.T("chart.comma"))
	}
	s := p.span()
	parts = append(parts, w.T("chart.from_to", indicators.YearOf(s.first-1).String(), indicators.YearOf(s.last).String()))
	switch t.Basis {
	case indicators.Cumulative:
		parts = append(parts, w.T("chart.running_total"))
	case indicators.Added:
		parts = append(parts, w.T("chart.added_in_year"))
	case indicators.ChangePct:
		parts = append(parts, w.T("chart.change"))
	}
	if t.Indicator.Direction == indicators.Lower {
		parts = append(parts, w.T("chart.lower_is_better"))
	}
	if p.Axis().Cropped {
		parts = append(parts, w.T("chart.cropped"))
	}
	return strings.Join(parts, w.T("chart.comma"))
}
