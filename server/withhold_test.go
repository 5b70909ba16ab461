package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yimi/indicators"
)

// published publishes n figures.
func (d *desk) published(n int, value string) []indicators.Revision {
	d.t.Helper()
	sent := d.approved(n, value)
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(1)), http.StatusSeeOther)
	return sent
}

func TestTakingOneFigureBack(t *testing.T) {
	d := mustOpen(t)
	sent := d.published(2, "3")
	at := "/indicators/" + string(sent[0].Indicator)
	link := fmt.Sprintf(`a[href^="%s/withhold?"]`, at)
	if d.doc(d.do(get, at, "", nil)).Find(".figure-acts").Length() != 0 {
		t.Error("the public page offers what only the office may")
	}
	if d.doc(d.do(get, at+"?release=2", d.office, nil)).Find(link).Length()+d.doc(d.do(get, at+"?asof=2026-02-28", d.office, nil)).Find(link).Length() != 0 {
		t.Error("a figure of an earlier day is offered for taking back")
	}
	if d.doc(d.do(get, "/releases/2", d.office, nil)).Find(link).Length() != 1 {
		t.Error("the release does not lead to taking its figure back")
	}
	to := d.doc(d.do(get, at, d.office, nil)).Find(link).Last().AttrOr("href", "")
	w := d.do(get, to, d.office, nil)
	d.mustStatus(w, http.StatusOK)
	form := filled(d.doc(w))
	for name, bad := range map[string]string{"period": "1999", "area": "nowhere", "published": "never", "basis": "cumulative", "vintage": "x"} {
		u, err := url.Parse(to)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set(name, bad)
		d.mustStatus(d.do(get, at+"/withhold?"+q.Encode(), d.office, nil), http.StatusNotFound)
	}
	w = d.do(post, at+"/withhold", d.office, form)
	d.mustStatus(w, http.StatusUnprocessableEntity)
	if doc := d.doc(w); doc.Find("#reason-problem").Length() != 1 || !strings.Contains(doc.Find("main").Text(), "3") {
		t.Errorf("without a reason: %q", doc.Find("main").Text())
	}

	// A correction that the unit has begun goes on.
	by := d.people[sent[0].Organisation].Actor("")
	saved, err := d.store.Save(context.Background(), by, d.clock(), indicators.Saving{Duty: sent[0].ID, Version: d.version(sent[0].ID), Edits: []indicators.Edit{
		{Field: indicators.ValueField, Text: "4"}, {Field: indicators.CorrectionField, Text: "one more"},
	}})
	if err != nil || saved[0].Err != nil {
		t.Fatal(err, saved)
	}
	form.Set("reason", "counted <i>twice</i>")
	w = d.do(post, at+"/withhold", d.office, form)
	d.mustStatus(w, http.StatusSeeOther)
	doc := d.doc(d.do(get, w.Header().Get("Location"), d.office, nil))
	if doc.Find(`form[action$="/drop"]`).Length() != 1 || !strings.Contains(doc.Find("main").Text(), "counted <i>twice</i>") || doc.Find(".told").Length() != 1 {
		t.Fatalf("the check before publishing reads %q", doc.Find("main").Text())
	}
	form.Set("reason", "counted <i>three times</i>")
	w = d.do(post, at+"/withhold", d.office, form)
	d.mustStatus(w, http.StatusConflict)
	if d.doc(w).Find("#reason").Text() != "counted <i>three times</i>" {
		t.Error("what was typed is lost")
	}
	form.Set("reason", "counted <i>twice</i>")
	// Dropped, and prepared again.
	d.mustStatus(d.do(post, doc.Find(`form[action$="/drop"]`).AttrOr("action", ""), d.office, url.Values{}), http.StatusSeeOther)
	d.mustStatus(d.do(post, at+"/withhold", d.office, form), http.StatusSeeOther)
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(0)), http.StatusSeeOther)
	d.mustStatus(d.do(post, at+"/withhold", d.office, form), http.StatusNotFound)
	view, err := d.store.Figure(context.Background(), by, d.clock(), sent[0].ID)
	if err != nil || view.Revision.State != indicators.Draft || view.Revision.Entry.Value != "4" {
		t.Errorf("the correction is %+v, %v", view.Revision, err)
	}
	doc = d.doc(d.do(get, "/releases/3", "", nil))
	if doc.Find(".changes").First().Find("li").Length() != 1 || !strings.Contains(doc.Find(".changes").Text(), "已撤回") {
		t.Errorf("the release reads %q", doc.Find("main").Text())
	}
	// The release before it, read as it was on the same day, still has it.
	if n := d.doc(d.do(get, at+"?release=2", "", nil)).Find("#figures tbody tr:not(.missing)").Length(); n <= d.doc(d.do(get, at, "", nil)).Find("#figures tbody tr:not(.missing)").Length() {
		t.Errorf("release 2 shows %d rows", n)
	}
}

