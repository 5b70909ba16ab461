// Package sheet writes tables for spreadsheet programs.
package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"yimi/indicators"
)

// Writer writes tables; the zero value is ready.
type Writer struct{}

const bom = "\xef\xbb\xbf"

// CSV writes t as UTF-8 with a byte-order mark, so that Excel opens Chinese
// rightly, and CR LF as RFC 4180 has it. A text that a spreadsheet would take
// for a formula is led by an apostrophe; a number stays a number.
func (Writer) CSV(w io.Writer, t indicators.Table) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(t.Columns); err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = text(cell)
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	return nil
}

func text(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case indicators.Number:
		return v.String()
	case string:
		if first, _ := utf8.DecodeRuneInString(v); v != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
			return "'" + v
		}
		return v
	}
	return fmt.Sprint(cell)
}

// maxFloatDigits is how many significant digits a number cell holds.
const maxFloatDigits = 15

// XLSX writes t as one sheet: the title and notes, the headings, then the
// rows with numbers as number cells in the digits that they have.
func (Writer) XLSX(w io.Writer, t indicators.Table) (err error) {
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("table %s: %w", t.Name, cerr)
		}
	}()
	const sheet = "Sheet1"
	stream, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	styles := numberStyles{file: f, byDigits: map[int32]int{}}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	if err := stream.SetColWidth(1, max(1, len(t.Columns)), 16); err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	line := 0
	put := func(cells []any) error {
		line++
		return stream.SetRow("A"+strconv.Itoa(line), cells)
	}
	lead := [][]any{{excelize.Cell{StyleID: bold, Value: t.Title}}}
	for _, note := range t.Notes {
		lead = append(lead, []any{note})
	}
	head := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = excelize.Cell{StyleID: bold, Value: c}
	}
	for _, cells := range append(lead, head) {
		if err := put(cells); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	for _, row := range t.Rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			if cells[i], err = styles.cell(cell); err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
		}
		if err := put(cells); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	if err := stream.Flush(); err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	return nil
}

type numberStyles struct {
	file     *excelize.File
	byDigits map[int32]int
}

func (s numberStyles) cell(cell any) (any, error) {
	n, ok := cell.(indicators.Number)
	if !ok {
		return cell, nil
	}
	if !n.Present() {
		return nil, nil
	}
	if tooLong(n.Decimal()) {
		return n.String(), nil
	}
	digits := max(0, -n.Decimal().Exponent())
	id, ok := s.byDigits[digits]
	if !ok {
		format := "0"
		if digits > 0 {
			format += "." + strings.Repeat("0", int(digits))
		}
		var err error
		if id, err = s.file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return nil, err
		}
		s.byDigits[digits] = id
	}
	return excelize.Cell{StyleID: id, Value: n.Float()}, nil
}

// tooLong reports a number that a floating-point cell would change.
func tooLong(d decimal.Decimal) bool {
	return len(strings.Trim(d.Coefficient().String(), "-")) > maxFloatDigits
}
