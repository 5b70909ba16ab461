package server

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"yimi/indicators"
)

// filled puts something into the places of a route's path.
func filledPath(path string) string {
	return strings.NewReplacer(":id", "1", ":number", "1", ":token", "nothing", ":code", "friendly-parks", ":duty", "1").Replace(path)
}

// No form of any page is taken from another site, whoever is signed in, and
// nothing is written.
func TestNoFormComesFromAnotherSite(t *testing.T) {
	d := mustOpen(t)
	people := d.roles()
	head, err := d.store.TreeHead(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.routes() {
		if r.method != post {
			continue
		}
		for role, secret := range people {
			for _, header := range [][]string{
				{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "null"}, {"Origin", "https://evil.example"},
				{"Origin", "http://example.com:81"},
			} {
				w := d.do(post, filledPath(r.path), secret, url.Values{"version": {"1"}}, header...)
				if w.Code != http.StatusForbidden || w.Header().Get("Set-Cookie") != "" {
					t.Errorf("%s as %q with %v = %d", r.path, role, header, w.Code)
				}
			}
		}
	}
	if after, err := d.store.TreeHead(context.Background()); err != nil || after != head {
		t.Error("another site's form stands in the trail")
	}
}

// No page may be framed, nothing on it runs but our own files, and no answer is
// taken for another kind than it says, whatever it is: page, file, redirect,
// refusal.
func TestEveryAnswerIsGuarded(t *testing.T) {
	d := mustOpen(t)
	seen := map[int]bool{}
	check := func(what string, w *httptest.ResponseRecorder) {
		t.Helper()
		seen[w.Code] = true
		h := w.Header()
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s (%d): policy %q, %q", what, w.Code, csp, h.Get("X-Content-Type-Options"))
		}
	}
	for _, r := range d.routes() {
		for _, secret := range []string{"", d.office} {
			if r.path == "/sign-out" || strings.HasPrefix(r.path, "/account/sessions") {
				continue
			}
			check(r.method+" "+r.path, d.do(r.method, filledPath(r.path), secret, url.Values{"x": {"1"}}))
		}
	}
	for _, path := range []string{"/nothing", "/static/nothing", "/static/../server.go", "/indicators.xml", "/indicators/friendly-parks.svg", "/indicators/friendly-parks.csv"} {
		check(path, d.do(get, path, "", nil))
	}
	for _, code := range []int{http.StatusOK, http.StatusSeeOther, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity} {
		if !seen[code] {
			t.Errorf("no answer was %d", code)
		}
	}
}

