package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"yimi/indicators"
)

// minute is how exactly a session remembers when it was last used: it is
// written no more often.
const minute = time.Minute

// SignIn opens a session for an account whose password was right and gives its
// token. The session that the browser had before ends: no id outlives a
// sign-in. A code of the second factor is good once: Conflict "code_used" for a
// step that is not newer than the last, and for a recovery code that is not
// there. Unauthorized "sign_in" for an account that was disabled, or whose
// password was changed, since it was read.
func (s *Store) SignIn(ctx context.Context, at time.Time, c indicators.Credentials, e indicators.Entry) (secret string, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		now, err := credentials(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if now.State != indicators.Enabled || now.Password != c.Password || now.Secret != c.Secret {
			return &indicators.Error{Kind: indicators.Unauthorized, What: "sign_in"}
		}
		actor := now.Actor(e.From)
		second := false
		switch {
		case e.Recovery != "":
			if err := useRecovery(ctx, tx, actor, at, e.Recovery); err != nil {
				return err
			}
			second = true
		case e.Step != 0:
			if err := useStep(ctx, tx, c.ID, e.Step); err != nil {
				return err
			}
			second = true
		case now.Second:
			return &indicators.Error{Kind: indicators.Unauthorized, What: "sign_in"}
		}
		if err := endToken(ctx, tx, e.Before); err != nil {
			return err
		}
		if err := sweep(ctx, tx, at); err != nil {
			return err
		}
		if err := forgive(ctx, tx, at, c.ID, e.Name, e.Place); err != nil {
			return err
		}
		limits, err := settings(ctx, tx)
		if err != nil {
			return err
		}
		if secret, err = openSession(ctx, tx, at, indicators.Session{Account: c.ID, Made: at, Ends: at.Add(limits.Life()), Confirmed: at, Second: second, From: e.From, Agent: e.Agent}); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.SignIn, accountObject(c.ID), nil, nil))
	})
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	return secret, nil
}

func openSession(ctx context.Context, tx *sql.Tx, at time.Time, x indicators.Session) (string, error) {
	secret := newToken()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO sessions (
			hash,
			account,
			made,
			seen,
			ends,
			confirmed,
			second,
			"from",
			agent
		)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		digest(secret),
		x.Account,
		written(x.Made),
		written(at),
		written(x.Ends),
		written(x.Confirmed),
		x.Second,
		x.From,
		x.Agent)
	return secret, err
}

// sweep removes sessions and places that are over.
func sweep(ctx context.Context, tx *sql.Tx, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM sessions
		WHERE ends <= ?`, written(at))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		DELETE FROM places
		WHERE last <= ?`, written(at.Add(-placeLife)))
	return err
}

func endToken(ctx context.Context, tx *sql.Tx, secret string) error {
	if secret == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		DELETE FROM sessions
		WHERE hash = ?`, digest(secret))
	return err
}

// endSessions ends every session of an account but one.
func endSessions(ctx context.Context, tx *sql.Tx, account, but int64) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM sessions
		WHERE account = ? AND id <> ?`, account, but)
	return err
}

// Session is the living session of a token with its account. Unauthorized
// "sign_in" for a token that is unknown, has ended or was idle for too long,
// and for an account that cannot sign in.
func (s *Store) Session(ctx context.Context, secret string, at time.Time) (x indicators.Session, a indicators.Account, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		out := &indicators.Error{Kind: indicators.Unauthorized, What: "sign_in"}
		row := tx.QueryRowContext(ctx, `
			SELECT
				id,
				account,
				made,
				seen,
				ends,
				confirmed,
				second,
				"from",
				agent
			FROM sessions
			WHERE hash = ?`, digest(secret))
		if x, err = readSession(row); errors.Is(err, sql.ErrNoRows) {
			return out
		}
		if err != nil {
			return err
		}
		c, err := credentials(ctx, tx, x.Account)
		if err != nil {
			return err
		}
		limits, err := settings(ctx, tx)
		if err != nil {
			return err
		}
		if !x.Living(at, limits) || c.State != indicators.Enabled {
			return out
		}
		a = c.Account
		return nil
	})
	if err != nil {
		return indicators.Session{}, indicators.Account{}, fmt.Errorf("session: %w", err)
	}
	return x, a, nil
}

func readSession(row interface{ Scan(...any) error }) (x indicators.Session, err error) {
	var made, seen, ends, confirmed string
	if err := row.Scan(&x.ID, &x.Account, &made, &seen, &ends, &confirmed, &x.Second, &x.From, &x.Agent); err != nil {
		return x, err
	}
	var errs [4]error
	x.Made, errs[0] = read(made)
	x.Seen, errs[1] = read(seen)
	x.Ends, errs[2] = read(ends)
	x.Confirmed, errs[3] = read(confirmed)
	return x, errors.Join(errs[:]...)
}

