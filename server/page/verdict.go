package page

import (
	"fmt"
	"strings"

	"yimi/indicators"
	"yimi/server/words"
)

// Verdict is all that a page says of one assessment.
type Verdict struct {
	Mark
	ID         string // where the page tells why
	Standing   bool   // the target has no year of its own
	Target     string // what was promised
	Sentence   string // value, target, gap, status
	Needed     string // the yearly pace now needed; empty where none is
	Pace       string // how it goes by the required path; empty without one
	Attainment string
	Rule       string // the rule that fired, in words
	RuleNumber string // its table and number
	RuleURL    string
	Clause     string
	Steps      []VerdictStep
	Units      []Mark // the districts, where the target holds in each
}

// VerdictStep is one number of the working.
type VerdictStep struct {
	Label, Value, How string
	Equation          string // the formula with its numbers; empty where it has none
	Sources           []Link
}

// NewVerdict lays out one assessment.
func NewVerdict(f *Frame, l *indicators.Library, a *indicators.Assessment) Verdict {
	v := Verdict{
		Mark:     Mark{When: AtMilestone(f, a), Status: string(a.Status)},
		ID:       fmt.Sprintf("why-%d-%s", a.Milestone, a.Basis),
		Standing: a.Target.Milestone == indicators.Every,
		Target:   Promise(f.Lang, a.Indicator, *a.Target), Clause: a.Target.Clause,
		Rule:       f.T("rule." + string(a.Rule.Table) + "." + a.Rule.Name),
		RuleNumber: f.T("verdict.rule", f.T("rules."+string(a.Rule.Table)), a.Rule.Number),
		RuleURL:    f.To("/method#" + RuleID(a.Rule)),
		Sentence:   Sentence(f, l, a),
	}
	if a.OnEarlierFigure {
		v.Note = f.T("verdict.earlier", v.When)
	}
	p := printer{f, a}
	if a.RequiredPace.Present() {
		key := "verdict.needed_rise"
		if a.RequiredPace.Decimal().IsNegative() {
			key = "verdict.needed_fall"
		}
		v.Needed = f.T(key, f.Date(a.RequiredFrom), p.figure(a.Value), f.Date(indicators.YearOf(a.Milestone)),
			p.difference(indicators.NumberOf(a.RequiredPace.Decimal().Abs())))
	}
	if a.Pace.Present() {
		v.Pace = f.T("verdict.pace", p.asked(a.Required), p.pace(a.Pace))
	}
	if a.Attainment.Present() {
		v.Attainment = f.T("verdict.attainment", p.share(a.Attainment))
	}
	for _, s := range a.Working() {
		v.Steps = append(v.Steps, p.step(s))
	}
	return v
}

// RuleID is where the page of methods tells a rule.
func RuleID(r indicators.StatusRule) string {
	return "rule-" + string(r.Table) + "-" + r.Name
}

// Sentence answers in one line: what is known, what was promised, what is
// missing, and the status that follows.
func Sentence(f *Frame, l *indicators.Library, a *indicators.Assessment) string {
	p := printer{f, a}
	var parts []string
	add := func(key string, args ...any) { parts = append(parts, f.T(key, args...)) }
	switch {
	case a.Deed != nil:
		p.deed(add)
	case a.Units != nil:
		add("verdict.units", a.Units.Total, a.Units.Met+a.Units.Late, a.Units.Short, a.Units.Unreported)
	case a.Value != nil && !a.OnEarlierFigure:
		add("verdict.value", f.Date(a.Value.Period), p.figure(a.Value))
	case a.Answer != nil:
		add("verdict.answer", f.Date(a.Answer.Period), f.T("answer."+string(a.Answer.Answer)))
	default:
		add("verdict.none", AtMilestone(f, a))
	}
	if a.Deed == nil {
		add("verdict.target", AtMilestone(f, a), Promise(f.Lang, a.Indicator, *a.Target))
	}
	switch {
	case a.MustExceed:
		add("verdict.must_exceed", p.number(a.Aim))
	case a.Gap.Present() && a.Gap.Decimal().IsPositive():
		add("verdict.gap", p.difference(a.Gap))
	}
	if a.Later != nil {
		add("verdict.later", f.Date(a.Later.Period), p.figure(a.Later))
	}
	if last := a.Latest; last != nil && a.Units == nil && a.Deed == nil && (a.Value == nil || a.OnEarlierFigure) {
		add("verdict.last", p.figure(last), f.Date(last.Period))
	}
	switch a.Status {
	case indicators.Awaiting, indicators.NotReported:
		who := f.T("verdict.nobody")
		if o := l.Reporter(a.Indicator); o != nil {
			who = f.Pick(o.Name, o.NameEn)
		}
		add("verdict.due", who, f.Date(a.ResultsDue))
	}
	return f.T("verdict.sentence", strings.Join(parts, f.T("list.pause")), f.T("status."+string(a.Status)))
}

