package indicators

import (
	"math"
	"slices"

	"github.com/shopspring/decimal"
)

// Finding is one thing that a check has to say of an entry. An error refuses
// the submission; a warning passes once the entry explains it. Rule is a key of
// the message catalogue ("check." + Rule) whose words take Args; a rule across
// figures brings its own words in Across.
type Finding struct {
	Grade   Grade
	Rule    string
	Field   Field
	Args    []any
	Across  *Rule
	Settled bool // a warning that the entry explains
}

// The findings that stand in no row of the checks.
const (
	ruleAcross = "across" // a rule across figures is broken
	ruleMisses = "misses" // the figure misses its target

	rulePublicMeanwhile = "public_meanwhile" // another figure of the year became public since it was sent
	ruleUntilPassed     = "until_passed"     // the figure is still missing on the day it was promised for
)

// Sight is what a check looks at beside the entry: the library, what is public
// of the figure on a day, and what else was entered in the round.
type Sight struct {
	Library   *Library
	Indicator *Indicator
	Area      Code
	Year      int
	Day       Period
	Due       ResultsDue
	// Observations are the public figures of the indicator, its series and what
	// its rules name, in every area; Known is them on Day.
	Observations []Observation
	Known        *Known
	// Own are those of Observations that came from this very figure of its round:
	// what is entered now takes their place, also in another basis or on another
	// day.
	Own []Observation
	// Beside are the entries of the same round that a rule across figures may
	// name, and those of which a part counts the same as one of this figure's, by
	// indicator and area.
	Beside map[Place]Input
	// Correcting is true where the figure of this round is published already. One
	// that came otherwise, as by a package, is told by [Sight.Public].
	Correcting bool
	// Sent is what is under review; nil while the unit has the figure. An entry
	// that is another than what was sent is checked as one being entered.
	Sent *Sent
}

// See reads the observations of a sight on its day: what is public is known.
func (s *Sight) See() { s.Known = Know(s.Library, s.Observations, s.Day, s.Due) }

// Place names a figure of a year: which indicator (or series), and where.
type Place struct {
	Subject, Area Code
}

// sighting is one sight at one entry.
type sighting struct {
	*Sight
	e Input
	f Filled
	q frac // the number stated
	n bool // there is one
	x decimal.Decimal

	last  *row // the year before, in the same basis
	start *row // the baseline, in the same basis
}

// figureCheck is one row of the checks of one figure.
type figureCheck struct {
	grade Grade
	field Field
	name  string
	fires func(*sighting) []any // nil: all is well
}

var half, ten = decimal.New(5, -1), decimal.NewFromInt(10)

// fires makes a condition and its arguments what a rule answers.
func fires(is bool, args ...any) []any {
	if !is {
		return nil
	}
	if args == nil {
		args = []any{}
	}
	return args
}

