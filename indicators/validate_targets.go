package indicators

import (
	"slices"
)

// maxDecimals is the most digits that an indicator is printed with.
const maxDecimals = 9

// each reports a target that must hold in every unit.
func (s Scope) each() bool { return s != City && s != "" }

var indicatorRules = []rule[Indicator]{
	{"domain", "domain_beside_task", func(_ *checker, i *Indicator) []any { return no(i.Task != "" && i.Domain != "") }},
	{"unit", "unit_required", func(_ *checker, i *Indicator) []any { return no(i.Measure != Deliverable && i.Unit == "") }},
	{"rollup", "rollup_measure", func(_ *checker, i *Indicator) []any {
		switch i.Rollup {
		case Sum:
			return no(i.Measure != Stock && i.Measure != Flow)
		case Ratio:
			return no(i.Measure != Rate && i.Measure != Average)
		}
		return nil
	}},
	{"numerator_series", "deliverable_plain", func(_ *checker, i *Indicator) []any {
		return no(i.Measure == Deliverable && i.NumeratorSeries != "")
	}},
	{"denominator_series", "deliverable_plain", func(_ *checker, i *Indicator) []any {
		return no(i.Measure == Deliverable && i.DenominatorSeries != "")
	}},
	{"per", "deliverable_plain", func(_ *checker, i *Indicator) []any {
		return no(i.Measure == Deliverable && i.Per.Present())
	}},
	{"new_count", "deliverable_plain", func(_ *checker, i *Indicator) []any {
		return no(i.Measure == Deliverable && i.NewCount)
	}},
	{"per", "per_required", func(_ *checker, i *Indicator) []any {
		return no(i.NumeratorSeries != "" && i.DenominatorSeries != "" && !i.Per.Present())
	}},
	{"per", "not_positive", func(_ *checker, i *Indicator) []any {
		return no(i.Per.Present() && !i.Per.Decimal().IsPositive())
	}},
	{"decimals", "decimals_range", func(_ *checker, i *Indicator) []any {
		return no(i.Decimals != nil && *i.Decimals > maxDecimals, maxDecimals)
	}},
	{"max", "max_below_min", func(_ *checker, i *Indicator) []any {
		return no(i.Min.Present() && i.Max.Present() && i.Max.Decimal().LessThan(i.Min.Decimal()), i.Min.String())
	}},
}

func checkIndicators(k *checker) {
	apply(k, "indicators.csv", k.p.Indicators, indicatorRules)
	var ranked []int // rows with a rank
	for i := range k.p.Indicators {
		if k.p.Indicators[i].Headline != nil {
			ranked = append(ranked, i)
		}
	}
	rank := func(row int) int { return *k.p.Indicators[row].Headline }
	slices.SortStableFunc(ranked, func(a, b int) int { return rank(a) - rank(b) })
	for n, row := range ranked {
		switch {
		case n > 0 && rank(row) == rank(ranked[n-1]):
			k.report("indicators.csv", row, "headline", "headline_tie")
		case n > 0 && rank(row) != rank(ranked[n-1])+1, n == 0 && rank(row) != 1:
			k.report("indicators.csv", row, "headline", "headline_gap")
		}
	}
}

// towards lists, for a direction, the comparators that contradict it.
var against = map[Direction][]Comparator{Higher: {LE, LT}, Lower: {GE, GT}}

