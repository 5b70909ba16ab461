package page

// Archive is what a release stored of every target on its day.
type Archive struct {
	Frame
	Number    int
	Published string
	Rules     int  // the version of the rules that judged it; 0 where nothing is stored
	Older     bool // and today's is another
	Rows      []ArchiveRow
}

// Name is the template's.
func (*Archive) Name() string { return "archive" }

// ArchiveRow is one target as a release stored it.
type ArchiveRow struct {
	Figure   Link
	Year     string // of the milestone
	Status   string
	Rule     string // number and name of the rule that fired
	Sentence string
}
