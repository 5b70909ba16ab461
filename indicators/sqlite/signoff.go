package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"yimi/indicators"
)

const noSheet = "sheet" // no such return was printed

// SheetOf is an organisation's return of a round, for those who enter its
// figures, the office and the auditor: all that it owes, with what it took over
// from others, so that one stamp covers what one unit answers for. The return of
// an organisation that has handed over is its heir's to read. NotFound "revision" for others, "round",
// "sheet" for an organisation that there is not.
func (s *Store) SheetOf(ctx context.Context, actor indicators.Actor, number int, organisation indicators.Code) (sh indicators.Sheet, err error) {
	l, err := s.permittedFor(ctx, actor, indicators.ReadFigure, organisation)
	if err != nil {
		return sh, fmt.Errorf("sheet: %w", err)
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		sh, err = sheet(ctx, tx, l, number, organisation)
		// An organisation that has left the library keeps the returns that it had.
		if err == nil && len(sh.Figures) == 0 && l.Organisation(organisation) == nil {
			return indicators.Missing(noSheet, "")
		}
		return err
	})
	if err != nil {
		return indicators.Sheet{}, fmt.Errorf("sheet: %w", err)
	}
	return sh, nil
}

func sheet(ctx context.Context, q querier, l *indicators.Library, number int, organisation indicators.Code) (sh indicators.Sheet, err error) {
	sh.Organisation = organisation
	if sh.Round, err = round(ctx, q, number); err != nil {
		return sh, err
	}
	for _, o := range l.Wards(indicators.Codes{organisation}) {
		rows, err := owed(ctx, q, number, o)
		if err != nil {
			return sh, err
		}
		sh.Figures = append(sh.Figures, rows...)
	}
	slices.SortFunc(sh.Figures, func(a, b indicators.Revision) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Area, b.Area))
	})
	sh.Code = indicators.SheetCode(number, organisation, sh.Figures)
	var signed indicators.Signed
	var at string
	err = q.QueryRowContext(ctx, `
		SELECT
			id,
			code,
			entered_by,
			checked_by,
			head,
			at
		FROM sheets
		WHERE round = ? AND organisation = ?
		ORDER BY id DESC
		LIMIT 1`,
		number,
		organisation).Scan(&signed.ID, &signed.Code, &signed.EnteredBy, &signed.CheckedBy, &signed.Head, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return sh, nil
	}
	if err != nil {
		return sh, err
	}
	if signed.At, err = read(at); err != nil {
		return sh, err
	}
	if signed.Scans, err = scansOf(ctx, q, signed.ID); err != nil {
		return sh, err
	}
	sh.Signed, sh.Void = &signed, signed.Code != sh.Code
	return sh, nil
}

func scansOf(ctx context.Context, q querier, sheet int64) ([]indicators.Evidence, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT id
		FROM evidence
		WHERE sheet = ? AND removed IS NULL
		ORDER BY id`, sheet)
	if err != nil {
		return nil, err
	}
	ids, err := numbers(rows)
	if err != nil {
		return nil, err
	}
	var out []indicators.Evidence
	for _, id := range ids {
		e, err := evidence(ctx, q, id)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// SignOff notes that the return was printed for signing, with its three people
// and the code of exactly these values; code is the one that the page showed.
// Conflict "preview_stale" where the values are others by now, Invalid
// "person_empty", NotFound "revision" for another's organisation.
func (s *Store) SignOff(ctx context.Context, actor indicators.Actor, at time.Time, number int, organisation indicators.Code, code string, by indicators.Signed) (sh indicators.Sheet, err error) {
	l, err := s.permittedFor(ctx, actor, indicators.SignOff, organisation)
	if err == nil && (by.EnteredBy == "" || by.CheckedBy == "" || by.Head == "") {
		err = invalid("person_empty", "")
	}
	if err == nil {
		err = cmp.Or(indicators.CheckText(by.EnteredBy), indicators.CheckText(by.CheckedBy), indicators.CheckText(by.Head))
	}
	if err != nil {
		return sh, fmt.Errorf("sign off: %w", err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		now, err := sheet(ctx, tx, l, number, organisation)
		if err != nil {
			return err
		}
		if now.Code != code {
			return conflict(stalePreview, now.Code)
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO sheets (
				round,
				organisation,
				code,
				entered_by,
				checked_by,
				head,
				account,
				at
			)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			number,
			organisation,
			code,
			by.EnteredBy,
			by.CheckedBy,
			by.Head,
			actor.Account,
			written(at))
		if err != nil {
			return err
		}
		if sh, err = sheet(ctx, tx, l, number, organisation); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.SignOff, roundObject(number), nil, map[string]any{"organisation": organisation, "code": code}))
	})
	if err != nil {
		return indicators.Sheet{}, fmt.Errorf("sign off: %w", err)
	}
	return sh, nil
}

// AttachScan keeps the scan of a stamped return, as [Store.Attach] keeps a
// figure's evidence. NotFound "sheet", also for another organisation's.
func (s *Store) AttachScan(ctx context.Context, actor indicators.Actor, at time.Time, id int64, name string, content io.Reader) (e indicators.Evidence, err error) {
	if err := actor.Allow(indicators.SignOff); err != nil {
		return e, fmt.Errorf("sheet %d: %w", id, err)
	}
	l, err := s.Library(ctx)
	if err != nil {
		return e, err
	}
	e, err = s.keep(ctx, actor, at, indicators.Evidence{Sheet: id, Name: name}, content, func(tx *sql.Tx) error {
		organisation, err := signedBy(ctx, tx, id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err != nil || indicators.Permits(actor, indicators.SignOff, l.SubjectFor(actor, organisation)) != nil {
			return indicators.Missing(noSheet, "")
		}
		return nil
	})
	if err != nil {
		return indicators.Evidence{}, fmt.Errorf("sheet %d: %w", id, err)
	}
	return e, nil
}

// signedBy is whose return a printed one is; sql.ErrNoRows for an unknown id.
func signedBy(ctx context.Context, q querier, sheet int64) (organisation indicators.Code, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT organisation
		FROM sheets
		WHERE id = ?`, sheet).Scan(&organisation)
	return organisation, err
}
