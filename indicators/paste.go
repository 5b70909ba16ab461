package indicators

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What is taken from a clipboard at most.
const (
	maxPaste     = 1 << 20 // bytes
	maxPasteRows = 5000
	maxPasteCols = 200
)

// ReadPaste reads what a spreadsheet puts on the clipboard: cells parted by
// tabs, rows by line ends of any kind, a last line end closing the last row. A
// cell stands in quotes only where it holds a tab or a line end, or begins with a
// quote of its own, its quotes doubled and its line ends read as line feeds; any
// other quote is a character of the cell. Rows can be of different lengths. Invalid "paste_text" for what is no UTF-8 or holds a zero byte;
// TooLarge "paste_size" beyond 1 MiB, 5000 rows or 200 columns.
func ReadPaste(text string) ([][]string, error) {
	if len(text) > maxPaste {
		return nil, &Error{Kind: TooLarge, What: "paste_size"}
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, &Error{Kind: Invalid, What: "paste_text"}
	}
	text = strings.TrimPrefix(text, "\ufeff")
	var rows [][]string
	var row []string
	for text != "" {
		cell, rest := pasteCell(text)
		row = append(row, cell)
		if len(row) > maxPasteCols {
			return nil, &Error{Kind: TooLarge, What: "paste_size"}
		}
		switch {
		case rest == "":
			text = ""
			rows = append(rows, row)
		case rest[0] == '\t':
			text = rest[1:]
			if text == "" { // the row ends with an empty cell
				rows = append(rows, append(row, ""))
			}
		default:
			text = strings.TrimPrefix(rest, "\r")
			if text == rest || strings.HasPrefix(text, "\n") {
				text = text[1:]
			}
			rows = append(rows, row)
			row = nil
		}
		if len(rows) > maxPasteRows {
			return nil, &Error{Kind: TooLarge, What: "paste_size"}
		}
	}
	return rows, nil
}

// pasteCell takes the first cell of text; the rest begins with what ends it.
func pasteCell(text string) (cell, rest string) {
	if text[0] == '"' {
		if cell, rest, ok := quotedCell(text); ok {
			return cell, rest
		}
	}
	i := strings.IndexAny(text, "\t\r\n")
	if i < 0 {
		return text, ""
	}
	return text[:i], text[i:]
}

// quotedCell reads a cell in quotes; false where the quotes are the cell's own.
func quotedCell(text string) (cell, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		if text[i] != '"' {
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == '"' {
			b.WriteByte('"')
			i++
			continue
		}
		rest = text[i+1:]
		ends := rest == "" || strings.ContainsRune("\t\r\n", rune(rest[0]))
		cell = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(b.String())
		return cell, rest, ends && (strings.ContainsAny(cell, "\t\n") || strings.HasPrefix(cell, `"`))
	}
	return "", "", false
}

// GridColumn is a column of the entry grid: the field that it fills, "" for one
// that is shown only, and the headers by which a paste may name it (in every
// language).
type GridColumn struct {
	Field   Field
	Headers []string
	Unit    string // of a number, where all rows have one; else the row's
}

// GridRow is a row of the entry grid: its figure as it was read, and the unit of
// its numbers. A locked row takes nothing. A hidden one is not shown: a paste
// that goes by position passes over it, and only its id names it.
type GridRow struct {
	Duty    int64
	Version int
	Unit    string
	Locked  bool
	Hidden  bool
	Entry   Input
	Names   []string // that people call its indicator by
	Places  []string // and its area
}

// rowMark begins the id of every row, so that no count that somebody pastes is
// ever taken for one.
const rowMark = "F-"

// RowID is the id by which a copy of the grid names the row of a duty, F-17.
func RowID(duty int64) string { return rowMark + strconv.FormatInt(duty, 10) }

// rowID reads an id as it comes back: in capitals or not, full-width or not.
// False for everything else, above all for a bare number.
func rowID(text string) (duty int64, ok bool) {
	text = plainText(text)
	if len(text) <= len(rowMark) || !strings.EqualFold(text[:len(rowMark)], rowMark) || !digitsOnly.MatchString(text[len(rowMark):]) {
		return 0, false
	}
	duty, err := strconv.ParseInt(text[len(rowMark):], 10, 64)
	return duty, err == nil
}

// Grid is what a paste is laid upon. IDHeaders are the headers of the hidden
// ids' column, NameHeaders and PlaceHeaders those of the indicators' and of the
// areas'.
type Grid struct {
	Columns      []GridColumn
	Rows         []GridRow
	IDHeaders    []string
	NameHeaders  []string
	PlaceHeaders []string
}

