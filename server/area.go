package server

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

// heard is, for every each-district indicator, the areas with a figure.
type heard map[indicators.Code]map[indicators.Code]bool

func (r *reading) heard(own []*indicators.Indicator) heard {
	h := heard{}
	for _, i := range own {
		h[i.Code] = map[indicators.Code]bool{}
		for _, o := range r.everywhere(i.Code) {
			if o.Kind != indicators.Baseline {
				h[i.Code][o.Area] = true
			}
		}
	}
	return h
}

// in counts the districts that have a figure of one indicator.
func (h heard) in(i *indicators.Indicator, districts []indicators.Area) int {
	n := 0
	for _, a := range districts {
		if h[i.Code][a.Code] {
			n++
		}
	}
	return n
}

// districts lists every district with how many of its own targets have a
// figure, and the same as tiles.
func (v *visit) districts(h heard, own []*indicators.Indicator, here indicators.Code) ([]page.AreaRow, chart.Districts) {
	f := &v.frame
	tiles := chart.Districts{}
	var rows []page.AreaRow
	for _, a := range v.library.Districts() {
		row := page.AreaRow{Area: page.AreaLink(f, &a), Current: a.Code == here}
		for _, i := range own {
			if h[i.Code][a.Code] {
				row.Reported++
			}
		}
		if o := v.library.OrganisationOf(a.Code); o != nil {
			row.Organisation = page.OrganisationLink(f, o)
		}
		rows = append(rows, row)
		tiles.Units = append(tiles.Units, chart.District{
			Area: a, Name: row.Area.Text, Short: a.Short, Link: row.Area.URL, Here: row.Current,
			Value: page.Count(row.Reported),
		})
	}
	return rows, tiles
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
	rows, tiles := r.districts(r.heard(own), own, "")
	p := page.Areas{Rows: rows, Targets: len(own), Tiles: page.Picture(string(tiles.Tiles(f.Lang)))}
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
	p := page.Area{Whole: r.area.Level == indicators.CityLevel, Wanted: len(own)}
	h := r.heard(own)
	var tiles chart.Districts
	p.Districts, tiles = r.districts(h, own, r.area.Code)
	p.Tiles = page.Picture(string(tiles.Tiles(f.Lang)))
	if o := r.library.OrganisationOf(r.area.Code); o != nil {
		p.Organisation = page.OrganisationLink(f, o)
	}
	if !p.Whole {
		for _, i := range own {
			row := r.row(i)
			if !r.reported(i) {
				p.Missing = append(p.Missing, row)
				continue
			}
			p.Reported++
			p.Own = append(p.Own, page.AreaTarget{Row: row, Others: f.T("area.others", h.in(i, r.library.Districts()), len(p.Districts))})
		}
	}
	p.Tallies = r.tallies(indicators.ByArea, code)
	p.Figures = r.areaFigures(own)
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
		standing := indicators.Standing(r.here(subject))
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
