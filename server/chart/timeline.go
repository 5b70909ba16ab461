package chart

import (
	"hash/fnv"
	"strconv"

	"yimi/indicators"
)

// Timeline is works on one axis of time. Each is a row of its own, so that a
// page can set a name and a sum of money beside it.
type Timeline struct {
	years
	words Words
}

// NewTimeline lays out works over the plan's years, as of a day.
func NewTimeline(w Words, p indicators.Plan, asOf indicators.Period, works []Work) Timeline {
	return Timeline{newYears(p, asOf, works), w}
}

// The measures of a row in px.
const (
	timelineWidth = 350.0 // the least that rows are laid out for
	barTop        = 13.0
	barHigh       = 14.0
	barMiddle     = barTop + barHigh/2
)

// fade is the share of the axis over which a bar fades where its end is not
// known.
const fade = 0.15

// Axis is the head of the rows: the years and the day.
func (t Timeline) Axis() SVG {
	svg := root("timeline", 0, "100%", 38.0, "", "").set("aria-hidden", "true")
	svg.add(t.grid(22, 38.0)...).add(t.labels(timelineWidth, 34)...)
	return svg.add(t.now(18, 38.0), t.dayLabel(t.words, timelineWidth, 13)).render()
}

// Row is one work: hollow what was planned, solid what came of it, a flag on
// the due date, hatched what came after it. It is as high as its row, at least
// 50 px, so that the lines of time meet.
func (t Timeline) Row(x Work) SVG {
	label := x.Text(t.words, t.asOf)
	svg := root("timeline", 0, "100%", "100%", label, "")
	svg.add(t.grid(0, pct(1))...).add(t.plan(x)...).add(t.actual(x)...)
	id := "t" + hashed(label)
	svg.add(t.tail(x, id)...)
	if !x.Due.IsZero() {
		svg.add(at(t.end(x.Due), el("line", "x1", 0, "x2", 0, "y1", barTop-9, "y2", barTop+barHigh+3, "class", "s-ink", "stroke-width", 1.5),
			el("path", "d", "M0 4H9L6.5 7.5L9 11H0Z", "class", "f-ink")))
	}
	return svg.add(t.now(0, pct(1)), t.said(x)).render()
}

// plan is the hollow bar; where only one end is known it fades towards the
// other, and where none is a dashed line says only that there is no date.
func (t Timeline) plan(x Work) []*node {
	if x.Start.IsZero() && x.Due.IsZero() {
		return []*node{el("line", "x1", 0, "x2", "100%", "y1", barMiddle, "y2", barMiddle, "class", "s-control", "stroke-dasharray", "2 5")}
	}
	from, to := t.begin(x.Start), t.end(x.Due)
	in, out := x.Start.IsZero(), x.Due.IsZero()
	if in {
		from = max(0, to-fade)
	}
	if out {
		to = min(1, from+fade)
	}
	var nodes []*node
	for _, p := range faded(from, to, in, out) {
		nodes = append(nodes, el("rect", "x", p.from, "y", barTop, "width", p.to-p.from, "height", barHigh, "class", "f-page"))
		for _, y := range []float64{barTop + 0.75, barTop + barHigh - 0.75} {
			nodes = append(nodes, p.seen(el("line", "x1", p.from, "x2", p.to, "y1", y, "y2", y, "class", "s-ink", "stroke-width", 1.5), "stroke-opacity"))
		}
	}
	for _, end := range []struct {
		x       pct
		unknown bool
	}{{from, in}, {to, out}} {
		if !end.unknown {
			nodes = append(nodes, el("line", "x1", end.x, "x2", end.x, "y1", barTop, "y2", barTop+barHigh, "class", "s-ink", "stroke-width", 1.5))
		}
	}
	return nodes
}

// actual is the solid bar up to the completion, or to the newest report. When
// work began is not reported: it fades in.
func (t Timeline) actual(x Work) []*node {
	last := x.Done
	if last.IsZero() {
		last = x.Heard
	}
	if last.IsZero() {
		return nil
	}
	to := min(t.end(last), t.end(t.asOf))
	from := max(0, to-fade)
	if !x.Start.IsZero() && t.begin(x.Start) < to {
		from = t.begin(x.Start)
	}
	var nodes []*node
	for _, p := range faded(from, to, true, false) {
		nodes = append(nodes, p.seen(el("rect", "x", p.from, "y", barMiddle-3, "width", p.to-p.from, "height", 6, "class", "f-ink"), "fill-opacity"))
	}
	if !x.Done.IsZero() {
		nodes = append(nodes, el("line", "x1", to, "x2", to, "y1", barTop-3, "y2", barTop+barHigh+3, "class", "s-ink", "stroke-width", 3))
	}
	return nodes
}

// tail is hatched from the due date to the completion, or to the day of what
// is reported undone.
func (t Timeline) tail(x Work, id string) []*node {
	days, ok := x.Slip(t.asOf)
	if !ok || days <= 0 || x.Done.IsZero() && !x.overdue() {
		return nil
	}
	to := t.end(t.asOf)
	if !x.Done.IsZero() {
		to = t.end(x.Done)
	}
	from := t.end(x.Due)
	return []*node{
		hatch(id),
		el("rect", "x", from, "y", barTop, "width", to-from, "height", barHigh, "class", "s-miss", "fill", "url(#"+id+")", "stroke-width", 1.2),
	}
}

// hatch is the pattern of a slip, under a name of its own on the page.
func hatch(id string) *node {
	return el("defs").add(el("pattern", "id", id, "width", 5, "height", 5, "patternUnits", "userSpaceOnUse", "patternTransform", "rotate(45)").add(
		el("line", "x1", 2.5, "x2", 2.5, "y1", 0, "y2", 5, "class", "s-miss", "stroke-width", 1.6)))
}