// Whoever says to come from elsewhere is counted where they are.
func TestForgedAddressesHelpNoGuessing(t *testing.T) {
	h := mustHouse(t)
	try := func(n int, at string) int {
		r := httptest.NewRequest(post, "/sign-in", strings.NewReader(url.Values{"name": {fmt.Sprintf("nobody-%d", n)}, "password": {"wrong"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, name := range []string{"X-Forwarded-For", "X-Real-IP", "X-Client-IP", "CF-Connecting-IP", "True-Client-IP", "X-Appengine-Remote-Addr"} {
			r.Header.Set(name, fmt.Sprintf("198.51.100.%d", n))
		}
		r.RemoteAddr = at
		w := httptest.NewRecorder()
		h.Handler().ServeHTTP(w, r)
		return w.Code
	}
	for n := range indicators.AddressPatience.Free + 1 {
		if code := try(n, "192.0.2.7:4000"); code != http.StatusUnprocessableEntity {
			t.Fatalf("guess %d = %d", n, code)
		}
	}
	if code := try(90, "192.0.2.7:4001"); code != http.StatusTooManyRequests {
		t.Errorf("one guess more under another address = %d, want 429", code)
	}
	if code := try(91, "192.0.2.8:4000"); code != http.StatusUnprocessableEntity {
		t.Errorf("somebody else's first guess = %d", code)
	}
}

// While every place for passwords is taken and as many wait as may, the next is
// told to come back, and who reads or works is not kept waiting.
func TestAFloodOfPasswordsStopsNobodyElse(t *testing.T) {
	d := mustOpen(t)
	for range cap(d.gate.slots) {
		d.gate.slots <- struct{}{}
	}
	d.gate.waiting.Store(gateWaiting)
	w := d.do(post, "/sign-in", "", url.Values{"name": {"head"}, "password": {goodPassword}})
	d.mustStatus(w, http.StatusTooManyRequests)
	if w.Header().Get("Retry-After") == "" || d.doc(w).Find("#name").AttrOr("value", "") != "head" {
		t.Errorf("who is told to come back is told %v", w.Header())
	}
	for path, secret := range map[string]string{"/": "", "/indicators": "", "/indicators.csv": "", "/work": d.office, "/review": d.office, "/healthz": ""} {
		d.mustStatus(d.do(get, path, secret, nil), http.StatusOK)
	}
}

// What an address leads to is of this site, whoever says otherwise.
func TestNoAddressLeadsElsewhere(t *testing.T) {
	d := mustOpen(t)
	for _, path := range []string{"/work/", "/indicators/", "//evil.example/", "//evil.example", "/%2f%2fevil.example/", "/\\evil.example/", "/sign-in/?next=//evil.example", "/./work/"} {
		for _, header := range [][]string{
			nil, {"X-Forwarded-Prefix", "//evil.example"}, {"X-Forwarded-Prefix", "/elsewhere"}, {"X-Forwarded-Host", "evil.example"}, {"Forwarded", "host=evil.example"}, {"X-Original-URL", "//evil.example"},
		} {
			r := httptest.NewRequest(get, "/", nil)
			r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
			for n := 0; n+1 < len(header); n += 2 {
				r.Header.Set(header[n], header[n+1])
			}
			w := httptest.NewRecorder()
			d.Handler().ServeHTTP(w, r)
			to := w.Header().Get("Location")
			if u, err := url.Parse(to); err != nil || u.Host != "" || strings.Contains(to, "elsewhere") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\") {
				t.Errorf("%s with %v leads to %q", path, header, to)
			}
		}
	}
}

// An address asks for nothing that breaks a page.
func TestOddQuestions(t *testing.T) {
	d := mustOpen(t)
	d.send(2, "3", counts)
	sessions := map[indicators.Role]string{"": "", indicators.OfficeMember: d.office, indicators.Contributor: d.mustSession(d.people["education-bureau"].Name)}
	for _, role := range []indicators.Role{indicators.Auditor, indicators.SecurityAdmin} {
		sessions[role] = d.mustSession(d.mustPerson(string(role), indicators.Grant{Role: role}).Name)
	}
	words := url.Values{}
	for _, key := range []string{"q", "state", "done", "org", "view", "act", "object", "results", "target", "lang", "theme", "size", "check"} {
		words.Set(key, "<script>alert(1)</script>\x00\xff")
	}
	for _, r := range d.routes() {
		if r.method != get {
			continue
		}
		role := indicators.Role("")
		for _, each := range []indicators.Role{indicators.OfficeMember, indicators.Contributor, indicators.Auditor, indicators.SecurityAdmin} {
			if role == "" && r.action != "" && (indicators.Actor{Account: 1, Grants: []indicators.Grant{{Role: each}}}).May(r.action) {
				role = each
			}
		}
		queries := []string{words.Encode()}
		for _, key := range []string{"from", "to", "n", "round", "release", "asof", "below", "account", "year", "area", "domain"} {
			for _, v := range []string{"9223372036854775807", "-1"} {
				queries = append(queries, url.Values{key: {v}}.Encode())
			}
		}
		for _, query := range queries {
			w := d.do(get, filledPath(r.path)+"?"+query, sessions[role], nil)
			if w.Code >= http.StatusInternalServerError {
				t.Errorf("%s?%s = %d", r.path, query, w.Code)
			}
			if strings.Contains(w.Body.String(), "<script>alert") || strings.ContainsAny(w.Header().Get("Location"), "\x00<>") {
				t.Errorf("%s?%s gives it back as it came", r.path, query)
			}
		}
	}
}

// An id of another organisation answers as one that nobody has, in an address
// and in a form, for reading and for writing.
func TestIdsOfOthersAreUnknown(t *testing.T) {
	d := mustOpen(t)
	ctx := context.Background()
	mine, theirs := indicators.Code("education-bureau"), indicators.Code("health-commission")
	me, other := d.mustSession(d.people[mine].Name), d.people[theirs].Actor("")
	_, list, err := d.store.WorkList(ctx, other, d.round)
	if err != nil {
		t.Fatal(err)
	}
	duty := list[0]
	e, err := d.store.Attach(ctx, other, now, duty.ID, "a.pdf", strings.NewReader(aPDF))
	if err != nil {
		t.Fatal(err)
	}
	sh, err := d.store.SheetOf(ctx, other, d.round, theirs)
	if err != nil {
		t.Fatal(err)
	}
	if sh, err = d.store.SignOff(ctx, other, now, d.round, theirs, sh.Code, indicators.Signed{EnteredBy: "a", CheckedBy: "b", Head: "c"}); err != nil {
		t.Fatal(err)
	}
	scan, err := d.store.AttachScan(ctx, other, now, sh.Signed.ID, "s.pdf", strings.NewReader(aPDF))
	if err != nil {
		t.Fatal(err)
	}
	head, err := d.store.TreeHead(ctx)
	if err != nil {
		t.Fatal(err)
	}
	round := fmt.Sprint(d.round)
	for _, c := range []struct {
		method, path, id, unknown string
		form                      url.Values
	}{
		{get, "/work/%s", fmt.Sprint(duty.ID), "999999", nil},
		{post, "/work/%s", fmt.Sprint(duty.ID), "999999", url.Values{"do": {"save"}, "value": {"1"}, "version": {"0"}}},
		{post, "/work/%s", fmt.Sprint(duty.ID), "999999", url.Values{"do": {"submit"}, "value": {"1"}, "version": {"0"}}},
		{post, "/work/%s", fmt.Sprint(duty.ID), "999999", url.Values{"do": {"withdraw"}, "version": {"0"}}},
		{post, "/work/%s/evidence", fmt.Sprint(duty.ID), "999999", url.Values{}},
		{get, "/evidence/%s", fmt.Sprint(e.ID), "999999", nil},
		{get, "/evidence/%s", fmt.Sprint(scan.ID), "999999", nil},
		{post, "/evidence/%s/detach", fmt.Sprint(e.ID), "999999", url.Values{}},
		{post, "/evidence/%s/detach", fmt.Sprint(scan.ID), "999999", url.Values{}},
		{get, "/sheet?round=" + round + "&org=%s", string(theirs), "nowhere", nil},
		{post, "/sheet?round=" + round + "&org=%s", string(theirs), "nowhere", url.Values{"code": {sh.Code}, "entered_by": {"x"}, "checked_by": {"x"}, "head": {"x"}}},
		{post, "/sheet/scan?round=" + round + "&org=%s", string(theirs), "nowhere", url.Values{}},
	} {
		known, unknown := d.do(c.method, fmt.Sprintf(c.path, c.id), me, c.form), d.do(c.method, fmt.Sprintf(c.path, c.unknown), me, c.form)
		// The pages that an address may have meant are told by its last word alone.
		a, b := d.doc(known).Find("main h1, main h1 + p").Text(), d.doc(unknown).Find("main h1, main h1 + p").Text()
		if known.Code != http.StatusNotFound || unknown.Code != http.StatusNotFound || a != b || a == "" {
			t.Errorf("%s %s = %d %q, an unknown one %d %q", c.method, c.path, known.Code, a, unknown.Code, b)
		}
	}
	// In forms that name several, the others' are passed over.
	d.do(post, "/grid", me, url.Values{"round": {round}, "do": {"submit"}, "pick": {fmt.Sprint(duty.ID)}, control(duty.ID, indicators.ValueField): {"7"}, fmt.Sprintf("version.%d", duty.ID): {"0"}})
	d.mustStatus(d.do(post, "/work/sign", me, url.Values{"round": {round}, "organisation": {string(theirs)}}), http.StatusNotFound)
	d.mustStatus(d.do(post, "/work/sign", me, url.Values{"round": {"99"}, "organisation": {string(mine)}}), http.StatusNotFound)
	if after, err := d.store.TreeHead(ctx); err != nil || after != head {
		t.Errorf("something was written into another's figures: %v", err)
	}
	// A person of no organisation's figures gets no return of a unit that is none.
	d.mustStatus(d.do(get, "/sheet?round="+round+"&org=nowhere", d.office, nil), http.StatusNotFound)
}

// Many at once on one figure: one of each wins, and nobody's words are lost.
func TestManyAtOnce(t *testing.T) {
	d := mustOpen(t)
	ctx := context.Background()
	me := d.people["education-bureau"]
	secret := d.mustSession(me.Name)
	sent := d.send(1, "3", counts)[0]
	_, list, err := d.store.WorkList(ctx, me.Actor(""), d.round)
	if err != nil {
		t.Fatal(err)
	}
	var duty indicators.Revision
	for _, r := range list {
		if r.Indicator == kindergartens {
			duty = r
		}
	}
	path := fmt.Sprintf("/work/%d", duty.ID)
	const many = 20
	at := func(do func(n int) int) map[int]int {
		var group sync.WaitGroup
		var mu sync.Mutex
		out := map[int]int{}
		for n := range many {
			group.Go(func() {
				code := do(n)
				mu.Lock()
				defer mu.Unlock()
				out[code]++
			})
		}
		group.Wait()
		return out
	}
	for _, c := range []struct {
		name string
		do   func(n int) int
		want map[int]int
	}{
		{"each with another value", func(n int) int {
			return d.do(post, path, secret, url.Values{"version": {"0"}, "value": {fmt.Sprint(40 + n)}, "do": {"save"}}).Code
		}, map[int]int{http.StatusSeeOther: 1, http.StatusConflict: many - 1}},
		{"a double click, often", func(int) int {
			return d.do(post, path, secret, url.Values{"version": {"1"}, "value": {"47.83"}, "source": {"s"}, "note": {"n"}, "explanation": {"e"}, "next": {"x"}, "do": {"submit"}, "key": {"one"}}).Code
		}, map[int]int{http.StatusSeeOther: many}},
		{"approved by all", func(int) int {
			return d.do(post, "/review/approve", d.office, url.Values{"pick": {box(sent.ID, sent.Version)}}).Code
		}, map[int]int{http.StatusSeeOther: 1, http.StatusConflict: many - 1}},
	} {
		if got := at(c.do); !sameCounts(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	view, err := d.store.Figure(ctx, me.Actor(""), now, duty.ID)
	if err != nil || view.Revision.Version != 2 || view.Revision.State != indicators.Submitted || len(view.Versions) != 2 {
		t.Errorf("after all of that it is %+v, %v", view.Revision, err)
	}
	form := d.previewForm(d.round)
	if got, want := at(func(n int) int {
		return d.do(post, "/releases/preview", d.office, with(form, "note", fmt.Sprint("tab ", n))).Code
	}), (map[int]int{http.StatusSeeOther: 1, http.StatusConflict: many - 1}); !sameCounts(got, want) {
		t.Errorf("published from many tabs: %v, want %v", got, want)
	}
	if all, err := d.store.Releases(ctx); err != nil || len(all) != 2 {
		t.Errorf("there are %d releases, %v", len(all), err)
	}
}

func sameCounts(a, b map[int]int) bool {
	for k, n := range a {
		if b[k] != n {
			return false
		}
	}
	return len(a) == len(b)
}

// In bulk one's own figures stay where they are and the others pass, each
// once however often it was chosen.
func TestBulkWithOnesOwnAmongOthers(t *testing.T) {
	d := mustOpen(t)
	sent := d.send(3, "3", counts)
	both := d.mustPerson("both", indicators.Grant{Role: indicators.OfficeMember}, indicators.Grant{Role: indicators.Contributor, Organisation: sent[0].Organisation})
	secret := d.mustSession(both.Name)
	out, err := d.store.Withdraw(context.Background(), both.Actor(""), now, indicators.Pick{Duty: sent[0].ID, Version: sent[0].Version})
	if err != nil || out[0].Err != nil {
		t.Fatal(err, out)
	}
	own := d.submit(both.Actor(""), out[0].Revision.Duty, "4")
	picks := url.Values{"pick": {box(own.ID, own.Version), box(sent[1].ID, sent[1].Version), box(sent[1].ID, sent[1].Version), box(sent[2].ID, sent[2].Version), "x:y", ":", "-1:-1"}}
	w := d.do(post, "/review/approve", secret, picks)
	d.mustStatus(w, http.StatusForbidden)
	for n, want := range []indicators.State{indicators.Submitted, indicators.Approved, indicators.Approved} {
		view, err := d.store.Figure(context.Background(), d.head.Actor(""), now, sent[n].ID)
		if err != nil || view.Revision.State != want {
			t.Errorf("figure %d is %s, %v, want %s", n, view.Revision.State, err, want)
		}
	}
	d.mustStatus(d.do(post, "/review/approve", secret, url.Values{"pick": {box(own.ID, own.Version)}}), http.StatusForbidden)
	// A figure chosen twice is passed once and refused never.
	d.mustStatus(d.do(post, "/review/approve", d.office, url.Values{"pick": {box(own.ID, own.Version), box(own.ID, own.Version)}}), http.StatusSeeOther)
}

// What is kept of a page is asked for anew after a release: the old tag does
// not fit, and the new one does.
func TestNoPageIsKeptOverARelease(t *testing.T) {
	d := mustOpen(t)
	sent := d.approved(1, "3")[0]
	code := string(sent.Indicator)
	paths := []string{"/", "/indicators", "/indicators.csv", "/indicators.json", "/indicators.xlsx", "/indicators/" + code, "/indicators/" + code + ".csv", "/status", "/releases", "/api/v1/indicators", "/api/v1/indicators/" + code, "/api/v1/assessment"}
	tags := map[string]string{}
	for _, path := range paths {
		w := d.do(get, path, "", nil)
		tags[path] = w.Header().Get("ETag")
		if tags[path] == "" || w.Header().Get("Cache-Control") != "no-cache" {
			t.Fatalf("%s has the tag %q and %q", path, tags[path], w.Header().Get("Cache-Control"))
		}
		again := d.do(get, path, "", nil, "If-None-Match", `"other", W/`+tags[path])
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 || !strings.Contains(again.Header().Get("Vary"), "Accept-Language") || again.Header().Get("ETag") != tags[path] {
			t.Errorf("%s with its tag = %d, %v", path, again.Code, again.Header())
		}
	}
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(d.round)), http.StatusSeeOther)
	for _, path := range paths {
		w := d.do(get, path, "", nil, "If-None-Match", tags[path])
		if w.Code != http.StatusOK || w.Header().Get("ETag") == tags[path] {
			t.Errorf("%s after the release with the tag from before = %d", path, w.Code)
		}
	}
	// A download says which release it is of, as its page does.
	if w := d.do(get, "/indicators/"+code+".csv", "", nil); !strings.Contains(w.Header().Get("Content-Disposition"), "-r2-") {
		t.Errorf("the download is named %s", w.Header().Get("Content-Disposition"))
	}
	old := d.do(get, "/indicators/"+code+".csv?release=1", "", nil)
	if !strings.Contains(old.Header().Get("Content-Disposition"), "-r1-") || old.Header().Get("ETag") == "" {
		t.Errorf("the download of the release before is named %s", old.Header().Get("Content-Disposition"))
	}
}

// Any name gives one header of one line, which old and new readers read.
func TestDisposition(t *testing.T) {
	for name, want := range map[string]string{
		"托位数 2025.csv": "托位数 2025.csv", "a\"b\n.csv": "a\"b.csv", "a\r\nSet-Cookie: x=1.csv": "aSet-Cookie: x=1.csv", "plain.csv": "plain.csv",
		";filename=evil.html": ";filename=evil.html", "100%25.pdf": "100%25.pdf", `a\b.pdf`: `a\b.pdf`, "é'().pdf": "é'().pdf", "\x7f\x00x": "x", "𠮷.pdf": "𠮷.pdf",
	} {
		got := disposition(name)
		if strings.ContainsAny(got, "\r\n\x00\x7f") || strings.ContainsFunc(got, func(r rune) bool { return r > '~' }) {
			t.Errorf("%q gives %q", name, got)
		}
		kind, params, err := mime.ParseMediaType(got)
		if err != nil || kind != "attachment" || params["filename"] != want {
			t.Errorf("%q is read as %q %q, %v, want %q", name, kind, params["filename"], err, want)
		}
	}
}

// A form with a file leaves nothing behind, taken or refused.
func TestUploadsLeaveNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	h := mustHouse(t)
	round := h.mustRound(2025)
	me := h.mustSession("at-education-bureau")
	path := h.mustDuty(round, kindergartens, "at-education-bureau")
	big := strings.Repeat("x", 3<<20)
	for content, want := range map[string]int{aPDF + big: http.StatusSeeOther, big: http.StatusUnprocessableEntity, aPDF + strings.Repeat("x", 20<<20): http.StatusRequestEntityTooLarge, aPDF + strings.Repeat("x", 22<<20): http.StatusRequestEntityTooLarge} {
		h.mustStatus(h.send(path+"/evidence", me, nil, map[string]string{"a.pdf": content}), want)
		if left, err := filepath.Glob(filepath.Join(os.TempDir(), "multipart-*")); err != nil || len(left) > 0 {
			t.Errorf("after %d bytes %v are left, %v", len(content), left, err)
		}
	}
}
