package page

// Domain is one domain: its indicators, tasks and leads.
type Domain struct {
	Frame
	Hue      int
	Tallies  []Tally
	Rows     []Row
	Reported int
	Tasks    []Link
	Leads    []Link
	Others   []Link // the other domains
}

// Name is the template's.
func (*Domain) Name() string { return "domain" }
