package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"yimi/indicators"
)

// Every form that changes something carries what it was filled in over: sent a
// second time from another tab, by the same person or another, it is a conflict
// and changes nothing.
func TestEveryFormOfAnotherTabIsAConflict(t *testing.T) {
	d := mustOpen(t)
	ctx := context.Background()
	unit := indicators.Code("education-bureau")
	me := d.mustSession(d.people[unit].Name)
	d.mustPerson("keeper", indicators.Grant{Role: indicators.SecurityAdmin})
	keeper := d.mustSession("keeper")
	other := d.mustPerson("other", indicators.Grant{Role: indicators.Contributor, Organisation: unit})
	account := fmt.Sprintf("/accounts/%d", other.ID)
	sent := d.send(3, "3", counts)
	duty := d.mustDuty(indicators.Round{Number: d.round}, kindergartens, d.people[unit].Name)
	round := fmt.Sprintf("/rounds/%d", d.round)
	wish, err := d.store.AskExtension(ctx, d.people[unit].Actor(""), now, d.round, unit, d.day(6, 1), "late census")
	if err != nil {
		t.Fatal(err)
	}
	sh, err := d.store.SheetOf(ctx, d.people[unit].Actor(""), d.round, unit)
	if err != nil {
		t.Fatal(err)
	}
	version := func(v any, more ...string) url.Values {
		form := url.Values{"version": {fmt.Sprint(v)}}
		for n := 0; n+1 < len(more); n += 2 {
			form.Set(more[n], more[n+1])
		}
		return form
	}
	days := func(note string) url.Values {
		return version(1, "due", d.day(3, 31).String(), "on_time", d.day(4, 5).String(), "locked", d.day(5, 1).String(), "note", note)
	}
	contact := func(mail string) url.Values {
		return url.Values{"mail." + string(unit): {mail}, "was." + string(unit): {""}, "version." + string(unit): {"0"}}
	}
	for _, c := range []struct {
		what, path, secret string
		first, second      url.Values
	}{
		{"a round's days", round + "/amend", d.office, days("50 → 60"), days("50 → 55")},
		{"an address", "/contacts", d.office, contact("a@b.example"), contact("c@d.example")},
		{"a return", "/sheet?round=" + fmt.Sprint(d.round) + "&org=" + string(unit), me, nil, nil},
		{"a wish", round + fmt.Sprintf("/extensions/%d", wish), d.office, url.Values{"grant": {"yes"}}, url.Values{"grant": {"no"}, "answer": {"no"}}},
		{"a figure", duty, me, version(0, "do", "save", "value", "60"), version(0, "do", "save", "value", "55")},
		{"an approval", "/review/approve", d.office, url.Values{"pick": {box(sent[0].ID, sent[0].Version)}}, url.Values{"pick": {box(sent[0].ID, sent[0].Version)}}},
		{"a return with a reason", "/review/return", d.office, url.Values{"reason": {"x"}, "pick": {box(sent[1].ID, sent[1].Version)}}, url.Values{"reason": {"y"}, "pick": {box(sent[1].ID, sent[1].Version)}}},
		{"roles", account + "/grants", keeper, version(other.Version, "contributor", string(unit)), version(other.Version, "contributor", "health-commission")},
		{"a release", "/releases/preview", d.office, nil, nil},
	} {
		switch c.what {
		case "a return":
			c.first = url.Values{"code": {sh.Code}, "entered_by": {"a"}, "checked_by": {"b"}, "head": {"c"}}
			c.second = c.first
		case "a release":
			c.first = d.previewForm(d.round)
			c.second = with(c.first, "note", "from another tab") // the very same form is a double click
		}
		if w := d.do(post, c.path, c.secret, c.first); w.Code != http.StatusSeeOther {
			t.Fatalf("%s: the first = %d: %s", c.what, w.Code, d.doc(w).Find("main").Text())
		}
		if c.what == "a return" {
			// Its values change in between; the same page signed twice says the same.
			d.mustStatus(d.do(post, duty, me, version(0, "do", "save", "note", "n")), http.StatusSeeOther)
		}
		head, err := d.store.TreeHead(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if w := d.do(post, c.path, c.secret, c.second); w.Code != http.StatusConflict {
			t.Errorf("%s: the second = %d: %s", c.what, w.Code, d.doc(w).Find("main").Text())
		}
		if after, err := d.store.TreeHead(ctx); err != nil || after != head {
			t.Errorf("%s: the second stands in the trail", c.what)
		}
	}
	// Of an account that was changed meanwhile, nothing else is done either.
	for _, act := range []string{"disable", "enable", "link", "temporary", "hand-over"} {
		if w := d.do(post, account+"/"+act, keeper, version(other.Version, "to", "1")); w.Code != http.StatusConflict {
			t.Errorf("%s with an old version = %d", act, w.Code)
		}
	}
}
