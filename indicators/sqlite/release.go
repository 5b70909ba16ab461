package sqlite

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"yimi/indicators"
)

// Release is the newest release, its time in UTC to the second. On a store
// into which nothing was loaded the error is NotFound "release".
func (s *Store) Release(ctx context.Context) (indicators.Release, error) {
	r, err := newest(ctx, s.read)
	if err != nil {
		return indicators.Release{}, fmt.Errorf("release: %w", s.failed(err))
	}
	return r, nil
}

// ReleaseNumbered is one release. NotFound "release".
func (s *Store) ReleaseNumbered(ctx context.Context, number int) (indicators.Release, error) {
	r, err := releaseNumbered(ctx, s.read, number)
	if err != nil {
		return indicators.Release{}, fmt.Errorf("release %d: %w", number, s.failed(err))
	}
	return r, nil
}

// Releases lists every release, the newest first.
func (s *Store) Releases(ctx context.Context) ([]indicators.Release, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			number,
			published,
			note,
			kind,
			round,
			person,
			rules,
			tree_size,
			tree_root
		FROM releases
		ORDER BY number DESC`)
	if err != nil {
		return nil, fmt.Errorf("releases: %w", s.failed(err))
	}
	defer rows.Close()
	var out []indicators.Release
	for rows.Next() {
		r, err := scanRelease(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func newest(ctx context.Context, q querier) (indicators.Release, error) {
	return scanRelease(q.QueryRowContext(ctx, `
		SELECT
			number,
			published,
			note,
			kind,
			round,
			person,
			rules,
			tree_size,
			tree_root
		FROM releases
		ORDER BY number DESC
		LIMIT 1`).Scan)
}

func releaseNumbered(ctx context.Context, q querier, number int) (indicators.Release, error) {
	return scanRelease(q.QueryRowContext(ctx, `
		SELECT
			number,
			published,
			note,
			kind,
			round,
			person,
			rules,
			tree_size,
			tree_root
		FROM releases
		WHERE number = ?`, number).Scan)
}

func scanRelease(scan func(...any) error) (r indicators.Release, err error) {
	var published string
	var round sql.NullInt64
	err = scan(&r.Number, &published, &r.Note, &r.Kind, &round, &r.Person, &r.Rules, &r.Head.Size, &r.Head.Root)
	if errors.Is(err, sql.ErrNoRows) {
		return indicators.Release{}, indicators.Missing(noRelease, "")
	}
	if err != nil {
		return indicators.Release{}, err
	}
	r.Round = int(round.Int64)
	if r.Published, err = time.Parse(time.RFC3339, published); err != nil {
		return indicators.Release{}, fmt.Errorf("release %d: %w", r.Number, err)
	}
	return r, nil
}

// announce writes the release to which the figures of tx belong, by whom (0:
// nobody signed in), and keeps the library as it stands now; after it nothing
// can join the release.
func announce(ctx context.Context, tx *sql.Tx, r indicators.Release, account int64) error {
	var edition int64
	if err := tx.QueryRowContext(ctx, `
		SELECT edition
		FROM plan`).Scan(&edition); err != nil {
		return err
	}
	if err := keepEdition(ctx, tx, edition); err != nil {
		return err
	}
	if err := duesInto(ctx, tx, r.Number); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO releases (
			number,
			published,
			note,
			kind,
			round,
			account,
			person,
			rules,
			tree_size,
			tree_root,
			edition
		)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Number,
		r.Published.UTC().Format(time.RFC3339),
		r.Note,
		r.Kind,
		orZero(r.Round),
		orZero(int(account)),
		r.Person,
		r.Rules,
		r.Head.Size,
		r.Head.Root,
		edition)
	if err != nil {
		return fmt.Errorf("release %d: %w", r.Number, err)
	}
	return nil
}

// duesInto keeps the due days of the rounds as they stand for the release that
// is being made.
func duesInto(ctx context.Context, tx *sql.Tx, release int) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO release_dues (
			release,
			year,
			due
		)
		SELECT ?, year, due
		FROM rounds`, release)
	return err
}

// DueAt is the due day of each year's round as it stood in a release. A year
// without a round then has none. NotFound "release".
func (s *Store) DueAt(ctx context.Context, release int) (due indicators.ResultsDue, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		if _, err := releaseNumbered(ctx, tx, release); err != nil {
			return err
		}
		due, err = dueAt(ctx, tx, release)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("due days of release %d: %w", release, err)
	}
	return due, nil
}

func dueAt(ctx context.Context, q querier, release int) (indicators.ResultsDue, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			year,
			due
		FROM release_dues
		WHERE release = ?`, release)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	due := indicators.ResultsDue{}
	for rows.Next() {
		var year int
		var day string
		if err := rows.Scan(&year, &day); err != nil {
			return nil, err
		}
		if due[year], err = indicators.ParsePeriod(day); err != nil {
			return nil, err
		}
	}
	return due, rows.Err()
}

// keptLibrary is a library as the store keeps it for its releases.
type keptLibrary struct {
	Descriptor []byte
	Rows       map[string][][]string // by file
}

// keepEdition keeps the library as it stands under its edition; what is kept
// already stays.
func keepEdition(ctx context.Context, tx *sql.Tx, edition int64) error {
	var there bool
	err := tx.QueryRowContext(ctx, `
		SELECT EXISTS (
			SELECT 1
			FROM editions
			WHERE edition = ?
		)`, edition).Scan(&there)
	if err != nil || there {
		return err
	}
	kept := keptLibrary{Rows: map[string][][]string{}}
	if err := tx.QueryRowContext(ctx, `
		SELECT descriptor
		FROM plan`).Scan(&kept.Descriptor); err != nil {
		return err
	}
	for _, t := range tables() {
		if kept.Rows[t.file], err = t.rows(ctx, tx); err != nil {
			return err
		}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if err := json.NewEncoder(z).Encode(kept); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO editions (
			edition,
			library
		)
		VALUES (?, ?)`,
		edition,
		packed.Bytes())
	return err
}

