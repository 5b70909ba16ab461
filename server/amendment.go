package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// amendmentStore keeps the library as the office changes it.
type amendmentStore interface {
	PreviewAmendment(ctx context.Context, actor indicators.Actor, at time.Time, a indicators.Amendment) (*indicators.AmendmentPreview, error)
	Amend(ctx context.Context, actor indicators.Actor, at time.Time, a indicators.Amendment) (*indicators.Amended, error)
	Amendments(ctx context.Context, key indicators.Code, files ...string) ([]indicators.Amended, error)
	NewestAmendments(ctx context.Context, limit int) ([]indicators.Amended, error)
}

// newWord stands in an address for a row that there is not yet, so that no code
// made here may be it.
const newWord = "new"

// wasField carries the row as the form read it.
const wasField = "was"

// amending is one row on its way through the office's forms.
type amending struct {
	*visit
	*shelf
	table    indicators.File
	key      string                // as the store has it; empty for a new row
	owner    *indicators.Indicator // of a target
	was      []string              // as the form read it; nil for a new row
	typed    map[string]string     // by field
	problems map[string]string     // by field; "" for the form as a whole
	others   []string
}

// showAmendment is the form of a row, or for a new one.
func (s *Server) showAmendment(sh *shelf) func(*gin.Context) error {
	return func(c *gin.Context) error {
		a, err := s.amending(c, sh)
		if err != nil {
			return err
		}
		a.typed[indicators.HoldsField] = s.today(a.visit).String()
		if a.key == "" {
			return s.askAmendment(c, a, http.StatusOK)
		}
		a.was = a.library.Cells(sh.file, a.key)
		if a.was == nil {
			return indicators.Missing(sh.noun, a.key)
		}
		for _, column := range sh.columns() {
			at, _ := a.table.Column(column)
			a.typed[column] = a.shown(a.table, column, a.was[at])
		}
		return s.askAmendment(c, a, http.StatusOK)
	}
}

// amending is the row of the address.
func (s *Server) amending(c *gin.Context, sh *shelf) (*amending, error) {
	v, err := s.visit(c)
	if err != nil {
		return nil, err
	}
	a := &amending{visit: v, shelf: sh, typed: map[string]string{}, problems: map[string]string{}}
	a.table, _ = indicators.FileNamed(sh.file)
	a.key = c.Param("code")
	if sh == targetShelf {
		if a.owner = v.library.Indicator(indicators.Code(a.key)); a.owner == nil {
			return nil, indicators.Missing("indicator", a.key)
		}
		a.key = ""
		if target := c.Param("target"); target != "" {
			a.key = string(a.owner.Code) + "/" + target
		}
	}
	return a, nil
}

// address is where a row's form is.
func (a *amending) address() string {
	base := a.path
	if a.shelf == targetShelf {
		base = indicatorShelf.path
		if a.key == "" {
			return base + "/" + string(a.owner.Code) + "/targets/new"
		}
		return base + "/" + string(a.owner.Code) + "/targets/" + a.key[len(a.owner.Code)+1:]
	}
	if a.key == "" {
		return base + "/new"
	}
	return base + "/" + a.key
}

// name is what the row is called.
func (a *amending) name() string {
	f := &a.frame
	if a.key == "" {
		return ""
	}
	if a.shelf == targetShelf {
		if t := targetOf(a.was); t != nil {
			return page.When(f.Lang, *t) + " " + page.Promise(f.Lang, a.owner, *t)
		}
		return a.key
	}
	return nameOf(a.named(a.file), a.key)
}

// targetOf is the target of a row's cells; nil for cells that are none.
func targetOf(cells []string) *indicators.Target {
	var p indicators.Package
	if cells == nil || len(p.SetRows(indicators.TargetsFile, [][]string{cells})) > 0 {
		return nil
	}
	return &p.Targets[0]
}

