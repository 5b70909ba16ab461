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
	"yimi/server/words"
)

// releaseStore keeps what was published.
type releaseStore interface {
	Releases(ctx context.Context) ([]indicators.Release, error)
	ReleaseNumbered(ctx context.Context, number int) (indicators.Release, error)
	Difference(ctx context.Context, from, to int) ([]indicators.FigureChange, []indicators.Effect, error)
	Provenance(ctx context.Context, release int, indicator indicators.Code) ([]indicators.Provenance, error)
	Preview(ctx context.Context, actor indicators.Actor, at time.Time, number int) (*indicators.Preview, error)
	Publish(ctx context.Context, actor indicators.Actor, at time.Time, number int, token, note string, seen bool,
		say func(*indicators.Assessment) (zh, en string)) (indicators.Release, error)
	PrepareUndo(ctx context.Context, actor indicators.Actor, at time.Time, number int, reason string) (int, error)
	DropTaking(ctx context.Context, actor indicators.Actor, at time.Time, id int64) error
}

func releaseLink(f *page.Frame, r indicators.Release) page.Link {
	return page.Link{Text: f.T("releases.number", r.Number), URL: fmt.Sprintf("/releases/%d", r.Number)}
}

// listReleases lists every release, the newest first.
func (s *Server) listReleases(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	all, err := s.Store.Releases(c.Request.Context())
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
			row.Since = fmt.Sprintf("/releases/%d?from=%d", all[0].Number, r.Number)
		}
		if r.Person != "" {
			row.Publication = p.T("release.by", r.Person)
		}
		p.Rows = append(p.Rows, row)
	}
	return s.show(c, http.StatusOK, &p)
}

// theRelease is the release of the address.
func (s *Server) theRelease(c *gin.Context) (*visit, indicators.Release, error) {
	v, err := s.visit(c)
	if err != nil {
		return nil, indicators.Release{}, err
	}
	n, err := number(c, "number", "release")
	if err != nil {
		return nil, indicators.Release{}, err
	}
	r, err := s.Store.ReleaseNumbered(c.Request.Context(), int(n))
	return v, r, err
}

// showRelease is what a release changed; with another one in the address, what
// became other between the two.
func (s *Server) showRelease(c *gin.Context) error {
	v, r, err := s.theRelease(c)
	if err != nil {
		return err
	}
	return s.askUndo(c, v, r, http.StatusOK, "", "")
}

