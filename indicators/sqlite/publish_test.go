package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"yimi/indicators"
	"yimi/seed"
)

func sentences(a *indicators.Assessment) (zh, en string) {
	return "句" + string(a.Status), "is " + string(a.Status)
}

func (v *town) mustPublish(at time.Time, round int) (indicators.Release, *indicators.Preview) {
	v.t.Helper()
	p, err := v.Preview(v.ctx, v.office, at, round)
	if err != nil {
		v.t.Fatal(err)
	}
	r, err := v.Publish(v.ctx, v.office2, at, round, p.Token, "note", true, sentences)
	if err != nil {
		v.t.Fatal(err)
	}
	return r, p
}

// stands is the value that the public reads, "-" for none.
func (v *town) stands(d indicators.Duty, release int) string {
	v.t.Helper()
	obs, err := v.ObservationsAt(v.ctx, release, d.Indicator)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, o := range indicators.Standing(v.l, obs) {
		if o.Area == d.Area && o.Period == indicators.YearOf(v.year) {
			return o.Value.String()
		}
	}
	return "-"
}

func TestPublish(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	e, district := v.each()
	_, err := v.Preview(v.ctx, by, now, v.round)
	mustBe(t, err, indicators.Forbidden, "role")
	_, err = v.Preview(v.ctx, v.office, now, 9)
	mustBe(t, err, indicators.NotFound, "round")
	empty, err := v.Preview(v.ctx, v.office, now, v.round)
	if err != nil || empty.Unreported != len(v.duties) {
		t.Fatal(empty, err)
	}
	_, err = v.Publish(v.ctx, v.office, now, v.round, empty.Token, "note", true, sentences)
	mustBe(t, err, indicators.Invalid, "release_empty")

	v.mustApprove(v.mustSubmit(d, by, "9"))
	p, err := v.Preview(v.ctx, v.office, now, v.round)
	if err != nil {
		t.Fatal(err)
	}
	v.mustApprove(v.mustSubmit(e, district, "6"))
	_, err = v.Publish(v.ctx, v.office, now, v.round, p.Token, "note", true, sentences)
	mustBe(t, err, indicators.Conflict, "preview_stale")
	p, err = v.Preview(v.ctx, v.office, now, v.round)
	if err != nil || len(p.Candidates) != 2 || len(p.Figures) != 2 || p.Release != 2 || p.Unreported != len(v.duties)-2 || p.Errors() {
		t.Fatalf("%+v %v", p, err)
	}
	_, err = v.Publish(v.ctx, v.office, now.AddDate(0, 0, 1), v.round, p.Token, "note", true, sentences)
	mustBe(t, err, indicators.Conflict, "preview_stale")
	_, err = v.Publish(v.ctx, v.office, now, v.round, p.Token, "", true, sentences)
	mustBe(t, err, indicators.Invalid, "note_empty")
	if p.Warnings() > 0 {
		_, err = v.Publish(v.ctx, v.office, now, v.round, p.Token, "note", false, sentences)
		mustBe(t, err, indicators.Invalid, "release_warnings")
	}
	if v.stands(d, 1) != "-" {
		t.Fatalf("%s is public before it is published", d.Indicator)
	}
	r, err := v.Publish(v.ctx, v.office, now, v.round, p.Token, "note", true, sentences)
	if err != nil || r.Number != 2 || r.Kind != indicators.RoundRelease || r.Round != v.round || r.Person != v.office.Person || r.Rules != indicators.RulesVersion {
		t.Fatalf("%+v %v", r, err)
	}
	if got, err := v.Release(v.ctx); err != nil || got != r {
		t.Errorf("%+v %v, want %+v", got, err, r)
	}
	if _, err := v.VerifyAudit(v.ctx, r.Head); err != nil {
		t.Error(err)
	}
	_, err = v.Publish(v.ctx, v.office, now, v.round, p.Token, "note", true, sentences)
	mustBe(t, err, indicators.Conflict, "preview_stale")
	if v.stands(d, 2) != "9" || v.stands(e, 2) != "6" || v.stands(d, 1) != "-" {
		t.Errorf("%s %s %s", v.stands(d, 2), v.stands(e, 2), v.stands(d, 1))
	}
	// The preview's numbers are the release's.
	statuses, err := v.StatusesOf(v.ctx, 2)
	if err != nil || len(statuses) != len(p.Assessments) {
		t.Fatal(len(statuses), err)
	}
	for i, st := range statuses {
		a := &p.Assessments[i]
		if st.Status != a.Status || st.SentenceEn != "is "+string(a.Status) || st.Gap.String() != a.Gap.String() {
			t.Fatalf("%+v, previewed %+v", st, a)
		}
	}
	figures, effects, err := v.Difference(v.ctx, 1, 2)
	if err != nil || fmt.Sprint(len(figures)) != fmt.Sprint(len(p.Figures)) || len(effects) < len(p.Effects) {
		t.Errorf("%+v %+v %v, previewed %+v", figures, effects, err, p.Effects)
	}
	f := v.mustFigure(d.ID, by)
	if f.Revision.State != indicators.Published || f.Revision.Release != 2 || !slices.Contains(f.May, indicators.Save) {
		t.Errorf("%+v %v", f.Revision, f.May)
	}
	came, err := v.Provenance(v.ctx, 2, d.Indicator)
	if err != nil || len(came) != 1 || came[0].ApprovedBy != v.office.Person || came[0].Person != by.Person || came[0].ApprovedAt.IsZero() {
		t.Errorf("%+v %v", came, err)
	}
	if came, err = v.Provenance(v.ctx, 2, e.Indicator); err != nil || len(came) != 1 || came[0].EndorsedBy == "" {
		t.Errorf("%+v %v", came, err)
	}
	for _, statement := range []string{
		"UPDATE revisions SET entry = '{}' WHERE state = 'published'", "DELETE FROM revisions", "UPDATE versions SET person = 'x'", "DELETE FROM versions",
		"UPDATE release_statuses SET status = 'met'", "DELETE FROM release_statuses",
		"INSERT INTO release_statuses SELECT release, ordinal + 100000, indicator, area, milestone, basis, year, status, rule, value, period, attainment, gap, sentence_zh, sentence_en FROM release_statuses LIMIT 1",
		"UPDATE editions SET library = x'00'", "DELETE FROM editions", "DELETE FROM origins", "UPDATE origins SET entered = entered",
	} {
		_, err := v.write.Exec(statement)
		if err == nil {
			t.Errorf("%s went through", statement)
			continue
		}
		mustBe(t, failed(err, ""), indicators.Conflict, rowPublic)
	}
}

