package indicators

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// Field is one thing that a person fills in for a figure.
type Field string

// The fields of an [Input].
const (
	ValueField       Field = "value"       // a number in the basis; 0 or 1 of a deliverable
	BasisField       Field = "basis"       // empty: what the indicator's targets ask for
	NumeratorField   Field = "numerator"   // in ones
	DenominatorField Field = "denominator" // in ones
	DoneField        Field = "done"        // the day or month a deliverable was done
	AnswerField      Field = "answer"      // said where there is no number
	UntilField       Field = "until"       // not available until then
	ReasonField      Field = "reason"      // of an answer without a number
	NoteField        Field = "note"        // 说明, and what explains a warning
	SourceField      Field = "source"
	SourceURLField   Field = "source_url"
	ExplanationField Field = "explanation" // what was done, why ahead or behind; published
	NextField        Field = "next"        // the next step; published
	CorrectionField  Field = "correction"  // why a published figure is entered anew; published
)

// Allowed lists the fields in the order of the form.
func (Field) Allowed() []string {
	return []string{"value", "basis", "numerator", "denominator", "done", "answer", "until", "reason",
		"note", "source", "source_url", "explanation", "next", "correction"}
}

// Numeric reports a field that [ReadNumber] reads.
func (f Field) Numeric() bool {
	return f == ValueField || f == NumeratorField || f == DenominatorField
}

// Input is what a person has typed for one figure, each field as typed, also
// what cannot be read: a draft keeps everything, and [Check] tells what is
// wrong with it.
type Input struct {
	Value       string `json:"value,omitempty"`
	Basis       string `json:"basis,omitempty"`
	Numerator   string `json:"numerator,omitempty"`
	Denominator string `json:"denominator,omitempty"`
	Done        string `json:"done,omitempty"`
	Answer      string `json:"answer,omitempty"`
	Until       string `json:"until,omitempty"`
	Reason      string `json:"reason,omitempty"`
	Note        string `json:"note,omitempty"`
	Source      string `json:"source,omitempty"`
	SourceURL   string `json:"source_url,omitempty"`
	Explanation string `json:"explanation,omitempty"`
	Next        string `json:"next,omitempty"`
	Correction  string `json:"correction,omitempty"`
}

func (e *Input) field(f Field) *string {
	switch f {
	case ValueField:
		return &e.Value
	case BasisField:
		return &e.Basis
	case NumeratorField:
		return &e.Numerator
	case DenominatorField:
		return &e.Denominator
	case DoneField:
		return &e.Done
	case AnswerField:
		return &e.Answer
	case UntilField:
		return &e.Until
	case ReasonField:
		return &e.Reason
	case NoteField:
		return &e.Note
	case SourceField:
		return &e.Source
	case SourceURLField:
		return &e.SourceURL
	case ExplanationField:
		return &e.Explanation
	case NextField:
		return &e.Next
	case CorrectionField:
		return &e.Correction
	}
	return nil
}

// Get is the text of a field; "" for one that there is not.
func (e Input) Get(f Field) string {
	if p := e.field(f); p != nil {
		return *p
	}
	return ""
}

// Says reports an entry that states a number or an answer, whether or not it can
// be read: one in which nothing but a source or a note stands is still blank, and
// so is one part of a number without the other.
func (e Input) Says() bool {
	return e.Value != "" || e.Answer != "" || e.Numerator != "" && e.Denominator != ""
}

// Edit is one field's new text.
type Edit struct {
	Field Field
	Text  string
}

// With is the entry after the edits. Text keeps its line breaks as single line
// feeds and loses the spaces around it. Invalid "field" for a field that there
// is not, TooLarge "text" beyond 4000 characters, Invalid "text_hidden" for text
// that is no UTF-8 or holds control characters.
func (e Input) With(edits []Edit) (Input, error) {
	for _, ed := range edits {
		p := e.field(ed.Field)
		if p == nil {
			return Input{}, &Error{Kind: Invalid, What: "field", Detail: string(ed.Field)}
		}
		text, err := cleanText(ed.Text, ed.Field.Numeric())
		if err != nil {
			return Input{}, err
		}
		*p = text
	}
	return e, nil
}

