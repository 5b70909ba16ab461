package sqlite

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"yimi/indicators"
)

func TestDraftsKeepWhatIsTyped(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	first := mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Key: "k1", Edits: []indicators.Edit{{Field: indicators.ValueField, Text: "二十"}}}))
	if r := first.Revision; r.State != indicators.Draft || r.Version != 1 || r.Entry.Value != "二十" || r.Person != by.Person {
		t.Errorf("%+v", r)
	}
	// The same request again, also after others went on: done once.
	second := v.mustPerson("second", indicators.Grant{Role: indicators.Contributor, Organisation: d.Organisation})
	mustOne(t)(v.Save(v.ctx, second, now, indicators.Saving{Duty: d.ID, Version: 1, Edits: []indicators.Edit{{Field: indicators.ValueField, Text: "20"}}}))
	again := mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Key: "k1", Edits: []indicators.Edit{{Field: indicators.ValueField, Text: "二十"}}}))
	if !again.Already || again.Revision.Version != 2 || again.Revision.Entry.Value != "20" {
		t.Errorf("%+v", again)
	}
	// Another's value stays when only the note is edited from the older text.
	noted := mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: 1, Edits: []indicators.Edit{{Field: indicators.NoteField, Text: "n"}}}))
	if noted.Revision.Entry != (indicators.Input{Value: "20", Note: "n"}) {
		t.Errorf("%+v", noted.Revision.Entry)
	}
	// Two people and one field: three values, nothing lost, nothing written.
	out, err := v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: 1, Edits: []indicators.Edit{{Field: indicators.ValueField, Text: "21"}}})
	var clash *indicators.ClashError
	if err != nil || !errors.As(out[0].Err, &clash) || clash.Revision.Person != by.Person || !slices.Equal(clash.Clashes, []indicators.Clash{{Field: indicators.ValueField, Was: "二十", Theirs: "20", Yours: "21"}}) {
		t.Fatalf("%s %v", fmtSaved(out), err)
	}
	mustBe(t, out[0].Err, indicators.Conflict, "revision_clash")
	f := v.mustFigure(d.ID, by)
	if f.Revision.Version != 3 || len(f.Versions) != 3 || f.Versions[0].Entry.Note != "n" || f.Versions[2].Entry.Value != "二十" {
		t.Errorf("%+v", f.Versions)
	}
	// Rows of one grid: what is refused leaves the others saved.
	others := []indicators.Saving{
		{Duty: d.ID, Version: 3, Edits: []indicators.Edit{{Field: indicators.ValueField, Text: "22"}}},
		{Duty: 1 << 40, Edits: filledIn("1")},
		{Duty: d.ID, Version: 4, Edits: []indicators.Edit{{Field: "other", Text: "22"}}},
	}
	out, err = v.Save(v.ctx, by, now, others...)
	if err != nil || out[0].Err != nil || out[0].Revision.Entry.Value != "22" {
		t.Errorf("%s %v", fmtSaved(out), err)
	}
	mustBe(t, out[1].Err, indicators.NotFound, "revision")
	mustBe(t, out[2].Err, indicators.Invalid, "field")
	if list, err := v.Events(v.ctx, indicators.EventFilter{Object: dutyObject(d.ID)}); err != nil || len(list) != 4 || list[0].Before != `{"state":"draft","value":"20","version":3}` {
		t.Error(list, err)
	}
	if _, err := v.VerifyAudit(v.ctx); err != nil {
		t.Error(err)
	}
}

// A key that the browser brings back with other words, or for another act, does
// not swallow them.
func TestAKeyThatComesBackWithSomethingElse(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Key: "k", Edits: filledIn("12")}))
	other := mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: 1, Key: "k", Edits: filledIn("13")}))
	if other.Already || other.Revision.Entry.Value != "13" {
		t.Errorf("%+v", other)
	}
	back := mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: 2, Key: "k", Edits: filledIn("13")}))
	if back.Already || back.Revision.State != indicators.Submitted {
		t.Errorf("%+v", back)
	}
}

