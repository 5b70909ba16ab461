package sqlite

import (
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
	_, err = s.permitted(ctx, actor, indicators.Publish)
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
		l, err := s.libraryIn(ctx, tx)
		if err != nil {
			return err
		}
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
		r = m.release(actor, at, note)
		if err := m.figuresInto(ctx, tx, actor); err != nil {
			return err
		}
		if err := m.takingsInto(ctx, tx, l, actor, at); err != nil {
			return err
		}
		if err := statusesInto(ctx, tx, m.Release, m.Assessments, say); err != nil {
			return err
		}
		err = record(ctx, tx, actor.Did(at, indicators.Publish, indicators.ReleaseObject(r.Number), nil, map[string]any{
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
	for _, g := range m.gives {
		if err := end(ctx, tx, g.of, m.Release); err != nil {
			return err
		}
		// Days before the correction still know it.
		if err := takenBack(ctx, tx, actor, g.by.at, g.of, g.reason, m.Release); err != nil {
			return err
		}
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

// statusesInto keeps what the rules say in a release.
func statusesInto(ctx context.Context, tx *sql.Tx, release int, all []indicators.Assessment, say func(*indicators.Assessment) (zh, en string)) error {
	for i := range all {
		a := &all[i]
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
			release,
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
// it; the newest first, one for each figure. What came with a package has none,
// and what was taken back by then is passed over. NotFound "release".
func (s *Store) Provenance(ctx context.Context, release int, indicator indicators.Code) (out []indicators.Provenance, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		if _, err := releaseNumbered(ctx, tx, release); err != nil {
			return err
		}
		out, err = provenance(ctx, tx, release, indicator)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("provenance of %s: %w", indicator, err)
	}
	return out, nil
}

func provenance(ctx context.Context, q querier, release int, indicator indicators.Code) (out []indicators.Provenance, err error) {
	rows, err := q.QueryContext(ctx, `
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
			(SELECT count(*) FROM evidence WHERE evidence.duty = d.id AND removed IS NULL),
			g.period,
			g.basis,
			g.revision
		FROM rounds
		CROSS JOIN duties AS d ON d.round = rounds.number AND d.indicator = ?1
		CROSS JOIN revisions AS r ON r.duty = d.id
		CROSS JOIN origins AS g ON g.entered = r.id
		CROSS JOIN observations AS o ON o.subject = g.subject AND o.area = g.area AND o.period = g.period AND o.basis = g.basis AND o.revision = g.revision
		WHERE r.release <= ?2 AND o.release <= ?2 AND NOT EXISTS (
			SELECT 1
			FROM takings AS t
			WHERE t.subject = g.subject AND t.area = g.area AND t.period = g.period AND t.basis = g.basis AND t.revision = g.revision
				AND t.restores = 0 AND t.release <= ?2
		)
		ORDER BY o.release DESC, r.id DESC`,
		indicator,
		release)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p indicators.Provenance
		var period, basis int
		if p.Revision, err = scanRevision(rows.Scan, &p.Evidence, &period, &basis, &p.Public.Revision); err != nil {
			return nil, err
		}
		p.Public.Subject, p.Public.Area, p.Public.Period, p.Public.Basis = p.Indicator, p.Area, periodOf(period), bases[basis]
		out = append(out, p)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range out {
		if err := passed(ctx, q, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// passed fills in who endorsed and who approved a revision last.
func passed(ctx context.Context, q querier, p *indicators.Provenance) error {
	rows, err := q.QueryContext(ctx, `
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
