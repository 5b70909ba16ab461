package indicators

import (
	"slices"
	"strings"
)

// Filled is an [Input] as far as it could be read: what is faulty is absent
// here, and [Check] tells of it.
type Filled struct {
	Value       Number
	Numerator   Number
	Denominator Number
	Basis       Basis // what the number states; the indicator's only one where none was chosen
	Done        Period
	Until       Period
	Answer      Answer

	faults []Finding
}

// BasesOf lists the bases in which a result can be entered on a day, the usual
// one first: those of the indicator's targets in force, then of its others, then
// the level, and the year's increase of what can be counted. A deliverable has
// the level only.
func (l *Library) BasesOf(ind *Indicator, day Period) []Basis {
	if ind.Measure == Deliverable {
		return []Basis{Level}
	}
	var out []Basis
	add := func(b Basis) {
		if !slices.Contains(out, b) {
			out = append(out, b)
		}
	}
	targets := l.TargetsOf(ind.Code)
	for i := range targets {
		if targets[i].InForce(l.Plan, day) {
			add(targets[i].Basis.orLevel())
		}
	}
	for _, t := range targets {
		add(t.Basis.orLevel())
	}
	add(Level)
	if ind.Measure == Stock || ind.Measure == Flow {
		add(Added)
	}
	return out
}

// statesBasis reports an indicator whose results say their basis in words,
// since a target has another than the level.
func (l *Library) statesBasis(ind *Indicator) bool {
	return slices.ContainsFunc(l.TargetsOf(ind.Code), func(t Target) bool { return t.Basis.orLevel() != Level })
}

// UnitOf is the unit of a number of an indicator in a basis: its own, per cent
// of a change.
func UnitOf(ind *Indicator, b Basis) string {
	if b == ChangePct {
		return "%"
	}
	return ind.Unit
}

// Fill reads an entry as it stands on a day, which decides the basis that goes
// without saying. It never fails: what cannot be read is left out.
func (l *Library) Fill(ind *Indicator, e Input, day Period) Filled {
	var f Filled
	fault := func(field Field, rule string, args ...any) {
		f.faults = append(f.faults, Finding{Grade: ErrorGrade, Rule: rule, Field: field, Args: args})
	}
	bases := l.BasesOf(ind, day)
	f.Basis = bases[0]
	if e.Basis != "" {
		f.Basis = Basis(e.Basis)
		if !slices.Contains(bases, f.Basis) {
			fault(BasisField, "basis_unknown")
		}
	}
	var counted [2]string
	for i, c := range []Code{ind.NumeratorSeries, ind.DenominatorSeries} {
		if s := l.SeriesOf(c); s != nil {
			counted[i] = s.Unit
		}
	}
	for _, n := range []struct {
		field Field
		text  string
		unit  string
		to    *Number
	}{
		{ValueField, e.Value, UnitOf(ind, f.Basis), &f.Value},
		{NumeratorField, e.Numerator, counted[0], &f.Numerator},
		{DenominatorField, e.Denominator, counted[1], &f.Denominator},
	} {
		read, err := ReadNumber(n.text, n.unit)
		if err != nil {
			fault(n.field, whatOf(err), clip(n.text))
			continue
		}
		*n.to = read.Number
	}
	for _, p := range []struct {
		field Field
		text  string
		to    *Period
	}{{DoneField, e.Done, &f.Done}, {UntilField, e.Until, &f.Until}} {
		read, err := ParsePeriod(p.text)
		if err != nil || read.IsYear() {
			fault(p.field, "date_form")
			continue
		}
		*p.to = read
	}
	if e.Answer != "" {
		f.Answer = Answer(e.Answer)
		if !slices.Contains(f.Answer.Allowed(), e.Answer) {
			fault(AnswerField, "answer_unknown")
		}
	}
	return f
}

// Quantity is the number that an entry states of an area: as entered, else its parts'
// quotient × per to 24 digits; absent for an answer and where nothing is known.
// Without a per the parts state something of the whole city only, where a target
// must hold in each of its units: "k of n" of them meet it. A unit's own figure
// is no such count.
func (l *Library) Quantity(ind *Indicator, area Code, e Input, day Period) Number {
	if q, ok := l.exact(ind, area, l.Fill(ind, e, day)); ok {
		return NumberOf(q.value())
	}
	return Number{}
}

func (l *Library) exact(ind *Indicator, area Code, f Filled) (frac, bool) {
	if f.Value.Present() {
		return whole(f.Value.Decimal()), true
	}
	if !f.Numerator.Present() || !f.Denominator.Present() {
		return frac{}, false
	}
	per := ind.Per.Decimal()
	if !ind.Per.Present() {
		if !ind.Scope.each() || l.DistrictFigure(area) {
			return frac{}, false
		}
		per = hundred // units that meet it, in a hundred
	}
	return over(f.Numerator.Decimal().Mul(per), f.Denominator.Decimal())
}

// parts reports a figure entered as numerator and denominator.
func (f Filled) parts() bool { return f.Numerator.Present() && f.Denominator.Present() }

// Observation is the figure as a release publishes it on a day; the result of
// an entry that [Check] finds faulty is worth nothing. A rate entered by its
// parts has no value of its own: the rules take the exact quotient, so that
// rounding decides nothing. Where only the count of units was entered, "k of n",
// it has its parts.
func (l *Library) Observation(ind *Indicator, area Code, year int, e Input, day Period) Observation {
	f := l.Fill(ind, e, day)
	o := Observation{
		Subject: ind.Code, Area: area, Period: YearOf(year), Kind: Result, Published: day, Confidence: "A",
		Source: oneLine(e.Source), SourceURL: e.SourceURL, Note: oneLine(e.Note), Answer: f.Answer,
	}
	if l.statesBasis(ind) {
		o.Basis = f.Basis
	} else if f.Basis != Level {
		o.Basis = f.Basis
	}
	if f.Answer != "" {
		o.Note = oneLine(e.Reason)
		return o
	}
	o.Value, o.Numerator, o.Denominator = f.Value, f.Numerator, f.Denominator
	if ind.Measure != Deliverable {
		return o
	}
	o.Basis = ""
	switch {
	case f.Value.Present() && f.Value.Decimal().IsPositive():
		o.Period = f.Done
	default:
		o.Period = Period{Year: year, Month: 12} // undone at the end of the year
	}
	return o
}

// oneLine is a text as an observation has it: on one line, with nothing hidden.
func oneLine(s string) string { return strings.Join(strings.Fields(invisible.Replace(s)), " ") }
