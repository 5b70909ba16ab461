package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"yimi/indicators"
)

func BenchmarkLoad(b *testing.B) {
	p := mustPlan(b)
	ctx := context.Background()
	b.Run("first", func(b *testing.B) {
		dir := b.TempDir()
		for i := 0; b.Loop(); i++ {
			s, err := Open(ctx, filepath.Join(dir, fmt.Sprint(i)))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := s.Load(ctx, p, now, nil); err != nil {
				b.Fatal(err)
			}
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("again", func(b *testing.B) {
		s, _ := mustLoad(b)
		for b.Loop() {
			if c, err := s.Load(ctx, p, now, nil); err != nil || !c.Nothing() {
				b.Fatal(c, err)
			}
		}
	})
	b.Run("validate", func(b *testing.B) {
		for b.Loop() {
			if problems := p.Validate(); len(problems) > 0 {
				b.Fatal(problems)
			}
		}
	})
}

// The store that a page meets, and one with a million figures beside the
// plan's: what a page costs must not depend on what it does not show.
func BenchmarkReads(b *testing.B) {
	small, p := mustLoad(b)
	large := mustMillion(b)
	own := mode(p.Observations, func(o indicators.Observation) indicators.Code { return o.Subject })
	city := mode(p.Observations, func(o indicators.Observation) indicators.Code { return o.Area })
	for _, bench := range []struct {
		name string
		s    *Store
		do   func(ctx context.Context, s *Store) (int, error)
	}{
		{"subject/seed", small, observations(own)},
		{"subject/million", large, observations(own)},
		{"subject-of-2000/million", large, observations("synthetic-7")},
		{"area/seed", small, observationsInside(city)},
		{"area/million", large, observationsInside(city)},
		{"area-of-5000/million", large, observationsInside("ground-7")},
		{"library/seed", small, library},
		{"library/million", large, library},
		{"release/seed", small, release},
		{"release/million", large, release},
		{"verify/seed", small, verify},
		{"verify/million", large, verify},
		{"export/seed", small, export},
	} {
		b.Run(bench.name, func(b *testing.B) {
			rows := 0
			for b.Loop() {
				var err error
				if rows, err = bench.do(context.Background(), bench.s); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows), "rows")
		})
	}
}

// mode is the code that most figures have.
func mode(obs []indicators.Observation, code func(indicators.Observation) indicators.Code) (most indicators.Code) {
	times := map[indicators.Code]int{}
	for _, o := range obs {
		times[code(o)]++
		if times[code(o)] > times[most] {
			most = code(o)
		}
	}
	return most
}

func observations(subject indicators.Code) func(context.Context, *Store) (int, error) {
	return func(ctx context.Context, s *Store) (int, error) {
		rows, err := s.Observations(ctx, subject)
		return len(rows), err
	}
}

func observationsInside(area indicators.Code) func(context.Context, *Store) (int, error) {
	return func(ctx context.Context, s *Store) (int, error) {
		rows, err := s.ObservationsIn(ctx, area)
		return len(rows), err
	}
}

func library(ctx context.Context, s *Store) (int, error) {
	l, err := s.Library(ctx)
	if err != nil {
		return 0, err
	}
	return len(l.Indicators), nil
}

func release(ctx context.Context, s *Store) (int, error) {
	r, err := s.Release(ctx)
	return r.Number, err
}

func verify(ctx context.Context, s *Store) (int, error) { return 1, s.Verify(ctx) }

func export(ctx context.Context, s *Store) (int, error) {
	p, err := s.Export(ctx)
	if err != nil {
		return 0, err
	}
	return len(p.Observations), nil
}

// mustMillion is a store with the plan and, as release 2, a million figures of
// 500 subjects in 200 areas and 10 years, written past the library.
func mustMillion(b *testing.B) *Store {
	b.Helper()
	s, _ := mustLoad(b)
	ctx := context.Background()
	err := s.change(ctx, func(tx *sql.Tx) error {
		for subject := range 500 {
			s, err := newID(ctx, tx, `INSERT INTO subject_ids (code) VALUES (?)`, indicators.Code(fmt.Sprintf("synthetic-%d", subject)))
			if err != nil {
				return err
			}
			for area := range 200 {
				if subject == 0 {
					if _, err := newID(ctx, tx, `INSERT INTO area_ids (code) VALUES (?)`, indicators.Code(fmt.Sprintf("ground-%d", area))); err != nil {
						return err
					}
				}
			}
			_, err = tx.ExecContext(ctx, `
				WITH RECURSIVE years (y) AS (SELECT 2016 UNION ALL SELECT y + 1 FROM years WHERE y < 2025)
				INSERT INTO observations (
					subject, area, period, basis, revision, release, value, kind, published, published_assumed,
					source, source_url, confidence
				)
				SELECT
					?, area_ids.id, y * 10000, 4, 1, 2, y || '.' || (area_ids.id % 90 + 10), 'result', (y + 1) || '-03-26', 0,
					'统计公报 ' || y, 'https://example.org/bulletin/' || y || '.html', 'A'
				FROM area_ids
				CROSS JOIN years
				WHERE area_ids.code GLOB 'ground-*'`, s)
			if err != nil {
				return err
			}
		}
		return announce(ctx, tx, indicators.Release{Number: 2, Published: now, Kind: indicators.LoadedRelease}, 0)
	})
	if err != nil {
		b.Fatal(err)
	}
	if n := mustCount(b, s, "SELECT count(*) FROM observations WHERE release = 2"); n != 1_000_000 {
		b.Fatalf("%d figures, want a million", n)
	}
	return s
}
