package chart

import (
	"strings"
	"time"

	"yimi/indicators"
)

// Strip is documents by month: hollow the month in which each was promised,
// solid the one in which it came, each with its number in the plan.
type Strip struct {
	years
	words Words
	works []Work
}

// NewStrip lays out documents over the plan's years, as of a day.
func NewStrip(w Words, p indicators.Plan, asOf indicators.Period, works []Work) Strip {
	return Strip{newYears(p, asOf, works), w, works}
}

// The measures of a strip in px.
const (
	stripWidth = 640.0 // the least that it is laid out for
	dotSize    = 21.0
	dotLane    = 24.0
	stripAxis  = 26.0
)

// disc is one number on the strip.
type disc struct {
	x     pct
	lane  int
	text  string
	late  run
	left  bool // its words stand left of it
	solid bool
	open  bool // promised by now, and nothing is known of it
}

func (d disc) wide() float64 { return max(dotSize, textWidth(d.text, 13, true)+4) }

// span is what the disc and its words cover, in px of a strip of least width.
func (d disc) span() (from, to float64) {
	mid := d.middle()
	from, to = mid-d.wide()/2, mid+d.wide()/2
	if d.late.text == "" {
		return from, to
	}
	if d.left {
		return from - 4 - d.late.width(), to
	}
	return from, to + 4 + d.late.width()
}

// middle keeps a disc inside the strip.
func (d disc) middle() float64 {
	return min(max(float64(d.x)*stripWidth, d.wide()/2+1), stripWidth-d.wide()/2-1)
}

// month is the middle of the month in which a period ends.
func (s Strip) month(p indicators.Period) pct {
	e := p.End()
	return s.share(time.Date(e.Year, time.Month(e.Month), 15, 12, 0, 0, 0, time.UTC))
}

// discs lays out both bands: what was promised, and what came. No two of one
// band touch.
func (s Strip) discs() (promised, came []disc) {
	for _, x := range s.works {
		if !x.Due.IsZero() {
			d := disc{x: s.month(x.Due), text: x.Label, open: s.silent(x)}
			if x.Done.IsZero() && x.overdue() {
				d = s.slipped(d, x)
			}
			promised = append(promised, d)
		}
		if !x.Done.IsZero() {
			came = append(came, s.slipped(disc{x: s.month(x.Done), text: x.Label, solid: true}, x))
		}
	}
	return stacked(promised), stacked(came)
}

// slipped writes the slip beside a disc, on the side that has room.
func (s Strip) slipped(d disc, x Work) disc {
	if days, ok := x.Slip(s.asOf); ok && days != 0 {
		d.late = run{text: x.Late(s.words, s.asOf), bold: true, tone: x.tone(s.asOf)}
	}
	_, to := d.span()
	d.left = to > stripWidth
	return d
}

// silent reports a document that is due and of which nothing is known.
func (s Strip) silent(x Work) bool {
	return x.Done.IsZero() && !x.Undone && !x.Due.IsZero() && s.asOf.Compare(x.Due) > 0
}

// stacked gives each disc the lane nearest to the axis that is free.
func stacked(discs []disc) []disc {
	for i := range discs {
		from, to := discs[i].span()
		for free := false; !free; {
			free = true
			for _, other := range discs[:i] {
				if a, b := other.span(); other.lane == discs[i].lane && from < b+2 && a < to+2 {
					free = false
					discs[i].lane++
					break
				}
			}
		}
	}
	return discs
}

func lanes(discs []disc) int {
	n := 1
	for _, d := range discs {
		n = max(n, d.lane+1)
	}
	return n
}

