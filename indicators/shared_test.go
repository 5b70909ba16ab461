package indicators

import (
	"fmt"
	"strings"
	"testing"
)

// sharing is the fixture with a second rate of residents, and one whose
// numerator counts them.
func sharing(t *testing.T) *Library {
	l := zhengzhou(t)
	var list []Indicator
	for _, i := range l.Indicators {
		list = append(list, i)
		if i.Code == "childcare" {
			beds, density := i, i
			beds.Code, beds.Name, beds.NumeratorSeries = "beds", "床位", ""
			density.Code, density.Name, density.NumeratorSeries, density.DenominatorSeries = "density", "密度", "residents", ""
			list = append(list, beds, density)
		}
	}
	return NewLibrary(&Package{Plan: l.Plan, Areas: l.Areas, Organisations: l.Organisations, Series: l.Series, Indicators: list, Targets: l.Targets})
}

func TestKnownDenominators(t *testing.T) {
	l := sharing(t)
	id := int64(0)
	row := func(ind, area Code, changed, fields string) Revision {
		id++
		return Revision{Duty: Duty{ID: id, Indicator: ind, Area: area}, Entry: entry(t, fields), Changed: MustPeriod(changed).Time()}
	}
	rows := []Revision{
		row("childcare", "city", "2024-03-09", ""),
		row("beds", "city", "2024-03-01", "denominator=1300.8万"),
		row("density", "city", "2024-03-02", "numerator=13,008,001"),
		row("beds", districts[0], "2024-03-03", "denominator=7"),
		row("toilets", "city", "2024-03-04", "denominator=8"),
		row("gone", "city", "2024-03-04", "denominator=9"),
		row("density", "city", "2024-03-02", "numerator=约10 denominator=11"),
	}
	told := func(r Revision, year int, public ...string) string {
		var out []string
		for _, x := range l.KnownDenominators(&r, year, mustObservations(t, public...), rows) {
			from := "public"
			if x.Typed != nil {
				from = string(x.Typed.Indicator)
			}
			out = append(out, fmt.Sprint(x.Number, " ", from))
		}
		return strings.Join(out, ", ")
	}
	mine := rows[0]
	for _, c := range []struct {
		name   string
		r      Revision
		public []string
		want   string
	}{
		{"the newest typed first, as a numerator too", mine, nil, "13008001 density, 13008000 beds"},
		{"the public one first, each number once", mine, []string{"residents 2023 13008000 pub=2024-02", "residents 2022 12828000"}, "13008000 public, 13008001 density"},
		{"of the editions the one that stands", mine, []string{"residents 2023 1 pub=2024-02", "residents 2023 2 pub=2024-03"}, "2 public, 13008001 density, 13008000 beds"},
		{"no figure of a day within the year, and no bound", mine, []string{"residents 2023-07 5", "residents 2023 6 bound=above"}, "13008001 density, 13008000 beds"},
		{"what is typed already is not offered", Revision{Duty: mine.Duty, Entry: entry(t, "denominator=１３００.８万")}, []string{"residents 2023 13008000"}, "13008001 density"},
		{"no witness of itself", rows[1], nil, "13008001 density"},
		{"a district by itself", row("childcare", districts[0], "2024-03-01", ""), nil, "7 beds"},
		{"no series, nothing known", rows[4], nil, ""},
		{"an indicator that was dropped", rows[5], nil, ""},
	} {
		if got := told(c.r, 2023, c.public...); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPartsThatDiffer(t *testing.T) {
	l := sharing(t)
	for _, c := range []struct {
		ind           Code
		entry, beside string
		at            Place
		want          string
	}{
		{"childcare", "numerator=1 denominator=100", "denominator=101", Place{"beds", "city"}, "denominator beds residents"},
		{"childcare", "numerator=1 denominator=100", "numerator=101", Place{"density", "city"}, "denominator density residents"},
		{"density", "numerator=100 denominator=3", "denominator=101", Place{"beds", "city"}, "numerator beds residents"},
		{"childcare", "numerator=1 denominator=100", "denominator=0.01万", Place{"beds", "city"}, ""},
		{"childcare", "numerator=1 denominator=100", "denominator=约101", Place{"beds", "city"}, ""},
		{"childcare", "numerator=1 denominator=100", "numerator=101", Place{"beds", "city"}, ""},
		{"childcare", "numerator=1 denominator=100", "denominator=101", Place{"beds", districts[0]}, ""},
		{"childcare", "numerator=1", "denominator=101", Place{"beds", "city"}, ""},
		{"toilets", "numerator=1 denominator=100", "denominator=101", Place{"safe-schools", "city"}, ""},
	} {
		s := sight(t, l, c.ind, "city", 2023)
		s.Beside = map[Place]Input{c.at: entry(t, c.beside)}
		for settled, note := range map[bool]string{false: "", true: " note=x"} {
			var got []string
			for _, f := range s.Check(entry(t, c.entry+note)) {
				if f.Rule == "part_differs" {
					got = append(got, fmt.Sprint(f.Field, " ", f.Args[0], " ", f.Args[1]))
					if f.Grade != WarningGrade || f.Settled != settled {
						t.Errorf("%s %s%s beside %s is %+v", c.ind, c.entry, note, c.beside, f)
					}
				}
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s %s beside %v %s: %q, want %q", c.ind, c.entry, c.at, c.beside, strings.Join(got, ", "), c.want)
			}
		}
	}
}
