package server

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
)

const idKey = "request"

// maxBody bounds what a request may send; nothing is read past it.
const maxBody = 1 << 20

func (s *Server) requestID(c *gin.Context) {
	c.Set(idKey, rand.Text()[:10])
	c.Next()
}

// logged writes one line a request, without anything personal.
func (s *Server) logged(c *gin.Context) {
	start := time.Now()
	c.Next()
	level := slog.LevelInfo
	if c.Writer.Status() >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.Log.Log(c.Request.Context(), level, "request",
		"id", c.GetString(idKey), "method", c.Request.Method, "path", c.FullPath(),
		"status", c.Writer.Status(), "bytes", c.Writer.Size(), "took", time.Since(start).Round(time.Microsecond).String())
}

// recovered turns a panic into the page for a fault of ours.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		if r := recover(); r != nil {
			s.fail(c, fmt.Errorf("panic: %v", r))
			c.Abort()
		}
	}()
	c.Next()
}

// policy lets nothing run or load but our own files.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func secured(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Next()
}

func limited(c *gin.Context) {
	if takesFile(c) {
		c.Next() // limited once it is known who sends it
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxBody)
	c.Next()
}

// formed reads a posted form before anything looks at it: TooLarge "body" over
// the limit, Invalid "form" for what is none. Files are left at the door.
func (s *Server) formed(c *gin.Context) {
	if c.Request.Method != http.MethodPost {
		c.Next()
		return
	}
	if takesFile(c) {
		limit := int64(maxBody)
		if who(c) != nil {
			limit = maxUpload
		}
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
	}
	defer func() {
		if form := c.Request.MultipartForm; form != nil {
			if err := form.RemoveAll(); err != nil {
				s.Log.WarnContext(c.Request.Context(), "upload", "id", c.GetString(idKey), "error", err.Error())
			}
		}
	}()
	err := c.Request.ParseForm()
	if kind, _, _ := mime.ParseMediaType(c.GetHeader("Content-Type")); err == nil && kind == "multipart/form-data" {
		err = c.Request.ParseMultipartForm(maxBody)
	}
	var over *http.MaxBytesError
	switch {
	case err == nil:
		c.Next()
		return
	case errors.As(err, &over):
		err = &indicators.Error{Kind: indicators.TooLarge, What: "body"}
	default:
		err = &indicators.Error{Kind: indicators.Invalid, What: "form"}
	}
	s.fail(c, err)
	c.Abort()
}
