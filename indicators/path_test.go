package indicators

import "testing"

func TestRequired(t *testing.T) {
	straight := func(points ...string) Trajectory {
		var tr Trajectory
		for i := 0; i+1 < len(points); i += 2 {
			tr.Path = append(tr.Path, PathPoint{MustPeriod(points[i]), MustNumber(points[i+1])})
		}
		return tr
	}
	bent := straight("2020", "10", "2022", "16", "2025", "50")
	places := straight("2020", "1.36", "2025", "6")
	for _, c := range []struct {
		path     Trajectory
		at, want string
	}{
		{Trajectory{}, "2022", ""},
		{bent, "2019", ""},
		{bent, "2026", ""},
		{bent, "2020", "10"},
		{bent, "2022", "16"},
		{bent, "2023", "27.3"},
		{bent, "2024", "38.7"},
		{bent, "2025-12-31", "50"},
		{places, "2023", "4.1"},
		{places, "2023-04", "3.5"},
	} {
		got := c.path.Required(MustPeriod(c.at))
		if want := MustNumber(c.want); got.Present() != want.Present() || !got.Decimal().Round(1).Equal(want.Decimal()) {
			t.Errorf("Required(%s) = %s, want %s", c.at, got, c.want)
		}
	}
}

func TestCorrected(t *testing.T) {
	was := Observation{Period: YearOf(2022), Basis: Level, Value: MustNumber("1120"), Published: MustPeriod("2023-01-01")}
	same := Observation{Period: YearOf(2022), Basis: Level, Value: MustNumber("1356"), Published: MustPeriod("2023-02-01")}
	other := Observation{Period: YearOf(2021), Basis: Level, Value: MustNumber("7"), Published: MustPeriod("2023-02-01")}
	now := Observation{Period: YearOf(2022), Basis: Level, Value: MustNumber("1356"), Published: MustPeriod("2023-03-01")}
	tr := Trajectory{Earlier: []Observation{was, same, other}, Results: []Observation{now}}
	if got := tr.Corrected(&now); len(got) != 1 || got[0].Value.String() != "1120" {
		t.Errorf("Corrected = %v, want the one edition of another value", got)
	}
}

func TestTrajectoryValue(t *testing.T) {
	base := Observation{Value: MustNumber("42")}
	tr := Trajectory{Baseline: &base}
	if got := tr.Value(&Target{Comparator: Hold}); got.String() != "42" {
		t.Errorf("Value(hold) = %s, want the baseline's 42", got)
	}
	if got := tr.Value(&Target{Comparator: GE, Value: MustNumber("6")}); got.String() != "6" {
		t.Errorf("Value(ge) = %s, want 6", got)
	}
	if got := (&Trajectory{}).Value(&Target{Comparator: Hold}); got.Present() {
		t.Errorf("Value(hold without a baseline) = %s, want none", got)
	}
}
