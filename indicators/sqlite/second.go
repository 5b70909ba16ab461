package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"yimi/indicators"
)

func codeUsed() error { return &indicators.Error{Kind: indicators.Conflict, What: "code_used"} }

// useStep accepts a time step of the second factor once.
func useStep(ctx context.Context, tx *sql.Tx, id, step int64) error {
	done, err := tx.ExecContext(ctx, `
		UPDATE accounts
		SET step = ?1
		WHERE id = ?2 AND step < ?1`, step, id)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(codeUsed(), err)
	}
	return nil
}

// useRecovery accepts a recovery code once.
func useRecovery(ctx context.Context, tx *sql.Tx, actor indicators.Actor, at time.Time, code string) error {
	done, err := tx.ExecContext(ctx, `
		DELETE FROM recovery_codes
		WHERE account = ? AND hash = ?`, actor.Account, digest(code))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(codeUsed(), err)
	}
	return record(ctx, tx, actor.Did(at, indicators.UseRecovery, accountObject(actor.Account), nil, nil))
}

// SecondOn sets the actor's second factor, whose code at step was right, with
// recovery codes. Other sessions end and this one gets another token, which is
// the answer.
func (s *Store) SecondOn(ctx context.Context, actor indicators.Actor, at time.Time, x indicators.Session, secret string, step int64, codes []string) (next string, err error) {
	err = actor.Allow(indicators.SecondOn)
	if err == nil {
		next, err = s.renew(ctx, actor, at, x, indicators.SecondOn, func(tx *sql.Tx, c indicators.Credentials) error {
			if err := dropSecond(ctx, tx, c.ID); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `
				UPDATE accounts
				SET
					secret = ?,
					step = ?
				WHERE id = ?`, secret, step, c.ID)
			if err != nil {
				return err
			}
			for _, code := range codes {
				_, err := tx.ExecContext(ctx, `
					INSERT INTO recovery_codes (
						account,
						hash
					)
					VALUES (?, ?)`, c.ID, digest(code))
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return "", fmt.Errorf("second factor: %w", err)
	}
	return next, nil
}

// SecondOff takes the actor's second factor away. Forbidden "second_needed" for
// a role that must have one. The answer is the session's new token.
func (s *Store) SecondOff(ctx context.Context, actor indicators.Actor, at time.Time, x indicators.Session) (next string, err error) {
	err = actor.Allow(indicators.SecondOff)
	if err == nil && actor.NeedsSecond() {
		err = &indicators.Error{Kind: indicators.Forbidden, What: "second_needed"}
	}
	if err == nil {
		next, err = s.renew(ctx, actor, at, x, indicators.SecondOff, func(tx *sql.Tx, c indicators.Credentials) error {
			return dropSecond(ctx, tx, c.ID)
		})
	}
	if err != nil {
		return "", fmt.Errorf("second factor: %w", err)
	}
	return next, nil
}

func dropSecond(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE accounts
		SET secret = NULL
		WHERE id = ?`, id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		DELETE FROM recovery_codes
		WHERE account = ?`, id)
	return err
}

// RecoveryCodes counts those that an account has left.
func (s *Store) RecoveryCodes(ctx context.Context, account int64) (n int, err error) {
	err = s.read.QueryRowContext(ctx, `
		SELECT count(*)
		FROM recovery_codes
		WHERE account = ?`, account).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("recovery codes: %w", s.failed(err))
	}
	return n, nil
}
