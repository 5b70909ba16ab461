package indicators

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// rank is the order of statuses in which "never worsens" is meant: what is
// known bad, then what is not known, then what is known without a pace, then
// by pace, then met. Raising one directly reported figure cannot change what
// else is known, so the middle ranks are never compared with each other.
var rank = []Status{Missed, OffTrack, NoData, NotReported, Awaiting, Answered, InProgress, AtRisk, OnTrack, MetLate, MetEarly, Met}

// anyObservations draws what could be known of a few indicators: every basis,
// bound, answer, break, edition and date of publication.
func anyObservations(t *rapid.T, l *Library) []Observation {
	inds := rapid.SliceOfNDistinct(rapid.IntRange(0, len(l.Indicators)-1), 1, 5, rapid.ID).Draw(t, "indicators")
	var out []Observation
	seen := map[[6]string]bool{}
	for range rapid.IntRange(0, 40).Draw(t, "observations") {
		ind := &l.Indicators[inds[rapid.IntRange(0, len(inds)-1).Draw(t, "indicator")]]
		o := Observation{Subject: ind.Code, Area: "city", Kind: Result, Period: YearOf(rapid.IntRange(2020, 2026).Draw(t, "year"))}
		if rapid.IntRange(0, 3).Draw(t, "series") == 0 && ind.NumeratorSeries != "" {
			o.Subject = rapid.SampledFrom([]Code{ind.NumeratorSeries, ind.DenominatorSeries}).Draw(t, "subject")
		}
		if ind.Scope != City || ind.Rollup != "" {
			o.Area = rapid.SampledFrom([]Code{"city", "jinshui", "erqi", "huiji"}).Draw(t, "area")
		}
		if rapid.IntRange(0, 3).Draw(t, "within") == 0 {
			o.Period.Month = rapid.IntRange(1, 12).Draw(t, "month")
		}
		if o.Period.Year == 2020 {
			o.Kind = Baseline
		}
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			o.Answer = Answer(rapid.SampledFrom(Answer("").Allowed()).Draw(t, "answer"))
		case 1:
			o.Bound = Bound(rapid.SampledFrom(Bound("").Allowed()).Draw(t, "bound"))
		case 2:
			o.Quality = Break
		case 3:
			n := rapid.Int64Range(0, 20).Draw(t, "numerator")
			o.Numerator, o.Denominator = NumberOf(decimal.NewFromInt(n)), NumberOf(decimal.NewFromInt(max(1, n+rapid.Int64Range(0, 5).Draw(t, "rest"))))
		}
		if o.Answer == "" {
			o.Value = NumberOf(decimal.New(rapid.Int64Range(-200, 20000).Draw(t, "value"), -int32(rapid.IntRange(0, 2).Draw(t, "digits"))))
		}
		if ind.Measure == Deliverable && o.Value.Present() {
			o.Value = NumberOf(decimal.NewFromInt(int64(rapid.IntRange(0, 1).Draw(t, "done"))))
		}
		if rapid.IntRange(0, 2).Draw(t, "other basis") == 0 && ind.Measure != Deliverable {
			o.Basis = Basis(rapid.SampledFrom(Basis("").Allowed()).Draw(t, "basis"))
		}
		o.Published = Period{rapid.IntRange(o.Period.Year, 2027).Draw(t, "published"), rapid.IntRange(1, 12).Draw(t, "month published"), 0}
		if !seen[o.key()] {
			seen[o.key()] = true
			out = append(out, o)
		}
	}
	return out
}

func anyDay(t *rapid.T, name string) Period {
	return Period{rapid.IntRange(2022, 2028).Draw(t, name+" year"), rapid.IntRange(5, 12).Draw(t, name+" month"), 28}
}

