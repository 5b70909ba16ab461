package sqlite

import (
	"slices"
	"testing"

	"yimi/indicators"
)

// finds reports a finding of a rule.
func finds(rule string) func(indicators.Finding) bool {
	return func(f indicators.Finding) bool { return f.Rule == rule }
}

// An answer "not available until" that was approved keeps no release from being
// published once its day has passed: its publisher has to have seen it. While it
// is entered a day that has passed is an error, also of what was sent back.
func TestADayThatPassedSinceItWasSent(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	until := indicators.DateOf(now.AddDate(0, 0, 4))
	answer := []indicators.Edit{
		{Field: indicators.AnswerField, Text: "not_available"}, {Field: indicators.ReasonField, Text: "later"}, {Field: indicators.UntilField, Text: until.String()},
	}
	later := now.AddDate(0, 0, 6)
	mustBe(t, refusal(v.Submit(v.ctx, by, later, indicators.Saving{Duty: d.ID, Edits: answer})), indicators.Invalid, "check")
	r := mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Edits: answer})).Revision

	// The reviewer sees it too, in the queue as in the pane.
	if rows, _, err := v.Waiting(v.ctx, v.office, later, 0, 20, 0); err != nil || len(rows) != 1 || !slices.ContainsFunc(rows[0].Findings, finds("until_passed")) || indicators.HasErrors(rows[0].Findings) {
		t.Errorf("the queue tells %+v, %v", rows, err)
	}
	r = mustOne(t)(v.Return(v.ctx, v.office, later, "why", pick(r))).Revision
	mustBe(t, refusal(v.Submit(v.ctx, by, later, indicators.Saving{Duty: d.ID, Version: r.Version})), indicators.Invalid, "check")
	r = v.mustApprove(mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: r.Version})).Revision)

	p, err := v.Preview(v.ctx, v.office, now, v.round)
	if err != nil || p.Errors() || p.Warnings() != 0 {
		t.Errorf("on the day: errors %v, %d warnings, %v", p.Errors(), p.Warnings(), err)
	}
	if p, err = v.Preview(v.ctx, v.office, later, v.round); err != nil || p.Errors() || p.Warnings() != 1 {
		t.Fatalf("later: errors %v, %d warnings, %v", p.Errors(), p.Warnings(), err)
	}
	_, err = v.Publish(v.ctx, v.office2, later, v.round, p.Token, "note", false, sentences)
	mustBe(t, err, indicators.Invalid, withWarnings)
	if _, err := v.Foresee(v.ctx, v.office2, later, v.round); err != nil {
		t.Error(err)
	}
	if _, err := v.Publish(v.ctx, v.office2, later, v.round, p.Token, "note", true, sentences); err != nil {
		t.Error(err)
	}
}

// When the library reads a number otherwise than when it was sent, its reviewer
// and its publisher are warned, whoever changed the library; the publisher has to
// have seen it, and nothing that the unit typed is lost. What only prints the
// number otherwise warns of nothing.
func TestAMeaningThatChangedSinceItWasSent(t *testing.T) {
	changes := map[string]struct {
		cells []string
		rule  string // "" for none
	}{
		"unit":     {[]string{"unit", "万个"}, "unit_changed"},
		"measure":  {[]string{"measure", "flow"}, "measure_changed"},
		"decimals": {[]string{"decimals", "2"}, ""},
		"name":     {[]string{"name", "新名"}, ""},
	}
	for what, c := range changes {
		for _, how := range []string{"a form", "a package"} {
			t.Run(what+" by "+how, func(t *testing.T) {
				v := mustTown(t).mustOpenRound()
				d, by := v.stock()
				r := v.mustApprove(v.mustSubmit(d, by, "9"))
				e := v.duties[slices.IndexFunc(v.duties, func(x indicators.Duty) bool {
					i := v.l.Indicator(x.Indicator)
					return x.Indicator != d.Indicator && i.Measure == indicators.Stock && !v.l.DistrictFigure(x.Area) && i.Unit != "万个"
				})]
				a := v.amendment(indicators.IndicatorsFile, string(d.Indicator), c.cells...)
				if how == "a form" {
					v.mustAmend(a)
				} else {
					v.mustLoadAmended(a)
				}
				wants := func(where string, findings []indicators.Finding) {
					t.Helper()
					if c.rule != "" && !slices.ContainsFunc(findings, finds(c.rule)) || c.rule == "" && len(findings) > 0 && slices.ContainsFunc(findings, func(f indicators.Finding) bool { return !f.Settled }) {
						t.Errorf("%s tells %+v", where, findings)
					}
				}
				f := v.mustFigure(d.ID, v.office)
				wants("the pane", f.Findings)
				if f.Revision.Entry != r.Entry || f.Revision.State != indicators.Approved || f.Revision.Version != r.Version {
					t.Errorf("the figure is now %+v", f.Revision)
				}
				p, err := v.Preview(v.ctx, v.office, now, v.round)
				if err != nil || len(p.Candidates) != 1 || p.Errors() {
					t.Fatal(err)
				}
				wants("the preview", p.Candidates[0].Findings)
				if c.rule != "" {
					_, err = v.Publish(v.ctx, v.office2, now, v.round, p.Token, "note", false, sentences)
					mustBe(t, err, indicators.Invalid, withWarnings)
				}

				// Sent back, it is sent again as it was typed, and is meant as the
				// library reads now; so is another that is sent only now.
				r = mustOne(t)(v.Return(v.ctx, v.office, now, "why", pick(r))).Revision
				mustOne(t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: r.Version}))
				v.mustSubmit(e, v.people[e.Organisation], "9")
				rows, total, err := v.Waiting(v.ctx, v.office, now, 0, 20, 0)
				if err != nil || total != 2 {
					t.Fatal(total, err)
				}
				for _, x := range rows {
					if c.rule != "" && slices.ContainsFunc(x.Findings, finds(c.rule)) {
						t.Errorf("sent again, %s tells %+v", x.Indicator.Code, x.Findings)
					}
				}
				if c.rule == "" {
					return
				}
				// Also while it waits for its reviewer.
				back := v.amendment(indicators.IndicatorsFile, string(d.Indicator), c.cells[0], map[string]string{"unit": "百个", "measure": "stock"}[c.cells[0]])
				v.mustAmend(back)
				if rows, _, err = v.Waiting(v.ctx, v.office, now, 0, 20, 0); err != nil {
					t.Fatal(err)
				}
				for _, x := range rows {
					if (x.Indicator.Code == d.Indicator) != slices.ContainsFunc(x.Findings, finds(c.rule)) {
						t.Errorf("the queue tells of %s %+v", x.Indicator.Code, x.Findings)
					}
				}
			})
		}
	}
}

// mustLoadAmended loads the package that a form would have made.
func (v *town) mustLoadAmended(a indicators.Amendment) {
	v.t.Helper()
	next, _, err := mustExport(v.t, v.Store).Amend(a, thatDay)
	if err != nil {
		v.t.Fatal(err)
	}
	if _, err := v.Load(v.ctx, next, now, nil); err != nil {
		v.t.Fatal(err)
	}
}