// said prints what is known and how late it is, at the end of the bar.
func (t Timeline) said(x Work) *node {
	var where pct
	switch {
	case !x.Done.IsZero():
		where = t.end(x.Done)
	case x.overdue() && !x.Due.IsZero():
		where = t.end(x.Due)
	case !x.Heard.IsZero():
		where = min(t.end(x.Heard), t.end(t.asOf))
	case !x.Due.IsZero():
		where = t.end(x.Due)
	case !x.Start.IsZero():
		where = t.begin(x.Start)
	}
	runs := []run{{text: x.Stage(t.words, "")}}
	if runs[0].text == "" {
		runs[0] = run{text: t.words.T("projects.no_progress"), tone: "none-text"}
	}
	if late := x.Late(t.words, t.asOf); late != "" {
		runs = append(runs, run{text: t.words.T("chart.comma")}, run{text: late, bold: true, tone: x.tone(t.asOf)})
	}
	return halo(beside(where, timelineWidth, 45, runs...))
}

// tone is the colour of the words for a slip.
func (x Work) tone(asOf indicators.Period) string {
	if days, ok := x.Slip(asOf); ok && days > 0 && (!x.Done.IsZero() || x.overdue()) {
		return "miss"
	}
	return "ink"
}

// piece is a stretch of a bar with its strength.
type piece struct {
	from, to pct
	strength float64
}

// seen sets the strength under the name that a kind of mark has for it.
func (p piece) seen(n *node, name string) *node {
	if p.strength < 1 {
		n.set(name, p.strength)
	}
	return n
}

// faded cuts a bar into pieces that grow weaker towards the ends that are not
// known.
func faded(from, to pct, in, out bool) []piece {
	if to <= from {
		return nil
	}
	if !in && !out {
		return []piece{{from, to, 1}}
	}
	const steps = 12
	long := min(fade, to-from)
	if in && out {
		long = min(fade, (to-from)/2)
	}
	var nodes []piece
	left, right := from, to
	if in {
		for i := range steps {
			nodes = append(nodes, piece{left, left + long/steps, float64(i+1) / (steps + 1)})
			left += long / steps
		}
	}
	if out {
		right = to - long
	}
	if right > left+1e-9 {
		nodes = append(nodes, piece{left, right, 1})
	}
	if out {
		for i := range steps {
			nodes = append(nodes, piece{right, right + long/steps, float64(steps-i) / (steps + 1)})
			right += long / steps
		}
	}
	return nodes
}

// hashed makes a name out of what a picture says.
func hashed(s string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s)) // a hash takes every write
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// tickWidth is the least width in px that the bar of a phone is laid out for.
const tickWidth = 280.0

// Ticks is a work for a phone: begin, due and completion as three ticks with
// their dates, in that order and to no scale.
func (t Timeline) Ticks(x Work) SVG {
	late := x.Late(t.words, t.asOf)
	height := 56.0
	if late != "" {
		height += 18
	}
	label := x.Text(t.words, t.asOf)
	svg := root("timeline", 0, "100%", height, label, "")
	const y = 24.0
	dash := func(known bool) string {
		if known {
			return ""
		}
		return "2 5"
	}
	half := pct(0.5)
	svg.add(el("line", "x1", 0, "x2", half, "y1", y, "y2", y, "class", "s-ink", "stroke-width", 1.5, "stroke-dasharray", dash(!x.Start.IsZero() && !x.Due.IsZero())))
	if x.tone(t.asOf) == "miss" {
		id := "k" + hashed(label)
		svg.add(hatch(id), el("rect", "x", half, "y", y-4, "width", half, "height", 8, "class", "s-miss", "fill", "url(#"+id+")", "stroke-width", 1.2))
	} else {
		svg.add(el("line", "x1", half, "x2", "100%", "y1", y, "y2", y, "class", "s-ink", "stroke-width", 1.5, "stroke-dasharray", dash(!x.Due.IsZero() && !x.Done.IsZero())))
	}
	day := func(p indicators.Period) run {
		if p.IsZero() {
			return run{text: t.words.T("timeline.unknown"), tone: "none-text"}
		}
		return run{text: p.String(), bold: true, tone: "ink"}
	}
	end := day(x.Done)
	switch {
	case !x.Done.IsZero():
	case x.Undone:
		end = run{text: t.words.T("deliverable.undone"), bold: true, tone: "ink"}
	case !x.Heard.IsZero():
		end.text = t.words.T("timeline.not_said")
	default:
		end.text = t.words.T("projects.no_progress")
	}
	for _, tick := range []struct {
		word, anchor string
		x            pct
		said         run
		solid        bool
	}{
		{t.words.T("timeline.start"), "start", 0, day(x.Start), false},
		{t.words.T("timeline.due"), "middle", half, day(x.Due), false},
		{t.words.T("timeline.done"), "end", 1, end, !x.Done.IsZero()},
	} {
		class := "f-page s-ink"
		if tick.solid {
			class = "f-ink s-ink"
		}
		shift := map[string]float64{"start": 2, "end": -9}[tick.anchor]
		if tick.anchor == "middle" {
			shift = -3.5
		}
		svg.add(line(tick.x, 12, tick.anchor, run{text: tick.word}),
			at(tick.x, el("rect", "x", shift, "y", y-7, "width", 7, "height", 14, "class", class, "stroke-width", 1.5)),
			line(tick.x, 48, tick.anchor, tick.said))
	}
	if late != "" {
		svg.add(line("100%", 66, "end", run{text: late, bold: true, tone: x.tone(t.asOf)}))
	}
	return svg.render()
}