func (d *desk) version(duty int64) int {
	d.t.Helper()
	view, err := d.store.Figure(context.Background(), d.head.Actor(""), d.clock(), duty)
	if err != nil {
		d.t.Fatal(err)
	}
	return view.Revision.Version
}

// From a public number the auditor is one click from its own trail, and nobody
// else is offered it.
func TestFromANumberToItsTrail(t *testing.T) {
	d := mustOpen(t)
	sent := d.published(1, "3")
	reader := d.mustSession(d.mustPerson("reader", indicators.Grant{Role: indicators.Auditor}).Name)
	want := trailOf(indicators.FigureObject(sent[0].ID))
	for _, path := range []string{"/indicators/" + string(sent[0].Indicator), "/releases/2", "/indicators/" + string(sent[0].Indicator) + "?release=2"} {
		for secret, n := range map[string]int{"": 0, d.office: 0, reader: 1} {
			if got := d.doc(d.do(get, path, secret, nil)).Find(fmt.Sprintf(`a[href="%s"]`, want)).Length(); got != n {
				t.Errorf("%s leads to the trail %d times, want %d", path, got, n)
			}
		}
	}
	w := d.do(get, want, reader, nil)
	d.mustStatus(w, http.StatusOK)
	if doc := d.doc(w); doc.Find("tbody tr").Length() < 3 || doc.Find("tbody tr").Length() != doc.Find(fmt.Sprintf(`tbody td:contains("%s")`, indicators.FigureObject(sent[0].ID))).Length() {
		t.Errorf("the trail of the number reads %q", doc.Find("table").Text())
	}
	of := trailOf(indicators.ReleaseObject(2))
	if d.doc(d.do(get, "/releases/2", reader, nil)).Find(fmt.Sprintf(`a[href="%s"]`, of)).Length() != 1 || d.doc(d.do(get, of, reader, nil)).Find("tbody tr").Length() != 1 {
		t.Error("the release does not lead to its own trail")
	}
	// Of what came with the plan, the trail says what is done to it here.
	for _, path := range []string{"/indicators?results=yes"} {
		first := d.doc(d.do(get, path, "", nil)).Find(".row-name a").First().AttrOr("href", "")
		link := d.doc(d.do(get, first, reader, nil)).Find(".figure-acts a").First().AttrOr("href", "")
		d.mustStatus(d.do(get, link, reader, nil), http.StatusOK)
	}
}

// anyFigure is where a public figure of the plan is taken back.
func (d *desk) anyFigure() string {
	d.t.Helper()
	for _, i := range d.l.Indicators {
		all, err := d.store.Observations(context.Background(), i.Code)
		if err != nil {
			d.t.Fatal(err)
		}
		if len(all) > 0 {
			return withholdURL(&all[0])
		}
	}
	d.t.Fatal("the plan has no figure")
	return ""
}
