package indicators

// Table is rows to take away, as CSV or as a sheet: a name for the file, the
// columns' headings, and cells that are a string, a [Number], an int, a bool
// or nil. A missing value is an empty cell.
type Table struct {
	Name    string
	Title   string
	Notes   []string // said above the rows in a sheet: source, release, day
	Columns []string
	Rows    [][]any
}
