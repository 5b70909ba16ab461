package sqlite

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"yimi/indicators"
)

// mustCorrect enters a published figure anew and approves it.
func (v *town) mustCorrect(d indicators.Duty, by indicators.Actor, at time.Time, edits ...indicators.Edit) {
	v.t.Helper()
	edits = append(edits, indicators.Edit{Field: indicators.CorrectionField, Text: "counted anew"}, indicators.Edit{Field: indicators.NoteField, Text: "seen " + at.String()},
		indicators.Edit{Field: indicators.ExplanationField, Text: "late"}, indicators.Edit{Field: indicators.NextField, Text: "soon"})
	v.mustApprove(mustOne(v.t)(v.Submit(v.ctx, by, at, indicators.Saving{Duty: d.ID, Version: v.version(d.ID), Edits: edits})).Revision)
}

// results are what stands of a duty's indicator and area, but for baselines.
func (v *town) results(d indicators.Duty, release int) (out []string) {
	v.t.Helper()
	obs, err := v.ObservationsAt(v.ctx, release, d.Indicator)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, o := range indicators.Standing(v.l, obs) {
		if o.Area == d.Area && o.Kind == indicators.Result && o.Period.Year >= v.year {
			out = append(out, fmt.Sprint(o.Period, " ", o.Basis, " ", o.Value, o.Answer))
		}
	}
	return out
}

// statusOf are the statuses that a release stored of a duty's indicator.
func (v *town) statusOf(d indicators.Duty, release int) (out []string) {
	v.t.Helper()
	all, err := v.StatusesOf(v.ctx, release)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, s := range all {
		if s.Indicator == d.Indicator && s.Area == d.Area {
			out = append(out, fmt.Sprint(s.Milestone, " ", s.Status))
		}
	}
	return out
}

