package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"yimi/indicators"
)

// The keys of figures being taken back.
const (
	noFigure      = "observation"     // no such figure stands
	loadedRelease = "release_loaded"  // it came with the plan: load another package
	nothingLeft   = "release_undone"  // nothing of it is left to undo
	noTaking      = "taking"          // nothing is prepared under that id
	takenTwice    = "figure_prepared" // it is being taken back already
)

// Withhold prepares one public figure, given by its key, for being taken back
// by the next [Store.Publish] of round 0, with a reason that the public reads.
// NotFound "observation" where no such figure stands, Conflict
// "figure_prepared", Invalid "reason_empty". It is the id of what was prepared.
func (s *Store) Withhold(ctx context.Context, actor indicators.Actor, at time.Time, key indicators.Observation, reason string) (id int64, err error) {
	err = s.withholding(ctx, actor, reason, func(tx *sql.Tx, _ *indicators.Library) error {
		rows, err := observationsOf(ctx, tx, key.Subject, newestRelease)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(o stored) bool { return indicators.CompareObservations(o.Observation, key) == 0 })
		if i < 0 {
			return indicators.Missing(noFigure, string(key.Subject))
		}
		if id, err = prepareOne(ctx, tx, actor, at, rows[i], false, 0, reason); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.Withhold, indicators.ObservationObject(&key), nil, map[string]any{"reason": reason}))
	})
	if err != nil {
		return 0, fmt.Errorf("withhold: %w", err)
	}
	return id, nil
}

// PrepareUndo prepares, in one step, the release that undoes another: its
// figures that still stand are taken back, and those that it ended come back.
// Nothing is public before [Store.Publish] of round 0. NotFound "release";
// Invalid "release_loaded" for one that came with a package, "reason_empty";
// Conflict "release_undone" where nothing of it is left, "figure_prepared".
func (s *Store) PrepareUndo(ctx context.Context, actor indicators.Actor, at time.Time, number int, reason string) (prepared int, err error) {
	err = s.withholding(ctx, actor, reason, func(tx *sql.Tx, l *indicators.Library) error {
		r, err := releaseNumbered(ctx, tx, number)
		if err != nil {
			return err
		}
		if r.Kind == indicators.LoadedRelease {
			return invalid(loadedRelease, fmt.Sprint(number))
		}
		came, err := cameWith(ctx, tx, number)
		if err != nil {
			return err
		}
		went, err := wentWith(ctx, tx, number)
		if err != nil {
			return err
		}
		for i, o := range append(came, went...) {
			if _, err := prepareOne(ctx, tx, actor, at, o, i >= len(came), number, reason); err != nil {
				return err
			}
			prepared++
		}
		if prepared == 0 {
			return conflict(nothingLeft, fmt.Sprint(number))
		}
		return record(ctx, tx, actor.Did(at, indicators.Withhold, indicators.ReleaseObject(number), nil, map[string]any{"reason": reason, "figures": prepared}))
	})
	if err != nil {
		return 0, fmt.Errorf("undo release %d: %w", number, err)
	}
	return prepared, nil
}

func (s *Store) withholding(ctx context.Context, actor indicators.Actor, reason string, do func(*sql.Tx, *indicators.Library) error) error {
	if _, err := s.permitted(ctx, actor, indicators.Withhold); err != nil {
		return err
	}
	if reason == "" {
		return invalid(noReason, "")
	}
	if err := indicators.CheckText(reason); err != nil {
		return err
	}
	return s.change(ctx, func(tx *sql.Tx) error {
		l, err := s.libraryIn(ctx, tx)
		if err != nil {
			return err
		}
		return do(tx, l)
	})
}

// prepareOne prepares one figure. One that is prepared already is a conflict.
func prepareOne(ctx context.Context, tx *sql.Tx, actor indicators.Actor, at time.Time, o stored, restores bool, undoes int, reason string) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		INSERT INTO takings (
			subject,
			area,
			period,
			basis,
			revision,
			restores,
			undoes,
			reason,
			account,
			person,
			at
		)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`,
		o.subject,
		o.area,
		o.period,
		o.basis,
		o.revision,
		restores,
		orZero(undoes),
		reason,
		actor.Account,
		actor.Person,
		written(at))
	if err != nil {
		return 0, err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return 0, errors.Join(err, conflict(takenTwice, keyOf(o.Observation)))
	}
	return done.LastInsertId()
}

// DropTaking leaves a prepared figure as it is; the trail keeps that it was
// prepared. NotFound "taking".
func (s *Store) DropTaking(ctx context.Context, actor indicators.Actor, at time.Time, id int64) error {
	if err := indicators.Permits(actor, indicators.Withhold, indicators.Subject{}); err != nil {
		return fmt.Errorf("taking %d: %w", id, err)
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `
			UPDATE takings
			SET dropped = ?
			WHERE id = ? AND dropped IS NULL AND release IS NULL`,
			written(at),
			id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, indicators.Missing(noTaking, fmt.Sprint(id)))
		}
		return record(ctx, tx, actor.Did(at, indicators.Withhold, fmt.Sprintf("taking %d", id), nil, "dropped"))
	})
	if err != nil {
		return fmt.Errorf("taking %d: %w", id, err)
	}
	return nil
}

// takings lists what is prepared, by id. What a correction or a package has
// overtaken since is passed over: a figure that stands no more is not taken
// back, and none comes back beside the one that has its place.
func takings(ctx context.Context, q querier) ([]taking, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			t.id,
			t.restores,
			ifnull(t.undoes, 0),
			t.reason,
			t.person,
			t.at,
			t.subject,
			t.area,
			t.period,
			t.basis,
			t.revision
		FROM takings AS t
		WHERE t.dropped IS NULL AND t.release IS NULL
		ORDER BY t.id`)
	if err != nil {
		return nil, err
	}
	out, err := readTakings(ctx, q, rows)
	if err != nil {
		return nil, err
	}
	return overtaken(ctx, q, out)
}

