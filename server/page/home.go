package page

import "html/template"

// Home is the front page: what was promised, and how much is known of it.
type Home struct {
	Frame
	Indicators int
	Milestones []Tally
	Headlines  []Headline
	Fresh      []Row       // the newest figures
	Behind     []StatusRow // missed, off track or at risk, the least attained first
	BehindYear int
	Silent     []SilentRow
	Domains    []DomainRow
	Examples   []Link
}

// Headline is one headline measure.
type Headline struct {
	Row
	Upright template.HTML
}

// SilentRow is an organisation with targets of which nothing is known.
type SilentRow struct {
	Organisation Link
	Count        int
	Led          int
}

// DomainRow is one domain in figures.
type DomainRow struct {
	Domain Link
	Hue    int
	Tally  Tally
}

// Name is the template's.
func (*Home) Name() string { return "home" }
