package indicators

import (
	"slices"
	"testing"
)

func TestWorking(t *testing.T) {
	l := zhengzhou(t)
	steps := func(ind, area Code, m int, asOf string, lines ...string) (Assessment, map[string]Step, []string) {
		a := mustAssess(t, l, ind, area, m, asOf, mustObservations(t, lines...))
		byKey, keys := map[string]Step{}, []string(nil)
		for _, s := range a.Working() {
			byKey[s.Key], keys = s, append(keys, s.Key)
		}
		return a, byKey, keys
	}
	_, got, keys := steps("libraries", "city", 2025, "2025-03-01", "libraries 2020 10 kind=baseline", "libraries 2024 38")
	want := []string{StepTarget, StepValue, StepStart, StepRequired, StepPace, StepAge, StepAttainment, StepGap, StepRequiredPace}
	if !slices.Equal(keys, want) {
		t.Errorf("steps %v, want %v", keys, want)
	}
	if r := got[StepRequired]; len(r.Operands) != 2 || r.Operands[0].Period != YearOf(2022) || r.Operands[1].Value.String() != "50" {
		t.Errorf("required from %+v, want the corners of 2022 and 2025", r.Operands)
	}
	if s := got[StepAttainment]; s.Formula != "attainment_way" || len(s.Operands) != 3 {
		t.Errorf("attainment by %s of %+v", s.Formula, s.Operands)
	}
	if v := got[StepValue]; len(v.Operands) != 1 || v.Operands[0].Observation == nil {
		t.Errorf("value from %+v, want its observation", v.Operands)
	}
	if rp := got[StepRequiredPace]; brief(rp.Operands[2].Value) != "12" {
		t.Errorf("required pace over %s months, want 12", brief(rp.Operands[2].Value))
	}

	for _, c := range []struct {
		name, formula string
		ind           Code
		obs           string
	}{
		{"ratio", "attainment_ratio", "public-share", "public-share 2025 40"},
		{"inverse", "attainment_inverse", "myopia", "myopia 2025 60"},
		{"met", "attainment_met", "myopia", "myopia 2025 50"},
		{"units", "attainment_units", "vaccination", "vaccination 2025 97 of=175/180"},
	} {
		if _, got, _ := steps(c.ind, "city", 2025, "2026-03-01", c.obs); got[StepAttainment].Formula != c.formula {
			t.Errorf("%s: attainment by %q, want %q", c.name, got[StepAttainment].Formula, c.formula)
		}
	}

	_, got, _ = steps("hospitals", "city", 2025, "2026-12-01", "hospitals 2023 8")
	if got[StepLast].Value.String() != "8" || got[StepGap].Formula != "last_gap" || got[StepDue].Period.String() != "2026-06-30" {
		t.Errorf("not reported: %+v, want the last known value, its gap and the due day", got)
	}
	_, got, _ = steps("activities", "city", 2025, "2026-12-01", "activities 2022 400", "activities 2025 400")
	if got[StepFloor].Value.String() != "800" || got[StepFloor].Formula != string(HowTotal) {
		t.Errorf("floor %+v, want at least 800", got[StepFloor])
	}
	_, got, _ = steps("childcare", "city", 2025, "2026-03-31", "childcare 2025 6.0 of=77000/12900000")
	if s := got[StepPublished]; len(s.Operands) != 4 || brief(s.Value) != "5.968992" {
		t.Errorf("published and computed %+v, want both", s)
	}
	_, got, _ = steps("blocks", "city", 2022, "2023-03-01", "blocks 2022 1 "+at(16))
	if s := got[StepUnits]; len(s.Operands) != 8 || got[StepValue].Formula != string(HowCounted) {
		t.Errorf("units %+v, want the counts", s)
	}
	_, got, _ = steps("toilets", "city", 2025, "2026-03-01", "toilets 2025 100 of=10/10 "+at(16))
	if s := got[StepValue]; s.Formula != string(HowRatio) || s.Operands[0].Value.String() != "160" {
		t.Errorf("rolled up %+v, want 160 ÷ 160", s)
	}
	a, got, _ := steps("regulation", "city", 2022, "2023-03-01", "regulation 2022-10-01 1")
	if len(got) != 1 || got[StepValue].Period.String() != "2022-10-01" {
		t.Errorf("deliverable %+v by %s, want the act alone", got, a.Rule)
	}
	_, got, _ = steps("stable", "city", 2025, "2026-03-01", "stable 2020 4.1 kind=baseline", "stable 2025 4.2")
	if got[StepTarget].Value.String() != "4.1" {
		t.Errorf("target to hold %s, want the baseline's 4.1", got[StepTarget].Value)
	}
}