// keepAmendment takes a form: it shows what would change, keeps it, or goes
// back to the form.
func (s *Server) keepAmendment(sh *shelf) func(*gin.Context) error {
	return func(c *gin.Context) error {
		a, err := s.amending(c, sh)
		if isGone(err) {
			return s.goneRow(c, sh, err)
		}
		if err != nil {
			return err
		}
		for _, column := range append(sh.columns(), indicators.HoldsField, indicators.WhyField) {
			a.typed[column] = c.PostForm(column)
		}
		if err := json.Unmarshal([]byte(c.PostForm(wasField)), &a.was); err != nil || len(a.was) != len(a.table.Columns) {
			a.was = nil // of a row that stands it meets a conflict
		}
		if a.key == "" {
			a.was = nil
		}
		change := a.amendment()
		ctx := c.Request.Context()
		switch step := c.PostForm("step"); {
		case step == "edit" && a.key != "" && a.library.Cells(sh.file, a.key) == nil:
			return s.goneRow(c, sh, indicators.Missing(sh.noun, a.key))
		case step == "edit":
			a.problems = map[string]string{}
			return s.askAmendment(c, a, http.StatusOK)
		case step == "save" && len(a.problems) == 0:
			_, err := s.Store.Amend(ctx, actor(c), s.Now(), change)
			if err != nil {
				twice, failed := s.sentTwice(c, change)
				if failed != nil {
					return failed
				}
				if !twice {
					return s.refuseAmendment(c, a, err)
				}
			}
			to := a.path
			if a.owner != nil {
				to = indicatorShelf.path
			}
			return redirect(c, to+"/"+change.Cells[0]+"?done=saved")
		}
		preview, err := s.Store.PreviewAmendment(ctx, actor(c), s.Now(), change)
		if err != nil || len(a.problems) > 0 {
			return s.refuseAmendment(c, a, err)
		}
		return s.showDifference(c, a, preview)
	}
}

// sentTwice reports that the newest change of a row is the very one that its
// sender asks for again: a double click is no conflict.
func (s *Server) sentTwice(c *gin.Context, change indicators.Amendment) (bool, error) {
	done, err := s.Store.Amendments(c.Request.Context(), indicators.Code(change.Cells[0]), change.File)
	if err != nil || len(done) == 0 {
		return false, err
	}
	return done[0].Same(change) && done[0].Person == who(c).account.Person && s.Now().Sub(done[0].At) < time.Minute, nil
}

// amendment is what was typed; what cannot be understood is noted at its field.
func (a *amending) amendment() indicators.Amendment {
	out := indicators.Amendment{File: a.file, Key: a.key, Was: a.was, Cells: make([]string, len(a.table.Columns)), Reason: tidy(a.typed[indicators.WhyField])}
	copy(out.Cells, a.was)
	for _, column := range a.columns() {
		if column == "code" && a.key != "" {
			continue
		}
		at, _ := a.table.Column(column)
		cell, problem := a.understood(a.table, column, a.typed[column], a.unitOf(column))
		if out.Cells[at] = cell; problem != "" {
			a.problems[column] = problem
		}
		if column == "code" && cell == newWord {
			a.problems[column] = a.frame.T("problem.amend_code")
		}
	}
	if a.owner != nil {
		out.Cells[0] = string(a.owner.Code)
	} else if a.key != "" {
		out.Cells[0] = a.key
	}
	if text := tidy(a.typed[indicators.HoldsField]); text != "" {
		day, err := indicators.ParsePeriod(text)
		if err != nil {
			a.problems[indicators.HoldsField] = a.frame.T("round.no_day")
		}
		out.From = day
	}
	return out
}

// unitOf is what a number of a column is in.
func (a *amending) unitOf(column string) string {
	switch {
	case column != "value" && column != "upper" && column != "min" && column != "max":
		return ""
	case a.owner != nil:
		return indicators.UnitOf(a.owner, indicators.Basis(a.typed["basis"]))
	}
	return a.typed["unit"]
}

