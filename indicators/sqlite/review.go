package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"yimi/indicators"
)

// Open notes that a reviewer has opened what was submitted: its sender can take
// it back no more. A page calls it when the review pane of a figure is asked
// for; for anybody who could not pass the figure on, and a second time, it
// changes nothing. NotFound "revision".
func (s *Store) Open(ctx context.Context, actor indicators.Actor, at time.Time, duty int64) error {
	l, err := s.permitted(ctx, actor, indicators.Review)
	if err != nil {
		return fmt.Errorf("figure %d: %w", duty, err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		w, err := theFigure(ctx, tx, l, at, duty)
		if err != nil {
			return err
		}
		if err := w.may(ctx, tx, actor, indicators.ReadFigure); err != nil {
			return err
		}
		act := indicators.Approve
		if w.awaits() == "lead" {
			act = indicators.Endorse
		}
		if w.Opened || !w.can(ctx, tx, actor, act) {
			return nil
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE revisions
			SET opened = ?
			WHERE id = ?`,
			written(at),
			w.Revision.Revision)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.Review, dutyObject(duty), nil, nil))
	})
	if err != nil {
		return fmt.Errorf("figure %d: %w", duty, err)
	}
	return nil
}

// Withdraw takes back what was submitted, until a reviewer opens it: Conflict
// "revision_opened" then. What could not be sent again is not taken back either:
// Conflict "round_locked" once the figure can be entered no more. Each pick is answered by itself, as by [Store.Save];
// one whose version is not the newest is a [indicators.ClashError].
func (s *Store) Withdraw(ctx context.Context, actor indicators.Actor, at time.Time, picks ...indicators.Pick) ([]indicators.Saved, error) {
	return s.pass(ctx, actor, at, indicators.Withdraw, "", picks)
}

// Endorse passes districts' figures on to the office, for a reviewer of their
// lead department. Forbidden "own_entry" for what the actor entered, in this
// edition of the figure or an earlier one; else as
// [Store.Withdraw] answers.
func (s *Store) Endorse(ctx context.Context, actor indicators.Actor, at time.Time, picks ...indicators.Pick) ([]indicators.Saved, error) {
	return s.pass(ctx, actor, at, indicators.Endorse, "", picks)
}

// Approve passes figures for the next release, for the office; one or in bulk.
// Forbidden "own_entry" for what the actor entered, in this edition of the figure
// or an earlier one, and "own_endorsement" for what it endorsed, whatever other
// roles it holds; else as [Store.Withdraw] answers.
func (s *Store) Approve(ctx context.Context, actor indicators.Actor, at time.Time, picks ...indicators.Pick) ([]indicators.Saved, error) {
	return s.pass(ctx, actor, at, indicators.Approve, "", picks)
}

// Return sends figures back to their units with a reason, which they read:
// Invalid "reason_empty" without one, Invalid "text" or "text_hidden". Else as [Store.Withdraw] answers.
func (s *Store) Return(ctx context.Context, actor indicators.Actor, at time.Time, reason string, picks ...indicators.Pick) ([]indicators.Saved, error) {
	if reason == "" {
		return nil, fmt.Errorf("return: %w", invalid(noReason, ""))
	}
	return s.pass(ctx, actor, at, indicators.Return, reason, picks)
}

// pass takes figures one step without changing what they say, at most
// [indicators.MostPicks] of them: TooLarge "picks_many" otherwise, and none.
func (s *Store) pass(ctx context.Context, actor indicators.Actor, at time.Time, act indicators.Action, reason string, picks []indicators.Pick) ([]indicators.Saved, error) {
	if err := indicators.CheckText(reason); err != nil {
		return nil, fmt.Errorf("%s: %w", act, err)
	}
	if len(picks) > indicators.MostPicks {
		return nil, fmt.Errorf("%s: %w", act, &indicators.Error{Kind: indicators.TooLarge, What: "picks_many", Detail: fmt.Sprint(len(picks))})
	}
	savings := make([]indicators.Saving, len(picks))
	for i, p := range picks {
		savings[i] = indicators.Saving{Duty: p.Duty, Version: p.Version}
	}
	return s.each(ctx, actor, at, act, savings, func(ctx context.Context, tx *sql.Tx, w *figureWork, v indicators.Saving) (out indicators.Saved, err error) {
		switch {
		case v.Version != w.Version:
			return out, &indicators.ClashError{Revision: w.Revision}
		case act == indicators.Withdraw && w.Opened:
			return out, conflict(opened, "")
		case act == indicators.Withdraw && !w.round.OpenOn(w.Duty, w.day):
			return out, conflict(roundLocked, w.round.Locked.String())
		}
		to, err := indicators.NextState(w.State, act, w.endorsed)
		if err != nil {
			return out, err
		}
		return out, w.write(ctx, tx, actor, step{act: act, to: to, entry: w.Entry, reason: reason})
	})
}

// Queue lists what waits for the actor in a round (0: in any): for a reviewer
// the districts' figures of the indicators that its department leads, for the
// office the departments' and what was endorsed. What flips a status comes
// first, then what jumps, then the longest waiting. One page of limit rows from
// offset; total counts them all. What the actor entered or endorsed is listed too,
// Barred, and [Store.Approve] refuses it; what has left the library is not.
func (s *Store) Queue(ctx context.Context, actor indicators.Actor, number, limit, offset int) (out []indicators.Queued, total int, err error) {
	l, err := s.permitted(ctx, actor, indicators.Review)
	if err != nil {
		return nil, 0, fmt.Errorf("queue: %w", err)
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		out, total, err = queued(ctx, tx, l, actor, number, limit, offset)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("queue: %w", err)
	}
	return out, total, nil
}

// Waiting is [Store.Queue] with what a reviewer sees of each figure, in as many
// statements for a page as for one figure.
func (s *Store) Waiting(ctx context.Context, actor indicators.Actor, at time.Time, number, limit, offset int) (out []indicators.QueuedView, total int, err error) {
	l, err := s.permitted(ctx, actor, indicators.Review)
	if err != nil {
		return nil, 0, fmt.Errorf("queue: %w", err)
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		var list []indicators.Queued
		if list, total, err = queued(ctx, tx, l, actor, number, limit, offset); err != nil {
			return err
		}
		all, err := rounds(ctx, tx)
		if err != nil {
			return err
		}
		var works []*figureWork
		for _, x := range list {
			w := &figureWork{Revision: x.Revision, l: l, ind: l.Indicator(x.Indicator), at: at, day: today(l, at), meant: x.Meaning}
			if w.ind == nil {
				continue
			}
			w.endorsed = l.Endorsed(w.ind, w.Area)
			if i := slices.IndexFunc(all, func(r indicators.Round) bool { return r.Number == w.Round }); i >= 0 {
				w.round = all[i]
			}
			works = append(works, w)
			out = append(out, indicators.QueuedView{FigureView: indicators.FigureView{Barred: x.Barred}, Files: x.Files})
		}
		around, err := look(ctx, tx, works...)
		if err != nil {
			return err
		}
		for i, w := range works {
			if err := w.seen(&out[i].FigureView, around); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("queue: %w", err)
	}
	return out, total, nil
}

// queued is one page of what waits for an actor, and how much does.
func queued(ctx context.Context, tx *sql.Tx, l *indicators.Library, actor indicators.Actor, number, limit, offset int) (out []indicators.Queued, total int, err error) {
	var known, led indicators.Codes
	for i := range l.Indicators {
		known = append(known, l.Indicators[i].Code)
		for _, o := range actor.Organisations(indicators.Reviewer) {
			if l.LeadsOf(&l.Indicators[i]).Contains(o) {
				led = append(led, l.Indicators[i].Code)
				break
			}
		}
	}
	if actor.Has(indicators.OfficeMember) {
		if err := queue(ctx, tx, actor, "office", number, known, limit+offset, &out, &total); err != nil {
			return nil, 0, err
		}
	}
	if len(led) > 0 {
		if err := queue(ctx, tx, actor, "lead", number, led, limit+offset, &out, &total); err != nil {
			return nil, 0, err
		}
	}
	slices.SortStableFunc(out, func(a, b indicators.Queued) int {
		return cmp.Or(cmp.Compare(b.Effect, a.Effect), a.Submitted.Compare(b.Submitted))
	})
	return out[min(offset, len(out)):min(offset+limit, len(out))], total, nil
}

// queue adds what waits in one queue, of the indicators that are listed: one that
// has left the library waits until it comes back, for nobody can act on it.
func queue(ctx context.Context, tx *sql.Tx, actor indicators.Actor, awaits string, number int, of indicators.Codes, limit int, out *[]indicators.Queued, total *int) error {
	codes, err := json.Marshal(of)
	if err != nil {
		return err
	}
	var n int
	err = tx.QueryRowContext(ctx, `
		SELECT count(*)
		FROM revisions AS r
		CROSS JOIN duties AS d ON d.id = r.duty
		WHERE r.awaits = ?1 AND (?2 = 0 OR d.round = ?2) AND d.indicator IN (SELECT value FROM json_each(?3))`,
		awaits,
		number,
		string(codes)).Scan(&n)
	if err != nil {
		return err
	}
	*total += n
	rows, err := tx.QueryContext(ctx, `
		SELECT
			d.id,
			d.round,
			d.indicator,
			d.area,
			d.organisation,
			d.until,
			r.id,
			r.state,
			r.version,
			r.edition,
			r.entry,
			r.account,
			r.person,
			r.changed,
			r.submitted,
			r.opened,
			r.refusal,
			r.release,
			r.meaning,
			r.effect,
			EXISTS (
				SELECT 1
				FROM revisions AS e
				CROSS JOIN versions AS v ON v.revision = e.id
				WHERE e.duty = d.id AND v.account = ?5 AND v.act IN ('draft', 'submit')
			),
			EXISTS (
				SELECT 1
				FROM versions AS v
				WHERE v.revision = r.id AND v.account = ?5 AND v.act = 'endorse'
			),
			(SELECT count(*) FROM evidence WHERE evidence.duty = d.id AND removed IS NULL)
		FROM revisions AS r
		CROSS JOIN duties AS d ON d.id = r.duty
		WHERE r.awaits = ?1 AND (?2 = 0 OR d.round = ?2) AND d.indicator IN (SELECT value FROM json_each(?3))
		ORDER BY r.effect DESC, r.submitted, r.id
		LIMIT ?4`,
		awaits,
		number,
		string(codes),
		limit,
		actor.Account)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var q indicators.Queued
		var entered, endorsed bool
		if q.Revision, err = scanRevision(rows.Scan, meaningInto{&q.Meaning}, &q.Effect, &entered, &endorsed, &q.Files); err != nil {
			return err
		}
		switch {
		case entered:
			q.Barred = indicators.OwnEntry
		case endorsed && awaits == "office":
			q.Barred = indicators.OwnEndorsement
		}
		*out = append(*out, q)
	}
	return rows.Err()
}

// requeue puts every figure under review into the queue of whom the library
// names now. It runs in the transaction that changes the library: where the lead
// of an indicator goes, its districts' figures go on to the office; where one
// comes, those not passed yet are the lead's first.
func requeue(ctx context.Context, tx *sql.Tx, l *indicators.Library) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT
			r.id,
			r.state,
			r.awaits,
			d.indicator,
			d.area
		FROM revisions AS r
		CROSS JOIN duties AS d ON d.id = r.duty
		WHERE r.awaits IN ('lead', 'office')`)
	if err != nil {
		return err
	}
	moved, err := misplaced(rows, l)
	if err != nil {
		return err
	}
	for _, w := range moved {
		_, err := tx.ExecContext(ctx, `
			UPDATE revisions
			SET awaits = ?
			WHERE id = ?`,
			w.awaits(),
			w.Revision.Revision)
		if err != nil {
			return err
		}
	}
	return nil
}

// misplaced reads what waits in another queue than the library says.
func misplaced(rows *sql.Rows, l *indicators.Library) (out []*figureWork, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		w := &figureWork{l: l}
		var awaits string
		if err := rows.Scan(&w.Revision.Revision, &w.State, &awaits, &w.Indicator, &w.Area); err != nil {
			return nil, err
		}
		if w.ind = l.Indicator(w.Indicator); w.ind == nil {
			continue // it comes with the load that brings it back
		}
		if w.endorsed = l.Endorsed(w.ind, w.Area); w.awaits() != awaits {
			out = append(out, w)
		}
	}
	return out, rows.Err()
}
