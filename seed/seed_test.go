package seed_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"yimi/indicators"
	"yimi/seed"
)

const made = "testdata/yunxi-2023"

func mustRead(t testing.TB, fsys fs.FS) *indicators.Package {
	t.Helper()
	p, err := seed.Read(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// copied is a package in memory that a test may spoil.
func copied(t testing.TB) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	entries, err := os.ReadDir(made)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		body, err := os.ReadFile(filepath.Join(made, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = &fstest.MapFile{Data: body}
	}
	return out
}

func TestReadRefuses(t *testing.T) {
	replace := func(file, from, to string) func(fstest.MapFS) {
		return func(m fstest.MapFS) { m[file].Data = bytes.Replace(m[file].Data, []byte(from), []byte(to), 1) }
	}
	for name, c := range map[string]struct {
		spoil      func(fstest.MapFS)
		file, rule string
		line       int
	}{
		"an unknown column":     {replace("domains.csv", "name_en", "english"), "domains.csv", "unknown_column", 1},
		"a missing column":      {replace("domains.csv", ",short", ""), "domains.csv", "missing_column", 1},
		"a doubled column":      {replace("domains.csv", "name_en", "name"), "domains.csv", "doubled_column", 1},
		"columns out of order":  {replace("domains.csv", "code,name,", "name,code,"), "domains.csv", "column_order", 1},
		"an open quotation":     {replace("domains.csv", "care,", `care,"`), "domains.csv", "broken_csv", 0},
		"a row cut short":       {replace("domains.csv", "play,游戏,Play,游戏\n", "play,游戏\n"), "domains.csv", "wrong_width", 4},
		"a file cut off":        {replace("domains.csv", "Play,游戏\n", "Pl"), "domains.csv", "truncated", 4},
		"an empty file":         {func(m fstest.MapFS) { m["domains.csv"].Data = nil }, "domains.csv", "empty_file", 1},
		"a missing file":        {func(m fstest.MapFS) { delete(m, "tasks.csv") }, "tasks.csv", "missing_file", 0},
		"GBK":                   {replace("domains.csv", "照护", "\xd5\xd5\xbb\xa4"), "domains.csv", "bytes_not_utf8", 2},
		"a bad code":            {replace("domains.csv", "care,", "Care,"), "domains.csv", "code_shape", 2},
		"an unknown choice":     {replace("areas.csv", ",district,", ",county,"), "areas.csv", "unknown_choice", 3},
		"a text for a number":   {replace("targets.csv", "12.0", "1e1"), "targets.csv", "not_a_number", 2},
		"a negative zero":       {replace("targets.csv", "12.0", "-0"), "targets.csv", "not_a_number", 2},
		"a bad date":            {replace("policies.csv", "2025-09", "2025-13"), "policies.csv", "period_form", 2},
		"an address of no web":  {replace("references.csv", "https://example.org/report", "javascript:alert(1)"), "references.csv", "bad_url", 2},
		"an unknown milestone":  {replace("targets.csv", ",2024,", ",2023,"), "targets.csv", "unknown_milestone", 2},
		"broken JSON":           {replace("datapackage.json", "{", "{,"), "datapackage.json", "broken_json", 0},
		"a schema of its own":   {replace("datapackage.json", `"short"`, `"brief"`), "datapackage.json", "schema_columns", 0},
		"a zone that is no one": {replace("datapackage.json", "Asia/Urumqi", "Asia/Nowhere"), "datapackage.json", "time_zone", 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := copied(t)
			c.spoil(m)
			p, err := seed.Read(m)
			var problems indicators.Problems
			if p != nil || !errors.As(err, &problems) {
				t.Fatalf("Read = %v, %v, want problems", p, err)
			}
			for _, x := range problems {
				if x.File == c.file && x.Rule == c.rule {
					if c.line > 0 && x.Line != c.line {
						t.Errorf("%s is found in line %d, want %d", c.rule, x.Line, c.line)
					}
					return
				}
			}
			t.Errorf("Read reports %v, want %s in %s", problems, c.rule, c.file)
		})
	}
}

func TestReadReportsEveryFaultAtOnce(t *testing.T) {
	m := copied(t)
	m["domains.csv"].Data = bytes.Replace(m["domains.csv"].Data, []byte("care,"), []byte("Care,"), 1)
	m["areas.csv"].Data = bytes.Replace(m["areas.csv"].Data, []byte(",district,"), []byte(",county,"), 1)
	m["targets.csv"].Data = bytes.Replace(m["targets.csv"].Data, []byte("12.0"), []byte("twelve"), 1)
	_, err := seed.Read(m)
	var problems indicators.Problems
	if !errors.As(err, &problems) || len(problems) < 3 {
		t.Fatalf("Read = %v, want three faults", err)
	}
	files := ""
	for _, x := range problems {
		files += x.File + " "
		if x.Line == 0 || x.Col == 0 {
			t.Errorf("%v has no place", x)
		}
	}
	if !strings.HasPrefix(files, "domains.csv areas.csv targets.csv") {
		t.Errorf("the faults are told in the order %s", files)
	}
}

func TestReadTakesMarksAndLineEnds(t *testing.T) {
	m := copied(t)
	m["domains.csv"].Data = append([]byte("\xef\xbb\xbf"), bytes.ReplaceAll(m["domains.csv"].Data, []byte("\n"), []byte("\r\n"))...)
	if p := mustRead(t, m); p.Domains[0].Code != "care" {
		t.Errorf("the first domain is %q", p.Domains[0].Code)
	}
}

func TestWriteIsWhatWasRead(t *testing.T) {
	for name, fsys := range map[string]fs.FS{"shipped": seed.Shipped(), "made up": os.DirFS(made)} {
		dir := filepath.Join(t.TempDir(), "out")
		if err := seed.Write(dir, mustRead(t, fsys)); err != nil {
			t.Fatal(err)
		}
		err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			want, err := fs.ReadFile(fsys, path)
			if err != nil {
				return err
			}
			got, err := os.ReadFile(filepath.Join(dir, path))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %s differs from what was read: %v", name, path, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := seed.Write(dir, mustRead(t, fsys)); err == nil {
			t.Errorf("%s: a folder that is not empty was written over", name)
		}
	}
}

