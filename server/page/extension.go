package page

// Extension asks for a later day for all that an organisation owes in a round.
type Extension struct {
	Frame
	Form Form
}

// Name is the template's.
func (*Extension) Name() string { return "extension" }
