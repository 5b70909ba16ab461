package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"yimi/indicators"
)

// BenchmarkSubmit holds submitting a figure against the same bytes put on the
// same disk by the driver alone, in one transaction: the metric "inserts" is
// how many of those one submission costs.
func BenchmarkSubmit(b *testing.B) {
	v := mustTown(b).mustOpenRound()
	d, by := v.stock()
	bare := bareInsert(b)
	r := v.mustSubmit(d, by, "9")
	var submitting time.Duration
	n := 0
	for b.Loop() {
		r = mustOne(b)(v.Withdraw(v.ctx, by, now, pick(r))).Revision
		started := time.Now()
		r = mustOne(b)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: r.Version, Edits: filledIn(fmt.Sprint(9 + n%2))})).Revision
		submitting += time.Since(started)
		n++
	}
	each := submitting / time.Duration(n)
	b.ReportMetric(float64(each.Microseconds()), "µs/submit")
	b.ReportMetric(float64(bare.Microseconds()), "µs/insert")
	b.ReportMetric(float64(each)/float64(bare), "inserts")
}

// bareInsert is what one durable insert of an entry takes the driver alone.
func bareInsert(b *testing.B) time.Duration {
	b.Helper()
	s := mustOpen(b, filepath.Join(b.TempDir(), "bare.db"))
	if _, err := s.write.Exec("CREATE TABLE bare (id INTEGER PRIMARY KEY, at TEXT, entry TEXT) STRICT"); err != nil {
		b.Fatal(err)
	}
	e, err := indicators.Input{}.With(filledIn("9"))
	if err != nil {
		b.Fatal(err)
	}
	text, err := json.Marshal(e)
	if err != nil {
		b.Fatal(err)
	}
	const times = 200
	started := time.Now()
	for range times {
		tx, err := s.write.Begin()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := tx.Exec("INSERT INTO bare (at, entry) VALUES (?, ?)", written(now), string(text)); err != nil {
			b.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(started) / times
}

// mustCrowd is a town whose round has 10 000 figures, all of them sent.
func mustCrowd(b *testing.B) *town {
	b.Helper()
	v := mustTown(b).mustOpenRound()
	owners := make([]indicators.Code, 0, len(v.people))
	for o := range v.people {
		owners = append(owners, o)
	}
	e, err := indicators.Input{}.With(filledIn("9"))
	if err != nil {
		b.Fatal(err)
	}
	text, err := json.Marshal(e)
	if err != nil {
		b.Fatal(err)
	}
	err = v.change(v.ctx, func(tx *sql.Tx) error {
		for i := len(v.duties); i < 10_000; i++ {
			ind := v.l.Indicators[i%len(v.l.Indicators)].Code
			done, err := tx.Exec("INSERT INTO duties (round, indicator, area, organisation) VALUES (?, ?, ?, ?)", v.round, ind, fmt.Sprint("area-", i), owners[i%len(owners)])
			if err != nil {
				return err
			}
			id, err := done.LastInsertId()
			if err != nil {
				return err
			}
			done, err = tx.Exec("INSERT INTO revisions (duty, edition, state, version, entry, account, person, changed, submitted, awaits, effect) VALUES (?, 1, 'submitted', 1, ?, ?, 'P', ?, ?, 'office', ?)",
				id, string(text), v.people[owners[i%len(owners)]].Account, written(now), written(now.Add(time.Duration(i)*time.Second)), i%3)
			if err != nil {
				return err
			}
			revision, err := done.LastInsertId()
			if err != nil {
				return err
			}
			if _, err := tx.Exec("UPDATE duties SET revision = ? WHERE id = ?", revision, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return v
}

// A round of 10 000 figures: one page of the office's queue, one unit's work,
// and the office's progress over all.
func BenchmarkRound(b *testing.B) {
	v := mustCrowd(b)
	d, by := v.stock()
	for _, bench := range []struct {
		name string
		do   func() (int, error)
	}{
		{"queue", func() (int, error) {
			rows, _, err := v.Queue(v.ctx, v.office, v.round, 50, 0)
			return len(rows), err
		}},
		{"page", func() (int, error) {
			rows, _, err := v.Waiting(v.ctx, v.office, now, v.round, 20, 0)
			return len(rows), err
		}},
		{"work", func() (int, error) {
			_, rows, err := v.WorkList(v.ctx, by, v.round)
			return len(rows), err
		}},
		{"figure", func() (int, error) {
			f, err := v.Figure(v.ctx, by, now, d.ID)
			return int(f.Revision.ID), err
		}},
		{"progress", func() (int, error) {
			rows, err := v.Progress(v.ctx, v.office, now, v.round)
			return len(rows), err
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if n, err := bench.do(); err != nil || n == 0 {
					b.Fatal(n, err)
				}
			}
		})
	}
}

// BenchmarkPublish previews and publishes one corrected figure at a time.
func BenchmarkPublish(b *testing.B) {
	v := mustTown(b).mustOpenRound()
	d, by := v.stock()
	for n := 0; b.Loop(); n++ {
		edits := append(filledIn(fmt.Sprint(9+n%2)), indicators.Edit{Field: indicators.CorrectionField, Text: "counted anew"})
		r := mustOne(b)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: v.version(d.ID), Edits: edits})).Revision
		v.mustApprove(r)
		v.mustPublish(now, v.round)
	}
}
