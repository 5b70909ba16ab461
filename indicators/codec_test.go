package indicators_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yimi/indicators"
)

// columns is the table of the plan package, told once more: a column that is
// renamed or moved breaks every package there is.
var columns = []struct{ file, columns string }{
	{"domains.csv", "code,name,name_en,short"},
	{"organisations.csv", "code,name,name_en,kind,area,members,successor"},
	{"areas.csv", "code,name,name_en,short,aliases,level,parent,gb_code,grid_col,grid_row"},
	{"tasks.csv", "number,domain,title,title_en,leads,partners,expected,expected_en,period,clause"},
	{"commitments.csv", "code,task,milestone,commitment,commitment_en,indicator,clause"},
	{"indicators.csv", "code,task,domain,name,name_en,aliases,unit,unit_en,measure,direction,nature,scope,rollup,numerator_series,denominator_series,per,decimals,min,max,headline,new_count,leads,reporter,frequency,data_source,related,definition,definition_en,child_words,clause"},
	{"targets.csv", "indicator,milestone,comparator,value,upper,basis,base_year,due,term,from,until,reason,clause"},
	{"series.csv", "code,name,name_en,unit"},
	{"observations.csv", "subject,area,period,value,bound,answer,basis,numerator,denominator,kind,quality,vintage,published,published_assumed,source,source_url,confidence,note"},
	{"references.csv", "indicator,place,period,value,same_definition,source,source_url"},
	{"rules.csv", "code,left,operator,right,grade,message,message_en"},
	{"projects.csv", "number,name,name_en,owners,scale,scale_unit,scale_note,investment_wan,investment_note,funding,started,due,term,content,content_en,tasks,indicators,clause"},
	{"policies.csv", "number,title,title_en,document_no,owners,due,stage,indicator,clause"},
	{"pledges.csv", "code,section,title,title_en,owners,due,tasks,indicator,clause"},
	{"coverage.csv", "clause,position,number,words,indicator,milestone,reason"},
}

func TestFilesAreThoseOfThePlanPackage(t *testing.T) {
	files := indicators.Files()
	if len(files) != len(columns) {
		t.Fatalf("Files() has %d files, want %d", len(files), len(columns))
	}
	for i, want := range columns {
		if got := strings.Join(files[i].Header(), ","); files[i].Name != want.file || got != want.columns {
			t.Errorf("file %d is %s with %s, want %s with %s", i, files[i].Name, got, want.file, want.columns)
		}
	}
}

