package page

import "strconv"

// Grid is many figures at once: a table of inputs that works as it is, and
// takes keys and pastes where its script runs.
type Grid struct {
	Frame
	Round     int
	Sentence  string
	Told      string // what came of the last sending
	Receipt   string // where the receipt of what was sent stands; empty where nothing was
	Counts    []string
	Errors    int
	Checked   bool // what stands was checked, so that what is mended is checked again
	Draft     DraftPart
	Key       string   // of the request
	Blank     ClashRow // what the script makes a conflict's panel of
	Heads     []GridHead
	Rows      []GridRow
	Deeds     []Link // deliverables, which have their own form
	Undo      []Field
	Hidden    []Field // of the rows that are not shown: their versions and ticks
	Count     int     // how many those are
	Hides     string  // and the same in a sentence
	OnlyBlank bool    // only what is not filled in is shown
	Pasted    string  // given back where nothing was recognised
	Problem   string  // of the paste
}

// Name is the template's.
func (*Grid) Name() string { return "grid" }

// Hide leaves a row out of sight; what is ticked in it stays ticked.
func (g *Grid) Hide(x GridRow) {
	g.Count++
	g.Hidden = append(g.Hidden, Field{Name: x.VersionControl, Value: strconv.Itoa(x.Version)})
	if x.Picked {
		g.Hidden = append(g.Hidden, Field{Name: "pick", Value: strconv.FormatInt(x.ID, 10)})
	}
}

// Before is the row above the nth that is shown; nil for none.
func (g *Grid) Before(n int) *GridRow { return g.shown(n - 1) }

// After is the row below it.
func (g *Grid) After(n int) *GridRow { return g.shown(n + 1) }

func (g *Grid) shown(n int) *GridRow {
	if n < 0 || n >= len(g.Rows) {
		return nil
	}
	return &g.Rows[n]
}

// Span is how many columns the grid has.
func (g *Grid) Span() int { return 5 + len(g.Heads) }

// GridHead is the head of a column.
type GridHead struct {
	Text   string
	Number bool
}

// DraftPart is what the script that saves drafts needs of the page: its words,
// and the name under which the browser keeps what could not be saved.
type DraftPart struct {
	Kept   string
	SignIn string // where one signs in again and comes back
}

// GridRow is one figure as a row of inputs.
type GridRow struct {
	ID             int64
	Mark           string // the id by which a copy of the grid names the row
	Figure         Link
	Place          string // a district; empty for the city
	Unit           string
	Last           string // last year's value
	Definition     string
	VersionControl string
	Back           bool   // it was sent back
	Verdict        string // of the check, in a word or two
	Warned         bool   // the verdict is a warning
	Target         string
	Version        int
	State          string
	Locked         bool // nothing can be entered
	Refusal        string
	Picked         bool
	Cells          []GridCell
	Offers         []Offer
	Problems       []Problem
	Clashes        []ClashRow
}

// GridCell is one input. Control is its name and id.
type GridCell struct {
	Control string
	Value   string
	Label   string
	Head    string
	Read    string // what a number was understood as, where it is not as typed
	Number  bool
	Faulty  bool
	Part    bool // the denominator, which what is known is offered for
	Lines   bool // it has several lines, which an input would lose
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
