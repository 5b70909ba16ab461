package page

// Method says how figures come about.
type Method struct {
	Frame
	Counts   Counts
	Tables   []RuleTable
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
	ID       string
	Number   int
	Text     string
	Status   string
	Example  Link // no text where it decides none today
	Sentence string
}

// Counts is how much the library holds.
type Counts struct {
	Tasks, Indicators, Targets, Organisations, Areas, Reported int
}

// Name is the template's.
func (*Method) Name() string { return "method" }

// Sections are the topics of the page, as keys of the catalogue.
func (p *Method) Sections() []string {
	return []string{"targets", "basis", "scope", "missing", "editions", "sources", "rates", "rounding", "known", "value", "path", "attainment", "group", "projection", "never"}
}
