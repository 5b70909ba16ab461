package chart

import (
	"math"
	"strconv"
	"time"

	"yimi/indicators"
)

// point is one number of a trajectory with its words.
type point struct {
	at          float64 // its time
	value       float64
	observation *indicators.Observation
	baseline    bool
	latest      bool
	joined      bool      // a line comes from the point before it
	was         []float64 // what a correction replaced
	figure      string
	words       string // the state of the figure: provisional, corrected, a new series
}

// hollow reports a value that its source does not hold for exact or final.
func (pt point) hollow() bool {
	return pt.observation.Quality == indicators.Provisional || pt.observation.Bound != ""
}

// must reports a figure that is written whatever the cost.
func (pt point) must() bool { return pt.latest || pt.baseline }

// goal is one target on the axis with its words.
type goal struct {
	target   *indicators.Target
	at       float64
	value    float64
	upper    float64 // end of a band; NaN where there is none
	standing bool
	final    bool
	when     string
	figure   string
}

// named is a year's label under the axis.
type named struct {
	year      int
	label     string
	milestone bool
	narrow    bool   // it is among the few that a phone has room for
	silent    string // what is said where nothing is known of it
}

// layout is a trajectory on its axes: what the server draws and what ECharts
// draws are both read from it.
type layout struct {
	picture Picture
	words   Words
	axis    Axis
	span    span
	points  []point
	goals   []goal
	years   []named
	asOf    float64 // NaN where it lies outside
}

func (p Picture) layout(w Words) layout {
	t := &p.Trajectory
	l := layout{picture: p, words: w, axis: p.Axis(), span: p.span(), asOf: math.NaN()}
	if t.Baseline != nil {
		l.points = append(l.points, l.point(t.Baseline))
		l.points[0].baseline = true
	}
	for i := range t.Results {
		pt := l.point(&t.Results[i])
		pt.joined, pt.latest = p.joined(i), i == len(t.Results)-1
		l.points = append(l.points, pt)
	}
	final := p.target()
	for i := range t.Targets {
		target := &t.Targets[i]
		v := t.Value(target)
		if !v.Present() {
			continue
		}
		g := goal{target: target, at: moment(target.When(t.Plan)), value: v.Float(), upper: math.NaN(),
			standing: target.Milestone == indicators.Every && target.Due.IsZero(), when: p.when(w, *target), figure: p.targetFigure(w, *target)}
		if target.Upper.Present() {
			g.upper = target.Upper.Float()
		}
		g.final = final != nil && final.Milestone == target.Milestone && final.Due == target.Due
		l.goals = append(l.goals, g)
	}
	silent := map[int]bool{}
	for _, y := range t.Silent() {
		silent[y] = true
	}
	for _, y := range l.span.named() {
		n := named{year: y, label: indicators.YearOf(y).String()}
		for _, m := range t.Plan.Milestones {
			n.milestone = n.milestone || m == y
		}
		if silent[y] {
			n.silent = w.T("chart.silent")
			if unripe(t, y) {
				n.silent = w.T("chart.awaiting")
			}
		}
		l.years = append(l.years, n)
	}
	fewYears(l.years)
	if m := moment(t.AsOf); !t.AsOf.IsZero() && m >= l.span.from && m <= l.span.to {
		l.asOf = m
	}
	return l
}

// fewYears marks at most four years for a phone: milestones, the latest first,
// then those farthest from what is marked.
func fewYears(years []named) {
	marked := 0
	mark := func(i int) {
		if i >= 0 && marked < 4 && !years[i].narrow {
			years[i].narrow = true
			marked++
		}
	}
	for i := len(years) - 1; i >= 0; i-- {
		if years[i].milestone {
			mark(i)
		}
	}
	for marked < min(4, len(years)) {
		best, far := -1, -1
		for i := range years {
			distance := len(years)
			for j := range years {
				if years[j].narrow {
					distance = min(distance, max(i-j, j-i))
				}
			}
			if distance > far {
				best, far = i, distance
			}
		}
		mark(best)
	}
}

// silence is a stretch of neighbouring years of which the same is said.
type silence struct {
	first, last int
	words       string
}

func (l layout) silences() []silence {
	var out []silence
	for _, n := range l.years {
		if k := len(out) - 1; k >= 0 && n.silent == out[k].words && n.year == out[k].last+1 {
			out[k].last = n.year
		} else if n.silent != "" {
			out = append(out, silence{n.year, n.year, n.silent})
		}
	}
	return out
}

