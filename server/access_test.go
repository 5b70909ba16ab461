package server

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gin-gonic/gin"
	"github.com/pquerna/otp/totp"

	"yimi/indicators"
	"yimi/indicators/sheet"
	"yimi/indicators/sqlite"
	"yimi/seed"
)

// house is the site on a real store, with a clock to turn.
type house struct {
	*Server
	t     testing.TB
	store *sqlite.Store
	path  string
	org   [2]indicators.Code
	mu    sync.Mutex
	at    time.Time
}

// now is the clock when a test begins.
var now = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

const goodPassword = "correct horse battery staple 7"

// goodHash is computed once: hashing is slow on purpose.
var goodHash = sync.OnceValue(func() string {
	g, err := newGate()
	if err != nil {
		panic(err)
	}
	h, err := g.hash(context.Background(), goodPassword)
	if err != nil {
		panic(err)
	}
	return h
})

func mustHouse(t testing.TB, change ...func(*Config)) *house {
	t.Helper()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "yimi.db")
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	pkg, err := seed.Read(seed.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(ctx, pkg, now, nil); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, store: store, path: path, at: now, org: [2]indicators.Code{pkg.Organisations[0].Code, pkg.Organisations[1].Code}}
	c := Config{Store: store, Sheets: sheet.Writer{}, Now: h.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, f := range change {
		f(&c)
	}
	if h.Server, err = New(c); err != nil {
		t.Fatal(err)
	}
	link, err := store.FirstLink(ctx, now, "chief", "Chief")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Redeem(ctx, link, now, "", "", goodHash()); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// mustPerson is an account that can sign in.
func (h *house) mustPerson(name string, grants ...indicators.Grant) indicators.Account {
	h.t.Helper()
	ctx := context.Background()
	id, link, err := h.store.Invite(ctx, h.chief(), h.clock(), name, "Person "+name, grants)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.store.Redeem(ctx, link, h.clock(), "", "", goodHash()); err != nil {
		h.t.Fatal(err)
	}
	return h.mustAccount(id)
}

func (h *house) mustAccount(id int64) indicators.Account {
	h.t.Helper()
	a, err := h.store.Account(context.Background(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func (h *house) chief() indicators.Actor {
	return indicators.Actor{Account: 1, Person: "Chief", Grants: []indicators.Grant{{Role: indicators.SecurityAdmin}}}
}

// mustSession is a cookie of somebody with everything set up.
func (h *house) mustSession(name string) string {
	h.t.Helper()
	ctx := context.Background()
	c, err := h.store.Credentials(ctx, name)
	if err != nil {
		h.t.Fatal(err)
	}
	secret, err := h.store.SignIn(ctx, h.clock(), c, indicators.Entry{Name: name, From: "192.0.2.1", Place: "192.0.2.1"})
	if err != nil {
		h.t.Fatal(err)
	}
	if !h.needsSecond(c.Account) || c.Second {
		return secret
	}
	x, a, err := h.store.Session(ctx, secret, h.clock())
	if err != nil {
		h.t.Fatal(err)
	}
	if secret, err = h.store.SecondOn(ctx, a.Actor(""), h.clock(), x, secretOf(name), h.clock().Unix()/30-5, []string{"ABCDEFGHJKLMNPQR"}); err != nil {
		h.t.Fatal(err)
	}
	return secret
}

// secretOf is the second factor's secret of a person in these tests.
func secretOf(string) string { return "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" }

// code is what an authenticator shows now.
func (h *house) code() string {
	h.t.Helper()
	c, err := totp.GenerateCode(secretOf(""), h.clock())
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// do sends a request; secret is a session's, headers come in pairs.
func (h *house) do(method, path, secret string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req := httptest.NewRequest(method, path, body)
	req.RemoteAddr = "192.0.2.1:4000"
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if secret != "" {
		req.AddCookie(&http.Cookie{Name: "session", Value: secret})
	}
	for n := 0; n+1 < len(headers); n += 2 {
		req.Header.Set(headers[n], headers[n+1])
	}
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, req)
	return w
}

func (h *house) doc(w *httptest.ResponseRecorder) *goquery.Document {
	h.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		h.t.Fatal(err)
	}
	return doc
}

func (h *house) mustStatus(w *httptest.ResponseRecorder, want int) {
	h.t.Helper()
	if w.Code != want {
		h.t.Fatalf("status %d, want %d: %s", w.Code, want, h.doc(w).Find("main").Text())
	}
}

// session is the cookie that an answer sets.
func session(w *httptest.ResponseRecorder) *http.Cookie {
	for _, c := range w.Result().Cookies() {
		if strings.HasSuffix(c.Name, "session") && c.Value != "" {
			return c
		}
	}
	return nil
}

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
	"GET /releases": "all", "GET /releases/:number": "all", "GET /releases/preview": "office", "POST /releases/preview": "office",
	"POST /releases/:number/undo": "office", "POST /releases/takings/:id/drop": "office",
	"GET /review": "reviewer office", "GET /review/:duty": "reviewer office", "POST /review/approve": "office", "POST /review/endorse": "reviewer",
	"POST /review/return": "reviewer office", "POST /review/:duty/reopen": "office",
	"POST /work/sign": "contributor", "GET /work/:duty": "contributor reviewer office auditor", "POST /work/:duty": "contributor",

	"POST /work/:duty/evidence": "contributor", "GET /evidence/:id": "contributor reviewer office auditor", "POST /evidence/:id/detach": "contributor",
	"GET /sheet": "contributor reviewer office auditor", "POST /sheet": "contributor", "POST /sheet/scan": "contributor",
	"GET /grid": "contributor", "POST /grid": "contributor",
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
		path := strings.NewReplacer(":id", fmt.Sprint(victim.ID), ":number", "nothing", ":token", "nothing", ":code", "nothing", ":duty", "nothing").Replace(r.path)
		unknown := strings.NewReplacer(":id", "999999", ":number", "999999", ":token", "nothing", ":code", "nothing", ":duty", "999999").Replace(r.path)
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
			if strings.Contains(path, "nothing") || strings.HasPrefix(path, "/evidence/") || path == "/sheet" {
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
	typed := url.Values{"name": {"li.min"}, "person": {"李敏 <b>&\"'\n第二行"}, "contributor": {string(h.org[0]), string(h.org[1]), ""}}
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