// What was looked at before it is sent is what is sent.
func TestAFirmSubmitSendsWhatWasSeen(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Edits: filledIn("12")}))
	second := v.mustPerson("second", indicators.Grant{Role: indicators.Contributor, Organisation: d.Organisation})
	mustOne(t)(v.Save(v.ctx, second, now, indicators.Saving{Duty: d.ID, Version: 1, Edits: filledIn("13")}))
	mustBe(t, refusal(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: 1, Firm: true})), indicators.Conflict, "revision_clash")
	for n := range 2 {
		if sent := mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: 2, Firm: true})); sent.Already != (n == 1) || sent.Revision.Entry.Value != "13" {
			t.Errorf("sent %d times: %+v", n+1, sent)
		}
	}
}

// Another organisation's figure answers as one that does not exist.
func TestOthersFiguresAreUnknown(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	e, _ := v.each()
	r := v.mustSubmit(d, by, "7")
	var stranger indicators.Actor
	for o, a := range v.people {
		if o != d.Organisation && o != e.Organisation {
			stranger = a
		}
	}
	reviewer := v.leads[v.l.LeadsOf(v.l.Indicator(e.Indicator))[0]]
	for _, id := range []int64{d.ID, 1 << 40} {
		_, err := v.Figure(v.ctx, stranger, now, id)
		mustBe(t, err, indicators.NotFound, "revision")
		mustBe(t, refusal(v.Save(v.ctx, stranger, now, indicators.Saving{Duty: id, Version: 1, Edits: filledIn("8")})), indicators.NotFound, "revision")
		mustBe(t, refusal(v.Submit(v.ctx, stranger, now, indicators.Saving{Duty: id, Version: 1})), indicators.NotFound, "revision")
		mustBe(t, refusal(v.Withdraw(v.ctx, stranger, now, indicators.Pick{Duty: id, Version: 1})), indicators.NotFound, "revision")
		if !v.l.LeadsOf(v.l.Indicator(d.Indicator)).Contains(reviewer.Organisations(indicators.Reviewer)[0]) {
			mustBe(t, refusal(v.Return(v.ctx, reviewer, now, "x", indicators.Pick{Duty: id, Version: 1})), indicators.NotFound, "revision")
			mustBe(t, v.Open(v.ctx, reviewer, now, id), indicators.NotFound, "revision")
		}
		mustBe(t, refusal(v.Approve(v.ctx, stranger, now, indicators.Pick{Duty: id, Version: 1})), indicators.Forbidden, "role")
	}
	out, err := v.Save(v.ctx, stranger, now, indicators.Saving{Duty: d.ID, Edits: filledIn("8")})
	if err != nil || out[0].Revision.ID != 0 {
		t.Errorf("a stranger sees %+v, %v", out, err)
	}
	if f := v.mustFigure(d.ID, v.auditor); f.Revision.Version != r.Version || len(f.May) != 0 {
		t.Errorf("the auditor sees %+v", f)
	}
}

