package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"yimi/indicators"
)

// settingsClash is a change of settings that were changed since they were read.
const settingsClash = "settings_clash"

// Settings are the settings that are kept, the mail server's password among
// them.
func (s *Store) Settings(ctx context.Context) (indicators.Settings, error) {
	x, err := settings(ctx, s.read)
	if err != nil {
		return indicators.Settings{}, fmt.Errorf("settings: %w", s.failed(err))
	}
	return x, nil
}

func settings(ctx context.Context, q querier) (x indicators.Settings, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT
			contact_name,
			contact_phone,
			contact_hours,
			contact_link,
			second_for_all,
			idle_minutes,
			life_hours,
			upload_mb,
			review_days,
			nightly,
			night_hour,
			nights_kept,
			mail_host,
			mail_port,
			mail_encryption,
			mail_user,
			mail_password,
			mail_from,
			version
		FROM settings
		WHERE id = 1`).Scan(
		&x.ContactName,
		&x.ContactPhone,
		&x.ContactHours,
		&x.ContactLink,
		&x.SecondForAll,
		&x.IdleMinutes,
		&x.LifeHours,
		&x.UploadMB,
		&x.ReviewDays,
		&x.Nightly,
		&x.NightHour,
		&x.NightsKept,
		&x.Mail.Host,
		&x.Mail.Port,
		&x.Mail.Encryption,
		&x.Mail.User,
		&x.Mail.Password,
		&x.Mail.From,
		&x.Version)
	return x, err
}

// SetSettings keeps new settings, which hold from the next request on. The
// trail tells each setting that changed before and after, of the password only
// that it did. Settings that change nothing are no change. Invalid "settings"
// for what [indicators.Settings.Check] finds fault with, the setting being the
// detail; Conflict "settings_clash" when somebody changed them since the version
// that was read.
func (s *Store) SetSettings(ctx context.Context, actor indicators.Actor, at time.Time, next indicators.Settings) error {
	err := actor.Allow(indicators.Configure)
	if err == nil {
		for name := range next.Check() {
			err = invalid("settings", string(name))
		}
	}
	if err == nil {
		err = s.change(ctx, func(tx *sql.Tx) error { return setSettings(ctx, tx, actor, at, next) })
	}
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}

func setSettings(ctx context.Context, tx *sql.Tx, actor indicators.Actor, at time.Time, next indicators.Settings) error {
	was, err := settings(ctx, tx)
	switch {
	case err != nil:
		return err
	case was.Version != next.Version:
		return conflict(settingsClash, "")
	case was == next:
		return nil
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE settings
		SET
			contact_name = ?,
			contact_phone = ?,
			contact_hours = ?,
			contact_link = ?,
			second_for_all = ?,
			idle_minutes = ?,
			life_hours = ?,
			upload_mb = ?,
			review_days = ?,
			nightly = ?,
			night_hour = ?,
			nights_kept = ?,
			mail_host = ?,
			mail_port = ?,
			mail_encryption = ?,
			mail_user = ?,
			mail_password = ?,
			mail_from = ?,
			version = version + 1
		WHERE id = 1`,
		next.ContactName,
		next.ContactPhone,
		next.ContactHours,
		next.ContactLink,
		next.SecondForAll,
		next.IdleMinutes,
		next.LifeHours,
		next.UploadMB,
		next.ReviewDays,
		next.Nightly,
		next.NightHour,
		next.NightsKept,
		next.Mail.Host,
		next.Mail.Port,
		string(next.Mail.Encryption),
		next.Mail.User,
		string(next.Mail.Password),
		next.Mail.From)
	if err != nil {
		return err
	}
	before, after := was.Changed(next)
	return record(ctx, tx, actor.Did(at, indicators.Configure, "settings", before, after))
}

// TestLetter writes into the trail that a letter was sent to try the mail
// server, and what the server answered; empty where it took it.
func (s *Store) TestLetter(ctx context.Context, actor indicators.Actor, at time.Time, to, failure string) error {
	err := actor.Allow(indicators.Configure)
	if err == nil {
		err = s.change(ctx, func(tx *sql.Tx) error {
			return record(ctx, tx, actor.Did(at, indicators.Configure, "settings mail", nil, map[string]string{"to": to, "failure": failure}))
		})
	}
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}
