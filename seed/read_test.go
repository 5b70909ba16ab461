package seed_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"yimi/indicators"
	"yimi/seed"
)

const yunxi = "testdata/yunxi-2023"

// mustFiles is a package's files, to be spoilt.
func mustFiles(t testing.TB, fsys fs.FS) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := fs.ReadFile(fsys, e.Name())
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = &fstest.MapFile{Data: data}
	}
	return out
}

// replace puts new in the place of the first old of a file.
func replace(t testing.TB, files fstest.MapFS, name, old, new string) {
	t.Helper()
	before := files[name].Data
	after := bytes.Replace(before, []byte(old), []byte(new), 1)
	if bytes.Equal(before, after) {
		t.Fatalf("%s has no %q", name, old)
	}
	files[name] = &fstest.MapFile{Data: after}
}

// tell is what an error of Read says, a problem a line.
func tell(err error) string {
	var problems indicators.Problems
	if !errors.As(err, &problems) {
		return fmt.Sprint(err)
	}
	var out []string
	for _, p := range problems {
		out = append(out, p.String())
	}
	return strings.Join(out, "\n")
}

func TestReadRefuses(t *testing.T) {
	const (
		domains = "code,name,name_en,short"
		series  = "code,name,name_en,unit"
	)
	for _, test := range []struct{ file, old, new, want string }{
		// The header.
		{"series.csv", series, series + ",colour", `series.csv:1:24 colour "colour": unknown_column [colour code,name,name_en,unit]
series.csv:2:1  "": wrong_width [4 5]
series.csv:3:1  "": wrong_width [4 5]
series.csv:4:1  "": wrong_width [4 5]`},
		{"series.csv", series, "code,name,name_en,units", `series.csv:1:1 unit "": missing_column [unit]
series.csv:1:19 units "units": unknown_column [units code,name,name_en,unit]`},
		{"series.csv", series, "code,name,name,unit", `series.csv:1:1 name_en "": missing_column [name_en]
series.csv:1:11 name "name": doubled_column [name]`},
		{"series.csv", series, "code,name_en,name,unit", `series.csv:1:6 name_en "name_en": misordered_column [name]`},
		{"series.csv", series, "编码,name,name_en,unit", `series.csv:1:1 编码 "编码": unknown_column [编码 code,name,name_en,unit]
series.csv:1:1 code "": missing_column [code]`},
		{"series.csv", series + "\npupils,在校学生", "code;name;name_en;unit\nPupils,在校学生", `series.csv:1:1 code;name;name_en;unit "code;name;name_en;unit": unknown_column [code;name;name_en;unit code,name,name_en,unit]
series.csv:1:1 code "": missing_column [code]
series.csv:1:1 name "": missing_column [name]
series.csv:1:1 name_en "": missing_column [name_en]
series.csv:1:1 unit "": missing_column [unit]
series.csv:2:1  "": wrong_width [4 1]
series.csv:3:1  "": wrong_width [4 1]
series.csv:4:1  "": wrong_width [4 1]`},
		// Rows.
		{"series.csv", ",Pupils,", ",", `series.csv:2:1  "": wrong_width [3 4]`},
		{"series.csv", ",Pupils,", ",Pupils,,", `series.csv:2:1  "": wrong_width [5 4]`},
		{"series.csv", ",Pupils,", ",Pup\"ils,", `series.csv:2:24  "": bare_quote []`},
		{"series.csv", ",Pupils,", ",\"Pup\"ils,", `series.csv:2:25  "": quote_in_quotes []`},
		{"series.csv", ",Pupils,", ",\"Pupils,", `series.csv:2:32  "": open_quote []`},
		{"series.csv", "residents,常住人口,Residents,万人\n", "residents,常住人口,Residents,万", `series.csv:4:37  "": truncated []`},
		{"series.csv", "residents,常住人口,Residents,万人\n", "residents,常住", `series.csv:4:1  "": wrong_width [2 4]
series.csv:4:17  "": truncated []`},
		{"series.csv", "在校学生", "\xd4\xda\xd0\xa3\xd1\xa7\xc9\xfa", `series.csv:2:8  "": not_utf8 [D4 DA D0 A3]`},
		{"series.csv", "在校学生", strings.Repeat("长", 50_000), `series.csv:2:1  "": line_too_long [128]`},
		{"series.csv", "在校学生", "\"在校\n学生\"", `series.csv:2:15  "": open_quote []
series.csv:3:7  "": bare_quote []`},
		// Cells.
		{"targets.csv", "2024,ge,40,", "2024,ge,四十,", `targets.csv:2:25 value "四十": not_a_number []`},
		{"targets.csv", "2024,ge,40,", `2024,ge,"4,0",`, `targets.csv:2:25 value "4,0": not_a_number []`},
		{"targets.csv", "2024,ge,40,", "2024,≥,40,", `targets.csv:2:22 comparator "≥": unknown_choice [ge, gt, le, lt, eq, between, about, hold]`},
		{"targets.csv", ",2024-06,", ",2024年6月,", `targets.csv:17:26 due "2024年6月": period_form [YYYY-MM, YYYY-MM-DD]`},
		{"targets.csv", ",2025-06-30,", ",2025-06,", `targets.csv:19:32 until "2025-06": period_form [YYYY-MM-DD]`},
		{"indicators.csv", ",true,", ",yes,", `indicators.csv:2:111 new_count "yes": not_a_truth []`},
		{"areas.csv", "999901,0,0", "999901,0,零", `areas.csv:3:68 grid_row "零": not_an_integer []`},
		{"observations.csv", "https://yunxi.example/bulletin", "ftp://yunxi.example/bulletin", `observations.csv:3:98 source_url "ftp://yunxi.example/bulletin": bad_url []`},
		{"domains.csv", "书页友好", "书页\u202e友好", `domains.csv:2:7 name "书页\u202e友好": hidden_character [U+202E]`},
		{"domains.csv", domains + "\npages", domains + "\nPages", `domains.csv:2:1 code "Pages": code_shape []
tasks.csv:2:3 domain "pages": unknown_domain [pages]
tasks.csv:3:3 domain "pages": unknown_domain [pages]
tasks.csv:4:3 domain "pages": unknown_domain [pages]
indicators.csv:8:16 domain "pages": unknown_domain [pages]`},
		// Rows beside others, by line and column.
		{"tasks.csv", "2,pages,图书漂流上船", "1,pages,图书漂流上船", `tasks.csv:3:1 number "1": doubled_key [number]
commitments.csv:4:13 task "2": unknown_task [2]
commitments.csv:5:12 task "2": unknown_task [2]
indicators.csv:4:17 task "2": unknown_task [2]
indicators.csv:5:20 task "2": unknown_task [2]
projects.csv:2:200 tasks "1;2": unknown_task [2]
pledges.csv:5:79 tasks "1;2": unknown_task [2]`},
		{"observations.csv", "books-per-child,yunxi,2021,9.6", "books-per-child,yunxi,2021,", `observations.csv:2:28 value "": value_or_answer []`},
		{"areas.csv", "云汐;汐城,city,", "云汐;汐城,district,", `areas.csv:0:0 level "": city_count [0]
areas.csv:2:53 parent "": required []
areas.csv:3:53 parent "yunxi": parent_level []
areas.csv:4:60 parent "yunxi": parent_level []
areas.csv:5:51 parent "yunxi": parent_level []
areas.csv:6:56 parent "yunxi": parent_level []
targets.csv:23:20 comparator "hold": hold_without_baseline [2021 level]`},
		// The descriptor.
		{"datapackage.json", "{\n", "\n{,", `datapackage.json:2:2  "": json_syntax []`},
		{"datapackage.json", `"plan": {`, `"plan": [{`, `datapackage.json:24:14  "": json_syntax []`},
		{"datapackage.json", `"plan": {`, `"plans": {`, `datapackage.json:1:1 plan "": want_object []`},
		{"datapackage.json", `"code": "yunxi-2023",`, `"code": 5,`, `datapackage.json:7:13 code "": want_text []`},
		{"datapackage.json", `"code": "yunxi-2023",`, `"code": null,`, `datapackage.json:7:13 code "": want_text []`},
		{"datapackage.json", `"code": "yunxi-2023",`, `"colour": "blue", "code": "yunxi-2023",`, `datapackage.json:7:15 colour "": unknown_key [code, title, title_en, city, document, issued, baseline_year, first_year, milestones, horizon, results_due, time_zone]`},
		{"datapackage.json", `"code": "yunxi-2023",`, `"code": "a", "code": "yunxi-2023",`, `datapackage.json:7:18 code "": doubled_json_key []`},
		{"datapackage.json", `"baseline_year": 2021`, `"baseline_year": "2021"`, `datapackage.json:13:22 baseline_year "": want_integer []`},
		{"datapackage.json", `"baseline_year": 2021`, `"baseline_year": 2021.5`, `datapackage.json:13:22 baseline_year "": want_integer []`},
		{"datapackage.json", "2024,\n", "\"2024\",\n", `datapackage.json:15:19 milestones "": want_integers []`},
		{"datapackage.json", `"horizon": 2040`, `"horizon": 2029`, `datapackage.json:20:16 horizon "2029": horizon_order []`},
		{"datapackage.json", `"2023-03-18"`, `"2023-03-32"`, `datapackage.json:12:15 issued "": period_form [YYYY-MM-DD]`},
		{"datapackage.json", `"2023-03-18"`, `"2023-03"`, `datapackage.json:12:15 issued "2023-03": period_form [YYYY-MM-DD]`},
		{"datapackage.json", `"Asia/Shanghai"`, `"Yunxi/Bay"`, `datapackage.json:22:18 time_zone "Yunxi/Bay": time_zone []`},
		{"datapackage.json", `"path": "series.csv"`, `"path": "people.csv"`, `datapackage.json:24:16 series.csv "": missing_resource [series.csv]
datapackage.json:500:5 people.csv "": unknown_resource [people.csv]`},
		{"datapackage.json", `"path": "series.csv"`, `"path": "domains.csv"`, `datapackage.json:24:16 series.csv "": missing_resource [series.csv]
datapackage.json:500:5 domains.csv "": doubled_resource [domains.csv]`},
		{"datapackage.json", `"name": "short"`, `"name": "shorter"`, `datapackage.json:30:17 domains.csv "": schema_columns [domains.csv code,name,name_en,short]`},
		{"datapackage.json", `"resources": [`, `"resources": 5, "more": [`, `datapackage.json:24:16 resources "": want_list []`},
		{"datapackage.json", `"profile": "tabular-data-package"`, `"profile": ` + strings.Repeat("[", 40) + strings.Repeat("]", 40), `datapackage.json:1:1  "": json_depth []`},
	} {
		files := mustFiles(t, os.DirFS(yunxi))
		replace(t, files, test.file, test.old, test.new)
		_, err := seed.Read(files)
		if got := tell(err); got != test.want {
			t.Errorf("%s with %.40q for %.40q: Read() =\n%s\nwant\n%s", test.file, test.new, test.old, got, test.want)
		}
	}
}

