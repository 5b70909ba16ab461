package indicators

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// DescriptorFile is the package's descriptor: the plan object and a schema of
// every file.
const DescriptorFile = "datapackage.json"

// ColumnType is what the cells of a column hold, one by one where the column
// holds a list.
type ColumnType string

// The types of columns.
const (
	TextColumn    ColumnType = "text"    // words, one line
	CodeColumn    ColumnType = "code"    // see [Code]
	LabelColumn   ColumnType = "label"   // see [Label]
	ChoiceColumn  ColumnType = "choice"  // one of Allowed
	NumberColumn  ColumnType = "number"  // an exact decimal, see [ParseNumber]
	IntegerColumn ColumnType = "integer" // a whole number from 0
	TruthColumn   ColumnType = "truth"   // "true" or empty
	PeriodColumn  ColumnType = "period"  // in one of Forms, see [ParsePeriod]
	URLColumn     ColumnType = "url"     // an http or https address
)

// Column is one column of a file, as its field's `col` and `form` tags and its
// Go type have it.
type Column struct {
	Name     string
	Type     ColumnType
	Required bool     // never empty
	List     bool     // several, joined by ";"
	Allowed  []string // of a choice
	Forms    []string // of a period: "year", "month", "date"
}

// File is one CSV file of a package: its name and its columns in order.
type File struct {
	Name    string
	Columns []Column

	rows func(*Package) reflect.Value // the addressable slice of its rows
}

// Column is the place and the description of the column of that name; -1 when
// there is none.
func (f File) Column(name string) (int, Column) {
	for i, c := range f.Columns {
		if c.Name == name {
			return i, c
		}
	}
	return -1, Column{}
}

// Header lists the names of the columns.
func (f File) Header() []string {
	out := make([]string, len(f.Columns))
	for i, c := range f.Columns {
		out[i] = c.Name
	}
	return out
}

var files = []File{
	file("domains.csv", func(p *Package) *[]Domain { return &p.Domains }),
	file("organisations.csv", func(p *Package) *[]Organisation { return &p.Organisations }),
	file("areas.csv", func(p *Package) *[]Area { return &p.Areas }),
	file("tasks.csv", func(p *Package) *[]Task { return &p.Tasks }),
	file("commitments.csv", func(p *Package) *[]Commitment { return &p.Commitments }),
	file("indicators.csv", func(p *Package) *[]Indicator { return &p.Indicators }),
	file("targets.csv", func(p *Package) *[]Target { return &p.Targets }),
	file("series.csv", func(p *Package) *[]Series { return &p.Series }),
	file("observations.csv", func(p *Package) *[]Observation { return &p.Observations }),
	file("references.csv", func(p *Package) *[]Reference { return &p.References }),
	file("rules.csv", func(p *Package) *[]Rule { return &p.Rules }),
	file("projects.csv", func(p *Package) *[]Project { return &p.Projects }),
	file("policies.csv", func(p *Package) *[]Policy { return &p.Policies }),
	file("pledges.csv", func(p *Package) *[]Pledge { return &p.Pledges }),
	file("coverage.csv", func(p *Package) *[]Coverage { return &p.Coverage }),
}

// Files lists the CSV files of a package in its order. Column i of a file is
// field i of its rows.
func Files() []File { return slices.Clone(files) }

// FileNamed is the file of that name; false when a package has none such.
func FileNamed(name string) (File, bool) {
	i := slices.IndexFunc(files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}, false
	}
	return files[i], true
}

func file[T any](name string, rows func(*Package) *[]T) File {
	f := File{Name: name, rows: func(p *Package) reflect.Value { return reflect.ValueOf(rows(p)).Elem() }}
	for field := range reflect.TypeFor[T]().Fields() {
		if c := columnOf(field); c.Name != "-" {
			f.Columns = append(f.Columns, c)
		}
	}
	return f
}

