package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"yimi/indicators"
	"yimi/seed"
)

// thatDay is the office's own on the tests' clock.
var thatDay = indicators.DateOf(now)

// amendment is a change of some cells of a row, as a form reads it: of a new one
// all of them.
func (v *town) amendment(file, key string, cells ...string) indicators.Amendment {
	v.t.Helper()
	f, _ := indicators.FileNamed(file)
	l, err := v.Library(v.ctx)
	if err != nil {
		v.t.Fatal(err)
	}
	a := indicators.Amendment{File: file, Key: key, Cells: make([]string, len(f.Columns)), From: thatDay, Reason: "office decision 7"}
	if key != "" {
		if a.Was = l.Cells(file, key); a.Was == nil {
			v.t.Fatalf("%s has no %q", file, key)
		}
		a.Cells = slices.Clone(a.Was)
	}
	for n := 0; n < len(cells); n += 2 {
		at, _ := f.Column(cells[n])
		if at < 0 {
			v.t.Fatalf("%s has no column %s", file, cells[n])
		}
		a.Cells[at] = cells[n+1]
	}
	return a
}

func (v *town) mustAmend(a indicators.Amendment) *indicators.Amended {
	v.t.Helper()
	made, err := v.Amend(v.ctx, v.office, now, a)
	var refused *indicators.AmendmentError
	if errors.As(err, &refused) {
		v.t.Log(refused.Fields, refused.Others)
	}
	if err != nil {
		v.t.Fatal(err)
	}
	return made
}

// target is a numeric one that holds and nothing comes after.
func (v *town) target() *indicators.Target {
	v.t.Helper()
	for i := range v.l.Targets {
		t := &v.l.Targets[i]
		if t.Comparator == indicators.GE && t.Value.Present() && t.Until.IsZero() && t.From.IsZero() && v.l.Indicator(t.Indicator).Measure == indicators.Stock {
			return t
		}
	}
	v.t.Fatal("the plan has no such target")
	return nil
}

func mustMadeUp(t testing.TB) *town {
	t.Helper()
	p, err := seed.Read(os.DirFS(filepath.Join("..", "..", "seed", "testdata", "yunxi-2023")))
	if err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, filepath.Join(t.TempDir(), "yimi.db"))
	if _, err := s.Load(context.Background(), p, now, nil); err != nil {
		t.Fatal(err)
	}
	return mustPeople(t, s, p)
}

