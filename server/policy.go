package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

// listPolicies shows the documents promised and issued, by stage.
func (s *Server) listPolicies(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.T("nav.policies"), "policies"
	p := page.Policies{}
	for _, stage := range []indicators.PolicyStage{indicators.Planned, indicators.Continuing, indicators.Issued} {
		g := page.PolicyGroup{Heading: f.T("policies.stage." + string(stage))}
		for _, d := range r.library.Policies {
			if d.Stage == stage {
				g.Rows = append(g.Rows, r.policyRow(d))
			}
		}
		p.Counts = append(p.Counts, len(g.Rows))
		if len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	var works []chart.Work
	for _, d := range r.library.Policies {
		if work := r.document(d); d.Stage != indicators.Issued || !work.Done.IsZero() {
			works = append(works, work)
		}
	}
	if strip := chart.NewStrip(f.Lang, r.library.Plan, r.asOf(), works); len(works) > 0 {
		p.Strip, p.Notes = page.Picture(string(strip.Draw())), strip.Notes()
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// document lays a document on the line of time: of one issued before the plan
// its date is the act, of others the promise.
func (r *reading) document(d indicators.Policy) chart.Work {
	work := chart.Work{Label: string(d.Number), Name: r.frame.Pick(d.Title, d.TitleEn)}
	if d.Stage != indicators.Issued {
		work.Due = d.Due
		return r.acts(d.Indicators).work(work)
	}
	if d.Due.Compare(r.asOf()) <= 0 {
		work.Done = d.Due
	}
	return work
}

// numbered reports whether a document's number was public on the day. Of one
// that was promised, it is since the document is known to be issued; where no
// date is, it is told for today alone.
func (r *reading) numbered(d indicators.Policy, done bool) bool {
	if d.Stage == indicators.Issued && d.Due.IsZero() {
		done = r.library.Plan.Issued.Compare(r.asOf()) <= 0
	}
	return done || !r.frame.Dated
}

func (r *reading) policyRow(d indicators.Policy) page.PolicyRow {
	f := &r.frame
	row := page.PolicyRow{
		ID: policyID(d.Number), Number: string(d.Number), Title: f.Pick(d.Title, d.TitleEn),
		Clause: d.Clause, Owners: page.OrganisationLinks(f, r.library, d.Owners),
	}
	work := r.document(d)
	if r.numbered(d, !work.Done.IsZero()) {
		row.DocumentNo = d.DocumentNo
	}
	switch {
	case d.Stage != indicators.Issued:
		row.Planned = f.Date(d.Due)
		known := r.acts(d.Indicators)
		row.Actual, row.Late = r.said(known, work), work.Late(f.Lang, r.asOf())
		if known.told != nil {
			row.Source = page.Link{Text: known.told.Source, URL: known.told.SourceURL}
		}
	case !work.Done.IsZero():
		row.Actual = f.T("policies.issued", f.Date(work.Done))
	}
	for _, code := range d.Indicators {
		if i := r.library.Indicator(code); i != nil {
			row.Indicators = append(row.Indicators, r.row(i))
		}
	}
	return row
}