// printer prints the numbers of one assessment, so that none seems to meet
// what it misses.
type printer struct {
	f *Frame
	a *indicators.Assessment
}

func (p printer) targets() []indicators.Target { return []indicators.Target{*p.a.Target} }

func (p printer) observation(n indicators.Number) indicators.Observation {
	basis := p.a.Target.Basis
	return indicators.Observation{Value: n, Basis: basis}
}

// number is a number in the indicator's own unit, or in per cent for a change.
func (p printer) number(n indicators.Number) string {
	if !n.Present() {
		return ""
	}
	if p.a.Units != nil {
		return p.f.Exact(n)
	}
	return p.f.Value(p.a.Indicator, p.observation(n), p.targets())
}

func (p printer) figure(g *indicators.Figure) string {
	o := indicators.Observation{Value: g.Value, Basis: g.Basis, Bound: g.Bound}
	if p.a.Units != nil {
		return p.f.Exact(g.Value)
	}
	s := Figure(p.f, p.a.Indicator, o, p.targets())
	if g.AtLeast {
		return p.f.T("verdict.at_least", s)
	}
	return s
}

// asked is what the path asks for, with as many digits as it takes not to
// print what falls short of it alike.
func (p printer) asked(n indicators.Number) string {
	if !n.Present() {
		return ""
	}
	var beside []indicators.Target
	if p.a.Value != nil {
		beside = append(beside, indicators.Target{Comparator: indicators.GE, Value: p.a.Value.Value})
	}
	unit := p.f.Unit(p.a.Indicator)
	if p.a.Basis == indicators.ChangePct {
		unit = "%"
	}
	return p.f.WithUnit(p.f.Number(n, indicators.PrintDigits(n, words.Digits(p.a.Indicator), "", beside)), unit)
}

// pace is a pace with as many digits as it takes not to seem to reach a limit
// that it misses.
func (p printer) pace(n indicators.Number) string {
	limits := indicators.RuleLimits()
	marks := []indicators.Target{{Comparator: indicators.GE, Value: limits.OnTrack}, {Comparator: indicators.GE, Value: limits.AtRisk}}
	return p.f.Number(n, indicators.PrintDigits(n, 2, "", marks))
}

// difference is a distance: of shares it is in points.
func (p printer) difference(n indicators.Number) string {
	if p.a.Units != nil {
		return p.f.T("verdict.units_short", p.f.Number(n, min(1, int(max(0, -n.Decimal().Exponent())))))
	}
	unit := p.f.Unit(p.a.Indicator)
	if p.a.Basis == indicators.ChangePct {
		unit = "%"
	}
	digits := indicators.PrintDigits(n, words.Digits(p.a.Indicator), "", []indicators.Target{{Comparator: indicators.GT, Value: indicators.MustNumber("0")}})
	return p.f.WithUnit(p.f.Number(n, digits), p.f.DifferenceUnit(unit))
}

func (p printer) share(n indicators.Number) string {
	return p.f.WithUnit(p.f.Number(n, indicators.PrintDigits(n, 1, "%", nil)), "%")
}

// deed says what is known of a deliverable.
func (p printer) deed(add func(string, ...any)) {
	d, f := p.a.Deed, p.f
	switch {
	case !d.Done.IsZero():
		add("verdict.done", f.Date(d.Done), f.Date(d.Due))
	case d.Said != nil:
		add("verdict.undone", f.Date(d.Said.Period), f.Date(d.Due))
	default:
		add("verdict.unheard", f.Date(d.Due))
	}
	if heard := !d.Done.IsZero() || d.Said != nil; heard && d.Behind > 0 {
		add("verdict.behind", d.Behind)
	}
}

