package page

// Entry is the form of one figure of a round.
type Entry struct {
	Frame
	Duty      int64
	Indicator Link
	Place     string
	Year      int
	Unit      string
	State     string
	Refusal   string
	Closed    string    // why nothing can be entered; empty where it can
	Facts     []Fact    // what one needs to know to enter the number
	More      []Fact    // and what else there is
	Summary   []Problem // of the whole form, with links to the fields
	Errors    int
	Groups    []FieldGroup
	Clashes   []ClashRow
	Version   int
	Key       string
	Public    []string // what the public would read
	Result    string   // the number that the parts give
	Beside    string   // and how far it is from the one before
	How       string   // which number is asked for: "direct", "parts", or empty for both
	Draft     DraftPart
	Checked   bool // what stands was checked, so that what is mended is checked again
	Back      Link
	Position  string // which of the round's figures this is
	Before    Link   // the one before; no address for none
	After     Link
	Blank     ClashRow // what the script makes a conflict's panel of
	Save      bool
	Send      bool
	Withdraw  bool
	Attach    bool
	Detach    bool
	UploadMB  int    // the largest file
	Wait      string // how long a review takes, in words
	Done      string // what has just been done
	Versions  []VersionRow
	Evidence  []EvidenceRow
}

// Name is the template's.
func (*Entry) Name() string { return "entry" }

// Fact is one thing that stands beside the form.
type Fact struct{ Label, Text string }

// Problem is one finding of a check, in words.
type Problem struct {
	Field   string // the control's id; empty for the whole
	Text    string
	Warning bool // passes with an explanation
	Settled bool // and is explained
}

// FieldGroup is fields that belong together.
type FieldGroup struct {
	Title  string
	Hint   string
	Folded bool // it can be shut
	Open   bool // and something stands in it
	Fields []FigureField
}

// Computed reports a group whose parts make a number.
func (g FieldGroup) Computed() bool {
	for _, f := range g.Fields {
		if f.Part {
			return true
		}
	}
	return false
}

// FigureField is one field of the form.
type FigureField struct {
	Field
	Read     string // what was understood, where it differs from what was typed
	Number   bool   // it is read as one
	Direct   bool   // the number itself
	Part     bool   // the numerator or the denominator
	Unit     string
	Offers   []Offer // what is known already, to take over
	Problems []Problem
	Lines    int // of a text area
}

// Offer is a button that fills a field in with what is known: Do is what it
// sends.
type Offer struct{ Do, Text string }

// Faulty reports an error in the field.
func (f FigureField) Faulty() bool {
	for _, p := range f.Problems {
		if !p.Warning {
			return true
		}
	}
	return false
}

// ClashRow is a field that two people changed from the same text.
type ClashRow struct {
	Name, Label        string
	Was, Theirs, Yours string
	Who, When, Chosen  string
	Undecided          bool   // nothing was chosen yet
	Note               string // what the note says where theirs is taken and yours is kept beside it
}

// VersionRow is one write of a figure.
type VersionRow struct {
	When, Who, Act, State, Value, Reason string
}

// EvidenceRow is one file that stands behind a figure.
type EvidenceRow struct {
	ID        int64
	File      Link
	Size, Who string
	Bears     bool // a published figure rests on it: it stays
}
