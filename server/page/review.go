package page

// Flip is a status that becomes another.
type Flip struct {
	Figure        Link   // the indicator and area, where the page is not of one
	When          string // the milestone
	Before, After string // statuses; empty where the target is judged on one side only
}

// ReviewRow is one figure that waits for a reviewer.
type ReviewRow struct {
	Box      string // the value that chooses it
	Figure   Link
	Place    string
	Unit     string // who entered it
	Sent     string
	Due      string
	WasLabel string
	Was, Now string
	Change   string
	Public   string // the figure of the very year that is public now
	Targets  []Target
	Flips    []Flip
	Jump     bool
	Warnings []Problem
	Note     string // what explains them
	Evidence int
	Barred   string // why whoever reads leaves it to somebody else, in words
	Overdue  bool
	Hue      int
}

// Review is the queue of a reviewer.
type Review struct {
	Frame
	Sentence string
	Done     string
	Rounds   []View
	Round    int
	Rows     []ReviewRow
	Approves bool
	Endorses bool
	Late     []Link // who is late, where nothing waits
	Earlier  string // the addresses of the pages before and after
	Later    string
}

// Name is the template's.
func (*Review) Name() string { return "review" }

// Examine is one figure as its reviewer sees it.
type Examine struct {
	Frame
	Row        ReviewRow
	Indicator  Link
	Year       int
	State      string
	Done       string
	Refusal    string
	Facts      []Fact
	Typed      []Fact // what was entered, field by field
	Findings   []Problem
	Public     []string
	Evidence   []EvidenceRow
	Versions   []VersionRow
	Approve    bool
	Endorse    bool
	Return     bool
	Reason     string // what was typed
	ReasonFlaw string
	Reopens    bool
	Reopen     Form
	Back       string
}

// Name is the template's.
func (*Examine) Name() string { return "examine" }

// RefusedPick is one figure on which a reviewer's act was refused.
type RefusedPick struct {
	Figure    Link
	Place     string
	Why, Text string
	Clash     bool // somebody changed it: what was seen and what stands
	Seen, Now string
	Who, When string
	Box       string // the value that chooses what stands now; empty where nothing can be done
}

// Passed is what came of an act on several figures of which some were refused.
type Passed struct {
	Frame
	Sentence string
	Rows     []RefusedPick
	Again    bool // some can be chosen as they stand now
	Action   string
	Button   string
	Reason   string
	Returns  bool // the act takes a reason
	Round    int
	Back     string
}

// Name is the template's.
func (*Passed) Name() string { return "passed" }
