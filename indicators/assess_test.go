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

func TestAssessAmounts(t *testing.T) {
	runCases(t, []judgedCase{
		{
			name: "四(二)17 400 + 380 towards 1600 is 780", ind: "activities", m: 2025, asOf: "2024-03-01",
			obs:  []string{"activities 2022 400", "activities 2023 380"},
			want: OnTrack, att: "48.75", value: "780", gap: "820", pace: "0.975", need: "410",
		},
		{
			name: "四(二)17 the first year's 400 is a point of the path", ind: "activities", m: 2025, asOf: "2022-12-31",
			obs: []string{"activities 2022 380"}, want: OnTrack, rule: "pace_on_track", pace: "0.95",
		},
		{
			name: "四(二)17 with a year missing, at least N that does not reach", ind: "activities", m: 2025, asOf: "2026-12-01",
			obs:  []string{"activities 2022 400", "activities 2024 400", "activities 2025 400"},
			want: NotReported, gap: "-", att: "-",
			more: func(t *testing.T, a Assessment) {
				if a.Floor == nil || brief(a.Floor.Value) != "1200" || !a.Floor.AtLeast {
					t.Errorf("floor %v, want at least 1200", a.Floor)
				}
			},
		},
		{
			name: "四(二)17 with a year missing, at least N that reaches", ind: "activities", m: 2025, asOf: "2026-12-01",
			obs: []string{"activities 2022 400", "activities 2024 800", "activities 2025 400"}, want: Met, value: "1600",
		},
		{
			name: "四(二)17 m itself must have a figure", ind: "activities", m: 2025, asOf: "2026-12-01",
			obs: []string{"activities 2022 400", "activities 2023 400", "activities 2024 400"}, want: NotReported,
		},
		{
			name: "四(二)17 reached before m, m silent: met on an earlier figure", ind: "activities", m: 2025, asOf: "2026-12-01",
			obs: []string{"activities 2022 800", "activities 2023 800"}, want: MetEarly, rule: "met_on_earlier_figure",
		},
		{
			name: "四(二)17 a reported running total closes the gap", ind: "activities", m: 2025, asOf: "2026-12-01",
			obs:  []string{"activities 2022 400", "activities 2024 1100 +cumulative", "activities 2025 380"},
			want: Missed, value: "1480", gap: "120", att: "92.5",
		},
		{
			name: "四(二)17 the reported running total stands as reported", ind: "activities", m: 2025, asOf: "2026-12-01",
			obs:  []string{"activities 2022 400", "activities 2023 400", "activities 2024 400", "activities 2025 400", "activities 2025 1590 +cumulative"},
			want: Missed, value: "1590",
		},
		{
			name: "四(二)17 several figures of one year are each the year to date", ind: "activities", m: 2022, asOf: "2022-10-01",
			obs:  []string{"activities 2022-03 100", "activities 2022-09 390"},
			want: InProgress, rule: "amount_to_date", value: "390", gap: "10", att: "97.5", need: "-",
		},
		{
			name: "四(二)17 400 by September is met early", ind: "activities", m: 2022, asOf: "2022-10-01",
			obs: []string{"activities 2022-09 400"}, want: MetEarly, rule: "met_early", att: "100",
		},
		{
			name: "四(二)17 400 by September is x(2022) once the year has ended", ind: "activities", m: 2022, asOf: "2023-10-01",
			obs: []string{"activities 2022-09 400"}, want: Met,
		},
		{
			name: "四(二)17 a running total to date reaches 1600", ind: "activities", m: 2025, asOf: "2026-10-01",
			obs: []string{"activities 2024 1500 +cumulative", "activities 2025-08 100"}, want: Met, value: "1600",
		},
		{
			name: "四(二)17 a running total to date that does not reach is a result before m", ind: "activities", m: 2025, asOf: "2026-10-01",
			obs: []string{"activities 2024 1500 +cumulative", "activities 2025-08 99"}, want: NotReported, last: "1",
		},
		{
			name: "四(二)10 48165 of 49000 by August is no miss", ind: "seats", m: 2022, asOf: "2022-09-01",
			obs: []string{"seats 2022-08 48165 +added"}, want: InProgress, rule: "amount_to_date", gap: "835", att: "98.295918",
		},
		{
			name: "四(二)10 nor once 2022 has ended", ind: "seats", m: 2022, asOf: "2023-09-01",
			obs: []string{"seats 2022-08 48165 +added"}, want: NotReported, last: "835", gap: "-",
		},
		{
			name: "四(二)10 an amount of another year says nothing of this one", ind: "care", m: 2022, asOf: "2022-09-01",
			obs: []string{"care 2021 150"}, want: NoData, rule: "amount_of_another_year", att: "-", value: "-",
		},
		{
			name: "四(三)23 an amount of one year is never met late or early", ind: "care", m: 2022, asOf: "2024-09-01",
			obs: []string{"care 2022 90", "care 2023 150"}, want: Missed,
			more: func(t *testing.T, a Assessment) {
				if a.Later != nil {
					t.Errorf("later figure %v beside an amount of one year, want none", a.Later)
				}
			},
		},
		{
			name: "四(三)23 nor on an earlier figure", ind: "care", m: 2022, asOf: "2024-09-01",
			obs: []string{"care 2021 150", "care 2023 150"}, want: NotReported,
		},
		{
			name: "四(一)6 an increase in 2022", ind: "social-workers", m: 2022, asOf: "2023-09-01",
			obs: []string{"social-workers 2022 200 +added"}, want: Met,
		},
		{
			name: "四(一)6 the increase from two levels", ind: "social-workers", m: 2022, asOf: "2023-09-01",
			obs: []string{"social-workers 2021 1000", "social-workers 2022 1190"}, want: Missed, value: "190", gap: "10", att: "95",
		},
		{
			name: "四(一)6 a level in 2025 from the last level and later increases", ind: "social-workers", m: 2025, asOf: "2026-09-01",
			obs:  []string{"social-workers 2022 1200", "social-workers 2023 400 +added", "social-workers 2024 400 +added", "social-workers 2025 500 +added"},
			want: Met, value: "2500",
		},
		{
			name: "四(一)6 increases without a level: no level is invented", ind: "social-workers", m: 2025, asOf: "2026-09-01",
			obs: []string{"social-workers 2022 2600 +added"}, want: NotReported,
			more: func(t *testing.T, a Assessment) {
				if a.Other == nil || a.Other.Basis != Added {
					t.Errorf("other basis %v, want the increase beside", a.Other)
				}
			},
		},
		{
			name: "四(二)10 a window that starts in 2021", ind: "schools", m: 2025, asOf: "2026-09-01",
			obs:  []string{"schools 2021 40", "schools 2022 28", "schools 2023 30", "schools 2024 30", "schools 2025 22"},
			want: Met, value: "150",
		},
		{
			name: "四(二)10 its path begins at 0 at the end of 2020", ind: "schools", m: 2025, asOf: "2022-12-31",
			obs: []string{"schools 2021 20", "schools 2022 28"}, want: AtRisk, pace: "0.8",
		},
		{
			name: "四(二)10 without 2021 the sum is a floor", ind: "schools", m: 2025, asOf: "2026-09-01",
			obs:  []string{"schools 2022 28", "schools 2023 30", "schools 2024 30", "schools 2025 22"},
			want: NotReported,
		},
		{
			name: "四(五)49 an amount under a ceiling is never met early", ind: "accidents", m: 2025, asOf: "2025-09-01",
			obs: []string{"accidents 2025-08 40"}, want: InProgress, rule: "in_progress",
		},
		{
			name: "四(五)49 nor met by a part of the year", ind: "accidents", m: 2025, asOf: "2026-09-01",
			obs: []string{"accidents 2025-08 40"}, want: NotReported,
		},
		{
			name: "四(五)49 but missed by a part of it", ind: "accidents", m: 2025, asOf: "2026-09-01",
			obs: []string{"accidents 2025-08 101"}, want: Missed, gap: "1",
		},
		{
			name: "四(五)49 and off track once over it", ind: "accidents", m: 2025, asOf: "2025-09-01",
			obs: []string{"accidents 2025-08 101"}, want: OffTrack, rule: "lost",
		},
		{
			name: "五(一)3 a running total under a ceiling is never met early", ind: "spending", m: 2025, asOf: "2025-09-01",
			obs: []string{"spending 2022 100", "spending 2023 100"}, want: InProgress, rule: "in_progress",
		},
		{
			name: "五(一)3 nor on an earlier figure", ind: "spending", m: 2025, asOf: "2026-09-01",
			obs: []string{"spending 2022 100", "spending 2023 100"}, want: NotReported,
		},
		{
			name: "五(一)3 passed with a year missing", ind: "spending", m: 2025, asOf: "2026-09-01",
			obs: []string{"spending 2022 600", "spending 2025 500"}, want: Missed,
		},
		{
			name: "五(一)3 off track once passed", ind: "spending", m: 2025, asOf: "2025-09-01",
			obs: []string{"spending 2022 600", "spending 2023 500"}, want: OffTrack, rule: "lost",
		},
		{
			name: "exact decimals in sums: 0.7 + 0.1 meets 0.8 (traps)", ind: "spending", m: 2025, asOf: "2026-09-01",
			obs: []string{"spending 2022 999.2", "spending 2023 0.7", "spending 2024 0.05", "spending 2025 0.05"}, want: Met, value: "1000",
		},
	})
}

