package seed

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"yimi/indicators"
)

// The most rows of a file, the longest line in bytes, and the most problems
// that are told at once.
const (
	maxRows     = 200_000
	maxLine     = 128 << 10
	maxProblems = 1000
)

const bom = "\ufeff"

// Read reads a package from a folder's or a zip's files; they may stand in a
// single folder at the top. It returns the whole package, or
// [indicators.Problems]: everything that is wrong, by file, line and column
// (in bytes, both counted from 1). A BOM and CR LF are read and not kept.
func Read(fsys fs.FS) (*indicators.Package, error) {
	top, err := descend(guard(fsys))
	if err != nil {
		return nil, err
	}
	r := reader{fsys: top, pkg: &indicators.Package{}, places: map[string][][]place{}, told: map[told]bool{}, readable: true}
	r.strangers()
	r.descriptor()
	for _, f := range indicators.Files() {
		r.table(f)
	}
	if r.readable {
		r.add(r.pkg.Validate()...)
	}
	if len(r.problems) > 0 {
		return nil, r.sorted()
	}
	return r.pkg, nil
}

// descend finds the package's files: at the top, or in the only folder there.
// What a Mac or a desktop leaves behind does not count.
func descend(fsys fs.FS) (fs.FS, error) {
	entries, err := list(fsys)
	if err != nil {
		return nil, err
	}
	var folders []string
	for _, e := range entries {
		_, ours := indicators.FileNamed(e.Name())
		switch {
		case ours || e.Name() == indicators.DescriptorFile:
			return fsys, nil
		case e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "__MACOSX":
			folders = append(folders, e.Name())
		}
	}
	if len(folders) != 1 {
		return fsys, nil
	}
	return fs.Sub(fsys, folders[0])
}

// list is what stands in a folder, unless it is too much to be a package.
func list(fsys fs.FS) ([]fs.DirEntry, error) {
	f, err := fsys.Open(".")
	if err != nil {
		return nil, fmt.Errorf("read package: %w", err)
	}
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, errors.Join(errors.New("read package: the file system lists no files"), f.Close())
	}
	entries, err := dir.ReadDir(maxEntries + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(fmt.Errorf("read package: %w", err), f.Close())
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("read package: %w", err)
	}
	if len(entries) > maxEntries {
		return nil, whole(".", "too_many_entries", maxEntries)
	}
	return entries, nil
}

// reader is one reading: what was read so far, and what is wrong with it.
type reader struct {
	fsys     fs.FS
	pkg      *indicators.Package
	problems indicators.Problems
	places   map[string][][]place // by file, row and column
	told     map[told]bool        // where a problem was told already
	readable bool                 // every file was read as the table it is
	offsets  map[string]int       // of the descriptor's values, by path
	json     []byte
}

type place struct{ line, col int32 }

// told is a cell with a problem; an empty column is the whole row, row -1 the
// whole column.
type told struct {
	file   string
	row    int
	column string
}

// add keeps problems of cells that nothing was said about yet, with line and
// column.
func (r *reader) add(problems ...indicators.Problem) {
	for _, p := range problems {
		if r.told[told{p.File, p.Row, ""}] || r.told[told{p.File, -1, p.Column}] || r.told[told{p.File, p.Row, p.Column}] {
			continue
		}
		switch rows := r.places[p.File]; {
		case p.Line > 0:
		case p.Row >= 0 && p.Row < len(rows):
			f, _ := indicators.FileNamed(p.File)
			i, _ := f.Column(p.Column)
			p.Line, p.Col = int(rows[p.Row][max(i, 0)].line), int(rows[p.Row][max(i, 0)].col)
		case p.File == indicators.DescriptorFile && r.offsets != nil:
			p.Line, p.Col = r.position("plan." + p.Column)
		}
		r.problems = append(r.problems, p)
	}
}

// refuse adds a problem of a file's shape, after which its rows mean nothing.
func (r *reader) refuse(p indicators.Problem) {
	r.readable = false
	r.add(p)
}