// CheckText is nil for a text as people type it into a form: UTF-8, at most
// 4000 characters on at most 500 lines, nothing invisible that makes one word
// look like another. Invalid "text" beyond the limits, Invalid "text_hidden" for
// what cannot be seen: each is mended otherwise.
func CheckText(s string) error {
	if _, err := cleanText(s, false); err != nil {
		return &Error{Kind: Invalid, What: whatOf(err)}
	}
	return nil
}

// cleanText is a typed text as it is kept. Of a number everything that copying
// brings along is kept, for [ReadNumber] passes over it; of words nothing that
// turns others round, for the public reads them.
func cleanText(s string, number bool) (string, error) {
	s = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s))
	for i, line := range strings.Split(s, "\n") {
		if i > maxItems {
			return "", &Error{Kind: TooLarge, What: "text"}
		}
		switch rule, args := checkText(strings.TrimSpace(strings.ReplaceAll(line, "\t", " "))); rule {
		case "":
		case "hidden_character":
			if !onlyJoiners(line, number) {
				return "", &Error{Kind: Invalid, What: "text_hidden", Detail: args[0].(string)}
			}
		case "not_utf8":
			return "", &Error{Kind: Invalid, What: "text_hidden", Detail: args[0].(string)}
		default:
			return "", &Error{Kind: Invalid, What: "text"}
		}
	}
	if len([]rune(s)) > maxText {
		return "", &Error{Kind: TooLarge, What: "text"}
	}
	return s, nil
}

// onlyJoiners reports a line whose hidden characters are those that copying
// brings along: of words the joiners, of a number also what turns it round.
func onlyJoiners(line string, number bool) bool {
	along := joiners
	if number {
		along = invisible
	}
	rule, _ := checkText(strings.TrimSpace(along.Replace(strings.ReplaceAll(line, "\t", " "))))
	return rule == ""
}

// Merged says how edits made on base meet what stands now: the entry after
// them, or the fields in which both were changed, each to something else. A
// field that nobody else touched takes its edit; nothing else moves.
func Merged(base, now Input, edits []Edit) (Input, []Clash, error) {
	after, err := now.With(edits)
	if err != nil {
		return Input{}, nil, err
	}
	var clashes []Clash
	for _, ed := range edits {
		was, theirs, yours := base.Get(ed.Field), now.Get(ed.Field), after.Get(ed.Field)
		if theirs != was && theirs != yours {
			if yours == was { // the form sends back what it was given
				*after.field(ed.Field) = theirs
				continue
			}
			clashes = append(clashes, Clash{Field: ed.Field, Was: was, Theirs: theirs, Yours: yours})
		}
	}
	return after, clashes, nil
}

// Clash is one field that two people changed from the same text.
type Clash struct {
	Field              Field
	Was, Theirs, Yours string
}

// ClashError is a lost race for a figure: Conflict "revision_clash". Revision is
// what stands now, with who wrote it and when; nothing of what the person typed
// was written, and Clashes has it.
type ClashError struct {
	Revision Revision
	Clashes  []Clash
}

func (e *ClashError) Error() string { return e.Unwrap().Error() }

// Unwrap is the [Error] that the server answers by.
func (e *ClashError) Unwrap() error { return &Error{Kind: Conflict, What: "revision_clash"} }

// Duty is one figure due in a round 应报: whose it is and how far it has come.
// Its ID names it in addresses.
type Duty struct {
	ID           int64
	Round        int
	Indicator    Code
	Area         Code
	Organisation Code   // who enters it
	Until        Period // reopened or extended until this day; zero where neither
	Revision     int64  // the newest revision; 0 before the first
	State        State  // of it
	Version      int    // of it: what a write carries; 0 before the first
}

// Revision is one value under review 填报记录. A duty has one that is open; a
// correction after publication is the next Edition.
type Revision struct {
	Duty
	Edition   int // 1 for the first
	Entry     Input
	EnteredBy int64  // the account that last changed or sent it
	Person    string // its name then
	Changed   time.Time
	Submitted time.Time // zero before
	Opened    bool      // a reviewer has opened what was submitted
	Refusal   string    // the reason of the last return; "" once submitted again
	Release   int       // that published it; 0 before
}

