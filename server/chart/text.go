package chart

import (
	"strings"

	"yimi/indicators"
)

// digits is how many an indicator's values are printed with.
func (p Picture) digits() int {
	if d := p.Trajectory.Indicator.Decimals; d != nil {
		return *d
	}
	return 0
}

// amount prints a difference without its unit.
func (p Picture) amount(w Words, n indicators.Number) string {
	if p.Units != nil {
		return w.Number(n, 0)
	}
	above := []indicators.Target{{Comparator: indicators.GT, Value: indicators.MustNumber("0")}}
	return w.Number(n, indicators.PrintDigits(n, p.digits(), "", above))
}

// difference prints a difference with its unit: 1.03个, 2.62个百分点.
func (p Picture) difference(w Words, n indicators.Number) string {
	unit := w.DifferenceUnit(w.Unit(&p.Trajectory.Indicator))
	if p.Trajectory.Basis == indicators.ChangePct {
		unit = w.DifferenceUnit("%")
	}
	return w.WithUnit(p.amount(w, n), unit)
}

// name is the indicator's, in the page's language.
func (p Picture) name(w Words) string {
	return w.Pick(p.Trajectory.Indicator.Name, p.Trajectory.Indicator.NameEn)
}

// behind is how far the latest result lies short of the required path, in the
// direction of good, and beyond it where short is false; absent without both.
func (p Picture) behind() (by indicators.Number, short bool) {
	t := &p.Trajectory
	latest := t.Latest()
	if latest == nil || latest.Bound != "" {
		return indicators.Number{}, false
	}
	required := t.Required(latest.Period)
	if !required.Present() {
		return required, false
	}
	d := required.Decimal().Sub(latest.Value.Decimal())
	if t.Indicator.Direction == indicators.Lower {
		d = d.Neg()
	}
	return indicators.NumberOf(d.Abs()), d.IsPositive()
}

// Title is the finding, for a heading above the chart.
func (p Picture) Title(w Words) string {
	t := &p.Trajectory
	target, latest := p.target(), t.Latest()
	if p.Kind() == Dated {
		if done := t.Done(); done != nil {
			return w.T("chart.done_on", w.Date(done.Period))
		}
		return p.silentWord(w)
	}
	if p.Units != nil && p.Units.Met+p.Units.Short > 0 {
		return w.T("chart.ruler_units", p.Units.Met, p.Units.Total)
	}
	switch by, short := p.behind(); {
	case latest == nil && target == nil:
		return w.T("chart.no_result")
	case latest == nil:
		return w.T("chart.title_none", p.Goal(w))
	case by.Present() && by.Decimal().IsZero():
		return w.T("chart.title_on", w.Date(latest.Period))
	case by.Present():
		if short == (t.Indicator.Direction == indicators.Lower) {
			return w.T("chart.title_above", w.Date(latest.Period), p.difference(w, by))
		}
		return w.T("chart.title_below", w.Date(latest.Period), p.difference(w, by))
	case target != nil && p.Verdict.Gap.Present() && p.Verdict.Gap.Decimal().IsPositive():
		at := latest.Period
		if p.gapElsewhere() {
			at = p.Verdict.GapAt
		}
		return w.T("chart.title_gap", w.Date(at), p.difference(w, p.Verdict.Gap))
	case target != nil:
		return w.T("chart.title_latest", w.Date(latest.Period), p.figure(w, *latest), p.Goal(w))
	}
	return w.T("chart.title_value", w.Date(latest.Period), p.figure(w, *latest))
}

// Subtitle is what is drawn: measure, unit, area and span, and what of the
// drawing needs saying.
func (p Picture) Subtitle(w Words) string {
	t := &p.Trajectory
	s := p.span()
	parts := []string{p.name(w)}
	if unit := w.Unit(&t.Indicator); unit != "" && t.Basis != indicators.ChangePct {
		parts = append(parts, unit)
	}
	parts = append(parts, w.Pick(t.Area.Name, t.Area.NameEn),
		w.T("chart.from_to", indicators.YearOf(s.first-1).String(), indicators.YearOf(s.last).String()))
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
	if p.Charted() && p.Axis().Cropped {
		parts = append(parts, w.T("chart.cropped"))
	}
	return strings.Join(parts, w.T("chart.comma"))
}

// at says a value with its time.
func (p Picture) at(w Words, o indicators.Observation) string {
	return w.T("chart.text_at", w.Date(o.Period), p.figure(w, o))
}

// promise says a target with its time.
func (p Picture) promise(w Words, target indicators.Target) string {
	if target.Milestone == indicators.Every {
		return w.T("chart.text_standing", p.targetFigure(w, target))
	}
	return w.T("chart.text_target", w.Date(target.When(p.Trajectory.Plan)), p.targetFigure(w, target))
}