// refuseAmendment shows the form again, with what is wrong and all that was
// typed; of a row that a package took away, what was typed. err may be nil where something could not be understood.
func (s *Server) refuseAmendment(c *gin.Context, a *amending, err error) error {
	var refused *indicators.AmendmentError
	var overtaken *indicators.AmendedError
	switch {
	case errors.As(err, &overtaken):
		if err := s.overtake(c, a, overtaken); err != nil {
			return err
		}
		return s.askAmendment(c, a, http.StatusConflict)
	case errors.As(err, &refused):
		fields := append(a.columns(), indicators.HoldsField, indicators.WhyField)
		for _, x := range refused.Fields {
			column := x.Column
			if !slices.Contains(fields, column) {
				column = ""
			}
			if a.problems[column] == "" && (len(a.problems) == 0 || column != "") {
				a.problems[column] = a.fault(x)
			}
		}
		for _, x := range refused.Others {
			a.others = append(a.others, a.faultElsewhere(x))
		}
	case isGone(err):
		return s.goneRow(c, a.shelf, err)
	case err != nil:
		return err
	}
	return s.askAmendment(c, a, http.StatusUnprocessableEntity)
}

// overtake goes on from what somebody else made of the row meanwhile: where
// only they changed a field, theirs stands in it; where both did, what was typed
// stays, and theirs beside it.
func (s *Server) overtake(c *gin.Context, a *amending, e *indicators.AmendedError) error {
	f := &a.frame
	mine := a.amendment()
	old := a.was
	for _, column := range a.columns() {
		at, _ := a.table.Column(column)
		typed := a.problems[column] != "" || old == nil || mine.Cells[at] != old[at]
		switch theirs := e.Now[at]; {
		case column == "code":
		case !typed:
			a.typed[column] = a.shown(a.table, column, theirs)
		case old == nil && theirs == mine.Cells[at], old != nil && theirs == old[at], theirs == mine.Cells[at]:
		default:
			now, said := a.told(a.table, column, theirs), a.told(a.table, column, mine.Cells[at])
			if a.problems[column] != "" {
				said = a.typed[column]
			}
			a.problems[column] = f.T("amend.clash", orWord(now, f.T("amend.empty")), orWord(said, f.T("amend.empty")))
		}
	}
	a.key, a.was = e.Key, e.Now
	a.problems[""] = f.T("amend.overtaken")
	done, err := s.Store.Amendments(c.Request.Context(), a.subjectCode(), a.file)
	if err != nil {
		return err
	}
	if len(done) > 0 {
		a.problems[""] = f.T("amend.overtaken_by", done[0].Person, a.when(done[0].At), done[0].Reason)
	}
	return nil
}

func orWord(text, word string) string {
	if text == "" {
		return word
	}
	return text
}

// subjectCode is the code by which changes of the row are recorded.
func (a *amending) subjectCode() indicators.Code {
	if a.owner != nil {
		return a.owner.Code
	}
	return indicators.Code(a.key)
}

// hidden are the fields that a form carries along.
func (a *amending) hidden() []page.Field {
	if a.was == nil {
		return nil
	}
	text, err := json.Marshal(a.was)
	if err != nil {
		panic(err) // texts only: it cannot happen
	}
	return []page.Field{{Name: wasField, Value: string(text)}}
}

