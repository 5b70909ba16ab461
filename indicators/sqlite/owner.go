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

// lacking finds of what is due to be entered, and of what is to be endorsed,
// that nobody is there for, looking away from one account (0: from none).
func lacking(ctx context.Context, q querier, l *indicators.Library, entry, review []indicators.Due, but int64) (out indicators.Lacking, err error) {
	alive := map[string]bool{}
	living := func(role indicators.Role, codes indicators.Codes) (bool, error) {
		list, err := json.Marshal(codes)
		if err != nil {
			return false, err
		}
		key := string(role) + string(list)
		found, asked := alive[key]
		if asked {
			return found, nil
		}
		err = q.QueryRowContext(ctx, `
			SELECT EXISTS (
				SELECT 1
				FROM json_each(?) AS asked
				CROSS JOIN grants ON grants.organisation = asked.value AND grants.role = ?
				CROSS JOIN accounts ON accounts.id = grants.account
				WHERE accounts.state = 'enabled' AND accounts.id <> ?
			)`, string(list), role, but).Scan(&found)
		alive[key] = found
		return found, err
	}
	for _, d := range entry {
		ok, err := living(indicators.Contributor, l.ActFor(d.Organisation))
		if err != nil {
			return out, err
		}
		if !ok {
			out.Entry = append(out.Entry, d)
		}
	}
	for _, d := range review {
		ind := l.Indicator(d.Indicator)
		if ind == nil || !l.Endorsed(ind, d.Area) {
			continue
		}
		leads := l.LeadsOf(ind)
		ok, err := living(indicators.Reviewer, leads)
		if err != nil {
			return out, err
		}
		if !ok {
			out.Review = append(out.Review, indicators.Due{Indicator: d.Indicator, Area: d.Area, Organisation: leads[0]})
		}
	}
	return out, nil
}

// openIn lists of a round's duties what is still to be entered, and what is still
// to be endorsed, on a day: not what was approved, nor what the lock has left
// without a figure.
func openIn(r indicators.Round, duties []indicators.Duty, day indicators.Period) (entry, review []indicators.Due) {
	for _, d := range duties {
		x := indicators.Due{Indicator: d.Indicator, Area: d.Area, Organisation: d.Organisation}
		waits := d.State == indicators.Submitted || d.State == indicators.Endorsed
		switch {
		case d.State == indicators.Approved, d.State == indicators.Published, !waits && !r.OpenOn(d, day):
			continue
		}
		entry = append(entry, x)
		if d.State != indicators.Endorsed {
			review = append(review, x)
		}
	}
	return entry, review
}

// Lacking is what is still open in a round and nobody is there for, since
// somebody left or was given other roles. NotFound "round"; errors of
// [indicators.Permits].
func (s *Store) Lacking(ctx context.Context, actor indicators.Actor, at time.Time, number int) (out indicators.Lacking, err error) {
	l, err := s.permitted(ctx, actor, indicators.Chase)
	if err != nil {
		return out, fmt.Errorf("round %d: %w", number, err)
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		r, err := round(ctx, tx, number)
		if err != nil {
			return err
		}
		duties, err := dutiesOf(ctx, tx, number)
		if err != nil {
			return err
		}
		entry, review := openIn(r, duties, today(l, at))
		out, err = lacking(ctx, tx, l, entry, review, 0)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("round %d: %w", number, err)
	}
	inOrder(out.Entry)
	inOrder(out.Review)
	return out, nil
}

func inOrder(list []indicators.Due) {
	slices.SortFunc(list, indicators.CompareDues)
}

// LeftBy is what is open in any round and would have nobody, once an account has
// these roles instead of its own, or is closed (no roles): what only it enters
// or endorses now. What nobody is there for anyway is not among it. NotFound
// "account"; errors of [indicators.Permits] for [indicators.Disable].
func (s *Store) LeftBy(ctx context.Context, actor indicators.Actor, at time.Time, id int64, roles []indicators.Grant) (out indicators.Lacking, err error) {
	l, err := s.permitted(ctx, actor, indicators.Disable)
	if err != nil {
		return out, fmt.Errorf("account %d: %w", id, err)
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		c, err := credentials(ctx, tx, id)
		if err != nil || c.State != indicators.Enabled {
			return err
		}
		all, err := rounds(ctx, tx)
		if err != nil {
			return err
		}
		after := indicators.Actor{Grants: roles}
		enters, endorses := l.Wards(c.Actor("").Organisations(indicators.Contributor)), c.Actor("").Organisations(indicators.Reviewer)
		still, stays := l.Wards(after.Organisations(indicators.Contributor)), after.Organisations(indicators.Reviewer)
		var entry, review []indicators.Due
		for _, r := range all {
			duties, err := dutiesOf(ctx, tx, r.Number)
			if err != nil {
				return err
			}
			e, v := openIn(r, duties, today(l, at))
			entry, review = append(entry, e...), append(review, v...)
		}
		entry = slices.DeleteFunc(entry, func(d indicators.Due) bool {
			return !enters.Contains(d.Organisation) || still.Contains(d.Organisation)
		})
		review = slices.DeleteFunc(review, func(d indicators.Due) bool {
			ind := l.Indicator(d.Indicator)
			if ind == nil {
				return true
			}
			leads := l.LeadsOf(ind)
			return !slices.ContainsFunc(leads, endorses.Contains) || slices.ContainsFunc(leads, stays.Contains)
		})
		out, err = lacking(ctx, tx, l, entry, review, id)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("account %d: %w", id, err)
	}
	inOrder(out.Entry)
	inOrder(out.Review)
	return out, nil
}
