package indicators

import "testing"

func TestGroups(t *testing.T) {
	l := zhengzhou(t)
	obs := mustObservations(t,
		"libraries 2022 16", "activities 2022 390", "seminars 2022 3", "regulation 2022-10-01 1", "child-plan 2023-02 1",
		"legal-bases 2022 not_available", "blocks 2022 1 "+at(16), "social-workers 2022 300 +added", "schools 2021 28",
	)
	list := AssessPlan(l, obs, MustPeriod("2024-01-01"), nil)
	plan := Groups(l, list, ByPlan, 2022)
	if len(plan) != 1 || plan[0].Key != "zhengzhou-2022" {
		t.Fatalf("plan groups %+v, want one", plan)
	}
	p := plan[0]
	if p.Met != 5 || p.Monitorable != 7 || p.Answered != 1 || p.Count(MetLate) != 1 || p.Count(Missed) != 1 || brief(p.Rate) != "71.428571" {
		t.Errorf("met %d of %d, %d answered, rate %s, counts %v, want 5 of 7", p.Met, p.Monitorable, p.Answered, brief(p.Rate), p.Counts())
	}
	if p.Count("no such status") != 0 {
		t.Error("an unknown status is counted")
	}
	low, high := brief(p.Low), brief(p.High)
	if p.Targets != 20 || low != "25" || high != "90" {
		t.Errorf("%d targets, bounds %s to %s, want 20 from 5 ÷ 20 to 18 ÷ 20", p.Targets, low, high)
	}
	if got := Count(nil); got.Rate.Present() || got.Mean.Present() {
		t.Errorf("a count of nothing has a rate: %+v", got)
	}

	byDomain := Groups(l, list, ByDomain, 2022)
	if len(byDomain) != 6 || byDomain[5].Key != "" {
		t.Fatalf("%d domain groups, want five and the plan-wide one", len(byDomain))
	}
	leads := map[string]Group{}
	for _, g := range Groups(l, list, ByOrganisation, 2022) {
		leads[g.Key] = g
	}
	if leads["education"].Targets != 1 || leads["science"].Targets != 1 || leads["culture"].Met != 1 {
		t.Errorf("leads: %+v, want a shared lead counted for each", leads)
	}
	if _, ok := leads["all-districts"]; ok {
		t.Error("a collective counts as a lead")
	}
	for _, g := range Groups(l, list, ByArea, 2022) {
		if g.Key == "jinshui" && (g.Targets != 2 || g.Met != 1) {
			t.Errorf("jinshui: met %d of %d targets, want 1 of 2", g.Met, g.Targets)
		}
	}
	tasks := Groups(l, list, ByTask, 2022)
	if len(tasks) != 57 || tasks[30].Key != "31" || tasks[30].Met != 1 {
		t.Errorf("task 31: %+v of %d tasks, want one met", tasks[30], len(tasks))
	}
	if len(Grouping("").Allowed()) != 5 {
		t.Error("five groupings, want them listed")
	}
}

// An earlier figure enters no rate, and stands beside it.
func TestGroupOnEarlierFigure(t *testing.T) {
	l := zhengzhou(t)
	list := Know(l, mustObservations(t, "hospitals 2024 10"), MustPeriod("2026-12-01"), nil).AssessIndicator(l.Indicator("hospitals"))
	g := Count(list)
	if g.Targets != 1 || g.Monitorable != 0 || g.OnEarlierFigure != 1 || g.Rate.Present() || brief(g.Low) != "0" || brief(g.High) != "100" || g.Mean.Present() {
		t.Errorf("%+v, want one met on an earlier figure, no rate, bounds 0 to 100", g)
	}
	list = Know(l, mustObservations(t, "hospitals 2024 10"), MustPeriod("2025-12-01"), nil).AssessIndicator(l.Indicator("hospitals"))
	if g = Count(list); g.Met != 1 || brief(g.Rate) != "100" {
		t.Errorf("%+v, want met early counted while 2025 has not ended", g)
	}
}
