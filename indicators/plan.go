package indicators

import "time"

// Plan is what the descriptor's "plan" object says of the whole.
type Plan struct {
	Code         Code   `json:"code"`
	Title        string `json:"title"`
	TitleEn      string `json:"title_en,omitempty"`
	City         string `json:"city"`
	Document     string `json:"document"`
	Issued       Period `json:"issued"`
	BaselineYear int    `json:"baseline_year"`
	FirstYear    int    `json:"first_year"` // the first year that a new count counts
	Milestones   []int  `json:"milestones"` // ascending years
	Horizon      int    `json:"horizon,omitempty"`
	ResultsDue   string `json:"results_due"` // MM-DD of the year after a milestone
	TimeZone     string `json:"time_zone"`   // IANA name; the day of "today"
}

// Location is the plan's time zone; Validate has refused a name that is none.
func (p Plan) Location() *time.Location {
	loc, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// LastMilestone is the plan's final milestone.
func (p Plan) LastMilestone() int { return p.Milestones[len(p.Milestones)-1] }

// Package is a plan as data: every row of every file, in the plan's order. The
// shape is that of a Frictionless Data Package; each field's `col` tag names
// its column, ",required" that it is never empty.
type Package struct {
	Plan          Plan
	Descriptor    []byte // datapackage.json, byte for byte
	Domains       []Domain
	Organisations []Organisation
	Areas         []Area
	Tasks         []Task
	Commitments   []Commitment
	Indicators    []Indicator
	Targets       []Target
	Series        []Series
	Observations  []Observation
	References    []Reference
	Rules         []Rule
	Projects      []Project
	Policies      []Policy
	Pledges       []Pledge
	Coverage      []Coverage
}

// Domain is a chapter of promises 领域. Its hue on screen follows its place in
// the plan's order.
type Domain struct {
	Code   Code   `col:"code,required"`
	Name   string `col:"name,required"`
	NameEn string `col:"name_en"`
	Short  string `col:"short"`
}

// Pledge is a promise of the plan beyond its tasks.
type Pledge struct {
	Code      Code   `col:"code,required"`
	Section   string `col:"section"`
	Title     string `col:"title,required"`
	TitleEn   string `col:"title_en"`
	Owners    Codes  `col:"owners"`
	Due       Period `col:"due" form:"month,date"`
	Tasks     Labels `col:"tasks"`
	Indicator Code   `col:"indicator"`
	Clause    string `col:"clause,required"`
}

// Coverage says of one number in the plan's text which target covers it, or
// why none does.
type Coverage struct {
	Clause    string    `col:"clause,required"`
	Position  int       `col:"position,required"` // counted from 1 within the clause
	Number    string    `col:"number,required"`
	Words     string    `col:"words"` // at most 12 characters around it
	Indicator Code      `col:"indicator"`
	Milestone Milestone `col:"milestone"`
	Reason    string    `col:"reason"`
}
