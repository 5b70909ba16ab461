package page

// Method says how figures come about.
type Method struct {
	Frame
	Counts   Counts
	Example  Link
	Examples []Working
}

// Counts is how much the library holds.
type Counts struct {
	Tasks, Indicators, Targets, Organisations, Areas, Reported int
}

// Name is the template's.
func (*Method) Name() string { return "method" }

// Sections are the topics of the page, as keys of the catalogue.
func (p *Method) Sections() []string {
	return []string{"targets", "basis", "scope", "missing", "editions", "sources", "rates", "rounding"}
}
