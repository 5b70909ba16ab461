package chart

import (
	"cmp"
	"slices"

	"yimi/indicators"
)

// The measures of the tile grid and of the bars, in px.
const (
	tileSize = 45.0
	tileGap  = 2.0
	barRow   = 26.0
	nameRoom = 0.3 // share of the width that names take beside the bars
	barRoom  = 0.52
)

// ordered are the units with a value, the largest first, and those without.
func (d Districts) ordered() (known, silent []District) {
	for _, u := range d.Units {
		if u.Value.Present() {
			known = append(known, u)
		} else {
			silent = append(silent, u)
		}
	}
	slices.SortStableFunc(known, func(a, b District) int { return b.Value.Decimal().Cmp(a.Value.Decimal()) })
	return known, silent
}

// top is the largest value or target, which the scale of the bars reaches.
func (d Districts) top() float64 {
	top := 0.0
	for _, u := range d.Units {
		top = max(top, u.Value.Float())
	}
	if d.Target != nil {
		top = max(top, d.Target.Value.Float())
	}
	top = max(top, d.City.Float())
	if top <= 0 {
		return 1
	}
	return top
}

// digits is how many digits after the point the values are printed with.
func (d Districts) digits() int {
	if d.Indicator.Decimals == nil {
		return 0
	}
	return *d.Indicator.Decimals
}

// Bars is the list by value; who has not reported stands in a group of its
// own, without a bar.
func (d Districts) Bars(w Words) SVG {
	known, silent := d.ordered()
	if len(known) == 0 {
		return ""
	}
	height := barRow*float64(len(known)) + 34
	svg := root("bars", d.Hue, "100%", px(height), d.Text(w), "")
	top := d.top()
	at := func(v float64) pct { return pct(nameRoom + barRoom*v/top) }
	for n, u := range known {
		y := 24 + barRow*float64(n)
		svg.add(line(0.0, y+17, "start", run{text: u.Name, size: 14, bold: u.Here, tone: "ink"}))
		svg.add(el("rect", "x", pct(nameRoom), "y", y+6, "width", at(max(0, u.Value.Float()))-nameRoom, "height", barRow-12, "class", "f-hue"))
		svg.add(line(at(max(0, u.Value.Float()))+0.01, y+17, "start", run{text: w.Number(u.Value, indicators.PrintDigits(u.Value, d.digits(), d.Indicator.Unit, d.targets())), size: 14, bold: true, tone: "ink"}))
	}
	bottom := 24 + barRow*float64(len(known))
	if d.Target != nil && d.Target.Value.Present() {
		x := at(d.Target.Value.Float())
		svg.add(el("line", "x1", x, "x2", x, "y1", 20, "y2", bottom, "class", "s-yellow", "stroke-width", 3),
			el("line", "x1", x, "x2", x, "y1", 20, "y2", bottom, "class", "s-ink", "stroke-width", 1.5),
			line(x, 13, "middle", run{text: w.T("chart.target", w.TargetFigure(*d.Target))}))
	}
	if d.City.Present() {
		x := at(d.City.Float())
		svg.add(el("line", "x1", x, "x2", x, "y1", 24, "y2", bottom, "class", "s-border", "stroke-dasharray", "3 3"))
	}
	_ = silent // they stand in the table beneath, in a group of their own
	return svg.render()
}

func (d Districts) targets() []indicators.Target {
	if d.Target == nil {
		return nil
	}
	return []indicators.Target{*d.Target}
}

// Tiles is the same on the grid, captioned as no map. The units stand in the
// order of the list in the document, and where the grid has them on screen.
func (d Districts) Tiles(w Words) SVG {
	cols, rows := 0, 0
	for _, u := range d.Units {
		if u.Area.GridCol != nil && u.Area.GridRow != nil {
			cols, rows = max(cols, *u.Area.GridCol+1), max(rows, *u.Area.GridRow+1)
		}
	}
	if cols == 0 {
		return ""
	}
	step := tileSize + tileGap
	width, height := float64(cols)*step-tileGap, float64(rows)*step-tileGap
	svg := el("svg", "xmlns", "http://www.w3.org/2000/svg", "class", "tiles "+hueClass(d.Hue), "viewBox", "0 0 "+px(width)+" "+px(height),
		"width", px(width), "height", px(height), "role", "group", "font-size", 13, "aria-label", d.Text(w)+" "+w.T("tiles.no_map"))
	known, silent := d.ordered()
	top := d.top()
	for _, u := range append(known, silent...) {
		if u.Area.GridCol == nil || u.Area.GridRow == nil {
			continue
		}
		x, y := float64(*u.Area.GridCol)*step, float64(*u.Area.GridRow)*step
		short := u.Short
		if short == "" {
			short = u.Name
		}
		figure, spoken := "—", w.T("value.none")
		ground, ink := "f-surface s-border", "ink"
		if u.Value.Present() {
			figure = w.Number(u.Value, d.digits())
			strength := int(min(5, 1+4*u.Value.Float()/top))
			ground, ink = "f-ramp-"+string(rune('0'+strength)), "on-ramp-"+string(rune('0'+strength))
		}
		tile := el("rect", "x", x, "y", y, "width", tileSize, "height", tileSize, "rx", 2, "class", ground)
		if !u.Value.Present() {
			tile.set("stroke-dasharray", "4 3")
		}
		name := shorten(short) + " " + figure
		if shorten(short) != u.Name {
			name += ", " + u.Name
		}
		if !u.Value.Present() {
			name += ", " + spoken
		}
		link := el("a", "href", u.Link, "aria-label", name).add(tile,
			line(x+tileSize/2, y+19, "middle", run{text: shorten(short), tone: ink}),
			line(x+tileSize/2, y+36, "middle", run{text: figure, size: 14, bold: true, tone: ink}))
		if u.Here {
			link.add(el("rect", "x", x-2, "y", y-2, "width", tileSize+4, "height", tileSize+4, "rx", 4, "fill", "none", "class", "s-ink", "stroke-width", 2))
		}
		svg.add(link)
	}
	svg.set("overflow", "visible")
	return svg.render() + el("p", "class", "note tiles-note").say(w.T("tiles.no_map")).render()
}

// shorten keeps a tile's name within the tile: at most three characters of
// Chinese, six of Latin.
func shorten(s string) string {
	runes := []rune(s)
	limit := 3
	if len(runes) > 0 && runes[0] < 0x2E80 {
		limit = 6
	}
	return string(runes[:min(len(runes), limit)])
}

// Text says the districts in a sentence.
func (d Districts) Text(w Words) string {
	known, silent := d.ordered()
	if len(known) == 0 {
		return w.T("tiles.text_none", len(d.Units))
	}
	high, low := known[0], slices.MinFunc(known, func(a, b District) int { return cmp.Or(a.Value.Decimal().Cmp(b.Value.Decimal())) })
	return w.T("tiles.text", len(d.Units), len(known), high.Name, w.Number(high.Value, d.digits()), low.Name, w.Number(low.Value, d.digits()), len(silent))
}