// Load, change, export gives the changed package, to the byte but for the rows
// that were changed; and it can be loaded again.
func TestAmendThenExport(t *testing.T) {
	for _, v := range []*town{mustTown(t), mustMadeUp(t)} {
		before := mustExport(t, v.Store)
		edition := mustCount(t, v.Store, "SELECT edition FROM plan")
		old := v.target()
		tests := []struct {
			a    indicators.Amendment
			rows int // that come
		}{
			{v.amendment(indicators.OrganisationsFile, string(v.l.Organisations[0].Code), "name", "甲办"), 1},
			{v.amendment(indicators.OrganisationsFile, "", "code", "new-bureau", "name", "新局", "kind", "government"), 1},
			{v.amendment(indicators.AreasFile, string(v.l.Areas[1].Code), "short", "甲"), 1},
			{v.amendment(indicators.IndicatorsFile, string(v.l.Indicators[0].Code), "definition", "按新的口径"), 1},
			{v.amendment(indicators.IndicatorsFile, "", "code", "new-one", "task", string(v.l.Tasks[0].Number), "name", "新指标", "unit", "个",
				"measure", "stock", "direction", "higher", "scope", "city", "clause", "一(一)"), 1},
			{v.amendment(indicators.TargetsFile, indicators.TargetPath(old), "value", "987"), 2},
		}
		for n, tt := range tests {
			was := mustExport(t, v.Store).Rows(tt.a.File)
			made := v.mustAmend(tt.a)
			is := mustExport(t, v.Store).Rows(tt.a.File)
			come := slices.DeleteFunc(slices.Clone(is), func(row []string) bool {
				return slices.ContainsFunc(was, func(o []string) bool { return slices.Equal(o, row) })
			})
			if len(come) != tt.rows || !slices.ContainsFunc(come, func(row []string) bool { return fmt.Sprint(cellsBy(tt.a.File, row)) == fmt.Sprint(made.After) }) {
				t.Errorf("%s %s: %d rows come, want %d: %v", tt.a.File, tt.a.Key, len(come), tt.rows, come)
			}
			if got := mustCount(t, v.Store, "SELECT edition FROM plan"); got != edition+n+1 {
				t.Errorf("%s %s: edition %d, want %d", tt.a.File, tt.a.Key, got, edition+n+1)
			}
		}
		after := mustExport(t, v.Store)
		for _, f := range indicators.Files() {
			if !slices.Contains(indicators.AmendedFiles(), f.Name) && fmt.Sprint(before.Rows(f.Name)) != fmt.Sprint(after.Rows(f.Name)) {
				t.Errorf("%s changed", f.Name)
			}
		}
		if problems := after.Validate(); len(problems) > 0 {
			t.Error(problems)
		}
		again := mustOpen(t, filepath.Join(t.TempDir(), "yimi.db"))
		if _, err := again.Load(v.ctx, after, now, nil); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(mustBytes(t, mustExport(t, again)), mustBytes(t, after)) {
			t.Error("the changed package comes out of another store otherwise")
		}
		// The first release still reads the library of its day.
		l, err := v.LibraryAt(v.ctx, 1)
		if err != nil || l.Indicator("new-one") != nil || l.Organisation("new-bureau") != nil {
			t.Errorf("release 1 reads a library of later (%v)", err)
		}
		// Both rows of the target stand, and the days part them.
		l, err = v.Library(v.ctx)
		if err != nil {
			t.Fatal(err)
		}
		var held []string
		for _, x := range l.TargetsOf(old.Indicator) {
			if x.Milestone == old.Milestone && x.Basis == old.Basis {
				held = append(held, x.Value.String()+" "+x.From.String()+" "+x.Until.String())
			}
		}
		if want := []string{old.Value.String() + "  2026-02-28", "987 2026-03-01 "}; !slices.Equal(held, want) {
			t.Errorf("the target's rows are %q, want %q", held, want)
		}
	}
}

func cellsBy(file string, row []string) map[string]string {
	f, _ := indicators.FileNamed(file)
	out := map[string]string{}
	for i, c := range f.Columns {
		if row[i] != "" {
			out[c.Name] = row[i]
		}
	}
	return out
}

// A change is recorded for ever, with what stood, and stands in the trail.
func TestAmendIsTold(t *testing.T) {
	v := mustTown(t)
	o := v.l.Organisations[1]
	first := v.amendment(indicators.OrganisationsFile, string(o.Code), "name", "甲")
	made := v.mustAmend(first)
	v.mustAmend(v.amendment(indicators.TargetsFile, indicators.TargetPath(v.target()), "value", "987"))
	list, err := v.Amendments(v.ctx, o.Code, indicators.OrganisationsFile)
	if err != nil || len(list) != 1 {
		t.Fatalf("Amendments = %v, %v", list, err)
	}
	got := list[0]
	if got.ID != made.ID || got.From != thatDay || got.Reason != "office decision 7" || got.Person != v.office.Person || !got.At.Equal(now) ||
		fmt.Sprint(got.Differences()) != fmt.Sprint([]indicators.CellChange{{Column: "name", Old: o.Name, New: "甲"}}) {
		t.Errorf("it is recorded as %+v", got)
	}
	if list, err := v.Amendments(v.ctx, o.Code, indicators.AreasFile); err != nil || len(list) != 0 {
		t.Errorf("the same code in another file has %v, %v", list, err)
	}
	if list, err := v.NewestAmendments(v.ctx, 1); err != nil || len(list) != 1 || list[0].File != indicators.TargetsFile {
		t.Errorf("the newest is %v, %v", list, err)
	}
	events, err := v.Events(v.ctx, indicators.EventFilter{Act: indicators.KeepLibrary})
	if err != nil || len(events) != 2 {
		t.Fatalf("the trail has %v, %v", events, err)
	}
	e := events[1]
	if e.Object != "organisation "+string(o.Code) || e.Account != v.office.Account || !strings.Contains(e.Before, o.Name) ||
		!strings.Contains(e.After, "甲") || !strings.Contains(e.After, "office decision 7") || !strings.Contains(e.After, "2026-03-01") {
		t.Errorf("the trail says %+v", e)
	}
	if err := v.Verify(v.ctx); err != nil {
		t.Error(err)
	}
	for _, statement := range []string{"UPDATE changes SET reason = 'x'", "DELETE FROM changes", "INSERT OR REPLACE INTO changes SELECT * FROM changes WHERE id = 1"} {
		if _, err := v.write.Exec(statement); err == nil {
			t.Errorf("%s went through", statement)
		} else {
			mustBe(t, failed(err, ""), indicators.Conflict, rowPublic)
		}
	}
}

