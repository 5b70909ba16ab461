package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"yimi/indicators"
)

// mustRecord appends n events of two people.
func mustRecord(t testing.TB, s *Store, n int) {
	t.Helper()
	for i := range n {
		a := indicators.Actor{Account: int64(1 + i%2), Person: fmt.Sprintf("P%d", i%2), From: "192.0.2.1"}
		e := a.Did(now.Add(time.Duration(i)*time.Minute), indicators.Save, fmt.Sprintf("revision %d", i%3), nil, map[string]int{"value": i})
		if err := s.change(context.Background(), func(tx *sql.Tx) error { return record(context.Background(), tx, e) }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTrailOnlyGrows(t *testing.T) {
	s := mustOpen(t, t.TempDir()+"/yimi.db")
	mustRecord(t, s, 5)
	for _, statement := range []string{
		"UPDATE events SET actor = 'x' WHERE number = 2",
		"DELETE FROM events WHERE number = 5",
		"DELETE FROM events",
		"INSERT INTO events VALUES (7, '', 1, '', 'x', '', '', '', '')",
		"INSERT OR REPLACE INTO events VALUES (3, '', 1, '', 'x', '', '', '', '')",
		"UPDATE event_hashes SET hash = zeroblob(32)",
		"DELETE FROM event_hashes WHERE id = 0",
		"INSERT OR REPLACE INTO event_hashes VALUES (1, zeroblob(32))",
		"UPDATE event_head SET size = 3",
		"UPDATE event_head SET root = 'x'",
		"DELETE FROM event_head",
		"INSERT OR REPLACE INTO event_head VALUES (1, 0, '')",
	} {
		_, err := s.write.Exec(statement)
		if err == nil {
			t.Errorf("%s went through", statement)
			continue
		}
		mustBe(t, failed(err, ""), indicators.Conflict, rowPublic)
	}
	if head, err := s.VerifyAudit(context.Background()); err != nil || head.Size != 5 {
		t.Errorf("VerifyAudit = %v, %v", head, err)
	}
}

// Whoever holds the file can drop the triggers; the hashes tell.
func TestVerifyAuditFindsWhatWasDone(t *testing.T) {
	for name, c := range map[string]struct{ done, fault string }{
		"the last 2 of 5 cut":            {"DELETE FROM events WHERE number > 3", "size 3 < 5"},
		"the tail and its hashes cut":    {"DELETE FROM events WHERE number > 3; DELETE FROM event_hashes WHERE id > 3", "size 3 < 5"},
		"the tail cut, the head with it": {"DELETE FROM events WHERE number > 3; DELETE FROM event_hashes WHERE id > 3; UPDATE event_head SET size = 3", "head 3"},
		"one changed":                    {"UPDATE events SET after = '{}' WHERE number = 2", "event 2"},
		"another time":                   {"UPDATE events SET at = '2020-01-01T00:00:00.000000000Z' WHERE number = 4", "event 4"},
		"no time":                        {"UPDATE events SET at = 'x' WHERE number = 4", "event 4"},
		"one in the middle cut":          {"DELETE FROM events WHERE number = 3", "event 3"},
		"a hash changed":                 {"UPDATE event_hashes SET hash = zeroblob(32) WHERE id = 2", "event 2"},
		"a hash added":                   {"INSERT INTO event_hashes VALUES (8, zeroblob(32))", "hash 8"},
		"a hash cut":                     {"DELETE FROM event_hashes WHERE id = 0", "event 1"},
		"everything cut":                 {"DELETE FROM events", "size 0 < 5"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustOpen(t, t.TempDir()+"/yimi.db")
			mustRecord(t, s, 5)
			dropTriggers(t, s)
			if _, err := s.write.Exec(c.done); err != nil {
				t.Fatal(err)
			}
			_, err := s.VerifyAudit(context.Background())
			mustBe(t, err, indicators.Conflict, brokenTrail)
			var e *indicators.Error
			if errors.As(err, &e) && e.Detail != c.fault {
				t.Errorf("the fault is %q, want %q", e.Detail, c.fault)
			}
		})
	}
}

func dropTriggers(t *testing.T, s *Store) {
	t.Helper()
	for _, name := range []string{
		"events_never_change", "events_are_never_deleted", "event_hashes_never_change", "event_hashes_are_never_deleted", "event_head_only_grows",
	} {
		if _, err := s.write.Exec("DROP TRIGGER " + name); err != nil {
			t.Fatal(err)
		}
	}
}

// A trail rewritten as a whole is sound in itself; a head known from a release
// still tells.
func TestVerifyAuditAgainstKnownHeads(t *testing.T) {
	ctx := context.Background()
	s := mustOpen(t, t.TempDir()+"/yimi.db")
	var heads []indicators.TreeHead
	for range 7 {
		mustRecord(t, s, 1)
		head, err := s.TreeHead(ctx)
		if err != nil {
			t.Fatal(err)
		}
		heads = append(heads, head)
	}
	if _, err := s.VerifyAudit(ctx, heads...); err != nil {
		t.Error(err)
	}
	other := mustOpen(t, t.TempDir()+"/yimi.db")
	mustRecord(t, other, 7)
	_, err := other.VerifyAudit(ctx, heads[4])
	mustBe(t, err, indicators.Conflict, brokenTrail)
	short := mustOpen(t, t.TempDir()+"/yimi.db")
	mustRecord(t, short, 1)
	_, err = short.VerifyAudit(ctx, heads[4])
	mustBe(t, err, indicators.Conflict, brokenTrail)
}

func TestEvents(t *testing.T) {
	ctx := context.Background()
	s := mustOpen(t, t.TempDir()+"/yimi.db")
	if head, err := s.VerifyAudit(ctx); err != nil || head.Size != 0 {
		t.Errorf("an empty trail: %v, %v", head, err)
	}
	mustRecord(t, s, 12)
	for name, c := range map[string]struct {
		f    indicators.EventFilter
		want []int64
	}{
		"all":          {indicators.EventFilter{Limit: 3}, []int64{12, 11, 10}},
		"next page":    {indicators.EventFilter{Limit: 3, Below: 10}, []int64{9, 8, 7}},
		"one account":  {indicators.EventFilter{Account: 2, Limit: 2}, []int64{12, 10}},
		"one object":   {indicators.EventFilter{Object: "revision 0"}, []int64{10, 7, 4, 1}},
		"both":         {indicators.EventFilter{Object: "revision 0", Account: 2}, []int64{10, 4}},
		"one act":      {indicators.EventFilter{Act: indicators.Save, Limit: 1}, []int64{12}},
		"no such act":  {indicators.EventFilter{Act: indicators.Submit}, nil},
		"from a time":  {indicators.EventFilter{Since: now.Add(10 * time.Minute)}, []int64{12, 11}},
		"until a time": {indicators.EventFilter{Until: now.Add(2 * time.Minute)}, []int64{2, 1}},
	} {
		got, err := s.Events(ctx, c.f)
		if err != nil {
			t.Fatal(err)
		}
		var numbers []int64
		for _, e := range got {
			numbers = append(numbers, e.Number)
		}
		if fmt.Sprint(numbers) != fmt.Sprint(c.want) {
			t.Errorf("%s: events %v, want %v", name, numbers, c.want)
		}
	}
	got, err := s.Events(ctx, indicators.EventFilter{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := indicators.Event{Number: 12, At: now.Add(11 * time.Minute), Account: 2, Actor: "P1", Act: indicators.Save, Object: "revision 2", After: `{"value":11}`, From: "192.0.2.1"}
	if got[0] != want {
		t.Errorf("the event is %+v, want %+v", got[0], want)
	}
}

func BenchmarkVerifyAudit(b *testing.B) {
	s := mustOpen(b, b.TempDir()+"/yimi.db")
	ctx := context.Background()
	const events = 20_000
	err := s.change(ctx, func(tx *sql.Tx) error {
		for n := range events {
			if err := record(ctx, tx, indicators.Actor{Account: 1, Person: "P"}.Did(now, indicators.Save, "revision 1", nil, n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.VerifyAudit(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	s := mustOpen(b, b.TempDir()+"/yimi.db")
	mustRecord(b, s, 100)
	ctx := context.Background()
	err := s.change(ctx, func(tx *sql.Tx) error {
		for b.Loop() {
			if err := record(ctx, tx, indicators.Actor{Account: 1, Person: "P"}.Did(now, indicators.Save, "revision 1", nil, 1)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
