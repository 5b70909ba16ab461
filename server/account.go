package server

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/png"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// ownStore is what one does with one's own account.
type ownStore interface {
	Account(ctx context.Context, id int64) (indicators.Account, error)
	Sessions(ctx context.Context, account int64, at time.Time) ([]indicators.Session, error)
	EndSession(ctx context.Context, actor indicators.Actor, at time.Time, id int64) error
	EndSessions(ctx context.Context, actor indicators.Actor, at time.Time, account, kept int64) error
	ChangePassword(ctx context.Context, actor indicators.Actor, at time.Time, x indicators.Session, was, hash, place string) (string, error)
	SecondOn(ctx context.Context, actor indicators.Actor, at time.Time, x indicators.Session, secret string, step int64, codes []string) (string, error)
	SecondOff(ctx context.Context, actor indicators.Actor, at time.Time, x indicators.Session) (string, error)
	RecoveryCodes(ctx context.Context, account int64) (int, error)
}

// number reads an id of the address; what names the thing for its absence.
func number(c *gin.Context, key, what string) (int64, error) {
	n, err := strconv.ParseInt(c.Param(key), 10, 64)
	if err != nil || n <= 0 {
		return 0, indicators.Missing(what, c.Param(key))
	}
	return n, nil
}

// grantWords says a role as people read it.
func grantWords(f *page.Frame, l *indicators.Library, g indicators.Grant) string {
	role := f.T("role." + string(g.Role))
	if g.Organisation == "" {
		return role
	}
	if o := l.Organisation(g.Organisation); o != nil {
		return f.T("role.of", role, f.Pick(o.Name, o.NameEn))
	}
	return f.T("role.of", role, g.Organisation)
}

// when is a moment as a page prints it, in the plan's time zone.
func (v *visit) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(v.library.Plan.Location()).Format("2006-01-02 15:04")
}

// browserNames and systemNames are found in what browsers call themselves, the
// first that fits: each calls itself by several names.
var (
	browserNames = []string{"MicroMessenger", "DingTalk", "Edg", "Firefox", "Chrome", "Safari"}
	systemNames  = []string{"Android", "iPhone", "iPad", "Windows", "Mac OS", "HarmonyOS", "Linux"}
)

// browserName is what a browser is called by people, or what it calls itself.
func browserName(agent string) string {
	first := func(names []string) string {
		for _, n := range names {
			if strings.Contains(agent, n) {
				return strings.Replace(n, "Edg", "Edge", 1)
			}
		}
		return ""
	}
	if b := strings.TrimSpace(first(browserNames) + " " + first(systemNames)); b != "" {
		return b
	}
	return clip(agent, 40)
}

// showAccount is one's own account.
func (s *Server) showAccount(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	x := who(c)
	sessions, err := s.Store.Sessions(c.Request.Context(), x.account.ID, s.Now())
	if err != nil {
		return err
	}
	p := page.Account{Frame: v.frame, Account: x.account.Name, Second: x.account.Second, Needed: s.needsSecond(c, x.account), Done: done(c, &v.frame)}
	p.Title, p.Section = p.T("account.title"), "account"
	if p.Codes, err = s.Store.RecoveryCodes(c.Request.Context(), x.account.ID); err != nil {
		return err
	}
	for _, g := range x.account.Grants {
		p.Roles = append(p.Roles, page.RoleWords{Role: grantWords(&p.Frame, v.library, g), Cannot: p.T("role.cannot." + string(g.Role))})
	}
	for _, y := range sessions {
		p.Sessions = append(p.Sessions, page.SessionRow{
			ID: y.ID, Made: v.when(y.Made), Seen: v.when(y.Seen), From: y.From, Agent: browserName(y.Agent), Here: y.ID == x.session.ID,
		})
	}
	return s.show(c, http.StatusOK, &p)
}

// showPassword is the form for another password.
func (s *Server) showPassword(c *gin.Context) error {
	return s.askPassword(c, http.StatusOK, newPassword{account: who(c).account, action: "/account/password", current: true})
}

// changePassword sets it: the password so far is asked for and counts as a
// sign-in where it is wrong.
func (s *Server) changePassword(c *gin.Context) error {
	x := who(c)
	ctx := c.Request.Context()
	n := newPassword{account: x.account, action: "/account/password", current: true}
	ok, err := s.readPassword(c, &n)
	if err != nil {
		return err
	}
	t := s.frame(c)
	if c.PostForm("current_password") == "" {
		n.problems["current_password"], ok = t.T("password.no_current"), false
	}
	if !ok {
		return s.askPassword(c, http.StatusUnprocessableEntity, n)
	}
	account, err := s.Store.Credentials(ctx, x.account.Name)
	if err != nil {
		return err
	}
	right := false
	err = s.gate.through(ctx, func() error {
		if err := s.Store.Attempt(ctx, s.Now(), x.account.Name, place(c)); err != nil {
			return err
		}
		right, err = s.gate.matches(c.PostForm("current_password"), account.Password)
		return err
	})
	if err != nil {
		return err
	}
	if !right {
		n.problems["current_password"] = t.T("password.wrong")
		return s.askPassword(c, http.StatusUnprocessableEntity, n)
	}
	hash, err := s.gate.hash(ctx, n.password)
	if err != nil {
		return err
	}
	secret, err := s.Store.ChangePassword(ctx, actor(c), s.Now(), x.session, account.Password, hash, place(c))
	if err != nil {
		return err
	}
	s.setCookie(c, secret)
	return redirect(c, "/account?done=password")
}