func (p printer) step(s indicators.Step) VerdictStep {
	f := p.f
	out := VerdictStep{Label: f.T("step." + s.Key), How: f.T("how." + s.Formula), Equation: p.equation(s)}
	switch s.Key {
	case indicators.StepPace:
		out.Value = p.pace(s.Value)
	case indicators.StepAttainment:
		out.Value = p.share(s.Value)
	case indicators.StepAge:
		out.Value = f.T("verdict.months", s.Value.String())
	case indicators.StepUnits:
		out.Value = f.Exact(s.Value)
	case indicators.StepGap, indicators.StepRequiredPace:
		out.Value = p.difference(s.Value)
	case indicators.StepDue:
		out.Value = f.Date(s.Period)
	case indicators.StepRequired:
		out.Value = f.T("verdict.at", p.asked(s.Value), f.Date(s.Period))
	case indicators.StepValue:
		out.Value = f.T("verdict.at", p.figure(p.a.Value), f.Date(s.Period))
		if p.a.Deed != nil {
			out.Value = f.Date(s.Period)
		}
	case indicators.StepTarget:
		out.Value = Promise(f.Lang, p.a.Indicator, *p.a.Target)
	default:
		out.Value = p.number(s.Value)
		if !s.Period.IsZero() {
			out.Value = f.T("verdict.at", out.Value, f.Date(s.Period))
		}
	}
	for _, o := range s.Operands {
		if ob := o.Observation; ob != nil && ob.Source != "" {
			link := Link{Text: ob.Source, URL: ob.SourceURL}
			if len(out.Sources) == 0 || out.Sources[len(out.Sources)-1] != link {
				out.Sources = append(out.Sources, link)
			}
		}
	}
	return out
}

// equations are the formulas with places for their operands, in the order of
// [indicators.Step]. A test works them out and holds them to what is printed.
var equations = map[string]string{
	"attainment_way":     "(%[1]s − %[2]s) ÷ (%[3]s − %[2]s)",
	"attainment_ratio":   "%[1]s ÷ %[2]s",
	"attainment_inverse": "%[1]s ÷ %[2]s",
	"attainment_units":   "%[1]s ÷ %[2]s",
	"pace":               "(%[1]s − %[2]s) ÷ (%[3]s − %[2]s)",
	"required_pace":      "(%[1]s − %[2]s) ÷ (%[3]s ÷ 12)",
}

// equation is a step's formula with its numbers; empty where it has none.
func (p printer) equation(s indicators.Step) string {
	var n []any
	for at, o := range s.Operands {
		// Nothing is divided by nothing: such a ratio is a rule, not a sum.
		if !o.Value.Present() || at > 0 && o.Value.Decimal().IsZero() && s.Formula == "attainment_ratio" {
			return ""
		}
		n = append(n, p.bare(o.Value))
	}
	switch form := equations[s.Formula]; {
	case form != "" && len(n) > 1:
		return fmt.Sprintf(form, n...)
	case s.Formula == "required" && len(n) == 2:
		from, to := s.Operands[0].Period.Months(), s.Operands[1].Period.Months()
		return fmt.Sprintf("%[1]s + (%[2]s − %[1]s) × %[3]d ÷ %[4]d", n[0], n[1], s.Period.Months()-from, to-from)
	case s.Formula == "gap" && len(n) == 2 && p.a.Units == nil && s.Value.Decimal().IsPositive():
		if s.Operands[0].Value.Decimal().LessThan(s.Operands[1].Value.Decimal()) {
			n[0], n[1] = n[1], n[0]
		}
		return fmt.Sprintf("%s − %s", n...)
	case (s.Formula == string(indicators.HowSeries) || s.Formula == string(indicators.HowDerived)) && len(n) > 1:
		return fmt.Sprintf("%s ÷ %s × %s", n[0], n[1], p.bare(p.a.Indicator.Per))
	case s.Formula == string(indicators.HowTotal), s.Formula == string(indicators.HowIncreases), s.Formula == string(indicators.HowSum):
		return strings.TrimSuffix(fmt.Sprintf(strings.Repeat("%s + ", len(n)), n...), " + ")
	}
	return ""
}

// bare is a number of an equation: without its unit, to four decimals at most.
func (p printer) bare(n indicators.Number) string {
	s := p.f.Number(n, int(min(4, max(0, -n.Decimal().Exponent()))))
	if n.Decimal().IsNegative() {
		return "(" + s + ")"
	}
	return s
}
