package page

import "html/template"

// Areas lists the districts with what became of their own targets.
type Areas struct {
	Frame
	Tiles   template.HTML
	Rows    []AreaRow
	Targets int // indicators whose target holds for each district
	Year    int // the milestone of the numbers
}

// AreaRow is one district in a list.
type AreaRow struct {
	Area         Link
	Organisation Link
	Targets      int // at the milestone
	Met          int
	Monitorable  int
	Silent       int // nothing known
	Current      bool
}

// Name is the template's.
func (*Areas) Name() string { return "areas" }

// Area is one district: its own targets, and its other figures.
type Area struct {
	Frame
	Changes      []ChangeRow
	Edit         string // where its reader may change it
	Whole        bool   // the city itself, which has no targets of a district
	Organisation Link
	Tallies      []Tally
	Own          []AreaTarget
	Missing      []Row
	Figures      []AreaFigure
	Tiles        template.HTML
	Districts    []AreaRow
	Year         int // the milestone of the numbers of Districts
	Reported     int
	Wanted       int
}

// AreaTarget is one each-district target with the area's own value.
type AreaTarget struct {
	Row
	Others string // how the districts stand on it
}

// AreaFigure is one figure that was published for the area.
type AreaFigure struct {
	Subject Link
	Value   string
	When    string
	Source  Link
	Target  string // the city's, for comparison only
	Repost  bool
}

// Name is the template's.
func (*Area) Name() string { return "area" }
