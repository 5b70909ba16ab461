package sqlite

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"

	"yimi/indicators"
)

func brokenBackup(format string, args ...any) error {
	return invalid(backupBroken, fmt.Sprintf(format, args...))
}

// CheckBackup reads a whole backup and changes nothing: every file against its
// sum, the database for soundness, the trail against its head, and that no
// evidence is missing but what the manifest names. The database is unpacked into
// a new folder within scratch, which is removed again. Invalid "backup_broken"
// with the first fault as detail; Conflict "backup_newer"; NotFound "backup".
func CheckBackup(ctx context.Context, file, scratch string, told Told) (m indicators.Manifest, err error) {
	dir, err := os.MkdirTemp(scratch, "checking-*")
	if err != nil {
		return m, fmt.Errorf("backup %s: %w", file, placed(err, scratch))
	}
	m, err = unpack(ctx, file, dir, false, told)
	if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
		return m, fmt.Errorf("backup %s: %w", file, placed(err, scratch))
	}
	return m, nil
}

// unpack checks a backup while it writes its database, and with all its evidence,
// into a folder.
func unpack(ctx context.Context, file, dir string, all bool, told Told) (m indicators.Manifest, err error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return m, indicators.Missing(noBackup, file)
	}
	z, err := zip.OpenReader(file)
	switch {
	case errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrAlgorithm), errors.Is(err, io.ErrUnexpectedEOF):
		return m, brokenBackup("zip")
	case err != nil:
		return m, err
	}
	defer z.Close() //nolint:errcheck // read only
	entries := map[string]*zip.File{}
	for _, f := range z.File {
		if entries[f.Name] != nil {
			return m, brokenBackup("%s", f.Name)
		}
		entries[f.Name] = f
	}
	if m, err = readManifest(entries[manifestName]); err != nil {
		return m, err
	}
	if len(m.Files)+1 != len(entries) || !slices.ContainsFunc(m.Files, func(x indicators.ManifestFile) bool { return x.Name == databaseName }) {
		return m, brokenBackup(manifestName)
	}
	step := stepper(ctx, told, m.Size())
	for _, x := range m.Files {
		hash := evidenceEntry(x.Name)
		if entries[x.Name] == nil || x.Name != databaseName && (hash == "" || hash != x.SHA256) {
			return m, brokenBackup("%s", x.Name)
		}
		target := ""
		if all || x.Name == databaseName {
			target = filepath.Join(dir, filepath.FromSlash(x.Name))
		}
		if err := unpackFile(entries[x.Name], x, target, step); err != nil {
			return m, err
		}
	}
	return m, checkUnpacked(ctx, filepath.Join(dir, databaseName), m)
}

func readManifest(f *zip.File) (m indicators.Manifest, err error) {
	if f == nil || f.UncompressedSize64 > maxManifest {
		return m, brokenBackup(manifestName)
	}
	r, err := f.Open()
	if err != nil {
		return m, brokenBackup(manifestName)
	}
	defer r.Close() //nolint:errcheck // read only
	text, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err != nil || json.Unmarshal(text, &m) != nil || m.Format < 1 {
		return m, brokenBackup(manifestName)
	}
	steps, err := embeddedMigrations()
	if err != nil {
		return m, err
	}
	if m.Format > backupFormat || m.Schema > len(steps) {
		return m, conflict(backupNewer, m.Program)
	}
	return m, nil
}

// unpackFile writes one file, whole and on the disk, and holds it against its
// sum; without a target it only reads.
func unpackFile(f *zip.File, x indicators.ManifestFile, target string, step func(int) error) (err error) {
	r, err := f.Open()
	if err != nil {
		return brokenBackup("%s", x.Name)
	}
	defer r.Close() //nolint:errcheck // read only
	sum, w := sha256.New(), io.Writer(nil)
	w = sum
	if target != "" {
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return err
		}
		out, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, out.Close()) }()
		defer func() {
			if err == nil {
				err = out.Sync()
			}
		}()
		w = io.MultiWriter(out, sum)
	}
	n, err := io.Copy(stepped{w, step}, io.LimitReader(r, x.Size+1))
	switch {
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, io.ErrUnexpectedEOF), err != nil && strings.HasPrefix(err.Error(), "flate:"):
		return brokenBackup("%s", x.Name)
	case err != nil:
		return err
	case n != x.Size || hex.EncodeToString(sum.Sum(nil)) != x.SHA256:
		return brokenBackup("%s", x.Name)
	}
	return nil
}

