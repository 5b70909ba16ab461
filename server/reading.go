package server

import (
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

// reading is a visit with the public figures of one area at hand.
type reading struct {
	*visit
	area    *indicators.Area
	figures map[indicators.Code][]indicators.Observation
}

// read visits with the figures of one area; an empty code asks for the city.
func (s *Server) read(c *gin.Context, code indicators.Code) (*reading, error) {
	v, err := s.visit(c)
	if err != nil {
		return nil, err
	}
	area := v.library.City()
	if code != "" {
		if area = v.library.Area(code); area == nil {
			return nil, indicators.Missing("area", string(code))
		}
	}
	r := &reading{visit: v, area: area, figures: map[indicators.Code][]indicators.Observation{}}
	obs, err := s.Store.ObservationsIn(c.Request.Context(), area.Code)
	if err != nil {
		return nil, fmt.Errorf("area %s: %w", area.Code, err)
	}
	for _, o := range obs {
		r.figures[o.Subject] = append(r.figures[o.Subject], o)
	}
	return r, nil
}

// trajectory lays out one indicator in the reading's area.
func (r *reading) trajectory(i *indicators.Indicator) indicators.Trajectory {
	return indicators.NewTrajectory(r.library, i, r.area, r.figures[i.Code], r.asOf())
}

// reported reports whether anything is known of an indicator since its
// baseline: a number or an answer.
func (r *reading) reported(i *indicators.Indicator) bool {
	for _, o := range r.figures[i.Code] {
		if o.Kind != indicators.Baseline {
			return true
		}
	}
	return false
}

// picture is what the charts of one indicator are drawn from.
func (r *reading) picture(i *indicators.Indicator) chart.Picture {
	return chart.Picture{Trajectory: r.trajectory(i), Hue: page.Hue(r.library, i)}
}

// row lays out one indicator for a list.
func (r *reading) row(i *indicators.Indicator) page.Row {
	p := r.picture(i)
	row := page.NewRow(&r.frame, r.library, &p.Trajectory)
	row.Ruler = page.Picture(string(p.Lying(r.frame.Lang, chart.InList)))
	return row
}

func (r *reading) rows(list []*indicators.Indicator) []page.Row {
	out := make([]page.Row, 0, len(list))
	for _, i := range list {
		out = append(out, r.row(i))
	}
	return out
}

// countReported counts the indicators of a list with anything known.
func (r *reading) countReported(list []*indicators.Indicator) int {
	n := 0
	for _, i := range list {
		if r.reported(i) {
			n++
		}
	}
	return n
}

// home is the crumb that leads to a list.
func (v *visit) crumb(section string) page.Link {
	return page.Link{Text: v.frame.T("nav." + section), URL: "/" + section}
}

// files are the downloads of an address: the same with an ending, its query
// kept.
func (v *visit) files(path string) page.Files {
	q := ""
	if e := v.frame.Query.Encode(); e != "" {
		q = "?" + e
	}
	return page.Files{CSV: path + ".csv" + q, XLSX: path + ".xlsx" + q, JSON: path + ".json" + q}
}

// ending splits a download's ending off a code; codes have no dot.
func ending(code string) (plain, kind string) {
	if i := strings.LastIndexByte(code, '.'); i > 0 {
		return code[:i], code[i+1:]
	}
	return code, ""
}

// organisationsOf links the organisations that lead any of the indicators, in
// the order met.
func (r *reading) leadsOf(list []*indicators.Indicator) []page.Link {
	seen := map[indicators.Code]bool{}
	var codes indicators.Codes
	for _, i := range list {
		for _, c := range i.Leads {
			if !seen[c] {
				seen[c] = true
				codes = append(codes, c)
			}
		}
	}
	return page.OrganisationLinks(&r.frame, r.library, codes)
}
