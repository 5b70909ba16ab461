package server

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// listOrganisations shows who leads and helps, by kind.
func (s *Server) listOrganisations(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.T("nav.organisations"), "organisations"
	p := page.Organisations{Count: len(r.library.Organisations)}
	for n := range r.library.Organisations {
		o := &r.library.Organisations[n]
		led := r.library.IndicatorsOfLead(o.Code)
		row := page.OrganisationRow{Organisation: page.OrganisationLink(f, o), Leads: len(led), Reported: r.countReported(led)}
		for _, t := range r.library.Tasks {
			if r.library.Takes(t.Leads, o.Code) || r.library.Takes(t.Partners, o.Code) {
				row.Tasks++
			}
		}
		if len(led) > 0 {
			p.Leads++
		}
		kind := f.T("organisation.kind." + string(o.Kind))
		at := slices.IndexFunc(p.Groups, func(g page.OrganisationGroup) bool { return g.Kind == kind })
		if at < 0 {
			at = len(p.Groups)
			p.Groups = append(p.Groups, page.OrganisationGroup{Kind: kind})
		}
		p.Groups[at].Rows = append(p.Groups[at].Rows, row)
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// showOrganisation shows what one organisation is responsible for.
func (s *Server) showOrganisation(c *gin.Context) error {
	code, kind := ending(c.Param("code"))
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	o := r.library.Organisation(indicators.Code(code))
	if o == nil {
		return indicators.Missing("organisation", code)
	}
	f := &r.frame
	led := r.library.IndicatorsOfLead(o.Code)
	if kind != "" {
		return s.download(c, r, "organisation-"+code, kind, led)
	}
	f.Title, f.Section = f.Pick(o.Name, o.NameEn), "organisations"
	f.Crumbs = []page.Link{r.crumb("organisations")}
	if len(led) > 0 {
		f.Files = r.files("/organisations/" + code)
	}
	p := page.Organisation{
		Kind: f.T("organisation.kind." + string(o.Kind)), Members: page.OrganisationLinks(f, r.library, o.Members),
		Leads: r.rows(r.worstFirst(led)), Reported: r.countReported(led), Tallies: r.tallies(indicators.ByOrganisation, string(o.Code)),
	}
	if a := r.library.Area(o.Area); a != nil && a.Level != indicators.CityLevel {
		p.Area = page.AreaLink(f, a)
		own, err := s.read(c, a.Code)
		if err != nil {
			return err
		}
		own.frame = *f
		p.Own = own.rows(r.library.IndicatorsOfScope(indicators.EachDistrict))
	}
	for n := range r.library.Organisations {
		if g := &r.library.Organisations[n]; g.Members.Contains(o.Code) {
			p.Groups = append(p.Groups, page.OrganisationLink(f, g))
		}
	}
	for _, t := range r.library.Tasks {
		switch {
		case t.Leads.Contains(o.Code):
			p.LedTasks = append(p.LedTasks, page.TaskLink(f, &t))
		case r.library.Takes(t.Leads, o.Code), r.library.Takes(t.Partners, o.Code):
			p.Shared = append(p.Shared, page.TaskLink(f, &t))
		}
	}
	for _, w := range r.library.Projects {
		if r.library.Takes(w.Owners, o.Code) {
			p.Projects = append(p.Projects, page.Link{Text: f.Pick(w.Name, w.NameEn), URL: f.To("/projects#" + projectID(w.Number))})
		}
	}
	for _, d := range r.library.Policies {
		if r.library.Takes(d.Owners, o.Code) {
			p.Policies = append(p.Policies, page.Link{Text: f.Pick(d.Title, d.TitleEn), URL: f.To("/policies#" + policyID(d.Number))})
		}
	}
	p.Edit = editAddress(c, r.visit, organisationShelf, o.Code)
	if p.Changes, err = s.record(c, r.visit, o.Code, false, recordedIn[indicators.OrganisationsFile]...); err != nil {
		return err
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}
