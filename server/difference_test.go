package server

import (
	"context"
	"net/http"
	"testing"

	"yimi/indicators"
)

// counting counts how often a difference is worked out.
type counting struct {
	Store
	n int
}

func (c *counting) Difference(ctx context.Context, from, to int) ([]indicators.FigureChange, []indicators.Effect, error) {
	c.n++
	return c.Store.Difference(ctx, from, to)
}

func TestDifferencesAreKept(t *testing.T) {
	d := mustOpen(t)
	d.published(1, "3")
	store := &counting{Store: d.Store}
	d.Store = store
	first := d.do(get, "/releases/2", "", nil).Body.String()
	for range 3 {
		if again := d.do(get, "/releases/2", "", nil).Body.String(); again != first {
			t.Error("the page is another the second time")
		}
	}
	if store.n != 1 {
		t.Errorf("worked out %d times", store.n)
	}
	d.mustStatus(d.do(get, "/releases/1?from=2", "", nil), http.StatusOK)
	if store.n != 2 {
		t.Errorf("worked out %d times, with the way back", store.n)
	}
	// A failure is not kept, and no more than so many are.
	if _, _, err := d.difference(context.Background(), 1, 9); err == nil {
		t.Error("a release that is not there has a difference")
	}
	for n := range 2 * maxDifferences {
		d.diffs.keep(differenceKey{n, n + 1}, &difference{})
	}
	if len(d.diffs.kept) != maxDifferences || len(d.diffs.recent) != maxDifferences {
		t.Errorf("%d are kept", len(d.diffs.kept))
	}
}
