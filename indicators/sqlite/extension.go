package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"yimi/indicators"
)

// AskExtension asks for a later day for all that an organisation owes in a
// round, with what it took over from others; sent twice it is one wish. Invalid
// "later_day" for a day that has passed, "far_day" for one after
// [indicators.Round.LastDay], "reason_empty", "text" or "text_hidden".
func (s *Store) AskExtension(ctx context.Context, actor indicators.Actor, at time.Time, number int, organisation indicators.Code, until indicators.Period, reason string) (id int64, err error) {
	l, err := s.permittedFor(ctx, actor, indicators.AskExtension, organisation)
	if err == nil {
		err = later(l, at, until, reason)
	}
	if err != nil {
		return 0, fmt.Errorf("extension: %w", err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		r, err := round(ctx, tx, number)
		if err == nil {
			err = near(until, r.LastDay())
		}
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, `
			SELECT id
			FROM extensions
			WHERE round = ?
				AND organisation = ?
				AND until = ?
				AND reason = ?
				AND granted IS NULL`,
			number,
			organisation,
			until.String(),
			reason).Scan(&id)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		done, err := tx.ExecContext(ctx, `
			INSERT INTO extensions (
				round,
				organisation,
				until,
				reason,
				account,
				person,
				asked
			)
			VALUES (?, ?, ?, ?, ?, ?, ?)`,
			number,
			organisation,
			until.String(),
			reason,
			actor.Account,
			actor.Person,
			written(at))
		if err != nil {
			return err
		}
		if id, err = done.LastInsertId(); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.AskExtension, roundObject(number), nil,
			map[string]any{"organisation": organisation, "until": until, "reason": reason}))
	})
	if err != nil {
		return 0, fmt.Errorf("extension: %w", err)
	}
	return id, nil
}

// later refuses a day that is none or has passed, and a reason that is missing
// or no text.
func later(l *indicators.Library, at time.Time, until indicators.Period, reason string) error {
	switch {
	case !until.IsDate() || until.Compare(today(l, at)) < 0:
		return invalid(badDay, until.String())
	case reason == "":
		return invalid(noReason, "")
	}
	return indicators.CheckText(reason)
}

// near refuses a day after the last one that can be granted.
func near(until, last indicators.Period) error {
	if until.Compare(last) > 0 {
		return invalid(farDay, last.String())
	}
	return nil
}

