package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"yimi/indicators"
)

// The whole way of the first security administrator and of who is invited.
func TestFromTheFirstLinkToTheFirstColleague(t *testing.T) {
	h := mustHouse(t)
	ctx := context.Background()
	link, err := h.store.ConsoleLink(ctx, now, "chief", false)
	if err != nil {
		t.Fatal(err)
	}
	h.mustStatus(h.do(get, "/invite/"+link, "", nil), http.StatusOK)
	h.mustStatus(h.do(get, "/invite/"+link, "", nil), http.StatusOK) // looking uses nothing up
	for _, bad := range []url.Values{
		{"password": {"short"}, "password_again": {"short"}},
		{"password": {goodPassword}, "password_again": {"another"}},
		{"password": {"1234567890123456"}, "password_again": {"1234567890123456"}},
	} {
		w := h.do(post, "/invite/"+link, "", bad)
		h.mustStatus(w, http.StatusUnprocessableEntity)
		if h.doc(w).Find(".problem").Length() != 1 {
			t.Errorf("%v is not refused at its field", bad)
		}
	}
	next := "even more correct horses"
	h.mustStatus(h.do(post, "/invite/"+link, "", url.Values{"password": {next}, "password_again": {next}}), http.StatusSeeOther)
	h.mustStatus(h.do(get, "/invite/"+link, "", nil), http.StatusNotFound)
	secret := session(h.do(post, "/sign-in", "", url.Values{"name": {"chief"}, "password": {next}})).Value

	doc := h.doc(h.do(get, "/account/second", secret, nil))
	form := hidden(doc, "/account/second")
	form.Set("otp", "000000")
	w := h.do(post, "/account/second", secret, form)
	h.mustStatus(w, http.StatusUnprocessableEntity)
	if hidden(h.doc(w), "/account/second").Get("secret") != form.Get("secret") {
		t.Error("a wrong code changes the secret that was scanned")
	}
	code, err := totp.GenerateCode(form.Get("secret"), h.clock())
	if err != nil {
		t.Fatal(err)
	}
	form.Set("otp", code[:3]+" "+code[3:])
	w = h.do(post, "/account/second", secret, form)
	h.mustStatus(w, http.StatusOK)
	if n := h.doc(w).Find(".secrets code").Length(); n != recoveryCount {
		t.Errorf("%d recovery codes are shown", n)
	}
	h.mustStatus(h.do(get, "/account", secret, nil), http.StatusUnauthorized)
	secret = session(w).Value

	for what, bad := range map[string]url.Values{
		"grants_none":  {"name": {"li.min"}, "person": {"李敏"}},
		"grants_apart": {"name": {"li.min"}, "person": {"李敏"}, "role": {"auditor"}, "contributor": {string(h.org[0])}},
		"account_name": {"name": {"li min"}, "person": {"李敏"}, "role": {"auditor"}},
		"exists":       {"name": {"CHIEF"}, "person": {"李敏"}, "role": {"auditor"}},
	} {
		w := h.do(post, "/accounts/new", secret, bad)
		h.mustStatus(w, http.StatusUnprocessableEntity)
		doc := h.doc(w)
		if doc.Find("#name").AttrOr("value", "") != bad.Get("name") || doc.Find("#person").AttrOr("value", "") != "李敏" || doc.Find(".problem").Length() != 1 ||
			doc.Find(`#contributor option[selected]`).AttrOr("value", "") != bad.Get("contributor") || (doc.Find(`input[value=auditor]:checked, input[value=auditor][checked]`).Length() == 1) != (bad.Get("role") != "") {
			t.Errorf("%s: what was typed is lost", what)
		}
	}
	w = h.do(post, "/accounts/new", secret, url.Values{"name": {"li.min"}, "person": {"李敏<img src=x onerror=alert(1)>"}, "contributor": {string(h.org[0])}, "reviewer": {""}})
	h.mustStatus(w, http.StatusOK)
	invited := h.doc(w).Find(".secrets code").Text()
	at := strings.Index(invited, "/invite/")
	if at < 0 {
		t.Fatalf("the link is %q", invited)
	}
	h.mustStatus(h.do(post, invited[at:], "", url.Values{"password": {goodPassword}, "password_again": {goodPassword}}), http.StatusSeeOther)
	w = h.do(post, "/sign-in", "", url.Values{"name": {"li.min"}, "password": {goodPassword}})
	h.mustStatus(w, http.StatusSeeOther)
	for _, path := range []string{"/", "/work", "/account"} {
		v := h.do(get, path, session(w).Value, nil)
		h.mustStatus(v, http.StatusOK)
		if strings.Contains(v.Body.String(), "<img src=x") || !strings.Contains(h.doc(v).Find(".menu-person").Text(), "李敏<img") {
			t.Errorf("%s prints the name as it should not", path)
		}
	}
	v := h.do(get, "/accounts", secret, nil)
	if strings.Contains(v.Body.String(), "<img src=x") || h.doc(v).Find("tbody tr").Length() != 2 {
		t.Error("the list of accounts is not as it should be")
	}
}

