package page

// Grid is many figures at once: a table of inputs that works as it is, and
// takes keys and pastes where its script runs.
type Grid struct {
	Frame
	Round    int
	Sentence string
	Told     string // what came of the last sending
	Errors   int
	Heads    []string
	Rows     []GridRow
	Deeds    []Link // deliverables, which have their own form
	Undo     []Field
	Pasted   string // given back where nothing was recognised
	Problem  string // of the paste
}

// Name is the template's.
func (*Grid) Name() string { return "grid" }

// GridRow is one figure as a row of inputs.
type GridRow struct {
	ID       int64
	Figure   Link
	Place    string
	Unit     string
	Last     string // last year's value
	Target   string
	Version  int
	State    string
	Locked   bool // nothing can be entered
	Refusal  string
	Picked   bool
	Cells    []GridCell
	Problems []Problem
	Clashes  []ClashRow
}

// GridCell is one input. Control is its name and id.
type GridCell struct {
	Control string
	Value   string
	Label   string
	Number  bool
	Faulty  bool
	Skip    bool // the indicator has no such number
}

// Paste shows what a paste would do before anything is written.
type Paste struct {
	Frame
	Round  int
	Counts []string // how many cells of each outcome
	Fills  int
	Cells  []PasteCell
	Hidden []Field // the grid as it was typed, and what would be filled in
}

// Name is the template's.
func (*Paste) Name() string { return "paste" }

// PasteCell is one pasted cell.
type PasteCell struct {
	Place, Was, Text, Read, Outcome, Problem string
	Fills, Wrong                             bool
}
