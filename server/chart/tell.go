package chart

import (
	"strings"

	"yimi/indicators"
)

// Text says the trajectory in a sentence: what stood at first, what stands
// now, what is promised, and which years are silent.
func (p Picture) Text(w Words) string {
	t := &p.Trajectory
	var parts []string
	if t.Baseline != nil {
		parts = append(parts, w.T("chart.text.value", w.Date(t.Baseline.Period), p.value(w, *t.Baseline)))
	}
	switch o := p.newest(); {
	case o == nil:
		parts = append(parts, w.T("chart.text.nothing"))
	case t.Indicator.Measure == indicators.Deliverable && o.Value.Decimal().IsZero():
		parts = append(parts, w.T("chart.text.undone", w.Date(o.Period)))
	case t.Indicator.Measure == indicators.Deliverable:
		parts = append(parts, w.T("chart.text.done", w.Date(o.Period)))
	default:
		parts = append(parts, w.T("chart.text.value", w.Date(o.Period), p.value(w, *o)))
	}
	for _, target := range append(append([]indicators.Target{}, t.Targets...), t.Aside...) {
		parts = append(parts, p.promise(w, target))
	}
	if v := p.Verdict; v.Word != "" {
		if v.Gap.Present() {
			parts = append(parts, w.T("chart.text.gap", p.plain(w, v.Gap)))
		}
		if v.Over.Present() {
			parts = append(parts, w.T("chart.text.over", p.plain(w, v.Over)))
		}
		parts = append(parts, w.T("chart.text.status", v.Word))
	}
	return w.T("chart.text.sentence", strings.Join(parts, w.T("chart.text.comma")))
}

// newest is the newest number, in whatever basis.
func (p Picture) newest() *indicators.Observation {
	t := &p.Trajectory
	newest := t.Latest()
	for n := range t.Other {
		if o := &t.Other[n]; newest == nil || o.Period.Compare(newest.Period) > 0 {
			newest = o
		}
	}
	return newest
}

// value is a figure with its unit and what it states.
func (p Picture) value(w Words, o indicators.Observation) string {
	v := w.Value(&p.Trajectory.Indicator, o, p.Trajectory.Targets)
	switch o.Basis {
	case indicators.Added, indicators.Cumulative, indicators.ChangePct:
		return w.T("basis."+string(o.Basis)+".of", v)
	}
	return v
}

func (p Picture) plain(w Words, n indicators.Number) string {
	i := &p.Trajectory.Indicator
	digits := 0
	if i.Decimals != nil {
		digits = *i.Decimals
	}
	return w.WithUnit(w.Number(n, digits), w.DifferenceUnit(w.Unit(i)))
}

// promise says what a target promises.
func (p Picture) promise(w Words, target indicators.Target) string {
	i := &p.Trajectory.Indicator
	when := p.when(w, target)
	if y, ok := target.Milestone.Year(); ok && target.Due.IsZero() {
		when = w.Date(indicators.YearOf(y))
	}
	if i.Measure == indicators.Deliverable {
		return w.T("chart.text.deliver", when)
	}
	figure := w.Target(i, target)
	switch target.Basis {
	case indicators.Added, indicators.Cumulative, indicators.ChangePct:
		figure = w.T("basis."+string(target.Basis)+".of", figure)
	}
	return w.T("chart.text.target", when, figure)
}

// RulerText says the ruler in a sentence.
func (p Picture) RulerText(w Words) string {
	t := &p.Trajectory
	now := w.T("chart.no_result")
	if o := p.newest(); o != nil && t.Indicator.Measure != indicators.Deliverable {
		now = p.value(w, *o)
	} else if o != nil {
		now = w.Date(o.Period)
	}
	var marks []string
	for _, target := range t.Targets {
		marks = append(marks, p.promise(w, target))
	}
	s := w.T("chart.ruler.text", w.Pick(t.Indicator.Name, t.Indicator.NameEn), now, strings.Join(marks, w.T("chart.text.comma")))
	if p.Verdict.Attainment.Present() {
		s += w.T("chart.ruler.way", w.Number(p.Verdict.Attainment, 0))
	}
	return s
}
