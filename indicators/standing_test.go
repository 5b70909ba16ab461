package indicators

import "testing"

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
