package chart

import (
	"math"
	"strconv"

	"yimi/indicators"
)

// Draw is the trajectory as the server draws it; the lying ruler where there is
// none.
func (p Picture) Draw(w Words, size Size) SVG {
	if !p.Charted() {
		return p.Lying(w, Labelled)
	}
	c := newPlot(p, w, size)
	class := "chart-svg chart-wide"
	if c.narrow {
		class = "chart-svg chart-narrow"
	}
	svg := root(class, p.Hue, c.width, c.height, p.Text(w), p.Table)
	svg.add(c.lay()...)
	return svg.render()
}

// lay draws everything; words are placed when all marks are known.
func (c *plot) lay() []*node {
	c.scales()
	c.today()
	c.projection()
	c.path()
	if kinds[c.p.Kind()].columns {
		c.columns()
	}
	if kinds[c.p.Kind()].line {
		c.results()
	}
	c.targets()
	c.words()
	for _, l := range c.labels {
		c.draw(l.nodes...)
	}
	return c.out
}

// today is the line at the day as of which the chart stands.
func (c *plot) today() {
	asOf := c.p.Trajectory.AsOf
	if asOf.IsZero() {
		return
	}
	x := c.x(moment(asOf))
	if x < c.left || x > c.right {
		return
	}
	c.draw(el("line", "x1", x, "x2", x, "y1", c.top-18, "y2", c.floor, "class", "s-control", "stroke-width", 1.2))
	text := run{text: c.w.T("chart.as_of", asOf.String())}
	if day := asOf.String(); c.narrow && asOf.IsDate() {
		text.text = day[len("2000-"):]
	}
	w := c.text(text)
	at := x - 6 - w
	if at < c.left+60 {
		at = x + 6
	}
	c.labels = append(c.labels, label{name: "as of", box: box{at, 0, at + w, 16}, nodes: []*node{line(at, 12, "start", text)}, always: true})
	c.segments = append(c.segments, segment{x, c.top - 18, x, c.floor})
}

// path is the required path, dotted.
func (c *plot) path() {
	d, t := "", &c.p.Trajectory
	for i, corner := range t.Path {
		x, y := c.x(moment(corner.At)), c.y(corner.Value.Float())
		if i == 0 {
			d = "M" + px(x) + " " + px(y)
			continue
		}
		d += "L" + px(x) + " " + px(y)
		from := t.Path[i-1]
		c.segments = append(c.segments, segment{c.x(moment(from.At)), c.y(from.Value.Float()), x, y})
	}
	if len(t.Path) > 1 {
		c.draw(el("path", "d", d, "class", "s-ink", "fill", "none", "stroke-width", 1.6, "stroke-dasharray", "0.1 4.6", "stroke-linecap", "round"))
	}
}

// columns are the years' amounts.
func (c *plot) columns() {
	zero := c.columnY(0)
	slot := c.x(1) - c.x(0)
	for _, o := range c.p.amounts() {
		if o.Kind == indicators.Baseline {
			c.square(c.x(float64(o.Period.Year)+0.5), c.columnY(o.Value.Float()), o)
			continue
		}
		x, y := c.x(float64(o.Period.Year)+0.5), c.columnY(o.Value.Float())
		bar := el("rect", "x", x-slot*0.26, "y", min(y, zero), "width", slot*0.52, "height", math.Abs(zero-y), "class", "f-hue")
		if o.Quality == indicators.Provisional {
			bar = el("rect", "x", x-slot*0.26+1, "y", min(y, zero), "width", slot*0.52-2, "height", math.Abs(zero-y), "class", "s-hue", "fill", "none", "stroke-width", 2)
		}
		c.draw(bar)
		c.dots = append(c.dots, box{x - slot*0.26, min(y, zero), x + slot*0.26, max(y, zero)})
		c.corrected(x, y, c.columnY, o)
		runs := c.resultWords(o, false)
		if !o.Period.IsYear() {
			runs = append(runs, run{text: " " + o.Period.String()})
		}
		c.wish("result", x, y, runs, true, [][2]float64{{x - c.text(runs...)/2, y - 19}, {x - c.text(runs...)/2, y - 34}})
	}
}

