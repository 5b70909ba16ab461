package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
)

// access says whose every address is: "all" for whoever comes, "signed" for
// whoever is signed in, else the roles. A new route needs its line.
var access = map[string]string{
	"GET /": "all", "GET /domains/:code": "all", "GET /indicators": "all", "GET /indicators.csv": "all", "GET /indicators.xlsx": "all",
	"GET /indicators.json": "all", "GET /indicators/:code": "all", "GET /tasks": "all", "GET /tasks/:code": "all",
	"GET /organisations": "all", "GET /organisations/:code": "all", "GET /areas": "all", "GET /areas/:code": "all",
	"GET /projects": "all", "GET /policies": "all", "GET /status": "all", "GET /method": "all", "GET /healthz": "all",
	"GET /api/v1/indicators": "all", "GET /api/v1/indicators/:code": "all", "GET /api/v1/assessment": "all",
	"GET /sign-in": "all", "POST /sign-in": "all", "GET /invite/:token": "all", "POST /invite/:token": "all",
	"GET /reset/:token": "all", "POST /reset/:token": "all",

	"POST /sign-out": "signed", "GET /work": "signed", "GET /account": "signed",
	"GET /account/password": "signed", "POST /account/password": "signed",
	"GET /account/second": "signed", "POST /account/second": "signed", "POST /account/second/off": "signed",
	"POST /account/sessions/end": "signed", "POST /account/sessions/end/:id": "signed",

	"GET /accounts": "security", "GET /accounts/new": "security", "POST /accounts/new": "security", "GET /accounts/:id": "security",
	"POST /accounts/:id/grants": "security", "POST /accounts/:id/disable": "security", "POST /accounts/:id/enable": "security",
	"POST /accounts/:id/hand-over": "security", "POST /accounts/:id/link": "security", "POST /accounts/:id/temporary": "security",
	"POST /accounts/:id/end": "security",

	"GET /rounds": "office", "GET /rounds/new": "office", "POST /rounds/new": "office", "GET /rounds/:number": "office",
	"GET /rounds/:number/amend": "office", "POST /rounds/:number/amend": "office", "POST /rounds/:number/extensions/:id": "office",
	"GET /rounds/:number/chase": "office", "POST /rounds/:number/chase": "office", "GET /contacts": "office", "POST /contacts": "office",
	"GET /releases": "all", "GET /releases/:number": "all", "GET /releases/:number/statuses": "all", "GET /releases/preview": "office", "POST /releases/preview": "office",
	"GET /indicators/:code/withhold": "office", "POST /indicators/:code/withhold": "office",
	"POST /releases/:number/undo": "office", "POST /releases/takings/:id/drop": "office",
	"GET /review": "reviewer office", "GET /review/:duty": "reviewer office", "POST /review/approve": "office", "POST /review/endorse": "reviewer",
	"POST /review/return": "reviewer office", "POST /review/:duty/reopen": "office",
	"POST /work/sign": "contributor", "GET /work/:duty": "contributor reviewer office auditor", "POST /work/:duty": "contributor",

	"POST /work/:duty/evidence": "contributor", "GET /evidence/:id": "contributor reviewer office auditor", "POST /evidence/:id/detach": "contributor",
	"GET /sheet": "contributor reviewer office auditor", "POST /sheet": "contributor", "POST /sheet/scan": "contributor",
	"GET /extension": "contributor", "POST /extension": "contributor",
	"GET /receipt":         "contributor reviewer office auditor",
	"GET /library/package": "office", "POST /library/package": "office", "POST /library/package/load": "office",
	"GET /projects/:number/progress": "office", "POST /projects/:number/progress": "office",
	"GET /grid": "contributor", "POST /grid": "contributor",
	"GET /settings": "system", "POST /settings": "system", "POST /settings/letter": "system",
	"GET /backups": "system", "POST /backups": "system", "POST /backups/verify": "system", "POST /backups/stop": "system",
	"GET /library": "office", "GET /library/indicators/new": "office", "POST /library/indicators/new": "office",
	"GET /library/indicators/:code": "office", "POST /library/indicators/:code": "office",
	"GET /library/indicators/:code/targets/new": "office", "POST /library/indicators/:code/targets/new": "office",
	"GET /library/indicators/:code/targets/:target": "office", "POST /library/indicators/:code/targets/:target": "office",
	"GET /library/organisations/new": "office", "POST /library/organisations/new": "office",
	"GET /library/organisations/:code": "office", "POST /library/organisations/:code": "office",
	"GET /library/areas/new": "office", "POST /library/areas/new": "office",
	"GET /library/areas/:code": "office", "POST /library/areas/:code": "office",
	"GET /audit": "auditor", "GET /audit.csv": "auditor",
}

