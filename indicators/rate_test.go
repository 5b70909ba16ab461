package indicators

import "testing"

func TestAssessRates(t *testing.T) {
	runCases(t, []judgedCase{
		{
			name: "四(二)9 17120 ÷ 12617000 × 1000 = 1.36; 2.49 in April 2023 against 4.144 is off track", ind: "childcare", m: 2025, asOf: "2025-06-30",
			obs:  []string{"places 2020 17120 kind=baseline", "residents 2020 12617000 kind=baseline", "childcare 2023-04 2.49"},
			want: OffTrack, rule: "pace_off_track", gap: "3.51", value: "2.49",
			more: func(t *testing.T, a Assessment) {
				if a.Start == nil || a.Start.How != HowSeries || a.Start.Value.String() != "1.36" {
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
			want: InProgress, value: "2.12",
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
			obs: []string{"childcare 2025 6.00 kind=derived of=71999/12000000"}, want: Missed, value: "5.9999",
		},
		{
			name: "四(二)9 a new series of the denominator is one of the rate", ind: "childcare", m: 2025, asOf: "2024-03-31",
			obs: []string{
				"places 2020 17120 kind=baseline", "residents 2020 12617000 kind=baseline",
				"places 2023 52000", "residents 2022 12828000 q=B", "residents 2023 13008000",
			},
			want: InProgress, value: "4", pace: "-",
		},
		{
			name: "四(二)9 a published rate beside the same from its series", ind: "childcare", m: 2025, asOf: "2026-03-31",
			obs:  []string{"childcare 2025 5.98", "places 2025 77000", "residents 2025 12900000"},
			want: Missed, value: "5.98",
			more: func(t *testing.T, a Assessment) {
				if brief(a.Quoted.Computed) != "5.968992" || a.Quoted.Numerator.String() != "77000" {
					t.Errorf("computed %+v, want 5.968992 beside", a.Quoted)
				}
			},
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
