package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"yimi/indicators"
)

// figureWork is one figure on which an action works, as it stands in tx.
type figureWork struct {
	indicators.Revision
	l        *indicators.Library
	ind      *indicators.Indicator
	round    indicators.Round
	at       time.Time
	day      indicators.Period
	endorsed bool               // a lead department comes before the office
	meant    indicators.Meaning // of what was sent
}

// theFigure reads a duty with its newest revision. NotFound "revision" for an
// unknown id, and for an indicator that the library has no more.
func theFigure(ctx context.Context, q querier, l *indicators.Library, at time.Time, duty int64) (*figureWork, error) {
	w := &figureWork{l: l, at: at, day: today(l, at)}
	var err error
	if w.Revision, err = scanRevision(q.QueryRowContext(ctx, `
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
			r.meaning
		FROM duties AS d
		LEFT JOIN revisions AS r ON r.id = d.revision
		WHERE d.id = ?`, duty).Scan, meaningInto{&w.meant}); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil, indicators.Missing(noDuty, "")
		}
		return nil, err
	}
	if w.ind = l.Indicator(w.Indicator); w.ind == nil {
		return nil, indicators.Missing(noDuty, "")
	}
	w.endorsed = l.Endorsed(w.ind, w.Area)
	w.round, err = round(ctx, q, w.Round)
	return w, err
}

// scanRevision reads the columns of a duty and its revision; further ones go
// into more.
func scanRevision(scan func(...any) error, more ...any) (r indicators.Revision, err error) {
	var until, state, entry, person, changed, submitted, opened, refusal sql.NullString
	var revision, version, edition, account, release sql.NullInt64
	err = scan(append([]any{
		&r.ID, &r.Round, &r.Indicator, &r.Area, &r.Organisation, &until, &revision, &state, &version,
		&edition, &entry, &account, &person, &changed, &submitted, &opened, &refusal, &release,
	}, more...)...)
	if err != nil {
		return r, err
	}
	r.Revision, r.State, r.Version, r.Edition = revision.Int64, indicators.State(state.String), int(version.Int64), int(edition.Int64)
	r.EnteredBy, r.Person, r.Opened, r.Refusal, r.Release = account.Int64, person.String, opened.Valid, refusal.String, int(release.Int64)
	var errs [4]error
	r.Until, errs[0] = indicators.ParsePeriod(until.String)
	if entry.Valid {
		errs[1] = json.Unmarshal([]byte(entry.String), &r.Entry)
	}
	if changed.Valid {
		r.Changed, errs[2] = read(changed.String)
	}
	if submitted.Valid {
		r.Submitted, errs[3] = read(submitted.String)
	}
	return r, errors.Join(errs[:]...)
}

// may asks permits whether the actor may act on the figure in its state; a
// correction is asked for as a figure not begun. Who entered anything of it, in
// whichever edition, counts as who entered it: a correction goes on from what
// was there.
func (w *figureWork) may(ctx context.Context, q querier, actor indicators.Actor, act indicators.Action) error {
	s := w.l.SubjectOf(actor, w.Duty)
	if (act == indicators.Save || act == indicators.Submit) && s.State == indicators.Published {
		s.State = indicators.NotBegun
	}
	s.EnteredBy = w.EnteredBy
	var entered, endorsed bool
	err := q.QueryRowContext(ctx, `
		SELECT
			EXISTS (
				SELECT 1
				FROM revisions AS r
				CROSS JOIN versions AS v ON v.revision = r.id
				WHERE r.duty = ?1 AND v.account = ?3 AND v.act IN ('draft', 'submit')
			),
			EXISTS (
				SELECT 1
				FROM versions
				WHERE revision = ?2 AND account = ?3 AND act = 'endorse'
			)`,
		w.ID,
		w.Revision.Revision,
		actor.Account).Scan(&entered, &endorsed)
	if err != nil {
		return err
	}
	if entered {
		s.EnteredBy = actor.Account
	}
	if endorsed {
		s.EndorsedBy = actor.Account
	}
	return indicators.Permits(actor, act, s)
}

// barred is why the actor, whose role would pass the figure on, leaves that to
// somebody else; empty where it does not, or where nothing waits for it.
func (w *figureWork) barred(ctx context.Context, q querier, actor indicators.Actor) (string, error) {
	act := map[string]indicators.Action{"lead": indicators.Endorse, "office": indicators.Approve}[w.awaits()]
	if act == "" {
		return "", nil
	}
	err := w.may(ctx, q, actor, act)
	var known *indicators.Error
	switch {
	case err != nil && !errors.As(err, &known):
		return "", err
	case known != nil && (known.What == indicators.OwnEntry || known.What == indicators.OwnEndorsement):
		return known.What, nil
	}
	return "", nil
}

