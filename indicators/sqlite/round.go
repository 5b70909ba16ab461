package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"yimi/indicators"
)

// The keys that the rounds, revisions and releases give to an error.
const (
	noRound     = "round"
	noDuty      = "revision" // as permits answers for another organisation's
	noExtension = "extension"
	roundThere  = "round_exists"    // the year has one
	roundMoved  = "round_changed"   // somebody else changed its days
	roundLocked = "round_locked"    // the figure can be entered no more
	noReason    = "reason_empty"    // a reason must be given
	decided     = "extension_done"  // it was decided already
	badDay      = "later_day"       // no day, or one that has passed
	farDay      = "far_day"         // a day to which nothing can be left open
	opened      = "revision_opened" // a reviewer has it open: it can be taken back no more
)

func invalid(what, detail string) error {
	return &indicators.Error{Kind: indicators.Invalid, What: what, Detail: detail}
}

func conflict(what, detail string) error {
	return &indicators.Error{Kind: indicators.Conflict, What: what, Detail: detail}
}

// today is the day of a moment where the plan is.
func today(l *indicators.Library, at time.Time) indicators.Period {
	return indicators.DateOf(at.In(l.Plan.Location()))
}

// DueFor lists what a round of that year would ask for on a day, and of it what
// nobody is there for. A page shows both before a round is opened.
func (s *Store) DueFor(ctx context.Context, at time.Time, year int) (due []indicators.Due, lacks indicators.Lacking, err error) {
	l, err := s.Library(ctx)
	if err != nil {
		return nil, lacks, err
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		due, lacks, err = dueFor(ctx, tx, l, at, year)
		return err
	})
	if err != nil {
		return nil, lacks, fmt.Errorf("round of %d: %w", year, err)
	}
	return due, lacks, nil
}

func dueFor(ctx context.Context, tx *sql.Tx, l *indicators.Library, at time.Time, year int) (due []indicators.Due, lacks indicators.Lacking, err error) {
	city := l.City()
	if city == nil {
		return nil, lacks, indicators.Missing(noArea, "")
	}
	stands, err := observationsIn(ctx, tx, city.Code, newestRelease)
	if err != nil {
		return nil, lacks, err
	}
	due = indicators.DueItems(l, year, indicators.Know(l, plain(stands), today(l, at), nil))
	lacks, err = lacking(ctx, tx, l, due, due, 0)
	return due, lacks, err
}

