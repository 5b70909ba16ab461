package indicators

import (
	"fmt"
	"testing"
)

// judgedCase is one row of a table test: what is known, on which day, and what the
// rule says. Numbers that a row leaves empty are not compared; "-" is absent.
type judgedCase struct {
	name  string // what is tested, with the clause of the plan
	ind   Code
	area  Code
	m     int
	asOf  string
	obs   []string
	want  Status
	rule  string // its name
	att   string
	gap   string
	pace  string
	need  string // required yearly pace
	value string // used
	last  string // last gap
	more  func(*testing.T, Assessment)
}

func runCases(t *testing.T, cases []judgedCase) {
	t.Helper()
	l := zhengzhou(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			area := c.area
			if area == "" {
				area = "city"
			}
			a := mustAssess(t, l, c.ind, area, c.m, c.asOf, mustObservations(t, c.obs...))
			if a.Status != c.want || c.rule != "" && a.Rule.Name != c.rule {
				t.Errorf("Assess(%s %d on %s) = %s by %s, want %s by %s", c.ind, c.m, c.asOf, a.Status, a.Rule, c.want, c.rule)
			}
			value := Number{}
			if a.Value != nil {
				value = a.Value.Value
			}
			for _, n := range []struct {
				name string
				got  Number
				want string
			}{
				{"attainment", a.Attainment, c.att},
				{"gap", a.Gap, c.gap},
				{"pace", a.Pace, c.pace},
				{"required pace", a.RequiredPace, c.need},
				{"value", value, c.value},
				{"last gap", a.LastGap, c.last},
			} {
				if n.want != "" && brief(n.got) != n.want {
					t.Errorf("Assess(%s %d on %s): %s %s, want %s", c.ind, c.m, c.asOf, n.name, brief(n.got), n.want)
				}
			}
			if c.more != nil {
				c.more(t, a)
			}
		})
	}
}