func TestAssessRates(t *testing.T) {
	runCases(t, []judgedCase{
		{
			name: "四(二)9 17120 ÷ 12617000 × 1000 = 1.36; 2.49 in April 2023 against 4.144 is off track", ind: "childcare", m: 2025, asOf: "2025-06-30",
			obs:  []string{"places 2020 17120 kind=baseline", "residents 2020 12617000 kind=baseline", "childcare 2023-04 2.49"},
			want: OffTrack, rule: "pace_off_track", gap: "3.51", value: "2.49",
			more: func(t *testing.T, a Assessment) {
				if a.Start == nil || a.Start.How != HowSeries || brief(NumberOf(a.Start.Value.Decimal().Round(2))) != "1.36" {
					t.Errorf("start %v, want 1.36 computed from its series", a.Start)
				}
				// 3.51 over two years and eight months
				if got := brief(a.RequiredPace); got != "1.31625" || a.RequiredFrom != MustPeriod("2023-04") {
					t.Errorf("required pace %s from %v, want 1.31625 from 2023-04", got, a.RequiredFrom)
				}
			},
		},
		{
			name: "四(二)9 the derived row of the baseline year is the baseline", ind: "childcare", m: 2025, asOf: "2024-01-31",
			obs:  []string{"childcare 2020 1.36 kind=derived of=17120/12617000", "childcare 2023 4.14"},
			want: OnTrack,
		},
		{
			name: "四(二)9 computed from its series where none is published", ind: "childcare", m: 2025, asOf: "2022-12-31",
			obs:  []string{"places 2022-07 27000", "residents 2021 12742000"},
			want: InProgress, value: "2.118977",
			more: func(t *testing.T, a Assessment) {
				if a.Value.How != HowSeries || len(a.Value.From) != 2 || a.Value.Denominator.String() != "12742000" {
					t.Errorf("value %+v, want computed, with both operands", a.Value)
				}
			},
		},
		{
			name: "四(二)9 a published rate stands as published, its parts beside", ind: "childcare", m: 2025, asOf: "2026-03-31",
			obs:  []string{"childcare 2025 6.0 of=77000/12900000", "places 2025 70000", "residents 2025 12900000"},
			want: Met, value: "6",
			more: func(t *testing.T, a Assessment) {
				if brief(a.Quoted.Computed) != "5.968992" {
					t.Errorf("computed %s, want 5.968992 beside", brief(a.Quoted.Computed))
				}
			},
		},
		{
			name: "四(二)9 judged before rounding: a derived row printed as 6.00 that is 5.9999", ind: "childcare", m: 2025, asOf: "2026-03-31",
			obs: []string{"childcare 2025 6.00 kind=derived of=71999/12000000"}, want: Missed, value: "5.999917",
		},
		{
			name: "四(二)13 lower: 58.78 to 55, latest 57 is 47.1 %", ind: "myopia", m: 2025, asOf: "2025-03-01",
			obs:  []string{"myopia 2020 58.78 kind=baseline", "myopia 2024 57"},
			want: OffTrack, att: "47.089947", gap: "2", need: "-2", pace: "0.588624",
		},
		{
			name: "四(二)13 lower: 60 is 0 %", ind: "myopia", m: 2025, asOf: "2026-03-01",
			obs: []string{"myopia 2020 58.78 kind=baseline", "myopia 2025 60"}, want: Missed, att: "0", gap: "5",
		},
		{
			name: "四(二)13 lower: 54 is met", ind: "myopia", m: 2025, asOf: "2026-03-01",
			obs: []string{"myopia 2020 58.78 kind=baseline", "myopia 2025 54"}, want: Met, att: "100", gap: "0",
		},
		{
			name: "四(二)13 lower without a start: inverted ratio", ind: "myopia", m: 2025, asOf: "2026-03-01",
			obs: []string{"myopia 2025 60"}, want: Missed, att: "91.666667",
		},
		{
			name: "四(二)13 no value is never met with 0", ind: "myopia", m: 2025, asOf: "2026-03-01", want: Awaiting, value: "-", att: "-",
		},
		{
			name: "四(二)12 a reported 0 counts as reported", ind: "mortality", m: 2025, asOf: "2026-03-01",
			obs: []string{"mortality 2020 3.5 kind=baseline", "mortality 2025 0"}, want: Met, value: "0",
		},
		{
			name: "四(二)12 ≤ 4 with a baseline of 3.5: the baseline alone is no data", ind: "mortality", m: 2025, asOf: "2025-03-01",
			obs: []string{"mortality 2020 3.5 kind=baseline"}, want: NoData, att: "-",
		},
		{
			name: "四(二)12 start past the target and still there", ind: "mortality", m: 2025, asOf: "2025-03-01",
			obs: []string{"mortality 2020 3.5 kind=baseline", "mortality 2024 3.9"}, want: MetEarly, att: "100", pace: "-",
		},
		{
			name: "四(二)12 start past the target and lost: off track, the ratio", ind: "mortality", m: 2025, asOf: "2025-03-01",
			obs: []string{"mortality 2020 3.5 kind=baseline", "mortality 2024 5"}, want: OffTrack, rule: "lost", att: "80", gap: "1", need: "-1",
		},
		{
			name: "四(二)12 base 5.0, target 4.0, latest 4.4 is 60 %", ind: "mortality", m: 2025, asOf: "2026-03-01",
			obs: []string{"mortality 2020 5.0 kind=baseline", "mortality 2025 4.4"}, want: Missed, att: "60", gap: "0.4",
		},
		{
			name: "四(二)12 start = target gives no NaN", ind: "mortality", m: 2025, asOf: "2025-03-01",
			obs: []string{"mortality 2020 4 kind=baseline", "mortality 2024 4.4"}, want: OffTrack, rule: "lost", att: "90.909091",
		},
		{
			name: "四(四)25 about 55: 54.5 rounds to it", ind: "slow-traffic", m: 2025, asOf: "2026-03-01",
			obs: []string{"slow-traffic 2025 54.5"}, want: Met, gap: "0", att: "100",
		},
		{
			name: "四(四)25 about 55: 54.49 does not", ind: "slow-traffic", m: 2025, asOf: "2026-03-01",
			obs: []string{"slow-traffic 2025 54.49"}, want: Missed, gap: "0.51", att: "99.072727",
		},
		{
			name: "四(四)25 about 55: more is no failure", ind: "slow-traffic", m: 2025, asOf: "2026-03-01",
			obs: []string{"slow-traffic 2025 70"}, want: Met,
		},
		{
			name: "四(四)36 a range 0.8—1 is ≥ 0.8, more is no failure", ind: "football", m: 2025, asOf: "2026-03-01",
			obs: []string{"football 2025 1.3"}, want: Met,
		},
		{
			name: "四(四)36 0.79 is short of it", ind: "football", m: 2025, asOf: "2026-03-01",
			obs: []string{"football 2025 0.79"}, want: Missed, gap: "0.01",
		},
		{
			name: "四(一)8 1—2 seminars: three are no failure", ind: "seminars", m: 2022, asOf: "2023-03-01",
			obs: []string{"seminars 2022 3"}, want: Met,
		},
		{
			name: "四(二)10 49.996 against 50 is not met", ind: "public-share", m: 2025, asOf: "2026-03-01",
			obs: []string{"public-share 2025 49.996"}, want: Missed, gap: "0.004", att: "99.992",
		},
		{
			name: "四(二)10 inclusive kindergartens met early", ind: "inclusive", m: 2025, asOf: "2025-06-30",
			obs:  []string{"inclusive 2020 81.85 kind=baseline", "inclusive 2023 89.29", "inclusive 2024 90.64 pub=2025-05"},
			want: MetEarly, rule: "met_early", value: "90.64",
		},
		{
			name: "四(二)10 public share without a baseline has no path", ind: "public-share", m: 2025, asOf: "2025-06-30",
			obs:  []string{"public-share 2024 47.38 pub=2025-05"},
			want: InProgress, rule: "in_progress", gap: "2.62", pace: "-", need: "2.62", att: "94.76",
		},
		{
			name: "四(二)10 with 2024 not yet published", ind: "public-share", m: 2025, asOf: "2024-01-01",
			obs: []string{"public-share 2024 47.38 pub=2025-05"}, want: NoData, value: "-",
			more: func(t *testing.T, a Assessment) {
				if a.Latest != nil {
					t.Errorf("latest %v, want nothing of 2024", a.Latest)
				}
			},
		},
		{
			name: "四(二)10 awaiting in March 2026", ind: "public-share", m: 2025, asOf: "2026-03-01",
			obs: []string{"public-share 2024 47.38 pub=2025-05"}, want: Awaiting, last: "2.62",
		},
		{
			name: "四(二)13 to hold: no worse than the baseline", ind: "stable", m: 2025, asOf: "2026-03-01",
			obs: []string{"stable 2020 4.1 kind=baseline", "stable 2025 4.1"}, want: Met,
		},
		{
			name: "四(二)13 to hold: worse", ind: "stable", m: 2025, asOf: "2026-03-01",
			obs: []string{"stable 2020 4.1 kind=baseline", "stable 2025 4.2"}, want: Missed, gap: "0.1", att: "97.619048",
		},
		{
			name: "四(二)13 equality against < must go below 1", ind: "growth", m: 2025, asOf: "2026-03-01",
			obs: []string{"growth 2020 0.57 kind=baseline", "growth 2025 1"}, want: Missed, gap: "0",
			more: func(t *testing.T, a Assessment) {
				if !a.MustExceed {
					t.Error("equality against < is not marked")
				}
			},
		},
		{
			name: "within a band", ind: "band", m: 2025, asOf: "2026-03-01",
			obs: []string{"band 2020 30 kind=baseline", "band 2025 62"}, want: Missed, gap: "2", att: "80",
		},
		{
			name: "within a band: the upper edge is in it", ind: "band", m: 2025, asOf: "2026-03-01",
			obs: []string{"band 2025 60"}, want: Met,
		},
	})
}