// TestEveryTargetIsCovered holds coverage.csv against the targets both ways:
// each row points at a target or has a reason (Read has seen to that), and each
// target with a number stands in the plan's text.
func TestEveryTargetIsCovered(t *testing.T) {
	for name, fsys := range map[string]fs.FS{"shipped": seed.Shipped(), "made up": os.DirFS(made)} {
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

// TestDerivedRatesAreTheirSeries works every derived figure out again.
func TestDerivedRatesAreTheirSeries(t *testing.T) {
	for name, fsys := range map[string]fs.FS{"shipped": seed.Shipped(), "made up": os.DirFS(made)} {
		p := mustRead(t, fsys)
		l := indicators.NewLibrary(p)
		of := func(c indicators.Code) (out []indicators.Observation) {
			for _, o := range p.Observations {
				if o.Subject == c {
					out = append(out, o)
				}
			}
			return out
		}
		checked := 0
		for _, o := range p.Observations {
			if o.Kind != indicators.Derived {
				continue
			}
			checked++
			i := l.Indicator(o.Subject)
			found := false
			for _, d := range indicators.DeriveRates(i, of(i.NumeratorSeries), of(i.DenominatorSeries)) {
				if d.Area == o.Area && d.Period == o.Period {
					found = true
					if !d.Value.Decimal().Equal(o.Value.Decimal()) || !d.Numerator.Decimal().Equal(o.Numerator.Decimal()) || !d.Denominator.Decimal().Equal(o.Denominator.Decimal()) {
						t.Errorf("%s: %s %s is %s = %s ÷ %s, the series give %s = %s ÷ %s", name, o.Subject, o.Period, o.Value, o.Numerator, o.Denominator, d.Value, d.Numerator, d.Denominator)
					}
				}
			}
			if !found {
				t.Errorf("%s: the series give no %s for %s", name, o.Subject, o.Period)
			}
		}
		if checked == 0 {
			t.Errorf("%s has no derived figure", name)
		}
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

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("code,name,name_en,short\na,甲,A,甲\n"))
	f.Add([]byte("\xef\xbb\xbfcode,name,name_en,short\r\n\"a\",\"甲\"\"\",A,甲\r\n"))
	f.Add([]byte("code,name\n\xd6\xd0,\n"))
	f.Add([]byte(`"`))
	f.Fuzz(func(t *testing.T, body []byte) {
		m := copied(t)
		m["domains.csv"].Data = body
		p, err := seed.Read(m)
		if (p == nil) == (err == nil) {
			t.Errorf("Read = %v, %v, want one of them", p, err)
		}
		var problems indicators.Problems
		if err != nil && (!errors.As(err, &problems) || len(problems) == 0) {
			t.Errorf("Read fails with %v, which is no list of problems", err)
		}
	})
}
