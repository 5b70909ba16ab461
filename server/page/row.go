package page

import (
	"html/template"
	"slices"

	"github.com/shopspring/decimal"

	"yimi/indicators"
	"yimi/server/words"
)

// Row is one indicator in a list.
type Row struct {
	Code, URL, Name, Unit string
	Districts             string // the address of its figures by district
	Hue                   int    // the domain's place in the plan, 0 for the plan-wide group
	Lead                  Link
	Targets               []Target
	Latest                string // the newest figure with its unit; empty when there is none
	LatestWhen            string
	Repost                bool // the figure is known from a repost only
	Provisional           bool
	Answer                string // what was said where there is no number
	Baseline              string
	Ruler                 template.HTML
	Marks                 []Mark
}

// Target is one target in a list.
type Target struct {
	When string // 2025年, 每年, a date
	Text string // ≥6个/千人
	Term string
}

// Mark is a status at a milestone.
type Mark struct {
	When   string
	Status string
	Note   string // what the status rests on, where that is an earlier figure
}

// Marks says what became of each target of one indicator in one area; targets
// of one milestone that came to the same are said once.
func Marks(f *Frame, list []*indicators.Assessment) []Mark {
	var out []Mark
	for _, m := range EachMark(f, list) {
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// EachMark says what became of each target, one mark an assessment.
func EachMark(f *Frame, list []*indicators.Assessment) []Mark {
	var out []Mark
	for _, a := range list {
		m := Mark{When: AtMilestone(f, a), Status: string(a.Status)}
		if a.OnEarlierFigure {
			m.Note = f.T("verdict.earlier", m.When)
		}
		out = append(out, m)
	}
	return out
}

// AtMilestone names the time that an assessment is about.
func AtMilestone(f *Frame, a *indicators.Assessment) string {
	if a.Deed != nil && !a.Target.Due.IsZero() {
		return f.Date(a.Target.Due)
	}
	return f.Date(indicators.YearOf(a.Milestone))
}

// Picture marks a drawing of server/chart as safe to print.
func Picture(s string) HTML { return svg(s) }

// HTML is markup that is safe to print.
type HTML = template.HTML

// NewRow lays out one indicator for a list.
func NewRow(f *Frame, l *indicators.Library, t *indicators.Trajectory) Row {
	i := &t.Indicator
	r := Row{
		Code: string(i.Code), URL: f.To("/indicators/" + string(i.Code)),
		Name: f.Pick(i.Name, i.NameEn), Unit: f.Unit(i), Hue: Hue(l, i),
		Districts: f.To("/indicators/" + string(i.Code) + "?view=districts"),
		Targets:   Targets(f, l, i),
	}
	if o := l.Reporter(i); o != nil {
		r.Lead = OrganisationLink(f, o)
	}
	if b := t.Baseline; b != nil {
		r.Baseline = f.Value(i, *b, t.Targets)
	}
	if o := Newest(t); o != nil {
		r.LatestWhen = f.Date(o.Period)
		r.Latest = Figure(f, i, *o, t.Targets)
		r.Repost = o.Confidence == indicators.Repost
		r.Provisional = o.Quality == indicators.Provisional
	} else if n := len(t.Answers); n > 0 {
		r.Answer = f.T("answer." + string(t.Answers[n-1].Answer))
		r.LatestWhen = f.Date(t.Answers[n-1].Period)
	}
	return r
}

// Newest is the newest number of a trajectory, in whatever basis.
func Newest(t *indicators.Trajectory) *indicators.Observation {
	newest := t.Latest()
	for n := range t.Other {
		if o := &t.Other[n]; newest == nil || o.Period.Compare(newest.Period) > 0 {
			newest = o
		}
	}
	return newest
}

// Figure is a number with its unit and, where it states something else than a
// level, what it states.
func Figure(f *Frame, i *indicators.Indicator, o indicators.Observation, targets []indicators.Target) string {
	if i.Measure == indicators.Deliverable {
		if o.Value.Decimal().IsZero() {
			return f.T("deliverable.undone")
		}
		return f.T("deliverable.done")
	}
	v := f.Value(i, o, targets)
	switch o.Basis {
	case indicators.Added, indicators.Cumulative, indicators.ChangePct:
		return f.T("basis."+string(o.Basis)+".of", v)
	}
	return v
}

// Hue is the place of an indicator's domain in the plan, from 1; 0 for the
// plan-wide group.
func Hue(l *indicators.Library, i *indicators.Indicator) int {
	return DomainHue(l, l.DomainOf(i))
}

// DomainHue is a domain's place in the plan, from 1; 0 for none.
func DomainHue(l *indicators.Library, d *indicators.Domain) int {
	for n := range l.Domains {
		if d != nil && l.Domains[n].Code == d.Code {
			return n%5 + 1
		}
	}
	return 0
}

// Targets lists an indicator's targets in words, those in force on the day.
func Targets(f *Frame, l *indicators.Library, i *indicators.Indicator) []Target {
	var out []Target
	for _, t := range l.TargetsOf(i.Code) {
		if !t.InForce(l.Plan, f.AsOf) {
			continue
		}
		out = append(out, Target{When: When(f.Lang, t), Text: Promise(f.Lang, i, t), Term: t.Term})
	}
	return out
}

// When says by when a target is promised.
func When(l words.Lang, t indicators.Target) string {
	switch {
	case t.Milestone == indicators.Every:
		return l.T("target.every")
	case !t.Due.IsZero():
		return l.T("target.by", l.Date(t.Due))
	}
	return l.T("target.by", l.Date(indicators.MustPeriod(string(t.Milestone))))
}

// Promise says what a target promises, with what the number states and where
// it must hold.
func Promise(l words.Lang, i *indicators.Indicator, t indicators.Target) string {
	if i.Measure == indicators.Deliverable {
		return l.T("target.deliver")
	}
	s := l.Target(i, t)
	switch t.Basis {
	case indicators.Added, indicators.ChangePct:
		s = l.T("basis."+string(t.Basis)+".of", s)
	case indicators.Cumulative:
		s = l.T("basis.cumulative.since", s, *t.BaseYear)
	}
	if i.Scope != indicators.City {
		s = l.T("scope."+string(i.Scope)+".of", s)
	}
	return s
}

// OrganisationLink links an organisation by its name.
func OrganisationLink(f *Frame, o *indicators.Organisation) Link {
	return Link{Text: f.Pick(o.Name, o.NameEn), URL: f.To("/organisations/" + string(o.Code))}
}

// OrganisationLinks links organisations by their codes.
func OrganisationLinks(f *Frame, l *indicators.Library, codes indicators.Codes) []Link {
	var out []Link
	for _, c := range codes {
		if o := l.Organisation(c); o != nil {
			out = append(out, OrganisationLink(f, o))
		}
	}
	return out
}

// TaskLink links a task by its number and title.
func TaskLink(f *Frame, t *indicators.Task) Link {
	return Link{Text: f.T("task.name", t.Number, f.Pick(t.Title, t.TitleEn)), URL: f.To("/tasks/" + string(t.Number))}
}

// DomainLink links a domain by its name.
func DomainLink(f *Frame, d *indicators.Domain) Link {
	return Link{Text: f.Pick(d.Name, d.NameEn), URL: f.To("/domains/" + string(d.Code))}
}

// AreaLink links an area by its name.
func AreaLink(f *Frame, a *indicators.Area) Link {
	return Link{Text: f.Pick(a.Name, a.NameEn), URL: f.To("/areas/" + string(a.Code))}
}

// Count is a count as a number for a picture.
func Count(n int) indicators.Number {
	return indicators.NumberOf(decimal.NewFromInt(int64(n)))
}
