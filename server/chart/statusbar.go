package chart

import "slices"

// barOrder is the order of every status bar; what comes after the gap is not
// judged.
var barOrder = []string{
	"met", "met_early", "met_late", "on_track", "in_progress", "at_risk", "off_track", "missed",
	"answered", "awaiting", "not_reported", "no_data",
}

// judged is how many of barOrder come before the gap.
const judged = 8

const barHeight = 24.0

// StatusBar draws counts by status in the fixed order, not-reported apart; it
// takes the width of its column. label is spoken.
func StatusBar(shares []Share, label string) SVG {
	total := 0
	for _, s := range shares {
		total += s.Count
	}
	svg := root("status-bar", 0, "100%", px(barHeight), label, "")
	if total == 0 {
		return svg.render()
	}
	sorted := slices.Clone(shares)
	slices.SortStableFunc(sorted, func(a, b Share) int { return slices.Index(barOrder, a.Status) - slices.Index(barOrder, b.Status) })
	const gap, edge = 0.006, 0.012
	free := 1.0
	for n := 1; n < len(sorted); n++ {
		free -= gap
	}
	free -= edge
	x, apart := 0.0, false
	for _, s := range sorted {
		if s.Count == 0 {
			continue
		}
		if slices.Index(barOrder, s.Status) >= judged && !apart {
			apart = true
			if x > 0 {
				x += edge
			}
		}
		width := free * float64(s.Count) / float64(total)
		svg.add(el("rect", "x", pct(x), "y", 1, "width", pct(width), "height", barHeight-2, "class", "bar-"+s.Status))
		if width > 0.06 {
			text := run{text: itoa(s.Count), size: 13, bold: true, tone: "ink"}
			plate := text.width() + 10
			svg.add(el("svg", "x", pct(x+width/2), "y", 0, "overflow", "visible").add(
				el("rect", "x", -plate/2, "y", 3, "width", plate, "height", 18, "class", "f-page"),
				line(0.0, 16.5, "middle", text)))
		}
		x += width + gap
	}
	return svg.render()
}

func itoa(n int) string { return px(float64(n)) }
