package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"yimi/indicators"
)

// Contacts lists where reminders go, by organisation.
func (s *Store) Contacts(ctx context.Context) ([]indicators.Contact, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			organisation,
			mail,
			version
		FROM contacts
		ORDER BY organisation`)
	if err != nil {
		return nil, fmt.Errorf("contacts: %w", s.failed(err))
	}
	defer rows.Close() //nolint:errcheck // rows.Err says what matters
	var out []indicators.Contact
	for rows.Next() {
		var c indicators.Contact
		if err := rows.Scan(&c.Organisation, &c.Mail, &c.Version); err != nil {
			return nil, fmt.Errorf("contacts: %w", s.failed(err))
		}
		out = append(out, c)
	}
	return out, s.failed(rows.Err())
}

// SetContact writes where an organisation's reminders go; an empty address
// takes it away. Conflict "contact_clash" when somebody changed it since the
// version that was read.
func (s *Store) SetContact(ctx context.Context, actor indicators.Actor, at time.Time, c indicators.Contact) error {
	if err := indicators.Permits(actor, indicators.Chase, indicators.Subject{}); err != nil {
		return err
	}
	if c.Mail != "" {
		address, err := indicators.MailAddress(c.Mail)
		if err != nil {
			return err
		}
		c.Mail = address
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		was := indicators.Contact{Organisation: c.Organisation}
		err := tx.QueryRowContext(ctx, `
			SELECT
				mail,
				version
			FROM contacts
			WHERE organisation = ?`, string(c.Organisation)).Scan(&was.Mail, &was.Version)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if was.Version != c.Version {
			return &indicators.Error{Kind: indicators.Conflict, What: "contact_clash", Detail: was.Mail}
		}
		if was.Mail == c.Mail {
			return nil
		}
		if c.Mail == "" {
			_, err = tx.ExecContext(ctx, `
				DELETE FROM contacts
				WHERE organisation = ?`, string(c.Organisation))
		} else {
			_, err = tx.ExecContext(ctx, `
				INSERT INTO contacts (
					organisation,
					mail,
					version
				)
				VALUES (?, ?, ?)
				ON CONFLICT (organisation) DO UPDATE
				SET
					mail = excluded.mail,
					version = excluded.version`,
				string(c.Organisation), c.Mail, c.Version+1)
		}
		if err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.Chase, "contact "+string(c.Organisation), was.Mail, c.Mail))
	})
	if err != nil {
		return fmt.Errorf("contact %s: %w", c.Organisation, err)
	}
	return nil
}

// PostLetters puts letters into the queue, all or none, and says how many. One
// that says to the same address what the organisation's newest letter says is
// passed over, whoever sends it at the same moment, unless that one was given
// up.
func (s *Store) PostLetters(ctx context.Context, actor indicators.Actor, at time.Time, letters []indicators.Letter) (posted int, err error) {
	if err := indicators.Permits(actor, indicators.Chase, indicators.Subject{}); err != nil {
		return 0, err
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		posted = 0
		for _, l := range letters {
			var to, text string
			var givenUp bool
			err := tx.QueryRowContext(ctx, `
				SELECT
					"to",
					text,
					next IS NULL AND sent IS NULL
				FROM letters
				WHERE organisation = ?
				ORDER BY id DESC
				LIMIT 1`, string(l.Organisation)).Scan(&to, &text, &givenUp)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			if to == l.To && text == l.Text && !givenUp {
				continue
			}
			posted++
			_, err = tx.ExecContext(ctx, `
				INSERT INTO letters (
					organisation,
					"to",
					subject,
					text,
					queued,
					next
				)
				VALUES (?, ?, ?, ?, ?, ?)`,
				string(l.Organisation), l.To, l.Subject, l.Text, written(at), written(at))
			if err != nil {
				return err
			}
			if err := record(ctx, tx, actor.Did(at, indicators.Chase, "letter to "+string(l.Organisation), nil, l.To)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("letters: %w", err)
	}
	return posted, nil
}

// LettersWaiting lists at most limit letters that are to be tried by now, the
// longest waiting first.
func (s *Store) LettersWaiting(ctx context.Context, now time.Time, limit int) ([]indicators.Letter, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			id,
			organisation,
			"to",
			subject,
			text,
			queued,
			attempts,
			next,
			sent,
			failure
		FROM letters
		WHERE next IS NOT NULL AND next <= ?
		ORDER BY
			next,
			id
		LIMIT ?`, written(now), limit)
	if err != nil {
		return nil, fmt.Errorf("letters: %w", s.failed(err))
	}
	return s.letters(rows)
}

// LettersTo lists an organisation's newest letters, the newest first.
func (s *Store) LettersTo(ctx context.Context, organisation indicators.Code, limit int) ([]indicators.Letter, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			id,
			organisation,
			"to",
			subject,
			text,
			queued,
			attempts,
			next,
			sent,
			failure
		FROM letters
		WHERE organisation = ?
		ORDER BY id DESC
		LIMIT ?`, string(organisation), limit)
	if err != nil {
		return nil, fmt.Errorf("letters: %w", s.failed(err))
	}
	return s.letters(rows)
}

func (s *Store) letters(rows *sql.Rows) ([]indicators.Letter, error) {
	defer rows.Close() //nolint:errcheck // rows.Err says what matters
	var out []indicators.Letter
	for rows.Next() {
		var l indicators.Letter
		var queued string
		var next, sent sql.NullString
		if err := rows.Scan(&l.ID, &l.Organisation, &l.To, &l.Subject, &l.Text, &queued, &l.Attempts, &next, &sent, &l.Failure); err != nil {
			return nil, fmt.Errorf("letters: %w", s.failed(err))
		}
		for _, moment := range []struct {
			text string
			to   *time.Time
		}{{queued, &l.Queued}, {next.String, &l.Next}, {sent.String, &l.Sent}} {
			if moment.text == "" {
				continue
			}
			at, err := read(moment.text)
			if err != nil {
				return nil, fmt.Errorf("letter %d: %w", l.ID, err)
			}
			*moment.to = at
		}
		out = append(out, l)
	}
	return out, s.failed(rows.Err())
}

// LetterTried writes what came of an attempt: sent, or what it met and, by the
// rule of retries, when it is tried again.
func (s *Store) LetterTried(ctx context.Context, l indicators.Letter, at time.Time, failure string) error {
	next, sent := sql.NullString{}, sql.NullString{}
	if failure == "" {
		sent = sql.NullString{String: written(at), Valid: true}
	} else if again := indicators.RetryAt(l.Attempts+1, at); !again.IsZero() {
		next = sql.NullString{String: written(again), Valid: true}
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE letters
			SET
				attempts = attempts + 1,
				next = ?,
				sent = ?,
				failure = ?
			WHERE id = ? AND attempts = ?`,
			next, sent, failure, l.ID, l.Attempts)
		return err
	})
	if err != nil {
		return fmt.Errorf("letter %d: %w", l.ID, err)
	}
	return nil
}
