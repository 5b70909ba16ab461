package sqlite

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"

	"yimi/indicators"
)

// The keys of evidence.
const (
	noEvidence    = "evidence"
	evidenceType  = "evidence_type"  // neither PDF, picture nor Office document by its content
	evidenceSize  = "evidence_size"  // over the limit of the settings, 20 MB at most; Detail has it in bytes
	evidenceEmpty = "evidence_empty" // no byte was sent
	evidenceMany  = "evidence_many"  // the figure, or the return, has as many as are kept; Detail has how many
	evidenceBears = "evidence_bears" // a published edition rests on it
	evidenceLost  = "evidence_lost"  // the folder has not the file that the row names
)

// Attach keeps a file behind a figure, for its unit while the round is open.
// The file lies under its SHA-256 in the folder "evidence" beside the database,
// outside of what the server serves by itself. What it is is told by its
// content: PDF, PNG, JPEG, WebP or an Office document without macros; anything
// else is Invalid "evidence_type" whatever its name. TooLarge "evidence_size"
// over the limit of the settings (20 MB at most), Invalid "evidence_empty",
// Conflict "evidence_many" beyond [indicators.MostEvidence] files,
// "round_locked" or "state", NotFound "revision". A name that ends otherwise
// than the content gets the content's ending, so that no program but that of the
// content opens the file. A figure's values are never touched by it.
func (s *Store) Attach(ctx context.Context, actor indicators.Actor, at time.Time, duty int64, name string, content io.Reader) (e indicators.Evidence, err error) {
	l, err := s.Library(ctx)
	if err != nil {
		return e, err
	}
	may := func(tx *sql.Tx) error {
		w, err := theFigure(ctx, tx, l, at, duty)
		if err != nil {
			return err
		}
		if err := w.may(ctx, tx, actor, indicators.Attach); err != nil {
			return err
		}
		if !w.round.OpenOn(w.Duty, w.day) {
			return conflict(roundLocked, w.round.Locked.String())
		}
		return nil
	}
	e, err = s.keep(ctx, actor, at, indicators.Evidence{Duty: duty, Name: name}, content, may)
	if err != nil {
		return indicators.Evidence{}, fmt.Errorf("evidence of figure %d: %w", duty, err)
	}
	return e, nil
}

