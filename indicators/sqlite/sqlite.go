// Package sqlite keeps one plan in one SQLite file: its library, its
// observations and its releases.
//
// One connection writes and as many as there are cores read, so a page never
// waits for an import. A method is one action of a user in one transaction.
// What a person can act on comes back as an [indicators.Error]; the keys that
// this package gives it stand in error.go.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/mattn/go-sqlite3"

	"yimi/indicators"
)

// patience is how long an action waits for another program's lock before it
// reports the store as busy. SQLite's own wait hears no context, so a
// connection that writes waits in it for a moment only and we ask again.
const (
	patience = 10 * time.Second
	moment   = 200 * time.Millisecond
)

// Store is an open database. Its methods may be called from many goroutines.
type Store struct {
	path  string
	write *sql.DB // one connection: SQLite has one writer, and a queue in Go is fair
	read  *sql.DB

	mu       sync.Mutex
	library  *indicators.Library // of edition; nil before the first read
	edition  int64
	editions map[int64]*indicators.Library // past ones, by edition
}

// Open opens the database at path, makes it when there is none, and brings an
// older one up to this program's schema. Before it upgrades it copies the
// database to path.vN.copy, N being the schema found; the copy is removed when
// the upgrade succeeds and stays when it fails.
//
// Error kinds: Invalid for a directory, a damaged file or a file of another
// program; NotFound for a folder that is not there; Forbidden for a place that
// cannot be written; Conflict for a database of a newer program, for an orphan
// row met by an upgrade, and for one that others keep busy. A refused file is
// left as it was.
func Open(ctx context.Context, path string) (*Store, error) {
	steps, err := embeddedMigrations()
	if err != nil {
		return nil, err
	}
	return open(ctx, path, steps)
}

func open(ctx context.Context, path string, steps []migration) (*Store, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	if err := place(full); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	if err := migrate(ctx, full, steps); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	s := &Store{path: full}
	if err := s.connect(ctx); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, errors.Join(s.failed(err), s.Close()))
	}
	return s, nil
}

// place refuses what SQLite would report unclearly. It never opens the file:
// closing a second descriptor would drop the locks that this process holds.
func place(path string) error {
	at, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(filepath.Dir(path)); err != nil {
			return fmt.Errorf("%w: %w", &indicators.Error{Kind: indicators.NotFound, What: noFolder, Detail: filepath.Dir(path)}, err)
		}
		return nil
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: %w", &indicators.Error{Kind: indicators.Forbidden, What: readOnly, Detail: path}, err)
	case err != nil:
		return err
	case !at.Mode().IsRegular():
		return &indicators.Error{Kind: indicators.Invalid, What: notFile, Detail: path}
	}
	return nil
}

func (s *Store) connect(ctx context.Context) error {
	var err error
	s.write, err = sql.Open("sqlite3", dsn(s.path, url.Values{
		"_journal_mode": {"WAL"},
		// NORMAL would lose acknowledged rows on a power cut.
		"_synchronous":  {"FULL"},
		"_foreign_keys": {"1"},
		"_txlock":       {"immediate"},
		"_busy_timeout": {fmt.Sprint(moment.Milliseconds())},
	}))
	if err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	var mode string
	err = patiently(ctx, func() error {
		return s.write.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode)
	})
	if err != nil {
		return err
	}
	if mode != "wal" {
		return &indicators.Error{Kind: indicators.Invalid, What: noSharing, Detail: s.path}
	}
	s.read, err = sql.Open("sqlite3", dsn(s.path, url.Values{
		"_query_only":      {"1"},
		"_foreign_keys":    {"1"},
		"_stmt_cache_size": {"32"},
	}))
	if err != nil {
		return err
	}
	s.read.SetMaxOpenConns(runtime.NumCPU())
	s.read.SetMaxIdleConns(runtime.NumCPU())
	return s.read.PingContext(ctx)
}

// dsn names the file with its pragmas: one given by Exec would reach a single
// connection of the pool.
func dsn(path string, pragmas url.Values) string {
	if !pragmas.Has("mode") {
		pragmas.Set("mode", "rw")
	}
	if !pragmas.Has("_busy_timeout") {
		pragmas.Set("_busy_timeout", fmt.Sprint(patience.Milliseconds()))
	}
	file := url.URL{Scheme: "file", Path: path, RawQuery: pragmas.Encode()}
	return file.String()
}

// patiently repeats what meets another program's lock until it gets it, the
// context ends or patience does.
func patiently(ctx context.Context, do func() error) error {
	for end := time.Now().Add(patience); ; {
		err := do()
		var locked sqlite3.Error
		if !errors.As(err, &locked) || locked.Code != sqlite3.ErrBusy || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(moment / 10):
		}
	}
}

// Close ends every connection; the last one folds the write-ahead log into the
// file. Calls still running fail.
func (s *Store) Close() error {
	var errs []error
	// The writer goes last: a query-only connection may not fold the log.
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
