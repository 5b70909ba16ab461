package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// done is the newest statement on any of the deliverables: the act, or that it
// is undone.
func (r *reading) done(codes indicators.Codes) (act *indicators.Observation) {
	for _, c := range codes {
		i := r.library.Indicator(c)
		if i == nil || i.Measure != indicators.Deliverable {
			continue
		}
		t := r.trajectory(i)
		if o := t.Latest(); o != nil && (act == nil || o.Period.Compare(act.Period) > 0) {
			act = o
		}
	}
	return act
}

// acted says in words what is known of a deliverable, and how late it was.
func (r *reading) acted(o *indicators.Observation, due indicators.Period) (actual, late string) {
	if o == nil {
		return "", ""
	}
	f := &r.frame
	if o.Value.Decimal().IsZero() {
		return f.T("deliverable.undone_on", f.Date(o.Period)), ""
	}
	actual = f.T("deliverable.done_on", f.Date(o.Period))
	if o.Note != "" {
		actual += f.T("note.brackets", o.Note)
	}
	if due.IsZero() || !o.Period.IsDate() && o.Period.Months() == due.Months() {
		return actual, ""
	}
	days := int(o.Period.Time().Sub(due.Time()).Hours() / 24)
	switch {
	case days > 0:
		late = f.T("deliverable.late", days)
	case days < 0:
		late = f.T("deliverable.early", -days)
	}
	return actual, late
}

// listProjects shows the works with planned and actual dates.
func (s *Server) listProjects(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.T("nav.projects"), "projects"
	p := page.Projects{}
	for _, w := range r.library.Projects {
		row := page.ProjectRow{
			ID: projectID(w.Number), Number: string(w.Number), Title: f.Pick(w.Name, w.NameEn), Clause: w.Clause,
			Owners: page.OrganisationLinks(f, r.library, w.Owners), Content: f.Pick(w.Content, w.ContentEn),
			Money: f.Money(w.InvestmentWan), Funding: w.Funding, Planned: w.Term,
		}
		if w.InvestmentNote != "" {
			row.Money = f.Join(row.Money, w.InvestmentNote)
		}
		row.Scale = f.Join(f.WithUnit(f.Exact(w.Scale), w.ScaleUnit), w.ScaleNote)
		if !w.Due.IsZero() {
			row.Planned = f.Join(f.T("projects.until", f.Date(w.Due)), w.Term)
		}
		if !w.Started.IsZero() {
			row.Planned = f.Join(f.T("projects.from", f.Date(w.Started)), row.Planned)
		}
		act := r.done(w.Indicators)
		row.Actual, row.Late = r.acted(act, w.Due)
		known := act != nil
		for _, code := range w.Indicators {
			if i := r.library.Indicator(code); i != nil {
				row.Indicators = append(row.Indicators, r.row(i))
				known = known || r.reported(i)
			}
		}
		for _, n := range w.Tasks {
			if t := r.library.Task(n); t != nil {
				row.Tasks = append(row.Tasks, page.TaskLink(f, t))
			}
		}
		if known {
			p.Known++
		}
		p.Rows = append(p.Rows, row)
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}