func (l layout) point(o *indicators.Observation) point {
	t := &l.picture.Trajectory
	pt := point{at: moment(o.Period), value: o.Value.Float(), observation: o, figure: l.picture.figure(l.words, *o)}
	for _, e := range t.Corrected(o) {
		pt.was = append(pt.was, e.Value.Float())
	}
	add := func(key string) {
		if pt.words != "" {
			pt.words += l.words.T("chart.comma")
		}
		pt.words += l.words.T(key)
	}
	switch o.Quality {
	case indicators.Break:
		add("chart.break")
	case indicators.Provisional:
		add("chart.provisional")
	}
	if len(pt.was) > 0 {
		add("chart.corrected")
	}
	return pt
}

// unripe reports a year whose results are not due yet: up to the day in the
// year after, itself included.
func unripe(t *indicators.Trajectory, y int) bool {
	due, err := time.Parse("01-02", t.Plan.ResultsDue)
	if err != nil {
		return t.AsOf.Year <= y
	}
	return t.AsOf.Compare(indicators.Period{Year: y + 1, Month: int(due.Month()), Day: due.Day()}) <= 0
}

// tick is a value of the upright axis as printed.
func (l layout) tick(v float64) string {
	digits := decimalsOf(l.axis.Step)
	text := l.words.Short(number(v, digits), digits)
	if l.axis.Cropped && v == l.axis.Ticks()[0] {
		return "⌁ " + text
	}
	return text
}

// goalLines are a target's words: one line within the plot, two beside it.
func (l layout) goalLines(g goal) (when, figure run) {
	return run{text: l.words.T("chart.target_at", g.when)}, run{text: g.figure, bold: true, tone: "ink"}
}

// frame is where a size has its plot.
type frame struct {
	width, height float64
	plot          box
}

// frame leaves room for the numbers at the left, the years below, the as-of
// line's words above and the last target's words at the right.
func (l layout) frame(size Size) frame {
	f := frame{width: 672, height: 360}
	if size == Narrow {
		f = frame{width: 328, height: 260}
	}
	left, right := 0.0, 16.0
	for _, v := range l.axis.Ticks() {
		left = max(left, textWidth(l.tick(v), 13, false))
	}
	for _, g := range l.goals {
		if !l.beside(g) {
			continue
		}
		when, figure := l.goalLines(g)
		right = max(right, max(when.width(), figure.width())+14)
	}
	f.plot = box{math.Ceil(left) + 8, 28, f.width - math.Ceil(min(right, f.width*0.36)), f.height - 52}
	return f
}

// beside reports a target whose words stand right of the plot.
func (l layout) beside(g goal) bool { return g.standing || g.at > l.span.to-0.5 }

func (l layout) x(f frame, at float64) float64 {
	return f.plot.x0 + (at-l.span.from)/(l.span.to-l.span.from)*(f.plot.x1-f.plot.x0)
}

func (l layout) y(f frame, v float64) float64 {
	return f.plot.y1 - (v-l.axis.Min)/(l.axis.Max-l.axis.Min)*(f.plot.y1-f.plot.y0)
}

// Draw is the trajectory as the server draws it; empty for a deliverable,
// which has no quantity.
func (p Picture) Draw(w Words, size Size) SVG {
	if p.Kind() == Dated {
		return ""
	}
	d := p.draw(w, size)
	class := "trajectory trajectory-wide"
	if size == Narrow {
		class = "trajectory trajectory-narrow"
	}
	return root(class, p.Hue, d.width, d.height, p.Text(w), p.Link).add(d.nodes...).render()
}

// drawing is a trajectory being drawn; words keep off what taken holds and
// off the strokes.
type drawing struct {
	layout
	frame
	size    Size
	nodes   []*node
	late    []*node // words, over everything else
	taken   []box
	strokes []segment
	placed  map[string]spot // where words stand from their mark, by seat
	path    pathSpot
}

// pathSpot is where the required path's name stands.
type pathSpot struct {
	at, value float64 // on the path, in the axes' own measures
	angle     float64 // degrees, clockwise
	ok        bool
}

func (p Picture) draw(w Words, size Size) *drawing {
	l := p.layout(w)
	d := &drawing{layout: l, frame: l.frame(size), size: size, placed: map[string]spot{}}
	d.bands()
	d.grid()
	d.yearsBelow()
	d.today()
	d.required()
	d.joins()
	d.promises()
	for i := range d.points {
		d.mark(d.points[i])
	}
	// Figures that must stand choose first: the latest, then the baseline; of
	// the others the newest.
	for _, must := range []bool{true, false} {
		for i := len(d.points) - 1; i >= 0; i-- {
			if d.points[i].must() == must {
				d.figure(i)
			}
		}
	}
	d.pathWords()
	d.nodes = append(d.nodes, d.late...)
	return d
}