// Seen notes that a session is in use; it writes at most once a minute.
func (s *Store) Seen(ctx context.Context, x indicators.Session, at time.Time) error {
	if at.Sub(x.Seen) < minute {
		return nil
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE sessions
			SET seen = ?
			WHERE id = ? AND seen < ?`, written(at), x.ID, written(at.Add(-minute)))
		return err
	})
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// Sessions lists the living sessions of an account, the newest first.
func (s *Store) Sessions(ctx context.Context, account int64, at time.Time) (out []indicators.Session, err error) {
	limits, err := s.Settings(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			id,
			account,
			made,
			seen,
			ends,
			confirmed,
			second,
			"from",
			agent
		FROM sessions
		WHERE account = ?
		ORDER BY id DESC`, account)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", s.failed(err))
	}
	defer rows.Close()
	for rows.Next() {
		x, err := readSession(rows)
		if err != nil {
			return nil, fmt.Errorf("sessions: %w", s.failed(err))
		}
		if x.Living(at, limits) {
			out = append(out, x)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sessions: %w", s.failed(err))
	}
	return out, nil
}

// SignOut ends the session of a token; one that is not there is passed over.
func (s *Store) SignOut(ctx context.Context, actor indicators.Actor, at time.Time, secret string) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		if err := endToken(ctx, tx, secret); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.SignOut, accountObject(actor.Account), nil, nil))
	})
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// EndSession ends one session of the actor's own. NotFound "session" for one
// that is not the actor's, as for an unknown one.
func (s *Store) EndSession(ctx context.Context, actor indicators.Actor, at time.Time, id int64) error {
	err := actor.Allow(indicators.SignOut)
	if err == nil {
		err = s.change(ctx, func(tx *sql.Tx) error {
			done, err := tx.ExecContext(ctx, `
				DELETE FROM sessions
				WHERE id = ? AND account = ?`, id, actor.Account)
			if err != nil {
				return err
			}
			if n, err := done.RowsAffected(); err != nil || n == 0 {
				return errors.Join(indicators.Missing(noSession, ""), err)
			}
			return record(ctx, tx, actor.Did(at, indicators.SignOut, accountObject(actor.Account), nil, "one"))
		})
	}
	if err != nil {
		return fmt.Errorf("session %d: %w", id, err)
	}
	return nil
}

// EndSessions signs an account out everywhere but in the session kept (0 for
// none): one's own, or another's by a security administrator.
func (s *Store) EndSessions(ctx context.Context, actor indicators.Actor, at time.Time, account, kept int64) error {
	act := indicators.SignOut
	if account != actor.Account {
		act = indicators.EndSessions
	}
	err := actor.Allow(act)
	if err == nil {
		err = s.change(ctx, func(tx *sql.Tx) error {
			if _, err := credentials(ctx, tx, account); err != nil {
				return err
			}
			if err := endSessions(ctx, tx, account, kept); err != nil {
				return err
			}
			return record(ctx, tx, actor.Did(at, act, accountObject(account), nil, "everywhere"))
		})
	}
	if err != nil {
		return fmt.Errorf("sessions of %d: %w", account, err)
	}
	return nil
}

// ChangePassword gives the actor a new password. Every other session ends, every
// link by which the password could be set too, and this one gets another token,
// which is the answer. Unauthorized "sign_in"
// when the password is not the one that was read. The attempt that was noted
// for giving the password so far is taken back.
func (s *Store) ChangePassword(ctx context.Context, actor indicators.Actor, at time.Time, x indicators.Session, was, hash, place string) (secret string, err error) {
	err = actor.Allow(indicators.ChangePassword)
	if err == nil {
		secret, err = s.renew(ctx, actor, at, x, indicators.ChangePassword, func(tx *sql.Tx, c indicators.Credentials) error {
			if c.Password != was || c.State != indicators.Enabled {
				return &indicators.Error{Kind: indicators.Unauthorized, What: "sign_in"}
			}
			if err := forgive(ctx, tx, at, c.ID, c.Name, place); err != nil {
				return err
			}
			// A link that somebody asked for before would set yet another one.
			if err := dropLinks(ctx, tx, c.ID); err != nil {
				return err
			}
			return setPassword(ctx, tx, c.ID, hash, false)
		})
	}
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	return secret, nil
}

// renew changes what an account is known by: do, then every session of it ends
// and the one given goes on under a new token.
func (s *Store) renew(ctx context.Context, actor indicators.Actor, at time.Time, x indicators.Session, act indicators.Action, do func(*sql.Tx, indicators.Credentials) error) (secret string, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		c, err := credentials(ctx, tx, actor.Account)
		if err != nil {
			return err
		}
		if err := do(tx, c); err != nil {
			return err
		}
		if err := errors.Join(endSessions(ctx, tx, c.ID, 0), bump(ctx, tx, c.ID)); err != nil {
			return err
		}
		x.Second = x.Second && act != indicators.SecondOff || act == indicators.SecondOn
		x.Account = c.ID
		if secret, err = openSession(ctx, tx, at, x); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, act, accountObject(c.ID), nil, nil))
	})
	return secret, err
}
