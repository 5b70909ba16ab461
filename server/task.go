package server

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// listTasks shows the plan's tasks by domain, filtered by the address.
func (s *Server) listTasks(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.T("nav.tasks"), "tasks"
	domain, org, measured := indicators.Code(c.Query("domain")), indicators.Code(c.Query("org")), c.Query("measured")
	p := page.Tasks{Filters: []page.Filter{
		r.domainFilter(string(domain)), r.organisationFilter(string(org)),
		r.choice("measured", measured, "yes", "no"),
	}}
	for n := range r.library.Domains {
		d := &r.library.Domains[n]
		if domain != "" && d.Code != domain {
			continue
		}
		g := page.TaskGroup{Heading: page.DomainLink(f, d), Hue: page.DomainHue(r.library, d)}
		for _, t := range r.library.TasksOf(d.Code) {
			list := r.library.IndicatorsOfTask(t.Number)
			if org != "" && !r.library.Takes(t.Leads, org) && !r.library.Takes(t.Partners, org) ||
				measured == "yes" && len(list) == 0 || measured == "no" && len(list) > 0 {
				continue
			}
			g.Rows = append(g.Rows, page.TaskRow{
				Task: page.TaskLink(f, &t), Leads: page.OrganisationLinks(f, r.library, t.Leads),
				Indicators: len(list), Reported: r.countReported(list),
			})
		}
		if len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
			p.Count += len(g.Rows)
		}
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// showTask shows one task as a chain: promise, indicator, result.
func (s *Server) showTask(c *gin.Context) error {
	number, kind := ending(c.Param("code"))
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	t := r.library.Task(indicators.Label(number))
	if t == nil {
		return indicators.Missing("task", number)
	}
	f := &r.frame
	list := r.library.IndicatorsOfTask(t.Number)
	if kind != "" {
		return s.download(c, r, "task-"+number, kind, list)
	}
	f.Title, f.Section = page.TaskLink(f, t).Text, "tasks"
	f.Crumbs = []page.Link{r.crumb("tasks")}
	f.Files = r.files("/tasks/" + number)
	p := page.Task{Number: number, Clause: t.Clause, Period: t.Period, Expected: f.Pick(t.Expected, t.ExpectedEn),
		Leads: page.OrganisationLinks(f, r.library, t.Leads), Partners: page.OrganisationLinks(f, r.library, t.Partners)}
	if d := r.library.Domain(t.Domain); d != nil {
		p.Hue = page.DomainHue(r.library, d)
		f.Crumbs = append(f.Crumbs, page.DomainLink(f, d))
	}
	p.Tallies = r.tallies(indicators.ByTask, number)
	r.promises(&p, t, list)
	r.worksOf(&p, t.Number)
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// promises lays the commitments of a task beside what measures them.
func (r *reading) promises(p *page.Task, t *indicators.Task, list []*indicators.Indicator) {
	rows := map[indicators.Code]page.Row{}
	for _, i := range list {
		rows[i.Code] = r.row(i)
	}
	claimed := map[indicators.Code]bool{}
	for _, cm := range r.library.CommitmentsOf(t.Number) {
		when := r.frame.T("target.undated")
		if cm.Milestone != "" {
			when = page.When(r.frame.Lang, indicators.Target{Milestone: cm.Milestone})
		}
		row := page.PromiseRow{Text: r.frame.Pick(cm.Commitment, cm.CommitmentEn), Clause: cm.Clause}
		p.Promised++
		reported := false
		for _, code := range cm.Indicators {
			i := r.library.Indicator(code)
			if i == nil {
				continue
			}
			claimed[code] = true
			each, ok := rows[code]
			if !ok {
				each = r.row(i)
			}
			row.Rows = append(row.Rows, each)
			reported = reported || r.reported(i)
		}
		if len(row.Rows) > 0 {
			p.Measured++
		}
		if reported {
			p.Reported++
		}
		at := slices.IndexFunc(p.Promises, func(g page.PromiseGroup) bool { return g.When == when })
		if at < 0 {
			at = len(p.Promises)
			p.Promises = append(p.Promises, page.PromiseGroup{When: when})
		}
		p.Promises[at].Promises = append(p.Promises[at].Promises, row)
	}
	for _, i := range list {
		if !claimed[i.Code] {
			p.Unclaimed = append(p.Unclaimed, rows[i.Code])
		}
	}
}

// worksOf links the projects, documents and pledges that belong to a task.
func (r *reading) worksOf(p *page.Task, number indicators.Label) {
	f := &r.frame
	ofTask := func(codes indicators.Codes) bool {
		return slices.ContainsFunc(codes, func(c indicators.Code) bool {
			i := r.library.Indicator(c)
			return i != nil && i.Task == number
		})
	}
	for _, w := range r.library.Projects {
		if slices.Contains(w.Tasks, number) || ofTask(w.Indicators) {
			p.Projects = append(p.Projects, page.Link{Text: f.Pick(w.Name, w.NameEn), URL: f.To("/projects#" + projectID(w.Number))})
		}
	}
	for _, d := range r.library.Policies {
		if ofTask(d.Indicators) {
			p.Policies = append(p.Policies, page.Link{Text: f.Pick(d.Title, d.TitleEn), URL: f.To("/policies#" + policyID(d.Number))})
		}
	}
	for _, pl := range r.library.Pledges {
		if slices.Contains(pl.Tasks, number) {
			l := page.Link{Text: f.Pick(pl.Title, pl.TitleEn)}
			if pl.Indicator != "" {
				l.URL = f.To("/indicators/" + string(pl.Indicator))
			}
			p.Pledges = append(p.Pledges, l)
		}
	}
}

func projectID(n indicators.Label) string { return "project-" + string(n) }
func policyID(n indicators.Label) string  { return "policy-" + string(n) }