func (d *drawing) add(n ...*node) { d.nodes = append(d.nodes, n...) }

func (d *drawing) px(at, value float64) (x, y float64) {
	return d.x(d.frame, at), d.y(d.frame, value)
}

func (d *drawing) bands() {
	for _, g := range d.goals {
		if math.IsNaN(g.upper) {
			continue
		}
		x, low := d.px(g.at, g.value)
		_, high := d.px(g.at, g.upper)
		if g.standing {
			x = d.plot.x1
		}
		d.add(el("rect", "x", d.plot.x0, "y", min(low, high), "width", x-d.plot.x0, "height", math.Abs(low-high), "class", "f-ink", "fill-opacity", 0.1))
	}
}

func (d *drawing) grid() {
	for _, v := range d.axis.Ticks() {
		_, y := d.px(d.span.from, v)
		d.add(el("line", "x1", d.plot.x0, "x2", d.plot.x1, "y1", y, "y2", y, "class", "s-hair"),
			line(d.plot.x0-8, y+4.5, "end", run{text: d.tick(v)}))
		d.taken = append(d.taken, lineBox(d.plot.x0-8, y+4.5, textWidth(d.tick(v), 13, false), 13, "end"))
	}
	d.add(el("line", "x1", d.plot.x0, "x2", d.plot.x1, "y1", d.plot.y1, "y2", d.plot.y1, "class", "s-border", "stroke-width", 1.5))
}

// yearsBelow writes each year in its middle and ticks its end; neighbours of
// which nothing is known share one dashed box.
func (d *drawing) yearsBelow() {
	for i, n := range d.years {
		middle, _ := d.px(float64(n.year)+0.5, 0)
		end, _ := d.px(float64(n.year+1), 0)
		width, tone := 1.0, "s-border"
		if n.milestone {
			width, tone = 2, "s-ink"
		}
		if i == 0 {
			if start, _ := d.px(float64(n.year), 0); start >= d.plot.x0 {
				d.add(el("line", "x1", start, "x2", start, "y1", d.plot.y1, "y2", d.plot.y1+5, "class", "s-border"))
			}
		}
		if end <= d.plot.x1+0.1 {
			d.add(el("line", "x1", end, "x2", end, "y1", d.plot.y1, "y2", d.plot.y1+5+2*(width-1), "class", tone, "stroke-width", width))
		}
		label := run{text: n.label}
		if n.milestone {
			label.bold, label.tone = true, "ink"
		}
		if d.size == Wide || n.narrow {
			d.add(line(middle, d.plot.y1+20, "middle", label))
		}
	}
	for _, s := range d.silences() {
		text := run{text: s.words}
		x0, _ := d.px(float64(s.first)+0.5, 0)
		x1, _ := d.px(float64(s.last)+0.5, 0)
		width := max(text.width()+10, x1-x0+36)
		x := max(1, min((x0+x1-width)/2, d.width-width-1))
		d.add(el("rect", "x", x, "y", d.plot.y1+27, "width", width, "height", 19, "class", "s-border", "fill", "none", "stroke-dasharray", "3 3"),
			line(x+width/2, d.plot.y1+41, "middle", text))
	}
}

func (d *drawing) today() {
	if math.IsNaN(d.asOf) {
		return
	}
	x, _ := d.px(d.asOf, 0)
	text := d.words.T("chart.as_of", d.picture.Trajectory.AsOf.String())
	width := textWidth(text, 13, false)
	anchor, at := "end", x+3
	if at-width < 2 {
		anchor, at = "start", max(2, x-3)
	}
	d.add(el("line", "x1", x, "x2", x, "y1", 18, "y2", d.plot.y1, "class", "s-border"))
	d.late = append(d.late, line(at, 13, anchor, run{text: text}))
	d.taken = append(d.taken, lineBox(at, 13, width, 13, anchor))
	d.strokes = append(d.strokes, segment{x, 18, x, d.plot.y1})
}

func (d *drawing) required() {
	path := ""
	var before segment
	for i, c := range d.picture.Trajectory.Path {
		x, y := d.px(moment(c.At), c.Value.Float())
		if i == 0 {
			path = "M" + px(x) + " " + px(y)
		} else {
			path += "L" + px(x) + " " + px(y)
			d.strokes = append(d.strokes, segment{before.x1, before.y1, x, y})
		}
		before = segment{x1: x, y1: y}
	}
	if path != "" {
		d.add(el("path", "d", path, "fill", "none", "class", "s-ink", "stroke-width", 1.5, "stroke-dasharray", "1.5 3.5"))
	}
}

