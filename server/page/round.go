package page

// RoundRow is one round of the list.
type RoundRow struct {
	Round               Link
	Due, OnTime, Locked string
	State               string
	Opened              string
}

// Rounds lists the rounds.
type Rounds struct {
	Frame
	Opens bool // whoever reads may open one
	Rows  []RoundRow
}

// Name is the template's.
func (*Rounds) Name() string { return "rounds" }

// Unowned is one organisation that has nobody to enter or to review figures, and
// which.
type Unowned struct {
	Organisation Link // no address where the library names none
	Figures      string
}

// Lacks is what nobody is there for, by organisation: to be entered, and to be
// endorsed by a lead department.
type Lacks struct{ Entry, Review []Unowned }

// RoundForm opens a round, or changes its days.
type RoundForm struct {
	Frame
	Lead   string // what the round asks for
	Years  []Option
	Lacks  Lacks
	Form   Form
	Filled bool // there is a year to open a round for
}

// Name is the template's.
func (*RoundForm) Name() string { return "roundform" }

// ProgressRow is how far one organisation is.
type ProgressRow struct {
	Organisation                                                   Link
	Due, NotBegun, Entered, Submitted, Returned, Approved, Overdue int
	Signed                                                         string // who signed for the round, and when; empty for nobody
}

// ExtensionRow is one wish for a later day.
type ExtensionRow struct {
	Organisation        Link
	Until, Reason       string
	Asked, AskedBy      string
	Waits, Granted      bool
	Decided, DecidedBy  string
	Answer, DecisionURL string
}

// Day is one of a round's days and what it means.
type Day struct{ Label, On, Means string }

// Round is one round as the office sees it.
type Round struct {
	Frame
	Sentence   string
	Done       string // what was just done; empty for nothing
	Note       string
	Opened     string
	Days       []Day
	Total      ProgressRow
	Rows       []ProgressRow
	Lacks      Lacks
	Extensions []ExtensionRow
	Links      []Link
	Answer     Form // what is wrong with a decision, and what was typed
}

// Name is the template's.
func (*Round) Name() string { return "round" }

// ChaseRow is one organisation to be reminded.
type ChaseRow struct {
	Organisation Link
	Figures      []Link // its figures, to be reopened after the lock
	Mail         string // where its reminders go; empty for nowhere
	Box          string // the value that chooses it
	Last         string // when it was last reminded, and what came of it
}

// ChaseStep is one of the three steps, as a text to copy and as letters.
type ChaseStep struct {
	Step, Title, Hint string
	Text              string
	Lines             int
	Rows              []ChaseRow
	Letters           bool // some of them can be written to
}

// Chase is whom to remind of a round.
type Chase struct {
	Frame
	Sentence string
	Done     string
	Action   string
	Steps    []ChaseStep
}

// Name is the template's.
func (*Chase) Name() string { return "chase" }

// ContactRow is where one organisation's reminders go.
type ContactRow struct {
	Code, Organisation string
	Mail, Was, Version string
	Problem            string
}

// Contacts is where reminders go.
type Contacts struct {
	Frame
	Done  string
	Wrong int
	Rows  []ContactRow
}

// Name is the template's.
func (*Contacts) Name() string { return "contacts" }
