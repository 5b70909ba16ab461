package indicators

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Amendment is one change of the library that the office makes in a form: a row
// that is new, or one that reads otherwise from a day on, and why.
//
// Of a target the old row stays, until the day before From, and Cells come
// beside it from that day on; on the very day on which the old row began it is
// corrected in its place. Any other row is replaced.
type Amendment struct {
	File   string   // one of [AmendedFiles]
	Key    string   // the row's code, or [TargetPath]; empty for a new row
	Was    []string // the row as the form read it, cell by cell; nil for a new row
	Cells  []string // as it shall read; from, until and reason of a target are written here
	From   Period   // the day from which it holds
	Reason string
	// Added is the day from which the row itself holds, where it was added by an
	// amendment: no change of it comes before. The store fills it in.
	Added Period
}

// The files of the package whose rows the office changes.
const (
	OrganisationsFile = "organisations.csv"
	AreasFile         = "areas.csv"
	IndicatorsFile    = "indicators.csv"
	TargetsFile       = "targets.csv"
)

// AmendedFiles lists the files whose rows can be changed in forms.
func AmendedFiles() []string {
	return []string{IndicatorsFile, TargetsFile, OrganisationsFile, AreasFile}
}

// The fields of an amendment beside the row's own columns.
const (
	HoldsField = "holds_from"
	WhyField   = "change_reason"
)

// maxReason is the longest reason, in characters.
const maxReason = 500

// Key names a target among those of its indicator: milestone, basis, due and
// from, which no two of them share.
func (t *Target) Key() string {
	return strings.TrimRight(strings.Join([]string{string(t.Milestone), string(t.Basis.orLevel()), t.Due.String(), t.From.String()}, "_"), "_")
}

// AmendmentError refuses an amendment whose package would break a rule: Invalid
// "library_rules". Fields are the faults of the row itself, by column or by
// [HoldsField] and [WhyField]; Others are those of other rows, which the
// change would make false.
type AmendmentError struct {
	Fields Problems
	Others []OtherProblem
}

// OtherProblem is a fault of a row that was not changed: its cells tell which.
type OtherProblem struct {
	Problem
	Cells []string
}

func (e *AmendmentError) Error() string {
	all := slices.Clone(e.Fields)
	for _, o := range e.Others {
		all = append(all, o.Problem)
	}
	return all.Error()
}

// Unwrap is the [Error] that the server answers by.
func (e *AmendmentError) Unwrap() error { return &Error{Kind: Invalid, What: "library_rules"} }

// AmendedError refuses an amendment of a row that somebody changed since it was
// read: Conflict "library_changed". Now is what stands, and Key its name: of a
// target that was changed, the row that holds after it.
type AmendedError struct {
	Key string
	Now []string
}

func (e *AmendedError) Error() string { return e.Unwrap().Error() }

// Unwrap is the [Error] that the server answers by.
func (e *AmendedError) Unwrap() error {
	return &Error{Kind: Conflict, What: "library_changed", Detail: e.Key}
}

// Amended is an amendment that was made. Before and After are the row's cells
// by column, empty ones left out; Before is nil for a new row. Key is its code,
// of a target the indicator's.
type Amended struct {
	ID     int64
	File   string
	Key    Code
	From   Period
	Reason string
	Before map[string]string
	After  map[string]string
	Person string
	At     time.Time
}

// Differences lists the cells that are not the same, in the file's order; of a
// target not its own from, until and reason, which [Amended] tells.
func (a *Amended) Differences() []CellChange {
	f, _ := FileNamed(a.File)
	var out []CellChange
	for _, c := range f.Columns {
		if a.File == TargetsFile && slices.Contains(written, c.Name) {
			continue
		}
		if a.Before[c.Name] != a.After[c.Name] {
			out = append(out, CellChange{c.Name, a.Before[c.Name], a.After[c.Name]})
		}
	}
	return out
}

// Same reports that an amendment asks for what was made here: the same cells, day
// and reason. It is how a form that is sent twice is told from another one.
func (a *Amended) Same(b Amendment) bool {
	f, _ := FileNamed(a.File)
	if a.File != b.File || a.From != b.From || a.Reason != b.Reason || len(b.Cells) != len(f.Columns) {
		return false
	}
	for i, c := range f.Columns {
		if (a.File != TargetsFile || !slices.Contains(written, c.Name)) && a.After[c.Name] != b.Cells[i] {
			return false
		}
	}
	return true
}

// written are the columns of a target that an amendment writes by itself.
var written = []string{"from", "until", "reason"}

// byColumn is a row as a record keeps it.
func (f File) byColumn(row []string) map[string]string {
	if row == nil {
		return nil
	}
	out := map[string]string{}
	for i, c := range f.Columns {
		if row[i] != "" {
			out[c.Name] = row[i]
		}
	}
	return out
}

