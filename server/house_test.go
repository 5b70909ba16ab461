package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
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

// zips reads packages as the program does.
type zips struct{}

func (zips) Read(r io.ReaderAt, size int64) (*indicators.Package, error) {
	fsys, err := seed.OpenZip(r, size)
	if err != nil {
		return nil, err
	}
	return seed.Read(fsys)
}

func mustHouse(t testing.TB, change ...func(*Config)) *house {
	t.Helper()
	return mustHouseOf(t, func(*indicators.Package) {}, change...)
}

// mustHouseOf has the shipped plan with something changed.
func mustHouseOf(t testing.TB, rewrite func(*indicators.Package), change ...func(*Config)) *house {
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
	rewrite(pkg)
	if _, err := store.Load(ctx, pkg, now, nil); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, store: store, path: path, at: now, org: [2]indicators.Code{pkg.Organisations[0].Code, pkg.Organisations[1].Code}}
	c := Config{Store: store, Sheets: sheet.Writer{}, Packages: zips{}, Now: h.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
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
	if !c.Actor("").NeedsSecond() || c.Second {
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
