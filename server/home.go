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
	p.Milestones = r.tallies(indicators.ByPlan, string(r.library.Plan.Code))
	final := last(r.openMilestones())
	for _, a := range r.behind(final) {
		if len(p.Behind) < maxBehind {
			p.Behind = append(p.Behind, r.statusRow(a))
		}
	}
	p.BehindYear = final
	for _, i := range r.library.Headlines() {
		pic := r.picture(i)
		p.Headlines = append(p.Headlines, page.Headline{Row: r.row(i), Upright: page.Picture(string(pic.Upright(f.Lang)))})
	}
	p.Fresh, p.Silent = r.fresh(), r.silent(final)
	for _, g := range indicators.Groups(r.library, r.list, indicators.ByDomain, final) {
		row := page.DomainRow{Domain: page.Link{Text: r.groupName(indicators.ByDomain, g.Key), URL: f.To("/domains/" + wholePlan)}}
		if d := r.library.Domain(indicators.Code(g.Key)); d != nil {
			row.Domain, row.Hue = page.DomainLink(f, d), page.DomainHue(r.library, d)
		}
		row.Tally = r.tally(&g.Tally, final, row.Domain.Text)
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

// last is the later of the milestones that the front page shows.
func last(years []int) int { return years[len(years)-1] }

// tally lays out a group of assessments at a milestone.
func (r *reading) tally(t *indicators.Tally, year int, name string) page.Tally {
	f := &r.frame
	out := page.NewTally(f, t, year, r.asOf().Year > year)
	var shares []chart.Share
	for _, c := range out.Counts {
		shares = append(shares, chart.Share{Status: c.Status, Word: c.Word, Count: c.Count})
	}
	out.Bar = page.Picture(string(chart.StatusBar(shares, out.Spoken(f, name))))
	return out
}

// tallies lays out one group at the milestones that the front page shows.
func (r *reading) tallies(by indicators.Grouping, key string) []page.Tally {
	var out []page.Tally
	for _, year := range r.openMilestones() {
		for _, g := range indicators.Groups(r.library, r.list, by, year) {
			if g.Key == key && g.Targets > 0 {
				out = append(out, r.tally(&g.Tally, year, r.groupName(by, key)))
			}
		}
	}
	return out
}

// maxBehind is how many of those behind the front page names.
const maxBehind = 5

// behind lists the targets that are missed, off track or at risk at a
// milestone, the least attained first.
func (r *reading) behind(year int) []*indicators.Assessment {
	var out []*indicators.Assessment
	for i := range r.list {
		a := &r.list[i]
		switch a.Status {
		case indicators.Missed, indicators.OffTrack, indicators.AtRisk:
			if a.Milestone == year && a.Area.Code == r.area.Code {
				out = append(out, a)
			}
		}
	}
	slices.SortStableFunc(out, leastFirst)
	return out
}

// leastFirst orders assessments by attainment, what has none last.
func leastFirst(a, b *indicators.Assessment) int {
	switch {
	case !a.Attainment.Present() && !b.Attainment.Present():
		return 0
	case !a.Attainment.Present():
		return 1
	case !b.Attainment.Present():
		return -1
	}
	return a.Attainment.Decimal().Cmp(b.Attainment.Decimal())
}

// statusRow is one assessment in a list.
func (r *reading) statusRow(a *indicators.Assessment) page.StatusRow {
	f := &r.frame
	row := page.StatusRow{
		Indicator: page.Link{Text: f.Pick(a.Indicator.Name, a.Indicator.NameEn), URL: f.To("/indicators/" + string(a.Indicator.Code))},
		Hue:       page.Hue(r.library, a.Indicator), Verdict: page.NewVerdict(f, r.library, a),
	}
	row.Leads = page.OrganisationLinks(f, r.library, a.Indicator.Leads)
	if o := r.library.Reporter(a.Indicator); o != nil {
		row.Reporter = page.OrganisationLink(f, o)
	}
	return row
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

// silent lists the organisations by how many of the targets that they lead
// nothing is known of at a milestone.
func (r *reading) silent(year int) []page.SilentRow {
	var out []page.SilentRow
	for _, g := range indicators.Groups(r.library, r.list, indicators.ByOrganisation, year) {
		if k := g.NotReported + g.Awaiting + g.NoData; k > 0 {
			o := r.library.Organisation(indicators.Code(g.Key))
			out = append(out, page.SilentRow{Organisation: page.OrganisationLink(&r.frame, o), Count: k, Led: g.Targets})
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