func TestChangeOfPassword(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	one, two := h.mustSession("limin"), h.mustSession("limin")
	next := "even more correct horses"
	for _, bad := range []url.Values{
		{"password": {next}, "password_again": {next}},
		{"current_password": {"wrong"}, "password": {next}, "password_again": {next}},
		{"current_password": {goodPassword}, "password": {"short"}, "password_again": {"short"}},
	} {
		h.mustStatus(h.do(post, "/account/password", one, bad), http.StatusUnprocessableEntity)
	}
	w := h.do(post, "/account/password", one, url.Values{"current_password": {goodPassword}, "password": {next}, "password_again": {next}})
	h.mustStatus(w, http.StatusSeeOther)
	for _, secret := range []string{one, two} {
		h.mustStatus(h.do(get, "/account", secret, nil), http.StatusUnauthorized)
	}
	if to := w.Header().Get("Location"); h.doc(h.do(get, to, session(w).Value, nil)).Find(".done").Length() != 1 {
		t.Errorf("%s does not say what was done", to)
	}
}

func TestSessionsOnThePage(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	h.mustPerson("wang", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	one, two, other := h.mustSession("limin"), h.mustSession("limin"), h.mustSession("wang")
	doc := h.doc(h.do(get, "/account", one, nil))
	path := doc.Find(`form[action^="/account/sessions/end/"]`).AttrOr("action", "")
	if path == "" {
		t.Fatal("the other session is not listed")
	}
	a, b := h.do(post, path, other, url.Values{}), h.do(post, "/account/sessions/end/99999", other, url.Values{})
	h.mustStatus(a, http.StatusNotFound)
	h.mustStatus(b, http.StatusNotFound)
	h.mustStatus(h.do(post, path, one, url.Values{}), http.StatusSeeOther)
	h.mustStatus(h.do(get, "/account", two, nil), http.StatusUnauthorized)
	two = h.mustSession("limin")
	h.mustStatus(h.do(post, "/account/sessions/end", one, url.Values{}), http.StatusSeeOther)
	h.mustStatus(h.do(get, "/account", two, nil), http.StatusUnauthorized)
	h.mustStatus(h.do(post, "/sign-out", one, url.Values{}), http.StatusSeeOther)
	h.mustStatus(h.do(get, "/account", one, nil), http.StatusUnauthorized)
}

// What the keeper of the accounts does, by the forms of the page, and what is
// refused.
func TestKeepingOfAccounts(t *testing.T) {
	h := mustHouse(t)
	ctx := context.Background()
	keeper := h.mustPerson("keeper", indicators.Grant{Role: indicators.SecurityAdmin})
	secret := h.mustSession("keeper")
	g := indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]}
	a, b := h.mustPerson("leaver", g), h.mustPerson("heir", indicators.Grant{Role: indicators.Reviewer, Organisation: h.org[1]})
	path := func(id int64, act string) string { return fmt.Sprintf("/accounts/%d/%s", id, act) }
	// send takes the form's own version, as a browser does.
	send := func(id int64, act string, want int, more url.Values) *httptest.ResponseRecorder {
		t.Helper()
		form := url.Values{"version": {fmt.Sprint(h.mustAccount(id).Version)}}
		for k, v := range more {
			form[k] = v
		}
		w := h.do(post, path(id, act), secret, form)
		h.mustStatus(w, want)
		return w
	}
	// Two windows on one account: the second gets a conflict and changes nothing.
	send(a.ID, "grants", http.StatusSeeOther, url.Values{"contributor": {string(h.org[0]), string(h.org[1])}})
	send(a.ID, "grants", http.StatusConflict, url.Values{"contributor": {string(h.org[1])}, "version": {fmt.Sprint(a.Version)}})
	send(a.ID, "disable", http.StatusConflict, url.Values{"version": {"x"}})
	if got := h.mustAccount(a.ID).Grants; len(got) != 2 {
		t.Errorf("the roles are %v", got)
	}
	w := send(a.ID, "grants", http.StatusUnprocessableEntity, url.Values{"role": {"auditor"}, "reviewer": {string(h.org[1])}})
	if doc := h.doc(w); doc.Find(`input[value=auditor][checked]`).Length() != 1 || doc.Find(`#reviewer option[selected]`).AttrOr("value", "") != string(h.org[1]) {
		t.Error("the roles chosen are lost")
	}
	send(a.ID, "hand-over", http.StatusUnprocessableEntity, nil)
	send(a.ID, "hand-over", http.StatusConflict, url.Values{"to": {fmt.Sprint(a.ID)}})
	send(a.ID, "hand-over", http.StatusNotFound, url.Values{"to": {"999"}})
	send(a.ID, "hand-over", http.StatusUnprocessableEntity, url.Values{"to": {fmt.Sprint(keeper.ID)}})
	send(a.ID, "hand-over", http.StatusSeeOther, url.Values{"to": {fmt.Sprint(b.ID)}})
	if was, is := h.mustAccount(a.ID), h.mustAccount(b.ID); was.State != indicators.Disabled || was.Successor != b.ID || len(is.Grants) != 3 {
		t.Errorf("handed over from %+v to %+v", was, is)
	}
	send(a.ID, "link", http.StatusConflict, nil)
	send(a.ID, "temporary", http.StatusConflict, nil)
	send(a.ID, "enable", http.StatusSeeOther, nil)
	send(keeper.ID, "disable", http.StatusConflict, nil)
	send(keeper.ID, "temporary", http.StatusConflict, nil)
	for _, act := range []string{"grants", "disable", "enable", "hand-over", "link", "temporary", "end"} {
		for _, id := range []string{"999", "x", "-1", "0"} {
			h.mustStatus(h.do(post, "/accounts/"+id+"/"+act, secret, url.Values{"version": {"1"}, "to": {"1"}, "role": {"auditor"}}), http.StatusNotFound)
		}
	}
	// A temporary password is shown once, lets in, and must be changed.
	told := h.doc(send(b.ID, "temporary", http.StatusOK, nil)).Find(".secrets code").Text()
	w = h.do(post, "/sign-in", "", url.Values{"name": {"heir"}, "password": {told}})
	h.mustStatus(w, http.StatusSeeOther)
	theirs := session(w).Value
	if w := h.do(get, "/accounts", theirs, nil); w.Code != http.StatusForbidden {
		t.Errorf("a contributor sees the accounts: %d", w.Code)
	}
	send(b.ID, "end", http.StatusSeeOther, nil)
	h.mustStatus(h.do(get, "/account", theirs, nil), http.StatusUnauthorized)
	// A lost code app goes with the link, and its sessions with it.
	chief := h.mustSession("chief")
	w = send(1, "link", http.StatusOK, url.Values{"second": {"off"}})
	h.mustStatus(h.do(get, "/account", chief, nil), http.StatusUnauthorized)
	if h.mustAccount(1).Second || !strings.Contains(h.doc(w).Find(".secrets code").Text(), "/reset/") {
		t.Error("the lost code app is still asked for")
	}
	// The last of the security administrators stays.
	only := h.mustAccount(1)
	if err := h.store.Disable(ctx, keeper.Actor(""), h.clock(), 1, only.Version); err != nil {
		t.Fatal(err)
	}
	send(keeper.ID, "grants", http.StatusConflict, url.Values{"role": {"auditor"}})
	if n := len(h.mustAccount(keeper.ID).Grants); n != 1 {
		t.Errorf("the last one holds %d roles", n)
	}
}

