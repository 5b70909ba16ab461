package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
)

// Unknown user, wrong password, waiting, disabled and a wrong code: the same
// status and the same page, after exactly one hash.
func TestSignInAnswersAlike(t *testing.T) {
	h := mustHouse(t)
	ctx := context.Background()
	g := indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]}
	h.mustPerson("known1", g)
	off := h.mustPerson("known2", g)
	if err := h.store.Disable(ctx, h.chief(), now, off.ID, off.Version); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.store.Invite(ctx, h.chief(), now, "known3", "X", []indicators.Grant{g}); err != nil {
		t.Fatal(err)
	}
	h.mustPerson("known4", indicators.Grant{Role: indicators.OfficeMember})
	h.mustSession("known4")
	page := ""
	for _, c := range []struct{ what, name, password, code string }{
		{"unknown", "nobody", goodPassword, ""},
		{"wrong password", "known1", "wrong", ""},
		{"disabled", "known2", goodPassword, ""},
		{"waiting", "known3", goodPassword, ""},
		{"no code", "known4", goodPassword, ""},
		{"wrong code", "known4", goodPassword, "000000"},
		{"wrong recovery code", "known4", goodPassword, "AAAA-AAAA-AAAA-AAAA"},
		{"wrong password, right code", "known4", "wrong", h.code()},
		{"injection", "' OR 1=1 --", goodPassword, ""},
	} {
		before := h.gate.computed.Load()
		w := h.do(post, "/sign-in", "", url.Values{"name": {c.name}, "password": {c.password}, "otp": {c.code}})
		if n := h.gate.computed.Load() - before; n != 1 {
			t.Errorf("%s: %d hashes, want 1", c.what, n)
		}
		if w.Code != http.StatusUnprocessableEntity || session(w) != nil {
			t.Errorf("%s: status %d, cookie %v", c.what, w.Code, session(w))
		}
		doc := h.doc(w)
		if got, _ := doc.Find("#name").Attr("value"); got != c.name {
			t.Errorf("%s: the name typed is %q", c.what, got)
		}
		if strings.Contains(w.Body.String(), goodPassword) {
			t.Errorf("%s: the page gives the password back", c.what)
		}
		doc.Find("#name").SetAttr("value", "")
		text, _ := doc.Html()
		if page == "" {
			page = text
		}
		if text != page {
			t.Errorf("%s: the page differs", c.what)
		}
		h.wait(time.Second)
	}
}

func TestSignIn(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	h.mustPerson("wang", indicators.Grant{Role: indicators.OfficeMember})
	h.mustSession("wang")
	for _, c := range []struct {
		name, code, next, to string
	}{
		{" LiMin ", "", "", "/work"},
		{"limin", "", "/indicators?q=x", "/indicators?q=x"},
		{"limin", "", "//evil.example/", "/work"},
		{"wang", h.code(), "/accounts", "/accounts"},
		{"wang", "abcd-efgh jklm-npqr", "", "/work"},
	} {
		w := h.do(post, "/sign-in", "", url.Values{"name": {c.name}, "password": {goodPassword}, "otp": {c.code}, "next": {c.next}})
		k := session(w)
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != c.to || k == nil {
			t.Fatalf("%s: status %d to %q: %s", c.name, w.Code, w.Header().Get("Location"), h.doc(w).Find("main").Text())
		}
		if !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Secure {
			t.Errorf("the cookie is %+v", k)
		}
		if v := h.do(get, "/work", k.Value, nil); v.Code != http.StatusOK {
			t.Errorf("%s signed in and sees %d", c.name, v.Code)
		}
	}
	// A code is good once, and so is a recovery code.
	for _, code := range []string{h.code(), "ABCDEFGHJKLMNPQR"} {
		w := h.do(post, "/sign-in", "", url.Values{"name": {"wang"}, "password": {goodPassword}, "otp": {code}})
		h.mustStatus(w, http.StatusUnprocessableEntity)
	}
	for _, form := range []url.Values{{}, {"name": {"limin"}}, {"password": {"x"}}} {
		before := h.gate.computed.Load()
		w := h.do(post, "/sign-in", "", form)
		h.mustStatus(w, http.StatusUnprocessableEntity)
		if h.gate.computed.Load() != before || h.doc(w).Find("[aria-invalid]").Length() == 0 {
			t.Errorf("%v is not refused at its field", form)
		}
	}
}