// Text says the trajectory in a sentence.
func (p Picture) Text(w Words) string {
	t := &p.Trajectory
	target, latest := p.target(), t.Latest()
	unit := w.Unit(&t.Indicator)
	head := w.T("chart.text_head", p.name(w), unit)
	if unit == "" || p.closed(w, t.Basis) || p.Kind() == Dated {
		head = w.T("chart.text_plain_head", p.name(w))
	}
	var parts []string
	if p.Kind() == Dated {
		parts = p.datedText(w, target)
	} else {
		if t.Baseline != nil {
			parts = append(parts, w.T("chart.text_baseline", w.Date(t.Baseline.Period), p.figure(w, *t.Baseline)))
		}
		switch {
		case p.Units != nil:
			parts = append(parts, w.T("chart.text_units", p.Units.Total, p.Units.Met, p.Units.Short, p.Units.Unreported()))
		case latest != nil:
			parts = append(parts, p.at(w, *latest))
		default:
			parts = append(parts, w.T("chart.no_result"))
		}
		if target != nil {
			parts = append(parts, p.promise(w, *target))
		}
	}
	out := head + strings.Join(parts, w.T("chart.comma"))
	if v := p.verdictText(w); v != "" {
		out += w.T("chart.semicolon") + v
	}
	list := append([]string{out}, p.remarks(w)...)
	if v := p.projectionText(w); v != "" {
		list = append(list, v)
	}
	return sentences(w, list...)
}

// sentences ends each with a stop.
func sentences(w Words, list ...string) string {
	stop := w.T("chart.stop")
	return strings.TrimSpace(strings.Join(list, stop) + stop)
}

func (p Picture) datedText(w Words, target *indicators.Target) []string {
	var parts []string
	if target != nil {
		parts = append(parts, w.T("chart.due", w.Date(target.When(p.Trajectory.Plan))))
	}
	if done := p.Trajectory.Done(); done != nil {
		return append(parts, w.T("chart.done_on", w.Date(done.Period)))
	}
	return append(parts, w.T("chart.no_result"))
}

// verdictText says gap and status.
func (p Picture) verdictText(w Words) string {
	var parts []string
	v := p.Verdict
	switch {
	case v.Gap.Present() && v.Gap.Decimal().IsPositive() && p.gapElsewhere():
		parts = append(parts, w.T("chart.text_short_at", w.Date(v.GapAt), p.difference(w, v.Gap)))
	case v.Gap.Present() && v.Gap.Decimal().IsPositive():
		parts = append(parts, w.T("chart.text_short", p.difference(w, v.Gap)))
	case v.Over.Present() && v.Over.Decimal().IsPositive():
		parts = append(parts, w.T("chart.text_over", p.difference(w, v.Over)))
	}
	if v.Word != "" {
		parts = append(parts, w.T("chart.text_status", v.Word))
	}
	return strings.Join(parts, w.T("chart.comma"))
}

// remarks are the sentences on silent years, answers and corrections.
func (p Picture) remarks(w Words) []string {
	t := &p.Trajectory
	if p.Kind() == Dated {
		return nil
	}
	var silent, due []string
	for _, y := range t.Silent() {
		if awaited(t, y) {
			due = append(due, indicators.YearOf(y).String())
			continue
		}
		silent = append(silent, indicators.YearOf(y).String())
	}
	var answered []string
	for _, o := range t.Answers {
		answered = append(answered, o.Period.String())
	}
	var out []string
	and := w.T("chart.and")
	if len(silent) > 0 {
		out = append(out, w.T("chart.text_silent", strings.Join(silent, and)))
	}
	if len(due) > 0 {
		out = append(out, w.T("chart.text_awaited", strings.Join(due, and)))
	}
	if len(answered) > 0 {
		out = append(out, w.T("chart.text_answered", strings.Join(answered, and)))
	}
	for _, o := range p.observations() {
		if o.Quality == indicators.Provisional {
			out = append(out, w.T("chart.text_provisional", w.Date(o.Period)))
		}
		if was := t.Corrected(&o); len(was) > 0 {
			out = append(out, w.T("chart.text_corrected", w.Date(o.Period), p.figure(w, was[len(was)-1])))
		}
	}
	return out
}

// RulerText says the ruler in a sentence.
func (p Picture) RulerText(w Words) string {
	t := &p.Trajectory
	var parts []string
	latest := t.Latest()
	switch {
	case p.Kind() == Dated:
		parts = p.datedText(w, p.target())
	case p.Units != nil && p.Units.Met+p.Units.Short > 0:
		parts = append(parts, w.T("chart.ruler_units", p.Units.Met, p.Units.Total))
	case p.Units != nil:
		parts = append(parts, w.T("chart.ruler_none"))
	case latest != nil:
		parts = append(parts, w.T("chart.ruler_now", p.figure(w, *latest)))
	default:
		parts = append(parts, w.T("chart.ruler_none"))
	}
	if p.Kind() != Dated {
		for _, target := range t.Targets {
			if target.Milestone == indicators.Every {
				parts = append(parts, w.T("chart.text_standing", p.targetFigure(w, target)))
				continue
			}
			parts = append(parts, w.T("chart.ruler_mark", w.Date(target.When(t.Plan)), p.targetFigure(w, target)))
		}
	}
	if a := p.Verdict.Attainment; a.Present() {
		parts = append(parts, w.T("chart.ruler_way", attained(w, a)))
	}
	return w.T("chart.ruler_head", p.name(w)) + strings.TrimSpace(strings.Join(parts, w.T("chart.comma"))+w.T("chart.stop"))
}

// attained prints an attainment with one digit, and never as whole when it is
// not.
func attained(w Words, a indicators.Number) string {
	return w.Number(a, indicators.PrintDigits(a, 1, "%", nil))
}