// checkUnpacked looks at a database of a backup.
func checkUnpacked(ctx context.Context, path string, m indicators.Manifest) (err error) {
	var is indicators.Manifest
	hashes, err := describe(ctx, path, &is)
	if err != nil {
		return err
	}
	if is.Schema != m.Schema || is.Head != m.Head || is.Release != m.Release {
		return brokenBackup(databaseName)
	}
	for _, hash := range hashes {
		there := slices.ContainsFunc(m.Files, func(x indicators.ManifestFile) bool { return x.SHA256 == hash && x.Name != databaseName })
		if !there && !slices.Contains(m.Missing, hash) {
			return brokenBackup("evidence %s", hash)
		}
	}
	s, err := sealed(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Verify(ctx); err != nil {
		return err
	}
	if m.Schema < trailSince {
		return nil
	}
	_, err = s.VerifyAudit(ctx, m.Head)
	return err
}

// Restore puts a backup in the place of a database that nobody has open, and
// checks it before and after. What was there is set aside within the data folder,
// under the name that is the answer (empty where nothing was), never deleted;
// backups and what was set aside earlier stay where they are. Until the last
// step the old database stands; -wal and -shm files of it are never left beside
// the new one.
//
// Error kinds: those of [CheckBackup]; Conflict "restore_in_use" when a server or
// another program has the database open; Conflict "restore_not_empty" for a
// folder that holds something, unless replace; TooLarge "database_full" and
// Forbidden "database_read_only" for the folder.
func Restore(ctx context.Context, file, database string, replace bool, at time.Time, told Told) (m indicators.Manifest, aside string, err error) {
	folder := filepath.Dir(database)
	full, err := filepath.Abs(database)
	if err == nil {
		m, aside, err = restore(ctx, file, full, replace, at, told)
	}
	if err != nil {
		return m, aside, fmt.Errorf("restore %s: %w", file, placed(err, folder))
	}
	return m, aside, nil
}

func restore(ctx context.Context, file, database string, replace bool, at time.Time, told Told) (m indicators.Manifest, aside string, err error) {
	folder := filepath.Dir(database)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return m, "", err
	}
	old, leftover, err := holds(folder, filepath.Base(database))
	if err != nil {
		return m, "", err
	}
	if len(old) > 0 && !replace {
		return m, "", conflict(restoreFull, folder)
	}
	// Before the long work, and again when it comes to it.
	release, err := closedDatabase(ctx, database)
	if err == nil {
		err = release()
	}
	if err != nil {
		return m, "", err
	}
	fresh, err := os.MkdirTemp(folder, "restoring-*")
	if err != nil {
		return m, "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	if m, err = unpack(ctx, file, fresh, true, told); err != nil {
		return m, "", err
	}
	if aside, err = exchange(ctx, database, fresh, append(old, leftover...), at); err != nil {
		return m, aside, err
	}
	return m, aside, checkUnpacked(ctx, database, m)
}

// exchange sets the old files aside and puts the new ones in their place, the
// database last.
func exchange(ctx context.Context, database, fresh string, old []string, at time.Time) (aside string, err error) {
	folder, base := filepath.Dir(database), filepath.Base(database)
	release, err := closedDatabase(ctx, database)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, release()) }()
	if len(old) > 0 {
		aside = filepath.Join(folder, asidePrefix+at.UTC().Format("20060102-150405"))
		if err := os.Mkdir(aside, 0o700); err != nil {
			return "", err
		}
	}
	for _, name := range old {
		from, to := filepath.Join(folder, name), filepath.Join(aside, name)
		if name == base && os.Link(from, to) == nil {
			continue // the old one stands until the new one takes its name
		}
		// Closing the log removed it.
		if err := os.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return aside, err
		}
	}
	if _, err := os.Stat(filepath.Join(fresh, "evidence")); err == nil {
		if err := os.Rename(filepath.Join(fresh, "evidence"), filepath.Join(folder, "evidence")); err != nil {
			return aside, err
		}
	}
	if err := os.Rename(filepath.Join(fresh, databaseName), database); err != nil {
		return aside, err
	}
	return aside, syncFolder(folder)
}

// asidePrefix begins the folder of what was there before a restore.
const asidePrefix = "before-restore-"

// holds lists what a data folder holds, without backups and what was set aside;
// apart, the logs of a database that is not there.
func holds(folder, base string) (old, leftover []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, nil, err
	}
	_, err = os.Lstat(filepath.Join(folder, base))
	alone := errors.Is(err, fs.ErrNotExist)
	for _, e := range entries {
		name := e.Name()
		switch {
		case name == "backups", strings.HasPrefix(name, asidePrefix), strings.HasPrefix(name, "restoring-"), strings.HasPrefix(name, "checking-"):
		case alone && (name == base+"-wal" || name == base+"-shm" || name == base+"-journal"):
			leftover = append(leftover, name)
		default:
			old = append(old, name)
		}
	}
	return old, leftover, nil
}

// closedDatabase makes sure that nobody has a database open, folds its log into
// it, and keeps others out until release. One that is not there, or is too broken
// to be opened, keeps nobody.
func closedDatabase(ctx context.Context, path string) (release func() error, err error) {
	none := func() error { return nil }
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return none, nil
	}
	db, err := sql.Open("sqlite3", dsn(path, url.Values{"_busy_timeout": {fmt.Sprint(moment.Milliseconds())}}))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	// Leaving the log needs every other connection gone, idle ones too.
	var mode string
	err = db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
	if err == nil {
		_, err = db.ExecContext(ctx, "BEGIN EXCLUSIVE")
	}
	var from sqlite3.Error
	switch {
	case err == nil:
		return db.Close, nil
	case errors.As(err, &from) && (from.Code == sqlite3.ErrBusy || from.Code == sqlite3.ErrLocked):
		err = conflict(restoreInUse, path)
	case errors.As(err, &from) && (from.Code == sqlite3.ErrNotADB || from.Code == sqlite3.ErrCorrupt):
		return none, db.Close()
	}
	return nil, errors.Join(failed(err, path), db.Close())
}