func TestAssessChange(t *testing.T) {
	runCases(t, []judgedCase{
		{
			name: "四(五)45 −20 % reported, base unknown", ind: "injury", m: 2025, asOf: "2026-03-01",
			obs: []string{"injury 2025 -20 +change_pct"}, want: Met,
		},
		{
			name: "四(五)45 −12 % reported", ind: "injury", m: 2025, asOf: "2026-03-01",
			obs: []string{"injury 2025 -12 +change_pct"}, want: Missed, gap: "8", att: "60",
		},
		{
			name: "四(五)45 computed from the levels: 5.0 to 4.4", ind: "injury", m: 2025, asOf: "2026-03-01",
			obs: []string{"injury 2020 5.0 kind=baseline", "injury 2025 4.4"}, want: Missed, value: "-12", att: "60",
		},
		{
			name: "四(五)45 exactly −20 % of 3.3", ind: "injury", m: 2025, asOf: "2026-03-01",
			obs: []string{"injury 2020 3.3 kind=baseline", "injury 2025 2.64"}, want: Met, value: "-20",
		},
		{
			name: "四(五)45 the path runs from 0 at the base year", ind: "injury", m: 2025, asOf: "2024-03-01",
			obs: []string{"injury 2023 -12 +change_pct"}, want: OnTrack, pace: "1", need: "-4",
		},
		{
			name: "四(五)45 a level alone is no change", ind: "injury", m: 2025, asOf: "2025-03-01",
			obs: []string{"injury 2024 4.4"}, want: NoData,
			more: func(t *testing.T, a Assessment) {
				if a.Other == nil {
					t.Error("the level is not shown beside")
				}
			},
		},
		{
			name: "四(五)45 across a break no change is computed", ind: "injury", m: 2025, asOf: "2026-12-01",
			obs: []string{"injury 2020 5.0 kind=baseline", "injury 2023 6 q=B", "injury 2025 4.4"}, want: NotReported,
		},
		{
			name: "四(五)45 an unmet change without a path has no attainment", ind: "injury", m: 2025, asOf: "2026-12-01",
			obs: []string{"injury 2023 6 q=B", "injury 2025 -4 +change_pct"}, want: Missed, att: "-", gap: "16",
		},
	})
}

