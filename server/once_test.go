package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"yimi/indicators"
)

// What is good once is good once also for many at the same moment: a code of
// the second factor, a recovery code, an invitation, a link for a new
// password.
func TestOnceIsOnceAlsoAtOnce(t *testing.T) {
	h := mustHouse(t)
	ctx := context.Background()
	for _, name := range []string{"wang", "zhao"} {
		h.mustPerson(name, indicators.Grant{Role: indicators.OfficeMember})
		h.mustSession(name)
	}
	a := h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	_, invitation, err := h.store.Invite(ctx, h.chief(), h.clock(), "fresh", "Fresh", []indicators.Grant{{Role: indicators.Contributor, Organisation: h.org[0]}})
	if err != nil {
		t.Fatal(err)
	}
	reset, err := h.store.ResetLink(ctx, h.chief(), h.clock(), a.ID, a.Version, false)
	if err != nil {
		t.Fatal(err)
	}
	const many = 5 // as many as are patiently looked at
	password := func(n int) url.Values {
		p := fmt.Sprintf("purple elephants dance %d times", n)
		return url.Values{"password": {p}, "password_again": {p}}
	}
	for name, do := range map[string]func(n int) *httptest.ResponseRecorder{
		"a code": func(int) *httptest.ResponseRecorder {
			return h.do(post, "/sign-in", "", url.Values{"name": {"wang"}, "password": {goodPassword}, "otp": {h.code()}})
		},
		"a recovery code": func(int) *httptest.ResponseRecorder {
			return h.do(post, "/sign-in", "", url.Values{"name": {"zhao"}, "password": {goodPassword}, "otp": {"ABCD-EFGH-JKLM-NPQR"}})
		},
		"an invitation": func(n int) *httptest.ResponseRecorder {
			return h.do(post, "/invite/"+invitation, "", password(n))
		},
		"a link for a password": func(n int) *httptest.ResponseRecorder { return h.do(post, "/reset/"+reset, "", password(n)) },
	} {
		t.Run(name, func(t *testing.T) {
			var group sync.WaitGroup
			answers := make([]*httptest.ResponseRecorder, many)
			for n := range many {
				group.Go(func() { answers[n] = do(n) })
			}
			group.Wait()
			good := 0
			for _, w := range answers {
				switch w.Code {
				case http.StatusSeeOther:
					good++
				case http.StatusUnprocessableEntity, http.StatusNotFound, http.StatusTooManyRequests:
					if session(w) != nil {
						t.Error("a refusal opens a session")
					}
				default:
					t.Errorf("it is answered %d", w.Code)
				}
			}
			if good != 1 {
				t.Errorf("it was good %d times", good)
			}
		})
	}
	for _, link := range []string{"/invite/" + invitation, "/reset/" + reset, "/invite/nothing"} {
		h.mustStatus(h.do(get, link, "", nil), http.StatusNotFound)
	}
}

// A link that has ended opens nothing, however it is looked at.
func TestLinksEnd(t *testing.T) {
	h := mustHouse(t)
	_, link, err := h.store.Invite(context.Background(), h.chief(), h.clock(), "fresh", "Fresh", []indicators.Grant{{Role: indicators.Auditor}})
	if err != nil {
		t.Fatal(err)
	}
	h.wait(indicators.InviteLife - time.Second)
	h.mustStatus(h.do(get, "/invite/"+link, "", nil), http.StatusOK)
	h.wait(time.Second)
	h.mustStatus(h.do(get, "/invite/"+link, "", nil), http.StatusNotFound)
	h.mustStatus(h.do(post, "/invite/"+link, "", url.Values{"password": {goodPassword}, "password_again": {goodPassword}}), http.StatusNotFound)
}

// Whose role changed, who was disabled, handed over or given another password
// is out at once, in every browser; a public page goes on for them.
func TestWhoIsChangedIsOut(t *testing.T) {
	for name, act := range map[string]func(h *house, keeper string, a indicators.Account) *httptest.ResponseRecorder{
		"another role": func(h *house, keeper string, a indicators.Account) *httptest.ResponseRecorder {
			return h.do(post, fmt.Sprintf("/accounts/%d/grants", a.ID), keeper, url.Values{"version": {fmt.Sprint(a.Version)}, "contributor": {string(h.org[1])}})
		},
		"disabled": func(h *house, keeper string, a indicators.Account) *httptest.ResponseRecorder {
			return h.do(post, fmt.Sprintf("/accounts/%d/disable", a.ID), keeper, url.Values{"version": {fmt.Sprint(a.Version)}})
		},
		"handed over": func(h *house, keeper string, a indicators.Account) *httptest.ResponseRecorder {
			to := h.mustPerson("next", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[1]})
			return h.do(post, fmt.Sprintf("/accounts/%d/hand-over", a.ID), keeper, url.Values{"version": {fmt.Sprint(a.Version)}, "to": {fmt.Sprint(to.ID)}})
		},
		"signed out": func(h *house, keeper string, a indicators.Account) *httptest.ResponseRecorder {
			return h.do(post, fmt.Sprintf("/accounts/%d/end", a.ID), keeper, url.Values{"version": {fmt.Sprint(a.Version)}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := mustHouse(t)
			h.mustPerson("keeper", indicators.Grant{Role: indicators.SecurityAdmin})
			keeper := h.mustSession("keeper")
			a := h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
			one, two := h.mustSession("limin"), h.mustSession("limin")
			h.mustStatus(act(h, keeper, a), http.StatusSeeOther)
			for _, secret := range []string{one, two} {
				h.mustStatus(h.do(get, "/work", secret, nil), http.StatusUnauthorized)
				h.mustStatus(h.do(post, "/work/sign", secret, url.Values{"round": {"1"}}), http.StatusUnauthorized)
				h.mustStatus(h.do(get, "/", secret, nil), http.StatusOK)
			}
		})
	}
	h := mustHouse(t)
	h.mustPerson("keeper", indicators.Grant{Role: indicators.SecurityAdmin})
	h.mustPerson("deputy", indicators.Grant{Role: indicators.SecurityAdmin})
	keeper := h.mustSession("keeper")
	own, err := h.store.Credentials(context.Background(), "keeper")
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("/accounts/%d", own.ID)
	if h.doc(h.do(get, address, keeper, nil)).Find(`form[action$="/grants"]`).Length() != 0 {
		t.Error("one's own roles are offered for change")
	}
	h.mustStatus(h.do(post, address+"/grants", keeper, url.Values{"version": {fmt.Sprint(own.Version)}, "role": {"office"}}), http.StatusConflict)
}