// results are joined dots.
func (c *plot) results() {
	t := &c.p.Trajectory
	for i, o := range t.Results {
		if c.p.joined(i) {
			from := t.Results[i-1]
			s := segment{c.x(moment(from.Period)), c.y(from.Value.Float()), c.x(moment(o.Period)), c.y(o.Value.Float())}
			c.draw(el("line", "x1", s.x0, "y1", s.y0, "x2", s.x1, "y2", s.y1, "class", "s-hue", "stroke-width", 2.5))
			c.segments = append(c.segments, s)
		}
	}
	if b := t.Baseline; b != nil {
		c.square(c.x(moment(b.Period)), c.y(b.Value.Float()), *b)
	}
	c.bracket()
	for _, o := range t.Results {
		x, y := c.x(moment(o.Period)), c.y(o.Value.Float())
		c.corrected(x, y, c.y, o)
		c.draw(dot(x, y, o))
		c.dots = append(c.dots, box{x - 5, y - 5, x + 5, y + 5})
		if o.Quality == indicators.Break {
			c.draw(el("line", "x1", x-9, "x2", x-9, "y1", y-14, "y2", y+14, "class", "s-control", "stroke-width", 1.5, "stroke-dasharray", "3 2"))
		}
		switch o.Bound {
		case "ge":
			c.draw(el("path", "d", "M"+px(x)+" "+px(y-5)+"v-9m-3.5 4l3.5-4l3.5 4", "class", "s-hue", "fill", "none", "stroke-width", 1.5))
		case "le":
			c.draw(el("path", "d", "M"+px(x)+" "+px(y+5)+"v9m-3.5-4l3.5 4l3.5-4", "class", "s-hue", "fill", "none", "stroke-width", 1.5))
		}
	}
}

// dot is a result: solid, hollow while it is provisional.
func dot(x, y float64, o indicators.Observation) *node {
	if o.Quality == indicators.Provisional {
		return el("circle", "cx", x, "cy", y, "r", 4, "class", "f-page s-hue", "stroke-width", 2)
	}
	return el("circle", "cx", x, "cy", y, "r", 5, "class", "f-hue s-page", "stroke-width", 1.5)
}

// square is the baseline.
func (c *plot) square(x, y float64, o indicators.Observation) {
	c.draw(el("rect", "x", x-5, "y", y-5, "width", 10, "height", 10, "class", "f-page s-hue", "stroke-width", 2.2))
	c.dots = append(c.dots, box{x - 6, y - 6, x + 6, y + 6})
	runs := []run{{text: c.p.figure(c.w, o), bold: true, tone: "ink"}}
	if !c.narrow {
		runs = append(runs, run{text: " " + c.w.T("chart.baseline")})
	}
	spots := around(x, y, c.text(runs...), 17, 8)
	spots = append([][2]float64{{max(x-c.text(runs...)/2, c.left-6), y + 8}}, spots...)
	c.wish("baseline", x, y, runs, false, spots)
}

// corrected shows what stood before a correction, at 40 %, tied to what stands.
func (c *plot) corrected(x, y float64, at func(float64) float64, o indicators.Observation) {
	was := c.p.Trajectory.Corrected(&o)
	if len(was) == 0 {
		return
	}
	for _, e := range was {
		old := at(e.Value.Float())
		c.draw(el("line", "x1", x, "x2", x, "y1", old, "y2", y, "class", "s-hue", "stroke-opacity", 0.6, "stroke-dasharray", "2 2"),
			el("circle", "cx", x, "cy", old, "r", 4, "class", "f-hue", "fill-opacity", 0.4))
		c.dots = append(c.dots, box{x - 5, old - 5, x + 5, old + 5})
	}
	c.draw(el("circle", "cx", x, "cy", y, "r", 8, "class", "s-hue", "fill", "none", "stroke-width", 1.5))
}