// Outcome says what a pasted cell would do.
type Outcome string

// The outcomes. A blank cell never wipes out what stands.
const (
	CellNew      Outcome = "new"      // fills an empty field
	CellChanged  Outcome = "changed"  // takes the place of another text
	CellSame     Outcome = "same"     // says what stands there
	CellBlank    Outcome = "blank"    // is empty: what stands there stays
	CellFaulty   Outcome = "error"    // is kept as typed and cannot be read: Problem says why
	CellLocked   Outcome = "locked"   // meets a field or a row that takes nothing
	CellOverflow Outcome = "overflow" // meets no row, or no column
	CellUnknown  Outcome = "unknown"  // stands beside a name or an id that no row has, or several have
	CellHeader   Outcome = "header"   // was understood as a column's header, a row's id or its name
)

// Allowed lists the outcomes.
func (Outcome) Allowed() []string {
	return []string{"new", "changed", "same", "blank", "error", "locked", "overflow", "unknown", "header"}
}

// Fills reports an outcome that a confirmation writes.
func (o Outcome) Fills() bool { return o == CellNew || o == CellChanged || o == CellFaulty }

// Placed is one pasted cell: from where in the paste, to where in the grid (-1
// where it meets nothing), what stands there and what it reads as.
type Placed struct {
	FromRow, FromColumn int
	Row, Column         int
	Text                string // as pasted, without the spaces around it
	Was                 string
	Read                Number // of a number column
	Outcome             Outcome
	Problem             string // of a faulty number: the What of [ReadNumber]
}

// Place lays a paste upon the grid. A first row that names a column is a row of
// headers and the columns go by it; a column of ids ([RowID]) names the rows, or
// one of the indicators' names (with one of the areas', where several rows are of
// one indicator), and else rows and columns follow from the active cell. A number
// is never an id, whatever heads its column. Every pasted cell is in the answer
// once, in the order of the paste: nothing is dropped.
func (g *Grid) Place(rows [][]string, activeRow, activeColumn int) []Placed {
	var out []Placed
	header := len(rows) > 0 && g.isHeader(rows[0])
	ids := g.idColumn(rows, header)
	names, places := -1, -1
	if ids < 0 {
		names, places = g.nameColumns(rows, header)
	}
	shown, line := g.shownFrom(activeRow)
	if header {
		line-- // the header's own row is no row of figures
	}
	for r, cells := range rows {
		at := -1
		if n := line + r; n >= 0 && n < len(shown) {
			at = shown[n]
		}
		switch {
		case ids >= 0:
			at = g.rowOf(cellAt(cells, ids))
		case names >= 0:
			at = g.rowNamed(cellAt(cells, names), cellAt(cells, places))
		}
		for c, text := range cells {
			p := Placed{FromRow: r, FromColumn: c, Row: -1, Column: -1, Text: strings.TrimSpace(text)}
			switch {
			case header && r == 0 && (p.Text == "" || g.columnOf(p.Text) >= 0 || g.isID(p.Text) || named(g.PlaceHeaders, p.Text)),
				at >= 0 && (c == ids || c == names || c == places):
				p.Outcome = CellHeader
			case at < 0 && (ids >= 0 || names >= 0) && p.Text != "" && (r > 0 || !header):
				p.Outcome = CellUnknown
			default:
				column := activeColumn + c
				if header {
					column = -1
					if c < len(rows[0]) && r > 0 {
						column = g.columnOf(rows[0][c])
					}
				} else if c > max(ids, names) {
					column -= min(1, 1+max(ids, names))
				}
				g.put(&p, at, column)
			}
			out = append(out, p)
		}
	}
	return out
}

// put says what a cell does at a place of the grid.
func (g *Grid) put(p *Placed, row, column int) {
	if row < 0 || row >= len(g.Rows) || column < 0 || column >= len(g.Columns) {
		p.Outcome = CellOverflow
		if p.Text == "" {
			p.Outcome = CellBlank
		}
		return
	}
	p.Row, p.Column = row, column
	to, col := &g.Rows[row], g.Columns[column]
	if col.Field == "" {
		p.Outcome = CellLocked
		return
	}
	p.Was = to.Entry.Get(col.Field)
	if col.Field.Numeric() {
		unit := to.Unit
		if col.Field != ValueField {
			unit = col.Unit
		}
		read, err := ReadNumber(p.Text, unit)
		p.Read, p.Problem = read.Number, whatOf(err)
	}
	switch {
	case p.Text == "":
		p.Outcome = CellBlank
	case p.Text == p.Was:
		p.Outcome = CellSame
	case to.Locked:
		p.Outcome = CellLocked
	case p.Problem != "":
		p.Outcome = CellFaulty
	case p.Was == "":
		p.Outcome = CellNew
	default:
		p.Outcome = CellChanged
	}
}

