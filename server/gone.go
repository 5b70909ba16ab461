package server

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// What a package took away while somebody filled in its form is there no more;
// what they typed is theirs and stands in the answer, to be copied.

// isGone reports that a thing is there no more, or never was.
func isGone(err error) bool {
	var known *indicators.Error
	return errors.As(err, &known) && known.Kind == indicators.NotFound
}

// askGone answers NotFound with what was typed; with err where nothing was.
func (s *Server) askGone(c *gin.Context, err error, title, sentence string, typed []page.Fact, back page.Link) error {
	if len(typed) == 0 || asksJSON(c) {
		return err
	}
	v, verr := s.visit(c)
	if verr != nil {
		return verr
	}
	f := v.frame
	f.Title = title
	// Rows leave the library by packages only, and the trail knows the last one.
	last, lerr := s.Store.Events(c.Request.Context(), indicators.EventFilter{Act: indicators.KeepLibrary, Object: "package " + string(v.library.Plan.Code), Limit: 1})
	if lerr != nil {
		return lerr
	}
	if len(last) > 0 {
		who := last[0].Actor
		if last[0].Account == 0 && who == indicators.Console().Person {
			who = f.T("audit.console")
		}
		sentence += f.T("gone.loaded", who, v.when(last[0].At))
	}
	return s.show(c, http.StatusNotFound, &page.Gone{Frame: f, Sentence: sentence, Typed: typed, Back: back})
}

// typedFacts lists the fields of a form that hold something, with their labels.
func typedFacts(c *gin.Context, f *page.Frame, word string, names ...string) (out []page.Fact) {
	for _, name := range names {
		if text := strings.TrimSpace(c.PostForm(name)); text != "" {
			out = append(out, page.Fact{Label: f.T(word + name), Text: text})
		}
	}
	return out
}

// goneRow is the answer to the form of a row that left the library.
func (s *Server) goneRow(c *gin.Context, sh *shelf, err error) error {
	f := s.frame(c)
	typed := typedFacts(c, &f, "amend.field.", append(sh.columns(), indicators.HoldsField, indicators.WhyField)...)
	var known *indicators.Error
	errors.As(err, &known)
	return s.askGone(c, err, f.T("error."+known.What+".title"), f.T("gone.row"), typed, page.Link{Text: f.T("amend.title"), URL: "/library"})
}

// goneFigure is the answer to the form of a figure that is not the sender's to
// enter any more. It tells no more of another's figure than of an unknown one.
func (s *Server) goneFigure(c *gin.Context, err error) error {
	f := s.frame(c)
	typed := typedFacts(c, &f, "field.", indicators.Field("").Allowed()...)
	return s.askGone(c, err, f.T("error.revision.title"), f.T("gone.figure"), typed, page.Link{Text: f.T("work.title"), URL: home})
}
