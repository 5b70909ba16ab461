// Package server is the site: routes, handlers and what surrounds them. It
// reads through the small interfaces that its files declare and knows no
// database.
package server

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
	"yimi/static"
)

// Store is what the pages read; cmd/yimi joins it to the real one.
type Store interface {
	Library(ctx context.Context) (*indicators.Library, error)
	Release(ctx context.Context) (indicators.Release, error)
	observationStore
	healthStore
	sessionStore
	signInStore
	ownStore
	accountStore
	auditStore
	roundStore
	letterStore
	reviewStore
	releaseStore
	workStore
	extensionStore
	archiveStore
	evidenceStore
	sheetStore
	packageStore
	progressStore
	settingStore
	backupStore
	amendmentStore
}

// Sheets writes downloads.
type Sheets interface {
	CSV(w io.Writer, t indicators.Table) error
	XLSX(w io.Writer, t indicators.Table) error
}

// Config is what a [Server] stands on.
type Config struct {
	Store    Store
	Sheets   Sheets
	Packages Packages
	Now      func() time.Time
	Log      *slog.Logger
	Demo     bool // every page, picture and download says that its figures are made up
	Proxies  []string
	Given    indicators.Given // settings of the command line and the environment: they win over those kept

	Post    Post   // sends a letter to try the mail server; nil: no such button
	Backups string // the folder of backups; empty: none are made
	Version string // of the program, as a backup names it
}

// Server answers requests.
type Server struct {
	Config
	pages    *page.Set
	engine   *gin.Engine
	index    searchCache
	days     snapshots
	ahead    foresights
	diffs    differences
	gate     *gate
	cross    *http.CrossOriginProtection
	trail    verdicts
	parcels  parcels
	requests requests
	jobs     jobs
	known    atomic.Pointer[indicators.Settings] // as last read
	opens    map[string]bool                     // the paths that have a page
}

// New builds the site.
func New(c Config) (*Server, error) {
	pages, err := page.New(static.URL)
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	passwords, err := newGate()
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	gin.SetMode(gin.ReleaseMode)
	s := &Server{Config: c, pages: pages, engine: gin.New(), gate: passwords, cross: http.NewCrossOriginProtection(), opens: map[string]bool{}, jobs: jobs{wake: make(chan struct{}, 1)}}
	s.engine.HandleMethodNotAllowed = true
	s.engine.RedirectTrailingSlash = true
	s.engine.UseRawPath = false
	if err := s.engine.SetTrustedProxies(c.Proxies); err != nil {
		return nil, fmt.Errorf("server: trusted proxies: %w", err)
	}
	s.engine.Use(s.requestID, s.logged, s.recovered, secured, limited, s.sameSite, s.identified, s.formed)
	s.engine.NoRoute(s.handle(func(*gin.Context) error { return indicators.Missing("page", "") }))
	s.engine.NoMethod(s.handle(func(*gin.Context) error { return indicators.Missing("page", "") }))
	for _, r := range s.routes() {
		h := s.handle(s.guard(r.action, r.handler))
		s.engine.Handle(r.method, r.path, h)
		if r.method == get {
			s.opens[r.path] = true
			s.engine.HEAD(r.path, h)
		}
	}
	assets := gin.WrapH(static.Handler())
	s.engine.GET("/static/*path", assets)
	s.engine.HEAD("/static/*path", assets)
	return s, nil
}

// Handler is the whole site.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// gin puts it before the addresses that it redirects to, whoever sent it.
		r.Header.Del("X-Forwarded-Prefix")
		s.engine.ServeHTTP(w, r)
	})
}

// HTTP is an http.Server for the site with all four time-outs set.
func (s *Server) HTTP() *http.Server {
	return &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    1 << 16,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
}
