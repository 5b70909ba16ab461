package server

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"yimi/indicators"
	"yimi/server/page"
	"yimi/server/words"
)

// shelf is one kind of row that the office keeps: its file, where its forms
// are, what its noun is, where the public reads it, and its fields by part of
// the form.
type shelf struct {
	file, path, noun, public string
	parts                    []formPart
}

// formPart is a part of a form: a heading and its columns.
type formPart struct {
	key     string
	columns []string
}

var (
	indicatorShelf = &shelf{indicators.IndicatorsFile, "/library/indicators", "indicator", "/indicators/", []formPart{
		{"name", []string{"code", "name", "name_en", "aliases"}},
		{"place", []string{"task", "domain", "nature", "headline", "related"}},
		{"measure", []string{"measure", "unit", "unit_en", "direction", "scope", "rollup", "new_count", "decimals", "min", "max"}},
		{"series", []string{"numerator_series", "denominator_series", "per"}},
		{"who", []string{"leads", "reporter", "frequency", "data_source"}},
		{"words", []string{"definition", "definition_en", "child_words", "clause"}},
	}}
	targetShelf = &shelf{indicators.TargetsFile, "", "target", "/indicators/", []formPart{
		{"promise", []string{"milestone", "due", "comparator", "value", "upper", "basis", "base_year", "term", "clause"}},
	}}
	organisationShelf = &shelf{indicators.OrganisationsFile, "/library/organisations", "organisation", "/organisations/", []formPart{
		{"name", []string{"code", "name", "name_en"}},
		{"place", []string{"kind", "area", "members", "successor"}},
	}}
	areaShelf = &shelf{indicators.AreasFile, "/library/areas", "area", "/areas/", []formPart{
		{"name", []string{"code", "name", "name_en", "short", "aliases"}},
		{"place", []string{"level", "parent", "gb_code", "grid_col", "grid_row"}},
	}}
	shelves = []*shelf{indicatorShelf, targetShelf, organisationShelf, areaShelf}
)

// columns lists the fields of a form in their order.
func (sh *shelf) columns() (out []string) {
	for _, p := range sh.parts {
		out = append(out, p.columns...)
	}
	return out
}

// shelfOf is the shelf of a file.
func shelfOf(file string) *shelf {
	return shelves[slices.IndexFunc(shelves, func(sh *shelf) bool { return sh.file == file })]
}

// choiceWord is a choice of a column in words; the bare word where it has none.
func choiceWord(f *page.Frame, column, choice string) string {
	if choice == "" {
		return ""
	}
	if column == "rollup" && words.Has("amend.rollup."+choice) {
		return f.T("amend.rollup." + choice)
	}
	key := map[string]string{"kind": "organisation.kind.", "comparator": "how.", "level": "amend.level."}[column]
	if key = cmp.Or(key, column+".") + choice; words.Has(key) {
		return f.T(key)
	}
	return choice
}

// rowNames is a row by its code and its names.
type rowNames struct{ code, zh, en string }

// named lists the rows of a file that a cell can name, by their names.
func (v *visit) named(file string) (out []page.Option) {
	for _, r := range v.namesIn(file) {
		out = append(out, page.Option{Value: r.code, Text: v.frame.Pick(r.zh, r.en)})
	}
	return out
}

// namesIn lists the rows of a file that a cell can name.
func (v *visit) namesIn(file string) (out []rowNames) {
	f, l := &v.frame, v.library
	add := func(code, zh, en string) { out = append(out, rowNames{code, zh, en}) }
	switch file {
	case "domains.csv":
		for _, d := range l.Domains {
			add(string(d.Code), d.Name, d.NameEn)
		}
	case "tasks.csv":
		for n := range l.Tasks {
			add(string(l.Tasks[n].Number), page.TaskLink(f, &l.Tasks[n]).Text, "")
		}
	case "series.csv":
		for _, s := range l.Series {
			add(string(s.Code), s.Name, s.NameEn)
		}
	case indicators.OrganisationsFile:
		for _, o := range l.Organisations {
			add(string(o.Code), o.Name, o.NameEn)
		}
	case indicators.AreasFile:
		for _, a := range l.Areas {
			add(string(a.Code), a.Name, a.NameEn)
		}
	case indicators.IndicatorsFile:
		for _, i := range l.Indicators {
			add(string(i.Code), i.Name, i.NameEn)
		}
	}
	return out
}

// nameOf is how a list shows a row: by its name, by its code where the name is
// another's too.
func nameOf(options []page.Option, code string) string {
	at := slices.IndexFunc(options, func(o page.Option) bool { return o.Value == code })
	if at < 0 {
		return code
	}
	for n, o := range options {
		if n != at && o.Text == options[at].Text {
			return code
		}
	}
	return options[at].Text
}

