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

// The keys of a release being made.
const (
	stalePreview = "preview_stale"    // something changed since it was looked at
	emptyRelease = "release_empty"    // nothing is approved, or prepared
	withErrors   = "release_errors"   // a check finds an error
	withWarnings = "release_warnings" // warnings that were not seen
	noNote       = "note_empty"       // a release tells the public why
)

// Preview is exactly what publishing a round's approved figures would do (round
// 0: what [Store.Withhold] and [Store.PrepareUndo] prepared): figures, statuses
// before and after on the same day, findings, and all figures as they would
// stand, from which any page can be shown as it will read. Its Token goes into
// [Store.Publish]. NotFound "round".
func (s *Store) Preview(ctx context.Context, actor indicators.Actor, at time.Time, number int) (p *indicators.Preview, err error) {
	l, err := s.permitted(ctx, actor, indicators.Publish)
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
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
	takings []taking
}

type taking struct {
	indicators.Taking
	of stored
}

func prepare(ctx context.Context, q querier, l *indicators.Library, at time.Time, number int) (*making, error) {
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
	if m.stands, err = everything(ctx, q, l, newestRelease); err != nil {
		return nil, err
	}
	all, err := rounds(ctx, q)
	if err != nil {
		return nil, err
	}
	before, withdrawn := plain(m.stands), []indicators.Withdrawal(nil)
	after := slices.Clone(before)
	if number > 0 {
		if after, err = m.candidates(ctx, q, l, at, after); err != nil {
			return nil, err
		}
	} else {
		if m.takings, err = takings(ctx, q); err != nil {
			return nil, err
		}
		for _, t := range m.takings {
			m.Taken = append(m.Taken, t.Taking)
			if t.Restores {
				continue
			}
			after = slices.DeleteFunc(after, func(o indicators.Observation) bool {
				return indicators.CompareObservations(o, t.Observation) == 0
			})
			withdrawn = append(withdrawn, indicators.Withdrawal{Of: t.Observation, On: m.Day})
		}
		for _, t := range m.takings {
			if t.Restores {
				after = append(after, t.Observation)
			}
		}
	}
	due := indicators.DueOf(all)
	m.Observations, m.Withdrawn = after, withdrawn
	m.Assessments = indicators.AssessPlan(l, after, m.Day, due)
	m.Effects = indicators.Effects(indicators.AssessPlan(l, before, m.Day, due), m.Assessments)
	m.Figures = indicators.Differences(l, before, after)
	m.Seal(edition)
	return m, nil
}

