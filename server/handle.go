package server

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
	"yimi/server/words"
)

// observationStore reads public figures.
type observationStore interface {
	// Observations lists every public figure of one indicator or series,
	// earlier editions too.
	Observations(ctx context.Context, subject indicators.Code) ([]indicators.Observation, error)
	// ObservationsIn lists every public figure of one area.
	ObservationsIn(ctx context.Context, area indicators.Code) ([]indicators.Observation, error)
	// ObservationsInAt lists those that had been public by a release.
	ObservationsInAt(ctx context.Context, release int, area indicators.Code) ([]indicators.Observation, error)
	// ReplacedIn lists an area's figures that were corrected on the day of their
	// publication.
	ReplacedIn(ctx context.Context, area indicators.Code) ([]indicators.Observation, error)
	// Withdrawals lists the figures that releases took back.
	Withdrawals(ctx context.Context) ([]indicators.Withdrawal, error)
	ReleaseNumbered(ctx context.Context, number int) (indicators.Release, error)
	LibraryAt(ctx context.Context, release int) (*indicators.Library, error)
	// DueAt is the due day of each year's round as it stood in a release.
	DueAt(ctx context.Context, release int) (indicators.ResultsDue, error)
}

// handle adapts a handler that returns its failure.
func (s *Server) handle(h func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.fail(c, err)
		}
	}
}

// visit is one request's reading of the store: the library, the release and
// the frame of the page.
type visit struct {
	library *indicators.Library
	release indicators.Release
	frame   page.Frame
	ahead   *indicators.Foresight // what is previewed; nil where it is public
}

func (v *visit) asOf() indicators.Period { return v.frame.AsOf }

// visit reads what every page needs: of the release that the address names, as
// it read on its day, else of the newest, today. With an address that names no
// release, no day, or one to come, it is the visit of today beside the error.
func (s *Server) visit(c *gin.Context) (*visit, error) {
	ctx := c.Request.Context()
	library, err := s.Store.Library(ctx)
	if err != nil {
		return nil, err
	}
	newest, err := s.Store.Release(ctx)
	if err != nil {
		return nil, err
	}
	f := s.frame(c)
	release, past := newest, error(nil)
	ahead, failed := s.foreseen(c)
	if failed != nil {
		past = failed
	}
	if ahead != nil {
		release, f.Preview, f.Previewed = ahead.Release, true, ahead.Release.Round
	} else if asked := c.Query("release"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil {
			n = 0 // no release has it
		}
		old, err := s.Store.ReleaseNumbered(ctx, n)
		if past = errors.Join(past, err); err == nil {
			if library, err = s.Store.LibraryAt(ctx, n); err != nil {
				return nil, err
			}
			release, f.Past, f.Outdated = old, n, n != newest.Number
		}
	}
	f.Plan, f.Release, f.Place = library.Plan, release, library.Plan.City
	if city := library.City(); city != nil {
		f.Place = f.Pick(city.Name, city.NameEn)
	}
	today, err := library.Plan.AsOf(indicators.Period{}, s.Now())
	if err != nil {
		return nil, err
	}
	f.AsOf = today
	if past != nil {
		return &visit{library, release, f, nil}, past
	}
	if f.Past > 0 {
		f.AsOf = indicators.DateOf(release.Published.In(library.Plan.Location()))
	}
	if asked := c.Query("asof"); asked != "" {
		day, err := indicators.ParsePeriod(asked)
		if err != nil || !day.IsDate() {
			return &visit{library, release, f, ahead}, &indicators.Error{Kind: indicators.Invalid, What: "day", Detail: asked}
		}
		if day, err = library.Plan.AsOf(day, s.Now()); err != nil {
			return &visit{library, release, f, ahead}, err
		}
		f.AsOf = day
		f.Dated = f.AsOf != today
	}
	return &visit{library, release, f, ahead}, nil
}

// preference is a choice of the reader, by address and then by cookie.
func (s *Server) preference(c *gin.Context, key string, allowed ...string) string {
	pick := func(v string) string {
		for _, a := range allowed {
			if v == a {
				return a
			}
		}
		return ""
	}
	if v := pick(c.Query(key)); v != "" {
		// Secure only where the connection is: the choice must also work on a plain local address.
		http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // see above
			Name: key, Value: v, Path: "/", MaxAge: 365 * 24 * 3600,
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.covered(c),
		})
		return v
	}
	v, err := c.Cookie(key)
	if err != nil {
		return ""
	}
	return pick(v)
}

