package page

// Status is who is met, behind, late or unreported at a milestone.
type Status struct {
	Frame
	Milestones []View // the plan's milestones as links
	Whole      Tally
	Columns    []TallyCount // the heads of the matrix
	Matrix     []StatusGroup
	Filters    []Filter
	Rows       []StatusRow
	Sort       string
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