// A session that somebody chose for another is not the one that a sign-in
// opens.
func TestNobodyChoosesASession(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	const chosen = "chosen-by-somebody-else-chosen-by-somebody-else"
	w := h.do(post, "/sign-in", chosen, url.Values{"name": {"limin"}, "password": {goodPassword}})
	h.mustStatus(w, http.StatusSeeOther)
	if k := session(w); k == nil || k.Value == chosen {
		t.Errorf("the session is %v", k)
	}
	h.mustStatus(h.do(get, "/work", chosen, nil), http.StatusUnauthorized)
}

// A double click on what acts once leads both answers to the result, at the same
// moment and right after it; a refusal of what one has just done is shown to
// nobody. Anybody else, other words and a later time meet the refusal.
func TestDoubleClickLeadsToTheResult(t *testing.T) {
	const clicks = 3
	for name, prepare := range map[string]func(*testing.T, *desk) (path, secret string, form url.Values, other func() (string, url.Values)){
		"publish": func(_ *testing.T, d *desk) (string, string, url.Values, func() (string, url.Values)) {
			d.approved(1, "3")
			form := d.previewForm(d.round)
			return "/releases/preview", d.office, form, func() (string, url.Values) { return d.office, with(form, "note", "other words") }
		},
		"withhold": func(_ *testing.T, d *desk) (string, string, url.Values, func() (string, url.Values)) {
			doc := d.doc(d.do(get, d.anyFigure(), d.office, nil))
			form := with(filled(doc), "reason", "counted twice")
			return doc.Find(`form[action$="/withhold"]`).AttrOr("action", ""), d.office, form, func() (string, url.Values) {
				return d.office, with(form, "reason", "other words")
			}
		},
		"undo": func(_ *testing.T, d *desk) (string, string, url.Values, func() (string, url.Values)) {
			d.published(1, "3")
			form := url.Values{"reason": {"counted twice"}}
			return "/releases/2/undo", d.office, form, func() (string, url.Values) { return d.office, with(form, "reason", "other words") }
		},
		"load": func(t *testing.T, d *desk) (string, string, url.Values, func() (string, url.Values)) {
			d.mustStatus(d.sendFile("/library/package", d.office, "newer.zip", zipped(t, d.newerPlan())), http.StatusSeeOther)
			token := d.doc(d.do(get, "/library/package", d.office, nil)).Find("input[name=token]").AttrOr("value", "")
			form := url.Values{"token": {token}, "reason": {"second edition"}}
			return "/library/package/load", d.office, form, func() (string, url.Values) { return d.office, with(form, "reason", "other words") }
		},
		"backup": func(_ *testing.T, d *desk) (string, string, url.Values, func() (string, url.Values)) {
			d.mustPerson("keeper", indicators.Grant{Role: indicators.SystemAdmin})
			d.mustPerson("another", indicators.Grant{Role: indicators.SystemAdmin})
			another := d.mustSession("another")
			return "/backups", d.mustSession("keeper"), url.Values{}, func() (string, url.Values) { return another, url.Values{} }
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := mustHouse(t, func(c *Config) { c.Backups = t.TempDir() })
			d := mustDeskIn(h).mustOpen()
			path, secret, form, other := prepare(t, d)
			to := make([]string, clicks+1)
			var group sync.WaitGroup
			for n := range clicks {
				group.Go(func() { to[n] = d.do(post, path, secret, form).Header().Get("Location") })
			}
			group.Wait()
			to[clicks] = d.do(post, path, secret, form).Header().Get("Location")
			for n := range to {
				if to[n] == "" || to[n] != to[0] {
					t.Errorf("click %d leads to %q, want %q", n, to[n], to[0])
				}
			}
			strange, words := other()
			if w := d.do(post, path, strange, words); w.Code != http.StatusConflict {
				t.Errorf("somebody else's, or other words, are answered %d", w.Code)
			}
			d.wait(moments)
			if w := d.do(post, path, secret, form); w.Code != http.StatusConflict {
				t.Errorf("a minute later it is answered %d, %s", w.Code, w.Header().Get("Location"))
			}
		})
	}
}

// with is a form with another text in one field.
func with(form url.Values, name, text string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	out.Set(name, text)
	return out
}
