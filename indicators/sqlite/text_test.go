package sqlite

import (
	"errors"
	"strings"
	"testing"

	"yimi/indicators"
)

// Whatever people type is text: no control, no character that turns others
// round, no bytes that are no UTF-8, and not without end. What is refused is
// written nowhere.
func TestWhatIsTypedIsText(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	sent := v.mustSubmit(d, by, "9")
	e, district := v.each()
	passed := v.mustApprove(v.mustSubmit(e, district, "5"))
	security := v.mustPerson("keeper", indicators.Grant{Role: indicators.SecurityAdmin})
	wish, err := v.AskExtension(v.ctx, by, now, v.round, d.Organisation, v.days().LastDay(), "late census")
	if err != nil {
		t.Fatal(err)
	}
	preview, err := v.Preview(v.ctx, v.office, now, v.round)
	if err != nil {
		t.Fatal(err)
	}
	sh, err := v.SheetOf(v.ctx, by, v.round, d.Organisation)
	if err != nil {
		t.Fatal(err)
	}
	open, err := v.Round(v.ctx, v.round)
	if err != nil {
		t.Fatal(err)
	}
	head, err := v.TreeHead(v.ctx)
	if err != nil {
		t.Fatal(err)
	}
	until := indicators.MustPeriod("2999-01-01")
	for name, do := range map[string]func(text string) error{
		"entry": func(text string) error {
			return refusal(v.Save(v.ctx, district, now, indicators.Saving{Duty: e.ID, Version: passed.Version, Edits: []indicators.Edit{{Field: indicators.NoteField, Text: text}}}))
		},
		"return": func(text string) error { return refusal(v.Return(v.ctx, v.office, now, text, pick(sent))) },
		"reopen": func(text string) error { return v.Reopen(v.ctx, v.office, now, d.ID, until, text) },
		"wish": func(text string) error {
			_, err := v.AskExtension(v.ctx, by, now, v.round, d.Organisation, until, text)
			return err
		},
		"answer": func(text string) error { return v.DecideExtension(v.ctx, v.office, now, wish, true, text) },
		"note of a round": func(text string) error {
			r := open
			r.Note = text
			return v.AmendRound(v.ctx, v.office, now, r)
		},
		"note of a new round": func(text string) error {
			r := v.days()
			r.Year, r.Note = v.year-1, text
			_, err := v.OpenRound(v.ctx, v.office, now, r)
			return err
		},
		"note of a release": func(text string) error {
			_, err := v.Publish(v.ctx, v.office, now, v.round, preview.Token, text, true, sentences)
			return err
		},
		"undo": func(text string) error { _, err := v.PrepareUndo(v.ctx, v.office, now, 1, text); return err },
		"who entered": func(text string) error {
			_, err := v.SignOff(v.ctx, by, now, v.round, d.Organisation, sh.Code, indicators.Signed{EnteredBy: text, CheckedBy: "b", Head: "c"})
			return err
		},
		"who checked": func(text string) error {
			_, err := v.SignOff(v.ctx, by, now, v.round, d.Organisation, sh.Code, indicators.Signed{EnteredBy: "a", CheckedBy: text, Head: "c"})
			return err
		},
		"who is the head": func(text string) error {
			_, err := v.SignOff(v.ctx, by, now, v.round, d.Organisation, sh.Code, indicators.Signed{EnteredBy: "a", CheckedBy: "b", Head: text})
			return err
		},
		"key": func(text string) error {
			if len(text) < 1000 {
				text = strings.Repeat("k", maxKey+1)
			}
			return refusal(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: sent.Version, Key: text}))
		},
		"person": func(text string) error {
			_, _, err := v.Invite(v.ctx, security, now, "newcomer", text, []indicators.Grant{{Role: indicators.Auditor}})
			return err
		},
	} {
		for _, text := range []string{"a\x00b", "\xff\xfe", "a\u202eb", "a\x1b[2Jb", strings.Repeat("长", 4001)} {
			what := "text_hidden"
			switch {
			case name == "person":
				what = "person"
			case name == "key", len(text) > 1000:
				what = "text"
			}
			err := do(text)
			if known := knownOf(err); known == nil || known.What != what || known.Kind != indicators.Invalid && known.Kind != indicators.TooLarge {
				t.Errorf("%s of %.10q: %v", name, text, err)
			}
		}
	}
	if _, _, err := v.Invite(v.ctx, security, now, "newcomer", "two\nlines", []indicators.Grant{{Role: indicators.Auditor}}); knownOf(err) == nil {
		t.Error("a name of two lines is taken")
	}
	if after, err := v.TreeHead(v.ctx); err != nil || after != head {
		t.Errorf("something was written: %v, %v", after, err)
	}
}

func knownOf(err error) *indicators.Error {
	var known *indicators.Error
	if !errors.As(err, &known) {
		return nil
	}
	return known
}
