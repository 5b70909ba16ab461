package chart

import (
	"math"
	"strings"
)

// The measures of an upright ruler in px, so that a page can lay its 1 m line
// through a row of them.
const (
	UprightWidth  = 164
	UprightHeight = 448
	UprightLine   = 114 // from the top of the picture to the 1 m line
	UprightFloor  = 446 // from the top of the picture to the floor
)

const (
	frameTop   = 14.0 // of the door frame
	frameWidth = 46.0
	barWidth   = 6.0
	labelX     = 58.0
)

// label is words with the place they take.
type label struct {
	name   string
	box    box
	nodes  []*node
	always bool // printed whatever the cost
	words  *words
}

// upright is an upright ruler with its labels laid out.
type upright struct {
	gauge
	words  Words
	hang   bool // the latest result's words hang below its mark
	labels []label
}

// Upright is the ruler on a door frame.
func (p Picture) Upright(w Words) SVG {
	if p.Kind() == Dated {
		return p.Lying(w, Labelled)
	}
	return layUpright(p, w).draw()
}

func layUpright(p Picture, w Words) upright {
	u := upright{gauge: p.gauge(w), words: w}
	u.lay()
	return u
}

// y is a share's height, kept inside the frame; over reports one beyond it.
func (u upright) y(share float64) (y float64, over bool) {
	y = UprightFloor - (UprightFloor-UprightLine)*share
	return min(max(y, frameTop), UprightFloor), y < frameTop-0.01 || y > UprightFloor+0.01
}

// lay places the words: the latest result and the 1 m target where they
// belong, then other targets, the baseline and earlier results beside their
// ticks, moved where they would touch, and left out where there is no room.
func (u *upright) lay() {
	lineY, _ := u.y(u.line)
	targetY := lineY + 18
	if u.latest != nil {
		y, _ := u.y(u.latest.share)
		// Above its line there would be no room at the top of the frame, and
		// just below the 1 m line the figure would stand across it.
		u.hang = y < frameTop+46 || u.hasLine && y > lineY+0.5 && y < lineY+48
		numberY, dateY := y-7, y-36
		figure := run{text: u.latest.figure, size: 30, bold: true, tone: "ink"}
		if room := UprightWidth - labelX; figure.width() > room {
			figure.size = max(18, math.Floor(30*room/figure.width()))
		}
		block := box{labelX, y - 48, labelX + max(figure.width(), textWidth(u.latest.date, 13, false)), y - 3}
		if u.hang {
			numberY, dateY = y+28, y+46
			block = box{block.x0, y + 3, block.x1, y + 50}
		}
		if u.hang && y > lineY || !u.hang && block.y0 < lineY+22 && y > lineY {
			targetY = lineY - 6
		}
		u.labels = append(u.labels, label{name: "latest", box: block, nodes: []*node{
			line(labelX, dateY, "start", run{text: u.latest.date}),
			line(labelX, numberY, "start", figure),
		}, always: true})
	}
	if u.hasLine {
		runs := u.promise(labelX, u.goalYear, u.goal)
		u.labels = append(u.labels, label{name: "target", box: lineBox(labelX, targetY, runsWidth(runs), 13, "start"),
			nodes: []*node{line(labelX, targetY, "start", runs...)}, always: true})
	}
	for _, s := range u.others {
		y, over := u.y(s.share)
		if over {
			continue
		}
		u.beside("milestone", labelX+8, y, 200, u.promise(labelX+8, s.short, s.figure), true)
	}
	if u.baseline != nil {
		if y, over := u.y(u.baseline.share); !over {
			u.beside("baseline", labelX+4, y, 40, []run{{text: u.words.T("chart.baseline_mark", u.baseline.figure, u.baseline.short)}}, false)
		}
	}
	for _, s := range u.earlier {
		if y, over := u.y(s.share); !over {
			u.beside("earlier", labelX+8, y, 0, []run{{text: s.figure + " " + s.short}}, false)
		}
	}
	if u.latest == nil {
		u.silence()
	}
}

// promise is a target's words as they stand at its line, where "at least" goes
// without saying; the year gives way to a long figure.
func (u upright) promise(x float64, year, figure string) []run {
	value := run{text: strings.TrimPrefix(figure, "≥"), bold: true, tone: "ink"}
	full := []run{{text: u.words.T("chart.target_at", year) + " "}, value}
	if year == "" || x+runsWidth(full) > UprightWidth {
		return []run{{text: u.words.T("chart.target") + " "}, value}
	}
	return full
}

