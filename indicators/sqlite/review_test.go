package sqlite

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"yimi/indicators"
)

// A page of the queue shows of each figure what the figure by itself does, in
// the order of the queue.
func TestWaiting(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	_, _, err := v.Waiting(v.ctx, by, now, v.round, 20, 0)
	mustBe(t, err, indicators.Forbidden, "role")
	if rows, total, err := v.Waiting(v.ctx, v.office, now, v.round, 20, 0); err != nil || total != 0 || len(rows) != 0 {
		t.Fatalf("%d of %d wait, %v", len(rows), total, err)
	}
	v.mustSubmit(d, by, "9")
	e, district := v.each()
	r := v.mustSubmit(e, district, "6")
	mustOne(t)(v.Endorse(v.ctx, v.leads[v.l.LeadsOf(v.l.Indicator(e.Indicator))[0]], now, indicators.Pick{Duty: e.ID, Version: r.Version}))
	queue, total, err := v.Queue(v.ctx, v.office, 0, 20, 0)
	if err != nil || total != 2 || len(queue) != 2 {
		t.Fatalf("%+v %v", queue, err)
	}
	rows, total, err := v.Waiting(v.ctx, v.office, now, 0, 20, 0)
	if err != nil || total != 2 || len(rows) != 2 {
		t.Fatalf("%d of %d wait, %v", len(rows), total, err)
	}
	for n, x := range rows {
		if x.Revision.ID != queue[n].ID || x.Barred != "" || x.Files != 0 {
			t.Errorf("row %d is %+v", n, x.Revision)
		}
		whole, err := v.Figure(v.ctx, v.office, now, x.Revision.ID)
		if err != nil {
			t.Fatal(err)
		}
		same := whole.Revision == x.Revision && whole.Round == x.Round && whole.Open == x.Open && whole.Endorsed == x.Endorsed &&
			reflect.DeepEqual(whole.Findings, x.Findings) && reflect.DeepEqual(whole.Effects, x.Effects) &&
			reflect.DeepEqual(whole.Sight.Observations, x.Sight.Observations) && reflect.DeepEqual(whole.Sight.Beside, x.Sight.Beside)
		if !same {
			t.Errorf("row %d shows %+v, the figure %+v", n, x.FigureView, whole)
		}
	}
	if rows, total, err := v.Waiting(v.ctx, v.office, now, v.round, 1, 1); err != nil || total != 2 || len(rows) != 1 || rows[0].Revision.ID != queue[1].ID {
		t.Errorf("the second page: %+v of %d, %v", rows, total, err)
	}
}

// Whatever the office or a package does to the leads of an indicator, each of
// its districts' figures under review is in exactly one queue, and whoever has it
// there can pass it on or send it back.
func TestQueueFollowsTheLeads(t *testing.T) {
	ways := map[string]func(v *town, code indicators.Code, leads indicators.Codes){
		"a form": func(v *town, code indicators.Code, leads indicators.Codes) {
			text := make([]string, len(leads))
			for n, c := range leads {
				text[n] = string(c)
			}
			v.mustAmend(v.amendment(indicators.IndicatorsFile, string(code), "leads", strings.Join(text, ";")))
		},
		"a package": func(v *town, code indicators.Code, leads indicators.Codes) {
			next := mustExport(v.t, v.Store)
			at := slices.IndexFunc(next.Indicators, func(i indicators.Indicator) bool { return i.Code == code })
			next.Indicators[at].Leads = leads
			if _, err := v.Load(v.ctx, next, now, nil); err != nil {
				v.t.Fatal(err)
			}
		},
	}
	for how, change := range ways {
		t.Run(how, func(t *testing.T) {
			v := mustTown(t).mustOpenRound()
			d, _ := v.each()
			named := v.l.Indicator(d.Indicator).Leads
			lead := v.leads[v.l.LeadsOf(v.l.Indicator(d.Indicator))[0]]
			var sent []indicators.Revision
			for _, x := range v.duties {
				if x.Indicator == d.Indicator && len(sent) < 5 {
					sent = append(sent, v.mustSubmit(x, v.people[x.Organisation], "6"))
				}
			}
			for n := range 2 {
				sent[n] = mustOne(t)(v.Endorse(v.ctx, lead, now, pick(sent[n]))).Revision
			}
			waits := func(step string, of, office int) {
				t.Helper()
				for who, want := range map[*indicators.Actor]int{&lead: of, &v.office: office} {
					if rows, n, err := v.Queue(v.ctx, *who, 0, 50, 0); err != nil || n != want || len(rows) != want {
						t.Errorf("%s: %d wait for %s, want %d, %v", step, n, who.Name, want, err)
					}
				}
			}
			waits("sent", 3, 2)

			change(v, d.Indicator, nil)
			waits("without a lead", 0, 5)
			mustOne(t)(v.Approve(v.ctx, v.office, now, pick(sent[0])))
			mustOne(t)(v.Return(v.ctx, v.office, now, "why", pick(sent[1])))
			mustOne(t)(v.Approve(v.ctx, v.office, now, pick(sent[2])))
			waits("some passed", 0, 2)

			change(v, d.Indicator, named)
			waits("with a lead again", 2, 0)
			mustBe(t, refusal(v.Approve(v.ctx, v.office, now, pick(sent[3]))), indicators.Conflict, "state")
			sent[3] = mustOne(t)(v.Endorse(v.ctx, lead, now, pick(sent[3]))).Revision
			mustOne(t)(v.Approve(v.ctx, v.office, now, pick(sent[3])))
			mustOne(t)(v.Return(v.ctx, lead, now, "why", pick(sent[4])))
			waits("all passed", 0, 0)
		})
	}
}