func columnOf(field reflect.StructField) Column {
	name, rest, _ := strings.Cut(field.Tag.Get("col"), ",")
	c := Column{Name: name, Required: rest == "required", Type: TextColumn}
	one := field.Type
	if one.Kind() == reflect.Slice {
		c.List, one = true, one.Elem()
	}
	if choice, ok := reflect.Zero(one).Interface().(interface{ Allowed() []string }); ok {
		c.Type, c.Allowed = ChoiceColumn, choice.Allowed()
		return c
	}
	form := field.Tag.Get("form")
	switch one {
	case reflect.TypeFor[Code]():
		c.Type = CodeColumn
	case reflect.TypeFor[Label]():
		c.Type = LabelColumn
	case reflect.TypeFor[Number]():
		c.Type = NumberColumn
	case reflect.TypeFor[int](), reflect.TypeFor[*int]():
		c.Type = IntegerColumn
	case reflect.TypeFor[bool]():
		c.Type = TruthColumn
	case reflect.TypeFor[Period]():
		c.Type, c.Forms = PeriodColumn, []string{"year", "month", "date"}
		if form != "" {
			c.Forms = strings.Split(form, ",")
		}
	default:
		if form == "url" {
			c.Type = URLColumn
		}
	}
	return c
}

// Rows writes the rows of a file as cells in their canonical text, in the
// package's order: what an export prints and a store keeps. It is nil for a
// file that a package does not have.
func (p *Package) Rows(name string) [][]string {
	f, ok := FileNamed(name)
	if !ok {
		return nil
	}
	rows := f.rows(p)
	out := make([][]string, rows.Len())
	for i := range out {
		row := rows.Index(i)
		out[i] = make([]string, len(f.Columns))
		for j := range f.Columns {
			out[i][j] = format(row.Field(j))
		}
	}
	return out
}

// SetRows replaces the rows of a file by what the cells say; for cells that
// [Package.Rows] wrote they are the same rows again. Each cell is held against
// its column ([Column.Check]); a Problem carries File, Row, Column and Read.
// A cell that cannot be read is left empty, so that the rest can still be
// looked at: with any problem the package is not fit for use. What a row means
// beside others is for [Package.Validate].
func (p *Package) SetRows(name string, cells [][]string) Problems {
	f, ok := FileNamed(name)
	if !ok {
		return Problems{{File: name, Row: -1, Rule: "unknown_file"}}
	}
	var problems Problems
	rows := f.rows(p)
	rows.Set(reflect.MakeSlice(rows.Type(), len(cells), len(cells)))
	for i, line := range cells {
		if len(line) != len(f.Columns) {
			problems = append(problems, Problem{File: name, Row: i, Rule: "wrong_width", Args: []any{len(line), len(f.Columns)}})
			continue
		}
		row := rows.Index(i)
		for j, c := range f.Columns {
			if rule, args := c.Check(line[j]); rule != "" {
				problems = append(problems, Problem{File: name, Row: i, Column: c.Name, Read: clip(line[j]), Rule: rule, Args: args})
			}
			parse(row.Field(j), line[j])
		}
	}
	return problems
}

// format is the canonical text of one field; a nil number and a 0 that is not
// a pointer are empty.
func format(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Slice:
		words := make([]string, v.Len())
		for i := range words {
			words[i] = v.Index(i).String()
		}
		return strings.Join(words, ";")
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return strconv.FormatInt(v.Elem().Int(), 10)
	case reflect.Int:
		if v.IsZero() {
			return ""
		}
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Bool:
		if v.Bool() {
			return "true"
		}
		return ""
	}
	return v.Interface().(fmt.Stringer).String()
}

// parse sets one field from its cell; what cannot be read leaves it empty, and
// [Column.Check] has said why.
func parse(v reflect.Value, cell string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(cell)
	case reflect.Slice:
		if cell == "" {
			return
		}
		words := strings.Split(cell, ";")
		v.Set(reflect.MakeSlice(v.Type(), len(words), len(words)))
		for i, w := range words {
			v.Index(i).SetString(w)
		}
	case reflect.Pointer:
		if n, ok := parseInteger(cell); ok {
			v.Set(reflect.ValueOf(&n))
		}
	case reflect.Int:
		if n, ok := parseInteger(cell); ok {
			v.SetInt(int64(n))
		}
	case reflect.Bool:
		v.SetBool(cell == "true")
	default:
		if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(cell)); err != nil {
			v.SetZero()
		}
	}
}