func TestSubmit(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	out, err := v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Edits: []indicators.Edit{{Field: indicators.ValueField, Text: "约50"}}})
	var check *indicators.CheckError
	if err != nil || !errors.As(out[0].Err, &check) || !indicators.HasErrors(check.Findings) || v.version(d.ID) != 0 {
		t.Fatalf("%s %v", fmtSaved(out), err)
	}
	mustBe(t, out[0].Err, indicators.Invalid, "check")
	// A warning passes with a note only.
	bare := []indicators.Edit{{Field: indicators.ValueField, Text: "12.5"}, {Field: indicators.SourceField, Text: "s"}}
	out, err = v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Edits: bare})
	if err != nil || !errors.As(out[0].Err, &check) || indicators.HasErrors(check.Findings) {
		t.Fatalf("%s %v", fmtSaved(out), err)
	}
	// Two equal submits at once make one revision.
	var group sync.WaitGroup
	answers := make([]indicators.Saved, 4)
	for i := range answers {
		group.Go(func() {
			out, err := v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Edits: filledIn("12")})
			if err != nil {
				out = []indicators.Saved{{Err: err}}
			}
			answers[i] = out[0]
		})
	}
	group.Wait()
	already := 0
	for _, a := range answers {
		if a.Err != nil || a.Revision.State != indicators.Submitted || a.Revision.Version != 1 {
			t.Errorf("%+v", a)
		}
		if a.Already {
			already++
		}
	}
	if already != 3 || mustCount(t, v.Store, "SELECT count(*) FROM versions") != 1 {
		t.Errorf("%d of %d were sent already", already, len(answers))
	}
	// What is submitted is locked, taken back until a reviewer opens it.
	mustBe(t, refusal(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: 1, Edits: filledIn("13")})), indicators.Conflict, "state")
	mustBe(t, refusal(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: 1, Edits: filledIn("13")})), indicators.Conflict, "state")
	mustBe(t, refusal(v.Withdraw(v.ctx, by, now, indicators.Pick{Duty: d.ID, Version: 0})), indicators.Conflict, "revision_clash")
	r := mustOne(t)(v.Withdraw(v.ctx, by, now, indicators.Pick{Duty: d.ID, Version: 1})).Revision
	r = mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: r.Version})).Revision
	if err := v.Open(v.ctx, v.office, now, d.ID); err != nil {
		t.Fatal(err)
	}
	mustBe(t, refusal(v.Withdraw(v.ctx, by, now, pick(r))), indicators.Conflict, "revision_opened")
}

