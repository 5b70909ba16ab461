package indicators

import (
	"fmt"
	"slices"
)

// Status is what the published rule says of one target in one area at one
// milestone 进度状态 (product rules, "How progress is judged").
type Status string

// The statuses. There are exactly these; the words and shapes of each stand in
// the message catalogue and the style sheet.
const (
	Met         Status = "met"          // 达标: x(m) satisfies the target
	MetEarly    Status = "met_early"    // 提前达标: satisfied before m's year has ended, or on an earlier figure
	MetLate     Status = "met_late"     // 延期达标: x(m) does not satisfy, a later figure does
	Missed      Status = "missed"       // 未达标: x(m) does not satisfy
	Answered    Status = "answered"     // 已说明: answered without a number, or by a bound that does not decide
	Awaiting    Status = "awaiting"     // 待报: nothing for m, and results are not due yet
	NotReported Status = "not_reported" // 未报: nothing for m, and results were due
	NoData      Status = "no_data"      // 暂无数据: m's year has not ended, and nothing is known
	InProgress  Status = "in_progress"  // 推进中: known, and no pace can be told
	OnTrack     Status = "on_track"     // 正常: pace of 0.95 or more
	AtRisk      Status = "at_risk"      // 偏慢: pace of 0.75 or more
	OffTrack    Status = "off_track"    // 滞后: pace below 0.75, or lost what it had
)

// Statuses lists all statuses in the order in which they are drawn and listed
// (experience 3.1): the judged ones from good to bad, then those without a
// verdict.
func Statuses() []Status {
	return []Status{Met, MetEarly, MetLate, OnTrack, InProgress, AtRisk, OffTrack, Missed, Answered, Awaiting, NotReported, NoData}
}

// Allowed lists the legal statuses, in the order of [Statuses].
func (Status) Allowed() []string {
	out := make([]string, 0, len(Statuses()))
	for _, s := range Statuses() {
		out = append(out, string(s))
	}
	return out
}

// place is the status's place in [Statuses], -1 when it is none.
func (s Status) place() int { return slices.Index(Statuses(), s) }

// RuleTable names one of the ordered tables of rules.
type RuleTable string

// The tables.
const (
	EndedRules       RuleTable = "ended"       // once m's year has ended
	OpenRules        RuleTable = "open"        // while it has not
	DeliverableRules RuleTable = "deliverable" // done or not, on its own due date
	EachEndedRules   RuleTable = "each_ended"  // a target that holds in each unit, ended
	EachOpenRules    RuleTable = "each_open"   // the same, while m's year has not ended
)

// StatusRule is one row of the rules by which a status is given: within its
// table the first that fits decides. Number is the rule's number in the
// published text (several rows can share one, since one sentence there can
// tell several cases); Name is unique within its table and a key of the
// message catalogue ("rule." + Table + "." + Name).
type StatusRule struct {
	Table  RuleTable
	Number int
	Name   string
	Status Status
}

// String is the rule as an API tells it: "ended 3 missed".
func (r StatusRule) String() string { return fmt.Sprintf("%s %d %s", r.Table, r.Number, r.Name) }

// verdict is whether a figure satisfies a target.
type verdict int8

const (
	unknown   verdict = iota // there is no figure
	satisfied                // it does
	short                    // it does not
	undecided                // the figure is a bound that does not decide
)

// facts is all that the rules may look at. A page that explains a status shows
// the numbers behind them ([Assessment.Working]).
type facts struct {
	standing bool // judged in every milestone's year by that year alone
	amount   bool // an amount of one year: added, or a flow
	ceiling  bool // an amount or running total that must stay under something
	count    bool // the figure is units that meet ÷ units

	// m's year has ended
	x          verdict // x(m)
	answered   bool    // x(m) was answered without a number
	later      bool    // a later figure satisfies
	laterShort bool    // a later figure falls short
	earlier    verdict // the latest earlier result, never the baseline
	due        bool    // results were due

	// it has not
	any       bool    // a result since the baseline
	thisYear  bool    // the latest figure is of m's year
	toDate    bool    // and does not decide the year yet
	latest    verdict // the latest result
	wholeYear verdict // the latest whole-year figure
	startMet  bool    // the start already satisfied
	path      bool    // a required path exists
	pace      paceBand
	fresh     bool // the latest result is no older than 18 months

	// a deliverable
	done, late, undone, heard, before bool

	// each unit
	units eachFacts
}

