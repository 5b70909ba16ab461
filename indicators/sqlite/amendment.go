package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"yimi/indicators"
)

// readPackage fills all of p, with the figures that stand, and returns the
// edition of the library that it read.
func readPackage(ctx context.Context, tx *sql.Tx, p *indicators.Package) (edition int64, err error) {
	if edition, err = readLibrary(ctx, tx, p); err != nil {
		return 0, err
	}
	subjects, err := ids(ctx, tx, `SELECT id, code FROM subject_ids`)
	if err != nil {
		return 0, err
	}
	for code := range subjects {
		rows, err := observationsOf(ctx, tx, code, newestRelease)
		if err != nil {
			return 0, fmt.Errorf("observations of %s: %w", code, err)
		}
		p.Observations = append(p.Observations, plain(rows)...)
	}
	slices.SortFunc(p.Observations, indicators.CompareObservations)
	return edition, nil
}

// PreviewAmendment tells what [Store.Amend] would change, and refuses what it
// would refuse.
func (s *Store) PreviewAmendment(ctx context.Context, actor indicators.Actor, at time.Time, a indicators.Amendment) (p *indicators.AmendmentPreview, err error) {
	l, err := s.permitted(ctx, actor, indicators.KeepLibrary)
	if err == nil {
		err = s.view(ctx, func(tx *sql.Tx) error {
			var kept indicators.Package
			if _, err := readPackage(ctx, tx, &kept); err != nil {
				return err
			}
			if err := unheard(ctx, tx, &kept, a); err != nil {
				return err
			}
			if a.Added, err = addedOn(ctx, tx, a); err != nil {
				return err
			}
			all, err := rounds(ctx, tx)
			if err != nil {
				return err
			}
			p, err = kept.PreviewAmendment(a, today(l, at), indicators.DueOf(all))
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("library %s %s: %w", a.File, a.Key, err)
	}
	return p, nil
}

// Amend changes one row of the library, or adds one, and records who did it and
// why. The changed package is held against the rules of a load; figures, drafts
// and duties stay as they are, and what is under review waits for whom the
// changed library names.
//
// Beside the errors of [indicators.Permits]: [indicators.AmendmentError],
// [indicators.AmendedError], and NotFound with the row's noun.
func (s *Store) Amend(ctx context.Context, actor indicators.Actor, at time.Time, a indicators.Amendment) (made *indicators.Amended, err error) {
	l, err := s.permitted(ctx, actor, indicators.KeepLibrary)
	if err == nil {
		err = s.change(ctx, func(tx *sql.Tx) error {
			made, err = amend(ctx, tx, actor, at, today(l, at), a)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("library %s %s: %w", a.File, a.Key, err)
	}
	return made, nil
}

func amend(ctx context.Context, tx *sql.Tx, actor indicators.Actor, at time.Time, day indicators.Period, a indicators.Amendment) (*indicators.Amended, error) {
	var kept indicators.Package
	edition, err := readPackage(ctx, tx, &kept)
	if err != nil {
		return nil, err
	}
	if err := unheard(ctx, tx, &kept, a); err != nil {
		return nil, err
	}
	if a.Added, err = addedOn(ctx, tx, a); err != nil {
		return nil, err
	}
	next, made, err := kept.Amend(a, day)
	if err != nil {
		return nil, err
	}
	// Releases read the library that stood when they were published.
	if err := keepEdition(ctx, tx, edition); err != nil {
		return nil, err
	}
	all := tables()
	t := all[slices.IndexFunc(all, func(t table) bool { return t.file == a.File })]
	old, now := kept.Rows(a.File), next.Rows(a.File)
	if err := t.remove(ctx, tx, old, now); err != nil {
		return nil, err
	}
	if err := t.add(ctx, tx, old, now); err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE plan
		SET edition = ?
		WHERE id = 1`, edition+1)
	if err != nil {
		return nil, err
	}
	if err := requeue(ctx, tx, indicators.NewLibrary(next)); err != nil {
		return nil, err
	}
	made.Person, made.At = actor.Person, at
	if err := keepAmended(ctx, tx, actor, made); err != nil {
		return nil, err
	}
	before, after := map[string]string{}, map[string]string{indicators.HoldsField: made.From.String(), indicators.WhyField: made.Reason}
	for _, c := range made.Differences() {
		before[c.Column], after[c.Column] = c.Old, c.New
	}
	var was any = before
	if made.Before == nil {
		was = nil
	}
	return made, record(ctx, tx, actor.Did(at, indicators.KeepLibrary, object(made), was, after))
}

// object names what was changed, for the trail.
func object(made *indicators.Amended) string {
	noun := map[string]string{
		indicators.OrganisationsFile: "organisation ", indicators.AreasFile: "area ",
		indicators.IndicatorsFile: "indicator ", indicators.TargetsFile: "target of ",
	}
	return noun[made.File] + string(made.Key)
}

// unheard refuses a new row whose code belonged to another that has left the
// plan: it keeps its number and its past.
func unheard(ctx context.Context, tx *sql.Tx, p *indicators.Package, a indicators.Amendment) error {
	if a.Key != "" || len(a.Cells) == 0 || a.Cells[0] == "" {
		return nil
	}
	var heard bool
	var err error
	switch a.File {
	case indicators.IndicatorsFile:
		err = tx.QueryRowContext(ctx, `
			SELECT EXISTS (
				SELECT 1
				FROM subject_ids
				WHERE code = ?
			)`, a.Cells[0]).Scan(&heard)
	case indicators.AreasFile:
		err = tx.QueryRowContext(ctx, `
			SELECT EXISTS (
				SELECT 1
				FROM area_ids
				WHERE code = ?
			)`, a.Cells[0]).Scan(&heard)
	}
	if err != nil || !heard {
		return err
	}
	return &indicators.AmendmentError{Fields: indicators.Problems{{File: a.File, Column: "code", Read: a.Cells[0], Rule: "amend_code"}}}
}

// addedOn is the day from which a row holds that an amendment added; zero for any
// other.
func addedOn(ctx context.Context, tx *sql.Tx, a indicators.Amendment) (indicators.Period, error) {
	if a.Key == "" || a.File == indicators.TargetsFile {
		return indicators.Period{}, nil
	}
	var from string
	err := tx.QueryRowContext(ctx, `
		SELECT "from"
		FROM changes
		WHERE key = ? AND file = ? AND before IS NULL
		ORDER BY id DESC
		LIMIT 1`, a.Key, a.File).Scan(&from)
	if errors.Is(err, sql.ErrNoRows) {
		return indicators.Period{}, nil
	}
	if err != nil {
		return indicators.Period{}, err
	}
	return indicators.ParsePeriod(from)
}

func keepAmended(ctx context.Context, tx *sql.Tx, actor indicators.Actor, made *indicators.Amended) error {
	var before any // nil for a new row
	if made.Before != nil {
		text, err := json.Marshal(made.Before)
		if err != nil {
			return err
		}
		before = string(text)
	}
	after, err := json.Marshal(made.After)
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `
		INSERT INTO changes (
			file,
			key,
			"from",
			reason,
			before,
			after,
			account,
			person,
			at
		)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		made.File,
		made.Key,
		made.From.String(),
		made.Reason,
		before,
		string(after),
		actor.Account,
		actor.Person,
		written(made.At))
	if err != nil {
		return err
	}
	made.ID, err = done.LastInsertId()
	return err
}

// Amendments lists what was changed of the rows of one code in some files, the
// newest first: of an indicator also its targets.
func (s *Store) Amendments(ctx context.Context, key indicators.Code, files ...string) ([]indicators.Amended, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			id,
			file,
			key,
			"from",
			reason,
			before,
			after,
			person,
			at
		FROM changes
		WHERE key = ?
		ORDER BY id DESC`, string(key))
	if err != nil {
		return nil, fmt.Errorf("changes of %s: %w", key, s.failed(err))
	}
	all, err := amendeds(rows)
	if err != nil {
		return nil, fmt.Errorf("changes of %s: %w", key, s.failed(err))
	}
	return slices.DeleteFunc(all, func(a indicators.Amended) bool { return !slices.Contains(files, a.File) }), nil
}

// NewestAmendments lists the newest changes of the library, the newest first.
func (s *Store) NewestAmendments(ctx context.Context, limit int) ([]indicators.Amended, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			id,
			file,
			key,
			"from",
			reason,
			before,
			after,
			person,
			at
		FROM changes
		ORDER BY id DESC
		LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("changes: %w", s.failed(err))
	}
	out, err := amendeds(rows)
	if err != nil {
		return nil, fmt.Errorf("changes: %w", s.failed(err))
	}
	return out, nil
}

func amendeds(rows *sql.Rows) (out []indicators.Amended, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var a indicators.Amended
		var from, after, at string
		var before sql.NullString
		if err := rows.Scan(&a.ID, &a.File, &a.Key, &from, &a.Reason, &before, &after, &a.Person, &at); err != nil {
			return nil, err
		}
		if before.Valid {
			if err := json.Unmarshal([]byte(before.String), &a.Before); err != nil {
				return nil, fmt.Errorf("change %d: %w", a.ID, err)
			}
		}
		if err := json.Unmarshal([]byte(after), &a.After); err != nil {
			return nil, fmt.Errorf("change %d: %w", a.ID, err)
		}
		if a.From, err = indicators.ParsePeriod(from); err != nil {
			return nil, fmt.Errorf("change %d: %w", a.ID, err)
		}
		if a.At, err = read(at); err != nil {
			return nil, fmt.Errorf("change %d: %w", a.ID, err)
		}
		out = append(out, a)
	}
	return out, rows.Err()
}