// bracket is what the latest result lacks of the required path.
func (c *plot) bracket() {
	t := &c.p.Trajectory
	by, short := c.p.behind()
	latest := t.Latest()
	if !by.Present() || !short {
		return
	}
	required := t.Required(latest.Period)
	x, y0, y1 := c.x(moment(latest.Period)), c.y(latest.Value.Float()), c.y(required.Float())
	if math.Abs(y1-y0) < 12 {
		return
	}
	_, tone := tones(c.p.Verdict.Status)
	end := y0 - 7
	if y1 > y0 {
		end = y0 + 7
	}
	c.draw(el("line", "x1", x, "x2", x, "y1", y1, "y2", end, "class", "s-"+tone, "stroke-width", 2),
		el("line", "x1", x-5, "x2", x+5, "y1", y1, "y2", y1, "class", "s-"+tone, "stroke-width", 2))
	c.segments = append(c.segments, segment{x, y0, x, y1})
	gap := []run{{text: c.w.T("chart.gap", c.p.amount(c.w, by)), bold: true, tone: tone}}
	mid := (y0 + y1) / 2
	w := c.text(gap...)
	c.wish("gap", x, y0, gap, false, [][2]float64{{x + 9, mid - 9}, {x - 9 - w, mid - 9}, {x + 9, mid - 22}})
	if !c.narrow {
		runs := []run{{text: c.w.T("chart.required_then")}, {text: c.p.amount(c.w, required), bold: true, tone: "ink"}}
		w := c.text(runs...)
		c.wish("required", x, y1, runs, false, [][2]float64{{x - 9 - w, y1 - 14}, {x - 9 - w, y1 - 22}, {x - 9 - w, y1 + 4}, {x + 9, y1 - 22}})
	}
}

// targets are ticks at their time, or a line all along where they stand.
func (c *plot) targets() {
	t := &c.p.Trajectory
	for i := len(t.Targets) - 1; i >= 0; i-- {
		target := &t.Targets[i]
		v := t.Value(target)
		if !v.Present() {
			continue
		}
		name := targetName(i)
		x, y, half := c.x(c.targetMoment(target)), c.y(v.Float()), 7.0
		if c.p.Kind() == Amounts {
			half = (c.x(1) - c.x(0)) * 0.38
		}
		x0, x1 := x-half, x+half
		if target.Milestone == indicators.Every {
			x0, x1 = c.left, c.right
		}
		if target.Upper.Present() {
			upper := c.y(target.Upper.Float())
			c.draw(el("rect", "x", x0, "y", upper, "width", x1-x0, "height", y-upper, "class", "f-ink", "fill-opacity", 0.16))
		}
		thick := 3.0
		if target.Milestone == indicators.Every {
			thick = 1.5
		}
		c.draw(el("line", "x1", x0, "x2", x1, "y1", y, "y2", y, "class", "s-ink", "stroke-width", thick))
		c.segments = append(c.segments, segment{x0, y, x1, y})
		if c.atEnd(target) {
			c.endWords(name, target, x1, y)
			continue
		}
		runs := []run{{text: c.p.targetFigure(c.w, *target), bold: true, tone: "ink"}}
		if c.p.Kind() == Amounts {
			w := c.text(runs...)
			c.wish(name, x, y, runs, true, [][2]float64{{x0 - 4 - w, y - 9}, {x1 + 4, y - 9}, {x0, y - 21}, {x - w/2, y - 38}, {x - w/2, y + 5}})
			continue
		}
		if !c.narrow {
			runs = append(runs, run{text: " " + c.w.T("chart.target_at", c.p.when(c.w, *target))})
		}
		w := c.text(runs...)
		c.wish(name, x, y, runs, true, [][2]float64{{x - w/2, y - 21}, {x - w/2, y + 5}, {x - 12 - w, y - 9}, {x + 12, y - 9}, {x - w/2, y - 36}, {x - w/2, y + 20}})
	}
}

