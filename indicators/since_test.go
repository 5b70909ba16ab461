package indicators

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What was sent is held against the day it was sent, and warns of what has passed
// it since; the same words while they are being entered are held against today.
func TestCheckOfWhatWasSent(t *testing.T) {
	l := zhengzhou(t)
	for _, c := range []struct {
		entry, sent string // the day; "" while it is entered
		want        string
	}{
		{"answer=not_available reason=x until=2024-02-20", "", "E until_past"},
		{"answer=not_available reason=x until=2024-02-20", "2024-02-10", "W until_passed"},
		{"answer=not_available reason=x until=2024-02-20", "2024-02-20", "W until_passed"},
		{"answer=not_available reason=x until=2024-02-20", "2024-02-21", "E until_past"},
		{"answer=not_available reason=x until=2024-02", "2024-02-10", "W until_passed"},
		{"answer=not_available reason=x until=2024-09-01", "2024-02-10", ""},
		{"answer=not_available reason=x note=y until=2024-02-20", "2024-02-10", "W until_passed"}, // no note settles it
	} {
		s := sight(t, l, "libraries", "city", 2023)
		s.Day = MustPeriod("2024-03-01")
		e := entry(t, c.entry)
		if c.sent != "" {
			s.Sent = SentOf(Revision{Duty: Duty{State: Approved}, Entry: e, Submitted: MustPeriod(c.sent).Time()}, Meaning{}, time.UTC)
		}
		if got := grades(s.Check(e)); got != c.want {
			t.Errorf("Check(%s) sent on %q = %q, want %q", c.entry, c.sent, got, c.want)
		}
		// Typed over, it is being entered again.
		if s.Sent != nil && c.want != "" {
			e.Reason = "another"
			if got := grades(s.Check(e)); got != "E until_past" {
				t.Errorf("Check(%s) typed over = %q", c.entry, got)
			}
		}
	}
	for state, sent := range map[State]bool{NotBegun: false, Draft: false, Submitted: true, Endorsed: true, Approved: true, Returned: false, Withdrawn: false, Published: false} {
		if got := SentOf(Revision{Duty: Duty{State: state}}, Meaning{}, time.UTC) != nil; got != sent {
			t.Errorf("in %q the entry is sent: %v", state, got)
		}
	}
}

// grades is findings as grades and rules.
func grades(findings []Finding) string {
	var out []string
	for _, f := range findings {
		grade := map[Grade]string{ErrorGrade: "E", WarningGrade: "W"}[f.Grade]
		if f.Settled {
			grade = "w"
		}
		out = append(out, fmt.Sprint(grade, " ", f.Rule))
	}
	return strings.Join(out, ", ")
}

// Each part of what a number means is told when it changes, with both sides; what
// only prints it otherwise is not.
func TestMeaningChanges(t *testing.T) {
	l := zhengzhou(t)
	for _, c := range []struct {
		ind, entry string
		change     func(*Indicator)
		want       string
	}{
		{"libraries", "value=13", func(i *Indicator) { i.Unit = "万个" }, "unit_changed [{个 } {万个 }]"},
		{"libraries", "value=13", func(i *Indicator) { i.Measure = Flow }, "measure_changed [stock flow]"},
		{"childcare", "numerator=17120 denominator=12617000", func(i *Indicator) { i.Per = MustNumber("10000") }, "per_changed [1000 10000]"},
		{"childcare", "numerator=17120 denominator=12617000", func(i *Indicator) { i.Per = Number{} }, "per_changed [1000 ]"},
		{"libraries", "value=13", func(i *Indicator) { i.Unit, i.Measure = "次", Flow }, "unit_changed [{个 } {次 }], measure_changed [stock flow]"},
		{"libraries", "value=13", func(i *Indicator) {
			n := 2
			i.Decimals, i.Name, i.Definition, i.UnitEn, i.Direction = &n, "x", "y", "z", Lower
		}, ""},
		{"childcare", "numerator=17120 denominator=12617000", func(i *Indicator) { i.Per = MustNumber("1000.0") }, ""},
		{"libraries", "answer=none reason=x", func(i *Indicator) { i.Unit = "万个" }, ""},
		{"libraries", "answer=none reason=x", func(i *Indicator) { i.Measure = Flow }, ""},
	} {
		ind := *l.Indicator(Code(c.ind))
		ind.UnitEn = ""
		e := entry(t, c.entry)
		was := l.MeaningOf(&ind, e, MustPeriod("2024-03-01"))
		c.change(&ind)
		now := l.MeaningOf(&ind, e, MustPeriod("2024-03-01"))
		now.Unit.En = ""
		var got []string
		for _, f := range was.changed(now) {
			if f.Grade != WarningGrade || f.Settled {
				t.Errorf("%s: %+v", c.ind, f)
			}
			got = append(got, fmt.Sprint(f.Rule, " ", f.Args))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, want %q", c.ind, got, c.want)
		}
	}
	// What was sent before meanings were kept says nothing.
	if got := (Meaning{}).changed(l.MeaningOf(l.Indicator("libraries"), entry(t, "value=13"), MustPeriod("2024-03-01"))); got != nil {
		t.Errorf("an unknown meaning has changed: %v", got)
	}
}