// What breaks a rule leaves nothing behind.
func TestAmendRefusesWhole(t *testing.T) {
	v := mustTown(t)
	before := mustBytes(t, mustExport(t, v.Store))
	head, err := v.TreeHead(v.ctx)
	if err != nil {
		t.Fatal(err)
	}
	late := v.amendment(indicators.AreasFile, string(v.l.Areas[1].Code), "name", "甲")
	late.From = indicators.DateOf(now.AddDate(0, 0, 1))
	silent := v.amendment(indicators.AreasFile, string(v.l.Areas[1].Code), "name", "甲")
	silent.Reason = ""
	unknown := v.amendment(indicators.AreasFile, string(v.l.Areas[1].Code), "name", "甲")
	unknown.Key = "nowhere"
	stranger := v.mustPerson("reviewer", indicators.Grant{Role: indicators.Reviewer, Organisation: v.l.Organisations[0].Code})
	tests := []struct {
		a    indicators.Amendment
		by   indicators.Actor
		kind indicators.Kind
		what string
	}{
		{v.amendment(indicators.AreasFile, string(v.l.Areas[1].Code), "name", "甲"), stranger, indicators.Forbidden, "role"},
		{v.amendment(indicators.AreasFile, string(v.l.Areas[1].Code), "name", "甲"), v.auditor, indicators.Forbidden, "role"},
		{v.amendment(indicators.AreasFile, string(v.l.Areas[1].Code), "name", "甲"), indicators.Actor{}, indicators.Unauthorized, "sign_in"},
		{v.amendment(indicators.AreasFile, string(v.l.Areas[1].Code), "name", ""), v.office, indicators.Invalid, "library_rules"},
		{v.amendment(indicators.OrganisationsFile, "", "code", string(v.l.Organisations[0].Code), "name", "甲", "kind", "party"), v.office, indicators.Invalid, "library_rules"},
		{v.amendment(indicators.TargetsFile, indicators.TargetPath(v.target()), "value", "many"), v.office, indicators.Invalid, "library_rules"},
		{late, v.office, indicators.Invalid, "library_rules"},
		{silent, v.office, indicators.Invalid, "library_rules"},
		{unknown, v.office, indicators.NotFound, "area"},
	}
	for _, tt := range tests {
		_, err := v.Amend(v.ctx, tt.by, now, tt.a)
		mustBe(t, err, tt.kind, tt.what)
		_, err = v.PreviewAmendment(v.ctx, tt.by, now, tt.a)
		mustBe(t, err, tt.kind, tt.what)
	}
	if after, err := v.TreeHead(v.ctx); err != nil || after != head {
		t.Error("a refused change stands in the trail")
	}
	if !bytes.Equal(mustBytes(t, mustExport(t, v.Store)), before) || mustCount(t, v.Store, "SELECT count(*) FROM changes") != 0 {
		t.Error("a refused change left its mark")
	}
}

// A code that has left the plan keeps its past: no other may take it.
func TestAmendRefusesAnOldCode(t *testing.T) {
	v := mustTown(t)
	p := mustPlan(t)
	heard := p.Observations[0].Subject
	if _, err := v.write.Exec("INSERT INTO subject_ids (code) VALUES ('long-gone')"); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"long-gone", string(heard)} {
		_, err := v.Amend(v.ctx, v.office, now, v.amendment(indicators.IndicatorsFile, "", "code", code, "name", "甲", "unit", "个", "measure", "stock",
			"direction", "higher", "scope", "city", "clause", "一"))
		mustBe(t, err, indicators.Invalid, "library_rules")
	}
}

