package page

import (
	"encoding/json"
	"html/template"

	"yimi/indicators"
	"yimi/server/words"
)

// Indicator is one indicator: what it is, where it stands, who answers for it.
type Indicator struct {
	Frame
	Row
	Measure    string
	Direction  string
	Scope      string
	Nature     string
	Frequency  string
	Definition string
	DataSource string
	Aliases    []string
	ChildWords string
	Clause     string
	Headline   bool
	Domain     Link
	Task       Link
	Leads      []Link
	Partners   []Link
	Reporter   Link
	Sentence   string
	Verdicts   []Verdict
	Scale      template.HTML // the ruler with its figures
	View       string        // chart, table or districts
	Views      []View
	ChartTitle string
	ChartSub   string
	ChartWide  template.HTML
	ChartPhone template.HTML
	Option     json.RawMessage
	Reader     ReaderWords
	Source     string // the chart's foot: sources, release and day
	Table      []TableRow
	Sums       []Working
	Districts  []DistrictRow
	// DistrictHeads name the times of the districts' statuses; every row of
	// Districts has as many marks.
	DistrictHeads []string
	Tiles         template.HTML
	Bars          template.HTML
	References    []ReferenceRow
	Related       []Link
	Promises      []PromiseRow
	Deliver       bool
	Promised      []TargetRow // every row of its targets, also those that hold no more
	Changes       []ChangeRow
	Statements    []Statement // of its units, the newest first
	Edit          string      // where its reader may change it
}

// Statement is what a unit says of a figure that it sent, as published beside it.
type Statement struct {
	What, Value string
	Was         string // the figure that it corrects; empty for none
	Said        []Fact // explanation, next step, why it was corrected
	By          Link
	Release     Link
}

// View is one tab.
type View struct {
	Key, URL string
	Current  bool
}

// ReaderWords are what the keyboard reader and the tooltip say.
type ReaderWords struct {
	Start, Point, Missing string
}

// TableRow is one line of the table beneath a chart: the same points.
type TableRow struct {
	Period, Kind, Value, Basis string
	Numerator, Denominator     string
	Vintage                    string
	Published                  string
	Assumed                    bool
	Source                     Link
	Confidence                 string
	Marks                      []string // words: provisional, corrected, a repost
	Note                       string
	Missing                    bool
	Acts                       []Link // what who is signed in can do with the figure
}

// Working is a rate worked out from its series, with both shown.
type Working struct {
	When, Formula, Result, From string
	Published                   string // the published rate where there is one
}

// DistrictRow is one district's figure of the indicator.
type DistrictRow struct {
	Area    Link
	Value   string
	When    string
	Missing bool
	Marks   []Mark
	Acts    []Link
}

// ReferenceRow is another place's value.
type ReferenceRow struct {
	Place, Period, Value string
	Same                 bool
	Source               Link
}

// Name is the template's.
func (*Indicator) Name() string { return "indicator" }

// NewIndicator lays out what the library says of an indicator.
func NewIndicator(f *Frame, l *indicators.Library, t *indicators.Trajectory) *Indicator {
	i := &t.Indicator
	p := &Indicator{
		Row:     NewRow(f, l, t),
		Measure: f.T("measure." + string(i.Measure)), Direction: f.T("direction." + string(i.Direction)),
		Scope: f.T("scope." + string(i.Scope)), Definition: f.Pick(i.Definition, i.DefinitionEn),
		DataSource: i.DataSource, Aliases: i.Aliases, ChildWords: i.ChildWords, Clause: i.Clause,
		Headline: i.Headline != nil, Deliver: i.Measure == indicators.Deliverable,
		Leads: OrganisationLinks(f, l, i.Leads),
	}
	if i.Nature != "" {
		p.Nature = f.T("nature." + string(i.Nature))
	}
	if i.Frequency != "" {
		p.Frequency = f.T("frequency." + string(i.Frequency))
	}
	if f.Lang != words.Zh {
		p.ChildWords, p.DataSource = "", ""
	}
	p.Domain = Link{Text: f.T("domain.whole"), URL: f.To("/domains/0")}
	if d := l.DomainOf(i); d != nil {
		p.Domain = DomainLink(f, d)
	}
	if task := l.Task(i.Task); task != nil {
		p.Task = TaskLink(f, task)
		p.Partners = OrganisationLinks(f, l, task.Partners)
	}
	if o := l.Reporter(i); o != nil {
		p.Reporter = OrganisationLink(f, o)
	}
	for _, c := range l.PromisesOf(i.Code) {
		p.Promises = append(p.Promises, PromiseRow{Text: f.Pick(c.Commitment, c.CommitmentEn), Clause: c.Clause})
	}
	for _, code := range i.Related {
		if other := l.Indicator(code); other != nil {
			p.Related = append(p.Related, Link{Text: f.Pick(other.Name, other.NameEn), URL: f.To("/indicators/" + string(code))})
		}
	}
	for _, ref := range l.ReferencesOf(i.Code) {
		if ref.KnownOn().Compare(f.AsOf) > 0 {
			continue
		}
		o := indicators.Observation{Value: ref.Value}
		p.References = append(p.References, ReferenceRow{
			Place: ref.Place, Period: ref.Period.String(), Value: f.Value(i, o, nil), Same: ref.SameDefinition,
			Source: Link{Text: ref.Source, URL: ref.SourceURL},
		})
	}
	p.Reader = ReaderWords{Start: f.T("reader.start"), Point: f.T("reader.point"), Missing: f.T("value.none")}
	return p
}

