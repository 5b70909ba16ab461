package indicators

import (
	"testing"

	"github.com/shopspring/decimal"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		target    string // "2025 comparator value [upper]"
		direction Direction
		value     string
		bound     Bound
		final     bool // an amount to date, asked whether it decides
		want      verdict
	}{
		{"2025 ge 50", Higher, "50", "", false, satisfied},
		{"2025 ge 50", Higher, "49.996", "", false, short},
		{"2025 gt 50", Higher, "50", "", false, short},
		{"2025 gt 50", Higher, "50.1", "", false, satisfied},
		{"2025 le 4", Lower, "4", "", false, satisfied},
		{"2025 lt 4", Lower, "4", "", false, short},
		{"2025 eq 4", Within, "4.0", "", false, satisfied},
		{"2025 eq 4", Within, "4.1", "", false, short},
		{"2025 between 40 60", Within, "40", "", false, satisfied},
		{"2025 between 40 60", Within, "60.01", "", false, short},
		{"2025 ge 0.8 1", Higher, "5", "", false, satisfied},
		{"2025 about 55", Higher, "54.5", "", false, satisfied},
		{"2025 about 55", Higher, "54.4999", "", false, short},
		{"2025 about 55", Lower, "55.49", "", false, satisfied},
		{"2025 about 55", Lower, "55.5", "", false, short},
		{"2025 about 55.0", Higher, "54.94", "", false, short},
		{"2025 about 55.0", Higher, "54.95", "", false, satisfied},
		{"2025 about 55", Within, "56", "", false, short},
		{"2025 about -20", Lower, "-19.5", "", false, satisfied}, // rounds to −20
		{"2025 about -20", Lower, "-19.49", "", false, short},
		{"2025 about -20", Higher, "-20.5", "", false, short}, // rounds to −21
		{"2025 about -20", Higher, "-20.4", "", false, satisfied},
		{"2025 about 0", Lower, "0.5", "", false, short},

		{"2025 ge 50", Higher, "95", "ge", false, satisfied},
		{"2025 ge 50", Higher, "50", "ge", false, satisfied},
		{"2025 ge 50", Higher, "49", "ge", false, undecided},
		{"2025 ge 50", Higher, "49", "le", false, short},
		{"2025 ge 50", Higher, "50", "le", false, undecided},
		{"2025 gt 50", Higher, "50", "ge", false, undecided},
		{"2025 gt 50", Higher, "50", "le", false, short},
		{"2025 le 4", Lower, "4", "le", false, satisfied},
		{"2025 lt 4", Lower, "4", "le", false, undecided},
		{"2025 lt 4", Lower, "4", "ge", false, short},
		{"2025 le 4", Lower, "4", "ge", false, undecided},
		{"2025 le 4", Lower, "4.1", "ge", false, short},
		{"2025 between 40 60", Within, "61", "ge", false, short},
		{"2025 between 40 60", Within, "39", "le", false, short},
		{"2025 between 40 60", Within, "50", "ge", false, undecided},
		{"2025 eq 4", Within, "4", "ge", false, undecided},
		{"2025 ge 80", Higher, "80", "about", false, undecided},
		{"2025 ge 79.5", Higher, "80", "about", false, satisfied},
		{"2025 lt 80.5", Lower, "80", "about", false, satisfied},
		{"2025 ge 80.5", Higher, "80", "about", false, short},
		{"2025 about 80", Higher, "80", "about", false, satisfied},
		{"2025 ge 80.05", Higher, "80.0", "about", false, short},

		{"2025 ge 50", Higher, "50", "", true, satisfied},
		{"2025 ge 50", Higher, "49", "", true, undecided},
		{"2025 le 100", Lower, "40", "", true, undecided},
		{"2025 le 100", Lower, "101", "", true, short},
		{"2025 about 55", Higher, "54.5", "", true, satisfied},
		{"2025 ge 50", Higher, "60", "le", true, undecided},
		{"2025 ge 399.5", Higher, "400", "about", true, satisfied},
	} {
		target := mustTarget(t, "x", c.target, "")
		g, ok := goalOf(&Indicator{Direction: c.direction}, &target, Number{})
		if !ok {
			t.Fatalf("%s has no goal", c.target)
		}
		n := MustNumber(c.value)
		f := Figure{Value: n, exact: whole(n.Decimal()), Bound: c.bound, ToDate: c.final}
		if got := g.judge(&f, c.final); got != c.want {
			t.Errorf("%s %s against %s (final %v) = %d, want %d", c.bound, c.value, c.target, c.final, got, c.want)
		}
	}
	for _, line := range []string{"2025 hold", "2025 between 40", "2025 ge", "2025 near 5"} {
		target := mustTarget(t, "x", line, "")
		if _, ok := goalOf(&Indicator{Direction: Higher}, &target, Number{}); ok {
			t.Errorf("%q has a goal, want none", line)
		}
	}
	if Higher.toward() != 1 || Lower.toward() != -1 || Within.toward() != 0 {
		t.Error("directions point elsewhere")
	}
}