// keep writes a file and its row. may is asked before a byte is read, and again
// in the transaction of the row.
func (s *Store) keep(ctx context.Context, actor indicators.Actor, at time.Time, e indicators.Evidence, content io.Reader, may func(*sql.Tx) error) (indicators.Evidence, error) {
	room := func(tx *sql.Tx) error {
		if err := may(tx); err != nil {
			return err
		}
		return hasRoom(ctx, tx, e)
	}
	if err := s.view(ctx, room); err != nil {
		return e, err
	}
	limits, err := s.Settings(ctx)
	if err != nil {
		return e, err
	}
	if err := s.keepFile(&e, content, limits.Upload()); err != nil {
		return e, s.filed(err)
	}
	e.Name, e.Person, e.At = named(e.Name, e.Type), actor.Person, at
	err = s.change(ctx, func(tx *sql.Tx) error {
		if err := room(tx); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `
			INSERT INTO evidence (
				duty,
				sheet,
				hash,
				name,
				type,
				size,
				account,
				person,
				at
			)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			orZero(int(e.Duty)),
			orZero(int(e.Sheet)),
			e.Hash,
			e.Name,
			e.Type,
			e.Size,
			actor.Account,
			actor.Person,
			written(at))
		if err != nil {
			return err
		}
		if e.ID, err = done.LastInsertId(); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.Attach, evidenceObject(e), nil, map[string]any{"file": e.Name, "sha256": e.Hash, "type": e.Type, "size": e.Size}))
	})
	return e, err
}

// hasRoom refuses one file more than are kept behind a figure or a return.
func hasRoom(ctx context.Context, tx *sql.Tx, e indicators.Evidence) error {
	count, of := `SELECT count(*) FROM evidence WHERE duty = ? AND removed IS NULL`, e.Duty
	if e.Sheet != 0 {
		count, of = `SELECT count(*) FROM evidence WHERE sheet = ? AND removed IS NULL`, e.Sheet
	}
	var n int
	if err := tx.QueryRowContext(ctx, count, of).Scan(&n); err != nil {
		return err
	}
	if n >= indicators.MostEvidence {
		return conflict(evidenceMany, fmt.Sprint(n))
	}
	return nil
}

// filed says of a file that could not be written what a person can act on.
func (s *Store) filed(err error) error {
	kind, what := indicators.Kind(""), ""
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		kind, what = indicators.TooLarge, full
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		kind, what = indicators.Forbidden, readOnly
	default:
		return err
	}
	return fmt.Errorf("%w: %w", &indicators.Error{Kind: kind, What: what, Detail: filepath.Join(filepath.Dir(s.path), "evidence")}, err)
}

func evidenceObject(e indicators.Evidence) string {
	if e.Sheet != 0 {
		return fmt.Sprintf("sheet %d", e.Sheet)
	}
	return dutyObject(e.Duty)
}

// evidencePath is where a file of that hash lies.
func (s *Store) evidencePath(hash string) string {
	return filepath.Join(filepath.Dir(s.path), "evidence", hash[:2], hash[2:])
}

// keepFile writes the content under its hash, whole and on the disk or not at
// all; what is there already is the same.
// It has at most so many bytes.
func (s *Store) keepFile(e *indicators.Evidence, content io.Reader, most int64) (err error) {
	folder := filepath.Join(filepath.Dir(s.path), "evidence")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, "new-*")
	if err != nil {
		return err
	}
	defer func() {
		if f != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	sum := sha256.New()
	e.Size, err = io.Copy(io.MultiWriter(f, sum), io.LimitReader(content, most+1))
	switch {
	case err != nil:
		return err
	case e.Size > most:
		return &indicators.Error{Kind: indicators.TooLarge, What: evidenceSize, Detail: fmt.Sprint(most)}
	case e.Size == 0:
		return invalid(evidenceEmpty, "")
	}
	if e.Type, err = typeOf(f, e.Size); err != nil {
		return err
	}
	if e.Type == "" {
		return invalid(evidenceType, fileName(e.Name))
	}
	e.Hash = hex.EncodeToString(sum.Sum(nil))
	path := s.evidencePath(e.Hash)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	name := f.Name()
	err = f.Close()
	f = nil
	if err == nil {
		err = os.Rename(name, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return errors.Join(syncFolder(filepath.Dir(path)), syncFolder(folder), syncFolder(filepath.Dir(folder)))
}

// syncFolder puts a folder's names on the disk.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// officeParts are the first folder of an Office document's parts and what it is.
var officeParts = map[string]string{
	"word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xl":   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"ppt":  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

// typeOf tells a file by its content; empty for one that is not kept.
func typeOf(f io.ReaderAt, size int64) (string, error) {
	head := make([]byte, min(size, 512))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	switch t := http.DetectContentType(head); t {
	case "application/pdf", "image/png", "image/jpeg", "image/webp":
		return t, nil
	case "application/zip":
		return officeType(f, size), nil
	}
	return "", nil
}

// officeType tells an Office document by its parts; empty for another archive
// and for a document that carries macros.
func officeType(f io.ReaderAt, size int64) string {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return ""
	}
	manifest, kind := false, ""
	for _, part := range z.File {
		name := strings.ToLower(part.Name)
		if strings.HasSuffix(name, "vbaproject.bin") || strings.Contains(name, "activex") || strings.Contains(name, "macrosheets/") {
			return ""
		}
		manifest = manifest || part.Name == "[Content_Types].xml"
		if folder, _, ok := strings.Cut(part.Name, "/"); ok && kind == "" {
			kind = officeParts[folder]
		}
	}
	if !manifest {
		return ""
	}
	return kind
}

// endings are what the names of each kind of content end with, the usual one
// first.
var endings = map[string][]string{
	"application/pdf":   {".pdf"},
	"image/png":         {".png"},
	"image/jpeg":        {".jpg", ".jpeg"},
	"image/webp":        {".webp"},
	officeParts["word"]: {".docx"},
	officeParts["xl"]:   {".xlsx"},
	officeParts["ppt"]:  {".pptx"},
}

// named is a file's name with the ending of its content.
func named(name, kind string) string {
	name = fileName(name)
	list := endings[kind]
	if len(list) == 0 || slices.Contains(list, strings.ToLower(filepath.Ext(name))) {
		return name
	}
	return name + list[0]
}

// fileName is a name as it is shown and offered again: no folder, no character
// that hides or turns the others, at most 150 characters.
func fileName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	var out []rune
	for _, r := range strings.ToValidUTF8(name, "") {
		if !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			out = append(out, r)
		}
	}
	const most = 150
	if len(out) > most {
		out = out[len(out)-most:] // the end has the extension
	}
	if name = strings.TrimSpace(string(out)); name == "" {
		return "file"
	}
	return name
}

// Detach takes a file away from its figure, under the rules of [Store.Attach],
// but from nothing that was sent or passed: Conflict "state". What was there
// when an edition of the figure was published stays behind that edition, even
// once a correction of it has begun: Conflict "evidence_bears".
// The trail keeps that it was there, and the file stays on the disk. NotFound
// "evidence".
func (s *Store) Detach(ctx context.Context, actor indicators.Actor, at time.Time, id int64) error {
	l, err := s.Library(ctx)
	if err != nil {
		return err
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		e, err := evidence(ctx, tx, id)
		if err != nil {
			return err
		}
		w, err := theFigure(ctx, tx, l, at, e.Duty)
		if err != nil || w.may(ctx, tx, actor, indicators.ReadFigure) != nil {
			return indicators.Missing(noEvidence, "")
		}
		if err := w.may(ctx, tx, actor, indicators.Detach); err != nil {
			return err
		}
		if !w.round.OpenOn(w.Duty, w.day) {
			return conflict(roundLocked, w.round.Locked.String())
		}
		published, err := lastPublished(ctx, tx, e.Duty)
		if err != nil {
			return err
		}
		if bears(e, published) {
			return conflict(evidenceBears, e.Name)
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE evidence
			SET removed = ?
			WHERE id = ?`,
			written(at),
			id)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.Detach, evidenceObject(e), map[string]any{"file": e.Name, "sha256": e.Hash}, nil))
	})
	if err != nil {
		return fmt.Errorf("evidence %d: %w", id, err)
	}
	return nil
}

