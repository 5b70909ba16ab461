package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
	"yimi/server/words"
)

// maxKey bounds the key by which a request sent twice is known.
const maxKey = 64

// asksJSON reports a request by a script, which wants the small answer.
func asksJSON(c *gin.Context) bool {
	return strings.HasPrefix(c.GetHeader("Accept"), "application/json")
}

// draftAnswer tells the script that saves drafts what came of it, in words.
type draftAnswer struct {
	Told string     `json:"told"`
	Rows []draftRow `json:"rows"`
}

// draftRow is what came of one figure. Saved is false where nothing of it was
// written: then Problem or Clashes say why.
type draftRow struct {
	Control string            `json:"control"` // that carries the version
	Version int               `json:"version"`
	Saved   bool              `json:"saved"`
	Problem string            `json:"problem,omitempty"`
	Read    map[string]string `json:"read,omitempty"`   // what each number is understood as, where not as typed
	Wrong   []draftWrong      `json:"wrong,omitempty"`  // what a check still complains of
	Public  []string          `json:"public,omitempty"` // what the public would read
	Result  string            `json:"result,omitempty"`
	Beside  string            `json:"beside,omitempty"` // the result beside last year's
	Clashes []draftClash      `json:"clashes,omitempty"`
}

// draftWrong is what a check says of a control.
type draftWrong struct {
	Name    string `json:"name"`
	Text    string `json:"text"`
	Warning bool   `json:"warning"`
}

// draftClash is one field that somebody else changed too.
type draftClash struct {
	Name   string `json:"name"`
	Label  string `json:"label"`
	Was    string `json:"was"`
	Theirs string `json:"theirs"`
	Yours  string `json:"yours"`
	Who    string `json:"who"`
	When   string `json:"when"`
	By     string `json:"by"` // both in words
	Note   string `json:"note_of"`
}

// draftPart is what a page with drafts tells its script.
func draftPart(c *gin.Context, address string) page.DraftPart {
	return page.DraftPart{
		Kept:   fmt.Sprintf("draft:%d:%s", actor(c).Account, address),
		SignIn: "/sign-in?" + url.Values{"next": {address}}.Encode(),
	}
}

// sendDraft answers a script.
func (s *Server) sendDraft(c *gin.Context, v *visit, status int, rows []draftRow) error {
	f := &v.frame
	out := draftAnswer{Told: f.T("draft.saved", s.clockTime(v)), Rows: rows}
	for _, r := range rows {
		if !r.Saved {
			out.Told = f.T("draft.refused")
		}
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(status, out)
	return nil
}

// clockTime is the time of day in the plan's zone.
func (s *Server) clockTime(v *visit) string {
	return s.Now().In(v.library.Plan.Location()).Format("15:04")
}

// draftOfGrid answers a script with the rows that it sent.
func (s *Server) draftOfGrid(c *gin.Context, g *gridForm, sent []indicators.Saving) error {
	rows := []draftRow{}
	for _, v := range sent {
		out, done := g.saved[v.Duty]
		if !done {
			continue
		}
		r := draftRow{Control: versionControl(v.Duty), Version: g.version[v.Duty], Saved: out.Err == nil, Read: map[string]string{}, Clashes: clashesOf(&g.frame, g.clashes[v.Duty])}
		i := g.library.Indicator(out.Revision.Indicator)
		for _, ed := range v.Edits {
			if i != nil && ed.Field.Numeric() {
				r.Read[control(v.Duty, ed.Field)] = g.readWords(i, ed.Field, g.typed[v.Duty])
			}
		}
		if out.Err != nil && len(r.Clashes) == 0 {
			r.Problem = g.errorWords(out.Err)
		}
		if c.PostForm("checked") != "" && out.Err == nil {
			view, err := s.Store.Figure(c.Request.Context(), actor(c), s.Now(), v.Duty)
			if err != nil {
				return err
			}
			r.Wrong = g.unsettled(view.Sight.Check(g.typed[v.Duty]), func(f indicators.Field) string { return control(v.Duty, f) })
		}
		rows = append(rows, r)
	}
	return s.sendDraft(c, g.visit, g.status, rows)
}

// unsettled is what is found and not yet explained.
func (v *visit) unsettled(list []indicators.Finding, name func(indicators.Field) string) (out []draftWrong) {
	for _, x := range list {
		if !x.Settled {
			out = append(out, draftWrong{Name: name(x.Field), Text: v.findingWords(x), Warning: x.Grade != indicators.ErrorGrade})
		}
	}
	return out
}

// errorWords says why something was not taken.
func (v *visit) errorWords(err error) string {
	var known *indicators.Error
	if !errors.As(err, &known) {
		return ""
	}
	return v.frame.T("error." + known.What + ".title")
}

func clashesOf(f *page.Frame, rows []page.ClashRow) (out []draftClash) {
	for _, x := range rows {
		out = append(out, draftClash{
			Note: x.Note, By: f.T("figure.theirs", x.Who, x.When),
			Name: x.Name, Label: x.Label, Was: x.Was, Theirs: x.Theirs, Yours: x.Yours, Who: x.Who, When: x.When,
		})
	}
	return out
}

// draftOfFigure answers a script with the one figure that it sent, as it stands
// or as it was refused.
func (s *Server) draftOfFigure(c *gin.Context, form figureForm) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	i := form.view.Indicator
	r := draftRow{
		Control: "version", Version: form.version, Saved: form.status == http.StatusOK, Problem: form.problem, Read: map[string]string{},
		Clashes: clashesOf(&v.frame, form.clashes),
	}
	for _, text := range v.publicWords(form.view, form.typed) {
		r.Public = append(r.Public, text+v.frame.T("list.stop"))
	}
	r.Result, r.Beside = v.resultWords(form.view, form.typed)
	for _, name := range []indicators.Field{indicators.ValueField, indicators.NumeratorField, indicators.DenominatorField} {
		r.Read[string(name)] = v.readWords(i, name, form.typed)
	}
	if c.PostForm("checked") != "" {
		r.Wrong = v.unsettled(form.view.Sight.Check(form.typed), func(f indicators.Field) string {
			return string(shownAt(i, form.typed, f))
		})
	}
	return s.sendDraft(c, v, form.status, []draftRow{r})
}

