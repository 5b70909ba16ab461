package page

// Work is what a signed-in person has to do, the most urgent first.
type Work struct {
	Frame
	Done   string // what has just been done
	Roles  []string
	Places []Link
	Rounds []View // the rounds as links, the newest first
	Round  *WorkRound
}

// Name is the template's.
func (*Work) Name() string { return "work" }

// WorkRound is what one's organisations owe in a round.
type WorkRound struct {
	Number   int
	Sentence string // how many are left, until when
	Note     string
	Total    int
	Grid     string // the address of the grid; empty where nothing can be entered
	Sheets   []Link // the returns to print
	Sign     []Option
	Signed   []string
	Later    []Link   // where a later day is asked for
	Wishes   []string // what became of those that were
	Groups   []WorkGroup
}

// WorkGroup is the figures in one state.
type WorkGroup struct {
	Title string
	Rows  []DutyRow
}

// DutyRow is one figure.
type DutyRow struct {
	Figure Link
	Place  string
	Unit   string
	Value  string // as typed
	State  string
	Note   string // the reason of a return, a later day
	Late   bool
	Hue    int
}
