package page

import (
	"html/template"
	"strings"

	"yimi/indicators"
)

// Tally is a group's targets at a milestone: how many are met of those that can
// be judged, and of how many nothing is known, in the same size of type.
type Tally struct {
	Year        int
	When        string
	Targets     int
	Met         int
	Monitorable int
	Silent      int    // awaiting, not reported or without any data
	SilentWord  string // what the silent ones are called at this time
	Rest        string // the rate with its bounds, the mean attainment, and what has no verdict for another reason
	Bar         template.HTML
	Counts      []TallyCount
}

// TallyCount is how many targets have a status, with the list of them.
type TallyCount struct {
	Status, Word, URL, Spoken string
	Count                     int
	Strength                  int // 1 to 4, by the share of the group; 0 for none
}

// NewTally lays out a group. ended says whether the milestone's year is over.
func NewTally(f *Frame, t *indicators.Tally, year int, ended bool) Tally {
	out := Tally{
		Year: year, Targets: t.Targets, Met: t.Met, Monitorable: t.Monitorable,
		Silent: t.NotReported + t.Awaiting + t.NoData, SilentWord: f.T("tally.unknown"),
		When: f.T("home.ends", f.Date(indicators.YearOf(year).End())),
	}
	if ended {
		out.SilentWord, out.When = f.T("tally.silent"), f.T("home.ended", f.Date(indicators.YearOf(year).End()))
	}
	var rest []string
	if t.Rate.Present() {
		share := func(n indicators.Number) string {
			return f.WithUnit(f.Number(n, indicators.PrintDigits(n, 1, "%", nil)), "%")
		}
		rest = append(rest, f.T("tally.rate", share(t.Rate), t.Met, t.Monitorable, share(t.Low), share(t.High)))
	} else if t.Targets > 0 {
		rest = append(rest, f.T("tally.no_rate"))
	}
	if t.Mean.Present() {
		rest = append(rest, f.T("tally.mean", f.WithUnit(f.Number(t.Mean, indicators.PrintDigits(t.Mean, 1, "%", nil)), "%"), t.OfMean))
	}
	for _, s := range []struct {
		key string
		n   int
	}{{"tally.earlier", t.OnEarlierFigure}, {"tally.answered", t.Answered}, {"tally.awaiting", t.Awaiting}, {"tally.not_reported", t.NotReported}, {"tally.no_data", t.NoData}} {
		if s.n > 0 {
			rest = append(rest, f.T(s.key, s.n))
		}
	}
	out.Rest = strings.Join(rest, f.T("list.semicolon"))
	for _, c := range t.Counts() {
		each := TallyCount{Status: string(c.Status), Word: f.T("status." + string(c.Status)), Count: c.Count}
		if c.Count > 0 {
			each.Strength = min(4, 1+c.Count*4/(t.Targets+1))
		}
		out.Counts = append(out.Counts, each)
	}
	return out
}

// Spoken says a tally in a sentence.
func (t *Tally) Spoken(f *Frame, name string) string {
	var parts []string
	for _, c := range t.Counts {
		if c.Count > 0 {
			parts = append(parts, f.T("tally.count", c.Word, c.Count))
		}
	}
	if len(parts) == 0 {
		return f.T("tally.none", name)
	}
	return f.T("tally.spoken", name, strings.Join(parts, f.T("list.comma")))
}
