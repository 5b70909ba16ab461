package chart

import (
	"cmp"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"

	"yimi/indicators"
)

// corner is where a projection stands at a moment.
type corner struct{ at, value, low, high float64 }

// stands is the moment at which a figure of a period is drawn: its own, or the
// middle of its year where the year's amount is a column.
func (p Picture) stands(at indicators.Period) float64 {
	if p.Kind() == Amounts {
		return float64(at.Year) + 0.5
	}
	return moment(at)
}

// projected are the years of the projection that lie right of the last result.
func (p Picture) projected() []indicators.ProjectedPoint {
	if p.Projection == nil || !p.Charted() {
		return nil
	}
	latest := p.Trajectory.Latest()
	var out []indicators.ProjectedPoint
	for _, point := range p.Projection.Points {
		if latest == nil || p.stands(point.At) > p.stands(latest.Period) {
			out = append(out, point)
		}
	}
	return out
}

// corners are where the projection is drawn through: from the last result's
// time on. Where that is later than the value that is carried on, such as for a
// figure within its year, the line begins on its way.
func (p Picture) corners() []corner {
	points := p.projected()
	if len(points) == 0 {
		return nil
	}
	from := p.Projection.From
	level := from.Value.Float()
	all := []corner{{p.stands(from.Period), level, level, level}}
	for _, point := range p.Projection.Points {
		all = append(all, corner{p.stands(point.At), point.Value.Float(), point.Low.Float(), point.High.Float()})
	}
	first := len(all) - len(points)
	before, after := all[first-1], all[first]
	if latest := p.Trajectory.Latest(); latest != nil {
		at := max(before.at, p.stands(latest.Period))
		share := (at - before.at) / (after.at - before.at)
		way := func(a, b float64) float64 { return tidy(a + (b-a)*share) }
		before = corner{at, way(before.value, after.value), way(before.low, after.low), way(before.high, after.high)}
	}
	return append([]corner{before}, all[first:]...)
}

// foreseen says a projected year: its value with its range.
func (p Picture) foreseen(w Words, point indicators.ProjectedPoint) string {
	say := func(n indicators.Number) string {
		return p.figure(w, indicators.Observation{Value: n, Basis: p.Trajectory.Basis})
	}
	return w.T("value.projected", say(point.Value), say(point.Low), say(point.High))
}

// projectionText says where the projection ends; empty without one.
func (p Picture) projectionText(w Words) string {
	points := p.projected()
	if len(points) == 0 {
		return ""
	}
	last := points[len(points)-1]
	return w.T("chart.text_projection", w.Date(last.At), p.foreseen(w, last))
}

// projection is the dashed line with the band of its range.
func (c *plot) projection() {
	corners := c.p.corners()
	if len(corners) == 0 {
		return
	}
	d, above, below := "", "", ""
	for i, k := range corners {
		x, y := c.x(k.at), c.y(k.value)
		step := "L"
		if i == 0 {
			step = "M"
		} else {
			from := corners[i-1]
			c.segments = append(c.segments, segment{c.x(from.at), c.y(from.value), x, y})
		}
		d += step + px(x) + " " + px(y)
		above += step + px(x) + " " + px(c.y(k.high))
		below = "L" + px(x) + " " + px(c.y(k.low)) + below
	}
	c.draw(el("path", "d", above+below+"Z", "class", "f-hue", "fill-opacity", 0.16),
		el("path", "d", d, "class", "s-hue", "fill", "none", "stroke-width", 2, "stroke-dasharray", "6 4"))
}