// beside places a line of text centred on its tick, or up to reach px away
// with a leader where that place is taken.
func (u *upright) beside(name string, x, y, reach float64, runs []run, always bool) {
	width := runsWidth(runs)
	for off := 0.0; off <= reach; off += 2 {
		for _, at := range []float64{y + off, y - off} {
			b := box{x, at - 8, x + width, at + 8}
			if at < frameTop+8 || at > UprightFloor-8 || u.taken(b) || at != y && u.strikes(b) {
				continue
			}
			l := label{name: name, box: b, nodes: []*node{line(x, at+4.5, "start", runs...)}, always: always}
			if at != y {
				l.nodes = append(l.nodes, el("path", "d", "M"+px(frameWidth+4)+" "+px(y)+"L"+px(frameWidth+8)+" "+px(at)+"H"+px(x-3), "class", "s-control", "fill", "none"))
			}
			u.labels = append(u.labels, l)
			return
		}
	}
}

func (u *upright) taken(b box) bool {
	for _, l := range u.labels {
		if l.box.overlaps(b) {
			return true
		}
	}
	return u.strikes(b)
}

// strikes reports whether the 1 m line or the latest result's stroke runs
// through b.
func (u *upright) strikes(b box) bool {
	lineY, _ := u.y(u.line)
	if u.hasLine && b.y0 < lineY+2 && b.y1 > lineY-2 {
		return true
	}
	if u.latest == nil {
		return false
	}
	y, _ := u.y(u.latest.share)
	return b.y0 < y+2 && b.y1 > y-2
}

// silence is the dashed box that says that nothing has been reported.
func (u *upright) silence() {
	first := run{text: u.picture.Verdict.Word, size: 14, bold: true, tone: "none-text"}
	second := run{text: u.words.T("chart.never_reported")}
	if len(u.picture.Trajectory.Answers) > 0 {
		second.text = u.words.T("chart.answered_without")
	}
	if first.text == "" {
		first.text = u.words.T("chart.no_result")
	}
	width := max(first.width(), second.width()) + 18
	x := min(labelX, UprightWidth-width)
	for off := 0.0; off < 200; off += 2 {
		for _, top := range []float64{216 + off, 216 - off} {
			b := box{x, top, x + width, top + 58}
			if top < frameTop || b.y1 > UprightFloor-4 || u.taken(b) {
				continue
			}
			u.labels = append(u.labels, label{name: "silence", box: b, nodes: []*node{
				el("rect", "x", b.x0+0.75, "y", b.y0+0.75, "width", width-1.5, "height", 56.5, "class", "s-control", "fill", "none",
					"stroke-width", 1.5, "stroke-dasharray", "5 4"),
				line(b.x0+width/2, b.y0+25, "middle", first),
				line(b.x0+width/2, b.y0+45, "middle", second),
			}, always: true})
			return
		}
	}
}

func (u upright) draw() SVG {
	p := u.picture
	svg := root("ruler ruler-up", p.Hue, float64(UprightWidth), float64(UprightHeight), p.RulerText(u.words), "")
	hand := newPencil(string(p.Trajectory.Indicator.Code))
	svg.add(u.frame()...)
	svg.add(u.scale()...)
	svg.add(u.measure()...)
	lineY, _ := u.y(u.line)
	if u.hasLine {
		svg.add(el("line", "x1", 0, "x2", frameWidth+4, "y1", lineY, "y2", lineY, "class", "s-ink", "stroke-width", 2))
	}
	for _, s := range u.others {
		if y, over := u.y(s.share); !over {
			svg.add(hand.stroke(0, y, labelX+5, y, 1.8))
		}
	}
	if u.baseline != nil {
		svg.add(u.square()...)
	}
	for _, s := range u.earlier {
		if y, over := u.y(s.share); !over {
			svg.add(hand.stroke(frameWidth-3, y, frameWidth+11, y, 1.5))
		}
	}
	svg.add(el("line", "x1", 0, "x2", UprightWidth, "y1", UprightFloor+1, "y2", UprightFloor+1, "class", "s-ink", "stroke-width", 2))
	if u.latest != nil {
		y, over := u.y(u.latest.share)
		if over {
			svg.add(chevron(frameWidth/2, y, y < UprightLine))
		}
		svg.add(hand.stroke(0, y, UprightWidth-22, y, 2.4))
	}
	for _, l := range u.labels {
		svg.add(l.nodes...)
	}
	return svg.render()
}

