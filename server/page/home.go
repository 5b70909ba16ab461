package page

import "html/template"

// Home is the front page: what was promised, and how much is known of it.
type Home struct {
	Frame
	Indicators int
	Milestones []MilestoneCount
	Headlines  []Headline
	Fresh      []Row // the newest figures
	Silent     []SilentRow
	Domains    []DomainRow
	Examples   []Link
}

// MilestoneCount is a milestone in figures: how many targets it has, and of
// how many the milestone's own year has a figure.
type MilestoneCount struct {
	Year   int
	When   string
	Total  int
	Known  int
	Silent int
	Bar    template.HTML
}

// Headline is one headline measure.
type Headline struct {
	Row
	Upright template.HTML
}

// SilentRow is an organisation with indicators of which nothing is known.
type SilentRow struct {
	Organisation Link
	Count        int
	Led          int
}

// DomainRow is one domain in figures.
type DomainRow struct {
	Domain Link
	Hue    int
	Count  int
	Known  int
	Silent int
	Bar    template.HTML
}

// Name is the template's.
func (*Home) Name() string { return "home" }
