package indicators

import (
	"slices"
	"strings"
)

// PathPoint is one corner of the required path.
type PathPoint struct {
	At    Period
	Value Number
}

// Trajectory is one indicator in one area as it is drawn, tabled, told and
// downloaded: the one value that feeds them all. Everything in it is in Basis;
// what states another basis and cannot be laid on the same axis stands in
// Other.
type Trajectory struct {
	Plan      Plan
	Indicator Indicator
	Area      Area
	AsOf      Period
	Basis     Basis
	Baseline  *Observation  // nil when the plan gives none
	Results   []Observation // numbers made after the baseline, by period
	Earlier   []Observation // editions that no longer stand
	Answers   []Observation // what was answered without a number
	Other     []Observation // numbers in a basis that this axis cannot hold
	Targets   []Target      // in Basis or laid on it, by milestone, standing ones last
	Aside     []Target      // targets in another basis
	Path      []PathPoint   // the required path; empty when there is none
}

// NewTrajectory lays out the observations of one indicator in one area. obs
// are those that were known ([Known.Filter]); they may be in any order and hold
// other areas and subjects, which are passed over. Targets are those in force.
func NewTrajectory(k *Known, ind *Indicator, area *Area, obs []Observation) Trajectory {
	l := k.Library
	t := Trajectory{Plan: l.Plan, Indicator: *ind, Area: *area, AsOf: k.AsOf, Basis: Level}
	targets := slices.Clone(k.TargetsOf(ind.Code))
	slices.SortStableFunc(targets, func(a, b Target) int { return a.When(l.Plan).Compare(b.When(l.Plan)) })
	var last *Target
	for i := range targets {
		if _, dated := targets[i].Milestone.Year(); dated || last == nil {
			last = &targets[i]
		}
	}
	if last != nil && last.Basis != "" {
		t.Basis = last.Basis
	}
	for _, target := range targets {
		if t.holds(target.Basis, target.When(l.Plan), last) {
			t.Targets = append(t.Targets, target)
		} else {
			t.Aside = append(t.Aside, target)
		}
	}

	var own []Observation
	for _, o := range obs {
		if o.Subject == ind.Code && o.Area == area.Code {
			own = append(own, o)
		}
	}
	standing := Standing(l, own)
	type edition struct {
		key      [6]string
		revision int
	}
	stands := map[edition]bool{}
	for _, o := range standing {
		stands[edition{o.key(), o.Revision}] = true
	}
	for _, o := range own {
		if !stands[edition{o.key(), o.Revision}] {
			t.Earlier = append(t.Earlier, o)
		}
	}
	slices.SortStableFunc(t.Earlier, CompareObservations)
	slices.SortStableFunc(standing, func(a, b Observation) int { return a.Period.Compare(b.Period) })
	for _, o := range standing {
		switch {
		case !o.Value.Present():
			t.Answers = append(t.Answers, o)
		case !t.holds(o.Basis, o.Period, last):
			t.Other = append(t.Other, o)
		case o.Kind == Baseline:
			t.Baseline = &o
		default:
			t.Results = append(t.Results, o)
		}
	}
	if final := t.Final(); final != nil {
		t.Path = k.RequiredPath(ind, area.Code, final)
	}
	return t
}

// Include adds a figure that the engine worked out in the trajectory's basis, as
// a derived observation, so that what decides a status is drawn and listed
// where no source states it. What is reported, bounded below, of another basis
// or of a time that has a number is left alone.
func (t *Trajectory) Include(f *Figure) {
	if f == nil || f.AtLeast || f.Basis.orLevel() != t.Basis || t.Indicator.Scope.each() {
		return
	}
	switch f.How {
	case HowReported, HowDerived, HowZero, HowUnits, HowCounted:
		return
	}
	at := func(o Observation) bool { return o.Period.Months() == f.Period.Months() }
	if slices.ContainsFunc(t.Results, at) || t.Baseline != nil && at(*t.Baseline) {
		return
	}
	o := Observation{
		Subject: t.Indicator.Code, Area: t.Area.Code, Period: f.Period, Value: f.Value, Basis: t.Basis, Kind: Derived,
		Numerator: f.Numerator, Denominator: f.Denominator, Bound: f.Bound,
	}
	for _, from := range f.From {
		if known := from.KnownOn(t.Plan); o.Published.IsZero() || known.Compare(o.Published) > 0 {
			o.Published = known
		}
		if from.Source != "" && !strings.Contains(o.Source, from.Source) {
			o.Source += "; " + from.Source
		}
		if o.SourceURL == "" {
			o.SourceURL = from.SourceURL
		}
		o.Confidence = max(o.Confidence, from.Confidence)
	}
	o.Source = strings.TrimPrefix(o.Source, "; ")
	t.Results = append(t.Results, o)
	slices.SortStableFunc(t.Results, func(a, b Observation) int { return a.Period.Compare(b.Period) })
}

// holds reports whether a number of basis b at period p can be laid on the
// trajectory's axis: the same basis, or the amount of a running total's first
// year.
func (t *Trajectory) holds(b Basis, p Period, last *Target) bool {
	if b == "" {
		b = Level
	}
	if b == t.Basis {
		return true
	}
	amount := b == Added || b == Level && t.Indicator.Measure == Flow
	if t.Basis == Level && t.Indicator.Measure == Flow && b == Added {
		return true
	}
	return t.Basis == Cumulative && amount && last != nil && last.BaseYear != nil && p.Year == *last.BaseYear
}

// Latest is the newest result, nil when there is none; the baseline is no
// result.
func (t *Trajectory) Latest() *Observation {
	if len(t.Results) == 0 {
		return nil
	}
	return &t.Results[len(t.Results)-1]
}

// Final is the target that the ruler is drawn to: the last dated one, else a
// standing one; nil when there is none.
func (t *Trajectory) Final() *Target {
	var final *Target
	for i := range t.Targets {
		if _, dated := t.Targets[i].Milestone.Year(); dated || final == nil {
			final = &t.Targets[i]
		}
	}
	return final
}

// Silent lists the years from the one after the baseline year to the last
// milestone's that have begun by AsOf and for which nothing is known: no
// number of any basis, no answer.
func (t *Trajectory) Silent() []int {
	heard := map[int]bool{}
	for _, list := range [][]Observation{t.Results, t.Answers, t.Other} {
		for _, o := range list {
			heard[o.Period.Year] = true
		}
	}
	var out []int
	for y := t.Plan.BaselineYear + 1; y <= t.Plan.LastMilestone() && y <= t.AsOf.Year; y++ {
		if !heard[y] {
			out = append(out, y)
		}
	}
	return out
}

// When is the day by which a target is promised: its due, else the end of its
// milestone's year, else (standing) the end of the plan's last milestone.
func (t Target) When(p Plan) Period {
	if !t.Due.IsZero() {
		return t.Due
	}
	if y, ok := t.Milestone.Year(); ok {
		return YearOf(y)
	}
	return YearOf(p.LastMilestone())
}
