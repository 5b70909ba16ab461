package chart

import (
	"hash/fnv"
	"slices"
	"strconv"

	"yimi/indicators"
)

// Share is one segment of a status bar.
type Share struct {
	Status string // the status' key
	Word   string // in the page's language
	Count  int
}

// narrowBar is the least width in px that a bar is laid out for.
const narrowBar = 150.0

// StatusBar draws counts by status in the fixed order, what has no verdict
// apart and never filled; it takes the width of its column. label is spoken.
func StatusBar(shares []Share, label string) SVG {
	order := indicators.Statuses()
	rank := func(s Share) int { return slices.Index(order, indicators.Status(s.Status)) }
	verdictless := slices.Index(order, indicators.Answered) // where the gap lies
	list := slices.Clone(shares)
	list = slices.DeleteFunc(list, func(s Share) bool { return s.Count <= 0 })
	slices.SortStableFunc(list, func(a, b Share) int { return rank(a) - rank(b) })
	total := 0
	for _, s := range list {
		total += s.Count
	}
	svg := root("statusbar", 0, "100%", 24.0, label, "")
	if total == 0 {
		return svg.render()
	}
	id := barID(list, label)
	svg.add(patterns(id))
	const high = 24.0
	from, before := 0, -1
	for _, s := range list {
		x, w := pct(float64(from)/float64(total)), pct(float64(s.Count)/float64(total))
		open := rank(s) >= verdictless
		gap := 0.0
		switch {
		case before < 0:
		case open && before < verdictless:
			gap = 6
		default:
			gap = 2
		}
		svg.add(segmentOf(id, s, x, w, gap, high))
		from, before = from+s.Count, rank(s)
	}
	return svg.render()
}

// segmentOf is one segment; its first gap px stay free.
func segmentOf(id string, s Share, x, w pct, gap, high float64) *node {
	cell := el("svg", "x", x, "y", 0, "width", w, "height", high)
	fill, _ := tones(s.Status)
	plate := true
	full := func(class string) *node {
		return el("rect", "x", gap, "y", 0, "width", "100%", "height", high, "class", class)
	}
	framed := func(tone, pattern string) {
		// A frame around a share of an unknown width: its right edge lies on the
		// cell's, which cuts the half of a 3 px stroke.
		cell.add(full("f-page"))
		if pattern != "" {
			cell.add(el("rect", "x", gap, "y", 0, "width", "100%", "height", high, "fill", "url(#"+id+pattern+")"))
		}
		for _, y := range []float64{0.75, high - 0.75} {
			cell.add(el("line", "x1", gap, "x2", "100%", "y1", y, "y2", y, "class", "s-"+tone, "stroke-width", 1.5))
		}
		cell.add(el("line", "x1", gap+0.75, "x2", gap+0.75, "y1", 0, "y2", high, "class", "s-"+tone, "stroke-width", 1.5),
			el("line", "x1", "100%", "x2", "100%", "y1", 0, "y2", high, "class", "s-"+tone, "stroke-width", 3))
	}
	switch s.Status {
	case "met", "met_early", "missed":
		cell.add(full("f-" + fill))
		plate = false
	case "met_late":
		cell.add(full("f-"+fill), el("svg", "x", "100%", "y", 0, "width", 1, "height", 1, "overflow", "visible").add(
			el("path", "d", "M-7 0H1V8Z", "class", "f-page")))
		plate = false
	case "on_track", "at_risk", "off_track":
		cell.add(full("f-"+fill), el("rect", "x", gap, "y", 0, "width", "100%", "height", high, "fill", "url(#"+id+fill+")"))
	case "in_progress":
		framed("ink", "")
		plate = false
	default:
		framed("none", "hatch")
	}
	text := strconv.Itoa(s.Count)
	width := textWidth(text, 14, true)
	if float64(w)*narrowBar-gap < max(18, width+6) {
		return cell
	}
	tone := "ink"
	if s.Status == "met" || s.Status == "met_early" || s.Status == "met_late" || s.Status == "missed" {
		tone = "page"
	}
	middle := el("svg", "x", "50%", "y", 0, "width", 1, "height", 1, "overflow", "visible")
	if plate {
		middle.add(el("rect", "x", gap/2-width/2-3, "y", 3, "width", width+6, "height", 18, "class", "f-page"))
	}
	return cell.add(middle.add(line(gap/2, 17, "middle", run{text: text, size: 14, bold: true, tone: tone})))
}

// barID makes the names of a bar's patterns its own on a page.
func barID(list []Share, label string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(label)) // a hash takes every write
	for _, s := range list {
		_, _ = h.Write([]byte(s.Status + strconv.Itoa(s.Count)))
	}
	return "p" + strconv.FormatUint(uint64(h.Sum32()), 36)
}

// patterns are the second sign of a status in a bar: stripes, dots,
// cross-hatch, and a sparse hatch where there is no verdict.
func patterns(id string) *node {
	pattern := func(name string, size float64, turn string, kids ...*node) *node {
		return el("pattern", "id", id+name, "width", size, "height", size, "patternUnits", "userSpaceOnUse", "patternTransform", turn).add(kids...)
	}
	bar := func(size, width float64, class string, across bool) *node {
		if across {
			return el("line", "x1", 0, "x2", size, "y1", size/2, "y2", size/2, "class", class, "stroke-width", width)
		}
		return el("line", "x1", size/2, "x2", size/2, "y1", 0, "y2", size, "class", class, "stroke-width", width)
	}
	return el("defs").add(
		pattern("track", 7, "rotate(45)", bar(7, 2, "s-page", false)),
		pattern("risk", 7, "", el("circle", "cx", 3.5, "cy", 3.5, "r", 1.2, "class", "f-page")),
		pattern("miss", 6, "rotate(45)", bar(6, 1, "s-page", false), bar(6, 1, "s-page", true)),
		pattern("hatch", 9, "rotate(45)", bar(9, 1, "s-none", false)))
}
