package seed

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"yimi/indicators"
)

const bom = "\xef\xbb\xbf"

// place is where a row stands in its file: the line and column of each cell,
// counted from 1, columns in bytes as editors count them.
type place struct{ lines, cols []int }

// Read reads a package and holds it against every rule. With any fault the
// error is an [indicators.Problems] of all of them, each with its file, line
// and column, and the package is not fit for use.
func Read(fsys fs.FS) (*indicators.Package, error) {
	p := &indicators.Package{}
	var problems indicators.Problems
	problems = append(problems, readDescriptor(fsys, p)...)
	places := map[string][]place{}
	for _, f := range indicators.Files() {
		cells, at, faults := readCSV(fsys, f)
		problems = append(problems, faults...)
		if len(faults) > 0 {
			continue
		}
		places[f.Name] = at
		problems = append(problems, p.SetRows(f.Name, cells)...)
	}
	if len(problems) == 0 {
		problems = p.Validate()
	}
	if len(problems) == 0 {
		return p, nil
	}
	locate(problems, places)
	return nil, problems
}

// locate gives each problem the line and column of its cell and puts them in
// the order of files and lines.
func locate(problems indicators.Problems, places map[string][]place) {
	order := map[string]int{indicators.DescriptorFile: -1}
	for n, f := range indicators.Files() {
		order[f.Name] = n
	}
	for n := range problems {
		x := &problems[n]
		if at := places[x.File]; x.Line == 0 && x.Row >= 0 && x.Row < len(at) && len(at[x.Row].lines) > 0 {
			col := 0
			if f, ok := indicators.FileNamed(x.File); ok {
				if i, _ := f.Column(x.Column); i >= 0 && i < len(at[x.Row].cols) {
					col = i
				}
			}
			x.Line, x.Col = at[x.Row].lines[col], at[x.Row].cols[col]
		}
	}
	slices.SortStableFunc(problems, func(a, b indicators.Problem) int {
		return cmp.Or(order[a.File]-order[b.File], a.Line-b.Line, a.Col-b.Col)
	})
}

// invalidAt is the line and column of the first bytes that are no UTF-8.
func invalidAt(body []byte) (line, col int, bad bool) {
	if utf8.Valid(body) {
		return 0, 0, false
	}
	line, col = 1, 1
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		if r == utf8.RuneError && size == 1 {
			return line, col, true
		}
		col += size
		if r == '\n' {
			line, col = line+1, 1
		}
		body = body[size:]
	}
	return 0, 0, false
}

func problemsOf(err error) indicators.Problems {
	var problems indicators.Problems
	if errors.As(err, &problems) {
		return problems
	}
	return indicators.Problems{{Row: -1, Rule: "unreadable", Read: err.Error()}}
}

// readCSV reads the rows of one file as cells, with the header held against
// the columns.
func readCSV(fsys fs.FS, f indicators.File) ([][]string, []place, indicators.Problems) {
	body, err := readFile(fsys, f.Name)
	if err != nil {
		return nil, nil, problemsOf(err)
	}
	if line, col, bad := invalidAt(body); bad {
		return nil, nil, indicators.Problems{{File: f.Name, Row: -1, Line: line, Col: col, Rule: "bytes_not_utf8"}}
	}
	body = bytes.TrimPrefix(body, []byte(bom))
	if len(body) > 0 && body[len(body)-1] != '\n' {
		return nil, nil, indicators.Problems{{File: f.Name, Row: -1, Line: bytes.Count(body, []byte("\n")) + 1, Col: 1, Rule: "truncated"}}
	}
	r := csv.NewReader(bytes.NewReader(body))
	r.FieldsPerRecord = -1
	var cells [][]string
	var places []place
	var problems indicators.Problems
	head := false
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return nil, nil, append(problems, indicators.Problem{File: f.Name, Row: -1, Line: bad.Line, Col: bad.Column, Rule: "broken_csv"})
		}
		if err != nil {
			return nil, nil, append(problems, problemsOf(err)...)
		}
		at := place{}
		for i := range record {
			line, col := r.FieldPos(i)
			at.lines, at.cols = append(at.lines, line), append(at.cols, col)
		}
		if !head {
			head = true
			problems = append(problems, checkHeader(f, record, at)...)
			if len(problems) > 0 {
				return nil, nil, problems
			}
			continue
		}
		if len(record) != len(f.Columns) {
			problems = append(problems, indicators.Problem{
				File: f.Name, Row: len(cells), Line: at.lines[0], Col: 1, Rule: "wrong_width", Args: []any{len(record), len(f.Columns)},
			})
			continue
		}
		cells, places = append(cells, record), append(places, at)
	}
	if !head {
		problems = append(problems, indicators.Problem{File: f.Name, Row: -1, Line: 1, Col: 1, Rule: "empty_file"})
	}
	return cells, places, problems
}

