package server

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// workStore is what the people who enter figures read and write.
type workStore interface {
	Rounds(ctx context.Context) ([]indicators.Round, error)
	WorkList(ctx context.Context, actor indicators.Actor, number int) (indicators.Round, []indicators.Revision, error)
	Receipts(ctx context.Context, number int) ([]indicators.Receipt, error)
	SignFor(ctx context.Context, actor indicators.Actor, at time.Time, number int, organisation indicators.Code) error
	Figure(ctx context.Context, actor indicators.Actor, at time.Time, duty int64) (*indicators.FigureView, error)
	Save(ctx context.Context, actor indicators.Actor, at time.Time, savings ...indicators.Saving) ([]indicators.Saved, error)
	Submit(ctx context.Context, actor indicators.Actor, at time.Time, savings ...indicators.Saving) ([]indicators.Saved, error)
	Withdraw(ctx context.Context, actor indicators.Actor, at time.Time, picks ...indicators.Pick) ([]indicators.Saved, error)
}

// places are where a person's roles lead, in the order of what is most urgent.
var places = []struct {
	act indicators.Action
	url string
}{
	{indicators.Review, "/review"}, {indicators.Chase, "/rounds"}, {indicators.Publish, "/releases/preview"}, {indicators.KeepLibrary, "/library"},
	{indicators.ReadAccounts, "/accounts"}, {indicators.ReadAudit, "/audit"}, {indicators.Configure, "/settings"}, {indicators.BackUp, "/backups"}, {indicators.OwnAccount, "/account"},
}

// workOrder is the order in which figures are listed: what is sent back first,
// then what is begun, then what is not.
var workOrder = []struct {
	title  string
	states []indicators.State
}{
	{"returned", []indicators.State{indicators.Returned}},
	{"draft", []indicators.State{indicators.Draft, indicators.Withdrawn}},
	{"not_begun", []indicators.State{indicators.NotBegun}},
	{"submitted", []indicators.State{indicators.Submitted, indicators.Endorsed}},
	{"approved", []indicators.State{indicators.Approved, indicators.Published}},
}

// showWork shows what a signed-in person has to do.
func (s *Server) showWork(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	a := actor(c)
	p := page.Work{Frame: v.frame, Done: done(c, &v.frame)}
	p.Title, p.Section = p.T("work.title"), "work"
	for _, g := range a.Grants {
		p.Roles = append(p.Roles, grantWords(&p.Frame, v.library, g))
	}
	for _, x := range places {
		if a.May(x.act) {
			p.Places = append(p.Places, page.Link{Text: p.T("work.to." + string(x.act)), URL: x.url})
		}
	}
	if a.May(indicators.KeepLibrary) {
		p.Places = append(p.Places, page.Link{Text: p.T("progress.to"), URL: "/projects"})
	}
	if a.Has(indicators.Contributor) {
		if err := s.workOf(c, v, &p); err != nil {
			return err
		}
	}
	return s.show(c, http.StatusOK, &p)
}

// theRound is the round that the address names, else the newest; nil where
// there is none.
func (s *Server) theRound(c *gin.Context) (chosen *indicators.Round, all []indicators.Round, err error) {
	if all, err = s.Store.Rounds(c.Request.Context()); err != nil || len(all) == 0 {
		return nil, nil, err
	}
	slices.SortFunc(all, func(a, b indicators.Round) int { return b.Number - a.Number })
	chosen = &all[0]
	if asked := c.Query("round"); asked != "" {
		n, err := strconv.Atoi(asked)
		at := slices.IndexFunc(all, func(r indicators.Round) bool { return r.Number == n })
		if err != nil || at < 0 {
			return nil, nil, indicators.Missing("round", asked)
		}
		chosen = &all[at]
	}
	return chosen, all, nil
}

// workOf lays out what the actor's organisations owe.
func (s *Server) workOf(c *gin.Context, v *visit, p *page.Work) error {
	ctx := c.Request.Context()
	chosen, all, err := s.theRound(c)
	if err != nil || chosen == nil {
		return err
	}
	for _, r := range all {
		p.Rounds = append(p.Rounds, page.View{Key: p.T("work.round", r.Year), URL: "/work?round=" + strconv.Itoa(r.Number), Current: r.Number == chosen.Number})
	}
	round, list, err := s.Store.WorkList(ctx, actor(c), chosen.Number)
	if err != nil {
		return err
	}
	w := &page.WorkRound{Number: round.Number, Note: round.Note, Total: len(list)}
	owing, open := 0, false
	for _, group := range workOrder {
		g := page.WorkGroup{Title: p.T("work.group." + group.title)}
		for _, r := range list {
			if !slices.Contains(group.states, r.State) {
				continue
			}
			if r.Owing() {
				owing++
			}
			open = open || round.OpenOn(r.Duty, v.asOf())
			g.Rows = append(g.Rows, v.dutyRow(round, &r))
		}
		if len(g.Rows) > 0 {
			w.Groups = append(w.Groups, g)
		}
	}
	for _, code := range actor(c).Organisations(indicators.Contributor) {
		if o := v.library.Organisation(code); o != nil && len(list) > 0 {
			w.Sheets = append(w.Sheets, page.Link{
				Text: p.T("work.sheet", p.Pick(o.Name, o.NameEn)),
				URL:  sheetAddress(indicators.Sheet{Round: round, Organisation: code}),
			})
		}
	}
	if open {
		w.Grid = "/grid?round=" + strconv.Itoa(round.Number)
	}
	if owing > 0 {
		for _, code := range actor(c).Organisations(indicators.Contributor) {
			w.Later = append(w.Later, page.Link{Text: p.T("extension.to", v.unit(code).Text), URL: extensionURL(round.Number, code)})
		}
	}
	if err := s.wishes(c, v, w); err != nil {
		return err
	}
	w.Sentence = v.deadline(round, owing, len(list))
	if err := s.signing(c, v, w, list); err != nil {
		return err
	}
	p.Round = w
	return nil
}