// Cells is the row of that key as the package has it, cell by cell; nil where
// there is none. The key is a code, of a target its [TargetPath].
func (l *Library) Cells(file, key string) []string {
	p := &Package{Organisations: l.Organisations, Areas: l.Areas, Indicators: l.Indicators, Targets: l.Targets}
	rows := p.Rows(file)
	if at := p.place(file, key); at >= 0 {
		return rows[at]
	}
	return nil
}

// place is where a row stands in its file, -1 where there is none.
func (p *Package) place(file, key string) int {
	if file != TargetsFile {
		return slices.IndexFunc(p.Rows(file), func(row []string) bool { return row[0] == key })
	}
	return slices.IndexFunc(p.Targets, func(t Target) bool { return TargetPath(&t) == key })
}

// TargetPath names a target in the whole plan: its indicator, a slash and
// [Target.Key].
func TargetPath(t *Target) string { return string(t.Indicator) + "/" + t.Key() }

// Amend is the package with an amendment in it, as it would be kept on a day,
// and what is told of it. The package itself stays as it is.
//
// NotFound with the row's noun for a key that there is not; [AmendedError] for a
// row that is another than the form read; [AmendmentError] for what breaks a
// rule of the package or of amendments. What was broken before is no concern of
// this change.
func (p *Package) Amend(a Amendment, today Period) (*Package, *Amended, error) {
	f, _ := FileNamed(a.File)
	if len(a.Cells) != len(f.Columns) || !slices.Contains(AmendedFiles(), a.File) {
		return nil, nil, &AmendmentError{Fields: Problems{{File: a.File, Row: -1, Rule: "wrong_width", Args: []any{len(a.Cells), len(f.Columns)}}}}
	}
	e := &amending{p: p, a: a, f: f, rows: p.Rows(a.File), today: today}
	if err := e.put(); err != nil {
		return nil, nil, err
	}
	next := *p
	unread := next.SetRows(a.File, e.rows)
	e.sortOut(&next, append(unread, next.Validate()...))
	if len(unread) > 0 {
		e.refused.Others = nil // they may follow from the cell that could not be read
	}
	if len(e.refused.Fields)+len(e.refused.Others) > 0 {
		e.refused.Fields.sort()
		return nil, nil, &e.refused
	}
	made := &Amended{
		File: a.File, Key: Code(e.rows[e.at][0]), From: a.From, Reason: a.Reason,
		Before: f.byColumn(e.before), After: f.byColumn(e.rows[e.at]),
	}
	return &next, made, nil
}

// amending is one amendment on its way into a package.
type amending struct {
	p       *Package
	a       Amendment
	f       File
	rows    [][]string
	today   Period
	at      int      // where the row stands that was changed or added
	before  []string // nil for a new row
	refused AmendmentError
}

func (e *amending) refuse(column, rule string, args ...any) {
	e.refused.Fields = append(e.refused.Fields, Problem{File: e.a.File, Row: e.at, Column: column, Rule: rule, Args: args})
}

// nouns name a row of each file for an error.
var nouns = map[string]string{OrganisationsFile: "organisation", AreasFile: "area", IndicatorsFile: "indicator", TargetsFile: "target"}

// put brings the row into the file.
func (e *amending) put() error {
	e.checkWords()
	row := slices.Clone(e.a.Cells)
	if e.a.Key == "" {
		e.at = e.room(row)
		if e.a.File == TargetsFile {
			e.promise(row)
			if e.a.From.Compare(e.p.Plan.Issued) < 0 {
				e.refuse(HoldsField, "amend_before_plan", e.p.Plan.Issued.String())
			}
		} else if e.taken(row[0]) {
			e.refuse("code", "amend_code")
		}
		e.rows = slices.Insert(e.rows, e.at, row)
		return nil
	}
	e.at = e.p.place(e.a.File, e.a.Key)
	if e.at < 0 {
		return Missing(nouns[e.a.File], e.a.Key)
	}
	old := e.rows[e.at]
	if !slices.Equal(old, e.a.Was) {
		return e.overtaken(old)
	}
	e.before = old
	row[0] = old[0] // a code is stable for ever, and a target stays its indicator's
	if e.a.File == TargetsFile {
		e.supersede(old, row)
		return nil
	}
	if slices.Equal(old, row) {
		e.refuse("", "amend_nothing")
	}
	e.rows = slices.Clone(e.rows)
	e.rows[e.at] = row
	return nil
}

