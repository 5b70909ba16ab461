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

// roundStore keeps the rounds.
type roundStore interface {
	Rounds(ctx context.Context) ([]indicators.Round, error)
	Round(ctx context.Context, number int) (indicators.Round, error)
	DueFor(ctx context.Context, at time.Time, year int) ([]indicators.Due, indicators.Lacking, error)
	Lacking(ctx context.Context, actor indicators.Actor, at time.Time, number int) (indicators.Lacking, error)
	OpenRound(ctx context.Context, actor indicators.Actor, at time.Time, r indicators.Round) (int, error)
	AmendRound(ctx context.Context, actor indicators.Actor, at time.Time, r indicators.Round) error
	Receipts(ctx context.Context, number int) ([]indicators.Receipt, error)
	Progress(ctx context.Context, actor indicators.Actor, at time.Time, number int) ([]indicators.Progress, error)
	Reopen(ctx context.Context, actor indicators.Actor, at time.Time, duty int64, until indicators.Period, reason string) error
}

// today is the day on which the office works, whatever day a page is read for.
func (s *Server) today(v *visit) indicators.Period {
	return indicators.DateOf(s.Now().In(v.library.Plan.Location()))
}

// unit links an organisation by its code; a code that the library has no more
// stands for itself, without an address.
func (v *visit) unit(code indicators.Code) page.Link {
	if o := v.library.Organisation(code); o != nil {
		return page.OrganisationLink(&v.frame, o)
	}
	if code == "" {
		return page.Link{Text: v.frame.T("round.nobody")}
	}
	return page.Link{Text: string(code)}
}

// subject names an indicator, and where it is not the whole city its area.
func (v *visit) subject(indicator, area indicators.Code) string {
	name := string(indicator)
	if i := v.library.Indicator(indicator); i != nil {
		name = v.frame.Pick(i.Name, i.NameEn)
	}
	if a := v.library.Area(area); a != nil && v.library.DistrictFigure(area) {
		return v.frame.T("round.figure_of", name, v.frame.Pick(a.Name, a.NameEn))
	}
	return name
}

// roundState says how far a round has come by its days.
func (v *visit) roundState(r indicators.Round, day indicators.Period) string {
	switch {
	case day.Compare(r.Locked) >= 0:
		return v.frame.T("round.state_locked")
	case day.Compare(r.OnTime) > 0:
		return v.frame.T("round.state_late")
	case day.Compare(r.Due) > 0:
		return v.frame.T("round.state_grace")
	}
	return v.frame.T("round.state_open")
}

func (v *visit) roundLink(r indicators.Round) page.Link {
	return page.Link{Text: v.frame.T("round.title", v.frame.Date(indicators.YearOf(r.Year))), URL: fmt.Sprintf("/rounds/%d", r.Number)}
}

// listRounds lists the rounds.
func (s *Server) listRounds(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	all, err := s.Store.Rounds(c.Request.Context())
	if err != nil {
		return err
	}
	p := page.Rounds{Frame: v.frame, Opens: actor(c).May(indicators.OpenRound)}
	p.Title, p.Section = p.T("rounds.title"), "rounds"
	for _, r := range all {
		p.Rows = append(p.Rows, page.RoundRow{
			Round: v.roundLink(r), Due: r.Due.String(), OnTime: r.OnTime.String(), Locked: r.Locked.String(),
			State: v.roundState(r, s.today(v)), Opened: p.T("rounds.opened_by", r.Person, v.when(r.Opened)),
		})
	}
	return s.show(c, http.StatusOK, &p)
}

// typedRound is a round as a form has it, with what is wrong with its fields.
type typedRound struct {
	due, onTime, locked, note string
	problems                  map[string]string
	lacks                     *indicators.Lacking // what refused it; nil for nothing
	theirs                    *indicators.Round   // what somebody else made of it meanwhile
	was                       map[string]string   // what the form showed of a round that stands; nil for a new one
}

// fields are the texts of a round's form, by name.
func (t *typedRound) fields() map[string]*string {
	return map[string]*string{"due": &t.due, "on_time": &t.onTime, "locked": &t.locked, "note": &t.note}
}

// roundTexts is a round as a form shows it.
func roundTexts(r indicators.Round) map[string]string {
	return map[string]string{"due": r.Due.String(), "on_time": r.OnTime.String(), "locked": r.Locked.String(), "note": r.Note}
}

