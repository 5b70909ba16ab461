package indicators

import (
	"strings"
	"testing"
)

func TestAssessEachDistrict(t *testing.T) {
	rest := func(n int) string { return "@" + joined(districts[n:]) }
	counts := func(met, short, unreported int) func(*testing.T, Assessment) {
		return func(t *testing.T, a Assessment) {
			t.Helper()
			if u := a.Units; u.Met != met || u.Short != short || u.Unreported != unreported {
				t.Errorf("%d met, %d short, %d unreported, want %d, %d, %d", u.Met, u.Short, u.Unreported, met, short, unreported)
			}
		}
	}
	runCases(t, []judgedCase{
		{
			name: "四(四)28 all 16 of 16", ind: "blocks", m: 2022, asOf: "2023-03-01",
			obs: []string{"blocks 2022 1 " + at(16)}, want: Met, rule: "all_met", att: "100", gap: "0", more: counts(16, 0, 0),
		},
		{
			name: "四(四)28 one known to fall short, the others silent", ind: "blocks", m: 2022, asOf: "2023-03-01",
			obs:  []string{"blocks 2022 1 " + at(8), "blocks 2022 0 @xingyang"},
			want: Missed, rule: "one_falls_short", att: "50", gap: "8", more: counts(8, 1, 7),
		},
		{
			name: "四(四)28 a reported 0 counts as reported: 16 of 16", ind: "blocks", m: 2022, asOf: "2023-03-01",
			obs: []string{"blocks 2022 0 " + at(16)}, want: Missed, att: "0", gap: "16", more: counts(0, 16, 0),
		},
		{
			name: "四(四)28 eight met, eight silent: awaiting", ind: "blocks", m: 2022, asOf: "2023-03-01",
			obs: []string{"blocks 2022 1 " + at(8)}, want: Awaiting, att: "-", gap: "-", more: counts(8, 0, 8),
		},
		{
			name: "四(四)28 and not reported after the due day", ind: "blocks", m: 2022, asOf: "2023-07-01",
			obs: []string{"blocks 2022 1 " + at(8)}, want: NotReported, more: counts(8, 0, 8),
		},
		{
			name: "四(四)28 all met but one that answered", ind: "blocks", m: 2022, asOf: "2023-07-01",
			obs: []string{"blocks 2022 1 " + at(15), "blocks 2022 not_available @hangkong"}, want: Answered, rule: "answered",
		},
		{
			name: "四(四)28 all met, one late", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs:  []string{"blocks 2022 1 " + at(15), "blocks 2022 0 @hangkong", "blocks 2023 1 @hangkong"},
			want: MetLate, rule: "all_met_one_late", att: "93.75", gap: "1",
		},
		{
			name: "四(四)28 all met, one on an earlier figure", ind: "blocks", m: 2025, asOf: "2026-12-01",
			obs:  []string{"blocks 2025 5 " + at(15), "blocks 2024 5 @hangkong"},
			want: MetEarly, rule: "all_met_one_on_earlier_figure", att: "-",
			more: func(t *testing.T, a Assessment) {
				if !a.OnEarlierFigure || a.Units.OnEarlier != 1 {
					t.Errorf("on earlier figure %v with %d units, want one", a.OnEarlierFigure, a.Units.OnEarlier)
				}
			},
		},
		{
			name: "四(四)28 not applicable leaves the count", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs:  []string{"blocks 2022 1 " + at(15), "blocks 2021 not_applicable @hangkong"},
			want: Met,
			more: func(t *testing.T, a Assessment) {
				if a.Units.Total != 15 || a.Units.NotApplicable != 1 {
					t.Errorf("%d units, %d not applicable, want 15 and 1", a.Units.Total, a.Units.NotApplicable)
				}
			},
		},
		{
			name: "四(四)28 until newer word", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs:  []string{"blocks 2022 1 " + at(15), "blocks 2021 not_applicable @hangkong", "blocks 2022 0 @hangkong"},
			want: Missed,
		},
		{
			name: "四(四)28 a later not applicable leaves 2022 as it was", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs:  []string{"blocks 2022 1 " + at(15), "blocks 2022 0 @hangkong", "blocks 2023 not_applicable @hangkong"},
			want: Missed,
		},
		{
			name: "四(四)28 a city figure 16 of 16 where the districts are silent", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs: []string{"blocks 2022 16 of=16/16"}, want: Met, rule: "city_figure_met", att: "100",
			more: func(t *testing.T, a Assessment) {
				if !a.Units.FromCity || a.Units.Cells[0].Status != NotReported {
					t.Errorf("from city %v, first cell %s, want the cells unreported", a.Units.FromCity, a.Units.Cells[0].Status)
				}
			},
		},
		{
			name: "四(四)28 a city figure 11 of 16", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs: []string{"blocks 2022 11 of=11/16"}, want: Missed, rule: "city_figure_short", att: "68.75", gap: "5",
		},
		{
			name: "四(四)28 the districts' own results go before it", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs: []string{"blocks 2022 16 of=16/16", "blocks 2022 0 @jinshui"}, want: Missed, rule: "one_falls_short",
		},
		{
			name: "四(四)28 it stands in place of answered", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs:  []string{"blocks 2022 16 of=16/16", "blocks 2022 1 " + at(15), "blocks 2022 not_available @hangkong"},
			want: Met, rule: "city_figure_met",
		},
		{
			name: "四(四)28 only of m's year", ind: "blocks", m: 2025, asOf: "2026-12-01",
			obs: []string{"blocks 2024 16 of=16/16"}, want: NotReported,
		},
		{
			name: "四(四)28 one of 2022 counted 2022's condition", ind: "blocks", m: 2025, asOf: "2023-12-01",
			obs: []string{"blocks 2022 16 of=16/16"}, want: NoData, rule: "no_data",
		},
		{
			name: "四(四)28 the latest while m's year has not ended", ind: "blocks", m: 2025, asOf: "2025-06-01",
			obs: []string{"blocks 2024 10 of=10/16"}, want: InProgress, att: "62.5", gap: "6", need: "6",
		},
		{
			name: "四(四)28 a city figure without its units decides nothing", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs: []string{"blocks 2022 16"}, want: NotReported,
		},
		{
			name: "四(四)28 not ended: nothing from any", ind: "blocks", m: 2025, asOf: "2025-06-01", want: NoData,
		},
		{
			name: "四(四)28 not ended: all met", ind: "blocks", m: 2025, asOf: "2025-06-01",
			obs: []string{"blocks 2024 5 " + at(16)}, want: MetEarly, rule: "all_met_early", att: "100",
		},
		{
			name: "四(四)28 not ended: some", ind: "blocks", m: 2025, asOf: "2025-06-01",
			obs:  []string{"blocks 2024 5 " + at(4), "blocks 2024 2 @zhongmu"},
			want: InProgress, rule: "in_progress", att: "25", gap: "12", need: "12", more: counts(4, 1, 11),
		},
		{
			name: "四(四)28 standing: all hold", ind: "each-flow", m: 2025, asOf: "2025-06-01",
			obs: []string{"each-flow 2024 2 " + at(16)}, want: OnTrack, rule: "all_hold",
		},
		{
			name: "四(四)28 standing: one does not", ind: "each-flow", m: 2025, asOf: "2025-06-01",
			obs: []string{"each-flow 2024 2 " + at(15), "each-flow 2024 1 " + rest(15)}, want: InProgress, more: counts(15, 1, 0),
		},
		{
			name: "四(四)28 a district's own cell", ind: "blocks", area: "jinshui", m: 2025, asOf: "2026-03-01",
			obs: []string{"blocks 2025 4 @jinshui"}, want: Missed, att: "80", gap: "1",
		},
		{
			name: "all not applicable", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs: []string{"blocks 2022 not_applicable " + at(16)}, want: Answered,
		},
		{
			name: "四(四)28 a suppressed district is judged nowhere", ind: "blocks", m: 2022, asOf: "2024-03-01",
			obs: []string{"blocks 2022 1 " + at(15), "blocks 2022 suppressed @hangkong"}, want: Answered,
		},
	})
}

