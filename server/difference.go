package server

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/singleflight"

	"yimi/indicators"
)

// difference is what became other between two releases.
type difference struct {
	figures []indicators.FigureChange
	effects []indicators.Effect
}

// differenceKey is what a difference follows from: releases never change.
type differenceKey struct{ from, to int }

// maxDifferences is how many differences are kept at once.
const maxDifferences = 16

// differences keeps the differences that were asked for last, for each judges
// the plan twice.
type differences struct {
	flight singleflight.Group
	mu     sync.Mutex
	recent []differenceKey // the newest last
	kept   map[differenceKey]*difference
}

func (d *differences) look(k differenceKey) *difference {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := d.kept[k]
	if found != nil {
		at := slices.Index(d.recent, k)
		d.recent = append(slices.Delete(d.recent, at, at+1), k)
	}
	return found
}

func (d *differences) keep(k differenceKey, x *difference) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept == nil {
		d.kept = map[differenceKey]*difference{}
	}
	if d.kept[k] == nil {
		d.recent = append(d.recent, k)
	}
	d.kept[k] = x
	for len(d.recent) > maxDifferences {
		delete(d.kept, d.recent[0])
		d.recent = d.recent[1:]
	}
}

// difference is what became other from one release to another. Nobody may write
// to it.
func (s *Server) difference(ctx context.Context, from, to int) ([]indicators.FigureChange, []indicators.Effect, error) {
	key := differenceKey{from, to}
	if found := s.diffs.look(key); found != nil {
		return found.figures, found.effects, nil
	}
	// Whoever leaves early must not take the answer from those who wait for it.
	made, err, _ := s.diffs.flight.Do(fmt.Sprint(key), func() (any, error) {
		x := &difference{}
		var err error
		if x.figures, x.effects, err = s.Store.Difference(context.WithoutCancel(ctx), from, to); err == nil {
			s.diffs.keep(key, x)
		}
		return x, err
	})
	if err != nil {
		return nil, nil, err
	}
	x := made.(*difference)
	return x.figures, x.effects, nil
}
