package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"yimi/indicators"
)

// Compare tells what loading a package would change, on the day of a moment,
// and changes nothing. On an empty store only Change.FirstOne is true. Errors
// are those of [Store.Load].
func (s *Store) Compare(ctx context.Context, at time.Time, next *indicators.Package) (*indicators.PackageDifference, error) {
	if err := fit(next); err != nil {
		return nil, err
	}
	held := indicators.Held{Package: &indicators.Package{}, Duties: map[int][]indicators.Duty{}}
	var holding []indicators.Holding
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		if err := hold(ctx, tx, &held); err != nil {
			return err
		}
		kept := make([]indicators.Code, len(held.Package.Organisations))
		for i, o := range held.Package.Organisations {
			kept[i] = o.Code
		}
		holding, err = holders(ctx, tx, gone(kept, next))
		return err
	})
	var known *indicators.Error
	if errors.As(err, &known) && known.What == noPlan {
		return &indicators.PackageDifference{Change: indicators.Change{FirstOne: true, Release: 1}, Token: indicators.LoadToken(next, 0, 0)}, nil
	}
	if err == nil && held.Package.Plan.Code != next.Plan.Code {
		err = conflict(otherPlan, string(held.Package.Plan.Code))
	}
	if err != nil {
		return nil, fmt.Errorf("compare %s: %w", next.Plan.Code, err)
	}
	held.Library = indicators.NewLibrary(held.Package)
	sorted := *next
	sorted.Observations = slices.Clone(next.Observations)
	slices.SortFunc(sorted.Observations, indicators.CompareObservations)
	d := indicators.ComparePackage(held, &sorted, today(held.Library, at))
	d.Holding = holding
	return d, nil
}

// gone lists the organisations that a package has no more.
func gone(kept []indicators.Code, next *indicators.Package) (out []indicators.Code) {
	for _, code := range kept {
		if !slices.ContainsFunc(next.Organisations, func(n indicators.Organisation) bool { return n.Code == code }) {
			out = append(out, code)
		}
	}
	return out
}

// holders lists those of organisations for which accounts act.
func holders(ctx context.Context, q querier, codes []indicators.Code) (out []indicators.Holding, err error) {
	list, err := json.Marshal(codes)
	if err != nil {
		return nil, err
	}
	rows, err := q.QueryContext(ctx, `
		SELECT DISTINCT
			g.organisation,
			a.person,
			a.name
		FROM json_each(?) AS asked
		CROSS JOIN grants AS g ON g.organisation = asked.value
		CROSS JOIN accounts AS a ON a.id = g.account
		ORDER BY asked.key, a.name`, string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o indicators.Code
		var person, name string
		if err := rows.Scan(&o, &person, &name); err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].Organisation != o {
			out = append(out, indicators.Holding{Organisation: o})
		}
		last := &out[len(out)-1]
		last.Accounts = append(last.Accounts, person+" ("+name+")")
	}
	return out, rows.Err()
}

// fit refuses a package that breaks a rule, or whose Plan is not what its
// descriptor says.
func fit(p *indicators.Package) error {
	if problems := p.Validate(); len(problems) > 0 {
		return problems
	}
	said, err := planOf(p.Descriptor)
	if err != nil || !reflect.DeepEqual(said, p.Plan) {
		return errors.Join(&indicators.Error{Kind: indicators.Invalid, What: indicators.DescriptorFile, Detail: string(p.Plan.Code)}, err)
	}
	return nil
}

// hold reads what a package is compared with, on one snapshot of the store.
func hold(ctx context.Context, tx *sql.Tx, held *indicators.Held) (err error) {
	if held.Edition, err = readLibrary(ctx, tx, held.Package); err != nil {
		return err
	}
	subjects, err := ids(ctx, tx, `SELECT id, code FROM subject_ids`)
	if err != nil {
		return err
	}
	var all []stored
	for code := range subjects {
		rows, err := observationsOf(ctx, tx, code, newestRelease)
		if err != nil {
			return fmt.Errorf("observations of %s: %w", code, err)
		}
		all = append(all, rows...)
		taken, err := withdrawnHere(ctx, tx, code)
		if err != nil {
			return fmt.Errorf("observations of %s: %w", code, err)
		}
		held.Withdrawn = append(held.Withdrawn, plain(taken)...)
	}
	slices.SortFunc(all, compare)
	held.Package.Observations = plain(all)
	held.Mine = make([]bool, len(all))
	for i := range all {
		if held.Mine[i], err = enteredHere(ctx, tx, all[i]); err != nil {
			return err
		}
	}
	last, err := newest(ctx, tx)
	if err != nil {
		return err
	}
	held.Release = last.Number
	if held.Rounds, err = rounds(ctx, tx); err != nil {
		return err
	}
	for _, r := range held.Rounds {
		if held.Duties[r.Number], err = dutiesOf(ctx, tx, r.Number); err != nil {
			return err
		}
	}
	return nil
}
