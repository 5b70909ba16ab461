package indicators

import (
	"github.com/shopspring/decimal"
)

// Operand is one number that went into a step, and when it stands. Observation
// is its source, where it is a figure as reported.
type Operand struct {
	Key         string
	Value       Number
	Period      Period
	Observation *Observation
}

// Step is one named number of the working behind a status. Key and Formula are
// keys of the message catalogue ("step." + Key, "formula." + Formula); the
// operands stand in the order in which the formula names them. A step without
// a value says that the number could not be told.
type Step struct {
	Key      string
	Formula  string
	Value    Number
	Period   Period
	Operands []Operand
}

// The steps, in the order in which they are told.
const (
	StepTarget       = "target"
	StepValue        = "value"
	StepFloor        = "at_least"
	StepPublished    = "published_and_computed"
	StepLater        = "later"
	StepLast         = "last_known"
	StepStart        = "start"
	StepRequired     = "required"
	StepPace         = "pace"
	StepAge          = "age"
	StepAttainment   = "attainment"
	StepGap          = "gap"
	StepRequiredPace = "required_pace"
	StepUnits        = "units"
	StepDue          = "results_due"
)

// Working lists the numbers behind the status, with how each was had, so that
// a page can print why it is what it is ("the numbers, the rule that fired,
// the clause of the plan, the source of the result"). The rule is
// [Assessment.Rule], the clause the target's.
func (a *Assessment) Working() []Step {
	var out []Step
	add := func(key, formula string, value Number, at Period, operands ...Operand) {
		out = append(out, Step{key, formula, value, at, operands})
	}
	figure := func(key string, f *Figure) {
		if f != nil {
			add(key, string(f.How), f.Value, f.Period, f.operands()...)
		}
	}
	if a.Target.Value.Present() || a.Aim.Present() {
		aim := a.Target.Value
		if a.Target.Comparator == Hold {
			aim = a.Aim
		}
		if a.Deed == nil {
			add(StepTarget, string(a.Target.Comparator), aim, YearOf(a.Milestone), Operand{Key: "upper", Value: a.Target.Upper})
		}
	}
	figure(StepValue, a.Value)
	figure(StepFloor, a.Floor)
	if a.Quoted.Value.Present() {
		add(StepPublished, string(HowDerived), a.Quoted.Computed, a.Value.Period,
			Operand{Key: "numerator", Value: a.Quoted.Numerator}, Operand{Key: "denominator", Value: a.Quoted.Denominator},
			Operand{Key: "per", Value: a.Indicator.Per}, Operand{Key: "published", Value: a.Quoted.Value})
	}
	if a.Units != nil {
		add(StepUnits, "units", NumberOf(decimal.NewFromInt(int64(a.Units.Met))), Period{}, a.Units.operands()...)
	}
	figure(StepLater, a.Later)
	if a.Value == nil {
		figure(StepLast, a.Latest)
	}
	if a.Start != nil && a.Value != nil {
		figure(StepStart, a.Start)
	}
	if a.Required.Present() {
		add(StepRequired, "required", a.Required, a.Value.Period, a.corners()...)
	}
	if a.Pace.Present() {
		add(StepPace, "pace", a.Pace, a.Value.Period,
			Operand{Key: "latest", Value: a.Value.full(), Period: a.Value.Period},
			Operand{Key: "start", Value: a.Start.full(), Period: a.Start.Period},
			Operand{Key: "required", Value: a.Required, Period: a.Value.Period})
	}
	if !a.Ended && a.Value != nil && a.Deed == nil {
		add(StepAge, "months", NumberOf(decimal.NewFromInt(int64(a.Age))), a.AsOf)
	}
	if a.Attainment.Present() && a.Deed == nil {
		formula, operands := a.attained()
		add(StepAttainment, formula, a.Attainment, a.Value.Period, operands...)
	}
	if a.Gap.Present() {
		add(StepGap, "gap", a.Gap, a.GapAt, Operand{Key: "target", Value: a.Aim}, Operand{Key: "value", Value: a.Value.full(), Period: a.GapAt})
	} else if a.LastGap.Present() {
		add(StepGap, "last_gap", a.LastGap, a.LastGapAt, Operand{Key: "target", Value: a.Aim})
	}
	if a.RequiredPace.Present() {
		add(StepRequiredPace, "required_pace", a.RequiredPace, a.RequiredFrom,
			Operand{Key: "target", Value: a.Aim, Period: YearOf(a.Milestone)},
			Operand{Key: "latest", Value: a.Value.full(), Period: a.RequiredFrom},
			Operand{Key: "months", Value: NumberOf(decimal.NewFromInt(int64(YearOf(a.Milestone).Months() - a.RequiredFrom.Months())))})
	}
	switch a.Status {
	case Awaiting, NotReported:
		add(StepDue, "results_due", Number{}, a.ResultsDue)
	}
	return out
}