// joins draws the line: results that lie in neighbouring years, in one series
// and each known as a whole.
func (d *drawing) joins() {
	for i, pt := range d.points {
		if !pt.joined {
			continue
		}
		x0, y0 := d.px(d.points[i-1].at, d.points[i-1].value)
		x1, y1 := d.px(pt.at, pt.value)
		d.add(el("line", "x1", x0, "y1", y0, "x2", x1, "y2", y1, "class", "s-hue", "stroke-width", 2.5, "stroke-linecap", "round"))
		d.strokes = append(d.strokes, segment{x0, y0, x1, y1})
	}
}

func (d *drawing) promises() {
	right := []box{}
	for i, g := range d.goals {
		x, y := d.px(g.at, g.value)
		if g.standing {
			d.add(el("line", "x1", d.plot.x0, "x2", d.plot.x1, "y1", y, "y2", y, "class", "s-ink", "stroke-width", 1.5))
			d.strokes = append(d.strokes, segment{d.plot.x0, y, d.plot.x1, y})
			x = d.plot.x1
		} else {
			d.add(el("line", "x1", x-7, "x2", x+7, "y1", y, "y2", y, "class", "s-ink", "stroke-width", 3))
			d.taken = append(d.taken, box{x - 7, y - 3, x + 7, y + 3})
		}
		when, figure := d.goalLines(g)
		if d.beside(g) {
			at := d.plot.x1 + 10
			b := box{at, y - 18, d.width, y + 18}
			for moved := true; moved; {
				moved = false
				for _, other := range right {
					if b.overlaps(other) {
						b.y0, b.y1, moved = other.y1, other.y1+36, true
					}
				}
			}
			right = append(right, b)
			d.taken = append(d.taken, b)
			d.late = append(d.late, line(at, b.y0+14, "start", figure), line(at, b.y0+31, "start", when))
			continue
		}
		when.text += " "
		width := when.width() + figure.width()
		d.place("target"+seatOf(i), x, y, width, []spot{{x, y - 9, "middle"}, {x - 11, y + 4.5, "end"}, {x + 11, y + 4.5, "start"}, {x, y + 19, "middle"}, {x, y - 25, "middle"}, {x, y + 36, "middle"}}, true, when, figure)
	}
}

// mark is the sign of one number: a hollow square for the plan's own, a dot for
// results, hollow where the value is not final or only a bound is known.
func (d *drawing) mark(pt point) {
	x, y := d.px(pt.at, pt.value)
	for _, was := range pt.was {
		_, old := d.px(pt.at, was)
		d.add(el("line", "x1", x, "x2", x, "y1", old, "y2", y, "class", "s-border", "stroke-dasharray", "2 2"),
			el("circle", "cx", x, "cy", old, "r", 4, "class", "f-hue", "fill-opacity", 0.4))
		d.taken = append(d.taken, box{x - 5, old - 5, x + 5, old + 5})
		d.strokes = append(d.strokes, segment{x, old, x, y})
	}
	d.taken = append(d.taken, box{x - 5, y - 5, x + 5, y + 5})
	if pt.baseline {
		d.add(el("rect", "x", x-4.5, "y", y-4.5, "width", 9, "height", 9, "class", "f-page s-hue", "stroke-width", 2))
		return
	}
	if pt.hollow() {
		d.add(el("circle", "cx", x, "cy", y, "r", 4, "class", "f-page s-hue", "stroke-width", 2))
	} else {
		d.add(el("circle", "cx", x, "cy", y, "r", 4, "class", "f-hue"))
	}
	if len(pt.was) > 0 {
		d.add(el("circle", "cx", x, "cy", y, "r", 7.5, "class", "s-ink", "fill", "none", "stroke-width", 1.5))
	}
	arrow := map[indicators.Bound]float64{"ge": -1, "le": 1}[pt.observation.Bound]
	if arrow != 0 {
		d.taken = append(d.taken, box{x - 4, min(y, y+14*arrow), x + 4, max(y, y+14*arrow)})
		d.add(el("path", "d", "M"+px(x)+" "+px(y+4*arrow)+"V"+px(y+13*arrow)+"M"+px(x-3.5)+" "+px(y+9.5*arrow)+"L"+px(x)+" "+px(y+13*arrow)+"L"+px(x+3.5)+" "+px(y+9.5*arrow),
			"class", "s-hue", "fill", "none", "stroke-width", 1.5))
	}
}