func TestReadRefusesFiles(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(fstest.MapFS)
		want string
	}{
		{"nothing", func(m fstest.MapFS) { clear(m) }, `datapackage.json:0:0  "": missing_file []
domains.csv:0:0  "": missing_file []
organisations.csv:0:0  "": missing_file []
areas.csv:0:0  "": missing_file []
tasks.csv:0:0  "": missing_file []
commitments.csv:0:0  "": missing_file []
indicators.csv:0:0  "": missing_file []
targets.csv:0:0  "": missing_file []
series.csv:0:0  "": missing_file []
observations.csv:0:0  "": missing_file []
references.csv:0:0  "": missing_file []
rules.csv:0:0  "": missing_file []
projects.csv:0:0  "": missing_file []
policies.csv:0:0  "": missing_file []
pledges.csv:0:0  "": missing_file []
coverage.csv:0:0  "": missing_file []`},
		{"another name", func(m fstest.MapFS) { m["Rules.CSV"] = m["rules.csv"]; delete(m, "rules.csv") }, `rules.csv:0:0  "": missing_file []
Rules.CSV:0:0  "": unknown_file []`},
		{"empty", func(m fstest.MapFS) { m["rules.csv"] = &fstest.MapFile{} }, `rules.csv:1:1  "": empty_file []`},
		{"blank", func(m fstest.MapFS) { m["rules.csv"] = &fstest.MapFile{Data: []byte("\ufeff\r\n\n")} }, `rules.csv:1:1  "": empty_file []`},
		{"a folder", func(m fstest.MapFS) {
			delete(m, "rules.csv")
			m["rules.csv/x"] = &fstest.MapFile{}
		}, `rules.csv:0:0  "": not_a_file []`},
		{"two folders", func(m fstest.MapFS) {
			for name, f := range maps.Clone(m) {
				delete(m, name)
				m["a/"+name], m["b/"+name] = f, f
			}
		}, "datapackage.json:0:0  \"\": missing_file []"},
		{"UTF-16", func(m fstest.MapFS) { m["rules.csv"] = &fstest.MapFile{Data: []byte("\xff\xfec\x00o\x00")} }, `rules.csv:1:1  "": not_utf8 [FF FE 63 00]`},
		{"too many rows", func(m fstest.MapFS) {
			m["rules.csv"] = &fstest.MapFile{Data: append(m["rules.csv"].Data, bytes.Repeat([]byte("r,1,le,a,error,m,\n"), 200_000)...)}
		}, `rules.csv:200002:1  "": too_many_rows [200000]`},
		{"too many entries", func(m fstest.MapFS) {
			for i := range 200 {
				m[fmt.Sprint("note", i)] = &fstest.MapFile{}
			}
		}, `.:0:0  "": too_many_entries [200]`},
		{"a large descriptor", func(m fstest.MapFS) {
			m["datapackage.json"] = &fstest.MapFile{Data: bytes.Repeat([]byte(" "), 1<<20+1)}
		}, `datapackage.json:0:0  "": file_too_large [1]`},
	} {
		files := mustFiles(t, os.DirFS(yunxi))
		test.edit(files)
		_, err := seed.Read(files)
		if got := tell(err); got != test.want && (test.name != "two folders" || !strings.HasPrefix(got, test.want)) {
			t.Errorf("%s: Read() =\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

// TestReadTellsEverythingAtOnce spoils many files and wants each told, in
// order: what cannot be parsed, and what breaks a rule beside it.
func TestReadTellsEverythingAtOnce(t *testing.T) {
	files := mustFiles(t, os.DirFS(yunxi))
	replace(t, files, "series.csv", ",人\n", ", 人\n")
	replace(t, files, "targets.csv", "2024,ge,40,", "2024,ge,x,")
	replace(t, files, "targets.csv", "2027,ge,1,", "2026,ge,1,")
	replace(t, files, "domains.csv", "书页友好", "")
	replace(t, files, "datapackage.json", "\"05-31\"", "\"31-05\"")
	_, err := seed.Read(files)
	want := `datapackage.json:21:20 results_due "31-05": month_day []
domains.csv:2:7 name "": required []
targets.csv:2:25 value "x": not_a_number []
targets.csv:5:20 milestone "2026": unknown_milestone [2024, 2027, 2030, every]
series.csv:2:28 unit " 人": surrounding_space []
coverage.csv:5:48 milestone "2027": coverage_no_target [corner-communities]`
	if got := tell(err); got != want {
		t.Errorf("Read() =\n%s\nwant\n%s", got, want)
	}
	if err != nil && !strings.HasPrefix(err.Error(), "6 problems") {
		t.Errorf("Error() = %q, want it to count 6 problems", err)
	}
}

// TestReadTellsAtMost wants a number of problems that a person can read.
func TestReadTellsAtMost(t *testing.T) {
	files := mustFiles(t, os.DirFS(yunxi))
	files["rules.csv"] = &fstest.MapFile{Data: append(files["rules.csv"].Data, bytes.Repeat([]byte("R,a\n"), 1500)...)}
	var problems indicators.Problems
	if _, err := seed.Read(files); !errors.As(err, &problems) || len(problems) != 1001 {
		t.Fatalf("Read() tells %d problems, want 1001", len(problems))
	}
	if last := problems[1000]; last.Rule != "more_problems" || last.Args[0] != 500 {
		t.Errorf("the last is %s, want more_problems 500", last)
	}
}

func TestReadAllows(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(fstest.MapFS)
	}{
		{"BOM", func(m fstest.MapFS) {
			for name, f := range m {
				m[name] = &fstest.MapFile{Data: append([]byte("\ufeff"), f.Data...)}
			}
		}},
		{"CR LF", func(m fstest.MapFS) {
			for name, f := range m {
				if strings.HasSuffix(name, ".csv") {
					m[name] = &fstest.MapFile{Data: bytes.ReplaceAll(f.Data, []byte("\n"), []byte("\r\n"))}
				}
			}
		}},
		{"quotes and blank lines", func(m fstest.MapFS) {
			replace(t, m, "series.csv", "pupils,在校学生", "\n\"pupils\",\"在校学生\"")
		}},
		{"a single folder at the top", func(m fstest.MapFS) {
			for name, f := range maps.Clone(m) {
				delete(m, name)
				m["方案/"+name] = f
			}
			m["__MACOSX/方案/._domains.csv"] = &fstest.MapFile{Data: []byte("x")}
			m[".DS_Store"] = &fstest.MapFile{Data: []byte("x")}
		}},
		{"other files", func(m fstest.MapFS) { m["README.md"] = &fstest.MapFile{Data: []byte("x")} }},
	} {
		files := mustFiles(t, os.DirFS(yunxi))
		test.edit(files)
		p, err := seed.Read(files)
		if err != nil {
			t.Errorf("%s: Read() = %s", test.name, tell(err))
			continue
		}
		want := mustFiles(t, os.DirFS(yunxi))
		for name, data := range mustWrite(t, p) {
			if !bytes.Equal(data, want[name].Data) {
				t.Errorf("%s: %s is written otherwise than it stands", test.name, name)
			}
		}
	}
}