func TestCorrections(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	v.mustApprove(v.mustSubmit(d, by, "9"))
	v.mustPublish(now, v.round)
	// A correction says why.
	out, err := v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: v.version(d.ID), Edits: filledIn("8")})
	if err != nil || !slices.ContainsFunc(out[0].Findings, func(f indicators.Finding) bool { return f.Rule == "correction_empty" }) {
		t.Fatal(fmtSaved(out), err)
	}
	correct := func(at time.Time, value string) {
		t.Helper()
		r := mustOne(t)(v.Save(v.ctx, by, at, indicators.Saving{Duty: d.ID, Version: v.version(d.ID),
			Edits: append(filledIn(value), indicators.Edit{Field: indicators.CorrectionField, Text: "counted twice " + value})})).Revision
		r = mustOne(t)(v.Submit(v.ctx, by, at, indicators.Saving{Duty: d.ID, Version: r.Version})).Revision
		v.mustApprove(r)
		if v.stands(d, 2) != "9" {
			t.Error("the release moved")
		}
	}
	// On the same day it takes the figure's place, later it supersedes it.
	correct(now, "8")
	v.mustPublish(now, v.round)
	later := now.AddDate(0, 0, 3)
	correct(later, "7")
	r, p := v.mustPublish(later, v.round)
	if r.Number != 4 || len(p.Figures) != 1 || p.Figures[0].Old.Value.String() != "8" || p.Figures[0].New.Value.String() != "7" {
		t.Errorf("%+v %+v", r, p.Figures)
	}
	for n, want := range map[int]string{1: "-", 2: "9", 3: "8", 4: "7"} {
		if got := v.stands(d, n); got != want {
			t.Errorf("release %d reads %s, want %s", n, got, want)
		}
	}
	if f := v.mustFigure(d.ID, by); f.Revision.Edition != 3 || f.Revision.State != indicators.Published {
		t.Errorf("%+v", f.Revision)
	}
	came, err := v.Provenance(v.ctx, 4, d.Indicator)
	if err != nil || len(came) != 3 || came[0].Entry.Correction != "counted twice 7" {
		t.Errorf("%+v %v", came, err)
	}
}

