package server

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

// districts lists every district with what became of its own targets at a
// milestone, and the same as tiles; who has none that can be judged has no
// number. The rows are sorted, the most met first.
func (r *reading) districts(year int, here indicators.Code) ([]page.AreaRow, chart.Districts) {
	f := &r.frame
	groups := map[string]indicators.Tally{}
	for _, g := range indicators.Groups(r.library, r.list, indicators.ByArea, year) {
		groups[g.Key] = g.Tally
	}
	tiles := chart.Districts{}
	var rows []page.AreaRow
	for _, a := range r.library.Districts() {
		g := groups[string(a.Code)]
		row := page.AreaRow{
			Area: page.AreaLink(f, &a), Current: a.Code == here, Targets: g.Targets, Met: g.Met, Monitorable: g.Monitorable,
			Silent: g.NotReported + g.Awaiting + g.NoData,
		}
		if o := r.library.OrganisationOf(a.Code); o != nil {
			row.Organisation = page.OrganisationLink(f, o)
		}
		rows = append(rows, row)
		tile := chart.District{Area: a, Name: row.Area.Text, Short: a.Short, Link: row.Area.URL, Here: row.Current}
		if g.Monitorable > 0 {
			tile.Value, tile.Attainment = page.Count(g.Met), g.Rate
		}
		tiles.Units = append(tiles.Units, tile)
	}
	// As the tiles stand: the most met first, then who has none that can be judged.
	slices.SortStableFunc(rows, func(a, b page.AreaRow) int {
		known := func(r page.AreaRow) int { return min(r.Monitorable, 1) }
		return cmp.Or(known(b)-known(a), b.Met-a.Met)
	})
	return rows, tiles
}

// others says how the districts stand on a target that holds in each, at the
// last time that it is judged at.
func (r *reading) others(i *indicators.Indicator) string {
	of := r.of[placed{i.Code, r.library.City().Code}]
	if len(of) == 0 || of[len(of)-1].Units == nil {
		return ""
	}
	u := of[len(of)-1].Units
	return r.frame.T("verdict.units", u.Total, u.Met+u.Late, u.Short, u.Unreported)
}

// listAreas shows the districts.
func (s *Server) listAreas(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.T("nav.areas"), "areas"
	own := r.library.IndicatorsOfScope(indicators.EachDistrict)
	p := page.Areas{Targets: len(own), Year: last(r.openMilestones())}
	var tiles chart.Districts
	p.Rows, tiles = r.districts(p.Year, "")
	p.Tiles = page.Picture(string(tiles.Tiles(f.Lang)))
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// showArea shows one area: its own targets first, then its other figures.
func (s *Server) showArea(c *gin.Context) error {
	code, kind := ending(c.Param("code"))
	r, err := s.read(c, indicators.Code(code))
	if err != nil {
		return err
	}
	f := &r.frame
	f.Title, f.Section = f.Pick(r.area.Name, r.area.NameEn), "areas"
	f.Crumbs = []page.Link{r.crumb("areas")}
	f.Files = r.files("/areas/" + code)
	own := r.library.IndicatorsOfScope(indicators.EachDistrict)
	if kind != "" {
		return s.download(c, r, "area-"+code, kind, pointers(r.library.Indicators))
	}
	p := page.Area{Whole: r.area.Level == indicators.CityLevel, Wanted: len(own), Year: last(r.openMilestones())}
	var tiles chart.Districts
	p.Districts, tiles = r.districts(p.Year, r.area.Code)
	p.Tiles = page.Picture(string(tiles.Tiles(f.Lang)))
	if o := r.library.OrganisationOf(r.area.Code); o != nil {
		p.Organisation = page.OrganisationLink(f, o)
	}
	if !p.Whole {
		for _, i := range r.worstFirst(own) {
			row := r.row(i)
			if !r.reported(i) {
				p.Missing = append(p.Missing, row)
				continue
			}
			p.Reported++
			p.Own = append(p.Own, page.AreaTarget{Row: row, Others: r.others(i)})
		}
	}
	p.Tallies = r.tallies(indicators.ByArea, code)
	p.Figures = r.areaFigures(own)
	p.Edit = editAddress(c, r.visit, areaShelf, r.area.Code)
	if p.Changes, err = s.record(c, r.visit, r.area.Code, false, recordedIn[indicators.AreasFile]...); err != nil {
		return err
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

func pointers(list []indicators.Indicator) []*indicators.Indicator {
	out := make([]*indicators.Indicator, len(list))
	for n := range list {
		out[n] = &list[n]
	}
	return out
}

// areaFigures lists every figure that was published for the area but those of
// its own targets, the newest first within a subject.
func (r *reading) areaFigures(own []*indicators.Indicator) []page.AreaFigure {
	var out []page.AreaFigure
	f := &r.frame
	list := func(subject indicators.Code, link page.Link, show func(indicators.Observation) string) {
		standing := indicators.Standing(r.library, r.here(subject))
		slices.SortStableFunc(standing, func(a, b indicators.Observation) int { return b.Period.Compare(a.Period) })
		for _, o := range standing {
			out = append(out, page.AreaFigure{
				Subject: link, When: f.Date(o.Period), Value: show(o), Repost: o.Confidence == indicators.Repost,
				Source: page.Link{Text: o.Source, URL: o.SourceURL},
			})
		}
	}
	for n := range r.library.Indicators {
		i := &r.library.Indicators[n]
		if slices.Contains(own, i) && r.area.Level != indicators.CityLevel {
			continue
		}
		list(i.Code, page.Link{Text: f.Pick(i.Name, i.NameEn), URL: f.To("/indicators/" + string(i.Code))}, func(o indicators.Observation) string {
			if !o.Value.Present() {
				return f.T("answer." + string(o.Answer))
			}
			return page.Figure(f, i, o, r.library.TargetsOf(i.Code))
		})
	}
	for _, sr := range r.library.Series {
		list(sr.Code, page.Link{Text: f.Pick(sr.Name, sr.NameEn)}, func(o indicators.Observation) string {
			if !o.Value.Present() {
				return f.T("answer." + string(o.Answer))
			}
			return f.WithUnit(f.Exact(o.Value), sr.Unit)
		})
	}
	return out
}
