package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yimi/indicators"
)

// An organisation asks for a later day, the office decides, and the
// organisation reads it where it works.
func TestALaterDayIsAskedFor(t *testing.T) {
	d := mustOpen(t)
	const unit = indicators.Code("education-bureau")
	me := d.mustSession(d.people[unit].Name)
	form := url.Values{"round": {"1"}, "organisation": {string(unit)}}
	address := extensionURL(1, unit)
	if d.doc(d.do(get, "/work", me, nil)).Find(`a[href="`+address+`"]`).Length() != 1 {
		t.Fatal("the work page does not lead to the form")
	}
	d.mustStatus(d.do(get, address, me, nil), http.StatusOK)

	// Refused: what was typed stays.
	form.Set("until", "tomorrow")
	form.Set("reason", "the <b>yearbook</b> is late")
	w := d.do(post, "/extension", me, form)
	d.mustStatus(w, http.StatusUnprocessableEntity)
	doc := d.doc(w)
	if doc.Find("#until").AttrOr("value", "") != "tomorrow" || doc.Find("#reason").Text() != "the <b>yearbook</b> is late" || doc.Find(".problem").Length() != 1 {
		t.Errorf("the form came back as %s", doc.Find("form.entry").Text())
	}
	form.Set("until", "2001-01-01")
	d.mustStatus(d.do(post, "/extension", me, form), http.StatusUnprocessableEntity)
	form.Set("until", d.day(6, 1).String())
	form.Set("reason", " ")
	d.mustStatus(d.do(post, "/extension", me, form), http.StatusUnprocessableEntity)
	// Another's, and none, answer alike.
	form.Set("reason", "the yearbook is late")
	for _, other := range []string{"health-commission", "nobody", ""} {
		form.Set("organisation", other)
		d.mustStatus(d.do(post, "/extension", me, form), http.StatusNotFound)
		d.mustStatus(d.do(get, extensionURL(1, indicators.Code(other)), me, nil), http.StatusNotFound)
	}
	form.Set("organisation", string(unit))
	form.Set("round", "9")
	d.mustStatus(d.do(post, "/extension", me, form), http.StatusNotFound)

	// Sent twice it is one wish.
	form.Set("round", "1")
	for range 2 {
		d.mustStatus(d.do(post, "/extension", me, form), http.StatusSeeOther)
	}
	all, err := d.store.Extensions(t.Context(), d.people[unit].Actor(""), 1)
	if err != nil || len(all) != 1 {
		t.Fatalf("the wishes are %+v, %v", all, err)
	}
	if said := d.doc(d.do(get, "/work", me, nil)).Find("main").Text(); !strings.Contains(said, "等办公室决定") {
		t.Errorf("the work page says nothing of the wish: %s", said)
	}
	d.mustStatus(d.do(post, "/rounds/1/extensions/1", d.office, url.Values{"grant": {"no"}, "answer": {"the round waits for nobody"}}), http.StatusSeeOther)
	if said := d.doc(d.do(get, "/work", me, nil)).Find("main").Text(); !strings.Contains(said, "没有同意；答复：the round waits for nobody") {
		t.Errorf("the work page does not tell the decision: %s", said)
	}
}

// An organisation that another was merged into signs for the round in both
// names, and may ask for a later day in both.
func TestAnHeirWorksForItsWard(t *testing.T) {
	d := mustOpen(t)
	const ward, heir, third = indicators.Code("education-bureau"), indicators.Code("health-commission"), indicators.Code("civil-affairs-bureau")
	me, other := d.mustSession(d.people[heir].Name), d.mustSession(d.people[third].Name)
	signs := func(who string, of indicators.Code) int {
		return d.doc(d.do(get, "/work", who, nil)).Find(`form[action="/work/sign"] [name="organisation"][value="` + string(of) + `"]`).Length()
	}
	if signs(me, heir) != 1 || signs(me, ward) != 0 {
		t.Fatal("before the merger each signs for itself")
	}
	path := "/library/organisations/" + string(ward)
	d.mustKeep(path, d.office, d.mustForm(path, d.office, "successor", string(heir), indicators.WhyField, "并入"))
	if signs(me, ward) != 1 || signs(other, ward) != 0 {
		t.Error("the heir cannot sign for its ward, or a third can")
	}
	d.mustStatus(d.do(post, "/work/sign", me, url.Values{"round": {"1"}, "organisation": {string(ward)}}), http.StatusSeeOther)
	if signs(me, ward) != 0 {
		t.Error("what was signed for is offered again")
	}
	d.mustStatus(d.do(get, extensionURL(1, ward), me, nil), http.StatusOK)
	d.mustStatus(d.do(get, extensionURL(1, ward), other, nil), http.StatusNotFound)
}
