package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"yimi/indicators"
)

// Release is the newest release, its time in UTC to the second. On a store
// into which nothing was loaded the error is NotFound "release".
func (s *Store) Release(ctx context.Context) (indicators.Release, error) {
	r, err := newest(ctx, s.read)
	if err != nil {
		return indicators.Release{}, fmt.Errorf("release: %w", failed(err))
	}
	return r, nil
}

func newest(ctx context.Context, q querier) (indicators.Release, error) {
	var r indicators.Release
	var published string
	err := q.QueryRowContext(ctx, `
		SELECT
			number,
			published,
			note
		FROM releases
		ORDER BY number DESC
		LIMIT 1`).Scan(&r.Number, &published, &r.Note)
	if errors.Is(err, sql.ErrNoRows) {
		return indicators.Release{}, indicators.Missing(noRelease, "")
	}
	if err != nil {
		return indicators.Release{}, err
	}
	if r.Published, err = time.Parse(time.RFC3339, published); err != nil {
		return indicators.Release{}, fmt.Errorf("release %d: %w", r.Number, err)
	}
	return r, nil
}

// announce writes the release to which the figures of tx belong; after it none
// can join.
func announce(ctx context.Context, tx *sql.Tx, r indicators.Release) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO releases (
			number,
			published,
			note
		)
		VALUES (?, ?, ?)`,
		r.Number,
		r.Published.UTC().Format(time.RFC3339),
		r.Note)
	if err != nil {
		return fmt.Errorf("release %d: %w", r.Number, err)
	}
	return nil
}
