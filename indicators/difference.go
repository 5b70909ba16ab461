package indicators

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// RowFate is what loading a package makes of a row of the library.
type RowFate string

// The fates of a row.
const (
	RowAdded   RowFate = "added"
	RowChanged RowFate = "changed"
	RowGone    RowFate = "gone"
	RowMoved   RowFate = "moved" // the same row at another place of its file
)

// Allowed lists the fates.
func (RowFate) Allowed() []string { return []string{"added", "changed", "gone", "moved"} }

// CellChange is one cell of a changed row: what stands, and what would.
type CellChange struct{ Column, Old, New string }

// RowChange is what becomes of one row. Key is what a person knows it by, its
// key columns joined; Name is its name or title, empty where it has none.
type RowChange struct {
	Fate  RowFate
	Key   string
	Name  string
	Cells []CellChange // of a changed row
}

// FileChange is what becomes of one file: rows added and changed in the order
// of the package, then those gone. Rows that only stand elsewhere are listed
// where there is nothing else.
type FileChange struct {
	File string
	Rows []RowChange
}

// Count counts the rows of one fate.
func (f FileChange) Count(fate RowFate) int {
	n := 0
	for _, r := range f.Rows {
		if r.Fate == fate {
			n++
		}
	}
	return n
}

// keyColumns are the columns by which a person knows a row again; of any other
// file the code.
var keyColumns = map[string][]string{
	"tasks.csv": {"number"}, "projects.csv": {"number"}, "policies.csv": {"number"},
	"targets.csv":    {"indicator", "milestone", "basis", "due", "from"},
	"references.csv": {"indicator", "place", "period"},
	"coverage.csv":   {"clause", "position"},
}

// Keys are the places of the columns by which a row is known again, so that a
// change can be told from a row gone and another come. No two rows of a file
// share them.
func (f File) Keys() []int {
	names := keyColumns[f.Name]
	if names == nil {
		names = []string{"code"}
	}
	var out []int
	for _, n := range names {
		i, _ := f.Column(n)
		out = append(out, i)
	}
	return out
}

// nameColumns are the columns that name a row, the first there is.
var nameColumns = []string{"name", "title", "commitment", "message", "words"}

// CompareRows tells what becomes of the rows of a file, given as cells.
func CompareRows(f File, old, now [][]string) FileChange {
	out := FileChange{File: f.Name}
	keys, named := f.Keys(), -1
	for _, n := range nameColumns {
		if i, _ := f.Column(n); i >= 0 {
			named = i
			break
		}
	}
	key := func(row []string, by string) string {
		parts := make([]string, len(keys))
		for i, k := range keys {
			parts[i] = row[k]
		}
		return strings.Join(parts, by)
	}
	tell := func(fate RowFate, row []string) RowChange {
		r := RowChange{Fate: fate, Key: strings.Join(strings.Fields(key(row, " ")), " ")}
		if named >= 0 {
			r.Name = row[named]
		}
		return r
	}
	before := make(map[string][]string, len(old))
	for _, row := range old {
		before[key(row, "\x00")] = row
	}
	for _, row := range now {
		k := key(row, "\x00")
		was, there := before[k]
		delete(before, k)
		switch {
		case !there:
			out.Rows = append(out.Rows, tell(RowAdded, row))
		case !slices.Equal(was, row):
			r := tell(RowChanged, was) // by the name it is known by so far
			for i, c := range f.Columns {
				if was[i] != row[i] {
					r.Cells = append(r.Cells, CellChange{c.Name, was[i], row[i]})
				}
			}
			out.Rows = append(out.Rows, r)
		}
	}
	for _, row := range old {
		if before[key(row, "\x00")] != nil {
			out.Rows = append(out.Rows, tell(RowGone, row))
		}
	}
	if len(out.Rows) > 0 || len(old) != len(now) {
		return out
	}
	for i := range now {
		if !slices.Equal(old[i], now[i]) {
			out.Rows = append(out.Rows, tell(RowMoved, now[i]))
		}
	}
	return out
}

