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
			again := indicators.DeriveRates(l, i, of(i.NumeratorSeries, o.Area), of(i.DenominatorSeries, o.Area))
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

// TestEveryTargetIsCovered holds coverage.csv against the targets both ways:
// each row points at a target or has a reason (Read has seen to that), and each
// target with a number stands in the plan's text.
func TestEveryTargetIsCovered(t *testing.T) {
	for name, fsys := range plans(t) {
		p := mustRead(t, fsys)
		covered := map[string]bool{}
		for _, c := range p.Coverage {
			covered[string(c.Indicator)+" "+string(c.Milestone)] = true
		}
		l := indicators.NewLibrary(p)
		for _, target := range p.Targets {
			if l.Indicator(target.Indicator).Measure == indicators.Deliverable || !target.Value.Present() {
				continue
			}
			if !covered[string(target.Indicator)+" "+string(target.Milestone)] {
				t.Errorf("%s: no number of the text is covered by %s at %s", name, target.Indicator, target.Milestone)
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

// TestShippedPlan holds the seed against what the issue and the plan say of
// its size.
func TestShippedPlan(t *testing.T) {
	p := mustRead(t, seed.Shipped())
	for what, c := range map[string]struct{ got, want int }{
		"domains": {len(p.Domains), 5}, "tasks": {len(p.Tasks), 57}, "projects": {len(p.Projects), 14},
		"policies": {len(p.Policies), 20}, "areas": {len(p.Areas), 17},
	} {
		if c.got != c.want {
			t.Errorf("%d %s, want %d", c.got, what, c.want)
		}
	}
	l := indicators.NewLibrary(p)
	for _, c := range []struct {
		code      indicators.Code
		milestone string
		value     string
		basis     indicators.Basis
		scope     indicators.Scope
	}{
		{"friendly-parks", "2025", "20", indicators.Cumulative, indicators.City},
		{"friendly-libraries", "2022", "16", indicators.Level, indicators.City},
		{"friendly-libraries", "2025", "50", indicators.Level, indicators.City},
		{"childcare-places-per-1000", "2025", "6", indicators.Level, indicators.City},
		{"friendly-street-blocks", "2025", "5", indicators.Level, indicators.EachDistrict},
		{"child-social-workers", "2022", "200", indicators.Added, indicators.City},
		{"child-social-workers", "2025", "2500", indicators.Level, indicators.City},
		{"schools-begun", "2025", "150", indicators.Cumulative, indicators.City},
		{"neonatal-mortality", "2025", "2.5", indicators.Level, indicators.City},
		{"safe-campus-rate", "every", "100", indicators.Level, indicators.City},
		{"child-injury-mortality", "2025", "-20", indicators.ChangePct, indicators.City},
		{"law-education-bases-each-district", "2025", "1", indicators.Level, indicators.EachDistrict},
		{"urban-parent-school-coverage", "2025", "95", indicators.Level, indicators.City},
		{"rural-parent-school-coverage", "2025", "85", indicators.Level, indicators.City},
		{"vaccination-rate", "2025", "95", indicators.Level, indicators.EachTownship},
	} {
		found := false
		for _, target := range l.TargetsOf(c.code) {
			if string(target.Milestone) == c.milestone && target.Value.String() == c.value {
				found = target.Basis == c.basis && l.Indicator(c.code).Scope == c.scope
			}
		}
		if !found {
			t.Errorf("%s has no target %s %s %s %s", c.code, c.milestone, c.value, c.basis, c.scope)
		}
	}
}
