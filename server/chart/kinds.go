package chart

import "yimi/indicators"

// Kind is how a trajectory is drawn.
type Kind string

// The kinds.
const (
	Level   Kind = "level"   // what stood at each time
	Amounts Kind = "amounts" // each year's amount
	Totals  Kind = "totals"  // a running total since a base year
	Dated   Kind = "dated"   // done by a day or not: a line of time, no quantity
)

// Kind is how this picture is drawn.
func (p Picture) Kind() Kind {
	t := &p.Trajectory
	switch {
	case t.Indicator.Measure == indicators.Deliverable:
		return Dated
	case t.Basis == indicators.Cumulative:
		return Totals
	case t.Basis == indicators.Added, t.Indicator.Measure == indicators.Flow && t.Basis == indicators.Level:
		return Amounts
	}
	return Level
}

// joined reports whether the line runs from the result before i to result i:
// not over a silent year, not across a break, not to or from a bounded value.
func (p Picture) joined(i int) bool {
	if i == 0 {
		return false
	}
	a, b := &p.Trajectory.Results[i-1], &p.Trajectory.Results[i]
	return b.Period.Year-a.Period.Year <= 1 && b.Quality != indicators.Break && a.Bound == "" && b.Bound == ""
}
