package server

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
	"yimi/server/words"
)

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
	p.Gathered = f.T("foresight.gathered", v.when(s.Now()))
	v.previewed(&p, made)
	if !p.Empty && !made.Errors() {
		if err := s.lookAhead(ctx, v, a, round, &p); err != nil {
			return err
		}
	}
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
			if candidate.Revision.Entry.Correction != "" {
				row.Why = f.T("release.why_corrected", candidate.Revision.Entry.Correction)
			}
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

// Teller says assessments of a library in Chinese and English, as a release of a
// day keeps them.
func Teller(l *indicators.Library, day indicators.Period) func(*indicators.Assessment) (zh, en string) {
	say := func(lang words.Lang) func(*indicators.Assessment) string {
		f := page.Frame{Lang: lang, Plan: l.Plan, AsOf: day, Place: l.Plan.City}
		if city := l.City(); city != nil {
			f.Place = f.Pick(city.Name, city.NameEn)
		}
		return func(a *indicators.Assessment) string { return page.Sentence(&f, l, a) }
	}
	chinese, english := say(words.Zh), say(words.En)
	return func(a *indicators.Assessment) (zh, en string) { return chinese(a), english(a) }
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
	r, err := s.Store.Publish(c.Request.Context(), actor(c), s.Now(), round, c.PostForm("token"), typed.note, typed.seen, Teller(v.library, v.asOf()))
	var known *indicators.Error
	if !errors.As(err, &known) {
		if err != nil {
			return err
		}
		return redirect(c, fmt.Sprintf("/releases/%d?done=published", r.Number))
	}
	switch known.What {
	case "text", "text_hidden":
		typed.noteFlaw = textFlaw(f, err)
	case "note_empty":
		typed.noteFlaw = f.T("preview.no_note")
	case "release_warnings":
		typed.seenFlaw = f.T("preview.unseen")
	case "preview_stale", "release_empty", "release_errors":
		if to := s.justDone(c); to != "" {
			return redirect(c, to)
		}
		typed.problem = f.T("error." + known.What + ".text")
		typed.seen = false // what was seen is not what stands now
	default:
		return err
	}
	return s.askPublish(c, v, statuses[known.Kind], round, typed)
}