// OpenRound opens the round of r.Year with its three days and note, and lists
// what is due from whom as the library stands now. It is the round's number.
//
// Errors: those of [indicators.Round.Check]; Conflict "round_exists" where the
// year has a round; an [indicators.UnownedError] while something due has no
// living owner, or a district's figure nobody who could endorse it.
func (s *Store) OpenRound(ctx context.Context, actor indicators.Actor, at time.Time, r indicators.Round) (number int, err error) {
	l, err := s.permitted(ctx, actor, indicators.OpenRound)
	if err == nil {
		err = errors.Join(r.Check(l.Plan), indicators.CheckText(r.Note))
	}
	if err != nil {
		return 0, fmt.Errorf("round of %d: %w", r.Year, err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		var there bool
		err := tx.QueryRowContext(ctx, `
			SELECT
				EXISTS (SELECT 1 FROM rounds WHERE year = ?1),
				1 + (SELECT ifnull(max(number), 0) FROM rounds)`, r.Year).Scan(&there, &number)
		if err != nil {
			return err
		}
		if there {
			return conflict(roundThere, fmt.Sprint(r.Year))
		}
		due, lacks, err := dueFor(ctx, tx, l, at, r.Year)
		if err != nil {
			return err
		}
		if !lacks.Nothing() {
			return &indicators.UnownedError{Lacking: lacks}
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO rounds (
				number,
				year,
				due,
				on_time,
				locked,
				note,
				opened,
				account,
				person,
				version
			)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
			number,
			r.Year,
			r.Due.String(),
			r.OnTime.String(),
			r.Locked.String(),
			r.Note,
			written(at),
			actor.Account,
			actor.Person)
		if err != nil {
			return err
		}
		for _, d := range due {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO duties (
					round,
					indicator,
					area,
					organisation
				)
				VALUES (?, ?, ?, ?)`,
				number,
				d.Indicator,
				d.Area,
				d.Organisation)
			if err != nil {
				return err
			}
		}
		return record(ctx, tx, actor.Did(at, indicators.OpenRound, roundObject(number), nil, roundTold(r)))
	})
	if err != nil {
		return 0, fmt.Errorf("round of %d: %w", r.Year, err)
	}
	return number, nil
}

func roundObject(number int) string { return fmt.Sprintf("round %d", number) }

func roundTold(r indicators.Round) map[string]any {
	return map[string]any{"year": r.Year, "due": r.Due, "on_time": r.OnTime, "locked": r.Locked, "note": r.Note}
}

// permittedFor is the library, where the actor may do what concerns an
// organisation: its own, or one that it took over from. NotFound "revision" else.
func (s *Store) permittedFor(ctx context.Context, actor indicators.Actor, act indicators.Action, organisation indicators.Code) (*indicators.Library, error) {
	if err := actor.Allow(act); err != nil {
		return nil, err
	}
	l, err := s.Library(ctx)
	if err != nil {
		return nil, err
	}
	return l, indicators.Permits(actor, act, l.SubjectFor(actor, organisation))
}

// permitted is the library, where the actor may do what concerns no figure.
func (s *Store) permitted(ctx context.Context, actor indicators.Actor, act indicators.Action) (*indicators.Library, error) {
	if err := indicators.Permits(actor, act, indicators.Subject{}); err != nil {
		return nil, err
	}
	return s.Library(ctx)
}

// AmendRound changes the days and the note of r.Number; its year stays. r
// carries the version that was read: Conflict "round_changed" when somebody
// else was faster. NotFound "round".
func (s *Store) AmendRound(ctx context.Context, actor indicators.Actor, at time.Time, r indicators.Round) error {
	l, err := s.permitted(ctx, actor, indicators.OpenRound)
	if err == nil {
		err = indicators.CheckText(r.Note)
	}
	if err != nil {
		return fmt.Errorf("round %d: %w", r.Number, err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		was, err := round(ctx, tx, r.Number)
		if err != nil {
			return err
		}
		r.Year = was.Year
		switch {
		case was.Version != r.Version:
			return conflict(roundMoved, was.Due.String())
		case r.Check(l.Plan) != nil:
			return r.Check(l.Plan)
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE rounds
			SET
				due = ?,
				on_time = ?,
				locked = ?,
				note = ?,
				version = version + 1
			WHERE number = ?`,
			r.Due.String(),
			r.OnTime.String(),
			r.Locked.String(),
			r.Note,
			r.Number)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.OpenRound, roundObject(r.Number), roundTold(was), roundTold(r)))
	})
	if err != nil {
		return fmt.Errorf("round %d: %w", r.Number, err)
	}
	return nil
}

// Rounds lists every round, the newest year first. Their due days are those of
// the rules of judgement ([indicators.DueOf]).
func (s *Store) Rounds(ctx context.Context) ([]indicators.Round, error) {
	out, err := rounds(ctx, s.read)
	if err != nil {
		return nil, fmt.Errorf("rounds: %w", s.failed(err))
	}
	return out, nil
}