func TestAssessEachTownship(t *testing.T) {
	runCases(t, []judgedCase{
		{
			name: "四(二)14 townships that meet ÷ townships", ind: "vaccination", m: 2025, asOf: "2026-03-01",
			obs: []string{"vaccination 2025 97.2 of=175/180"}, want: Missed, att: "97.222222", gap: "5",
		},
		{
			name: "四(二)14 all of them", ind: "vaccination", m: 2025, asOf: "2026-03-01",
			obs: []string{"vaccination 2025 100 of=180/180"}, want: Met, rule: "city_figure_met",
		},
		{
			name: "四(二)14 the average of the city is no count of townships", ind: "vaccination", m: 2025, asOf: "2026-12-01",
			obs: []string{"vaccination 2025 99.1"}, want: NotReported,
		},
		{
			name: "四(二)14 all of them a year before, 2025 silent", ind: "vaccination", m: 2025, asOf: "2026-12-01",
			obs: []string{"vaccination 2024 100 of=180/180"}, want: MetEarly, rule: "city_figure_on_earlier", att: "-",
		},
		{
			name: "四(二)14 answered", ind: "vaccination", m: 2025, asOf: "2026-12-01",
			obs: []string{"vaccination 2025 not_available"}, want: Answered,
		},
		{
			name: "四(二)14 open: all", ind: "vaccination", m: 2025, asOf: "2025-12-01",
			obs: []string{"vaccination 2024 100 of=180/180"}, want: MetEarly, rule: "city_figure_met_early",
		},
		{
			name: "四(二)14 open: some", ind: "vaccination", m: 2025, asOf: "2025-12-01",
			obs: []string{"vaccination 2024 50 of=90/180"}, want: InProgress, att: "50", gap: "90", need: "90",
		},
		{
			name: "四(二)14 the districts' counts together, once all have reported", ind: "vaccination", m: 2025, asOf: "2026-12-01",
			obs: []string{"vaccination 2025 100 of=10/10 " + at(16)}, want: Met,
		},
		{
			name: "四(二)14 over part of them never", ind: "vaccination", m: 2025, asOf: "2026-12-01",
			obs: []string{"vaccination 2025 100 of=10/10 " + at(15)}, want: NotReported,
		},
	})
}

