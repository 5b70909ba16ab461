package indicators

import (
	"errors"
	"testing"
	"time"
)

func TestPlanAsOf(t *testing.T) {
	p := Plan{TimeZone: "Asia/Shanghai"}
	now := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC) // 25 November, 01:00 in Shanghai
	for _, c := range []struct {
		asked string
		want  string
		ok    bool
	}{
		{"", "2026-11-25", true},
		{"2026-11-25", "2026-11-25", true},
		{"2024-01-01", "2024-01-01", true},
		{"2025-06", "2025-06-30", true},
		{"2026-11-26", "", false},
		{"2026", "", false},
	} {
		got, err := p.AsOf(MustPeriod(c.asked), now)
		if (err == nil) != c.ok || got.String() != c.want {
			t.Errorf("AsOf(%q) = %s, %v, want %q", c.asked, got, err, c.want)
		}
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Kind != Invalid) {
			t.Errorf("AsOf(%q) fails with %v, want Invalid", c.asked, err)
		}
	}
}

func TestResultsDue(t *testing.T) {
	plan := Plan{ResultsDue: "03-31"}
	round := ResultsDue{2025: MustPeriod("2026-02-15")}
	for _, c := range []struct {
		due  ResultsDue
		plan Plan
		year int
		want string
	}{
		{nil, Plan{}, 2022, "2023-06-30"},
		{nil, Plan{ResultsDue: "nonsense"}, 2022, "2023-06-30"},
		{nil, plan, 2022, "2023-03-31"},
		{round, plan, 2022, "2023-03-31"},
		{round, plan, 2025, "2026-02-15"},
	} {
		if got := c.due.On(c.plan, c.year); got.String() != c.want {
			t.Errorf("On(%d) = %s, want %s", c.year, got, c.want)
		}
	}
	l := zhengzhou(t)
	for day, want := range map[string]Status{"2026-02-15": Awaiting, "2026-02-16": NotReported} {
		target := l.TargetsOf("hospitals")[0]
		a, ok := Know(l, nil, MustPeriod(day), round).Assess(l.Indicator("hospitals"), "city", &target, 2025)
		if !ok || a.Status != want {
			t.Errorf("with a round due 2026-02-15, on %s: %s, want %s", day, a.Status, want)
		}
	}
}

func TestKnownOn(t *testing.T) {
	p := Plan{Issued: MustPeriod("2022-04-12")}
	for _, c := range []struct {
		o    Observation
		want string
	}{
		{Observation{Period: YearOf(2022), Published: MustPeriod("2023-03")}, "2023-03-31"},
		{Observation{Period: YearOf(2022), Published: MustPeriod("2023-03-02")}, "2023-03-02"},
		{Observation{Period: YearOf(2022), Kind: Result}, "2023-12-31"},
		{Observation{Period: MustPeriod("2022-07"), Kind: Result}, "2022-12-31"},
		{Observation{Period: YearOf(2020), Kind: Baseline}, "2022-04-12"},
	} {
		if got := c.o.KnownOn(p); got.String() != c.want {
			t.Errorf("KnownOn(%s published %q) = %s, want %s", c.o.Period, c.o.Published, got, c.want)
		}
	}
}

func TestInForce(t *testing.T) {
	p := Plan{Issued: MustPeriod("2022-04-12")}
	old, changed := Target{Until: MustPeriod("2024-05-31")}, Target{From: MustPeriod("2024-06-01")}
	for _, c := range []struct {
		day          string
		old, changed bool
	}{
		{"2022-04-11", false, false}, {"2022-04-12", true, false}, {"2024-05-31", true, false}, {"2024-06-01", false, true},
	} {
		day := MustPeriod(c.day)
		if old.InForce(p, day) != c.old || changed.InForce(p, day) != c.changed {
			t.Errorf("on %s: in force %v and %v, want %v and %v", c.day, old.InForce(p, day), changed.InForce(p, day), c.old, c.changed)
		}
	}
}

func TestAChangedTargetIsJudgedAsItStood(t *testing.T) {
	p := zhengzhou(t)
	p.targets["hospitals"] = []Target{
		mustTarget(t, "hospitals", "2025 ge 10 until=2024-05-31", "四(二)16"),
		mustTarget(t, "hospitals", "2025 ge 12 from=2024-06-01", "四(二)16"),
	}
	obs := mustObservations(t, "hospitals 2023 10")
	for day, want := range map[string]string{"2024-05-31": "10", "2024-06-01": "12"} {
		got := Know(p, obs, MustPeriod(day), nil).AssessIndicator(p.Indicator("hospitals"))
		if len(got) != 1 || got[0].Target.Value.String() != want {
			t.Errorf("on %s: %d assessments, the first against %s, want one against %s", day, len(got), got[0].Target.Value, want)
		}
	}
	if n := len(Know(p, obs, MustPeriod("2024-06-01"), nil).TargetsOf("hospitals")); n != 1 {
		t.Errorf("%d targets in force, want 1", n)
	}
}

func TestWithdrawal(t *testing.T) {
	l := zhengzhou(t)
	obs := mustObservations(t, "hospitals 2025 10 pub=2026-03-01", "hospitals 2025 90 pub=2026-04-01")
	wrong := Withdrawal{Of: obs[1], On: MustPeriod("2026-05-01")}
	for _, c := range []struct {
		day  string
		want string
	}{
		{"2026-02-28", ""}, {"2026-03-01", "10"}, {"2026-04-01", "90"}, {"2026-04-30", "90"}, {"2026-05-01", "10"},
	} {
		k := Know(l, obs, MustPeriod(c.day), nil, wrong)
		got := ""
		if standing := k.Standing("hospitals", "city"); len(standing) == 1 {
			got = standing[0].Value.String()
		}
		if got != c.want {
			t.Errorf("on %s %q stands, want %q", c.day, got, c.want)
		}
		if n := len(k.Filter(obs)); (n > 0) != (c.want != "") {
			t.Errorf("on %s %d figures are known", c.day, n)
		}
	}
	if Know(l, obs, MustPeriod("2026-05-01"), nil).Standing("nothing", "city") != nil || Know(l, nil, MustPeriod("2026-05-01"), nil).Standing("hospitals", "nowhere") != nil {
		t.Error("something stands of nothing")
	}
}

func TestKnowWithoutACity(t *testing.T) {
	l := NewLibrary(&Package{Indicators: []Indicator{{Code: "a", Direction: Higher}}, Targets: []Target{{Indicator: "a", Milestone: "2025"}}})
	if got := AssessPlan(l, nil, MustPeriod("2025-01-01"), nil); len(got) != 0 {
		t.Errorf("%d assessments of a plan without a city, want none", len(got))
	}
	if got := Groups(l, nil, ByPlan, 2025); len(got) != 1 || got[0].Targets != 0 || got[0].Rate.Present() || got[0].Low.Present() {
		t.Errorf("groups of nothing: %+v", got)
	}
}
