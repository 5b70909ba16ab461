package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"yimi/indicators"
	"yimi/indicators/sqlite"
)

// existing opens the database in a folder that has one.
func existing(ctx context.Context, dir string) (*sqlite.Store, error) {
	if _, err := os.Stat(filepath.Join(dir, database)); err != nil {
		return nil, &indicators.Error{Kind: indicators.NotFound, What: "no_database", Detail: dir}
	}
	return open(ctx, dir)
}

type accountCommand struct {
	Link linkCommand `cmd:"" help:"Print a new one-time link by which the owner of an account sets a password."`
}

type linkCommand struct {
	dataFlag
	Name   string `arg:"" help:"The account's name."`
	Second bool   `help:"Also remove the account's second factor, for one who has lost it."`
	Site   string `help:"The site's address, put before the link." default:"http://127.0.0.1:8080" env:"YIMI_SITE" placeholder:"URL"`
}

// Run prints the link; the trail says that the console made it.
func (c *linkCommand) Run(ctx context.Context, p *program) (err error) {
	store, err := existing(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	link, err := store.ConsoleLink(ctx, time.Now(), c.Name, c.Second)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, p.lang.T("cli.link", strings.TrimSuffix(c.Site, "/")+"/reset/"+link))
	return nil
}

type auditCommand struct {
	Verify verifyCommand `cmd:"" help:"Compute the audit trail's hashes anew and say whether it is whole."`
}

type verifyCommand struct {
	dataFlag
	Heads []string `name:"head" help:"A hash printed earlier, as SIZE:HASH, that must still fit; may be given again." placeholder:"SIZE:HASH"`
}

// Run verifies the trail.
func (c *verifyCommand) Run(ctx context.Context, p *program) (err error) {
	var known []indicators.TreeHead
	for _, h := range c.Heads {
		size, root, _ := strings.Cut(h, ":")
		n, err := strconv.ParseInt(size, 10, 64)
		if err != nil || n <= 0 || root == "" {
			return &indicators.Error{Kind: indicators.Invalid, What: "audit_head", Detail: h}
		}
		known = append(known, indicators.TreeHead{Size: n, Root: root})
	}
	store, err := existing(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	head, err := store.VerifyAudit(ctx, known...)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, p.lang.T("cli.audit_sound", head.Size, head.Size, head.Root))
	return nil
}

// welcome prints the link for the first security administrator where none can
// sign in yet.
func (p *program) welcome(ctx context.Context, store *sqlite.Store, site string) error {
	link, err := store.FirstLink(ctx, time.Now(), firstName, p.lang.T("cli.first_person"))
	if err != nil || link == "" {
		return err
	}
	fmt.Fprintln(p.stdout, p.lang.T("cli.first_link", site+"/invite/"+link))
	return nil
}

// firstName is the first security administrator's account.
const firstName = "security"