// figureChecks are all checks of one figure by itself and beside its past, errors
// first. What cannot be read was told before; a rule looks at what could.
var figureChecks = []figureCheck{
	{ErrorGrade, ValueField, "empty", func(c *sighting) []any {
		return fires(c.e.Value == "" && c.e.Numerator == "" && c.e.Denominator == "" && c.e.Answer == "")
	}},
	{ErrorGrade, AnswerField, "answer_and_number", func(c *sighting) []any {
		return fires(c.e.Answer != "" && (c.e.Value != "" || c.e.Numerator != "" || c.e.Denominator != ""))
	}},
	{ErrorGrade, ReasonField, "reason_empty", func(c *sighting) []any { return fires(c.e.Answer != "" && c.e.Reason == "") }},
	{ErrorGrade, UntilField, "until_empty", func(c *sighting) []any {
		return fires(c.f.Answer == NotAvailable && c.e.Until == "")
	}},
	{ErrorGrade, UntilField, "until_past", func(c *sighting) []any {
		return fires(c.f.Answer == NotAvailable && !c.f.Until.IsZero() && c.f.Until.Compare(c.entered()) < 0, c.Day)
	}},
	{ErrorGrade, SourceField, "source_empty", func(c *sighting) []any { return fires(c.e.Answer == "" && c.e.Source == "") }},
	{ErrorGrade, SourceURLField, "source_url_form", func(c *sighting) []any {
		return fires(c.e.SourceURL != "" && !ValidURL(c.e.SourceURL))
	}},
	{ErrorGrade, CorrectionField, "correction_empty", func(c *sighting) []any {
		return fires((c.Correcting || c.since() == nil && c.replaces()) && c.e.Correction == "")
	}},
	{ErrorGrade, DenominatorField, "denominator_empty", func(c *sighting) []any {
		return fires(c.e.Numerator != "" && c.e.Denominator == "")
	}},
	{ErrorGrade, NumeratorField, "numerator_empty", func(c *sighting) []any {
		return fires(c.e.Denominator != "" && c.e.Numerator == "")
	}},
	{ErrorGrade, DenominatorField, "denominator_zero", func(c *sighting) []any {
		return fires(c.f.Denominator.Present() && c.f.Denominator.Decimal().IsZero())
	}},
	{ErrorGrade, DenominatorField, "negative", func(c *sighting) []any {
		return fires(c.f.Denominator.Present() && c.f.Denominator.Decimal().IsNegative())
	}},
	{ErrorGrade, NumeratorField, "negative", func(c *sighting) []any {
		return fires(c.f.Numerator.Present() && c.f.Numerator.Decimal().IsNegative())
	}},
	{ErrorGrade, ValueField, "negative", func(c *sighting) []any {
		return fires(c.n && c.q.cmp(zero) < 0 && c.f.Basis != ChangePct && c.counted() && !c.Indicator.mayFall())
	}},
	{ErrorGrade, NumeratorField, "part_above_whole", func(c *sighting) []any {
		return fires(c.f.parts() && c.f.Denominator.Decimal().IsPositive() && c.f.Numerator.Decimal().GreaterThan(c.f.Denominator.Decimal()) && c.share(), c.f.Numerator, c.f.Denominator)
	}},
	{ErrorGrade, ValueField, "below_min", func(c *sighting) []any {
		return fires(c.n && c.ownUnit() && c.Indicator.Min.Present() && c.q.cmp(c.Indicator.Min.Decimal()) < 0, c.Indicator.Min)
	}},
	{ErrorGrade, ValueField, "above_max", func(c *sighting) []any {
		return fires(c.n && c.ownUnit() && c.Indicator.Max.Present() && c.q.cmp(c.Indicator.Max.Decimal()) > 0, c.Indicator.Max)
	}},
	{ErrorGrade, ValueField, "parts_disagree", (*sighting).partsDisagree},
	{ErrorGrade, ValueField, "parts_without_meaning", func(c *sighting) []any {
		return fires(c.f.parts() && !c.f.Value.Present() && !c.n)
	}},
	{ErrorGrade, ValueField, "not_done_or_undone", func(c *sighting) []any {
		return fires(c.deed() && c.f.Value.Present() && !c.x.IsZero() && !c.x.Equal(one))
	}},
	{ErrorGrade, DoneField, "done_empty", func(c *sighting) []any { return fires(c.deed() && c.n && c.x.Equal(one) && c.e.Done == "") }},
	{ErrorGrade, DoneField, "done_later", func(c *sighting) []any {
		return fires(c.deed() && !c.f.Done.IsZero() && c.f.Done.start().Compare(c.Day) > 0, c.Day)
	}},
	{ErrorGrade, DoneField, "done_undone", func(c *sighting) []any {
		return fires(c.deed() && c.e.Done != "" && (c.e.Answer != "" || c.n && c.x.IsZero()))
	}},
	{ErrorGrade, DoneField, "done_before_baseline", func(c *sighting) []any {
		return fires(c.done() && c.f.Done.Year < c.Library.Plan.BaselineYear, c.Library.Plan.BaselineYear)
	}},

	{WarningGrade, ValueField, "same_as_last", func(c *sighting) []any {
		return fires(c.compared() && c.q.cmp(c.was().Decimal()) == 0 && !c.x.IsZero(), c.was())
	}},
	{WarningGrade, ValueField, "times_ten", (*sighting).timesTen},
	{WarningGrade, ValueField, "jump", func(c *sighting) []any {
		if !c.compared() || c.last.Value.Decimal().IsZero() || c.timesTen() != nil {
			return nil
		}
		was := c.last.Value.Decimal()
		return fires(c.x.Sub(was).Abs().GreaterThan(was.Abs().Mul(half)), NumberOf(c.x.Sub(was).Mul(hundred).DivRound(was, 0)), c.last.Value)
	}},
	{WarningGrade, ValueField, "total_fell", func(c *sighting) []any {
		return fires(c.compared() && c.f.Basis == Cumulative && c.q.cmp(c.was().Decimal()) < 0, c.was())
	}},
	{WarningGrade, ValueField, "above_hundred", func(c *sighting) []any {
		return fires(c.n && c.Indicator.Unit == "%" && c.ownUnit() && c.q.cmp(hundred) > 0)
	}},
	{WarningGrade, ValueField, "fraction", func(c *sighting) []any {
		return fires(c.n && c.counted() && c.Indicator.Measure != Rate && c.f.Basis != ChangePct && c.f.Value.Present() && !c.x.Equal(c.x.Floor()))
	}},
	{WarningGrade, ValueField, "worse_than_start", func(c *sighting) []any {
		if !c.n || c.start == nil || !c.start.exact() || c.f.Basis == ChangePct {
			return nil
		}
		way := map[Direction]int{Higher: -1, Lower: 1}[c.Indicator.Direction]
		return fires(way != 0 && c.q.cmp(c.start.Value.Decimal()) == way, c.start.Value)
	}},
	{WarningGrade, ValueField, "districts_differ", (*sighting).districtsDiffer},
	// The other's number is not told: it may be another unit's draft.
	{WarningGrade, NumeratorField, "part_differs", partDiffers(NumeratorField)},
	{WarningGrade, DenominatorField, "part_differs", partDiffers(DenominatorField)},
	// What was done before the plan was issued is listed, and is no target: true,
	// but seldom meant.
	{WarningGrade, DoneField, "done_before_plan", func(c *sighting) []any {
		p := c.Library.Plan
		return fires(c.done() && c.f.Done.Year >= p.BaselineYear && c.f.Done.Compare(p.Issued) < 0, p.Issued)
	}},
	{WarningGrade, DoneField, "done_after_year", func(c *sighting) []any {
		return fires(c.done() && c.f.Done.Year > c.Year && c.f.Done.start().Compare(c.Day) <= 0, c.Year)
	}},
}

