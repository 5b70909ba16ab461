package chart

import (
	"time"

	"yimi/indicators"
)

// RulerSize is how much a lying ruler says.
type RulerSize int

// The sizes of lying rulers.
const (
	Labelled RulerSize = iota // with figures, dates and gap: on the indicator's page
	InList                    // 16 px high, marks only: the row around it says the figures
	InTable                   // 12 px high, marks only
)

// lineAt is where the target lies along a lying ruler.
const lineAt = 0.86

// The widths in px for which the words of a labelled ruler are laid out: it is
// never narrower than the first, and takes the second from its column on.
const (
	phoneRuler  = 288.0
	columnRuler = 640.0
)

// lying is a ruler on its side. Its marks stand at shares of its width, so
// that it fills any column while its text keeps its size.
type lying struct {
	gauge
	words Words
	size  RulerSize
	unit  float64 // share of the width for a share of 1
	top   float64 // of the ruler
	high  float64
	hand  pencil
}

// Lying is the ruler on its side; it takes the width of its column. The target
// of every one stands at the same place, so that a list of them compares.
func (p Picture) Lying(w Words, size RulerSize) SVG {
	l := p.lay(w, size)
	class := "ruler ruler-lying"
	if size == Labelled {
		class += " ruler-labelled"
	}
	svg := root(class, p.Hue, "100%", l.height(), p.RulerText(w), "")
	if p.Kind() == Dated {
		svg.add(l.dates()...)
		return svg.render()
	}
	svg.add(l.body()...)
	if size == Labelled {
		svg.add(el("g", "class", "at-phone").add(l.labels(phoneRuler)...), el("g", "class", "at-column").add(l.labels(columnRuler)...))
	}
	return svg.render()
}

func (p Picture) lay(w Words, size RulerSize) lying {
	l := lying{gauge: p.gauge(w), words: w, size: size, unit: lineAt, top: 10, high: 16, hand: newPencil(string(p.Trajectory.Indicator.Code))}
	switch size {
	case Labelled:
		l.top = 32
	case InTable:
		l.top, l.high = 9, 12
	}
	// A range's end and the start of a way down must be seen as well.
	widest := l.upper
	if l.downward && l.baseline != nil {
		widest = max(widest, l.baseline.share)
	}
	if widest*l.unit > 0.97 {
		l.unit = 0.97 / widest
	}
	return l
}

func (l lying) height() float64 {
	if l.size == Labelled {
		return 88
	}
	return l.top + l.high + 7
}

// x is where a share lies; over reports one beyond an end.
func (l lying) x(share float64) (x pct, over bool) {
	v := share * l.unit
	return pct(min(max(v, 0), 1)), v > 1.0001 || v < -0.0001
}

// across is a vertical pencil stroke at a place along the ruler.
func (l lying) across(x pct, y0, y1, width float64) *node {
	return el("svg", "x", x, "y", 0, "width", 1, "height", 1, "overflow", "visible").add(l.hand.stroke(0, y0, 0, y1, width))
}

// body is everything but the words.
func (l lying) body() []*node {
	bottom := l.top + l.high
	ground := el("rect", "x", 0, "y", l.top, "width", "100%", "height", l.high, "class", "f-surface s-control")
	if l.latest == nil {
		ground.set("stroke-dasharray", "4 3")
	}
	out := []*node{ground}
	if l.upper > 0 {
		from, _ := l.x(l.line)
		to, _ := l.x(l.upper)
		out = append(out, el("rect", "x", from, "y", l.top, "width", to-from, "height", l.high, "class", "f-ink", "fill-opacity", 0.16))
	}
	l.ticks(1/l.unit, func(share float64, length int, _ float64) {
		x, _ := l.x(share)
		out = append(out, el("line", "x1", x, "x2", x, "y1", l.top, "y2", l.top+[]float64{4, 6, 8}[length], "class", "s-control"))
	})
	thick := 6.0
	if l.size == InTable {
		thick = 5
	}
	if from, to, ok := l.bar(); ok {
		x0, _ := l.x(from)
		x1, _ := l.x(to)
		out = append(out, el("rect", "x", x0, "y", bottom-thick-0.5, "width", x1-x0, "height", thick, "class", "f-hue"))
	}
	for _, s := range l.others {
		if x, over := l.x(s.share); !over {
			out = append(out, el("line", "x1", x, "x2", x, "y1", l.top, "y2", bottom, "class", "s-ink", "stroke-width", 2))
		}
	}
	if l.hasLine {
		x, _ := l.x(l.line)
		out = append(out,
			el("line", "x1", x, "x2", x, "y1", l.top-7, "y2", bottom+6, "class", "s-metre", "stroke-width", 2),
			el("line", "x1", x, "x2", x, "y1", l.top, "y2", bottom, "class", "s-ink", "stroke-width", 2))
	}
	for _, s := range l.earlier {
		if x, over := l.x(s.share); !over {
			out = append(out, l.across(x, l.top-3, bottom+1, 1.5))
		}
	}
	if l.baseline != nil {
		x, over := l.x(l.baseline.share)
		if over {
			out = append(out, l.beyond(x))
		} else {
			y := l.top + 2.5
			if l.size == InTable {
				y = l.top + 1
			}
			out = append(out, el("svg", "x", x, "y", y, "width", 1, "height", 1, "overflow", "visible").add(
				el("rect", "x", -3.5, "y", 0, "width", 7, "height", 7, "class", "f-surface s-ink", "stroke-width", 1.5)))
		}
	}
	if l.latest != nil {
		out = append(out, l.mark()...)
	}
	return out
}