func TestRollUp(t *testing.T) {
	runCases(t, []judgedCase{
		{
			name: "四(四)24 districts 9/10 and 90/1000 make 9.80 %, not 49.5 %", ind: "toilets", m: 2025, asOf: "2026-03-01",
			obs: append([]string{"toilets 2025 90 of=9/10 @jinshui", "toilets 2025 9 of=90/1000 @erqi"},
				"toilets 2025 not_applicable @"+joined(without(districts, "jinshui", "erqi"))),
			want: Missed, value: "9.80198",
		},
		{
			name: "四(四)24 a ratio over part of the districts never", ind: "toilets", m: 2025, asOf: "2026-12-01",
			obs: []string{"toilets 2025 100 of=10/10 " + at(15)}, want: NotReported, value: "-",
		},
		{
			name: "四(四)24 a ratio over all", ind: "toilets", m: 2025, asOf: "2026-12-01",
			obs: []string{"toilets 2025 100 of=10/10 " + at(16)}, want: Met,
		},
		{
			name: "四(三)23 the sum of all districts", ind: "stations", m: 2025, asOf: "2026-12-01",
			obs: []string{"stations 2025 4 " + at(16)}, want: Missed, value: "64", gap: "16",
		},
		{
			name: "四(三)23 a sum over part that reaches", ind: "stations", m: 2025, asOf: "2026-12-01",
			obs: []string{"stations 2025 8 " + at(10)}, want: Met, value: "80",
			more: func(t *testing.T, a Assessment) {
				if !a.Value.AtLeast || a.Value.Parts != 10 || a.Value.Of != 16 {
					t.Errorf("value %+v, want at least 80 over 10 of 16", a.Value)
				}
			},
		},
		{
			name: "四(三)23 a sum over part that does not", ind: "stations", m: 2025, asOf: "2026-12-01",
			obs: []string{"stations 2025 8 " + at(9)}, want: NotReported,
			more: func(t *testing.T, a Assessment) {
				if a.Floor == nil || brief(a.Floor.Value) != "72" {
					t.Errorf("floor %v, want at least 72", a.Floor)
				}
			},
		},
		{
			name: "四(三)23 the city's own figure goes before the sum", ind: "stations", m: 2025, asOf: "2026-12-01",
			obs: []string{"stations 2025 79", "stations 2025 8 " + at(16)}, want: Missed, value: "79",
		},
		{
			name: "四(三)23 a newer part does not hide the whole before it", ind: "stations", m: 2025, asOf: "2025-06-01",
			obs:  []string{"stations 2020 0 kind=baseline", "stations 2024 4 " + at(16), "stations 2025-03 5 " + at(2)},
			want: AtRisk, value: "64",
		},
		{
			name: "四(二)19 running totals of the districts", ind: "trainees", m: 2025, asOf: "2026-12-01",
			obs:  []string{"trainees 2022 20 " + at(16), "trainees 2023 20 " + at(16), "trainees 2024 15 " + at(16), "trainees 2025 10 " + at(16)},
			want: Met, value: "1040",
		},
		{
			name: "四(三)23 one district suppressed: the city's total would reveal it", ind: "stations", m: 2025, asOf: "2026-12-01",
			obs:  []string{"stations 2025 81", "stations 2025 5 " + at(15), "stations 2025 suppressed @hangkong"},
			want: Answered, value: "-",
			more: func(t *testing.T, a Assessment) {
				if a.Answer == nil || a.Answer.Answer != Suppressed {
					t.Errorf("answer %v, want suppressed", a.Answer)
				}
			},
		},
		{
			name: "四(三)23 one suppressed, another silent: it reveals nothing", ind: "stations", m: 2025, asOf: "2026-12-01",
			obs: []string{"stations 2025 81", "stations 2025 5 " + at(14), "stations 2025 suppressed @hangkong"}, want: Met,
		},
	})
}

