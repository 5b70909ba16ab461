package page

import "yimi/indicators"

// Method says how figures come about.
type Method struct {
	Frame
	Counts   Counts
	Limits   indicators.Limits
	Tables   []RuleTable
	Formulas []FormulaRow
	Example  Link
	Examples []Working
}

// RuleTable is one ordered table of the rules of judgement.
type RuleTable struct {
	Key, Title string
	Rules      []RuleRow
}

// RuleRow is one rule, with a target of the plan that it decides.
type RuleRow struct {
	ID      string
	Number  int
	Text    string
	Status  string
	Example Example // no text where it has decided none yet
}

// Example is a target of the plan that shows a rule or a formula.
type Example struct {
	Link  Link
	Day   string // the earlier day on which it stands; empty for the page's own
	Text  string
	Value string // what a formula comes to
}

// FormulaRow is one formula with an example, where there is one.
type FormulaRow struct {
	Name, Formula string
	Examples      []Example
}

// Formula names a step of the working and how it is had.
type Formula struct{ Step, Formula string }

// Formulas are those that the page of methods works out.
func Formulas() []Formula {
	return []Formula{
		{indicators.StepRequired, "required"}, {indicators.StepPace, "pace"},
		{indicators.StepAttainment, "attainment_way"}, {indicators.StepAttainment, "attainment_ratio"},
		{indicators.StepAttainment, "attainment_inverse"}, {indicators.StepAttainment, "attainment_units"},
		{indicators.StepGap, "gap"}, {indicators.StepRequiredPace, "required_pace"},
	}
}

// StepOf is the step of an assessment's working that a formula names; the zero
// step where it has none.
func StepOf(f *Frame, a *indicators.Assessment, wanted Formula) VerdictStep {
	for _, s := range a.Working() {
		if s.Key == wanted.Step && s.Formula == wanted.Formula {
			return printer{f, a}.step(s)
		}
	}
	return VerdictStep{}
}

// Counts is how much the library holds.
type Counts struct {
	Tasks, Indicators, Targets, Organisations, Areas, Reported int
}

// Name is the template's.
func (*Method) Name() string { return "method" }

// Sections are the topics of the page, as keys of the catalogue.
func (p *Method) Sections() []string {
	return []string{"targets", "basis", "scope", "missing", "editions", "sources", "rates", "rounding", "known", "value", "group", "never"}
}