func TestAssessStanding(t *testing.T) {
	runCases(t, []judgedCase{
		{
			name: "四(二)10 baseline past the target is no data", ind: "retention", m: 2025, asOf: "2025-03-01",
			obs: []string{"retention 2020 112.01 kind=baseline"}, want: NoData, att: "-",
		},
		{
			name: "四(二)10 110 later still satisfies: on track", ind: "retention", m: 2025, asOf: "2025-03-01",
			obs: []string{"retention 2020 112.01 kind=baseline", "retention 2024 110"}, want: OnTrack, rule: "standing_holds", att: "100", need: "-",
		},
		{
			name: "四(二)10 99.99 in the last whole year: off track", ind: "retention", m: 2025, asOf: "2025-03-01",
			obs: []string{"retention 2020 112.01 kind=baseline", "retention 2024 99.99"}, want: OffTrack, rule: "standing_falls_short", att: "99.99", need: "-",
		},
		{
			name: "四(五)47 on an old figure: in progress with its age", ind: "safe-schools", m: 2025, asOf: "2025-03-01",
			obs: []string{"safe-schools 2022 100"}, want: InProgress, rule: "standing_held_long_ago",
		},
		{
			name: "四(五)47 judged in 2022's year as well", ind: "safe-schools", m: 2022, asOf: "2025-03-01",
			obs: []string{"safe-schools 2022 100"}, want: Met,
		},
		{
			name: "四(五)47 by that year alone: no met late", ind: "safe-schools", m: 2022, asOf: "2025-03-01",
			obs: []string{"safe-schools 2022 99", "safe-schools 2023 100"}, want: Missed, att: "99",
		},
		{
			name: "四(五)47 by that year alone: no earlier figure", ind: "safe-schools", m: 2022, asOf: "2025-03-01",
			obs: []string{"safe-schools 2021 100", "safe-schools 2023 100"}, want: NotReported,
		},
		{
			name: "四(二)13 ≤ 25 dated April, after a whole year that held", ind: "caries", m: 2025, asOf: "2025-06-01",
			obs: []string{"caries 2024 24", "caries 2025-04 26"}, want: InProgress, rule: "in_progress",
		},
		{
			name: "四(二)13 sleep of 9.9 hours", ind: "sleep", m: 2025, asOf: "2026-03-01",
			obs: []string{"sleep 2025 9.9"}, want: Missed, gap: "0.1", att: "99",
		},
		{
			name: "四(五)40 a standing target on a yearly amount reads the last whole year", ind: "lectures", m: 2025, asOf: "2025-09-01",
			obs: []string{"lectures 2024 120", "lectures 2025-08 40"}, want: OnTrack, value: "120",
		},
		{
			name: "四(五)40 which fell short", ind: "lectures", m: 2025, asOf: "2025-09-01",
			obs: []string{"lectures 2024 90", "lectures 2025-08 40"}, want: OffTrack, value: "90",
		},
		{
			name: "四(五)40 unless this year's has already reached it", ind: "lectures", m: 2025, asOf: "2025-09-01",
			obs: []string{"lectures 2024 90", "lectures 2025-08 100"}, want: OnTrack, value: "100",
		},
		{
			name: "四(五)40 only a part of the first year", ind: "lectures", m: 2022, asOf: "2022-09-01",
			obs: []string{"lectures 2022-08 40"}, want: InProgress, rule: "in_progress",
		},
	})
}

