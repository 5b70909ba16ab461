package server

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
)

// sessionStore knows who sits behind a cookie.
type sessionStore interface {
	Session(ctx context.Context, secret string, at time.Time) (indicators.Session, indicators.Account, error)
	Seen(ctx context.Context, x indicators.Session, at time.Time) error
}

// signed is who is signed in: the account, its session and the session's token.
type signed struct {
	account indicators.Account
	session indicators.Session
	secret  string
}

const (
	signedKey  = "signed"
	privateKey = "private"
)

// who is whoever is signed in; nil for nobody.
func who(c *gin.Context) *signed {
	v, _ := c.Get(signedKey)
	x, _ := v.(*signed)
	return x
}

// actor is who acts in a request.
func actor(c *gin.Context) indicators.Actor {
	if x := who(c); x != nil {
		return x.account.Actor(c.ClientIP())
	}
	return indicators.Actor{From: c.ClientIP()}
}

// place is an address as failures are counted by: of IPv6 the network, which
// is what one subscriber has.
func place(c *gin.Context) string {
	at, err := netip.ParseAddr(c.ClientIP())
	if err != nil {
		return c.ClientIP()
	}
	if at = at.Unmap(); at.Is4() {
		return at.String()
	}
	net, err := at.WithZone("").Prefix(64)
	if err != nil {
		return at.String()
	}
	return net.String()
}

// private says that a page is for one person.
func private(c *gin.Context) { c.Set(privateKey, true) }

// unkept reports an answer that nothing may keep: a private page, and any page
// with somebody's name in its head.
func unkept(c *gin.Context) bool {
	return c.GetBool(privateKey) || who(c) != nil || c.Query(previewKey) != ""
}

// covered reports a request that reached us, or a named proxy before us, by
// TLS.
func (s *Server) covered(c *gin.Context) bool {
	if c.Request.TLS != nil {
		return true
	}
	at, err := netip.ParseAddr(c.RemoteIP())
	if err != nil || c.GetHeader("X-Forwarded-Proto") == "http" {
		return false
	}
	return slices.ContainsFunc(s.Proxies, func(p string) bool {
		if net, err := netip.ParsePrefix(p); err == nil {
			return net.Contains(at.Unmap())
		}
		one, err := netip.ParseAddr(p)
		return err == nil && one == at.Unmap()
	})
}

// cookie is the session's name: under TLS one that no other host can set.
func (s *Server) cookie(c *gin.Context) string {
	if s.covered(c) {
		return "__Host-session"
	}
	return "session"
}

// setCookie hands the browser its session; an empty secret takes it away.
func (s *Server) setCookie(c *gin.Context, secret string) {
	// Secure only where the connection is: sign-in must also work on a plain local address.
	k := &http.Cookie{ //nolint:gosec // see above
		Name: s.cookie(c), Value: secret, Path: "/", MaxAge: int(s.inEffect(c).Life() / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.covered(c),
	}
	if secret == "" {
		k.MaxAge = -1
	}
	http.SetCookie(c.Writer, k)
}

// identified finds out who sends a request.
func (s *Server) identified(c *gin.Context) {
	secret, err := c.Cookie(s.cookie(c))
	if err != nil || secret == "" {
		c.Next()
		return
	}
	now := s.Now()
	session, account, err := s.Store.Session(c.Request.Context(), secret, now)
	var known *indicators.Error
	switch {
	case err == nil:
		c.Set(signedKey, &signed{account, session, secret})
		if err := s.Store.Seen(c.Request.Context(), session, now); err != nil {
			// Who reads must not fail because a time cannot be written.
			s.Log.WarnContext(c.Request.Context(), "session", "id", c.GetString(idKey), "error", err.Error())
		}
	case errors.As(err, &known) && known.Kind == indicators.Unauthorized:
		s.setCookie(c, "")
	default:
		s.fail(c, err)
		c.Abort()
		return
	}
	c.Next()
}

// sameSite refuses what another site makes a browser send.
func (s *Server) sameSite(c *gin.Context) {
	if err := s.cross.Check(c.Request); err != nil {
		s.fail(c, &indicators.Error{Kind: indicators.Forbidden, What: "cross_site"})
		c.Abort()
		return
	}
	c.Next()
}

// again lists what asks for the password again when it was not given lately.
var again = []indicators.Action{
	indicators.Publish, indicators.Withhold,
	indicators.Invite, indicators.SetGrants, indicators.Disable, indicators.Enable, indicators.ResetLink, indicators.EndSessions, indicators.HandOver,
	indicators.SecondOn, indicators.SecondOff, indicators.Configure,
}

// settling lists what is open to one who must first set up the account: change
// a password that somebody else set, or add the second factor that the role
// needs.
var settling = []indicators.Action{indicators.OwnAccount, indicators.ChangePassword, indicators.SecondOn, indicators.SignOut}

// guard lets a route's handler run for whoever may do its action, and sends
// others to where they can become able to.
func (s *Server) guard(act indicators.Action, h func(*gin.Context) error) func(*gin.Context) error {
	if act == "" {
		return s.previewing(h)
	}
	return func(c *gin.Context) error {
		private(c)
		if err := actor(c).Allow(act); err != nil {
			return err
		}
		x := who(c)
		if to := s.unsettled(c, x); to != "" && !slices.Contains(settling, act) {
			return redirect(c, to)
		}
		if slices.Contains(again, act) && c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead && !x.session.Recent(s.Now()) {
			return &indicators.Error{Kind: indicators.Unauthorized, What: "again"}
		}
		return h(c)
	}
}

// unsettled is where somebody must first set up the account; empty where all is
// set up.
func (s *Server) unsettled(c *gin.Context, x *signed) string {
	switch {
	case x.account.Forced:
		return "/account/password"
	case s.needsSecond(c, x.account) && !x.session.Second:
		return "/account/second"
	}
	return ""
}

// needsSecond reports an account that signs in with a second factor.
func (s *Server) needsSecond(c *gin.Context, a indicators.Account) bool {
	return s.inEffect(c).SecondForAll || a.Actor("").NeedsSecond()
}

// redirect sends the browser on to a page after a form.
func redirect(c *gin.Context, to string) error {
	private(c)
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// home is where one lands who asked for nothing else.
const home = "/work"

// local is an address of this site, or home for any other: a sign-in must lead
// nowhere else.
func local(next string) string {
	u, err := url.Parse(next)
	bad := err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsFunc(next, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f })
	if bad || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") || u.Path == "/sign-in" || u.Path == "/sign-out" {
		return home
	}
	return next
}