// checkWords holds the day and the reason against what every amendment needs: a
// day from the plan's, and the row's own, beginning to today. A target may hold
// from a later one, and has its own bounds.
func (e *amending) checkWords() {
	switch {
	case e.a.From.IsZero():
		e.refuse(HoldsField, "required")
	case !e.a.From.IsDate():
		e.refuse(HoldsField, "period_form", formWords([]string{"date"}))
	case e.a.File != TargetsFile && e.a.From.Compare(e.today) > 0:
		e.refuse(HoldsField, "amend_future", e.today.String())
	case e.a.File != TargetsFile && e.a.From.Compare(e.p.Plan.Issued) < 0:
		e.refuse(HoldsField, "amend_before_plan", e.p.Plan.Issued.String())
	case e.a.File != TargetsFile && e.a.Key != "" && e.a.From.Compare(e.a.Added) < 0:
		e.refuse(HoldsField, "amend_before_added", e.a.Added.String())
	}
	switch rule, args := checkText(e.a.Reason); {
	case e.a.Reason == "":
		e.refuse(WhyField, "required")
	case rule != "":
		e.refuse(WhyField, rule, args...)
	case utf8.RuneCountInString(e.a.Reason) > maxReason:
		e.refuse(WhyField, "too_long", maxReason)
	}
}

// taken reports a code that the plan has already, as whatever figures speak of.
func (e *amending) taken(code string) bool {
	same := []string{e.a.File}
	if e.a.File == IndicatorsFile {
		same = append(same, "series.csv")
	}
	return slices.ContainsFunc(same, func(file string) bool {
		return slices.ContainsFunc(e.p.Rows(file), func(row []string) bool { return row[0] == code })
	})
}

// room is where a new row stands: behind the last one that it belongs with, a
// target behind those of its indicator, an indicator behind those of its task.
func (e *amending) room(row []string) int {
	with := map[string]string{TargetsFile: "indicator", IndicatorsFile: "task"}[e.a.File]
	if at, _ := e.f.Column(with); at >= 0 && row[at] != "" {
		for i := len(e.rows) - 1; i >= 0; i-- {
			if e.rows[i][at] == row[at] {
				return i + 1
			}
		}
	}
	return len(e.rows)
}

// promise writes what a target's row says of itself.
func (e *amending) promise(row []string) {
	e.set(row, "from", e.a.From.String())
	e.set(row, "until", "")
	e.set(row, "reason", e.a.Reason)
}

func (e *amending) set(row []string, column, cell string) {
	at, _ := e.f.Column(column)
	row[at] = cell
}

// same reports a target that promises what another does.
func (e *amending) same(a, b []string) bool {
	for i, c := range e.f.Columns {
		if !slices.Contains(written, c.Name) && a[i] != b[i] {
			return false
		}
	}
	return true
}

// supersede lets a target's row end and another come, or corrects it on the day
// on which it began.
func (e *amending) supersede(old, row []string) {
	t := e.p.Targets[e.at]
	began := t.From
	if began.IsZero() {
		began = e.p.Plan.Issued
	}
	e.promise(row)
	if e.same(old, row) {
		e.refuse("", "amend_nothing")
	}
	if !t.Until.IsZero() {
		e.refuse("", "amend_ended", t.Until.String())
	}
	if e.a.From.IsZero() || !e.a.From.IsDate() {
		return
	}
	e.rows = slices.Clone(e.rows)
	switch order := e.a.From.Compare(began); {
	case order < 0:
		e.refuse(HoldsField, "amend_early", began.String())
	case order == 0:
		e.set(row, "from", t.From.String())
		e.rows[e.at] = row
	default:
		ended := slices.Clone(old)
		e.set(ended, "until", DateOf(e.a.From.Time().AddDate(0, 0, -1)).String())
		e.rows[e.at] = ended
		e.at++
		e.rows = slices.Insert(e.rows, e.at, row)
	}
}

// overtaken is the conflict of a row that is another than was read.
func (e *amending) overtaken(now []string) error {
	if e.a.File != TargetsFile {
		return &AmendedError{Key: e.a.Key, Now: now}
	}
	// The row that holds after one that ended stands behind it.
	at := e.at
	for at+1 < len(e.rows) && !e.p.Targets[at].Until.IsZero() {
		next := e.p.Targets[at+1]
		if next.Indicator != e.p.Targets[at].Indicator || next.From != DateOf(e.p.Targets[at].Until.Time().AddDate(0, 0, 1)) {
			break
		}
		at++
	}
	return &AmendedError{Key: TargetPath(&e.p.Targets[at]), Now: e.rows[at]}
}