// A lead department that was merged into another leaves what waits for it to
// that one.
func TestQueueFollowsTheHeirOfALead(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.each()
	r := v.mustSubmit(d, by, "6")
	old := v.l.LeadsOf(v.l.Indicator(d.Indicator))[0]
	at := slices.IndexFunc(v.l.Organisations, func(o indicators.Organisation) bool {
		return o.Kind == v.l.Organisation(old).Kind && o.Code != old && !v.l.LeadsOf(v.l.Indicator(d.Indicator)).Contains(o.Code)
	})
	heir := v.l.Organisations[at].Code
	person := v.mustPerson("heir", indicators.Grant{Role: indicators.Reviewer, Organisation: heir})
	mustBe(t, refusal(v.Endorse(v.ctx, person, now, pick(r))), indicators.NotFound, "revision")
	v.mustAmend(v.amendment(indicators.OrganisationsFile, string(old), "successor", string(heir)))
	if rows, n, err := v.Queue(v.ctx, person, 0, 50, 0); err != nil || n != 1 || rows[0].ID != r.ID {
		t.Errorf("%d wait for the heir, %v", n, err)
	}
	mustOne(t)(v.Endorse(v.ctx, person, now, pick(r)))
}

// What waits of an indicator that a package drops is counted in no queue, for
// nobody can act on it, and waits where it did when the indicator comes back.
func TestQueueWithoutWhatLeftTheLibrary(t *testing.T) {
	v := mustTown(t)
	without := mustExport(t, v.Store)
	v.mustAmend(v.amendment(indicators.IndicatorsFile, "", "code", "new-one", "task", string(v.l.Tasks[0].Number), "name", "新指标", "unit", "个",
		"measure", "stock", "direction", "higher", "scope", "city", "clause", "一(一)"))
	with := mustExport(t, v.Store)
	v.mustOpenRound()
	d := v.duties[slices.IndexFunc(v.duties, func(d indicators.Duty) bool { return d.Indicator == "new-one" })]
	v.mustSubmit(d, v.people[d.Organisation], "9")
	for want, p := range []*indicators.Package{without, with} {
		if _, err := v.Load(v.ctx, p, now, nil); err != nil {
			t.Fatal(err)
		}
		if rows, n, err := v.Queue(v.ctx, v.office, 0, 50, 0); err != nil || n != want || len(rows) != want {
			t.Errorf("%d wait, want %d, %v", n, want, err)
		}
	}
}

// After the lock nothing is taken back that could not be sent again; within a
// later day that the office allowed it goes as before, and is sent again.
func TestNothingIsWithdrawnAfterTheLock(t *testing.T) {
	locked := now.AddDate(0, 4, 0)
	until := indicators.DateOf(locked.AddDate(0, 0, 9))
	later := map[string]func(v *town, d indicators.Duty, by indicators.Actor){
		"reopened": func(v *town, d indicators.Duty, _ indicators.Actor) {
			if err := v.Reopen(v.ctx, v.office, locked, d.ID, until, "late"); err != nil {
				t.Fatal(err)
			}
		},
		"extended": func(v *town, d indicators.Duty, by indicators.Actor) {
			id, err := v.AskExtension(v.ctx, by, locked, v.round, d.Organisation, until, "why")
			if err != nil {
				t.Fatal(err)
			}
			if err := v.DecideExtension(v.ctx, v.office, locked, id, true, ""); err != nil {
				t.Fatal(err)
			}
		},
	}
	for how, allow := range later {
		t.Run(how, func(t *testing.T) {
			v := mustTown(t).mustOpenRound()
			d, by := v.stock()
			r := v.mustSubmit(d, by, "90")
			may := func() bool {
				f, err := v.Figure(v.ctx, by, locked, d.ID)
				if err != nil {
					t.Fatal(err)
				}
				return slices.Contains(f.May, indicators.Withdraw)
			}
			if may() {
				t.Error("the page offers it after the lock")
			}
			mustBe(t, refusal(v.Withdraw(v.ctx, by, locked, pick(r))), indicators.Conflict, roundLocked)
			if f := v.mustFigure(d.ID, by); f.Revision.State != indicators.Submitted {
				t.Errorf("the figure is %s", f.Revision.State)
			}
			allow(v, d, by)
			if !may() {
				t.Error("the page does not offer it within the later day")
			}
			r = mustOne(t)(v.Withdraw(v.ctx, by, locked, pick(r))).Revision
			mustOne(t)(v.Submit(v.ctx, by, locked, indicators.Saving{Duty: d.ID, Version: r.Version}))
		})
	}
}

