package server

import (
	"context"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

// reading is a visit with the plan as it stood on its day, seen from one area.
type reading struct {
	*visit
	*snapshot
	area *indicators.Area
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
	return s.readFrom(c.Request.Context(), v, area)
}

// readFrom is a visit's reading of an area.
func (s *Server) readFrom(ctx context.Context, v *visit, area *indicators.Area) (*reading, error) {
	day, err := s.snapshot(ctx, v, v.asOf())
	if err != nil {
		return nil, err
	}
	return &reading{visit: v, snapshot: day, area: area}, nil
}

// here lists what is known of an indicator or a series in the reading's area,
// earlier editions too.
func (r *reading) here(subject indicators.Code) []indicators.Observation {
	return r.figures[placed{subject, r.area.Code}]
}

// everywhere lists what is known of an indicator or a series in the city and
// its districts.
func (r *reading) everywhere(subject indicators.Code) []indicators.Observation {
	var out []indicators.Observation
	for i := range r.library.Areas {
		out = append(out, r.figures[placed{subject, r.library.Areas[i].Code}]...)
	}
	return out
}

// judged lists the assessments of an indicator in the reading's area.
func (r *reading) judged(i *indicators.Indicator) []*indicators.Assessment {
	return r.of[placed{i.Code, r.area.Code}]
}

// judgedAt is the assessment of one target: a standing one at the milestone
// that is ahead, or at the last.
func (r *reading) judgedAt(i *indicators.Indicator, t *indicators.Target) *indicators.Assessment {
	var found *indicators.Assessment
	for _, a := range r.judged(i) {
		if t == nil || a.Target.Milestone != t.Milestone || a.Target.Basis != t.Basis || a.Target.Due != t.Due {
			continue
		}
		if found == nil || found.Ended {
			found = a
		}
	}
	return found
}

// trajectory lays out one indicator in the reading's area.
func (r *reading) trajectory(i *indicators.Indicator) indicators.Trajectory {
	return r.line(i).trajectory
}

// line lays out one indicator in the reading's area, with what the rules had to
// work out, and its projection.
func (r *reading) line(i *indicators.Indicator) *line {
	at := placed{i.Code, r.area.Code}
	if found, ok := r.lines.Load(at); ok {
		return found.(*line)
	}
	t := indicators.NewTrajectory(r.known, i, r.area, r.operands(i))
	for _, a := range r.judged(i) {
		t.Include(a.Value)
		t.Include(a.Latest)
		t.Include(a.Later)
	}
	made := &line{trajectory: t}
	if final := t.Final(); final != nil {
		if ahead, ok := r.known.Project(i, r.area.Code, final); ok {
			made.projection = &ahead
		}
	}
	kept, _ := r.lines.LoadOrStore(at, made)
	return kept.(*line)
}

// operands are the figures that an indicator is drawn from: its own, and those
// of the series that it is a rate of.
func (r *reading) operands(i *indicators.Indicator) []indicators.Observation {
	return slices.Concat(r.here(i.Code), r.here(i.NumeratorSeries), r.here(i.DenominatorSeries))
}

// reported reports whether anything is known of an indicator since its
// baseline: a number or an answer.
func (r *reading) reported(i *indicators.Indicator) bool {
	for _, o := range r.here(i.Code) {
		if o.Kind != indicators.Baseline {
			return true
		}
	}
	return false
}

// picture is what the charts of one indicator are drawn from.
func (r *reading) picture(i *indicators.Indicator) chart.Picture {
	l := r.line(i)
	p := chart.Picture{Trajectory: l.trajectory, Projection: l.projection, Hue: page.Hue(r.library, i)}
	a := r.judgedAt(i, p.Trajectory.Final())
	if a == nil {
		return p
	}
	p.Verdict = chart.Verdict{
		Status: string(a.Status), Word: r.frame.T("status." + string(a.Status)),
		Gap: a.Gap, GapAt: a.GapAt, Over: a.Over(), Attainment: a.Attainment, Needed: a.RequiredPace,
	}
	if a.Units != nil {
		p.Units = &chart.Units{Met: a.Units.Met + a.Units.Late, Short: a.Units.Short, Total: a.Units.Total}
	}
	return p
}

// row lays out one indicator for a list.
func (r *reading) row(i *indicators.Indicator) page.Row {
	p := r.picture(i)
	row := page.NewRow(&r.frame, r.library, &p.Trajectory)
	row.Ruler = page.Picture(string(p.Lying(r.frame.Lang, chart.InList)))
	row.Marks = page.Marks(&r.frame, r.judged(i))
	return row
}

// worstFirst orders indicators by what became of their last target: what is
// missed or behind, what is on its way, what is met, and then what nothing is
// known of; the plan's order otherwise.
func (r *reading) worstFirst(list []*indicators.Indicator) []*indicators.Indicator {
	order := []indicators.Status{
		indicators.Missed, indicators.OffTrack, indicators.AtRisk, indicators.InProgress, indicators.OnTrack,
		indicators.MetLate, indicators.MetEarly, indicators.Met,
		indicators.NotReported, indicators.Awaiting, indicators.Answered, indicators.NoData,
	}
	place := func(i *indicators.Indicator) int {
		if all := r.judged(i); len(all) > 0 {
			return slices.Index(order, all[len(all)-1].Status)
		}
		return len(order)
	}
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b *indicators.Indicator) int { return place(a) - place(b) })
	return out
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
	return page.Link{Text: v.frame.T("nav." + section), URL: v.frame.To("/" + section)}
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
