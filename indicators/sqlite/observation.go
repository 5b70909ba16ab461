package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"yimi/indicators"
)

const (
	observationsFile  = "observations.csv"
	organisationsFile = "organisations.csv"
)

// bases are the numbers that the store has for them, in byte order, so that
// rows lie in the order of their keys.
var bases = [...]indicators.Basis{"", indicators.Added, indicators.ChangePct, indicators.Cumulative, indicators.Level}

// stored is a figure that stands, with the integers of its key.
type stored struct {
	indicators.Observation
	subject, area int64
	period        int // see [day]
	basis         int // its place in bases
	revision      int
}

// day is a period as an integer, YYYYMMDD with 00 for the absent parts: in the
// order of its text.
func day(p indicators.Period) int { return p.Year*10000 + p.Month*100 + p.Day }

func periodOf(day int) indicators.Period {
	return indicators.Period{Year: day / 10000, Month: day / 100 % 100, Day: day % 100}
}

// compare is [indicators.CompareObservations] on what the store has at hand;
// writing a period as text for every comparison would take most of a read.
func compare(a, b stored) int {
	return cmp.Or(
		cmp.Compare(a.Subject, b.Subject),
		cmp.Compare(a.Area, b.Area),
		cmp.Compare(a.period, b.period),
		cmp.Compare(a.basis, b.basis),
		cmp.Compare(a.Vintage, b.Vintage),
		cmp.Compare(day(a.Published), day(b.Published)),
	)
}

// querier is what reads: the pool, or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Observations lists the public figures of one indicator or series in every
// area, with the editions that a newer one has replaced; not those that a
// release has ended. They are ordered by [indicators.CompareObservations].
// NotFound "subject" for a code that the library does not know.
func (s *Store) Observations(ctx context.Context, subject indicators.Code) ([]indicators.Observation, error) {
	rows, err := observationsOf(ctx, s.read, subject, newestRelease)
	if err == nil && len(rows) == 0 {
		err = s.known(ctx, noSubject, string(subject), `
			SELECT EXISTS (SELECT 1 FROM indicators WHERE code = ?1) OR EXISTS (SELECT 1 FROM series WHERE code = ?1)`)
	}
	if err != nil {
		return nil, fmt.Errorf("observations of %s: %w", subject, s.failed(err))
	}
	return plain(rows), nil
}

// ObservationsIn lists the public figures of one area, of every indicator and
// series, as [Store.Observations] does. NotFound "area" for a code that the
// library does not know.
func (s *Store) ObservationsIn(ctx context.Context, area indicators.Code) ([]indicators.Observation, error) {
	rows, err := observationsIn(ctx, s.read, area, newestRelease)
	if err == nil && len(rows) == 0 {
		err = s.known(ctx, noArea, string(area), `
			SELECT EXISTS (SELECT 1 FROM areas WHERE code = ?1)`)
	}
	if err != nil {
		return nil, fmt.Errorf("observations in %s: %w", area, s.failed(err))
	}
	return plain(rows), nil
}

// newestRelease asks for the figures as they stand now.
const newestRelease = int64(1) << 62

// ObservationsAt lists the figures of one indicator or series as they stood in
// a release, in every area and edition, ordered as [Store.Observations] does;
// none for a code that it did not know. NotFound "release".
func (s *Store) ObservationsAt(ctx context.Context, release int, subject indicators.Code) ([]indicators.Observation, error) {
	rows, err := s.at(ctx, release, func(tx *sql.Tx) ([]stored, error) { return observationsOf(ctx, tx, subject, int64(release)) })
	if err != nil {
		return nil, fmt.Errorf("observations of %s: %w", subject, err)
	}
	return rows, nil
}

// ObservationsInAt lists the figures of one area as they stood in a release, as
// [Store.ObservationsAt] does. NotFound "release".
func (s *Store) ObservationsInAt(ctx context.Context, release int, area indicators.Code) ([]indicators.Observation, error) {
	rows, err := s.at(ctx, release, func(tx *sql.Tx) ([]stored, error) { return observationsIn(ctx, tx, area, int64(release)) })
	if err != nil {
		return nil, fmt.Errorf("observations in %s: %w", area, err)
	}
	return rows, nil
}