// EvidenceFile opens a file for whoever may read its figure, or its unit's
// return. The caller closes it, and sends it as an attachment with nosniff.
// NotFound "evidence" for everybody else, as for an unknown id; Conflict
// "evidence_lost" where the folder has it no more.
func (s *Store) EvidenceFile(ctx context.Context, actor indicators.Actor, at time.Time, id int64) (e indicators.Evidence, file *os.File, err error) {
	if err := actor.Allow(indicators.ReadFigure); err != nil {
		return e, nil, fmt.Errorf("evidence %d: %w", id, err)
	}
	l, err := s.Library(ctx)
	if err != nil {
		return e, nil, err
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		if e, err = evidence(ctx, tx, id); err != nil {
			return err
		}
		var subject indicators.Subject
		if e.Duty != 0 {
			w, err := theFigure(ctx, tx, l, at, e.Duty)
			if err != nil {
				return indicators.Missing(noEvidence, "")
			}
			subject = l.SubjectOf(actor, w.Duty)
		} else {
			of, err := signedBy(ctx, tx, e.Sheet)
			if err != nil {
				return err
			}
			subject = l.SubjectFor(actor, of)
		}
		if indicators.Permits(actor, indicators.ReadFigure, subject) != nil {
			return indicators.Missing(noEvidence, "")
		}
		return nil
	})
	if err != nil {
		return indicators.Evidence{}, nil, fmt.Errorf("evidence %d: %w", id, err)
	}
	file, err = os.Open(s.evidencePath(e.Hash))
	if errors.Is(err, os.ErrNotExist) {
		err = errors.Join(conflict(evidenceLost, e.Name), err)
	}
	if err != nil {
		return indicators.Evidence{}, nil, fmt.Errorf("evidence %d: %w", id, err)
	}
	return e, file, nil
}

func evidence(ctx context.Context, q querier, id int64) (e indicators.Evidence, err error) {
	var at string
	err = q.QueryRowContext(ctx, `
		SELECT
			id,
			ifnull(duty, 0),
			ifnull(sheet, 0),
			hash,
			name,
			type,
			size,
			person,
			at
		FROM evidence
		WHERE id = ? AND removed IS NULL`, id).Scan(&e.ID, &e.Duty, &e.Sheet, &e.Hash, &e.Name, &e.Type, &e.Size, &e.Person, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return e, indicators.Missing(noEvidence, "")
	}
	if err != nil {
		return e, err
	}
	e.At, err = read(at)
	return e, err
}

// lastPublished is when an edition of a figure was published last; zero where
// none was.
func lastPublished(ctx context.Context, q querier, duty int64) (time.Time, error) {
	var at sql.NullString
	err := q.QueryRowContext(ctx, `
		SELECT max(p.published)
		FROM revisions AS r
		CROSS JOIN releases AS p ON p.number = r.release
		WHERE r.duty = ? AND r.release IS NOT NULL`, duty).Scan(&at)
	if err != nil || !at.Valid {
		return time.Time{}, err
	}
	return read(at.String)
}

// bears reports a file that was there when its figure was published, to the
// second that a release has.
func bears(e indicators.Evidence, published time.Time) bool {
	return !published.IsZero() && !e.At.Truncate(time.Second).After(published)
}

// evidenceOfDuty lists the files behind a figure, by id.
func evidenceOfDuty(ctx context.Context, q querier, duty int64) ([]indicators.Evidence, error) {
	published, err := lastPublished(ctx, q, duty)
	if err != nil {
		return nil, err
	}
	rows, err := q.QueryContext(ctx, `
		SELECT
			id,
			hash,
			name,
			type,
			size,
			person,
			at
		FROM evidence
		WHERE duty = ? AND removed IS NULL
		ORDER BY id`, duty)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []indicators.Evidence
	for rows.Next() {
		e := indicators.Evidence{Duty: duty}
		var at string
		if err := rows.Scan(&e.ID, &e.Hash, &e.Name, &e.Type, &e.Size, &e.Person, &at); err != nil {
			return nil, err
		}
		if e.At, err = read(at); err != nil {
			return nil, err
		}
		e.Bears = bears(e, published)
		out = append(out, e)
	}
	return out, rows.Err()
}