// Savings is what confirming a placed paste writes: one saving for each row with
// a cell that fills, in the order of the grid, with the version that was read.
// key is the request's.
func (g *Grid) Savings(placed []Placed, key string) []Saving {
	edits := make([][]Edit, len(g.Rows))
	for _, p := range placed {
		if p.Outcome.Fills() {
			edits[p.Row] = append(edits[p.Row], Edit{Field: g.Columns[p.Column].Field, Text: p.Text})
		}
	}
	var out []Saving
	for i, e := range edits {
		if len(e) > 0 {
			out = append(out, Saving{Duty: g.Rows[i].Duty, Version: g.Rows[i].Version, Key: key, Edits: e})
		}
	}
	return out
}

func (g *Grid) isID(header string) bool { return named(g.IDHeaders, header) }

func (g *Grid) columnOf(header string) int {
	for i, c := range g.Columns {
		if named(c.Headers, header) {
			return i
		}
	}
	return -1
}

func named(headers []string, text string) bool {
	text = plainText(text)
	for _, h := range headers {
		if text != "" && strings.EqualFold(plainText(h), text) {
			return true
		}
	}
	return false
}

func (g *Grid) rowOf(id string) int {
	duty, ok := rowID(id)
	for i := range g.Rows {
		if ok && g.Rows[i].Duty == duty {
			return i
		}
	}
	return -1
}

// shownFrom lists the rows that are shown, and where among them the active one
// is: outside of them where the grid has no such row.
func (g *Grid) shownFrom(active int) (shown []int, line int) {
	line = active
	for i := range g.Rows {
		if i == active {
			line = len(shown)
		}
		if !g.Rows[i].Hidden {
			shown = append(shown, i)
		}
	}
	return shown, line
}

func (g *Grid) isHeader(row []string) bool {
	for _, cell := range row {
		if g.columnOf(cell) >= 0 || g.isID(cell) {
			return true
		}
	}
	return false
}

// idColumn is the column of ids: the one so headed, where an id stands in it
// (somebody's own numbering is none), else the first where each of its cells is
// an id of the grid; -1 for none.
func (g *Grid) idColumn(rows [][]string, header bool) int {
	if header {
		for c, cell := range rows[0] {
			if g.isID(cell) && slices.ContainsFunc(rows[1:], func(row []string) bool {
				_, ok := rowID(cellAt(row, c))
				return ok
			}) {
				return c
			}
		}
		rows = rows[1:]
	}
	for _, row := range rows {
		if g.rowOf(cellAt(row, 0)) < 0 {
			return -1
		}
	}
	if len(rows) == 0 {
		return -1
	}
	return 0
}

// nameColumns are the columns of the indicators' names and of the areas': those
// so headed where a name stands below, else the first where each of its cells
// names an indicator of the grid; -1 for none.
func (g *Grid) nameColumns(rows [][]string, header bool) (names, places int) {
	names, places = -1, -1
	if !header {
		if len(rows) == 0 || slices.ContainsFunc(rows, func(row []string) bool {
			return !slices.ContainsFunc(g.Rows, func(r GridRow) bool { return named(r.Names, cellAt(row, 0)) })
		}) {
			return -1, -1
		}
		return 0, -1
	}
	for c, cell := range rows[0] {
		switch {
		case names < 0 && named(g.NameHeaders, cell) && slices.ContainsFunc(rows[1:], func(row []string) bool { return strings.TrimSpace(cellAt(row, c)) != "" }):
			names = c
		case places < 0 && named(g.PlaceHeaders, cell):
			places = c
		}
	}
	if names < 0 {
		places = -1
	}
	return names, places
}

// rowNamed is the one row of an indicator and an area by what people call them,
// the area where it is said; -1 where there is none, or more than one.
func (g *Grid) rowNamed(indicator, area string) int {
	found := -1
	for i := range g.Rows {
		r := &g.Rows[i]
		if !named(r.Names, indicator) || strings.TrimSpace(area) != "" && !named(r.Places, area) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// cellAt is a cell of a row; "" where the row ends before it, or has no such
// column.
func cellAt(row []string, column int) string {
	if column >= 0 && column < len(row) {
		return row[column]
	}
	return ""
}
