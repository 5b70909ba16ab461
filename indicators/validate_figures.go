package indicators

import (
	"slices"

	"github.com/shopspring/decimal"
)

var observationConstraints = []constraint[Observation]{
	{"value", "value_or_answer", func(_ *checker, o *Observation) []any {
		return when(!o.Value.Present() && o.Answer == "" && (!o.Numerator.Present() || !o.Denominator.Present()))
	}},
	{"answer", "value_and_answer", func(_ *checker, o *Observation) []any { return when(o.Value.Present() && o.Answer != "") }},
	{"bound", "answer_with_number", func(_ *checker, o *Observation) []any { return when(o.Answer != "" && o.Bound != "") }},
	{"numerator", "answer_with_number", func(_ *checker, o *Observation) []any { return when(o.Answer != "" && o.Numerator.Present()) }},
	{"denominator", "answer_with_number", func(_ *checker, o *Observation) []any {
		return when(o.Answer != "" && o.Denominator.Present())
	}},
	{"denominator", "not_positive", func(_ *checker, o *Observation) []any {
		return when(o.Denominator.Present() && !o.Denominator.Decimal().IsPositive())
	}},
	{"basis", "basis_required", func(k *checker, o *Observation) []any {
		return when(o.Value.Present() && o.Basis == "" && slices.ContainsFunc(k.aims[o.Subject], func(t *Target) bool { return t.Basis.orLevel() != Level }))
	}},
	{"period", "period_form", func(k *checker, o *Observation) []any {
		if k.deliverable(o.Subject) {
			return when(o.Value.Present() && o.Period.IsYear(), formWords([]string{"month", "date"}))
		}
		return when(o.Period.IsDate(), formWords([]string{"year", "month"}))
	}},
	{"value", "deliverable_result", func(k *checker, o *Observation) []any {
		return when(k.deliverable(o.Subject) && o.Value.Present() && o.Value.String() != "0" && o.Value.String() != "1")
	}},
	{"basis", "deliverable_plain", func(k *checker, o *Observation) []any {
		return when(k.deliverable(o.Subject) && o.Basis.orLevel() != Level)
	}},
	{"bound", "deliverable_plain", func(k *checker, o *Observation) []any {
		return when(k.deliverable(o.Subject) && o.Bound != "")
	}},
	{"value", "below_min", func(k *checker, o *Observation) []any { return k.belowMin(o.Subject, o.Basis, o.Value) }},
	{"value", "above_max", func(k *checker, o *Observation) []any { return k.aboveMax(o.Subject, o.Basis, o.Value) }},
	{"published_assumed", "assumed_without_date", func(_ *checker, o *Observation) []any {
		return when(o.PublishedAssumed && o.Published.IsZero())
	}},
	{"published", "assumed_date", func(_ *checker, o *Observation) []any {
		want := assumed(o.Period)
		return when(o.PublishedAssumed && !o.Published.IsZero() && !o.Period.IsZero() && o.Published != want, want.String())
	}},
	{"published", "published_before_period", func(_ *checker, o *Observation) []any {
		return when(!o.Published.IsZero() && !o.Period.IsZero() && o.Published.Compare(o.Period.start()) < 0, o.Period.String())
	}},
	{"kind", "derived_series", func(k *checker, o *Observation) []any {
		i := k.ind[o.Subject]
		return when(o.Kind == Derived && (i == nil || i.NumeratorSeries == "" || i.DenominatorSeries == "" || i.Decimals == nil))
	}},
	{"kind", "derived_parts", func(_ *checker, o *Observation) []any {
		return when(o.Kind == Derived && (!o.Value.Present() || !o.Numerator.Present() || !o.Denominator.Present()))
	}},
	{"value", "derived_value", func(k *checker, o *Observation) []any {
		share, ok := k.share(o)
		i := k.ind[o.Subject]
		if !ok || o.Kind != Derived || i.Decimals == nil {
			return nil
		}
		want := share(*i.Decimals).StringFixed(int32(*i.Decimals))
		return when(o.Value.String() != want, want)
	}},
	{"value", "ratio_mismatch", func(k *checker, o *Observation) []any {
		share, ok := k.share(o)
		if !ok || o.Kind == Derived {
			return nil
		}
		places := int(max(0, -o.Value.Decimal().Exponent()))
		exact := share(places + 6)
		off := exact.Sub(o.Value.Decimal()).Abs()
		return when(off.GreaterThanOrEqual(decimal.New(1, int32(-places))), share(places+2).String())
	}},
	{"numerator", "per_required", func(k *checker, o *Observation) []any {
		i := k.ind[o.Subject]
		return when(i != nil && i.Measure == Rate && !i.Per.Present() && o.Numerator.Present() && o.Denominator.Present() && !k.counts(o))
	}},
}

