package page

// Indicators is the list of indicators with search and filters.
type Indicators struct {
	Frame
	Q       string
	Filters []Filter
	Groups  []Group
	Count   int
	Total   int
	Also    []Link // tasks, organisations and areas that fit the search
}

// Filter is one drop-down of the filter form.
type Filter struct {
	Name    string // the parameter
	Label   string
	Options []Option
}

// Option is one choice of a filter.
type Option struct {
	Value, Text string
	Chosen      bool
}

// Group is rows under a heading.
type Group struct {
	Heading Link
	Hue     int
	Rows    []Row
}

// Name is the template's.
func (*Indicators) Name() string { return "indicators" }

// Filtered reports that anything narrows the list.
func (p *Indicators) Filtered() bool { return p.Count != p.Total || p.Q != "" }
