package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// evidenceStore keeps files behind figures and returns.
type evidenceStore interface {
	Attach(ctx context.Context, actor indicators.Actor, at time.Time, duty int64, name string, content io.Reader) (indicators.Evidence, error)
	Detach(ctx context.Context, actor indicators.Actor, at time.Time, id int64) error
	EvidenceFile(ctx context.Context, actor indicators.Actor, at time.Time, id int64) (indicators.Evidence, *os.File, error)
	AttachScan(ctx context.Context, actor indicators.Actor, at time.Time, id int64, name string, content io.Reader) (indicators.Evidence, error)
}

// maxUpload is the largest form with a file: the largest file and a little.
const maxUpload = 21 << 20

// uploads are the addresses that take a file.
var uploads = []string{"/work/:duty/evidence", "/sheet/scan", "/library/package"}

func takesFile(c *gin.Context) bool { return slices.Contains(uploads, c.FullPath()) }

// sentFiles are the files of a form; Invalid "evidence_empty" for none.
func sentFiles(c *gin.Context) ([]*multipart.FileHeader, error) {
	if c.Request.MultipartForm == nil || len(c.Request.MultipartForm.File["file"]) == 0 {
		return nil, &indicators.Error{Kind: indicators.Invalid, What: "evidence_empty"}
	}
	return c.Request.MultipartForm.File["file"], nil
}

// fileError says which of several files was refused.
type fileError struct {
	name string
	err  error
}

func (e *fileError) Error() string { return fmt.Sprintf("%s: %v", e.name, e.err) }

func (e *fileError) Unwrap() error { return e.err }

// refusal says beside a form what was refused and what to do; of a file, which
// one.
func refusal(f *page.Frame, err error, known *indicators.Error) string {
	words := f.T("error.refused", f.T("error."+known.What+".title"), f.T("error."+known.What+".text"))
	var file *fileError
	if errors.As(err, &file) {
		return f.T("evidence.refused", file.name, words)
	}
	return words
}

// eachFile hands every file of a form to a keeper, until one is refused.
func eachFile(files []*multipart.FileHeader, keep func(name string, content io.Reader) error) error {
	for _, h := range files {
		err := func() (err error) {
			f, err := h.Open()
			if err != nil {
				return err
			}
			defer f.Close() //nolint:errcheck // read only
			return keep(h.Filename, f)
		}()
		if err != nil {
			return &fileError{h.Filename, err}
		}
	}
	return nil
}

// attachEvidence keeps files behind a figure. What was typed into the form
// beside them is kept like a draft; what cannot be kept so stands in the form
// again, whatever becomes of the files.
func (s *Server) attachEvidence(c *gin.Context) error {
	view, err := s.theView(c)
	if isGone(err) {
		return s.goneFigure(c, err)
	}
	if err != nil {
		return err
	}
	ctx, a, now := c.Request.Context(), actor(c), s.Now()
	version, err := strconv.Atoi(c.PostForm("version"))
	if err != nil {
		version = view.Revision.Version // a form of files only
	}
	saving := indicators.Saving{Duty: view.Revision.ID, Version: version, Edits: edits(c, "")}
	files, err := sentFiles(c)
	if err == nil {
		err = eachFile(files, func(name string, content io.Reader) error {
			_, err := s.Store.Attach(ctx, a, now, saving.Duty, name, content)
			return err
		})
	}
	if err != nil {
		return s.figureRefused(c, view, saving, err)
	}
	typed, err := view.Revision.Entry.With(saving.Edits)
	if err == nil && typed == view.Revision.Entry {
		return redirect(c, fmt.Sprintf("/work/%d?done=attach#evidence", saving.Duty))
	}
	if err == nil && !view.Revision.Owing() {
		if view, err = s.theView(c); err != nil {
			return err
		}
		f := s.frame(c)
		return s.figurePage(c, figureForm{view: view, typed: typed, version: version, done: f.T("figure.done.attach"), status: http.StatusOK})
	}
	saved, err := s.Store.Save(ctx, a, now, saving)
	if err == nil {
		err = saved[0].Err
	}
	if err != nil {
		return s.figureRefused(c, view, saving, err)
	}
	return redirect(c, fmt.Sprintf("/work/%d?done=attach#evidence", saving.Duty))
}

// detachEvidence takes a file away from a figure.
func (s *Server) detachEvidence(c *gin.Context) error {
	id, err := number(c, "id", "evidence")
	if err != nil {
		return err
	}
	if err := s.Store.Detach(c.Request.Context(), actor(c), s.Now(), id); err != nil {
		return err
	}
	return redirect(c, local(c.PostForm("back")))
}

// sendEvidence sends a file, always to be taken away and never to be run.
func (s *Server) sendEvidence(c *gin.Context) error {
	id, err := number(c, "id", "evidence")
	if err != nil {
		return err
	}
	e, file, err := s.Store.EvidenceFile(c.Request.Context(), actor(c), s.Now(), id)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // read only
	c.Header("Content-Disposition", disposition(e.Name))
	c.Header("Cache-Control", "no-store")
	c.DataFromReader(http.StatusOK, e.Size, e.Type, file, map[string]string{"Content-Length": strconv.FormatInt(e.Size, 10)})
	return nil
}
