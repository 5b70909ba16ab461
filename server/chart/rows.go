package chart

import (
	"slices"

	"yimi/indicators"
)

// Rows lists everything that the chart shows, by date: the figures and the
// silent years first, then the targets.
func Rows(t *indicators.Trajectory) []Row {
	var out []Row
	figure := func(kind RowKind, list []indicators.Observation) {
		for n := range list {
			out = append(out, Row{Kind: kind, Period: list[n].Period, Value: list[n].Value, Required: t.Required(list[n].Period), Observation: &list[n]})
		}
	}
	if t.Baseline != nil {
		out = append(out, Row{Kind: BaselineRow, Period: t.Baseline.Period, Value: t.Baseline.Value, Observation: t.Baseline})
	}
	figure(ResultRow, t.Results)
	figure(EarlierRow, t.Earlier)
	figure(AnswerRow, t.Answers)
	figure(OtherRow, t.Other)
	if t.Indicator.Measure != indicators.Deliverable {
		for _, y := range t.Silent() {
			p := indicators.YearOf(y)
			out = append(out, Row{Kind: SilentRow, Period: p, Required: t.Required(p), Awaited: unripe(t, y)})
		}
	}
	slices.SortStableFunc(out, func(a, b Row) int { return a.Period.Compare(b.Period) })
	for _, list := range []struct {
		kind    RowKind
		targets []indicators.Target
	}{{TargetRow, t.Targets}, {AsideRow, t.Aside}} {
		for n := range list.targets {
			target := &list.targets[n]
			out = append(out, Row{Kind: list.kind, Period: target.When(t.Plan), Value: t.Value(target), Target: target})
		}
	}
	return out
}
