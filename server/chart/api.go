package chart

import "yimi/indicators"

// Size is one of the two layouts of a trajectory; a page holds both and
// chart.css shows the one that its column has room for.
type Size int

// The layouts.
const (
	Wide   Size = iota // 672 × 360
	Narrow             // 328 × 260
)

// Draw is the trajectory as the server draws it.
func (p Picture) Draw(w Words, size Size) SVG { return "" }

// Option is the same chart for ECharts, as plain data: colours are var(--…)
// for static/js/chart.js to fill in, words and ticks stand under "yimi".
func (p Picture) Option(w Words) (map[string]any, error) { return map[string]any{}, nil }

// Document is the trajectory as a file of its own: title, subtitle, source and
// release in it, light colours, opaque ground.
func (p Picture) Document(w Words, c Credits) SVG { return "" }

// District is one unit's value of a target that is drawn for all of them.
type District struct {
	Area       indicators.Area
	Name       string            // in the page's language
	Short      string            // at most four characters, for its tile
	Link       string            // address of its page
	Value      indicators.Number // absent: not reported
	Note       string            // why there is none where that is known: 无分母
	Attainment indicators.Number // 0 to 100 on its own target; absent without a verdict
	Met        bool
	Here       bool // the page is about this one
}

// Districts are the units side by side, in any order.
type Districts struct {
	Indicator indicators.Indicator
	Target    *indicators.Target
	City      indicators.Number // the city's own value, a hollow tick; may be absent
	Hue       int
	Units     []District
}

// Bars is the list by value; who has not reported stands in a group of its own.
func (d Districts) Bars(w Words) SVG { return "" }

// Tiles is the same on the grid, captioned as no map.
func (d Districts) Tiles(w Words) SVG { return "" }

// Text says the districts in a sentence.
func (d Districts) Text(w Words) string { return "" }

// Share is one segment of a status bar.
type Share struct {
	Status string // the status' key
	Word   string // in the page's language
	Count  int
}

// StatusBar draws counts by status in the fixed order, not-reported apart; it
// takes the width of its column. label is spoken.
func StatusBar(shares []Share, label string) SVG { return "" }
