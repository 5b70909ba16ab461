package server

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/singleflight"

	"yimi/indicators"
)

// placed names an indicator or a series in an area.
type placed struct{ subject, area indicators.Code }

// snapshot is the plan as it stood on a day: what was known then, and every
// assessment that follows from it. Page, chart, table, download and API of one
// day read the same one, so that they cannot differ. It is read-only.
type snapshot struct {
	known   *indicators.Known
	list    []indicators.Assessment
	of      map[placed][]*indicators.Assessment
	figures map[placed][]indicators.Observation // earlier editions too
	size    int                                 // how many figures
	lines   sync.Map                            // placed to *line, laid out when first asked for
}

// line is one indicator in one area as it is drawn, tabled and told.
type line struct {
	trajectory indicators.Trajectory
	projection *indicators.Projection
}

// snapshotKey is what a snapshot follows from.
type snapshotKey struct {
	library *indicators.Library
	release int
	asOf    indicators.Period
	past    bool   // the release may not be the newest
	due     string // the rounds' due days
}

// What is kept at once: days, and the figures in them (some 400 bytes each).
const (
	maxSnapshots = 16
	maxFigures   = 250_000
)

// snapshots keeps the days that were asked for last.
type snapshots struct {
	flight singleflight.Group
	mu     sync.Mutex
	recent []snapshotKey // the newest last
	kept   map[snapshotKey]*snapshot
}

func (c *snapshots) look(k snapshotKey) *snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := c.kept[k]
	if found != nil {
		at := slices.Index(c.recent, k)
		c.recent = append(slices.Delete(c.recent, at, at+1), k)
	}
	return found
}

func (c *snapshots) keep(k snapshotKey, s *snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[snapshotKey]*snapshot{}
	}
	if c.kept[k] == nil {
		c.recent = append(c.recent, k)
	}
	c.kept[k] = s
	figures := 0
	for _, each := range c.kept {
		figures += each.size
	}
	for len(c.recent) > 1 && (len(c.recent) > maxSnapshots || figures > maxFigures) {
		figures -= c.kept[c.recent[0]].size
		delete(c.kept, c.recent[0])
		c.recent = c.recent[1:]
	}
}

// snapshot is the plan as a visit sees it, on a day.
func (s *Server) snapshot(ctx context.Context, v *visit, day indicators.Period) (*snapshot, error) {
	rounds, err := s.Store.Rounds(ctx)
	if err != nil {
		return nil, err
	}
	due := indicators.DueOf(rounds)
	key := snapshotKey{v.library, v.release.Number, day, v.frame.Past > 0, fmt.Sprint(due)}
	if found := s.days.look(key); found != nil {
		return found, nil
	}
	name := fmt.Sprintf("%p %d %s %t %s", key.library, key.release, key.asOf, key.past, key.due)
	// Whoever leaves early must not take the answer from those who wait for it.
	made, err, _ := s.days.flight.Do(name, func() (any, error) {
		made, err := s.newSnapshot(context.WithoutCancel(ctx), key, due)
		if err == nil {
			s.days.keep(key, made)
		}
		return made, err
	})
	if err != nil {
		return nil, err
	}
	return made.(*snapshot), nil
}

func (s *Server) newSnapshot(ctx context.Context, k snapshotKey, due indicators.ResultsDue) (*snapshot, error) {
	var obs []indicators.Observation
	withdrawn, err := s.Store.Withdrawals(ctx)
	if err != nil {
		return nil, err
	}
	for i := range k.library.Areas {
		a := &k.library.Areas[i]
		if a.Level != indicators.CityLevel && a.Level != indicators.DistrictLevel {
			continue
		}
		read := func() ([]indicators.Observation, error) { return s.Store.ObservationsIn(ctx, a.Code) }
		if k.past {
			read = func() ([]indicators.Observation, error) { return s.Store.ObservationsInAt(ctx, k.release, a.Code) }
		}
		list, err := read()
		if err != nil {
			return nil, fmt.Errorf("area %s: %w", a.Code, err)
		}
		obs = append(obs, list...)
		if !k.past {
			replaced, err := s.Store.ReplacedIn(ctx, a.Code)
			if err != nil {
				return nil, err
			}
			obs = append(obs, replaced...)
		}
	}
	for _, w := range withdrawn {
		// Days before it was taken back still know it.
		obs = append(obs, w.Of)
	}
	out := &snapshot{
		known: indicators.Know(k.library, obs, k.asOf, due, withdrawn...),
		of:    map[placed][]*indicators.Assessment{}, figures: map[placed][]indicators.Observation{},
	}
	for _, o := range out.known.Filter(obs) {
		at := placed{o.Subject, o.Area}
		out.figures[at] = append(out.figures[at], o)
		out.size++
	}
	out.list = out.known.AssessPlan()
	for i := range out.list {
		a := &out.list[i]
		at := placed{a.Indicator.Code, a.Area.Code}
		out.of[at] = append(out.of[at], a)
	}
	return out, nil
}
