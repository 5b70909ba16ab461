package chart

import (
	"math"
	"slices"

	"yimi/indicators"
)

// Size is one of the two layouts of a trajectory; a page holds both and
// chart.css shows the one that its column has room for.
type Size int

// The layouts.
const (
	Wide   Size = iota // 672 × 360
	Narrow             // 328 × 260
)

// plot is a trajectory laid out in px.
type plot struct {
	room
	p           Picture
	w           Words
	narrow      bool
	width       float64
	height      float64
	left, right float64
	top, bottom float64 // of the main panel
	floor       float64 // where the axis of time lies
	span        span
	axis        Axis
	low         panel // of a running total's yearly amounts
	out         []*node
}

// panel is the lower of two.
type panel struct {
	top, bottom float64
	axis        Axis
}

func newPlot(p Picture, w Words, size Size) *plot {
	c := &plot{p: p, w: w, narrow: size == Narrow, width: 672, height: 360, top: 26, span: p.span(), axis: p.Axis()}
	under := 52.0
	if c.narrow {
		c.width, c.height, c.top = 328, 260, 24
	}
	c.floor = c.height - under
	c.bottom = c.floor
	if p.Kind() == Totals && len(p.amounts()) > 0 {
		c.low = panel{top: c.floor - (c.floor-c.top)*0.3, bottom: c.floor, axis: p.amountAxis()}
		c.bottom = c.low.top - 30
	}
	c.left = c.tickWidth(c.axis) + 14
	if c.low.bottom > 0 {
		c.left = max(c.left, c.tickWidth(c.low.axis)+14)
	}
	c.right = c.width - c.margin()
	// Words keep clear of the numbers of the axis.
	c.bounds = box{c.left - 9, 0, c.width, c.height}
	return c
}

// text is a run's width as this layout must allow for: in the narrow one text
// grows by 15 % where the column is narrower than the picture.
func (c *plot) text(runs ...run) float64 {
	if c.narrow {
		return runsWidth(runs) * 1.15
	}
	return runsWidth(runs)
}

func (c *plot) tickWidth(a Axis) float64 {
	w := 0.0
	for _, v := range a.Ticks() {
		w = max(w, c.text(run{text: tickText(c.w, a, v)}))
	}
	return w
}

// tickText is a number on an axis.
func tickText(w Words, a Axis, v float64) string {
	d := decimalsOf(a.Step)
	return w.Short(number(v, d), d)
}

// margin is the room right of the plot that targets' words take.
func (c *plot) margin() float64 {
	widest := 20.0
	for i := range c.p.Trajectory.Targets {
		target := &c.p.Trajectory.Targets[i]
		if !c.atEnd(target) {
			continue
		}
		for _, row := range c.targetRows(target) {
			widest = max(widest, c.text(row...)+18)
		}
	}
	return min(widest, c.width*0.34)
}

// atEnd reports a target whose words stand right of the plot.
func (c *plot) atEnd(target *indicators.Target) bool {
	return target.Milestone == indicators.Every || c.span.to-moment(target.When(c.p.Trajectory.Plan)) < 0.6
}

// targetRows are the lines of a target's words.
func (c *plot) targetRows(target *indicators.Target) [][]run {
	figure := c.p.targetFigure(c.w, *target)
	when := run{text: c.p.when(c.w, *target)}
	if target.Due.IsZero() && target.Milestone != indicators.Every {
		when.text = c.w.T("chart.year_end", string(target.Milestone))
	}
	name := run{text: c.w.T("chart.target") + " ", bold: true, tone: "ink"}
	value := run{text: figure, bold: true, tone: "ink"}
	if c.narrow {
		return [][]run{{name}, {value}}
	}
	return [][]run{{name, value}, {when}}
}

// x is where a moment lies.
func (c *plot) x(m float64) float64 {
	return c.left + (m-c.span.from)/(c.span.to-c.span.from)*(c.right-c.left)
}

// y is where a value lies in the main panel.
func (c *plot) y(v float64) float64 {
	return c.bottom - (v-c.axis.Min)/(c.axis.Max-c.axis.Min)*(c.bottom-c.top)
}

// columnY is where a value lies in the panel of columns.
func (c *plot) columnY(v float64) float64 {
	if c.low.bottom == 0 {
		return c.y(v)
	}
	return c.low.bottom - (v-c.low.axis.Min)/(c.low.axis.Max-c.low.axis.Min)*(c.low.bottom-c.low.top)
}

// targetMoment is where a target's tick stands: at its time, or in the middle
// of the year where the year's amount is a column.
func (c *plot) targetMoment(target *indicators.Target) float64 {
	when := target.When(c.p.Trajectory.Plan)
	if c.p.Kind() == Amounts {
		return float64(when.Year) + 0.5
	}
	return moment(when)
}

func (c *plot) draw(nodes ...*node) { c.out = append(c.out, nodes...) }