func readTakings(ctx context.Context, q querier, rows *sql.Rows) (out []taking, err error) {
	err = func() error {
		defer rows.Close()
		for rows.Next() {
			var t taking
			var at string
			err := rows.Scan(&t.ID, &t.Restores, &t.Undoes, &t.Reason, &t.Person, &at, &t.of.subject, &t.of.area, &t.of.period, &t.of.basis, &t.of.revision)
			if err != nil {
				return err
			}
			if t.At, err = read(at); err != nil {
				return err
			}
			out = append(out, t)
		}
		return rows.Err()
	}()
	if err != nil {
		return nil, err
	}
	for i := range out {
		t := &out[i]
		if t.of, err = observationKeyed(ctx, q, t.of); err != nil {
			return nil, err
		}
		t.Observation = t.of.Observation
	}
	return out, nil
}

func overtaken(ctx context.Context, q querier, list []taking) (out []taking, err error) {
	taken := map[[5]int64]bool{}
	key := func(o stored) [5]int64 {
		return [5]int64{o.subject, o.area, int64(o.period), int64(o.basis), int64(o.revision)}
	}
	for _, t := range list {
		if t.Restores {
			continue
		}
		stands, err := inPlaceOf(ctx, q, t.of, false)
		if err != nil {
			return nil, err
		}
		if slices.Contains(stands, key(t.of)) {
			taken[key(t.of)] = true
		}
	}
	for _, t := range list {
		if !t.Restores {
			if taken[key(t.of)] {
				out = append(out, t)
			}
			continue
		}
		stands, err := inPlaceOf(ctx, q, t.of, true)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(stands, func(k [5]int64) bool { return !taken[k] }) {
			out = append(out, t)
		}
	}
	return out, nil
}

// inPlaceOf lists the keys of the standing figures of one's subject and area: itself, or
// else what has its place, which is one of the same key and what its unit
// entered after it for the same duty.
func inPlaceOf(ctx context.Context, q querier, o stored, after bool) (out [][5]int64, err error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			o.subject,
			o.area,
			o.period,
			o.basis,
			o.revision
		FROM observations AS o
		WHERE o.subject = ?1 AND o.area = ?2 AND o.ended IS NULL AND iif(?3,
			o.period = ?4 AND o.basis = ?5 AND o.vintage IS ?7 AND o.published IS ?8 OR EXISTS (
				SELECT 1
				FROM origins AS g
				CROSS JOIN revisions AS r ON r.id = g.entered
				CROSS JOIN origins AS h ON h.subject = g.subject AND h.area = g.area AND h.period = ?4 AND h.basis = ?5 AND h.revision = ?6
				CROSS JOIN revisions AS e ON e.id = h.entered
				WHERE g.subject = o.subject AND g.area = o.area AND g.period = o.period AND g.basis = o.basis AND g.revision = o.revision
					AND r.duty = e.duty AND r.edition > e.edition
			),
			o.period = ?4 AND o.basis = ?5 AND o.revision = ?6)`,
		o.subject,
		o.area,
		after,
		o.period,
		o.basis,
		o.revision,
		orNull(o.Vintage),
		orNull(o.Published.String()))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k [5]int64
		if err := rows.Scan(&k[0], &k[1], &k[2], &k[3], &k[4]); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, rows.Err()
}

// takenBack keeps that a release takes a figure back which nobody had prepared.
func takenBack(ctx context.Context, tx *sql.Tx, actor indicators.Actor, at time.Time, o stored, reason string, release int) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO takings (
			subject,
			area,
			period,
			basis,
			revision,
			restores,
			reason,
			account,
			person,
			at,
			release
		)
		VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`,
		o.subject,
		o.area,
		o.period,
		o.basis,
		o.revision,
		reason,
		actor.Account,
		actor.Person,
		written(at),
		release)
	return err
}

