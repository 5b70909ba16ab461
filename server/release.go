package server

import (
	"context"
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
)

// releaseStore keeps what was published.
type releaseStore interface {
	Releases(ctx context.Context) ([]indicators.Release, error)
	ReleaseNumbered(ctx context.Context, number int) (indicators.Release, error)
	Difference(ctx context.Context, from, to int) ([]indicators.FigureChange, []indicators.Effect, error)
	TakenIn(ctx context.Context, release int) ([]indicators.Taking, error)
	Provenance(ctx context.Context, release int, indicator indicators.Code) ([]indicators.Provenance, error)
	Preview(ctx context.Context, actor indicators.Actor, at time.Time, number int) (*indicators.Preview, error)
	Publish(ctx context.Context, actor indicators.Actor, at time.Time, number int, token, note string, seen bool,
		say func(*indicators.Assessment) (zh, en string)) (indicators.Release, error)
	PreviewToken(ctx context.Context, actor indicators.Actor, at time.Time, number int) (string, error)
	Foresee(ctx context.Context, actor indicators.Actor, at time.Time, number int) (*indicators.Foresight, error)
	Withhold(ctx context.Context, actor indicators.Actor, at time.Time, key indicators.Observation, reason string) (int64, error)
	PrepareUndo(ctx context.Context, actor indicators.Actor, at time.Time, number int, reason string) (int, error)
	DropTaking(ctx context.Context, actor indicators.Actor, at time.Time, id int64) error
}

func releaseLink(f *page.Frame, r indicators.Release) page.Link {
	link := page.Link{Text: f.T("releases.number", r.Number), URL: fmt.Sprintf("/releases/%d", r.Number)}
	if f.Preview {
		link.URL = f.To(link.URL)
	}
	return link
}

// releases lists the releases, the newest first; in a preview the one that would
// be made too.
func (s *Server) releases(ctx context.Context, v *visit) ([]indicators.Release, error) {
	all, err := s.Store.Releases(ctx)
	if err == nil && v.ahead != nil {
		all = append([]indicators.Release{v.ahead.Release}, all...)
	}
	return all, err
}

// listReleases lists every release, the newest first.
func (s *Server) listReleases(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	all, err := s.releases(c.Request.Context(), v)
	if err != nil {
		return err
	}
	p := page.Releases{Frame: v.frame}
	p.Title, p.Section = p.T("releases.title"), "releases"
	for n, r := range all {
		row := page.ReleaseRow{
			Release: releaseLink(&p.Frame, r), Day: v.when(r.Published), Kind: p.T("releases.kind." + string(r.Kind)), Note: r.Note,
			Newest: n == 0, Then: fmt.Sprintf("/?release=%d", r.Number),
		}
		if n > 0 {
			row.Since = p.To(fmt.Sprintf("/releases/%d?from=%d", all[0].Number, r.Number))
		}
		if r.Person != "" {
			row.Publication = p.T("release.by", r.Person)
		}
		p.Rows = append(p.Rows, row)
	}
	return s.show(c, http.StatusOK, &p)
}

// theRelease is the release of the address, with the library as it stood then:
// its figures read in the units and under the names of that day.
func (s *Server) theRelease(c *gin.Context) (*visit, indicators.Release, error) {
	v, err := s.visit(c)
	if err != nil {
		return nil, indicators.Release{}, err
	}
	n, err := number(c, "number", "release")
	if err != nil {
		return nil, indicators.Release{}, err
	}
	if v.ahead != nil && int(n) == v.ahead.Release.Number {
		return v, v.ahead.Release, nil
	}
	r, err := s.Store.ReleaseNumbered(c.Request.Context(), int(n))
	if err != nil {
		return nil, r, err
	}
	v.library, err = s.Store.LibraryAt(c.Request.Context(), r.Number)
	return v, r, err
}

// showRelease is what a release changed; with another one in the address, what
// became other between the two.
func (s *Server) showRelease(c *gin.Context) error {
	v, r, err := s.theRelease(c)
	if err != nil {
		return err
	}
	if v.ahead != nil && (r.Number == v.ahead.Release.Number || c.Query("from") == strconv.Itoa(v.ahead.Release.Number)) {
		// Its own page is the check before publishing.
		return redirect(c, fmt.Sprintf("/releases/preview?round=%d", v.ahead.Release.Round))
	}
	return s.askUndo(c, v, r, http.StatusOK, "", "")
}

