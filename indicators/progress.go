package indicators

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"
)

// ProjectStage is how far a project is.
type ProjectStage string

// The stages of a project.
const (
	StageNotBegun ProjectStage = "not_begun"
	StageUnderWay ProjectStage = "under_way"
	StageFinished ProjectStage = "finished"
	StageStopped  ProjectStage = "stopped"
)

// Allowed lists the stages.
func (ProjectStage) Allowed() []string {
	return []string{"not_begun", "under_way", "finished", "stopped"}
}

// ProjectProgress is what the office wrote down about a project at a moment
// 项目进展. It is told beside the plan and judges nothing: what is judged are the
// figures of the project's indicators. Entries are only ever added; Version
// counts those of a project from 1, and a new one carries the version it read.
type ProjectProgress struct {
	Project  Label
	Version  int
	Stage    ProjectStage
	Share    Number // of the work, in per cent
	Built    Number // so far, in the project's unit of scale
	Invested Number // so far, in 万元
	Started  Period // actually begun
	Finished Period // actually finished; of a finished project only
	Sentence string
	Source   string
	Reason   string // why it is written down now
	At       time.Time
	Account  int64
	Person   string
}

// Same reports that two entries tell the same, whoever wrote them and when.
func (p ProjectProgress) Same(q ProjectProgress) bool {
	return p.Project == q.Project && p.Stage == q.Stage && p.Share.String() == q.Share.String() && p.Built.String() == q.Built.String() &&
		p.Invested.String() == q.Invested.String() && p.Started == q.Started && p.Finished == q.Finished &&
		p.Sentence == q.Sentence && p.Source == q.Source && p.Reason == q.Reason
}

// ProgressField is one field of a project's progress as a form has it.
type ProgressField string

// The fields, in the order of the form.
const (
	ProgressStage    ProgressField = "stage"
	ProgressShare    ProgressField = "share"
	ProgressBuilt    ProgressField = "built"
	ProgressInvested ProgressField = "invested"
	ProgressStarted  ProgressField = "started"
	ProgressFinished ProgressField = "finished"
	ProgressSentence ProgressField = "sentence"
	ProgressSource   ProgressField = "source"
	ProgressReason   ProgressField = "reason"
)

// ProgressFields lists the fields in the order of the form; the amount built
// only of a project whose scale has a unit.
func ProgressFields(w *Project) []ProgressField {
	out := []ProgressField{ProgressStage, ProgressShare}
	if w.ScaleUnit != "" {
		out = append(out, ProgressBuilt)
	}
	return append(out, ProgressInvested, ProgressStarted, ProgressFinished, ProgressSentence, ProgressSource, ProgressReason)
}

// Field is an entry's field as it would be typed.
func (p ProjectProgress) Field(f ProgressField) string {
	switch f {
	case ProgressStage:
		return string(p.Stage)
	case ProgressShare:
		return p.Share.String()
	case ProgressBuilt:
		return p.Built.String()
	case ProgressInvested:
		return p.Invested.String()
	case ProgressStarted:
		return p.Started.String()
	case ProgressFinished:
		return p.Finished.String()
	case ProgressSentence:
		return p.Sentence
	case ProgressSource:
		return p.Source
	}
	return p.Reason
}

// ProgressFlaw is what is wrong with one field. Rule is a key of the message
// catalogue: "check." + Rule of a number that cannot be read, Read being what
// was typed, else "progress.flaw." + Rule.
type ProgressFlaw struct {
	Field  ProgressField
	Rule   string
	Read   string
	Number bool
}

