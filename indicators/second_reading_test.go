package indicators

import (
	"fmt"
	"strings"
	"testing"
)

// readCase is one case of a second reading of the rules, made from the
// product's text by somebody who had not seen the code: an indicator x of the
// city, what is known of it, and "status attainment gap pace required", as much
// of it as the case is about ("." compares nothing).
type readCase struct {
	name    string
	ind     string // measure and direction
	set     func(*Indicator)
	targets []string
	m       int
	asOf    string
	obs     []string
	want    string
}

func dec(n int) func(*Indicator) { return func(i *Indicator) { i.Decimals = &n } }

func series(i *Indicator) {
	i.NumeratorSeries, i.DenominatorSeries, i.Per = "places", "residents", MustNumber("1000")
}

// said is what the rules say of a case.
func (c *readCase) said(t *testing.T) string {
	t.Helper()
	base := zhengzhou(t)
	f := strings.Fields(c.ind)
	i := Indicator{Code: "x", Task: "1", Measure: Measure(f[0]), Direction: Direction(f[1]), Scope: City, Unit: "u", Clause: "c"}
	if c.set != nil {
		c.set(&i)
	}
	p := &Package{
		Plan: base.Plan, Domains: base.Domains, Areas: base.Areas, Organisations: base.Organisations, Tasks: base.Tasks,
		Series: []Series{{Code: "places"}, {Code: "residents"}}, Indicators: []Indicator{i},
	}
	for _, line := range c.targets {
		p.Targets = append(p.Targets, mustTarget(t, "x", line, "c"))
	}
	l := NewLibrary(p)
	k := Know(l, mustObservations(t, c.obs...), MustPeriod(c.asOf), nil)
	for _, target := range l.TargetsOf("x") {
		if y, dated := target.Milestone.Year(); dated && y != c.m {
			continue
		}
		if a, ok := k.Assess(l.Indicator("x"), "city", &target, c.m); ok {
			return fmt.Sprintf("%s %s %s %s %s", a.Status, brief(a.Attainment), brief(a.Gap), brief(a.Pace), brief(a.RequiredPace))
		}
	}
	return "none"
}

func TestRulesAsReadASecondTime(t *testing.T) {
	for _, c := range secondReading {
		t.Run(c.name, func(t *testing.T) {
			got := c.said(t)
			said := strings.Fields(got)
			for n, want := range strings.Fields(c.want) {
				if n >= len(said) || want != "." && want != said[n] {
					t.Fatalf("%s with %v on %s: %s, want %s", strings.Join(c.targets, "; "), c.obs, c.asOf, got, c.want)
				}
			}
		})
	}
}