// mark is the latest result: a pencil stroke under a triangle, or a chevron
// outside the end that it lies beyond; what a correction replaced stands
// beside it at 40 %.
func (l lying) mark() []*node {
	x, over := l.x(l.latest.share)
	bottom := l.top + l.high
	var out []*node
	for _, was := range l.was {
		old, off := l.x(was)
		if off {
			continue
		}
		out = append(out,
			el("line", "x1", old, "x2", old, "y1", l.top-4, "y2", bottom, "class", "s-ink", "stroke-width", 2, "stroke-opacity", 0.4),
			el("line", "x1", min(old, x), "x2", max(old, x), "y1", l.top-4, "y2", l.top-4, "class", "s-control", "stroke-dasharray", "2 2"))
	}
	if over {
		return append(out, l.beyond(x))
	}
	triangle := el("path", "d", "M-5 "+px(l.top-9)+"H5L0 "+px(l.top-2)+"Z", "class", "f-ink")
	return append(out, l.across(x, l.top-4, bottom+3, 2.4),
		el("svg", "x", x, "y", 0, "width", 1, "height", 1, "overflow", "visible").add(triangle))
}

func (l lying) beyond(x pct) *node {
	d := "M6 " + px(l.top+l.high/2-5) + "l5 5l-5 5"
	if x < 0.5 {
		d = "M-6 " + px(l.top+l.high/2-5) + "l-5 5l5 5"
	}
	return el("svg", "x", x, "y", 0, "width", 1, "height", 1, "overflow", "visible").add(
		el("path", "d", d, "class", "s-ink", "fill", "none", "stroke-width", 2))
}

// dates is a deliverable: no quantity, so a line of time on which the day of
// the promise stands at the 1 m line.
func (l lying) dates() []*node {
	p := l.picture
	target := p.target()
	y := l.top + l.high/2
	out := []*node{el("line", "x1", 0, "x2", "100%", "y1", y, "y2", y, "class", "s-control")}
	if target == nil {
		return out
	}
	due := target.When(p.Trajectory.Plan).Time()
	start := time.Date(min(p.Trajectory.Plan.FirstYear, due.Year()), 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(when time.Time) float64 { return when.Sub(start).Hours() / due.Sub(start).Hours() * lineAt }
	months := 12
	if due.Year() == start.Year() {
		months = 3
	}
	for tick := start; at(tick) < 1; tick = tick.AddDate(0, months, 0) {
		out = append(out, el("line", "x1", pct(at(tick)), "x2", pct(at(tick)), "y1", y-4, "y2", y+4, "class", "s-control"))
	}
	line86 := pct(lineAt)
	out = append(out,
		el("line", "x1", line86, "x2", line86, "y1", l.top-4, "y2", l.top+l.high+4, "class", "s-metre", "stroke-width", 2),
		el("line", "x1", line86, "x2", line86, "y1", l.top, "y2", l.top+l.high, "class", "s-ink", "stroke-width", 2))
	done := p.Trajectory.Done()
	if done != nil {
		g := lying{gauge: gauge{latest: &stamp{share: at(done.Period.Time())}}, unit: 1, top: l.top, high: l.high, hand: l.hand}
		out = append(out, g.mark()...)
	}
	if l.size == Labelled {
		out = append(out, l.dateLabels(at, target, done)...)
	}
	return out
}

// dateLabels are the words of a dated line; they fit any width.
func (l lying) dateLabels(at func(time.Time) float64, target *indicators.Target, done *indicators.Observation) []*node {
	due := target.When(l.picture.Trajectory.Plan)
	bottom := l.top + l.high + 18
	out := []*node{
		line("100%", bottom, "end", run{text: l.words.T("chart.due", "") + " "}, run{text: l.words.Date(due), bold: true, tone: "ink"}),
	}
	if done == nil {
		return append(out, line(0, bottom, "start", run{text: l.picture.silentWord(l.words)}))
	}
	x, anchor := pct(min(max(at(done.Period.Time()), 0), 1)), "middle"
	switch {
	case x < 0.25:
		x, anchor = 0, "start"
	case x > 0.7:
		x, anchor = 1, "end"
	}
	return append(out, line(x, l.top-14, anchor, run{text: l.words.T("chart.done_on", l.words.Date(done.Period)), bold: true, tone: "ink"}))
}

// silentWord says that there is no result: the verdict's word, else plainly.
func (p Picture) silentWord(w Words) string {
	if p.Verdict.Word != "" {
		return p.Verdict.Word
	}
	return w.T("chart.no_result")
}
