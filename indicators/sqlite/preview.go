package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"yimi/indicators"
)

// Preview is exactly what publishing a round's approved figures would do (round
// 0: what [Store.Withhold] and [Store.PrepareUndo] prepared): figures, statuses
// before and after on the same day, and findings. Its Token goes into
// [Store.Publish]. NotFound "round".
func (s *Store) Preview(ctx context.Context, actor indicators.Actor, at time.Time, number int) (p *indicators.Preview, err error) {
	if _, err := s.permitted(ctx, actor, indicators.Publish); err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		l, err := s.libraryIn(ctx, tx)
		if err != nil {
			return err
		}
		made, err := prepare(ctx, tx, l, at, number)
		if err == nil {
			p = &made.Preview
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	return p, nil
}

// making is a release under way.
type making struct {
	indicators.Preview
	stands  []stored // all figures before it
	figures []*figureWork
	gives   []replaced // what candidates correct under another key
	takings []taking
	due     indicators.ResultsDue
}

// replaced is a public figure whose place a candidate takes though it has
// another period or basis: a deed of another day, an amount entered as a level.
type replaced struct {
	of     stored
	by     *figureWork
	reason string
}

type taking struct {
	indicators.Taking
	of stored
}

// gather reads what a release would be made of, and seals it.
func gather(ctx context.Context, q querier, l *indicators.Library, at time.Time, number int) (*making, error) {
	m := &making{}
	last, err := newest(ctx, q)
	if err != nil {
		return nil, err
	}
	var edition int64
	if err := q.QueryRowContext(ctx, `
		SELECT edition
		FROM plan`).Scan(&edition); err != nil {
		return nil, err
	}
	m.Release, m.Round, m.Day = last.Number+1, number, today(l, at)
	if number > 0 {
		err = m.candidates(ctx, q, l, at)
	} else if m.takings, err = takings(ctx, q); err == nil {
		for _, t := range m.takings {
			m.Taken = append(m.Taken, t.Taking)
		}
	}
	if err != nil {
		return nil, err
	}
	all, err := rounds(ctx, q)
	if err != nil {
		return nil, err
	}
	m.due = indicators.DueOf(all)
	m.Seal(edition, m.due)
	return m, nil
}

// check reads the figures that stand and what a check of each candidate finds.
func (m *making) check(ctx context.Context, q querier, l *indicators.Library) (err error) {
	if m.stands, err = everything(ctx, q, l, newestRelease); err != nil {
		return err
	}
	around, err := look(ctx, q, m.figures...)
	if err != nil {
		return err
	}
	m.replaces(l, around)
	for i, w := range m.figures {
		sight, err := around.sight(w)
		if err != nil {
			return err
		}
		m.Candidates[i].Findings = sight.Check(w.Entry)
	}
	return nil
}

// replaces finds the figures that give their place to a candidate of the same
// duty and that no key says so of.
func (m *making) replaces(l *indicators.Library, around *neighbours) {
	by := map[figureKey]int{}
	for i, w := range m.figures {
		for k := range around.own[w.ID] {
			by[k] = i
		}
	}
	for i, o := range plain(m.stands) {
		if c, own := by[figureKeyOf(&o)]; own && !l.SameFigure(o, m.Candidates[c].Observation) {
			m.gives = append(m.gives, replaced{m.stands[i], m.figures[c], m.figures[c].Entry.Correction})
		}
	}
}

// prepare is a whole preview.
func prepare(ctx context.Context, q querier, l *indicators.Library, at time.Time, number int) (*making, error) {
	m, err := gather(ctx, q, l, at, number)
	if err != nil {
		return nil, err
	}
	if err := m.check(ctx, q, l); err != nil {
		return nil, err
	}
	m.Vouch()
	before := plain(m.stands)
	after := m.after(before)
	m.Assessments = indicators.AssessPlan(l, after, m.Day, m.due)
	m.Effects = indicators.Effects(indicators.AssessPlan(l, before, m.Day, m.due), m.Assessments)
	m.Figures = indicators.Differences(l, before, after)
	if number > 0 {
		err = m.unreported(ctx, q)
	}
	return m, err
}

// after is all figures as they would stand: one of a key that stands already
// (published on the same day) gives its place.
func (m *making) after(before []indicators.Observation) []indicators.Observation {
	out := slices.Clone(before)
	for _, g := range m.gives {
		out = slices.DeleteFunc(out, func(o indicators.Observation) bool {
			return indicators.CompareObservations(o, g.of.Observation) == 0
		})
	}
	for _, t := range m.takings {
		if !t.Restores {
			out = slices.DeleteFunc(out, func(o indicators.Observation) bool {
				return indicators.CompareObservations(o, t.Observation) == 0
			})
		}
	}
	for _, t := range m.takings {
		if t.Restores {
			out = append(out, t.Observation)
		}
	}
	standing := map[string]int{}
	for i := range out {
		standing[keyOf(out[i])] = i
	}
	for _, c := range m.Candidates {
		if i, there := standing[keyOf(c.Observation)]; there {
			out[i] = c.Observation
			continue
		}
		out = append(out, c.Observation)
	}
	return out
}

// unreported counts the round's duties that stay without a published figure.
func (m *making) unreported(ctx context.Context, q querier) error {
	var public int
	err := q.QueryRowContext(ctx, `
		SELECT
			(SELECT count(*) FROM duties WHERE round = ?1),
			(SELECT count(DISTINCT d.id) FROM duties AS d CROSS JOIN revisions AS r ON r.duty = d.id WHERE d.round = ?1 AND (r.state = 'approved' OR EXISTS (
				SELECT 1
				FROM origins AS g
				CROSS JOIN observations AS o ON o.subject = g.subject AND o.area = g.area AND o.period = g.period AND o.basis = g.basis AND o.revision = g.revision
				WHERE g.entered = r.id AND o.ended IS NULL
			)))`,
		m.Round).Scan(&m.Unreported, &public)
	m.Unreported -= public
	return err
}

// release is the release that is made.
func (m *making) release(actor indicators.Actor, at time.Time, note string) indicators.Release {
	r := indicators.Release{Number: m.Release, Published: at.UTC().Truncate(time.Second), Note: note, Kind: indicators.RoundRelease,
		Round: m.Round, Person: actor.Person, Rules: indicators.RulesVersion}
	if m.Round == 0 {
		r.Kind = indicators.WithdrawalRelease
	}
	return r
}

// PreviewToken is the token that [Store.Foresee] would have now, without the
// work of judging: whoever keeps what was foreseen under it asks whether it
// still holds. NotFound "round".
func (s *Store) PreviewToken(ctx context.Context, actor indicators.Actor, at time.Time, number int) (token string, err error) {
	if _, err := s.permitted(ctx, actor, indicators.Publish); err != nil {
		return "", fmt.Errorf("preview: %w", err)
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		l, err := s.libraryIn(ctx, tx)
		if err != nil {
			return err
		}
		m, err := gather(ctx, tx, l, at, number)
		if err == nil {
			token = m.Token
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("preview: %w", err)
	}
	return token, nil
}

// errRehearsed takes back what was only rehearsed.
var errRehearsed = errors.New("rehearsed")

// Foresee is what the public pages would read once a round's approved figures
// (round 0: what is prepared for being taken back) were published. It publishes
// them, reads as the pages do, and takes all of it back, so that what is
// foreseen is what comes. Errors: NotFound "round"; Invalid "release_empty",
// "release_errors".
func (s *Store) Foresee(ctx context.Context, actor indicators.Actor, at time.Time, number int) (*indicators.Foresight, error) {
	if _, err := s.permitted(ctx, actor, indicators.Publish); err != nil {
		return nil, fmt.Errorf("foresee: %w", err)
	}
	f := &indicators.Foresight{}
	err := s.change(ctx, func(tx *sql.Tx) error {
		l, err := s.libraryIn(ctx, tx)
		if err != nil {
			return err
		}
		m, err := gather(ctx, tx, l, at, number)
		if err != nil {
			return err
		}
		if err := m.check(ctx, tx, l); err != nil {
			return err
		}
		switch {
		case len(m.Candidates)+len(m.Taken) == 0:
			return invalid(emptyRelease, "")
		case m.Errors():
			return invalid(withErrors, "")
		}
		f.Token, f.Release = m.Token, m.release(actor, at, "")
		if err := m.figuresInto(ctx, tx, actor); err != nil {
			return err
		}
		if err := m.takingsInto(ctx, tx, l, actor, at); err != nil {
			return err
		}
		if err := announce(ctx, tx, f.Release, actor.Account); err != nil {
			return err
		}
		if err := foreseen(ctx, tx, l, f); err != nil {
			return err
		}
		f.Provenance = map[indicators.Code][]indicators.Provenance{}
		for _, c := range m.Candidates {
			code := c.Revision.Indicator
			if _, read := f.Provenance[code]; read {
				continue
			}
			if f.Provenance[code], err = provenance(ctx, tx, f.Release.Number, code); err != nil {
				return err
			}
		}
		return errRehearsed
	})
	if !errors.Is(err, errRehearsed) {
		return nil, fmt.Errorf("foresee: %w", err)
	}
	return f, nil
}

// foreseen reads what the pages read.
func foreseen(ctx context.Context, q querier, l *indicators.Library, f *indicators.Foresight) error {
	stands, err := everything(ctx, q, l, newestRelease)
	if err != nil {
		return err
	}
	f.Observations = plain(stands)
	for i := range l.Areas {
		rows, err := replacedIn(ctx, q, l.Areas[i].Code)
		if err != nil {
			return err
		}
		f.Replaced = append(f.Replaced, plain(rows)...)
	}
	f.Withdrawn, err = withdrawals(ctx, q, l)
	return err
}

// candidates are the round's approved figures, in the plan's order.
func (m *making) candidates(ctx context.Context, q querier, l *indicators.Library, at time.Time) error {
	if _, err := round(ctx, q, m.Round); err != nil {
		return err
	}
	duties, err := approved(ctx, q, m.Round)
	if err != nil {
		return err
	}
	for _, d := range duties {
		w, err := theFigure(ctx, q, l, at, d)
		var gone *indicators.Error
		if errors.As(err, &gone) && gone.Kind == indicators.NotFound {
			continue // its indicator has left the library: there is nothing to publish it under
		}
		if err != nil {
			return err
		}
		m.figures = append(m.figures, w)
	}
	place := map[indicators.Code]int{}
	for i := range l.Indicators {
		place[l.Indicators[i].Code] = i
	}
	slices.SortFunc(m.figures, func(a, b *figureWork) int {
		return cmp.Or(cmp.Compare(place[a.Indicator], place[b.Indicator]), cmp.Compare(a.Area, b.Area))
	})
	for _, w := range m.figures {
		m.Candidates = append(m.Candidates, indicators.Candidate{Revision: w.Revision,
			Observation: l.Observation(w.ind, w.Area, w.round.Year, w.Entry, m.Day)})
	}
	return nil
}

// keyOf is the key of an observation as one text.
func keyOf(o indicators.Observation) string {
	return fmt.Sprint(o.Subject, " ", o.Area, " ", o.Period, " ", o.Basis, " ", o.Vintage, " ", o.Published)
}

func approved(ctx context.Context, q querier, number int) ([]int64, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT d.id
		FROM revisions AS r
		CROSS JOIN duties AS d ON d.id = r.duty
		WHERE r.state = 'approved' AND d.round = ?`, number)
	if err != nil {
		return nil, err
	}
	return numbers(rows)
}
