package server

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// maxReceipt bounds the figures of one receipt.
const maxReceipt = 400

// confirmRow is one figure as it would be sent.
func (v *visit) confirmRow(view *indicators.FigureView, findings []indicators.Finding) page.ConfirmRow {
	f, i, r := &v.frame, view.Indicator, view.Revision
	row := page.ConfirmRow{
		Duty: r.ID, Version: r.Version, Control: versionControl(r.ID), Figure: page.Link{Text: v.subject(r.Indicator, r.Area), URL: "/work/" + strconv.FormatInt(r.ID, 10)},
		Value: v.entryWords(i, r.Area, view.Round.Year, r.Entry), Public: v.publicWords(view, r.Entry), Source: r.Entry.Source, Note: explained(f, r.Entry),
	}
	if was := figureBefore(view); was != nil {
		now := v.library.Observation(i, r.Area, view.Round.Year, r.Entry, f.AsOf)
		row.Was, row.Change = f.T("figure.last", f.Date(was.Period), page.Figure(f, i, *was, nil)), v.change(i, was, &now)
	}
	for _, x := range findings {
		row.Warnings = append(row.Warnings, v.findingWords(x))
	}
	return row
}

// confirmPage shows what is about to be sent, and what the public would read.
func (s *Server) confirmPage(c *gin.Context, v *visit, p *page.Confirm) error {
	f := v.frame
	warned := 0
	for _, r := range p.Rows {
		if len(r.Warnings) > 0 {
			warned++
		}
	}
	p.Sentence = f.T("confirm.sentence", len(p.Rows))
	if warned > 0 {
		p.Sentence = f.T("confirm.sentence_warned", len(p.Rows), warned)
	}
	p.Button, p.Key = f.T("confirm.send", len(p.Rows)), rand.Text()
	f.Title, f.Section = f.T("confirm.title"), "work"
	p.Frame = f
	return s.show(c, http.StatusOK, p)
}

// confirmFigure asks before one figure is sent.
func (s *Server) confirmFigure(c *gin.Context, view *indicators.FigureView) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	row := v.confirmRow(view, view.Sight.Check(view.Revision.Entry))
	row.Control = "version"
	return s.confirmPage(c, v, &page.Confirm{Action: row.Figure.URL, Back: row.Figure.URL, Rows: []page.ConfirmRow{row}})
}

// confirmGrid asks before the ticked rows are sent.
func (s *Server) confirmGrid(c *gin.Context, g *gridForm) error {
	p := page.Confirm{Action: "/grid", Back: g.address(g.blank), Round: g.round.Number}
	for n := range g.rows {
		row := &g.rows[n]
		if !g.picked[row.ID] {
			if row.Owing() {
				p.Left++
			}
			continue
		}
		view := g.views[row.ID]
		view.Revision = *row
		p.Rows = append(p.Rows, g.confirmRow(view, g.found[row.ID]))
	}
	return s.confirmPage(c, g.visit, &p)
}

// receiptPart names one figure of a receipt and the version that was sent.
func receiptPart(duty int64, version int) string { return fmt.Sprintf("%d.%d", duty, version) }

// receiptAddress is where the receipt of what was sent stands.
func receiptAddress(parts []string) string {
	return "/receipt?" + url.Values{"sent": {strings.Join(parts, " ")}}.Encode()
}

// showReceipt is what somebody keeps who has sent figures: the number, what was
// sent, who looks at it. It reads the versions that the address names, which
// nothing changes, so it says the same for ever.
func (s *Server) showReceipt(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	f := v.frame
	sent := strings.Fields(c.Query("sent"))
	if len(sent) == 0 || len(sent) > maxReceipt {
		return indicators.Missing("revision", "")
	}
	p := page.Receipt{}
	var code []indicators.Revision
	for _, part := range sent {
		view, x, err := s.sentVersion(c, part)
		if err != nil {
			return err
		}
		if len(code) == 0 {
			p.Sent = f.T("receipt.sent", x.Person, v.when(x.At))
			p.Sheet = sheetAddress(indicators.Sheet{Round: view.Round, Organisation: view.Revision.Organisation})
			p.Round, p.Year = view.Round.Number, view.Round.Year
		}
		code = append(code, indicators.Revision{Duty: indicators.Duty{ID: view.Revision.ID, Indicator: view.Indicator.Code, Area: view.Revision.Area, Version: x.Number}, Entry: x.Entry})
		who := f.T("figure.reviewer.office")
		if view.Endorsed {
			who = f.T("figure.reviewer.lead")
		}
		p.Rows = append(p.Rows, page.ReceiptRow{
			Figure:   page.Link{Text: v.subject(view.Indicator.Code, view.Revision.Area), URL: "/work/" + strconv.FormatInt(view.Revision.ID, 10)},
			Value:    v.entryWords(view.Indicator, view.Revision.Area, view.Round.Year, x.Entry),
			Reviewer: who, State: f.T("state." + stateKey(view.Revision.State)),
		})
		if !slices.Contains(p.Reviewers, who) {
			p.Reviewers = append(p.Reviewers, who)
		}
	}
	if days := s.inEffect(c).ReviewDays; days > 0 {
		p.Wait = f.T("setting.review_takes", days)
	}
	p.Number = fmt.Sprintf("R-%d-%s", p.Year, indicators.SheetCode(p.Round, "", code))
	f.Title, f.Section = f.T("receipt.title", len(p.Rows), p.Number), "work"
	p.Frame = f
	return s.show(c, http.StatusOK, &p)
}

// sentVersion is the version of a figure that a part of a receipt names, as it
// was sent: NotFound "revision" where it was not.
func (s *Server) sentVersion(c *gin.Context, part string) (*indicators.FigureView, indicators.Version, error) {
	id, number, _ := strings.Cut(part, ".")
	duty, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, indicators.Version{}, indicators.Missing("revision", "")
	}
	view, err := s.Store.Figure(c.Request.Context(), actor(c), s.Now(), duty)
	if err != nil {
		return nil, indicators.Version{}, err
	}
	n, err := strconv.Atoi(number)
	for _, x := range view.Versions { // the newest first
		if err == nil && x.Number <= n && x.Act == indicators.Submit {
			return view, x, nil
		}
	}
	return nil, indicators.Version{}, indicators.Missing("revision", "")
}
