package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"yimi/indicators"
)

// moments are written with all digits, so that they sort as text.
const momentForm = "2006-01-02T15:04:05.000000000Z"

func written(t time.Time) string { return t.UTC().Format(momentForm) }

func read(text string) (time.Time, error) { return time.Parse(time.RFC3339Nano, text) }

// record appends an event to the trail within tx, with the hashes that make
// the trail a transparency log. The event's number is the store's to give.
func record(ctx context.Context, tx *sql.Tx, e indicators.Event) error {
	head, err := treeHead(ctx, tx)
	if err != nil {
		return fmt.Errorf("trail: %w", err)
	}
	e.Number = head.Size + 1
	_, err = tx.ExecContext(ctx, `
		INSERT INTO events (
			number,
			at,
			account,
			actor,
			act,
			object,
			before,
			after,
			"from"
		)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Number,
		written(e.At),
		e.Account,
		e.Actor,
		e.Act,
		e.Object,
		e.Before,
		e.After,
		e.From)
	if err != nil {
		return fmt.Errorf("trail: %w", err)
	}
	reader := hashReader(ctx, tx)
	hashes, err := tlog.StoredHashes(head.Size, e.Record(), reader)
	if err != nil {
		return fmt.Errorf("trail: %w", err)
	}
	for i, h := range hashes {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO event_hashes (
				id,
				hash
			)
			VALUES (?, ?)`,
			tlog.StoredHashIndex(0, head.Size)+int64(i),
			h[:])
		if err != nil {
			return fmt.Errorf("trail: %w", err)
		}
	}
	root, err := tlog.TreeHash(e.Number, reader)
	if err != nil {
		return fmt.Errorf("trail: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE event_head
		SET
			size = ?,
			root = ?
		WHERE id = 1`,
		e.Number,
		root.String())
	if err != nil {
		return fmt.Errorf("trail: %w", err)
	}
	return nil
}

// hashReader reads the log's hashes; one that is not there breaks the trail.
func hashReader(ctx context.Context, q querier) tlog.HashReaderFunc {
	return func(ids []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ids))
		for i, id := range ids {
			var hash []byte
			err := q.QueryRowContext(ctx, `
				SELECT hash
				FROM event_hashes
				WHERE id = ?`, id).Scan(&hash)
			if errors.Is(err, sql.ErrNoRows) || err == nil && len(hash) != len(out[i]) {
				return nil, &indicators.Error{Kind: indicators.Conflict, What: brokenTrail, Detail: fmt.Sprintf("hash %d", id)}
			}
			if err != nil {
				return nil, err
			}
			copy(out[i][:], hash)
		}
		return out, nil
	}
}

// TreeHead is the trail's newest state; of size 0 before the first event.
func (s *Store) TreeHead(ctx context.Context) (indicators.TreeHead, error) {
	head, err := treeHead(ctx, s.read)
	if err != nil {
		return indicators.TreeHead{}, fmt.Errorf("trail: %w", s.failed(err))
	}
	return head, nil
}

func treeHead(ctx context.Context, q querier) (h indicators.TreeHead, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT
			size,
			root
		FROM event_head
		WHERE id = 1`).Scan(&h.Size, &h.Root)
	return h, err
}

// The most events of one page of the trail, and how many when none is asked for.
const (
	maxEvents   = 1000
	someEvents  = 100
	endOfEvents = int64(1) << 62
)

