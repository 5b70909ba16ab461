package sqlite

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mattn/go-sqlite3"

	"yimi/indicators"
)

// What is public stays as it is, whoever writes.
func TestPublishedRowsNeverChange(t *testing.T) {
	s, _ := mustLoad(t)
	tests := []string{
		"UPDATE observations SET value = '1'",
		"UPDATE observations SET note = 'x' WHERE note IS NULL",
		"UPDATE observations SET release = 2",
		"UPDATE observations SET revision = revision + 1",
		"UPDATE observations SET ended = NULL",
		"UPDATE observations SET ended = 1",
		"DELETE FROM observations",
		"INSERT INTO observations (subject, area, period, basis, revision, release, kind, published_assumed) VALUES (1, 1, 19990000, 0, 1, 1, 'result', 0)",
		"INSERT INTO observations SELECT subject, area, period, basis, revision + 1, 2, NULL, value, bound, answer, numerator, denominator, kind, quality, vintage, published, published_assumed, source, source_url, confidence, note FROM observations",
		"INSERT OR REPLACE INTO observations (subject, area, period, basis, revision, release, kind, vintage, published_assumed) SELECT subject, area, period, basis, revision, 2, kind, 'x', 0 FROM observations",
		"UPDATE releases SET note = 'x'",
		"DELETE FROM releases",
		"INSERT INTO release_dues (release, year, due) VALUES (1, 2022, '2023-06-30')",
		"INSERT INTO releases (number, published, note) VALUES (3, '2026-01-01T00:00:00Z', '')",
		"INSERT OR REPLACE INTO releases (number, published, note) VALUES (1, '2026-01-01T00:00:00Z', '')",
		"UPDATE subject_ids SET code = 'x' WHERE id = 1",
		"DELETE FROM subject_ids",
		"INSERT OR REPLACE INTO subject_ids (id, code) VALUES (1, 'x')",
		"INSERT OR REPLACE INTO subject_ids (code) SELECT code FROM subject_ids WHERE id = 1",
		"UPDATE area_ids SET code = 'x' WHERE id = 1",
		"DELETE FROM area_ids",
		"INSERT OR REPLACE INTO area_ids (id, code) VALUES (1, 'x')",
		"UPDATE plan SET code = 'x'",
		"UPDATE plan SET edition = edition - 1",
		"DELETE FROM plan",
		"INSERT OR REPLACE INTO plan VALUES (1, 'x', x'00', 9)",
		"INSERT INTO series (ordinal, code, name) SELECT 1000, code, name FROM indicators LIMIT 1",
		"INSERT INTO indicators (ordinal, code, name, measure, direction, scope, clause) SELECT 1000, code, name, 'stock', 'higher', 'city', 'x' FROM series LIMIT 1",
	}
	for _, statement := range tests {
		_, err := s.write.Exec(statement)
		if err == nil {
			t.Errorf("%s went through", statement)
			continue
		}
		mustBe(t, failed(err, ""), indicators.Conflict, rowPublic)
	}
}

// A figure ends once, with a release that is still being made.
func TestEndedIsSetOnce(t *testing.T) {
	s, _ := mustLoad(t)
	tx, err := s.write.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec("UPDATE observations SET ended = 2"); err != nil {
		t.Fatal(err)
	}
	for _, again := range []string{"3", "2", "NULL"} {
		_, err := tx.Exec("UPDATE observations SET ended = " + again)
		mustBe(t, failed(err, ""), indicators.Conflict, rowPublic)
	}
	// Without its release the transaction cannot be kept.
	mustBe(t, failed(tx.Commit(), ""), indicators.Conflict, rowDangling)
}