// Nobody approves a number of which they entered anything, in whichever
// edition, nor one that they endorsed; the queue and the figure say why, and in
// bulk the others go through.
func TestNobodyPassesTheirOwn(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	other, others := v.duty(func(i *indicators.Indicator, district bool) bool {
		return i.Measure == indicators.Stock && !district && i.Code != d.Indicator && i.Scope == indicators.City
	})
	both := v.mustPerson("both", indicators.Grant{Role: indicators.Contributor, Organisation: d.Organisation}, indicators.Grant{Role: indicators.OfficeMember})
	barred := func(by indicators.Actor, duty int64, want string) {
		t.Helper()
		found := "not in the queue"
		rows, _, err := v.Queue(v.ctx, by, v.round, 50, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range rows {
			if x.ID == duty {
				found = x.Barred
			}
		}
		f := v.mustFigure(duty, by)
		if found != want || f.Barred != want || (slices.Contains(f.May, indicators.Approve) || slices.Contains(f.May, indicators.Endorse)) != (want == "") {
			t.Errorf("the queue bars %s with %q, the figure with %q, want %q; may %v", by.Name, found, f.Barred, want, f.May)
		}
	}
	send := func(by indicators.Actor, edits ...indicators.Edit) indicators.Revision {
		t.Helper()
		return mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: v.version(d.ID), Edits: edits})).Revision
	}
	// Entered in the first edition; a colleague corrects a word of the second.
	first := send(both, filledIn("9")...)
	barred(both, d.ID, indicators.OwnEntry)
	v.mustApprove(first)
	v.mustPublish(now, v.round)
	second := send(by, indicators.Edit{Field: indicators.CorrectionField, Text: "c"}, indicators.Edit{Field: indicators.NoteField, Text: "z"})
	if second.Edition != 2 {
		t.Fatalf("%+v", second)
	}
	barred(both, d.ID, indicators.OwnEntry)
	barred(v.office, d.ID, "")
	q := v.mustSubmit(other, others, "7")
	out, err := v.Approve(v.ctx, both, now, pick(second), pick(q))
	if err != nil || out[1].Err != nil {
		t.Fatalf("%s %v", fmtSaved(out), err)
	}
	mustBe(t, out[0].Err, indicators.Forbidden, "own_entry")
	v.mustApprove(second)

	// Endorsed for the lead department; the office asks somebody else.
	e, district := v.each()
	lead := v.l.LeadsOf(v.l.Indicator(e.Indicator))[0]
	two := v.mustPerson("two", indicators.Grant{Role: indicators.Reviewer, Organisation: lead}, indicators.Grant{Role: indicators.OfficeMember})
	r := v.mustSubmit(e, district, "5")
	barred(two, e.ID, "")
	r = mustOne(t)(v.Endorse(v.ctx, two, now, pick(r))).Revision
	barred(two, e.ID, indicators.OwnEndorsement)
	barred(v.office, e.ID, "")
	mustBe(t, refusal(v.Approve(v.ctx, two, now, pick(r))), indicators.Forbidden, "own_endorsement")
	// Sent anew it is endorsed anew, by whom it was before as well.
	r = mustOne(t)(v.Return(v.ctx, two, now, "again", pick(r))).Revision
	r = mustOne(t)(v.Submit(v.ctx, district, now, indicators.Saving{Duty: e.ID, Version: r.Version})).Revision
	r = mustOne(t)(v.Endorse(v.ctx, two, now, pick(r))).Revision
	mustBe(t, refusal(v.Approve(v.ctx, two, now, pick(r))), indicators.Forbidden, "own_endorsement")
	mustOne(t)(v.Approve(v.ctx, v.office, now, pick(r)))
}

// So many figures are decided at once, and none of more.
func TestPicksHaveAnEnd(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	picks := []indicators.Pick{pick(v.mustSubmit(d, by, "9"))}
	for n := range indicators.MostPicks {
		picks = append(picks, indicators.Pick{Duty: int64(1_000_000 + n), Version: 1})
	}
	for name, do := range map[string]func(...indicators.Pick) ([]indicators.Saved, error){
		"withdraw": func(p ...indicators.Pick) ([]indicators.Saved, error) { return v.Withdraw(v.ctx, by, now, p...) },
		"endorse":  func(p ...indicators.Pick) ([]indicators.Saved, error) { return v.Endorse(v.ctx, v.office, now, p...) },
		"approve":  func(p ...indicators.Pick) ([]indicators.Saved, error) { return v.Approve(v.ctx, v.office, now, p...) },
		"return": func(p ...indicators.Pick) ([]indicators.Saved, error) {
			return v.Return(v.ctx, v.office, now, "why", p...)
		},
	} {
		_, err := do(picks...)
		if known := knownOf(err); known == nil || known.What != "picks_many" || known.Kind != indicators.TooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out, err := v.Approve(v.ctx, v.office, now, picks[:indicators.MostPicks]...); err != nil || out[0].Err != nil {
		t.Errorf("%v", err)
	}
}