// checkHeader refuses a header that is not exactly the file's columns, naming
// what is unknown, missing, doubled or out of order.
func checkHeader(f indicators.File, record []string, at place) indicators.Problems {
	var problems indicators.Problems
	want := f.Header()
	seen := map[string]bool{}
	for i, name := range record {
		p := indicators.Problem{File: f.Name, Row: -1, Line: at.lines[i], Col: at.cols[i], Column: name}
		switch {
		case !slices.Contains(want, name):
			p.Rule, p.Args = "unknown_column", []any{name, strings.Join(want, ", ")}
		case seen[name]:
			p.Rule, p.Args = "doubled_column", []any{name}
		default:
			seen[name] = true
			continue
		}
		problems = append(problems, p)
	}
	for _, name := range want {
		if !seen[name] {
			problems = append(problems, indicators.Problem{File: f.Name, Row: -1, Line: 1, Col: 1, Column: name, Rule: "missing_column", Args: []any{name}})
		}
	}
	if len(problems) == 0 && !slices.Equal(record, want) {
		problems = append(problems, indicators.Problem{File: f.Name, Row: -1, Line: 1, Col: 1, Rule: "column_order", Args: []any{strings.Join(want, ", ")}})
	}
	return problems
}

// descriptor is what is read of datapackage.json.
type descriptor struct {
	Plan      indicators.Plan `json:"plan"`
	Resources []struct {
		Name   string `json:"name"`
		Path   string `json:"path"`
		Schema struct {
			Fields []struct {
				Name string `json:"name"`
			} `json:"fields"`
		} `json:"schema"`
	} `json:"resources"`
}

// readDescriptor reads datapackage.json; a schema whose fields differ from the
// columns is refused.
func readDescriptor(fsys fs.FS, p *indicators.Package) indicators.Problems {
	body, err := readFile(fsys, indicators.DescriptorFile)
	if err != nil {
		return problemsOf(err)
	}
	fault := func(rule string, args ...any) indicators.Problems {
		return indicators.Problems{{File: indicators.DescriptorFile, Row: -1, Rule: rule, Args: args}}
	}
	if line, col, bad := invalidAt(body); bad {
		return indicators.Problems{{File: indicators.DescriptorFile, Row: -1, Line: line, Col: col, Rule: "bytes_not_utf8"}}
	}
	var d descriptor
	if err := json.Unmarshal(bytes.TrimPrefix(body, []byte(bom)), &d); err != nil {
		return fault("broken_json", err.Error())
	}
	p.Plan, p.Descriptor = d.Plan, body
	var problems indicators.Problems
	described := map[string]bool{}
	for _, r := range d.Resources {
		f, ok := indicators.FileNamed(r.Path)
		if !ok {
			problems = append(problems, fault("unknown_resource", r.Path)...)
			continue
		}
		described[r.Path] = true
		var names []string
		for _, field := range r.Schema.Fields {
			names = append(names, field.Name)
		}
		if !slices.Equal(names, f.Header()) {
			problems = append(problems, fault("schema_columns", r.Path, strings.Join(f.Header(), ", "))...)
		}
	}
	for _, f := range indicators.Files() {
		if !described[f.Name] {
			problems = append(problems, fault("missing_resource", f.Name)...)
		}
	}
	return problems
}