// askAmendment shows the form with what was typed.
func (s *Server) askAmendment(c *gin.Context, a *amending, status int) error {
	f := a.frame
	f.Section, f.Crumbs = "library", a.crumbs()
	p := page.AmendmentForm{Done: done(c, &f), Others: a.others}
	if f.Title = f.T("amend.new." + a.noun); a.key != "" {
		f.Title = f.T("amend.change."+a.noun, a.name())
	}
	form := page.Form{Action: a.address(), Button: f.T("amend.look"), Problem: a.problems[""], Hidden: a.hidden()}
	for _, part := range a.parts {
		heading := f.T("amend.part." + part.key)
		for _, column := range part.columns {
			if column == "code" && a.key != "" {
				continue
			}
			x := a.field(a.table, column, a.typed[column], a.problems[column])
			x.Section, heading = heading, ""
			form.Fields = append(form.Fields, x)
		}
	}
	day, holds := indicators.HoldsField, f.T("amend.holds."+a.noun)
	switch {
	case a.key == "" && a.owner != nil:
		holds = f.T("amend.holds.added_target")
	case a.key == "":
		holds = f.T("amend.holds.added")
	}
	form.Fields = append(form.Fields,
		page.Field{Section: f.T("amend.part.change"), Name: day, Kind: "date", Value: a.typed[day], Label: f.T("amend.field.holds_from"), Problem: a.problems[day], Hint: holds},
		page.Field{Name: indicators.WhyField, Kind: "textarea", Value: a.typed[indicators.WhyField], Label: f.T("amend.field.change_reason"),
			Problem: a.problems[indicators.WhyField], Hint: f.T("amend.hint.change_reason")})
	for n := range form.Fields {
		if x := &form.Fields[n]; x.Problem != "" {
			x.Problem = f.T("amend.at", x.Label, x.Problem)
		}
	}
	p.Form = form
	if n := form.Wrong() + len(a.others); n > 0 {
		f.Title = f.T("form.wrong", n, f.Title)
	}
	if a.key != "" && a.owner == nil {
		p.Code = a.key
		p.Public = page.Link{Text: f.T("amend.public"), URL: a.public + a.key}
	}
	if a.owner != nil {
		p.Lead = f.T("amend.target_lead")
		if a.key == "" {
			p.Lead = f.T("amend.target_new")
		}
	}
	if a.shelf == indicatorShelf && a.key != "" {
		i := a.library.Indicator(indicators.Code(a.key))
		p.Listed, p.Targets = true, a.promised(i, s.today(a.visit), true)
		p.Another = page.Link{Text: f.T("amend.new.target"), URL: indicatorShelf.path + "/" + a.key + "/targets/new"}
	}
	if a.key != "" && a.owner == nil {
		var err error
		if p.Changes, err = s.record(c, a.visit, a.subjectCode(), true, recordedIn[a.file]...); err != nil {
			return err
		}
	}
	p.Frame = f
	return s.show(c, status, &p)
}

// crumbs lead back to the library, and from a target to its indicator.
func (a *amending) crumbs() []page.Link {
	out := []page.Link{{Text: a.frame.T("amend.title"), URL: "/library"}}
	if a.owner != nil {
		out = append(out, page.Link{Text: a.frame.Pick(a.owner.Name, a.owner.NameEn), URL: indicatorShelf.path + "/" + string(a.owner.Code)})
	}
	return out
}

// showDifference shows what a change would do.
func (s *Server) showDifference(c *gin.Context, a *amending, v *indicators.AmendmentPreview) error {
	f := a.frame
	f.Section, f.Crumbs = "library", a.crumbs()
	f.Title = f.T("amend.preview")
	p := page.AmendmentPreview{
		Lead: f.T("amend.preview_new." + a.noun), Cells: a.changed(&v.Amended), From: f.Date(v.From), Reason: v.Reason,
		Flips: a.flips(v.Effects), Action: a.address(), Hidden: a.hidden(),
	}
	if a.key != "" {
		p.Lead = f.T("amend.preview_of."+a.noun, a.name())
	}
	if !v.Ends.IsZero() {
		p.Ends = f.T("amend.ends", f.Date(v.Ends))
	}
	if p.Judged = f.T("amend.judged", f.Date(v.Day), v.Targets, len(v.Effects)); len(v.Effects) == 0 {
		p.Judged = f.T("amend.judged_none", f.Date(v.Day), v.Targets)
	}
	for _, x := range v.Contradicts {
		said := func(t indicators.Target) string {
			i := a.library.Indicator(t.Indicator)
			if i == nil {
				return page.When(f.Lang, t)
			}
			return page.When(f.Lang, t) + " " + page.Promise(f.Lang, i, t)
		}
		if x.Never {
			p.Odd = append(p.Odd, f.T("amend.odd_never", said(x.Later), said(x.Earlier)))
		} else {
			p.Odd = append(p.Odd, f.T("amend.odd_less", said(x.Later), said(x.Earlier)))
		}
	}
	for _, name := range append(a.columns(), indicators.HoldsField, indicators.WhyField) {
		p.Hidden = append(p.Hidden, page.Field{Name: name, Value: a.typed[name]})
	}
	p.Frame = f
	return s.show(c, http.StatusOK, &p)
}
