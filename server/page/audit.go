package page

// EventRow is one line of the trail.
type EventRow struct {
	Number                 int64
	At, Actor, Act, Object string
	Before, After, From    string
}

// Audit is the trail, its verdict on top.
type Audit struct {
	Frame
	Size    int64
	Root    string
	Checked string
	Fault   string // the first fault; empty for a sound trail
	Object  string
	Since   string
	Until   string
	People  []Option
	Acts    []Option
	Rows    []EventRow
	Next    string
	CSV     string
}

// Name is the template's.
func (*Audit) Name() string { return "audit" }
