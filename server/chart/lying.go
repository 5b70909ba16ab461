package chart

import "yimi/indicators"

// lineShare is where the 1 m line lies along a lying ruler: in a list all
// targets fall on one vertical.
const lineShare = 0.86

// lying is a ruler on its side. Lengths along it are shares of its width, so
// that it takes the width of its column while words and strokes keep theirs.
type lying struct {
	gauge
	words Words
	size  RulerSize
	top   float64 // of the rule
	tall  float64 // height of the rule
}

// Lying is the ruler on its side; it takes the width of its column.
func (p Picture) Lying(w Words, size RulerSize) SVG {
	if p.Kind() == Dated {
		return p.dated(w)
	}
	l := lying{gauge: p.gauge(w), words: w, size: size, top: 10, tall: 16}
	switch size {
	case InTable:
		l.tall = 12
	case Labelled:
		l.top = 44
	}
	return l.draw()
}

// x is a share of the way to the target as a share of the width; over reports
// one beyond the end.
func (l lying) x(share float64) (at pct, over bool) {
	v := share * lineShare
	return pct(min(max(v, 0), 1)), v > 1 || v < 0
}

func (l lying) height() float64 {
	if l.size == Labelled {
		return l.top + l.tall + 44
	}
	return l.top + l.tall + 4
}

func (l lying) draw() SVG {
	p := l.picture
	svg := root("ruler ruler-lying", p.Hue, "100%", px(l.height()), p.RulerText(l.words), p.Link)
	bottom := l.top + l.tall
	rule := el("rect", "x", 0, "y", l.top, "width", "100%", "height", l.tall, "class", "f-surface s-border")
	if l.latest == nil {
		rule.set("stroke-dasharray", "5 4")
	}
	svg.add(rule)
	if l.upper > 0 {
		from, _ := l.x(l.line)
		to, _ := l.x(l.upper)
		svg.add(el("rect", "x", from, "y", l.top, "width", to-from, "height", l.tall, "class", "f-ink", "fill-opacity", 0.16))
	}
	l.ticks(1/lineShare, func(share float64, length int, _ float64) {
		x, _ := l.x(share)
		svg.add(el("line", "x1", x, "x2", x, "y1", l.top, "y2", l.top+[]float64{3, 5, 8}[length], "class", "s-border"))
	})
	if from, to, ok := l.bar(); ok {
		start, _ := l.x(from)
		end, _ := l.x(to)
		svg.add(el("rect", "x", start, "y", bottom-6, "width", end-start, "height", 6, "class", "f-hue"))
	}
	for _, s := range l.others {
		if x, over := l.x(s.share); !over {
			svg.add(el("line", "x1", x, "x2", x, "y1", l.top, "y2", bottom, "class", "s-ink", "stroke-width", 1.8))
		}
	}
	if l.hasLine {
		x, _ := l.x(l.line)
		svg.add(el("line", "x1", x, "x2", x, "y1", l.top-4, "y2", bottom+4, "class", "s-yellow", "stroke-width", 3),
			el("line", "x1", x, "x2", x, "y1", l.top, "y2", bottom, "class", "s-ink", "stroke-width", 2))
	}
	if l.baseline != nil {
		if x, over := l.x(l.baseline.share); !over {
			// A nested picture lets a square keep its size at a place given in per cent.
			svg.add(el("svg", "x", x, "y", l.top+l.tall/2-4, "overflow", "visible").add(
				el("rect", "x", -4, "y", 0, "width", 8, "height", 8, "class", "f-surface s-ink", "stroke-width", 1.5)))
		}
	}
	for _, s := range l.earlier {
		if x, over := l.x(s.share); !over {
			svg.add(el("line", "x1", x, "x2", x, "y1", l.top, "y2", bottom, "class", "s-ink", "stroke-width", 1.2))
		}
	}
	l.pointer(svg)
	if l.size == Labelled {
		l.label(svg)
	}
	return svg.render()
}