// targetName and resultName are the names of the labels of those marks.
func targetName(i int) string { return "target " + strconv.Itoa(i) }
func resultName(i int) string { return "result " + strconv.Itoa(i) }

// endWords stand right of the plot, moved up or down where two targets meet.
func (c *plot) endWords(name string, target *indicators.Target, from, y float64) {
	rows := c.targetRows(target)
	width := 0.0
	for _, r := range rows {
		width = max(width, c.text(r...))
	}
	height := 17.0 * float64(len(rows))
	x := c.right + 12
	var spots [][2]float64
	for off := 0.0; off < 160; off += 4 {
		for _, top := range []float64{y - 10 + off, y - 10 - off} {
			spots = append(spots, [2]float64{x, min(max(top, 0), c.floor-height)})
		}
	}
	c.put(wish{name: name, width: width, height: height, spots: spots, must: true, words: words{rows, c.x(c.targetMoment(target)), y, 0}, draw: func(x, top float64) *node {
		g := el("g")
		if math.Abs(top-(y-10)) > 6 || c.p.Kind() == Amounts {
			g.add(el("path", "d", "M"+px(from+1)+" "+px(y)+"L"+px(x-4)+" "+px(top+8), "class", "s-control", "fill", "none"))
		}
		for i, r := range rows {
			g.add(line(x, top+14+17*float64(i), "start", r...))
		}
		return g
	}})
}

// wish asks for a place for one line of words about a mark.
func (c *plot) wish(name string, x, y float64, runs []run, must bool, spots [][2]float64) {
	w := c.text(runs...)
	c.put(wish{name: name, width: w, height: 17, spots: spots, must: must, words: words{[][]run{runs}, x, y, 0}, draw: func(x, top float64) *node {
		return halo(line(x, top+13.5, "start", runs...))
	}})
}

// words are those of the results, the path and the pace, latest first.
func (c *plot) words() {
	t := &c.p.Trajectory
	if kinds[c.p.Kind()].line {
		for i := len(t.Results) - 1; i >= 0; i-- {
			o := t.Results[i]
			x, y := c.x(moment(o.Period)), c.y(o.Value.Float())
			runs := c.resultWords(o, i == len(t.Results)-1)
			w := c.text(runs...)
			if i < len(t.Results)-1 {
				c.wish(resultName(i), x, y, runs, false, around(x, y, w, 17, 8))
				continue
			}
			short := c.text(runs[:1]...)
			if c.put(c.latest(x, y, w, runs, false)) || c.put(c.latest(x, y, short, runs[:1], true)) {
				c.needed(x, y)
			}
		}
	}
	c.projectionWords()
	c.pathWords()
}

func (c *plot) latest(x, y, width float64, runs []run, must bool) wish {
	return wish{name: "latest", width: width, height: 24, spots: aside(x, y, width, 24), must: must, words: words{[][]run{runs}, x, y, 0}, draw: func(x, top float64) *node {
		return halo(line(x, top+19, "start", runs...))
	}}
}

// resultWords are a result's figure with its marks; the latest is written
// large, with its date.
func (c *plot) resultWords(o indicators.Observation, latest bool) []run {
	figure := run{text: c.p.figure(c.w, o), bold: true, tone: "ink"}
	var marks []string
	if latest {
		figure.size = 20
		if c.narrow {
			figure.size = 17
		} else {
			marks = append(marks, c.w.T("chart.latest", c.w.Date(o.Period)))
		}
	}
	if o.Quality == indicators.Provisional {
		marks = append(marks, c.w.T("chart.provisional"))
	}
	if len(c.p.Trajectory.Corrected(&o)) > 0 {
		marks = append(marks, c.w.T("chart.corrected"))
	}
	if o.Quality == indicators.Break {
		marks = append(marks, c.w.T("chart.break"))
	}
	runs := []run{figure}
	for i, m := range marks {
		if i > 0 {
			m = c.w.T("chart.comma") + m
		} else {
			m = " " + m
		}
		runs = append(runs, run{text: m})
	}
	return runs
}
