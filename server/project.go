package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

// listProjects shows the works with planned and actual dates.
func (s *Server) listProjects(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.T("nav.projects"), "projects"
	p := page.Projects{}
	told, err := s.told(c, r)
	if err != nil {
		return err
	}
	var works []chart.Work
	for _, w := range r.library.Projects {
		row := page.ProjectRow{
			ID: projectID(w.Number), Number: string(w.Number), Title: f.Pick(w.Name, w.NameEn), Clause: w.Clause,
			Owners: page.OrganisationLinks(f, r.library, w.Owners), Content: f.Pick(w.Content, w.ContentEn),
			Money: f.Money(w.InvestmentWan), Funding: w.Funding, Planned: r.plannedTime(&w),
		}
		if w.InvestmentNote != "" {
			row.Money = f.Join(row.Money, w.InvestmentNote)
		}
		row.Scale = f.Join(f.WithUnit(f.Exact(w.Scale), w.ScaleUnit), w.ScaleNote)
		known := r.acts(w.Indicators)
		work := known.work(chart.Work{Label: row.Number, Name: row.Title, Term: w.Term, Start: w.Started, Due: w.Due})
		row.Actual = r.said(known, work)
		if entry, ok := told[w.Number]; ok {
			row.Progress = r.progressLine(&w, entry)
			if known.heard.IsZero() {
				work = r.laid(work, entry)
			}
		}
		row.Late = work.Late(f.Lang, r.asOf())
		if !f.Dated && f.Past == 0 && actor(c).May(indicators.KeepLibrary) {
			row.Report = progressAddress(w.Number)
		}
		works = append(works, work)
		for _, code := range w.Indicators {
			if i := r.library.Indicator(code); i != nil {
				row.Indicators = append(row.Indicators, r.row(i))
			}
		}
		for _, n := range w.Tasks {
			if t := r.library.Task(n); t != nil {
				row.Tasks = append(row.Tasks, page.TaskLink(f, t))
			}
		}
		if !known.heard.IsZero() || row.Progress.Stage != "" {
			p.Known++
		}
		p.Rows = append(p.Rows, row)
	}
	line := chart.NewTimeline(f.Lang, r.library.Plan, r.asOf(), works)
	p.Axis = page.Picture(string(line.Axis()))
	for n, work := range works {
		p.Rows[n].Timeline, p.Rows[n].Ticks = page.Picture(string(line.Row(work))), page.Picture(string(line.Ticks(work)))
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}
