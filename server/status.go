package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// groups are the choices of the list: what is behind or not known, the one or
// the other, or everything. Each status can be chosen by itself too.
var groups = map[string][]indicators.Status{
	"open": {
		indicators.Missed, indicators.OffTrack, indicators.AtRisk, indicators.MetLate,
		indicators.NotReported, indicators.Awaiting, indicators.Answered, indicators.NoData,
	},
	"behind": {indicators.Missed, indicators.OffTrack, indicators.AtRisk, indicators.MetLate},
	"silent": {indicators.NotReported, indicators.Awaiting, indicators.Answered, indicators.NoData},
	"all":    indicators.Statuses(),
}

// maxListed is how many targets the list shows before one asks for all.
const maxListed = 30

// showStatus shows who is met, behind and unreported at a milestone: the
// matrix of organisations and statuses, and the list that its cells lead to.
func (s *Server) showStatus(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	year, err := r.milestoneAsked(c.Query("milestone"))
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.T("nav.status"), "status"
	p := page.Status{Filters: r.statusFilters(c), Sort: c.DefaultQuery("sort", "attainment")}
	for _, y := range r.library.Plan.Milestones {
		m := string(indicators.MilestoneOf(y))
		p.Milestones = append(p.Milestones, page.View{Key: m, URL: f.With("milestone", m), Current: y == year})
	}
	for _, g := range indicators.Groups(r.library, r.list, indicators.ByPlan, year) {
		p.Whole = r.tally(&g.Tally, year, f.PlanTitle())
		p.Columns = p.Whole.Counts
	}
	for _, g := range indicators.Groups(r.library, r.list, indicators.ByOrganisation, year) {
		if g.Targets > 0 {
			p.Matrix = append(p.Matrix, r.statusGroup(&g, year))
		}
	}
	p.By = c.Query("by")
	p.Heads = r.matrixHeads(&p)
	list := r.statusList(c, year)
	p.Count = len(list)
	if len(list) > maxListed && c.Query("show") != "all" {
		list, p.More = list[:maxListed], f.With("show", "all")+"#list"
	}
	for _, a := range list {
		p.Rows = append(p.Rows, r.statusRow(a))
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// matrixHeads are the heads of the matrix as links that sort it, and sorts it:
// by name, by a status with the most first, else in the plan's order.
func (r *reading) matrixHeads(p *page.Status) []page.StatusHead {
	f := &r.frame
	head := func(key, word, order string) page.StatusHead {
		h := page.StatusHead{Word: word, URL: f.With("by", key), Spoken: f.T("status.sort_by", word)}
		if p.By == key {
			h.Sort, h.URL = order, f.With("by", "")
		}
		return h
	}
	out := []page.StatusHead{head("name", f.T("nav.organisations"), "ascending")}
	for n, each := range p.Columns {
		h := head(each.Status, each.Word, "descending")
		out = append(out, h)
		if h.Sort != "" {
			slices.SortStableFunc(p.Matrix, func(a, b page.StatusGroup) int { return b.Tally.Counts[n].Count - a.Tally.Counts[n].Count })
		}
	}
	if p.By == "name" {
		slices.SortStableFunc(p.Matrix, func(a, b page.StatusGroup) int { return r.alphabetical(a.Organisation.Text, b.Organisation.Text) })
	}
	return out
}

func (r *reading) statusGroup(g *indicators.Group, year int) page.StatusGroup {
	f := &r.frame
	o := r.library.Organisation(indicators.Code(g.Key))
	out := page.StatusGroup{Organisation: page.OrganisationLink(f, o)}
	out.Tally = r.tally(&g.Tally, year, out.Organisation.Text)
	for i := range out.Tally.Counts {
		each := &out.Tally.Counts[i]
		q := url.Values{"milestone": {fmt.Sprint(year)}, "org": {g.Key}, "status": {each.Status}}
		each.URL = f.To("/status?"+q.Encode()) + "#list"
		each.Spoken = f.T("status.cell", out.Organisation.Text, each.Word, each.Count)
	}
	return out
}

// statusFilters are the filters and the order of the list.
func (r *reading) statusFilters(c *gin.Context) []page.Filter {
	f := &r.frame
	group := c.DefaultQuery("group", "open")
	which := page.Filter{Name: "group", Label: f.T("filter.group")}
	for _, g := range []string{"open", "behind", "silent", "all"} {
		which.Options = append(which.Options, page.Option{Value: g, Text: f.T("filter.group." + g), Chosen: g == group})
	}
	status := page.Filter{Name: "status", Label: f.T("filter.status"), Options: []page.Option{{Text: f.T("filter.all")}}}
	for _, each := range indicators.Statuses() {
		status.Options = append(status.Options, page.Option{Value: string(each), Text: f.T("status." + string(each)), Chosen: string(each) == c.Query("status")})
	}
	order := page.Filter{Name: "sort", Label: f.T("filter.sort")}
	for _, each := range []string{"attainment", "plan", "name"} {
		order.Options = append(order.Options, page.Option{Value: each, Text: f.T("filter.sort." + each), Chosen: each == c.DefaultQuery("sort", "attainment")})
	}
	return []page.Filter{which, status, r.domainFilter(c.Query("domain")), r.organisationFilter(c.Query("org")), order}
}

// statusList lists the city's assessments at a milestone that fit the address.
// A chosen status goes before a chosen group.
func (r *reading) statusList(c *gin.Context, year int) []*indicators.Assessment {
	wanted := groups[c.DefaultQuery("group", "open")]
	if st := indicators.Status(c.Query("status")); slices.Contains(indicators.Statuses(), st) {
		wanted = []indicators.Status{st}
	}
	org, domain := indicators.Code(c.Query("org")), c.Query("domain")
	var out []*indicators.Assessment
	for i := range r.list {
		a := &r.list[i]
		d := r.library.DomainOf(a.Indicator)
		switch {
		case a.Milestone != year, a.Area.Code != r.area.Code, !slices.Contains(wanted, a.Status),
			org != "" && !a.Indicator.Leads.Contains(org),
			domain != "" && (d == nil || string(d.Code) != domain):
			continue
		}
		out = append(out, a)
	}
	switch c.DefaultQuery("sort", "attainment") {
	case "attainment":
		slices.SortStableFunc(out, leastFirst)
	case "name":
		slices.SortStableFunc(out, func(a, b *indicators.Assessment) int {
			return r.alphabetical(r.frame.Pick(a.Indicator.Name, a.Indicator.NameEn), r.frame.Pick(b.Indicator.Name, b.Indicator.NameEn))
		})
	}
	return out
}
