package indicators

import "testing"

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
