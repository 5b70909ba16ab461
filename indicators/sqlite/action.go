package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"yimi/indicators"
)

// view runs reads in one transaction, so that they see one state.
func (s *Store) view(ctx context.Context, do func(*sql.Tx) error) error {
	return within(ctx, s.read, do)
}

// change runs writes in one transaction: all of them last, or none.
func (s *Store) change(ctx context.Context, do func(*sql.Tx) error) error {
	return within(ctx, s.write, do)
}

func within(ctx context.Context, db *sql.DB, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return failed(err)
	}
	if err := do(tx); err != nil {
		undone := tx.Rollback()
		if errors.Is(undone, sql.ErrTxDone) { // the context ended, which rolled it back
			undone = nil
		}
		return errors.Join(failed(err), undone)
	}
	return failed(tx.Commit())
}

// Check reports whether the database can be read and is whole; a page that
// machines ask every few seconds calls it, so it looks at the structure only.
func (s *Store) Check(ctx context.Context) error {
	var n int
	err := s.read.QueryRowContext(ctx, `
		SELECT count(*)
		FROM releases`).Scan(&n)
	if err != nil {
		return fmt.Errorf("check: %w", failed(err))
	}
	if n == 0 {
		return indicators.Missing(noPlan, "")
	}
	return nil
}