// told is what a page prints of an assessment, for comparison.
func told(list []Assessment) []string {
	out := make([]string, len(list))
	for i, a := range list {
		value := "-"
		if a.Value != nil {
			value = fmt.Sprint(a.Value.Value, a.Value.Period, a.Value.How, a.Value.Bound, a.Value.AtLeast)
		}
		answer := "-"
		if a.Answer != nil {
			answer = string(a.Answer.Answer)
		}
		out[i] = fmt.Sprint(a.Indicator.Code, " ", a.Area.Code, " ", a.Milestone, " ", a.Rule, " ", a.Status, " ", value, " ", a.Attainment,
			" ", a.Gap, " ", a.Pace, " ", a.RequiredPace, " ", a.LastGap, " ", answer, " ", a.Path, " ", len(a.Working()))
	}
	return out
}

// check holds whatever must be true of every assessment.
func check(a *Assessment) error {
	if a.Status.place() < 0 || a.Rule.Status != a.Status {
		return fmt.Errorf("status %q by %s", a.Status, a.Rule)
	}
	for _, n := range []struct {
		name string
		n    Number
	}{{"attainment", a.Attainment}, {"gap", a.Gap}, {"last gap", a.LastGap}} {
		if n.n.Present() && n.n.Decimal().IsNegative() {
			return fmt.Errorf("%s %s is negative", n.name, n.n)
		}
	}
	switch {
	case a.Attainment.Present() && a.Attainment.Decimal().GreaterThan(hundred):
		return fmt.Errorf("attainment %s is above 100", a.Attainment)
	case a.Attainment.Present() && !a.Monitorable():
		return fmt.Errorf("attainment %s without a verdict (%s)", a.Attainment, a.Status)
	case a.Satisfied() && brief(a.Attainment) != "100":
		return fmt.Errorf("%s with an attainment of %q", a.Status, a.Attainment)
	case a.Monitorable() && a.Value == nil && a.Status != InProgress:
		return fmt.Errorf("%s rests on nothing", a.Status)
	case a.RequiredPace.Present() && (a.Ended || a.Satisfied() || a.Target.Milestone == Every):
		return fmt.Errorf("required pace %s where none is told", a.RequiredPace)
	case a.Ended && a.Pace.Present():
		return fmt.Errorf("pace %s of a year that has ended", a.Pace)
	}
	return nil
}

func TestEveryAssessmentHolds(t *testing.T) {
	l := zhengzhou(t)
	rapid.Check(t, func(t *rapid.T) {
		obs := anyObservations(t, l)
		list := AssessPlan(l, obs, anyDay(t, "as of"), nil)
		for i := range list {
			if err := check(&list[i]); err != nil {
				t.Fatalf("%s in %s at %d: %v", list[i].Indicator.Code, list[i].Area.Code, list[i].Milestone, err)
			}
		}
	})
}

func TestTheOrderOfResultsDoesNotMatter(t *testing.T) {
	l := zhengzhou(t)
	rapid.Check(t, func(t *rapid.T) {
		obs, day := anyObservations(t, l), anyDay(t, "as of")
		want := told(AssessPlan(l, obs, day, nil))
		r := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
		r.Shuffle(len(obs), func(i, j int) { obs[i], obs[j] = obs[j], obs[i] })
		for i, got := range told(AssessPlan(l, obs, day, nil)) {
			if got != want[i] {
				t.Fatalf("in another order:\n%s\nwant\n%s", got, want[i])
			}
		}
	})
}

func TestNothingPublishedLaterLeaks(t *testing.T) {
	l := zhengzhou(t)
	rapid.Check(t, func(t *rapid.T) {
		obs, day := anyObservations(t, l), anyDay(t, "as of")
		all := Know(l, obs, day, nil)
		if got, want := told(all.AssessPlan()), told(AssessPlan(l, all.Filter(obs), day, nil)); !slices.Equal(got, want) {
			t.Fatalf("figures published after %s change what was known on it", day)
		}
	})
}

func TestAPlanIsItsTargets(t *testing.T) {
	l := zhengzhou(t)
	rapid.Check(t, func(t *rapid.T) {
		k := Know(l, anyObservations(t, l), anyDay(t, "as of"), nil)
		list := k.AssessPlan()
		i := rapid.IntRange(0, len(list)-1).Draw(t, "one")
		a, ok := k.Assess(list[i].Indicator, list[i].Area.Code, list[i].Target, list[i].Milestone)
		if want := told(list[i : i+1]); !ok || told([]Assessment{a})[0] != want[0] {
			t.Fatalf("one by one:\n%s\nwant\n%s", told([]Assessment{a})[0], want[0])
		}
	})
}