// Signing in gives another session; the one before it lets nobody in.
func TestSignInRotates(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	old := h.mustSession("limin")
	w := h.do(post, "/sign-in", old, url.Values{"name": {"limin"}, "password": {goodPassword}})
	h.mustStatus(w, http.StatusSeeOther)
	h.mustStatus(h.do(get, "/work", session(w).Value, nil), http.StatusOK)
	w = h.do(get, "/work", old, nil)
	h.mustStatus(w, http.StatusUnauthorized)
	// A cookie of nobody is taken away and does not spoil public pages.
	w = h.do(get, "/", old, nil)
	h.mustStatus(w, http.StatusOK)
	if w.Header().Get("Cache-Control") != "no-cache" || !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("a dead cookie: %v", w.Header())
	}
}

func TestSignInWaits(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	pages := map[string]string{}
	for _, name := range []string{"limin", "nobody"} {
		for range indicators.NamePatience.Free + 1 {
			h.mustStatus(h.do(post, "/sign-in", "", url.Values{"name": {name}, "password": {"wrong"}}), http.StatusUnprocessableEntity)
		}
		before := h.gate.computed.Load()
		w := h.do(post, "/sign-in", "", url.Values{"name": {name}, "password": {goodPassword}})
		h.mustStatus(w, http.StatusTooManyRequests)
		if h.gate.computed.Load() != before || w.Header().Get("Retry-After") != "30" {
			t.Errorf("%s: Retry-After %q", name, w.Header().Get("Retry-After"))
		}
		pages[name] = strings.ReplaceAll(w.Body.String(), name, "")
	}
	if pages["limin"] != pages["nobody"] {
		t.Error("who waits learns whether there is such an account")
	}
	h.wait(30 * time.Second)
	h.mustStatus(h.do(post, "/sign-in", "", url.Values{"name": {"limin"}, "password": {goodPassword}}), http.StatusSeeOther)
}

// hidden are the fields that a form carries unseen.
func hidden(doc *goquery.Document, action string) url.Values {
	out := url.Values{}
	doc.Find(`form[action="` + action + `"] input[type=hidden]`).Each(func(_ int, el *goquery.Selection) {
		out.Add(el.AttrOr("name", ""), el.AttrOr("value", ""))
	})
	return out
}

// A form sent with an ended session comes back after the sign-in as it was
// typed, and goes on with one press; no script is needed.
func TestEndedSessionKeepsWhatWasTyped(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("keeper", indicators.Grant{Role: indicators.SecurityAdmin})
	secret := h.mustSession("keeper")
	h.wait(indicators.SessionIdle)
	typed := url.Values{"name": {"li.min"}, "person": {"李敏 <b>&\"'"}, "remark": {"第一行\n第二行"}, "contributor": {string(h.org[0]), string(h.org[1]), ""}}
	w := h.do(post, "/accounts/new", secret, typed)
	h.mustStatus(w, http.StatusUnauthorized)
	form := hidden(h.doc(w), "/sign-in")
	form.Set("name", "keeper")
	form.Set("password", "wrong")
	form.Set("otp", h.code())
	w = h.do(post, "/sign-in", "", form)
	h.mustStatus(w, http.StatusUnprocessableEntity)
	form = hidden(h.doc(w), "/sign-in")
	form.Set("name", "keeper")
	form.Set("password", goodPassword)
	form.Set("otp", h.code())
	w = h.do(post, "/sign-in", "", form)
	h.mustStatus(w, http.StatusOK)
	again := hidden(h.doc(w), "/accounts/new")
	for name := range typed {
		if !slices.Equal(again[name], typed[name]) {
			t.Errorf("%s comes back as %q, want %q", name, again[name], typed[name])
		}
	}
	if again.Get("password") != "" || len(again) != len(typed) {
		t.Errorf("what comes back is %v", again)
	}
	w = h.do(post, "/accounts/new", session(w).Value, again)
	h.mustStatus(w, http.StatusOK)
	if _, err := h.store.Credentials(context.Background(), "li.min"); err != nil {
		t.Error(err)
	}
}

