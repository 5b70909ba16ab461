package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"yimi/indicators"
)

// sightOf gathers what a check of the figure looks at: the public figures of
// its indicator, its series and what its rules name, and the entries of the
// round that the rules name.
func sightOf(ctx context.Context, q querier, w *figureWork) (*indicators.Sight, error) {
	all, err := rounds(ctx, q)
	if err != nil {
		return nil, err
	}
	s := &indicators.Sight{
		Library: w.l, Indicator: w.ind, Area: w.Area, Year: w.round.Year, Day: w.day, Due: indicators.DueOf(all),
		Beside: map[indicators.Place]indicators.Input{}, Correcting: w.Edition > 1 || w.State == indicators.Published,
	}
	codes := indicators.Codes{w.Indicator}
	for _, r := range w.l.Rules {
		var named indicators.Codes
		for _, side := range []string{r.Left, r.Right} {
			terms, err := indicators.ParseTerms(side)
			if err != nil {
				return nil, err
			}
			for _, t := range terms {
				if t.Code != "" {
					named = append(named, t.Code)
				}
			}
		}
		if named.Contains(w.Indicator) {
			codes = append(codes, named...)
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	for _, c := range codes {
		if err := beside(ctx, q, w, c, s.Beside); err != nil {
			return nil, err
		}
	}
	for _, c := range []indicators.Code{w.ind.NumeratorSeries, w.ind.DenominatorSeries} {
		if c != "" && !codes.Contains(c) {
			codes = append(codes, c)
		}
	}
	for _, c := range codes {
		rows, err := observationsOf(ctx, q, c, newestRelease)
		if err != nil {
			return nil, err
		}
		s.Observations = append(s.Observations, plain(rows)...)
	}
	s.See()
	return s, nil
}

// beside adds what was entered in the round for an indicator, in every area.
func beside(ctx context.Context, q querier, w *figureWork, code indicators.Code, into map[indicators.Place]indicators.Input) error {
	rows, err := q.QueryContext(ctx, `
		SELECT
			d.area,
			r.entry
		FROM duties AS d
		CROSS JOIN revisions AS r ON r.id = d.revision
		WHERE d.round = ? AND d.indicator = ? AND d.id <> ?`,
		w.Round,
		code,
		w.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var area indicators.Code
		var text string
		if err := rows.Scan(&area, &text); err != nil {
			return err
		}
		var e indicators.Input
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return err
		}
		into[indicators.Place{Subject: code, Area: area}] = e
	}
	return rows.Err()
}

// Figure is one figure of a round by its duty's id, for whoever may read it:
// its unit, its lead departments, the office and the auditor. NotFound
// "revision" for everybody else, as for an unknown id.
func (s *Store) Figure(ctx context.Context, actor indicators.Actor, at time.Time, duty int64) (*indicators.FigureView, error) {
	l, err := s.Library(ctx)
	if err != nil {
		return nil, err
	}
	v := &indicators.FigureView{}
	err = s.view(ctx, func(tx *sql.Tx) error {
		w, err := theFigure(ctx, tx, l, at, duty)
		if err != nil {
			return err
		}
		if err := w.may(ctx, tx, actor, indicators.ReadFigure); err != nil {
			return err
		}
		v.Revision, v.Round, v.Indicator, v.Endorsed = w.Revision, w.round, w.ind, w.endorsed
		v.Open = w.round.OpenOn(w.Duty, w.day)
		if v.Sight, err = sightOf(ctx, tx, w); err != nil {
			return err
		}
		if w.State != indicators.NotBegun {
			v.Findings = v.Sight.Check(w.Entry)
			if !indicators.HasErrors(v.Findings) {
				v.Effects = v.Sight.Effects(w.Entry)
			}
		}
		if v.Versions, err = versions(ctx, tx, w.ID); err != nil {
			return err
		}
		if v.Evidence, err = evidenceOfDuty(ctx, tx, w.ID); err != nil {
			return err
		}
		for _, act := range []indicators.Action{
			indicators.Save, indicators.Attach, indicators.Detach, indicators.Submit, indicators.Withdraw, indicators.Endorse,
			indicators.Approve, indicators.Return, indicators.Reopen,
		} {
			if w.can(ctx, tx, actor, act) {
				v.May = append(v.May, act)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("figure %d: %w", duty, err)
	}
	return v, nil
}

// can reports whether an act would go through now, as far as the actor, the
// state and the lock decide.
func (w *figureWork) can(ctx context.Context, q querier, actor indicators.Actor, act indicators.Action) bool {
	if w.may(ctx, q, actor, act) != nil {
		return false
	}
	switch act {
	case indicators.Attach, indicators.Detach:
		return w.round.OpenOn(w.Duty, w.day)
	case indicators.Reopen:
		return true
	case indicators.Submit:
		// What was not begun is sent together with its first save.
		_, send := indicators.NextState(w.State, act, w.endorsed)
		_, save := indicators.NextState(w.State, indicators.Save, w.endorsed)
		return (send == nil || save == nil) && w.round.OpenOn(w.Duty, w.day)
	}
	_, err := indicators.NextState(w.State, act, w.endorsed)
	switch act {
	case indicators.Save:
		return err == nil && w.round.OpenOn(w.Duty, w.day)
	case indicators.Withdraw:
		return err == nil && !w.Opened
	}
	return err == nil
}

// versions lists every write of a figure, the newest first.
func versions(ctx context.Context, q querier, duty int64) ([]indicators.Version, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT
			v.revision,
			v.number,
			v.at,
			v.account,
			v.person,
			v.act,
			v.state,
			v.entry,
			v.reason
		FROM revisions AS r
		CROSS JOIN versions AS v ON v.revision = r.id
		WHERE r.duty = ?
		ORDER BY r.edition DESC, v.number DESC`, duty)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []indicators.Version
	for rows.Next() {
		var v indicators.Version
		var at, entry string
		if err := rows.Scan(&v.Revision, &v.Number, &at, &v.Account, &v.Person, &v.Act, &v.State, &entry, &v.Reason); err != nil {
			return nil, err
		}
		if v.At, err = read(at); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(entry), &v.Entry); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// WorkList lists what the actor's organisations owe in a round, with the entry
// of each figure: the rows of /work and of the grid, by indicator's and area's
// code. A newer plan may have dropped an indicator; its row is still listed, and
// [Store.Figure] of it is NotFound. NotFound "round".
func (s *Store) WorkList(ctx context.Context, actor indicators.Actor, number int) (r indicators.Round, out []indicators.Revision, err error) {
	if err := actor.Allow(indicators.Work); err != nil {
		return r, nil, fmt.Errorf("work: %w", err)
	}
	l, err := s.Library(ctx)
	if err != nil {
		return r, nil, err
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		if r, err = round(ctx, tx, number); err != nil {
			return err
		}
		for _, o := range l.Wards(actor.Organisations(indicators.Contributor)) {
			rows, err := owed(ctx, tx, number, o)
			if err != nil {
				return err
			}
			out = append(out, rows...)
		}
		return nil
	})
	if err != nil {
		return r, nil, fmt.Errorf("work: %w", err)
	}
	return r, out, nil
}

func owed(ctx context.Context, q querier, number int, organisation indicators.Code) ([]indicators.Revision, error) {
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
			r.release
		FROM duties AS d INDEXED BY duties_by_organisation
		LEFT JOIN revisions AS r ON r.id = d.revision
		WHERE d.organisation = ? AND d.round = ?
		ORDER BY d.indicator, d.area`,
		organisation,
		number)
	if err != nil {
		return nil, err
	}
	return readRevisions(rows)
}

func readRevisions(rows *sql.Rows) (out []indicators.Revision, err error) {
	defer rows.Close()
	for rows.Next() {
		r, err := scanRevision(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