// takingsInto takes figures back and brings others back. A figure that was
// entered here is owed again by its unit, which reads why.
func (m *making) takingsInto(ctx context.Context, tx *sql.Tx, l *indicators.Library, actor indicators.Actor, at time.Time) error {
	for _, t := range m.takings {
		if !t.Restores {
			if err := end(ctx, tx, t.of, m.Release); err != nil {
				return err
			}
			if err := owedAgain(ctx, tx, l, actor, at, t); err != nil {
				return err
			}
		}
	}
	for _, t := range m.takings {
		if t.Restores {
			entered, err := origin(ctx, tx, t.of)
			if err != nil {
				return err
			}
			if err := publishFrom(ctx, tx, t.Observation, entered, m.Release); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE takings
			SET release = ?
			WHERE id = ?`,
			m.Release,
			t.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// owedAgain gives a figure that is taken back to its unit, unless a correction
// of it has begun, or its indicator has left the library.
func owedAgain(ctx context.Context, tx *sql.Tx, l *indicators.Library, actor indicators.Actor, at time.Time, t taking) error {
	entered, err := origin(ctx, tx, t.of)
	if err != nil || entered == 0 {
		return err
	}
	var duty int64
	err = tx.QueryRowContext(ctx, `
		SELECT id
		FROM duties
		WHERE revision = ?`, entered).Scan(&duty)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	w, err := theFigure(ctx, tx, l, at, duty)
	var gone *indicators.Error
	if errors.As(err, &gone) && gone.Kind == indicators.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	to, err := indicators.NextState(w.State, indicators.Withhold, w.endorsed)
	if err != nil {
		return err
	}
	return w.write(ctx, tx, actor, step{act: indicators.Withhold, to: to, entry: w.Entry, reason: t.Reason})
}

// origin is the revision that a figure came from; 0 for one that was loaded.
func origin(ctx context.Context, q querier, o stored) (entered int64, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT entered
		FROM origins
		WHERE subject = ? AND area = ? AND period = ? AND basis = ? AND revision = ?`,
		o.subject,
		o.area,
		o.period,
		o.basis,
		o.revision).Scan(&entered)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return entered, err
}

// TakenIn lists what a release took back and brought back, with why: what the
// office prepared, and what a correction took the place of under another key.
// NotFound "release".
func (s *Store) TakenIn(ctx context.Context, release int) (out []indicators.Taking, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		if _, err := releaseNumbered(ctx, tx, release); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `
			SELECT
				id,
				restores,
				ifnull(undoes, 0),
				reason,
				person,
				at,
				subject,
				area,
				period,
				basis,
				revision
			FROM takings
			WHERE release = ?
			ORDER BY id`, release)
		if err != nil {
			return err
		}
		list, err := readTakings(ctx, tx, rows)
		for _, t := range list {
			t.Observation.Revision = t.of.revision
			out = append(out, t.Taking)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("taken in release %d: %w", release, err)
	}
	return out, nil
}

// observationKeyed is one figure by the integers of its key, standing or not.
func observationKeyed(ctx context.Context, q querier, key stored) (stored, error) {
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
		FROM observations AS o
		CROSS JOIN subject_ids ON subject_ids.id = o.subject
		CROSS JOIN area_ids ON area_ids.id = o.area
		WHERE o.subject = ? AND o.area = ? AND o.period = ? AND o.basis = ? AND o.revision = ?`,
		key.subject,
		key.area,
		key.period,
		key.basis,
		key.revision)
	if err != nil {
		return stored{}, err
	}
	out, err := readObservations(rows)
	if err == nil && len(out) == 0 {
		err = indicators.Missing(noFigure, "")
	}
	if err != nil {
		return stored{}, err
	}
	return out[0], nil
}

// cameWith lists the figures of a release that still stand.
func cameWith(ctx context.Context, q querier, release int) ([]stored, error) {
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
		FROM observations AS o INDEXED BY observations_by_release
		CROSS JOIN subject_ids ON subject_ids.id = o.subject
		CROSS JOIN area_ids ON area_ids.id = o.area
		WHERE o.release = ? AND o.ended IS NULL`, release)
	if err != nil {
		return nil, err
	}
	return readObservations(rows)
}

// wentWith lists the figures that a release ended and that have not come back.
func wentWith(ctx context.Context, q querier, release int) ([]stored, error) {
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
		FROM observations AS o INDEXED BY observations_by_end
		CROSS JOIN subject_ids ON subject_ids.id = o.subject
		CROSS JOIN area_ids ON area_ids.id = o.area
		WHERE o.ended = ?1 AND NOT EXISTS (
			SELECT 1
			FROM observations AS n
			WHERE n.subject = o.subject AND n.area = o.area AND n.period = o.period AND n.basis = o.basis
				AND n.ended IS NULL AND n.release <> ?1 AND n.vintage IS o.vintage AND n.published IS o.published
		)`, release)
	if err != nil {
		return nil, err
	}
	return readObservations(rows)
}