// Check holds an entry against everything: what could not be read, the figure
// by itself, beside its past, its districts and the rules across figures, and
// (where it misses its target) its explanation. Errors come first.
func (s *Sight) Check(e Input) []Finding {
	c := sighting{Sight: s, e: e, f: s.Library.Fill(s.Indicator, e, s.Day)}
	out := slices.Clone(c.f.faults)
	c.q, c.n = s.Library.exact(s.Indicator, s.Area, c.f)
	if c.n {
		c.x = c.q.value()
	}
	c.past()
	for _, r := range figureChecks {
		if args := r.fires(&c); args != nil {
			out = append(out, Finding{Grade: r.grade, Rule: r.name, Field: r.field, Args: args, Settled: r.grade == WarningGrade && e.Note != ""})
		}
	}
	out = append(out, c.across()...)
	out = append(out, c.overtaken()...)
	slices.SortStableFunc(out, func(a, b Finding) int {
		if a.Grade == b.Grade {
			return 0
		}
		if a.Grade == ErrorGrade {
			return -1
		}
		return 1
	})
	return append(out, c.miss(HasErrors(out))...)
}

// HasErrors reports findings of which one refuses the submission.
func HasErrors(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Grade == ErrorGrade })
}

// Unsettled reports findings that keep an entry from being sent: an error, or a
// warning that is not explained.
func Unsettled(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Grade == ErrorGrade || !f.Settled })
}

