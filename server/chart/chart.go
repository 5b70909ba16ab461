// Package chart draws: growth rulers, trajectories, district bars, tiles and
// status bars, as SVG from the server and as options for ECharts, with the
// table and the sentence that say the same. Everything about one indicator is
// made from one [Picture], so that no two views can differ.
//
// Colours are classes (f-ink fills, s-ink strokes); static/css/chart.css gives
// them their tokens, and [Picture.Document] their light values.
package chart

import "yimi/indicators"

// SVG is a finished picture as markup. Every name and word in it is escaped,
// so that a page may print it as it is.
type SVG string

// Words is how a page's language says things; words.Lang is one.
type Words interface {
	T(key string, args ...any) string
	Pick(zh, en string) string
	Int(n int) string
	Number(n indicators.Number, decimals int) string
	Exact(n indicators.Number) string
	Short(n indicators.Number, decimals int) string
	Date(p indicators.Period) string
	Unit(i *indicators.Indicator) string
	DifferenceUnit(unit string) string
	WithUnit(printed, unit string) string
	Value(i *indicators.Indicator, o indicators.Observation, targets []indicators.Target) string
	Figure(i *indicators.Indicator, o indicators.Observation, targets []indicators.Target) string
	Target(i *indicators.Indicator, t indicators.Target) string
	TargetFigure(t indicators.Target) string
}

// Verdict is what the rules say of one target, for drawing and telling. The
// zero Verdict draws figures without a judgement.
type Verdict struct {
	Status     string            // the status' key, such as off_track; its icon and its hue follow from it
	Word       string            // the status in the page's language
	Gap        indicators.Number // what is missing, positive, in the indicator's unit; absent when met or unknown
	GapAt      indicators.Period // when it was missing; zero for the latest result's time
	Over       indicators.Number // by how much the target is passed; absent otherwise
	Attainment indicators.Number // 0 to 100; absent without a verdict
	Needed     indicators.Number // change needed a year from the latest result on; absent when none is needed
}

// gapElsewhere reports a gap of another time than the latest result's, which
// must not stand beside it as its own.
func (p Picture) gapElsewhere() bool {
	latest := p.Trajectory.Latest()
	return p.Units == nil && latest != nil && !p.Verdict.GapAt.IsZero() && p.Verdict.GapAt.Months() != latest.Period.Months()
}

// Units are the parts of a target that holds for each district, township,
// community or facility; the ruler then counts them, one tick each.
type Units struct {
	Met, Short, Total int // the rest has not reported
}

// Unreported is how many units nothing is known of.
func (u Units) Unreported() int { return u.Total - u.Met - u.Short }

// Picture is one indicator in one area, ready to be drawn.
type Picture struct {
	Trajectory indicators.Trajectory
	Target     *indicators.Target     // the target that the ruler is drawn to; nil: the trajectory's final one
	Verdict    Verdict                // on that target
	Hue        int                    // the place of its domain in the plan, from 1; 0 is ink, for the plan-wide group
	Units      *Units                 // for a target that holds for each part; nil otherwise
	Projection *indicators.Projection // where the results lead, in the trajectory's basis; nil: none
	Table      string                 // id of the table on the page that says the same, for aria-details; may be empty
}