// A correction takes the place of what it corrects in every judgement, also
// where the basis was wrong, or the day of a deed, or that there was a number at
// all; the releases before it, and the days before it, keep what they said.
func TestACorrectionTakesThePlace(t *testing.T) {
	deed := func(value, day string) []indicators.Edit {
		return append(filledIn(value), indicators.Edit{Field: indicators.DoneField, Text: day})
	}
	number := func(value, basis, answer string) []indicators.Edit {
		return append(filledIn(value), indicators.Edit{Field: indicators.BasisField, Text: basis}, indicators.Edit{Field: indicators.AnswerField, Text: answer}, indicators.Edit{Field: indicators.ReasonField, Text: answer})
	}
	tests := map[string]struct {
		of    func(*indicators.Indicator, bool) bool
		steps [][]indicators.Edit
		want  []string
	}{
		"a deed": {
			func(i *indicators.Indicator, district bool) bool {
				return i.Measure == indicators.Deliverable && !district
			},
			[][]indicators.Edit{deed("1", "2025-03-10"), deed("1", "2025-02-10"), deed("0", ""), deed("1", "2025-03-10")},
			[]string{"2025-03-10  1", "2025-02-10  1", "2025-12  0", "2025-03-10  1"},
		},
		"a number": {
			func(i *indicators.Indicator, district bool) bool { return i.Measure == indicators.Stock && !district },
			[][]indicators.Edit{number("90", "level", ""), number("9", "added", ""), number("8", "level", ""), number("", "", "none")},
			[]string{"2025 level 90", "2025 added 9", "2025 level 8", "2025 added none"},
		},
	}
	for name, test := range tests {
		for _, days := range []int{0, 3} { // on the same day, and later
			t.Run(fmt.Sprint(name, " after ", days), func(t *testing.T) {
				v := mustTown(t).mustOpenRound()
				d, by := v.duty(test.of)
				at := now
				v.mustApprove(mustOne(t)(v.Submit(v.ctx, by, at, indicators.Saving{Duty: d.ID, Version: d.Version, Edits: append(test.steps[0],
					indicators.Edit{Field: indicators.NoteField, Text: "n"}, indicators.Edit{Field: indicators.ExplanationField, Text: "e"}, indicators.Edit{Field: indicators.NextField, Text: "x"})})).Revision)
				v.mustPublish(at, v.round)
				for n, step := range test.steps[1:] {
					at = at.AddDate(0, 0, days)
					v.mustCorrect(d, by, at, step...)
					f, err := v.Foresee(v.ctx, v.office2, at, v.round)
					if err != nil {
						t.Fatal(err)
					}
					r, p := v.mustPublish(at, v.round)
					r.Note, r.Head = "", indicators.TreeHead{}
					if want := v.public(r, f.Token, f.Provenance); fmt.Sprint(f) != fmt.Sprint(want) {
						t.Errorf("foreseen %v, published %v", f, want)
					}
					if got := v.results(d, r.Number); len(got) != 1 || got[0] != test.want[n+1] {
						t.Errorf("release %d has %q, want %q only", r.Number, got, test.want[n+1])
					}
					var foreseen []string
					for _, a := range p.Assessments {
						if a.Indicator.Code == d.Indicator && a.Area.Code == d.Area {
							foreseen = append(foreseen, fmt.Sprint(a.Target.Milestone, " ", a.Status))
						}
					}
					if got := v.statusOf(d, r.Number); !slices.Equal(got, foreseen) {
						t.Errorf("stored %q, previewed %q", got, foreseen)
					}
				}
				for n, want := range test.want {
					if got := v.results(d, n+2); len(got) != 1 || got[0] != want {
						t.Errorf("release %d read later has %q, want %q", n+2, got, want)
					}
				}
				if days > 0 { // the day before each correction knows what it corrects
					all := v.public(indicators.Release{}, "", nil)
					for n, want := range test.want[:len(test.want)-1] {
						day := indicators.DateOf(now.AddDate(0, 0, days*n+1))
						obs := slices.Clone(all.Observations)
						for _, w := range all.Withdrawn {
							obs = append(obs, w.Of)
						}
						known := indicators.Know(v.l, obs, day, nil, all.Withdrawn...)
						var got []string
						for _, o := range known.Standing(d.Indicator, d.Area) {
							if o.Period.Year >= v.year && o.Kind == indicators.Result {
								got = append(got, fmt.Sprint(o.Period, " ", o.Basis, " ", o.Value, o.Answer))
							}
						}
						if len(got) != 1 || got[0] != want {
							t.Errorf("as of %s: %q, want %q", day, got, want)
						}
					}
				}
				// Undone, the figure before it comes back alone.
				if _, err := v.PrepareUndo(v.ctx, v.office, at, len(test.steps)+1, "wrong"); err != nil {
					t.Fatal(err)
				}
				v.foreseen(at, 0)
				if got, want := v.results(d, len(test.steps)+2), test.want[len(test.want)-2]; len(got) != 1 || got[0] != want {
					t.Errorf("undone, %q stands, want %q", got, want)
				}
			})
		}
	}
}

