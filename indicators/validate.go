package indicators

import (
	"cmp"
	"slices"
	"strings"
)

// Validate holds the whole package against its rules: each cell against its
// column, keys and references against the other rows, and each row against
// what the plan package lays down. It tells every problem there is, by file,
// row and column, with File, Row, Column and Read filled in; none is nil. Text
// that could not be parsed never reached the rows: that is for who read them.
func (p *Package) Validate() Problems {
	k := newChecker(p)
	for _, check := range []func(*checker){
		checkPlan, checkCells, checkKeys, checkLinks, checkMilestones, checkSuccessors,
		checkAreas, checkIndicators, checkTargets, checkObservations, checkReferences,
		checkRules, checkWorks, checkCoverage,
	} {
		check(k)
	}
	k.problems.sort()
	return k.problems
}

// sort orders problems by file, row and column; of one cell, as found.
func (ps Problems) sort() {
	place := func(p Problem) (file, column int) {
		file = slices.IndexFunc(files, func(f File) bool { return f.Name == p.File })
		if file >= 0 {
			column, _ = files[file].Column(p.Column)
		}
		return file, column
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		af, ac := place(a)
		bf, bc := place(b)
		return cmp.Or(af-bf, a.Row-b.Row, ac-bc)
	})
}

// checker is one validation: the package, what looks things up, and what was
// found.
type checker struct {
	p        *Package
	problems Problems

	cells  map[string][][]string             // by file
	known  map[string]map[string]bool        // by file: its codes or numbers
	ind    map[Code]*Indicator               // by code
	area   map[Code]*Area                    // by code
	aims   map[Code][]*Target                // by indicator
	start  map[Code]map[Basis][]*Observation // the baselines of baseline_year with a value
	marked map[Code]map[Milestone]bool       // by indicator: the milestones it has targets at
}

func newChecker(p *Package) *checker {
	k := &checker{
		p: p, cells: map[string][][]string{}, known: map[string]map[string]bool{},
		ind:  index(p.Indicators, func(i *Indicator) Code { return i.Code }),
		area: index(p.Areas, func(a *Area) Code { return a.Code }),
		aims: map[Code][]*Target{}, start: map[Code]map[Basis][]*Observation{},
		marked: map[Code]map[Milestone]bool{},
	}
	for _, f := range files {
		rows := p.Rows(f.Name)
		k.cells[f.Name] = rows
		k.known[f.Name] = make(map[string]bool, len(rows))
		for _, row := range rows {
			k.known[f.Name][row[0]] = true
		}
	}
	for i := range p.Targets {
		t := &p.Targets[i]
		k.aims[t.Indicator] = append(k.aims[t.Indicator], t)
		if k.marked[t.Indicator] == nil {
			k.marked[t.Indicator] = map[Milestone]bool{}
		}
		k.marked[t.Indicator][t.Milestone] = true
	}
	for i := range p.Observations {
		o := &p.Observations[i]
		if o.Kind != Baseline || o.Period.Year != p.Plan.BaselineYear || !o.Value.Present() {
			continue
		}
		if k.start[o.Subject] == nil {
			k.start[o.Subject] = map[Basis][]*Observation{}
		}
		b := o.Basis.orLevel()
		k.start[o.Subject][b] = append(k.start[o.Subject][b], o)
	}
	return k
}

// orLevel is the basis that an empty cell stands for.
func (b Basis) orLevel() Basis { return cmp.Or(b, Level) }

// report adds a problem of one cell; row -1 is the file as a whole.
func (k *checker) report(name string, row int, column, rule string, args ...any) {
	problem := Problem{File: name, Row: row, Column: column, Rule: rule}
	if len(args) > 0 {
		problem.Args = args
	}
	if f, ok := FileNamed(name); ok && row >= 0 {
		if i, _ := f.Column(column); i >= 0 {
			problem.Read = clip(k.cells[name][row][i])
		}
	}
	k.problems = append(k.problems, problem)
}

