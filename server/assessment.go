package server

import (
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
)

// apiAssessment is what the published rule says of one target in one area.
type apiAssessment struct {
	Milestone       string            `json:"milestone"`
	Area            indicators.Code   `json:"area"`
	Status          indicators.Status `json:"status"`
	Rule            string            `json:"rule"`
	OnEarlierFigure bool              `json:"on_earlier_figure,omitempty"`
	Attainment      indicators.Number `json:"attainment"`
	Value           indicators.Number `json:"value"`
	ValueBound      indicators.Bound  `json:"value_bound,omitempty"`
	ValuePeriod     string            `json:"value_period"`
	Target          indicators.Number `json:"target"`
	Standing        bool              `json:"standing,omitempty"`
	Due             string            `json:"due,omitempty"`
	Basis           indicators.Basis  `json:"basis"`
	Gap             indicators.Number `json:"gap"`
	LastGap         indicators.Number `json:"last_gap"`
	LastValue       indicators.Number `json:"last_value"`
	LastPeriod      string            `json:"last_period"`
	RequiredPace    indicators.Number `json:"required_pace"`
	Pace            indicators.Number `json:"pace"`
	Units           *apiUnits         `json:"units,omitempty"`
}

// apiUnits counts the units of a target that must hold in each.
type apiUnits struct {
	Total      int `json:"total"`
	Met        int `json:"met"`
	Short      int `json:"short"`
	Answered   int `json:"answered"`
	Unreported int `json:"unreported"`
}

func newAPIAssessment(a *indicators.Assessment) apiAssessment {
	out := apiAssessment{
		Milestone: string(indicators.MilestoneOf(a.Milestone)), Area: a.Area.Code, Status: a.Status, Rule: a.Rule.String(),
		OnEarlierFigure: a.OnEarlierFigure, Attainment: a.Attainment, Target: a.Aim,
		Standing: a.Target.Milestone == indicators.Every, Due: a.Target.Due.String(), Basis: a.Basis,
		Gap: a.Gap, LastGap: a.LastGap, RequiredPace: a.RequiredPace, Pace: a.Pace,
	}
	if a.Value != nil {
		out.Value, out.ValueBound, out.ValuePeriod = a.Value.Value, a.Value.Bound, a.Value.Period.String()
	}
	if a.Latest != nil {
		out.LastValue, out.LastPeriod = a.Latest.Value, a.Latest.Period.String()
	}
	if u := a.Units; u != nil {
		out.Units = &apiUnits{Total: u.Total, Met: u.Met + u.Late, Short: u.Short, Answered: u.Answered, Unreported: u.Unreported}
	}
	return out
}

// apiTally is a group's targets at a milestone.
type apiTally struct {
	Key             string                    `json:"key"`
	Name            string                    `json:"name"`
	Targets         int                       `json:"targets"`
	Counts          map[indicators.Status]int `json:"counts"`
	Met             int                       `json:"met"`
	Monitorable     int                       `json:"monitorable"`
	OnEarlierFigure int                       `json:"met_on_earlier_figure"`
	Answered        int                       `json:"answered"`
	Awaiting        int                       `json:"awaiting"`
	NotReported     int                       `json:"not_reported"`
	NoData          int                       `json:"no_data"`
	Rate            indicators.Number         `json:"attainment_rate"`
	Low             indicators.Number         `json:"attainment_rate_low"`
	High            indicators.Number         `json:"attainment_rate_high"`
	Mean            indicators.Number         `json:"mean_attainment"`
	OfMean          int                       `json:"mean_of"`
}

type apiAssessed struct {
	Release   int                 `json:"release"`
	AsOf      string              `json:"as_of"`
	Demo      bool                `json:"demo,omitempty"`
	Milestone string              `json:"milestone"`
	By        indicators.Grouping `json:"by"`
	Groups    []apiTally          `json:"groups"`
}

// apiAssessment answers the tally of every group of one kind at a milestone;
// without a milestone, at the one that the page of statuses shows.
func (s *Server) apiAssessment(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	by := indicators.Grouping(c.DefaultQuery("by", string(indicators.ByPlan)))
	if !slices.Contains(by.Allowed(), string(by)) {
		return &indicators.Error{Kind: indicators.Invalid, What: "grouping", Detail: string(by)}
	}
	year, err := r.milestoneAsked(c.Query("milestone"))
	if err != nil {
		return err
	}
	out := apiAssessed{
		Release: r.release.Number, AsOf: r.asOf().String(), Demo: s.Demo,
		Milestone: string(indicators.MilestoneOf(year)), By: by, Groups: []apiTally{},
	}
	for _, g := range indicators.Groups(r.library, r.list, by, year) {
		out.Groups = append(out.Groups, r.apiTally(by, &g))
	}
	return sendAPI(c, out)
}

func (r *reading) apiTally(by indicators.Grouping, g *indicators.Group) apiTally {
	t := apiTally{
		Key: g.Key, Name: r.groupName(by, g.Key), Targets: g.Targets, Counts: map[indicators.Status]int{},
		Met: g.Met, Monitorable: g.Monitorable, OnEarlierFigure: g.OnEarlierFigure, Answered: g.Answered,
		Awaiting: g.Awaiting, NotReported: g.NotReported, NoData: g.NoData,
		Rate: g.Rate, Low: g.Low, High: g.High, Mean: g.Mean, OfMean: g.OfMean,
	}
	for _, each := range g.Counts() {
		t.Counts[each.Status] = each.Count
	}
	return t
}

// groupName is what a group of assessments is called.
func (r *reading) groupName(by indicators.Grouping, key string) string {
	f := &r.frame
	code := indicators.Code(key)
	switch by {
	case indicators.ByDomain:
		if d := r.library.Domain(code); d != nil {
			return f.Pick(d.Name, d.NameEn)
		}
		return f.T("domain.whole")
	case indicators.ByTask:
		if t := r.library.Task(indicators.Label(key)); t != nil {
			return f.Pick(t.Title, t.TitleEn)
		}
	case indicators.ByOrganisation:
		if o := r.library.Organisation(code); o != nil {
			return f.Pick(o.Name, o.NameEn)
		}
	case indicators.ByArea:
		if a := r.library.Area(code); a != nil {
			return f.Pick(a.Name, a.NameEn)
		}
	}
	return f.PlanTitle()
}

// milestoneAsked reads a milestone of the plan from an address; none asks for
// the one that ended last, or the first while none has.
func (r *reading) milestoneAsked(asked string) (int, error) {
	all := r.library.Plan.Milestones
	if asked == "" {
		year := all[0]
		for _, y := range all {
			if y < r.asOf().Year {
				year = y
			}
		}
		return year, nil
	}
	year, err := strconv.Atoi(asked)
	if err != nil || !slices.Contains(all, year) {
		return 0, &indicators.Error{Kind: indicators.Invalid, What: "milestone", Detail: asked}
	}
	return year, nil
}