// Of many that change one row at once, one wins, and the others are told what
// stands; who changes another row is not in their way.
func TestAmendRace(t *testing.T) {
	v := mustTown(t)
	old := v.target()
	others := v.amendment(indicators.AreasFile, string(v.l.Areas[1].Code), "name", "甲")
	var tries []indicators.Amendment
	for n := range 6 {
		tries = append(tries, v.amendment(indicators.TargetsFile, indicators.TargetPath(old), "value", fmt.Sprint(900+n)))
	}
	var wg sync.WaitGroup
	errs := make([]error, len(tries))
	for n, a := range tries {
		wg.Go(func() { _, errs[n] = v.Amend(v.ctx, v.office, now, a) })
	}
	wg.Go(func() {
		if _, err := v.Amend(v.ctx, v.office2, now, others); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	won := 0
	for n, err := range errs {
		var e *indicators.AmendedError
		switch {
		case err == nil:
			won++
		case !errors.As(err, &e) || e.Now[3] == tries[n].Cells[3]:
			t.Errorf("try %d: %v", n, err)
		default:
			mustBe(t, err, indicators.Conflict, "library_changed")
		}
	}
	if won != 1 || mustCount(t, v.Store, "SELECT count(*) FROM changes") != 2 {
		t.Errorf("%d of %d won", won, len(tries))
	}
}

// An open round keeps its duties and drafts, whatever the library becomes.
func TestAmendLeavesRoundsAlone(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Edits: filledIn("22")}))
	state := func() string {
		view, err := v.Figure(v.ctx, by, now, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(view.Revision, mustCount(t, v.Store, "SELECT count(*) FROM duties"), mustCount(t, v.Store, "SELECT sum(version) FROM revisions"))
	}
	before := state()
	v.mustAmend(v.amendment(indicators.IndicatorsFile, string(d.Indicator), "name", "改名"))
	v.mustAmend(v.amendment(indicators.OrganisationsFile, string(d.Organisation), "name", "改名局"))
	for _, x := range v.l.TargetsOf(d.Indicator) {
		if x.Value.Present() && x.Until.IsZero() {
			v.mustAmend(v.amendment(indicators.TargetsFile, indicators.TargetPath(&x), "value", "987"))
		}
	}
	if after := state(); after != before {
		t.Errorf("the round's figure is\n%s, was\n%s", after, before)
	}
}

// A change of a row that was added here cannot hold from before the row does.
func TestAmendHoldsFromTheAddition(t *testing.T) {
	v := mustMadeUp(t)
	added := v.amendment(indicators.OrganisationsFile, "", "code", "parks-bureau", "name", "公园局", "kind", "government")
	added.From = indicators.DateOf(now.AddDate(0, 0, -10))
	v.mustAmend(added)
	change := func(from indicators.Period) indicators.Amendment {
		a := v.amendment(indicators.OrganisationsFile, "parks-bureau", "name", "公园管理局")
		a.From = from
		return a
	}
	early := change(indicators.DateOf(now.AddDate(0, 0, -11)))
	early.Added = indicators.Period{} // only the store knows
	for _, do := range []func() error{
		func() error { _, err := v.PreviewAmendment(v.ctx, v.office, now, early); return err },
		func() error { _, err := v.Amend(v.ctx, v.office, now, early); return err },
	} {
		var refused *indicators.AmendmentError
		if err := do(); !errors.As(err, &refused) || len(refused.Fields) != 1 || refused.Fields[0].Rule != "amend_before_added" || refused.Fields[0].Column != indicators.HoldsField {
			t.Errorf("before it was there: %v", err)
		}
	}
	v.mustAmend(change(added.From))
	// A row of the package is as old as the plan.
	old := v.amendment(indicators.OrganisationsFile, string(v.l.Organisations[0].Code), "name", "改名")
	old.From = v.l.Plan.Issued
	v.mustAmend(old)
}