// CheckError refuses a submission: Invalid "check". Findings says why, field by
// field.
type CheckError struct {
	Findings []Finding
}

func (e *CheckError) Error() string { return e.Unwrap().Error() }

// Unwrap is the [Error] that the server answers by.
func (e *CheckError) Unwrap() error { return &Error{Kind: Invalid, What: "check"} }

// past finds the figures to compare with: last year's and the baseline, in the
// same basis.
func (c *sighting) past() {
	if c.Known == nil {
		return
	}
	at, ok := c.Known.area[c.Area]
	if !ok {
		return
	}
	rec := c.Known.of(c.Indicator.Code, at)
	if rec == nil {
		return
	}
	basis := basisFor(c.Indicator, c.f.Basis)
	for i := range rec.rows {
		r := &rec.rows[i]
		if r.basis != basis {
			continue
		}
		if r.baseline {
			c.start = r
		} else if r.Period.Year == c.Year-1 && r.yearEnd() {
			c.last = r
		}
	}
}

// was is last year's figure, absent where there is none.
func (c *sighting) was() Number {
	if c.last == nil {
		return Number{}
	}
	return c.last.Value
}

func (c *sighting) compared() bool { return c.n && c.last != nil && c.last.exact() && !c.deed() }

func (c *sighting) deed() bool { return c.Indicator.Measure == Deliverable }

// done reports a deliverable that is said to be done on a day.
func (c *sighting) done() bool { return c.deed() && c.n && c.x.Equal(one) && !c.f.Done.IsZero() }

func (c *sighting) counted() bool {
	return c.Indicator.Measure == Stock || c.Indicator.Measure == Flow || c.Indicator.Measure == Rate
}

// mayFall reports an indicator whose smallest value lies below zero.
func (i *Indicator) mayFall() bool { return i.Min.Present() && i.Min.Decimal().IsNegative() }

// ownUnit reports a number in the indicator's own unit, in which its bounds are.
func (c *sighting) ownUnit() bool { return c.f.Basis != ChangePct && c.f.Basis != Added }

// share reports parts of which one cannot pass the other: units that meet it,
// and a share that the library bounds by its whole.
func (c *sighting) share() bool {
	return c.Indicator.Scope.each() && !c.Indicator.Per.Present() ||
		c.Indicator.Max.Present() && c.Indicator.Per.Present() && c.Indicator.Max.Decimal().Equal(c.Indicator.Per.Decimal())
}

// partsDisagree holds a rate against its own parts, at the digits that it has.
func (c *sighting) partsDisagree() []any {
	if !c.f.Value.Present() || !c.f.parts() || !c.Indicator.Per.Present() || c.f.Basis != Level {
		return nil
	}
	q, ok := over(c.f.Numerator.Decimal().Mul(c.Indicator.Per.Decimal()), c.f.Denominator.Decimal())
	if !ok {
		return nil
	}
	places := max(0, -c.f.Value.Decimal().Exponent())
	off := q.sub(whole(c.f.Value.Decimal()))
	step := decimal.New(1, -places)
	n := int(places) + 2
	return fires(off.cmp(step) >= 0 || off.cmp(step.Neg()) <= 0, q.told(&n))
}

// timesTen finds a figure that is ten, a hundred … times last year's, or the
// same part of it: a unit of 万 was probably mixed up.
func (c *sighting) timesTen() []any {
	if !c.compared() || c.last.Value.Decimal().IsZero() {
		return nil
	}
	q, _ := over(c.x, c.last.Value.Decimal())
	for factor := ten; factor.LessThanOrEqual(decimal.NewFromInt(100_000_000)); factor = factor.Mul(ten) {
		for _, f := range []decimal.Decimal{factor, one.DivRound(factor, 8)} {
			near := f.Mul(decimal.New(2, -2))
			if q.cmp(f.Sub(near)) >= 0 && q.cmp(f.Add(near)) <= 0 {
				return fires(true, NumberOf(f), c.last.Value)
			}
		}
	}
	return nil
}

