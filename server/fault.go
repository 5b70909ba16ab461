package server

import (
	"slices"
	"strings"

	"yimi/indicators"
	"yimi/server/page"
	"yimi/server/words"
)

// faultChoices names for each problem whose words take a choice of another
// column the column of each of its arguments; empty for what is no choice.
var faultChoices = map[string][]string{
	"base_year_required":    {"basis"},
	"comparator_direction":  {"comparator"},
	"direction_needed":      {"comparator"},
	"hold_without_baseline": {"", "basis"},
}

// faultRows are the problems whose words take a row's code: a name in a form.
var faultRows = []string{"repeated_item", "sum_rollup", "rule_deliverable", "coverage_no_target"}

// fault is what a problem of a row says to who reads a form: in the words of the
// form, without the codes and names of files that the same problem of a package
// is told with.
func (v *visit) fault(x indicators.Problem) string {
	f := &v.frame
	file, _ := indicators.FileNamed(x.File)
	_, c := file.Column(x.Column)
	args := slices.Clone(x.Args)
	for n, a := range args {
		text, ok := a.(string)
		if !ok {
			continue
		}
		switch columns := faultChoices[x.Rule]; {
		case n < len(columns) && columns[n] != "":
			args[n] = choiceWord(f, columns[n], text)
		case slices.Contains(faultRows, x.Rule):
			args[n] = v.nameOr(text)
		case x.Rule == "doubled_key":
			args[n] = v.eachWord(text, func(column string) string { return v.columnWord(x.File, column) })
		case x.Rule == "unknown_choice":
			args[n] = v.eachWord(text, func(choice string) string { return choiceWord(f, x.Column, choice) })
		case x.Rule == "unknown_milestone":
			args[n] = v.eachWord(text, func(choice string) string { return v.told(file, x.Column, choice) })
		case x.Rule == "period_form":
			args[n] = v.eachWord(text, func(form string) string {
				return f.T("amend.form." + map[string]string{"YYYY": "year", "YYYY-MM": "month", "YYYY-MM-DD": "date"}[form])
			})
		case slices.Contains(c.Allowed, text):
			args[n] = choiceWord(f, x.Column, text)
		}
	}
	if words.Has("amend.fault." + x.Rule) {
		return f.T("amend.fault."+x.Rule, args...)
	}
	return f.T("problem."+x.Rule, args...)
}

// eachWord says a list as problems have it with each of it in words.
func (v *visit) eachWord(list string, word func(string) string) string {
	var out []string
	for _, x := range strings.Split(list, ", ") {
		if w := word(x); w != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out, v.frame.T("list.comma"))
}

// nameOr is what a person calls a code; the code itself where it has no name.
func (v *visit) nameOr(code string) string {
	if name := v.library.NameOf(v.frame.Lang == words.En, indicators.Code(code)); name != "" {
		return name
	}
	return code
}

// columnWord is what a column is called where it is told of: as its form's field
// where the file has one; empty where people have no word for it.
func (v *visit) columnWord(file, column string) string {
	own := slices.ContainsFunc(shelves, func(sh *shelf) bool {
		return sh.file == file && slices.Contains(sh.columns(), column)
	})
	f := &v.frame
	switch {
	case !own && words.Has("amend.column."+column):
		return f.T("amend.column." + column)
	case !own && words.Has("column."+column):
		return f.T("column." + column)
	case words.Has("amend.field." + column):
		return f.T("amend.field." + column)
	}
	return ""
}

// rowName is what a person calls a row of a file by its cells; empty for the file
// as a whole.
func (v *visit) rowName(file string, cells []string) string {
	f := &v.frame
	if len(cells) == 0 {
		return ""
	}
	switch file {
	case "observations.csv":
		name := v.subject(indicators.Code(cells[0]), indicators.Code(cells[1]))
		if period, err := indicators.ParsePeriod(cells[2]); err == nil {
			name += " " + f.Date(period)
		}
		return name
	case indicators.TargetsFile:
		i := v.library.Indicator(indicators.Code(cells[0]))
		if t := targetOf(cells); t != nil && i != nil {
			return f.Pick(i.Name, i.NameEn) + " " + page.When(f.Lang, *t)
		}
	case "tasks.csv", "projects.csv", "policies.csv":
		return f.T("amend.numbered", cells[0])
	}
	if options := v.named(file); options != nil {
		return nameOf(options, cells[0])
	}
	return v.nameOr(cells[0])
}

// faultElsewhere is what a problem of another row says, with which row it is.
func (v *visit) faultElsewhere(x indicators.OtherProblem) string {
	f := &v.frame
	where := []string{f.T("package.file." + x.File), v.rowName(x.File, x.Cells), v.columnWord(x.File, x.Column)}
	where = slices.DeleteFunc(where, func(part string) bool { return part == "" })
	return f.T("amend.elsewhere", strings.Join(where, f.T("list.comma")), v.fault(x.Problem))
}
