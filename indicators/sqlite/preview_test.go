package sqlite

import (
	"reflect"
	"testing"
	"time"

	"yimi/indicators"
)

// public is what the pages read, as Foresee gives it.
func (v *town) public(r indicators.Release, token string, of map[indicators.Code][]indicators.Provenance) *indicators.Foresight {
	v.t.Helper()
	f := &indicators.Foresight{Release: r, Token: token, Provenance: map[indicators.Code][]indicators.Provenance{}}
	for code := range of {
		list, err := v.Provenance(v.ctx, r.Number, code)
		if err != nil {
			v.t.Fatal(err)
		}
		f.Provenance[code] = list
	}
	for _, a := range v.l.Areas {
		obs, err := v.ObservationsIn(v.ctx, a.Code)
		if err != nil {
			v.t.Fatal(err)
		}
		replaced, err := v.ReplacedIn(v.ctx, a.Code)
		if err != nil {
			v.t.Fatal(err)
		}
		f.Observations, f.Replaced = append(f.Observations, obs...), append(f.Replaced, replaced...)
	}
	var err error
	if f.Withdrawn, err = v.Withdrawals(v.ctx); err != nil {
		v.t.Fatal(err)
	}
	return f
}

// foreseen publishes what was foreseen, and compares.
func (v *town) foreseen(at time.Time, round int) {
	v.t.Helper()
	head, err := v.TreeHead(v.ctx)
	if err != nil {
		v.t.Fatal(err)
	}
	f, err := v.Foresee(v.ctx, v.office2, at, round)
	if err != nil {
		v.t.Fatal(err)
	}
	token, err := v.PreviewToken(v.ctx, v.office, at, round)
	if err != nil || token != f.Token {
		v.t.Errorf("the token is %s, foreseen under %s, %v", token, f.Token, err)
	}
	if after, err := v.TreeHead(v.ctx); err != nil || after != head {
		v.t.Errorf("looking ahead stands in the trail: %+v, %v", after, err)
	}
	r, _ := v.mustPublish(at, round)
	r.Note, r.Head = "", indicators.TreeHead{}
	if want := v.public(r, f.Token, f.Provenance); !reflect.DeepEqual(f, want) {
		v.t.Errorf("foreseen %+v, published %+v", f, want)
	}
}

func TestForesee(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	_, err := v.Foresee(v.ctx, by, now, v.round)
	mustBe(t, err, indicators.Forbidden, "role")
	_, err = v.PreviewToken(v.ctx, by, now, v.round)
	mustBe(t, err, indicators.Forbidden, "role")
	_, err = v.Foresee(v.ctx, v.office, now, 9)
	mustBe(t, err, indicators.NotFound, "round")
	_, err = v.PreviewToken(v.ctx, v.office, now, 9)
	mustBe(t, err, indicators.NotFound, "round")
	_, err = v.Foresee(v.ctx, v.office, now, v.round)
	mustBe(t, err, indicators.Invalid, "release_empty")

	v.mustApprove(v.mustSubmit(d, by, "9"))
	v.foreseen(now, v.round)
	// A correction on the same day replaces its figure.
	r := mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: v.version(d.ID),
		Edits: append(filledIn("8"), indicators.Edit{Field: indicators.CorrectionField, Text: "x"})})).Revision
	v.mustApprove(mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: r.Version})).Revision)
	v.foreseen(now, v.round)
	// What undoes it, and what takes the figure back for good.
	if _, err := v.PrepareUndo(v.ctx, v.office, now, 3, "why"); err != nil {
		t.Fatal(err)
	}
	v.foreseen(now, 0)
	if _, err := v.PrepareUndo(v.ctx, v.office, now, 2, "why"); err != nil {
		mustBe(t, err, indicators.Conflict, "release_undone")
		if _, err := v.PrepareUndo(v.ctx, v.office, now, 4, "why"); err != nil {
			t.Fatal(err)
		}
	}
	v.foreseen(now.AddDate(0, 0, 1), 0)
}

// A release that is loaded keeps what the rules said, if there are words for it.
func TestLoadKeepsStatuses(t *testing.T) {
	v := mustTown(t)
	if kept, err := v.StatusesOf(v.ctx, 1); err != nil || len(kept) != 0 {
		t.Fatalf("%d statuses without words, %v", len(kept), err)
	}
	v.plan.Observations[0].Note = "another"
	words := func(l *indicators.Library, day indicators.Period) func(*indicators.Assessment) (zh, en string) {
		if l.City() == nil || day != indicators.DateOf(now) {
			t.Errorf("the words are of %v on %s", l.City(), day)
		}
		return sentences
	}
	c, err := v.LoadSaying(v.ctx, v.plan, now, words, nil)
	if err != nil || c.Release != 2 {
		t.Fatalf("%+v %v", c, err)
	}
	r, err := v.Release(v.ctx)
	if err != nil || r.Rules != indicators.RulesVersion {
		t.Errorf("%+v %v", r, err)
	}
	kept, err := v.StatusesOf(v.ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	all, err := v.Rounds(v.ctx)
	if err != nil {
		t.Fatal(err)
	}
	want := indicators.AssessPlan(v.l, v.public(r, "", nil).Observations, indicators.DateOf(now), indicators.DueOf(all))
	if len(kept) != len(want) || len(want) == 0 {
		t.Fatalf("%d statuses, want %d", len(kept), len(want))
	}
	for n := range want {
		if zh, en := sentences(&want[n]); kept[n].Status != want[n].Status || kept[n].SentenceZh != zh || kept[n].SentenceEn != en {
			t.Errorf("%+v, want %s", kept[n], want[n].Status)
		}
	}
	if c, err := v.LoadSaying(v.ctx, v.plan, now, words, nil); err != nil || !c.Nothing() {
		t.Errorf("again: %+v %v", c, err)
	}
}
