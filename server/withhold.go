package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// withholdKeys are the cells of a figure's key that its address gives beside
// the subject.
var withholdKeys = []string{"area", "period", "basis", "vintage", "published"}

// withholdURL is where the office takes a figure back.
func withholdURL(o *indicators.Observation) string {
	q := url.Values{"area": {string(o.Area)}, "period": {o.Period.String()}}
	for key, text := range map[string]string{"basis": string(o.Basis), "vintage": o.Vintage, "published": o.Published.String()} {
		if text != "" {
			q.Set(key, text)
		}
	}
	return "/indicators/" + string(o.Subject) + "/withhold?" + q.Encode()
}

// withheld is the figure that an address or a form names, as it stands.
// NotFound "observation".
func (s *Server) withheld(c *gin.Context, v *visit, cell func(string) string) (*indicators.Observation, error) {
	missing := indicators.Missing("observation", c.Param("code"))
	key := indicators.Observation{
		Subject: indicators.Code(c.Param("code")), Area: indicators.Code(cell("area")),
		Basis: indicators.Basis(cell("basis")), Vintage: cell("vintage"),
	}
	var errs [2]error
	key.Period, errs[0] = indicators.ParsePeriod(cell("period"))
	key.Published, errs[1] = indicators.ParsePeriod(cell("published"))
	if errors.Join(errs[:]...) != nil || v.library.Indicator(key.Subject) == nil && v.library.SeriesOf(key.Subject) == nil {
		return nil, missing
	}
	all, err := s.Store.Observations(c.Request.Context(), key.Subject)
	if err != nil {
		return nil, err
	}
	for n := range all {
		if indicators.CompareObservations(all[n], key) == 0 {
			return &all[n], nil
		}
	}
	return nil, missing
}

// showWithhold asks why a public figure is taken back.
func (s *Server) showWithhold(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	o, err := s.withheld(c, v, c.Query)
	if err != nil {
		return err
	}
	return s.askWithhold(c, v, o, http.StatusOK, "", "")
}

func (s *Server) askWithhold(c *gin.Context, v *visit, o *indicators.Observation, status int, reason, flaw string) error {
	f := v.frame
	row := v.changedFigure(indicators.FigureChange{Subject: o.Subject, Area: o.Area, Period: o.Period, Basis: o.Basis, Old: o})
	p := page.Withhold{Figure: row.Figure, What: row.What, Value: row.Old}
	f.Title, f.Section, f.Crumbs = f.T("withhold.title"), "indicators", []page.Link{row.Figure}
	if flaw != "" {
		f.Title = f.T("form.wrong", 1, f.Title)
	}
	p.Form = page.Form{Action: "/indicators/" + string(o.Subject) + "/withhold", Button: f.T("withhold.button"), Fields: []page.Field{
		{Name: "reason", Label: f.T("release.undo_reason"), Kind: "textarea", Value: reason, Problem: flaw},
	}}
	cells := map[string]string{"area": string(o.Area), "period": o.Period.String(), "basis": string(o.Basis), "vintage": o.Vintage, "published": o.Published.String()}
	for _, key := range withholdKeys {
		p.Form.Hidden = append(p.Form.Hidden, page.Field{Name: key, Value: cells[key]})
	}
	p.Frame = f
	return s.show(c, status, &p)
}

// withhold prepares the figure for the next release that takes figures back.
func (s *Server) withhold(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	o, err := s.withheld(c, v, c.PostForm)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(c.PostForm("reason"))
	_, err = s.Store.Withhold(c.Request.Context(), actor(c), s.Now(), *o, reason)
	var known *indicators.Error
	if errors.As(err, &known) && known.What == "reason_empty" {
		return s.askWithhold(c, v, o, statuses[known.Kind], reason, v.frame.T("withhold.no_reason"))
	}
	if flaw := textFlaw(&v.frame, err); flaw != "" {
		return s.askWithhold(c, v, o, statuses[indicators.Invalid], reason, flaw)
	}
	if errors.As(err, &known) && known.What == "figure_prepared" {
		if to := s.justDone(c); to != "" {
			return redirect(c, to)
		}
		return s.askWithhold(c, v, o, statuses[known.Kind], reason, v.frame.T("withhold.prepared"))
	}
	if err != nil {
		return err
	}
	return redirect(c, "/releases/preview?round=0&done=prepared&n=1")
}
