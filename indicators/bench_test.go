package indicators

import (
	"fmt"
	"testing"
)

// wholePlan is a plan of the real one's size (five times the rows of the
// fixture: 195 indicators, some 260 targets) with four years of results for
// the city, and for each of 16 districts where the target holds in each or
// the city is their sum.
func wholePlan(t testing.TB) (*Library, []Observation) {
	t.Helper()
	one := zhengzhou(t)
	p := &Package{Plan: one.Plan, Domains: one.Domains, Areas: one.Areas, Organisations: one.Organisations, Tasks: one.Tasks, Series: one.Series}
	var lines []string
	for copies := range 5 {
		for _, i := range one.Indicators {
			targets := one.TargetsOf(i.Code)
			i.Code = Code(fmt.Sprintf("%s-%d", i.Code, copies))
			p.Indicators = append(p.Indicators, i)
			for _, target := range targets {
				target.Indicator = i.Code
				p.Targets = append(p.Targets, target)
			}
			if i.Measure == Deliverable {
				lines = append(lines, fmt.Sprintf("%s 2022-10-01 1", i.Code))
				continue
			}
			lines = append(lines, fmt.Sprintf("%s 2020 %d kind=baseline", i.Code, 10+copies))
			for y := 2021; y <= 2024; y++ {
				lines = append(lines, fmt.Sprintf("%s %d %d.%d", i.Code, y, 10+7*(y-2021), copies))
				if i.Scope == EachDistrict || i.Rollup == Sum {
					lines = append(lines, fmt.Sprintf("%s %d %d %s", i.Code, y, y-2020, at(16)))
				}
			}
		}
	}
	return NewLibrary(p), mustObservations(t, lines...)
}

// BenchmarkAssessPlan assesses a whole plan × 17 areas × 2 milestones, what
// was known on the day read anew each time. The goal is 5 ms on one core.
func BenchmarkAssessPlan(b *testing.B) {
	l, obs := wholePlan(b)
	day := MustPeriod("2025-06-30")
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n = len(AssessPlan(l, obs, day, nil))
	}
	b.ReportMetric(float64(n), "assessments/op")
	b.ReportMetric(float64(len(obs)), "observations/op")
}

// BenchmarkKnow reads what was known on a day.
func BenchmarkKnow(b *testing.B) {
	l, obs := wholePlan(b)
	day := MustPeriod("2025-06-30")
	b.ReportAllocs()
	for b.Loop() {
		Know(l, obs, day, nil)
	}
}
