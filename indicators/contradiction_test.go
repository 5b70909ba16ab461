package indicators

import (
	"fmt"
	"strings"
	"testing"
)

func TestContradictions(t *testing.T) {
	type promise struct {
		milestone  string
		comparator Comparator
		value      string
		basis      Basis
	}
	in2022, in2025, every := "2022", "2025", "every"
	for _, c := range []struct {
		direction Direction
		measure   Measure
		targets   []promise
		want      string
	}{
		{Higher, Stock, []promise{{in2022, GE, "50", ""}, {in2025, GE, "53", ""}}, ""},
		{Higher, Stock, []promise{{in2022, GE, "53", ""}, {in2025, GE, "53", Level}}, ""},
		{Higher, Stock, []promise{{in2022, GE, "80", ""}, {in2025, GE, "53", Level}}, "2022>2025"},
		{Higher, Stock, []promise{{in2025, GE, "53", ""}, {in2022, GE, "80", Level}}, "2022>2025"},
		{Higher, Stock, []promise{{in2022, GT, "80", ""}, {in2025, About, "53", ""}}, "2022>2025"},
		{Higher, Stock, []promise{{every, GE, "90", ""}, {in2025, GE, "53", ""}}, "every>2025"},
		{Higher, Stock, []promise{{every, GE, "50", ""}, {in2025, GE, "53", ""}}, ""},
		{Lower, Rate, []promise{{in2022, LE, "25", ""}, {in2025, LE, "20", ""}}, ""},
		{Lower, Rate, []promise{{in2022, LE, "20", ""}, {in2025, LE, "25", ""}}, "2022>2025"},
		{Lower, Rate, []promise{{every, LE, "20", ""}, {in2025, LT, "25", ""}}, "every>2025"},
		{Lower, Rate, []promise{{in2022, LE, "-20", ChangePct}, {in2025, LE, "-10", ChangePct}}, "2022>2025"},
		{Higher, Stock, []promise{{in2022, GE, "200", Added}, {in2025, GE, "100", Added}}, ""}, // a smaller step
		{Higher, Flow, []promise{{in2022, GE, "400", ""}, {in2025, GE, "200", ""}}, ""},
		{Higher, Flow, []promise{{every, GE, "400", ""}, {in2025, GE, "200", ""}}, "every>2025"},
		{Higher, Stock, []promise{{in2022, GE, "400", Cumulative}, {in2025, GE, "200", Cumulative}}, "2022>2025"},
		{Higher, Stock, []promise{{in2022, GE, "400", Added}, {in2025, GE, "200", Level}}, ""}, // of two kinds
		{Within, Rate, []promise{{in2025, GE, "80", ""}, {in2025, LE, "50", ""}}, "2025!2025"},
		{Within, Rate, []promise{{in2025, GE, "50", ""}, {in2025, LE, "80", ""}}, ""},
		{Within, Rate, []promise{{every, LE, "50", ""}, {in2025, GE, "80", ""}}, "2025!every"},
		{Higher, Deliverable, []promise{{in2022, GE, "1", ""}, {in2025, GE, "0", ""}}, ""},
	} {
		l := zhengzhou(t)
		ind := *l.Indicator("libraries")
		ind.Direction, ind.Measure = c.direction, c.measure
		var targets []Target
		for _, p := range c.targets {
			targets = append(targets, Target{Indicator: ind.Code, Milestone: Milestone(p.milestone), Comparator: p.comparator, Value: MustNumber(p.value), Basis: p.basis})
		}
		l = NewLibrary(&Package{Plan: l.Plan, Areas: l.Areas, Organisations: l.Organisations, Indicators: []Indicator{ind}, Targets: targets})
		var got []string
		for _, x := range l.contradictions(MustPeriod("2024-03-01")) {
			sign := ">"
			if x.Never {
				sign = "!"
			}
			got = append(got, fmt.Sprint(x.Earlier.Milestone, sign, x.Later.Milestone))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s %s %+v: %q, want %q", c.direction, c.measure, c.targets, got, c.want)
		}
	}
}