func rounds(ctx context.Context, q querier) ([]indicators.Round, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			number,
			year,
			due,
			on_time,
			locked,
			note,
			opened,
			person,
			version
		FROM rounds
		ORDER BY year DESC`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []indicators.Round
	for rows.Next() {
		r, err := scanRound(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Round is one round. NotFound "round".
func (s *Store) Round(ctx context.Context, number int) (indicators.Round, error) {
	r, err := round(ctx, s.read, number)
	if err != nil {
		return indicators.Round{}, fmt.Errorf("round %d: %w", number, s.failed(err))
	}
	return r, nil
}

func round(ctx context.Context, q querier, number int) (indicators.Round, error) {
	r, err := scanRound(q.QueryRowContext(ctx, `
		SELECT
			number,
			year,
			due,
			on_time,
			locked,
			note,
			opened,
			person,
			version
		FROM rounds
		WHERE number = ?`, number).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return indicators.Round{}, indicators.Missing(noRound, fmt.Sprint(number))
	}
	return r, err
}

func scanRound(scan func(...any) error) (r indicators.Round, err error) {
	var due, onTime, locked, opened string
	if err := scan(&r.Number, &r.Year, &due, &onTime, &locked, &r.Note, &opened, &r.Person, &r.Version); err != nil {
		return indicators.Round{}, err
	}
	var errs [4]error
	r.Due, errs[0] = indicators.ParsePeriod(due)
	r.OnTime, errs[1] = indicators.ParsePeriod(onTime)
	r.Locked, errs[2] = indicators.ParsePeriod(locked)
	r.Opened, errs[3] = read(opened)
	return r, errors.Join(errs[:]...)
}

// SignFor notes that the organisation has seen what the round asks of it; a
// second time changes nothing. A page offers it to a contributor on /work, also
// in the name of an organisation that its own took over from.
// NotFound "revision" for another's organisation, "round" for no round.
func (s *Store) SignFor(ctx context.Context, actor indicators.Actor, at time.Time, number int, organisation indicators.Code) error {
	if _, err := s.permittedFor(ctx, actor, indicators.SignFor, organisation); err != nil {
		return fmt.Errorf("round %d: %w", number, err)
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		if _, err := round(ctx, tx, number); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `
			INSERT INTO receipts (
				round,
				organisation,
				account,
				person,
				at
			)
			VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (round, organisation) DO NOTHING`,
			number,
			organisation,
			actor.Account,
			actor.Person,
			written(at))
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.SignFor, roundObject(number), nil, organisation))
	})
	if err != nil {
		return fmt.Errorf("round %d: %w", number, err)
	}
	return nil
}

// Receipts lists who has signed for a round, by organisation.
func (s *Store) Receipts(ctx context.Context, number int) ([]indicators.Receipt, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			organisation,
			person,
			at
		FROM receipts
		WHERE round = ?
		ORDER BY organisation`, number)
	if err != nil {
		return nil, fmt.Errorf("round %d: %w", number, s.failed(err))
	}
	defer rows.Close()
	var out []indicators.Receipt
	for rows.Next() {
		var r indicators.Receipt
		var at string
		if err := rows.Scan(&r.Organisation, &r.Person, &at); err != nil {
			return nil, err
		}
		if r.At, err = read(at); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Progress counts each organisation's figures of a round on the day of at, for
// the office's page of the round.
func (s *Store) Progress(ctx context.Context, actor indicators.Actor, at time.Time, number int) (out []indicators.Progress, err error) {
	err = s.chased(ctx, actor, number, func(l *indicators.Library, r indicators.Round, duties []indicators.Duty) {
		out = indicators.ProgressOf(r, duties, today(l, at))
	})
	return out, err
}

// Reminders lists who owes what on the day of at, in three steps, for the
// office to copy into a message.
func (s *Store) Reminders(ctx context.Context, actor indicators.Actor, at time.Time, number int) (out []indicators.Reminder, err error) {
	err = s.chased(ctx, actor, number, func(l *indicators.Library, r indicators.Round, duties []indicators.Duty) {
		out = indicators.Reminders(r, duties, today(l, at))
	})
	return out, err
}

func (s *Store) chased(ctx context.Context, actor indicators.Actor, number int, do func(*indicators.Library, indicators.Round, []indicators.Duty)) error {
	l, err := s.permitted(ctx, actor, indicators.Chase)
	if err != nil {
		return fmt.Errorf("round %d: %w", number, err)
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		r, err := round(ctx, tx, number)
		if err != nil {
			return err
		}
		duties, err := dutiesOf(ctx, tx, number)
		if err != nil {
			return err
		}
		do(l, r, duties)
		return nil
	})
	if err != nil {
		return fmt.Errorf("round %d: %w", number, err)
	}
	return nil
}

// dutiesOf lists all duties of a round with their states.
func dutiesOf(ctx context.Context, q querier, number int) ([]indicators.Duty, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			d.id,
			d.round,
			d.indicator,
			d.area,
			d.organisation,
			d.until,
			r.id,
			r.state,
			r.version
		FROM duties AS d
		LEFT JOIN revisions AS r ON r.id = d.revision
		WHERE d.round = ?`, number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []indicators.Duty
	for rows.Next() {
		var d indicators.Duty
		var until, state sql.NullString
		var revision, version sql.NullInt64
		err := rows.Scan(&d.ID, &d.Round, &d.Indicator, &d.Area, &d.Organisation, &until, &revision, &state, &version)
		if err != nil {
			return nil, err
		}
		d.Revision, d.State, d.Version = revision.Int64, indicators.State(state.String), int(version.Int64)
		if d.Until, err = indicators.ParsePeriod(until.String); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}
