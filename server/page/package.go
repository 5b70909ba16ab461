package page

// PackageRow is what a package would make of one row of the library.
type PackageRow struct {
	Fate  string // in words
	Key   string
	What  string // its name; empty where it has none beyond the key
	Cells []PackageCell
}

// PackageCell is one cell of a changed row.
type PackageCell struct{ Column, Old, New string }

// PackageFile is what a package would make of one file.
type PackageFile struct {
	File, What string
	Counts     string
	Open       bool // few enough to be read at once
	Rows       []PackageRow
	More       string // how many rows are not shown; empty for none
}

// PackageLost is one figure of a round that would lose what it rests on.
type PackageLost struct {
	Figure, Round, Unit string
	Lost                string // what would be gone
}

// Package is where the office loads a newer package of the plan: choose it,
// look at what it would change, and agree.
type Package struct {
	Frame
	Done         string
	FileFlaw     string   // what is wrong with the file as a whole
	Faults       []string // what is wrong within it
	Chosen       string   // the file that is looked at; empty for none
	Same         bool     // it changes nothing
	Sentence     string
	Rows         int
	Published    int // figures
	Flipped      int
	Tables       []PackageFile
	FigureLine   string
	Figures      []ChangedFigure
	MoreFigures  string
	Kept         []ChangedFigure // here, and as the package tells them
	MoreKept     string
	Withheld     []ChangedFigure // taken back here, and in the package as they were
	MoreWithheld string
	Flips        []Flip
	MoreFlips    string
	Lost         []PackageLost
	MoreLost     string
	Holding      []string // what keeps the package from being loaded, in words
	Token        string
	Reason       string
	ReasonFlaw   string
	Problem      string
}

// Name is the template's.
func (*Package) Name() string { return "package" }
