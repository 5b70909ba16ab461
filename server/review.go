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

// reviewStore is what reviewers and the office read and write.
type reviewStore interface {
	Waiting(ctx context.Context, actor indicators.Actor, at time.Time, number, limit, offset int) ([]indicators.QueuedView, int, error)
	Open(ctx context.Context, actor indicators.Actor, at time.Time, duty int64) error
	Endorse(ctx context.Context, actor indicators.Actor, at time.Time, picks ...indicators.Pick) ([]indicators.Saved, error)
	Approve(ctx context.Context, actor indicators.Actor, at time.Time, picks ...indicators.Pick) ([]indicators.Saved, error)
	Return(ctx context.Context, actor indicators.Actor, at time.Time, reason string, picks ...indicators.Pick) ([]indicators.Saved, error)
}

// queuePage is how many figures of the queue one page shows, and queueMost the
// last place that an address can ask for.
const (
	queuePage = 20
	queueMost = 1_000_000
)

// box is the value by which a form names a figure and the version that was
// seen.
func box(duty int64, version int) string { return fmt.Sprintf("%d:%d", duty, version) }

// entryWords is what an entry says, with its unit; as typed where it cannot be
// read.
func (v *visit) entryWords(i *indicators.Indicator, area indicators.Code, year int, e indicators.Input) string {
	f := &v.frame
	if i != nil && e.Answer == "" {
		if o := v.library.Observation(i, area, year, e, v.frame.AsOf); o.Value.Present() {
			return page.Figure(f, i, o, v.library.TargetsOf(i.Code))
		}
	}
	if text := typedValue(f, e); e.Answer != "" && e.Reason != "" {
		return f.T("review.because", text, e.Reason)
	} else if text != "" {
		return text
	}
	return f.T("work.blank")
}

// figureBefore is the newest public number of an earlier year; nil for none.
func figureBefore(view *indicators.FigureView) *indicators.Observation {
	var found *indicators.Observation
	for n := range view.Sight.Observations {
		o := &view.Sight.Observations[n]
		if o.Subject == view.Indicator.Code && o.Area == view.Revision.Area && o.Value.Present() && o.Period.Year < view.Round.Year &&
			(found == nil || o.Period.Compare(found.Period) > 0 || o.Period == found.Period && o.Published.Compare(found.Published) >= 0) {
			found = o
		}
	}
	return found
}

// levelled is a basis in which an empty one is the level that it means.
func levelled(b indicators.Basis) indicators.Basis {
	if b == "" {
		return indicators.Level
	}
	return b
}

// change is how far a figure is from the one before; empty where they are not
// of one kind.
func (v *visit) change(i *indicators.Indicator, was, now *indicators.Observation) string {
	if was == nil || !now.Value.Present() || levelled(was.Basis) != levelled(now.Basis) || i.Measure == indicators.Deliverable {
		return ""
	}
	f := &v.frame
	off := now.Value.Decimal().Sub(was.Value.Decimal())
	if off.IsZero() {
		return f.T("review.same")
	}
	unit := f.Unit(i)
	if now.Basis == indicators.ChangePct {
		unit = "%"
	}
	n := indicators.NumberOf(off.Abs())
	text := f.WithUnit(f.Exact(n), f.DifferenceUnit(unit))
	if off.IsNegative() {
		text = f.T("review.less", text)
	} else {
		text = f.T("review.more", text)
	}
	if was.Value.Decimal().IsZero() || strings.HasPrefix(unit, "%") {
		return text
	}
	share := off.Abs().Mul(indicators.MustNumber("100").Decimal()).DivRound(was.Value.Decimal().Abs(), 0)
	return f.T("review.by_share", text, share.String())
}

// flips are the statuses that publishing a figure would change.
func (v *visit) flips(effects []indicators.Effect) (out []page.Flip) {
	for _, e := range effects {
		when := v.frame.Date(indicators.YearOf(e.Milestone))
		if !e.Target.Due.IsZero() {
			when = v.frame.Date(e.Target.Due)
		}
		out = append(out, page.Flip{When: when, Before: string(e.Before), After: string(e.After),
			Figure: page.Link{Text: v.subject(e.Indicator, e.Area), URL: v.frame.To("/indicators/" + string(e.Indicator))}})
	}
	return out
}

