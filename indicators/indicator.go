package indicators

import "strconv"

// Measure is what kind of quantity an indicator is.
type Measure string

// The measures. An average is never summed.
const (
	Stock       Measure = "stock"       // a level at year's end
	Flow        Measure = "flow"        // an amount in the year
	Rate        Measure = "rate"        // numerator ÷ denominator × per
	Average     Measure = "average"     // hours, yuan a head
	Deliverable Measure = "deliverable" // done or not, with a date
)

// Allowed lists the legal measures.
func (Measure) Allowed() []string {
	return []string{"stock", "flow", "rate", "average", "deliverable"}
}

// Direction is which way is better.
type Direction string

// The directions. None is shown and not judged.
const (
	Higher      Direction = "higher"
	Lower       Direction = "lower"
	Within      Direction = "within"
	NoDirection Direction = "none"
)

// Allowed lists the legal directions.
func (Direction) Allowed() []string { return []string{"higher", "lower", "within", "none"} }

// Nature says how binding the plan makes an indicator.
type Nature string

// Allowed lists the legal natures.
func (Nature) Allowed() []string {
	return []string{"binding", "expected", "required", "optional", "local"}
}

// Scope is where a target must hold.
type Scope string

// The scopes. For each of the Each… scopes the target's value is the condition
// in every unit, and the result is units that meet it ÷ units.
const (
	City          Scope = "city"
	EachDistrict  Scope = "each_district"
	EachTownship  Scope = "each_township"
	EachCommunity Scope = "each_community"
	EachFacility  Scope = "each_facility"
)

// Allowed lists the legal scopes.
func (Scope) Allowed() []string {
	return []string{"city", "each_district", "each_township", "each_community", "each_facility"}
}

// Rollup is how districts make the city.
type Rollup string

// The roll-ups; an empty cell is none.
const (
	Sum      Rollup = "sum"
	Ratio    Rollup = "ratio"
	CountMet Rollup = "count_met"
	NoRollup Rollup = "none"
)

// Allowed lists the legal roll-ups.
func (Rollup) Allowed() []string { return []string{"sum", "ratio", "count_met", "none"} }

// Frequency is how often an indicator is reported.
type Frequency string

// Allowed lists the legal frequencies.
func (Frequency) Allowed() []string {
	return []string{"yearly", "half_yearly", "quarterly", "monthly", "once"}
}

// Indicator is one measured promise 指标. Decimals is the number of digits to
// print, nil where nothing is printed (deliverables); Min and Max bound what
// can be true; Per is what a rate is per (100, 1000, 10000).
type Indicator struct {
	Code              Code      `col:"code,required"`
	Task              Label     `col:"task"`
	Domain            Code      `col:"domain"` // only where Task is empty; both empty: the plan-wide group
	Name              string    `col:"name,required"`
	NameEn            string    `col:"name_en"`
	Aliases           Names     `col:"aliases"`
	Unit              string    `col:"unit"`
	UnitEn            string    `col:"unit_en"`
	Measure           Measure   `col:"measure,required"`
	Direction         Direction `col:"direction,required"`
	Nature            Nature    `col:"nature"`
	Scope             Scope     `col:"scope,required"`
	Rollup            Rollup    `col:"rollup"`
	NumeratorSeries   Code      `col:"numerator_series"`
	DenominatorSeries Code      `col:"denominator_series"`
	Per               Number    `col:"per"`
	Decimals          *int      `col:"decimals"`
	Min               Number    `col:"min"`
	Max               Number    `col:"max"`
	Headline          *int      `col:"headline"`
	NewCount          bool      `col:"new_count"` // starts at 0 at the end of the year before the plan's first
	Leads             Codes     `col:"leads"`
	Reporter          Code      `col:"reporter"`
	Frequency         Frequency `col:"frequency"`
	DataSource        string    `col:"data_source"`
	Related           Codes     `col:"related"`
	Definition        string    `col:"definition"`
	DefinitionEn      string    `col:"definition_en"`
	ChildWords        string    `col:"child_words"`
	Clause            string    `col:"clause,required"`
}

