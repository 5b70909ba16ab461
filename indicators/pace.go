package indicators

import (
	"slices"

	"github.com/shopspring/decimal"
)

// paceBand is where a pace stands.
type paceBand int8

const (
	paceNone paceBand = iota // none can be told
	paceFlat                 // nothing is required yet
	paceOff
	paceRisk
	paceOn
)

var (
	paceOnTrack = decimal.New(95, -2)
	paceAtRisk  = decimal.New(75, -2)
)

// Limits are the numbers in the rules of judgement, for the page that tells
// them (product rules, "How progress is judged").
type Limits struct {
	OnTrack, AtRisk Number // the least pace of each
	FreshMonths     int    // the age up to which a result tells a pace
	Projected       int    // yearly values that a projection needs
}

// RuleLimits are the numbers in the rules of judgement.
func RuleLimits() Limits {
	return Limits{OnTrack: NumberOf(paceOnTrack), AtRisk: NumberOf(paceAtRisk), FreshMonths: freshMonths, Projected: minProjected}
}

// path is the required path of a line: straight from its start through the
// milestones that have the same basis (counted from the same base year); the
// first year's amount is a point of a running total when base_year is that
// year. A milestone that the start already satisfies asks for nothing and is
// no corner. Without a start there is no path.
func (k *Known) path(ind *Indicator, s scopeLine, start *Figure, hold Number) []PathPoint {
	if start == nil {
		return nil
	}
	out := []PathPoint{{start.Period, NumberOf(start.exact.value())}}
	targets := k.Library.TargetsOf(ind.Code)
	for i := range targets {
		t := &targets[i]
		year, ok := t.Milestone.Year()
		if !ok && t.Due.IsZero() || !t.InForce(k.Library.Plan, k.AsOf) {
			continue
		}
		of := k.scopeOf(ind, t)
		first := s.basis == Cumulative && of.basis == Added && year == s.baseYear
		if of != s && !first {
			continue
		}
		g, ok := goalOf(ind, t, hold)
		at := t.When(k.Library.Plan)
		if !ok || g.meets(start.exact) || at.Months() <= start.months {
			continue
		}
		out = append(out, PathPoint{at, NumberOf(g.aim(start.exact))})
	}
	slices.SortStableFunc(out[1:], func(a, b PathPoint) int { return a.At.Compare(b.At) })
	// Of two rows for one date the later in the plan's order holds.
	kept := out[:1]
	for i := 1; i < len(out); i++ {
		if i+1 < len(out) && out[i+1].At.Months() == out[i].At.Months() {
			continue
		}
		kept = append(kept, out[i])
	}
	if len(kept) < 2 {
		return nil
	}
	return kept
}

// required is what a path asks for at a time, exactly: linear between its
// corners, level before the first and after the last.
func required(path []PathPoint, months int) frac {
	for i := 1; i < len(path); i++ {
		a, b := path[i-1], path[i]
		t0, t1 := a.At.Months(), b.At.Months()
		if months > t1 || t1 == t0 {
			continue
		}
		if months <= t0 {
			return whole(a.Value.Decimal())
		}
		// a + (b − a) × (t − t0) ÷ (t1 − t0)
		span := decimal.NewFromInt(int64(t1 - t0))
		gone := b.Value.Decimal().Sub(a.Value.Decimal()).Mul(decimal.NewFromInt(int64(months - t0)))
		q, _ := over(a.Value.Decimal().Mul(span).Add(gone), span)
		return q
	}
	return whole(path[len(path)-1].Value.Decimal())
}

// pace is (latest − start) ÷ (required on the latest result's date − start) in
// the direction of good, with its band, judged exactly. The number is absent
// where nothing is required yet.
func pace(latest, start, asked frac, toward int) (Number, paceBand) {
	made, due := latest.sub(start), asked.sub(start)
	if toward < 0 {
		made.n, due.n = made.n.Neg(), due.n.Neg()
	}
	if !due.n.IsPositive() {
		return Number{}, paceFlat
	}
	// made ÷ due ≥ band  ⇔  made.n × due.d ≥ band × due.n × made.d
	left, right := made.n.Mul(due.denominator()), due.n.Mul(made.denominator())
	band := paceOff
	switch {
	case left.Cmp(right.Mul(paceOnTrack)) >= 0:
		band = paceOn
	case left.Cmp(right.Mul(paceAtRisk)) >= 0:
		band = paceRisk
	}
	return NumberOf(quo(left, right, 16)), band
}

// RequiredPath is the required path to a target of an indicator in an area, as
// corner points by date, for the chart: empty where there is none (no start, a
// start that already satisfies, an amount of one year, a standing target, a
// new series begun since). Values are in the target's basis.
func (k *Known) RequiredPath(ind *Indicator, area Code, t *Target) []PathPoint {
	at, ok := k.area[area]
	s := k.scopeOf(ind, t)
	if !ok || ind.Measure == Deliverable || t.Milestone == Every || s.basis == Added {
		return nil
	}
	l := k.line(ind, at, s)
	hold := k.hold(ind, at, s.basis)
	g, ok := goalOf(ind, t, hold)
	if !ok || l.start == nil || g.meets(l.start.exact) || l.splits(l.start.months, k.now) {
		return nil
	}
	return k.path(ind, s, l.start, hold)
}

// hold is the value that an indicator's targets to hold compare with; absent
// where it has no such target, or no baseline in that basis.
func (k *Known) hold(ind *Indicator, at int, b Basis) Number {
	if !slices.ContainsFunc(k.Library.TargetsOf(ind.Code), func(t Target) bool { return t.Comparator == Hold }) {
		return Number{}
	}
	v := k.view(ind, at)
	if f := v.kept(b); f != nil {
		return NumberOf(f.exact.value())
	}
	return Number{}
}
