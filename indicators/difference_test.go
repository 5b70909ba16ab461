package indicators

import (
	"slices"
	"testing"
)

func TestCompareRows(t *testing.T) {
	f, _ := FileNamed("domains.csv")
	row := func(code, name, short string) []string { return []string{code, name, "", short} }
	a, b, c := row("a", "甲", ""), row("b", "乙", "B"), row("c", "丙", "")
	for name, x := range map[string]struct {
		old, now [][]string
		want     []RowChange
	}{
		"the same":      {[][]string{a, b}, [][]string{a, b}, nil},
		"empty":         {nil, nil, nil},
		"another place": {[][]string{a, b}, [][]string{b, a}, []RowChange{{RowMoved, "b", "乙", nil}, {RowMoved, "a", "甲", nil}}},
		"all at once": {[][]string{a, b}, [][]string{c, row("b", "乙二", "")}, []RowChange{
			{RowAdded, "c", "丙", nil}, {RowChanged, "b", "乙", []CellChange{{"name", "乙", "乙二"}, {"short", "B", ""}}}, {RowGone, "a", "甲", nil},
		}},
		"a code renamed": {[][]string{a}, [][]string{row("z", "甲", "")}, []RowChange{{RowAdded, "z", "甲", nil}, {RowGone, "a", "甲", nil}}},
	} {
		got := CompareRows(f, x.old, x.now)
		if !slices.EqualFunc(got.Rows, x.want, func(p, q RowChange) bool {
			return p.Fate == q.Fate && p.Key == q.Key && p.Name == q.Name && slices.Equal(p.Cells, q.Cells)
		}) {
			t.Errorf("%s: %+v, want %+v", name, got.Rows, x.want)
		}
	}
}

// Every file has keys among its columns, and every fate can be counted.
func TestKeysAreColumns(t *testing.T) {
	for _, f := range Files() {
		if f.Name == "observations.csv" {
			continue
		}
		for _, k := range f.Keys() {
			if k < 0 {
				t.Errorf("%s: a key is no column", f.Name)
			}
		}
	}
	x := FileChange{Rows: []RowChange{{Fate: RowGone}, {Fate: RowAdded}, {Fate: RowGone}}}
	for _, fate := range RowFate("").Allowed() {
		want := map[RowFate]int{RowGone: 2, RowAdded: 1}[RowFate(fate)]
		if got := x.Count(RowFate(fate)); got != want {
			t.Errorf("Count(%s) = %d, want %d", fate, got, want)
		}
	}
}

func TestPairFigures(t *testing.T) {
	o := func(year int, value string) Observation {
		return Observation{Subject: "a", Area: "x", Period: YearOf(year), Value: MustNumber(value), Kind: Result}
	}
	for name, x := range map[string]struct {
		old, now []Observation
		want     []FigurePair
	}{
		"the same":         {[]Observation{o(2021, "1")}, []Observation{o(2021, "1")}, nil},
		"a trailing zero":  {[]Observation{o(2021, "1")}, []Observation{o(2021, "1.0")}, []FigurePair{{0, 0}}},
		"zero and missing": {[]Observation{o(2021, "0")}, []Observation{o(2021, "")}, []FigurePair{{0, 0}}},
		"come and gone":    {[]Observation{o(2021, "1"), o(2023, "3")}, []Observation{o(2022, "2"), o(2023, "3")}, []FigurePair{{0, -1}, {-1, 0}}},
	} {
		if got := PairFigures(x.old, x.now); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}

func TestLostDuties(t *testing.T) {
	l := NewLibrary(&Package{Indicators: []Indicator{{Code: "kept"}}, Areas: []Area{{Code: "city"}}, Organisations: []Organisation{{Code: "unit"}}})
	r := Round{Year: 2030, Due: MustPeriod("2031-03-01"), OnTime: MustPeriod("2031-03-05"), Locked: MustPeriod("2031-04-01")}
	d := func(indicator, area, unit Code, s State) Duty {
		return Duty{Indicator: indicator, Area: area, Organisation: unit, State: s}
	}
	for name, x := range map[string]struct {
		duty Duty
		day  string
		want Code
	}{
		"all there":                 {d("kept", "city", "unit", NotBegun), "2031-03-01", ""},
		"its indicator":             {d("lost", "city", "unit", NotBegun), "2031-03-01", "lost"},
		"its area":                  {d("kept", "town", "unit", Draft), "2031-03-01", "town"},
		"its unit":                  {d("kept", "city", "them", Returned), "2031-03-01", "them"},
		"after the lock":            {d("lost", "city", "unit", Draft), "2031-04-01", ""},
		"after the lock, approved":  {d("lost", "city", "unit", Approved), "2031-04-01", "lost"},
		"after the lock, submitted": {d("lost", "city", "unit", Submitted), "2031-05-01", "lost"},
		"published":                 {d("lost", "city", "unit", Published), "2031-03-01", ""},
	} {
		got := LostDuties(r, []Duty{x.duty}, l, MustPeriod(x.day))
		switch {
		case x.want == "" && len(got) > 0, x.want != "" && (len(got) != 1 || got[0].Lost != x.want || got[0].Year != r.Year):
			t.Errorf("%s: %+v, want %q lost", name, got, x.want)
		}
	}
}