func TestAssessStock(t *testing.T) {
	runCases(t, []judgedCase{
		{
			name: "四(四)31 a stock of 5, 12, 22 is 22, not 39", ind: "libraries", m: 2025, asOf: "2024-12-31",
			obs:  []string{"libraries 2022 5", "libraries 2023 12", "libraries 2024 22"},
			want: InProgress, rule: "in_progress", value: "22", gap: "28", att: "44", need: "28", pace: "-",
		},
		{
			name: "四(四)31 16 of 16 in 2022", ind: "libraries", m: 2022, asOf: "2023-05-01",
			obs: []string{"libraries 2022 16"}, want: Met, rule: "met", att: "100", gap: "0", need: "-",
		},
		{
			name: "四(四)31 15 of 16 in 2022", ind: "libraries", m: 2022, asOf: "2023-05-01",
			obs: []string{"libraries 2022 15"}, want: Missed, rule: "missed", att: "93.75", gap: "1",
		},
		{
			name: "四(四)31 late: 15 in 2022, 16 in 2023; attainment and gap of 2022 stay", ind: "libraries", m: 2022, asOf: "2024-05-01",
			obs: []string{"libraries 2022 15", "libraries 2023 16"}, want: MetLate, rule: "met_late", att: "93.75", gap: "1", value: "15",
			more: func(t *testing.T, a Assessment) {
				if a.Later == nil || a.Later.Period != YearOf(2023) {
					t.Errorf("later figure %v, want that of 2023", a.Later)
				}
			},
		},
		{
			name: "四(四)31 late, and lost again: still met late", ind: "libraries", m: 2022, asOf: "2025-05-01",
			obs: []string{"libraries 2022 15", "libraries 2023 16", "libraries 2024 14"}, want: MetLate,
		},
		{
			name: "四(四)31 a result published after the day is not there", ind: "libraries", m: 2022, asOf: "2024-05-01",
			obs: []string{"libraries 2022 15", "libraries 2023 16 pub=2024-06"}, want: Missed,
		},
		{
			name: "四(四)31 no result for 2022: awaiting on the due day", ind: "libraries", m: 2022, asOf: "2023-06-30",
			want: Awaiting, rule: "awaiting", att: "-", gap: "-", value: "-",
		},
		{
			name: "四(四)31 no result for 2022: not reported the day after", ind: "libraries", m: 2022, asOf: "2023-07-01",
			want: NotReported, rule: "not_reported", att: "-", gap: "-",
		},
		{
			name: "四(四)31 only an old value: never missed, its gap dated beside", ind: "libraries", m: 2025, asOf: "2026-11-25",
			obs: []string{"libraries 2023 12"}, want: NotReported, att: "-", gap: "-", last: "38", value: "-",
			more: func(t *testing.T, a Assessment) {
				if a.Latest == nil || a.LastGapAt != YearOf(2023) {
					t.Errorf("last known %v of %v, want that of 2023", a.Latest, a.LastGapAt)
				}
			},
		},
		{
			name: "四(四)31 reached by a later year at the latest", ind: "libraries", m: 2022, asOf: "2024-11-25",
			obs: []string{"libraries 2023 20"}, want: NotReported,
			more: func(t *testing.T, a Assessment) {
				if a.Later == nil || a.Later.Period != YearOf(2023) {
					t.Errorf("later figure %v, want reached by 2023 at the latest", a.Later)
				}
			},
		},
		{
			name: "四(四)31 met early on an earlier figure once 2025 has ended", ind: "libraries", m: 2025, asOf: "2026-11-25",
			obs: []string{"libraries 2024 50"}, want: MetEarly, rule: "met_on_earlier_figure", att: "-", gap: "-", last: "0", value: "50",
			more: func(t *testing.T, a Assessment) {
				if !a.OnEarlierFigure || a.Monitorable() || a.Satisfied() {
					t.Errorf("on an earlier figure: %v, monitorable %v, want out of the rate", a.OnEarlierFigure, a.Monitorable())
				}
			},
		},
		{
			name: "四(四)31 an earlier figure satisfies, a later one falls short: not met early", ind: "libraries", m: 2022, asOf: "2024-11-25",
			obs: []string{"libraries 2021 16", "libraries 2023 15"}, want: NotReported,
		},
		{
			name: "四(四)31 reached and then lost before 2025: the latest counts", ind: "libraries", m: 2025, asOf: "2026-11-25",
			obs: []string{"libraries 2023 55", "libraries 2024 48"}, want: NotReported,
		},
		{
			name: "四(四)31 the path 10, 16, 50 asks 38.7 in 2024", ind: "libraries", m: 2025, asOf: "2025-03-01",
			obs:  []string{"libraries 2020 10 kind=baseline", "libraries 2024 38"},
			want: OnTrack, rule: "pace_on_track", pace: "0.976744", gap: "12", need: "12", att: "70",
			more: func(t *testing.T, a Assessment) {
				if got := brief(a.Required); got != "38.666667" {
					t.Errorf("required %s, want 38.666667", got)
				}
			},
		},
		{
			name: "四(四)31 27.3 in 2023: 23 is at risk", ind: "libraries", m: 2025, asOf: "2024-03-01",
			obs:  []string{"libraries 2020 10 kind=baseline", "libraries 2023 23"},
			want: AtRisk, rule: "pace_at_risk", pace: "0.75", need: "13.5",
		},
		{
			name: "四(四)31 just below: off track", ind: "libraries", m: 2025, asOf: "2024-03-01",
			obs: []string{"libraries 2020 10 kind=baseline", "libraries 2023 22"}, want: OffTrack, rule: "pace_off_track",
		},
		{
			name: "四(四)31 on track needs a result of 18 months: to the end of the 18th", ind: "libraries", m: 2025, asOf: "2024-06-30",
			obs: []string{"libraries 2020 10 kind=baseline", "libraries 2022 16"}, want: OnTrack,
		},
		{
			name: "四(四)31 the day after: in progress with its age, the pace still told", ind: "libraries", m: 2025, asOf: "2024-07-01",
			obs: []string{"libraries 2020 10 kind=baseline", "libraries 2022 16"}, want: InProgress, rule: "pace_too_old", pace: "1",
			more: func(t *testing.T, a Assessment) {
				if a.Age != 19 || !a.Old {
					t.Errorf("age %d, old %v, want 19 months", a.Age, a.Old)
				}
			},
		},
		{
			name: "四(四)31 off track stands however old", ind: "libraries", m: 2025, asOf: "2025-12-31",
			obs: []string{"libraries 2020 10 kind=baseline", "libraries 2022 11"}, want: OffTrack,
		},
		{
			name: "四(四)31 the baseline alone is no result", ind: "libraries", m: 2025, asOf: "2025-06-30",
			obs: []string{"libraries 2020 10 kind=baseline"}, want: NoData, rule: "no_data", att: "-", gap: "-",
		},
		{
			name: "四(二)16 only a 2025 target: a new count starts at 0 before the plan's first year", ind: "hospitals", m: 2025, asOf: "2024-03-01",
			obs: []string{"hospitals 2023 5"}, want: OnTrack, pace: "1", att: "50", need: "2.5",
		},
		{
			name: "四(二)16 a new count from increases alone", ind: "hospitals", m: 2025, asOf: "2026-03-01",
			obs:  []string{"hospitals 2022 3 +added", "hospitals 2023 2 +added", "hospitals 2024 4 +added", "hospitals 2025 1 +added"},
			want: Met, value: "10",
		},
		{
			name: "四(二)16 a gap among the increases: nothing is invented", ind: "hospitals", m: 2025, asOf: "2026-12-01",
			obs:  []string{"hospitals 2022 3 +added", "hospitals 2024 40 +added", "hospitals 2025 1 +added"},
			want: NotReported,
		},
		{
			name: "四(五)55 only a 2022 target", ind: "legal-bases", m: 2022, asOf: "2026-11-25",
			obs: []string{"legal-bases 2022 5"}, want: Met,
		},
		{
			name: "四(四)31 a figure of December stands for the year", ind: "libraries", m: 2022, asOf: "2023-05-01",
			obs: []string{"libraries 2022-12 16"}, want: Met,
		},
		{
			name: "四(四)31 the year's figure goes before one dated December", ind: "libraries", m: 2022, asOf: "2023-05-01",
			obs: []string{"libraries 2022-12 16", "libraries 2022 15"}, want: Missed, value: "15",
		},
		{
			name: "四(四)31 a level dated 2022-07 is a result before 2022", ind: "libraries", m: 2022, asOf: "2023-07-09",
			obs: []string{"libraries 2022-07 16"}, want: MetEarly, rule: "met_on_earlier_figure",
		},
		{
			name: "四(四)31 a level of 2022-07 that falls short is no miss, and never fills 2025", ind: "libraries", m: 2022, asOf: "2023-07-09",
			obs: []string{"libraries 2022-07 9"}, want: NotReported, last: "7",
		},
		{
			name: "四(三)22 an average is never summed", ind: "subsidy", m: 2025, asOf: "2026-12-01",
			obs:  []string{"subsidy 2020 19000 kind=baseline", "subsidy 2021 2000 +added", "subsidy 2022 2000 +added", "subsidy 2023 2000 +added", "subsidy 2024 1000 +added", "subsidy 2025 1000 +added"},
			want: NotReported,
		},
		{
			name: "四(三)22 19000 to 25000: 22000 is half way", ind: "subsidy", m: 2025, asOf: "2026-03-01",
			obs: []string{"subsidy 2020 19000 kind=baseline", "subsidy 2025 22000"}, want: Missed, att: "50", gap: "3000",
		},
	})
}