// pointer marks the latest result, or the end beyond which it lies.
func (l lying) pointer(svg *node) {
	if l.latest == nil {
		return
	}
	x, over := l.x(l.latest.share)
	bottom := l.top + l.tall
	if over {
		middle := l.top + l.tall/2
		svg.add(el("svg", "x", "100%", "y", middle, "overflow", "visible").add(
			el("path", "d", "M-9 -6L-3 0L-9 6", "class", "s-ink", "fill", "none", "stroke-width", 2)))
		return
	}
	svg.add(el("line", "x1", x, "x2", x, "y1", l.top-5, "y2", bottom, "class", "s-ink", "stroke-width", 2.2),
		el("svg", "x", x, "y", l.top-9, "overflow", "visible").add(el("path", "d", "M-4 0H4L0 6Z", "class", "f-ink")))
}

// label says the latest result above the rule and the targets and the
// baseline below it, on two lines so that they do not touch.
func (l lying) label(svg *node) {
	bottom := l.top + l.tall
	if l.latest != nil {
		x, _ := l.x(l.latest.share)
		anchor := "middle"
		switch {
		case x > 0.75:
			anchor = "end"
		case x < 0.2:
			anchor = "start"
		}
		words := []run{{text: l.latest.figure, size: 20, bold: true, tone: "ink"}}
		if l.latest.date != "" {
			words = append(words, run{text: " " + l.latest.date})
		}
		svg.add(line(x, l.top-16, anchor, words...))
	}
	if l.hasLine {
		x, _ := l.x(l.line)
		svg.add(line(x, bottom+17, "middle", run{text: l.goal, bold: true, tone: "ink"}), line(x, bottom+34, "middle", run{text: l.goalYear}))
	}
	var taken []pct
	room := func(x pct, width float64) bool {
		for _, other := range append(taken, lineShare) {
			if other-x < pct(width/300) && x-other < pct(width/300) {
				return false
			}
		}
		taken = append(taken, x)
		return true
	}
	if l.baseline != nil {
		if x, over := l.x(l.baseline.share); !over && room(x, 56) {
			svg.add(line(x, bottom+17, "middle", run{text: l.baseline.figure}), line(x, bottom+34, "middle", run{text: l.baseline.short}))
		}
	}
	for _, s := range l.others {
		if x, over := l.x(s.share); !over && room(x, 56) {
			svg.add(line(x, bottom+17, "middle", run{text: plain(s.figure)}), line(x, bottom+34, "middle", run{text: s.short}))
		}
	}
}

// dated is a deliverable: a line of time with its due day and, where it is
// known, the day of the act. There is no bar, since nothing is counted.
func (p Picture) dated(w Words) SVG {
	t := &p.Trajectory
	svg := root("ruler ruler-lying", p.Hue, "100%", "30", p.RulerText(w), p.Link)
	from := indicators.YearOf(t.Plan.FirstYear - 1).Months()
	to := indicators.YearOf(t.Plan.LastMilestone()).Months()
	x := func(at indicators.Period) pct {
		return pct(min(max(float64(at.Months()-from)/float64(to-from)*lineShare, 0), 1))
	}
	svg.add(el("line", "x1", 0, "x2", "100%", "y1", 18, "y2", 18, "class", "s-border"))
	for y := t.Plan.FirstYear - 1; y <= t.Plan.LastMilestone(); y++ {
		at := x(indicators.YearOf(y))
		svg.add(el("line", "x1", at, "x2", at, "y1", 14, "y2", 22, "class", "s-border"))
	}
	if target := p.target(); target != nil {
		at := x(target.When(t.Plan))
		svg.add(el("line", "x1", at, "x2", at, "y1", 8, "y2", 28, "class", "s-yellow", "stroke-width", 3),
			el("line", "x1", at, "x2", at, "y1", 10, "y2", 26, "class", "s-ink", "stroke-width", 2))
	}
	if o := t.Latest(); o != nil && !o.Value.Decimal().IsZero() {
		at := x(o.Period)
		svg.add(el("line", "x1", at, "x2", at, "y1", 6, "y2", 24, "class", "s-ink", "stroke-width", 2.2),
			el("svg", "x", at, "y", 2, "overflow", "visible").add(el("path", "d", "M-4 0H4L0 6Z", "class", "f-ink")))
	}
	return svg.render()
}
