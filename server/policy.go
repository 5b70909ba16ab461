package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
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
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

func (r *reading) policyRow(d indicators.Policy) page.PolicyRow {
	f := &r.frame
	row := page.PolicyRow{
		ID: policyID(d.Number), Number: string(d.Number), Title: f.Pick(d.Title, d.TitleEn), DocumentNo: d.DocumentNo,
		Clause: d.Clause, Owners: page.OrganisationLinks(f, r.library, d.Owners),
	}
	if !d.Due.IsZero() {
		row.Planned = f.Date(d.Due)
	}
	if d.Stage == indicators.Issued {
		row.Planned, row.Actual = "", f.T("policies.issued", f.Date(d.Due))
	}
	if act := r.done(d.Indicators); act != nil {
		row.Actual, row.Late = r.acted(act, d.Due)
		row.Source = page.Link{Text: act.Source, URL: act.SourceURL}
	}
	for _, code := range d.Indicators {
		if i := r.library.Indicator(code); i != nil {
			row.Indicators = append(row.Indicators, r.row(i))
		}
	}
	return row
}