// sorted is what was found in the order of files, lines and columns.
func (r *reader) sorted() indicators.Problems {
	order := map[string]int{indicators.DescriptorFile: 0}
	for i, f := range indicators.Files() {
		order[f.Name] = i + 1
	}
	file := func(p indicators.Problem) int {
		if n, ok := order[p.File]; ok {
			return n
		}
		return len(order)
	}
	slices.SortStableFunc(r.problems, func(a, b indicators.Problem) int {
		return cmp.Or(file(a)-file(b), strings.Compare(a.File, b.File), a.Line-b.Line, a.Col-b.Col)
	})
	if more := len(r.problems) - maxProblems; more > 0 {
		r.problems = append(r.problems[:maxProblems:maxProblems], indicators.Problem{File: ".", Row: -1, Rule: "more_problems", Args: []any{more}})
	}
	return r.problems
}

// strangers refuses CSV files that are none of a package's: a name misspelt
// would be a file left out.
func (r *reader) strangers() {
	entries, err := list(r.fsys)
	if err != nil {
		return // told by descend
	}
	for _, e := range entries {
		_, ours := indicators.FileNamed(e.Name())
		if !ours && !e.IsDir() && strings.HasSuffix(strings.ToLower(e.Name()), ".csv") && !strings.HasPrefix(e.Name(), ".") {
			r.refuse(indicators.Problem{File: shorten(e.Name()), Row: -1, Rule: "unknown_file"})
		}
	}
}

// load is the bytes of one file without a BOM; false when they cannot be used
// as text.
func (r *reader) load(name string) ([]byte, bool) {
	data, err := r.bytes(name)
	var limit limitError
	var cause *fs.PathError
	problem := indicators.Problem{File: name, Row: -1}
	switch {
	case err == nil:
		data = bytes.TrimPrefix(data, []byte(bom))
		at := invalid(data)
		if at < 0 {
			return data, true
		}
		problem.Line, problem.Col = lineCol(data, at)
		problem.Rule, problem.Args = "not_utf8", []any{fmt.Sprintf("% X", data[at:min(at+4, len(data))])}
	case errors.Is(err, fs.ErrNotExist):
		problem.Rule = "missing_file"
	case errors.As(err, &limit):
		problem.Rule = limit.rule
		if limit.most > 0 {
			problem.Args = []any{limit.most}
		}
	case errors.As(err, &cause):
		problem.Rule, problem.Read = "unreadable", cause.Err.Error()
	default:
		problem.Rule, problem.Read = "unreadable", err.Error()
	}
	r.refuse(problem)
	return nil, false
}

// bytes reads a file to its end; fs.ReadFile would make room for as much as a
// zip's header claims.
func (r *reader) bytes(name string) ([]byte, error) {
	f, err := r.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	var data []byte
	info, err := f.Stat()
	switch {
	case err == nil && info.IsDir():
		err = limitError{rule: "not_a_file"}
	case err == nil:
		data, err = io.ReadAll(f)
	}
	return data, errors.Join(err, f.Close())
}

