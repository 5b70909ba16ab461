package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
)

// send submits figures of a kind that pass every check, at most n of them, and
// lists their duties.
func (d *desk) send(n int, value string, want func(*indicators.Indicator, bool) bool) (out []indicators.Revision) {
	d.t.Helper()
	ctx := context.Background()
	var units []indicators.Code
	for code := range d.people {
		units = append(units, code)
	}
	slices.Sort(units)
	for _, code := range units {
		_, list, err := d.store.WorkList(ctx, d.people[code].Actor(""), d.round)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, r := range list {
			if len(out) == n {
				return out
			}
			i := d.l.Indicator(r.Indicator)
			if r.State != indicators.NotBegun || !want(i, d.l.DistrictFigure(r.Area)) {
				continue
			}
			out = append(out, d.submit(d.people[code].Actor(""), r.Duty, value))
		}
	}
	if len(out) < n {
		d.t.Fatalf("the plan has %d such figures, want %d", len(out), n)
	}
	return out
}

func (d *desk) submit(a indicators.Actor, duty indicators.Duty, value string) indicators.Revision {
	d.t.Helper()
	saved, err := d.store.Submit(context.Background(), a, d.clock(), indicators.Saving{Duty: duty.ID, Version: duty.Version, Edits: []indicators.Edit{
		{Field: indicators.ValueField, Text: value}, {Field: indicators.SourceField, Text: "statistics"}, {Field: indicators.NoteField, Text: "as <b>counted</b>"},
		{Field: indicators.ExplanationField, Text: "why"}, {Field: indicators.NextField, Text: "next"},
	}})
	if err != nil || saved[0].Err != nil {
		d.t.Fatalf("%s of %s: %v, %v, %+v", duty.Indicator, duty.Organisation, err, saved[0].Err, saved[0].Findings)
	}
	return saved[0].Revision
}

// counts are plain counts of a department.
func counts(i *indicators.Indicator, district bool) bool {
	return i.Measure == indicators.Stock && !district && i.Scope == indicators.City && i.Unit != "%" && i.Decimals != nil && *i.Decimals == 0 && i.Nature != "local"
}

func districts(i *indicators.Indicator, district bool) bool {
	return district && i.Measure == indicators.Stock
}

func boxes(list ...indicators.Revision) (out []string) {
	for _, r := range list {
		out = append(out, box(r.ID, r.Version))
	}
	return out
}

