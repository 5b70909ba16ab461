package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"

	"yimi/indicators"
	"yimi/indicators/sheet"
	"yimi/indicators/sqlite"
	"yimi/seed"
	"yimi/server"
)

type serveCommand struct {
	dataFlag
	mailFlags
	Addr    string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"YIMI_ADDR" placeholder:"HOST:PORT"`
	Demo    bool     `help:"Show made-up figures, clearly marked, on a throw-away database." env:"YIMI_DEMO"`
	Contact string   `help:"Where readers report errors: an address such as mailto:office@example.org; wins over the settings." env:"YIMI_CONTACT" placeholder:"URL"`
	Proxies []string `help:"Proxies whose X-Forwarded-For is believed." env:"YIMI_PROXIES" placeholder:"CIDR"`
	Second  *bool    `name:"second-factor" negatable:"" help:"Every account signs in with a second factor, not only the office and the administrators; wins over the settings." env:"YIMI_SECOND_FACTOR"`
	Backups string   `help:"Folder of the backups, best on another disk; the folder backups beside the database without it." env:"YIMI_BACKUPS" placeholder:"DIR"`
}

// grace is how long requests under way may take once the program stops.
const grace = 10 * time.Second

// Run serves until it is told to stop.
func (c *serveCommand) Run(ctx context.Context, p *program) (err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return &indicators.Error{Kind: indicators.Conflict, What: "port_taken", Detail: c.Addr}
	}
	if err != nil {
		return &indicators.Error{Kind: indicators.Invalid, What: "bad_address", Detail: c.Addr}
	}
	dir := c.Data
	if c.Demo {
		if dir, err = os.MkdirTemp("", "yimi-demo-"); err != nil {
			return errors.Join(fmt.Errorf("demo: %w", err), listener.Close())
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	store, err := open(ctx, dir)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := p.fill(ctx, store, c.Demo); err != nil {
		return errors.Join(err, listener.Close())
	}
	given, err := c.given()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	named := c.Backups
	if c.Demo {
		named = "" // made-up figures never lie among the true ones
	}
	backups, err := backupsIn(dir, named)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	log := slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	site, err := server.New(server.Config{
		Store: store, Sheets: sheet.Writer{}, Packages: zips{}, Now: time.Now, Demo: c.Demo, Proxies: c.Proxies,
		Given: given, Post: post{}, Backups: backups, Version: version, Log: log,
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	address := "http://" + listener.Addr().String()
	fmt.Fprintln(p.stdout, p.lang.T("cli.serving", address))
	// Told to stop meanwhile, it stops like any other time.
	if err := p.welcome(ctx, store, address); err != nil && ctx.Err() == nil {
		return errors.Join(err, listener.Close())
	}
	// Both end before the store is closed.
	beside, stop := context.WithCancel(ctx)
	var ended sync.WaitGroup
	ended.Go(func() { deliver(beside, store, given, log, mailPause) })
	ended.Go(func() { site.Work(beside) })
	defer func() { stop(); ended.Wait() }()
	return listen(ctx, site.HTTP(), listener)
}

// given are the settings that the command line gives.
func (c *serveCommand) given() (g indicators.Given, err error) {
	g.ContactLink, g.SecondForAll = c.Contact, c.Second
	g.Mail, err = c.mail()
	return g, err
}

// mailPause is how often the queue of letters is looked at.
const mailPause = 20 * time.Second

// fill loads the shipped plan where there is none yet, for a demonstration with
// made-up results. What a store keeps stays as it is, also when the program
// ships a newer plan: the office's changes live there, and a newer package is
// loaded by whoever has seen what it changes.
func (p *program) fill(ctx context.Context, store *sqlite.Store, demo bool) error {
	_, err := store.Library(ctx)
	var known *indicators.Error
	if err == nil {
		return nil
	}
	if !errors.As(err, &known) || known.Kind != indicators.NotFound {
		return err
	}
	pkg, err := seed.Read(seed.Shipped())
	if err != nil {
		return err
	}
	if demo {
		addDemo(pkg, time.Now())
	}
	err = p.loadOver(ctx, store, pkg, false)
	if errors.As(err, &known) && known.What == "library_moved" {
		return nil // another start was faster; what it keeps stays
	}
	return err
}

// listen serves until ctx ends, then lets requests under way finish.
func listen(ctx context.Context, s *http.Server, l net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := s.Shutdown(stop); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}