// What was published by a day is in the record on every later day; its place
// is taken only by a correction published since, or by a withdrawal.
func TestTheRecordOnlyGrows(t *testing.T) {
	l := zhengzhou(t)
	rapid.Check(t, func(t *rapid.T) {
		obs, a, b := anyObservations(t, l), anyDay(t, "first"), anyDay(t, "second")
		if a.Compare(b) > 0 {
			a, b = b, a
		}
		var gone []Withdrawal
		if len(obs) > 0 && rapid.Bool().Draw(t, "withdrawn") {
			gone = append(gone, Withdrawal{Of: obs[rapid.IntRange(0, len(obs)-1).Draw(t, "which")], On: anyDay(t, "withdrawn on")})
		}
		early, late := Know(l, obs, a, nil, gone...), Know(l, obs, b, nil, gone...)
		for subject, records := range early.subject {
			for at, rec := range records {
				if rec == nil {
					continue
				}
				for i := range rec.rows {
					was := &rec.rows[i]
					var now *row
					if later := late.of(subject, at); later != nil {
						for j := range later.rows {
							if r := &later.rows[j]; r.Period == was.Period && r.basis == was.basis && r.baseline == was.baseline {
								now = r
							}
						}
					}
					withdrawn := len(gone) > 0 && gone[0].Of.key() == was.key() && gone[0].On.Compare(b) <= 0
					switch {
					case now != nil && now.key() == was.key() || withdrawn:
					case now == nil:
						t.Fatalf("%v of %s is gone on %s", *was.Observation, a, b)
					case now.KnownOn(l.Plan).Compare(a) <= 0:
						t.Fatalf("%v took the place of %v without a correction", *now.Observation, *was.Observation)
					}
				}
			}
		}
	})
}

func TestCountsAddUp(t *testing.T) {
	l := zhengzhou(t)
	rapid.Check(t, func(t *rapid.T) {
		list := AssessPlan(l, anyObservations(t, l), anyDay(t, "as of"), nil)
		for _, m := range l.Plan.Milestones {
			plan := Groups(l, list, ByPlan, m)[0]
			for _, by := range []Grouping{ByPlan, ByDomain, ByTask, ByOrganisation, ByArea} {
				var sum Tally
				for _, g := range Groups(l, list, by, m) {
					n := 0
					for _, c := range g.Counts() {
						n += c.Count
					}
					parts := g.Monitorable + g.OnEarlierFigure + g.Answered + g.Awaiting + g.NotReported + g.NoData
					if n != g.Targets || parts != g.Targets || g.Met > g.Monitorable {
						t.Fatalf("%s %q: %d by status, %d by part, %d targets", by, g.Key, n, parts, g.Targets)
					}
					if g.Targets > 0 && (g.Low.Decimal().GreaterThan(g.High.Decimal()) || g.Low.Decimal().IsNegative() || g.High.Decimal().GreaterThan(hundred)) {
						t.Fatalf("%s %q: bounds %s to %s", by, g.Key, g.Low, g.High)
					}
					if g.Rate.Present() != (g.Monitorable > 0) {
						t.Fatalf("%s %q: rate %q of %d monitorable", by, g.Key, g.Rate, g.Monitorable)
					}
					sum.Targets, sum.Met, sum.Monitorable = sum.Targets+g.Targets, sum.Met+g.Met, sum.Monitorable+g.Monitorable
				}
				if (by == ByDomain || by == ByPlan) && (sum.Targets != plan.Targets || sum.Met != plan.Met || sum.Monitorable != plan.Monitorable) {
					t.Fatalf("%s adds up to %d, %d, %d, the plan to %d, %d, %d", by,
						sum.Targets, sum.Met, sum.Monitorable, plan.Targets, plan.Met, plan.Monitorable)
				}
			}
		}
	})
}

