package server

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

const (
	maxFresh    = 5
	maxSilent   = 5
	maxExamples = 4
)

// showHome shows what was promised and how much is known of it.
func (s *Server) showHome(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	f := &r.frame
	f.Files = r.files("/indicators")
	p := page.Home{Indicators: len(r.library.Indicators)}
	for _, y := range r.openMilestones() {
		p.Milestones = append(p.Milestones, r.milestone(y))
	}
	for _, i := range r.library.Headlines() {
		pic := r.picture(i)
		p.Headlines = append(p.Headlines, page.Headline{Row: r.row(i), Upright: page.Picture(string(pic.Upright(f.Lang)))})
	}
	p.Fresh, p.Silent = r.fresh(), r.silent()
	for n := range r.library.Domains {
		d := &r.library.Domains[n]
		list := r.library.IndicatorsOfDomain(d.Code)
		row := page.DomainRow{Domain: page.DomainLink(f, d), Hue: page.DomainHue(r.library, d), Count: len(list), Known: r.countReported(list)}
		row.Silent = row.Count - row.Known
		row.Bar = r.bar(row.Known, row.Silent)
		p.Domains = append(p.Domains, row)
	}
	p.Examples = r.examples(p.Headlines)
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// openMilestones picks the latest milestone that has ended and the next one.
func (r *reading) openMilestones() []int {
	all := r.library.Plan.Milestones
	next := slices.IndexFunc(all, func(y int) bool { return r.asOf().Year <= y })
	if next < 0 {
		next = len(all)
	}
	return all[max(0, min(next-1, len(all)-2)):min(len(all), max(next+1, 2))]
}

// milestone counts the targets of a milestone, and those whose year has a
// figure or an answer; a deliverable is known once anything was said of it.
func (r *reading) milestone(year int) page.MilestoneCount {
	f := &r.frame
	m := page.MilestoneCount{Year: year, When: f.T("home.ends", f.Date(indicators.YearOf(year).End()))}
	if r.asOf().Year > year {
		m.When = f.T("home.ended", f.Date(indicators.YearOf(year).End()))
	}
	for n := range r.library.Indicators {
		i := &r.library.Indicators[n]
		for _, t := range r.library.TargetsOf(i.Code) {
			if !r.promisedAt(t, indicators.MilestoneOf(year)) {
				continue
			}
			m.Total++
			if slices.ContainsFunc(r.figures[i.Code], func(o indicators.Observation) bool {
				return o.Kind != indicators.Baseline && (o.Period.Year == year || i.Measure == indicators.Deliverable)
			}) {
				m.Known++
			}
		}
	}
	m.Silent = m.Total - m.Known
	m.Bar = r.bar(m.Known, m.Silent)
	return m
}

// bar draws how much is known of how much.
func (r *reading) bar(known, silent int) page.HTML {
	f := &r.frame
	return page.Picture(string(chart.StatusBar([]chart.Share{
		{Status: "in_progress", Word: f.T("home.known"), Count: known},
		{Status: "not_reported", Word: f.T("home.unknown"), Count: silent},
	}, f.T("home.bar", known, silent))))
}

// fresh lists the indicators with the newest figures.
func (r *reading) fresh() []page.Row {
	type item struct {
		i  *indicators.Indicator
		at indicators.Period
	}
	var items []item
	for n := range r.library.Indicators {
		i := &r.library.Indicators[n]
		t := r.trajectory(i)
		if o := page.Newest(&t); o != nil && i.Measure != indicators.Deliverable {
			items = append(items, item{i, o.Period})
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return b.at.Compare(a.at) })
	var out []page.Row
	for _, it := range items[:min(len(items), maxFresh)] {
		out = append(out, r.row(it.i))
	}
	return out
}

// silent lists the organisations by how many of their indicators nothing is
// known of.
func (r *reading) silent() []page.SilentRow {
	var out []page.SilentRow
	for n := range r.library.Organisations {
		o := &r.library.Organisations[n]
		led := r.library.IndicatorsOfLead(o.Code)
		if k := len(led) - r.countReported(led); k > 0 {
			out = append(out, page.SilentRow{Organisation: page.OrganisationLink(&r.frame, o), Count: k, Led: len(led)})
		}
	}
	slices.SortStableFunc(out, func(a, b page.SilentRow) int { return b.Count - a.Count })
	return out[:min(len(out), maxSilent)]
}

// examples are searches to try: the headline measures, a district, a lead.
func (r *reading) examples(headlines []page.Headline) []page.Link {
	var out []page.Link
	add := func(text, url string) {
		if len(out) < maxExamples {
			out = append(out, page.Link{Text: text, URL: url})
		}
	}
	for _, h := range headlines[:min(2, len(headlines))] {
		add(h.Name, h.URL)
	}
	if d := r.library.Districts(); len(d) > 0 {
		l := page.AreaLink(&r.frame, &d[0])
		add(l.Text, l.URL)
	}
	for _, h := range headlines {
		if h.Lead.Text != "" {
			add(h.Lead.Text, h.Lead.URL)
			break
		}
	}
	return out
}