// figure writes a number at its mark; only the baseline and the latest result
// are written whatever the cost, the others also stand in the table.
func (d *drawing) figure(i int) {
	pt := d.points[i]
	x, y := d.px(pt.at, pt.value)
	runs := d.figureRuns(pt, d.size)
	up, down, side := 11.0, 21.0, 12.0
	spots := []spot{{x, y - up, "middle"}, {x + side, y + 16, "start"}, {x, y + down, "middle"}, {x + side, y - 6, "start"},
		{x - side, y - 6, "end"}, {x - side, y + 16, "end"}, {x + side, y + 5, "start"}, {x - side, y + 5, "end"}, {x, y - up - 14, "middle"}, {x, y + down + 14, "middle"}}
	d.place(seatOf(i), x, y, runsWidth(runs), spots, pt.must(), runs...)
}

// figureRuns are the words at a number's mark.
func (l layout) figureRuns(pt point, size Size) []run {
	runs := []run{{text: pt.figure, bold: true, tone: "ink"}}
	if pt.latest {
		runs[0].size = 18
		if size == Wide {
			runs = append(runs, run{text: " " + l.words.Date(pt.observation.Period)})
		}
	}
	if pt.baseline {
		runs = append(runs, run{text: " " + l.words.T("chart.baseline")})
	}
	if pt.words != "" {
		runs = append(runs, run{text: " " + pt.words})
	}
	return runs
}

type spot struct {
	x, y   float64
	anchor string
}

// place writes words at the first spot where they touch nothing; failing that,
// if they must stand, where they touch least.
func (d *drawing) place(key string, x, y, width float64, spots []spot, must bool, runs ...run) {
	size := 0.0
	for _, r := range runs {
		size = max(size, r.px())
	}
	best, least := -1, math.Inf(1)
	for i, s := range spots {
		b := lineBox(s.x, s.y, width, size, s.anchor)
		cost := 0.0
		if !b.within(box{0, 0, d.width, d.plot.y1}) {
			cost += 100
		}
		for _, t := range d.taken {
			if b.overlaps(t) {
				cost += 10
			}
		}
		for _, s := range d.strokes {
			if s.crosses(b) {
				cost++
			}
		}
		if cost < least {
			best, least = i, cost
		}
	}
	if best < 0 || least > 0 && !must {
		return
	}
	s := spots[best]
	b := lineBox(s.x, s.y, width, size, s.anchor)
	if b.x0 < 0 {
		s.x -= b.x0
	}
	if b.x1 > d.width {
		s.x -= b.x1 - d.width
	}
	d.placed[key] = spot{s.x - x, s.y - y, s.anchor}
	d.taken = append(d.taken, lineBox(s.x, s.y, width, size, s.anchor))
	d.late = append(d.late, halo(line(s.x, s.y, s.anchor, runs...)))
}

// pathWords names the required path along its longest stretch, where there is
// room beside it.
func (d *drawing) pathWords() {
	path := d.picture.Trajectory.Path
	var along segment
	longest := 0
	for i := 1; i < len(path); i++ {
		x0, y0 := d.px(moment(path[i-1].At), path[i-1].Value.Float())
		x1, y1 := d.px(moment(path[i].At), path[i].Value.Float())
		if x1-x0 > along.x1-along.x0 {
			along, longest = segment{x0, y0, x1, y1}, i
		}
	}
	text := run{text: d.words.T("chart.path")}
	length, width := math.Hypot(along.x1-along.x0, along.y1-along.y0), text.width()
	if length < width+20 {
		return
	}
	dx, dy := (along.x1-along.x0)/length, (along.y1-along.y0)/length
	for _, share := range []float64{0.5, 0.6, 0.4, 0.7, 0.3, 0.78, 0.22} {
		cx, cy := along.x0+(along.x1-along.x0)*share, along.y0+(along.y1-along.y0)*share
		free := true
		for o := -width / 2; o <= width/2; o += 6 {
			// The middle of the letters runs 13 px above the path.
			b := box{cx + dx*o + dy*13, cy + dy*o - dx*13, 0, 0}
			b.x1, b.y1 = b.x0, b.y0
			b = b.grow(7)
			for _, t := range d.taken {
				free = free && !b.overlaps(t)
			}
			for _, s := range d.strokes {
				free = free && !s.crosses(b.grow(-3))
			}
		}
		if !free {
			continue
		}
		degrees := math.Atan2(dy, dx) * 180 / math.Pi
		a, b := path[longest-1], path[longest]
		d.path = pathSpot{moment(a.At) + (moment(b.At)-moment(a.At))*share, a.Value.Float() + (b.Value.Float()-a.Value.Float())*share, degrees, true}
		angle := strconv.FormatFloat(degrees, 'f', 2, 64)
		d.late = append(d.late, line(cx, cy-9, "middle", text).set("transform", "rotate("+angle+" "+px(cx)+" "+px(cy)+")"))
		return
	}
}