func TestTakingBack(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	v.mustApprove(v.mustSubmit(d, by, "9"))
	v.mustPublish(now, v.round)
	r := mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: v.version(d.ID),
		Edits: append(filledIn("8"), indicators.Edit{Field: indicators.CorrectionField, Text: "x"})})).Revision
	v.mustApprove(mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: r.Version})).Revision)
	v.mustPublish(now, v.round)

	// Undo release 3: its figure goes, the one that it ended comes back.
	_, err := v.PrepareUndo(v.ctx, by, now, 3, "why")
	mustBe(t, err, indicators.Forbidden, "role")
	_, err = v.PrepareUndo(v.ctx, v.office, now, 1, "why")
	mustBe(t, err, indicators.Invalid, "release_loaded")
	_, err = v.PrepareUndo(v.ctx, v.office, now, 3, "")
	mustBe(t, err, indicators.Invalid, "reason_empty")
	_, err = v.PrepareUndo(v.ctx, v.office, now, 9, "why")
	mustBe(t, err, indicators.NotFound, "release")
	if n, err := v.PrepareUndo(v.ctx, v.office, now, 3, "why"); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	_, err = v.PrepareUndo(v.ctx, v.office, now, 3, "why")
	mustBe(t, err, indicators.Conflict, "figure_prepared")
	if v.stands(d, 3) != "8" {
		t.Error("prepared is not public")
	}
	back, p := v.mustPublish(now, 0)
	if back.Kind != indicators.WithdrawalRelease || len(p.Taken) != 2 || v.stands(d, 4) != "9" || v.stands(d, 3) != "8" {
		t.Errorf("%+v %+v %s", back, p.Taken, v.stands(d, 4))
	}
	_, err = v.PrepareUndo(v.ctx, v.office, now, 3, "why")
	mustBe(t, err, indicators.Conflict, "release_undone")

	// One figure is taken back: gone from the release on, known before.
	obs, err := v.ObservationsAt(v.ctx, 4, d.Indicator)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(obs, func(o indicators.Observation) bool {
		return o.Area == d.Area && o.Period == indicators.YearOf(v.year)
	})
	later := now.AddDate(0, 0, 5)
	id, err := v.Withhold(v.ctx, v.office, later, obs[i], "wrong")
	if err != nil {
		t.Fatal(err)
	}
	if err := v.DropTaking(v.ctx, v.office, later, id); err != nil {
		t.Fatal(err)
	}
	mustBe(t, v.DropTaking(v.ctx, v.office, later, id), indicators.NotFound, "taking")
	if _, err = v.Withhold(v.ctx, v.office, later, obs[i], "wrong"); err != nil {
		t.Fatal(err)
	}
	v.mustPublish(later, 0)
	if v.stands(d, 5) != "-" || v.stands(d, 4) != "9" {
		t.Errorf("%s %s", v.stands(d, 5), v.stands(d, 4))
	}
	_, err = v.Withhold(v.ctx, v.office, later, obs[i], "wrong")
	mustBe(t, err, indicators.NotFound, "observation")
	gone, err := v.Withdrawals(v.ctx)
	if err != nil || len(gone) != 1 || gone[0].On != indicators.DateOf(later) || gone[0].Of.Value.String() != "9" {
		t.Errorf("%+v %v", gone, err)
	}
}

