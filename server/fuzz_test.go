package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
)

// FuzzSignIn: whatever is typed at sign-in, nobody comes in who has not the
// password, nothing breaks, and the page gives the name back as text.
func FuzzSignIn(f *testing.F) {
	h := mustHouse(f)
	h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	for _, seed := range [][4]string{
		{"limin", "wrong", "", "/work"}, {"' OR 1=1 --", "' OR ''='", "", "//evil.example"}, {"<script>alert(1)</script>", "x", "000000", "javascript:alert(1)"},
		{"li\x00min", "\x00", "\xff\xfe", "/\r\nSet-Cookie: a=b"}, {"ＬＩＭＩＮ", "ｗｒｏｎｇ", "１２３４５６", "/%2F/evil.example"}, {"", "", "", ""},
		{strings.Repeat("a", 5000), strings.Repeat("密", 2000), strings.Repeat("9", 500), "/" + strings.Repeat("x", 3000)},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, name, password, code, next string) {
		if canonical(password) == goodPassword {
			password += "!"
		}
		h.t = t
		h.wait(time.Hour)
		w := h.do(post, "/sign-in", "", url.Values{"name": {name}, "password": {password}, "otp": {code}, "next": {next}, "to": {next}, "kept.x": {name}})
		if w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusTooManyRequests || session(w) != nil {
			t.Fatalf("status %d, cookie %v", w.Code, session(w))
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
		if err != nil {
			t.Fatal(err)
		}
		if n := doc.Find("main script, main img").Length(); n != 0 {
			t.Errorf("the page has %d elements that were typed", n)
		}
		if to := doc.Find("input[name=next]").AttrOr("value", ""); local(to) != to {
			t.Errorf("the sign-in leads to %q", to)
		}
	})
}

// FuzzLocal: no address of another site, whatever a browser makes of it.
func FuzzLocal(f *testing.F) {
	for _, seed := range []string{"/work", "//evil.example", "/\\evil", "/\t/evil", "https://evil.example", "/a?next=//b", "/%5c%5cevil", "/;@evil", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, next string) {
		to := local(next)
		// A browser drops tabs and line ends and reads \\ as /.
		seen := strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(strings.TrimSpace(to))
		if !strings.HasPrefix(seen, "/") || strings.HasPrefix(seen, "//") {
			t.Errorf("local(%q) = %q", next, to)
		}
		if local(to) != to {
			t.Errorf("local(%q) = %q is not local", next, to)
		}
	})
}
