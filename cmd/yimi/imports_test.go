package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "yimi/"

// arrows says which packages of ours each may import; the rest is forbidden.
var arrows = map[string][]string{
	"indicators":        {},
	"indicators/sqlite": {"indicators"},
	"indicators/sheet":  {"indicators"},
	"seed":              {"indicators"},
	"static":            {},
	"server/words":      {"indicators"},
	"server/chart":      {"indicators"},
	"server/page":       {"indicators", "server/words"},
	"server":            {"indicators", "server/chart", "server/page", "server/words", "static"},
	"cmd/yimi":          {"indicators", "indicators/sqlite", "indicators/sheet", "seed", "server", "server/words"},
}

// owners says which packages alone may import something from outside.
var owners = map[string][]string{
	"database/sql":                     {"indicators/sqlite"},
	"github.com/mattn/go-sqlite3":      {"indicators/sqlite"},
	"golang.org/x/mod":                 {"indicators/sqlite"},
	"github.com/xuri/excelize/v2":      {"indicators/sheet"},
	"github.com/go-echarts/go-echarts": {"server/chart"},
	"html/template":                    {"server/page"},
	"github.com/gin-gonic/gin":         {"server"},
}

// allowed lists what the domain may import beyond the standard library.
var allowed = []string{"github.com/shopspring/decimal"}

// forbidden lists what the domain may not import of the standard library.
var forbidden = []string{"database/sql", "net/http", "html/template", "os"}

func TestImports(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "vendor" || strings.HasPrefix(d.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		from := filepath.ToSlash(rel)
		seen[from] = true
		may, known := arrows[from]
		if !known {
			t.Errorf("%s: a package that the house does not have", from)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkArrow(t, path, from, to, may)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for from := range arrows {
		if !seen[from] {
			t.Errorf("%s: no such package; take it out of the arrows", from)
		}
	}
}

func checkArrow(t *testing.T, path, from, to string, may []string) {
	t.Helper()
	if ours, ok := strings.CutPrefix(to, module); ok {
		if !slices.Contains(may, ours) {
			t.Errorf("%s imports %s, and may import of ours only %v", path, to, may)
		}
		return
	}
	for what, who := range owners {
		if (to == what || strings.HasPrefix(to, what+"/")) && !slices.Contains(who, from) {
			t.Errorf("%s imports %s, which only %v may", path, to, who)
		}
	}
	if from == "indicators" {
		outside := strings.Contains(strings.SplitN(to, "/", 2)[0], ".")
		if outside && !slices.Contains(allowed, to) || slices.Contains(forbidden, to) {
			t.Errorf("%s imports %s, which the domain may not", path, to)
		}
	}
}