// full is the figure before any rounding, as an operand; of "k of n" it is k.
func (f *Figure) full() Number {
	if f.Numerator.Present() && f.Value.Present() && f.Value.Decimal().Equal(f.Numerator.Decimal()) {
		return f.Value
	}
	return NumberOf(f.exact.value())
}

// operands lists what a figure was had from.
func (f *Figure) operands() []Operand {
	switch f.How {
	case HowZero:
		return nil
	case HowCounted:
		return []Operand{{Key: "numerator", Value: f.Numerator}, {Key: "denominator", Value: f.Denominator}}
	case HowDerived, HowUnits, HowRatio:
		out := []Operand{{Key: "numerator", Value: f.Numerator}, {Key: "denominator", Value: f.Denominator}}
		for i := range out {
			out[i].Period = f.Period
			if len(f.From) == 1 {
				out[i].Observation = f.From[0]
			}
		}
		return out
	}
	out := make([]Operand, len(f.From))
	for i, o := range f.From {
		out[i] = Operand{Key: string(o.Subject), Value: o.Value, Period: o.Period, Observation: o}
	}
	return out
}

// operands lists the counts of an each-target.
func (u *UnitCounts) operands() []Operand {
	var out []Operand
	for _, c := range []struct {
		key string
		n   int
	}{
		{"total", u.Total}, {"met", u.Met}, {"late", u.Late}, {"on_earlier_figure", u.OnEarlier}, {"short", u.Short},
		{"answered", u.Answered}, {"unreported", u.Unreported}, {"not_applicable", u.NotApplicable},
	} {
		out = append(out, Operand{Key: c.key, Value: NumberOf(decimal.NewFromInt(int64(c.n)))})
	}
	return out
}

// corners lists the two corners of the path between which the value stands.
func (a *Assessment) corners() []Operand {
	var out []Operand
	for i := range a.Path {
		if i+1 < len(a.Path) && a.Path[i+1].At.Months() < a.Value.months {
			continue
		}
		for j := i; j < len(a.Path) && j < i+2; j++ {
			out = append(out, Operand{Key: "corner", Value: a.Path[j].Value, Period: a.Path[j].At})
		}
		break
	}
	return out
}

// attained names the formula of the attainment, with its operands.
func (a *Assessment) attained() (string, []Operand) {
	value := Operand{Key: "value", Value: a.Value.full(), Period: a.Value.Period}
	target := Operand{Key: "target", Value: a.Aim}
	switch {
	case a.Units != nil:
		return "attainment_units", []Operand{
			{Key: "met", Value: NumberOf(decimal.NewFromInt(int64(a.Units.Met)))},
			{Key: "total", Value: NumberOf(decimal.NewFromInt(int64(a.Units.Total)))},
		}
	case a.Attainment.Decimal().Equal(hundred):
		return "attainment_met", []Operand{value, target}
	case a.Start != nil && !a.goal.meets(a.Start.exact) && a.goal.missing(a.Start.exact).n.IsPositive():
		return "attainment_way", []Operand{value, {Key: "start", Value: a.Start.full(), Period: a.Start.Period}, target}
	case a.Value.exact.cmp(a.Aim.Decimal()) > 0:
		return "attainment_inverse", []Operand{target, value}
	}
	return "attainment_ratio", []Operand{value, target}
}
