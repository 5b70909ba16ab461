package indicators_test

import (
	"testing"

	"yimi/indicators"
	"yimi/seed"
)

func shipped(t testing.TB) (*indicators.Library, []indicators.Observation) {
	t.Helper()
	p, err := seed.Read(seed.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	return indicators.NewLibrary(p), p.Observations
}

// The plan as shipped, with the figures published since alone.
func TestPublishedFigures(t *testing.T) {
	l, obs := shipped(t)
	type want struct {
		status indicators.Status
		gap    string
		value  string
	}
	const inclusive, public, places = "affordable-kindergarten-coverage", "public-kindergarten-share", "childcare-places-per-1000"
	for _, day := range []struct {
		asOf string
		of   map[indicators.Code]want
	}{
		{"2025-06-30", map[indicators.Code]want{
			inclusive: {indicators.MetEarly, "0", "90.64"},
			public:    {indicators.InProgress, "2.62", "47.38"},
			places:    {indicators.OffTrack, "3.51", "2.49"},
		}},
		{"2026-11-25", map[indicators.Code]want{
			inclusive: {indicators.MetEarly, "", "90.64"},
			public:    {indicators.NotReported, "", ""},
			places:    {indicators.NotReported, "", ""},
		}},
		{"2026-03-01", map[indicators.Code]want{
			inclusive: {indicators.MetEarly, "", "90.64"},
			public:    {indicators.Awaiting, "", ""},
			places:    {indicators.Awaiting, "", ""},
		}},
	} {
		k := indicators.Know(l, obs, indicators.MustPeriod(day.asOf), nil)
		seen := 0
		for _, a := range k.AssessPlan() {
			heard := len(k.Standing(a.Indicator.Code, l.City().Code)) > 0
			if a.Indicator.NumeratorSeries != "" {
				heard = heard || len(k.Standing(a.Indicator.NumeratorSeries, l.City().Code)) > 0
			}
			due := a.ResultsDue.Compare(k.AsOf)
			switch {
			case a.Status == indicators.Missed && a.Value == nil:
				t.Errorf("on %s %s reads missed for want of data", day.asOf, a.Indicator.Code)
			case !heard && !a.Ended && a.Status != indicators.NoData, !heard && a.Ended && due < 0 && a.Status != indicators.NotReported,
				!heard && a.Ended && due >= 0 && a.Status != indicators.Awaiting:
				t.Errorf("on %s %s at %d, never published, is %s", day.asOf, a.Indicator.Code, a.Milestone, a.Status)
			}
			w, ok := day.of[a.Indicator.Code]
			if !ok || a.Milestone != 2025 || a.Area.Code != l.City().Code {
				continue
			}
			seen++
			value := ""
			if a.Value != nil {
				value = a.Value.Value.String()
			}
			if a.Status != w.status || w.gap != "" && a.Gap.String() != w.gap || w.value != "" && value != w.value {
				t.Errorf("on %s %s is %s by %s, gap %q, value %q, want %+v", day.asOf, a.Indicator.Code, a.Status, a.Rule, a.Gap, value, w)
			}
			if a.Status == indicators.OffTrack && (!a.RequiredPace.Present() || a.RequiredFrom != indicators.MustPeriod("2023-04")) {
				t.Errorf("on %s %s is off track without the yearly pace now needed", day.asOf, a.Indicator.Code)
			}
			if a.Ended && a.Status != indicators.MetEarly && a.Latest == nil {
				t.Errorf("on %s %s has no last known value beside it", day.asOf, a.Indicator.Code)
			}
			if a.Ended && a.Status == indicators.MetEarly && !a.OnEarlierFigure {
				t.Errorf("on %s %s does not say that 2025 has no figure yet", day.asOf, a.Indicator.Code)
			}
		}
		if seen != len(day.of) {
			t.Errorf("on %s %d of %d measures were assessed", day.asOf, seen, len(day.of))
		}
	}

	k := indicators.Know(l, obs, indicators.MustPeriod("2024-01-01"), nil)
	for _, a := range k.AssessPlan() {
		for _, f := range []*indicators.Figure{a.Value, a.Latest, a.Later, a.Floor} {
			if f != nil && f.Period.Year >= 2024 {
				t.Errorf("on 2024-01-01 %s shows a figure of %s", a.Indicator.Code, f.Period)
			}
		}
	}
}

// A derived rate is the quotient of what it names, whoever computes it.
func TestShippedBaselineOfChildcare(t *testing.T) {
	l, obs := shipped(t)
	k := indicators.Know(l, obs, indicators.MustPeriod("2023-12-31"), nil)
	ind := l.Indicator("childcare-places-per-1000")
	for _, a := range k.AssessIndicator(ind) {
		if a.Area.Code != l.City().Code || a.Milestone != 2025 {
			continue
		}
		if a.Start == nil || a.Start.Value.String() != "1.36" || len(a.Path) != 2 {
			t.Errorf("start %+v and path %v, want 1.36 and a straight line", a.Start, a.Path)
		}
	}
}

// BenchmarkAssessShipped assesses the plan as shipped.
func BenchmarkAssessShipped(b *testing.B) {
	l, obs := shipped(b)
	day := indicators.MustPeriod("2025-06-30")
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n = len(indicators.AssessPlan(l, obs, day, nil))
	}
	b.ReportMetric(float64(n), "assessments/op")
}
