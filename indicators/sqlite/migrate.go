package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mattn/go-sqlite3"

	"yimi/indicators"
)

//go:embed migrations/*.sql
var files embed.FS

// applicationID marks a file as ours: "YIMI" in ASCII.
const applicationID = 0x59494D49

// migration is one step of the schema. The schema's version is the number of
// steps taken, kept in user_version.
type migration struct {
	name string
	sql  string
}

// embeddedMigrations lists the steps that ship with this program, checked to
// be numbered from 1 without a gap.
func embeddedMigrations() ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	var out []migration
	for i, name := range names {
		number, _, _ := strings.Cut(filepath.Base(name), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s stands where number %d belongs", name, i+1)
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		out = append(out, migration{filepath.Base(name), string(text)})
	}
	return out, nil
}

// migrate takes the steps that the file lacks, each in one transaction that
// holds the write lock from its first read, so that two programs that start at
// once take each step once.
func migrate(ctx context.Context, path string, steps []migration) (err error) {
	_, err = os.Stat(path)
	fresh := errors.Is(err, fs.ErrNotExist)
	// Foreign keys are off: a step may rebuild a table, and every row is
	// checked before the step is kept.
	db, err := sql.Open("sqlite3", dsn(path, url.Values{
		"mode":          {"rwc"},
		"_synchronous":  {"FULL"},
		"_foreign_keys": {"0"},
		"_txlock":       {"immediate"},
		"_busy_timeout": {fmt.Sprint(moment.Milliseconds())},
	}))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(failed(err, path), db.Close()) }()
	if fresh {
		if err := db.PingContext(ctx); err != nil {
			return err
		}
		// Before the first row: the log beside the file takes the same mode.
		if err := os.Chmod(path, 0o600); err != nil {
			return err
		}
	}
	copied := ""
	for more := true; more; {
		if more, err = advance(ctx, db, path, steps, &copied); err != nil {
			return err
		}
	}
	if copied != "" {
		return os.Remove(copied)
	}
	return nil
}

// advance takes the next step and reports whether there was one. Before the
// first one on a database that holds something it makes the safety copy, whose
// path it leaves in copied.
func advance(ctx context.Context, db *sql.DB, path string, steps []migration, copied *string) (more bool, err error) {
	tx, err := begin(ctx, db)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, undone(tx.Rollback())) }()
	at, err := version(ctx, tx, path, len(steps))
	if err != nil {
		return false, err
	}
	if at == len(steps) {
		// A write that the roll-back takes away: SQLite opens a file that it
		// cannot write for reading, and says so at the first write only.
		return false, setVersion(ctx, tx, at)
	}
	step := steps[at]
	if at > 0 && *copied == "" {
		target := fmt.Sprintf("%s.v%d.copy", path, at)
		if err := backup(ctx, path, target); err != nil {
			return false, fmt.Errorf("copy before migration %s: %w", step.name, err)
		}
		*copied = target
	}
	if err := take(ctx, tx, step, at+1); err != nil {
		if *copied != "" {
			return false, fmt.Errorf("migration %s, copy kept at %s: %w", step.name, *copied, err)
		}
		return false, fmt.Errorf("migration %s: %w", step.name, err)
	}
	return true, tx.Commit()
}

// version is the number of steps that the file has seen, 0 for a new one.
func version(ctx context.Context, tx *sql.Tx, path string, known int) (int, error) {
	var application, at, tables int
	if err := tx.QueryRowContext(ctx, "SELECT application_id FROM pragma_application_id").Scan(&application); err != nil {
		return 0, err
	}
	if err := tx.QueryRowContext(ctx, "SELECT user_version FROM pragma_user_version").Scan(&at); err != nil {
		return 0, err
	}
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return 0, err
	}
	switch {
	case at == 0 && application == 0 && tables == 0:
		return 0, nil
	case application != applicationID || at < 1:
		return 0, &indicators.Error{Kind: indicators.Invalid, What: notOurs, Detail: path}
	case at > known:
		return 0, &indicators.Error{Kind: indicators.Conflict, What: newer, Detail: fmt.Sprintf("%s: %d > %d", path, at, known)}
	}
	return at, nil
}

func take(ctx context.Context, tx *sql.Tx, step migration, number int) error {
	if _, err := tx.ExecContext(ctx, step.sql); err != nil {
		return err
	}
	if err := orphans(ctx, tx); err != nil {
		return err
	}
	return setVersion(ctx, tx, number)
}

func setVersion(ctx context.Context, tx *sql.Tx, number int) error {
	_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", number))
	return err
}

// backup copies the committed state of the database at path to target, whole
// or not at all, while others read and write.
func backup(ctx context.Context, path, target string) (err error) {
	from, err := sql.Open("sqlite3", dsn(path, url.Values{"_query_only": {"1"}}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	part := target + ".part"
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	if err := copyPages(ctx, from, part, nil); err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	if err := os.Rename(part, target); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(target))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// copyPages copies one snapshot of a database: the reading stands from the first
// page to the last, so that what is written meanwhile is not in it and makes
// nothing begin anew. told hears how many pages are left, of how many; it may be
// nil.
func copyPages(ctx context.Context, from *sql.DB, target string, told func(left, total int)) (err error) {
	to, err := sql.Open("sqlite3", dsn(target, url.Values{"mode": {"rwc"}, "_synchronous": {"FULL"}}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	source, err := from.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	sink, err := to.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sink.Close()) }()
	if err := os.Chmod(target, 0o600); err != nil {
		return err
	}
	if _, err := source.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		_, failed := source.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		err = errors.Join(err, failed)
	}()
	var tables int
	if err := source.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return err // BEGIN alone reads nothing, so it would hold no snapshot
	}
	return sink.Raw(func(a any) error {
		return source.Raw(func(b any) error {
			return allPages(ctx, a.(*sqlite3.SQLiteConn), b.(*sqlite3.SQLiteConn), told)
		})
	})
}

// pagesAtOnce is after how many pages a copy hears that it shall stop.
const pagesAtOnce = 2048

func allPages(ctx context.Context, to, from *sqlite3.SQLiteConn, told func(left, total int)) error {
	b, err := to.Backup("main", from, "main")
	if err != nil {
		return err
	}
	for done := false; !done && err == nil; {
		if err = ctx.Err(); err == nil {
			done, err = b.Step(pagesAtOnce)
		}
		if told != nil && err == nil {
			told(b.Remaining(), b.PageCount())
		}
	}
	return errors.Join(err, b.Finish())
}
