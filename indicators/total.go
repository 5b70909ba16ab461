package indicators

import (
	"slices"

	"github.com/shopspring/decimal"
)

// totals reads a running total: the last reported one plus every later
// reported amount, else the sum since the base year. With a gap before it, a
// sum is "at least N". An amount dated within its year, or a reported total
// so dated, is the year to date.
func (v *view) totals(l *line, baseYear int) {
	v.rows(l, Cumulative)
	if v.ind.Measure == Average || v.ind.Measure == Rate {
		return // never summed
	}
	amounts := line{muted: l.muted}
	v.rows(&amounts, Added)
	if len(amounts.figures) == 0 {
		return
	}
	slices.SortStableFunc(amounts.figures, func(a, b Figure) int { return a.Period.Compare(b.Period) })
	reported := len(l.figures)
	sum := tally{through: baseYear - 1, whole: true}
	if b := v.baseline(Cumulative); b != nil && b.yearEnd() && b.Period.Year >= baseYear {
		sum = tally{value: b.exact.value(), from: b.From, through: b.Period.Year, whole: true}
	}
	for _, y := range yearsOf(amounts.figures, l.figures[:reported], sum.through+1) {
		v.totalYear(l, &sum, amounts.figures, reported, y)
	}
}

// tally is the running total at the end of a year: exact, or what it is at
// least.
type tally struct {
	value   decimal.Decimal
	from    []*Observation
	through int  // the year it stands at the end of
	whole   bool // nothing is missing
	falls   bool // an amount was negative: nothing can be said of a sum with a gap
}

// totalYear lays out a year's running totals and carries the tally to its end.
func (v *view) totalYear(l *line, sum *tally, amounts []Figure, reported, y int) {
	if y > sum.through+1 {
		sum.whole = false
	}
	sum.through = y
	for _, b := range l.breaks {
		if (b-1)/12 == y && len(sum.from) > 0 {
			*sum = tally{through: y} // nothing before a break is a summand
		}
	}
	var full, part, end, mid *Figure
	for i := range amounts {
		a := &amounts[i]
		if a.Period.Year != y || a.Bound == "le" || a.Bound == "about" {
			continue
		}
		if a.yearEnd() && a.Bound == "" {
			full = a // the whole year comes after its December
		} else {
			part = a
		}
	}
	for i := range l.figures[:reported] {
		t := &l.figures[i]
		if t.Period.Year != y || t.Bound == "le" || t.Bound == "about" {
			continue
		}
		if t.yearEnd() && t.Bound == "" {
			end = t
		} else {
			mid = t
		}
	}
	for i := range amounts {
		a := &amounts[i]
		if a.Period.Year != y || a.Bound == "le" || a.Bound == "about" || a.yearEnd() && (end != nil || full != nil && a != full) {
			continue
		}
		sum.falls = sum.falls || a.exact.cmp(zero) < 0
		lower := !sum.whole || a.Bound != ""
		if lower && sum.falls || l.has(a.Period) {
			continue
		}
		total := sum.value.Add(a.Value.Decimal())
		l.figures = append(l.figures, Figure{
			Value: NumberOf(total), Period: a.Period, Basis: Cumulative, AtLeast: lower, ToDate: a.ToDate, How: HowTotal,
			From: append(slices.Clone(sum.from), a.From...), exact: whole(total), months: a.months,
		})
	}
	switch {
	case end != nil:
		*sum = tally{value: end.Value.Decimal(), from: end.From, through: y, whole: true}
		return
	case full != nil:
		sum.add(full)
	case part != nil:
		sum.add(part)
		sum.whole = false
	default:
		sum.whole = false
	}
	// A total reported within the year is as good a floor as any sum with a gap.
	if mid != nil && !sum.whole && mid.Value.Decimal().GreaterThan(sum.value) {
		sum.value, sum.from = mid.Value.Decimal(), mid.From
	}
}

func (s *tally) add(a *Figure) {
	s.value = s.value.Add(a.Value.Decimal())
	s.from = append(slices.Clone(s.from), a.From...)
}

// yearsOf lists the years from first on in which any of the figures is dated.
func yearsOf(a, b []Figure, first int) []int {
	var out []int
	for _, list := range [][]Figure{a, b} {
		for i := range list {
			if y := list[i].Period.Year; y >= first && !slices.Contains(out, y) {
				out = append(out, y)
			}
		}
	}
	slices.Sort(out)
	return out
}