// Loading the plan again leaves what was entered here, and an earlier release
// keeps its library.
func TestLoadBesideReleases(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	v.mustApprove(v.mustSubmit(d, by, "9"))
	v.mustPublish(now, v.round)
	if c, err := v.Load(v.ctx, v.plan, now, nil); err != nil || !c.Nothing() {
		t.Fatalf("%+v %v", c, err)
	}
	name := v.l.Indicator(d.Indicator).Name
	for i := range v.plan.Indicators {
		if v.plan.Indicators[i].Code == d.Indicator {
			v.plan.Indicators[i].Name = "renamed"
		}
	}
	v.plan.Observations[0].Note = "another"
	c, err := v.Load(v.ctx, v.plan, now, nil)
	if err != nil || c.Release != 3 || c.Ended != 1 {
		t.Fatalf("%+v %v", c, err)
	}
	for n, want := range map[int]string{1: name, 2: name, 3: "renamed"} {
		l, err := v.LibraryAt(v.ctx, n)
		if err != nil || l.Indicator(d.Indicator).Name != want {
			t.Errorf("release %d names it %v, %v", n, l, err)
		}
	}
	if v.stands(d, 3) != "9" {
		t.Errorf("after a load: %s", v.stands(d, 3))
	}
	_, err = v.LibraryAt(v.ctx, 9)
	mustBe(t, err, indicators.NotFound, "release")
	if p, err := v.Export(v.ctx); err != nil || len(p.Validate()) != 0 {
		t.Error(err, p.Validate())
	}
}