// counts reports a city's figure of a target that must hold in each unit: its
// numerator and denominator are units.
func (k *checker) counts(o *Observation) bool {
	i, a := k.ind[o.Subject], k.area[o.Area]
	return i != nil && i.Scope.each() && (a == nil || a.Level == CityLevel)
}

// share is numerator ÷ denominator × per of an observation at a number of
// digits after the point, half up; false where that says nothing of its value.
func (k *checker) share(o *Observation) (func(places int) decimal.Decimal, bool) {
	i := k.ind[o.Subject]
	if i == nil || !i.Per.Present() || o.Basis.orLevel() != Level || k.counts(o) || o.Bound != "" ||
		!o.Value.Present() || !o.Numerator.Present() || !o.Denominator.Present() || !o.Denominator.Decimal().IsPositive() {
		return nil, false
	}
	return func(places int) decimal.Decimal {
		return o.Numerator.Decimal().Mul(i.Per.Decimal()).DivRound(o.Denominator.Decimal(), int32(places))
	}, true
}

// start is the first day of the period.
func (p Period) start() Period { return Period{p.Year, max(p.Month, 1), max(p.Day, 1)} }

// assumed is the publication date of a figure when nobody knows it: the first
// 31 December later than the period's last day.
func assumed(p Period) Period {
	day := Period{p.Year, 12, 31}
	if p.Compare(day) >= 0 {
		day.Year++
	}
	return day
}

func checkObservations(k *checker) {
	apply(k, "observations.csv", k.p.Observations, observationConstraints)
}

func checkReferences(k *checker) {
	apply(k, "references.csv", k.p.References, []constraint[Reference]{
		{"value", "below_min", func(k *checker, r *Reference) []any {
			return when(r.SameDefinition && k.belowMin(r.Indicator, Level, r.Value) != nil, k.ind[r.Indicator].min())
		}},
		{"value", "above_max", func(k *checker, r *Reference) []any {
			return when(r.SameDefinition && k.aboveMax(r.Indicator, Level, r.Value) != nil, k.ind[r.Indicator].max())
		}},
	})
}

// checkRules reads both sides of every rule across figures.
func checkRules(k *checker) {
	for i, r := range k.p.Rules {
		codes := 0
		for _, side := range []struct{ column, text string }{{"left", r.Left}, {"right", r.Right}} {
			if side.text == "" {
				codes++ // told as an empty cell
				continue
			}
			terms, err := ParseTerms(side.text)
			if err != nil {
				codes++
				k.report("rules.csv", i, side.column, "rule_grammar")
				continue
			}
			for _, t := range terms {
				if t.Code == "" {
					continue
				}
				codes++
				ind := k.ind[t.Code]
				switch {
				case ind == nil && !k.known["series.csv"][string(t.Code)]:
					k.report("rules.csv", i, side.column, "unknown_subject", string(t.Code))
				case ind != nil && ind.Measure == Deliverable:
					k.report("rules.csv", i, side.column, "rule_deliverable", string(t.Code))
				case t.Sum && (ind == nil || ind.Rollup != Sum):
					k.report("rules.csv", i, side.column, "sum_rollup", string(t.Code))
				}
			}
		}
		if codes == 0 {
			k.report("rules.csv", i, "left", "rule_constant")
		}
	}
}

// checkWorks checks projects and policies.
func checkWorks(k *checker) {
	apply(k, "projects.csv", k.p.Projects, []constraint[Project]{
		{"due", "due_before_start", func(_ *checker, p *Project) []any {
			return when(!p.Started.IsZero() && !p.Due.IsZero() && p.Due.Compare(p.Started.start()) < 0, p.Started.String())
		}},
	})
	apply(k, "policies.csv", k.p.Policies, []constraint[Policy]{
		{"indicator", "not_a_deliverable", func(k *checker, p *Policy) []any {
			return when(slices.ContainsFunc(p.Indicators, k.numeric))
		}},
	})
}

// maxWords is the length of the words around a number of the plan, in
// characters.
const maxWords = 12

func checkCoverage(k *checker) {
	apply(k, "coverage.csv", k.p.Coverage, []constraint[Coverage]{
		{"words", "too_long", func(_ *checker, c *Coverage) []any { return when(len([]rune(c.Words)) > maxWords, maxWords) }},
		{"reason", "coverage_neither", func(_ *checker, c *Coverage) []any { return when(c.Indicator == "" && c.Reason == "") }},
		{"reason", "coverage_both", func(_ *checker, c *Coverage) []any { return when(c.Indicator != "" && c.Reason != "") }},
		{"milestone", "coverage_milestone_alone", func(_ *checker, c *Coverage) []any {
			return when(c.Indicator == "" && c.Milestone != "")
		}},
		{"milestone", "coverage_no_target", func(k *checker, c *Coverage) []any {
			return when(k.ind[c.Indicator] != nil && !k.marked[c.Indicator][c.Milestone], string(c.Indicator))
		}},
	})
}