// CompareDescriptors tells what becomes of the plan object: one row, without
// cells where only the rest of the descriptor is another.
func CompareDescriptors(old, now *Package) FileChange {
	out := FileChange{File: DescriptorFile}
	if string(old.Descriptor) == string(now.Descriptor) {
		return out
	}
	r := RowChange{Fate: RowChanged, Key: string(now.Plan.Code), Name: now.Plan.Title}
	was, is := reflect.ValueOf(old.Plan), reflect.ValueOf(now.Plan)
	for i := range was.NumField() {
		name, _, _ := strings.Cut(was.Type().Field(i).Tag.Get("json"), ",")
		a, b := fmt.Sprint(was.Field(i).Interface()), fmt.Sprint(is.Field(i).Interface())
		if a != b {
			r.Cells = append(r.Cells, CellChange{name, a, b})
		}
	}
	out.Rows = []RowChange{r}
	return out
}

// FigurePair is one figure of which a load makes something: the places in the
// two lists, -1 where it is not in one.
type FigurePair struct{ Old, New int }

// PairFigures lists what differs between two lists of figures, both in the
// order of [CompareObservations]: by the whole key, and to the last digit and
// word.
func PairFigures(old, now []Observation) (out []FigurePair) {
	i, j := 0, 0
	for i < len(old) || j < len(now) {
		var order int
		switch {
		case j == len(now):
			order = -1
		case i == len(old):
			order = 1
		default:
			order = CompareObservations(old[i], now[j])
		}
		switch {
		case order < 0:
			out = append(out, FigurePair{i, -1})
			i++
		case order > 0:
			out = append(out, FigurePair{-1, j})
			j++
		default:
			if !old[i].says(&now[j]) || old[i].PublishedAssumed != now[j].PublishedAssumed {
				out = append(out, FigurePair{i, j})
			}
			i++
			j++
		}
	}
	return out
}

// LostDuty is a figure that a round asks for and that the library would know no
// more: what was entered for it could not be published.
type LostDuty struct {
	Duty
	Year int
	Lost Code // the indicator, area or organisation that would be gone
}

// LostDuties lists the duties of a round that would lose their indicator, area
// or organisation with another library, of those that can still be entered on a
// day or wait to be published.
func LostDuties(r Round, duties []Duty, next *Library, day Period) (out []LostDuty) {
	for _, d := range duties {
		waits := d.State == Submitted || d.State == Endorsed || d.State == Approved
		if d.State == Published || !waits && !r.OpenOn(d, day) {
			continue
		}
		switch {
		case next.Indicator(d.Indicator) == nil:
			out = append(out, LostDuty{d, r.Year, d.Indicator})
		case next.Area(d.Area) == nil:
			out = append(out, LostDuty{d, r.Year, d.Area})
		case next.Organisation(d.Organisation) == nil:
			out = append(out, LostDuty{d, r.Year, d.Organisation})
		}
	}
	return out
}

// PackageDifference is exactly what loading a package would change: what a load
// with its Token does, or refuses to do when the store has changed since.
type PackageDifference struct {
	Change  Change         // what the load would count
	Day     Period         // on which statuses were judged
	Files   []FileChange   // those that change, in the package's order
	Figures []FigureChange // public figures added, corrected, withdrawn
	// Kept are figures that were entered here and that the package tells
	// otherwise: they stay as they are, for only their unit corrects them.
	Kept []FigureChange
	// Withheld are figures that were public, were taken back here, and stand in the
	// package as they were: they stay taken back.
	Withheld []FigureChange
	Effects  []Effect // statuses that would become others, of the same day
	Duties   []LostDuty
	Holding  []Holding // where there are any, the package cannot be loaded
	Token    string
}

// Holding is an organisation that a package has no more and that accounts still
// act for: it cannot go before they are moved to another.
type Holding struct {
	Organisation Code
	Accounts     []string // their persons and names
}

// CountFigures counts the figures that a change adds, corrects and withdraws.
func CountFigures(list []FigureChange) (added, corrected, withdrawn int) {
	for _, f := range list {
		switch {
		case f.Old == nil:
			added++
		case f.New == nil:
			withdrawn++
		default:
			corrected++
		}
	}
	return added, corrected, withdrawn
}

