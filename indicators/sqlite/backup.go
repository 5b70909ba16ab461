package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yimi/indicators"
)

// backupPrefix begins, and backupEnding ends, the name of every backup made here.
const (
	backupPrefix = "yimi-"
	backupEnding = ".zip"
)

// BackupName is the name of a backup made at a moment, in the time zone that the
// moment stands in.
func BackupName(at time.Time) string {
	return backupPrefix + at.Format("20060102-150405") + backupEnding
}

// MakeBackup makes a backup in a folder, which it makes too, reads it again
// whole, and lists it. The error kinds are those of [WriteBackup] and
// [CheckBackup]; nothing is left of one that failed or was stopped.
func (s *Store) MakeBackup(ctx context.Context, actor indicators.Actor, at time.Time, folder, program string, told Told) (indicators.Backup, error) {
	if err := actor.Allow(indicators.BackUp); err != nil {
		return indicators.Backup{}, fmt.Errorf("backup: %w", err)
	}
	b, err := s.backUp(ctx, actor, at, folder, program, false, told)
	if err != nil {
		return indicators.Backup{}, fmt.Errorf("backup: %w", err)
	}
	return b, nil
}

// NightlyBackup makes a backup as the program itself, and then removes the
// oldest nightly ones beyond keep. Backups that somebody asked for stay.
func (s *Store) NightlyBackup(ctx context.Context, at time.Time, folder, program string, keep int, told Told) (indicators.Backup, error) {
	b, err := s.backUp(ctx, indicators.Actor{}, at, folder, program, true, told)
	if err == nil {
		err = s.makeRoom(ctx, at, folder, keep)
	}
	if err != nil {
		return indicators.Backup{}, fmt.Errorf("nightly backup: %w", err)
	}
	return b, nil
}

func (s *Store) backUp(ctx context.Context, actor indicators.Actor, at time.Time, folder, program string, nightly bool, told Told) (b indicators.Backup, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return b, placed(err, folder)
	}
	if err := sweepParts(folder, at); err != nil {
		return b, placed(err, folder)
	}
	target := filepath.Join(folder, BackupName(at))
	m, b, err := WriteBackup(ctx, s.path, target, at, program, told)
	if err != nil {
		return b, err
	}
	if _, err := CheckBackup(ctx, target, folder, told); err != nil {
		return b, errors.Join(err, removed(target))
	}
	b.Nightly, b.Person, b.Verified = nightly, actor.Person, at
	err = s.change(ctx, func(tx *sql.Tx) error {
		if err := listBackup(ctx, tx, b); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.BackUp, backupObject(b.File), nil, map[string]any{
			"size": b.Size, "sha256": b.SHA256, "head": m.Head.Size, "missing": len(m.Missing), "nightly": nightly,
		}))
	})
	return b, err
}

func backupObject(file string) string { return "backup " + file }

// sweepParts removes what a program that was killed left of a backup long ago.
func sweepParts(folder string, at time.Time) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		part := strings.HasPrefix(name, backupPrefix) && strings.Contains(name, backupEnding+".part") || strings.HasPrefix(name, "checking-")
		info, err := e.Info()
		if !part || err != nil || at.Sub(info.ModTime()) < 24*time.Hour {
			continue
		}
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}

