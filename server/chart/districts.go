package chart

import (
	"slices"
	"strings"

	"yimi/indicators"
)

// District is one unit's value of a target that is drawn for all of them.
type District struct {
	Area       indicators.Area
	Name       string            // in the page's language
	Short      string            // at most four characters, for its tile
	Link       string            // address of its page
	Value      indicators.Number // absent: not reported
	Note       string            // why there is none where that is known: 无分母
	Attainment indicators.Number // 0 to 100 on its own target; absent without a verdict
	Met        bool
	Here       bool // the page is about this one
}

// Districts are the units side by side, in the plan's order.
type Districts struct {
	Indicator indicators.Indicator
	Target    *indicators.Target
	City      indicators.Number // the city's own value, a hollow tick; may be absent
	Hue       int
	Units     []District
}

// sorted are those with a value, best first, ties in the plan's order, and
// those without.
func (d Districts) sorted() (known, silent []District) {
	for _, u := range d.Units {
		if u.Value.Present() {
			known = append(known, u)
			continue
		}
		silent = append(silent, u)
	}
	slices.SortStableFunc(known, func(a, b District) int {
		if d.Indicator.Direction == indicators.Lower {
			a, b = b, a
		}
		return b.Value.Decimal().Cmp(a.Value.Decimal())
	})
	return known, silent
}

// value prints a district's value.
func (d Districts) value(w Words, n indicators.Number) string {
	if d.Indicator.Code == "" {
		return w.Exact(n)
	}
	return Picture{Trajectory: indicators.Trajectory{Indicator: d.Indicator}}.figure(w, indicators.Observation{Value: n})
}

// The columns of the bar list, as shares of its width.
const (
	barsFrom = 0.34
	barsWide = 0.50
	barRow   = 24.0
)

// Bars is the list by value; who has not reported stands in a group of its own.
func (d Districts) Bars(w Words) SVG {
	known, silent := d.sorted()
	top := 0.0
	for _, u := range known {
		top = max(top, u.Value.Float())
	}
	goal := 0.0
	if d.Target != nil && d.Target.Value.Present() {
		goal = d.Target.Value.Float()
		top = max(top, goal)
	}
	if d.City.Present() {
		top = max(top, d.City.Float())
	}
	if top <= 0 {
		top = 1
	}
	head := 24.0
	height := head + barRow*float64(len(known))
	if len(silent) > 0 {
		height += 34 + barRow*float64(len(silent))
	}
	svg := group("bars", d.Hue, "100%", height+4, d.Text(w))
	at := func(v float64) pct { return pct(barsFrom + barsWide*max(0, v)/top) }
	for i, u := range known {
		y := head + barRow*float64(i)
		svg.add(u.link(w, u.shown()+d.value(w, u.Value)).add(u.name(y), el("rect", "x", pct(barsFrom), "y", y+6, "width", at(u.Value.Float())-barsFrom, "height", 12, "class", "f-hue"),
			el("svg", "x", at(u.Value.Float()), "y", 0, "width", 1, "height", 1, "overflow", "visible").add(
				halo(line(6, y+16.5, "start", run{text: d.value(w, u.Value), bold: true, tone: "ink"})))))
	}
	floor := head + barRow*float64(len(known))
	if len(known) > 0 {
		svg.add(el("line", "x1", pct(barsFrom), "x2", pct(barsFrom), "y1", head, "y2", floor, "class", "s-control"))
	}
	if goal > 0 {
		anchor := "middle"
		if at(goal) > 0.8 {
			anchor = "end"
		}
		svg.add(line(at(goal), 14, anchor, run{text: w.T("chart.target") + " "}, run{text: d.goal(w), bold: true, tone: "ink"}),
			el("line", "x1", at(goal), "x2", at(goal), "y1", head-4, "y2", floor, "class", "s-ink", "stroke-width", 2))
	}
	if d.City.Present() && len(known) > 0 {
		svg.add(el("svg", "x", at(d.City.Float()), "y", head-6, "width", 1, "height", 1, "overflow", "visible").add(
			el("rect", "x", -2.5, "y", 0, "width", 5, "height", floor-head+6, "class", "s-ink", "fill", "none", "stroke-width", 1.2)))
		if goal == 0 {
			svg.add(line(at(d.City.Float()), 14, "middle", run{text: w.T("chart.city") + " "}, run{text: d.value(w, d.City), bold: true, tone: "ink"}))
		}
	}
	if len(silent) > 0 {
		svg.add(line(0, floor+26, "start", run{text: w.T("chart.districts_unreported", len(silent)), bold: true, tone: "none-text"}))
	}
	for i, u := range silent {
		y := floor + 34 + barRow*float64(i)
		note := u.Note
		if note == "" {
			note = w.T("chart.not_reported")
		}
		svg.add(u.link(w, u.shown()+note).add(u.name(y),
			el("rect", "x", pct(barsFrom), "y", y+4, "width", 60+13*float64(max(0, len([]rune(note))-3)), "height", 17, "class", "s-control", "fill", "none", "stroke-dasharray", "3 2.5"),
			el("svg", "x", pct(barsFrom), "y", 0, "width", 1, "height", 1, "overflow", "visible").add(line(8, y+17, "start", run{text: note, tone: "none-text"}))))
	}
	return svg.render()
}

func (d Districts) goal(w Words) string {
	p := Picture{Trajectory: indicators.Trajectory{Indicator: d.Indicator}}
	return p.targetFigure(w, *d.Target)
}

// name is a district's name in its row; a long one gives way to its short one.
func (u District) name(y float64) *node {
	return line(0, y+16.5, "start", run{text: u.shown(), size: 14, bold: u.Here, tone: "ink"})
}