func TestAssessAnswersBoundsAndBreaks(t *testing.T) {
	runCases(t, []judgedCase{
		{
			name: "answered without a number", ind: "libraries", m: 2025, asOf: "2026-03-01",
			obs: []string{"libraries 2025 not_available"}, want: Answered, rule: "answered", att: "-", gap: "-",
			more: func(t *testing.T, a Assessment) {
				if a.Answer == nil || a.Answer.Answer != "not_available" {
					t.Errorf("answer %v, want not available", a.Answer)
				}
			},
		},
		{
			name: "answered in another basis", ind: "libraries", m: 2025, asOf: "2026-12-01",
			obs: []string{"libraries 2025 none +added"}, want: Answered,
		},
		{
			name: "answered before rule 5", ind: "libraries", m: 2025, asOf: "2026-12-01",
			obs: []string{"libraries 2024 55", "libraries 2025 other_definition"}, want: Answered,
		},
		{
			name: "an answer while the year has not ended is no data", ind: "libraries", m: 2025, asOf: "2025-12-31",
			obs: []string{"libraries 2025 none pub=2025-12"}, want: NoData,
		},
		{
			name: "a value that can be had from the rest still stands", ind: "social-workers", m: 2025, asOf: "2026-12-01",
			obs:  []string{"social-workers 2024 2000", "social-workers 2025 not_available", "social-workers 2025 600 +added"},
			want: Met, value: "2600",
		},
		{
			name: "never a suppressed one", ind: "social-workers", m: 2025, asOf: "2026-12-01",
			obs:  []string{"social-workers 2024 2000", "social-workers 2025 suppressed", "social-workers 2025 600 +added"},
			want: Answered, value: "-",
		},
		{
			name: "an answer replaced by a number", ind: "libraries", m: 2025, asOf: "2026-12-01",
			obs: []string{"libraries 2025 not_available pub=2026-03", "libraries 2025 51 pub=2026-09"}, want: Met,
		},
		{
			name: "≥ 95 decides for ≥ 50", ind: "public-share", m: 2025, asOf: "2026-12-01",
			obs: []string{"public-share 2025 95 bound=ge"}, want: Met, att: "100", gap: "0",
		},
		{
			name: "≥ 45 does not", ind: "public-share", m: 2025, asOf: "2026-12-01",
			obs: []string{"public-share 2025 45 bound=ge"}, want: Answered, att: "-", gap: "-",
		},
		{
			name: "≤ 49 misses ≥ 50", ind: "public-share", m: 2025, asOf: "2026-12-01",
			obs: []string{"public-share 2025 49 bound=le"}, want: Missed, att: "-", gap: "-",
		},
		{
			name: "85 % 左右 is what rounds to 85: 84.5 on, so it does not decide for ≥ 85", ind: "inclusive", m: 2025, asOf: "2026-12-01",
			obs: []string{"inclusive 2025 85 bound=about"}, want: Answered,
		},
		{
			name: "86 左右 meets ≥ 85", ind: "inclusive", m: 2025, asOf: "2026-12-01",
			obs: []string{"inclusive 2025 86 bound=about"}, want: Met,
		},
		{
			name: "a bounded value is no start", ind: "public-share", m: 2025, asOf: "2025-03-01",
			obs: []string{"public-share 2020 40 kind=baseline bound=ge", "public-share 2024 45"}, want: InProgress, pace: "-", att: "90",
		},
		{
			name: "a bounded value is no summand", ind: "activities", m: 2025, asOf: "2026-12-01",
			obs:  []string{"activities 2022 400 bound=ge", "activities 2023 400", "activities 2024 400", "activities 2025 300"},
			want: NotReported,
		},
		{
			name: "but a floor under it", ind: "activities", m: 2025, asOf: "2026-12-01",
			obs:  []string{"activities 2022 400 bound=ge", "activities 2023 400", "activities 2024 400", "activities 2025 400"},
			want: Met,
		},
		{
			name: "a break: nothing before it is a start", ind: "myopia", m: 2025, asOf: "2025-03-01",
			obs: []string{"myopia 2020 58.78 kind=baseline", "myopia 2023 60 q=B", "myopia 2024 57"}, want: InProgress, pace: "-", att: "96.491228",
			more: func(t *testing.T, a Assessment) {
				if a.Start != nil || a.Path != nil {
					t.Errorf("start %v and path %v across a break, want none", a.Start, a.Path)
				}
			},
		},
		{
			name: "what the start satisfied is not lost across a break", ind: "mortality", m: 2025, asOf: "2025-03-01",
			obs: []string{"mortality 2020 3.5 kind=baseline", "mortality 2024 5 q=B"}, want: InProgress, rule: "in_progress",
		},
		{
			name: "a break: nothing before it is a summand", ind: "activities", m: 2025, asOf: "2026-12-01",
			obs:  []string{"activities 2022 1000", "activities 2023 400 q=B", "activities 2024 400", "activities 2025 400"},
			want: NotReported,
		},
		{
			name: "a break: no level is carried over it", ind: "social-workers", m: 2025, asOf: "2026-12-01",
			obs:  []string{"social-workers 2023 2400", "social-workers 2024 100 +added q=B", "social-workers 2025 100 +added"},
			want: NotReported,
		},
		{
			name: "a break: the increase is not a difference over it", ind: "social-workers", m: 2022, asOf: "2026-12-01",
			obs: []string{"social-workers 2021 1000", "social-workers 2022 1300 q=B"}, want: NotReported,
		},
	})
}

func TestAssessEditions(t *testing.T) {
	first, second := "libraries 2025 49 pub=2026-02-01", "libraries 2025 50 pub=2026-05-01"
	runCases(t, []judgedCase{
		{name: "before the correction", ind: "libraries", m: 2025, asOf: "2026-04-30", obs: []string{first, second}, want: Missed},
		{name: "a correction changes nothing earlier, and all later", ind: "libraries", m: 2025, asOf: "2026-05-01", obs: []string{first, second}, want: Met},
		{name: "the newest published stands, whatever its vintage", ind: "libraries", m: 2025, asOf: "2026-09-01", obs: []string{
			"libraries 2025 50 vintage=2027 pub=2026-05", "libraries 2025 48 vintage=2025 pub=2026-06",
		}, want: Missed},
		{name: "a month counts as its last day", ind: "libraries", m: 2025, asOf: "2026-05-30", obs: []string{"libraries 2025 50 pub=2026-05"}, want: Awaiting},
		{name: "and is known on it", ind: "libraries", m: 2025, asOf: "2026-05-31", obs: []string{"libraries 2025 50 pub=2026-05"}, want: Met},
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