func listBackup(ctx context.Context, tx *sql.Tx, b indicators.Backup) error {
	var verified any
	if !b.Verified.IsZero() {
		verified = written(b.Verified)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO backups (
			file,
			nightly,
			person,
			made,
			size,
			sha256,
			verified,
			fault
		)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
		ON CONFLICT (file) DO UPDATE SET
			size = ?5,
			sha256 = ?6,
			verified = ?7,
			fault = ?8,
			removed = NULL`,
		b.File,
		b.Nightly,
		b.Person,
		written(b.Made),
		b.Size,
		b.SHA256,
		verified,
		b.Fault)
	return err
}

// makeRoom removes nightly backups beyond the newest keep, at least one.
func (s *Store) makeRoom(ctx context.Context, at time.Time, folder string, keep int) error {
	all, err := s.Backups(ctx, folder)
	if err != nil {
		return err
	}
	nights := slices.DeleteFunc(all, func(b indicators.Backup) bool { return !b.Nightly })
	for _, b := range nights[min(max(keep, 1), len(nights)):] {
		if err := removed(filepath.Join(folder, b.File)); err != nil {
			return placed(err, folder)
		}
		err := s.change(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `
				UPDATE backups
				SET removed = ?
				WHERE file = ?`, written(at), b.File)
			if err != nil {
				return err
			}
			return record(ctx, tx, indicators.Actor{}.Did(at, indicators.BackUp, backupObject(b.File), map[string]any{"sha256": b.SHA256}, nil))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// maxBackups is how many backups a list shows.
const maxBackups = 500

// Backups lists the backups that were made and not removed, and whatever else
// in the folder is named like one (as after a restore of an older one), the
// newest first. A folder that is not there holds none.
func (s *Store) Backups(ctx context.Context, folder string) ([]indicators.Backup, error) {
	out, err := s.listedBackups(ctx)
	if err != nil {
		return nil, fmt.Errorf("backups: %w", s.failed(err))
	}
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("backups: %w", placed(err, folder))
	}
	there := map[string]fs.DirEntry{}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), backupPrefix) && strings.HasSuffix(e.Name(), backupEnding) && e.Type().IsRegular() {
			there[e.Name()] = e
		}
	}
	for n := range out {
		out[n].Gone = there[out[n].File] == nil
		delete(there, out[n].File)
	}
	for name, e := range there {
		info, err := e.Info()
		if err != nil {
			continue // taken away since
		}
		out = append(out, indicators.Backup{File: name, Made: info.ModTime(), Size: info.Size()})
	}
	slices.SortFunc(out, func(a, b indicators.Backup) int {
		if c := b.Made.Compare(a.Made); c != 0 {
			return c
		}
		return strings.Compare(b.File, a.File)
	})
	return out, nil
}

func (s *Store) listedBackups(ctx context.Context) ([]indicators.Backup, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			file,
			nightly,
			person,
			made,
			size,
			sha256,
			ifnull(verified, ''),
			fault
		FROM backups
		WHERE removed IS NULL
		ORDER BY made DESC, file DESC
		LIMIT ?`, maxBackups)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []indicators.Backup
	for rows.Next() {
		var b indicators.Backup
		var made, verified string
		if err := rows.Scan(&b.File, &b.Nightly, &b.Person, &made, &b.Size, &b.SHA256, &verified, &b.Fault); err != nil {
			return nil, err
		}
		if b.Made, err = read(made); err != nil {
			return nil, err
		}
		if verified != "" {
			if b.Verified, err = read(verified); err != nil {
				return nil, err
			}
		}
		out = append(out, b)
	}
	return out, rows.Err()
}

// VerifyBackup reads a backup of the folder whole, writes down what came of it
// and answers with that: a Fault is no error. One that was listed before must
// also have the sum that it had then. NotFound "backup" for a name that the
// folder has not.
func (s *Store) VerifyBackup(ctx context.Context, actor indicators.Actor, at time.Time, folder, file string, told Told) (b indicators.Backup, err error) {
	b, err = s.verifyBackup(ctx, actor, at, folder, file, told)
	if err != nil {
		return indicators.Backup{}, fmt.Errorf("backup %s: %w", file, err)
	}
	return b, nil
}

func (s *Store) verifyBackup(ctx context.Context, actor indicators.Actor, at time.Time, folder, file string, told Told) (b indicators.Backup, err error) {
	if err := actor.Allow(indicators.BackUp); err != nil {
		return b, err
	}
	all, err := s.Backups(ctx, folder)
	if err != nil {
		return b, err
	}
	n := slices.IndexFunc(all, func(x indicators.Backup) bool { return x.File == file && !x.Gone })
	if n < 0 {
		return b, indicators.Missing(noBackup, file)
	}
	b = all[n]
	path := filepath.Join(folder, file)
	m, err := CheckBackup(ctx, path, folder, told)
	var known *indicators.Error
	switch {
	case err == nil:
		b.Fault, b.Made = "", m.Made
	case errors.As(err, &known) && known.What != full && known.What != readOnly && known.What != noBackup:
		b.Fault = strings.TrimSpace(known.What + " " + known.Detail)
	default:
		return b, err
	}
	sum, err := sumFile(path, stepper(ctx, nil, 0))
	if err != nil {
		return b, placed(err, folder)
	}
	if b.SHA256 != "" && b.SHA256 != sum && b.Fault == "" {
		b.Fault = "sha256"
	}
	if b.SHA256 == "" {
		b.SHA256 = sum
	}
	b.Verified, b.Size = at, fileSize(path)
	err = s.change(ctx, func(tx *sql.Tx) error {
		if err := listBackup(ctx, tx, b); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.BackUp, backupObject(file), nil, map[string]any{"verified": b.Fault == "", "fault": b.Fault, "sha256": sum}))
	})
	return b, err
}

// Restored writes into the trail of a restored database where it comes from, and
// ends every session and every one-time link in it: one that somebody ended or
// used up since the backup would live again.
func (s *Store) Restored(ctx context.Context, at time.Time, file string, m indicators.Manifest) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			DELETE FROM sessions
			WHERE ends > ''`)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM links`); err != nil {
			return err
		}
		return record(ctx, tx, indicators.Console().Did(at, indicators.Restore, backupObject(filepath.Base(file)), nil, map[string]any{
			"made": m.Made.UTC().Format(time.RFC3339), "head": m.Head.Size, "root": m.Head.Root,
		}))
	})
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}