// TableLine is what a line of the table beneath a chart is made from.
type TableLine struct {
	Period      indicators.Period
	Kind        string
	Asked       indicators.Observation  // what the required path asks for, in its basis, on a line of its own
	Awaited     bool                    // of a year of which nothing is known: results are not due yet
	Observation *indicators.Observation // nil on a line of a target, of the path, of silence
	Target      *indicators.Target
}

// NewTableRow is one line of the table beneath a chart. targets are those that
// no figure may seem to meet while it misses them.
func NewTableRow(f *Frame, i *indicators.Indicator, line TableLine, targets []indicators.Target) TableRow {
	p, kind, asked, o, t := line.Period, line.Kind, line.Asked, line.Observation, line.Target
	row := TableRow{Period: p.String(), Kind: f.T("row." + kind), Missing: o == nil && t == nil && !asked.Value.Present()}
	if asked.Value.Present() {
		unit := f.Unit(i)
		if asked.Basis == indicators.ChangePct {
			unit = "%"
		}
		row.Value = f.WithUnit(f.Number(asked.Value, indicators.PrintDigits(asked.Value, words.Digits(i), unit, targets)), unit)
	}
	if row.Missing {
		row.Kind, row.Value = "", f.T("value.none")
		if line.Awaited {
			row.Value = f.T("chart.awaiting")
		}
	}
	if t != nil {
		row.Value, row.Note = Promise(f.Lang, i, *t), t.Clause
		row.Period = When(f.Lang, *t)
	}
	if o == nil {
		return row
	}
	row.Value = f.Figure(i, *o, targets)
	switch {
	case o.Answer != "":
		row.Value = f.T("answer." + string(o.Answer))
	case i.Measure == indicators.Deliverable:
		row.Value = Figure(f, i, *o, targets)
	}
	if o.Basis != "" && o.Basis != indicators.Level {
		row.Basis = f.T("basis." + string(o.Basis))
	}
	row.Vintage, row.Assumed, row.Published = o.Vintage, o.PublishedAssumed, o.Published.String()
	row.Source = Link{Text: o.Source, URL: o.SourceURL}
	if o.Confidence != "" {
		row.Confidence = f.T("confidence." + string(o.Confidence))
	}
	if o.Quality != "" {
		row.Marks = append(row.Marks, f.T("quality."+string(o.Quality)))
	}
	if o.Kind == indicators.Derived {
		row.Marks = append(row.Marks, f.T("mark.derived"))
	}
	row.Note = o.Note
	if o.Vintage != "" {
		row.Note = f.T("mark.vintage", o.Vintage) + " " + row.Note
	}
	return row
}

// NewProjectedRow is the line of a projected year beneath a chart: a value with
// its range, which the word for its kind says to be no result.
func NewProjectedRow(f *Frame, i *indicators.Indicator, p indicators.Period, b indicators.Basis, value, low, high indicators.Number) TableRow {
	say := func(n indicators.Number) string { return f.Figure(i, indicators.Observation{Value: n, Basis: b}, nil) }
	row := TableRow{Period: p.String(), Kind: f.T("row.projection"), Value: f.T("value.projected", say(value), say(low), say(high))}
	if b != "" && b != indicators.Level {
		row.Basis = f.T("basis." + string(b))
	}
	return row
}

// NewWorking shows how one rate comes from its two series.
func NewWorking(f *Frame, i *indicators.Indicator, num, den *indicators.Series, o indicators.Observation) Working {
	return Working{
		When: f.Date(o.Period), Result: f.Value(i, o, nil),
		Formula: f.T("working.formula", f.Exact(o.Numerator), f.Exact(o.Denominator), f.Exact(i.Per)),
		From:    f.T("working.from", f.Pick(num.Name, num.NameEn), f.Pick(den.Name, den.NameEn), o.Vintage),
	}
}