func (s *Store) at(ctx context.Context, release int, do func(*sql.Tx) ([]stored, error)) (out []indicators.Observation, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		if _, err := releaseNumbered(ctx, tx, release); err != nil {
			return err
		}
		rows, err := do(tx)
		out = plain(rows)
		return err
	})
	return out, err
}

// ReplacedIn lists the figures of an area that were corrected under their own
// key, on the day of their publication, so that pages can tell what a
// correction replaced. [indicators.Observation.Revision] says which came first.
func (s *Store) ReplacedIn(ctx context.Context, area indicators.Code) ([]indicators.Observation, error) {
	out, err := replacedIn(ctx, s.read, area)
	if err != nil {
		return nil, fmt.Errorf("area %s: %w", area, s.failed(err))
	}
	return plain(out), nil
}

func replacedIn(ctx context.Context, q querier, area indicators.Code) ([]stored, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			subject_ids.code,
			area_ids.code,
			o.subject,
			o.area,
			o.period,
			o.basis,
			o.revision,
			o.value,
			o.bound,
			o.answer,
			o.numerator,
			o.denominator,
			o.kind,
			o.quality,
			o.vintage,
			o.published,
			o.published_assumed,
			o.source,
			o.source_url,
			o.confidence,
			o.note
		FROM area_ids
		CROSS JOIN observations AS o ON o.area = area_ids.id
		CROSS JOIN subject_ids ON subject_ids.id = o.subject
		WHERE area_ids.code = ? AND o.ended IS NOT NULL AND EXISTS (
			SELECT 1
			FROM observations AS n
			WHERE n.subject = o.subject AND n.area = o.area AND n.period = o.period AND n.basis = o.basis
				AND n.revision > o.revision AND n.ended IS NULL AND n.vintage IS o.vintage AND n.published IS o.published
		)`, area)
	if err != nil {
		return nil, err
	}
	return readObservations(rows)
}

func plain(rows []stored) []indicators.Observation {
	out := make([]indicators.Observation, len(rows))
	for i := range rows {
		out[i] = rows[i].Observation
		out[i].Revision = rows[i].revision
	}
	return out
}

// known is nil where the query answers true for the code.
func (s *Store) known(ctx context.Context, what, code, query string) error {
	var is bool
	if err := s.read.QueryRowContext(ctx, query, code).Scan(&is); err != nil {
		return err
	}
	if !is {
		return indicators.Missing(what, code)
	}
	return nil
}

// CROSS JOIN holds the planner to the order written: first the one subject,
// then its run of rows.
func observationsOf(ctx context.Context, q querier, subject indicators.Code, release int64) ([]stored, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			subject_ids.code,
			area_ids.code,
			o.subject,
			o.area,
			o.period,
			o.basis,
			o.revision,
			o.value,
			o.bound,
			o.answer,
			o.numerator,
			o.denominator,
			o.kind,
			o.quality,
			o.vintage,
			o.published,
			o.published_assumed,
			o.source,
			o.source_url,
			o.confidence,
			o.note
		FROM subject_ids
		CROSS JOIN observations AS o ON o.subject = subject_ids.id
		CROSS JOIN area_ids ON area_ids.id = o.area
		WHERE subject_ids.code = ?1 AND o.release <= ?2 AND (o.ended IS NULL OR o.ended > ?2)`, subject, release)
	if err != nil {
		return nil, err
	}
	return readObservations(rows)
}