// explained is what an entry says to its warnings.
func explained(f *page.Frame, e indicators.Input) string {
	return strings.Join(slices.DeleteFunc([]string{e.Note, e.Explanation, e.Next}, func(t string) bool { return t == "" }), f.T("list.pause"))
}

// reviewRow lays out one figure for its reviewer.
func (s *Server) reviewRow(v *visit, view *indicators.FigureView, files int) page.ReviewRow {
	f, i, r := &v.frame, view.Indicator, view.Revision
	row := page.ReviewRow{
		Box: box(r.ID, r.Version), Figure: page.Link{Text: f.Pick(i.Name, i.NameEn), URL: fmt.Sprintf("/review/%d", r.ID)},
		Place: v.placeName(r.Area), Unit: f.T("review.by", v.unit(r.Organisation).Text, r.Person), Now: v.entryWords(i, r.Area, view.Round.Year, r.Entry),
		WasLabel: f.T("review.before"), Was: f.T("review.was_none"), Public: v.nowPublic(view), Targets: page.Targets(f, v.library, i), Flips: v.flips(view.Effects), Note: explained(f, r.Entry),
		Evidence: files, Hue: page.Hue(v.library, i),
		Overdue: !r.Submitted.IsZero() && indicators.DateOf(r.Submitted.In(v.library.Plan.Location())).Compare(laterOf(view.Round.OnTime, view.Round.DueOn(r.Duty))) > 0,
	}
	if view.Barred != "" {
		row.Barred = f.T("review." + view.Barred)
	}
	if r.Person == "" {
		row.Unit = v.unit(r.Organisation).Text
	}
	if !r.Submitted.IsZero() {
		row.Sent = f.T("review.sent", v.when(r.Submitted))
	}
	now := v.library.Observation(i, r.Area, view.Round.Year, r.Entry, f.AsOf)
	if was := figureBefore(view); was != nil {
		row.WasLabel, row.Was = f.Date(was.Period), page.Figure(f, i, *was, nil)
		row.Change = v.change(i, was, &now)
	}
	row.Due = f.T("review.due", f.Date(view.Round.DueOn(r.Duty)))
	for _, x := range view.Findings {
		row.Jump = row.Jump || x.Rule == "jump" || x.Rule == "times_ten"
		row.Warnings = append(row.Warnings, page.Problem{Text: v.findingWords(x), Warning: x.Grade != indicators.ErrorGrade, Settled: x.Settled})
	}
	return row
}

// laterOf is the later of two days.
func laterOf(a, b indicators.Period) indicators.Period {
	if a.Compare(b) > 0 {
		return a
	}
	return b
}

// showQueue is what waits for the reader, what changes most first.
func (s *Server) showQueue(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	ctx, a := c.Request.Context(), actor(c)
	all, err := s.Store.Rounds(ctx)
	if err != nil {
		return err
	}
	chosen := 0
	if asked := c.Query("round"); asked != "" {
		at := slices.IndexFunc(all, func(r indicators.Round) bool { return strconv.Itoa(r.Number) == asked })
		if at < 0 {
			return indicators.Missing("round", asked)
		}
		chosen = all[at].Number
	}
	at, err := strconv.Atoi(c.Query("from"))
	if err != nil || at < 0 || at > queueMost {
		at = 0
	}
	list, total, err := s.Store.Waiting(ctx, a, s.Now(), chosen, queuePage, at)
	if err != nil {
		return err
	}
	f := v.frame
	f.Title, f.Section = f.T("review.title"), "review"
	p := page.Review{Done: done(c, &f), Round: chosen, Approves: a.May(indicators.Approve), Endorses: a.May(indicators.Endorse)}
	p.Rounds = []page.View{{Key: f.T("review.every_round"), URL: "/review", Current: chosen == 0}}
	for _, r := range all {
		p.Rounds = append(p.Rounds, page.View{Key: v.roundLink(r).Text, URL: fmt.Sprintf("/review?round=%d", r.Number), Current: r.Number == chosen})
	}
	flips := 0
	for n := range list {
		x := &list[n]
		if len(x.Effects) > 0 {
			flips++
		}
		p.Rows = append(p.Rows, s.reviewRow(v, &x.FigureView, x.Files))
	}
	p.Sentence = f.T("review.waiting", total, flips)
	if total == 0 {
		p.Sentence = f.T("review.nothing")
	}
	step := func(from int) string {
		return fmt.Sprintf("/review?round=%d&from=%d", chosen, from)
	}
	if chosen == 0 {
		step = func(from int) string { return fmt.Sprintf("/review?from=%d", from) }
	}
	if at > 0 {
		p.Earlier = step(max(0, at-queuePage))
	}
	if at+queuePage < total {
		p.Later = step(at + queuePage)
	}
	if total == 0 && len(all) > 0 && a.May(indicators.Chase) {
		if p.Late, err = s.lateUnits(ctx, v, a, all, chosen); err != nil {
			return err
		}
	}
	p.Frame = f
	return s.show(c, http.StatusOK, &p)
}

