package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

// listIndicators shows the indicators that fit the address.
func (s *Server) listIndicators(c *gin.Context) error {
	r, err := s.readFiltered(c)
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.T("nav.indicators"), "indicators"
	f.Files = r.files("/indicators")
	list, other := s.filtered(c, r)
	p := page.Indicators{Q: strings.TrimSpace(c.Query("q")), Count: len(list), Total: len(r.library.Indicators), Also: other}
	p.Filters = r.indicatorFilters(c)
	kept := map[*indicators.Indicator]bool{}
	for _, i := range list {
		kept[i] = true
	}
	group := func(code indicators.Code, heading page.Link, hue int) {
		g := page.Group{Heading: heading, Hue: hue}
		for _, i := range r.library.IndicatorsOfDomain(code) {
			if kept[i] {
				g.Rows = append(g.Rows, r.row(i))
			}
		}
		if len(g.Rows) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	for n := range r.library.Domains {
		d := &r.library.Domains[n]
		group(d.Code, page.DomainLink(f, d), page.DomainHue(r.library, d))
	}
	group("", page.Link{Text: f.T("domain.whole"), URL: f.To("/domains/" + wholePlan)}, 0)
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

const maxOther = 8

// readFiltered reads with the figures of the area that the address names; of
// the city where it names none, or asks where a target holds.
func (s *Server) readFiltered(c *gin.Context) (*reading, error) {
	area := c.Query("area")
	if area == string(indicators.City) || area == "each" {
		area = ""
	}
	return s.read(c, indicators.Code(area))
}

// filtered lists the indicators that fit the address, in the plan's order, and
// what else fits its search.
func (s *Server) filtered(c *gin.Context, r *reading) (list []*indicators.Indicator, other []page.Link) {
	fits := map[string]bool{}
	q := strings.TrimSpace(c.Query("q"))
	if q != "" {
		for _, e := range s.index.of(r.library).find(q) {
			if e.kind == "indicator" {
				fits[e.code] = true
			} else if len(other) < maxOther {
				other = append(other, page.Link{Text: r.frame.Pick(e.zh, e.en), URL: e.url})
			}
		}
	}
	domain, org, area := c.Query("domain"), indicators.Code(c.Query("org")), c.Query("area")
	target, results := indicators.Milestone(c.Query("target")), c.Query("results")
	for n := range r.library.Indicators {
		i := &r.library.Indicators[n]
		d := r.library.DomainOf(i)
		switch {
		case q != "" && !fits[string(i.Code)],
			domain == wholePlan && d != nil,
			domain != "" && domain != wholePlan && (d == nil || string(d.Code) != domain),
			org != "" && !r.concerns(i, org),
			area == "city" && i.Scope != indicators.City,
			area == "each" && i.Scope == indicators.City,
			r.area.Level != indicators.CityLevel && i.Scope != indicators.EachDistrict && len(r.here(i.Code)) == 0,
			target != "" && !slices.ContainsFunc(r.known.TargetsOf(i.Code), func(t indicators.Target) bool { return r.promisedAt(t, target) }),
			results == "yes" && !r.reported(i),
			results == "no" && r.reported(i):
			continue
		}
		list = append(list, i)
	}
	return list, other
}

// concerns reports whether an organisation leads an indicator or helps its
// task.
func (r *reading) concerns(i *indicators.Indicator, org indicators.Code) bool {
	if r.library.Takes(i.Leads, org) {
		return true
	}
	t := r.library.Task(i.Task)
	return t != nil && r.library.Takes(t.Partners, org)
}

// promisedAt reports whether a target belongs to a milestone: its own, or a
// deliverable's date within the time up to it.
func (r *reading) promisedAt(t indicators.Target, m indicators.Milestone) bool {
	if t.Milestone == m {
		return true
	}
	if t.Milestone != "" || t.Due.IsZero() {
		return false
	}
	for _, y := range r.library.Plan.Milestones {
		if t.Due.Year <= y {
			return indicators.MilestoneOf(y) == m
		}
	}
	return false
}

// choice is a filter with fixed choices.
func (r *reading) choice(name, chosen string, values ...string) page.Filter {
	f := page.Filter{Name: name, Label: r.frame.T("filter." + name), Options: []page.Option{{Text: r.frame.T("filter.all")}}}
	for _, v := range values {
		f.Options = append(f.Options, page.Option{Value: v, Text: r.frame.T("filter." + name + "." + v), Chosen: v == chosen})
	}
	return f
}

func (r *reading) domainFilter(chosen string) page.Filter {
	f := page.Filter{Name: "domain", Label: r.frame.T("filter.domain"), Options: []page.Option{{Text: r.frame.T("filter.all")}}}
	for _, d := range r.library.Domains {
		f.Options = append(f.Options, page.Option{Value: string(d.Code), Text: r.frame.Pick(d.Name, d.NameEn), Chosen: string(d.Code) == chosen})
	}
	return f
}

func (r *reading) organisationFilter(chosen string) page.Filter {
	f := page.Filter{Name: "org", Label: r.frame.T("filter.org"), Options: []page.Option{{Text: r.frame.T("filter.all")}}}
	for _, o := range r.library.Organisations {
		f.Options = append(f.Options, page.Option{Value: string(o.Code), Text: r.frame.Pick(o.Name, o.NameEn), Chosen: string(o.Code) == chosen})
	}
	return f
}

// areaFilter chooses where a target holds, or one district with its own
// figures.
func (r *reading) areaFilter(chosen string) page.Filter {
	f := r.choice("area", chosen, string(indicators.City), "each")
	for _, a := range r.library.Districts() {
		f.Options = append(f.Options, page.Option{Value: string(a.Code), Text: page.AreaLink(&r.frame, &a).Text, Chosen: string(a.Code) == chosen})
	}
	return f
}

func (r *reading) indicatorFilters(c *gin.Context) []page.Filter {
	f := &r.frame
	domain := r.domainFilter(c.Query("domain"))
	if len(r.library.IndicatorsOfDomain("")) > 0 {
		domain.Options = append(domain.Options, page.Option{Value: wholePlan, Text: f.T("domain.whole"), Chosen: c.Query("domain") == wholePlan})
	}
	target := page.Filter{Name: "target", Label: f.T("filter.target"), Options: []page.Option{{Text: f.T("filter.all")}}}
	for _, y := range r.library.Plan.Milestones {
		m := string(indicators.MilestoneOf(y))
		target.Options = append(target.Options, page.Option{Value: m, Text: f.T("filter.target.year", m), Chosen: c.Query("target") == m})
	}
	target.Options = append(target.Options, page.Option{Value: string(indicators.Every), Text: f.T("target.every"), Chosen: c.Query("target") == string(indicators.Every)})
	return []page.Filter{
		domain, r.organisationFilter(c.Query("org")), r.areaFilter(c.Query("area")),
		target, r.choice("results", c.Query("results"), "yes", "no"),
	}
}

// views are the tabs of an indicator.
var views = []string{"chart", "table", "districts"}

// showIndicator shows one indicator, or sends it as a file.
func (s *Server) showIndicator(c *gin.Context) error {
	code, kind := ending(c.Param("code"))
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	i := r.library.Indicator(indicators.Code(code))
	if i == nil {
		return indicators.Missing("indicator", code)
	}
	switch kind {
	case "":
	case "svg":
		return s.drawIndicator(c, r, i)
	default:
		return s.download(c, r, code, kind, []*indicators.Indicator{i})
	}
	all := r.everywhere(i.Code)
	f := &r.frame
	pic := r.picture(i)
	pic.Table = "figures"
	p := page.NewIndicator(f, r.library, &pic.Trajectory)
	f.Title, f.Section = f.Pick(i.Name, i.NameEn), "indicators"
	f.Crumbs = nil
	if d := r.library.DomainOf(i); d != nil {
		f.Crumbs = append(f.Crumbs, page.DomainLink(f, d))
	}
	if t := r.library.Task(i.Task); t != nil {
		f.Crumbs = append(f.Crumbs, page.TaskLink(f, t))
	}
	f.Files = page.Files{CSV: f.To("/indicators/" + code + ".csv"), XLSX: f.To("/indicators/" + code + ".xlsx"), JSON: f.To("/indicators/" + code + ".json")}
	p.View = views[0]
	for _, v := range views {
		if v == "districts" && i.Scope != indicators.EachDistrict && len(r.elsewhere(i, all)) == 0 {
			continue
		}
		if c.Query("view") == v {
			p.View = v
		}
		p.Views = append(p.Views, page.View{Key: v, URL: f.With("view", v)})
	}
	for n := range p.Views {
		p.Views[n].Current = p.Views[n].Key == p.View
	}
	p.Scale = page.Picture(string(pic.Lying(f.Lang, chart.Labelled)))
	for _, a := range r.judged(i) {
		p.Verdicts = append(p.Verdicts, page.NewVerdict(f, r.library, a))
	}
	p.Sentence = pic.Text(f.Lang)
	p.ChartTitle, p.ChartSub = pic.Title(f.Lang), pic.Subtitle(f.Lang)
	if !p.Deliver {
		f.Files.SVG = f.To("/indicators/" + code + ".svg")
		f.Chart = p.View == "chart"
		p.ChartWide = page.Picture(string(pic.Draw(f.Lang, chart.Wide)))
		p.ChartPhone = page.Picture(string(pic.Draw(f.Lang, chart.Narrow)))
		option, err := pic.Option(f.Lang)
		if err != nil {
			return fmt.Errorf("indicator %s: %w", i.Code, err)
		}
		if p.Option, err = json.Marshal(option); err != nil {
			return fmt.Errorf("indicator %s: %w", i.Code, err)
		}
	}
	p.Source = f.T("chart.foot", sources(&pic.Trajectory), r.release.Number, f.ReleaseDay())
	known := s.tracesFor(r.visit, actor(c), r.release.Number)
	for _, row := range pic.Rows() {
		if row.Kind == chart.ProjectionRow {
			p.Table = append(p.Table, page.NewProjectedRow(f, i, row.Period, row.Basis, row.Value, row.Low, row.High))
			continue
		}
		asked := indicators.Observation{}
		if row.Kind == chart.PathRow {
			asked = indicators.Observation{Value: row.Value, Basis: row.Basis}
		}
		line := page.NewTableRow(f, i, page.TableLine{
			Period: row.Period, Kind: string(row.Kind), Asked: asked, Awaited: row.Awaited, Observation: row.Observation, Target: row.Target,
		}, pic.Trajectory.Targets)
		if line.Acts, err = known.acts(c.Request.Context(), row.Observation, true); err != nil {
			return err
		}
		p.Table = append(p.Table, line)
	}
	if p.Statements, err = r.statements(c.Request.Context(), i, all, known); err != nil {
		return err
	}
	r.workings(i, p, &pic.Trajectory)
	if slices.ContainsFunc(p.Views, func(v page.View) bool { return v.Key == "districts" }) {
		if p.Districts, err = r.districtRows(c.Request.Context(), i, all, known); err != nil {
			return err
		}
		p.Bars = page.Picture(string(r.districtsPicture(i, all).Bars(f.Lang)))
	}
	for _, row := range p.Districts[:min(1, len(p.Districts))] {
		for _, m := range row.Marks {
			p.DistrictHeads = append(p.DistrictHeads, m.When)
		}
	}
	p.Promised, p.Edit = r.promised(i, f.AsOf, false), editAddress(c, r.visit, indicatorShelf, i.Code)
	if p.Changes, err = s.record(c, r.visit, i.Code, false, recordedIn[indicators.IndicatorsFile]...); err != nil {
		return err
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, p)
}

// elsewhere lists the figures of an indicator in other areas than the city.
func (r *reading) elsewhere(i *indicators.Indicator, all []indicators.Observation) []indicators.Observation {
	var out []indicators.Observation
	for _, o := range all {
		if o.Subject == i.Code && o.Area != r.area.Code {
			out = append(out, o)
		}
	}
	return out
}

// districtRows lists every district's newest figure, the unreported last.
func (r *reading) districtRows(ctx context.Context, i *indicators.Indicator, all []indicators.Observation, known *traces) (_ []page.DistrictRow, err error) {
	var told, silent []page.DistrictRow
	f := &r.frame
	for _, a := range r.library.Districts() {
		t := indicators.NewTrajectory(r.known, i, &a, all)
		row := page.DistrictRow{Area: page.AreaLink(f, &a), Marks: page.EachMark(f, r.of[placed{i.Code, a.Code}])}
		if o := page.Newest(&t); o != nil {
			row.Value, row.When = f.Figure(i, *o, t.Targets), f.Date(o.Period)
			if row.Acts, err = known.acts(ctx, o, true); err != nil {
				return nil, err
			}
			told = append(told, row)
			continue
		}
		row.Value, row.Missing = f.T("value.none"), true
		if n := len(t.Answers); n > 0 {
			row.Value, row.When = f.T("answer."+string(t.Answers[n-1].Answer)), f.Date(t.Answers[n-1].Period)
		}
		silent = append(silent, row)
	}
	return append(told, silent...), nil
}

// districtsPicture draws every district's newest figure.
func (r *reading) districtsPicture(i *indicators.Indicator, all []indicators.Observation) chart.Districts {
	d := chart.Districts{Indicator: *i, Hue: page.Hue(r.library, i)}
	city := r.trajectory(i)
	d.Target = city.Final()
	if o := city.Latest(); o != nil && i.Scope == indicators.City {
		d.City = o.Value
	}
	for _, a := range r.library.Districts() {
		t := indicators.NewTrajectory(r.known, i, &a, all)
		link := page.AreaLink(&r.frame, &a)
		each := chart.District{Area: a, Name: link.Text, Short: a.Short, Link: link.URL}
		if o := t.Latest(); o != nil {
			each.Value = o.Value
		}
		d.Units = append(d.Units, each)
	}
	return d
}

// sources joins the names of a trajectory's sources, each once.
func sources(t *indicators.Trajectory) string {
	var out []string
	for _, list := range [][]indicators.Observation{t.Results, t.Other, t.Answers} {
		for _, o := range list {
			if o.Source != "" && !slices.Contains(out, o.Source) {
				out = append(out, o.Source)
			}
		}
	}
	if t.Baseline != nil && t.Baseline.Source != "" && !slices.Contains(out, t.Baseline.Source) {
		out = append(out, t.Baseline.Source)
	}
	return strings.Join(out, "; ")
}

// workings shows how rates come from their series.
func (r *reading) workings(i *indicators.Indicator, p *page.Indicator, t *indicators.Trajectory) {
	num, den := r.library.SeriesOf(i.NumeratorSeries), r.library.SeriesOf(i.DenominatorSeries)
	if num == nil || den == nil || !i.Per.Present() {
		return
	}
	shown := []indicators.Observation{}
	if t.Baseline != nil {
		shown = append(shown, *t.Baseline)
	}
	shown = append(shown, t.Results...)
	known := map[indicators.Period]bool{}
	for _, o := range shown {
		known[o.Period] = true
		if o.Numerator.Present() && o.Denominator.Present() {
			p.Sums = append(p.Sums, page.NewWorking(&r.frame, i, num, den, o))
		}
	}
	for _, o := range indicators.DeriveRates(r.library, i, r.here(num.Code), r.here(den.Code)) {
		if !known[o.Period] {
			p.Sums = append(p.Sums, page.NewWorking(&r.frame, i, num, den, o))
		}
	}
}

// drawIndicator sends the chart as a picture that is whole in itself.
func (s *Server) drawIndicator(c *gin.Context, r *reading, i *indicators.Indicator) error {
	if i.Measure == indicators.Deliverable {
		return indicators.Missing("chart", string(i.Code))
	}
	f := &r.frame
	pic := r.picture(i)
	release := f.T("strip.release", r.release.Number, f.ReleaseDay())
	if s.Demo {
		release = f.T("demo.title") + " · " + release
	}
	doc := pic.Document(f.Lang, chart.Credits{
		Source: sources(&pic.Trajectory), Release: release, Address: f.To("/indicators/" + string(i.Code)),
	})
	c.Header("Content-Disposition", strings.Replace(disposition(r.fileName(string(i.Code), "svg")), "attachment", "inline", 1))
	send(c, http.StatusOK, "image/svg+xml; charset=utf-8", []byte(doc))
	return nil
}

// downloadIndicators sends the whole filtered list.
func (s *Server) downloadIndicators(c *gin.Context) error {
	r, err := s.readFiltered(c)
	if err != nil {
		return err
	}
	list, _ := s.filtered(c, r)
	_, kind := ending(c.Request.URL.Path)
	return s.download(c, r, "indicators", kind, list)
}

// download sends a list of indicators in the reading's area as a file.
func (s *Server) download(c *gin.Context, r *reading, what, kind string, list []*indicators.Indicator) error {
	var b bytes.Buffer
	switch kind {
	case "json":
		body, err := json.MarshalIndent(s.answer(r, list), "", "  ")
		if err != nil {
			return fmt.Errorf("download %s: %w", what, err)
		}
		attach(c, "application/json; charset=utf-8", r.fileName(what, kind), append(body, '\n'))
		return nil
	case "csv":
		if err := s.Sheets.CSV(&b, r.table(s, what, list)); err != nil {
			return err
		}
		attach(c, "text/csv; charset=utf-8", r.fileName(what, kind), b.Bytes())
		return nil
	case "xlsx":
		if err := s.Sheets.XLSX(&b, r.table(s, what, list)); err != nil {
			return err
		}
		attach(c, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", r.fileName(what, kind), b.Bytes())
		return nil
	}
	return indicators.Missing("page", c.Request.URL.Path)
}
