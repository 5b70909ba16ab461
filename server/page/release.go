package page

// ReleaseRow is one release of the list.
type ReleaseRow struct {
	Release     Link
	Day, Kind   string
	Note        string
	Newest      bool
	Then        string // the address of the front page as it read then
	Since       string // the address of what became other since; empty for the newest
	Publication string // who published it; empty for a load
}

// Releases lists the releases.
type Releases struct {
	Frame
	Rows []ReleaseRow
}

// Name is the template's.
func (*Releases) Name() string { return "releases" }

// ChangedFigure is one figure of a release: what stood, what stands.
type ChangedFigure struct {
	Figure Link
	What   string // area and period
	Old    string // empty where there was none
	New    string // empty where it is taken back
	Why    string // it was corrected, taken back or brought back
	People string // who entered and who approved
	Review string // the address of its pane; empty on public pages
	Flips  []Flip // of a figure of a preview
	Files  int    // of evidence; of a preview
	Acts   []Link // what who is signed in can do with it
}

// ReleasePage is one release, or the difference of two.
type ReleasePage struct {
	Frame
	Number     int
	From       int // the release compared with; 0 for none
	Told       string
	Newer      Link // the newest release, where this is another
	Note       string
	Published  string
	Rules      string
	TreeSize   int64
	TreeRoot   string
	First      bool
	Figures    []ChangedFigure
	Flips      []Flip
	Elapsed    []Flip   // statuses that time alone changed
	Others     []Option // releases to compare with
	Then       string
	Archive    string // what was said of every target on that day
	Undo       Form
	CanUndo    bool
	Trail      string // of the release, for who may read it
	Difference bool   // asked for by the address, not the release's own
}

// Name is the template's.
func (*ReleasePage) Name() string { return "release" }

// Withhold asks why one public figure is taken back.
type Withhold struct {
	Frame
	Figure      Link
	What, Value string
	Form        Form
}

// Name is the template's.
func (*Withhold) Name() string { return "withhold" }

// TakingRow is one figure prepared for being taken back, or brought back.
type TakingRow struct {
	Figure        Link
	What, Value   string
	Restores      bool
	Reason, Who   string
	DropURL       string
	OfReleaseText string // the release that is undone
}

// Front is the front page's counts in one release.
type Front struct {
	Heading string
	Tallies []Tally
}

// Preview is a release as it would be.
type Preview struct {
	Frame
	Done       string
	Rounds     []View
	Sentence   string
	Number     int
	Changed    int
	Flipped    int
	Unreported int
	Errors     []ChangedProblem
	Warnings   []ChangedProblem
	Figures    []ChangedFigure
	Flips      []Flip
	Taken      []TakingRow
	Empty      bool
	Problem    string
	Note       string
	NoteFlaw   string
	SeenFlaw   string
	Seen       bool
	Token      string
	Round      int
	Gathered   string  // when it was looked at
	Fronts     []Front // the front page's counts, before and after
	Look       []Link  // public pages as they will read
	Button     string
}

// Name is the template's.
func (*Preview) Name() string { return "preview" }

// ChangedProblem is one finding of a figure about to be published.
type ChangedProblem struct {
	Figure Link
	What   string
	Text   string
	Note   string // what explains a warning
}
