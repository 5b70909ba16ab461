package page

// Tasks lists the plan's tasks.
type Tasks struct {
	Frame
	Filters []Filter
	Groups  []TaskGroup
	Count   int
}

// TaskGroup is a domain's tasks.
type TaskGroup struct {
	Heading Link
	Hue     int
	Rows    []TaskRow
}

// TaskRow is one task in a list: how many indicators measure it and how many
// of those have a result.
type TaskRow struct {
	Task       Link
	Leads      []Link
	Indicators int
	Reported   int
	Unmeasured int // commitments that nothing measures
	Marks      []Mark
}

// Name is the template's.
func (*Tasks) Name() string { return "tasks" }

// Task is one task: what it promises, what measures it, what came of it.
type Task struct {
	Frame
	Hue       int
	Number    string
	Clause    string
	Period    string
	Expected  string
	Leads     []Link
	Partners  []Link
	Tallies   []Tally
	Promises  []PromiseGroup
	Unclaimed []Row // indicators that no commitment names
	Projects  []Link
	Policies  []Link
	Pledges   []Link
	Promised  int
	Measured  int
	Reported  int
}

// PromiseGroup is the commitments of one milestone.
type PromiseGroup struct {
	When     string
	Promises []PromiseRow
}

// PromiseRow is a commitment with what measures it; no indicators is a gap.
type PromiseRow struct {
	Text   string
	Clause string
	Rows   []Row
}

// Name is the template's.
func (*Task) Name() string { return "task" }