var targetRules = []rule[Target]{
	{"value", "target_value", func(_ *checker, t *Target) []any { return no(!t.Value.Present() && t.Comparator != Hold) }},
	{"upper", "upper_required", func(_ *checker, t *Target) []any { return no(!t.Upper.Present() && t.Comparator == Between) }},
	{"upper", "upper_below_value", func(_ *checker, t *Target) []any {
		return no(t.Upper.Present() && t.Value.Present() && t.Upper.Decimal().LessThan(t.Value.Decimal()), t.Value.String())
	}},
	{"base_year", "base_year_required", func(_ *checker, t *Target) []any {
		return no((t.Basis == Cumulative || t.Basis == ChangePct) && t.BaseYear == nil, string(t.Basis))
	}},
	{"base_year", "base_year_order", func(_ *checker, t *Target) []any {
		y, dated := t.Milestone.Year()
		return no(t.BaseYear != nil && (!plausible(*t.BaseYear) || dated && (*t.BaseYear > y || *t.BaseYear == y && t.Basis == ChangePct)))
	}},
	{"until", "until_before_from", func(_ *checker, t *Target) []any {
		return no(!t.From.IsZero() && !t.Until.IsZero() && t.Until.Compare(t.From) < 0, t.From.String())
	}},
	{"milestone", "milestone_required", func(k *checker, t *Target) []any {
		return no(k.numeric(t.Indicator) && t.Milestone == "")
	}},
	{"milestone", "undated_target", func(k *checker, t *Target) []any {
		return no(k.deliverable(t.Indicator) && t.Milestone == "" && t.Due.IsZero())
	}},
	{"milestone", "deliverable_standing", func(k *checker, t *Target) []any {
		return no(k.deliverable(t.Indicator) && t.Milestone == Every)
	}},
	{"value", "deliverable_target", func(k *checker, t *Target) []any {
		return no(k.deliverable(t.Indicator) && t.Value.Present() && t.Value.String() != "1")
	}},
	{"comparator", "deliverable_comparator", func(k *checker, t *Target) []any {
		return no(k.deliverable(t.Indicator) && t.Comparator != "" && t.Comparator != GE && t.Comparator != EQ)
	}},
	{"upper", "deliverable_plain", func(k *checker, t *Target) []any {
		return no(k.deliverable(t.Indicator) && t.Upper.Present())
	}},
	{"basis", "deliverable_plain", func(k *checker, t *Target) []any {
		return no(k.deliverable(t.Indicator) && t.Basis.orLevel() != Level)
	}},
	{"comparator", "comparator_direction", func(k *checker, t *Target) []any {
		i := k.ind[t.Indicator]
		return no(i != nil && slices.Contains(against[i.Direction], t.Comparator), string(t.Comparator))
	}},
	{"comparator", "direction_needed", func(k *checker, t *Target) []any {
		i := k.ind[t.Indicator]
		return no(i != nil && i.Direction == Within && (t.Comparator == Hold || t.Comparator == About), string(t.Comparator))
	}},
	{"comparator", "hold_without_baseline", func(k *checker, t *Target) []any {
		return no(k.numeric(t.Indicator) && t.Comparator == Hold && !k.hasBaseline(t), k.p.Plan.BaselineYear, string(t.Basis.orLevel()))
	}},
	{"value", "below_min", func(k *checker, t *Target) []any { return k.belowMin(t.Indicator, t.Basis, t.Value) }},
	{"value", "above_max", func(k *checker, t *Target) []any { return k.aboveMax(t.Indicator, t.Basis, t.Value) }},
	{"upper", "above_max", func(k *checker, t *Target) []any { return k.aboveMax(t.Indicator, t.Basis, t.Upper) }},
}

func (k *checker) numeric(c Code) bool { i := k.ind[c]; return i != nil && i.Measure != Deliverable }
func (k *checker) deliverable(c Code) bool {
	i := k.ind[c]
	return i != nil && i.Measure == Deliverable
}

// hasBaseline reports a baseline in the target's basis to hold: of the city,
// or of any unit where the target must hold in each.
func (k *checker) hasBaseline(t *Target) bool {
	return slices.ContainsFunc(k.start[t.Indicator][t.Basis.orLevel()], func(o *Observation) bool {
		a := k.area[o.Area]
		return k.ind[t.Indicator].Scope.each() || a != nil && a.Level == CityLevel
	})
}

// belowMin holds a level against what can be true; other bases are not
// bounded.
func (k *checker) belowMin(c Code, b Basis, v Number) []any {
	i := k.ind[c]
	return no(i != nil && b.orLevel() == Level && v.Present() && i.Min.Present() && v.Decimal().LessThan(i.Min.Decimal()), i.min())
}

func (k *checker) aboveMax(c Code, b Basis, v Number) []any {
	i := k.ind[c]
	return no(i != nil && b.orLevel() == Level && v.Present() && i.Max.Present() && v.Decimal().GreaterThan(i.Max.Decimal()), i.max())
}

func (i *Indicator) min() string {
	if i == nil {
		return ""
	}
	return i.Min.String()
}

func (i *Indicator) max() string {
	if i == nil {
		return ""
	}
	return i.Max.String()
}

func checkTargets(k *checker) {
	apply(k, "targets.csv", k.p.Targets, targetRules)
	type promise struct {
		indicator Code
		milestone Milestone
		basis     Basis
		due       Period
	}
	rows := map[promise][]int{}
	for i, t := range k.p.Targets {
		at := promise{t.Indicator, t.Milestone, t.Basis.orLevel(), t.Due}
		for _, earlier := range rows[at] {
			if e := k.p.Targets[earlier]; e.From != t.From && overlap(e, t) {
				k.report("targets.csv", i, "from", "targets_overlap")
				break
			}
		}
		rows[at] = append(rows[at], i)
	}
}

// overlap reports a day on which both rows are in force.
func overlap(a, b Target) bool {
	ends := func(x, y Target) bool { // x is over before y begins
		return !x.Until.IsZero() && !y.From.IsZero() && x.Until.Compare(y.From) < 0
	}
	return !ends(a, b) && !ends(b, a)
}
