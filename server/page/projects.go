package page

import "html/template"

// Projects lists the works with money and dates.
type Projects struct {
	Frame
	Rows  []ProjectRow
	Axis  template.HTML // the head of the timelines
	Known int           // projects with any progress known
}

// ProjectRow is one project.
type ProjectRow struct {
	ID         string
	Number     string
	Title      string
	Clause     string
	Owners     []Link
	Scale      string
	Money      string
	Funding    string
	Planned    string // the dates or the plan's words
	Actual     string // what is known to have happened, empty for nothing
	Late       string
	Content    string
	Timeline   template.HTML // for a wide screen, on the common axis
	Ticks      template.HTML // for a phone
	Tasks      []Link
	Indicators []Row
}

// Name is the template's.
func (*Projects) Name() string { return "projects" }

// Policies lists the documents promised and issued.
type Policies struct {
	Frame
	Groups []PolicyGroup
	Counts []int
	Strip  template.HTML // by month
	Notes  []string      // what has no dot on the strip, or no solid one
}

// PolicyGroup is the documents of one stage.
type PolicyGroup struct {
	Heading string
	Rows    []PolicyRow
}

// PolicyRow is one document.
type PolicyRow struct {
	ID         string
	Number     string
	Title      string
	DocumentNo string
	Clause     string
	Owners     []Link
	Planned    string
	Actual     string
	Source     Link
	Late       string
	Indicators []Row
}

// Name is the template's.
func (*Policies) Name() string { return "policies" }
