package page

// Error is the page for a failure; it still helps.
type Error struct {
	Frame
	What      string // the message's key
	Detail    string
	Asked     string // what the address seems to look for
	Nearest   []Link
	Needed    []string // the roles that may do what was refused
	Reference string
	Fault     bool // ours, so the reference is worth telling
}

// Name is the template's.
func (*Error) Name() string { return "error" }

// Words is what happened and what to do.
func (p *Error) Words() string { return p.T("error." + p.What + ".text") }