// rule is one check of a row: the column where it points, the key of its
// message, and what finds it broken. broken returns nil for a good row, else
// the message's arguments (see [no]).
type rule[T any] struct {
	column, key string
	broken      func(k *checker, row *T) []any
}

// no is the answer of a rule: the arguments of its message when it is broken,
// nil when it holds.
func no(broken bool, args ...any) []any {
	if !broken {
		return nil
	}
	return append([]any{}, args...)
}

// apply holds every row of a file against a table of rules.
func apply[T any](k *checker, name string, rows []T, rules []rule[T]) {
	for i := range rows {
		for _, r := range rules {
			if args := r.broken(k, &rows[i]); args != nil {
				k.report(name, i, r.column, r.key, args...)
			}
		}
	}
}

func checkCells(k *checker) {
	for _, f := range files {
		for i, row := range k.cells[f.Name] {
			for j, c := range f.Columns {
				if rule, args := c.Check(row[j]); rule != "" {
					k.report(f.Name, i, c.Name, rule, args...)
				}
			}
		}
	}
}

// keys names the columns by which a row is known; no two rows of a file agree
// in all of them.
var keys = []struct {
	file    string
	columns []string
}{
	{"domains.csv", []string{"code"}},
	{"organisations.csv", []string{"code"}},
	{"areas.csv", []string{"code"}},
	{"tasks.csv", []string{"number"}},
	{"commitments.csv", []string{"code"}},
	{"indicators.csv", []string{"code"}},
	{"targets.csv", []string{"indicator", "milestone", "basis", "due", "from"}},
	{"series.csv", []string{"code"}},
	{"observations.csv", []string{"subject", "area", "period", "basis", "vintage", "published"}},
	{"references.csv", []string{"indicator", "place", "period"}},
	{"rules.csv", []string{"code"}},
	{"projects.csv", []string{"number"}},
	{"policies.csv", []string{"number"}},
	{"pledges.csv", []string{"code"}},
	{"coverage.csv", []string{"clause", "position"}},
}

func checkKeys(k *checker) {
	for _, key := range keys {
		f, _ := FileNamed(key.file)
		seen := map[string]bool{}
		for i, row := range k.cells[key.file] {
			cells := make([]string, len(key.columns))
			for n, name := range key.columns {
				at, _ := f.Column(name)
				cells[n] = row[at]
				if name == "basis" {
					cells[n] = string(Basis(cells[n]).orLevel())
				}
			}
			if cells[0] == "" {
				continue // told as an empty cell
			}
			joined := strings.Join(cells, "\x00")
			if seen[joined] {
				k.report(key.file, i, key.columns[0], "doubled_key", strings.Join(key.columns, ", "))
			}
			seen[joined] = true
		}
	}
	for i, s := range k.p.Series {
		if k.known["indicators.csv"][string(s.Code)] {
			k.report("series.csv", i, "code", "code_taken")
		}
	}
}

