package server

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// previewKey is the parameter of an address that asks for a public page as it
// will read: its value is the round, 0 for what is taken back.
const previewKey = "preview"

// foresights keeps what was foreseen last, for as long as nothing that it rests
// on changes.
type foresights struct {
	mu   sync.Mutex
	last *indicators.Foresight
}

// previewing lets a public page be asked for as it will read, by whoever may
// publish it. An address that asks for nothing of the kind, and a form, are
// passed on.
func (s *Server) previewing(h func(*gin.Context) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		if c.Query(previewKey) == "" || c.Request.Method == post {
			return h(c)
		}
		if err := actor(c).Allow(indicators.Publish); err != nil {
			return err
		}
		if to := s.unsettled(c, who(c)); to != "" {
			return redirect(c, to)
		}
		c.Set(previewKey, true)
		return h(c)
	}
}

// foreseen is what the address asks to be previewed; nil for a page that is
// read as it stands. NotFound "round"; Invalid "release_empty" or
// "release_errors" where there is nothing to come.
func (s *Server) foreseen(c *gin.Context) (*indicators.Foresight, error) {
	if !c.GetBool(previewKey) {
		return nil, nil //nolint:nilnil // no preview is what most pages are
	}
	round, err := strconv.Atoi(c.Query(previewKey))
	if err != nil || round < 0 {
		return nil, indicators.Missing("round", c.Query(previewKey))
	}
	return s.foresee(c.Request.Context(), actor(c), round)
}

// foresee is what a round's release will make public, read anew when anything
// that it rests on has changed.
func (s *Server) foresee(ctx context.Context, a indicators.Actor, round int) (*indicators.Foresight, error) {
	now := s.Now()
	token, err := s.Store.PreviewToken(ctx, a, now, round)
	if err != nil {
		return nil, err
	}
	s.ahead.mu.Lock()
	defer s.ahead.mu.Unlock()
	if s.ahead.last == nil || s.ahead.last.Token != token {
		made, err := s.Store.Foresee(ctx, a, now, round)
		if err != nil {
			return nil, err
		}
		s.ahead.last = made
	}
	return s.ahead.last, nil
}

// maxLooks is how many of the indicators that a release changes the check
// before publishing offers to look at.
const maxLooks = 6

// lookAhead shows the front page's counts before and after, and leads to the
// public pages as they will read.
func (s *Server) lookAhead(ctx context.Context, v *visit, a indicators.Actor, round int, p *page.Preview) error {
	f, err := s.foresee(ctx, a, round)
	if err != nil {
		return err
	}
	then := *v
	then.ahead, then.release = f, f.Release
	then.frame.Release, then.frame.Preview, then.frame.Previewed = f.Release, true, round
	for _, side := range []struct {
		v       *visit
		heading string
	}{{v, v.frame.T("foresight.now", v.release.Number)}, {&then, v.frame.T("foresight.then", f.Release.Number)}} {
		r, err := s.readFrom(ctx, side.v, v.library.City())
		if err != nil {
			return err
		}
		p.Fronts = append(p.Fronts, page.Front{
			Heading: side.heading, Tallies: r.tallies(indicators.ByPlan, string(r.library.Plan.Code)),
		})
	}
	to := &then.frame
	p.Look = []page.Link{{Text: to.T("foresight.front"), URL: to.To("/")}}
	for _, section := range []string{"status", "indicators", "areas", "organisations"} {
		p.Look = append(p.Look, then.crumb(section))
	}
	seen := map[indicators.Code]bool{}
	for _, x := range p.Figures {
		code := indicators.Code(strings.TrimPrefix(x.Figure.URL, "/indicators/"))
		if i := v.library.Indicator(code); i != nil && !seen[code] && len(seen) < maxLooks {
			seen[code] = true
			p.Look = append(p.Look, page.Link{Text: to.Pick(i.Name, i.NameEn), URL: to.To("/indicators/" + string(code))})
		}
	}
	return nil
}