// On the day of its publication a figure is checked and ranked by what it would
// be corrected to, not by what stands.
func TestACorrectionOfTheSameDayIsChecked(t *testing.T) {
	for _, days := range []int{0, 1} {
		v := mustTown(t).mustOpenRound()
		d, by := v.stock()
		at := now.AddDate(0, 0, days)
		v.mustApprove(v.mustSubmit(d, by, "90"))
		v.mustPublish(now, v.round)
		out, err := v.Submit(v.ctx, by, at, indicators.Saving{Duty: d.ID, Version: v.version(d.ID), Edits: []indicators.Edit{
			{Field: indicators.ValueField, Text: "5"}, {Field: indicators.CorrectionField, Text: "c"}, {Field: indicators.NoteField, Text: "n"},
			{Field: indicators.ExplanationField, Text: ""}, {Field: indicators.NextField, Text: ""},
		}})
		if err != nil || !slices.ContainsFunc(out[0].Findings, func(f indicators.Finding) bool { return f.Rule == "misses" && !f.Settled }) {
			t.Errorf("after %d days a figure that misses is asked nothing: %s %v", days, fmtSaved(out), err)
		}
		v.mustCorrect(d, by, at, filledIn("5")...)
		list, _, err := v.Queue(v.ctx, v.office, v.round, 10, 0)
		if err != nil || len(list) != 0 {
			t.Fatal(list, err) // mustCorrect approves
		}
		var effect int
		if err := v.read.QueryRow(`SELECT effect FROM revisions WHERE duty = ? ORDER BY edition DESC LIMIT 1`, d.ID).Scan(&effect); err != nil || effect != 2 {
			t.Errorf("after %d days its effect is %d, %v", days, effect, err)
		}
		p, err := v.Preview(v.ctx, v.office, at, v.round)
		if err != nil || p.Warnings() == 0 || len(p.Effects) == 0 {
			t.Errorf("after %d days: %d warnings, %d statuses, %v", days, p.Warnings(), len(p.Effects), err)
		}
	}
}