// deadline says how many figures are left, and until when.
func (v *visit) deadline(r indicators.Round, owing, total int) string {
	f := &v.frame
	left := int(dayOf(r.Due).Sub(dayOf(v.asOf())).Hours() / 24)
	switch {
	case total == 0:
		return f.T("work.nothing", r.Year)
	case owing == 0:
		return f.T("work.all_sent", r.Year, total)
	case left >= 0:
		return f.T("work.left", r.Year, owing, total, f.Date(r.Due), left)
	case v.asOf().Compare(r.Locked) < 0:
		return f.T("work.overdue", r.Year, owing, total, f.Date(r.Due), -left, f.Date(r.Locked))
	}
	return f.T("work.locked", r.Year, owing, total, f.Date(r.Locked))
}

func dayOf(p indicators.Period) time.Time {
	return time.Date(p.Year, time.Month(p.Month), p.Day, 0, 0, 0, 0, time.UTC)
}

// signing offers each of the actor's organisations to sign for the round, and
// names who did; beside them those that they took over from while the round
// asks for something of those.
func (s *Server) signing(c *gin.Context, v *visit, w *page.WorkRound, list []indicators.Revision) error {
	receipts, err := s.Store.Receipts(c.Request.Context(), w.Number)
	if err != nil {
		return err
	}
	f := &v.frame
	own := actor(c).Organisations(indicators.Contributor)
	for _, code := range v.library.Wards(own) {
		o := v.library.Organisation(code)
		owes := slices.ContainsFunc(list, func(r indicators.Revision) bool { return r.Organisation == code })
		if o == nil || !own.Contains(code) && !owes {
			continue
		}
		name := f.Pick(o.Name, o.NameEn)
		at := slices.IndexFunc(receipts, func(r indicators.Receipt) bool { return r.Organisation == code })
		if at < 0 {
			w.Sign = append(w.Sign, page.Option{Value: string(code), Text: name})
			continue
		}
		w.Signed = append(w.Signed, f.T("work.signed", name, receipts[at].Person, v.when(receipts[at].At)))
	}
	return nil
}

// signRound notes that an organisation has seen what it owes.
func (s *Server) signRound(c *gin.Context) error {
	n, err := strconv.Atoi(c.PostForm("round"))
	if err != nil {
		return indicators.Missing("round", c.PostForm("round"))
	}
	if err := s.Store.SignFor(c.Request.Context(), actor(c), s.Now(), n, indicators.Code(c.PostForm("organisation"))); err != nil {
		return err
	}
	return redirect(c, "/work?round="+strconv.Itoa(n))
}

// dutyRow is one figure in a list.
func (v *visit) dutyRow(round indicators.Round, r *indicators.Revision) page.DutyRow {
	f := &v.frame
	row := page.DutyRow{
		Figure: page.Link{Text: string(r.Indicator), URL: "/work/" + strconv.FormatInt(r.ID, 10)},
		Place:  v.placeName(r.Area), Value: typedValue(f, r.Entry), State: f.T("state." + stateKey(r.State)),
		Late: round.Late(r.Duty, v.asOf()), Note: r.Refusal,
	}
	if i := v.library.Indicator(r.Indicator); i != nil {
		row.Figure.Text, row.Unit, row.Hue = f.Pick(i.Name, i.NameEn), f.Unit(i), page.Hue(v.library, i)
	}
	if !r.Until.IsZero() && row.Note == "" {
		row.Note = f.T("work.until", f.Date(r.Until))
	}
	return row
}

// placeName is what an area is called.
func (v *visit) placeName(code indicators.Code) string {
	if a := v.library.Area(code); a != nil {
		return v.frame.Pick(a.Name, a.NameEn)
	}
	return string(code)
}

// stateKey names a state in the catalogue; what is not begun has no word of its
// own in the store.
func stateKey(s indicators.State) string {
	if s == indicators.NotBegun {
		return "not_begun"
	}
	return string(s)
}

// typedValue is what was entered, as a list shows it.
func typedValue(f *page.Frame, e indicators.Input) string {
	switch {
	case e.Answer != "" && slices.Contains(indicators.Answer("").Allowed(), e.Answer):
		return f.T("answer." + e.Answer)
	case e.Value != "":
		return e.Value
	case e.Numerator != "" || e.Denominator != "":
		return e.Numerator + " ÷ " + e.Denominator
	}
	return ""
}