// ReadProgress reads a form about a project, on a day. What cannot be read, or
// cannot be true, is told field by field, once for each.
func ReadProgress(w *Project, typed func(ProgressField) string, day Period) (p ProjectProgress, flaws []ProgressFlaw) {
	p = ProjectProgress{
		Project: w.Number, Stage: ProjectStage(typed(ProgressStage)), Sentence: strings.TrimSpace(typed(ProgressSentence)),
		Source: strings.TrimSpace(typed(ProgressSource)), Reason: strings.TrimSpace(typed(ProgressReason)),
	}
	number := func(f ProgressField, read func(string) (Number, error)) (n Number) {
		n, err := read(typed(f))
		var known *Error
		if errors.As(err, &known) {
			flaws = append(flaws, ProgressFlaw{f, known.What, known.Detail, true})
		}
		return n
	}
	in := func(unit string) func(string) (Number, error) {
		return func(s string) (Number, error) {
			r, err := ReadNumber(s, unit)
			return r.Number, err
		}
	}
	p.Share = number(ProgressShare, in("%"))
	if w.ScaleUnit != "" {
		p.Built = number(ProgressBuilt, in(w.ScaleUnit))
	}
	p.Invested = number(ProgressInvested, readWan)
	period := func(f ProgressField) Period {
		s := strings.TrimSpace(typed(f))
		d, err := ParsePeriod(s)
		if err != nil {
			flaws = append(flaws, ProgressFlaw{f, "date", clip(s), false})
		}
		return d
	}
	p.Started, p.Finished = period(ProgressStarted), period(ProgressFinished)
	for _, x := range p.Check(day) {
		told := false
		for _, y := range flaws {
			told = told || y.Field == x.Field
		}
		if !told {
			flaws = append(flaws, x)
		}
	}
	return p, flaws
}

// readWan reads an amount of money in 万元: a plain number is in it, one with its
// own word (1.2亿, 5000万元, 800元) is converted.
func readWan(typed string) (Number, error) {
	if !strings.ContainsAny(typed, "亿万億萬元") {
		r, err := ReadNumber(typed, "")
		return r.Number, err
	}
	r, err := ReadNumber(typed, "元")
	if err != nil || !r.Number.Present() {
		return Number{}, err
	}
	return ParseNumber(r.Number.Decimal().Shift(-4).String())
}

// maxSentence is how long a sentence about a project may be, in characters.
const maxSentence = 300

// Check tells what cannot be true of an entry on a day.
func (p ProjectProgress) Check(day Period) (flaws []ProgressFlaw) {
	wrong := func(f ProgressField, rule string, is bool) {
		if is {
			flaws = append(flaws, ProgressFlaw{Field: f, Rule: rule})
		}
	}
	begin := func(d Period) Period { return Period{Year: d.Year, Month: max(1, d.Month), Day: max(1, d.Day)} }
	positive := func(n Number) bool { return n.Present() && n.Decimal().IsPositive() }
	known := false
	for _, s := range p.Stage.Allowed() {
		known = known || s == string(p.Stage)
	}
	wrong(ProgressStage, "stage", !known)
	hundred := MustNumber("100").Decimal()
	for _, x := range []struct {
		field ProgressField
		n     Number
	}{{ProgressShare, p.Share}, {ProgressBuilt, p.Built}, {ProgressInvested, p.Invested}} {
		wrong(x.field, "negative", x.n.Present() && x.n.Decimal().IsNegative())
	}
	wrong(ProgressShare, "above", p.Share.Present() && p.Share.Decimal().GreaterThan(hundred))
	wrong(ProgressShare, "part_finished", p.Stage == StageFinished && p.Share.Present() && p.Share.Decimal().LessThan(hundred))
	wrong(ProgressShare, "before_begun", p.Stage == StageNotBegun && positive(p.Share))
	wrong(ProgressBuilt, "before_begun", p.Stage == StageNotBegun && positive(p.Built))
	wrong(ProgressStarted, "before_begun", p.Stage == StageNotBegun && !p.Started.IsZero())
	wrong(ProgressStarted, "future", !p.Started.IsZero() && begin(p.Started).Compare(day) > 0)
	switch {
	case p.Stage != StageFinished:
		wrong(ProgressFinished, "not_finished", !p.Finished.IsZero())
	case p.Finished.IsZero():
		wrong(ProgressFinished, "no_finish", true)
	case begin(p.Finished).Compare(day) > 0:
		wrong(ProgressFinished, "future", true)
	default:
		wrong(ProgressFinished, "before_start", !p.Started.IsZero() && p.Finished.End().Compare(begin(p.Started)) < 0)
	}
	for _, x := range []struct {
		field ProgressField
		text  string
	}{{ProgressSentence, p.Sentence}, {ProgressSource, p.Source}, {ProgressReason, p.Reason}} {
		rule, _ := checkText(x.text)
		switch {
		case x.text == "":
			wrong(x.field, string(x.field), true)
		case rule != "" || utf8.RuneCountInString(x.text) > maxSentence:
			wrong(x.field, "text", true)
		}
	}
	return flaws
}
