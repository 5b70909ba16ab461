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

// takeAway loads a package without an indicator that nothing else names and that
// this round asks somebody for.
func (d *desk) takeAway(t *testing.T) (gone indicators.Indicator, duty indicators.Revision) {
	t.Helper()
	next := mustExported(t, d)
	gone = withoutSpare(d, next, "")
	for code := range d.people {
		_, list, err := d.store.WorkList(context.Background(), d.people[code].Actor(""), d.round)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if r.Indicator == gone.Code {
				duty = r
			}
		}
	}
	if duty.ID == 0 {
		t.Fatalf("nobody owes %s", gone.Code)
	}
	if _, err := d.store.Load(context.Background(), next, d.clock(), nil); err != nil {
		t.Fatal(err)
	}
	return gone, duty
}

// The form of a row that a package took away meanwhile gives back what was
// typed, whichever of its steps was on the way; so do the forms of its targets,
// and a figure's. Opened anew they are simply not there.
func TestFormOfWhatWasTakenAway(t *testing.T) {
	d := mustOpen(t)
	l := mustExported(t, d)
	spare := *l
	gone := withoutSpare(d, &spare, "")
	path := "/library/indicators/" + string(gone.Code)
	target := path + "/targets/" + d.l.TargetsOf(gone.Code)[0].Key()
	forms := map[string]url.Values{}
	for _, at := range []string{path, target, path + "/targets/new"} {
		forms[at] = d.mustForm(at, d.office, indicators.WhyField, "理由 <i>在此")
	}
	var owner string
	var work url.Values
	for code, a := range d.people {
		_, list, err := d.store.WorkList(context.Background(), a.Actor(""), d.round)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if r.Indicator == gone.Code && owner == "" {
				owner = d.mustSession(d.people[code].Name)
				work = filled(d.doc(d.do(get, fmt.Sprintf("/work/%d", r.ID), owner, nil)), "value", "4711", "note", "理由 <i>在此")
			}
		}
	}
	_, duty := d.takeAway(t)
	answer := func(path, secret string, form url.Values) {
		t.Helper()
		w := d.do(post, path, secret, form)
		d.mustStatus(w, http.StatusNotFound)
		doc := d.doc(w)
		if text := doc.Find("dd.typed").Text(); !strings.Contains(text, "理由 <i>在此") || form.Get("value") != "" && !strings.Contains(text, form.Get("value")) {
			t.Errorf("%s gives back %q", path, text)
		}
		if text := doc.Find(`[role="alert"]`).Text(); !strings.Contains(text, "载入数据包") || !strings.Contains(text, "没有保存") {
			t.Errorf("%s says %q", path, text)
		}
	}
	for at, form := range forms {
		for _, step := range []string{"", "save", "edit"} {
			form.Set("step", step)
			answer(at, d.office, form)
		}
		w := d.do(get, at, d.office, nil)
		d.mustStatus(w, http.StatusNotFound)
		if d.doc(w).Find("dd.typed").Length() != 0 {
			t.Errorf("%s, opened, gives back something", at)
		}
	}
	at := fmt.Sprintf("/work/%d", duty.ID)
	for _, do := range []string{"save", "submit", "check"} {
		work.Set("do", do)
		answer(at, owner, work)
	}
	answer(at+"/evidence", owner, work)
	d.mustStatus(d.do(get, at, owner, nil), http.StatusNotFound)
	// An unknown figure, and another's, are told of in the same words.
	unknown := d.do(post, "/work/999999", owner, work)
	own := d.do(post, at, owner, work)
	if a, b := d.doc(unknown).Find("main").Text(), d.doc(own).Find("main").Text(); a != b {
		t.Errorf("an unknown figure is told %q, a lost one %q", a, b)
	}
	bare := d.do(post, at, owner, url.Values{"do": {"withdraw"}, "version": {"1"}})
	d.mustStatus(bare, http.StatusNotFound)
}
