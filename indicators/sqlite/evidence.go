package sqlite

import (
	"context"
	"time"

	"yimi/indicators"
)

// Evidence is one file that stands behind a figure or a return.
type Evidence struct {
	ID     int64
	Duty   int64 // 0 of a scan of a return
	Sheet  int64 // 0 of a figure's
	Hash   string
	Name   string // as the person's computer had it
	Type   string // by its content
	Size   int64
	Person string
	At     time.Time
}

func evidenceOfDuty(ctx context.Context, q querier, duty int64) ([]Evidence, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			id,
			hash,
			name,
			type,
			size,
			person,
			at
		FROM evidence
		WHERE duty = ? AND removed IS NULL
		ORDER BY id`, duty)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Evidence
	for rows.Next() {
		e := Evidence{Duty: duty}
		var at string
		if err := rows.Scan(&e.ID, &e.Hash, &e.Name, &e.Type, &e.Size, &e.Person, &at); err != nil {
			return nil, err
		}
		if e.At, err = read(at); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

var _ = indicators.Attach