func without(cs []Code, out ...Code) []Code {
	var kept []Code
	for _, c := range cs {
		if !strings.Contains(joined(out), string(c)) {
			kept = append(kept, c)
		}
	}
	return kept
}

func TestAssessDeliverable(t *testing.T) {
	behind := func(days int) func(*testing.T, Assessment) {
		return func(t *testing.T, a Assessment) {
			t.Helper()
			if a.Deed.Behind != days {
				t.Errorf("%d days behind, want %d", a.Deed.Behind, days)
			}
		}
	}
	runCases(t, []judgedCase{
		{
			name: "四(五)38 in force before the end of 2022", ind: "regulation", m: 2022, asOf: "2022-11-01",
			obs: []string{"regulation 2022-10-01 1"}, want: Met, rule: "done", att: "100", more: behind(0),
		},
		{
			name: "附件2-11 due in June 2022, issued in February 2023", ind: "child-plan", m: 2022, asOf: "2023-03-01",
			obs: []string{"child-plan 2023-02-01 1"}, want: MetLate, rule: "done_late", att: "0", more: behind(216),
		},
		{
			name: "附件2-11 judged on its own date: due in June, unknown in July", ind: "child-plan", m: 2022, asOf: "2022-07-01",
			want: Awaiting, rule: "awaiting", att: "-",
		},
		{
			name: "附件2-11 nothing known on the last day", ind: "child-plan", m: 2022, asOf: "2022-06-30", want: NoData,
		},
		{
			name: "附件2-11 not reported once results were due", ind: "child-plan", m: 2022, asOf: "2023-07-01", want: NotReported, more: behind(366),
		},
		{
			name: "附件2-11 undone while the day is not after it", ind: "child-plan", m: 2022, asOf: "2022-06-30",
			obs: []string{"child-plan 2022-05 0"}, want: InProgress, rule: "not_due_yet",
		},
		{
			name: "附件2-11 undone before it says nothing after it", ind: "child-plan", m: 2022, asOf: "2023-12-01",
			obs: []string{"child-plan 2022-05 0"}, want: NotReported,
		},
		{
			name: "附件2-11 reported undone after it", ind: "child-plan", m: 2022, asOf: "2022-09-30",
			obs: []string{"child-plan 2022-08 0"}, want: Missed, rule: "undone", att: "0",
		},
		{
			name: "附件2-13 undone at the end of the due day", ind: "regulation", m: 2022, asOf: "2023-02-01",
			obs: []string{"regulation 2022-12 0"}, want: Missed,
		},
		{
			name: "附件2-19 a milestone only is due on its 31 December", ind: "guidelines", m: 2025, asOf: "2025-12-31",
			obs: []string{"guidelines 2025-12-31 1"}, want: Met,
			more: func(t *testing.T, a Assessment) {
				if a.Deed.Due != MustPeriod("2025-12-31") {
					t.Errorf("due %s, want 2025-12-31", a.Deed.Due)
				}
			},
		},
		{
			name: "附件2-19 answered", ind: "guidelines", m: 2025, asOf: "2026-12-31",
			obs: []string{"guidelines 2025 not_available"}, want: Answered, att: "-",
		},
		{
			name: "附件2-13 an act that a later statement takes back", ind: "regulation", m: 2022, asOf: "2023-09-01",
			obs: []string{"regulation 2022-10-01 1", "regulation 2022-12 0 pub=2023-02"}, want: Missed,
		},
		{
			name: "附件2-13 a statement before the act does not", ind: "regulation", m: 2022, asOf: "2023-09-01",
			obs: []string{"regulation 2022-10-01 1", "regulation 2022-09 0"}, want: Met,
		},
		{
			name: "附件2-13 not known before it was published", ind: "regulation", m: 2022, asOf: "2022-12-31",
			obs: []string{"regulation 2022-10-01 1 pub=2023-05-01"}, want: NoData, value: "-",
		},
	})
}