// Closing the only account of a unit with open figures, or giving it other
// roles, asks once more and names what would have nobody; the round's page tells
// of it afterwards.
func TestAnAccountIsNotClosedUnawares(t *testing.T) {
	for _, act := range []string{"disable", "grants"} {
		t.Run(act, func(t *testing.T) {
			d := mustOpen(t)
			var unit indicators.Code
			for code := range d.people {
				if unit == "" || code < unit {
					unit = code
				}
			}
			a := d.people[unit]
			chief := d.mustSession("chief")
			at := fmt.Sprintf("/accounts/%d", a.ID)
			if d.doc(d.do(get, at, chief, nil)).Find("#left").Length() != 0 {
				t.Error("nothing was asked for, and the page warns")
			}
			form := url.Values{"version": {strconv.FormatInt(d.mustAccount(a.ID).Version, 10)}}
			if act == "grants" {
				form.Set("reviewer", string(unit))
			}
			w := d.do(post, at+"/"+act, chief, form)
			d.mustStatus(w, http.StatusUnprocessableEntity)
			doc := d.doc(w)
			if got := doc.Find("#left").Text(); !strings.Contains(got, d.l.Organisation(unit).Name) {
				t.Errorf("what is left is not named: %s", got)
			}
			if now := d.mustAccount(a.ID); now.State != indicators.Enabled || len(now.Grants) != 1 || now.Grants[0].Role != indicators.Contributor {
				t.Errorf("the account is changed already: %+v", now)
			}
			if d.doc(d.do(get, "/rounds/1", d.office, nil)).Find("#unowned").Length() != 0 {
				t.Error("the round warns of what nobody left")
			}
			again := typedForm(doc, at+"/"+act)
			if again.Get("left") != "yes" || act == "grants" && !slices.Contains(again["reviewer"], string(unit)) {
				t.Errorf("the second button sends %v", again)
			}
			d.mustStatus(d.do(post, at+"/"+act, chief, again), http.StatusSeeOther)
			doc = d.doc(d.do(get, "/rounds/1", d.office, nil))
			if got := doc.Find("#unowned").Text(); !strings.Contains(got, d.l.Organisation(unit).Name) || doc.Find("#unowned li").Length() != 1 {
				t.Errorf("the round does not say whom it lacks: %q", got)
			}
		})
	}
}
