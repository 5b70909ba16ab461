package page

// LibraryRow is one row of the library in the office's list.
type LibraryRow struct {
	Row   Link   // its form
	Code  string // its code
	Under string // where it belongs
	Notes []string
}

// LibraryGroup is rows of one kind under a heading.
type LibraryGroup struct {
	Heading string
	Kind    string
	New     Link // the form for a new one
	Rows    []LibraryRow
}

// Library is the office's desk of the library: everything that it can change.
type Library struct {
	Frame
	Asked  string
	Views  []View
	Groups []LibraryGroup
	Found  string // how many, where something was asked for
	Newest []ChangeRow
}

// Name is the template's.
func (*Library) Name() string { return "library" }

// ChangedCell is one cell of a changed row, in words.
type ChangedCell struct {
	Label    string
	Old, New string // empty for nothing
}

// ChangeRow is one change of the library: from when, why, and what.
type ChangeRow struct {
	What   Link // empty on the page of the thing itself
	Kind   string
	From   string
	Reason string
	Cells  []ChangedCell // none of a new row
	By     string        // who and when; empty on public pages
}

// TargetRow is one row of a target: what it promises, and on which days.
type TargetRow struct {
	When, Text  string
	Term        string
	From, Until string // words; empty where it holds from the beginning, or on
	Reason      string
	Past        bool   // it holds no more
	Ahead       bool   // it does not hold yet
	Edit        string // the address of its form; empty where it cannot be changed
}

// AmendmentForm is one row of the library to be changed, or a new one.
type AmendmentForm struct {
	Frame
	Done    string
	Code    string
	Public  Link // the page that the public reads
	Lead    string
	Others  []string // what the change would break elsewhere
	Form    Form
	Targets []TargetRow
	Listed  bool // it has targets, or could
	Another Link // the form for a new target
	Changes []ChangeRow
}

// Name is the template's.
func (*AmendmentForm) Name() string { return "amendment" }

// AmendmentPreview is what a change would do, before it is kept.
type AmendmentPreview struct {
	Frame
	Lead   string
	Row    Link
	Cells  []ChangedCell
	From   string
	Reason string
	Ends   string // what becomes of a target's old row; empty where none ends
	Judged string // on which day, and how many targets
	Flips  []Flip
	Odd    []string // what is probably a slip: targets that contradict each other
	Action string
	Hidden []Field
}

// Name is the template's.
func (*AmendmentPreview) Name() string { return "amended" }
