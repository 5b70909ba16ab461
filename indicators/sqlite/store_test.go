package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yimi/indicators"
	"yimi/seed"
)

// now is the clock of these tests.
var now = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// mustPlan reads the plan that ships with the program: the fullest package
// there is.
func mustPlan(t testing.TB) *indicators.Package {
	t.Helper()
	p, err := seed.Read(seed.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustOpen(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// mustLoad is a new store with the plan in it, and the plan.
func mustLoad(t testing.TB) (*Store, *indicators.Package) {
	t.Helper()
	s, p := mustOpen(t, filepath.Join(t.TempDir(), "yimi.db")), mustPlan(t)
	if _, err := s.Load(context.Background(), p, now, nil); err != nil {
		t.Fatal(err)
	}
	return s, p
}

func mustRead(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// mustCount is the number that a query answers.
func mustCount(t testing.TB, s *Store, query string, args ...any) int {
	t.Helper()
	var n int
	if err := s.read.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// mustBe fails unless err is an error of that kind about that thing.
func mustBe(t testing.TB, err error, kind indicators.Kind, what string) {
	t.Helper()
	var e *indicators.Error
	if !errors.As(err, &e) || e.Kind != kind || e.What != what {
		t.Errorf("error is %v, want %s %s", err, kind, what)
	}
}