func (s *Server) askUndo(c *gin.Context, v *visit, r indicators.Release, status int, reason, flaw string) error {
	ctx := c.Request.Context()
	all, err := s.releases(ctx, v)
	if err != nil {
		return err
	}
	f := v.frame
	f.Title, f.Section, f.Crumbs = f.T("releases.number", r.Number), "releases", []page.Link{{Text: f.T("releases.title"), URL: f.To("/releases")}}
	p := page.ReleasePage{
		Number: r.Number, Told: done(c, &f), Note: r.Note, Published: v.when(r.Published), TreeSize: r.Head.Size, TreeRoot: r.Head.Root,
		Then: fmt.Sprintf("/?release=%d", r.Number), Archive: f.To(archiveURL(r.Number)), First: r.Number == all[len(all)-1].Number,
	}
	if r.Person != "" {
		p.Published = f.T("release.published_by", v.when(r.Published), r.Person)
	}
	if r.Rules > 0 {
		p.Rules = f.T("release.rules_version", r.Rules)
	}
	if all[0].Number != r.Number {
		p.Newer = releaseLink(&f, all[0])
	}
	p.From = r.Number - 1
	if asked := c.Query("from"); asked != "" {
		p.From, err = strconv.Atoi(asked)
		if err != nil || !slices.ContainsFunc(all, func(x indicators.Release) bool { return x.Number == p.From }) {
			return indicators.Missing("release", asked)
		}
		p.Difference, p.First = p.From != r.Number-1, false
	}
	for _, x := range all {
		if x.Number != r.Number {
			p.Others = append(p.Others, page.Option{Value: strconv.Itoa(x.Number), Text: f.T("releases.option", x.Number, v.when(x.Published)), Chosen: x.Number == p.From})
		}
	}
	if p.Difference {
		f.Title = f.T("release.between", p.From, r.Number)
	}
	if !p.First {
		figures, effects, err := s.difference(ctx, p.From, r.Number)
		if err != nil {
			return err
		}
		if p.Figures, err = s.changedFigures(ctx, v, actor(c), r, figures); err != nil {
			return err
		}
		for _, e := range effects {
			// What a target became because a figure did, apart from what time alone made of it.
			if v.rests(e.Indicator, figures) {
				p.Flips = append(p.Flips, v.flips([]indicators.Effect{e})...)
			} else {
				p.Elapsed = append(p.Elapsed, v.flips([]indicators.Effect{e})...)
			}
		}
	}
	if !p.Difference && actor(c).May(indicators.ReadAudit) {
		p.Trail = trailOf(indicators.ReleaseObject(r.Number))
	}
	p.CanUndo = !p.Difference && r.Kind != indicators.LoadedRelease && actor(c).May(indicators.Withhold)
	p.Undo = page.Form{Action: fmt.Sprintf("/releases/%d/undo", r.Number), Button: f.T("release.undo_button"), Fields: []page.Field{
		{Name: "reason", Label: f.T("release.undo_reason"), Kind: "textarea", Value: reason, Problem: flaw},
	}}
	if flaw != "" {
		f.Title = f.T("form.wrong", 1, f.Title)
	}
	p.Frame = f
	return s.show(c, status, &p)
}

// rests reports an indicator of which one of the figures changed, or one of a
// series that it is a rate of.
func (v *visit) rests(code indicators.Code, figures []indicators.FigureChange) bool {
	of := indicators.Codes{code}
	if i := v.library.Indicator(code); i != nil {
		of = append(of, i.NumeratorSeries, i.DenominatorSeries)
	}
	return slices.ContainsFunc(figures, func(x indicators.FigureChange) bool { return of.Contains(x.Subject) })
}

// observed is a figure in words: of an indicator or a series; empty for none.
func (v *visit) observed(o *indicators.Observation) string {
	f := &v.frame
	switch i := v.library.Indicator(observedOf(o)); {
	case o == nil:
		return ""
	case !o.Value.Present():
		return f.T("answer." + string(o.Answer))
	case i != nil:
		return page.Figure(f, i, *o, v.library.TargetsOf(i.Code))
	}
	unit := ""
	if sr := v.library.SeriesOf(o.Subject); sr != nil {
		unit = sr.Unit
	}
	return f.WithUnit(f.Exact(o.Value), unit)
}