func (s *Server) askUndo(c *gin.Context, v *visit, r indicators.Release, status int, reason, flaw string) error {
	ctx := c.Request.Context()
	all, err := s.Store.Releases(ctx)
	if err != nil {
		return err
	}
	f := v.frame
	f.Title, f.Section, f.Crumbs = f.T("releases.number", r.Number), "releases", []page.Link{{Text: f.T("releases.title"), URL: "/releases"}}
	p := page.ReleasePage{
		Number: r.Number, Told: done(c, &f), Note: r.Note, Published: v.when(r.Published), TreeSize: r.Head.Size, TreeRoot: r.Head.Root,
		Then: fmt.Sprintf("/?release=%d", r.Number), First: r.Number == all[len(all)-1].Number,
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
		figures, effects, err := s.Store.Difference(ctx, p.From, r.Number)
		if err != nil {
			return err
		}
		if p.Figures, err = s.changedFigures(ctx, v, r.Number, figures); err != nil {
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
		Correct: x.Old != nil && x.New != nil,
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
func (s *Server) changedFigures(ctx context.Context, v *visit, release int, list []indicators.FigureChange) (out []page.ChangedFigure, err error) {
	known := map[indicators.Code][]indicators.Provenance{}
	for _, x := range list {
		from, asked := known[x.Subject]
		if !asked {
			if from, err = s.Store.Provenance(ctx, release, x.Subject); err != nil {
				return nil, err
			}
			known[x.Subject] = from
		}
		row := v.changedFigure(x)
		for _, p := range from {
			if p.Area == x.Area && x.New != nil && p.Release > 0 {
				row.Reason = p.Entry.Correction
				row.People = v.frame.T("release.people", v.unit(p.Organisation).Text, p.Person, p.ApprovedBy)
				break
			}
		}
		out = append(out, row)
	}
	return out, nil
}

// typedRelease is what was typed into the form of a release.
type typedRelease struct {
	note, noteFlaw, seenFlaw, problem string
	seen                              bool
}

// showPreview is the release of a round's approved figures, or of what was
// prepared for being taken back, as it would be.
func (s *Server) showPreview(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	all, err := s.Store.Rounds(c.Request.Context())
	if err != nil {
		return err
	}
	chosen := 0
	if len(all) > 0 {
		chosen = all[0].Number
	}
	if asked := c.Query("round"); asked != "" {
		if chosen, err = strconv.Atoi(asked); err != nil || chosen < 0 {
			return indicators.Missing("round", asked)
		}
	}
	return s.askPublish(c, v, http.StatusOK, chosen, typedRelease{})
}

func (s *Server) askPublish(c *gin.Context, v *visit, status, round int, typed typedRelease) error {
	ctx, a := c.Request.Context(), actor(c)
	all, err := s.Store.Rounds(ctx)
	if err != nil {
		return err
	}
	made, err := s.Store.Preview(ctx, a, s.Now(), round)
	if err != nil {
		return err
	}
	f := v.frame
	f.Title, f.Section, f.Crumbs = f.T("preview.title", made.Release), "releases", []page.Link{{Text: f.T("releases.title"), URL: "/releases"}}
	p := page.Preview{
		Done: done(c, &f), Number: made.Release, Changed: len(made.Figures), Flipped: len(made.Effects), Unreported: made.Unreported,
		Empty: len(made.Candidates)+len(made.Taken) == 0, Token: made.Token, Round: round, Button: f.T("preview.button", made.Release),
		Problem: typed.problem, Note: typed.note, NoteFlaw: typed.noteFlaw, SeenFlaw: typed.seenFlaw, Seen: typed.seen,
	}
	for _, r := range all {
		p.Rounds = append(p.Rounds, page.View{Key: v.roundLink(r).Text, URL: fmt.Sprintf("/releases/preview?round=%d", r.Number), Current: r.Number == round})
	}
	p.Rounds = append(p.Rounds, page.View{Key: f.T("preview.takings"), URL: "/releases/preview?round=0", Current: round == 0})
	switch {
	case !p.Empty:
		p.Sentence = f.T("preview.sentence", len(made.Figures), len(made.Effects))
	case round == 0:
		p.Sentence = f.T("preview.nothing_taken")
	default:
		p.Sentence = f.T("preview.nothing")
	}
	v.previewed(&p, made)
	for _, t := range made.Taken {
		o := t.Observation
		row := v.changedFigure(indicators.FigureChange{Subject: o.Subject, Area: o.Area, Period: o.Period, Basis: o.Basis, Old: &o})
		x := page.TakingRow{Figure: row.Figure, What: row.What, Value: row.Old, Restores: t.Restores, Reason: t.Reason,
			Who: f.T("round.signed_by", t.Person, v.when(t.At)), DropURL: fmt.Sprintf("/releases/takings/%d/drop", t.ID)}
		if t.Undoes > 0 {
			x.OfReleaseText = f.T("preview.undoes", t.Undoes)
		}
		p.Taken = append(p.Taken, x)
	}
	if typed.noteFlaw != "" || typed.seenFlaw != "" || typed.problem != "" {
		f.Title = f.T("form.wrong", 1, f.Title)
	}
	p.Frame = f
	return s.show(c, status, &p)
}

// previewed lays out the figures of a preview with the statuses that each of
// them changes, the findings, and the statuses that change beside them.
func (v *visit) previewed(p *page.Preview, made *indicators.Preview) {
	f := &v.frame
	of := map[indicators.Place]*indicators.Candidate{}
	for n := range made.Candidates {
		x := &made.Candidates[n]
		at := indicators.Place{Subject: x.Revision.Indicator, Area: x.Revision.Area}
		of[at] = x
		link := page.Link{Text: v.subject(at.Subject, ""), URL: fmt.Sprintf("/review/%d", x.Revision.ID)}
		for _, y := range x.Findings {
			problem := page.ChangedProblem{Figure: link, What: v.placeName(at.Area), Text: v.findingWords(y), Note: explained(f, x.Revision.Entry)}
			if y.Grade == indicators.ErrorGrade {
				p.Errors = append(p.Errors, problem)
			} else {
				p.Warnings = append(p.Warnings, problem)
			}
		}
	}
	shown := map[indicators.Place]bool{}
	for _, x := range made.Figures {
		row := v.changedFigure(x)
		at := indicators.Place{Subject: x.Subject, Area: x.Area}
		if candidate := of[at]; candidate != nil {
			row.Review = fmt.Sprintf("/review/%d", candidate.Revision.ID)
			row.Reason = candidate.Revision.Entry.Correction
			row.People = f.T("review.by", v.unit(candidate.Revision.Organisation).Text, candidate.Revision.Person)
		}
		if !shown[at] {
			for _, e := range made.Effects {
				if e.Indicator == x.Subject && e.Area == x.Area {
					row.Flips = append(row.Flips, v.flips([]indicators.Effect{e})...)
				}
			}
		}
		shown[at] = true
		p.Figures = append(p.Figures, row)
	}
	for _, e := range made.Effects {
		if !shown[indicators.Place{Subject: e.Indicator, Area: e.Area}] {
			p.Flips = append(p.Flips, v.flips([]indicators.Effect{e})...)
		}
	}
}

// teller says an assessment in both languages, as a release keeps it.
func (v *visit) teller() func(*indicators.Assessment) (zh, en string) {
	one, other := v.frame, v.frame
	one.Lang, other.Lang = words.Zh, words.En
	return func(a *indicators.Assessment) (zh, en string) {
		return page.Sentence(&one, v.library, a), page.Sentence(&other, v.library, a)
	}
}

// publish makes the release that was previewed. What is refused keeps what was
// typed; where something changed since, the page shows the preview anew.
func (s *Server) publish(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	round, err := strconv.Atoi(c.PostForm("round"))
	if err != nil || round < 0 {
		return indicators.Missing("round", c.PostForm("round"))
	}
	f := &v.frame
	typed := typedRelease{note: strings.TrimSpace(c.PostForm("note")), seen: c.PostForm("seen") == "yes"}
	r, err := s.Store.Publish(c.Request.Context(), actor(c), s.Now(), round, c.PostForm("token"), typed.note, typed.seen, v.teller())
	var known *indicators.Error
	if !errors.As(err, &known) {
		if err != nil {
			return err
		}
		return redirect(c, fmt.Sprintf("/releases/%d?done=published", r.Number))
	}
	switch known.What {
	case "text":
		typed.noteFlaw = f.T("error.text.text")
	case "note_empty":
		typed.noteFlaw = f.T("preview.no_note")
	case "release_warnings":
		typed.seenFlaw = f.T("preview.unseen")
	case "preview_stale", "release_empty", "release_errors":
		typed.problem = f.T("error." + known.What + ".text")
		typed.seen = false // what was seen is not what stands now
	default:
		return err
	}
	return s.askPublish(c, v, statuses[known.Kind], round, typed)
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
	if errors.As(err, &known) && (known.Kind == indicators.Invalid || known.Kind == indicators.Conflict) && known.What != "release" {
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