// projectionWords name the projection: at its end, else as near to its middle
// as there is room.
func (c *plot) projectionWords() {
	corners := c.p.corners()
	if len(corners) == 0 {
		return
	}
	last := corners[len(corners)-1]
	x, y := c.x(last.at), c.y(last.value)
	rows := c.projectionRows()
	w, h := 0.0, 17*float64(len(rows))
	for _, row := range rows {
		w = max(w, c.text(row...))
	}
	var near [][2]float64
	for _, left := range []float64{x - w, x - w/2} {
		top, bottom := c.band(corners, left, left+w)
		if bottom+4+h < c.bottom {
			near = append(near, [2]float64{left, bottom + 4})
		}
		if top-3-h > c.top-8 {
			near = append(near, [2]float64{left, top - 3 - h})
		}
	}
	middle := (c.x(corners[0].at) + x) / 2
	var far [][2]float64
	for top := c.top - 8; top <= c.bottom-h; top += 9 {
		for at := c.left; at <= c.right-w; at += 12 {
			far = append(far, [2]float64{at, top})
		}
	}
	apart := func(s [2]float64) float64 {
		dx, dy := s[0]+w/2-middle, s[1]+h/2-y
		return dx*dx + dy*dy
	}
	slices.SortStableFunc(far, func(a, b [2]float64) int { return cmp.Compare(apart(a), apart(b)) })
	c.put(wish{name: "projection", width: w, height: h, spots: append(near, far...), must: true, words: words{rows, x, y, 0}, draw: func(at, top float64) *node {
		g := el("g")
		for i, row := range rows {
			g.add(halo(line(at, top+13.5+17*float64(i), "start", row...)))
		}
		return g
	}})
}

// projectionRows are the lines of the projection's name: two of them where the
// picture is narrow and the name has several words.
func (c *plot) projectionRows() [][]run {
	name := c.w.T("chart.projection")
	parts := []string{name}
	for width := textWidth(name, 13, false) / 2; c.narrow && strings.Contains(name, " "); width++ {
		if parts = wrap(name, 13, false, width); len(parts) <= 2 {
			break
		}
	}
	var rows [][]run
	for _, part := range parts {
		rows = append(rows, []run{{text: part}})
	}
	return rows
}

// band is how high and how low the range of a projection reaches above a
// stretch of x, in px.
func (c *plot) band(corners []corner, from, to float64) (top, bottom float64) {
	last := corners[len(corners)-1]
	top, bottom = c.y(last.high), c.y(last.low)
	for i, k := range corners[1:] {
		before := corners[i]
		x0, x1 := c.x(before.at), c.x(k.at)
		for _, x := range []float64{x0, x1, from, to} {
			if x < max(x0, from) || x > min(x1, to) {
				continue
			}
			share := (x - x0) / (x1 - x0)
			top = min(top, c.y(before.high+(k.high-before.high)*share))
			bottom = max(bottom, c.y(before.low+(k.low-before.low)*share))
		}
	}
	return top, bottom
}

// readAt is the size of the mark by which a projected year is pointed at.
const readAt = 12

// projection is a dashed line without marks of results; its years can be read
// like them. The band is a line along its upper edge and back along its lower:
// what is filled beneath the way there is emptied beneath the way back.
func (b *optionBuilder) projection() {
	corners, points := b.p.corners(), b.p.projected()
	if len(corners) == 0 {
		return
	}
	line, band := make([]opts.LineData, 0, len(corners)), make([]opts.LineData, 0, 2*len(corners))
	for _, k := range corners {
		line = append(line, pair(place(k.at), k.value))
		band = append(band, pair(place(k.at), k.high))
	}
	for _, k := range slices.Backward(corners) {
		band = append(band, pair(place(k.at), k.low))
	}
	line[0].Symbol = "none"
	var spots []spot
	unit := b.w.Unit(&b.p.Trajectory.Indicator)
	if b.p.closed(b.w, b.p.Trajectory.Basis) {
		unit = "" // every number has it
	}
	for i, point := range points {
		spots = append(spots, spot{Index: i + 1, Lines: []string{b.w.Date(point.At), b.w.T("chart.projection"), b.w.WithUnit(b.p.foreseen(b.w, point), unit)}})
	}
	b.add("", band, nil, map[string]any{"symbol": "none", "silent": true, "z": 1,
		"lineStyle": map[string]any{"width": 0, "opacity": 0}, "areaStyle": map[string]any{"color": hueVar(b.p.Hue), "opacity": 0.16}})
	b.marks["projection"] = mark{len(b.looks), len(line) - 1, readAt, readAt}
	b.add(b.w.T("chart.projection"), line, spots, map[string]any{
		"symbol": "circle", "symbolSize": readAt, "showAllSymbol": true, "z": 2,
		"lineStyle": map[string]any{"color": hueVar(b.p.Hue), "width": 2, "type": []int{6, 4}},
		"itemStyle": map[string]any{"color": "transparent", "borderColor": "transparent", "borderWidth": 0},
		"emphasis":  map[string]any{"itemStyle": map[string]any{"borderColor": hueVar(b.p.Hue), "borderWidth": 1.5}},
	})
}