// repeated reports whether the actor's request was done before: its key stands
// at a version that says what it asks for. A key that came back with something
// else, from a page that the browser went back to, is taken off the request.
func (w *figureWork) repeated(ctx context.Context, q querier, actor indicators.Actor, act indicators.Action, v *indicators.Saving) (bool, error) {
	if v.Key == "" || w.Revision.Revision == 0 {
		return false, nil
	}
	var did indicators.Action
	var text string
	err := q.QueryRowContext(ctx, `
		SELECT
			act,
			entry
		FROM versions
		WHERE revision = ? AND account = ? AND key = ?`, w.Revision.Revision, actor.Account, v.Key).Scan(&did, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var kept indicators.Input
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return false, err
	}
	if after, err := kept.With(v.Edits); err == nil && after == kept && (act == indicators.Save || did == act) {
		return true, nil
	}
	v.Key = ""
	return false, nil
}

// base is the entry of the version that the person had read.
func (w *figureWork) base(ctx context.Context, q querier, version int) (e indicators.Input, err error) {
	switch version {
	case w.Version:
		return w.Entry, nil
	case 0:
		return e, nil
	}
	var text string
	err = q.QueryRowContext(ctx, `
		SELECT v.entry
		FROM revisions AS r
		CROSS JOIN versions AS v ON v.revision = r.id
		WHERE r.duty = ? AND v.number = ?`, w.ID, version).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return e, nil
	}
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal([]byte(text), &e)
}

// merged is the entry after the edits, or a clash with what others wrote.
func (w *figureWork) merged(ctx context.Context, q querier, v indicators.Saving) (indicators.Input, error) {
	base, err := w.base(ctx, q, v.Version)
	if err != nil {
		return indicators.Input{}, err
	}
	after, clashes, err := indicators.Merged(base, w.Entry, v.Edits)
	if err != nil {
		return indicators.Input{}, err
	}
	if len(clashes) > 0 || v.Firm && base != w.Entry {
		return indicators.Input{}, &indicators.ClashError{Revision: w.Revision, Clashes: clashes}
	}
	return after, nil
}

// step is one write of a revision.
type step struct {
	act    indicators.Action
	to     indicators.State
	entry  indicators.Input
	reason string
	key    string
}

// write takes the figure one step further: the revision, its version and the
// event of the trail. A figure that was published gets a new revision; version
// numbers go on through all of them.
func (w *figureWork) write(ctx context.Context, tx *sql.Tx, actor indicators.Actor, st step) error {
	before := w.Revision
	text, err := json.Marshal(st.entry)
	if err != nil {
		return err
	}
	enters := st.act == indicators.Save || st.act == indicators.Submit
	if enters {
		w.EnteredBy, w.Person = actor.Account, actor.Person
	}
	if st.act == indicators.Submit {
		w.Submitted, w.Opened, w.Refusal = w.at, false, ""
	}
	w.Changed, w.Entry, w.State = w.at, st.entry, st.to
	w.Version++
	if st.to == indicators.Returned {
		w.Refusal = st.reason
	}
	if before.State == indicators.NotBegun || before.State == indicators.Published {
		err = w.begin(ctx, tx, string(text))
	} else {
		err = w.update(ctx, tx, string(text))
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO versions (
			revision,
			number,
			at,
			account,
			person,
			act,
			state,
			entry,
			reason,
			key
		)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		w.Revision.Revision,
		w.Version,
		written(w.at),
		actor.Account,
		actor.Person,
		st.act,
		st.to,
		string(text),
		st.reason,
		orNull(st.key))
	if err != nil {
		return err
	}
	was, is := told(before, before.Entry, st.entry), told(w.Revision, st.entry, before.Entry)
	if st.reason != "" {
		is["reason"] = st.reason
	}
	return record(ctx, tx, actor.Did(w.at, st.act, dutyObject(w.ID), was, is))
}

// told is what the trail keeps of one side of a step: the state, the version
// and the fields that are not the other side's.
func told(r indicators.Revision, e, other indicators.Input) map[string]any {
	out := map[string]any{"state": r.State, "version": r.Version}
	for _, f := range indicators.Field("").Allowed() {
		if f := indicators.Field(f); e.Get(f) != other.Get(f) {
			out[string(f)] = e.Get(f)
		}
	}
	return out
}