func TestSchemaRefuses(t *testing.T) {
	s, p := mustLoad(t)
	figure := func(columns, values string) string {
		return fmt.Sprintf("INSERT INTO observations (subject, area, revision, release, published_assumed, %s) VALUES (1, 1, 1, 2, 0, %s)", columns, values)
	}
	tests := []struct {
		statement string
		kind      indicators.Kind
		what      string
	}{
		{figure("basis, kind, period", "0, 'result', 20221300"), indicators.Invalid, rowRefused},
		{figure("basis, kind, period", "0, 'result', 20220001"), indicators.Invalid, rowRefused},
		{figure("basis, kind, period", "0, 'result', 2022"), indicators.Invalid, rowRefused},
		{figure("basis, kind, period", "5, 'result', 20220000"), indicators.Invalid, rowRefused},
		{figure("basis, kind, period", "-1, 'result', 20220000"), indicators.Invalid, rowRefused},
		{figure("basis, kind, period", "0, 'guess', 20220000"), indicators.Invalid, rowRefused},
		{figure("basis, kind, period", "'level', 'result', 20220000"), indicators.Invalid, rowRefused},
		{figure("basis, kind, period, value", "0, 'result', 20220000, ''"), indicators.Invalid, rowRefused},
		{figure("basis, kind, period, value", "0, 'result', 20220000, '1e5'"), indicators.Invalid, rowRefused},
		{figure("basis, kind, period, value, answer", "0, 'result', 20220000, '1', 'none'"), indicators.Invalid, rowRefused},
		{figure("basis, kind, period, source_url", "0, 'result', 20220000, 'javascript:alert(1)'"), indicators.Invalid, rowRefused},
		{"INSERT INTO domains (ordinal, code, name) VALUES (1000, 'Upper', 'x')", indicators.Invalid, rowRefused},
		{"INSERT INTO domains (ordinal, code, name) VALUES (1000, 'x', '')", indicators.Invalid, rowRefused},
		{"INSERT INTO domains (ordinal, code) VALUES (1000, 'x')", indicators.Invalid, rowRefused},
		{"INSERT INTO domains (ordinal, code, name) SELECT 1000, code, name FROM domains LIMIT 1", indicators.Conflict, rowExists},
		{"INSERT INTO domains (ordinal, code, name) VALUES (0, 'x', 'x')", indicators.Conflict, rowExists},
		{"INSERT INTO targets SELECT ordinal + 1000, indicator, milestone, comparator, value, upper, basis, base_year, due, term, \"from\", until, reason, clause FROM targets", indicators.Conflict, rowExists},
		{"INSERT INTO commitments (ordinal, code, task, commitment, clause) VALUES (1000, 'x', 'no such task', 'x', 'x')", indicators.Conflict, rowDangling},
		{"DELETE FROM domains", indicators.Conflict, rowDangling},
	}
	for _, tt := range tests {
		_, err := s.write.Exec(tt.statement)
		if err == nil {
			t.Errorf("%s went through", tt.statement)
			continue
		}
		mustBe(t, failed(err, ""), tt.kind, tt.what)
	}
	if got := mustExport(t, s); len(got.Domains) != len(p.Domains) {
		t.Error("a refused statement left its mark")
	}
}

func TestFailedLeavesOtherErrorsAlone(t *testing.T) {
	for _, err := range []error{nil, os.ErrClosed, context.Canceled, sqlite3.Error{Code: sqlite3.ErrMisuse}} {
		if got := failed(err, ""); got != err {
			t.Errorf("failed(%v) = %v", err, got)
		}
	}
	missing := indicators.Missing(noPlan, "")
	if got := failed(missing, ""); got != missing {
		t.Errorf("failed(%v) = %v", missing, got)
	}
	for _, code := range []sqlite3.ErrNoExtended{sqlite3.ErrIoErrFsync, sqlite3.ErrIoErrWrite, sqlite3.ErrIoErrDirFsync} {
		if !uncertain(sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: code}) {
			t.Errorf("a commit that fails with %d is not uncertain", code)
		}
	}
	if uncertain(sqlite3.Error{Code: sqlite3.ErrFull}) {
		t.Error("a full disk is uncertain")
	}
}

// Every file of a package has its table, with its columns, its choices and its
// required cells; a column that comes to the codec comes here too.
func TestSchemaHasTheColumnsOfThePackage(t *testing.T) {
	s, _ := mustLoad(t)
	for _, f := range indicators.Files() {
		name := strings.TrimSuffix(f.Name, ".csv")
		var schema string
		if err := s.read.QueryRow("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", name).Scan(&schema); err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		if !strings.Contains(schema, ") STRICT") {
			t.Errorf("%s is not strict", name)
		}
		var columns []string
		required := map[string]bool{}
		rows, err := s.read.Query("SELECT name, \"notnull\" FROM pragma_table_info(?)", name)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var column string
			var not bool
			if err := rows.Scan(&column, &not); err != nil {
				t.Fatal(err)
			}
			columns = append(columns, column)
			required[column] = not
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if want := append([]string{"ordinal"}, f.Header()...); f.Name != observationsFile && !slices.Equal(columns, want) {
			t.Errorf("%s has the columns %q, want %q", name, columns, want)
		}
		for _, c := range f.Columns {
			if !slices.Contains(columns, c.Name) {
				t.Errorf("%s has no column %s", name, c.Name)
				continue
			}
			number := f.Name == observationsFile && (c.Name == "basis" || c.Name == "published_assumed") // with 0 for an empty cell
			if c.Required != required[c.Name] && !number {
				t.Errorf("%s.%s: required is %t, want %t", name, c.Name, required[c.Name], c.Required)
			}
			if want := fmt.Sprintf("%s IN ('%s')", c.Name, strings.Join(c.Allowed, "', '")); c.Allowed != nil && c.Name != "basis" && !strings.Contains(schema, want) {
				t.Errorf("%s does not say %s", name, want)
			}
		}
	}
}