// lateUnits lists who owes figures after their day, in a round or the newest.
func (s *Server) lateUnits(ctx context.Context, v *visit, a indicators.Actor, all []indicators.Round, chosen int) (out []page.Link, err error) {
	if chosen == 0 {
		chosen = all[0].Number
	}
	progress, err := s.Store.Progress(ctx, a, s.Now(), chosen)
	if err != nil {
		return nil, err
	}
	for _, x := range progress {
		if x.Late > 0 {
			out = append(out, page.Link{Text: v.frame.T("review.late_unit", v.unit(x.Organisation).Text, x.Late), URL: fmt.Sprintf("/rounds/%d/chase#overdue", chosen)})
		}
	}
	return out, nil
}

// showReview is one figure as its reviewer sees it; its sender can take it back
// no more.
func (s *Server) showReview(c *gin.Context) error {
	id, err := number(c, "duty", "revision")
	if err != nil {
		return err
	}
	// A browser that only asks whether the page is there has opened nothing.
	if c.Request.Method == http.MethodGet {
		if err := s.Store.Open(c.Request.Context(), actor(c), s.Now(), id); err != nil {
			return err
		}
	}
	return s.askReview(c, id, http.StatusOK, "", "", nil)
}

// askReview draws the pane with what was typed into its forms.
func (s *Server) askReview(c *gin.Context, id int64, status int, reason, flaw string, reopen *page.Form) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	a := actor(c)
	view, err := s.Store.Figure(c.Request.Context(), a, s.Now(), id)
	if err != nil {
		return err
	}
	f, i, r := v.frame, view.Indicator, view.Revision
	p := page.Examine{
		Row: s.reviewRow(v, view, len(view.Evidence)), Indicator: page.Link{Text: f.Pick(i.Name, i.NameEn), URL: f.To("/indicators/" + string(i.Code))}, Year: view.Round.Year,
		State: f.T("state." + stateKey(r.State)), Done: done(c, &f), Refusal: r.Refusal, Public: v.publicWords(view, r.Entry),
		Approve: slices.Contains(view.May, indicators.Approve), Endorse: slices.Contains(view.May, indicators.Endorse), Return: slices.Contains(view.May, indicators.Return),
		Reason: reason, ReasonFlaw: flaw, Back: "/review",
	}
	p.Findings = p.Row.Warnings
	for _, name := range indicators.Field("").Allowed() {
		text := r.Entry.Get(indicators.Field(name))
		if text == "" {
			continue
		}
		switch indicators.Field(name) {
		case indicators.BasisField:
			text = f.T("basis." + text)
		case indicators.AnswerField:
			text = typedValue(&f, r.Entry)
		}
		p.Typed = append(p.Typed, page.Fact{Label: f.T("field." + name), Text: text})
	}
	add := func(label, text string) {
		if text != "" {
			p.Facts = append(p.Facts, page.Fact{Label: label, Text: text})
		}
	}
	add(f.T("round.year"), v.roundLink(view.Round).Text)
	add(f.T("figure.due"), f.Date(view.Round.DueOn(r.Duty)))
	add(f.T("round.locked"), f.Date(view.Round.Locked))
	if !r.Until.IsZero() {
		add(f.T("review.until"), f.Date(r.Until))
	}
	add(f.T("word.scope"), f.T("scope."+string(i.Scope)))
	add(f.T("indicator.definition"), f.Pick(i.Definition, i.DefinitionEn))
	for _, e := range view.Evidence {
		p.Evidence = append(p.Evidence, page.EvidenceRow{File: page.Link{Text: e.Name, URL: fmt.Sprintf("/evidence/%d", e.ID)}, Size: fileSize(&f, e.Size), Who: f.T("round.signed_by", e.Person, v.when(e.At))})
	}
	for _, x := range view.Versions {
		p.Versions = append(p.Versions, page.VersionRow{
			When: v.when(x.At), Who: x.Person, Act: f.T("act." + string(x.Act)), State: f.T("state." + stateKey(x.State)),
			Value: v.entryWords(i, r.Area, view.Round.Year, x.Entry), Reason: x.Reason,
		})
	}
	p.Reopens = slices.Contains(view.May, indicators.Reopen) && s.today(v).Compare(view.Round.Locked) >= 0
	p.Reopen = reopenForm(&f, id, "", "", nil)
	if reopen != nil {
		p.Reopen, p.Reopens = *reopen, true
	}
	f.Title, f.Section = p.Indicator.Text, "review"
	f.Crumbs = []page.Link{{Text: f.T("review.title"), URL: "/review"}, {Text: v.roundLink(view.Round).Text, URL: fmt.Sprintf("/review?round=%d", view.Round.Number)}}
	if flaw != "" || reopen != nil {
		f.Title = f.T("form.wrong", 1, f.Title)
	}
	p.Frame = f
	return s.show(c, status, &p)
}

