package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"yimi/indicators"
	"yimi/indicators/sqlite"
	"yimi/seed"
	"yimi/server"
)

// database is the file in the data folder.
const database = "yimi.db"

// open opens the database in a folder, which it makes.
func open(ctx context.Context, dir string) (*sqlite.Store, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	return sqlite.Open(ctx, filepath.Join(dir, database))
}

type loadCommand struct {
	dataFlag
	Path string `arg:"" help:"The package: a folder, or a zip." type:"path"`
	Yes  bool   `help:"Load over a kept plan without asking; what changes is printed all the same."`
}

// errWaits is a load that nobody has agreed to: nothing was changed.
var errWaits = errors.New("the load waits for a yes")

// Run loads a package.
func (c *loadCommand) Run(ctx context.Context, p *program) (err error) {
	fsys, closer, err := seed.Open(c.Path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	pkg, err := seed.Read(fsys)
	if err != nil {
		return err
	}
	store, err := open(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return p.loadOver(ctx, store, pkg, c.Yes)
}

// slow is how long a load may take before it shows its progress.
const slow = time.Second

// zips reads packages that come in over the site.
type zips struct{}

// Read reads a package out of a zip, with the guards of [seed.OpenZip].
func (zips) Read(r io.ReaderAt, size int64) (*indicators.Package, error) {
	fsys, err := seed.OpenZip(r, size)
	if err != nil {
		return nil, err
	}
	return seed.Read(fsys)
}

// packageStore keeps the plan.
type packageStore interface {
	Library(ctx context.Context) (*indicators.Library, error)
	Compare(ctx context.Context, at time.Time, next *indicators.Package) (*indicators.PackageDifference, error)
	LoadSeen(ctx context.Context, actor indicators.Actor, at time.Time, p *indicators.Package, token, reason string, words indicators.Teller, progress func(done, total int)) (indicators.Change, error)
}

// load loads a package that was compared with the store, and says what it
// changed.
func (p *program) load(ctx context.Context, store packageStore, pkg *indicators.Package, token string) error {
	start := time.Now()
	var bar *progressbar.ProgressBar
	drawn := terminal(p.stderr)
	change, err := store.LoadSeen(ctx, indicators.Console(), time.Now(), pkg, token, "", server.Teller, func(done, total int) {
		if !drawn || time.Since(start) < slow {
			return
		}
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.stderr), progressbar.OptionSetDescription(p.lang.T("cli.loading")), progressbar.OptionClearOnFinish())
		}
		if err := bar.Set(done); err != nil {
			drawn = false
		}
	})
	if err != nil {
		return err
	}
	if change.Nothing() {
		fmt.Fprintln(p.stdout, p.lang.T("cli.nothing_changed", pkg.Plan.Title))
		return nil
	}
	fmt.Fprintln(p.stdout, p.lang.T("cli.loaded", pkg.Plan.Title, len(pkg.Tasks), len(pkg.Indicators), len(pkg.Targets), len(pkg.Observations), change.Release))
	return nil
}

type exportCommand struct {
	dataFlag
	Path string `arg:"" help:"Where to: a folder that does not exist yet or is empty, or a name ending in .zip." type:"path"`
}

// Run writes the package.
func (c *exportCommand) Run(ctx context.Context, p *program) (err error) {
	store, err := existing(ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	pkg, err := store.Export(ctx)
	if err != nil {
		return err
	}
	if strings.HasSuffix(strings.ToLower(c.Path), ".zip") {
		err = writeZip(c.Path, pkg)
	} else {
		err = seed.Write(c.Path, pkg)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, p.lang.T("cli.exported", c.Path))
	return nil
}

func writeZip(path string, pkg *indicators.Package) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	return seed.WriteZip(f, pkg)
}