func TestDeliverableAfterTheLastMilestone(t *testing.T) {
	l := zhengzhou(t)
	target := mustTarget(t, "guidelines", "- ge 1 due=2030-06", "附件2-19")
	a, ok := Know(l, nil, MustPeriod("2026-01-01"), nil).Assess(l.Indicator("guidelines"), "city", &target, 0)
	if !ok || a.Milestone != 0 || a.Status != NoData {
		t.Errorf("Assess = %s at %d (%v), want no data at no milestone", a.Status, a.Milestone, ok)
	}
	target = mustTarget(t, "guidelines", "- ge 1 due=2023-06", "附件2-19")
	a, ok = Know(l, nil, MustPeriod("2024-01-01"), nil).Assess(l.Indicator("guidelines"), "city", &target, 0)
	if !ok || a.Milestone != 2025 || a.Status != Awaiting {
		t.Errorf("Assess = %s at %d (%v), want awaiting, counted at 2025", a.Status, a.Milestone, ok)
	}
	target = mustTarget(t, "guidelines", "- ge 1", "附件2-19")
	if _, ok = Know(l, nil, MustPeriod("2024-01-01"), nil).Assess(l.Indicator("guidelines"), "city", &target, 0); ok {
		t.Error("an undated deliverable was judged")
	}
}
