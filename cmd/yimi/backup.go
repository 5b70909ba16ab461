package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"yimi/indicators"
	"yimi/indicators/sqlite"
)

type backupCommand struct {
	dataFlag
	Path string `arg:"" help:"Where to: a new file, or a folder, in which the backup is named after the time." type:"path"`
}

// Run writes a backup, while the site is served or not, and reads it again. It
// changes nothing in the database, not even its schema.
func (c *backupCommand) Run(ctx context.Context, p *program) error {
	source := filepath.Join(c.Data, database)
	if _, err := os.Stat(source); err != nil {
		return &indicators.Error{Kind: indicators.NotFound, What: "no_database", Detail: c.Data}
	}
	now, target := time.Now(), c.Path
	if at, err := os.Stat(target); err == nil && at.IsDir() || strings.HasSuffix(target, string(filepath.Separator)) {
		target = filepath.Join(target, sqlite.BackupName(now))
	}
	bar := p.bytesBar(p.lang.T("cli.backing_up"))
	m, b, err := sqlite.WriteBackup(ctx, source, target, now, version, bar)
	if err != nil {
		return err
	}
	if _, err := sqlite.CheckBackup(ctx, target, filepath.Dir(target), bar); err != nil {
		return errors.Join(err, os.Remove(target))
	}
	fmt.Fprintln(p.stdout, p.lang.T("cli.backed_up", target, m.Plan, m.Release, len(m.Files)-1, m.Head.Size, b.SHA256))
	if n := len(m.Missing); n > 0 {
		fmt.Fprintln(p.stderr, p.lang.T("cli.backup_lost", n))
	}
	return nil
}

type restoreCommand struct {
	dataFlag
	File    string `arg:"" help:"The backup." type:"path"`
	Replace bool   `help:"Set aside what the data folder holds, and put the backup in its place."`
}

// Run restores a backup into a data folder that nobody uses, and checks it
// there. The restored trail says so.
func (c *restoreCommand) Run(ctx context.Context, p *program) (err error) {
	target, now := filepath.Join(c.Data, database), time.Now()
	m, aside, err := sqlite.Restore(ctx, c.File, target, c.Replace, now, p.bytesBar(p.lang.T("cli.restoring")))
	if aside != "" {
		// Said also of a restore that failed half-way: it lies nowhere else.
		defer fmt.Fprintln(p.stdout, p.lang.T("cli.set_aside", aside))
	}
	if err != nil {
		return err
	}
	store, err := open(ctx, c.Data)
	if err != nil {
		return err
	}
	if err := errors.Join(store.Restored(ctx, now, c.File, m), store.Close()); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, p.lang.T("cli.restored", m.Made.Local().Format("2006-01-02 15:04"), m.Plan, m.Release, len(m.Files)-1, m.Head.Size))
	if n := len(m.Missing); n > 0 {
		fmt.Fprintln(p.stderr, p.lang.T("cli.backup_lost", n))
	}
	return nil
}

// bytesBar draws how far something is, on a terminal and once it takes long.
func (p *program) bytesBar(what string) sqlite.Told {
	start, drawn := time.Now(), terminal(p.stderr)
	var bar *progressbar.ProgressBar
	var of int64
	return func(done, total int64) {
		if !drawn || time.Since(start) < slow {
			return
		}
		if bar == nil || of != total {
			of = total
			bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(p.stderr), progressbar.OptionSetDescription(what), progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish())
		}
		if err := bar.Set64(done); err != nil {
			drawn = false
		}
	}
}

// backupsIn is the folder of backups of a data folder, unless another is named.
func backupsIn(data, named string) (string, error) {
	if named == "" {
		named = filepath.Join(data, "backups")
	}
	full, err := filepath.Abs(named)
	if err != nil {
		return "", fmt.Errorf("backups: %w", err)
	}
	if at, err := os.Stat(full); err == nil && !at.IsDir() {
		return "", fmt.Errorf("backups %s: %w", full, fs.ErrInvalid)
	}
	return full, nil
}
