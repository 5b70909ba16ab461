package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yimi/indicators"
	"yimi/seed"
)

// mustBytes is the package as it is written for others.
func mustBytes(t testing.TB, p *indicators.Package) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := seed.WriteZip(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func mustExport(t testing.TB, s *Store) *indicators.Package {
	t.Helper()
	p, err := s.Export(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLoadRefuses(t *testing.T) {
	broken := mustPlan(t)
	broken.Indicators[0].Code = "Not A Code"
	unsaid := mustPlan(t)
	unsaid.Plan.Code = "elsewhere-2030"
	other := mustPlan(t)
	old := fmt.Sprintf(`"code": %q`, other.Plan.Code)
	other.Plan.Code = "elsewhere-2030"
	other.Descriptor = bytes.Replace(other.Descriptor, []byte(old), []byte(`"code": "elsewhere-2030"`), 1)

	s, _ := mustLoad(t)
	before := mustBytes(t, mustExport(t, s))
	_, err := s.Load(context.Background(), broken, now, nil)
	if problems := (indicators.Problems{}); !errors.As(err, &problems) {
		t.Errorf("Load of a broken package: %v, want its problems", err)
	}
	_, err = s.Load(context.Background(), unsaid, now, nil)
	mustBe(t, err, indicators.Invalid, indicators.DescriptorFile)
	_, err = s.Load(context.Background(), other, now, nil)
	mustBe(t, err, indicators.Conflict, otherPlan)
	if !bytes.Equal(mustBytes(t, mustExport(t, s)), before) {
		t.Error("a refused load changed the store")
	}
}

func TestEmptyStore(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "yimi.db"))
	ctx := context.Background()
	_, err := s.Library(ctx)
	mustBe(t, err, indicators.NotFound, noPlan)
	_, err = s.Export(ctx)
	mustBe(t, err, indicators.NotFound, noPlan)
	_, err = s.Release(ctx)
	mustBe(t, err, indicators.NotFound, noRelease)
	_, err = s.Observations(ctx, "births")
	mustBe(t, err, indicators.NotFound, noSubject)
	_, err = s.ObservationsIn(ctx, "anywhere")
	mustBe(t, err, indicators.NotFound, noArea)
	mustBe(t, s.Check(ctx), indicators.NotFound, noPlan)
}

func TestLoadThenExportIsTheSamePackage(t *testing.T) {
	made, err := seed.Read(os.DirFS(filepath.Join("..", "..", "seed", "testdata", "yunxi-2023")))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*indicators.Package{mustPlan(t), made} {
		s := mustOpen(t, filepath.Join(t.TempDir(), "yimi.db"))
		if _, err := s.Load(context.Background(), p, now, nil); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(mustBytes(t, mustExport(t, s)), mustBytes(t, p)) {
			t.Errorf("%s comes out otherwise than it went in", p.Plan.Code)
		}
		r, err := s.Release(context.Background())
		if want := (indicators.Release{Number: 1, Published: now, Kind: indicators.LoadedRelease}); err != nil || r != want {
			t.Errorf("Release() = %v, %v, want %v", r, err, want)
		}
	}
}

func TestSecondLoadChangesNothing(t *testing.T) {
	s, p := mustLoad(t)
	changes := mustCount(t, s, "SELECT edition FROM plan")
	// The order of figures is no part of a package.
	slices.Reverse(p.Observations)
	c, err := s.Load(context.Background(), p, now.AddDate(0, 1, 0), nil)
	if err != nil || !c.Nothing() || c.Release != 1 {
		t.Errorf("second Load = %+v, %v, want nothing", c, err)
	}
	if n := mustCount(t, s, "SELECT edition FROM plan"); n != changes {
		t.Errorf("edition is %d, want %d", n, changes)
	}
	if n := mustCount(t, s, "SELECT count(*) FROM releases"); n != 1 {
		t.Errorf("%d releases, want 1", n)
	}
}

func TestLoadCountsTheFirst(t *testing.T) {
	s, p := mustOpen(t, filepath.Join(t.TempDir(), "yimi.db")), mustPlan(t)
	rows := 1 // the descriptor
	total := 0
	for _, f := range indicators.Files() {
		total += len(p.Rows(f.Name))
		if f.Name != observationsFile {
			rows += len(p.Rows(f.Name))
		}
	}
	last := 0
	c, err := s.Load(context.Background(), p, now, func(done, of int) {
		if done < last || done > of || of != total {
			t.Errorf("progress(%d, %d) after %d, want up to %d", done, of, last, total)
		}
		last = done
	})
	want := indicators.Change{Rows: rows, Added: len(p.Observations), Release: 1, FirstOne: true}
	if err != nil || c != want {
		t.Errorf("Load = %+v, %v, want %+v", c, err, want)
	}
	if last != total {
		t.Errorf("progress ended at %d of %d", last, total)
	}
}

func TestLoadCounts(t *testing.T) {
	tests := []struct {
		name string
		edit func(p *indicators.Package)
		want indicators.Change
	}{
		{"a name", func(p *indicators.Package) { p.Domains[0].Short = "甲" }, indicators.Change{Rows: 1, Release: 1}},
		{"two rows change places", func(p *indicators.Package) { p.Rules[0], p.Rules[1] = p.Rules[1], p.Rules[0] }, indicators.Change{Rows: 2, Release: 1}},
		{"a row comes first", func(p *indicators.Package) {
			p.Rules = append([]indicators.Rule{{Code: "zero", Left: string(p.Series[0].Code), Operator: "ge", Right: "0", Grade: "warning", Message: "不为负"}}, p.Rules...)
		}, indicators.Change{Rows: 1, Release: 1}},
		{"a row goes", func(p *indicators.Package) { p.References = p.References[1:] }, indicators.Change{Rows: 1, Release: 1}},
		{"a row goes and another comes", func(p *indicators.Package) { p.Rules[0].Code = "renamed" }, indicators.Change{Rows: 2, Release: 1}},
		{"the descriptor", func(p *indicators.Package) { p.Descriptor = append(p.Descriptor, '\n') }, indicators.Change{Rows: 1, Release: 1}},
		{"a figure's note", func(p *indicators.Package) { p.Observations[0].Note = "另有说明" }, indicators.Change{Added: 1, Ended: 1, Release: 2}},
		{"a trailing zero", func(p *indicators.Package) {
			i := whole(p)
			p.Observations[i].Value = indicators.MustNumber(p.Observations[i].Value.String() + ".0")
		}, indicators.Change{Added: 1, Ended: 1, Release: 2}},
		{"a figure goes", func(p *indicators.Package) { p.Observations = slices.Delete(p.Observations, whole(p), whole(p)+1) }, indicators.Change{Ended: 1, Release: 2}},
		{"an edition comes", func(p *indicators.Package) {
			o := p.Observations[whole(p)]
			o.Vintage = "修订"
			p.Observations = append(p.Observations, o)
		}, indicators.Change{Added: 1, Release: 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, p := mustLoad(t)
			tt.edit(p)
			c, err := s.Load(context.Background(), p, now, nil)
			if err != nil || c != tt.want {
				t.Errorf("Load = %+v, %v, want %+v", c, err, tt.want)
			}
			if !bytes.Equal(mustBytes(t, mustExport(t, s)), mustBytes(t, p)) {
				t.Error("the package comes out otherwise than it went in")
			}
			if err := s.Verify(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}

// whole is the place of a figure that is a series' whole number: changing it
// breaks no rule.
func whole(p *indicators.Package) int {
	return slices.IndexFunc(p.Observations, func(o indicators.Observation) bool {
		return slices.ContainsFunc(p.Series, func(s indicators.Series) bool { return s.Code == o.Subject }) &&
			o.Value.Present() && !strings.Contains(o.Value.String(), ".")
	})
}

func TestACodeMovesFromSeriesToIndicators(t *testing.T) {
	s, p := mustLoad(t)
	spare := indicators.Series{Code: "spare", Name: "备用"}
	p.Series = append(p.Series, spare)
	if _, err := s.Load(context.Background(), p, now, nil); err != nil {
		t.Fatal(err)
	}
	p.Series = p.Series[:len(p.Series)-1]
	i := p.Indicators[0]
	i.Code, i.Headline = spare.Code, nil
	p.Indicators = append(p.Indicators, i)
	if _, err := s.Load(context.Background(), p, now, nil); err != nil {
		t.Fatal(err)
	}
}

// A corrected figure is a new row; the one it corrects stays where it was
// published, and comes back as a third one.
func TestACorrectionKeepsWhatWasPublished(t *testing.T) {
	s, p := mustLoad(t)
	ctx := context.Background()
	i := whole(p)
	o := p.Observations[i]
	first := o.Value.String()
	for release, value := range []string{2: "7", 3: first} {
		if value == "" {
			continue
		}
		p.Observations[i].Value = indicators.MustNumber(value)
		if _, err := s.Load(ctx, p, now.AddDate(0, release, 0), nil); err != nil {
			t.Fatal(err)
		}
		r, err := s.Release(ctx)
		if err != nil || r.Number != release || !r.Published.Equal(now.AddDate(0, release, 0)) {
			t.Errorf("Release() = %v, %v, want %d", r, err, release)
		}
	}
	rows, err := s.read.Query(`
		SELECT revision, release, ifnull(ended, 0), value
		FROM observations
		WHERE subject = (SELECT id FROM subject_ids WHERE code = ?)
			AND area = (SELECT id FROM area_ids WHERE code = ?)
			AND period = ?`, o.Subject, o.Area, o.Period.Year*10000+o.Period.Month*100+o.Period.Day)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var revision, release, ended int
		var value string
		if err := rows.Scan(&revision, &release, &ended, &value); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(revision, release, ended, " ", value))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if want := []string{"1 1 2 " + first, "2 2 3 7", "3 3 0 " + first}; !slices.Equal(got, want) {
		t.Errorf("revisions are %q, want %q", got, want)
	}
	public, err := s.Observations(ctx, o.Subject)
	if err != nil || slices.IndexFunc(public, func(o indicators.Observation) bool { return o.Value.String() == "7" }) >= 0 {
		t.Errorf("Observations(%s) still has the figure that ended, or %v", o.Subject, err)
	}
}

func TestLoadThatStopsLeavesTheStore(t *testing.T) {
	s, p := mustLoad(t)
	before := mustBytes(t, mustExport(t, s))
	for i := range p.Observations {
		p.Observations[i].Note = "改"
	}
	p.Domains[0].Short = "改"
	for _, at := range []int{0, 6, 13, 14, 30, 60} { // among the tables, then among the subjects
		ctx, cancel := context.WithCancel(context.Background())
		calls := 0
		_, err := s.Load(ctx, p, now, func(int, int) {
			if calls == at {
				cancel()
			}
			calls++
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("Load cancelled at call %d: %v", at, err)
		}
		cancel()
		if !bytes.Equal(mustBytes(t, mustExport(t, s)), before) {
			t.Fatalf("a load stopped at call %d changed the store", at)
		}
	}
	if n := mustCount(t, s, "SELECT count(*) FROM observations WHERE ended IS NOT NULL"); n != 0 {
		t.Errorf("%d figures ended", n)
	}
	if _, err := s.Load(context.Background(), p, now, nil); err != nil {
		t.Error(err)
	}
}

func TestLoadOnAFullDisk(t *testing.T) {
	s, p := mustLoad(t)
	before := mustBytes(t, mustExport(t, s))
	if _, err := s.write.Exec("PRAGMA max_page_count = 1"); err != nil { // the size it has
		t.Fatal(err)
	}
	for i := range p.Observations {
		p.Observations[i].Note = strings.Repeat("满", 1000)
	}
	_, err := s.Load(context.Background(), p, now, nil)
	mustBe(t, err, indicators.TooLarge, full)
	if !bytes.Equal(mustBytes(t, mustExport(t, s)), before) {
		t.Error("a load on a full disk changed the store")
	}
}

// Readers see one release or the next, whole, and never wait.
func TestReadersDuringALoad(t *testing.T) {
	s, p := mustLoad(t)
	ctx := context.Background()
	half := len(p.Observations)
	for _, o := range p.Observations[:half] {
		o.Vintage = "修订"
		p.Observations = append(p.Observations, o)
	}
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for {
				got, err := s.Export(ctx)
				if err != nil {
					t.Error(err)
					return
				}
				if n := len(got.Observations); n != half && n != 2*half {
					t.Errorf("a reader saw %d observations", n)
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	_, err := s.Load(ctx, p, now, func(int, int) { time.Sleep(time.Millisecond) })
	close(stop)
	wait.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if got := mustExport(t, s); len(got.Observations) != 2*half {
		t.Errorf("%d observations, want %d", len(got.Observations), 2*half)
	}
}

// The log beside the file stays small under readers that never pause, and is
// empty after a load.
func TestTheLogStaysBounded(t *testing.T) {
	s, p := mustLoad(t)
	subject := p.Observations[whole(p)].Subject
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			for ctx.Err() == nil {
				if _, err := s.Observations(ctx, subject); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	most, written := int64(0), int64(0)
	words := bytes.Repeat([]byte("方案"), 20_000)
	for written < 24<<20 {
		err := s.change(context.Background(), func(tx *sql.Tx) error {
			_, err := tx.Exec("UPDATE plan SET descriptor = ?", words)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		written += int64(len(words))
		at, err := os.Stat(s.path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, at.Size())
	}
	cancel()
	wait.Wait()
	if bound := int64(8 << 20); most > bound {
		t.Errorf("after %d bytes the log grew to %d, want at most %d", written, most, bound)
	}
	if _, err := s.Load(context.Background(), p, now, nil); err != nil {
		t.Fatal(err)
	}
	if at, err := os.Stat(s.path + "-wal"); err != nil || at.Size() != 0 {
		t.Errorf("after a load the log is %v, %v, want empty", at, err)
	}
}

func TestLibraryIsReadAnewWhenAnotherProgramChangedIt(t *testing.T) {
	s, p := mustLoad(t)
	ctx := context.Background()
	first, err := s.Library(ctx)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Library(ctx)
	if err != nil || again != first {
		t.Errorf("the library was read again, %v", err)
	}
	other := mustOpen(t, s.path)
	p.Domains[0].Short = "改"
	if _, err := other.Load(ctx, p, now, nil); err != nil {
		t.Fatal(err)
	}
	changed, err := s.Library(ctx)
	if err != nil || changed == first || changed.Domains[0].Short != "改" {
		t.Errorf("the library is %q, %v, want 改", changed.Domains[0].Short, err)
	}
	if first.Domains[0].Short == "改" {
		t.Error("a library in use was changed")
	}
}

func TestLibraryHasTheRowsOfThePackage(t *testing.T) {
	s, p := mustLoad(t)
	l, err := s.Library(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	back := *p
	back.Plan, back.Domains, back.Organisations, back.Areas, back.Tasks = l.Plan, l.Domains, l.Organisations, l.Areas, l.Tasks
	back.Commitments, back.Indicators, back.Targets, back.Series = l.Commitments, l.Indicators, l.Targets, l.Series
	back.References, back.Rules, back.Projects, back.Policies, back.Pledges = l.References, l.Rules, l.Projects, l.Policies, l.Pledges
	if !bytes.Equal(mustBytes(t, &back), mustBytes(t, p)) {
		t.Error("the library differs from the package")
	}
}

func TestObservations(t *testing.T) {
	s, p := mustLoad(t)
	ctx := context.Background()
	_, err := s.Observations(ctx, "no-such-thing")
	mustBe(t, err, indicators.NotFound, noSubject)
	_, err = s.ObservationsIn(ctx, "no-such-place")
	mustBe(t, err, indicators.NotFound, noArea)

	slices.SortFunc(p.Observations, indicators.CompareObservations)
	of := map[indicators.Code][]indicators.Observation{}
	in := map[indicators.Code][]indicators.Observation{}
	for _, o := range p.Observations {
		of[o.Subject] = append(of[o.Subject], o)
		in[o.Area] = append(in[o.Area], o)
	}
	same := func(code indicators.Code, got, want []indicators.Observation, err error) {
		a, b := indicators.Package{Observations: got}, indicators.Package{Observations: want}
		if err != nil || !slices.EqualFunc(a.Rows(observationsFile), b.Rows(observationsFile), slices.Equal[[]string]) {
			t.Errorf("observations of %s: %d, %v, want %d", code, len(got), err, len(want))
		}
	}
	for _, i := range p.Indicators {
		got, err := s.Observations(ctx, i.Code)
		same(i.Code, got, of[i.Code], err)
	}
	for _, i := range p.Series {
		got, err := s.Observations(ctx, i.Code)
		same(i.Code, got, of[i.Code], err)
	}
	for _, a := range p.Areas {
		got, err := s.ObservationsIn(ctx, a.Code)
		same(a.Code, got, in[a.Code], err)
	}
}

// The words of the bases in byte order have rising numbers, so that the rows
// lie as they are compared.
func TestBasesAreInOrder(t *testing.T) {
	if !slices.IsSorted(bases[:]) {
		t.Errorf("bases are %q", bases)
	}
	for _, b := range indicators.Level.Allowed() {
		if !slices.Contains(bases[:], indicators.Basis(b)) {
			t.Errorf("basis %s has no number", b)
		}
	}
}

// What was taken back here is published by no second load of the package that it
// came with, however often; what the package tells otherwise is new, and what
// was brought back here stands.
func TestALoadBringsNothingBack(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	load := func(p *indicators.Package) *indicators.PackageDifference {
		t.Helper()
		diff, err := v.Compare(v.ctx, now, p)
		if err != nil {
			t.Fatal(err)
		}
		c, err := v.LoadSeen(v.ctx, v.office, now, p, diff.Token, "why", nil, nil)
		if err != nil || c != diff.Change {
			t.Fatalf("compared %+v, loaded %+v, %v", diff.Change, c, err)
		}
		return diff
	}
	at := slices.IndexFunc(v.plan.Observations, func(o indicators.Observation) bool {
		return o.Kind == indicators.Result && o.Value.Present() && !o.Numerator.Present() && o.Bound == ""
	})
	o := v.plan.Observations[at]
	stands := func() bool {
		t.Helper()
		list, err := v.Observations(v.ctx, o.Subject)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(list, func(x indicators.Observation) bool { return indicators.SameFigure(&x, &o) })
	}
	if _, err := v.Withhold(v.ctx, v.office, now, o, "wrong"); err != nil {
		t.Fatal(err)
	}
	// Only prepared, it stands, and the load has nothing to say.
	if diff := load(v.plan); !diff.Change.Nothing() || len(diff.Withheld) != 0 || !stands() {
		t.Errorf("while it is prepared: %+v", diff)
	}
	v.mustPublish(now, 0)
	for range 2 {
		if diff := load(v.plan); !diff.Change.Nothing() || len(diff.Withheld) != 1 || diff.Withheld[0].New.Value.String() != o.Value.String() || stands() {
			t.Errorf("the same package again: %+v, the figure stands %t", diff, stands())
		}
	}
	// Another figure of it does come, and the withheld one still does not.
	other := *v.plan
	other.Observations = slices.Clone(v.plan.Observations)
	later := o
	later.Published, later.Source = indicators.DateOf(now), "a later yearbook"
	other.Observations = append(other.Observations, later)
	if diff := load(&other); diff.Change.Added != 1 || len(diff.Withheld) != 1 || stands() {
		t.Errorf("beside a later figure: %+v, the figure stands %t", diff, stands())
	}
	// Told otherwise under its very key it is another figure.
	told := other
	told.Observations = slices.Clone(other.Observations)
	told.Observations[at].Source = "put right"
	if diff := load(&told); diff.Change.Added != 1 || len(diff.Withheld) != 0 {
		t.Errorf("told otherwise: %+v", diff)
	}
	// Back here by an undone release it stands, and so it does after a load.
	v = mustTown(t)
	if _, err := v.Withhold(v.ctx, v.office, now, o, "wrong"); err != nil {
		t.Fatal(err)
	}
	r, _ := v.mustPublish(now, 0)
	if _, err := v.PrepareUndo(v.ctx, v.office, now, r.Number, "it was right"); err != nil {
		t.Fatal(err)
	}
	v.mustPublish(now, 0)
	if diff := load(v.plan); !diff.Change.Nothing() || len(diff.Withheld) != 0 || !stands() {
		t.Errorf("brought back: %+v, it stands %t", diff, stands())
	}
}
