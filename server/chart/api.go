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

// RulerSize is how much a lying ruler says.
type RulerSize int

// The sizes of lying rulers.
const (
	Labelled RulerSize = iota // with figures, dates and gap: on the indicator's page
	InList                    // 16 px high, marks only: the row around it says the figures
	InTable                   // 12 px high, marks only
)

// RowKind is what a row of the table is about.
type RowKind string

// The kinds of rows.
const (
	BaselineRow RowKind = "baseline" // the plan's own figure
	ResultRow   RowKind = "result"   // a number made since
	EarlierRow  RowKind = "earlier"  // an edition that no longer stands
	AnswerRow   RowKind = "answer"   // answered without a number
	OtherRow    RowKind = "other"    // a number in another basis
	SilentRow   RowKind = "silent"   // a year of which nothing is known
	PathRow     RowKind = "path"     // what the required path asks for at a year's end
	TargetRow   RowKind = "target"   // a promised value
	AsideRow    RowKind = "aside"    // a promised value in another basis
)

// Row is one line of the table under a chart; page, CSV and chart share it.
type Row struct {
	Kind        RowKind
	Period      indicators.Period
	Value       indicators.Number       // absent where nothing is known
	Required    indicators.Number       // the required path on that date; absent off the path
	Observation *indicators.Observation // of baseline, result, earlier, answer and other
	Target      *indicators.Target      // of target and aside
	Awaited     bool                    // of silent: results are not due yet
}

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

// Share is one segment of a status bar.
type Share struct {
	Status string // the status' key
	Word   string // in the page's language
	Count  int
}
