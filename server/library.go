package server

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// newestChanges is how many changes the library's desk lists.
const newestChanges = 8

// recordedIn lists, by the file of a thing, the files whose changes are told on
// its page.
var recordedIn = map[string][]string{
	indicators.IndicatorsFile:    {indicators.IndicatorsFile, indicators.TargetsFile},
	indicators.OrganisationsFile: {indicators.OrganisationsFile},
	indicators.AreasFile:         {indicators.AreasFile},
}

// showLibrary is the office's desk of the library: one kind of rows, or what
// fits a search.
func (s *Server) showLibrary(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	f := &v.frame
	f.Title, f.Section = f.T("amend.title"), "library"
	p := page.Library{Asked: strings.TrimSpace(c.Query("q"))}
	groups := []page.LibraryGroup{v.indicatorGroup(), v.organisationGroup(), v.areaGroup()}
	chosen := 0
	for n, g := range groups {
		if c.Query("kind") == g.Kind {
			chosen = n
		}
	}
	if p.Asked == "" {
		for n, g := range groups {
			p.Views = append(p.Views, page.View{Key: g.Heading, URL: "/library?kind=" + g.Kind, Current: n == chosen})
		}
		p.Groups = groups[chosen : chosen+1]
	} else {
		fits, found := map[string]bool{}, 0
		for _, e := range s.index.of(v.library).find(p.Asked) {
			fits[e.kind+"/"+e.code] = true
		}
		for _, g := range groups {
			rows := g.Rows
			g.Rows = nil
			for _, row := range rows {
				if fits[g.Kind+"/"+row.Code] {
					g.Rows = append(g.Rows, row)
				}
			}
			if found += len(g.Rows); len(g.Rows) > 0 {
				p.Groups = append(p.Groups, g)
			}
		}
		p.Found = f.T("amend.found", found)
	}
	newest, err := s.Store.NewestAmendments(c.Request.Context(), newestChanges)
	if err != nil {
		return err
	}
	for n := range newest {
		p.Newest = append(p.Newest, v.changeRow(&newest[n], true))
		p.Newest[n].What = v.amended(&newest[n])
	}
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// group is an empty group of a shelf's rows.
func (v *visit) group(sh *shelf) page.LibraryGroup {
	f := &v.frame
	return page.LibraryGroup{
		Kind: sh.noun, Heading: f.T("amend.kind." + sh.noun), New: page.Link{Text: f.T("amend.new." + sh.noun), URL: sh.path + "/new"},
	}
}

func (v *visit) indicatorGroup() page.LibraryGroup {
	f, g := &v.frame, v.group(indicatorShelf)
	for n := range v.library.Indicators {
		i := &v.library.Indicators[n]
		row := page.LibraryRow{Row: page.Link{Text: f.Pick(i.Name, i.NameEn), URL: indicatorShelf.path + "/" + string(i.Code)}, Code: string(i.Code)}
		if t := v.library.Task(i.Task); t != nil {
			row.Under = page.TaskLink(f, t).Text
		} else if d := v.library.DomainOf(i); d != nil {
			row.Under = f.Pick(d.Name, d.NameEn)
		}
		var promises []string
		for _, t := range page.Targets(f, v.library, i) {
			promises = append(promises, t.When+" "+t.Text)
		}
		if len(promises) > 0 {
			row.Notes = []string{strings.Join(promises, f.T("list.semicolon"))}
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func (v *visit) organisationGroup() page.LibraryGroup {
	f, g := &v.frame, v.group(organisationShelf)
	for _, o := range v.library.Organisations {
		row := page.LibraryRow{
			Row: page.Link{Text: f.Pick(o.Name, o.NameEn), URL: organisationShelf.path + "/" + string(o.Code)}, Code: string(o.Code),
			Under: f.T("organisation.kind." + string(o.Kind)),
		}
		if next := v.library.Organisation(o.Successor); next != nil {
			row.Notes = []string{f.T("amend.succeeded", f.Pick(next.Name, next.NameEn))}
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func (v *visit) areaGroup() page.LibraryGroup {
	f, g := &v.frame, v.group(areaShelf)
	for _, a := range v.library.Areas {
		g.Rows = append(g.Rows, page.LibraryRow{
			Row: page.Link{Text: f.Pick(a.Name, a.NameEn), URL: areaShelf.path + "/" + string(a.Code)}, Code: string(a.Code),
			Under: f.T("amend.level." + string(a.Level)),
		})
	}
	return g
}

// promised lists every row of an indicator's targets as a day has them: those
// that hold, those that hold no more, and those announced, which a page of an
// earlier day does not know. The office can change what has no end.
func (v *visit) promised(i *indicators.Indicator, day indicators.Period, office bool) []page.TargetRow {
	f := &v.frame
	var out []page.TargetRow
	for _, t := range v.library.TargetsOf(i.Code) {
		row := page.TargetRow{When: page.When(f.Lang, t), Text: page.Promise(f.Lang, i, t), Term: t.Term}
		row.Past = !t.Until.IsZero() && t.Until.Compare(day) < 0
		row.Ahead = !t.From.IsZero() && t.From.Compare(day) > 0
		if !office && (row.Ahead && (f.Dated || f.Past > 0) || !row.Ahead && !row.Past && !t.InForce(v.library.Plan, day)) {
			continue
		}
		if !t.From.IsZero() {
			row.From, row.Reason = f.T("amend.since", f.Date(t.From)), t.Reason
		} else if t.Reason != "" {
			row.Reason = t.Reason
		}
		if row.Past || office && !t.Until.IsZero() {
			row.Until = f.T("amend.until", f.Date(t.Until))
		}
		if office && t.Until.IsZero() {
			row.Edit = indicatorShelf.path + "/" + string(i.Code) + "/targets/" + t.Key()
		}
		out = append(out, row)
	}
	return out
}

// changed lists the cells of a change in words; of a target first what it
// promises.
func (v *visit) changed(made *indicators.Amended) []page.ChangedCell {
	file, _ := indicators.FileNamed(made.File)
	var out []page.ChangedCell
	for _, c := range made.Differences() {
		if made.File == indicators.TargetsFile && c.Column == "indicator" {
			continue
		}
		out = append(out, page.ChangedCell{
			Label: v.frame.T("amend.field." + c.Column), Old: v.told(file, c.Column, c.Old), New: v.told(file, c.Column, c.New),
		})
	}
	return out
}

// changeRow tells one change; of a new row only that it came.
func (v *visit) changeRow(made *indicators.Amended, office bool) page.ChangeRow {
	f := &v.frame
	row := page.ChangeRow{Kind: f.T("amend.made." + shelfOf(made.File).noun), From: f.Date(made.From), Reason: made.Reason}
	if made.Before == nil {
		row.Kind = f.T("amend.added." + shelfOf(made.File).noun)
	}
	if made.Before != nil || made.File == indicators.TargetsFile {
		row.Cells = v.changed(made)
	}
	if made.File == indicators.TargetsFile {
		table, _ := indicators.FileNamed(made.File)
		var cells []string
		for _, column := range table.Header() {
			cells = append(cells, made.After[column])
		}
		if t := targetOf(cells); t != nil {
			row.Kind = f.T("amend.at", row.Kind, page.When(f.Lang, *t))
		}
	}
	if office {
		row.By = f.T("amend.by", made.Person, v.when(made.At))
	}
	return row
}

// amended links the form of what was changed.
func (v *visit) amended(made *indicators.Amended) page.Link {
	sh := shelfOf(made.File)
	if sh == targetShelf {
		sh = indicatorShelf
	}
	return page.Link{Text: nameOf(v.named(sh.file), string(made.Key)), URL: sh.path + "/" + string(made.Key)}
}

// record lists the changes of one thing, the newest first: for the public those
// of the day that a page is read for and before, without who made them.
func (s *Server) record(c *gin.Context, v *visit, key indicators.Code, office bool, files ...string) ([]page.ChangeRow, error) {
	all, err := s.Store.Amendments(c.Request.Context(), key, files...)
	if err != nil {
		return nil, err
	}
	var out []page.ChangeRow
	for n := range all {
		made := &all[n]
		if !office && (v.frame.Past > 0 && made.At.After(v.release.Published) ||
			indicators.DateOf(made.At.In(v.library.Plan.Location())).Compare(v.asOf()) > 0) {
			continue
		}
		out = append(out, v.changeRow(made, office))
	}
	return out, nil
}

// editAddress is where whoever is signed in changes what a public page shows; empty
// for those who may not, and on a page of an earlier day.
func editAddress(c *gin.Context, v *visit, sh *shelf, code indicators.Code) string {
	if !actor(c).May(indicators.KeepLibrary) || v.frame.Dated || v.frame.Past > 0 {
		return ""
	}
	return sh.path + "/" + string(code)
}