// LibraryAt is the library as it stood in a release; like [Store.Library] it is
// the same value again, and nobody may write to it. A release from before
// editions were kept reads the oldest one that is. NotFound "release".
func (s *Store) LibraryAt(ctx context.Context, release int) (*indicators.Library, error) {
	var edition, standing int64
	err := s.view(ctx, func(tx *sql.Tx) error {
		if _, err := releaseNumbered(ctx, tx, release); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `
			SELECT
				ifnull(ifnull((SELECT edition FROM releases WHERE number = ?), (SELECT min(edition) FROM editions)), 0),
				plan.edition
			FROM plan`, release).Scan(&edition, &standing)
	})
	if err != nil {
		return nil, fmt.Errorf("library of release %d: %w", release, err)
	}
	if edition == standing || edition == 0 {
		return s.Library(ctx)
	}
	// Not within the view: Library waits for a connection while it holds the lock.
	if l := s.past(edition); l != nil {
		return l, nil
	}
	var packed []byte
	err = s.read.QueryRowContext(ctx, `
		SELECT library
		FROM editions
		WHERE edition = ?`, edition).Scan(&packed)
	if err != nil {
		return nil, fmt.Errorf("library of release %d: %w", release, s.failed(err))
	}
	l, err := unpacked(packed)
	if err != nil {
		return nil, fmt.Errorf("library of release %d: %w", release, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.editions == nil || len(s.editions) >= maxEditions {
		s.editions = map[int64]*indicators.Library{}
	}
	s.editions[edition] = l
	return l, nil
}

// maxEditions is how many past libraries are held in memory.
const maxEditions = 8

func (s *Store) past(edition int64) *indicators.Library {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.editions[edition]
}

func unpacked(packed []byte) (*indicators.Library, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	var kept keptLibrary
	if err := json.Unmarshal(text, &kept); err != nil {
		return nil, err
	}
	p := indicators.Package{Descriptor: kept.Descriptor}
	if p.Plan, err = planOf(kept.Descriptor); err != nil {
		return nil, err
	}
	for _, t := range tables() {
		if problems := p.SetRows(t.file, kept.Rows[t.file]); len(problems) > 0 {
			return nil, problems
		}
	}
	return indicators.NewLibrary(&p), nil
}

// Difference is what became other from one release to another: the figures, and
// the statuses as each release's day, library and due days had them. Either order is
// allowed. NotFound "release".
func (s *Store) Difference(ctx context.Context, from, to int) (figures []indicators.FigureChange, effects []indicators.Effect, err error) {
	var sides [2]struct {
		l    *indicators.Library
		all  []indicators.Observation
		made indicators.Release
		due  indicators.ResultsDue
	}
	for i, n := range []int{from, to} {
		if sides[i].l, err = s.LibraryAt(ctx, n); err != nil {
			return nil, nil, err
		}
		err = s.view(ctx, func(tx *sql.Tx) error {
			var err error
			if sides[i].made, err = releaseNumbered(ctx, tx, n); err != nil {
				return err
			}
			if sides[i].due, err = dueAt(ctx, tx, n); err != nil {
				return err
			}
			rows, err := everything(ctx, tx, sides[i].l, int64(n))
			sides[i].all = plain(rows)
			return err
		})
		if err != nil {
			return nil, nil, fmt.Errorf("release %d: %w", n, err)
		}
	}
	var judged [2][]indicators.Assessment
	for i, side := range sides {
		judged[i] = indicators.AssessPlan(side.l, side.all, today(side.l, side.made.Published), side.due)
	}
	return indicators.Differences(sides[1].l, sides[0].all, sides[1].all), indicators.AmendmentEffects(judged[0], judged[1]), nil
}

// everything is all figures of a release, area by area, so that no statement
// reads the whole table.
func everything(ctx context.Context, q querier, l *indicators.Library, release int64) ([]stored, error) {
	var out []stored
	for i := range l.Areas {
		rows, err := observationsIn(ctx, q, l.Areas[i].Code, release)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// StatusesOf lists what a release stored of its statuses, with the sentences of
// its day, in the order of the plan; none for one that was loaded without
// words. NotFound "release".
func (s *Store) StatusesOf(ctx context.Context, release int) (out []indicators.TargetStatus, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		if _, err := releaseNumbered(ctx, tx, release); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `
			SELECT
				indicator,
				area,
				milestone,
				basis,
				year,
				status,
				rule,
				value,
				period,
				attainment,
				gap,
				sentence_zh,
				sentence_en
			FROM release_statuses
			WHERE release = ?
			ORDER BY ordinal`, release)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var t indicators.TargetStatus
			var value, period, attainment, gap sql.NullString
			err := rows.Scan(&t.Indicator, &t.Area, &t.Milestone, &t.Basis, &t.Year, &t.Status, &t.Rule,
				&value, &period, &attainment, &gap, &t.SentenceZh, &t.SentenceEn)
			if err != nil {
				return err
			}
			var errs [4]error
			t.Value, errs[0] = indicators.ParseNumber(value.String)
			t.Period, errs[1] = indicators.ParsePeriod(period.String)
			t.Attainment, errs[2] = indicators.ParseNumber(attainment.String)
			t.Gap, errs[3] = indicators.ParseNumber(gap.String)
			if err := errors.Join(errs[:]...); err != nil {
				return err
			}
			out = append(out, t)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("release %d: %w", release, err)
	}
	return out, nil
}