// Series is a supporting count, such as resident population.
type Series struct {
	Code   Code   `col:"code,required"`
	Name   string `col:"name,required"`
	NameEn string `col:"name_en"`
	Unit   string `col:"unit"`
}

// Milestone is a year of the plan, "every" for a standing target, or empty for
// a deliverable with its own date.
type Milestone string

// Every is the milestone of a standing target: judged in every milestone's
// year.
const Every Milestone = "every"

// Year is the milestone's year; false for a standing or undated one.
func (m Milestone) Year() (int, bool) {
	y, err := strconv.Atoi(string(m))
	return y, err == nil
}

// MilestoneOf is the milestone of year y.
func MilestoneOf(y int) Milestone { return Milestone(strconv.Itoa(y)) }

// Comparator is how a value is held against a target. 以上, 以下 and 以内
// include the number (民法典 art. 1259).
type Comparator string

// The comparators. Hold is 保持稳定: no worse than the baseline.
const (
	GE      Comparator = "ge"
	GT      Comparator = "gt"
	LE      Comparator = "le"
	LT      Comparator = "lt"
	EQ      Comparator = "eq"
	Between Comparator = "between"
	About   Comparator = "about"
	Hold    Comparator = "hold"
)

// Allowed lists the legal comparators.
func (Comparator) Allowed() []string {
	return []string{"ge", "gt", "le", "lt", "eq", "between", "about", "hold"}
}

// Basis is what a number states.
type Basis string

// The bases. In a target an empty one is level.
const (
	Level      Basis = "level"      // what stands
	Added      Basis = "added"      // the increase within the year
	Cumulative Basis = "cumulative" // a running total since its base year
	ChangePct  Basis = "change_pct" // per cent change on a base year, a fall negative
)

// Allowed lists the legal bases.
func (Basis) Allowed() []string { return []string{"level", "added", "cumulative", "change_pct"} }

// Target is a value promised at a milestone or a date 目标值. Upper is judged
// with [Between] only, and otherwise shown. From and Until bound the days on
// which the row is in force; Reason says why it changed.
type Target struct {
	Indicator  Code       `col:"indicator,required"`
	Milestone  Milestone  `col:"milestone"`
	Comparator Comparator `col:"comparator,required"`
	Value      Number     `col:"value"`
	Upper      Number     `col:"upper"`
	Basis      Basis      `col:"basis"`
	BaseYear   *int       `col:"base_year"`
	Due        Period     `col:"due" form:"month,date"`
	Term       string     `col:"term"`
	From       Period     `col:"from" form:"date"`
	Until      Period     `col:"until" form:"date"`
	Reason     string     `col:"reason"`
	Clause     string     `col:"clause,required"`
}

// Grade is how a rule across figures is broken: an error blocks, a warning
// passes with an explanation.
type Grade string

// The grades.
const (
	ErrorGrade   Grade = "error"
	WarningGrade Grade = "warning"
)

// Allowed lists the legal grades.
func (Grade) Allowed() []string { return []string{"error", "warning"} }

// RuleOperator compares the two sides of a [Rule].
type RuleOperator string

// Allowed lists the legal operators.
func (RuleOperator) Allowed() []string { return []string{"le", "lt", "eq", "ge", "gt"} }

// Rule is a check across figures of one area and period. A side is terms
// joined by " + " or " - "; a term is a number, a code, or sum(code) over the
// areas below.
type Rule struct {
	Code      Code         `col:"code,required"`
	Left      string       `col:"left,required"`
	Operator  RuleOperator `col:"operator,required"`
	Right     string       `col:"right,required"`
	Grade     Grade        `col:"grade,required"`
	Message   string       `col:"message,required"`
	MessageEn string       `col:"message_en"`
}