// Events lists what the filter asks for, the newest first, one page.
func (s *Store) Events(ctx context.Context, f indicators.EventFilter) ([]indicators.Event, error) {
	if f.Limit <= 0 {
		f.Limit = someEvents
	}
	if f.Below <= 0 {
		f.Below = endOfEvents
	}
	since, until := "", "9"
	if !f.Since.IsZero() {
		since = written(f.Since)
	}
	if !f.Until.IsZero() {
		until = written(f.Until)
	}
	// One branch answers: the one whose index is the narrowest that is asked for.
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			number,
			at,
			account,
			actor,
			act,
			object,
			before,
			after,
			"from"
		FROM events
		WHERE number IN (
			SELECT number FROM (
				SELECT number FROM events
				WHERE ?1 <> '' AND object = ?1 AND number < ?6 AND (?2 = 0 OR account = ?2) AND (?3 = '' OR act = ?3) AND at >= ?4 AND at < ?5
				UNION ALL
				SELECT number FROM events
				WHERE ?1 = '' AND ?2 <> 0 AND account = ?2 AND number < ?6 AND (?3 = '' OR act = ?3) AND at >= ?4 AND at < ?5
				UNION ALL
				SELECT number FROM events
				WHERE ?1 = '' AND ?2 = 0 AND ?3 <> '' AND act = ?3 AND number < ?6 AND at >= ?4 AND at < ?5
				UNION ALL
				SELECT number FROM events
				WHERE ?1 = '' AND ?2 = 0 AND ?3 = '' AND number < ?6 AND at >= ?4 AND at < ?5
				ORDER BY number DESC
				LIMIT ?7
			)
		)
		ORDER BY number DESC`,
		f.Object,
		f.Account,
		f.Act,
		since,
		until,
		f.Below,
		min(f.Limit, maxEvents))
	if err != nil {
		return nil, fmt.Errorf("trail: %w", s.failed(err))
	}
	var out []indicators.Event
	err = eachEvent(rows, func(e indicators.Event) error {
		out = append(out, e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("trail: %w", s.failed(err))
	}
	return out, nil
}

// eachEvent drains rows of events and closes them.
func eachEvent(rows *sql.Rows, do func(indicators.Event) error) error {
	defer rows.Close()
	for rows.Next() {
		var e indicators.Event
		var at string
		if err := rows.Scan(&e.Number, &at, &e.Account, &e.Actor, &e.Act, &e.Object, &e.Before, &e.After, &e.From); err != nil {
			return err
		}
		var err error
		if e.At, err = read(at); err != nil {
			return &indicators.Error{Kind: indicators.Conflict, What: brokenTrail, Detail: fmt.Sprintf("event %d", e.Number)}
		}
		if err := do(e); err != nil {
			return err
		}
	}
	return rows.Err()
}

// VerifyAudit computes every hash of the trail anew and holds it against what
// is stored and against heads known from elsewhere: those printed on releases,
// or kept by hand. It is the verified head. Conflict "audit_broken" tells the
// first fault: "event 17" where an event or its hash is not what it was,
// "size 3 < 5" where the tail was cut, "head 5" where a known head does not fit.
func (s *Store) VerifyAudit(ctx context.Context, known ...indicators.TreeHead) (head indicators.TreeHead, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		if head, err = treeHead(ctx, tx); err != nil {
			return err
		}
		return verifyTrail(ctx, tx, head, known)
	})
	if err != nil {
		return indicators.TreeHead{}, fmt.Errorf("trail: %w", err)
	}
	return head, nil
}

func verifyTrail(ctx context.Context, tx *sql.Tx, head indicators.TreeHead, known []indicators.TreeHead) error {
	wanted := map[int64]string{head.Size: head.Root}
	for _, k := range known {
		if was, ok := wanted[k.Size]; ok && was != k.Root {
			return broken("head %d", k.Size)
		}
		if k.Size > head.Size {
			return broken("size %d < %d", head.Size, k.Size)
		}
		wanted[k.Size] = k.Root
	}
	rows, err := tx.QueryContext(ctx, `
		SELECT
			number,
			at,
			account,
			actor,
			act,
			object,
			before,
			after,
			"from"
		FROM events
		WHERE number > 0
		ORDER BY number`)
	if err != nil {
		return err
	}
	defer rows.Close()
	hashes, err := tx.QueryContext(ctx, `
		SELECT
			id,
			hash
		FROM event_hashes
		WHERE id >= 0
		ORDER BY id`)
	if err != nil {
		return err
	}
	defer hashes.Close()
	return compareTrail(rows, hashes, head.Size, wanted)
}

func broken(format string, args ...any) error {
	return &indicators.Error{Kind: indicators.Conflict, What: brokenTrail, Detail: fmt.Sprintf(format, args...)}
}

// compareTrail goes through the events and the hashes stored side by side;
// wanted are the roots that must come out, by size.
func compareTrail(rows, hashes *sql.Rows, whole int64, wanted map[int64]string) error {
	var fresh []tlog.Hash
	ours := tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ids))
		for i, id := range ids {
			out[i] = fresh[id]
		}
		return out, nil
	})
	var size int64
	err := eachEvent(rows, func(e indicators.Event) error {
		if e.Number != size+1 {
			return broken("event %d", size+1)
		}
		next, err := tlog.StoredHashes(size, e.Record(), ours)
		if err != nil {
			return err
		}
		for _, h := range next {
			same, err := nextHash(hashes, int64(len(fresh)), h)
			if err != nil {
				return err
			}
			if !same {
				return broken("event %d", e.Number)
			}
			fresh = append(fresh, h)
		}
		size = e.Number
		root, ok := wanted[size]
		if !ok {
			return nil
		}
		tree, err := tlog.TreeHash(size, ours)
		if err == nil && tree.String() != root {
			return broken("head %d", size)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case size != whole:
		return broken("size %d < %d", size, whole)
	case hashes.Next():
		return broken("hash %d", len(fresh))
	}
	return hashes.Err()
}

// nextHash reports whether the next hash stored is this one.
func nextHash(hashes *sql.Rows, want int64, h tlog.Hash) (bool, error) {
	if !hashes.Next() {
		return false, hashes.Err()
	}
	var id int64
	var hash []byte
	err := hashes.Scan(&id, &hash)
	return id == want && bytes.Equal(hash, h[:]), err
}

// digest is what stands in the store for a token or a code.
func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
