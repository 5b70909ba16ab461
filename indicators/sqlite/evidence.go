package sqlite

import (
	"context"

	"yimi/indicators"
)

func evidenceOfDuty(ctx context.Context, q querier, duty int64) ([]indicators.Evidence, error) {
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
	var out []indicators.Evidence
	for rows.Next() {
		e := indicators.Evidence{Duty: duty}
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
