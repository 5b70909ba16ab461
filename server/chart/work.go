package chart

import (
	"strings"
	"time"

	"yimi/indicators"
)

// Work is a project or a document on the line of time, as far as it was known
// on a day. What is not known is zero and is never drawn as a date.
type Work struct {
	Label  string            // its number in the plan
	Name   string            // in the page's language
	Term   string            // the plan's words for its time, where it gives no date
	Start  indicators.Period // when it was to begin
	Due    indicators.Period // by when it was promised
	Done   indicators.Period // when all of it was done
	Heard  indicators.Period // of the newest report
	Undone bool              // the newest report says that it is not done
}

// Slip counts the days from the due date to the completion (a month counts as
// its last day), negative when it came early; of what is not done, to the day.
// It is false where there is nothing to count: no due date, a due date to
// come, or a completion known too coarsely to lay beside it.
func (x Work) Slip(asOf indicators.Period) (days int, ok bool) {
	switch {
	case x.Due.IsZero():
		return 0, false
	case x.Done.IsZero():
		return between(x.Due, asOf), asOf.Compare(x.Due) > 0
	}
	due, done := x.Due.End(), x.Done.End()
	within := x.Done.Year == due.Year && (x.Done.Month == 0 || x.Done.Month == due.Month && x.Done.Day == 0)
	return between(due, done), !within || due == done
}

// overdue reports a work that was said to be undone on its due date or after.
func (x Work) overdue() bool { return x.Undone && x.Heard.Compare(x.Due) >= 0 }

func between(a, b indicators.Period) int { return int(b.Time().Sub(a.Time()).Hours() / 24) }

// Late says the slip in words: 晚 47 天, 早 3 天, 按期. Of what nothing says to
// be undone it says only how long ago it was due.
func (x Work) Late(w Words, asOf indicators.Period) string {
	days, ok := x.Slip(asOf)
	switch {
	case !ok:
		return ""
	case x.Done.IsZero() && !x.overdue():
		return w.T("timeline.past_due", days)
	case days > 0:
		return w.T("deliverable.late", days)
	case days < 0:
		return w.T("deliverable.early", -days)
	}
	return w.T("timeline.on_time")
}

// Stage says what is known of a work; silence is its word where nothing is.
func (x Work) Stage(w Words, silence string) string {
	switch {
	case !x.Done.IsZero():
		return w.T("deliverable.done_on", w.Date(x.Done))
	case x.Undone:
		return w.T("deliverable.undone_on", w.Date(x.Heard))
	case !x.Heard.IsZero():
		return w.T("timeline.heard", w.Date(x.Heard))
	}
	return silence
}

// planned says when a work was to be.
func (x Work) planned(w Words) string {
	switch {
	case !x.Start.IsZero() && !x.Due.IsZero():
		return w.T("timeline.from_to", w.Date(x.Start), w.Date(x.Due))
	case !x.Due.IsZero():
		return w.T("timeline.no_start", w.Date(x.Due))
	case !x.Start.IsZero():
		return w.T("timeline.no_due", w.Date(x.Start))
	case x.Term != "":
		return w.T("timeline.term", x.Term)
	}
	return w.T("timeline.undated")
}

// Text says the work in a sentence.
func (x Work) Text(w Words, asOf indicators.Period) string {
	parts := []string{x.planned(w), x.Stage(w, w.T("projects.no_progress"))}
	if late := x.Late(w, asOf); late != "" {
		parts = append(parts, late)
	}
	return sentences(w, x.Name+w.T("chart.colon")+strings.Join(parts, w.T("chart.comma")))
}

// years is an axis of whole years.
type years struct {
	first, last int
	asOf        indicators.Period
}

// maxAfter is how many years past the plan's own the axis follows the day.
const maxAfter = 3

