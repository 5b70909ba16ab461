package page

// Confirm is what is about to be sent, to be looked at once more.
type Confirm struct {
	Frame
	Action   string
	Back     string
	Round    int // of the grid; 0 for one figure by its form
	Key      string
	Sentence string
	Rows     []ConfirmRow
	Left     int // what is still owed beside them
	Button   string
}

// Name is the template's.
func (*Confirm) Name() string { return "confirm" }

// ConfirmRow is one figure as it would be sent.
type ConfirmRow struct {
	Duty     int64
	Control  string // that carries the version
	Version  int
	Figure   Link
	Value    string
	Was      string // the figure before
	Change   string
	Public   []string // what the public would read
	Warnings []string
	Note     string // what explains them
	Source   string
}

// Receipt is what stays with whoever has sent figures.
type Receipt struct {
	Frame
	Number    string
	Sent      string // by whom and when
	Round     int
	Year      int
	Rows      []ReceiptRow
	Reviewers []string
	Wait      string // how long a review takes, in words
	Sheet     string // the unit's return to print
}

// Name is the template's.
func (*Receipt) Name() string { return "receipt" }

// ReceiptRow is one figure that was sent, and how far it has come.
type ReceiptRow struct {
	Figure                 Link
	Value, Reviewer, State string
}
