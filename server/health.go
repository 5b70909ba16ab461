package server

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
)

// healthStore says whether the store can be read.
type healthStore interface {
	Check(ctx context.Context) error
}

// showHealth answers machines that ask whether the site works.
func (s *Server) showHealth(c *gin.Context) error {
	if err := s.Store.Check(c.Request.Context()); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.String(http.StatusOK, "ok\n")
	return nil
}