// roles are people with one role each; "" is nobody.
func (h *house) roles() map[string]string {
	out := map[string]string{"": ""}
	for _, r := range indicators.Role("").Allowed() {
		g := indicators.Grant{Role: indicators.Role(r)}
		if g.Role.OfOrganisation() {
			g.Organisation = h.org[0]
		}
		h.mustPerson(r, g)
		out[r] = h.mustSession(r)
	}
	return out
}

// Every route is driven as every role, and answers exactly those whose it is.
// What a refused request would have done has not been done.
func TestEveryRouteAsEveryRole(t *testing.T) {
	h := mustHouse(t)
	people := h.roles()
	victim := h.mustPerson("victim", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[1]})
	seen := map[string]bool{}
	for _, r := range h.routes() {
		name := r.method + " " + r.path
		seen[name] = true
		whose, ok := access[name]
		if !ok {
			t.Errorf("%s has no row in the table of who may", name)
			continue
		}
		if (whose == "all") != (r.action == "") {
			t.Errorf("%s is for %s and asks for %q", name, whose, r.action)
		}
		path := strings.NewReplacer(":id", fmt.Sprint(victim.ID), ":number", "nothing", ":token", "nothing", ":code", "nothing", ":target", "nothing", ":duty", "nothing").Replace(r.path)
		unknown := strings.NewReplacer(":id", "999999", ":number", "999999", ":token", "nothing", ":code", "nothing", ":target", "nothing", ":duty", "999999").Replace(r.path)
		for role, secret := range people {
			may := whose == "all" || whose == "signed" && role != "" || slices.Contains(strings.Fields(whose), role)
			if may {
				continue // what they may is tested by what it does
			}
			before := h.mustAccount(victim.ID)
			head, err := h.store.TreeHead(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			want := http.StatusForbidden
			if role == "" {
				want = http.StatusUnauthorized
			}
			form := url.Values{"version": {fmt.Sprint(before.Version)}, "role": {"auditor"}, "name": {"newcomer"}, "person": {"X"}, "to": {"1"}}
			if r.method == get {
				form = nil
			}
			own, other := h.do(r.method, path, secret, form), h.do(r.method, unknown, secret, form)
			if own.Code != want || other.Code != want {
				t.Errorf("%s as %q = %d, with an unknown id %d, want %d", name, role, own.Code, other.Code, want)
			}
			if h.mustAccount(victim.ID).Version != before.Version {
				t.Errorf("%s as %q changed the account", name, role)
			}
			if after, _ := h.store.TreeHead(context.Background()); after != head {
				t.Errorf("%s as %q stands in the trail", name, role)
			}
			if own.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s as %q may be kept: %q", name, role, own.Header().Get("Cache-Control"))
			}
			if strings.Contains(own.Body.String(), "victim") {
				t.Errorf("%s as %q tells of the account", name, role)
			}
		}
		for role, secret := range people {
			may := whose == "all" || whose == "signed" && role != "" || slices.Contains(strings.Fields(whose), role)
			if r.method != get || !may {
				continue
			}
			w := h.do(r.method, path, secret, nil)
			want := http.StatusOK
			if strings.Contains(path, "nothing") || strings.HasPrefix(path, "/evidence/") || path == "/sheet" || path == "/receipt" || path == "/extension" {
				want = http.StatusNotFound
			}
			if w.Code != want {
				t.Errorf("%s as %q = %d, want %d", name, role, w.Code, want)
			}
			if role != "" && w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s as %q may be kept: %q", name, role, w.Header().Get("Cache-Control"))
			}
		}
	}
	for name := range access {
		if !seen[name] {
			t.Errorf("%s is no route; take its row away", name)
		}
	}
}

