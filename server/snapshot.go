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
	ahead   string // the token of a preview
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
	due, err := s.dueDays(ctx, v)
	if err != nil {
		return nil, err
	}
	key := snapshotKey{library: v.library, release: v.release.Number, asOf: day, past: v.frame.Past > 0, due: fmt.Sprint(due)}
	if v.ahead != nil {
		key.ahead = v.ahead.Token
	}
	if found := s.days.look(key); found != nil {
		return found, nil
	}
	name := fmt.Sprintf("%p %d %s %t %s %s", key.library, key.release, key.asOf, key.past, key.ahead, key.due)
	// Whoever leaves early must not take the answer from those who wait for it.
	made, err, _ := s.days.flight.Do(name, func() (any, error) {
		obs, withdrawn, err := s.published(context.WithoutCancel(ctx), key, v.ahead)
		if err != nil {
			return nil, err
		}
		made := newSnapshot(key, obs, withdrawn, due)
		s.days.keep(key, made)
		return made, nil
	})
	if err != nil {
		return nil, err
	}
	return made.(*snapshot), nil
}

// dueDays are the due days of the rounds: of a past release as they stood then.
func (s *Server) dueDays(ctx context.Context, v *visit) (indicators.ResultsDue, error) {
	if v.frame.Past > 0 {
		return s.Store.DueAt(ctx, v.frame.Past)
	}
	rounds, err := s.Store.Rounds(ctx)
	return indicators.DueOf(rounds), err
}

// drawn reports an area whose figures the pages show.
func drawn(a *indicators.Area) bool {
	return a.Level == indicators.CityLevel || a.Level == indicators.DistrictLevel
}

// published reads the figures that a snapshot is made of, and those that were
// taken back.
func (s *Server) published(ctx context.Context, k snapshotKey, ahead *indicators.Foresight) (obs []indicators.Observation, withdrawn []indicators.Withdrawal, err error) {
	if ahead != nil {
		// A figure is found by its area, so that their order among areas is nobody's concern.
		outside := func(o indicators.Observation) bool {
			a := k.library.Area(o.Area)
			return a == nil || !drawn(a)
		}
		return slices.DeleteFunc(slices.Concat(ahead.Observations, ahead.Replaced), outside), slices.Clone(ahead.Withdrawn), nil
	}
	if withdrawn, err = s.Store.Withdrawals(ctx); err != nil {
		return nil, nil, err
	}
	if k.past {
		// What a later release took back stood in this one.
		withdrawn = slices.DeleteFunc(withdrawn, func(w indicators.Withdrawal) bool { return w.Release > k.release })
	}
	for i := range k.library.Areas {
		a := &k.library.Areas[i]
		if !drawn(a) {
			continue
		}
		read := func() ([]indicators.Observation, error) { return s.Store.ObservationsIn(ctx, a.Code) }
		if k.past {
			read = func() ([]indicators.Observation, error) { return s.Store.ObservationsInAt(ctx, k.release, a.Code) }
		}
		list, err := read()
		if err != nil {
			return nil, nil, fmt.Errorf("area %s: %w", a.Code, err)
		}
		obs = append(obs, list...)
		if !k.past {
			replaced, err := s.Store.ReplacedIn(ctx, a.Code)
			if err != nil {
				return nil, nil, err
			}
			obs = append(obs, replaced...)
		}
	}
	return obs, withdrawn, nil
}

// withEnded are the observations and those that ended, each edition once.
func withEnded(obs []indicators.Observation, ended []indicators.Withdrawal) []indicators.Observation {
	if len(ended) == 0 {
		return obs
	}
	type edition struct {
		subject, area indicators.Code
		period        indicators.Period
		basis         indicators.Basis
		revision      int
	}
	of := func(o *indicators.Observation) edition {
		return edition{o.Subject, o.Area, o.Period, o.Basis, o.Revision}
	}
	here := make(map[edition]bool, len(obs))
	for n := range obs {
		here[of(&obs[n])] = true
	}
	for n := range ended {
		if o := &ended[n].Of; !here[of(o)] {
			obs = append(obs, *o)
		}
	}
	return obs
}

func newSnapshot(k snapshotKey, obs []indicators.Observation, withdrawn []indicators.Withdrawal, due indicators.ResultsDue) *snapshot {
	// Days before they ended still know them; what gave its place on the spot is
	// among the rest already.
	obs = withEnded(obs, withdrawn)
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
	return out
}