// DecideExtension grants or refuses a wish, with an answer that the unit reads.
// A granted day holds for all that the organisation owes in the round on the day
// of the answer, with what it took over from others by then. NotFound
// "extension"; Conflict "extension_done" where it was decided already; Invalid
// "far_day" where a day is to be granted that is after
// [indicators.Round.LastDay] by now.
func (s *Store) DecideExtension(ctx context.Context, actor indicators.Actor, at time.Time, id int64, grant bool, answer string) error {
	err := indicators.Permits(actor, indicators.DecideExtension, indicators.Subject{})
	if err == nil {
		err = indicators.CheckText(answer)
	}
	if err != nil {
		return fmt.Errorf("extension %d: %w", id, err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		var number int
		var organisation indicators.Code
		var until string
		var granted sql.NullBool
		err := tx.QueryRowContext(ctx, `
			SELECT
				round,
				organisation,
				until,
				granted
			FROM extensions
			WHERE id = ?`, id).Scan(&number, &organisation, &until, &granted)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return indicators.Missing(noExtension, fmt.Sprint(id))
		case err != nil:
			return err
		case granted.Valid:
			return conflict(decided, fmt.Sprint(id))
		}
		if grant {
			day, err := indicators.ParsePeriod(until)
			if err != nil {
				return err
			}
			r, err := round(ctx, tx, number)
			if err == nil {
				err = near(day, r.LastDay())
			}
			if err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE extensions
			SET
				granted = ?,
				decided = ?,
				decided_by = ?,
				answer = ?
			WHERE id = ?`,
			grant,
			written(at),
			actor.Person,
			answer,
			id)
		if err != nil {
			return err
		}
		if grant {
			if err := s.extend(ctx, tx, number, organisation, until); err != nil {
				return err
			}
		}
		return record(ctx, tx, actor.Did(at, indicators.DecideExtension, roundObject(number), nil,
			map[string]any{"organisation": organisation, "until": until, "granted": grant, "answer": answer}))
	})
	if err != nil {
		return fmt.Errorf("extension %d: %w", id, err)
	}
	return nil
}

// extend lets all that an organisation owes in a round be entered until a day,
// also what it took over; a later day that stands already stays.
func (s *Store) extend(ctx context.Context, tx *sql.Tx, number int, organisation indicators.Code, until string) error {
	l, err := s.libraryIn(ctx, tx)
	if err != nil {
		return err
	}
	for _, o := range l.Wards(indicators.Codes{organisation}) {
		_, err := tx.ExecContext(ctx, `
			UPDATE duties
			SET until = ?1
			WHERE organisation = ?2 AND round = ?3 AND (until IS NULL OR until < ?1)`,
			until,
			o,
			number)
		if err != nil {
			return err
		}
	}
	return nil
}

// Extensions lists the wishes of a round, the waiting ones first, then the
// newest: all of them for the office, else those of the actor's organisations
// and of those that they took over from.
func (s *Store) Extensions(ctx context.Context, actor indicators.Actor, number int) ([]indicators.Extension, error) {
	if err := actor.Allow(indicators.Work); err != nil {
		return nil, fmt.Errorf("extensions: %w", err)
	}
	l, err := s.Library(ctx)
	if err != nil {
		return nil, fmt.Errorf("extensions: %w", err)
	}
	mine := l.Wards(actor.Organisations(indicators.Contributor))
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			id,
			round,
			organisation,
			until,
			reason,
			person,
			asked,
			granted,
			decided,
			decided_by,
			answer
		FROM extensions
		WHERE round = ?
		ORDER BY granted IS NOT NULL, id DESC`, number)
	if err != nil {
		return nil, fmt.Errorf("extensions: %w", s.failed(err))
	}
	defer rows.Close()
	var out []indicators.Extension
	for rows.Next() {
		var e indicators.Extension
		var until, asked string
		var granted sql.NullBool
		var decided sql.NullString
		err := rows.Scan(&e.ID, &e.Round, &e.Organisation, &until, &e.Reason, &e.AskedBy, &asked, &granted, &decided, &e.DecidedBy, &e.Answer)
		if err != nil {
			return nil, err
		}
		e.Granted = granted.Bool
		if e.Until, err = indicators.ParsePeriod(until); err != nil {
			return nil, err
		}
		if e.Asked, err = read(asked); err != nil {
			return nil, err
		}
		if decided.Valid {
			if e.Decided, err = read(decided.String); err != nil {
				return nil, err
			}
		}
		if actor.May(indicators.DecideExtension) || mine.Contains(e.Organisation) {
			out = append(out, e)
		}
	}
	return out, rows.Err()
}

// Reopen lets one figure be entered until a day, also after the lock; it takes
// nothing back: a later day that the figure has already stays. Invalid
// "later_day", "far_day" for a day more than a year ahead, "reason_empty";
// NotFound "revision" for an unknown id.
func (s *Store) Reopen(ctx context.Context, actor indicators.Actor, at time.Time, duty int64, until indicators.Period, reason string) error {
	l, err := s.permitted(ctx, actor, indicators.Reopen)
	if err == nil {
		err = errors.Join(later(l, at, until, reason), near(until, indicators.DateOf(today(l, at).Time().AddDate(1, 0, 0))))
	}
	if err != nil {
		return fmt.Errorf("figure %d: %w", duty, err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `
			UPDATE duties
			SET until = max(ifnull(until, ''), ?)
			WHERE id = ?`,
			until.String(),
			duty)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, indicators.Missing(noDuty, ""))
		}
		return record(ctx, tx, actor.Did(at, indicators.Reopen, dutyObject(duty), nil, map[string]any{"until": until, "reason": reason}))
	})
	if err != nil {
		return fmt.Errorf("figure %d: %w", duty, err)
	}
	return nil
}

func dutyObject(id int64) string { return indicators.FigureObject(id) }