// pathOf is the address that a page's own links lead back to: what only takes a
// form has no page to come back to.
func (s *Server) pathOf(c *gin.Context) string {
	if c.Request.Method == http.MethodPost && !s.opens[c.FullPath()] {
		return home
	}
	return c.Request.URL.Path
}

// frame is a page's frame before anything is known of the plan.
func (s *Server) frame(c *gin.Context) page.Frame {
	signedIn := ""
	if x := who(c); x != nil {
		signedIn = x.account.Person
	}
	return page.Frame{
		Person:  signedIn,
		Private: c.GetBool(privateKey),
		Lang:    words.Match(s.preference(c, "lang", string(words.Zh), string(words.En)), c.GetHeader("Accept-Language")),
		Theme:   s.preference(c, "theme", "light", "dark"),
		Large:   s.preference(c, "size", "normal", "large") == "large",
		Path:    s.pathOf(c),
		Query:   c.Request.URL.Query(),
		Demo:    s.Demo,
		Contact: s.inEffect(c).ContactLink,
	}
}

// show sends a page.
func (s *Server) show(c *gin.Context, status int, p page.Page) error {
	body, err := s.pages.Render(p)
	if err != nil {
		return err
	}
	send(c, status, "text/html; charset=utf-8", body)
	return nil
}

// send writes a whole answer with a strong validator, and 304 where the
// reader has it.
func send(c *gin.Context, status int, kind string, body []byte) {
	sum := sha256.Sum256(body)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
	h := c.Writer.Header()
	h.Set("Vary", "Accept-Language, Cookie")
	if unkept(c) {
		h.Set("Cache-Control", "no-store")
		c.Data(status, kind, body)
		return
	}
	h.Set("Cache-Control", "no-cache")
	if status == http.StatusOK {
		h.Set("ETag", tag)
		if strings.Contains(c.GetHeader("If-None-Match"), tag) {
			c.Status(http.StatusNotModified)
			c.Writer.WriteHeaderNow()
			return
		}
	}
	c.Data(status, kind, body)
}

// attach sends a file to take away.
func attach(c *gin.Context, kind, name string, body []byte) {
	c.Header("Content-Disposition", disposition(name))
	send(c, http.StatusOK, kind, body)
}

// disposition names a download for old and new readers: ASCII, and the true
// name by RFC 6266.
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r < ' ', r == 0x7f:
			return -1
		case r > '~', r == '"', r == '\\', r == '%':
			return '_'
		}
		return r
	}, name)
	var b strings.Builder
	for _, r := range []byte(name) {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_' {
			b.WriteByte(r)
		} else if r >= ' ' && r != 0x7f {
			fmt.Fprintf(&b, "%%%02X", r)
		}
	}
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, b.String())
}

// fileName names a download after what it holds, the release and its day, and
// the earlier day as of which it was asked for.
func (v *visit) fileName(what, ending string) string {
	name := fmt.Sprintf("%s-%s-r%d-%s", v.library.Plan.Code, what, v.release.Number, v.release.Published.In(v.library.Plan.Location()).Format(time.DateOnly))
	if v.frame.Dated {
		name += "-asof-" + v.asOf().String()
	}
	return name + "." + ending
}

// dones are what a page can say was just done, by its address.
var dones = []string{"opened", "amended", "decided", "saved", "asked", "queued", "reopened", "loaded", "endorse", "approve", "return", "published", "prepared", "dropped", "password", "second", "session", "settings", "letter", "backup", "verify", "stopped"}

// done says what the address before this one did; empty for nothing. A number
// in it counts.
func done(c *gin.Context, f *page.Frame) string {
	what := c.Query("done")
	if !slices.Contains(dones, what) {
		return ""
	}
	n, err := strconv.Atoi(c.Query("n"))
	if err != nil || n < 0 {
		return f.T("done." + what)
	}
	return f.T("done."+what+".count", n)
}
