package page

// Organisations lists who leads and helps.
type Organisations struct {
	Frame
	Groups []OrganisationGroup
	Leads  int
	Count  int
}

// OrganisationGroup is the organisations of one kind.
type OrganisationGroup struct {
	Kind string
	Rows []OrganisationRow
}

// OrganisationRow is one organisation in a list.
type OrganisationRow struct {
	Organisation Link
	Leads        int // indicators led
	Reported     int // of those, with any result
	Tasks        int
}

// Name is the template's.
func (*Organisations) Name() string { return "organisations" }

// Organisation is what one organisation is responsible for.
type Organisation struct {
	Frame
	Kind     string
	Area     Link
	Members  []Link
	Groups   []Link // collectives that it belongs to
	Tallies  []Tally
	Leads    []Row
	Reported int
	LedTasks []Link
	Shared   []Link
	Projects []Link
	Policies []Link
	Changes  []ChangeRow
	Edit     string // where its reader may change it
	Own      []Row  // each-district targets that it reports for its own area
}

// Name is the template's.
func (*Organisation) Name() string { return "organisation" }
