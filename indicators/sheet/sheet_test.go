package sheet_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"yimi/indicators"
	"yimi/indicators/sheet"
)

func table() indicators.Table {
	return indicators.Table{
		Name: "托位数", Title: "托位数", Notes: []string{"第 1 次发布"},
		Columns: []string{"编码", "值", "备注"},
		Rows: [][]any{
			{"places", indicators.MustNumber("85.20"), "=cmd|' /C calc'!A0"},
			{"places", indicators.MustNumber("-1.08"), "含\"民办\"园"},
			{"places", indicators.MustNumber("1260.0574"), nil},
			{"places", indicators.Number{}, "未报"},
			{"places", indicators.MustNumber("12345678901234567.89"), ""},
			{"places", nil, "＝cmd"}, {"places", nil, "+1"}, {"places", nil, "-1"}, {"places", nil, "@x"}, {"places", nil, "\n=x"}, {"places", nil, "\t=x"},
		},
	}
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := (sheet.Writer{}).CSV(&b, table()); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if n := strings.Count(got, "\xef\xbb\xbf"); n != 1 || !strings.HasPrefix(got, "\xef\xbb\xbf编码,") {
		t.Errorf("CSV has %d byte-order marks and begins %q, want one, then 编码", n, got[:12])
	}
	for _, want := range []string{
		"places,85.20,'=cmd|' /C calc'!A0\r\n",
		"places,-1.08,\"含\"\"民办\"\"园\"\r\n",
		"places,1260.0574,\r\n",
		"places,,未报\r\n",
		"places,12345678901234567.89,\r\n",
		"places,,'＝cmd\r\n", "places,,'+1\r\n", "places,,'-1\r\n", "places,,'@x\r\n", "places,,\"'\r\n=x\"\r\n", "places,,'\t=x\r\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("CSV lacks %q in\n%s", want, got)
		}
	}
}

func TestXLSX(t *testing.T) {
	var b bytes.Buffer
	if err := (sheet.Writer{}).XLSX(&b, table()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, c := range []struct {
		cell, raw, shown string
		kind             excelize.CellType
	}{
		{"A3", "编码", "编码", excelize.CellTypeInlineString},
		{"B4", "85.2", "85.20", excelize.CellTypeUnset},
		{"C4", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", excelize.CellTypeInlineString},
		{"B5", "-1.08", "-1.08", excelize.CellTypeUnset},
		{"B6", "1260.0574", "1260.0574", excelize.CellTypeUnset},
		{"B7", "", "", excelize.CellTypeUnset},
		{"B8", "12345678901234567.89", "12345678901234567.89", excelize.CellTypeInlineString},
	} {
		raw, err := f.GetCellValue("Sheet1", c.cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		shown, err := f.GetCellValue("Sheet1", c.cell)
		if err != nil {
			t.Fatal(err)
		}
		kind, err := f.GetCellType("Sheet1", c.cell)
		if err != nil {
			t.Fatal(err)
		}
		if raw != c.raw || shown != c.shown || kind != c.kind {
			t.Errorf("%s = %q shown %q of kind %v, want %q shown %q of kind %v", c.cell, raw, shown, kind, c.raw, c.shown, c.kind)
		}
	}
}