// Saving is what a form or a row of the grid sends: which figure, the version
// that was read, the fields that the person touched, and a key made once for
// the request, so that the same request sent twice is done once. A Firm one
// takes nothing that the person has not seen: where the figure says something
// else than in the version read, it is a clash even in fields not touched.
type Saving struct {
	Duty    int64
	Version int
	Key     string
	Firm    bool
	Edits   []Edit
}

// Saved is the answer to one [Saving]: what stands now. Already says that the
// same had been saved or sent before. Err is what refused it: a [ClashError], a
// [CheckError] or another [Error]; then Revision is what stands untouched.
type Saved struct {
	Revision Revision
	Already  bool
	Findings []Finding // of a submission
	Err      error
}

// MostPicks is how many figures a reviewer decides at once: what decides keeps
// everybody else from writing meanwhile.
const MostPicks = 500

// Pick is one figure that a reviewer acts on, with the version that was seen.
type Pick struct {
	Duty    int64
	Version int
}

// Queued is one figure that waits for a reviewer. Effect is 2 where it flips a
// status, 1 where it jumps by half or more, else 0, as it was when it was sent.
type Queued struct {
	Revision
	Meaning Meaning // when it was sent
	Effect  int
	Barred  string // why the actor leaves it to somebody else, as of a [FigureView]
	Files   int    // of evidence
}

// QueuedView is a queued figure with what its reviewer sees of it in the queue: of
// its view, the sight, the findings and what publishing it would flip.
type QueuedView struct {
	FigureView
	Files int
}

// Version is one write of a revision, kept for ever.
type Version struct {
	Revision int64
	Number   int
	At       time.Time
	Account  int64
	Person   string
	Act      Action
	State    State // after it
	Entry    Input
	Reason   string // of a return
}

// Takes says which figures a transition is for.
type Takes string

// A district's figure is endorsed by the lead department before the office
// approves it; a department's skips that.
const (
	EveryFigure  Takes = ""
	OfDistrict   Takes = "district"
	OfDepartment Takes = "department"
)

// Transition is one step of a figure's life.
type Transition struct {
	From   State
	Action Action
	To     State
	Of     Takes
}

// transitions is the whole life of a figure; who may take which step stands in
// permits. A correction of a published figure starts a new revision. What was
// endorsed goes on or back whatever the library says by now of who endorses it:
// a lead that is named no more must not leave it where nobody can move it.
var transitions = []Transition{
	{NotBegun, Save, Draft, EveryFigure},
	{Draft, Save, Draft, EveryFigure},
	{Returned, Save, Draft, EveryFigure},
	{Withdrawn, Save, Draft, EveryFigure},
	{Approved, Save, Draft, EveryFigure}, // voids the approval; the release does not move
	{Published, Save, Draft, EveryFigure},
	{Draft, Submit, Submitted, EveryFigure},
	{Returned, Submit, Submitted, EveryFigure},
	{Withdrawn, Submit, Submitted, EveryFigure},
	{Submitted, Withdraw, Withdrawn, EveryFigure}, // until a reviewer opens it
	{Submitted, Endorse, Endorsed, OfDistrict},
	{Submitted, Approve, Approved, OfDepartment},
	{Endorsed, Approve, Approved, EveryFigure},
	{Submitted, Return, Returned, EveryFigure},
	{Endorsed, Return, Returned, EveryFigure},
	{Approved, Return, Returned, EveryFigure},
	{Approved, Publish, Published, EveryFigure},
	{Published, Withhold, Returned, EveryFigure}, // once a release takes it back: its unit owes it again
}

// Transitions lists the steps, for pages and tests.
func Transitions() []Transition { return slices.Clone(transitions) }

// NextState is the state after an action; Conflict "state" where the life of a
// figure has no such step.
func NextState(from State, act Action, district bool) (State, error) {
	for _, t := range transitions {
		if t.From == from && t.Action == act && (t.Of == EveryFigure || (t.Of == OfDistrict) == district) {
			return t.To, nil
		}
	}
	return "", &Error{Kind: Conflict, What: "state", Detail: string(from)}
}

// whatOf is the What of an [Error], "" of nil.
func whatOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.What
	}
	return ""
}
