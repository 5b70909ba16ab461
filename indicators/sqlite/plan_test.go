package sqlite

import (
	"context"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden holds how SQLite runs every statement of the package: a changed
// index, table or statement shows there as a changed way.
func TestQueryPlans(t *testing.T) {
	s, _ := mustLoad(t)
	var out strings.Builder
	for _, statement := range append(statements(t), triggers(t, s)...) {
		fmt.Fprintf(&out, "%s\n", statement.shown)
		for _, step := range explain(t, s, statement.sql) {
			fmt.Fprintf(&out, "    %s\n", step)
			if scansObservations.MatchString(step) {
				t.Errorf("%s\nreads every observation: %s", statement.shown, step)
			}
		}
		out.WriteString("\n")
	}
	golden := filepath.Join("testdata", "plans.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := mustRead(t, golden); out.String() != want {
		t.Errorf("the plans differ from %s; look at them with -update and git diff\n%s", golden, out.String())
	}
}

var scansObservations = regexp.MustCompile(`\bSCAN (observations|o)\b`)

type statement struct{ shown, sql string }

// statements are all that the package runs: every literal that is SQL, and
// what it builds for the tables of the library.
func statements(t *testing.T) []statement {
	t.Helper()
	var out []statement
	built := 0
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			text = strings.Join(strings.Fields(text), " ")
			switch {
			case !isSQL.MatchString(text):
			case strings.Contains(text, "%"):
				built++
			default:
				out = append(out, statement{text, text})
			}
			return true
		})
	}
	for _, tab := range tables() {
		for _, text := range []string{tab.selectRows(), tab.insertRow(), tab.deleteRow()} {
			out = append(out, statement{text, text})
		}
	}
	if built != 3 {
		t.Errorf("%d statements are built, want the 3 of table: the others stand in no golden", built)
	}
	return out
}

var isSQL = regexp.MustCompile(`^(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH) `)

// triggers are the queries within the schema's triggers; EXPLAIN shows none of
// them with the statement that fires them.
func triggers(t *testing.T, s *Store) []statement {
	t.Helper()
	rows, err := s.read.Query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []statement
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			t.Fatal(err)
		}
		text = regexp.MustCompile(`\b(NEW|OLD)\.\w+`).ReplaceAllString(strings.Join(strings.Fields(text), " "), "?")
		head, body, _ := strings.Cut(text, " BEGIN ")
		if _, when, ok := strings.Cut(head, " WHEN "); ok {
			out = append(out, statement{"trigger " + name + " when", "SELECT " + when})
		}
		body = regexp.MustCompile(`RAISE\(ABORT, '(?:[^']|'')*'\)`).ReplaceAllString(body, "1")
		for _, part := range strings.Split(strings.TrimSuffix(body, " END"), ";") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, statement{"trigger " + name, part})
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func explain(t *testing.T, s *Store, query string) []string {
	t.Helper()
	args := make([]any, parameters(query))
	rows, err := s.write.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	depth := map[int]int{}
	var out []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		depth[id] = depth[parent] + 1
		out = append(out, strings.Repeat("  ", depth[id]-1)+detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// parameters counts what a statement wants: the highest of ?1, ?2 ... or the
// number of plain ?.
func parameters(query string) int {
	n := 0
	for _, m := range regexp.MustCompile(`\?(\d*)`).FindAllStringSubmatch(query, -1) {
		if m[1] == "" {
			n++
		} else if i, err := strconv.Atoi(m[1]); err == nil {
			n = max(n, i)
		}
	}
	return n
}