// scales draws gridlines, numbers, the axis of time with its years, and the
// words under a year of which there is no figure.
func (c *plot) scales() {
	c.grid(c.axis, c.y, c.bottom)
	if c.low.bottom > 0 {
		c.grid(c.low.axis, c.columnY, c.low.bottom)
		c.draw(line(c.left, c.low.top-12, "start", run{text: c.w.T("chart.added_in_year")}), line(c.left, c.top-10, "start", run{text: c.w.T("chart.running_total")}))
	}
	milestones := map[int]bool{}
	for _, m := range c.p.Trajectory.Plan.Milestones {
		milestones[m] = true
	}
	years := c.span.named()
	for y := c.span.first - 1; y <= c.span.last; y++ {
		x := c.x(float64(y + 1))
		if x < c.left || x > c.right+1 {
			continue
		}
		if milestones[y] {
			c.draw(el("line", "x1", x, "x2", x, "y1", c.floor, "y2", c.floor+9, "class", "s-ink", "stroke-width", 2))
			continue
		}
		c.draw(el("line", "x1", x, "x2", x, "y1", c.floor, "y2", c.floor+6, "class", "s-control"))
	}
	slot := c.x(1) - c.x(0)
	for _, y := range c.spaced(years, milestones, slot) {
		label := run{text: indicators.YearOf(y).String()}
		if milestones[y] {
			label.bold, label.tone = true, "ink"
		}
		c.draw(line(c.x(float64(y)+0.5), c.floor+20, "middle", label))
	}
	first := run{text: indicators.YearOf(c.span.first - 1).String()}
	if room := c.x(float64(c.span.first)) - c.left + 10; c.text(first) < room {
		c.draw(line(c.x(float64(c.span.first))-4, c.floor+20, "end", first))
	}
	c.silence(slot)
}

// spaced are the years with room for their label: milestones from the last one
// back, then those between.
func (c *plot) spaced(years []int, milestones map[int]bool, slot float64) []int {
	const room = 34.0
	var out []int
	for _, milestone := range []bool{true, false} {
		for _, y := range slices.Backward(years) {
			near := func(other int) bool { return math.Abs(float64(other-y))*slot < room }
			if milestones[y] == milestone && !slices.ContainsFunc(out, near) {
				out = append(out, y)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (c *plot) grid(a Axis, y func(float64) float64, floor float64) {
	zero := max(a.Min, min(0, a.Max))
	for _, v := range a.Ticks() {
		at := y(v)
		if v != zero {
			c.draw(el("line", "x1", c.left, "x2", c.right, "y1", at, "y2", at, "class", "s-hairline"))
		}
		c.draw(line(c.left-10, at+4.5, "end", run{text: tickText(c.w, a, v)}))
	}
	if a.Cropped {
		c.draw(el("path", "d", "M"+px(c.left)+" "+px(floor-14)+"l-4 3l8 4l-4 3", "class", "s-control", "fill", "none", "stroke-width", 1.5))
		zero = a.Min
	}
	c.draw(el("line", "x1", c.left, "x2", c.right, "y1", y(zero), "y2", y(zero), "class", "s-control", "stroke-width", 1.5))
	if zero != a.Min {
		c.draw(el("line", "x1", c.left, "x2", c.right, "y1", floor, "y2", floor, "class", "s-hairline"))
	}
}

// hush is what stands under the label of a year without a figure.
type hush struct {
	year int
	word string
}

// hushed lists the years without a figure with their words.
func (p Picture) hushed(w Words, short bool) []hush {
	t := &p.Trajectory
	silent, due, answered := w.T("chart.not_reported"), w.T("chart.awaiting"), w.T("chart.answered")
	if short {
		silent, due, answered = w.T("chart.not_reported_short"), w.T("chart.awaiting_short"), w.T("chart.answered_short")
	}
	var out []hush
	known := map[int]bool{}
	for _, o := range append(p.observations(), p.amounts()...) {
		known[o.Period.Year] = true
	}
	for _, y := range t.Silent() {
		word := silent
		if awaited(t, y) {
			word = due
		}
		out, known[y] = append(out, hush{y, word}), true
	}
	for _, o := range t.Answers {
		if !known[o.Period.Year] {
			out, known[o.Period.Year] = append(out, hush{o.Period.Year, answered}), true
		}
	}
	return out
}

func (c *plot) silence(slot float64) {
	list := c.p.hushed(c.w, false)
	for _, h := range list {
		if c.text(run{text: h.word})+12 > slot {
			list = c.p.hushed(c.w, true)
			break
		}
	}
	for _, h := range list {
		x := c.x(float64(h.year) + 0.5)
		if x < c.left || x > c.right {
			continue
		}
		half := min(c.text(run{text: h.word})/2+8, slot/2-2)
		c.draw(
			el("rect", "x", x-half, "y", c.floor+27, "width", 2*half, "height", 20, "class", "s-control", "fill", "none", "stroke-dasharray", "3 2.5"),
			line(x, c.floor+41.5, "middle", run{text: h.word}))
	}
}
