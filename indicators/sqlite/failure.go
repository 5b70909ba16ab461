package sqlite

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"yimi/indicators"
)

// placeLife is how long an address is remembered as one that an account signs
// in from.
const placeLife = 90 * 24 * time.Hour

// Attempt notes a sign-in before its password is looked at, so that many at
// once count as many: [Store.SignIn] takes the note back. It counts by the name
// typed, whether or not an account has it, and by address. From an address
// where the account has signed in before it counts by both together, so that
// strangers cannot keep an owner out. TooSoon "wait" with the end of the wait
// as detail (RFC 3339); such an attempt is not counted, so a wait always ends.
func (s *Store) Attempt(ctx context.Context, at time.Time, name, place string) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		account, err := accountNamed(ctx, tx, name)
		var known *indicators.Error
		if err != nil && !errors.As(err, &known) {
			return err
		}
		key, err := nameKey(ctx, tx, account, name, place)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			DELETE FROM failures
			WHERE last < ?`, written(at.Add(-indicators.NamePatience.Forget)))
		if err != nil {
			return err
		}
		limits := []limit{{key, indicators.NamePatience}, {addressKey(place), indicators.AddressPatience}}
		counts := make([]int, len(limits))
		for i, l := range limits {
			if counts[i], err = l.count(ctx, tx, at); err != nil {
				return err
			}
		}
		for i, l := range limits {
			if err := l.add(ctx, tx, at, counts[i]+1); err != nil {
				return err
			}
		}
		if counts[0] != indicators.NamePatience.Free {
			return nil
		}
		// Once per row of failures: a flood must not fill the trail. The name is
		// not told, for it may be a password typed in the wrong field.
		object := "account unknown"
		if account != 0 {
			object = accountObject(account)
		}
		return record(ctx, tx, indicators.Actor{From: place}.Did(at, indicators.SignInRefused, object, nil, counts[0]+1))
	})
	if err != nil {
		return fmt.Errorf("attempt: %w", err)
	}
	return nil
}

type limit struct {
	key string
	indicators.Patience
}

func addressKey(place string) string { return "from:" + place }

// nameKey is what wrong sign-ins under a name are counted by.
func nameKey(ctx context.Context, tx *sql.Tx, account int64, name, place string) (string, error) {
	key := "name:" + hex.EncodeToString(digest(plainName(name)))
	if account == 0 {
		return key, nil
	}
	var known bool
	err := tx.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM places WHERE account = ? AND "from" = ?)`, account, place).Scan(&known)
	if known {
		key += " from:" + place
	}
	return key, err
}

// count is how many failures stand; TooSoon while a wait runs.
func (l limit) count(ctx context.Context, tx *sql.Tx, at time.Time) (int, error) {
	var n int
	var last, until string
	err := tx.QueryRowContext(ctx, `
		SELECT
			count,
			last,
			until
		FROM failures
		WHERE key = ?`, l.key).Scan(&n, &last, &until)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil
	case err != nil:
		return 0, err
	}
	end, err := read(until)
	if err != nil {
		return 0, err
	}
	was, err := read(last)
	if err != nil {
		return 0, err
	}
	// A clock that was set back must not make a wait longer than the longest.
	if at.Before(end) && end.Sub(at) <= l.Most {
		return 0, &indicators.Error{Kind: indicators.TooSoon, What: "wait", Detail: end.Format(time.RFC3339)}
	}
	if at.Sub(was) >= l.Forget {
		return 0, nil
	}
	return n, nil
}

func (l limit) add(ctx context.Context, tx *sql.Tx, at time.Time, count int) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO failures (
			key,
			count,
			last,
			until
		)
		VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (key) DO UPDATE SET
			count = ?2,
			last = ?3,
			until = ?4`,
		l.key,
		count,
		written(at),
		written(at.Add(l.Wait(count))))
	return err
}

// forgive takes back what an attempt noted, now that it was right. Of the
// address only this one attempt is taken back: who has one account must not
// clear the way for guessing others.
func forgive(ctx context.Context, tx *sql.Tx, at time.Time, account int64, name, place string) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM failures
		WHERE key = ? AND count = 1`, addressKey(place))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE failures
		SET
			count = count - 1,
			until = last
		WHERE key = ?`, addressKey(place))
	if err != nil {
		return err
	}
	return atHome(ctx, tx, at, account, name, place)
}

// atHome forgets the failures under an account's name from a place and
// remembers the place as the owner's.
func atHome(ctx context.Context, tx *sql.Tx, at time.Time, account int64, name, place string) error {
	key, err := nameKey(ctx, tx, account, name, place)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		DELETE FROM failures
		WHERE key = ?`, key)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO places (
			account,
			"from",
			last
		)
		VALUES (?1, ?2, ?3)
		ON CONFLICT (account, "from") DO UPDATE SET last = ?3`, account, place, written(at))
	return err
}
