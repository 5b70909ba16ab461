package indicators

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
)

func TestReadPaste(t *testing.T) {
	for _, c := range []struct {
		text string
		want [][]string
	}{
		{"", nil},
		{"5\n6\n7\n", [][]string{{"5"}, {"6"}, {"7"}}},
		{"5\r\n6\r\n", [][]string{{"5"}, {"6"}}},
		{"5\r6\r", [][]string{{"5"}, {"6"}}},
		{"a\tb\n\tc", [][]string{{"a", "b"}, {"", "c"}}},
		{"a\t", [][]string{{"a", ""}}},
		{"a\n\nb\n", [][]string{{"a"}, {""}, {"b"}}},
		{"含\"民办\"园\t\"民办\"\n", [][]string{{"含\"民办\"园", "\"民办\""}}},
		{"\"两\n行\"\t\"说\"\"好\"\"\t了\"\n", [][]string{{"两\n行", "说\"好\"\t了"}}},
		{"\"两\r\n行\r\"\t3\r\n", [][]string{{"两\n行\n", "3"}}},
		{"\"\"\"a\"\tb\"\n", [][]string{{"\"a", "b\""}}},
		{"\"\"\t\"\"\"\t\"\"x\"\"", [][]string{{"\"\"", "\"\"\"", "\"\"x\"\""}}},
		{"\"没有收尾\n2", [][]string{{"\"没有收尾"}, {"2"}}},
		{"\ufeff1\t2", [][]string{{"1", "2"}}},
		{strings.Repeat("字", 60), [][]string{{strings.Repeat("字", 60)}}},
	} {
		got, err := ReadPaste(c.text)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("ReadPaste(%q) = %q, %v, want %q", c.text, got, err, c.want)
		}
	}
	for _, bad := range []string{"\xff", "a\x00", strings.Repeat("a", maxPaste+1), strings.Repeat("\t", maxPasteCols+1), strings.Repeat("\n", maxPasteRows+1)} {
		if _, err := ReadPaste(bad); err == nil {
			t.Errorf("ReadPaste(%.10q) is read", bad)
		}
	}
}

// copied is what the grid's own script puts on the clipboard: see quoted in
// static/js/grid.js.
func copied(rows [][]string) string {
	var lines []string
	for _, row := range rows {
		var line []string
		for _, cell := range row {
			if strings.ContainsAny(cell, "\t\r\n") || strings.HasPrefix(cell, `"`) {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			line = append(line, cell)
		}
		lines = append(lines, strings.Join(line, "\t"))
	}
	return strings.Join(lines, "\n") + "\n"
}

// What was copied out of the grid comes back as it was, whatever a cell holds.
func FuzzCopy(f *testing.F) {
	for _, s := range []string{"a", "含\"民办\"园", "\"民办\"", "两\n行", "一\t二", "\"", "\"\"", "\"a\nb", "a\"\t\"b", ""} {
		f.Add(s, "b\"")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		want := [][]string{{a, b, a}, {b, "x", ""}, {"", b, a}}
		got, err := ReadPaste(copied(want))
		if err != nil {
			return
		}
		for _, row := range want {
			for c := range row {
				row[c] = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(row[c])
			}
		}
		if strings.HasPrefix(a, "\ufeff") { // the mark of a file's beginning is no text
			want[0][0] = strings.TrimPrefix(a, "\ufeff")
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q was copied and comes back as %q", want, got)
		}
	})
}

func grid() *Grid {
	return &Grid{
		IDHeaders: []string{"编号", "id"}, NameHeaders: []string{"指标", "Indicator"}, PlaceHeaders: []string{"地区"},
		Columns: []GridColumn{{Headers: []string{"指标", "Indicator"}}, {Field: ValueField, Headers: []string{"本年值", "Value"}}, {Field: NoteField, Headers: []string{"说明", "Note"}}},
		Rows: []GridRow{
			{Duty: 11, Unit: "个", Names: []string{"公园", "Parks"}, Places: []string{"甲区"}}, {Duty: 12, Unit: "个", Entry: Input{Value: "6"}, Names: []string{"公园", "Parks"}, Places: []string{"乙区"}},
			{Duty: 13, Unit: "%", Entry: Input{Value: "4"}, Names: []string{"占比"}}, {Duty: 14, Unit: "个", Locked: true, Entry: Input{Value: "9"}},
		},
	}
}

