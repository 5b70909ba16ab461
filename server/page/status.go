package page

// Status is who is met, behind, late or unreported at a milestone.
type Status struct {
	Frame
	Milestones []View // the plan's milestones as links
	Whole      Tally
	Columns    []TallyCount // of the whole plan, in the matrix's order
	Heads      []StatusHead // of the matrix: the organisation, then one for each of Columns
	By         string       // what the matrix is sorted by
	Matrix     []StatusGroup
	Filters    []Filter
	Rows       []StatusRow
	Count      int    // of the whole list, of which Rows may be the beginning
	More       string // the address of the whole list; empty where Rows is it
	Sort       string
}

// StatusHead is a head of the matrix: a link that sorts by it, or, where it is
// sorted by it, back to the plan's order.
type StatusHead struct {
	Word, URL, Spoken string
	Sort              string // of aria-sort; empty where the matrix is not sorted by it
}

// StatusGroup is one organisation's line of the matrix.
type StatusGroup struct {
	Organisation Link
	Tally        Tally
}

// StatusRow is one target in the list.
type StatusRow struct {
	Indicator Link
	Hue       int
	Leads     []Link
	Reporter  Link
	Verdict   Verdict
}

// Name is the template's.
func (*Status) Name() string { return "status" }