// A forged address changes neither limit nor trail, unless a named proxy says
// it.
func TestAddresses(t *testing.T) {
	for name, c := range map[string]struct {
		proxies []string
		header  []string
		want    string
		cookie  string
	}{
		"no proxy":        {nil, []string{"X-Forwarded-For", "198.51.100.7", "X-Forwarded-Proto", "https"}, "192.0.2.1", "session"},
		"another's proxy": {[]string{"203.0.113.1"}, []string{"X-Forwarded-For", "198.51.100.7", "X-Forwarded-Proto", "https"}, "192.0.2.1", "session"},
		"named":           {[]string{"192.0.2.0/24"}, []string{"X-Forwarded-For", "198.51.100.7", "X-Forwarded-Proto", "https"}, "198.51.100.7", "__Host-session"},
		"named, forged":   {[]string{"192.0.2.1"}, []string{"X-Forwarded-For", "203.0.113.9, 198.51.100.7"}, "198.51.100.7", "__Host-session"},
		"named, plain":    {[]string{"192.0.2.1"}, []string{"X-Forwarded-For", "198.51.100.7", "X-Forwarded-Proto", "http"}, "198.51.100.7", "session"},
	} {
		t.Run(name, func(t *testing.T) {
			h := mustHouse(t, func(k *Config) { k.Proxies = c.proxies })
			a := h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
			w := h.do(post, "/sign-in", "", url.Values{"name": {"limin"}, "password": {goodPassword}}, c.header...)
			h.mustStatus(w, http.StatusSeeOther)
			if k := session(w); k.Name != c.cookie || k.Secure != (c.cookie != "session") {
				t.Errorf("the cookie is %+v", k)
			}
			events, err := h.store.Events(context.Background(), indicators.EventFilter{Account: a.ID, Act: indicators.SignIn})
			if err != nil || len(events) != 1 || events[0].From != c.want {
				t.Errorf("the trail says %+v, %v", events, err)
			}
		})
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	secret := h.mustSession("limin")
	for _, path := range []string{"/sign-in", "/sign-out", "/account/password", "/account/sessions/end"} {
		for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
			h.mustStatus(h.do(post, path, secret, url.Values{"name": {"limin"}, "password": {goodPassword}}, header...), http.StatusForbidden)
		}
	}
	h.mustStatus(h.do(get, "/work", secret, nil, "Sec-Fetch-Site", "cross-site"), http.StatusOK)
	h.mustStatus(h.do(post, "/sign-out", secret, url.Values{}, "Sec-Fetch-Site", "same-origin"), http.StatusSeeOther)
}

func TestLocal(t *testing.T) {
	for in, want := range map[string]string{
		"/": "/", "/indicators?q=%E6%89%98&asof=2024-01-01": "/indicators?q=%E6%89%98&asof=2024-01-01", "/work#x": "/work#x",
		"": home, "//evil.example": home, "///evil.example": home, "/\\evil.example": home, "\\\\evil.example": home, "https://evil.example/": home,
		"/\t/evil.example": home, "/\n/evil.example": home, " /x": home, "javascript:alert(1)": home, "work": home, "/%2F/evil.example": home, "/%5Cevil": home,
		"/sign-in": home, "/sign-out": home, "/sign-in?next=/x": home, "http:/x": home, "//": home,
	} {
		if got := local(in); got != want {
			t.Errorf("local(%q) = %q, want %q", in, got, want)
		}
	}
}

// What is too large or no form is refused as such, before anybody is asked to
// sign in.
func TestFormsAreRead(t *testing.T) {
	h := mustHouse(t)
	for path := range map[string]bool{"/sign-in": true, "/accounts/new": true} {
		h.mustStatus(h.do(post, path, "", url.Values{"name": {strings.Repeat("长", maxBody/9)}, "password": {"x"}}), http.StatusRequestEntityTooLarge)
		w := httptest.NewRecorder()
		r := httptest.NewRequest(post, path, strings.NewReader("name=%zz"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		h.Handler().ServeHTTP(w, r)
		h.mustStatus(w, http.StatusUnprocessableEntity)
	}
}

// Of IPv6 the network is counted, for one subscriber has all of it.
func TestPlace(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.1:4000": "192.0.2.1", "[2001:db8:1:2:3:4:5:6]:4000": "2001:db8:1:2::/64", "[2001:db8:1:2:ffff::1]:1": "2001:db8:1:2::/64",
		"[::ffff:192.0.2.1]:1": "192.0.2.1", "[::1]:1": "::/64", "nonsense": "",
	} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(get, "/", nil)
		c.Request.RemoteAddr = in
		if got := place(c); got != want {
			t.Errorf("place(%s) = %q, want %q", in, got, want)
		}
	}
}
