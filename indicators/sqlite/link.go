package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"yimi/indicators"
)

// makeLink makes a one-time link for an account; the ones before it end.
func makeLink(ctx context.Context, tx *sql.Tx, id int64, at time.Time, life time.Duration) (string, error) {
	if err := dropLinks(ctx, tx, id); err != nil {
		return "", err
	}
	link := newToken()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO links (
			hash,
			account,
			made,
			ends
		)
		VALUES (?, ?, ?, ?)`,
		digest(link),
		id,
		written(at),
		written(at.Add(life)))
	return link, err
}

func dropLinks(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM links
		WHERE account = ?`, id)
	return err
}

// ResetLink makes a one-time link by which the owner of an account sets a new
// password; the password so far stays good until then. second takes the second
// factor away, for one who has lost it. Conflict "account_disabled".
func (s *Store) ResetLink(ctx context.Context, actor indicators.Actor, at time.Time, id, version int64, second bool) (link string, err error) {
	err = s.amend(ctx, actor, indicators.ResetLink, id, version, func(tx *sql.Tx, c indicators.Credentials) error {
		link, err = s.newLink(ctx, tx, actor, at, indicators.ResetLink, c, second)
		return err
	})
	if err != nil {
		return "", err
	}
	return link, nil
}

// ConsoleLink is [Store.ResetLink] for whoever sits at the machine: by name, in
// the trail as the console's.
func (s *Store) ConsoleLink(ctx context.Context, at time.Time, name string, second bool) (link string, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		id, err := accountNamed(ctx, tx, name)
		if err != nil {
			return indicators.Missing(noAccount, name)
		}
		c, err := credentials(ctx, tx, id)
		if err != nil {
			return err
		}
		if link, err = s.newLink(ctx, tx, indicators.Console(), at, indicators.ConsoleLink, c, second); err != nil {
			return err
		}
		return bump(ctx, tx, id)
	})
	if err != nil {
		return "", fmt.Errorf("account %s: %w", name, err)
	}
	return link, nil
}

func (s *Store) newLink(ctx context.Context, tx *sql.Tx, actor indicators.Actor, at time.Time, act indicators.Action, c indicators.Credentials, second bool) (string, error) {
	if c.State == indicators.Disabled {
		return "", &indicators.Error{Kind: indicators.Conflict, What: "account_disabled", Detail: c.Name}
	}
	life := indicators.ResetLife
	if c.State == indicators.Waiting {
		life = indicators.InviteLife
	}
	var told any
	if second {
		no := false
		told = accountTold{Second: &no}
		if err := dropSecond(ctx, tx, c.ID); err != nil {
			return "", err
		}
		if err := endSessions(ctx, tx, c.ID, 0); err != nil {
			return "", err
		}
	}
	link, err := makeLink(ctx, tx, c.ID, at, life)
	if err != nil {
		return "", err
	}
	return link, record(ctx, tx, actor.Did(at, act, accountObject(c.ID), nil, told))
}

// FirstLink makes the link by which the first security administrator comes in,
// on a store where none can sign in; the account is made when there is none
// that waits. Elsewhere it is empty.
func (s *Store) FirstLink(ctx context.Context, at time.Time, name, person string) (link string, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		n, err := securityAdmins(ctx, tx, 0)
		if n > 0 {
			link = "none"
		}
		return err
	})
	if err != nil || link != "" {
		return "", err
	}
	grants := []indicators.Grant{{Role: indicators.SecurityAdmin}}
	_, link, err = s.invite(ctx, indicators.Console(), at, indicators.FirstLink, name, person, grants)
	var known *indicators.Error
	if errors.As(err, &known) && known.What == "account_exists" {
		link, err = s.ConsoleLink(ctx, at, name, false)
	}
	if err != nil {
		return "", fmt.Errorf("first link: %w", err)
	}
	return link, nil
}

// LinkOwner is the account that a one-time link lets in. NotFound "link" for
// one that is unknown, used, ended or of a disabled account.
func (s *Store) LinkOwner(ctx context.Context, link string, at time.Time) (a indicators.Account, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		c, err := linkOwner(ctx, tx, link, at)
		a = c.Account
		return err
	})
	if err != nil {
		return indicators.Account{}, fmt.Errorf("link: %w", err)
	}
	return a, nil
}

func linkOwner(ctx context.Context, q querier, link string, at time.Time) (c indicators.Credentials, err error) {
	var id int64
	err = q.QueryRowContext(ctx, `
		SELECT account
		FROM links
		WHERE hash = ? AND ends > ?`, digest(link), written(at)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return c, indicators.Missing(noLink, "")
	}
	if err != nil {
		return c, err
	}
	c, err = credentials(ctx, q, id)
	if err == nil && c.State == indicators.Disabled {
		return c, indicators.Missing(noLink, "")
	}
	return c, err
}

// Redeem uses a one-time link up: the account gets the password whose hash is
// given, every session of it ends, and it can sign in: from this place at
// once, whatever strangers tried. NotFound "link".
func (s *Store) Redeem(ctx context.Context, link string, at time.Time, from, place, hash string) (a indicators.Account, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		c, err := linkOwner(ctx, tx, link, at)
		if err != nil {
			return err
		}
		if err := setPassword(ctx, tx, c.ID, hash, false); err != nil {
			return err
		}
		if err := errors.Join(dropLinks(ctx, tx, c.ID), endSessions(ctx, tx, c.ID, 0), bump(ctx, tx, c.ID), atHome(ctx, tx, at, c.ID, c.Name, place)); err != nil {
			return err
		}
		a = c.Account
		return record(ctx, tx, a.Actor(from).Did(at, indicators.ChangePassword, accountObject(c.ID), accountTold{State: string(c.State)}, accountTold{State: string(indicators.Enabled)}))
	})
	if err != nil {
		return indicators.Account{}, fmt.Errorf("link: %w", err)
	}
	return a, nil
}