// Draw is the strip, for a column of at least 640 px.
func (s Strip) Draw() SVG {
	promised, came := s.discs()
	top := 38 + float64(lanes(promised))*dotLane + 4
	floor := top + stripAxis
	bottom := floor + 4 + float64(lanes(came))*dotLane
	height := bottom + 22
	svg := root("timeline", 0, "100%", height, s.Text(), "")
	svg.add(line(0, 13, "start", run{text: s.words.T("timeline.promised")}), line(0, height-6, "start", run{text: s.words.T("timeline.came")}))
	svg.add(s.grid(38, bottom)...)
	for n := range (s.last + 1 - s.first) * 12 {
		x := s.begin(indicators.Period{Year: s.first + n/12, Month: n%12 + 1})
		svg.add(el("line", "x1", x, "x2", x, "y1", floor-4, "y2", floor, "class", "s-control"))
	}
	for _, y := range []float64{top, floor} {
		svg.add(el("line", "x1", 0, "x2", "100%", "y1", y, "y2", y, "class", "s-control"))
	}
	svg.add(s.now(34, bottom)).add(s.labels(stripWidth, top+17)...)
	svg.add(s.dayLabel(s.words, stripWidth, 30))
	for _, d := range promised {
		svg.add(d.draw(top - 4 - dotLane*float64(d.lane) - dotSize/2))
	}
	for _, d := range came {
		svg.add(d.draw(floor + 4 + dotLane*float64(d.lane) + dotSize/2))
	}
	return svg.render()
}

// draw is a disc about a height; a number that is too long for one is a pill.
func (d disc) draw(y float64) *node {
	shift := d.middle() - float64(d.x)*stripWidth
	class, tone := "f-page s-ink", "ink"
	if d.solid {
		class, tone = "f-ink s-ink", "page"
	}
	dash := ""
	if d.open {
		dash = "3 2.5"
	}
	n := at(d.x, el("rect", "x", shift-d.wide()/2, "y", y-dotSize/2, "width", d.wide(), "height", dotSize, "rx", dotSize/2, "class", class, "stroke-width", 1.5, "stroke-dasharray", dash),
		line(shift, y+4.7, "middle", run{text: d.text, bold: true, tone: tone}))
	if d.late.text == "" {
		return n
	}
	if d.left {
		return n.add(halo(line(shift-d.wide()/2-4, y+4.7, "end", d.late)))
	}
	return n.add(halo(line(shift+d.wide()/2+4, y+4.7, "start", d.late)))
}

// numbers lists the documents that a question is true of by their numbers.
func (s Strip) numbers(of func(Work) bool) string {
	var out []string
	for _, x := range s.works {
		if of(x) {
			out = append(out, x.Label)
		}
	}
	return strings.Join(out, s.words.T("chart.and"))
}

// Notes are the sentences on what has no disc, or no solid one: due and not
// seen, undated and not seen.
func (s Strip) Notes() []string {
	var out []string
	add := s.noting(&out)
	add("timeline.silent", s.silent)
	add("timeline.no_dates", undated)
	return out
}

func undated(x Work) bool { return x.Due.IsZero() && x.Done.IsZero() }

// noting adds a sentence on the documents that a question is true of, if any.
func (s Strip) noting(out *[]string) func(key string, of func(Work) bool) {
	return func(key string, of func(Work) bool) {
		if n := s.numbers(of); n != "" {
			*out = append(*out, s.words.T(key, n))
		}
	}
}

// Text says the strip in sentences: what came without a promise, what became
// of each promise, and what nothing is known of.
func (s Strip) Text() string {
	w := s.words
	var out []string
	add := s.noting(&out)
	add("timeline.issued", func(x Work) bool { return x.Due.IsZero() && !x.Done.IsZero() })
	for _, x := range s.works {
		if x.Due.IsZero() {
			continue
		}
		parts := []string{w.T("timeline.document", x.Label, w.Date(x.Due)), x.Stage(w, w.T("policies.no_number"))}
		if late := x.Late(w, s.asOf); late != "" {
			parts = append(parts, late)
		}
		out = append(out, strings.Join(parts, w.T("chart.comma")))
	}
	add("timeline.no_dates", undated)
	return sentences(w, out...)
}
