package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// showMethod says how the figures come about, with an example from the store.
func (s *Server) showMethod(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.T("nav.method"), "method"
	p := page.Method{Counts: r.counts()}
	for n := range r.library.Indicators {
		i := &r.library.Indicators[n]
		num, den := r.library.SeriesOf(i.NumeratorSeries), r.library.SeriesOf(i.DenominatorSeries)
		if num == nil || den == nil || len(p.Examples) > 0 {
			continue
		}
		for _, o := range indicators.DeriveRates(i, r.figures[num.Code], r.figures[den.Code]) {
			p.Examples = append(p.Examples, page.NewWorking(f, i, num, den, o))
		}
		p.Example = page.Link{Text: f.Pick(i.Name, i.NameEn), URL: "/indicators/" + string(i.Code)}
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// counts tells how much the library holds.
func (r *reading) counts() page.Counts {
	n := page.Counts{
		Tasks: len(r.library.Tasks), Indicators: len(r.library.Indicators), Targets: len(r.library.Targets),
		Organisations: len(r.library.Organisations), Areas: len(r.library.Districts()),
	}
	for i := range r.library.Indicators {
		if r.reported(&r.library.Indicators[i]) {
			n.Reported++
		}
	}
	return n
}