func TestColumnCheck(t *testing.T) {
	tests := []struct {
		file, column, cell, rule string
		args                     []any
	}{
		// Refused.
		{"domains.csv", "code", "", "required", nil},
		{"domains.csv", "code", "Culture", "code_shape", nil},
		{"domains.csv", "code", "2culture", "code_shape", nil},
		{"domains.csv", "code", "a--b", "code_shape", nil},
		{"domains.csv", "code", "a_b", "code_shape", nil},
		{"domains.csv", "code", strings.Repeat("a", 81), "code_shape", nil},
		{"domains.csv", "name", " 文化", "surrounding_space", nil},
		{"domains.csv", "name", "文化\u3000", "surrounding_space", nil},
		{"domains.csv", "name", "文\n化", "hidden_character", []any{"U+000A"}},
		{"domains.csv", "name", "文\x00化", "hidden_character", []any{"U+0000"}},
		{"domains.csv", "name", "文\u202e化", "hidden_character", []any{"U+202E"}},
		{"domains.csv", "name", "文\u200b化", "hidden_character", []any{"U+200B"}},
		{"domains.csv", "name", "文\ufffd化", "hidden_character", []any{"U+FFFD"}},
		{"domains.csv", "name", "a\xce\xc4\xbb\xaf", "not_utf8", []any{"CE C4 BB AF"}},
		{"domains.csv", "name", strings.Repeat("字", 4001), "too_long", []any{4000}},
		{"tasks.csv", "number", "1;2", "label_semicolon", nil},
		{"tasks.csv", "number", strings.Repeat("1", 41), "too_long", []any{40}},
		{"tasks.csv", "leads", "a;;b", "empty_item", nil},
		{"tasks.csv", "leads", "a;", "empty_item", nil},
		{"tasks.csv", "leads", "a; b", "surrounding_space", nil},
		{"tasks.csv", "leads", "a;b;a", "repeated_item", []any{"a"}},
		{"areas.csv", "aliases", "甲;乙;甲", "repeated_item", []any{"甲"}},
		{"areas.csv", "level", "county", "unknown_choice", []any{"city, district, township, community"}},
		{"areas.csv", "grid_col", "-1", "not_an_integer", nil},
		{"areas.csv", "grid_col", "01", "not_an_integer", nil},
		{"areas.csv", "grid_col", "1.0", "not_an_integer", nil},
		{"areas.csv", "grid_col", "1000000000", "not_an_integer", nil},
		{"targets.csv", "value", "五十", "not_a_number", nil},
		{"targets.csv", "value", "1,000", "not_a_number", nil},
		{"targets.csv", "value", "1e3", "not_a_number", nil},
		{"targets.csv", "value", "-0", "not_a_number", nil},
		{"targets.csv", "value", "-0.00", "not_a_number", nil},
		{"targets.csv", "value", ".5", "not_a_number", nil},
		{"targets.csv", "value", "５０", "not_a_number", nil},
		{"targets.csv", "value", strings.Repeat("9", 41), "not_a_number", nil},
		{"targets.csv", "due", "2024", "period_form", []any{"YYYY-MM, YYYY-MM-DD"}},
		{"targets.csv", "due", "2023-02-29", "period_form", []any{"YYYY-MM, YYYY-MM-DD"}},
		{"targets.csv", "due", "2024-13", "period_form", []any{"YYYY-MM, YYYY-MM-DD"}},
		{"targets.csv", "from", "2024-01", "period_form", []any{"YYYY-MM-DD"}},
		{"observations.csv", "period", "22-07", "period_form", []any{"YYYY, YYYY-MM, YYYY-MM-DD"}},
		{"indicators.csv", "new_count", "TRUE", "not_a_truth", nil},
		{"indicators.csv", "new_count", "false", "not_a_truth", nil},
		{"observations.csv", "source_url", "javascript:alert(1)", "bad_url", nil},
		{"observations.csv", "source_url", "www.example.org/x", "bad_url", nil},
		{"observations.csv", "source_url", "//example.org/x", "bad_url", nil},
		{"observations.csv", "source_url", "http://", "bad_url", nil},
		{"observations.csv", "source_url", "https://a:b@example.org/", "bad_url", nil},
		{"observations.csv", "source_url", "https://example.org/a b", "bad_url", nil},
		{"observations.csv", "quality", "A", "unknown_choice", []any{"B, D, E, F, G, I, J, K, L, M, N, O, P, Q, S, U, V, W"}},
		// Allowed.
		{"domains.csv", "code", "culture-2", "", nil},
		{"domains.csv", "name_en", "", "", nil},
		{"domains.csv", "name", "文化 “一米” =1+1", "", nil},
		{"domains.csv", "name", strings.Repeat("字", 4000), "", nil},
		{"tasks.csv", "number", "附件3-11", "", nil},
		{"tasks.csv", "leads", "a;b", "", nil},
		{"areas.csv", "aliases", "甲;乙", "", nil},
		{"areas.csv", "grid_col", "0", "", nil},
		{"targets.csv", "value", "-20.50", "", nil},
		{"targets.csv", "due", "2024-02-29", "", nil},
		{"targets.csv", "due", "2024-02", "", nil},
		{"targets.csv", "from", "2024-02-01", "", nil},
		{"targets.csv", "basis", "change_pct", "", nil},
		{"indicators.csv", "new_count", "true", "", nil},
		{"observations.csv", "source_url", "https://example.org/%E4%B8%80?a=b#c", "", nil},
	}
	for _, test := range tests {
		f, ok := indicators.FileNamed(test.file)
		i, c := f.Column(test.column)
		if !ok || i < 0 {
			t.Fatalf("no column %s of %s", test.column, test.file)
		}
		if rule, args := c.Check(test.cell); rule != test.rule || !reflect.DeepEqual(args, test.args) {
			t.Errorf("%s.Check(%q) = %q %v, want %q %v", test.column, test.cell, rule, args, test.rule, test.args)
		}
	}
}

