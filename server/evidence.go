package server

import (
	"context"
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

// each hands every file of a form to a keeper, until one is refused.
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
			return fmt.Errorf("%s: %w", h.Filename, err)
		}
	}
	return nil
}

// attach keeps files behind a figure. The values of the figure are not in this
// form, so that a file that fails loses none of them.
func (s *Server) attachEvidence(c *gin.Context) error {
	view, err := s.theView(c)
	if err != nil {
		return err
	}
	files, err := sentFiles(c)
	if err == nil {
		err = eachFile(files, func(name string, content io.Reader) error {
			_, err := s.Store.Attach(c.Request.Context(), actor(c), s.Now(), view.Revision.ID, name, content)
			return err
		})
	}
	if err != nil {
		return s.figureRefused(c, view, indicators.Saving{Duty: view.Revision.ID, Version: view.Revision.Version}, err)
	}
	return redirect(c, fmt.Sprintf("/work/%d?done=attach#evidence", view.Revision.ID))
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