var secondReading = []readCase{
	// rounding vs exact
	{"hold, baseline and result the same exact quotient 1/3 (observation parts)", "rate lower", all(per("100"), dec(2)), []string{"2025 hold"}, 2025, "2026-03-01",
		[]string{"x 2020 33.33 kind=derived of=1/3", "x 2025 33.33 kind=derived of=1/3"}, "met"},
	{"hold from series same quotient", "rate lower", all(series, dec(2)), []string{"2025 hold"}, 2025, "2026-03-01",
		[]string{"places 2020 1 kind=baseline", "residents 2020 3 kind=baseline", "places 2025 1", "residents 2025 3"}, "met"},
	{"start computed 5.996 does not satisfy ≥6; latest 5.999: pace .75/…", "rate higher", all(series, dec(2)), []string{"2025 ge 6"}, 2025, "2025-06-01",
		[]string{"places 2020 5996 kind=baseline", "residents 2020 1000000 kind=baseline", "places 2024 59995", "residents 2024 10000000"}, "on_track"},
	{"change computed from series rates, exact −19.98 misses −20", "rate lower", all(func(i *Indicator) { series(i); i.Per = MustNumber("100000") }, dec(2)), []string{"2025 le -20 +change_pct base=2020"}, 2025, "2026-03-01",
		[]string{"places 2020 5004 kind=baseline", "residents 2020 100000000 kind=baseline", "places 2025 4004", "residents 2025 100000000"}, "missed"},
	{"pace judged exactly: 5.6966 of 6 from 0.. ", "rate higher", all(series, dec(1)), []string{"2025 ge 100"}, 2025, "2025-06-01",
		[]string{"places 2020 0 kind=baseline", "residents 2020 1000 kind=baseline", "places 2024 75960", "residents 2024 1000000"}, "at_risk"},
	{"added from series rates exact .4993 misses .5", "rate higher", all(series, dec(2)), []string{"2025 ge 0.5 +added"}, 2025, "2026-03-01",
		[]string{"places 2024 32834", "residents 2024 1000000", "places 2025 33333", "residents 2025 1000000"}, "missed"},
	// roll-up mixing December and year
	{"districts: 8 by year, 8 by December", "stock higher", rollup(Sum), []string{"2022 ge 60"}, 2022, "2023-12-01",
		[]string{"x 2022 5 " + at(8), "x 2022-12 5 @" + joined(districts[8:])}, "met 100 0"},
	{"ratio: 8 by year, 8 by December", "rate higher", all(rollup(Ratio), per("100"), dec(1)), []string{"2022 ge 60"}, 2022, "2023-12-01",
		[]string{"x 2022 70 of=7/10 " + at(8), "x 2022-12 70 of=7/10 @" + joined(districts[8:])}, "met 100 0"},
	{"flow sum: 8 by year, 8 by December", "flow higher", rollup(Sum), []string{"2022 ge 60"}, 2022, "2023-12-01",
		[]string{"x 2022 5 " + at(8), "x 2022-12 5 @" + joined(districts[8:])}, "met 100 0"},
	{"districts level+increases sum", "stock higher", rollup(Sum), []string{"2025 ge 60"}, 2025, "2026-12-01",
		[]string{"x 2020 1 kind=baseline " + at(16), "x 2025 4 " + at(16)}, "met"},
	{"one suppressed, all known, city published", "stock higher", rollup(Sum), []string{"2025 ge 64"}, 2025, "2026-03-01",
		[]string{"x 2025 4 " + at(15), "x 2025 suppressed @hangkong", "x 2025 64"}, "answered"},
	{"one suppressed, city published in other basis (added) with level baseline", "stock higher", rollup(Sum), []string{"2025 ge 64"}, 2025, "2026-03-01",
		[]string{"x 2025 4 " + at(15), "x 2025 suppressed @hangkong", "x 2024 60", "x 2025 4 +added"}, "answered"},
	{"one suppressed, city published cumulatively", "flow higher", rollup(Sum), []string{"2025 ge 64 +cumulative base=2025"}, 2025, "2026-03-01",
		[]string{"x 2025 4 " + at(15), "x 2025 suppressed @hangkong", "x 2025 64"}, "answered"},
	{"one suppressed, flow", "flow higher", rollup(Sum), []string{"2025 ge 64"}, 2025, "2026-03-01",
		[]string{"x 2025 4 " + at(15), "x 2025 suppressed @hangkong", "x 2025 64"}, "answered"},
	// standing each
	{"each standing: held long ago", "flow higher", scope(EachDistrict), []string{"every ge 2"}, 2025, "2025-06-01",
		[]string{"x 2022 2 " + at(16)}, "in_progress 100 0"},
	{"each standing stock: held long ago", "stock higher", scope(EachDistrict), []string{"every ge 2"}, 2025, "2025-06-01",
		[]string{"x 2022 2 " + at(16)}, "in_progress 100 0"},
	{"each ceiling flow open: all under", "flow lower", scope(EachDistrict), []string{"2025 le 5"}, 2025, "2025-06-01",
		[]string{"x 2025-03 2 " + at(16)}, "in_progress"},
	// amounts
	{"Aug amount reaches", "flow higher", nil, []string{"2022 ge 400"}, 2022, "2023-02-01", []string{"x 2022-08 410"}, "met 100 0"},
	{"Aug amount short", "flow higher", nil, []string{"2022 ge 400"}, 2022, "2023-02-01", []string{"x 2022-08 390"}, "awaiting - -"},
	{"Aug amount over ceiling", "flow lower", nil, []string{"2022 le 400"}, 2022, "2023-02-01", []string{"x 2022-08 410"}, "missed . 10"},
	{"Aug amount at ceiling lt", "flow lower", nil, []string{"2022 lt 400"}, 2022, "2023-02-01", []string{"x 2022-08 400"}, "missed . 0"},
	{"Aug amount under ceiling", "flow lower", nil, []string{"2022 le 400"}, 2022, "2023-02-01", []string{"x 2022-08 390"}, "awaiting"},
	{"about amount reached in Aug", "flow higher", nil, []string{"2022 about 400"}, 2022, "2023-02-01", []string{"x 2022-08 399.5"}, "met 100 0"},
	{"hold amount reached in Aug", "flow higher", nil, []string{"2025 hold"}, 2025, "2026-02-01", []string{"x 2020 300 kind=baseline", "x 2025-08 300"}, "met 100 0"},
	{"open, amount of other year", "flow higher", nil, []string{"2025 ge 400"}, 2025, "2025-02-01", []string{"x 2024 390"}, "no_data - - - -"},
	{"open, amount to date", "flow higher", nil, []string{"2025 ge 400"}, 2025, "2025-09-01", []string{"x 2025-08 390"}, "in_progress 97.5 10 - -"},
	{"open, amount to date met", "flow higher", nil, []string{"2025 ge 400"}, 2025, "2025-09-01", []string{"x 2025-08 400"}, "met_early 100 0 - -"},
	{"open, amount under ceiling", "flow lower", nil, []string{"2025 le 400"}, 2025, "2025-09-01", []string{"x 2025-08 300"}, "in_progress"},
	{"cumulative under ceiling open", "flow lower", nil, []string{"2025 le 1000 +cumulative base=2022"}, 2025, "2025-09-01", []string{"x 2022 100", "x 2023 100", "x 2024 100"}, "in_progress"},
	{"cumulative above ceiling open", "flow lower", nil, []string{"2025 le 1000 +cumulative base=2022"}, 2025, "2025-09-01", []string{"x 2022 100", "x 2023 1000"}, "off_track . 100"},
	{"cumulative above ceiling with gap ended", "flow lower", nil, []string{"2025 le 1000 +cumulative base=2022"}, 2025, "2026-09-01", []string{"x 2022 100", "x 2023 950", "x 2025 10"}, "missed . ."},
	{"cumulative ended ceiling passed earlier, m silent", "flow lower", nil, []string{"2025 le 1000 +cumulative base=2022"}, 2025, "2026-09-01", []string{"x 2022 100", "x 2023 950"}, "not_reported"},
	{"gap: cumulative 2022, 2024, 2025 = 400+400+900 reaches", "flow higher", nil, []string{"2025 ge 1600 +cumulative base=2022"}, 2025, "2026-09-01", []string{"x 2022 400", "x 2024 400", "x 2025 900"}, "met 100 0"},
	{"gap: not reaching", "flow higher", nil, []string{"2025 ge 1600 +cumulative base=2022"}, 2025, "2026-09-01", []string{"x 2022 400", "x 2024 400", "x 2025 700"}, "not_reported - -"},
	{"reported total, later amounts", "flow higher", nil, []string{"2025 ge 1600 +cumulative base=2022"}, 2025, "2026-09-01", []string{"x 2023 900 +cumulative", "x 2024 400", "x 2025 299"}, "missed 99.9375 1"},
	{"cumulative pace via first year's amount", "flow higher", nil, []string{"2022 ge 400", "2025 ge 1600 +cumulative base=2022"}, 2025, "2024-03-01", []string{"x 2022 400", "x 2023 360"}, "on_track 47.5 840 0.95 420"},
	{"cumulative pace just under .95", "flow higher", nil, []string{"2022 ge 400", "2025 ge 1600 +cumulative base=2022"}, 2025, "2024-03-01", []string{"x 2022 400", "x 2023 359"}, "at_risk . 841 . 420.5"},
	{"cumulative pace without first point: 1600/4*2=800", "flow higher", nil, []string{"2025 ge 1600 +cumulative base=2022"}, 2025, "2024-03-01", []string{"x 2022 300", "x 2023 300"}, "at_risk 37.5 1000 0.75 500"},
	{"pace mid-year running total date 2023-06", "flow higher", nil, []string{"2025 ge 1600 +cumulative base=2022"}, 2025, "2023-12-01", []string{"x 2022 400", "x 2023-06 200"}, "on_track 37.5 1000 1 400"},
	// levels
	{"added from levels", "stock higher", nil, []string{"2022 ge 200 +added"}, 2022, "2023-03-01", []string{"x 2021 1000", "x 2022 1200"}, "met 100 0"},
	{"added from levels short", "stock higher", nil, []string{"2022 ge 200 +added"}, 2022, "2023-03-01", []string{"x 2021 1000", "x 2022 1199"}, "missed 99.5 1"},
	{"level from increases", "stock higher", nil, []string{"2025 ge 2500"}, 2025, "2026-03-01", []string{"x 2020 1000 kind=baseline", "x 2021 100 +added", "x 2022 200 +added", "x 2023 400 +added", "x 2024 400 +added", "x 2025 400 +added"}, "met 100 0"},
	{"level from increases gap", "stock higher", nil, []string{"2025 ge 2500"}, 2025, "2026-07-01", []string{"x 2020 1000 kind=baseline", "x 2021 100 +added", "x 2022 200 +added", "x 2024 400 +added", "x 2025 4000 +added"}, "not_reported"},
	{"level from last level + increase, newer reported level mid-year", "stock higher", nil, []string{"2025 ge 20"}, 2025, "2026-07-01", []string{"x 2024 15", "x 2025 5 +added", "x 2025-06 18"}, "met"},
	{"Dec added then level", "stock higher", nil, []string{"2025 ge 20"}, 2025, "2026-07-01", []string{"x 2024-12 15", "x 2025-12 5 +added"}, "met"},
	{"lower 58.78→55 latest 57", "rate lower", nil, []string{"2025 le 55"}, 2025, "2026-03-01", []string{"x 2020 58.78 kind=baseline", "x 2025 57"}, "missed 47.089947 2"},
	{"lower 60 → 0 %", "rate lower", nil, []string{"2025 le 55"}, 2025, "2026-03-01", []string{"x 2020 58.78 kind=baseline", "x 2025 60"}, "missed 0 5"},
	{"lower open off track", "rate lower", nil, []string{"2025 le 55"}, 2025, "2025-03-01", []string{"x 2020 58.78 kind=baseline", "x 2024 57"}, "off_track 47.089947 2 0.588624 -2"},
	{"start satisfied, lost", "rate higher", nil, []string{"2025 ge 100"}, 2025, "2025-03-01", []string{"x 2020 112.01 kind=baseline", "x 2024 99"}, "off_track 99 1 - 1"},
	{"start satisfied, baseline only", "rate higher", nil, []string{"2025 ge 100"}, 2025, "2025-03-01", []string{"x 2020 112.01 kind=baseline"}, "no_data - - - -"},
	{"start satisfied, ended, baseline only", "rate higher", nil, []string{"2025 ge 100"}, 2025, "2026-07-01", []string{"x 2020 112.01 kind=baseline"}, "not_reported - - - -"},
	{"start = target", "rate higher", nil, []string{"2025 ge 100"}, 2025, "2025-03-01", []string{"x 2020 100 kind=baseline", "x 2024 100"}, "met_early 100 0 - -"},
	{"gt equality start", "stock higher", nil, []string{"2025 gt 10"}, 2025, "2025-03-01", []string{"x 2020 10 kind=baseline", "x 2024 10"}, "in_progress"},
	{"gt equality", "stock higher", nil, []string{"2025 gt 10"}, 2025, "2026-03-01", []string{"x 2025 10"}, "missed . 0"},
	{"change computed", "rate lower", nil, []string{"2025 le -20 +change_pct base=2020"}, 2025, "2026-03-01", []string{"x 2020 5 kind=baseline", "x 2025 4.4"}, "missed 60 8"},
	{"change reported open pace", "rate lower", nil, []string{"2025 le -20 +change_pct base=2020"}, 2025, "2025-03-01", []string{"x 2024 -16 +change_pct"}, "on_track 80 4 1 -4"},
	{"49.996", "rate higher", dec(2), []string{"2025 ge 50"}, 2025, "2026-03-01", []string{"x 2025 49.996"}, "missed 99.992 0.004"},
	{"about 54.5", "rate higher", nil, []string{"2025 about 55"}, 2025, "2026-03-01", []string{"x 2025 54.5"}, "met 100 0"},
	{"about 54.49", "rate higher", nil, []string{"2025 about 55"}, 2025, "2026-03-01", []string{"x 2025 54.49"}, "missed . 0.51"},
	{"about lower 55.4", "rate lower", nil, []string{"2025 about 55"}, 2025, "2026-03-01", []string{"x 2025 55.49"}, "met 100 0"},
	{"about lower 55.5", "rate lower", nil, []string{"2025 about 55"}, 2025, "2026-03-01", []string{"x 2025 55.5"}, "missed . 0.5"},
	// Half is rounded away from zero, as the figure is printed (四舍五入).
	{"about change -20, -19.5 is printed −20", "rate lower", nil, []string{"2025 about -20 +change_pct base=2020"}, 2025, "2026-03-01", []string{"x 2025 -19.5 +change_pct"}, "met 100 0"},
	{"range", "rate higher", nil, []string{"2025 ge 0.8 1"}, 2025, "2026-03-01", []string{"x 2025 1.4"}, "met 100 0"},
	{"between below", "rate within", nil, []string{"2025 between 40 60"}, 2025, "2026-03-01", []string{"x 2025 39"}, "missed 97.5 1"},
	{"between above", "rate within", nil, []string{"2025 between 40 60"}, 2025, "2026-03-01", []string{"x 2025 75"}, "missed 80 15"},
	{"between start above", "rate within", nil, []string{"2025 between 40 60"}, 2025, "2025-03-01", []string{"x 2020 80 kind=baseline", "x 2024 68"}, "at_risk 60 8 0.75 -8"},
	// bounds
	{"source ≥95 vs ≥95", "rate higher", nil, []string{"2025 ge 95"}, 2025, "2026-03-01", []string{"x 2025 95 bound=ge"}, "met 100 0"},
	{"source ≥95 vs ≥98", "rate higher", nil, []string{"2025 ge 98"}, 2025, "2026-03-01", []string{"x 2025 95 bound=ge"}, "answered - -"},
	{"source ≥95 vs ≤90", "rate lower", nil, []string{"2025 le 90"}, 2025, "2026-03-01", []string{"x 2025 95 bound=ge"}, "missed - -"},
	{"source about 80 vs ≥80", "rate higher", nil, []string{"2025 ge 80"}, 2025, "2026-03-01", []string{"x 2025 80 bound=about"}, "answered"},
	{"source about 80 vs ≥79.5", "rate higher", nil, []string{"2025 ge 79.5"}, 2025, "2026-03-01", []string{"x 2025 80 bound=about"}, "met"},
	{"source ≤4 vs lt 4", "rate lower", nil, []string{"2025 lt 4"}, 2025, "2026-03-01", []string{"x 2025 4 bound=le"}, "answered"},
	// answers
	{"answered, but level from increase", "stock higher", nil, []string{"2025 ge 20"}, 2025, "2026-03-01", []string{"x 2024 15", "x 2025 not_available", "x 2025 5 +added"}, "met"},
	{"answered in other basis", "stock higher", nil, []string{"2025 ge 20"}, 2025, "2026-03-01", []string{"x 2025 not_available +added"}, "answered"},
	{"answered dated December", "stock higher", nil, []string{"2025 ge 20"}, 2025, "2026-03-01", []string{"x 2025-12 not_available"}, "answered"},
	{"answered dated June", "stock higher", nil, []string{"2025 ge 20"}, 2025, "2026-03-01", []string{"x 2025-06 not_available"}, "awaiting"},
	{"suppressed level with increase", "stock higher", nil, []string{"2025 ge 20"}, 2025, "2026-03-01", []string{"x 2024 15", "x 2025 suppressed", "x 2025 5 +added"}, "answered - -"},
	{"suppressed then met late", "stock higher", nil, []string{"2022 ge 20"}, 2022, "2026-03-01", []string{"x 2022 suppressed", "x 2023 25"}, "answered - -"},
	{"earlier satisfied but answered", "stock higher", nil, []string{"2025 ge 20"}, 2025, "2026-03-01", []string{"x 2024 25", "x 2025 none"}, "answered - -"},
	{"open answered", "stock higher", nil, []string{"2025 ge 20"}, 2025, "2025-03-01", []string{"x 2024 none"}, "no_data - -"},
	// break
	{"break: no start", "stock higher", nil, []string{"2025 ge 50"}, 2025, "2025-03-01", []string{"x 2020 10 kind=baseline", "x 2023 20 q=B", "x 2024 30"}, "in_progress 60 20 - 20"},
	{"break splits increases", "stock higher", nil, []string{"2025 ge 50"}, 2025, "2026-07-01", []string{"x 2024 49", "x 2025 1 +added q=B"}, "not_reported"},
	{"break in cumul", "flow higher", nil, []string{"2025 ge 1600 +cumulative base=2022"}, 2025, "2026-07-01", []string{"x 2022 900", "x 2023 900 q=B", "x 2024 300", "x 2025 400"}, "met"},
	{"break in cumul 2", "flow higher", nil, []string{"2025 ge 1600 +cumulative base=2022"}, 2025, "2026-07-01", []string{"x 2022 900", "x 2023 500 q=B", "x 2024 300", "x 2025 400"}, "not_reported"},
	{"break split change", "rate lower", nil, []string{"2025 le -20 +change_pct base=2020"}, 2025, "2026-07-01", []string{"x 2020 5 kind=baseline", "x 2023 4 q=B", "x 2025 3"}, "not_reported"},
	// corrections / vintage
	{"correction later", "stock higher", nil, []string{"2022 ge 50"}, 2022, "2023-06-01", []string{"x 2022 50 pub=2023-02", "x 2022 40 pub=2023-06"}, "met"},
	{"correction same day month end", "stock higher", nil, []string{"2022 ge 50"}, 2022, "2023-06-30", []string{"x 2022 50 pub=2023-02", "x 2022 40 pub=2023-06"}, "missed"},
	{"vintage older published newer", "stock higher", nil, []string{"2022 ge 50"}, 2022, "2024-06-30", []string{"x 2022 50 pub=2023-02 vintage=2023", "x 2022 40 pub=2023-06 vintage=2020"}, "missed"},
	// rule 2/5
	{"late with bound", "stock higher", nil, []string{"2022 ge 50"}, 2022, "2024-06-30", []string{"x 2022 40", "x 2023 50 bound=ge"}, "met_late 80 10"},
	{"late cumulative", "flow higher", nil, []string{"2022 ge 500 +cumulative base=2022"}, 2022, "2024-06-30", []string{"x 2022 400", "x 2023 200"}, "met_late 80 100"},
	{"standing never late", "stock higher", nil, []string{"every ge 50"}, 2022, "2024-06-30", []string{"x 2022 40", "x 2023 60"}, "missed 80 10"},
	{"standing silent m, earlier fine", "stock higher", nil, []string{"every ge 50"}, 2025, "2026-06-30", []string{"x 2024 60"}, "awaiting - -"},
	{"early rule 5 last earlier short", "stock higher", nil, []string{"2025 ge 50"}, 2025, "2026-06-30", []string{"x 2023 60", "x 2024 40"}, "awaiting - -"},
	{"rule 5 mid-year of m", "stock higher", nil, []string{"2025 ge 50"}, 2025, "2026-06-30", []string{"x 2024 40", "x 2025-06 60"}, "met_early - -"},
	{"rule 5 cumulative gap: at least reached in 2024", "flow higher", nil, []string{"2025 ge 1600 +cumulative base=2022"}, 2025, "2026-06-30", []string{"x 2024 1700"}, "met_early - -"},
	{"rule 5 undecided latest earlier", "rate higher", nil, []string{"2025 ge 98"}, 2025, "2026-06-30", []string{"x 2023 99", "x 2024 95 bound=ge"}, "awaiting - -"},
	{"rule 5 bound earlier", "rate higher", nil, []string{"2025 ge 95"}, 2025, "2026-06-30", []string{"x 2024 95 bound=ge"}, "met_early - -"},
	// standing open
	{"standing open mid-year short, whole fine", "rate higher", nil, []string{"every ge 100"}, 2025, "2025-09-01", []string{"x 2024 100", "x 2025-06 99"}, "in_progress"},
	{"standing open whole short", "rate higher", nil, []string{"every ge 100"}, 2025, "2025-09-01", []string{"x 2024 99"}, "off_track 99 1 - -"},
	{"standing open whole short old", "rate higher", nil, []string{"every ge 100"}, 2025, "2025-09-01", []string{"x 2022 99"}, "off_track 99 1 - -"},
	{"standing open old fine", "rate higher", nil, []string{"every ge 100"}, 2025, "2025-09-01", []string{"x 2022 100"}, "in_progress 100 0 - -"},
	{"standing amount open, ytd", "flow higher", nil, []string{"every ge 100"}, 2025, "2025-09-01", []string{"x 2024 100", "x 2025-06 50"}, "on_track 100 0"},
	{"standing ceiling amount ytd passed", "flow lower", nil, []string{"every le 100"}, 2025, "2025-09-01", []string{"x 2024 90", "x 2025-06 101"}, "off_track . 1"},
	{"standing ceiling amount ytd under", "flow lower", nil, []string{"every le 100"}, 2025, "2025-09-01", []string{"x 2024 101", "x 2025-06 50"}, "off_track"},
	{"standing 2022 milestone shown open in early 2022", "rate higher", nil, []string{"every ge 100"}, 2022, "2022-09-01", []string{"x 2021 99"}, "off_track"},
	// deliverables
	{"done by month", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2023-01-01", []string{"x 2022-06 1"}, "met 100 ."},
	{"done late by a month", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2023-01-01", []string{"x 2022-07 1"}, "met_late 0"},
	{"done the same month, due within", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06-15"}, 2022, "2023-01-01", []string{"x 2022-06-15 1"}, "met"},
	{"undone after", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2023-01-01", []string{"x 2022-12 0"}, "missed"},
	{"undone before, day before due", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2022-06-30", []string{"x 2022-05 0"}, "in_progress"},
	{"undone before, day after due", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2022-07-01", []string{"x 2022-05 0"}, "awaiting - -"},
	{"undone before, after results due", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2023-07-01", []string{"x 2022-05 0"}, "not_reported - -"},
	{"nothing before", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2022-06-30", nil, "no_data"},
	{"nothing after", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2023-06-30", nil, "awaiting"},
	{"answered after", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2023-06-30", []string{"x 2022-12 not_available"}, "answered"},
	{"answered before due day: no data", "deliverable higher", nil, []string{"2022 ge 1 due=2022-12"}, 2022, "2022-11-30", []string{"x 2022-08 not_available"}, "no_data"},
	{"done, 2023 due, milestone 2025", "deliverable higher", nil, []string{"- ge 1 due=2023-06"}, 2025, "2024-01-01", []string{"x 2023-05 1"}, "met"},
	{"done, a later-published statement 'undone in Aug' corrects", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2023-01-01", []string{"x 2022-06 1 pub=2022-07", "x 2022-08 0 pub=2022-09"}, "missed"},
	{"undone in Aug, known earlier, later published act dated May", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2023-01-01", []string{"x 2022-08 0 pub=2022-09", "x 2022-05 1 pub=2022-12"}, "met"},
	{"done before due, not known until", "deliverable higher", nil, []string{"2022 ge 1 due=2022-06"}, 2022, "2022-08-01", []string{"x 2022-06 1 pub=2022-09"}, "awaiting"},
	// each
	{"each deliverable all done but one undone after", "deliverable higher", scope(EachDistrict), []string{"2022 ge 1 due=2022-06"}, 2022, "2023-01-01", []string{"x 2022-06 1 " + at(15), "x 2022-12 0 @hangkong"}, "missed 93.75 1"},
	{"each: not applicable newer word then silence", "stock higher", scope(EachDistrict), []string{"2022 ge 1"}, 2022, "2024-01-01", []string{"x 2022 1 " + at(15), "x 2022-03 not_applicable @hangkong"}, "met 100 0"},
	{"each: not applicable then number for earlier", "stock higher", scope(EachDistrict), []string{"2022 ge 1"}, 2022, "2024-01-01", []string{"x 2022 1 " + at(15), "x 2021 0 @hangkong", "x 2022 not_applicable @hangkong"}, "met 100 0"},
	{"each: late and early both", "stock higher", scope(EachDistrict), []string{"2022 ge 1"}, 2022, "2024-01-01", []string{"x 2022 1 " + at(14), "x 2021 1 @zhengdong", "x 2022 0 @hangkong", "x 2023 1 @hangkong"}, "met_late"},
	{"each: city k of n while some districts known, m ended", "stock higher", scope(EachDistrict), []string{"2022 ge 1"}, 2022, "2024-01-01", []string{"x 2022 1 " + at(8), "x 2022 14 of=14/16"}, "missed 87.5 2"},
	{"each: city 7 of 16 contradicts 8 met", "stock higher", scope(EachDistrict), []string{"2022 ge 1"}, 2022, "2024-01-01", []string{"x 2022 1 " + at(8), "x 2022 7 of=7/16"}, "missed"},
	{"each open: older city figure all met, newer districts partly short", "stock higher", scope(EachDistrict), []string{"2025 ge 1"}, 2025, "2025-06-01", []string{"x 2023 16 of=16/16", "x 2024 0 @jinshui"}, "in_progress"},
	{"each open: all met early from city; none own", "stock higher", scope(EachDistrict), []string{"2025 ge 1"}, 2025, "2025-06-01", []string{"x 2024 16 of=16/16"}, "met_early 100 0"},
	{"each open: all met but one n/a", "stock higher", scope(EachDistrict), []string{"2025 ge 1"}, 2025, "2025-06-01", []string{"x 2024 1 " + at(15), "x 2024 not_applicable @hangkong"}, "met_early 100 0"},
	{"each open: amount year of another year, city k of n of another year", "flow higher", scope(EachDistrict), []string{"2025 ge 1"}, 2025, "2025-06-01", []string{"x 2024 16 of=16/16"}, "no_data"},
	{"each open: pace path units on track are counted short", "stock higher", scope(EachDistrict), []string{"2025 ge 5"}, 2025, "2025-06-01", []string{"x 2020 0 kind=baseline " + at(16), "x 2024 4 " + at(16)}, "in_progress 0 16"},
	{"each standing open: city k of n", "rate higher", scope(EachDistrict), []string{"every ge 90"}, 2025, "2025-06-01", []string{"x 2024 16 of=16/16"}, "on_track"},
	{"each standing open: city k of n old", "rate higher", scope(EachDistrict), []string{"every ge 90"}, 2025, "2025-06-01", []string{"x 2022 16 of=16/16"}, "in_progress 100 0"},
	{"each standing ended 2022 : all met", "rate higher", scope(EachDistrict), []string{"every ge 90"}, 2022, "2025-06-01", []string{"x 2022 95 " + at(16)}, "met 100 0"},
	{"each ended: one answered + city silent + one silent", "stock higher", scope(EachDistrict), []string{"2022 ge 1"}, 2022, "2024-01-01", []string{"x 2022 1 " + at(14), "x 2022 none @hangkong"}, "not_reported - -"},
	{"each ended with suppressed district and city 16 of 16 reveals", "stock higher", scope(EachDistrict), []string{"2022 ge 1"}, 2022, "2024-01-01", []string{"x 2022 1 " + at(15), "x 2022 suppressed @hangkong", "x 2022 16 of=16/16"}, "answered - -"},
	{"each ended with suppressed district and city 15 of 16 reveals", "stock higher", scope(EachDistrict), []string{"2022 ge 1"}, 2022, "2024-01-01", []string{"x 2022 1 " + at(15), "x 2022 suppressed @hangkong", "x 2022 15 of=15/16"}, "answered - -"},
	{"each open with suppressed district, 15 met, city 16/16", "stock higher", scope(EachDistrict), []string{"2025 ge 1"}, 2025, "2025-01-05", []string{"x 2024 1 " + at(15), "x 2024 suppressed @hangkong", "x 2024 16 of=16/16"}, "in_progress"},
	{"township, silent 2025, earlier short", "rate higher", scope(EachTownship), []string{"2025 ge 95"}, 2025, "2026-12-01", []string{"x 2024 1 of=179/180"}, "not_reported - -"},
	{"township, answered 2025", "rate higher", scope(EachTownship), []string{"2025 ge 95"}, 2025, "2026-12-01", []string{"x 2024 1 of=179/180", "x 2025 none"}, "answered - -"},
	{"township late", "rate higher", scope(EachTownship), []string{"2022 ge 95"}, 2022, "2026-12-01", []string{"x 2022 1 of=179/180", "x 2023 1 of=180/180"}, "met_late . 1"},
	{"facility, of districts' counts; Dec mixing", "rate higher", all(scope("each_facility"), rollup(CountMet)), []string{"2022 ge 95"}, 2022, "2026-12-01", []string{"x 2022 100 of=10/10 " + at(8), "x 2022-12 100 of=10/10 @" + joined(districts[8:])}, "met 100 0"},
	// suppression and masked city figures
	{"masked 2024 must not be recoverable: running total of city", "flow higher", rollup(Sum), []string{"2025 ge 100 +cumulative base=2024"}, 2025, "2026-03-01", []string{"x 2024 4 " + at(15), "x 2024 suppressed @hangkong", "x 2024 67", "x 2025 64"}, "awaiting - - - -"},
	{"masked 2024: level 2025 from increases on the masked level", "stock higher", rollup(Sum), []string{"2025 ge 100"}, 2025, "2026-03-01", []string{"x 2024 4 " + at(15), "x 2024 suppressed @hangkong", "x 2024 67", "x 2025 10 +added"}, "awaiting - - - -"},
	{"masked: each district's figure by Dec", "stock higher", rollup(Sum), []string{"2025 ge 64"}, 2025, "2026-03-01", []string{"x 2025-12 4 " + at(15), "x 2025 suppressed @hangkong", "x 2025 64"}, "answered"},
	{"masked rate: ratio rollup", "rate higher", all(rollup(Ratio), per("100")), []string{"2025 ge 50"}, 2025, "2026-03-01", []string{"x 2025 40 of=4/10 " + at(15), "x 2025 suppressed @hangkong", "x 2025 40 of=64/160"}, "answered"},
	{"open: one suppressed latest", "stock higher", rollup(Sum), []string{"2025 ge 64"}, 2025, "2025-03-01", []string{"x 2024 4 " + at(15), "x 2024 suppressed @hangkong", "x 2024 64"}, "no_data"},
	// path corner skip
	{"new target replaced on day", "stock higher", nil, []string{"2025 ge 50 until=2024-02-29", "2025 ge 60 from=2024-03-01"}, 2025, "2024-03-01", []string{"x 2020 10 kind=baseline", "x 2023 40"}, "on_track 60 20 1 10"},
	{"target raised after m ended", "stock higher", nil, []string{"2022 ge 50 until=2023-12-31", "2022 ge 60 from=2024-01-01"}, 2022, "2024-03-01", []string{"x 2022 55"}, "missed"},
	{"future target not in force", "stock higher", nil, []string{"2022 ge 50 from=2024-01-01"}, 2022, "2023-03-01", []string{"x 2022 55"}, "none"},
	{"age 18 months, mid-year", "stock higher", nil, []string{"2025 ge 50"}, 2025, "2024-12-31", []string{"x 2020 0 kind=baseline", "x 2023-06 25"}, "on_track"},
	{"age 19 months, mid-year", "stock higher", nil, []string{"2025 ge 50"}, 2025, "2025-01-01", []string{"x 2020 0 kind=baseline", "x 2023-06 25"}, "in_progress"},
	{"latest is bound, firm earlier", "stock higher", nil, []string{"2025 ge 50"}, 2025, "2025-01-01", []string{"x 2020 0 kind=baseline", "x 2023 30", "x 2024 41 bound=ge"}, "in_progress"},
	{"latest bound short of start satisfied", "rate lower", nil, []string{"2025 le 10"}, 2025, "2025-01-01", []string{"x 2020 5 kind=baseline", "x 2024 12 bound=ge"}, "off_track"},
	{"hold lower worse open", "rate lower", nil, []string{"2025 hold"}, 2025, "2025-01-01", []string{"x 2020 5 kind=baseline", "x 2024 6"}, "off_track 83.333333 1"},
	{"hold lower ended", "rate lower", nil, []string{"2025 hold"}, 2025, "2026-01-01", []string{"x 2020 5 kind=baseline", "x 2025 5"}, "met"},
	{"hold in added basis for stock", "stock higher", nil, []string{"2025 hold +added"}, 2025, "2026-01-01", []string{"x 2020 5 kind=baseline +added", "x 2025 6 +added"}, "met 100 0"},
	{"decrease of added (negative)", "stock higher", nil, []string{"2025 gt 0 +added"}, 2025, "2026-01-01", []string{"x 2024 5", "x 2025 5"}, "missed"},
	{"gt 0 added equality", "stock higher", nil, []string{"2025 gt 0 +added"}, 2025, "2026-01-01", []string{"x 2025 0 +added"}, "missed 0 0"},
	{"lower zero target", "stock lower", nil, []string{"2025 le 0"}, 2025, "2026-01-01", []string{"x 2025 3"}, "missed 0 3"},
	{"lower zero target start", "stock lower", nil, []string{"2025 le 0"}, 2025, "2026-01-01", []string{"x 2020 4 kind=baseline", "x 2025 3"}, "missed 25 3"},
	{"eq", "stock within", nil, []string{"2025 eq 5"}, 2025, "2026-01-01", []string{"x 2025 6"}, "missed 83.333333 1"},
	{"0 reported lower", "stock lower", nil, []string{"2025 le 3"}, 2025, "2026-01-01", []string{"x 2025 0"}, "met 100 0"},
	{"no value lower", "stock lower", nil, []string{"2025 le 3"}, 2025, "2026-07-01", nil, "not_reported - -"},
	{"derived before published: published answers", "rate higher", all(series, dec(2)), []string{"2025 ge 6"}, 2025, "2026-03-01", []string{"x 2025 not_available", "places 2025 60", "residents 2025 10000"}, "met"},
	{"quotient 5.996 decimals 2 misses 6", "rate higher", all(series, dec(2)), []string{"2025 ge 6"}, 2025, "2026-03-01", []string{"places 2025 5996", "residents 2025 1000000"}, "missed . 0.004"},
	{"quotient 6.004 gt 6", "rate higher", all(series, dec(2)), []string{"2025 gt 6"}, 2025, "2026-03-01", []string{"places 2025 6004", "residents 2025 1000000"}, "met 100 0"},
	{"quotient about: 5.4996→5 dec 2", "rate higher", all(series, dec(2)), []string{"2025 about 6"}, 2025, "2026-03-01", []string{"places 2025 54996", "residents 2025 10000000"}, "missed"},
	{"series denominator after day unknown", "rate higher", all(series, dec(2)), []string{"2025 ge 6"}, 2025, "2026-03-01", []string{"places 2025 6004", "residents 2025 1000000 pub=2026-04"}, "awaiting"},
	{"series month numerator uses last year-end", "rate higher", all(series, dec(2)), []string{"2025 ge 6"}, 2025, "2025-09-01", []string{"places 2025-06 6004", "residents 2024 1000000"}, "met_early"},
	{"basis '' then correction basis level", "stock higher", nil, []string{"2022 ge 5"}, 2022, "2024-03-01", []string{"x 2022 5 pub=2023-02", "x 2022 4 +level pub=2023-06"}, "missed"},
	{"baseline mid-2020 and a 2020 year result?", "stock higher", nil, []string{"2025 ge 50"}, 2025, "2025-03-01", []string{"x 2020 10 kind=baseline", "x 2020-12 50"}, "no_data"},
	{"two city rows in districts: partial sum passes ceiling", "flow lower", rollup(Sum), []string{"2022 le 10"}, 2022, "2023-12-01", []string{"x 2022 5 " + at(3)}, "missed"},
	{"partial sum not deciding open", "stock higher", rollup(Sum), []string{"2025 ge 100"}, 2025, "2025-03-01", []string{"x 2023 50", "x 2024 2 " + at(3)}, "in_progress 50 50"},
	{"answered city, districts sum", "stock higher", rollup(Sum), []string{"2025 ge 64"}, 2025, "2026-03-01", []string{"x 2025 4 " + at(16), "x 2025 not_available"}, "met"},
	{"roll-up of districts not applicable", "stock higher", rollup(Sum), []string{"2025 ge 60"}, 2025, "2026-03-01", []string{"x 2025 4 " + at(15), "x 2025 not_applicable @hangkong"}, "met 100 0"},
	{"city figure older date, districts newer: latest is districts", "stock higher", rollup(Sum), []string{"2025 ge 60"}, 2025, "2025-03-01", []string{"x 2023 10", "x 2024 4 " + at(16)}, "met_early"},
	{"each open amounts under standing: unit ytd short, last year fine", "flow higher", scope(EachDistrict), []string{"every ge 2"}, 2025, "2025-06-01", []string{"x 2024 2 " + at(16), "x 2025-03 1 " + at(16)}, "on_track 100 0"},
	{"each open, 15 answered + 1 met", "stock higher", scope(EachDistrict), []string{"2025 ge 5"}, 2025, "2025-06-01", []string{"x 2024 5 @jinshui", "x 2025 none @hangkong"}, "in_progress"},
	{"added from level baseline 2021?", "stock higher", nil, []string{"2022 ge 5 +added"}, 2022, "2023-06-01", []string{"x 2021 10 kind=baseline", "x 2022 15"}, "met"},
	{"change on flow base", "flow lower", nil, []string{"2025 le -20 +change_pct base=2020"}, 2025, "2026-03-01", []string{"x 2020 100 kind=baseline", "x 2025 79"}, "met"},
	{"band amount open: 50 in 40-60 to date", "flow within", nil, []string{"2025 between 40 60"}, 2025, "2025-08-01", []string{"x 2025-06 50"}, "in_progress"},
	{"standing bound undecided latest, whole short earlier", "rate higher", nil, []string{"every ge 98"}, 2025, "2025-08-01", []string{"x 2023 97", "x 2024 95 bound=ge"}, "in_progress"},
	{"rule 4 then rule 2? bound undecided and later satisfies", "rate higher", nil, []string{"2022 ge 98"}, 2022, "2025-08-01", []string{"x 2022 95 bound=ge", "x 2023 99"}, "answered - -"},
	{"about in path", "rate higher", nil, []string{"2025 about 55"}, 2025, "2025-03-01", []string{"x 2020 35 kind=baseline", "x 2024 51"}, "on_track 80 4 1 4"},
	{"hold upwards never lt", "stock higher", nil, []string{"2025 hold"}, 2025, "2025-03-01", []string{"x 2020 35 kind=baseline", "x 2024 51"}, "met_early 100 0"},
	{"latest after m while ended; no m figure; later short", "stock higher", nil, []string{"2022 ge 16"}, 2022, "2024-03-01", []string{"x 2023 10"}, "not_reported - -"},
}