// newYears holds the plan's years and every date of the works; the day too,
// unless it is far from the plan.
func newYears(p indicators.Plan, asOf indicators.Period, works []Work) years {
	y := years{first: p.FirstYear, last: p.LastMilestone(), asOf: asOf}
	for _, x := range works {
		for _, d := range []indicators.Period{x.Start, x.Due, x.Done} {
			if !d.IsZero() {
				y.first, y.last = min(y.first, d.Year), max(y.last, d.Year)
			}
		}
	}
	if asOf.Year <= y.last+maxAfter {
		y.last = max(y.last, asOf.Year)
	}
	return y
}

// share is how far along the axis a moment lies.
func (y years) share(t time.Time) pct {
	from := time.Date(y.first, 1, 1, 0, 0, 0, 0, time.UTC)
	to := time.Date(y.last+1, 1, 1, 0, 0, 0, 0, time.UTC)
	return pct(min(1, max(0, t.Sub(from).Hours()/to.Sub(from).Hours())))
}

// end is where the last day of a period lies.
func (y years) end(p indicators.Period) pct { return y.share(p.Time()) }

// begin is where the first day of a period lies.
func (y years) begin(p indicators.Period) pct {
	return y.share(time.Date(p.Year, time.Month(max(1, p.Month)), max(1, p.Day), 0, 0, 0, 0, time.UTC))
}

// today is where the day lies, false where the axis does not reach it.
func (y years) today() (pct, bool) {
	return y.end(y.asOf), y.asOf.Year >= y.first && y.asOf.Year <= y.last
}

// grid draws the beginnings of the years; bottom is a px or a pct.
func (y years) grid(top float64, bottom any) []*node {
	var out []*node
	for n := y.first; n <= y.last; n++ {
		x := y.begin(indicators.YearOf(n))
		out = append(out, el("line", "x1", x, "x2", x, "y1", top, "y2", bottom, "class", "s-hairline"))
	}
	return append(out, el("line", "x1", "100%", "x2", "100%", "y1", top, "y2", bottom, "class", "s-hairline"))
}

// now draws the day, nil where the axis does not reach it.
func (y years) now(top float64, bottom any) *node {
	x, ok := y.today()
	if !ok {
		return nil
	}
	return el("line", "x1", x, "x2", x, "y1", top, "y2", bottom, "class", "s-ink", "stroke-width", 1.2)
}

// labels names the years at a baseline, as many as have room.
func (y years) labels(width, baseline float64) []*node {
	const room = 48.0
	step := int(max(1, niceStep(room*float64(y.last+1-y.first)/width)))
	var out []*node
	for n := y.first; n <= y.last; n++ {
		year := run{text: indicators.YearOf(n).String()}
		if x := y.begin(indicators.YearOf(n)); (n-y.first)%step == 0 && float64(x)*width+4+year.width() <= width {
			out = append(out, at(x, line(4, baseline, "start", year)))
		}
	}
	return out
}

// dayLabel names the day above its line.
func (y years) dayLabel(w Words, width, baseline float64) *node {
	x, ok := y.today()
	if !ok {
		return nil
	}
	return beside(x, width, baseline, run{text: w.T("chart.as_of", y.asOf.String()), tone: "ink"})
}

// at moves a part to a share of the width; its own coordinates are px.
func at(x pct, kids ...*node) *node {
	return el("svg", "x", x, "y", 0, "width", 1, "height", 1, "overflow", "visible").add(kids...)
}

// beside writes words at a share of a picture at least width px wide: from
// there on, up to there or about it, whichever stays inside, else to an edge.
func beside(x pct, width, baseline float64, runs ...run) *node {
	wide := runsWidth(runs)
	switch from := float64(x) * width; {
	case from+wide <= width:
		return line(x, baseline, "start", runs...)
	case from >= wide:
		return line(x, baseline, "end", runs...)
	case from >= wide/2 && from+wide/2 <= width:
		return line(x, baseline, "middle", runs...)
	case x < 0.5:
		return line(0, baseline, "start", runs...)
	}
	return line("100%", baseline, "end", runs...)
}