// plainLines is a text as it was before a browser sent it.
func plainLines(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

// merge takes what stands now wherever the form leaves it as it showed it, as a
// figure's form does: nobody takes another's change back by saving a form that
// was opened before. It is false where both changed one field to something else.
func (t *typedRound) merge(now indicators.Round) bool {
	clean, stands := true, roundTexts(now)
	for name, mine := range t.fields() {
		typed, theirs := plainLines(*mine), plainLines(stands[name])
		was, shown := t.was[name]
		switch {
		case typed == theirs:
		case shown && typed == plainLines(was):
			*mine = stands[name]
		case !shown || theirs != plainLines(was):
			clean = false
		}
	}
	return clean
}

// typed reads a round's form.
func typed(c *gin.Context) typedRound {
	t := typedRound{due: c.PostForm("due"), onTime: c.PostForm("on_time"), locked: c.PostForm("locked"), note: c.PostForm("note"), problems: map[string]string{}, was: map[string]string{}}
	for name := range t.fields() {
		if text, there := c.GetPostForm("was." + name); there {
			t.was[name] = text
		}
	}
	return t
}

// round is what was typed; a day that cannot be read is named in problems.
func (t *typedRound) round(f *page.Frame, r indicators.Round) indicators.Round {
	r.Note = strings.TrimSpace(t.note)
	for _, x := range []struct {
		name, text string
		to         *indicators.Period
	}{{"due", t.due, &r.Due}, {"on_time", t.onTime, &r.OnTime}, {"locked", t.locked, &r.Locked}} {
		day, err := indicators.ParsePeriod(strings.TrimSpace(x.text))
		if err != nil || !day.IsDate() {
			t.problems[x.name] = f.T("round.no_day")
		}
		*x.to = day
	}
	return r
}

// mendable notes what a person can mend of a refused round; false for anything
// else.
func (t *typedRound) mendable(f *page.Frame, err error) bool {
	var unowned *indicators.UnownedError
	if errors.As(err, &unowned) {
		t.lacks = &unowned.Lacking
		t.problems[""] = f.T("error.round_unowned.text")
		return true
	}
	at := map[string]string{"round_days": "due", "text": "note", "text_hidden": "note", "round_early": "due", "round_year": "", "round_exists": "", "round_changed": ""}
	var known *indicators.Error
	if !errors.As(err, &known) {
		return false
	}
	field, ok := at[known.What]
	if ok {
		t.problems[field] = f.T("error." + known.What + ".text")
	}
	return ok
}

// form is the form with what was typed.
func (t *typedRound) form(f *page.Frame, action, button string, hidden ...page.Field) page.Form {
	field := func(name, kind, value string) page.Field {
		return page.Field{Name: name, Label: f.T("round." + name), Hint: f.T("round." + name + ".means"), Kind: kind, Value: value, Problem: t.problems[name]}
	}
	form := page.Form{Action: action, Button: button, Problem: t.problems[""], Hidden: hidden, Fields: []page.Field{
		field("due", "date", t.due), field("on_time", "date", t.onTime), field("locked", "date", t.locked), field("note", "textarea", t.note),
	}}
	if r := t.theirs; r != nil {
		// What stands now beside what was typed: nobody's work is lost.
		now := roundTexts(*r)
		for i := range form.Fields {
			if x := &form.Fields[i]; plainLines(now[x.Name]) != plainLines(x.Value) && plainLines(now[x.Name]) != plainLines(t.was[x.Name]) && x.Problem == "" {
				x.Problem = f.T("round.theirs", now[x.Name])
			}
		}
	}
	return form
}

// yearsLeft lists the years for which a round can be opened, the newest first.
func (s *Server) yearsLeft(v *visit, all []indicators.Round) (out []int) {
	p := v.library.Plan
	for y := min(s.today(v).Year, max(p.Horizon, p.LastMilestone())+1); y >= p.BaselineYear; y-- {
		if !slices.ContainsFunc(all, func(r indicators.Round) bool { return r.Year == y }) {
			out = append(out, y)
		}
	}
	return out
}

// showNewRound is the form to open a round, and what it would ask for.
func (s *Server) showNewRound(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	all, err := s.Store.Rounds(c.Request.Context())
	if err != nil {
		return err
	}
	years := s.yearsLeft(v, all)
	year, err := strconv.Atoi(c.Query("year"))
	if err != nil || !slices.Contains(years, year) {
		if year = s.today(v).Year - 1; len(years) > 0 && !slices.Contains(years, year) {
			year = years[0]
		}
	}
	t := typedRound{}
	if len(all) > 0 {
		later := func(p indicators.Period) string {
			p.Year += year - all[0].Year
			return indicators.DateOf(p.Time()).String() // 29 February of a year that has none
		}
		t.due, t.onTime, t.locked = later(all[0].Due), later(all[0].OnTime), later(all[0].Locked)
	}
	return s.askRound(c, v, http.StatusOK, year, t)
}

func (s *Server) askRound(c *gin.Context, v *visit, status, year int, t typedRound) error {
	ctx := c.Request.Context()
	all, err := s.Store.Rounds(ctx)
	if err != nil {
		return err
	}
	due, lacks, err := s.Store.DueFor(ctx, s.Now(), year)
	if err != nil {
		return err
	}
	f := v.frame
	f.Section, f.Crumbs = "rounds", []page.Link{{Text: f.T("rounds.title"), URL: "/rounds"}}
	p := page.RoundForm{}
	for _, y := range s.yearsLeft(v, all) {
		p.Years = append(p.Years, page.Option{Value: strconv.Itoa(y), Text: f.Date(indicators.YearOf(y)), Chosen: y == year})
		p.Filled = p.Filled || y == year
	}
	f.Title = f.T("rounds.open_year", f.Date(indicators.YearOf(year)))
	units := map[indicators.Code]bool{}
	for _, d := range due {
		units[d.Organisation] = true
	}
	p.Lead = f.T("rounds.would_ask", len(due), len(units))
	if !p.Filled {
		f.Title, p.Lead = f.T("rounds.open"), f.T("rounds.all_open")
	}
	if t.lacks != nil {
		lacks = *t.lacks
	}
	if p.Filled || t.lacks != nil {
		p.Lacks = v.lacks(lacks)
	}
	p.Form = t.form(&f, "/rounds/new", f.T("rounds.open_button"), page.Field{Name: "year", Value: strconv.Itoa(year)})
	if n := p.Form.Wrong(); n > 0 {
		p.Filled = true
		f.Title = f.T("form.wrong", n, f.Title)
	}
	p.Frame = f
	return s.show(c, status, &p)
}

// lacks lays out what nobody is there for.
func (v *visit) lacks(x indicators.Lacking) page.Lacks {
	return page.Lacks{Entry: v.unowned(x.Entry), Review: v.unowned(x.Review)}
}

// unowned groups by organisation what nobody is there to enter, or to endorse.
func (v *visit) unowned(items []indicators.Due) (out []page.Unowned) {
	at := map[indicators.Code]int{}
	for _, d := range items {
		n, ok := at[d.Organisation]
		if !ok {
			n = len(out)
			at[d.Organisation] = n
			out = append(out, page.Unowned{Organisation: v.unit(d.Organisation)})
		}
		if out[n].Figures != "" {
			out[n].Figures += v.frame.T("list.comma")
		}
		out[n].Figures += v.subject(d.Indicator, d.Area)
	}
	return out
}

// openRound opens a round.
func (s *Server) openRound(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(c.PostForm("year"))
	if err != nil {
		return &indicators.Error{Kind: indicators.Invalid, What: "round_year", Detail: c.PostForm("year")}
	}
	t := typed(c)
	r := t.round(&v.frame, indicators.Round{Year: year})
	if len(t.problems) > 0 {
		return s.askRound(c, v, http.StatusUnprocessableEntity, year, t)
	}
	number, err := s.Store.OpenRound(c.Request.Context(), actor(c), s.Now(), r)
	if t.mendable(&v.frame, err) {
		return s.askRound(c, v, statusOf(err), year, t)
	}
	if err != nil {
		return err
	}
	return redirect(c, fmt.Sprintf("/rounds/%d?done=opened", number))
}

// statusOf is the HTTP status of a failure that a person can act on.
func statusOf(err error) int {
	var known *indicators.Error
	if errors.As(err, &known) && statuses[known.Kind] != 0 {
		return statuses[known.Kind]
	}
	return http.StatusInternalServerError
}

// roundNamed is the round of the address.
func (s *Server) roundNamed(c *gin.Context) (*visit, indicators.Round, error) {
	v, err := s.visit(c)
	if err != nil {
		return nil, indicators.Round{}, err
	}
	n, err := number(c, "number", "round")
	if err != nil {
		return nil, indicators.Round{}, err
	}
	r, err := s.Store.Round(c.Request.Context(), int(n))
	return v, r, err
}

// showAmend is the form to change a round's days.
func (s *Server) showAmend(c *gin.Context) error {
	v, r, err := s.roundNamed(c)
	if err != nil {
		return err
	}
	t := typedRound{due: r.Due.String(), onTime: r.OnTime.String(), locked: r.Locked.String(), note: r.Note}
	return s.askAmend(c, v, http.StatusOK, r, r.Version, t)
}

func (s *Server) askAmend(c *gin.Context, v *visit, status int, r indicators.Round, version int, t typedRound) error {
	f := v.frame
	f.Title, f.Section = f.T("round.amend_title", f.Date(indicators.YearOf(r.Year))), "rounds"
	f.Crumbs = []page.Link{{Text: f.T("rounds.title"), URL: "/rounds"}, v.roundLink(r)}
	p := page.RoundForm{Lead: f.T("round.amend_lead"), Filled: true}
	hidden := []page.Field{{Name: "version", Value: strconv.Itoa(version)}}
	shown := t.was
	if t.theirs != nil || shown == nil {
		shown = roundTexts(r)
	}
	for _, name := range []string{"due", "on_time", "locked", "note"} {
		if text, there := shown[name]; there {
			hidden = append(hidden, page.Field{Name: "was." + name, Value: text})
		}
	}
	p.Form = t.form(&f, fmt.Sprintf("/rounds/%d/amend", r.Number), f.T("round.amend_button"), hidden...)
	if n := p.Form.Wrong(); n > 0 {
		f.Title = f.T("form.wrong", n, f.Title)
	}
	p.Frame = f
	return s.show(c, status, &p)
}

// amendRound changes a round's days and note. Where somebody else was faster,
// both changes are kept unless they are of one field; then both values are
// shown.
func (s *Server) amendRound(c *gin.Context) error {
	v, was, err := s.roundNamed(c)
	if err != nil {
		return err
	}
	t := typed(c)
	version, err := strconv.Atoi(c.PostForm("version"))
	if err != nil {
		version = 0 // no round has it: the act meets a conflict
	}
	if version > 0 && version != was.Version && t.merge(was) {
		version, t.was = was.Version, roundTexts(was)
	}
	r := t.round(&v.frame, indicators.Round{Number: was.Number, Version: version})
	if len(t.problems) > 0 {
		return s.askAmend(c, v, http.StatusUnprocessableEntity, was, version, t)
	}
	err = s.Store.AmendRound(c.Request.Context(), actor(c), s.Now(), r)
	if t.mendable(&v.frame, err) {
		if statusOf(err) == http.StatusConflict {
			// The form goes on from what stands now, which it shows beside what was typed.
			if was, err = s.Store.Round(c.Request.Context(), was.Number); err != nil {
				return err
			}
			t.merge(was)
			t.theirs = &was
			return s.askAmend(c, v, http.StatusConflict, was, was.Version, t)
		}
		return s.askAmend(c, v, statusOf(err), was, version, t)
	}
	if err != nil {
		return err
	}
	return redirect(c, fmt.Sprintf("/rounds/%d?done=amended", was.Number))
}

// showRound is one round as the office sees it.
func (s *Server) showRound(c *gin.Context) error {
	v, r, err := s.roundNamed(c)
	if err != nil {
		return err
	}
	return s.askDecision(c, v, r, http.StatusOK, page.Form{})
}

func (s *Server) askDecision(c *gin.Context, v *visit, r indicators.Round, status int, answer page.Form) error {
	ctx := c.Request.Context()
	progress, err := s.Store.Progress(ctx, actor(c), s.Now(), r.Number)
	if err != nil {
		return err
	}
	receipts, err := s.Store.Receipts(ctx, r.Number)
	if err != nil {
		return err
	}
	extensions, err := s.Store.Extensions(ctx, actor(c), r.Number)
	if err != nil {
		return err
	}
	lacks, err := s.Store.Lacking(ctx, actor(c), s.Now(), r.Number)
	if err != nil {
		return err
	}
	f := v.frame
	f.Title, f.Section, f.Crumbs = v.roundLink(r).Text, "rounds", []page.Link{{Text: f.T("rounds.title"), URL: "/rounds"}}
	p := page.Round{Done: done(c, &f), Lacks: v.lacks(lacks), Note: r.Note, Opened: f.T("rounds.opened_by", r.Person, v.when(r.Opened)), Answer: answer}
	for _, x := range []struct {
		key string
		on  indicators.Period
	}{{"due", r.Due}, {"on_time", r.OnTime}, {"locked", r.Locked}} {
		p.Days = append(p.Days, page.Day{Label: f.T("round." + x.key), On: f.Date(x.on), Means: f.T("round." + x.key + ".means")})
	}
	signed := map[indicators.Code]string{}
	for _, x := range receipts {
		signed[x.Organisation] = f.T("round.signed_by", x.Person, v.when(x.At))
	}
	total := indicators.Progress{}
	for _, x := range progress {
		p.Rows = append(p.Rows, progressRow(v.unit(x.Organisation), x, signed[x.Organisation]))
		total.Due += x.Due
		total.NotBegun += x.NotBegun
		total.Entered += x.Entered
		total.Submitted += x.Submitted
		total.Returned += x.Returned
		total.Approved += x.Approved
		total.Late += x.Late
	}
	// Who is late stands first: that is what the page is opened for.
	slices.SortStableFunc(p.Rows, func(a, b page.ProgressRow) int { return b.Overdue - a.Overdue })
	p.Total = progressRow(page.Link{}, total, f.T("round.signed_of", len(receipts), len(progress)))
	p.Sentence = f.T("round.sentence", v.roundState(r, s.today(v)), total.Due, total.Approved, total.Submitted, total.Due-total.Approved-total.Submitted, total.Late)
	for _, e := range extensions {
		p.Extensions = append(p.Extensions, page.ExtensionRow{
			Organisation: v.unit(e.Organisation), Until: f.Date(e.Until), Reason: e.Reason, Asked: v.when(e.Asked), AskedBy: e.AskedBy,
			Waits: e.Decided.IsZero(), Granted: e.Granted, Decided: v.when(e.Decided), DecidedBy: e.DecidedBy, Answer: e.Answer,
			DecisionURL: fmt.Sprintf("/rounds/%d/extensions/%d", r.Number, e.ID),
		})
	}
	p.Links = []page.Link{
		{Text: f.T("chase.title"), URL: fmt.Sprintf("/rounds/%d/chase", r.Number)},
		{Text: f.T("review.title"), URL: fmt.Sprintf("/review?round=%d", r.Number)},
		{Text: f.T("round.amend"), URL: fmt.Sprintf("/rounds/%d/amend", r.Number)},
	}
	p.Frame = f
	return s.show(c, status, &p)
}

func progressRow(who page.Link, x indicators.Progress, signed string) page.ProgressRow {
	return page.ProgressRow{
		Organisation: who, Due: x.Due, NotBegun: x.NotBegun, Entered: x.Entered, Submitted: x.Submitted,
		Returned: x.Returned, Approved: x.Approved, Overdue: x.Late, Signed: signed,
	}
}

// decideExtension grants or refuses a wish for a later day.
func (s *Server) decideExtension(c *gin.Context) error {
	v, r, err := s.roundNamed(c)
	if err != nil {
		return err
	}
	id, err := number(c, "id", "extension")
	if err != nil {
		return err
	}
	grant := c.PostForm("grant")
	answer := strings.TrimSpace(c.PostForm("answer"))
	again := func(problem string) error {
		return s.askDecision(c, v, r, http.StatusUnprocessableEntity, page.Form{
			Problem: problem, Action: fmt.Sprintf("/rounds/%d/extensions/%d", r.Number, id), Fields: []page.Field{{Name: "answer", Value: answer}},
		})
	}
	switch {
	case grant != "yes" && grant != "no":
		return again(v.frame.T("round.extension_choose")) // Enter in the field decides nothing
	case grant == "no" && answer == "":
		return again(v.frame.T("round.refuse_reason"))
	}
	err = s.Store.DecideExtension(c.Request.Context(), actor(c), s.Now(), id, grant == "yes", answer)
	var known *indicators.Error
	switch flaw := textFlaw(&v.frame, err); {
	case flaw != "":
		return again(flaw)
	case errors.As(err, &known) && known.What == "far_day":
		return again(v.frame.T("extension.far_day", v.frame.Date(r.LastDay())))
	case err != nil:
		return err
	}
	return redirect(c, fmt.Sprintf("/rounds/%d?done=decided", r.Number))
}