// codeOf finds the row that somebody named by its code or its name in either
// language, whatever the language of the page; false for none, or for more than
// one.
func codeOf(rows []rowNames, typed string) (string, bool) {
	found := ""
	for _, r := range rows {
		switch {
		case r.code == typed:
			return r.code, true
		case !strings.EqualFold(r.zh, typed) && (r.en == "" || !strings.EqualFold(r.en, typed)):
		case found != "":
			return "", false
		default:
			found = r.code
		}
	}
	return found, found != ""
}

// shown is a cell as a field shows it.
func (v *visit) shown(file indicators.File, column, cell string) string {
	_, c := file.Column(column)
	if !c.List || cell == "" {
		return cell
	}
	items := strings.Split(cell, ";")
	if to := file.Links(column); to != "" {
		options := v.named(to)
		for n := range items {
			items[n] = nameOf(options, items[n])
		}
	}
	return strings.Join(items, "\n")
}

// told is a cell in words.
func (v *visit) told(file indicators.File, column, cell string) string {
	f := &v.frame
	_, c := file.Column(column)
	switch {
	case cell == "":
		return ""
	case c.List:
		return strings.ReplaceAll(v.shown(file, column, cell), "\n", f.T("list.semicolon"))
	case file.Links(column) != "":
		return nameOf(v.named(file.Links(column)), cell)
	case c.Type == indicators.TruthColumn:
		return f.T("amend.yes")
	case c.Type == indicators.ChoiceColumn:
		return choiceWord(f, column, cell)
	case column == "milestone" && cell == string(indicators.Every):
		return f.T("target.every")
	}
	return cell
}

// tidy is one line without spaces around it, as a cell has it.
func tidy(typed string) string { return strings.Join(strings.Fields(typed), " ") }

// understood is the cell that was typed into a field, or what is wrong with it.
// unit is what a number is in.
func (v *visit) understood(file indicators.File, column, typed, unit string) (cell, problem string) {
	f := &v.frame
	_, c := file.Column(column)
	to := file.Links(column)
	switch {
	case c.List:
		var items []string
		for _, item := range strings.FieldsFunc(typed, func(r rune) bool { return r == '\n' || r == ';' || r == '；' }) {
			if item = tidy(item); item == "" {
				continue
			}
			if to != "" {
				code, ok := codeOf(v.namesIn(to), item)
				if !ok {
					return "", f.T("problem.unknown_"+strings.TrimSuffix(to, "s.csv"), clip(item, 120))
				}
				item = code
			}
			items = append(items, item)
		}
		return strings.Join(items, ";"), ""
	case c.Type == indicators.NumberColumn, c.Type == indicators.IntegerColumn:
		got, err := indicators.ReadNumber(typed, unit)
		var known *indicators.Error
		if errors.As(err, &known) {
			return "", f.T("error.refused", f.T("error."+known.What+".title"), f.T("error."+known.What+".text"))
		}
		return got.Number.String(), ""
	case c.Type == indicators.TextColumn:
		return tidy(typed), ""
	}
	return tidy(width.Narrow.String(typed)), ""
}

// field is one field of a form with what was typed.
func (v *visit) field(file indicators.File, column, typed, problem string) page.Field {
	f := &v.frame
	_, c := file.Column(column)
	x := page.Field{Name: column, Value: typed, Label: f.T("amend.field." + column), Problem: problem, Kind: "text"}
	if words.Has("amend.hint." + column) {
		x.Hint = f.T("amend.hint." + column)
	}
	choose := func(options []page.Option) {
		x.Kind = "select"
		if !c.Required || typed == "" {
			x.Options = append(x.Options, page.Option{Text: f.T("amend.unset")})
		}
		x.Options = append(x.Options, options...)
		for n := range x.Options {
			x.Options[n].Chosen = x.Options[n].Value == typed
		}
		if typed != "" && !slices.ContainsFunc(x.Options, func(o page.Option) bool { return o.Chosen }) {
			x.Options = append(x.Options, page.Option{Value: typed, Text: typed, Chosen: true})
		}
	}
	switch {
	case c.List, strings.HasPrefix(column, "definition"), column == "child_words":
		x.Kind = "textarea"
	case file.Links(column) != "":
		choose(v.named(file.Links(column)))
	case c.Type == indicators.TruthColumn:
		choose([]page.Option{{Value: "true", Text: f.T("amend.yes")}})
	case c.Type == indicators.ChoiceColumn:
		var options []page.Option
		for _, a := range c.Allowed {
			options = append(options, page.Option{Value: a, Text: choiceWord(f, column, a)})
		}
		choose(options)
	case column == "milestone":
		options := []page.Option{{Value: string(indicators.Every), Text: f.T("target.every")}}
		for _, y := range v.library.Plan.Milestones {
			options = append(options, page.Option{Value: string(indicators.MilestoneOf(y)), Text: f.Date(indicators.YearOf(y))})
		}
		choose(options)
	case c.Type == indicators.NumberColumn:
		x.Mode = "decimal"
	case c.Type == indicators.IntegerColumn:
		x.Mode = "numeric"
	}
	return x
}
