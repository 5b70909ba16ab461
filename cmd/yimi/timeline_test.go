package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"yimi/indicators"
	"yimi/server/words"
)

// TestTimelines holds that every project has its row, its bar for a phone and
// its card, and every document its card, saying one and the same.
func TestTimelines(t *testing.T) {
	for name, path := range plans {
		s := serve(t, path)
		doc := s.doc(t, "/projects")
		rows, ticks := doc.Find(".works .work-line svg[role=img]"), doc.Find(".card .only-phone svg[role=img]")
		if rows.Length() != len(s.pkg.Projects) || ticks.Length() != len(s.pkg.Projects) {
			t.Errorf("%s: %d rows and %d bars for %d projects", name, rows.Length(), ticks.Length(), len(s.pkg.Projects))
		}
		for i, w := range s.pkg.Projects {
			label := rows.Eq(i).AttrOr("aria-label", "")
			if !strings.HasPrefix(label, w.Name+"：") || label != ticks.Eq(i).AttrOr("aria-label", "") {
				t.Errorf("%s: the row of project %s says %q, the bar %q", name, w.Number, label, ticks.Eq(i).AttrOr("aria-label", ""))
			}
			card := doc.Find("#project-" + string(w.Number))
			for _, want := range []string{words.Zh.Date(w.Due), words.Zh.Money(w.InvestmentWan)} {
				if !strings.Contains(card.Text(), want) {
					t.Errorf("%s: the card of project %s has no %s", name, w.Number, want)
				}
			}
			silent := words.Zh.T("projects.no_progress")
			if strings.Contains(label, silent) != (card.Find("dd .unknown").Length() > 0) {
				t.Errorf("%s: row and card of project %s differ on whether anything is known: %q", name, w.Number, label)
			}
		}
		doc = s.doc(t, "/policies")
		said := doc.Find(".strip svg[role=img]").AttrOr("aria-label", "")
		for _, d := range s.pkg.Policies {
			if d.Stage != indicators.Issued && !d.Due.IsZero() && !strings.Contains(said, words.Zh.T("timeline.document", d.Number, words.Zh.Date(d.Due))) {
				t.Errorf("%s: the strip does not say when document %s was promised: %s", name, d.Number, said)
			}
		}
	}
}

// TestNothingIsDoneBeforeItIsKnown reads projects and documents the day before
// each of their acts was published, and on that day.
func TestNothingIsDoneBeforeItIsKnown(t *testing.T) {
	checked := 0
	for name, path := range plans {
		s := serve(t, path)
		deliverable := map[indicators.Code]bool{}
		for _, i := range s.pkg.Indicators {
			deliverable[i.Code] = i.Measure == indicators.Deliverable
		}
		owners := func(c indicators.Code) (out []string) {
			for _, w := range s.pkg.Projects {
				if slices.Contains(w.Indicators, c) {
					out = append(out, "/projects?#project-"+string(w.Number))
				}
			}
			for _, d := range s.pkg.Policies {
				if slices.Contains(d.Indicators, c) {
					out = append(out, "/policies?#policy-"+string(d.Number))
				}
			}
			return out
		}
		for _, o := range s.pkg.Observations {
			if !deliverable[o.Subject] || !o.Value.Present() || o.Value.Decimal().IsZero() {
				continue
			}
			known := o.KnownOn(s.pkg.Plan)
			before := indicators.DateOf(known.Time().AddDate(0, 0, -1))
			for _, place := range owners(o.Subject) {
				checked++
				page, card, _ := strings.Cut(place, "#")
				act := words.Zh.T("deliverable.done_on", words.Zh.Date(o.Period))
				for _, c := range []struct {
					day  indicators.Period
					done bool
				}{{before, false}, {known, true}} {
					doc := s.doc(t, page+"asof="+c.day.String())
					if got := strings.Contains(doc.Find("#"+card).Text(), act); got != c.done {
						t.Errorf("%s: %s as of %s says %q: %v, want %v", name, place, c.day, act, got, c.done)
					}
					if body, _ := doc.Find("main").Html(); !c.done && (strings.Contains(body, act) || strings.Contains(body, o.Period.String())) {
						t.Errorf("%s: %s as of %s tells of %s", name, page, c.day, o.Period)
					}
				}
			}
		}
	}
	if checked < 5 {
		t.Errorf("checked %d acts, too few to be true", checked)
	}
}

// TestNumbersOfDocumentsAreNoNewsFromTheFuture holds that the number of a
// document is read from the day on which it is known to be issued.
func TestNumbersOfDocumentsAreNoNewsFromTheFuture(t *testing.T) {
	checked := 0
	for name, path := range plans {
		s := serve(t, path)
		issued := map[indicators.Code]indicators.Period{}
		for _, o := range s.pkg.Observations {
			if o.Value.Present() && !o.Value.Decimal().IsZero() {
				issued[o.Subject] = o.KnownOn(s.pkg.Plan)
			}
		}
		for _, d := range s.pkg.Policies {
			if d.DocumentNo == "" {
				continue
			}
			known := d.Due.End()
			switch {
			case d.Stage == indicators.Issued && d.Due.IsZero():
				known = s.pkg.Plan.Issued
			case d.Stage != indicators.Issued:
				known = issued[d.Indicators[0]]
			}
			checked++
			for days, want := range map[int]bool{-1: false, 0: true} {
				asOf := indicators.DateOf(known.Time().AddDate(0, 0, days)).String()
				body, _ := s.get(t, "/policies?asof="+asOf, http.StatusOK)
				if got := strings.Contains(body, d.DocumentNo); got != want {
					t.Errorf("%s: document %s as of %s shows its number: %v, want %v", name, d.Number, asOf, got, want)
				}
			}
		}
	}
	if checked < 5 {
		t.Errorf("checked %d numbers, too few to be true", checked)
	}
}

// TestOnePartIsNotTheWhole holds that a project is not told as done because
// one of its measures is.
func TestOnePartIsNotTheWhole(t *testing.T) {
	s := serve(t, plans["another city"])
	doc := s.doc(t, "/projects")
	card := doc.Find("#project-2")
	label := doc.Find(".works .work-line svg").Eq(1).AttrOr("aria-label", "")
	if !strings.Contains(card.Text(), "骑行网规划：2026年1月15日完成") || strings.Contains(label, "完成") {
		t.Errorf("a plan that is issued makes a cycle way: %s", label)
	}
}
