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
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"

	"yimi/indicators"
)

// The keys of backups.
const (
	backupExists  = "backup_exists"     // the target is there already
	backupBroken  = "backup_broken"     // not a backup, or not as it was written; Detail tells where
	backupNewer   = "backup_newer"      // a newer program's
	noBackup      = "backup"            // not in the folder
	restoreFull   = "restore_not_empty" // the data folder holds something
	restoreInUse  = "restore_in_use"    // a running server, or another program, has the database open
	backupFormat  = 1
	manifestName  = "manifest.json"
	databaseName  = "yimi.db"
	maxManifest   = 64 << 20
	trailSince    = 2 // the schema that has the trail
	evidenceSince = 3 // and evidence
)

// Told hears how far something long has come, in bytes of a total.
type Told = func(done, total int64)

// WriteBackup writes everything that belongs to a database into one new file: a
// consistent copy of the database as of one moment, whoever writes meanwhile,
// every file of evidence that it names, and a manifest. It neither needs nor
// changes the schema of this program, so that a backup can be made before an
// upgrade. The file is whole and on the disk under its name, or not there: it
// grows as target.part. Evidence that is lost stops nothing; the manifest names
// it.
//
// Error kinds: Conflict "backup_exists"; TooLarge "database_full" and Forbidden
// "database_read_only" for the folder of the target; NotFound
// "database_no_folder"; those of the database as [Open] has them.
func WriteBackup(ctx context.Context, database, target string, at time.Time, program string, told Told) (m indicators.Manifest, b indicators.Backup, err error) {
	if database, err = filepath.Abs(database); err == nil {
		m, b, err = writeBackup(ctx, database, target, at, program, told)
	}
	if err != nil {
		return indicators.Manifest{}, indicators.Backup{}, fmt.Errorf("backup %s: %w", target, placed(err, filepath.Dir(target)))
	}
	return m, b, nil
}

func writeBackup(ctx context.Context, database, target string, at time.Time, program string, told Told) (m indicators.Manifest, b indicators.Backup, err error) {
	if _, err := os.Lstat(target); err == nil {
		return m, b, conflict(backupExists, target)
	}
	if target, err = filepath.Abs(target); err != nil {
		return m, b, err
	}
	part, snapshot := target+".part", target+".part.db"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return m, b, err
	}
	defer func() {
		if f != nil {
			err = errors.Join(err, f.Close(), os.Remove(part))
		}
	}()
	defer func() { err = errors.Join(err, removed(snapshot), removed(snapshot+"-journal")) }()
	if err := copyDatabase(ctx, database, snapshot, told); err != nil {
		where := database
		var from sqlite3.Error
		if errors.As(err, &from) && (from.Code == sqlite3.ErrFull || from.Code == sqlite3.ErrReadonly) {
			where = filepath.Dir(target) // the copy's own, for the database is only read
		}
		return m, b, failed(err, where)
	}
	m = indicators.Manifest{Format: backupFormat, Program: program, Made: at.UTC(), Missing: []string{}}
	hashes, err := describe(ctx, snapshot, &m)
	if err != nil {
		return m, b, err
	}
	size := &counted{w: f, sum: sha256.New()}
	if err := pack(ctx, size, filepath.Join(filepath.Dir(database), "evidence"), snapshot, hashes, &m, told); err != nil {
		return m, b, err
	}
	if err := f.Sync(); err != nil {
		return m, b, err
	}
	err = f.Close()
	f = nil
	if err == nil {
		err = os.Rename(part, target)
	}
	if err != nil {
		return m, b, errors.Join(err, os.Remove(part))
	}
	b = indicators.Backup{File: filepath.Base(target), Made: m.Made, Size: size.n, SHA256: hex.EncodeToString(size.sum.Sum(nil))}
	return m, b, syncFolder(filepath.Dir(target))
}

// removed removes a file that need not be there.
func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// placed turns what the system says of a folder into what a person can act on.
func placed(err error, folder string) error {
	var known *indicators.Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w: %w", &indicators.Error{Kind: indicators.TooLarge, What: full, Detail: folder}, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: %w", &indicators.Error{Kind: indicators.Forbidden, What: readOnly, Detail: folder}, err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%w: %w", &indicators.Error{Kind: indicators.NotFound, What: noFolder, Detail: folder}, err)
	}
	return failed(err, folder)
}

// counted counts and sums what goes through it.
type counted struct {
	w   io.Writer
	n   int64
	sum interface {
		io.Writer
		Sum([]byte) []byte
	}
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	if _, serr := c.sum.Write(p[:n]); serr != nil && err == nil {
		err = serr
	}
	return n, err
}

