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
	Progress   ProgressLine
	Report     string // where the office writes down its progress; empty on public pages
	Content    string
	Timeline   template.HTML // for a wide screen, on the common axis
	Ticks      template.HTML // for a phone
	Tasks      []Link
	Indicators []Row
}

// Name is the template's.
func (*Projects) Name() string { return "projects" }

// ProgressLine is what the office wrote down about a project; empty for nothing.
type ProgressLine struct {
	Stage    string   // not_begun, under_way, finished or stopped
	Facts    []string // share, amounts and dates as far as they are known
	Sentence string
	From     string // when and by whom it was written down, on what source
}

// Glyph is a stage's shape beside its word.
func (f *Frame) Glyph(stage string) string {
	return map[string]string{"not_begun": "○", "under_way": "◐", "finished": "●", "stopped": "■"}[stage]
}

// ProgressEntry is one entry of a project's history.
type ProgressEntry struct {
	When, Who, Source string
	Line              ProgressLine
	Reason            string
}

// Progress is the form by which the office writes down how far a project is.
type Progress struct {
	Frame
	Done    string
	Planned string
	Public  Link // the project on its page
	Form    Form
	Entries []ProgressEntry
}

// Name is the template's.
func (*Progress) Name() string { return "progress" }

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