// What moves a status between a preview and its release makes the preview
// stale, and what a release said it says for ever.
func TestTheDueDayOfARelease(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	v.mustApprove(v.mustSubmit(d, by, "9"))
	p, err := v.Preview(v.ctx, v.office, now, v.round)
	if err != nil {
		t.Fatal(err)
	}
	move := func(day indicators.Period) {
		t.Helper()
		r, err := v.Round(v.ctx, v.round)
		if err != nil {
			t.Fatal(err)
		}
		r.Due = day
		if err := v.AmendRound(v.ctx, v.office, now, r); err != nil {
			t.Fatal(err)
		}
	}
	was, err := v.Round(v.ctx, v.round)
	if err != nil {
		t.Fatal(err)
	}
	move(indicators.DateOf(now.AddDate(0, -1, 0)))
	_, err = v.Publish(v.ctx, v.office2, now, v.round, p.Token, "note", true, sentences)
	mustBe(t, err, indicators.Conflict, stalePreview)
	v.mustPublish(now, v.round)
	stored, err := v.StatusesOf(v.ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	move(was.Due)
	due, err := v.DueAt(v.ctx, 2)
	if err != nil || due[v.year] == was.Due {
		t.Errorf("release 2 is due %v, %v", due, err)
	}
	var obs []indicators.Observation
	for _, a := range v.l.Areas {
		list, err := v.ObservationsInAt(v.ctx, 2, a.Code)
		if err != nil {
			t.Fatal(err)
		}
		obs = append(obs, list...)
	}
	for i, a := range indicators.AssessPlan(v.l, obs, indicators.DateOf(now), due) {
		if a.Status != stored[i].Status {
			t.Errorf("%s of %s: stored %s, judged later %s", a.Indicator.Code, a.Area.Code, stored[i].Status, a.Status)
		}
	}
	// A release before the round was opened knows nothing of its day.
	if due, err := v.DueAt(v.ctx, 1); err != nil || len(due) != 0 {
		t.Errorf("release 1 is due %v, %v", due, err)
	}
	_, err = v.DueAt(v.ctx, 9)
	mustBe(t, err, indicators.NotFound, "release")
	_, effects, err := v.Difference(v.ctx, 1, 1)
	if err != nil || len(effects) != 0 {
		t.Errorf("a release differs from itself: %v %v", effects, err)
	}
}

// What the checks find beside a candidate moves without any version: who
// publishes has seen what is found then.
func TestWarningsAreVouchedFor(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	v.mustApprove(v.mustSubmit(d, by, "9"))
	v.mustPublish(now, v.round)
	v.mustCorrect(d, by, now, filledIn("5")...)
	p, err := v.Preview(v.ctx, v.office, now, v.round)
	if err != nil {
		t.Fatal(err)
	}
	before := p.Token
	if p.Warnings() == 0 {
		t.Fatal("nothing is found")
	}
	p.Candidates[0].Findings = append(p.Candidates[0].Findings, indicators.Finding{Grade: indicators.WarningGrade, Rule: "jump"})
	if p.Vouch(); p.Token == before {
		t.Error("another finding has the same token")
	}
	again, err := v.Preview(v.ctx, v.office, now, v.round)
	if err != nil || again.Token != before {
		t.Errorf("the same preview has another token, %v", err)
	}
}

// A correction overtakes what was prepared for being taken back: the release
// that takes back goes on without it.
func TestATakingIsOvertaken(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	e, district := v.each()
	v.mustApprove(v.mustSubmit(d, by, "9"))
	v.mustApprove(v.mustSubmit(e, district, "6"))
	v.mustPublish(now, v.round)
	for _, x := range []indicators.Duty{d, e} {
		obs, err := v.Observations(v.ctx, x.Indicator)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(obs, func(o indicators.Observation) bool { return o.Area == x.Area && o.Period == indicators.YearOf(v.year) })
		if _, err := v.Withhold(v.ctx, v.office, now, obs[i], "wrong"); err != nil {
			t.Fatal(err)
		}
	}
	v.mustCorrect(d, by, now, filledIn("8")...)
	v.mustPublish(now, v.round)
	p, err := v.Preview(v.ctx, v.office, now, 0)
	if err != nil || len(p.Taken) != 1 || p.Taken[0].Observation.Subject != e.Indicator || len(p.Figures) != 1 {
		t.Fatalf("%+v %v", p, err)
	}
	v.foreseen(now, 0)
	if v.stands(d, 4) != "8" || v.stands(e, 4) != "-" {
		t.Errorf("%s and %s stand", v.stands(d, 4), v.stands(e, 4))
	}
}

// A figure that was taken back is owed again: its unit reads why, and can send
// it; nothing counts it as reported.
func TestTakenBackIsOwedAgain(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	v.mustApprove(v.mustSubmit(d, by, "9"))
	v.mustPublish(now, v.round)
	obs, err := v.Observations(v.ctx, d.Indicator)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(obs, func(o indicators.Observation) bool { return o.Area == d.Area && o.Period == indicators.YearOf(v.year) })
	if _, err := v.Withhold(v.ctx, v.office, now, obs[i], "another year's"); err != nil {
		t.Fatal(err)
	}
	if f := v.mustFigure(d.ID, by); f.Revision.State != indicators.Published {
		t.Errorf("prepared only, it is %s", f.Revision.State)
	}
	v.mustPublish(now, 0)
	f := v.mustFigure(d.ID, by)
	if f.Revision.State != indicators.Returned || f.Revision.Refusal != "another year's" || f.Revision.Entry.Value != "9" || f.Revision.Release != 0 {
		t.Errorf("%+v", f.Revision)
	}
	if came, err := v.Provenance(v.ctx, 3, d.Indicator); err != nil || len(came) != 0 {
		t.Errorf("what was taken back came from %+v, %v", came, err)
	}
	if came, err := v.Provenance(v.ctx, 2, d.Indicator); err != nil || len(came) != 1 {
		t.Errorf("release 2 has forgotten where it came from: %+v, %v", came, err)
	}
	p, err := v.Preview(v.ctx, v.office, now, v.round)
	if err != nil || p.Unreported != len(v.duties) {
		t.Errorf("%d of %d are unreported, %v", p.Unreported, len(v.duties), err)
	}
	v.mustCorrect(d, by, now, filledIn("9")...)
	v.mustPublish(now, v.round)
	if v.stands(d, 4) != "9" {
		t.Errorf("sent again, %s stands", v.stands(d, 4))
	}
}

// knownOn is the value that a page of a day shows of a duty's figure; "-" for
// none.
func (v *town) knownOn(d indicators.Duty, day time.Time) string {
	v.t.Helper()
	all := v.public(indicators.Release{}, "", nil)
	obs, seen := append(slices.Clone(all.Observations), all.Replaced...), map[figureKey]bool{}
	for i := range obs {
		seen[figureKeyOf(&obs[i])] = true
	}
	for _, w := range all.Withdrawn {
		if !seen[figureKeyOf(&w.Of)] {
			obs = append(obs, w.Of)
		}
	}
	for _, o := range indicators.Know(v.l, obs, indicators.DateOf(day), nil, all.Withdrawn...).Standing(d.Indicator, d.Area) {
		if o.Period == indicators.YearOf(v.year) {
			return o.Value.String()
		}
	}
	return "-"
}

// The days between a withdrawal and its undoing do not know the figure, and
// those before a package corrected a figure under its own key know the one that
// stood.
func TestNoLaterReleaseChangesAnEarlierDay(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	v.mustApprove(v.mustSubmit(d, by, "9"))
	v.mustPublish(day(0), v.round)
	obs, err := v.Observations(v.ctx, d.Indicator)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(obs, func(o indicators.Observation) bool { return o.Area == d.Area && o.Period == indicators.YearOf(v.year) })
	if _, err := v.Withhold(v.ctx, v.office, day(2), obs[i], "wrong"); err != nil {
		t.Fatal(err)
	}
	v.mustPublish(day(2), 0)
	if _, err := v.PrepareUndo(v.ctx, v.office, day(5), 3, "right after all"); err != nil {
		t.Fatal(err)
	}
	v.mustPublish(day(5), 0)
	days := map[int]string{-1: "-", 0: "9", 1: "9", 2: "-", 4: "-", 5: "9", 9: "9"}
	for n, want := range days {
		if got := v.knownOn(d, day(n)); got != want {
			t.Errorf("on day %d: %s, want %s", n, got, want)
		}
	}

	// A loaded figure, corrected in a later package under its own key.
	p, err := v.Export(v.ctx)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(p.Observations, func(o indicators.Observation) bool {
		return o.Subject != d.Indicator && o.Kind == indicators.Result && o.Period.IsYear() && o.Value.Present() && o.Area == v.l.City().Code && o.Published.Year < now.Year()
	})
	x := &p.Observations[at]
	old := x.Value.String()
	x.Value = indicators.MustNumber("7")
	if _, err := v.Load(v.ctx, p, day(7), nil); err != nil {
		t.Fatal(err)
	}
	loaded := indicators.Duty{Indicator: x.Subject, Area: x.Area}
	v.year = x.Period.Year
	for n, want := range map[int]string{-300: old, 0: old, 6: old, 7: "7", 8: "7"} {
		if x.Published.Compare(indicators.DateOf(day(n))) > 0 {
			continue
		}
		if got := v.knownOn(loaded, day(n)); got != want {
			t.Errorf("%s on day %d: %s, want %s", x.Subject, n, got, want)
		}
	}
}

// A figure that stays behind its target needs its explanation as one that falls
// behind does, though no status flips.
func TestWhatStaysMissedIsExplained(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	v.mustApprove(v.mustSubmit(d, by, "9"))
	v.mustPublish(now, v.round)
	bare := append(filledIn("8"), indicators.Edit{Field: indicators.CorrectionField, Text: "c"}, indicators.Edit{Field: indicators.NoteField, Text: "n"},
		indicators.Edit{Field: indicators.ExplanationField}, indicators.Edit{Field: indicators.NextField})
	out, err := v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: v.version(d.ID), Edits: bare})
	if err != nil || out[0].Err == nil || !slices.ContainsFunc(out[0].Findings, func(f indicators.Finding) bool { return f.Rule == "misses" && !f.Settled }) {
		t.Errorf("%s %v", fmtSaved(out), err)
	}
	view := v.mustFigure(d.ID, by)
	if flips := view.Sight.Effects(view.Revision.Entry); len(flips) > 0 {
		t.Errorf("it flips %v: the test shows nothing", flips)
	}
}