// copyDatabase is one snapshot of a database as a file that needs no log beside
// it.
func copyDatabase(ctx context.Context, database, target string, told Told) (err error) {
	if err := place(database); err != nil {
		return err
	}
	if err := removed(target); err != nil {
		return err
	}
	from, err := sql.Open("sqlite3", dsn(database, url.Values{"_query_only": {"1"}}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	var page int64
	if err := from.QueryRowContext(ctx, "SELECT page_size FROM pragma_page_size").Scan(&page); err != nil {
		return err
	}
	err = copyPages(ctx, from, target, func(left, total int) {
		if told != nil {
			told(int64(total-left)*page, int64(total)*page)
		}
	})
	if err != nil {
		return err
	}
	to, err := sql.Open("sqlite3", dsn(target, url.Values{"_synchronous": {"FULL"}}))
	if err != nil {
		return err
	}
	var mode string
	err = to.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
	return errors.Join(err, to.Close(), removed(target+"-wal"), removed(target+"-shm"))
}

// sealed opens a file of a database that nobody writes, without touching it.
func sealed(ctx context.Context, path string) (*Store, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: full}
	if s.read, err = sql.Open("sqlite3", dsn(full, url.Values{"mode": {"ro"}, "immutable": {"1"}, "_query_only": {"1"}})); err != nil {
		return nil, err
	}
	if err := s.read.PingContext(ctx); err != nil {
		return nil, errors.Join(s.failed(err), s.Close())
	}
	return s, nil
}

// describe fills in what a manifest says of a database, and lists the evidence
// that it names.
func describe(ctx context.Context, path string, m *indicators.Manifest) (hashes []string, err error) {
	s, err := sealed(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	err = s.view(ctx, func(tx *sql.Tx) error {
		steps, err := embeddedMigrations()
		if err != nil {
			return err
		}
		if m.Schema, err = version(ctx, tx, path, len(steps)); err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `
			SELECT
				(SELECT ifnull(max(number), 0) FROM releases),
				ifnull((SELECT code FROM plan), '')`).Scan(&m.Release, &m.Plan)
		if err != nil {
			return err
		}
		if m.Schema >= trailSince {
			if m.Head, err = treeHead(ctx, tx); err != nil {
				return err
			}
		}
		if m.Schema >= evidenceSince {
			hashes, err = evidenceHashes(ctx, tx)
		}
		return err
	})
	return hashes, err
}

// evidenceHashes lists the files that any figure or return has or had, each
// once.
func evidenceHashes(ctx context.Context, q querier) (out []string, err error) {
	rows, err := q.QueryContext(ctx, `
		SELECT DISTINCT hash
		FROM evidence
		ORDER BY hash`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var hash string
		if err := rows.Scan(&hash); err != nil {
			return nil, err
		}
		out = append(out, hash)
	}
	return out, rows.Err()
}

// pack writes the archive. The manifest goes last, when all sums are known.
func pack(ctx context.Context, w io.Writer, evidence, snapshot string, hashes []string, m *indicators.Manifest, told Told) error {
	z := zip.NewWriter(w)
	total := fileSize(snapshot)
	for _, hash := range hashes {
		total += fileSize(filepath.Join(evidence, hash[:2], hash[2:]))
	}
	step := stepper(ctx, told, total)
	db, err := packFile(z, databaseName, zip.Deflate, m.Made, snapshot, step)
	if err != nil {
		return err
	}
	m.Files = append(m.Files, db)
	for _, hash := range hashes {
		path := filepath.Join(evidence, hash[:2], hash[2:])
		sum, err := sumFile(path, nil)
		if errors.Is(err, fs.ErrNotExist) || err == nil && sum != hash {
			m.Missing = append(m.Missing, hash)
			continue
		}
		if err != nil {
			return err
		}
		// Pictures, PDF and Office documents are packed already.
		x, err := packFile(z, "evidence/"+hash[:2]+"/"+hash[2:], zip.Store, m.Made, path, step)
		if err != nil {
			return err
		}
		m.Files = append(m.Files, x)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	last, err := z.CreateHeader(&zip.FileHeader{Name: manifestName, Method: zip.Deflate, Modified: m.Made})
	if err != nil {
		return err
	}
	if _, err := last.Write(text); err != nil {
		return err
	}
	return z.Close()
}

func fileSize(path string) int64 {
	if at, err := os.Stat(path); err == nil {
		return at.Size()
	}
	return 0
}

// stepper counts bytes on their way, tells of them and stops with ctx.
func stepper(ctx context.Context, told Told, total int64) func(n int) error {
	var done int64
	return func(n int) error {
		if done += int64(n); told != nil {
			told(done, total)
		}
		return ctx.Err()
	}
}

// stepped calls step for everything that it writes.
type stepped struct {
	io.Writer
	step func(n int) error
}

func (s stepped) Write(p []byte) (int, error) {
	if s.step != nil {
		if err := s.step(len(p)); err != nil {
			return 0, err
		}
	}
	return s.Writer.Write(p)
}

func packFile(z *zip.Writer, name string, method uint16, at time.Time, path string, step func(int) error) (x indicators.ManifestFile, err error) {
	f, err := os.Open(path)
	if err != nil {
		return x, err
	}
	defer f.Close() //nolint:errcheck // read only
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: at})
	if err != nil {
		return x, err
	}
	sum := sha256.New()
	n, err := io.Copy(stepped{io.MultiWriter(w, sum), step}, f)
	return indicators.ManifestFile{Name: name, Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

// sumFile is the SHA-256 of a file in hexadecimal.
func sumFile(path string, step func(int) error) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // read only
	sum := sha256.New()
	if _, err := io.Copy(stepped{sum, step}, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// evidenceEntry is the SHA-256 of evidence by its name in a backup; empty for
// any other name.
func evidenceEntry(name string) string {
	rest, ok := strings.CutPrefix(name, "evidence/")
	if !ok || len(rest) != 65 || rest[2] != '/' {
		return ""
	}
	hash := rest[:2] + rest[3:]
	if raw, err := hex.DecodeString(hash); err != nil || hex.EncodeToString(raw) != hash {
		return ""
	}
	return hash
}
