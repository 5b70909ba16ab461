package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"yimi/indicators"
)

// Withdrawals lists the figures that releases ended, taken back or replaced
// under their own key, each with the day from which it is no longer known and
// the day on which the next one of its key came. A page that is read as of a day
// adds Of to its observations and gives the withdrawals to [indicators.Know], so
// that an earlier day still knows them. What ended on the day on which it came
// is none: no day knew it (see [Store.ReplacedIn]).
func (s *Store) Withdrawals(ctx context.Context) (out []indicators.Withdrawal, err error) {
	l, err := s.Library(ctx)
	if err != nil {
		return nil, err
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		out, err = withdrawals(ctx, tx, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("withdrawals: %w", err)
	}
	return out, nil
}

func withdrawals(ctx context.Context, q querier, l *indicators.Library) (out []indicators.Withdrawal, err error) {
	type life struct{ came, ended, back int }
	lives := map[figureKey]life{}
	rows, err := q.QueryContext(ctx, `
		SELECT
			subject_ids.code,
			area_ids.code,
			o.subject,
			o.area,
			o.period,
			o.basis,
			o.revision,
			o.value,
			o.bound,
			o.answer,
			o.numerator,
			o.denominator,
			o.kind,
			o.quality,
			o.vintage,
			o.published,
			o.published_assumed,
			o.source,
			o.source_url,
			o.confidence,
			o.note,
			o.release,
			o.ended,
			ifnull((
				SELECT min(n.release)
				FROM observations AS n
				WHERE n.subject = o.subject AND n.area = o.area AND n.period = o.period AND n.basis = o.basis AND n.revision > o.revision
					AND n.vintage IS o.vintage AND n.published IS o.published
			), 0)
		FROM releases
		CROSS JOIN observations AS o INDEXED BY observations_by_end ON o.ended = releases.number
		CROSS JOIN subject_ids ON subject_ids.id = o.subject
		CROSS JOIN area_ids ON area_ids.id = o.area`)
	if err != nil {
		return nil, err
	}
	var next []life
	list, err := readObservationsWith(rows, func() []any {
		next = append(next, life{})
		x := &next[len(next)-1]
		return []any{&x.came, &x.ended, &x.back}
	}, func(o *stored) {
		p := o.Observation
		p.Revision = o.revision
		lives[figureKeyOf(&p)] = next[len(next)-1]
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	days, err := releaseDays(ctx, q, l)
	if err != nil {
		return nil, err
	}
	for _, o := range plain(list) {
		x := lives[figureKeyOf(&o)]
		if days[x.came] == days[x.ended] {
			continue
		}
		out = append(out, indicators.Withdrawal{Of: o, On: days[x.ended], Back: days[x.back], Release: x.ended})
	}
	return out, nil
}

// releaseDays are the days of all releases, in the plan's time zone; of release
// 0, which there is none of, the zero day.
func releaseDays(ctx context.Context, q querier, l *indicators.Library) (map[int]indicators.Period, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			number,
			published
		FROM releases`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	days := map[int]indicators.Period{}
	for rows.Next() {
		var n int
		var published string
		if err := rows.Scan(&n, &published); err != nil {
			return nil, err
		}
		at, err := time.Parse(time.RFC3339, published)
		if err != nil {
			return nil, err
		}
		days[n] = today(l, at)
	}
	return days, rows.Err()
}

// withdrawnHere lists the figures of a subject that the office took back, or a
// correction took the place of, and that were not brought back since.
func withdrawnHere(ctx context.Context, q querier, subject indicators.Code) ([]stored, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			subject_ids.code,
			area_ids.code,
			o.subject,
			o.area,
			o.period,
			o.basis,
			o.revision,
			o.value,
			o.bound,
			o.answer,
			o.numerator,
			o.denominator,
			o.kind,
			o.quality,
			o.vintage,
			o.published,
			o.published_assumed,
			o.source,
			o.source_url,
			o.confidence,
			o.note
		FROM subject_ids
		CROSS JOIN takings AS t ON t.subject = subject_ids.id
		CROSS JOIN observations AS o ON o.subject = t.subject AND o.area = t.area AND o.period = t.period AND o.basis = t.basis AND o.revision = t.revision
		CROSS JOIN area_ids ON area_ids.id = o.area
		WHERE subject_ids.code = ? AND t.restores = 0 AND t.release IS NOT NULL AND o.ended IS NOT NULL AND NOT EXISTS (
			SELECT 1
			FROM takings AS b
			WHERE b.subject = t.subject AND b.area = t.area AND b.period = t.period AND b.basis = t.basis AND b.revision = t.revision
				AND b.restores = 1 AND b.release > t.release
		)`, subject)
	if err != nil {
		return nil, err
	}
	return readObservations(rows)
}
