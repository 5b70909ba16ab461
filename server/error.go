package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// statuses maps each kind of failure to its HTTP status; anything else is a
// fault of ours.
var statuses = map[indicators.Kind]int{
	indicators.Invalid:      http.StatusUnprocessableEntity,
	indicators.Unauthorized: http.StatusUnauthorized,
	indicators.Forbidden:    http.StatusForbidden,
	indicators.NotFound:     http.StatusNotFound,
	indicators.Conflict:     http.StatusConflict,
	indicators.TooLarge:     http.StatusRequestEntityTooLarge,
	indicators.TooSoon:      http.StatusTooManyRequests,
}

// fail answers with the page, or the JSON, for a failure.
func (s *Server) fail(c *gin.Context, err error) {
	status, kind, what, detail := http.StatusInternalServerError, indicators.Kind("fault"), "fault", ""
	var known *indicators.Error
	if errors.As(err, &known) && statuses[known.Kind] != 0 {
		status, kind, what, detail = statuses[known.Kind], known.Kind, known.What, known.Detail
	} else if !errors.Is(err, context.Canceled) {
		s.Log.ErrorContext(c.Request.Context(), "fault", "id", c.GetString(idKey), "error", err.Error())
	}
	if c.Writer.Written() {
		return
	}
	c.Writer.Header().Del("Content-Disposition")
	f := s.frame(c)
	if kind == indicators.TooSoon {
		s.waitWords(c, known)
	}
	api := strings.HasPrefix(c.Request.URL.Path, "/api/") || asksJSON(c)
	if kind == indicators.Unauthorized && !api {
		ierr := s.intercept(c, what)
		if ierr == nil {
			return
		}
		s.Log.ErrorContext(c.Request.Context(), "fault", "id", c.GetString(idKey), "error", ierr.Error())
		status, what, detail = http.StatusInternalServerError, "fault", ""
	}
	if api {
		if unkept(c) {
			c.Header("Cache-Control", "no-store")
		}
		c.JSON(status, apiFailure{Kind: string(kind), Message: f.T("error." + what + ".title"), Reference: c.GetString(idKey)})
		return
	}
	p := page.Error{Frame: f, What: what, Detail: detail, Reference: c.GetString(idKey), Fault: status == http.StatusInternalServerError}
	if v, _ := s.visit(c); v != nil {
		p.Frame = v.frame
		p.Nearest = s.nearest(v, lastWord(c.Request.URL.Path))
	}
	p.Title = p.T("error." + what + ".title")
	if what == "role" {
		p.Needed = rolesWith(&p.Frame, indicators.Action(detail))
	}
	p.Asked = lastWord(c.Request.URL.Path)
	body, rerr := s.pages.Render(&p)
	if rerr != nil {
		s.Log.ErrorContext(c.Request.Context(), "fault", "id", c.GetString(idKey), "error", rerr.Error())
		c.String(http.StatusInternalServerError, "%s", f.T("error.fault.title"))
		return
	}
	send(c, status, "text/html; charset=utf-8", body)
}

// textFlaw says at its field what is wrong with a typed text: too long, or
// something in it that cannot be seen. Empty for any other failure.
func textFlaw(f *page.Frame, err error) string {
	var known *indicators.Error
	if errors.As(err, &known) && (known.What == "text" || known.What == "text_hidden") {
		return f.T("error." + known.What + ".text")
	}
	return ""
}

// rolesWith names the roles that have an action.
func rolesWith(f *page.Frame, act indicators.Action) (out []string) {
	for _, p := range indicators.AllPermits() {
		if p.Action == act && p.Role != indicators.Anyone {
			out = append(out, f.T("role."+string(p.Role)))
		}
	}
	return out
}

// lastWord is what somebody probably looked for at an address.
func lastWord(path string) string {
	last := path[strings.LastIndexByte(path, '/')+1:]
	if i := strings.LastIndexByte(last, '.'); i > 0 {
		last = last[:i]
	}
	return strings.NewReplacer("-", " ", "_", " ").Replace(last)
}
