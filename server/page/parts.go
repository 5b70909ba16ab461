package page

import (
	"fmt"
	"html/template"

	"yimi/server/words"
)

// parts are the functions by which templates hand a part what it needs.
func parts(asset func(string) string) template.FuncMap {
	return template.FuncMap{
		"asset":   asset,
		"rows":    func(f framed, rows []Row) rowList { return rowList{f.frame().Lang, rows} },
		"mark":    func(l words.Lang, status string) markWord { return markWord{status, l.T("status." + status)} },
		"verdict": func(f framed, v Verdict) verdictPart { return verdictPart{f.frame().Lang, v} },
		"form":    func(f framed, x Form) formPart { return newFormPart(f.frame().Lang, x) },
		"clash":   func(f framed, x ClashRow) clashPart { return clashPart{f.frame().Lang, x} },
		"draft":   func(f framed, x DraftPart) draftPart { return draftPart{f.frame().Lang, x} },
		"tally":   func(f framed, t Tally) tallyPart { return tallyPart{f.frame().Lang, t} },
		"changes": func(f framed, rows []ChangeRow) changeList { return changeList{f.frame().Lang, rows} },
		"links":   func(l words.Lang, links []Link) linkList { return linkList{links, l.T("list.comma")} },
	}
}

type framed interface{ frame() *Frame }

func (f *Frame) frame() *Frame { return f }

type rowList struct {
	words.Lang
	Rows []Row
}

type changeList struct {
	words.Lang
	Rows []ChangeRow
}

type verdictPart struct {
	words.Lang
	Verdict Verdict
}

type clashPart struct {
	words.Lang
	ClashRow
}

type draftPart struct {
	words.Lang
	DraftPart
}

type tallyPart struct {
	words.Lang
	Tally Tally
}

type formPart struct {
	words.Lang
	Form
	Controls []control
	Count    int
}

// control is a field with its id.
type control struct {
	Field
	ID string
}

func newFormPart(l words.Lang, f Form) formPart {
	out := formPart{Lang: l, Form: f, Count: f.Wrong()}
	seen := map[string]int{}
	for _, x := range f.Fields {
		id := x.Name
		if seen[x.Name]++; seen[x.Name] > 1 {
			id = fmt.Sprintf("%s-%d", x.Name, seen[x.Name])
		}
		out.Controls = append(out.Controls, control{x, id})
	}
	return out
}

type markWord struct{ Status, Word string }

type linkList struct {
	Links []Link
	Comma string
}