func TestPlace(t *testing.T) {
	g := grid()
	brief := func(text string, row, column int) string {
		rows, err := ReadPaste(text)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, p := range g.Place(rows, row, column) {
			at := "-"
			if p.Row >= 0 {
				at = strconv.FormatInt(g.Rows[p.Row].Duty, 10) + "." + string(g.Columns[p.Column].Field)
			}
			out = append(out, at+" "+string(p.Outcome))
		}
		return strings.Join(out, ", ")
	}
	for _, c := range []struct {
		name, text  string
		row, column int
		want        string
	}{
		{"a column leaves the row below it", "5\n6\n7\n", 0, 1, "11.value new, 12.value same, 13.value changed"},
		{"beyond the last row and column", "1\t2\t3\n4\t5\t6\n", 3, 1, "14.value locked, 14.note locked, - overflow, - overflow, - overflow, - overflow"},
		{"a blank wipes nothing out", "\n\n", 1, 1, "12.value blank, 13.value blank"},
		{"what cannot be read is told", "二十\n", 0, 1, "11.value error"},
		{"a shown column takes nothing", "x\t5\n", 0, 0, "11. locked, 11.value new"},
		{"by headers, in any order", "说明\t本年值\tother\nn\t5\tz\n", 0, 1, "- header, - header, - overflow, 11.note new, 11.value new, - overflow"},
		{"by ids", "id\tValue\nF-13\t5\nf-11\t6\nF-99\t7\n", 0, 1, "- header, - header, - header, 13.value changed, - header, 11.value new, - unknown, - unknown"},
		{"by ids without headers", "F-13\t5\nＦ－１１\t6\n", 0, 1, "- header, 13.value changed, - header, 11.value new"},
		{"by names", "指标\t本年值\n占比\t5\n图书馆\t6\n", 0, 1, "- header, - header, - header, 13.value changed, - unknown, - unknown"},
		{"a name that two rows have names none", "Indicator\tValue\nParks\t5\n", 0, 1, "- header, - header, - unknown, - unknown"},
		{"by names and areas", "地区\tother\t指标\t本年值\n乙区\tx\t公园\t7\n甲区\t\tparks\t8\n丙区\t\t公园\t9\n", 0, 1,
			"- header, - overflow, - header, - header, - header, - overflow, - header, 12.value changed, - header, - blank, - header, 11.value new, - unknown, - blank, - unknown, - unknown"},
		{"by names without headers", "占比\t5\n", 0, 1, "- header, 13.value changed"},
		{"a header of names above nothing", "指标\t本年值\n\t5\n", 1, 1, "- header, - header, 12. locked, 12.value changed"},
		{"numbers that equal the rows' own are numbers", "11\n12\n13\n", 0, 1, "11.value new, 12.value changed, 13.value changed"},
		{"one such number", "13\n", 0, 1, "11.value new"},
		{"numbers in the first of two columns", "13\t5\n11\t6\n", 0, 1, "11.value new, 11.note new, 12.value changed, 12.note new"},
		{"numbers below a header", "本年值\n13\n11\n", 0, 1, "- header, 11.value new, 12.value changed"},
		{"somebody's own numbering", "id\tValue\n13\t5\n11\t6\n", 0, 1, "- header, - header, - overflow, 11.value new, - overflow, 12.value same"},
		{"ids of another grid name no row", "id\tValue\nF-98\t5\nF-99\t6\n", 0, 1, "- header, - header, - unknown, - unknown, - unknown, - unknown"},
		{"no id at all in a row", "id\tValue\nF-13\t5\n\t6\n", 0, 1, "- header, - header, - header, 13.value changed, - blank, - unknown"},
	} {
		if got := brief(c.text, c.row, c.column); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// What is not shown is named by its id only.
func TestPlaceAmongHiddenRows(t *testing.T) {
	g := grid()
	g.Rows[1].Hidden = true
	for text, want := range map[string]string{"5\n7\n": "11 13", "id\tValue\nF-12\t8\n": "12", "1\n2\n3\n4\n": "11 13"} {
		rows, err := ReadPaste(text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range g.Place(rows, 0, 1) {
			if p.Outcome.Fills() {
				got = append(got, strconv.FormatInt(g.Rows[p.Row].Duty, 10))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q fills rows %v, want %s", text, got, want)
		}
	}
}

func TestSavingsOfAPaste(t *testing.T) {
	g := grid()
	g.Rows[2].Version = 4
	rows, err := ReadPaste("本年值\t说明\n6\t\n6\tb\n5\tc\n1\td\n")
	if err != nil {
		t.Fatal(err)
	}
	got := g.Savings(g.Place(rows, 0, 1), "k")
	want := []Saving{
		{Duty: 11, Key: "k", Edits: []Edit{{ValueField, "6"}}}, {Duty: 12, Key: "k", Edits: []Edit{{NoteField, "b"}}},
		{Duty: 13, Version: 4, Key: "k", Edits: []Edit{{ValueField, "5"}, {NoteField, "c"}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Savings = %+v, want %+v", got, want)
	}
}

// Every pasted cell is told once, and nothing is put outside the grid.
func FuzzPaste(f *testing.F) {
	for _, s := range []string{"5\n6\n7\n", "a\tb\r\nc\td\r\n", "\"x\ny\"\tz", "id\tValue\nF-13\t5\n", "11\t12\n13\t14\n", "说明\t本年值\nn\t5\n", "含\"民办\"园\n", "\"", "\t\t\t\n\n"} {
		f.Add(s, 0, 1)
	}
	for _, s := range []string{"指标\t本年值\n占比\t5\n", "地区\t指标\t本年值\n乙区\t公园\t7\n", "占比\t5\n"} {
		f.Add(s, 0, 1)
	}
	f.Fuzz(func(t *testing.T, text string, row, column int) {
		rows, err := ReadPaste(text)
		if err != nil {
			return
		}
		cells, letters := 0, 0
		for _, r := range rows {
			cells += len(r)
			for _, c := range r {
				letters += strings.Count(c, "字") + strings.Count(c, "7")
			}
		}
		if want := strings.Count(text, "字") + strings.Count(text, "7"); letters != want {
			t.Fatalf("ReadPaste(%q) has %d of %d letters", text, letters, want)
		}
		g := grid()
		placed := g.Place(rows, row, column)
		if len(placed) != cells {
			t.Fatalf("Place(%q) tells %d of %d cells", text, len(placed), cells)
		}
		for _, p := range placed {
			inside := p.Row >= 0 && p.Row < len(g.Rows) && p.Column >= 0 && p.Column < len(g.Columns)
			if p.Outcome.Fills() && (!inside || g.Rows[p.Row].Locked || p.Text == "") {
				t.Fatalf("Place(%q): %+v", text, p)
			}
			if p.Text != strings.TrimSpace(rows[p.FromRow][p.FromColumn]) {
				t.Fatalf("Place(%q): %+v has another text", text, p)
			}
		}
	})
}