func TestQueue(t *testing.T) {
	d := mustOpen(t)
	doc := d.doc(d.do(get, "/review", d.office, nil))
	if doc.Find("form.queue").Length() != 0 || doc.Find(".sentence").Text() == "" {
		t.Error("the empty queue is not a sentence")
	}
	sent := d.send(3, "3", counts)
	w := d.do(get, "/review?round=1", d.office, nil)
	d.mustStatus(w, http.StatusOK)
	doc = d.doc(w)
	if doc.Find(".reviews > li").Length() != 3 || doc.Find(`input[name=pick]`).Length() != 3 {
		t.Fatalf("%d rows, want 3: %s", doc.Find(".reviews > li").Length(), doc.Find("main").Text())
	}
	if strings.Contains(w.Body.String(), "as <b>counted") {
		t.Error("a note is printed as markup")
	}
	// What flips a status stands before what does not.
	seen := false
	list, _, err := d.store.Queue(context.Background(), d.head.Actor(""), 1, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	doc.Find(".reviews > li").Each(func(n int, li *goquery.Selection) {
		flip := li.Find(".flip").Length() > 0
		if flip && seen {
			t.Error("a flip stands behind what flips nothing")
		}
		seen = seen || !flip
		if got := li.Find("a").First().AttrOr("href", ""); got != fmt.Sprintf("/review/%d", list[n].ID) {
			t.Errorf("row %d leads to %s", n, got)
		}
	})
	d.mustStatus(d.do(get, "/review?round=7", d.office, nil), http.StatusNotFound)

	// Nothing chosen, no reason: said in words, nothing done.
	d.mustStatus(d.do(post, "/review/approve", d.office, url.Values{}), http.StatusUnprocessableEntity)
	d.mustStatus(d.do(post, "/review/return", d.office, url.Values{"pick": boxes(sent...)}), http.StatusUnprocessableEntity)
	w = d.do(post, "/review/approve", d.office, url.Values{"pick": boxes(sent[:2]...), "round": {"1"}})
	d.mustStatus(w, http.StatusSeeOther)
	doc = d.doc(d.do(get, w.Header().Get("Location"), d.office, nil))
	if !strings.Contains(doc.Find(".told").Text(), "2") || doc.Find(".reviews > li").Length() != 1 {
		t.Errorf("after the approval: %s", doc.Find("main").Text())
	}
	w = d.do(post, "/review/return", d.office, url.Values{"pick": boxes(sent[2]), "reason": {"resident population, please"}})
	d.mustStatus(w, http.StatusSeeOther)
	view, err := d.store.Figure(context.Background(), d.head.Actor(""), d.clock(), sent[2].ID)
	if err != nil || view.Revision.State != indicators.Returned || view.Revision.Refusal != "resident population, please" {
		t.Errorf("the returned figure is %+v, %v", view.Revision, err)
	}
	for _, r := range sent[:2] {
		view, err := d.store.Figure(context.Background(), d.head.Actor(""), d.clock(), r.ID)
		if err != nil || view.Revision.State != indicators.Approved {
			t.Errorf("the approved figure is %+v, %v", view.Revision, err)
		}
	}
}

// Nobody passes what they entered, whatever else they are; one by one and in
// bulk. The page shows it locked, and says why.
func TestOwnEntryIsLocked(t *testing.T) {
	d := mustOpen(t)
	sent := d.send(1, "3", counts)[0]
	d.mustPerson("both", indicators.Grant{Role: indicators.OfficeMember}, indicators.Grant{Role: indicators.Contributor, Organisation: sent.Organisation})
	both := d.mustSession("both")
	c, err := d.store.Credentials(context.Background(), "both")
	if err != nil {
		t.Fatal(err)
	}
	own := d.send(2, "3", counts) // two of others, of which one is entered anew by our own
	returned, err := d.store.Return(context.Background(), d.head.Actor(""), now, "again", indicators.Pick{Duty: sent.ID, Version: sent.Version})
	if err != nil || returned[0].Err != nil {
		t.Fatal(err, returned)
	}
	mine := d.submit(c.Actor(""), returned[0].Revision.Duty, "4")

	doc := d.doc(d.do(get, "/review", both, nil))
	row := doc.Find(".is-own")
	if row.Length() != 1 || row.Find("input").Length() != 0 || !strings.Contains(row.Text(), "须由他人审核") {
		t.Errorf("the own entry reads %q", row.Text())
	}
	doc = d.doc(d.do(get, fmt.Sprintf("/review/%d", mine.ID), both, nil))
	if doc.Find(`[formaction="/review/approve"]`).Length() != 0 || !strings.Contains(doc.Find(".refusal").Text(), "须由他人审核") {
		t.Error("the pane offers to approve one's own entry, or does not say why not")
	}
	w := d.do(post, "/review/approve", both, url.Values{"pick": boxes(mine)})
	d.mustStatus(w, http.StatusForbidden)
	w = d.do(post, "/review/approve", both, url.Values{"pick": boxes(mine, own[0])})
	d.mustStatus(w, http.StatusForbidden)
	if doc := d.doc(w); doc.Find(".cards > li").Length() != 1 {
		t.Errorf("the refusals read %q", doc.Find("main").Text())
	}
	for id, want := range map[int64]indicators.State{mine.ID: indicators.Submitted, own[0].ID: indicators.Approved} {
		if view, err := d.store.Figure(context.Background(), d.head.Actor(""), now, id); err != nil || view.Revision.State != want {
			t.Errorf("figure %d is %s, want %s, %v", id, view.Revision.State, want, err)
		}
	}
}

// Who endorsed for the lead department does not pass the same figure for the
// office: locked and told like one's own, one by one and in bulk.
func TestOwnEndorsementIsLocked(t *testing.T) {
	d := mustOpen(t)
	r := d.send(1, "3", districts)[0]
	lead := d.l.LeadsOf(d.l.Indicator(r.Indicator))[0]
	two := d.mustPerson("two", indicators.Grant{Role: indicators.OfficeMember}, indicators.Grant{Role: indicators.Reviewer, Organisation: lead})
	me := d.mustSession("two")
	endorsed, err := d.store.Endorse(context.Background(), two.Actor(""), now, indicators.Pick{Duty: r.ID, Version: r.Version})
	if err != nil || endorsed[0].Err != nil {
		t.Fatal(err, endorsed)
	}
	r = endorsed[0].Revision
	row := d.doc(d.do(get, "/review", me, nil)).Find(".is-own")
	if row.Length() != 1 || row.Find("input").Length() != 0 || !strings.Contains(row.Text(), "您已代牵头部门同意") {
		t.Errorf("the row reads %q", row.Text())
	}
	doc := d.doc(d.do(get, fmt.Sprintf("/review/%d", r.ID), me, nil))
	if doc.Find(`[formaction="/review/approve"]`).Length() != 0 || !strings.Contains(doc.Find(".refusal").Text(), "您已代牵头部门同意") {
		t.Error("the pane offers to approve what one endorsed, or does not say why not")
	}
	other := d.send(1, "3", counts)[0]
	w := d.do(post, "/review/approve", me, url.Values{"pick": boxes(r, other)})
	d.mustStatus(w, http.StatusForbidden)
	if card := d.doc(w).Find(".cards > li"); card.Length() != 1 || !strings.Contains(card.Text(), "您已代牵头部门同意") {
		t.Errorf("the refusal reads %q", card.Text())
	}
	for id, want := range map[int64]indicators.State{r.ID: indicators.Endorsed, other.ID: indicators.Approved} {
		if view, err := d.store.Figure(context.Background(), d.head.Actor(""), now, id); err != nil || view.Revision.State != want {
			t.Errorf("figure %d is %s, want %s, %v", id, view.Revision.State, want, err)
		}
	}
}

// A district's figure goes through the lead department; another lead's reviewer
// meets what an unknown id answers.
func TestDistrictFigureIsEndorsedFirst(t *testing.T) {
	d := mustOpen(t)
	r := d.send(1, "3", districts)[0]
	leads := d.l.LeadsOf(d.l.Indicator(r.Indicator))
	var other indicators.Code
	for _, o := range d.l.Organisations {
		if !leads.Contains(o.Code) && o.Kind != indicators.Collective && o.Kind != indicators.District {
			other = o.Code
			break
		}
	}
	d.mustPerson("lead", indicators.Grant{Role: indicators.Reviewer, Organisation: leads[0]})
	d.mustPerson("stranger", indicators.Grant{Role: indicators.Reviewer, Organisation: other})
	lead, stranger := d.mustSession("lead"), d.mustSession("stranger")
	path := fmt.Sprintf("/review/%d", r.ID)
	a, b := d.do(get, path, stranger, nil), d.do(get, "/review/999999", stranger, nil)
	d.mustStatus(a, http.StatusNotFound)
	d.mustStatus(b, http.StatusNotFound)
	if strings.Contains(a.Body.String(), d.l.Indicator(r.Indicator).Name) {
		t.Error("the answer tells of another's figure")
	}
	w := d.do(post, "/review/endorse", stranger, url.Values{"pick": boxes(r)})
	d.mustStatus(w, http.StatusNotFound)
	if strings.Contains(w.Body.String(), d.l.Indicator(r.Indicator).Name) {
		t.Error("the refusal tells of another's figure")
	}
	d.mustStatus(d.do(post, "/review/approve", d.office, url.Values{"pick": boxes(r)}), http.StatusConflict)
	doc := d.doc(d.do(get, "/review", lead, nil))
	if doc.Find(".reviews > li").Length() != 1 || doc.Find(`[formaction="/review/approve"]`).Length() != 0 {
		t.Errorf("the lead's queue reads %q", doc.Find("main").Text())
	}
	doc = d.doc(d.do(get, path, lead, nil))
	if doc.Find(`[formaction="/review/endorse"]`).Length() != 1 || doc.Find(".compare dt").Length() < 2 {
		t.Errorf("the pane reads %q", doc.Find("main").Text())
	}
	// Who sent it can take it back no more.
	out, err := d.store.Withdraw(context.Background(), d.people[r.Organisation].Actor(""), now, indicators.Pick{Duty: r.ID, Version: r.Version})
	if err != nil || out[0].Err == nil {
		t.Errorf("taken back after the reviewer had opened it: %+v, %v", out, err)
	}
	d.mustStatus(d.do(post, "/review/endorse", lead, url.Values{"pick": boxes(r), "back": {"pane"}}), http.StatusSeeOther)
	doc = d.doc(d.do(get, path, d.office, nil))
	if doc.Find(`[formaction="/review/approve"]`).Length() != 1 || doc.Find(".trail li").Length() < 2 {
		t.Errorf("the office's pane reads %q", doc.Find("main").Text())
	}
	w = d.do(post, "/review/return", d.office, url.Values{"pick": {doc.Find("input[name=pick]").AttrOr("value", "")}, "back": {"pane"}})
	d.mustStatus(w, http.StatusUnprocessableEntity)
	if d.doc(w).Find("#reason-problem").Length() != 1 {
		t.Error("a return without a reason is not refused at its field")
	}
}

// A figure that changed after it was seen is not passed: the page shows both
// values, and takes it as it stands on the next click.
func TestReviewOfAChangedFigure(t *testing.T) {
	d := mustOpen(t)
	seen := d.send(1, "3", counts)[0]
	unit := d.people[seen.Organisation].Actor("")
	back, err := d.store.Withdraw(context.Background(), unit, now, indicators.Pick{Duty: seen.ID, Version: seen.Version})
	if err != nil || back[0].Err != nil {
		t.Fatal(err, back)
	}
	d.submit(unit, back[0].Revision.Duty, "1234")
	for act, form := range map[string]url.Values{"return": {"reason": {"look again"}}, "approve": {}} {
		form["pick"] = boxes(seen)
		w := d.do(post, "/review/"+act, d.office, form)
		d.mustStatus(w, http.StatusConflict)
		doc := d.doc(w)
		text := doc.Find(".cards").Text()
		if !strings.Contains(text, "3") || !strings.Contains(text, "1234") && !strings.Contains(text, "1,234") || !strings.Contains(text, unit.Person) {
			t.Errorf("%s: the conflict reads %q", act, text)
		}
		if act == "return" && doc.Find("#reason").Text() != "look again" {
			t.Error("the reason typed is lost")
		}
		if act == "approve" {
			form["pick"] = []string{doc.Find("input[name=pick]").AttrOr("value", "")}
			d.mustStatus(d.do(post, "/review/approve", d.office, form), http.StatusSeeOther)
		}
	}
}

func TestReopening(t *testing.T) {
	d := mustOpen(t)
	r := d.send(1, "3", counts)[0]
	path := fmt.Sprintf("/review/%d", r.ID)
	if doc := d.doc(d.do(get, path, d.office, nil)); doc.Find("#reopen").Length() != 0 {
		t.Error("an open round offers to reopen")
	}
	d.wait(100 * 24 * 3600e9)
	d.office = d.mustAgain("head")
	if doc := d.doc(d.do(get, path, d.office, nil)); doc.Find("#reopen").Length() != 1 {
		t.Error("a locked round does not offer to reopen")
	}
	for _, bad := range []url.Values{{"until": {"2020-01-01"}, "why": {"x"}}, {"until": {"soon"}, "why": {"x"}}, {"until": {"2026-12-01"}, "why": {" "}}} {
		w := d.do(post, path+"/reopen", d.office, bad)
		d.mustStatus(w, http.StatusUnprocessableEntity)
		if doc := d.doc(w); doc.Find("#reopen .problem").Length() != 1 || doc.Find("#until").AttrOr("value", "") != bad.Get("until") {
			t.Errorf("%v: not refused at its field", bad)
		}
	}
	d.mustStatus(d.do(post, path+"/reopen", d.office, url.Values{"until": {"2026-12-01"}, "why": {"the census"}}), http.StatusSeeOther)
	view, err := d.store.Figure(context.Background(), d.head.Actor(""), d.clock(), r.ID)
	if err != nil || !view.Open {
		t.Errorf("the figure is not open, %v", err)
	}
	d.mustStatus(d.do(post, "/review/999999/reopen", d.office, url.Values{"until": {"2026-12-01"}, "why": {"x"}}), http.StatusNotFound)
}

// More figures than are decided at once are told in words, and none of them
// moves; a reason that was typed stands in the page.
func TestTooManyPicks(t *testing.T) {
	d := mustOpen(t)
	sent := d.send(1, "3", counts)[0]
	many := boxes(sent)
	for n := range indicators.MostPicks {
		many = append(many, box(int64(1000+n), 1))
	}
	for _, act := range []string{"approve", "endorse", "return"} {
		w := d.do(post, "/review/"+act, d.office, url.Values{"pick": many, "reason": {"look again"}})
		if act == "endorse" {
			d.mustStatus(w, http.StatusForbidden) // the office endorses nothing
			continue
		}
		d.mustStatus(w, http.StatusRequestEntityTooLarge)
		doc := d.doc(w)
		if text := doc.Find("main").Text(); !strings.Contains(text, "500") || !strings.Contains(text, "501") || doc.Find(".cards > li").Length() != 0 {
			t.Errorf("%s: %q", act, text)
		}
		if act == "return" && doc.Find("#reason").Text() != "look again" {
			t.Error("the reason is lost")
		}
	}
	if view, err := d.store.Figure(context.Background(), d.head.Actor(""), now, sent.ID); err != nil || view.Revision.State != indicators.Submitted {
		t.Errorf("it is %v, %v", view.Revision.State, err)
	}
	d.mustStatus(d.do(post, "/review/approve", d.office, url.Values{"pick": many[:1]}), http.StatusSeeOther)
}

// A year whose figure is public already, from a package, is entered and reviewed
// beside that figure; another number says why.
func TestReviewOfAYearThatIsPublic(t *testing.T) {
	var figure indicators.Code
	d := mustDeskIn(mustHouseOf(t, func(p *indicators.Package) {
		at := slices.IndexFunc(p.Indicators, func(i indicators.Indicator) bool {
			return counts(&i, false) && !slices.ContainsFunc(p.Targets, func(t indicators.Target) bool {
				return t.Indicator == i.Code && t.Basis != "" && t.Basis != indicators.Level
			})
		})
		i := p.Indicators[at]
		figure = i.Code
		city := p.Areas[slices.IndexFunc(p.Areas, func(a indicators.Area) bool { return a.Level == indicators.CityLevel })].Code
		o := indicators.Observation{
			Subject: figure, Area: city, Period: indicators.YearOf(now.Year() - 1), Kind: indicators.Result, Value: indicators.MustNumber("4321"),
			Published: indicators.DateOf(now.AddDate(0, 0, -7)), Source: "bulletin", Confidence: "A",
		}
		p.Observations = append(slices.DeleteFunc(p.Observations, func(x indicators.Observation) bool {
			return x.Subject == figure && x.Period.Year == now.Year()-1
		}), o)
		slices.SortFunc(p.Observations, indicators.CompareObservations)
	}))
	ctx := context.Background()
	round, err := d.store.OpenRound(ctx, d.head.Actor(""), now, indicators.Round{Year: d.year, Due: d.day(3, 31), OnTime: d.day(4, 5), Locked: d.day(5, 1), Note: "note"})
	if err != nil {
		t.Fatal(err)
	}
	var duty indicators.Revision
	var unit indicators.Account
	for code := range d.people {
		_, list, err := d.store.WorkList(ctx, d.people[code].Actor(""), round)
		if err != nil {
			t.Fatal(err)
		}
		if n := slices.IndexFunc(list, func(r indicators.Revision) bool { return r.Indicator == figure && !d.l.DistrictFigure(r.Area) }); n >= 0 {
			duty, unit = list[n], d.people[code]
		}
	}
	secret, path := d.mustSession(unit.Name), fmt.Sprintf("/work/%d", duty.ID)
	doc := d.doc(d.do(get, path, secret, nil))
	if got := text(doc.Find("dl.facts")); !strings.Contains(got, "现在公开的4321") {
		t.Errorf("the form does not say what is public of the year: %s", got)
	}
	form := filled(doc, "value", "4000", "source", "statistics", "note", "counted", "do", "submit")
	d.mustStatus(d.do(post, path, secret, form), http.StatusUnprocessableEntity)
	form.Set("correction", "counted twice")
	form.Set("explanation", "why")
	form.Set("next", "next")
	w := d.do(post, path, secret, form)
	d.mustStatus(w, http.StatusSeeOther)
	for _, at := range []string{"/review", fmt.Sprintf("/review/%d", duty.ID)} {
		if got := text(d.doc(d.do(get, at, d.office, nil)).Find("main")); !strings.Contains(got, "现在公开的") || !strings.Contains(got, "4321") {
			t.Errorf("%s does not say what is public of the year: %s", at, got)
		}
	}
}

// A district's figure that the office would approve before its lead department
// is refused by its cause.
func TestApprovalBeforeTheLead(t *testing.T) {
	d := mustOpen(t)
	sent := d.send(1, "3", districts)
	for _, form := range []url.Values{{"pick": boxes(sent...)}, {"pick": boxes(sent...), "back": {"/review"}}} {
		w := d.do(post, "/review/approve", d.office, form)
		d.mustStatus(w, http.StatusConflict)
		if got := d.doc(w).Find("main").Text(); !strings.Contains(got, "还在等牵头单位审核") || strings.Contains(got, "已经进入下一步") {
			t.Errorf("the refusal reads %s", got)
		}
	}
	// What has been returned meanwhile is told as before.
	if _, err := d.store.Return(context.Background(), d.head.Actor(""), d.clock(), "no", indicators.Pick{Duty: sent[0].ID, Version: sent[0].Version}); err != nil {
		t.Fatal(err)
	}
	w := d.do(post, "/review/approve", d.office, url.Values{"pick": {box(sent[0].ID, d.version(sent[0].ID))}})
	d.mustStatus(w, http.StatusConflict)
	if got := d.doc(w).Find("main").Text(); strings.Contains(got, "还在等牵头单位审核") {
		t.Errorf("what was returned waits for nobody: %s", got)
	}
}