func TestSetRowsTellsEveryCell(t *testing.T) {
	var p indicators.Package
	got := p.SetRows("series.csv", [][]string{
		{"people", "人口", "", "人"},
		{"People", "", "", "人"},
		{"places", "托位", ""},
	})
	want := indicators.Problems{
		{File: "series.csv", Row: 1, Column: "code", Read: "People", Rule: "code_shape"},
		{File: "series.csv", Row: 1, Column: "name", Rule: "required"},
		{File: "series.csv", Row: 2, Rule: "wrong_width", Args: []any{3, 4}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("SetRows() = %v, want %v", got, want)
	}
	if got := p.SetRows("people.csv", nil); len(got) != 1 || got[0].Rule != "unknown_file" {
		t.Errorf("SetRows(people.csv) = %v, want unknown_file", got)
	}
	if p.Rows("people.csv") != nil {
		t.Error("Rows(people.csv) is not nil")
	}
}

// TestRowsAndSetRowsAreInverse writes wide random cells into every file, and
// wants the same cells back.
func TestRowsAndSetRowsAreInverse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var p indicators.Package
		for _, f := range indicators.Files() {
			cells := make([][]string, r.IntN(4))
			for i := range cells {
				for _, c := range f.Columns {
					cells[i] = append(cells[i], randomCell(r, c))
				}
			}
			if problems := p.SetRows(f.Name, cells); problems != nil {
				t.Fatal(problems)
			}
			if got := p.Rows(f.Name); !slices.EqualFunc(got, cells, slices.Equal) {
				t.Fatalf("%s: wrote %q, read %q", f.Name, cells, got)
			}
		}
		var q indicators.Package
		for _, f := range indicators.Files() {
			q.SetRows(f.Name, p.Rows(f.Name))
		}
		if !reflect.DeepEqual(p, q) {
			t.Fatal("SetRows(Rows(p)) is not p")
		}
	}
}

// randomCell is a cell that column c allows: empty now and then, long, odd.
func randomCell(r *rand.Rand, c indicators.Column) string {
	if !c.Required && r.IntN(4) == 0 {
		return ""
	}
	if c.List {
		one := c
		one.List, one.Required = false, true
		items := []string{randomCell(r, one)}
		if next := randomCell(r, one); next != items[0] {
			items = append(items, next)
		}
		return strings.Join(items, ";")
	}
	digits := func(n int) string { return strconv.Itoa(1+r.IntN(9)) + strings.Repeat("0", r.IntN(n)) }
	switch c.Type {
	case indicators.CodeColumn:
		return "c" + digits(5) + "-x"
	case indicators.ChoiceColumn:
		return c.Allowed[r.IntN(len(c.Allowed))]
	case indicators.NumberColumn:
		return []string{"", "-"}[r.IntN(2)] + digits(12) + []string{"", ".0", "." + digits(8)}[r.IntN(3)]
	case indicators.IntegerColumn:
		return digits(8)
	case indicators.TruthColumn:
		return []string{"", "true"}[r.IntN(2)]
	case indicators.PeriodColumn:
		form := map[string]string{"year": "2024", "month": "2024-02", "date": "2024-02-29"}
		return form[c.Forms[r.IntN(len(c.Forms))]]
	case indicators.URLColumn:
		return "https://example.org/" + digits(9)
	case indicators.LabelColumn:
		return "四(" + digits(3) + ")"
	}
	words := []string{"一", "米", "\"引号\"", "a, b", "=1+1", "-1.08", "'", "\\.", "👧", "é"}
	var b strings.Builder
	for range 1 + r.IntN(5) {
		b.WriteString(words[r.IntN(len(words))])
	}
	return b.String()
}
