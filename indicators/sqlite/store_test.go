package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"yimi/indicators"
	"yimi/indicators/sqlite"
	"yimi/seed"
)

var day = time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC)

// fixture is the made-up plan, read afresh so that a test may change it.
func fixture(t testing.TB) *indicators.Package {
	t.Helper()
	p, err := seed.Read(os.DirFS(filepath.Join("..", "..", "seed", "testdata", "yunxi-2023")))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustOpen(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func mustLoad(t testing.TB, s *sqlite.Store, p *indicators.Package, at time.Time) indicators.Change {
	t.Helper()
	c, err := s.Load(t.Context(), p, at, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustExport(t testing.TB, s *sqlite.Store) *indicators.Package {
	t.Helper()
	p, err := s.Export(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sameRows holds two packages against each other, cell by cell.
func sameRows(t *testing.T, got, want *indicators.Package) {
	t.Helper()
	if !bytes.Equal(got.Descriptor, want.Descriptor) {
		t.Error("the descriptor differs")
	}
	for _, f := range indicators.Files() {
		if !reflect.DeepEqual(got.Rows(f.Name), want.Rows(f.Name)) {
			t.Errorf("%s differs", f.Name)
		}
	}
}

func kindOf(err error) indicators.Kind {
	var known *indicators.Error
	if errors.As(err, &known) {
		return known.Kind
	}
	return ""
}

func TestEmptyStore(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "a.db"))
	if _, err := s.Library(t.Context()); kindOf(err) != indicators.NotFound {
		t.Errorf("Library of an empty store = %v, want not found", err)
	}
	if _, err := s.Release(t.Context()); kindOf(err) != indicators.NotFound {
		t.Errorf("Release of an empty store = %v, want not found", err)
	}
	if err := s.Check(t.Context()); kindOf(err) != indicators.NotFound {
		t.Errorf("Check of an empty store = %v, want not found", err)
	}
}

func TestLoadAndExport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s, p := mustOpen(t, path), fixture(t)
	c := mustLoad(t, s, p, day)
	if !c.FirstOne || c.Release != 1 || c.Added != len(p.Observations) || c.Nothing() {
		t.Errorf("the first load = %+v", c)
	}
	sameRows(t, mustExport(t, s), p)
	if c := mustLoad(t, s, p, day.AddDate(0, 0, 1)); !c.Nothing() || c.Release != 1 {
		t.Errorf("a second load = %+v, want nothing", c)
	}
	r, err := s.Release(t.Context())
	if err != nil || r.Number != 1 || !r.Published.Equal(day) {
		t.Errorf("Release = %+v, %v", r, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	l, err := s.Library(t.Context())
	if err != nil || len(l.Indicators) != len(p.Indicators) {
		t.Fatalf("Library = %v", err)
	}
	if again, err := s.Library(t.Context()); err != nil || again != l {
		t.Errorf("the library is read anew though nothing changed: %v", err)
	}
}

func TestChangedFiguresMakeARelease(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s, p := mustOpen(t, path), fixture(t)
	mustLoad(t, s, p, day)
	changed := fixture(t)
	var subject indicators.Code
	for n := range changed.Observations {
		if o := &changed.Observations[n]; o.Subject == "libraries" && o.Period.Year == 2024 {
			o.Value, subject = indicators.MustNumber("10"), o.Subject
		}
	}
	last := len(changed.Observations) - 1
	gone := changed.Observations[last]
	changed.Observations = changed.Observations[:last]
	if c := mustLoad(t, s, changed, day.AddDate(0, 1, 0)); c.Release != 2 || c.Added != 1 || c.Ended != 2 {
		t.Errorf("a load with one changed and one missing figure = %+v", c)
	}
	sameRows(t, mustExport(t, s), changed)
	obs, err := s.Observations(t.Context(), subject)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range obs {
		if o.Period.Year == 2024 && o.Value.String() != "10" {
			t.Errorf("the public figure is %s, want 10", o.Value)
		}
	}
	if obs, err := s.Observations(t.Context(), gone.Subject); err != nil || len(obs) >= len(of(p, gone.Subject)) {
		t.Errorf("the withdrawn figure is still public: %v, %v", obs, err)
	}
	db := raw(t, path)
	var kept int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM observations WHERE ended IS NOT NULL").Scan(&kept); err != nil || kept != 2 {
		t.Errorf("%d ended figures are kept, want 2: %v", kept, err)
	}
}

func of(p *indicators.Package, subject indicators.Code) (out []indicators.Observation) {
	for _, o := range p.Observations {
		if o.Subject == subject {
			out = append(out, o)
		}
	}
	return out
}

// raw is the database without the store's care.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestReadsAgreeWithThePackage(t *testing.T) {
	s, p := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), fixture(t)
	mustLoad(t, s, p, day)
	for _, i := range p.Indicators {
		got, err := s.Observations(t.Context(), i.Code)
		if err != nil || !reflect.DeepEqual(got, of(p, i.Code)) && len(got)+len(of(p, i.Code)) > 0 {
			t.Errorf("Observations(%s) = %v, %v", i.Code, got, err)
		}
	}
	total := 0
	for _, a := range p.Areas {
		got, err := s.ObservationsIn(t.Context(), a.Code)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range got {
			if o.Area != a.Code {
				t.Errorf("ObservationsIn(%s) has one of %s", a.Code, o.Area)
			}
		}
		total += len(got)
	}
	if total != len(p.Observations) {
		t.Errorf("the areas have %d figures, want %d", total, len(p.Observations))
	}
	if _, err := s.Observations(t.Context(), "nothing"); kindOf(err) != indicators.NotFound {
		t.Errorf("Observations of an unknown subject = %v, want not found", err)
	}
	if _, err := s.ObservationsIn(t.Context(), "nowhere"); kindOf(err) != indicators.NotFound {
		t.Errorf("ObservationsIn of an unknown area = %v, want not found", err)
	}
}

func TestRefusedLoadsChangeNothing(t *testing.T) {
	s, p := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), fixture(t)
	mustLoad(t, s, p, day)
	bad := fixture(t)
	bad.Targets[0].Indicator = "nothing"
	var problems indicators.Problems
	if _, err := s.Load(t.Context(), bad, day, nil); !errors.As(err, &problems) {
		t.Errorf("a package with a fault = %v, want its problems", err)
	}
	other := fixture(t)
	other.Plan.Code = "elsewhere"
	other.Descriptor = bytes.Replace(other.Descriptor, []byte(`"code": "yunxi-2023"`), []byte(`"code": "elsewhere"`), 1)
	if _, err := s.Load(t.Context(), other, day, nil); kindOf(err) != indicators.Conflict {
		t.Errorf("another plan = %v, want a conflict", err)
	}
	changed := fixture(t)
	changed.Domains[0].Name = "另一个"
	changed.Observations = changed.Observations[:3]
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Load(ctx, changed, day, func(done, total int) {
		if done > total/2 {
			cancel()
		}
	})
	if err == nil {
		t.Error("a load that was stopped half-way reports no error")
	}
	sameRows(t, mustExport(t, s), p)
	if r, err := s.Release(t.Context()); err != nil || r.Number != 1 {
		t.Errorf("Release = %+v, %v, want the first", r, err)
	}
}

func TestRefusedFiles(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, bytes.Repeat([]byte("no database "), 400), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	s := mustOpen(t, newer)
	mustLoad(t, s, fixture(t), day)
	if _, err := raw(t, newer).ExecContext(t.Context(), "PRAGMA user_version = 9999"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		want indicators.Kind
	}{
		"a directory":               {dir, indicators.Invalid},
		"a text":                    {text, indicators.Invalid},
		"a newer program's":         {newer, indicators.Conflict},
		"a folder that is not here": {filepath.Join(dir, "no", "a.db"), indicators.NotFound},
	} {
		if got, err := sqlite.Open(t.Context(), c.path); kindOf(err) != c.want {
			t.Errorf("Open of %s = %v, %v, want %s", name, got, err, c.want)
		}
	}
	if body, err := os.ReadFile(text); err != nil || !bytes.HasPrefix(body, []byte("no database ")) {
		t.Errorf("the refused file was touched: %v", err)
	}
}

func TestPublishedRowsCannotChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := mustOpen(t, path)
	mustLoad(t, s, fixture(t), day)
	db := raw(t, path)
	for _, act := range []string{
		"UPDATE observations SET value = '1'", "DELETE FROM observations",
		"UPDATE releases SET note = 'x'", "DELETE FROM releases",
	} {
		if _, err := db.ExecContext(t.Context(), act); err == nil {
			t.Errorf("the database lets %q pass", act)
		}
	}
}

func TestReadersDuringLoads(t *testing.T) {
	s, p := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), fixture(t)
	mustLoad(t, s, p, day)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if _, err := s.Library(t.Context()); err != nil {
					t.Error(err)
				}
				if _, err := s.Observations(t.Context(), "libraries"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range 10 {
		changed := fixture(t)
		for i := range changed.Observations {
			if o := &changed.Observations[i]; o.Subject == "libraries" {
				o.Note = string(rune('a' + n))
			}
		}
		mustLoad(t, s, changed, day.AddDate(0, 0, n+1))
	}
	wg.Wait()
}

func TestTwoStartsAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