func observationsIn(ctx context.Context, q querier, area indicators.Code, release int64) ([]stored, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			subject_ids.code,
			area_ids.code,
			o.subject,
			o.area,
			o.period,
			o.basis,
			o.revision,
			o.value,
			o.bound,
			o.answer,
			o.numerator,
			o.denominator,
			o.kind,
			o.quality,
			o.vintage,
			o.published,
			o.published_assumed,
			o.source,
			o.source_url,
			o.confidence,
			o.note
		FROM area_ids
		CROSS JOIN observations AS o ON o.area = area_ids.id
		CROSS JOIN subject_ids ON subject_ids.id = o.subject
		WHERE area_ids.code = ?1 AND o.release <= ?2 AND (o.ended IS NULL OR o.ended > ?2)`, area, release)
	if err != nil {
		return nil, err
	}
	return readObservations(rows)
}

// readObservations drains rows, closes them and sorts what it read by key.
func readObservations(rows *sql.Rows) (out []stored, err error) {
	return readObservationsWith(rows, func() []any { return nil }, func(*stored) {})
}

// readObservationsWith reads further columns of each row into what more gives,
// and tells of each row once it is read.
func readObservationsWith(rows *sql.Rows, more func() []any, read func(*stored)) (out []stored, err error) {
	defer rows.Close()
	for rows.Next() {
		var o stored
		var value, bound, answer, numerator, denominator, quality, vintage, published, source, address, confidence, note sql.NullString
		err := rows.Scan(append([]any{
			&o.Subject, &o.Area, &o.subject, &o.area, &o.period, &o.basis, &o.revision,
			&value, &bound, &answer, &numerator, &denominator, &o.Kind, &quality, &vintage, &published,
			&o.PublishedAssumed, &source, &address, &confidence, &note,
		}, more()...)...)
		if err != nil {
			return nil, err
		}
		o.Period = periodOf(o.period)
		o.Basis = bases[o.basis]
		o.Bound = indicators.Bound(bound.String)
		o.Answer = indicators.Answer(answer.String)
		o.Quality = indicators.Quality(quality.String)
		o.Vintage = vintage.String
		o.Source = source.String
		o.SourceURL = address.String
		o.Confidence = indicators.Confidence(confidence.String)
		o.Note = note.String
		var errs [4]error
		o.Value, errs[0] = indicators.ParseNumber(value.String)
		o.Numerator, errs[1] = indicators.ParseNumber(numerator.String)
		o.Denominator, errs[2] = indicators.ParseNumber(denominator.String)
		o.Published, errs[3] = indicators.ParsePeriod(published.String)
		if err := errors.Join(errs[:]...); err != nil {
			return nil, fmt.Errorf("%s %s %s: %w", o.Subject, o.Area, o.Period, err)
		}
		read(&o)
		out = append(out, o)
	}
	slices.SortFunc(out, compare)
	return out, rows.Err()
}

// figure is what a row says beside its key, as the store writes it: two rows
// are the same figure when these are equal.
func figure(o indicators.Observation) []any {
	return []any{
		orNull(o.Value.String()),
		orNull(string(o.Bound)),
		orNull(string(o.Answer)),
		orNull(o.Numerator.String()),
		orNull(o.Denominator.String()),
		string(o.Kind),
		orNull(string(o.Quality)),
		orNull(o.Vintage),
		orNull(o.Published.String()),
		o.PublishedAssumed,
		orNull(o.Source),
		orNull(o.SourceURL),
		orNull(string(o.Confidence)),
		orNull(o.Note),
	}
}

// publish adds a figure to the release that is being made, as the next
// revision of its subject, area, period and basis.
func publish(ctx context.Context, tx *sql.Tx, o indicators.Observation, subject, area int64, release int) error {
	args := append([]any{
		subject,
		area,
		day(o.Period),
		slices.Index(bases[:], o.Basis),
		release,
	}, figure(o)...)
	_, err := tx.ExecContext(ctx, `
		INSERT INTO observations (
			subject,
			area,
			period,
			basis,
			revision,
			release,
			value,
			bound,
			answer,
			numerator,
			denominator,
			kind,
			quality,
			vintage,
			published,
			published_assumed,
			source,
			source_url,
			confidence,
			note
		)
		SELECT ?1, ?2, ?3, ?4, 1 + ifnull(max(revision), 0), ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19
		FROM observations
		WHERE subject = ?1 AND area = ?2 AND period = ?3 AND basis = ?4`, args...)
	return err
}

// end takes a figure out of the release that is being made.
func end(ctx context.Context, tx *sql.Tx, o stored, release int) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE observations
		SET ended = ?
		WHERE subject = ? AND area = ? AND period = ? AND basis = ? AND revision = ?`,
		release,
		o.subject,
		o.area,
		o.period,
		o.basis,
		o.revision)
	return err
}
