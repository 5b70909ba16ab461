package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// wholePlan is the address under which the plan-wide group stands; no domain
// can have it as a code of its own, since codes are letters.
const wholePlan = "0"

// showDomain shows one domain, or the plan-wide group.
func (s *Server) showDomain(c *gin.Context) error {
	code, kind := ending(c.Param("code"))
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	f := &r.frame
	p := page.Domain{}
	var list []*indicators.Indicator
	if code == wholePlan {
		list = r.library.IndicatorsOfDomain("")
		f.Title = f.T("domain.whole")
	} else {
		d := r.library.Domain(indicators.Code(code))
		if d == nil {
			return indicators.Missing("domain", code)
		}
		list = r.library.IndicatorsOfDomain(d.Code)
		f.Title, p.Hue = f.Pick(d.Name, d.NameEn), page.DomainHue(r.library, d)
		for _, t := range r.library.TasksOf(d.Code) {
			p.Tasks = append(p.Tasks, page.TaskLink(f, &t))
		}
	}
	if kind != "" {
		return s.download(c, r, "domain-"+code, kind, list)
	}
	for n := range r.library.Domains {
		if d := &r.library.Domains[n]; string(d.Code) != code {
			p.Others = append(p.Others, page.DomainLink(f, d))
		}
	}
	if code != wholePlan && len(r.library.IndicatorsOfDomain("")) > 0 {
		p.Others = append(p.Others, page.Link{Text: f.T("domain.whole"), URL: f.To("/domains/" + wholePlan)})
	}
	f.Section, f.Crumbs = "indicators", []page.Link{r.crumb("indicators")}
	f.Files = r.files("/domains/" + code)
	group := code
	if code == wholePlan {
		group = ""
	}
	p.Tallies = r.tallies(indicators.ByDomain, group)
	p.Rows, p.Reported, p.Leads = r.rows(r.worstFirst(list)), r.countReported(list), r.leadsOf(list)
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}
