package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// picked reads which figures a reviewer chose, each once and with the version
// that was seen; what is no choice of ours is passed over.
func picked(c *gin.Context) (out []indicators.Pick) {
	seen := map[string]bool{}
	for _, text := range c.PostFormArray("pick") {
		if seen[text] {
			continue
		}
		seen[text] = true
		duty, version, _ := strings.Cut(text, ":")
		id, err := strconv.ParseInt(duty, 10, 64)
		n, verr := strconv.Atoi(version)
		if err == nil && verr == nil {
			out = append(out, indicators.Pick{Duty: id, Version: n})
		}
	}
	return out
}

// endorse, approve and sendBack pass figures on or back, one or many.
func (s *Server) endorse(c *gin.Context) error {
	return s.decide(c, indicators.Endorse, func(ctx context.Context, a indicators.Actor, _ string, picks []indicators.Pick) ([]indicators.Saved, error) {
		return s.Store.Endorse(ctx, a, s.Now(), picks...)
	})
}

func (s *Server) approve(c *gin.Context) error {
	return s.decide(c, indicators.Approve, func(ctx context.Context, a indicators.Actor, _ string, picks []indicators.Pick) ([]indicators.Saved, error) {
		return s.Store.Approve(ctx, a, s.Now(), picks...)
	})
}

func (s *Server) sendBack(c *gin.Context) error {
	return s.decide(c, indicators.Return, func(ctx context.Context, a indicators.Actor, reason string, picks []indicators.Pick) ([]indicators.Saved, error) {
		return s.Store.Return(ctx, a, s.Now(), reason, picks...)
	})
}

func (s *Server) decide(c *gin.Context, act indicators.Action, do func(context.Context, indicators.Actor, string, []indicators.Pick) ([]indicators.Saved, error)) error {
	ctx, a := c.Request.Context(), actor(c)
	picks, reason := picked(c), strings.TrimSpace(c.PostForm("reason"))
	pane := c.PostForm("back") != "" && len(picks) == 1
	if act == indicators.Return && reason == "" && pane {
		f := s.frame(c)
		return s.askReview(c, picks[0].Duty, http.StatusUnprocessableEntity, "", f.T("review.flaw.reason_empty"), nil)
	}
	if len(picks) > indicators.MostPicks {
		return s.showRefused(c, act, picks, nil, reason)
	}
	if len(picks) == 0 || act == indicators.Return && reason == "" {
		return s.notDecided(c, act, picks, reason, "reason_empty")
	}
	saved, err := do(ctx, a, reason, picks)
	if f := s.frame(c); textFlaw(&f, err) != "" {
		var known *indicators.Error
		errors.As(err, &known)
		return s.notDecided(c, act, picks, reason, known.What)
	}
	if err != nil {
		return err
	}
	refusals := 0
	for _, x := range saved {
		if x.Err != nil {
			refusals++
		}
	}
	if refusals > 0 {
		return s.showRefused(c, act, picks, saved, reason)
	}
	q := url.Values{"done": {string(act)}, "n": {strconv.Itoa(len(picks))}}
	if r := c.PostForm("round"); r != "" && r != "0" {
		q.Set("round", r)
	}
	return redirect(c, "/review?"+q.Encode())
}

// notDecided says what is missing or no text, with everything still chosen and typed.
func (s *Server) notDecided(c *gin.Context, act indicators.Action, picks []indicators.Pick, reason, what string) error {
	saved := make([]indicators.Saved, len(picks))
	for i := range saved {
		saved[i].Err = &indicators.Error{Kind: indicators.Invalid, What: what}
	}
	return s.showRefused(c, act, picks, saved, reason)
}

// showRefused tells which figures an act did not pass, and why. Of a figure
// that somebody changed meanwhile it shows what was seen and what stands, and
// offers to choose it as it stands.
func (s *Server) showRefused(c *gin.Context, act indicators.Action, picks []indicators.Pick, saved []indicators.Saved, reason string) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	f := v.frame
	p := page.Passed{Action: "/review/" + string(act), Button: f.T("review.again." + string(act)), Reason: reason, Returns: act == indicators.Return, Back: "/review"}
	status, passed := http.StatusUnprocessableEntity, 0
	if n, err := strconv.Atoi(c.PostForm("round")); err == nil && n > 0 {
		p.Round, p.Back = n, fmt.Sprintf("/review?round=%d", n)
	}
	for i, x := range saved {
		if x.Err == nil {
			passed++
			continue
		}
		var known *indicators.Error
		if !errors.As(x.Err, &known) {
			return x.Err
		}
		if len(p.Rows) == 0 {
			status = statuses[known.Kind]
		}
		row, err := s.refusedPick(c, v, picks[i], x)
		if err != nil {
			return err
		}
		p.Again = p.Again || row.Box != ""
		p.Rows = append(p.Rows, row)
	}
	f.Title = f.T("review.refused")
	p.Sentence = f.T("review.refused_sentence", len(p.Rows), passed)
	if len(picks) == 0 {
		f.Title, p.Sentence = f.T("review.none_chosen"), f.T("review.none_chosen_text")
	}
	if n := len(picks); n > indicators.MostPicks {
		f.Title, p.Sentence = f.T("error.picks_many.title"), f.T("review.too_many", indicators.MostPicks, n)
		status = http.StatusRequestEntityTooLarge
	}
	f.Section, f.Crumbs = "review", []page.Link{{Text: f.T("review.title"), URL: "/review"}}
	p.Frame = f
	return s.show(c, status, &p)
}

func (s *Server) refusedPick(c *gin.Context, v *visit, pick indicators.Pick, x indicators.Saved) (row page.RefusedPick, err error) {
	f := &v.frame
	var known *indicators.Error
	errors.As(x.Err, &known)
	row = page.RefusedPick{Figure: page.Link{Text: f.T("review.unknown")}, Why: f.T("error." + known.What + ".title"), Text: f.T("error." + known.What + ".text")}
	view, err := s.Store.Figure(c.Request.Context(), actor(c), s.Now(), pick.Duty)
	var missing *indicators.Error
	if errors.As(err, &missing) && missing.Kind == indicators.NotFound {
		return row, nil // another's figure is told no more of than an unknown one
	}
	if err != nil {
		return row, err
	}
	i, r := view.Indicator, view.Revision
	row.Figure = page.Link{Text: f.Pick(i.Name, i.NameEn), URL: fmt.Sprintf("/review/%d", r.ID)}
	row.Place = v.placeName(r.Area)
	if known.What == "state" && r.State == indicators.Submitted && view.Endorsed {
		row.Why, row.Text = f.T("review.waits_for_lead"), f.T("review.waits_for_lead_text")
	}
	act := map[string]bool{"reason_empty": true, "text": true, "text_hidden": true, "revision_clash": true}
	if act[known.What] {
		row.Box = box(r.ID, r.Version)
	}
	var clash *indicators.ClashError
	if errors.As(x.Err, &clash) {
		row.Clash, row.Who, row.When = true, r.Person, v.when(r.Changed)
		row.Now = v.entryWords(i, r.Area, view.Round.Year, r.Entry)
		for _, old := range view.Versions {
			if old.Number == pick.Version {
				row.Seen = v.entryWords(i, r.Area, view.Round.Year, old.Entry)
			}
		}
	}
	return row, nil
}