func observedOf(o *indicators.Observation) indicators.Code {
	if o == nil {
		return ""
	}
	return o.Subject
}

// changedFigure lays out one figure that a release changes.
func (v *visit) changedFigure(x indicators.FigureChange) page.ChangedFigure {
	f := &v.frame
	out := page.ChangedFigure{
		Figure: page.Link{Text: string(x.Subject), URL: f.To("/indicators/" + string(x.Subject))},
		What:   f.T("release.where", v.placeName(x.Area), f.Date(x.Period)), Old: v.observed(x.Old), New: v.observed(x.New),
	}
	if i := v.library.Indicator(x.Subject); i != nil {
		out.Figure.Text = f.Pick(i.Name, i.NameEn)
	} else if sr := v.library.SeriesOf(x.Subject); sr != nil {
		out.Figure.Text, out.Figure.URL = f.Pick(sr.Name, sr.NameEn), f.To("/indicators")
	}
	return out
}

// changedFigures lays out what a release changed, with who entered and approved
// each figure and why one was corrected.
func (s *Server) changedFigures(ctx context.Context, v *visit, a indicators.Actor, r indicators.Release, list []indicators.FigureChange) (out []page.ChangedFigure, err error) {
	f, known := &v.frame, s.tracesFor(v, a, r.Number)
	taken, err := s.Store.TakenIn(ctx, r.Number)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		row := v.changedFigure(x)
		o := x.New
		if o == nil {
			o = x.Old
		}
		at := slices.IndexFunc(taken, func(t indicators.Taking) bool {
			return t.Restores == (x.New != nil) && indicators.CompareObservations(t.Observation, *o) == 0
		})
		from, err := known.from(ctx, x.New)
		if err != nil {
			return nil, err
		}
		switch {
		case at >= 0 && taken[at].Restores:
			row.Why, row.People = f.T("release.why_restored", taken[at].Reason), f.T("release.taken_by", taken[at].Person)
		case at >= 0 && r.Kind == indicators.RoundRelease:
			row.Why = f.T("release.why_corrected", taken[at].Reason) // another figure took its place
		case at >= 0:
			row.Why, row.People = f.T("release.why_taken", taken[at].Reason), f.T("release.taken_by", taken[at].Person)
		case from != nil:
			row.People = f.T("release.people", v.unit(from.Organisation).Text, from.Person, from.ApprovedBy)
			if from.Entry.Correction != "" {
				row.Why = f.T("release.why_corrected", from.Entry.Correction)
			}
		case x.Old != nil && x.New != nil:
			row.Why = f.T("release.corrected")
		}
		if row.Acts, err = known.acts(ctx, o, x.New != nil); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

// undo prepares the release that takes another back.
func (s *Server) undo(c *gin.Context) error {
	v, r, err := s.theRelease(c)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(c.PostForm("reason"))
	n, err := s.Store.PrepareUndo(c.Request.Context(), actor(c), s.Now(), r.Number, reason)
	var known *indicators.Error
	if errors.As(err, &known) && known.What == "reason_empty" {
		return s.askUndo(c, v, r, statuses[known.Kind], reason, v.frame.T("withhold.no_reason"))
	}
	if errors.As(err, &known) && (known.Kind == indicators.Invalid || known.Kind == indicators.Conflict) && known.What != "release" {
		if to := s.justDone(c); known.What == "figure_prepared" && to != "" {
			return redirect(c, to)
		}
		return s.askUndo(c, v, r, statuses[known.Kind], reason, v.frame.T("error."+known.What+".text"))
	}
	if err != nil {
		return err
	}
	return redirect(c, fmt.Sprintf("/releases/preview?round=0&done=prepared&n=%d", n))
}

// dropTaking leaves a prepared figure as it is.
func (s *Server) dropTaking(c *gin.Context) error {
	id, err := number(c, "id", "taking")
	if err != nil {
		return err
	}
	if err := s.Store.DropTaking(c.Request.Context(), actor(c), s.Now(), id); err != nil {
		return err
	}
	return redirect(c, "/releases/preview?round=0&done=dropped")
}