// begin adds the first revision of a figure, or the next after one that was
// published.
func (w *figureWork) begin(ctx context.Context, tx *sql.Tx, entry string) error {
	w.Edition++
	w.Release, w.Opened = 0, false
	if w.State != indicators.Returned {
		w.Refusal = ""
	}
	if w.State == indicators.Draft {
		w.Submitted = time.Time{}
	}
	done, err := tx.ExecContext(ctx, `
		INSERT INTO revisions (
			duty,
			edition,
			state,
			version,
			entry,
			account,
			person,
			changed,
			submitted,
			refusal,
			awaits
		)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		w.ID,
		w.Edition,
		w.State,
		w.Version,
		entry,
		w.EnteredBy,
		w.Person,
		written(w.Changed),
		moment0(w.Submitted),
		w.Refusal,
		orNull(w.awaits()))
	if err != nil {
		return err
	}
	if w.Revision.Revision, err = done.LastInsertId(); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE duties
		SET revision = ?
		WHERE id = ?`,
		w.Revision.Revision,
		w.ID)
	return err
}

func (w *figureWork) update(ctx context.Context, tx *sql.Tx, entry string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE revisions
		SET
			state = ?,
			version = ?,
			entry = ?,
			account = ?,
			person = ?,
			changed = ?,
			submitted = ?,
			opened = iif(?, opened, NULL),
			refusal = ?,
			awaits = ?,
			release = ?
		WHERE id = ?`,
		w.State,
		w.Version,
		entry,
		w.EnteredBy,
		w.Person,
		written(w.Changed),
		moment0(w.Submitted),
		w.Opened,
		w.Refusal,
		orNull(w.awaits()),
		orZero(w.Release),
		w.Revision.Revision)
	return err
}

// awaits is whose queue the figure is in; empty for nobody's.
func (w *figureWork) awaits() string {
	switch {
	case w.State == indicators.Submitted && w.endorsed:
		return "lead"
	case w.State == indicators.Submitted, w.State == indicators.Endorsed:
		return "office"
	}
	return ""
}

// moment0 is a time as the store has it; NULL for none.
func moment0(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return written(t)
}

// orZero is a number as the store has it; NULL for 0.
func orZero(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// Save keeps drafts, whatever was typed, in one transaction: a form sends one
// [indicators.Saving], the grid one for each row that was touched. Each is
// answered by itself, in the order sent, and one that is refused leaves the
// others saved. A save that changes nothing writes nothing. Saving over an
// approved figure voids its approval; over a published one it begins the
// correction, with the published entry to start from.
//
// Saved.Err is a [indicators.ClashError] where somebody else changed the same
// field from the same text (others' changes of other fields stay, and the edit
// is saved beside them), Conflict "round_locked", Conflict "state" for what is
// submitted, NotFound "revision", Invalid or TooLarge "text", Invalid "text_hidden".
func (s *Store) Save(ctx context.Context, actor indicators.Actor, at time.Time, savings ...indicators.Saving) ([]indicators.Saved, error) {
	return s.each(ctx, actor, at, indicators.Save, savings, func(ctx context.Context, tx *sql.Tx, w *figureWork, v indicators.Saving) (out indicators.Saved, err error) {
		if out.Already, err = w.repeated(ctx, tx, actor, indicators.Save, &v); err != nil || out.Already {
			return out, err
		}
		after, err := w.merged(ctx, tx, v)
		if err != nil {
			return out, err
		}
		if after == w.Entry {
			out.Already = true
			return out, nil
		}
		if !w.round.OpenOn(w.Duty, w.day) {
			return out, conflict(roundLocked, w.round.Locked.String())
		}
		to, err := indicators.NextState(w.State, indicators.Save, w.endorsed)
		if err != nil {
			return out, err
		}
		return out, w.write(ctx, tx, actor, step{act: indicators.Save, to: to, entry: after, key: v.Key})
	})
}

// Submit saves what each [indicators.Saving] carries and sends the figures to
// their reviewers, each by itself as [Store.Save] does. What is sent already and
// says the same is answered as Already, never as an error, so a double click
// makes one revision.
//
// Saved.Err is also a [indicators.CheckError] where the checks find an error, or
// a warning without its explanation: nothing of it is written then, and
// Findings has all that was found, also of what was sent.
func (s *Store) Submit(ctx context.Context, actor indicators.Actor, at time.Time, savings ...indicators.Saving) ([]indicators.Saved, error) {
	return s.each(ctx, actor, at, indicators.Submit, savings, func(ctx context.Context, tx *sql.Tx, w *figureWork, v indicators.Saving) (out indicators.Saved, err error) {
		if out.Already, err = w.repeated(ctx, tx, actor, indicators.Submit, &v); err != nil || out.Already {
			return out, err
		}
		after, err := w.merged(ctx, tx, v)
		if err != nil {
			return out, err
		}
		changed := after != w.Entry
		if !changed && (w.State == indicators.Submitted || w.State == indicators.Endorsed || w.State == indicators.Approved || w.State == indicators.Published) {
			out.Already = true
			return out, nil
		}
		if !w.round.OpenOn(w.Duty, w.day) {
			return out, conflict(roundLocked, w.round.Locked.String())
		}
		state := w.State
		if changed {
			if state, err = indicators.NextState(state, indicators.Save, w.endorsed); err != nil {
				return out, err
			}
		}
		sight, err := sightOf(ctx, tx, w)
		if err != nil {
			return out, err
		}
		out.Findings = sight.Check(after)
		if indicators.Unsettled(out.Findings) {
			return out, &indicators.CheckError{Findings: out.Findings}
		}
		to, err := indicators.NextState(state, indicators.Submit, w.endorsed)
		if err != nil {
			return out, err
		}
		if err := w.write(ctx, tx, actor, step{act: indicators.Submit, to: to, entry: after, key: v.Key}); err != nil {
			return out, err
		}
		return out, setSent(ctx, tx, w.Revision.Revision, effectOf(sight, after, out.Findings), w.l.MeaningOf(w.ind, after, w.day))
	})
}

// effectOf ranks a figure for the queue.
func effectOf(s *indicators.Sight, e indicators.Input, findings []indicators.Finding) int {
	if len(s.Effects(e)) > 0 {
		return 2
	}
	for _, f := range findings {
		if f.Rule == "jump" || f.Rule == "times_ten" {
			return 1
		}
	}
	return 0
}

// setSent keeps of what was sent how it ranks in the queue, and what it means.
func setSent(ctx context.Context, tx *sql.Tx, revision int64, effect int, meaning indicators.Meaning) error {
	text, err := json.Marshal(meaning)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE revisions
		SET
			effect = ?,
			meaning = ?
		WHERE id = ?`,
		effect,
		string(text),
		revision)
	return err
}