// What changes accounts asks for the password again after ten minutes, and goes
// on after it.
func TestPasswordIsAskedForAgain(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("keeper", indicators.Grant{Role: indicators.SecurityAdmin})
	other := h.mustPerson("other", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	secret := h.mustSession("keeper")
	h.wait(indicators.Recent)
	h.mustStatus(h.do(get, "/accounts", secret, nil), http.StatusOK)
	path := fmt.Sprintf("/accounts/%d/disable", other.ID)
	w := h.do(post, path, secret, url.Values{"version": {fmt.Sprint(other.Version)}})
	h.mustStatus(w, http.StatusUnauthorized)
	doc := h.doc(w)
	if to := doc.Find(`.tools a[hreflang]`).AttrOr("href", ""); !strings.HasPrefix(to, "/work?") {
		t.Errorf("the other language is at %q, where no page is", to)
	}
	if got := doc.Find("#name").AttrOr("value", ""); got != "keeper" || h.mustAccount(other.ID).State != indicators.Enabled {
		t.Errorf("asked as %q", got)
	}
	form := hidden(doc, "/sign-in")
	form.Set("name", "keeper")
	form.Set("password", goodPassword)
	form.Set("otp", h.code())
	w = h.do(post, "/sign-in", secret, form)
	h.mustStatus(w, http.StatusOK)
	w = h.do(post, path, session(w).Value, hidden(h.doc(w), path))
	h.mustStatus(w, http.StatusSeeOther)
	if h.mustAccount(other.ID).State != indicators.Disabled {
		t.Error("the act was lost on the way")
	}
	h.mustStatus(h.do(get, "/accounts", secret, nil), http.StatusUnauthorized)
}

// Who must set up the account first gets nowhere else.
func TestAccountIsSetUpFirst(t *testing.T) {
	h := mustHouse(t)
	ctx := context.Background()
	office := h.mustPerson("wang", indicators.Grant{Role: indicators.OfficeMember})
	w := h.do(post, "/sign-in", "", url.Values{"name": {"wang"}, "password": {goodPassword}})
	secret := session(w).Value
	for _, path := range []string{"/accounts", "/audit"} {
		h.mustStatus(h.do(get, path, secret, nil), http.StatusForbidden)
	}
	h.mustStatus(h.do(get, "/account", secret, nil), http.StatusOK)
	if err := h.store.SetTemporary(ctx, h.chief(), now, office.ID, office.Version, goodHash()); err != nil {
		t.Fatal(err)
	}
	h.mustStatus(h.do(get, "/account", secret, nil), http.StatusUnauthorized)

	h.mustPerson("keeper", indicators.Grant{Role: indicators.SecurityAdmin})
	secret = session(h.do(post, "/sign-in", "", url.Values{"name": {"keeper"}, "password": {goodPassword}})).Value
	for _, path := range []string{"/work", "/accounts", "/accounts/new"} {
		w := h.do(get, path, secret, nil)
		h.mustStatus(w, http.StatusSeeOther)
		if to := w.Header().Get("Location"); to != "/account/second" {
			t.Errorf("%s leads to %s", path, to)
		}
	}
	h.mustStatus(h.do(post, "/accounts/new", secret, url.Values{"name": {"newcomer"}, "person": {"X"}, "role": {"auditor"}}), http.StatusSeeOther)
	if _, err := h.store.Credentials(ctx, "newcomer"); err == nil {
		t.Error("an account was made without the second factor")
	}
	keeper, _ := h.store.Credentials(ctx, "keeper")
	if err := h.store.SetTemporary(ctx, h.chief(), now, keeper.ID, keeper.Version, goodHash()); err != nil {
		t.Fatal(err)
	}
	secret = session(h.do(post, "/sign-in", "", url.Values{"name": {"keeper"}, "password": {goodPassword}})).Value
	w = h.do(get, "/accounts", secret, nil)
	if to := w.Header().Get("Location"); to != "/account/password" {
		t.Errorf("a password set by somebody else leads to %q", to)
	}
}