// candidates adds the round's approved figures to after: one of a key that
// stands already (published on the same day) takes its place.
func (m *making) candidates(ctx context.Context, q querier, l *indicators.Library, at time.Time, after []indicators.Observation) ([]indicators.Observation, error) {
	if _, err := round(ctx, q, m.Round); err != nil {
		return nil, err
	}
	duties, err := approved(ctx, q, m.Round)
	if err != nil {
		return nil, err
	}
	for _, d := range duties {
		w, err := theFigure(ctx, q, l, at, d)
		var gone *indicators.Error
		if errors.As(err, &gone) && gone.Kind == indicators.NotFound {
			continue // its indicator has left the library: there is nothing to publish it under
		}
		if err != nil {
			return nil, err
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
		sight, err := sightOf(ctx, q, w)
		if err != nil {
			return nil, err
		}
		c := indicators.Candidate{Revision: w.Revision, Findings: sight.Check(w.Entry),
			Observation: l.Observation(w.ind, w.Area, w.round.Year, w.Entry, m.Day)}
		m.Candidates = append(m.Candidates, c)
	}
	standing := map[string]int{}
	for i := range after {
		standing[keyOf(after[i])] = i
	}
	for _, c := range m.Candidates {
		if i, there := standing[keyOf(c.Observation)]; there {
			after[i] = c.Observation
			continue
		}
		after = append(after, c.Observation)
	}
	var public int
	err = q.QueryRowContext(ctx, `
		SELECT
			(SELECT count(*) FROM duties WHERE round = ?1),
			(SELECT count(DISTINCT d.id) FROM duties AS d CROSS JOIN revisions AS r ON r.duty = d.id WHERE d.round = ?1 AND r.state IN ('approved', 'published'))`,
		m.Round).Scan(&m.Unreported, &public)
	m.Unreported -= public
	return after, err
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

// Publish makes the release that a preview showed, whole or not at all: the
// figures, every status with its sentences and the version of the rules, the
// events of the trail and its head. It is the release.
//
// number and token are the preview's; note is told to the public; seen says
// that its warnings were; say tells an assessment in Chinese and English and
// must be quick. Errors: Conflict "preview_stale" when anything the preview
// rested on is another now (an approval, the library, the day); Invalid
// "release_empty", "note_empty", "text", "release_errors", "release_warnings".
func (s *Store) Publish(ctx context.Context, actor indicators.Actor, at time.Time, number int, token, note string, seen bool,
	say func(*indicators.Assessment) (zh, en string),
) (r indicators.Release, err error) {
	l, err := s.permitted(ctx, actor, indicators.Publish)
	if err == nil && note == "" {
		err = invalid(noNote, "")
	}
	if err == nil {
		err = indicators.CheckText(note)
	}
	if err != nil {
		return r, fmt.Errorf("publish: %w", err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		m, err := prepare(ctx, tx, l, at, number)
		if err != nil {
			return err
		}
		switch {
		case m.Token != token:
			return conflict(stalePreview, "")
		case len(m.Candidates)+len(m.Taken) == 0:
			return invalid(emptyRelease, "")
		case m.Errors():
			return invalid(withErrors, "")
		case m.Warnings() > 0 && !seen:
			return invalid(withWarnings, fmt.Sprint(m.Warnings()))
		}
		r = indicators.Release{Number: m.Release, Published: at.UTC().Truncate(time.Second), Note: note, Kind: indicators.RoundRelease,
			Round: number, Person: actor.Person, Rules: indicators.RulesVersion}
		if number == 0 {
			r.Kind = indicators.WithdrawalRelease
		}
		if err := m.figuresInto(ctx, tx, actor); err != nil {
			return err
		}
		if err := m.takingsInto(ctx, tx); err != nil {
			return err
		}
		if err := m.statusesInto(ctx, tx, say); err != nil {
			return err
		}
		err = record(ctx, tx, actor.Did(at, indicators.Publish, fmt.Sprintf("release %d", r.Number), nil, map[string]any{
			"round": number, "note": note, "figures": len(m.Candidates), "taken": len(m.Taken), "statuses": len(m.Effects),
		}))
		if err != nil {
			return err
		}
		if r.Head, err = treeHead(ctx, tx); err != nil {
			return err
		}
		return announce(ctx, tx, r, actor.Account)
	})
	if err != nil {
		return indicators.Release{}, fmt.Errorf("publish: %w", err)
	}
	return r, nil
}

// figuresInto publishes the candidates.
func (m *making) figuresInto(ctx context.Context, tx *sql.Tx, actor indicators.Actor) error {
	standing := make(map[string]stored, len(m.stands))
	for _, o := range m.stands {
		standing[keyOf(o.Observation)] = o
	}
	for i, w := range m.figures {
		o := m.Candidates[i].Observation
		if was, there := standing[keyOf(o)]; there {
			if err := end(ctx, tx, was, m.Release); err != nil {
				return err
			}
		}
		w.Release = m.Release
		if err := w.write(ctx, tx, actor, step{act: indicators.Publish, to: indicators.Published, entry: w.Entry}); err != nil {
			return err
		}
		if err := publishFrom(ctx, tx, o, w.Revision.Revision, m.Release); err != nil {
			return err
		}
	}
	return nil
}

// publishFrom adds a figure to the release, with the revision that it came
// from; 0 for none.
func publishFrom(ctx context.Context, tx *sql.Tx, o indicators.Observation, entered int64, release int) error {
	subject, err := idOf(ctx, tx, `SELECT id FROM subject_ids WHERE code = ?`, `INSERT INTO subject_ids (code) VALUES (?)`, o.Subject)
	if err != nil {
		return err
	}
	area, err := idOf(ctx, tx, `SELECT id FROM area_ids WHERE code = ?`, `INSERT INTO area_ids (code) VALUES (?)`, o.Area)
	if err != nil {
		return err
	}
	if err := publish(ctx, tx, o, subject, area, release); err != nil || entered == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO origins (
			subject,
			area,
			period,
			basis,
			revision,
			entered
		)
		SELECT ?1, ?2, ?3, ?4, max(revision), ?5
		FROM observations
		WHERE subject = ?1 AND area = ?2 AND period = ?3 AND basis = ?4`,
		subject,
		area,
		day(o.Period),
		slices.Index(bases[:], o.Basis),
		entered)
	return err
}

func idOf(ctx context.Context, tx *sql.Tx, look, insert string, code indicators.Code) (id int64, err error) {
	err = tx.QueryRowContext(ctx, look, code).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return newID(ctx, tx, insert, code)
	}
	return id, err
}

// enteredHere reports a figure that came from a round, not from a package.
func enteredHere(ctx context.Context, q querier, o stored) (is bool, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT EXISTS (
			SELECT 1
			FROM origins
			WHERE subject = ? AND area = ? AND period = ? AND basis = ? AND revision = ?
		)`,
		o.subject,
		o.area,
		o.period,
		o.basis,
		o.revision).Scan(&is)
	return is, err
}

func (m *making) statusesInto(ctx context.Context, tx *sql.Tx, say func(*indicators.Assessment) (zh, en string)) error {
	for i := range m.Assessments {
		a := &m.Assessments[i]
		zh, en := say(a)
		t := indicators.StatusOf(a, zh, en)
		_, err := tx.ExecContext(ctx, `
			INSERT INTO release_statuses (
				release,
				ordinal,
				indicator,
				area,
				milestone,
				basis,
				year,
				status,
				rule,
				value,
				period,
				attainment,
				gap,
				sentence_zh,
				sentence_en
			)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			m.Release,
			i,
			t.Indicator,
			t.Area,
			t.Milestone,
			t.Basis,
			t.Year,
			t.Status,
			t.Rule,
			orNull(t.Value.String()),
			orNull(t.Period.String()),
			orNull(t.Attainment.String()),
			orNull(t.Gap.String()),
			t.SentenceZh,
			t.SentenceEn)
		if err != nil {
			return err
		}
	}
	return nil
}

// Provenance tells how the public figures of an indicator came to be, as of a
// release: who entered and passed each, when, on how many files, and the
// explanation, next step and reason of a correction that are published beside
// it; the newest first. What came with a package has none. NotFound "release".
func (s *Store) Provenance(ctx context.Context, release int, indicator indicators.Code) (out []indicators.Provenance, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		if _, err := releaseNumbered(ctx, tx, release); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `
			SELECT
				d.id,
				d.round,
				d.indicator,
				d.area,
				d.organisation,
				d.until,
				r.id,
				r.state,
				r.version,
				r.edition,
				r.entry,
				r.account,
				r.person,
				r.changed,
				r.submitted,
				r.opened,
				r.refusal,
				r.release,
				(SELECT count(*) FROM evidence WHERE evidence.duty = d.id AND removed IS NULL)
			FROM rounds
			CROSS JOIN duties AS d ON d.round = rounds.number AND d.indicator = ?
			CROSS JOIN revisions AS r ON r.duty = d.id
			WHERE r.release <= ?
			ORDER BY r.release DESC, r.id DESC`,
			indicator,
			release)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var p indicators.Provenance
			if p.Revision, err = scanRevision(rows.Scan, &p.Evidence); err != nil {
				return err
			}
			out = append(out, p)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for i := range out {
			if err := passed(ctx, tx, &out[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("provenance of %s: %w", indicator, err)
	}
	return out, nil
}

// passed fills in who endorsed and who approved a revision last.
func passed(ctx context.Context, tx *sql.Tx, p *indicators.Provenance) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT
			act,
			person,
			at
		FROM versions
		WHERE revision = ? AND act IN ('endorse', 'approve')
		ORDER BY number`, p.Revision.Revision)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var act indicators.Action
		var person, text string
		if err := rows.Scan(&act, &person, &text); err != nil {
			return err
		}
		at, err := read(text)
		if err != nil {
			return err
		}
		if act == indicators.Endorse {
			p.EndorsedBy, p.EndorsedAt = person, at
		} else {
			p.ApprovedBy, p.ApprovedAt = person, at
		}
	}
	return rows.Err()
}