// Missing data never counts as zero: without a number nothing has a value, an
// attainment or a verdict, whatever was answered, whichever way is better.
func TestMissingIsNeverZero(t *testing.T) {
	l := zhengzhou(t)
	rapid.Check(t, func(t *rapid.T) {
		obs := anyObservations(t, l)
		for i := range obs {
			if obs[i].Kind != Baseline {
				obs[i].Value, obs[i].Numerator, obs[i].Denominator, obs[i].Bound = Number{}, Number{}, Number{}, ""
				if obs[i].Answer == "" {
					obs[i].Answer = "none"
				}
			}
		}
		for _, a := range AssessPlan(l, obs, anyDay(t, "as of"), nil) {
			if a.Value != nil || a.Attainment.Present() || a.Gap.Present() || a.Monitorable() {
				t.Fatalf("%s in %s is %s with %v, %s", a.Indicator.Code, a.Area.Code, a.Status, a.Value, a.Attainment)
			}
		}
	})
}

// Raising a directly reported x(m) or latest result never worsens status or
// attainment where higher is better, nor does lowering it where lower is.
func TestABetterResultNeverWorsens(t *testing.T) {
	l := zhengzhou(t)
	one := func(better int) func(*rapid.T) {
		codes := []Code{"libraries", "inclusive", "public-share", "slow-traffic", "football", "hospitals", "retention", "sleep", "subsidy", "care", "activities", "seats"}
		if better < 0 {
			codes = []Code{"myopia", "mortality", "caries", "stable", "growth", "injury"}
		}
		return func(t *rapid.T) {
			ind := l.Indicator(rapid.SampledFrom(codes).Draw(t, "indicator"))
			target := &l.TargetsOf(ind.Code)[rapid.IntRange(0, len(l.TargetsOf(ind.Code))-1).Draw(t, "target")]
			basis := target.Basis
			var obs []Observation
			for y := 2020; y <= 2026; y++ {
				if rapid.Bool().Draw(t, "reported") {
					o := Observation{Subject: ind.Code, Area: "city", Period: YearOf(y), Kind: Result, Basis: basis, Published: YearOf(y)}
					if y == 2020 {
						o.Kind = Baseline
					}
					if rapid.IntRange(0, 4).Draw(t, "break") == 0 {
						o.Quality = Break
					}
					o.Value = NumberOf(decimal.New(rapid.Int64Range(-400, 1300).Draw(t, "value"), -1))
					obs = append(obs, o)
				}
			}
			k := Know(l, obs, anyDay(t, "as of"), nil)
			m := 2025
			if y, ok := target.Milestone.Year(); ok {
				m = y
			}
			a, ok := k.Assess(ind, "city", target, m)
			if !ok {
				return
			}
			raised := -1 // x(m), else the latest result that is known
			for i := range obs {
				if obs[i].Kind == Result && k.Holds(&obs[i]) && (raised < 0 || obs[raised].Period.Year != m) {
					raised = i
				}
			}
			if raised < 0 {
				return
			}
			more := slices.Clone(obs)
			by := decimal.New(int64(better)*rapid.Int64Range(0, 500).Draw(t, "by"), -1)
			more[raised].Value = NumberOf(obs[raised].Value.Decimal().Add(by))
			b, _ := Know(l, more, k.AsOf, nil).Assess(ind, "city", target, m)
			if slices.Index(rank, b.Status) < slices.Index(rank, a.Status) {
				t.Fatalf("%s: %s of %s to %s makes %s of %s", ind.Code, obs[raised].Period, obs[raised].Value, more[raised].Value, b.Rule, a.Rule)
			}
			if a.Attainment.Present() && b.Attainment.Present() && b.Attainment.Decimal().LessThan(a.Attainment.Decimal()) {
				t.Fatalf("%s: %s of %s to %s lowers attainment from %s to %s", ind.Code, obs[raised].Period, obs[raised].Value, more[raised].Value, a.Attainment, b.Attainment)
			}
		}
	}
	t.Run("higher", func(t *testing.T) { rapid.Check(t, one(1)) })
	t.Run("lower", func(t *testing.T) { rapid.Check(t, one(-1)) })
}
