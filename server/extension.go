package server

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// extensionStore keeps the wishes for a later day.
type extensionStore interface {
	AskExtension(ctx context.Context, actor indicators.Actor, at time.Time, number int, organisation indicators.Code, until indicators.Period, reason string) (int64, error)
	Extensions(ctx context.Context, actor indicators.Actor, number int) ([]indicators.Extension, error)
	DecideExtension(ctx context.Context, actor indicators.Actor, at time.Time, id int64, grant bool, answer string) error
}

// extensionURL is where an organisation asks for a later day.
func extensionURL(round int, organisation indicators.Code) string {
	return "/extension?round=" + strconv.Itoa(round) + "&organisation=" + string(organisation)
}

// extensionOf is the round and the organisation of a wish, which is one of the
// actor's own or one that those took over from. NotFound "round", "organisation".
func (s *Server) extensionOf(c *gin.Context, cell func(string) string) (v *visit, r indicators.Round, o *indicators.Organisation, err error) {
	if v, err = s.visit(c); err != nil {
		return nil, r, nil, err
	}
	o = v.library.Organisation(indicators.Code(cell("organisation")))
	if o == nil || !v.library.Wards(actor(c).Organisations(indicators.Contributor)).Contains(o.Code) {
		return nil, r, nil, indicators.Missing("organisation", "")
	}
	all, err := s.Store.Rounds(c.Request.Context())
	if err != nil {
		return nil, r, nil, err
	}
	n, err := strconv.Atoi(cell("round"))
	for i := range all {
		if err == nil && all[i].Number == n {
			return v, all[i], o, nil
		}
	}
	return nil, r, nil, indicators.Missing("round", cell("round"))
}

// showExtension is the form for a later day.
func (s *Server) showExtension(c *gin.Context) error {
	v, r, o, err := s.extensionOf(c, c.Query)
	if err != nil {
		return err
	}
	return s.askExtensionAgain(c, v, r, o, http.StatusOK, page.Form{})
}

// askExtensionAgain shows the form with what was typed and what is wrong with
// it.
func (s *Server) askExtensionAgain(c *gin.Context, v *visit, r indicators.Round, o *indicators.Organisation, status int, typed page.Form) error {
	f := v.frame
	f.Title, f.Section = f.T("extension.title", f.Pick(o.Name, o.NameEn), r.Year), "work"
	f.Crumbs = []page.Link{{Text: f.T("work.title"), URL: "/work?round=" + strconv.Itoa(r.Number)}}
	if wrong := typed.Wrong(); wrong > 0 {
		f.Title = f.T("form.wrong", wrong, f.Title)
	}
	if typed.Fields == nil {
		typed.Fields = []page.Field{{}, {}}
	}
	until, reason := &typed.Fields[0], &typed.Fields[1]
	until.Name, until.Label, until.Kind, until.Hint = "until", f.T("extension.until"), "date", f.T("extension.until_hint", f.Date(r.Due), f.Date(r.LastDay()))
	reason.Name, reason.Label, reason.Kind, reason.Hint = "reason", f.T("extension.reason"), "textarea", f.T("extension.reason_hint")
	typed.Action, typed.Button = "/extension", f.T("extension.button")
	typed.Hidden = []page.Field{{Name: "round", Value: strconv.Itoa(r.Number)}, {Name: "organisation", Value: string(o.Code)}}
	return s.show(c, status, &page.Extension{Frame: f, Form: typed})
}

// askExtension asks for a later day for all that an organisation owes.
func (s *Server) askExtension(c *gin.Context) error {
	v, r, o, err := s.extensionOf(c, c.PostForm)
	if err != nil {
		return err
	}
	f := &v.frame
	typed := page.Form{Fields: []page.Field{
		{Value: strings.TrimSpace(c.PostForm("until"))},
		{Value: strings.TrimSpace(c.PostForm("reason"))},
	}}
	until, badDay := indicators.ParsePeriod(typed.Fields[0].Value)
	if badDay != nil || !until.IsDate() {
		typed.Fields[0].Problem = f.T("review.flaw.later_day")
	}
	if typed.Fields[1].Value == "" {
		typed.Fields[1].Problem = f.T("review.flaw.reason_empty")
	}
	if typed.Wrong() > 0 {
		return s.askExtensionAgain(c, v, r, o, http.StatusUnprocessableEntity, typed)
	}
	_, err = s.Store.AskExtension(c.Request.Context(), actor(c), s.Now(), r.Number, o.Code, until, typed.Fields[1].Value)
	var known *indicators.Error
	switch {
	case errors.As(err, &known) && known.What == "later_day":
		typed.Fields[0].Problem = f.T("review.flaw.later_day")
	case errors.As(err, &known) && known.What == "far_day":
		typed.Fields[0].Problem = f.T("extension.far_day", f.Date(r.LastDay()))
	case textFlaw(f, err) != "":
		typed.Fields[1].Problem = textFlaw(f, err)
	case err != nil:
		return err
	default:
		return redirect(c, "/work?round="+strconv.Itoa(r.Number)+"&done=asked")
	}
	return s.askExtensionAgain(c, v, r, o, http.StatusUnprocessableEntity, typed)
}

// wishes tells an organisation's people what became of their wishes for a later
// day, the waiting ones first.
func (s *Server) wishes(c *gin.Context, v *visit, w *page.WorkRound) error {
	all, err := s.Store.Extensions(c.Request.Context(), actor(c), w.Number)
	if err != nil {
		return err
	}
	f := &v.frame
	for _, e := range all {
		said := "waits"
		switch {
		case e.Decided.IsZero():
		case e.Granted:
			said = "granted"
		default:
			said = "refused"
		}
		text := f.T("extension."+said, v.unit(e.Organisation).Text, f.Date(e.Until))
		if e.Answer != "" {
			text += f.T("list.semicolon") + f.T("extension.answer", e.Answer)
		}
		w.Wishes = append(w.Wishes, text)
	}
	return nil
}