// links names the columns whose cells are codes or numbers of other rows, and
// the files in which these stand.
var links = []struct {
	file, column string
	to           []string
	rule         string
}{
	{"organisations.csv", "area", []string{"areas.csv"}, "unknown_area"},
	{"organisations.csv", "members", []string{"organisations.csv"}, "unknown_organisation"},
	{"organisations.csv", "successor", []string{"organisations.csv"}, "unknown_organisation"},
	{"areas.csv", "parent", []string{"areas.csv"}, "unknown_area"},
	{"tasks.csv", "domain", []string{"domains.csv"}, "unknown_domain"},
	{"tasks.csv", "leads", []string{"organisations.csv"}, "unknown_organisation"},
	{"tasks.csv", "partners", []string{"organisations.csv"}, "unknown_organisation"},
	{"commitments.csv", "task", []string{"tasks.csv"}, "unknown_task"},
	{"commitments.csv", "indicator", []string{"indicators.csv"}, "unknown_indicator"},
	{"indicators.csv", "task", []string{"tasks.csv"}, "unknown_task"},
	{"indicators.csv", "domain", []string{"domains.csv"}, "unknown_domain"},
	{"indicators.csv", "numerator_series", []string{"series.csv"}, "unknown_series"},
	{"indicators.csv", "denominator_series", []string{"series.csv"}, "unknown_series"},
	{"indicators.csv", "leads", []string{"organisations.csv"}, "unknown_organisation"},
	{"indicators.csv", "reporter", []string{"organisations.csv"}, "unknown_organisation"},
	{"indicators.csv", "related", []string{"indicators.csv"}, "unknown_indicator"},
	{"targets.csv", "indicator", []string{"indicators.csv"}, "unknown_indicator"},
	{"observations.csv", "subject", []string{"indicators.csv", "series.csv"}, "unknown_subject"},
	{"observations.csv", "area", []string{"areas.csv"}, "unknown_area"},
	{"references.csv", "indicator", []string{"indicators.csv"}, "unknown_indicator"},
	{"projects.csv", "owners", []string{"organisations.csv"}, "unknown_organisation"},
	{"projects.csv", "tasks", []string{"tasks.csv"}, "unknown_task"},
	{"projects.csv", "indicators", []string{"indicators.csv"}, "unknown_indicator"},
	{"policies.csv", "owners", []string{"organisations.csv"}, "unknown_organisation"},
	{"policies.csv", "indicator", []string{"indicators.csv"}, "unknown_indicator"},
	{"pledges.csv", "owners", []string{"organisations.csv"}, "unknown_organisation"},
	{"pledges.csv", "tasks", []string{"tasks.csv"}, "unknown_task"},
	{"pledges.csv", "indicator", []string{"indicators.csv"}, "unknown_indicator"},
	{"coverage.csv", "indicator", []string{"indicators.csv"}, "unknown_indicator"},
}

func checkLinks(k *checker) {
	for _, link := range links {
		f, _ := FileNamed(link.file)
		at, column := f.Column(link.column)
		for i, row := range k.cells[link.file] {
			items := []string{row[at]}
			if column.List {
				items = strings.Split(row[at], ";")
			}
			for _, item := range items {
				if item == "" {
					continue
				}
				known := slices.ContainsFunc(link.to, func(to string) bool { return k.known[to][item] })
				switch {
				case !known:
					k.report(link.file, i, link.column, link.rule, clip(item))
				case link.file == link.to[0] && item == row[0]:
					k.report(link.file, i, link.column, "refers_to_itself")
				}
			}
		}
	}
}

// checkMilestones holds every milestone against those of the plan.
func checkMilestones(k *checker) {
	var legal []string
	for _, y := range k.p.Plan.Milestones {
		legal = append(legal, string(MilestoneOf(y)))
	}
	legal = append(legal, string(Every))
	for _, name := range []string{"commitments.csv", "targets.csv", "coverage.csv"} {
		f, _ := FileNamed(name)
		at, _ := f.Column("milestone")
		for i, row := range k.cells[name] {
			if row[at] != "" && !slices.Contains(legal, row[at]) {
				k.report(name, i, "milestone", "unknown_milestone", strings.Join(legal, ", "))
			}
		}
	}
}

// checkSuccessors refuses a circle of successors: nobody would hold the duties.
func checkSuccessors(k *checker) {
	next := map[Code]Code{}
	for _, o := range k.p.Organisations {
		next[o.Code] = o.Successor
	}
	for i, o := range k.p.Organisations {
		at, steps := o.Successor, 1
		for at != "" && at != o.Code && steps <= len(next) {
			at = next[at]
			steps++
		}
		if at == o.Code && steps > 1 {
			k.report("organisations.csv", i, "successor", "circle")
		}
	}
	apply(k, "organisations.csv", k.p.Organisations, []rule[Organisation]{
		{"members", "members_of_collective", func(_ *checker, o *Organisation) []any {
			return no(len(o.Members) > 0 && o.Kind != Collective)
		}},
	})
}
