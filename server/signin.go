package server

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// signInStore lets people in and out.
type signInStore interface {
	Attempt(ctx context.Context, at time.Time, name, place string) error
	Credentials(ctx context.Context, name string) (indicators.Credentials, error)
	SignIn(ctx context.Context, at time.Time, c indicators.Credentials, e indicators.Entry) (string, error)
	SignOut(ctx context.Context, actor indicators.Actor, at time.Time, secret string) error
	LinkOwner(ctx context.Context, link string, at time.Time) (indicators.Account, error)
	Redeem(ctx context.Context, link string, at time.Time, from, place, hash string) (indicators.Account, error)
}

// keptPrefix marks the fields of a form that waits until its sender has signed
// in again.
const keptPrefix = "kept."

// secretField reports a field whose value no page gives back.
func secretField(name string) bool {
	return slices.Contains([]string{"password", "password_again", "current_password", "otp", "secret", string(indicators.SettingMailPassword)}, name)
}

// hasSecret reports a form that is worth nothing without what it may not give
// back. The settings are worth something without the mail server's password.
func hasSecret(form map[string][]string) bool {
	for name := range form {
		if secretField(name) && name != string(indicators.SettingMailPassword) {
			return true
		}
	}
	return false
}

// droppedField says in a form that waited that the mail server's password was in
// it: whoever takes the form asks for it again.
const droppedField = "mail_password_dropped"

// waiting lists the fields of a form that waits for its sender, without its
// secret.
func waiting(form map[string][]string) []page.Field {
	out := keepForm(form, "")
	if strings.Join(form[string(indicators.SettingMailPassword)], "") != "" {
		out = append(out, page.Field{Name: droppedField, Value: "yes"})
	}
	return out
}

// wantsIn is the form of the sign-in page.
type wantsIn struct {
	name, next string
	kept       []page.Field // hidden, to be sent on
	to         string       // where they go; empty for nothing kept
	again      bool
	problems   map[string]string // by field; "" for the form
	status     int
}

// showSignIn is the page to sign in on.
func (s *Server) showSignIn(c *gin.Context) error {
	return s.askSignIn(c, wantsIn{next: c.Query("next"), status: http.StatusOK})
}

// intercept asks for a sign-in in place of an answer, and keeps what was typed.
func (s *Server) intercept(c *gin.Context, why string) error {
	w := wantsIn{next: c.Request.URL.RequestURI(), status: http.StatusUnauthorized}
	if x := who(c); x != nil && why == "again" {
		w.again, w.name = true, x.account.Name
	}
	if c.Request.Method == http.MethodPost && c.FullPath() != "/sign-in" {
		// A form with a password or a code has its own page to begin anew on.
		if !hasSecret(c.Request.PostForm) {
			w.to, w.next, w.kept = w.next, home, waiting(c.Request.PostForm)
		}
	}
	return s.askSignIn(c, w)
}