// sortOut tells the faults of the row itself from those of others, and leaves
// out what was broken before.
func (e *amending) sortOut(next *Package, broken Problems) {
	if len(broken) == 0 {
		return
	}
	type fault struct{ row, column, rule string }
	sign := func(p *Package, x Problem) fault {
		if x.Row < 0 {
			return fault{x.File, x.Column, x.Rule}
		}
		return fault{x.File + "\x00" + strings.Join(p.Rows(x.File)[x.Row], "\x00"), x.Column, x.Rule}
	}
	before := map[fault]bool{}
	for _, x := range e.p.Validate() {
		before[sign(e.p, x)] = true
	}
	for _, x := range broken {
		switch {
		case x.File == e.a.File && x.Row == e.at:
			e.blame(x)
		case before[sign(next, x)], x.Rule == "code_taken", x.Rule == "doubled_key" && e.a.File != TargetsFile:
			// No concern of this change, or told at the code that was chosen.
		case x.File == e.a.File && e.changes(x.Column):
			e.blame(x)
		case x.Row < 0:
			e.refused.Others = append(e.refused.Others, OtherProblem{Problem: x})
		default:
			e.refused.Others = append(e.refused.Others, OtherProblem{x, next.Rows(x.File)[x.Row]})
		}
	}
}

// blame tells a fault at its field, the first of each.
func (e *amending) blame(x Problem) {
	if e.a.File == TargetsFile {
		switch x.Column {
		case "from", "until":
			x.Column = HoldsField
		case "reason":
			x.Column = WhyField
		}
	}
	if !slices.ContainsFunc(e.refused.Fields, func(f Problem) bool { return f.Column == x.Column }) {
		e.refused.Fields = append(e.refused.Fields, x)
	}
}

// changes reports a column in which the row is another than before.
func (e *amending) changes(column string) bool {
	at, _ := e.f.Column(column)
	return at >= 0 && (e.before == nil || e.before[at] != e.rows[e.at][at])
}

// AmendmentEffects lists the public statuses that an amendment makes others on a
// day: a target's new row is held against the row that it takes the place of.
func AmendmentEffects(before, after []Assessment) []Effect {
	all := Effects(before, after)
	gone := map[int]bool{}
	var out []Effect
	for _, e := range all {
		if e.Before == "" {
			at := pairOf(all, gone, e)
			if at >= 0 {
				gone[at] = true
				e.Before = all[at].Before
			}
		}
		if e.After != "" && e.Flips() {
			out = append(out, e)
		}
	}
	for i, e := range all {
		if e.After == "" && !gone[i] {
			out = append(out, e)
		}
	}
	return out
}

// pairOf finds the judgement that ended where e began: of the same basis before
// any other.
func pairOf(all []Effect, gone map[int]bool, e Effect) int {
	found := -1
	for i, x := range all {
		if x.After != "" || gone[i] || x.Indicator != e.Indicator || x.Area != e.Area || x.Milestone != e.Milestone {
			continue
		}
		if x.Target.Basis.orLevel() == e.Target.Basis.orLevel() {
			return i
		}
		if found < 0 {
			found = i
		}
	}
	return found
}

// AmendmentPreview is what an amendment would change.
type AmendmentPreview struct {
	Amended
	Ends    Period   // the last day of a target's old row; zero where none ends
	Day     Period   // on which the statuses were judged
	Effects []Effect // public statuses that would be others
	Targets int      // how many were judged
	// Contradicts are pairs of targets of which one asks for less than the other
	// does before it, and did not before the amendment.
	Contradicts []Contradiction
}

// PreviewAmendment tells what an amendment would change on a day: today, or the
// later day from which a target would hold.
func (p *Package) PreviewAmendment(a Amendment, today Period, due ResultsDue) (*AmendmentPreview, error) {
	next, made, err := p.Amend(a, today)
	if err != nil {
		return nil, err
	}
	v := &AmendmentPreview{Amended: *made, Day: today}
	if a.From.Compare(today) > 0 {
		v.Day = a.From
	}
	if a.File == TargetsFile && made.Before != nil && len(next.Targets) > len(p.Targets) {
		v.Ends = DateOf(a.From.Time().AddDate(0, 0, -1))
	}
	was, now := NewLibrary(p), NewLibrary(next)
	after := AssessPlan(now, p.Observations, v.Day, due)
	v.Effects = AmendmentEffects(AssessPlan(was, p.Observations, v.Day, due), after)
	v.Targets = len(after)
	before := was.contradictions(v.Day)
	v.Contradicts = slices.DeleteFunc(now.contradictions(v.Day), func(c Contradiction) bool {
		return slices.ContainsFunc(before, c.same)
	})
	return v, nil
}

// Links is the file whose rows a column's cells name by code or number; empty
// for a column that names none.
func (f File) Links(column string) string {
	for _, l := range links {
		if l.file == f.Name && l.column == column {
			return l.to[0]
		}
	}
	return ""
}
