package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
)

// typedForm is what a page's form would send, the first with that address.
func typedForm(doc *goquery.Document, action string) url.Values {
	out := url.Values{}
	doc.Find(`form[action="` + action + `"]`).First().Find("input, select, textarea").Each(func(_ int, x *goquery.Selection) {
		name, _ := x.Attr("name")
		value, _ := x.Attr("value")
		switch kind, _ := x.Attr("type"); {
		case goquery.NodeName(x) == "select":
			value, _ = x.Find("option[selected]").Attr("value")
		case goquery.NodeName(x) == "textarea":
			value = x.Text()
		case kind == "checkbox":
			if _, on := x.Attr("checked"); !on {
				return
			}
		}
		out.Add(name, value)
	})
	return out
}

// pillar takes the letters of a test, or refuses them.
type pillar struct {
	refuse error
	by     indicators.Mail
	sent   []indicators.Letter
}

func (p *pillar) Send(_ context.Context, by indicators.Mail, l indicators.Letter) error {
	if p.by = by; p.refuse != nil {
		return p.refuse
	}
	p.sent = append(p.sent, l)
	return nil
}

func TestSettingsPage(t *testing.T) {
	box := &pillar{}
	h := mustHouse(t, func(c *Config) { c.Post = box })
	h.mustPerson("keeper", indicators.Grant{Role: indicators.SystemAdmin})
	clerk := h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	secret := h.mustSession("keeper")
	if text := h.do(get, "/work", secret, nil).Body.String(); !strings.Contains(text, `href="/settings"`) || !strings.Contains(text, `href="/backups"`) {
		t.Error("/work leads the system administrator nowhere")
	}
	w := h.do(get, "/settings", secret, nil)
	h.mustStatus(w, http.StatusOK)
	form := typedForm(h.doc(w), "/settings")
	if form.Get("version") != "1" || form.Get("idle_minutes") != "60" || form.Get("nightly") != "yes" || form.Get("mail_encryption") != "starttls" {
		t.Fatalf("the page shows %v", form)
	}
	stale := url.Values{}
	for k, v := range form {
		stale[k] = v
	}
	// What is wrong stands at its field, what was typed stays.
	form.Set("upload_mb", "21")
	form.Set("contact_name", "李敏")
	w = h.do(post, "/settings", secret, form)
	h.mustStatus(w, http.StatusUnprocessableEntity)
	doc := h.doc(w)
	if !strings.Contains(doc.Find("#upload_mb-problem").Text(), "20") || doc.Find(".problem").Length() != 1 || typedForm(doc, "/settings").Get("contact_name") != "李敏" {
		t.Errorf("refused as %s", doc.Find(".entry").Text())
	}
	for k, v := range map[string]string{
		"upload_mb": "3", "contact_phone": "0371-1234", "contact_hours": "工作日 9:00—17:00", "contact_link": "office@zz.example", "second_for_all": "yes", "idle_minutes": "30",
		"mail_host": "mail.zz.example", "mail_user": "yimi", "mail_password": "tall kites", "mail_from": "yimi@zz.example",
	} {
		form.Set(k, v)
	}
	w = h.do(post, "/settings", secret, form)
	h.mustStatus(w, http.StatusSeeOther)
	// They hold at once, and the password is nowhere to be seen.
	public := h.do(get, "/sign-in", "", nil).Body.String()
	for _, want := range []string{"忘记密码请联系：李敏，电话 0371-1234（工作日 9:00—17:00）", `href="mailto:office@zz.example"`} {
		if !strings.Contains(public, want) {
			t.Errorf("the sign-in page does not say %s", want)
		}
	}
	c, err := h.store.Credentials(context.Background(), "limin")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := h.store.SignIn(context.Background(), h.clock(), c, indicators.Entry{Name: "limin", From: "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	if to := h.do(get, "/work", plain, nil).Header().Get("Location"); to != "/account/second" {
		t.Errorf("account %d without a second factor is led to %q", clerk.ID, to)
	}
	w = h.do(get, "/settings?done=settings", secret, nil)
	if strings.Contains(w.Body.String(), "kites") {
		t.Error("the page shows the password")
	}
	events, err := h.store.Events(context.Background(), indicators.EventFilter{Act: indicators.Configure})
	if err != nil || len(events) != 1 || strings.Contains(events[0].After+events[0].Before, "kites") || !strings.Contains(events[0].After, `"mail_password":"***"`) {
		t.Errorf("the trail says %+v, %v", events, err)
	}
	// Another who read them before meets both values.
	stale.Set("idle_minutes", "45")
	w = h.do(post, "/settings", secret, stale)
	h.mustStatus(w, http.StatusConflict)
	doc = h.doc(w)
	if text := doc.Find("#idle_minutes-problem").Text(); !strings.Contains(text, "30") || typedForm(doc, "/settings").Get("idle_minutes") != "45" {
		t.Errorf("the lost race says %q", text)
	}
	again := typedForm(doc, "/settings")
	if again.Get("version") != "2" {
		t.Errorf("after the conflict the form carries version %s", again.Get("version"))
	}
	again.Set("mail_host", "other.example")
	again.Set("mail_user", "yimi")
	again.Set("mail_from", "yimi@zz.example")
	w = h.do(post, "/settings", secret, again)
	h.mustStatus(w, http.StatusUnprocessableEntity)
	if h.doc(w).Find("#mail_password-problem").Length() != 1 {
		t.Error("the password goes to another server unasked")
	}
	// The letter goes by the settings that are kept.
	h.mustStatus(h.do(post, "/settings/letter", secret, url.Values{"to": {"nobody"}}), http.StatusUnprocessableEntity)
	h.mustStatus(h.do(post, "/settings/letter", secret, url.Values{"to": {"a@zz.example"}}), http.StatusSeeOther)
	if len(box.sent) != 1 || box.by.Host != "mail.zz.example" || box.by.Password != "tall kites" || box.sent[0].To != "a@zz.example" {
		t.Errorf("sent %+v by %+v", box.sent, box.by)
	}
	box.refuse = errors.New("535 no such user")
	w = h.do(post, "/settings/letter", secret, url.Values{"to": {"a@zz.example"}})
	h.mustStatus(w, http.StatusBadGateway)
	if !strings.Contains(w.Body.String(), "535 no such user") {
		t.Error("the page does not say what the server answered")
	}
	// The password is asked for again after a while, and what was typed is kept.
	h.wait(11 * time.Minute)
	w = h.do(post, "/settings", secret, again)
	h.mustStatus(w, http.StatusUnauthorized)
	if v, _ := h.doc(w).Find(`input[name="kept.mail_host"]`).Attr("value"); v != "other.example" {
		t.Errorf("kept is %q", v)
	}
	// So is what was typed beside a password: the password alone is asked for once
	// more.
	again.Set("mail_password", "low kites")
	w = h.do(post, "/settings", secret, again)
	h.mustStatus(w, http.StatusUnauthorized)
	doc = h.doc(w)
	if strings.Contains(w.Body.String(), "kites") || doc.Find(`input[name="kept.mail_host"]`).AttrOr("value", "") != "other.example" {
		t.Errorf("asked for the password again, the page keeps %s", doc.Find("form").Text())
	}
	form = hidden(doc, "/sign-in")
	form.Set("name", "keeper")
	form.Set("password", goodPassword)
	form.Set("otp", h.code())
	w = h.do(post, "/sign-in", secret, form)
	h.mustStatus(w, http.StatusOK)
	secret, doc = session(w).Value, h.doc(w)
	if !strings.Contains(doc.Find("main").Text(), "密码没有保留") || strings.Contains(w.Body.String(), "kites") {
		t.Errorf("signed in again, the page says %s", doc.Find("main").Text())
	}
	w = h.do(post, "/settings", secret, hidden(doc, "/settings"))
	h.mustStatus(w, http.StatusUnprocessableEntity)
	doc = h.doc(w)
	if typedForm(doc, "/settings").Get("mail_host") != "other.example" || !strings.Contains(doc.Find("#mail_password-problem").Text(), "再填一次") {
		t.Errorf("sent on without its password: %s", doc.Find(".entry").Text())
	}
	form = typedForm(doc, "/settings")
	form.Set("mail_password", "low kites")
	h.mustStatus(h.do(post, "/settings", secret, form), http.StatusSeeOther)
	if x, err := h.store.Settings(context.Background()); err != nil || x.Mail.Host != "other.example" || x.Mail.Password != "low kites" {
		t.Errorf("kept is %+v, %v", x.Mail, err)
	}
}

// Senders read how long a review takes and how large a file may be, as set now.
func TestSendersReadTheSettings(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	who := "at-education-bureau"
	me := h.mustSession(who)
	path := h.mustDuty(round, kindergartens, who)
	next := indicators.DefaultSettings()
	next.ReviewDays, next.UploadMB = 3, 7
	keeper := indicators.Actor{Account: 99, Grants: []indicators.Grant{{Role: indicators.SystemAdmin}}}
	if err := h.store.SetSettings(context.Background(), keeper, h.clock(), next); err != nil {
		t.Fatal(err)
	}
	text := h.do(get, path, me, nil).Body.String()
	for _, want := range []string{"审核一般 3 个工作日", "不超过 7 MB"} {
		if !strings.Contains(text, want) {
			t.Errorf("the form does not say %s", want)
		}
	}
	next.ReviewDays, next.Version = 0, 2
	if err := h.store.SetSettings(context.Background(), keeper, h.clock(), next); err != nil {
		t.Fatal(err)
	}
	if text := h.do(get, path, me, nil).Body.String(); strings.Contains(text, "审核一般") {
		t.Error("0 days are told")
	}
}

// What the command line gives wins, and the page says so.
func TestGivenSettingsWin(t *testing.T) {
	no := false
	h := mustHouse(t, func(c *Config) {
		c.Given = indicators.Given{ContactLink: "mailto:flag@zz.example", SecondForAll: &no, Mail: &indicators.Mail{Host: "flag.example", Port: 25, Password: "tall kites"}}
	})
	h.mustPerson("keeper", indicators.Grant{Role: indicators.SystemAdmin})
	secret := h.mustSession("keeper")
	form := typedForm(h.doc(h.do(get, "/settings", secret, nil)), "/settings")
	form.Set("second_for_all", "yes")
	form.Set("contact_link", "kept@zz.example")
	h.mustStatus(h.do(post, "/settings", secret, form), http.StatusSeeOther)
	text := h.do(get, "/settings", secret, nil).Body.String()
	for _, want := range []string{"--contact / YIMI_CONTACT", "flag@zz.example", "--second-factor", "flag.example", `value="kept@zz.example"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if strings.Contains(text, "kites") {
		t.Error("the page shows a password")
	}
	if text := h.do(get, "/", "", nil).Body.String(); !strings.Contains(text, "mailto:flag@zz.example") || strings.Contains(text, "kept@zz.example") {
		t.Error("what is given does not win")
	}
}
