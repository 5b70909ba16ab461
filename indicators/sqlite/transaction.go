package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"yimi/indicators"
)

// view runs do on one snapshot of the store.
func (s *Store) view(ctx context.Context, do func(*sql.Tx) error) (err error) {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return s.failed(err)
	}
	defer func() { err = s.failed(errors.Join(err, undone(tx.Rollback()))) }()
	return do(tx)
}

// change runs do in one transaction that is kept whole or not at all. When the
// disk does not confirm the commit, nobody knows which: the error is Conflict
// "database_unknown", and the connection is dropped so that the next action
// looks at what the file holds.
func (s *Store) change(ctx context.Context, do func(*sql.Tx) error) (err error) {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return s.failed(err)
	}
	defer func() { err = errors.Join(err, closed(conn.Close())) }()
	tx, err := begin(ctx, conn)
	if err != nil {
		return s.failed(err)
	}
	if err := do(tx); err != nil {
		err = errors.Join(err, undone(tx.Rollback()))
		if ctx.Err() != nil {
			// What a roll-back under a statement makes of it says less.
			return context.Cause(ctx)
		}
		return s.failed(err)
	}
	err = tx.Commit()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, sql.ErrTxDone)):
		return context.Cause(ctx)
	case uncertain(err):
		lost := conn.Raw(func(any) error { return driver.ErrBadConn })
		return fmt.Errorf("%w: %w", &indicators.Error{Kind: indicators.Conflict, What: unknown, Detail: s.path}, errors.Join(err, lost))
	}
	return s.failed(err)
}

// begin takes the write lock, which another program may hold for a while.
func begin(ctx context.Context, on interface {
	BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error)
}) (tx *sql.Tx, err error) {
	err = patiently(ctx, func() error {
		tx, err = on.BeginTx(ctx, nil)
		return err
	})
	return tx, err
}

// undone passes over the answer of a roll-back after the transaction ended.
func undone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// closed passes over the answer of a connection that was dropped.
func closed(err error) error {
	if errors.Is(err, sql.ErrConnDone) || errors.Is(err, driver.ErrBadConn) {
		return nil
	}
	return err
}

// Check reports whether the store can be read and has a plan. Machines ask it
// every few seconds, so it costs the same for any size; [Store.Verify] looks at
// all of the file. NotFound "plan" on an empty store.
func (s *Store) Check(ctx context.Context) error {
	var n int
	err := s.read.QueryRowContext(ctx, `
		SELECT count(*)
		FROM plan`).Scan(&n)
	if err != nil {
		return fmt.Errorf("check: %w", s.failed(err))
	}
	if n == 0 {
		return fmt.Errorf("check: %w", indicators.Missing(noPlan, ""))
	}
	return nil
}

// Verify reads the whole file and reports whether it is sound: pages, indexes,
// rules of the schema and foreign keys. It takes seconds for a million figures.
// Invalid "database_damaged" with the first fault found, Conflict
// "database_orphan" with the row that points nowhere.
func (s *Store) Verify(ctx context.Context) error {
	var verdict string
	if err := s.read.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return fmt.Errorf("verify: %w", s.failed(err))
	}
	if verdict != "ok" {
		return fmt.Errorf("verify: %w", &indicators.Error{Kind: indicators.Invalid, What: damaged, Detail: verdict})
	}
	if err := orphans(ctx, s.read); err != nil {
		return fmt.Errorf("verify: %w", s.failed(err))
	}
	return nil
}

// orphans reports the first row whose foreign key points nowhere, by the names
// of its table and of the other one; the row's number where the table has such.
func orphans(ctx context.Context, q querier) error {
	var table, parent string
	var row sql.NullInt64
	err := q.QueryRowContext(ctx, `SELECT "table", parent, rowid FROM pragma_foreign_key_check LIMIT 1`).Scan(&table, &parent, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	detail := fmt.Sprintf("%s -> %s", table, parent)
	if row.Valid {
		detail = fmt.Sprintf("%s %d -> %s", table, row.Int64, parent)
	}
	return &indicators.Error{Kind: indicators.Conflict, What: orphan, Detail: detail}
}