// keepForm lists the fields of a form, in the order of their names, as hidden
// ones; those that begin with a prefix only.
func keepForm(form map[string][]string, prefix string) []page.Field {
	var names []string
	for name := range form {
		if rest, ok := strings.CutPrefix(name, prefix); ok && !secretField(rest) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []page.Field
	for _, name := range names {
		for _, value := range form[name] {
			out = append(out, page.Field{Name: strings.TrimPrefix(name, prefix), Value: value})
		}
	}
	return out
}

func (s *Server) askSignIn(c *gin.Context, w wantsIn) error {
	private(c)
	v, err := s.visit(c)
	if v == nil {
		return err
	}
	f := v.frame
	f.Title = f.T("sign_in.title")
	p := page.SignIn{Ask: contactWords(&f, s.inEffect(c)), Again: w.again, Kept: w.to != "", Done: done(c, &f)}
	form := page.Form{Action: "/sign-in", Button: f.T("sign_in.button"), Problem: w.problems[""], Fields: []page.Field{
		{Name: "name", Label: f.T("sign_in.name"), Kind: "text", Value: w.name, Complete: "username", Problem: w.problems["name"]},
		{Name: "password", Label: f.T("sign_in.password"), Kind: "password", Complete: "current-password", Problem: w.problems["password"]},
		{Name: "otp", Label: f.T("sign_in.code"), Hint: f.T("sign_in.code_hint"), Kind: "text", Complete: "one-time-code", Mode: "numeric"},
	}}
	form.Hidden = append(form.Hidden, page.Field{Name: "next", Value: local(w.next)})
	if w.to != "" {
		form.Hidden = append(form.Hidden, page.Field{Name: "to", Value: local(w.to)})
		for _, k := range w.kept {
			form.Hidden = append(form.Hidden, page.Field{Name: keptPrefix + k.Name, Value: k.Value})
		}
	}
	if n := form.Wrong(); n > 0 {
		f.Title = f.T("form.wrong", n, f.Title)
	}
	p.Frame, p.Form = f, form
	return s.show(c, w.status, &p)
}

// signIn lets somebody in. A name that nobody has, a wrong password, an account
// that waits or is disabled and a wrong code are answered alike, after exactly
// one hash.
func (s *Server) signIn(c *gin.Context) error {
	private(c)
	w := wantsIn{
		name: c.PostForm("name"), next: c.PostForm("next"), to: c.PostForm("to"), kept: keepForm(c.Request.PostForm, keptPrefix),
		status: http.StatusUnprocessableEntity, problems: map[string]string{},
	}
	t := s.frame(c)
	password := c.PostForm("password")
	if indicators.FoldName(w.name) == "" {
		w.problems["name"] = t.T("sign_in.no_name")
	}
	if password == "" {
		w.problems["password"] = t.T("sign_in.no_password")
	}
	if len(w.problems) > 0 {
		return s.askSignIn(c, w)
	}
	secret, err := s.enter(c, w.name, password, c.PostForm("otp"))
	var known *indicators.Error
	switch {
	case err == nil:
	case errors.As(err, &known) && known.Kind == indicators.TooSoon:
		w.status = http.StatusTooManyRequests
		w.problems[""] = s.waitWords(c, known)
		return s.askSignIn(c, w)
	case errors.As(err, &known) && (known.Kind == indicators.Unauthorized || known.What == "code_used"):
		w.problems[""] = t.T("sign_in.wrong")
		return s.askSignIn(c, w)
	default:
		return err
	}
	s.setCookie(c, secret)
	if w.to == "" {
		return redirect(c, local(w.next))
	}
	return s.showKept(c, w)
}

// waitWords says how long to wait, and tells machines.
func (s *Server) waitWords(c *gin.Context, e *indicators.Error) string {
	t := s.frame(c)
	end, err := time.Parse(time.RFC3339, e.Detail)
	if err != nil {
		c.Header("Retry-After", "5")
		return t.T("sign_in.crowded")
	}
	left := max(end.Sub(s.Now()), time.Second)
	c.Header("Retry-After", strconv.Itoa(int(math.Ceil(left.Seconds()))))
	return t.T("sign_in.wait", int(math.Ceil(left.Minutes())))
}

// enter opens a session for whoever knows an account's password and code.
func (s *Server) enter(c *gin.Context, name, password, code string) (secret string, err error) {
	ctx := c.Request.Context()
	err = s.gate.through(ctx, func() error {
		if err := s.Store.Attempt(ctx, s.Now(), name, place(c)); err != nil {
			return err
		}
		account, err := s.Store.Credentials(ctx, name)
		var known *indicators.Error
		unknown := errors.As(err, &known) && known.Kind == indicators.NotFound
		if err != nil && !unknown {
			return err
		}
		right, err := s.gate.matches(password, account.Password)
		if err != nil {
			return err
		}
		e := indicators.Entry{Name: name, From: c.ClientIP(), Place: place(c), Agent: clip(c.Request.UserAgent(), 200)}
		if account.Secret != "" {
			if typed := tidyCode(code); len(typed) == recoveryLength {
				e.Recovery = typed
			} else if e.Step = stepOf(account.Secret, typed, s.Now()); e.Step == 0 {
				right = false
			}
		}
		if !right || account.State != indicators.Enabled {
			return &indicators.Error{Kind: indicators.Unauthorized, What: "sign_in"}
		}
		if e.Before, err = c.Cookie(s.cookie(c)); err != nil {
			e.Before = ""
		}
		secret, err = s.Store.SignIn(ctx, s.Now(), account, e)
		return err
	})
	return secret, err
}

// clip is a text of at most so many bytes, whole characters.
func clip(text string, most int) string {
	text = strings.ToValidUTF8(text, "")
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}

// showKept gives back what was typed before the session had ended, to be sent
// on.
func (s *Server) showKept(c *gin.Context, w wantsIn) error {
	v, err := s.visit(c)
	if v == nil {
		return err
	}
	p := page.Kept{Frame: v.frame}
	p.Title = p.T("kept.title")
	p.Form = page.Form{Action: local(w.to), Button: p.T("kept.button"), Hidden: w.kept}
	p.Back = local(w.next)
	for _, k := range w.kept {
		switch {
		case k.Name == droppedField:
			p.Dropped = true
		case strings.TrimSpace(k.Value) != "":
			p.Typed = append(p.Typed, k.Value)
		}
	}
	return s.show(c, http.StatusOK, &p)
}

// signOut ends this browser's session.
func (s *Server) signOut(c *gin.Context) error {
	if err := s.Store.SignOut(c.Request.Context(), actor(c), s.Now(), who(c).secret); err != nil {
		return err
	}
	s.setCookie(c, "")
	c.Header("Clear-Site-Data", `"cache", "storage"`)
	return redirect(c, "/")
}

// showLink asks the owner of a one-time link for a password. Looking uses
// nothing up: chats and mail look at links before people do.
func (s *Server) showLink(c *gin.Context) error {
	private(c)
	a, err := s.Store.LinkOwner(c.Request.Context(), c.Param("token"), s.Now())
	if err != nil {
		return err
	}
	return s.askPassword(c, http.StatusOK, newPassword{account: a, action: c.Request.URL.Path})
}

// useLink sets the password.
func (s *Server) useLink(c *gin.Context) error {
	private(c)
	a, err := s.Store.LinkOwner(c.Request.Context(), c.Param("token"), s.Now())
	if err != nil {
		return err
	}
	n := newPassword{account: a, action: c.Request.URL.Path}
	ok, err := s.readPassword(c, &n)
	if err != nil {
		return err
	}
	if !ok {
		return s.askPassword(c, http.StatusUnprocessableEntity, n)
	}
	hash, err := s.gate.hash(c.Request.Context(), n.password)
	if err != nil {
		return err
	}
	if _, err := s.Store.Redeem(c.Request.Context(), c.Param("token"), s.Now(), c.ClientIP(), place(c), hash); err != nil {
		return err
	}
	return redirect(c, "/sign-in?done=password")
}

// newPassword is the form for one.
type newPassword struct {
	account  indicators.Account
	action   string
	current  bool // the password so far is asked for
	password string
	problems map[string]string
}

// readPassword reads a new password and says what is wrong with it.
func (s *Server) readPassword(c *gin.Context, n *newPassword) (ok bool, err error) {
	library, err := s.Store.Library(c.Request.Context())
	if err != nil {
		return false, err
	}
	t := s.frame(c)
	n.password, n.problems = c.PostForm("password"), map[string]string{}
	if what := checkPassword(n.password, n.account.Second || s.needsSecond(c, n.account), ownWords(library, n.account)); what != "" {
		n.problems["password"] = t.T("password."+what, lengths(what, s.leastPassword(c, n.account))...)
	} else if n.password != c.PostForm("password_again") {
		n.problems["password_again"] = t.T("password.differs")
	}
	return len(n.problems) == 0, nil
}

// lengths are the arguments of a message about a password.
func lengths(what string, least int) []any {
	return map[string][]any{"short": {least}, "long": {passwordMost}}[what]
}

func (s *Server) leastPassword(c *gin.Context, a indicators.Account) int {
	if a.Second || s.needsSecond(c, a) {
		return passwordSecond
	}
	return passwordAlone
}

func (s *Server) askPassword(c *gin.Context, status int, n newPassword) error {
	v, err := s.visit(c)
	if v == nil {
		return err
	}
	f := v.frame
	f.Title = f.T("password.title")
	form := page.Form{Action: n.action, Button: f.T("password.button"), Problem: n.problems[""]}
	if n.current {
		form.Fields = append(form.Fields, page.Field{Name: "current_password", Label: f.T("password.current"), Kind: "password", Complete: "current-password", Problem: n.problems["current_password"]})
	}
	form.Fields = append(form.Fields,
		page.Field{Name: "password", Label: f.T("password.new"), Hint: f.T("password.hint", s.leastPassword(c, n.account)), Kind: "password", Complete: "new-password", Problem: n.problems["password"]},
		page.Field{Name: "password_again", Label: f.T("password.again"), Kind: "password", Complete: "new-password", Problem: n.problems["password_again"]})
	p := page.Password{Account: n.account.Name, Holder: n.account.Person, Forced: n.account.Forced, Form: form}
	if k := form.Wrong(); k > 0 {
		f.Title = f.T("form.wrong", k, f.Title)
	}
	p.Frame = f
	return s.show(c, status, &p)
}
