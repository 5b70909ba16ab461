package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

// A chosen password, long and of no words of the city.
const ownPassword = "seven kites over a quiet harbour"

var printedLink = regexp.MustCompile(`http://[^ \n]+/(?:invite|reset)/[A-Za-z0-9_-]{43}`)

func TestFirstStartPrintsALinkUntilSomebodyCame(t *testing.T) {
	data := t.TempDir()
	s := start(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", data})
	for end := time.Now().Add(10 * time.Second); !printedLink.MatchString(s.out.String()) && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	link := printedLink.FindString(s.out.String())
	if link == "" || !strings.HasPrefix(link, s.url) {
		t.Fatalf("the first start prints %s", s.out.String())
	}
	res, err := http.PostForm(link, url.Values{"password": {ownPassword}, "password_again": {ownPassword}})
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.Request.URL.Path != "/sign-in" {
		t.Errorf("the link leads to %s, %v", res.Request.URL, err)
	}
	s.stop()
	s = start(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", data})
	s.get(t, "/healthz", http.StatusOK)
	if printedLink.MatchString(s.out.String()) {
		t.Error("a second start prints a link although somebody keeps the accounts")
	}
	// From the console, beside the running server.
	code, said := try(t, "account", "link", "--data", data, "--site", s.url, "security")
	link = printedLink.FindString(said)
	if code != exitDone || link == "" {
		t.Fatalf("account link = %d: %s", code, said)
	}
	s.get(t, strings.TrimPrefix(link, s.url), http.StatusOK)
	if code, said := try(t, "account", "link", "--data", data, "nobody"); code != exitFailed || !strings.Contains(said, "nobody") {
		t.Errorf("a link for nobody = %d: %s", code, said)
	}
	code, said = try(t, "audit", "verify", "--data", data)
	head := regexp.MustCompile(`\d+:[A-Za-z0-9+/=]{44}`).FindString(said)
	if code != exitDone || head == "" || strings.Contains(said, "%!") {
		t.Fatalf("audit verify = %d: %s", code, said)
	}
	if code, said := try(t, "audit", "verify", "--data", data, "--head", head); code != exitDone {
		t.Errorf("audit verify --head %s = %d: %s", head, code, said)
	}
	size, root, _ := strings.Cut(head, ":")
	for _, wrong := range []string{size + ":" + strings.ToLower(root), "999:" + root, "x", "1:"} {
		if code, said := try(t, "audit", "verify", "--data", data, "--head", wrong); code != exitFailed || strings.Contains(said, "[cli.") {
			t.Errorf("audit verify --head %s = %d: %s", wrong, code, said)
		}
	}
	if code, _ := try(t, "audit", "verify", "--data", t.TempDir()); code != exitFailed {
		t.Error("the trail of no database is whole")
	}
}

// fill types into a field and press sends the form that a button belongs to.
func fill(id, text string) chromedp.Action {
	return chromedp.SendKeys("#"+id, text, chromedp.ByQuery)
}

func press(selector string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Click(selector, chromedp.ByQuery))
		return err
	})
}

// The first administrator comes in by the printed link, sets up the code app,
// invites a colleague and an auditor; the pages of each hold in both languages,
// light and dark, narrow and wide.
func TestAccountsInABrowser(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, "")
	for end := time.Now().Add(10 * time.Second); !printedLink.MatchString(s.out.String()) && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	ctx, w := browser(t, s)
	dir := os.Getenv("YIMI_SCREENSHOTS")
	look := func(name, address string) {
		t.Helper()
		for n, lang := range []string{"zh-CN", "en"} {
			checkPage(t, ctx, w, s, address, lang, n == 1, string(axe))
		}
		if dir == "" {
			return
		}
		if err := os.MkdirAll(dir, 0o750); err != nil {
			t.Fatal(err)
		}
		for _, width := range []int64{360, 1280} {
			for _, dark := range []bool{false, true} {
				theme := map[bool]string{false: "light", true: "dark"}[dark]
				photograph(t, ctx, s, address, filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, theme)), width, dark)
			}
		}
	}
	open := func(link string) {
		t.Helper()
		do(t, ctx, chromedp.Navigate(link), fill("password", ownPassword), fill("password_again", ownPassword), press(".send button"))
	}
	come := func(name string) {
		t.Helper()
		do(t, ctx, chromedp.Navigate(s.url+"/sign-in"), fill("name", name), fill("password", ownPassword), press(".send button"))
	}
	second := func() string {
		t.Helper()
		var secret string
		do(t, ctx, chromedp.Navigate(s.url+"/account/second"), chromedp.Evaluate(`document.querySelector("input[name=secret]").value`, &secret))
		code, err := totp.GenerateCode(secret, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		do(t, ctx, fill("otp", code), press(".send button"))
		return secret
	}
	invite := func(name, person, role string) string {
		t.Helper()
		var link string
		do(t, ctx, chromedp.Navigate(s.url+"/accounts/new"), fill("name", name), fill("person", person), chromedp.Click(`input[value="`+role+`"]`, chromedp.ByQuery),
			press(".send button"), chromedp.Text(".secrets code", &link, chromedp.ByQuery))
		return link
	}
	look("sign-in", "/sign-in")
	// The password shows on demand, and what was wrong has the focus.
	var kind, focus string
	do(t, ctx, chromedp.Navigate(s.url+"/sign-in"), fill("password", "x"), chromedp.Click(".reveal", chromedp.ByQuery), chromedp.Evaluate(`document.querySelector("#password").type`, &kind),
		press(".send button"), chromedp.WaitReady(".wrong", chromedp.ByQuery), chromedp.Evaluate(`document.activeElement.className`, &focus))
	if kind != "text" || focus != "wrong" {
		t.Errorf("the password shows as %q, the focus is on %q", kind, focus)
	}
	w.take() // the browser logs the refusal
	first := printedLink.FindString(s.out.String())
	look("invite", strings.TrimPrefix(first, s.url))
	open(first)
	come("security")
	look("second", "/account/second")
	second()
	link := invite("checker", "王审计", "auditor")
	look("accounts", "/accounts")
	look("account-new", "/accounts/new")
	look("account-other", "/accounts/1")
	look("account", "/account")
	look("work", "/work")
	do(t, ctx, chromedp.Navigate(s.url+"/account"), press(`main form[action="/sign-out"] button`))
	open(link)
	come("checker")
	second()
	look("audit", "/audit")
	for _, fault := range w.take() {
		t.Errorf("the browser says %s", fault)
	}
}
