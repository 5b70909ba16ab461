package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"yimi/indicators"
)

// table is one file of the package as the library keeps it, row by row at its
// ordinal.
type table struct {
	file    string
	name    string   // as SQL has it
	columns []string // as SQL has them
}

// tables lists every file of the package but the observations, which are kept
// for ever and not replaced.
func tables() []table {
	var out []table
	for _, f := range indicators.Files() {
		if f.Name == observationsFile {
			continue
		}
		t := table{file: f.Name, name: quoted(strings.TrimSuffix(f.Name, ".csv"))}
		for _, c := range f.Header() {
			t.columns = append(t.columns, quoted(c))
		}
		out = append(out, t)
	}
	return out
}

// quoted makes a name of the package an identifier: "references" and "from"
// are words of SQL.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (t table) selectRows() string {
	return fmt.Sprintf("SELECT %s FROM %s ORDER BY ordinal", strings.Join(t.columns, ", "), t.name)
}

func (t table) insertRow() string {
	return fmt.Sprintf("INSERT INTO %s (ordinal, %s) VALUES (?%s)",
		t.name, strings.Join(t.columns, ", "), strings.Repeat(", ?", len(t.columns)))
}

func (t table) deleteRow() string { return fmt.Sprintf("DELETE FROM %s WHERE ordinal = ?", t.name) }

// rows reads the table as the cells of its file.
func (t table) rows(ctx context.Context, tx *sql.Tx) ([][]string, error) {
	rows, err := tx.QueryContext(ctx, t.selectRows())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.file, err)
	}
	defer rows.Close()
	cells := make([]sql.NullString, len(t.columns))
	into := make([]any, len(cells))
	for i := range cells {
		into[i] = &cells[i]
	}
	var out [][]string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("%s row %d: %w", t.file, len(out), err)
		}
		row := make([]string, len(cells))
		for i := range cells {
			row[i] = cells[i].String
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// remove deletes the rows at whose place the package has another or none.
func (t table) remove(ctx context.Context, tx *sql.Tx, old, now [][]string) error {
	for i, row := range old {
		if i < len(now) && slices.Equal(row, now[i]) {
			continue
		}
		if _, err := tx.ExecContext(ctx, t.deleteRow(), i); err != nil {
			return fmt.Errorf("%s row %d: %w", t.file, i, err)
		}
	}
	return nil
}

// add inserts what remove has made room for.
func (t table) add(ctx context.Context, tx *sql.Tx, old, now [][]string) error {
	insert, err := tx.PrepareContext(ctx, t.insertRow())
	if err != nil {
		return fmt.Errorf("%s: %w", t.file, err)
	}
	defer insert.Close()
	for i, row := range now {
		if i < len(old) && slices.Equal(row, old[i]) {
			continue
		}
		values := []any{i}
		for _, cell := range row {
			values = append(values, orNull(cell))
		}
		if _, err := insert.ExecContext(ctx, values...); err != nil {
			return fmt.Errorf("%s row %d: %w", t.file, i, err)
		}
	}
	return nil
}

// orNull is what a cell is in the store: an empty one is not known.
func orNull(cell string) any {
	if cell == "" {
		return nil
	}
	return cell
}

// Library is the plan's library as it stands. It is read anew when somebody,
// also another program, has changed it, and is otherwise the same value again:
// nobody may write to it. On an empty store the error is NotFound "plan".
func (s *Store) Library(ctx context.Context) (*indicators.Library, error) {
	var edition int64
	err := s.read.QueryRowContext(ctx, `
		SELECT edition
		FROM plan`).Scan(&edition)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, indicators.Missing(noPlan, "")
	}
	if err != nil {
		return nil, fmt.Errorf("library: %w", s.failed(err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.library != nil && s.edition == edition {
		return s.library, nil
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		var p indicators.Package
		edition, err := readLibrary(ctx, tx, &p)
		if err != nil {
			return err
		}
		s.library, s.edition = indicators.NewLibrary(&p), edition
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("library: %w", err)
	}
	return s.library, nil
}

// libraryIn is [Store.Library] as it stands in tx: what is decided by who leads
// an indicator must not rest on a library that changed while tx waited to begin.
func (s *Store) libraryIn(ctx context.Context, tx *sql.Tx) (*indicators.Library, error) {
	var edition int64
	err := tx.QueryRowContext(ctx, `
		SELECT edition
		FROM plan`).Scan(&edition)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	known, of := s.library, s.edition
	s.mu.Unlock()
	if known != nil && of == edition {
		return known, nil
	}
	var p indicators.Package
	if _, err := readLibrary(ctx, tx, &p); err != nil {
		return nil, err
	}
	return indicators.NewLibrary(&p), nil
}

// readLibrary fills everything of p but its observations, and returns the
// edition that it read.
func readLibrary(ctx context.Context, tx *sql.Tx, p *indicators.Package) (edition int64, err error) {
	err = tx.QueryRowContext(ctx, `
		SELECT
			descriptor,
			edition
		FROM plan`).Scan(&p.Descriptor, &edition)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, indicators.Missing(noPlan, "")
	}
	if err != nil {
		return 0, err
	}
	if p.Plan, err = planOf(p.Descriptor); err != nil {
		return 0, err
	}
	for _, t := range tables() {
		rows, err := t.rows(ctx, tx)
		if err != nil {
			return 0, err
		}
		if problems := p.SetRows(t.file, rows); len(problems) > 0 {
			return 0, problems
		}
	}
	return edition, nil
}

// planOf reads the plan object of a descriptor.
func planOf(descriptor []byte) (indicators.Plan, error) {
	var d struct {
		Plan indicators.Plan `json:"plan"`
	}
	if err := json.Unmarshal(descriptor, &d); err != nil {
		return indicators.Plan{}, fmt.Errorf("%s: %w", indicators.DescriptorFile, err)
	}
	return d.Plan, nil
}
