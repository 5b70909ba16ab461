package chart

import (
	"slices"

	"yimi/indicators"
)

// RowKind is what a row of the table is about.
type RowKind string

// The kinds of rows, in the order in which they stand on one day.
const (
	BaselineRow   RowKind = "baseline"   // the plan's own figure
	PathRow       RowKind = "path"       // what the required path asks for at a year's end
	ResultRow     RowKind = "result"     // a number made since
	EarlierRow    RowKind = "earlier"    // an edition that no longer stands
	OtherRow      RowKind = "other"      // a number in another basis
	AnswerRow     RowKind = "answer"     // answered without a number
	ProjectionRow RowKind = "projection" // where the results lead; no result
	SilentRow     RowKind = "silent"     // a year of which nothing is known
	TargetRow     RowKind = "target"     // a promised value
	AsideRow      RowKind = "aside"      // a promised value in another basis
)

var rowOrder = []RowKind{BaselineRow, PathRow, ResultRow, EarlierRow, OtherRow, AnswerRow, SilentRow, ProjectionRow, TargetRow, AsideRow}

// Row is one line of the table under a chart; page, CSV and chart share it.
type Row struct {
	Kind        RowKind
	Period      indicators.Period
	Value       indicators.Number       // absent where nothing is known
	Low, High   indicators.Number       // the range of projection; absent otherwise
	Basis       indicators.Basis        // of path and projection: what they count; empty otherwise
	Required    indicators.Number       // the required path on that date; absent off the path
	Observation *indicators.Observation // of baseline, result, earlier, answer and other
	Target      *indicators.Target      // of target and aside
	Awaited     bool                    // of silent: results are not due yet
}

// Rows lists everything that the chart shows, by date.
func (p Picture) Rows() []Row {
	t := &p.Trajectory
	var out []Row
	observed := func(kind RowKind, list []indicators.Observation) {
		for i := range list {
			o := &list[i]
			out = append(out, Row{Kind: kind, Period: o.Period, Value: o.Value, Required: t.Required(o.Period), Observation: o})
		}
	}
	if t.Baseline != nil {
		out = append(out, Row{Kind: BaselineRow, Period: t.Baseline.Period, Value: t.Baseline.Value, Required: t.Required(t.Baseline.Period), Observation: t.Baseline})
	}
	observed(ResultRow, t.Results)
	observed(EarlierRow, t.Earlier)
	observed(OtherRow, t.Other)
	observed(AnswerRow, t.Answers)
	if len(t.Path) > 0 {
		for y := t.Path[0].At.Year; y <= t.Path[len(t.Path)-1].At.Year; y++ {
			if v := t.Required(indicators.YearOf(y)); v.Present() {
				out = append(out, Row{Kind: PathRow, Period: indicators.YearOf(y), Value: v, Required: v, Basis: t.Basis})
			}
		}
	}
	if t.Indicator.Measure != indicators.Deliverable {
		for _, y := range t.Silent() {
			out = append(out, Row{Kind: SilentRow, Period: indicators.YearOf(y), Required: t.Required(indicators.YearOf(y)), Awaited: awaited(t, y)})
		}
	}
	for _, point := range p.projected() {
		out = append(out, Row{Kind: ProjectionRow, Period: point.At, Value: point.Value, Low: point.Low, High: point.High, Required: t.Required(point.At), Basis: t.Basis})
	}
	for i := range t.Targets {
		target := &t.Targets[i]
		out = append(out, Row{Kind: TargetRow, Period: target.When(t.Plan), Value: t.Value(target), Target: target})
	}
	for i := range t.Aside {
		target := &t.Aside[i]
		out = append(out, Row{Kind: AsideRow, Period: target.When(t.Plan), Value: target.Value, Target: target})
	}
	slices.SortStableFunc(out, func(a, b Row) int {
		if c := a.Period.Compare(b.Period); c != 0 {
			return c
		}
		return slices.Index(rowOrder, a.Kind) - slices.Index(rowOrder, b.Kind)
	})
	return out
}

// awaited reports whether the results of year y are not due yet: the due day
// of the year after, itself included.
func awaited(t *indicators.Trajectory, y int) bool {
	return t.AsOf.Compare(indicators.ResultsDue(nil).On(t.Plan, y)) <= 0
}