// districtsDiffer holds a city's count against the sum of its districts', once
// all of them have one.
func (c *sighting) districtsDiffer() []any {
	if !c.n || c.Indicator.Rollup != Sum || c.Indicator.Scope != City || c.Library.DistrictFigure(c.Area) || c.f.Basis == ChangePct {
		return nil
	}
	sum, ok := c.sum(c.Indicator.Code)
	return fires(ok && sum.cmp(c.x) != 0, NumberOf(sum.value()))
}

// across holds the entry against the rules across figures that name its
// indicator, where every figure of them is known.
func (c *sighting) across() []Finding {
	var out []Finding
	for i := range c.Library.Rules {
		r := &c.Library.Rules[i]
		left, lerr := ParseTerms(r.Left)
		right, rerr := ParseTerms(r.Right)
		if lerr != nil || rerr != nil || !c.names(left) && !c.names(right) {
			continue
		}
		a, aok := c.side(left)
		b, bok := c.side(right)
		if !aok || !bok || r.Operator.holds(a.sub(b).cmp(zero)) {
			continue
		}
		out = append(out, Finding{
			Grade: r.Grade, Rule: ruleAcross, Field: ValueField, Across: r,
			Args:    []any{NumberOf(a.value()), NumberOf(b.value())},
			Settled: r.Grade == WarningGrade && c.e.Note != "",
		})
	}
	return out
}

// holds reports whether the sign of left − right satisfies the operator.
func (o RuleOperator) holds(sign int) bool {
	switch o {
	case "le":
		return sign <= 0
	case "lt":
		return sign < 0
	case "ge":
		return sign >= 0
	case "gt":
		return sign > 0
	}
	return sign == 0
}

func (c *sighting) names(terms []Term) bool {
	return slices.ContainsFunc(terms, func(t Term) bool { return t.Code == c.Indicator.Code })
}

func (c *sighting) side(terms []Term) (frac, bool) {
	total := whole(zero)
	for _, t := range terms {
		v, ok := whole(t.Number.Decimal()), true
		switch {
		case t.Sum:
			v, ok = c.sum(t.Code)
		case t.Code != "":
			v, ok = c.figure(Place{t.Code, c.Area})
		}
		if !ok {
			return frac{}, false
		}
		if t.Minus {
			total = total.sub(v)
		} else {
			total = total.add(v)
		}
	}
	return total, true
}

// sum adds a figure up over all districts; false where one has none.
func (c *sighting) sum(code Code) (frac, bool) {
	total := whole(zero)
	districts := c.Library.Districts()
	for _, d := range districts {
		v, ok := c.figure(Place{code, d.Code})
		if !ok {
			return frac{}, false
		}
		total = total.add(v)
	}
	return total, len(districts) > 0
}

// figure is a figure of the round's year: this entry's, else what was entered
// beside it, else what is public.
func (c *sighting) figure(at Place) (frac, bool) {
	if at == (Place{c.Indicator.Code, c.Area}) {
		return c.q, c.n && c.f.Basis != ChangePct
	}
	ind := c.Library.Indicator(at.Subject)
	if e, ok := c.Beside[at]; ok && ind != nil {
		f := c.Library.Fill(ind, e, c.Day)
		if q, ok := c.Library.exact(ind, at.Area, f); ok && f.Basis != ChangePct {
			return q, true
		}
	}
	if c.Known == nil {
		return frac{}, false
	}
	place, ok := c.Known.area[at.Area]
	if !ok {
		return frac{}, false
	}
	rec := c.Known.of(at.Subject, place)
	if rec == nil {
		return frac{}, false
	}
	for i := range rec.rows {
		r := &rec.rows[i]
		if r.Period.Year == c.Year && r.yearEnd() && r.exact() && !r.baseline && r.basis == basisFor(ind, Level) {
			return whole(r.Value.Decimal()), true
		}
	}
	return frac{}, false
}

