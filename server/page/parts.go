package page

import (
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
		"tally":   func(f framed, t Tally) tallyPart { return tallyPart{f.frame().Lang, t} },
		"links":   func(l words.Lang, links []Link) linkList { return linkList{links, l.T("list.comma")} },
	}
}

type framed interface{ frame() *Frame }

func (f *Frame) frame() *Frame { return f }

type rowList struct {
	words.Lang
	Rows []Row
}

type verdictPart struct {
	words.Lang
	Verdict Verdict
}

type tallyPart struct {
	words.Lang
	Tally Tally
}

type markWord struct{ Status, Word string }

type linkList struct {
	Links []Link
	Comma string
}