func TestAttainmentFormula(t *testing.T) {
	for _, c := range []struct {
		target, start, value, want string
	}{
		{"2025 ge 1600", "0", "780", "48.75"},
		{"2025 le 55", "58.78", "57", "47.089947"},
		{"2025 le 55", "58.78", "60", "0"},
		{"2025 le 4", "5.0", "4.4", "60"},
		{"2025 ge 100", "112.01", "110", "100"},
		{"2025 ge 100", "112.01", "99", "99"}, // start already satisfies: the ratio
		{"2025 gt 100", "100", "100", "100"},  // short by nothing that has a size
		{"2025 ge 50", "", "49.996", "99.992"},
		{"2025 ge 50", "", "-3", "0"},
		{"2025 ge 0", "", "-3", "0"},
		{"2025 ge -20", "", "-40", "50"},
		{"2025 le -20", "", "-10", "50"},
		{"2025 le -20", "", "5", "0"},
		{"2025 le 0", "", "5", "0"},
		{"2025 between 40 60", "20", "30", "50"},
		{"2025 between 40 60", "20", "90", "0"},
		{"2025 between 40 60", "100", "70", "75"},
		{"2025 between 40 60", "", "120", "50"},
		{"2025 between 40 60", "", "20", "50"},
	} {
		target := mustTarget(t, "x", c.target, "")
		g, _ := goalOf(&Indicator{Direction: Higher}, &target, Number{})
		var start *Figure
		if c.start != "" {
			start = &Figure{exact: whole(MustNumber(c.start).Decimal())}
		}
		if got := brief(NumberOf(g.attainment(whole(MustNumber(c.value).Decimal()), start))); got != c.want {
			t.Errorf("attainment of %s from %q towards %s = %s, want %s", c.value, c.start, c.target, got, c.want)
		}
	}
}

// A share just below the whole is not told as the whole.
func TestQuotientsAreCut(t *testing.T) {
	n, d := MustNumber("99999999999999999999").Decimal(), MustNumber("100000000000000000000").Decimal()
	if got := share(whole(n), whole(d)); !got.LessThan(hundred) {
		t.Errorf("share = %s, want less than 100", got)
	}
	third, _ := over(one, decimal.NewFromInt(-3))
	if third.value().String() != "-0.333333333333333333333333" {
		t.Errorf("1 ÷ −3 = %s", third.value())
	}
	if _, ok := over(one, zero); ok {
		t.Error("divided by zero")
	}
	sixth, _ := over(one, decimal.NewFromInt(6))
	if got := third.add(sixth).add(sixth); got.cmp(zero) != 0 {
		t.Errorf("−1/3 + 1/6 + 1/6 = %s, want exactly 0", got.value())
	}
	for in, want := range map[string]string{"48.7500": "48.75", "100.000": "100", "7": "7", "0.000": "0", "123456789012345678901.2500": "123456789012345678901.25"} {
		if got := trim(MustNumber(in).Decimal()); NumberOf(got).String() != want {
			t.Errorf("trim(%s) = %s, want %s", in, NumberOf(got), want)
		}
	}
}