// invalid is where the first byte stands that is no UTF-8, -1 for good text.
func invalid(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		c, n := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// lineCol is the line and the column, in bytes, of an offset.
func lineCol(data []byte, at int) (line, col int) {
	before := data[:min(at, len(data))]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// table reads one CSV file into the package. A record is one line: a cell with
// a line break is refused, so that a quote left open costs one line, not the
// rest of the file.
func (r *reader) table(f indicators.File) {
	data, ok := r.load(f.Name)
	if !ok {
		return
	}
	at := func(line, col int, rule string, args ...any) {
		r.refuse(indicators.Problem{File: f.Name, Row: -1, Line: line, Col: col, Rule: rule, Args: args})
	}
	if len(data) == 0 {
		at(1, 1, "empty_file")
		return
	}
	if data[len(data)-1] != '\n' {
		line, col := lineCol(data, len(data))
		at(line, col, "truncated")
	}
	var from []int // by column of the file's description: where it stands in this file
	width := 0
	var rows [][]string
	line := 0
	for text := range bytes.Lines(data) {
		line++
		text = bytes.TrimRight(text, "\r\n")
		if len(text) == 0 {
			continue
		}
		if len(text) > maxLine {
			at(line, 1, "line_too_long", maxLine>>10)
			continue
		}
		record, cols, problem := split(text)
		if problem.Rule != "" {
			at(line, problem.Col, problem.Rule)
			continue
		}
		if from == nil {
			from, width = r.header(f, line, record, cols), len(record)
			continue
		}
		if len(rows) == maxRows {
			at(line, 1, "too_many_rows", maxRows)
			break
		}
		cells, places := make([]string, len(from)), make([]place, len(from))
		if len(record) != width {
			r.refuse(indicators.Problem{File: f.Name, Row: len(rows), Line: line, Col: 1, Rule: "wrong_width", Args: []any{len(record), width}})
			r.told[told{f.Name, len(rows), ""}] = true
		} else {
			for i, j := range from {
				if j >= 0 {
					cells[i], places[i] = record[j], place{int32(line), int32(cols[j])}
				}
			}
		}
		rows, r.places[f.Name] = append(rows, cells), append(r.places[f.Name], places)
	}
	if from == nil {
		at(1, 1, "empty_file")
		return
	}
	problems := r.pkg.SetRows(f.Name, rows)
	r.add(problems...)
	for _, p := range problems {
		r.told[told{p.File, p.Row, p.Column}] = true
		if _, c := f.Column(p.Column); lost(c.Type) {
			r.told[told{p.File, p.Row, ""}] = true
		}
	}
}

// lost reports a column whose bad cells are read as empty: what the rest of
// the row says beside an empty cell is not to be told.
func lost(t indicators.ColumnType) bool {
	switch t {
	case indicators.NumberColumn, indicators.IntegerColumn, indicators.TruthColumn, indicators.PeriodColumn:
		return true
	}
	return false
}

// split reads one line as a record, with the column at which each cell begins.
func split(text []byte) (record []string, cols []int, problem indicators.Problem) {
	c := csv.NewReader(bytes.NewReader(text))
	record, err := c.Read()
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad) && errors.Is(bad.Err, csv.ErrBareQuote):
		return nil, nil, indicators.Problem{Col: bad.Column, Rule: "bare_quote"}
	case err != nil && bad != nil && bad.Column <= len(text):
		return nil, nil, indicators.Problem{Col: bad.Column, Rule: "quote_in_quotes"}
	case err != nil:
		return nil, nil, indicators.Problem{Col: len(text) + 1, Rule: "open_quote"}
	}
	cols = make([]int, len(record))
	for i := range record {
		_, cols[i] = c.FieldPos(i)
	}
	return record, cols, indicators.Problem{}
}

// header holds the first line against the file's columns and says where each
// stands. What is told of a column that is missing is told once.
func (r *reader) header(f indicators.File, line int, names []string, cols []int) []int {
	want := strings.Join(f.Header(), ",")
	at := func(i int, rule string, args ...any) {
		r.refuse(indicators.Problem{File: f.Name, Row: -1, Line: line, Col: cols[i], Column: shorten(names[i]), Read: shorten(names[i]), Rule: rule, Args: args})
	}
	complete := true
	for i, name := range names {
		switch known, _ := f.Column(name); {
		case known < 0:
			at(i, "unknown_column", shorten(name), want)
		case slices.Index(names, name) < i:
			at(i, "doubled_column", shorten(name))
		default:
			continue
		}
		complete = false
	}
	from := make([]int, len(f.Columns))
	for i, c := range f.Columns {
		from[i] = slices.Index(names, c.Name)
		if from[i] < 0 {
			complete = false
			r.refuse(indicators.Problem{File: f.Name, Row: -1, Line: line, Col: 1, Column: c.Name, Rule: "missing_column", Args: []any{c.Name}})
			r.told[told{f.Name, -1, c.Name}] = true
		}
	}
	for i := range names {
		if complete && names[i] != f.Columns[i].Name {
			at(i, "misordered_column", f.Columns[i].Name)
			break
		}
	}
	return from
}