// Held is what a store has, as a comparison asks for it.
type Held struct {
	Package *Package // with the figures that stand
	// Withdrawn are the figures that were taken back here and not brought back.
	Withdrawn []Observation
	Mine      []bool         // of each of its observations: it was entered here, so a package does not change it (see [Stays])
	Rounds    []Round        // every round
	Duties    map[int][]Duty // by round
	Release   int            // that stands
	Edition   int64          // of the library
	Library   *Library       // of Package
}

// Stays reports a figure that was entered here and that stands whatever a
// package with this library says of it: a package neither changes nor ends it,
// unless its subject or its area has left the plan.
func (l *Library) Stays(o *Observation) bool {
	return (l.Indicator(o.Subject) != nil || l.SeriesOf(o.Subject) != nil) && l.Area(o.Area) != nil
}

// SameFigure reports two figures of one key that say the same, to the last digit
// and word.
func SameFigure(a, b *Observation) bool {
	return CompareObservations(*a, *b) == 0 && a.says(b) && a.PublishedAssumed == b.PublishedAssumed
}

// ComparePackage tells what loading next would change on a day. Both sides'
// observations are in the order of [CompareObservations].
func ComparePackage(held Held, next *Package, day Period) *PackageDifference {
	d := &PackageDifference{Day: day, Token: LoadToken(next, held.Edition, held.Release)}
	if x := CompareDescriptors(held.Package, next); len(x.Rows) > 0 {
		d.Files = append(d.Files, x)
	}
	for _, f := range files {
		if f.Name == "observations.csv" {
			continue // figures are told as such
		}
		if x := CompareRows(f, held.Package.Rows(f.Name), next.Rows(f.Name)); len(x.Rows) > 0 {
			d.Files = append(d.Files, x)
		}
	}
	for _, x := range d.Files {
		d.Change.Rows += len(x.Rows)
	}
	before, now, library := held.Package.Observations, next.Observations, NewLibrary(next)
	ended := make([]bool, len(before))
	after := make([]Observation, 0, len(now))
	for _, p := range PairFigures(before, now) {
		if p.Old >= 0 && held.Mine[p.Old] && library.Stays(&before[p.Old]) {
			if p.New >= 0 {
				o := before[p.Old]
				d.Kept = append(d.Kept, FigureChange{o.Subject, o.Area, o.Period, o.Basis, &o, &now[p.New]})
			}
			continue
		}
		if p.Old < 0 && slices.ContainsFunc(held.Withdrawn, func(o Observation) bool { return SameFigure(&o, &now[p.New]) }) {
			o := now[p.New]
			d.Withheld = append(d.Withheld, FigureChange{Subject: o.Subject, Area: o.Area, Period: o.Period, Basis: o.Basis, New: &o})
			continue
		}
		if p.Old >= 0 {
			ended[p.Old] = true
			d.Change.Ended++
		}
		if p.New >= 0 {
			after = append(after, now[p.New])
			d.Change.Added++
		}
	}
	for i := range before {
		if !ended[i] {
			after = append(after, before[i])
		}
	}
	d.Change.Release = held.Release
	if d.Change.Added+d.Change.Ended > 0 {
		d.Change.Release++
	}
	if d.Change.Nothing() {
		return d
	}
	due := DueOf(held.Rounds)
	d.Figures = Differences(library, before, after)
	d.Effects = Effects(AssessPlan(held.Library, before, day, due), AssessPlan(library, after, day, due))
	for _, r := range held.Rounds {
		d.Duties = append(d.Duties, LostDuties(r, held.Duties[r.Number], library, day)...)
	}
	return d
}

// LoadToken names a package together with what it was compared with: the
// edition of the library, and the release that stood.
func LoadToken(p *Package, edition int64, release int) string {
	h := sha256.New()
	fmt.Fprintln(h, edition, release, RulesVersion, len(p.Descriptor))
	h.Write(p.Descriptor)
	sorted := *p
	sorted.Observations = slices.Clone(p.Observations)
	slices.SortStableFunc(sorted.Observations, CompareObservations)
	for _, f := range files {
		text, err := json.Marshal(sorted.Rows(f.Name))
		if err != nil {
			panic(fmt.Sprintf("%s: %v", f.Name, err)) // texts only: it cannot happen
		}
		fmt.Fprintln(h, f.Name, len(text))
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}