// showSecond shows a new secret for an authenticator.
func (s *Server) showSecond(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	key, err := newSecret(v.frame.T("site.name"), who(c).account.Name)
	if err != nil {
		return err
	}
	return s.askSecond(c, http.StatusOK, key.Secret(), "")
}

func (s *Server) askSecond(c *gin.Context, status int, secret, problem string) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	f := v.frame
	f.Title = f.T("second.title")
	key, err := authenticator(f.T("site.name"), who(c).account.Name, secret)
	if err != nil {
		return &indicators.Error{Kind: indicators.Invalid, What: "secret"}
	}
	picture, err := key.Image(220, 220)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return err
	}
	form := page.Form{
		Action: "/account/second", Button: f.T("second.button"), Hidden: []page.Field{{Name: "secret", Value: secret}},
		Fields: []page.Field{{Name: "otp", Label: f.T("second.code"), Hint: f.T("second.code_hint"), Kind: "text", Complete: "one-time-code", Mode: "numeric", Problem: problem}},
	}
	if n := form.Wrong(); n > 0 {
		f.Title = f.T("form.wrong", n, f.Title)
	}
	p := page.Second{Frame: f, Form: form, Needed: s.needsSecond(c, who(c).account), Secret: grouped(secret), Picture: page.PNG(base64.StdEncoding.EncodeToString(b.Bytes()))}
	return s.show(c, status, &p)
}

// grouped is a secret as people type it off: in groups of four.
func grouped(secret string) string {
	var b []byte
	for i := range len(secret) {
		if i > 0 && i%4 == 0 {
			b = append(b, ' ')
		}
		b = append(b, secret[i])
	}
	return string(b)
}

// setSecond turns the second factor on once its first code is right.
func (s *Server) setSecond(c *gin.Context) error {
	secret := c.PostForm("secret")
	if _, err := authenticator("x", "x", secret); err != nil {
		return &indicators.Error{Kind: indicators.Invalid, What: "secret"}
	}
	f := s.frame(c)
	step := stepOf(secret, tidyCode(c.PostForm("otp")), s.Now())
	if step == 0 {
		return s.askSecond(c, http.StatusUnprocessableEntity, secret, f.T("second.wrong"))
	}
	stored, shown, err := recoveryCodes()
	if err != nil {
		return err
	}
	next, err := s.Store.SecondOn(c.Request.Context(), actor(c), s.Now(), who(c).session, secret, step, stored)
	if err != nil {
		return err
	}
	s.setCookie(c, next)
	return s.tell(c, "second.codes", shown, "/account")
}

// dropSecond turns it off.
func (s *Server) dropSecond(c *gin.Context) error {
	if s.needsSecond(c, who(c).account) {
		return &indicators.Error{Kind: indicators.Forbidden, What: "second_needed"}
	}
	next, err := s.Store.SecondOff(c.Request.Context(), actor(c), s.Now(), who(c).session)
	if err != nil {
		return err
	}
	s.setCookie(c, next)
	return redirect(c, "/account?done=second")
}

// endSession ends one of one's sessions.
func (s *Server) endSession(c *gin.Context) error {
	id, err := number(c, "id", "session")
	if err != nil {
		return err
	}
	if err := s.Store.EndSession(c.Request.Context(), actor(c), s.Now(), id); err != nil {
		return err
	}
	return redirect(c, "/account?done=session")
}

// endOthers signs out everywhere else.
func (s *Server) endOthers(c *gin.Context) error {
	x := who(c)
	if err := s.Store.EndSessions(c.Request.Context(), actor(c), s.Now(), x.account.ID, x.session.ID); err != nil {
		return err
	}
	return redirect(c, "/account?done=session")
}

// tell shows something that is shown once.
func (s *Server) tell(c *gin.Context, what string, secrets []string, back string) error {
	private(c)
	v, err := s.visit(c)
	if v == nil {
		return err
	}
	p := page.Told{Frame: v.frame, Secrets: secrets, Back: back}
	p.Title, p.Text = p.T("told."+what+".title"), p.T("told."+what+".text")
	return s.show(c, http.StatusOK, &p)
}
