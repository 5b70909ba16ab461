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

// sightOf gathers what a check of the figure looks at.
func sightOf(ctx context.Context, q querier, w *figureWork) (*indicators.Sight, error) {
	n, err := look(ctx, q, w)
	if err != nil {
		return nil, err
	}
	return n.sight(w)
}

// neighbours is what checks of some figures look at: the public figures of
// their indicators, their series and what their rules name, and the entries of
// their rounds that the rules name or that count the same.
type neighbours struct {
	rounds       []indicators.Round
	observations map[indicators.Code][]indicators.Observation
	entries      map[int]map[indicators.Place]indicators.Input // by round
	own          map[int64]map[figureKey]bool                  // by duty: the figures that came from it
}

// figureKey names a public figure among all that the store has.
type figureKey struct {
	subject, area indicators.Code
	period        indicators.Period
	basis         indicators.Basis
	revision      int
}

// figureKeyOf names a figure whose Revision is known.
func figureKeyOf(o *indicators.Observation) figureKey {
	return figureKey{o.Subject, o.Area, o.Period, o.Basis, o.Revision}
}

// look reads the neighbours of figures, in as many statements for a page of them
// as for one.
func look(ctx context.Context, q querier, list ...*figureWork) (*neighbours, error) {
	n := &neighbours{observations: map[indicators.Code][]indicators.Observation{}, entries: map[int]map[indicators.Place]indicators.Input{}}
	var err error
	if n.rounds, err = rounds(ctx, q); err != nil {
		return nil, err
	}
	if err := n.cameFrom(ctx, q, list); err != nil {
		return nil, err
	}
	var public indicators.Codes
	beside := map[int]indicators.Codes{}
	for _, w := range list {
		entries, figures, err := w.named()
		if err != nil {
			return nil, err
		}
		public = append(public, figures...)
		beside[w.Round] = append(beside[w.Round], entries...)
	}
	if err := n.publicOf(ctx, q, public); err != nil {
		return nil, err
	}
	for number, codes := range beside {
		if err := n.enteredFor(ctx, q, number, codes); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// named lists the indicators whose entries a check of the figure looks at (with
// those that count the same), and whose public figures; with the latter the
// series that it is a rate of.
func (w *figureWork) named() (entries, figures indicators.Codes, err error) {
	entries = indicators.Codes{w.Indicator}
	for _, r := range w.l.Rules {
		var named indicators.Codes
		for _, side := range []string{r.Left, r.Right} {
			terms, err := indicators.ParseTerms(side)
			if err != nil {
				return nil, nil, err
			}
			for _, t := range terms {
				if t.Code != "" {
					named = append(named, t.Code)
				}
			}
		}
		if named.Contains(w.Indicator) {
			entries = append(entries, named...)
		}
	}
	slices.Sort(entries)
	entries = slices.Compact(entries)
	figures = slices.Clone(entries)
	for i := range w.l.Indicators {
		if other := &w.l.Indicators[i]; other.SharesParts(w.ind) && !entries.Contains(other.Code) {
			entries = append(entries, other.Code)
		}
	}
	for _, c := range []indicators.Code{w.ind.NumeratorSeries, w.ind.DenominatorSeries} {
		if c != "" && !figures.Contains(c) {
			figures = append(figures, c)
		}
	}
	return entries, figures, nil
}

func (n *neighbours) sight(w *figureWork) (*indicators.Sight, error) {
	s := &indicators.Sight{
		Library: w.l, Indicator: w.ind, Area: w.Area, Year: w.round.Year, Day: w.day, Due: indicators.DueOf(n.rounds),
		Beside: map[indicators.Place]indicators.Input{}, Correcting: w.Edition > 1 || w.State == indicators.Published,
		Sent: indicators.SentOf(w.Revision, w.meant, w.l.Plan.Location()),
	}
	entries, figures, err := w.named()
	if err != nil {
		return nil, err
	}
	own := indicators.Place{Subject: w.Indicator, Area: w.Area}
	for at, e := range n.entries[w.Round] {
		if at != own && entries.Contains(at.Subject) {
			s.Beside[at] = e
		}
	}
	for _, c := range figures {
		s.Observations = append(s.Observations, n.observations[c]...)
	}
	for i := range n.observations[w.Indicator] {
		if o := &n.observations[w.Indicator][i]; n.own[w.ID][figureKeyOf(o)] {
			s.Own = append(s.Own, *o)
		}
	}
	s.See()
	return s, nil
}

// cameFrom reads which public figures came from the duties, standing or not.
func (n *neighbours) cameFrom(ctx context.Context, q querier, list []*figureWork) error {
	n.own = make(map[int64]map[figureKey]bool, len(list))
	duties := make([]int64, len(list))
	for i, w := range list {
		duties[i] = w.ID
	}
	asked, err := json.Marshal(duties)
	if err != nil {
		return err
	}
	rows, err := q.QueryContext(ctx, `
		SELECT
			r.duty,
			subject_ids.code,
			area_ids.code,
			g.period,
			g.basis,
			g.revision
		FROM json_each(?) AS asked
		CROSS JOIN revisions AS r ON r.duty = asked.value
		CROSS JOIN origins AS g ON g.entered = r.id
		CROSS JOIN subject_ids ON subject_ids.id = g.subject
		CROSS JOIN area_ids ON area_ids.id = g.area`, string(asked))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var duty int64
		var k figureKey
		var period, basis int
		if err := rows.Scan(&duty, &k.subject, &k.area, &period, &basis, &k.revision); err != nil {
			return err
		}
		k.period, k.basis = periodOf(period), bases[basis]
		if n.own[duty] == nil {
			n.own[duty] = map[figureKey]bool{}
		}
		n.own[duty][k] = true
	}
	return rows.Err()
}

// publicOf reads the public figures of indicators and series.
func (n *neighbours) publicOf(ctx context.Context, q querier, codes indicators.Codes) error {
	slices.Sort(codes)
	list, err := json.Marshal(slices.Compact(codes))
	if err != nil {
		return err
	}
	rows, err := q.QueryContext(ctx, `
		SELECT
			subject_ids.code,
			area_ids.code,
			o.subject,
			o.area,
			o.period,
			o.basis,
			o.revision,
			o.value,
			o.bound,
			o.answer,
			o.numerator,
			o.denominator,
			o.kind,
			o.quality,
			o.vintage,
			o.published,
			o.published_assumed,
			o.source,
			o.source_url,
			o.confidence,
			o.note
		FROM json_each(?) AS asked
		CROSS JOIN subject_ids ON subject_ids.code = asked.value
		CROSS JOIN observations AS o ON o.subject = subject_ids.id
		CROSS JOIN area_ids ON area_ids.id = o.area
		WHERE o.ended IS NULL`, string(list))
	if err != nil {
		return err
	}
	found, err := readObservations(rows)
	if err != nil {
		return err
	}
	for _, o := range plain(found) {
		n.observations[o.Subject] = append(n.observations[o.Subject], o)
	}
	return nil
}

// enteredFor reads what was entered in a round for indicators, in every area.
func (n *neighbours) enteredFor(ctx context.Context, q querier, number int, codes indicators.Codes) error {
	slices.Sort(codes)
	list, err := json.Marshal(slices.Compact(codes))
	if err != nil {
		return err
	}
	rows, err := q.QueryContext(ctx, `
		SELECT
			d.indicator,
			d.area,
			r.entry
		FROM json_each(?) AS asked
		CROSS JOIN duties AS d ON d.round = ? AND d.indicator = asked.value
		CROSS JOIN revisions AS r ON r.id = d.revision`,
		string(list),
		number)
	if err != nil {
		return err
	}
	defer rows.Close()
	into := map[indicators.Place]indicators.Input{}
	for rows.Next() {
		var at indicators.Place
		var text string
		if err := rows.Scan(&at.Subject, &at.Area, &text); err != nil {
			return err
		}
		var e indicators.Input
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return err
		}
		into[at] = e
	}
	n.entries[number] = into
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
		around, err := look(ctx, tx, w)
		if err != nil {
			return err
		}
		if err := w.seen(v, around); err != nil {
			return err
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
		v.Barred, err = w.barred(ctx, tx, actor)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("figure %d: %w", duty, err)
	}
	return v, nil
}

// seen fills in what the figure is, what a check finds and what publishing it
// would flip.
func (w *figureWork) seen(v *indicators.FigureView, around *neighbours) (err error) {
	v.Revision, v.Round, v.Indicator, v.Endorsed = w.Revision, w.round, w.ind, w.endorsed
	v.Open = w.round.OpenOn(w.Duty, w.day)
	if v.Sight, err = around.sight(w); err != nil {
		return err
	}
	if w.State != indicators.NotBegun {
		v.Findings = v.Sight.Check(w.Entry)
		if !indicators.HasErrors(v.Findings) {
			v.Effects = v.Sight.Effects(w.Entry)
		}
	}
	return nil
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
		return err == nil && !w.Opened && w.round.OpenOn(w.Duty, w.day)
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