// What was entered here is changed by its unit, never by a package; where its
// indicator leaves the plan it is withdrawn, and the store stays loadable.
func TestAPackageChangesNothingEnteredHere(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	v.mustApprove(v.mustSubmit(d, by, "9"))
	v.mustPublish(now, v.round)
	exported := func() *indicators.Package {
		t.Helper()
		p, err := v.Export(v.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	ours := func(o indicators.Observation) bool {
		return o.Subject == d.Indicator && o.Area == d.Area && o.Period == indicators.YearOf(v.year)
	}
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
	p := exported()
	p.Observations[slices.IndexFunc(p.Observations, ours)].Value = indicators.MustNumber("88")
	diff := load(p)
	if !diff.Change.Nothing() || len(diff.Figures) != 0 || len(diff.Kept) != 1 || diff.Kept[0].Old.Value.String() != "9" || diff.Kept[0].New.Value.String() != "88" {
		t.Errorf("%+v", diff)
	}
	// An export from before a correction of the same day does not undo it.
	before := exported()
	v.mustCorrect(d, by, now, filledIn("8")...)
	v.mustPublish(now, v.round)
	if diff := load(before); !diff.Change.Nothing() || len(diff.Kept) != 1 || v.stands(d, 3) != "8" {
		t.Errorf("%+v, %s stands", diff, v.stands(d, 3))
	}
	// A later figure of a package takes the place, but none of the names.
	p = exported()
	later := p.Observations[slices.IndexFunc(p.Observations, ours)]
	later.Published, later.Value, later.Source = indicators.DateOf(now.AddDate(0, 0, 1)), indicators.MustNumber("7"), "yearbook"
	p.Observations = append(p.Observations, later)
	if diff := load(p); len(diff.Figures) == 0 || len(diff.Kept) != 0 || v.stands(d, 4) != "7" {
		t.Errorf("%+v, %s stands", diff, v.stands(d, 4))
	}
	came, err := v.Provenance(v.ctx, 4, d.Indicator)
	if err != nil || len(came) != 2 {
		t.Fatal(came, err)
	}
	obs, err := v.ObservationsAt(v.ctx, 4, d.Indicator)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range obs {
		shown := slices.ContainsFunc(came, func(x indicators.Provenance) bool { return x.Shows(&o) })
		if ours(o) && shown != (o.Value.String() == "8") {
			t.Errorf("%s is told as entered here: %t", o.Value, shown)
		}
	}
	// Its indicator leaves.
	p = exported()
	p.Indicators = slices.DeleteFunc(p.Indicators, func(i indicators.Indicator) bool { return i.Code == d.Indicator })
	p.Targets = slices.DeleteFunc(p.Targets, func(x indicators.Target) bool { return x.Indicator == d.Indicator })
	p.References = slices.DeleteFunc(p.References, func(x indicators.Reference) bool { return x.Indicator == d.Indicator })
	p.Observations = slices.DeleteFunc(p.Observations, func(o indicators.Observation) bool { return o.Subject == d.Indicator })
	for i := range p.Coverage {
		if p.Coverage[i].Indicator == d.Indicator {
			p.Coverage[i].Indicator, p.Coverage[i].Milestone, p.Coverage[i].Reason = "", "", "left"
		}
	}
	without := func(list *indicators.Codes) {
		*list = slices.DeleteFunc(slices.Clone(*list), func(c indicators.Code) bool { return c == d.Indicator })
	}
	for i := range p.Indicators {
		without(&p.Indicators[i].Related)
	}
	for i := range p.Commitments {
		without(&p.Commitments[i].Indicators)
	}
	for i := range p.Projects {
		without(&p.Projects[i].Indicators)
	}
	if problems := p.Validate(); len(problems) > 0 {
		t.Fatalf("%s cannot leave: %v", d.Indicator, problems)
	}
	diff = load(p)
	if !slices.ContainsFunc(diff.Figures, func(f indicators.FigureChange) bool {
		return f.Subject == d.Indicator && f.Area == d.Area && f.Period == indicators.YearOf(v.year) && f.New == nil
	}) {
		t.Errorf("that its figure goes is not told: %+v", diff.Figures)
	}
	if problems := exported().Validate(); len(problems) > 0 {
		t.Errorf("what is exported cannot be loaded: %v", problems)
	}
}

// The same life in another city, whose plan is made up.
func TestAnotherCity(t *testing.T) {
	p, err := seed.Read(os.DirFS("../../seed/testdata/yunxi-2023"))
	if err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, filepath.Join(t.TempDir(), "yimi.db"))
	if _, err := s.Load(context.Background(), p, now, nil); err != nil {
		t.Fatal(err)
	}
	v := mustPeople(t, s, p)
	v.year = p.Plan.Milestones[0]
	v.mustOpenRound()
	early := time.Date(v.year+1, 3, 1, 9, 30, 0, 0, time.UTC)
	sent := 0
	for _, d := range v.duties {
		by := v.people[d.Organisation]
		out, err := v.Submit(v.ctx, by, early, indicators.Saving{Duty: d.ID, Edits: []indicators.Edit{
			{Field: indicators.AnswerField, Text: "none"}, {Field: indicators.ReasonField, Text: "nothing to count"},
			{Field: indicators.CorrectionField, Text: "where a figure is public already"},
		}})
		mustOne(t)(out, err)
		v.mustApprove(out[0].Revision)
		sent++
	}
	r, preview := v.mustPublish(now, v.round)
	if preview.Unreported != 0 || len(preview.Candidates) != sent || r.Number != 2 {
		t.Errorf("%+v of %d", r, sent)
	}
	for _, a := range preview.Assessments {
		if a.Status == indicators.NotReported && a.Milestone == v.year && a.Indicator.Scope != indicators.EachDistrict && a.Area.Level == indicators.CityLevel {
			t.Errorf("%s %d in %s is not reported", a.Indicator.Code, a.Milestone, a.Area.Code)
		}
	}
}