func (u District) shown() string {
	if textWidth(u.Name, 14, u.Here) > 96 && u.Short != "" {
		return u.Short
	}
	return u.Name
}

// tileName is a name that its tile holds: a long one loses the word for what
// kind of unit it is.
func (u District) tileName() string {
	name := u.Short
	if name == "" {
		name = u.Name
	}
	for _, kind := range []string{"新区", "区", "县", "市", " District", " County", " City"} {
		if short, cut := strings.CutSuffix(name, kind); cut && textWidth(name, 13, false) > tileSize-4 {
			return short
		}
	}
	return name
}

// link is the anchor around a district; seen is what stands in it, with which
// its spoken name begins where that is not the whole name.
func (u District) link(w Words, seen string) *node {
	if u.Link == "" {
		return el("g")
	}
	a := el("a", "href", u.Link)
	if !strings.HasPrefix(seen, u.Name) {
		a.set("aria-label", seen+w.T("chart.comma")+u.Name)
	}
	if u.Here {
		a.set("aria-current", "true")
	}
	return a
}

// group is an outer element with links in it, which a picture could not have.
func group(class string, hue int, width, height any, label string) *node {
	n := root(class, hue, width, height, label, "")
	for i := range n.attrs {
		if n.attrs[i].name == "role" {
			n.attrs[i].value = "group"
		}
	}
	return n
}

// The measures of the tile grid in px.
const (
	tileSize = 45.0
	tileStep = 47.0
)

// Tiles is the same on the grid, captioned as no map. They stand in the order
// of the list, whatever their place.
func (d Districts) Tiles(w Words) SVG {
	columns, rows := 1, 1
	for _, u := range d.Units {
		if u.Area.GridCol != nil && u.Area.GridRow != nil {
			columns, rows = max(columns, *u.Area.GridCol+1), max(rows, *u.Area.GridRow+1)
		}
	}
	width, height := float64(columns)*tileStep-2, float64(rows)*tileStep+22
	svg := group("tiles", d.Hue, width, height, d.Text(w))
	known, silent := d.sorted()
	step := d.ramp(known)
	for _, u := range append(known, silent...) {
		if u.Area.GridCol == nil || u.Area.GridRow == nil {
			continue
		}
		x, y := float64(*u.Area.GridCol)*tileStep, float64(*u.Area.GridRow)*tileStep
		name, said := u.tileName(), "—"
		if u.Value.Present() {
			said = d.value(w, u.Value)
		}
		a := u.link(w, name+said)
		mid, ink := x+tileSize/2, "none-text"
		if u.Value.Present() {
			n := string(rune('0' + step(u)))
			ink = "on-ramp-" + n
			a.add(el("rect", "x", x, "y", y, "width", tileSize, "height", tileSize, "rx", 2, "class", "f-ramp-"+n))
		} else {
			a.add(el("rect", "x", x+0.5, "y", y+0.5, "width", tileSize-1, "height", tileSize-1, "rx", 2, "class", "f-page s-control", "stroke-dasharray", "3 2.5"))
		}
		a.add(line(mid, y+18, "middle", run{text: name, tone: ink}),
			line(mid, y+37, "middle", run{text: said, size: 16, bold: true, tone: ink}))
		if u.Here {
			a.add(el("rect", "x", x-1.5, "y", y-1.5, "width", tileSize+3, "height", tileSize+3, "rx", 4, "class", "s-page", "fill", "none", "stroke-width", 5),
				el("rect", "x", x-1.5, "y", y-1.5, "width", tileSize+3, "height", tileSize+3, "rx", 4, "class", "s-ink", "fill", "none", "stroke-width", 2))
		}
		svg.add(a)
	}
	return svg.add(line(0, float64(rows)*tileStep+16, "start", run{text: w.T("chart.districts_caption"), bold: true, tone: "ink"})).render()
}

// ramp gives each district its step of five: of its attainment where there is
// a verdict, else of its value between none and the highest.
func (d Districts) ramp(known []District) func(District) int {
	top := 0.0
	for _, u := range known {
		top = max(top, u.Value.Float())
	}
	return func(u District) int {
		share := 0.0
		switch {
		case u.Attainment.Present():
			share = u.Attainment.Float() / 100
		case top > 0:
			share = u.Value.Float() / top
		}
		return 1 + min(4, max(0, int(share*5)))
	}
}

// Text says the districts in a sentence.
func (d Districts) Text(w Words) string {
	known, silent := d.sorted()
	met, judged := 0, false
	for _, u := range d.Units {
		if u.Met {
			met++
		}
		judged = judged || u.Met || u.Attainment.Present()
	}
	var out string
	switch {
	case len(known) == 0:
		return strings.TrimSpace(w.T("chart.districts_none") + w.T("chart.stop"))
	case judged && d.Target != nil:
		out = w.T("chart.districts_text", len(d.Units), met, d.goal(w))
	default:
		out = w.T("chart.districts_text_plain", len(d.Units), len(known))
	}
	if len(known) > 1 {
		first, last := known[0], known[len(known)-1]
		if d.Indicator.Direction == indicators.Lower {
			first, last = last, first
		}
		out += w.T("chart.semicolon") + w.T("chart.districts_range", first.Name, d.value(w, first.Value), last.Name, d.value(w, last.Value))
	}
	if len(silent) > 0 {
		out += w.T("chart.semicolon") + w.T("chart.districts_silent", len(silent))
	}
	return strings.TrimSpace(out + w.T("chart.stop"))
}