// frame is the door frame; dashed where there is no result.
func (u upright) frame() []*node {
	height := UprightFloor - frameTop
	ground := el("rect", "x", 0, "y", frameTop, "width", frameWidth, "height", height, "class", "f-surface")
	edge := func(x float64, tone string, dashed bool) *node {
		n := el("line", "x1", x, "x2", x, "y1", frameTop, "y2", UprightFloor, "class", tone)
		if dashed {
			n.set("stroke-dasharray", "5 4")
		}
		return n
	}
	none := u.latest == nil
	return []*node{ground, edge(0.5, "s-control", none), edge(frameWidth-0.5, "s-control", none), edge(frameWidth+3.5, "s-hairline", false)}
}

// scale is the ticks and the numbers beside the long ones, but for those that
// a target, the latest result or the baseline would touch.
func (u upright) scale() []*node {
	var out []*node
	digits := decimalsOf(u.step.long)
	end := (UprightFloor - frameTop) / (UprightFloor - UprightLine)
	u.ticks(end, func(share float64, length int, value float64) {
		y, _ := u.y(share)
		tone := "s-control"
		out = append(out, el("line", "x1", 0, "x2", []float64{6, 10, 14}[length], "y1", y, "y2", y, "class", tone))
		if length < 2 || u.crowded(y) || y < frameTop+8 {
			return
		}
		text := u.words.Short(number(value, digits), digits)
		if textWidth(text, 13, false) > frameWidth-barWidth-16 {
			return
		}
		out = append(out, line(17.0, y+4.5, "start", run{text: text}))
	})
	return out
}

// crowded reports a height too near a mark for a number.
func (u upright) crowded(y float64) bool {
	near := func(share, distance float64) bool {
		at, _ := u.y(share)
		return math.Abs(at-y) < distance
	}
	if u.hasLine && near(u.line, 11) || u.latest != nil && near(u.latest.share, 11) || u.baseline != nil && near(u.baseline.share, 6) {
		return true
	}
	for _, s := range u.others {
		if near(s.share, 11) {
			return true
		}
	}
	return false
}

// measure is the bar of the result, the strip of a range and, of a corrected
// figure, where it stood before.
func (u upright) measure() []*node {
	var out []*node
	x := frameWidth - barWidth - 1
	if u.upper > 0 {
		lower, _ := u.y(u.line)
		upper, _ := u.y(u.upper)
		out = append(out, el("rect", "x", 1, "y", upper, "width", frameWidth-2, "height", lower-upper, "class", "f-ink", "fill-opacity", 0.16))
	}
	if from, to, ok := u.bar(); ok {
		bottom, _ := u.y(from)
		top, _ := u.y(to)
		out = append(out, el("rect", "x", x, "y", top, "width", barWidth, "height", bottom-top, "class", "f-hue"))
	}
	for _, was := range u.was {
		old, over := u.y(was)
		now, _ := u.y(u.latest.share)
		if over {
			continue
		}
		out = append(out,
			el("line", "x1", 0, "x2", frameWidth, "y1", old, "y2", old, "class", "s-ink", "stroke-width", 2, "stroke-opacity", 0.4),
			el("line", "x1", frameWidth+8, "x2", frameWidth+8, "y1", old, "y2", now, "class", "s-control", "stroke-dasharray", "2 2"))
	}
	return out
}

// square is the baseline: a hollow square on a dotted line.
func (u upright) square() []*node {
	y, over := u.y(u.baseline.share)
	if over {
		return []*node{chevron(frameWidth-barWidth/2-1, y, y < UprightLine)}
	}
	cx := frameWidth - 1 - barWidth/2
	return []*node{
		el("line", "x1", 0, "x2", cx-4, "y1", y, "y2", y, "class", "s-control", "stroke-dasharray", "1.5 2.5"),
		el("line", "x1", cx+4, "x2", labelX, "y1", y, "y2", y, "class", "s-ink", "stroke-width", 1.2),
		el("rect", "x", cx-4, "y", y-4, "width", 8, "height", 8, "class", "f-surface s-ink", "stroke-width", 1.5),
	}
}

// chevron points on where a value lies beyond the end.
func chevron(x, y float64, up bool) *node {
	d := "M" + px(x-5) + " " + px(y-4) + "L" + px(x) + " " + px(y-9) + "L" + px(x+5) + " " + px(y-4)
	if !up {
		d = "M" + px(x-5) + " " + px(y+4) + "L" + px(x) + " " + px(y+9) + "L" + px(x+5) + " " + px(y+4)
	}
	return el("path", "d", d, "class", "s-ink", "fill", "none", "stroke-width", 2)
}
