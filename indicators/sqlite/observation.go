package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"yimi/indicators"
)

const observationsFile = "observations.csv"

// bases are the numbers that the store has for them, in byte order, so that
// rows lie in the order of their keys.
var bases = [...]indicators.Basis{"", indicators.Added, indicators.ChangePct, indicators.Cumulative, indicators.Level}

// stored is a figure that stands, with the integers of its key.
type stored struct {
	indicators.Observation
	subject, area int64
	revision      int
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
	rows, err := observationsOf(ctx, s.read, subject)
	if err == nil && len(rows) == 0 {
		err = s.known(ctx, noSubject, string(subject), `
			SELECT EXISTS (SELECT 1 FROM indicators WHERE code = ?1) OR EXISTS (SELECT 1 FROM series WHERE code = ?1)`)
	}
	if err != nil {
		return nil, fmt.Errorf("observations of %s: %w", subject, failed(err))
	}
	return plain(rows), nil
}

// ObservationsIn lists the public figures of one area, of every indicator and
// series, as [Store.Observations] does. NotFound "area" for a code that the
// library does not know.
func (s *Store) ObservationsIn(ctx context.Context, area indicators.Code) ([]indicators.Observation, error) {
	rows, err := observationsIn(ctx, s.read, area)
	if err == nil && len(rows) == 0 {
		err = s.known(ctx, noArea, string(area), `
			SELECT EXISTS (SELECT 1 FROM areas WHERE code = ?1)`)
	}
	if err != nil {
		return nil, fmt.Errorf("observations in %s: %w", area, failed(err))
	}
	return plain(rows), nil
}

func plain(rows []stored) []indicators.Observation {
	out := make([]indicators.Observation, len(rows))
	for i := range rows {
		out[i] = rows[i].Observation
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
func observationsOf(ctx context.Context, q querier, subject indicators.Code) ([]stored, error) {
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
		WHERE subject_ids.code = ? AND o.ended IS NULL`, subject)
	if err != nil {
		return nil, err
	}
	return readObservations(rows)
}

func observationsIn(ctx context.Context, q querier, area indicators.Code) ([]stored, error) {
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
		WHERE area_ids.code = ? AND o.ended IS NULL`, area)
	if err != nil {
		return nil, err
	}
	return readObservations(rows)
}

// readObservations drains rows, closes them and sorts what it read by key.
func readObservations(rows *sql.Rows) (out []stored, err error) {
	defer rows.Close()
	for rows.Next() {
		var o stored
		var period, basis int
		var value, bound, answer, numerator, denominator, quality, vintage, published, source, address, confidence, note sql.NullString
		err := rows.Scan(&o.Subject, &o.Area, &o.subject, &o.area, &period, &basis, &o.revision,
			&value, &bound, &answer, &numerator, &denominator, &o.Kind, &quality, &vintage, &published,
			&o.PublishedAssumed, &source, &address, &confidence, &note)
		if err != nil {
			return nil, err
		}
		o.Period = indicators.Period{Year: period / 10000, Month: period / 100 % 100, Day: period % 100}
		o.Basis = bases[basis]
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
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b stored) int { return indicators.CompareObservations(a.Observation, b.Observation) })
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
		o.Period.Year*10000 + o.Period.Month*100 + o.Period.Day,
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
		o.Period.Year*10000+o.Period.Month*100+o.Period.Day,
		slices.Index(bases[:], o.Basis),
		o.revision)
	return err
}