// miss asks for an explanation and a next step where the figure misses a
// target, or stays behind one: both are published beside it.
func (c *sighting) miss(faulty bool) []Finding {
	if faulty || !c.n || c.Known == nil {
		return nil
	}
	after := Know(c.Library, c.After(c.e), c.Day, c.Due).AssessIndicator(c.Indicator)
	flips := Effects(c.Known.AssessIndicator(c.Indicator), after)
	for i := range after {
		a := &after[i]
		if a.Area.Code != c.Area || a.Status != Missed && a.Status != OffTrack {
			continue
		}
		rests := a.Value != nil && a.Value.Period.Year == c.Year
		if !rests && !slices.ContainsFunc(flips, func(e Effect) bool { return e.Area == c.Area && e.Milestone == a.Milestone && e.After == a.Status }) {
			continue
		}
		return []Finding{{
			Grade: WarningGrade, Rule: ruleMisses, Field: ExplanationField,
			Args: []any{*a.Target, a.Status}, Settled: c.e.Explanation != "" && c.e.Next != "",
		}}
	}
	return nil
}

// Public is the figure of the very year that is public on the sight's day,
// wherever it came from: the newest of the year's end, never a baseline; nil
// where there is none. For a deliverable it is also what was done earlier: that
// stays done.
func (s *Sight) Public() *Observation {
	if s.Known == nil {
		return nil
	}
	at, ok := s.Known.area[s.Area]
	if !ok {
		return nil
	}
	rec := s.Known.of(s.Indicator.Code, at)
	if rec == nil {
		return nil
	}
	var found *row
	for i := range rec.rows {
		r := &rec.rows[i]
		there := r.Period.Year == s.Year && (r.yearEnd() || s.Indicator.Measure == Deliverable) ||
			s.Indicator.Measure == Deliverable && r.Value.Present() && r.Value.Decimal().IsPositive()
		if r.baseline || !there {
			continue
		}
		if found == nil || r.Published.Compare(found.Published) >= 0 {
			found = r
		}
	}
	if found == nil {
		return nil
	}
	return found.Observation
}

// replaces reports an entry that says another number than the one that is
// public of the year, or none at all; a number where the public reads an answer
// is news, and no correction.
func (c *sighting) replaces() bool {
	was := c.Public()
	if was == nil {
		return false
	}
	then, ok := c.Library.exact(c.Indicator, c.Area, Filled{Value: was.Value, Numerator: was.Numerator, Denominator: was.Denominator})
	switch {
	case !ok:
		return false
	case c.f.Answer != "":
		return true
	case !c.n:
		return false
	case c.deed():
		return c.q.cmp(then.value()) != 0 && !then.value().IsZero() || c.done() && then.value().Equal(one) && c.f.Done != was.Period
	}
	return basisFor(c.Indicator, c.f.Basis) == basisFor(c.Indicator, was.Basis) && c.q.sub(then).cmp(zero) != 0
}

// After are the observations as they would stand with an entry published on the
// sight's day.
func (s *Sight) After(e Input) []Observation {
	o := s.Library.Observation(s.Indicator, s.Area, s.Year, e, s.Day)
	o.Revision = math.MaxInt // after whatever was published on the same day
	out := slices.DeleteFunc(slices.Clone(s.Observations), func(o Observation) bool {
		return slices.ContainsFunc(s.Own, func(own Observation) bool { return CompareObservations(own, o) == 0 })
	})
	return append(out, o)
}

// Effects is what publishing an entry today would do to its indicator's
// statuses; nil where nothing flips.
func (s *Sight) Effects(e Input) []Effect {
	if s.Known == nil {
		return nil
	}
	after := Know(s.Library, s.After(e), s.Day, s.Due)
	return Effects(s.Known.AssessIndicator(s.Indicator), after.AssessIndicator(s.Indicator))
}
