package indicators

import (
	"slices"
	"testing"
)

func TestProject(t *testing.T) {
	l := zhengzhou(t)
	d := 1
	ind := l.Indicator("inclusive")
	ind.Decimals, ind.Max = &d, MustNumber("100")
	project := func(lines ...string) (Projection, bool) {
		return Know(l, mustObservations(t, lines...), MustPeriod("2024-12-31"), nil).Project(ind, "city", &l.TargetsOf("inclusive")[0])
	}
	if _, ok := project("inclusive 2022 80", "inclusive 2023 82"); ok {
		t.Error("projected from two values")
	}
	if _, ok := project("inclusive 2022 80", "inclusive 2023 82", "inclusive 2024-06 85"); ok {
		t.Error("projected with a figure dated within its year")
	}
	if _, ok := project("inclusive 2022 80", "inclusive 2023 82 q=B", "inclusive 2024 85"); ok {
		t.Error("projected across a break")
	}
	if _, ok := project("inclusive 2022 80", "inclusive 2023 82 bound=ge", "inclusive 2024 85"); ok {
		t.Error("projected with a bounded value")
	}
	p, ok := project("inclusive 2020 80 kind=baseline", "inclusive 2022 82", "inclusive 2024 90")
	if !ok || p.Values != 3 || p.Slope != 2.5 || p.Low != 1 || p.High != 4 {
		t.Fatalf("projection %+v (%v), want slope 2.5 between 1 and 4", p, ok)
	}
	if len(p.Points) != 1 || p.Points[0].Value.String() != "92.5" || p.Points[0].Low.String() != "91.0" || p.Points[0].High.String() != "94.0" {
		t.Errorf("points %+v, want 92.5 within 91 and 94 in 2025", p.Points)
	}
	if p, ok = project("inclusive 2021 70", "inclusive 2022 80", "inclusive 2023 90", "inclusive 2024 99"); !ok || p.Points[0].High.String() != "100" {
		t.Errorf("points %+v, want no more than what can be true", p.Points)
	}
	if _, ok := Know(l, nil, MustPeriod("2024-12-31"), nil).Project(l.Indicator("regulation"), "city", &l.TargetsOf("regulation")[0]); ok {
		t.Error("projected a deliverable")
	}
}

func TestRequiredPath(t *testing.T) {
	l := zhengzhou(t)
	for _, c := range []struct {
		name string
		ind  Code
		n    int
		obs  []string
		want []string
	}{
		{"through both milestones", "libraries", 1, []string{"libraries 2020 10 kind=baseline"}, []string{"2020 10", "2022 16", "2025 50"}},
		{"without a baseline", "libraries", 1, nil, nil},
		{"a milestone that the start satisfies is no corner", "libraries", 1, []string{"libraries 2020 20 kind=baseline"}, []string{"2020 20", "2025 50"}},
		{"nor is there a path to it", "libraries", 0, []string{"libraries 2020 20 kind=baseline"}, nil},
		{"a running total from 0, through the first year's amount", "activities", 1, nil, []string{"2021 0", "2022 400", "2025 1600"}},
		{"an amount of one year", "activities", 0, nil, nil},
		{"a window from 2021: 2022's amount is no point of it", "schools", 1, nil, []string{"2020 0", "2025 150"}},
		{"a change from 0 at its base year", "injury", 0, nil, []string{"2020 0", "2025 -20"}},
		{"a new count", "hospitals", 0, nil, []string{"2021 0", "2025 10"}},
		{"across a break", "libraries", 1, []string{"libraries 2020 10 kind=baseline", "libraries 2023 4 q=B"}, nil},
		{"a standing target", "retention", 0, []string{"retention 2020 99 kind=baseline"}, nil},
		{"to a band's nearer edge", "band", 0, []string{"band 2020 70 kind=baseline"}, []string{"2020 70", "2025 60"}},
	} {
		var got []string
		k := Know(l, mustObservations(t, c.obs...), MustPeriod("2024-12-31"), nil)
		for _, p := range k.RequiredPath(l.Indicator(c.ind), "city", &l.TargetsOf(c.ind)[c.n]) {
			got = append(got, p.At.String()+" "+p.Value.String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: path of %s %v, want %v", c.name, c.ind, got, c.want)
		}
	}
}

func TestTrajectoryPath(t *testing.T) {
	l := zhengzhou(t)
	obs := mustObservations(t, "libraries 2020 10 kind=baseline", "libraries 2022 16")
	tr := NewTrajectory(Know(l, obs, MustPeriod("2024-12-31"), nil), l.Indicator("libraries"), l.City(), obs)
	if len(tr.Path) != 3 || tr.Path[2].Value.String() != "50" {
		t.Errorf("path %v, want three corners to 50", tr.Path)
	}
}

func TestRequiredBetweenCorners(t *testing.T) {
	path := []PathPoint{{YearOf(2020), MustNumber("1.36")}, {YearOf(2025), MustNumber("6")}}
	for at, want := range map[string]string{"2019": "1.36", "2020": "1.36", "2023": "4.144", "2025": "6", "2026": "6"} {
		if got := required(path, MustPeriod(at).Months()); trim(got.value()).String() != want {
			t.Errorf("required in %s = %s, want %s", at, got.value(), want)
		}
	}
}