// fileSize prints a size as people read it.
func fileSize(f *page.Frame, bytes int64) string {
	if bytes < 1<<20 {
		return f.T("review.kilobytes", (bytes+1023)>>10)
	}
	return f.T("review.megabytes", float64(bytes)/(1<<20))
}

func reopenForm(f *page.Frame, id int64, until, reason string, problems map[string]string) page.Form {
	return page.Form{Action: fmt.Sprintf("/review/%d/reopen", id), Button: f.T("review.reopen_button"), Fields: []page.Field{
		{Name: "until", Label: f.T("review.reopen_until"), Kind: "date", Value: until, Problem: problems["later_day"]},
		{Name: "why", Label: f.T("review.reopen_why"), Kind: "text", Complete: "off", Value: reason, Problem: problems["reason_empty"]},
	}}
}

// reopen lets one figure be entered again for a time.
func (s *Server) reopen(c *gin.Context) error {
	id, err := number(c, "duty", "revision")
	if err != nil {
		return err
	}
	f := s.frame(c)
	day, perr := indicators.ParsePeriod(strings.TrimSpace(c.PostForm("until")))
	if perr != nil {
		day = indicators.Period{}
	}
	why := strings.TrimSpace(c.PostForm("why"))
	err = s.Store.Reopen(c.Request.Context(), actor(c), s.Now(), id, day, why)
	var known *indicators.Error
	if errors.As(err, &known) && known.Kind == indicators.Invalid {
		problems := map[string]string{known.What: f.T("review.flaw." + known.What)}
		if flaw := textFlaw(&f, err); flaw != "" {
			problems = map[string]string{"reason_empty": flaw}
		}
		if known.What == "far_day" {
			problems = map[string]string{"later_day": f.T("review.flaw.far_day")}
		}
		form := reopenForm(&f, id, c.PostForm("until"), why, problems)
		return s.askReview(c, id, http.StatusUnprocessableEntity, "", "", &form)
	}
	if err != nil {
		return err
	}
	return redirect(c, fmt.Sprintf("/review/%d?done=reopened", id))
}