// readWords is what a number is understood as, where that is not what was
// typed; empty for what cannot be read, which is told by a check and not while
// somebody types.
func (v *visit) readWords(i *indicators.Indicator, name indicators.Field, typed indicators.Input) string {
	f := &v.frame
	if !name.Numeric() || i.Measure == indicators.Deliverable {
		return ""
	}
	unit := indicators.UnitOf(i, indicators.Basis(typed.Basis))
	if name != indicators.ValueField {
		unit = ""
		if sr := v.partSeries(i, name); sr != nil {
			unit = sr.Unit
		}
	}
	read, err := indicators.ReadNumber(typed.Get(name), unit)
	if err != nil || !read.Changed {
		return ""
	}
	return f.T("figure.read", f.WithUnit(f.Exact(read.Number), unit))
}

// partSeries is the series that counts the numerator or the denominator.
func (v *visit) partSeries(i *indicators.Indicator, name indicators.Field) *indicators.Series {
	if name == indicators.NumeratorField {
		return v.library.SeriesOf(i.NumeratorSeries)
	}
	return v.library.SeriesOf(i.DenominatorSeries)
}

// resultWords is the number that the parts give, and how far it is from the one
// before; empty where nothing is worked out.
func (v *visit) resultWords(view *indicators.FigureView, e indicators.Input) (result, beside string) {
	if e.Numerator == "" || e.Denominator == "" {
		return "", ""
	}
	i := view.Indicator
	o := v.library.Observation(i, view.Revision.Area, view.Round.Year, e, v.frame.AsOf)
	if o.Value = v.library.Quantity(i, view.Revision.Area, e, v.frame.AsOf); !o.Value.Present() || e.Value != "" {
		return "", ""
	}
	result = page.Figure(&v.frame, i, o, v.library.TargetsOf(i.Code))
	if was := figureBefore(view); was != nil {
		o.Value = indicators.NumberOf(o.Value.Decimal().Round(int32(words.Digits(i)))) // as it is printed
		if text := v.change(i, was, &o); text != "" {
			beside = v.frame.T("figure.beside", v.frame.Date(was.Period), text)
		}
	}
	if !strings.HasPrefix(result, "≈") {
		result = "= " + result
	}
	return result, beside
}