// meaningInto scans what a figure meant when it was sent, which is NULL or JSON.
type meaningInto struct{ to *indicators.Meaning }

// Scan leaves the zero meaning where none was kept.
func (m meaningInto) Scan(value any) error {
	var text sql.NullString
	if err := text.Scan(value); err != nil || !text.Valid {
		return err
	}
	return json.Unmarshal([]byte(text.String), m.to)
}

// isState reports a figure of the actor's own that is in another state.
func isState(err error) bool {
	var known *indicators.Error
	return errors.As(err, &known) && known.Kind == indicators.Conflict && known.What == "state"
}

// maxKey is how long the key of a request is at most, in bytes: the pages make
// keys of 26.
const maxKey = 100

// each runs an action on several figures in one transaction. What refuses one
// of them is its own answer; what breaks the store breaks all.
func (s *Store) each(ctx context.Context, actor indicators.Actor, at time.Time, act indicators.Action, savings []indicators.Saving,
	do func(context.Context, *sql.Tx, *figureWork, indicators.Saving) (indicators.Saved, error),
) ([]indicators.Saved, error) {
	if err := actor.Allow(act); err != nil {
		return nil, fmt.Errorf("%s: %w", act, err)
	}
	if _, err := s.Library(ctx); err != nil {
		return nil, err
	}
	out := make([]indicators.Saved, len(savings))
	err := s.change(ctx, func(tx *sql.Tx) error {
		l, err := s.libraryIn(ctx, tx)
		if err != nil {
			return err
		}
		for i, v := range savings {
			w, err := theFigure(ctx, tx, l, at, v.Duty)
			if err == nil && len(v.Key) > maxKey {
				err = invalid("text", "")
			}
			if err == nil {
				err = w.may(ctx, tx, actor, act)
			}
			if err == nil || act == indicators.Submit && isState(err) {
				out[i], err = do(ctx, tx, w, v)
				out[i].Revision = w.Revision
			}
			var known *indicators.Error
			if err != nil && !errors.As(err, &known) {
				return err
			}
			out[i].Err = err
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", act, err)
	}
	return out, nil
}
