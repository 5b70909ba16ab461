package chart

import "yimi/indicators"

// Kind is how a trajectory is drawn.
type Kind string

// The kinds.
const (
	Level   Kind = "level"   // a line through what stood at each time
	Amounts Kind = "amounts" // a column for each year's amount
	Totals  Kind = "totals"  // a line for the running total over columns for the years
	Dated   Kind = "dated"   // done by a day or not: a line of time, no quantity
)

// kinds says for each kind which parts its chart has.
var kinds = map[Kind]struct {
	line    bool // results are joined points
	columns bool // results, or the amounts beside a total, are columns
}{
	Level:   {line: true},
	Amounts: {columns: true},
	Totals:  {line: true, columns: true},
	Dated:   {},
}

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

// Charted reports whether there is a trajectory: not for a deliverable, and not
// for units that are counted.
func (p Picture) Charted() bool { return p.Kind() != Dated && p.Units == nil }

// amounts are what is drawn as columns: of each year its last figure, since
// several within a year are each the year to date.
func (p Picture) amounts() []indicators.Observation {
	t := &p.Trajectory
	var from []indicators.Observation
	switch p.Kind() {
	case Amounts:
		from = p.observations()
	case Totals:
		for _, o := range t.Other {
			if o.Basis == indicators.Added || t.Indicator.Measure == indicators.Flow && (o.Basis == indicators.Level || o.Basis == "") {
				from = append(from, o)
			}
		}
	}
	var out []indicators.Observation
	for _, o := range from {
		if n := len(out); n > 0 && out[n-1].Period.Year == o.Period.Year {
			out[n-1] = o
			continue
		}
		out = append(out, o)
	}
	return out
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
