package seed_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"yimi/indicators"
	"yimi/seed"
)

// TestPlansAreCanonical holds what no load refuses: the descriptor's form and
// the types of its fields.
func TestPlansAreCanonical(t *testing.T) {
	types := map[indicators.ColumnType][]string{
		indicators.NumberColumn: {"number", "integer"}, indicators.IntegerColumn: {"integer", "year"}, indicators.TruthColumn: {"boolean"},
		indicators.PeriodColumn: {"string", "date", "year", "yearmonth"},
	}
	for name, fsys := range plans(t) {
		data := mustRead(t, fsys).Descriptor
		var indented bytes.Buffer
		if err := json.Indent(&indented, bytes.TrimSpace(data), "", "  "); err != nil {
			t.Fatal(err)
		}
		if got := indented.String() + "\n"; got != string(data) || strings.Contains(got, `\u`) {
			t.Errorf("%s: datapackage.json is not indented by two spaces, unescaped, with a line end", name)
		}
		var d struct {
			Resources []struct {
				Path   string
				Schema struct{ Fields []struct{ Name, Type string } }
			}
		}
		if err := json.Unmarshal(data, &d); err != nil {
			t.Fatal(err)
		}
		for i, f := range indicators.Files() {
			if d.Resources[i].Path != f.Name {
				t.Errorf("%s: resource %d is %s, want %s", name, i, d.Resources[i].Path, f.Name)
				continue
			}
			for n, c := range f.Columns {
				allowed := types[c.Type]
				if allowed == nil {
					allowed = []string{"string"}
				}
				if got := d.Resources[i].Schema.Fields[n].Type; !slices.Contains(allowed, got) {
					t.Errorf("%s: %s of %s is of type %q, want one of %q", name, c.Name, f.Name, got, allowed)
				}
			}
		}
	}
}

// TestDerivedRates computes every derived rate of every plan again from its
// series.
func TestDerivedRates(t *testing.T) {
	for name, fsys := range plans(t) {
		p := mustRead(t, fsys)
		l := indicators.NewLibrary(p)
		of := func(subject, area indicators.Code) []indicators.Observation {
			var out []indicators.Observation
			for _, o := range p.Observations {
				if o.Subject == subject && o.Area == area {
					out = append(out, o)
				}
			}
			return out
		}
		for _, o := range p.Observations {
			i := l.Indicator(o.Subject)
			if o.Kind != indicators.Derived || i == nil || i.NumeratorSeries == "" {
				continue
			}
			again := indicators.DeriveRates(i, of(i.NumeratorSeries, o.Area), of(i.DenominatorSeries, o.Area))
			found := slices.ContainsFunc(again, func(a indicators.Observation) bool {
				return a.Period == o.Period && a.Value.String() == o.Value.String() &&
					a.Numerator.Decimal().Equal(o.Numerator.Decimal()) && a.Denominator.Decimal().Equal(o.Denominator.Decimal())
			})
			if !found {
				t.Errorf("%s: %s of %s in %s is %s (%s ÷ %s), and its series do not give that", name, o.Subject, o.Area, o.Period, o.Value, o.Numerator, o.Denominator)
			}
		}
	}
}

// TestMadeUpPlanIsWide wants the made-up plan to hold whatever a plan can: all
// pages, charts and rules are tested on it.
func TestMadeUpPlanIsWide(t *testing.T) {
	p := mustRead(t, os.DirFS(yunxi))
	optional := map[string][]string{ // values that need no example
		"observations.csv quality": {"D", "F", "G", "I", "J", "K", "L", "M", "N", "O", "Q", "S", "U", "V", "W"},
	}
	for _, f := range indicators.Files() {
		rows := p.Rows(f.Name)
		for i, c := range f.Columns {
			filled := map[string]bool{}
			for _, row := range rows {
				filled[row[i]] = true
			}
			delete(filled, "")
			if len(filled) == 0 {
				t.Errorf("no row of %s has a %s", f.Name, c.Name)
			}
			for _, value := range c.Allowed {
				if !filled[value] && !slices.Contains(optional[f.Name+" "+c.Name], value) {
					t.Errorf("no row of %s has %s %s", f.Name, c.Name, value)
				}
			}
			if english, _ := f.Column(c.Name + "_en"); english >= 0 {
				for n, row := range rows {
					if row[i] != "" && row[english] == "" && c.Name != "unit" {
						t.Errorf("%s row %d has no English %s", f.Name, n, c.Name)
					}
				}
			}
		}
	}
}

// TestShippedIsOnePlan wants the files of one package at the top.
func TestShippedIsOnePlan(t *testing.T) {
	entries, err := fs.ReadDir(seed.Shipped(), ".")
	if err != nil || len(entries) != len(indicators.Files())+1 {
		t.Errorf("Shipped() has %d files, want %d: %v", len(entries), len(indicators.Files())+1, err)
	}
}