func TestAssessRefusesWhatIsNotJudged(t *testing.T) {
	l := zhengzhou(t)
	k := Know(l, mustObservations(t, "application 2022-02-20 1", "libraries 2022 16 @jinshui"), MustPeriod("2023-01-01"), nil)
	for _, c := range []struct {
		name string
		ind  Code
		area Code
	}{
		{"a city's target in a district", "libraries", "jinshui"},
		{"an unknown area", "libraries", "nowhere"},
		{"shown, not judged", "shown", "city"},
		{"done before the plan was issued", "application", "city"},
		{"townships are not listed", "vaccination", "jinshui"},
	} {
		target := l.TargetsOf(c.ind)[0]
		if a, ok := k.Assess(l.Indicator(c.ind), c.area, &target, 0); ok {
			t.Errorf("%s: Assess(%s in %s) = %s, want no assessment", c.name, c.ind, c.area, a.Status)
		}
	}
	before := Know(l, nil, MustPeriod("2022-04-11"), nil)
	if got := before.AssessPlan(); len(got) != 0 {
		t.Errorf("%d assessments before the plan was issued, want none", len(got))
	}
}

func TestAssessQuestion(t *testing.T) {
	l := zhengzhou(t)
	a, ok := Assess(Question{
		Library: l, Observations: mustObservations(t, "libraries 2022 16"), Indicator: "libraries", Area: "city",
		Target: l.TargetsOf("libraries")[0], AsOf: MustPeriod("2023-05-01"),
	})
	if !ok || a.Status != Met || a.Rule.String() != "ended 1 met" || a.Milestone != 2022 {
		t.Errorf("Assess = %s by %s at %d (%v), want met by ended 1 met at 2022", a.Status, a.Rule, a.Milestone, ok)
	}
	if _, ok := Assess(Question{Library: l, Indicator: "nothing", Area: "city", AsOf: MustPeriod("2023-05-01")}); ok {
		t.Error("an unknown indicator was assessed")
	}
}

func TestStatusesAndRules(t *testing.T) {
	if got := len(Statuses()); got != 12 || len(Met.Allowed()) != 12 {
		t.Errorf("%d statuses, want 12", got)
	}
	names := map[string]bool{}
	last := map[RuleTable]int{}
	given := map[Status]bool{}
	for _, r := range StatusRules() {
		key := fmt.Sprint(r.Table, ".", r.Name)
		if names[key] {
			t.Errorf("two rules are named %s", key)
		}
		names[key], given[r.Status] = true, true
		if r.Number < last[r.Table] {
			t.Errorf("rule %s stands after %d", r, last[r.Table])
		}
		last[r.Table] = r.Number
		if r.Status.place() < 0 {
			t.Errorf("rule %s gives %q, no status", r, r.Status)
		}
	}
	for _, s := range Statuses() {
		if !given[s] {
			t.Errorf("no rule gives %s", s)
		}
	}
	for _, table := range []RuleTable{EndedRules, OpenRules, DeliverableRules, EachEndedRules, EachOpenRules} {
		if r := decide(table, &facts{}); r.Status == "" {
			t.Errorf("table %s decides nothing of nothing", table)
		}
	}
}