// The basis of a number is what its targets ask for where none is stated, so that
// a target in another basis changes it.
func TestMeaningOfABasis(t *testing.T) {
	l := zhengzhou(t)
	ind := l.Indicator("libraries")
	silent, stated := entry(t, "value=13"), entry(t, "value=13 basis=level")
	was, said := l.MeaningOf(ind, silent, MustPeriod("2024-03-01")), l.MeaningOf(ind, stated, MustPeriod("2024-03-01"))
	targets := append([]Target(nil), l.Targets...)
	for i := range targets {
		if targets[i].Indicator == ind.Code {
			targets[i].Basis = Added
		}
	}
	next := NewLibrary(&Package{Plan: l.Plan, Areas: l.Areas, Organisations: l.Organisations, Indicators: l.Indicators, Targets: targets})
	if got := was.changed(next.MeaningOf(ind, silent, MustPeriod("2024-03-01"))); len(got) != 1 || got[0].Rule != "basis_changed" || got[0].Field != BasisField {
		t.Errorf("a basis not stated: %v", got)
	}
	if got := said.changed(next.MeaningOf(ind, stated, MustPeriod("2024-03-01"))); got != nil {
		t.Errorf("a basis stated: %v", got)
	}
}

// A figure that becomes public of the same year after an entry was sent keeps
// nothing from being released, but is told.
func TestCheckOfWhatBecamePublicMeanwhile(t *testing.T) {
	l := zhengzhou(t)
	for _, c := range []struct {
		entry, public string
		sent          bool
		want          string
	}{
		{"value=13", "libraries 2023 12", false, "E correction_empty"},
		{"value=13", "libraries 2023 12", true, "W public_meanwhile"},
		{"value=13", "libraries 2023 13", true, ""},
		{"value=13", "", true, ""},
		{"value=13 correction=x", "libraries 2023 12", true, ""},
	} {
		s := sight(t, l, "libraries", "city", 2023, c.public)
		e := entry(t, c.entry)
		if c.sent {
			s.Sent = SentOf(Revision{Duty: Duty{State: Approved}, Entry: e, Submitted: MustPeriod("2024-02-10").Time()}, Meaning{}, time.UTC)
		}
		if got := grades(s.Check(e)); got != c.want {
			t.Errorf("Check(%s) beside %q, sent %t = %q, want %q", c.entry, c.public, c.sent, got, c.want)
		}
	}
}

// The basis that goes without saying is that of a target in force: neither of one
// that has ended, nor of one that is still to come.
func TestTheUsualBasis(t *testing.T) {
	l := zhengzhou(t)
	l.Plan.Issued = MustPeriod("2022-04-12")
	changed := func(from string) *Library {
		var targets []Target
		for _, x := range l.TargetsOf("libraries") {
			next := x
			next.Basis, next.From = Added, MustPeriod(from)
			x.Until = DateOf(next.From.Time().AddDate(0, 0, -1))
			targets = append(targets, x, next)
		}
		return NewLibrary(&Package{Plan: l.Plan, Areas: l.Areas, Organisations: l.Organisations, Indicators: l.Indicators, Targets: targets})
	}
	for _, c := range []struct {
		from string // the day from which the targets are in the year's increase
		day  string
		want Basis
	}{
		{"2024-02-01", "2024-01-31", Level},
		{"2024-02-01", "2024-02-01", Added},
		{"2024-02-01", "2024-03-01", Added},
		{"2024-09-01", "2024-03-01", Level}, // announced, and not yet in force
	} {
		next, day := changed(c.from), MustPeriod(c.day)
		ind := next.Indicator("libraries")
		if got := next.BasesOf(ind, day); got[0] != c.want || len(got) != 2 {
			t.Errorf("changed from %s, on %s the bases are %v, want %s first of both", c.from, c.day, got, c.want)
		}
		if got := next.Fill(ind, entry(t, "value=13"), day).Basis; got != c.want {
			t.Errorf("changed from %s, a number of %s states %s, want %s", c.from, c.day, got, c.want)
		}
		if got := next.Observation(ind, "city", 2023, entry(t, "value=13"), day).Basis; got != c.want {
			t.Errorf("changed from %s, it is published on %s as %q, want %s", c.from, c.day, got, c.want)
		}
		if got := next.Fill(ind, entry(t, "value=13 basis=level"), day).Basis; got != Level {
			t.Errorf("what is stated stays: %s", got)
		}
	}
}
