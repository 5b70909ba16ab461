package sqlite_test

import (
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

var (
	statement = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s`)
	grows     = regexp.MustCompile(`SCAN (observations|o)\b`)
)

// statements lists every statement that stands whole in the package's sources,
// with the function that runs it. Those that are put together from columns read
// and write the library, which does not grow with figures.
func statements(t *testing.T) (names, texts []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		where := name
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				where = name + " " + n.Name.Name
			case *ast.BasicLit:
				if n.Kind != token.STRING {
					return true
				}
				text, err := strconv.Unquote(n.Value)
				if err != nil {
					t.Fatal(err)
				}
				if statement.MatchString(text) && !strings.Contains(text, "%") && strings.Contains(strings.TrimSpace(text), "\n") {
					names, texts = append(names, where), append(texts, text)
				}
			}
			return true
		})
	}
	return names, texts
}

func TestQueryPlans(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	mustLoad(t, mustOpen(t, path), fixture(t), day)
	db := raw(t, path)
	names, texts := statements(t)
	if len(texts) < 8 {
		t.Fatalf("found %d statements, too few to be true", len(texts))
	}
	var b strings.Builder
	for n, text := range texts {
		args := make([]any, strings.Count(text, "?"))
		rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
		if err != nil {
			t.Errorf("%s: %v", names[n], err)
			continue
		}
		fmt.Fprintf(&b, "%s\n", names[n])
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "  %s\n", detail)
			if grows.MatchString(detail) && !strings.Contains(names[n], "Export") && !strings.Contains(names[n], "package.go") {
				t.Errorf("%s scans a table that grows with figures: %s", names[n], detail)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	golden := filepath.Join("testdata", "plans.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the plans differ from %s (renew with -update):\n%s", golden, b.String())
	}
}
