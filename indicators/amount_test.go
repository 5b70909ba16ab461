package indicators

import "testing"

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