func TestReview(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	e, district := v.each()
	lead := v.leads[v.l.LeadsOf(v.l.Indicator(e.Indicator))[0]]
	r, q := v.mustSubmit(d, by, "12"), v.mustSubmit(e, district, "5")

	// A department's figure goes straight to the office, a district's by its lead.
	mustBe(t, refusal(v.Approve(v.ctx, v.office, now, pick(q))), indicators.Conflict, "state")
	mustBe(t, refusal(v.Endorse(v.ctx, v.office, now, pick(q))), indicators.Forbidden, "role")
	seen := func(by indicators.Actor, want ...int64) {
		t.Helper()
		rows, total, err := v.Queue(v.ctx, by, v.round, 50, 0)
		var ids []int64
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		if err != nil || !slices.Equal(ids, want) || total != len(want) {
			t.Errorf("%s has %v of %d, %v, want %v", by.Name, ids, total, err, want)
		}
	}
	seen(v.office, d.ID)
	seen(lead, e.ID)
	q = mustOne(t)(v.Endorse(v.ctx, lead, now, pick(q))).Revision
	seen(lead)
	mustBe(t, refusal(v.Endorse(v.ctx, lead, now, pick(q))), indicators.Conflict, "state")

	// Nobody approves what they entered, whatever other role they hold.
	both := v.mustPerson("both", indicators.Grant{Role: indicators.OfficeMember}, indicators.Grant{Role: indicators.Contributor, Organisation: d.Organisation})
	r = mustOne(t)(v.Withdraw(v.ctx, both, now, pick(r))).Revision
	r = mustOne(t)(v.Save(v.ctx, both, now, indicators.Saving{Duty: d.ID, Version: r.Version, Edits: []indicators.Edit{{Field: indicators.NoteField, Text: "mine"}}})).Revision
	r = mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: r.Version})).Revision
	if r.EnteredBy != by.Account {
		t.Fatalf("%+v", r)
	}
	mustBe(t, refusal(v.Approve(v.ctx, both, now, pick(r))), indicators.Forbidden, "own_entry")

	// In bulk, each by itself.
	out, err := v.Approve(v.ctx, v.office, now, pick(q), indicators.Pick{Duty: d.ID, Version: 1}, indicators.Pick{Duty: 1 << 40})
	if err != nil || out[0].Err != nil || out[0].Revision.State != indicators.Approved {
		t.Fatalf("%s %v", fmtSaved(out), err)
	}
	mustBe(t, out[1].Err, indicators.Conflict, "revision_clash")
	mustBe(t, out[2].Err, indicators.NotFound, "revision")

	_, err = v.Return(v.ctx, v.office, now, "", pick(r))
	mustBe(t, err, indicators.Invalid, "reason_empty")
	r = mustOne(t)(v.Return(v.ctx, v.office, now, "the other population", pick(r))).Revision
	if f := v.mustFigure(d.ID, by); f.Revision.State != indicators.Returned || f.Revision.Refusal != "the other population" ||
		!slices.Contains(f.May, indicators.Save) || !slices.Contains(f.May, indicators.Submit) || slices.Contains(f.May, indicators.Approve) {
		t.Errorf("%+v", f)
	}
	r = v.mustSubmit(r.Duty, by, "13")
	if r.Refusal != "" {
		t.Errorf("%+v", r)
	}
	r = v.mustApprove(r)
	// Changing an approved figure voids its approval.
	r = mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: r.Version, Edits: filledIn("14")})).Revision
	if r.State != indicators.Draft || r.Version != 8 {
		t.Errorf("%+v", r)
	}
	if same := mustOne(t)(v.Save(v.ctx, district, now, indicators.Saving{Duty: e.ID, Version: v.version(e.ID), Edits: filledIn("5")})); !same.Already || same.Revision.State != indicators.Approved {
		t.Errorf("%+v", same)
	}
	round, rows, err := v.WorkList(v.ctx, by, v.round)
	if err != nil || round.Year != v.year || !slices.ContainsFunc(rows, func(r indicators.Revision) bool { return r.ID == d.ID && r.Entry.Value == "14" }) ||
		slices.ContainsFunc(rows, func(r indicators.Revision) bool { return r.Organisation != d.Organisation }) {
		t.Errorf("%v %v %v", round, rows, err)
	}
}

// A newer plan touches no draft.
func TestLoadTouchesNoDraft(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Edits: filledIn("12")}))
	before := v.mustFigure(d.ID, by).Revision
	for i := range v.plan.Indicators {
		if v.plan.Indicators[i].Code == d.Indicator {
			v.plan.Indicators[i].Definition = "another"
		}
	}
	if c, err := v.Load(v.ctx, v.plan, now, nil); err != nil || c.Rows != 1 {
		t.Fatal(c, err)
	}
	if after := v.mustFigure(d.ID, by).Revision; after != before {
		t.Errorf("%+v was %+v", after, before)
	}
	// A figure whose indicator has left the plan stops no release of the others.
	e, district := v.each()
	v.mustApprove(v.mustSubmit(e, district, "5"))
	v.mustApprove(mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: before.Version})).Revision)
	if _, err := v.write.Exec("UPDATE duties SET indicator = 'left-the-plan' WHERE id = ?", d.ID); err != nil {
		t.Fatal(err)
	}
	if _, p := v.mustPublish(now, v.round); len(p.Candidates) != 1 {
		t.Errorf("%+v", p.Candidates)
	}
	_, err := v.Figure(v.ctx, by, now, d.ID)
	mustBe(t, err, indicators.NotFound, "revision")
}

func TestFigureShowsItsChecks(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Edits: []indicators.Edit{{Field: indicators.ValueField, Text: "x"}}}))
	f := v.mustFigure(d.ID, by)
	if !indicators.HasErrors(f.Findings) || fmt.Sprint(f.May) != "[draft attach detach submit]" || !f.Open || f.Endorsed {
		t.Errorf("%+v %v", f.Findings, f.May)
	}
}