// eachFacts is what the units of an each-target add up to.
type eachFacts struct {
	listed                                          bool // the units are areas of the library
	units, met, late, early, short, answered, heard int
	city                                            StatusRule // what a city figure "k of n" decides; zero when nothing
	due                                             bool
}

// rule is a row of the tables with its condition.
type statusRule struct {
	StatusRule
	fits func(*facts) bool
}

// lasting reports a target that a later figure can still meet and an earlier
// one already: levels, running totals and changes, but not an amount of one
// year, nor a standing target.
func (f *facts) lasting() bool { return !f.standing && !f.amount }

// rules is the one ordered table: within a RuleTable the first row that fits
// decides. Every number is the number of the product's text.
var rules = []statusRule{
	{StatusRule{EndedRules, 1, "met", Met}, func(f *facts) bool { return f.x == satisfied }},
	{StatusRule{EndedRules, 2, "met_late", MetLate}, func(f *facts) bool { return f.x == short && f.lasting() && f.later }},
	{StatusRule{EndedRules, 3, "missed", Missed}, func(f *facts) bool { return f.x == short }},
	{StatusRule{EndedRules, 4, "answered", Answered}, func(f *facts) bool { return f.x == undecided || f.answered }},
	{StatusRule{EndedRules, 5, "met_on_earlier_figure", MetEarly}, func(f *facts) bool {
		return f.lasting() && !f.ceiling && f.earlier == satisfied && !f.laterShort
	}},
	{StatusRule{EndedRules, 6, "awaiting", Awaiting}, func(f *facts) bool { return !f.due }},
	{StatusRule{EndedRules, 7, "not_reported", NotReported}, always},

	{StatusRule{OpenRules, 1, "no_data", NoData}, func(f *facts) bool { return !f.any }},
	{StatusRule{OpenRules, 2, "amount_of_another_year", NoData}, func(f *facts) bool {
		return f.amount && !f.standing && !f.thisYear
	}},
	{StatusRule{OpenRules, 2, "amount_to_date", InProgress}, func(f *facts) bool {
		return f.amount && !f.standing && f.latest != satisfied && f.toDate
	}},
	{StatusRule{OpenRules, 3, "met_early", MetEarly}, func(f *facts) bool {
		return !f.standing && !f.ceiling && f.latest == satisfied
	}},
	{StatusRule{OpenRules, 3, "standing_holds", OnTrack}, func(f *facts) bool {
		return f.standing && f.latest == satisfied && f.fresh
	}},
	{StatusRule{OpenRules, 3, "standing_held_long_ago", InProgress}, func(f *facts) bool {
		return f.standing && f.latest == satisfied
	}},
	{StatusRule{OpenRules, 3, "standing_falls_short", OffTrack}, func(f *facts) bool {
		return f.standing && f.wholeYear == short
	}},
	{StatusRule{OpenRules, 4, "lost", OffTrack}, func(f *facts) bool { return f.startMet && f.latest == short }},
	{StatusRule{OpenRules, 5, "pace_off_track", OffTrack}, func(f *facts) bool { return f.path && f.pace == paceOff }},
	{StatusRule{OpenRules, 5, "pace_too_old", InProgress}, func(f *facts) bool {
		return f.path && (f.pace == paceOn || f.pace == paceRisk) && !f.fresh
	}},
	{StatusRule{OpenRules, 5, "pace_on_track", OnTrack}, func(f *facts) bool { return f.path && f.pace == paceOn }},
	{StatusRule{OpenRules, 5, "pace_at_risk", AtRisk}, func(f *facts) bool { return f.path && f.pace == paceRisk }},
	{StatusRule{OpenRules, 5, "nothing_required_yet", InProgress}, func(f *facts) bool { return f.path && f.pace == paceFlat }},
	{StatusRule{OpenRules, 6, "in_progress", InProgress}, always},

	{StatusRule{DeliverableRules, 1, "done", Met}, func(f *facts) bool { return f.done }},
	{StatusRule{DeliverableRules, 2, "done_late", MetLate}, func(f *facts) bool { return f.late }},
	{StatusRule{DeliverableRules, 3, "undone", Missed}, func(f *facts) bool { return !f.before && f.undone }},
	{StatusRule{DeliverableRules, 4, "not_due_yet", InProgress}, func(f *facts) bool { return f.before && f.heard }},
	{StatusRule{DeliverableRules, 5, "no_data", NoData}, func(f *facts) bool { return f.before }},
	{StatusRule{DeliverableRules, 6, "answered", Answered}, func(f *facts) bool { return f.answered }},
	{StatusRule{DeliverableRules, 7, "awaiting", Awaiting}, func(f *facts) bool { return !f.due }},
	{StatusRule{DeliverableRules, 8, "not_reported", NotReported}, always},

	{StatusRule{EachEndedRules, 1, "one_falls_short", Missed}, func(f *facts) bool { return f.units.short > 0 }},
	{StatusRule{EachEndedRules, 2, "all_met_one_late", MetLate}, func(f *facts) bool {
		return f.units.allMet() && f.units.late > 0
	}},
	{StatusRule{EachEndedRules, 2, "all_met_one_on_earlier_figure", MetEarly}, func(f *facts) bool {
		return f.units.allMet() && f.units.early > 0
	}},
	{StatusRule{EachEndedRules, 2, "all_met", Met}, func(f *facts) bool { return f.units.allMet() }},
	{StatusRule{EachEndedRules, 3, "city_figure_met", Met}, func(f *facts) bool { return f.units.city.Status == Met }},
	{StatusRule{EachEndedRules, 3, "city_figure_met_late", MetLate}, func(f *facts) bool { return f.units.city.Status == MetLate }},
	{StatusRule{EachEndedRules, 3, "city_figure_short", Missed}, func(f *facts) bool { return f.units.city.Status == Missed }},
	{StatusRule{EachEndedRules, 4, "answered", Answered}, func(f *facts) bool {
		return f.units.allAnswered() || f.units.city.Status == Answered
	}},
	{StatusRule{EachEndedRules, 5, "city_figure_on_earlier", MetEarly}, func(f *facts) bool { return f.units.city.Status == MetEarly }},
	{StatusRule{EachEndedRules, 6, "awaiting", Awaiting}, func(f *facts) bool { return !f.units.due }},
	{StatusRule{EachEndedRules, 7, "not_reported", NotReported}, always},

	{StatusRule{EachOpenRules, 1, "all_hold", OnTrack}, func(f *facts) bool { return f.standing && f.units.allMet() }},
	{StatusRule{EachOpenRules, 1, "all_met_early", MetEarly}, func(f *facts) bool { return f.units.allMet() }},
	{StatusRule{EachOpenRules, 2, "city_figure_holds", OnTrack}, func(f *facts) bool { return f.units.city.Status == OnTrack }},
	{StatusRule{EachOpenRules, 2, "city_figure_met_early", MetEarly}, func(f *facts) bool { return f.units.city.Status == MetEarly }},
	{StatusRule{EachOpenRules, 3, "no_data", NoData}, func(f *facts) bool {
		return f.units.heard == 0 && f.units.city.Status == ""
	}},
	{StatusRule{EachOpenRules, 4, "in_progress", InProgress}, always},
}

func always(*facts) bool { return true }

// allAnswered reports that every unit either meets the target or answered
// without a number, or that the target applies to none.
func (e *eachFacts) allAnswered() bool {
	return e.listed && e.met+e.answered == e.units && (e.answered > 0 || e.units == 0)
}

// allMet reports that every unit that counts is known to meet the target.
func (e *eachFacts) allMet() bool { return e.units > 0 && e.met == e.units }

// tables holds the rows of each table as a slice of rules, in their order.
var tables = func() map[RuleTable][]statusRule {
	out := map[RuleTable][]statusRule{}
	for _, r := range rules {
		out[r.Table] = append(out[r.Table], r)
	}
	return out
}()

// decide is the first rule of a table that fits. The last row of every table
// always does.
func decide(t RuleTable, f *facts) StatusRule {
	for i := range tables[t] {
		if r := &tables[t][i]; r.fits(f) {
			return r.StatusRule
		}
	}
	return StatusRule{}
}

// StatusRules lists all rules in order, for the method page.
func StatusRules() []StatusRule {
	out := make([]StatusRule, len(rules))
	for i, r := range rules {
		out[i] = r.StatusRule
	}
	return out
}
