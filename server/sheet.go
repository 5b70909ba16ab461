package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// sheetStore keeps the returns that units print, sign and stamp.
type sheetStore interface {
	SheetOf(ctx context.Context, actor indicators.Actor, number int, organisation indicators.Code) (indicators.Sheet, error)
	SignOff(ctx context.Context, actor indicators.Actor, at time.Time, number int, organisation indicators.Code, code string, by indicators.Signed) (indicators.Sheet, error)
}

// theSheet is the return that an address or a form names.
func (s *Server) theSheet(c *gin.Context) (indicators.Sheet, error) {
	pick := func(key string) string {
		if v := c.Query(key); v != "" {
			return v
		}
		return c.PostForm(key)
	}
	n, err := strconv.Atoi(pick("round"))
	if err != nil {
		return indicators.Sheet{}, indicators.Missing("round", pick("round"))
	}
	return s.Store.SheetOf(c.Request.Context(), actor(c), n, indicators.Code(pick("org")))
}

// showSheet is a unit's return of a round, to be printed.
func (s *Server) showSheet(c *gin.Context) error {
	sh, err := s.theSheet(c)
	if err != nil {
		return err
	}
	return s.sheetPage(c, http.StatusOK, sh, indicators.Signed{}, "")
}

// signSheet notes that the return was printed for signing.
func (s *Server) signSheet(c *gin.Context) error {
	sh, err := s.theSheet(c)
	if err != nil {
		return err
	}
	by := indicators.Signed{EnteredBy: c.PostForm("entered_by"), CheckedBy: c.PostForm("checked_by"), Head: c.PostForm("head")}
	_, err = s.Store.SignOff(c.Request.Context(), actor(c), s.Now(), sh.Round.Number, sh.Organisation, c.PostForm("code"), by)
	var known *indicators.Error
	if errors.As(err, &known) && (known.Kind == indicators.Invalid || known.Kind == indicators.Conflict) {
		f := s.frame(c)
		return s.sheetPage(c, statuses[known.Kind], sh, by, refusal(&f, err, known))
	}
	if err != nil {
		return err
	}
	return redirect(c, sheetAddress(sh))
}

// scanSheet attaches the scan of the stamped page.
func (s *Server) scanSheet(c *gin.Context) error {
	sh, err := s.theSheet(c)
	if err != nil {
		return err
	}
	if sh.Signed == nil {
		return indicators.Missing("sheet", "")
	}
	files, err := sentFiles(c)
	if err == nil {
		err = eachFile(files, func(name string, content io.Reader) error {
			_, err := s.Store.AttachScan(c.Request.Context(), actor(c), s.Now(), sh.Signed.ID, name, content)
			return err
		})
	}
	var known *indicators.Error
	if errors.As(err, &known) && known.Kind != indicators.NotFound && known.Kind != indicators.Forbidden {
		f := s.frame(c)
		return s.sheetPage(c, statuses[known.Kind], sh, indicators.Signed{}, refusal(&f, err, known))
	}
	if err != nil {
		return err
	}
	return redirect(c, sheetAddress(sh))
}

func sheetAddress(sh indicators.Sheet) string {
	return "/sheet?" + url.Values{"round": {strconv.Itoa(sh.Round.Number)}, "org": {string(sh.Organisation)}}.Encode()
}

func (s *Server) sheetPage(c *gin.Context, status int, sh indicators.Sheet, by indicators.Signed, problem string) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	f := v.frame
	p := page.Sheet{Round: sh.Round.Number, Organisation: string(sh.Organisation), Code: sh.Code, Problem: problem, Void: sh.Void, Day: f.Date(v.asOf())}
	p.UploadMB = s.inEffect(c).UploadMB
	name := string(sh.Organisation)
	if o := v.library.Organisation(sh.Organisation); o != nil {
		name = f.Pick(o.Name, o.NameEn)
	}
	p.Unit = name
	p.EnteredBy, p.CheckedBy, p.Head = by.EnteredBy, by.CheckedBy, by.Head
	if sh.Signed != nil {
		p.Signed, p.SignedCode = f.T("sheet.signed", v.when(sh.Signed.At), sh.Signed.Code), sh.Signed.Code
		if by.EnteredBy+by.CheckedBy+by.Head == "" {
			p.EnteredBy, p.CheckedBy, p.Head = sh.Signed.EnteredBy, sh.Signed.CheckedBy, sh.Signed.Head
		}
		for _, e := range sh.Signed.Scans {
			p.Scans = append(p.Scans, evidenceRow(&f, e))
		}
	}
	for n := range sh.Figures {
		row := v.dutyRow(sh.Round, &sh.Figures[n])
		row.Note = sh.Figures[n].Entry.Note
		p.Rows = append(p.Rows, row)
	}
	p.May = actor(c).May(indicators.SignOff)
	f.Title, f.Section = f.T("sheet.title", name, sh.Round.Year), "work"
	p.Frame = f
	return s.show(c, status, &p)
}

// evidenceRow is one file in a list.
func evidenceRow(f *page.Frame, e indicators.Evidence) page.EvidenceRow {
	return page.EvidenceRow{
		ID: e.ID, File: page.Link{Text: e.Name, URL: "/evidence/" + strconv.FormatInt(e.ID, 10)},
		Size: f.T("evidence.size", f.Int((int(e.Size)+1023)/1024)), Who: e.Person, Bears: e.Bears,
	}
}
