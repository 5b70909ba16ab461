package server

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// gridFields are the columns of the grid that can be filled in.
var gridFields = []indicators.Field{
	indicators.ValueField, indicators.NumeratorField, indicators.DenominatorField, indicators.SourceField,
	indicators.NoteField, indicators.ExplanationField, indicators.NextField,
}

// gridForm is the grid as it was typed, row by row, and what came of it.
type gridForm struct {
	*reading
	round   indicators.Round
	fields  []indicators.Field    // the columns that a row of it uses
	rows    []indicators.Revision // what stands, what was sent back first
	typed   map[int64]indicators.Input
	version map[int64]int
	picked  map[int64]bool
	saved   map[int64]indicators.Saved
	found   map[int64][]indicators.Finding
	clashes map[int64][]page.ClashRow
	views   map[int64]*indicators.FigureView // of what was checked
	told    string
	receipt string // where the receipt of what was sent stands
	undo    []page.Field
	beside  []indicators.Revision // the rows with what is typed in them, once they are drawn
	blank   bool                  // only what is not filled in is shown
	shown   map[int64]bool        // the rows that the page showed from which this was sent
	pasted  string
	problem string
	status  int
}

// control names an input of the grid.
func control(duty int64, field indicators.Field) string { return fmt.Sprintf("v.%d.%s", duty, field) }

// readGrid reads what stands and what was typed.
func (s *Server) readGrid(c *gin.Context, round string) (*gridForm, error) {
	r, err := s.read(c, "")
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(round)
	if err != nil {
		return nil, indicators.Missing("round", round)
	}
	g := &gridForm{
		reading: r, typed: map[int64]indicators.Input{}, version: map[int64]int{}, picked: map[int64]bool{},
		saved: map[int64]indicators.Saved{}, found: map[int64][]indicators.Finding{}, clashes: map[int64][]page.ClashRow{}, views: map[int64]*indicators.FigureView{}, status: http.StatusOK,
	}
	g.blank, g.shown = c.Query("blank")+c.PostForm("blank") != "", shownRows(c)
	if g.round, g.rows, err = s.Store.WorkList(c.Request.Context(), actor(c), n); err != nil {
		return nil, err
	}
	g.order()
	for _, row := range g.rows {
		g.typed[row.ID], g.version[row.ID] = row.Entry, row.Version
		g.picked[row.ID] = row.Owing() && row.Entry != (indicators.Input{})
		v, verr := strconv.Atoi(c.PostForm(versionControl(row.ID)))
		list := gridEdits(c, row.ID)
		if verr != nil && len(list) == 0 {
			continue
		}
		if verr == nil {
			g.version[row.ID] = v
		}
		g.typed[row.ID] = rawInput(row.Entry, list)
		g.picked[row.ID] = slices.Contains(c.PostFormArray("pick"), strconv.FormatInt(row.ID, 10))
	}
	return g, nil
}

// versionControl names the hidden field with the version of a row.
func versionControl(duty int64) string { return fmt.Sprintf("version.%d", duty) }

// order puts what was sent back first, and leaves out the columns that no
// figure has.
func (g *gridForm) order() {
	slices.SortStableFunc(g.rows, func(a, b indicators.Revision) int {
		return back(b) - back(a)
	})
	parts := slices.ContainsFunc(g.rows, func(r indicators.Revision) bool {
		i := g.library.Indicator(r.Indicator)
		return i != nil && i.Per.Present()
	})
	g.fields = slices.DeleteFunc(slices.Clone(gridFields), func(f indicators.Field) bool {
		return f.Numeric() && f != indicators.ValueField && !parts
	})
}

func back(r indicators.Revision) int {
	if r.State == indicators.Returned {
		return 1
	}
	return 0
}

// locked reports a row in which nothing can be entered. What is approved is
// changed by its own form, where nothing is saved that was not meant to be.
func (g *gridForm) locked(row *indicators.Revision) bool {
	return !row.Owing() || !g.round.OpenOn(row.Duty, g.asOf())
}

// gridEdits are the fields of one row that a form sends.
func gridEdits(c *gin.Context, duty int64) []indicators.Edit {
	var out []indicators.Edit
	for _, field := range gridFields {
		name := control(duty, field)
		text, sent := c.GetPostForm(name)
		if !sent {
			continue
		}
		if used, offer, ok := usedOffer(c); ok && used == name {
			text = offer
		}
		out = append(out, indicators.Edit{Field: field, Text: chosen(c, name, text)})
	}
	return noted(c, out, func(f indicators.Field) string { return control(duty, f) })
}

// showGrid is the grid of a round.
func (s *Server) showGrid(c *gin.Context) error {
	chosen, _, err := s.theRound(c)
	if err != nil {
		return err
	}
	if chosen == nil {
		return s.noRound(c)
	}
	g, err := s.readGrid(c, strconv.Itoa(chosen.Number))
	if err != nil {
		return err
	}
	return s.gridPage(c, g)
}

// noRound says that nothing is asked for yet.
func (s *Server) noRound(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	p := page.Work{Frame: v.frame}
	p.Title, p.Section = p.T("work.no_round"), "work"
	return s.show(c, http.StatusOK, &p)
}

// keepGrid saves, checks, sends, or lays a paste upon the grid. Every row is
// answered by itself: one that is refused leaves the others saved.
func (s *Server) keepGrid(c *gin.Context) error {
	g, err := s.readGrid(c, c.PostForm("round"))
	if err != nil {
		return err
	}
	switch c.PostForm("do") {
	case "paste":
		return s.pastePage(c, g)
	case "keep":
		return s.gridPage(c, g)
	case "fill":
		s.fill(c, g)
	}
	return s.saveGrid(c, g)
}

// saveGrid writes the rows that were sent.
func (s *Server) saveGrid(c *gin.Context, g *gridForm) error {
	ctx, a, now := c.Request.Context(), actor(c), s.Now()
	submit, firm := c.PostForm("do") == "submit", c.PostForm("firm") != ""
	var savings []indicators.Saving
	for _, row := range g.rows {
		list := gridEdits(c, row.ID)
		if c.PostForm("do") == "fill" {
			list = filledEdits(c, row.ID, list, g.typed[row.ID])
		}
		confirmed := submit && firm && g.picked[row.ID]
		if len(list) == 0 && !confirmed || submit && !g.picked[row.ID] && g.typed[row.ID] == row.Entry {
			continue
		}
		if rows := g.undecided(c, row.ID); len(rows) > 0 {
			g.clashes[row.ID], g.status = rows, http.StatusUnprocessableEntity
			continue
		}
		savings = append(savings, indicators.Saving{Duty: row.ID, Version: g.version[row.ID], Key: clip(c.PostForm("key"), maxKey), Firm: confirmed, Edits: list})
	}
	var sends, keeps, unfit []indicators.Saving
	for _, x := range savings {
		if submit && g.picked[x.Duty] {
			sends = append(sends, x)
		} else {
			keeps = append(keeps, x)
		}
	}
	kept, sent, refused := 0, 0, 0
	var receipt []string
	write := func(list []indicators.Saving, act func() ([]indicators.Saved, error), done *int) error {
		if len(list) == 0 {
			return nil
		}
		out, err := act()
		if err != nil {
			return err
		}
		for n, x := range out {
			g.saved[list[n].Duty] = x
			if x.Err != nil {
				refused++
				g.refuse(list[n].Duty, x.Err)
				if g.found[list[n].Duty] != nil {
					list[n].Key, list[n].Firm = "", false
					unfit = append(unfit, list[n])
				}
				continue
			}
			if submit && g.picked[list[n].Duty] {
				receipt = append(receipt, receiptPart(x.Revision.ID, x.Revision.Version))
			}
			g.typed[list[n].Duty], g.version[list[n].Duty] = x.Revision.Entry, x.Revision.Version
			if !x.Already {
				*done++
			}
		}
		return nil
	}
	err := write(keeps, func() ([]indicators.Saved, error) { return s.Store.Save(ctx, a, now, keeps...) }, &kept)
	if err == nil {
		err = write(sends, func() ([]indicators.Saved, error) { return s.Store.Submit(ctx, a, now, sends...) }, &sent)
	}
	var known *indicators.Error
	if errors.As(err, &known) {
		// Nothing of these rows was written: they stand as they were typed.
		g.told, g.status = g.frame.T("error."+known.What+".title"), statuses[known.Kind]
		return s.gridPage(c, g)
	}
	if err != nil {
		return err
	}
	// What cannot be sent yet is kept all the same.
	if err := write(unfit, func() ([]indicators.Saved, error) { return s.Store.Save(ctx, a, now, unfit...) }, new(int)); err != nil {
		return err
	}
	f := &g.frame
	switch {
	case asksJSON(c):
		return s.draftOfGrid(c, g, savings)
	case submit && refused == 0 && len(receipt) > 0:
		return redirect(c, receiptAddress(receipt))
	case submit:
		g.told = f.T("grid.sent", sent, refused)
		if len(receipt) > 0 {
			g.receipt = receiptAddress(receipt)
		}
	case refused > 0:
		g.told = f.T("grid.saved", s.clockTime(g.visit), kept, refused)
	case kept > 0:
		g.told = f.T("grid.saved_all", s.clockTime(g.visit), kept)
	default:
		g.told = f.T("grid.saved_same", s.clockTime(g.visit))
	}
	switch do := c.PostForm("do"); {
	case do == "check":
		if err := s.checkGrid(c, g); err != nil {
			return err
		}
	case slices.Contains([]string{"blank", "all"}, do) && g.status == http.StatusOK:
		return redirect(c, g.address(do == "blank"))
	}
	if err := s.rereadGrid(c, g); err != nil {
		return err
	}
	if c.PostForm("do") == "check" && g.status == http.StatusOK && g.ready() {
		return s.confirmGrid(c, g)
	}
	return s.gridPage(c, g)
}

// rereadGrid reads what stands after the writing, and keeps what was typed.
func (s *Server) rereadGrid(c *gin.Context, g *gridForm) error {
	_, rows, err := s.Store.WorkList(c.Request.Context(), actor(c), g.round.Number)
	g.rows = rows
	g.order()
	return err
}

// refuse notes why a row was not taken.
func (g *gridForm) refuse(duty int64, err error) {
	f := &g.frame
	var clash *indicators.ClashError
	var check *indicators.CheckError
	var known *indicators.Error
	switch {
	case errors.As(err, &clash):
		g.status, g.version[duty] = http.StatusConflict, clash.Revision.Version
		for _, x := range clash.Clashes {
			g.clashes[duty] = append(g.clashes[duty], page.ClashRow{
				Name: control(duty, x.Field), Label: f.T("field." + string(x.Field)), Was: x.Was, Theirs: x.Theirs, Yours: x.Yours,
				Who: clash.Revision.Person, When: g.when(clash.Revision.Changed), Note: f.T("figure.both_note", f.T("field."+string(x.Field)), x.Yours),
			})
		}
	case errors.As(err, &check):
		g.found[duty] = check.Findings
	case errors.As(err, &known):
		x := g.saved[duty]
		x.Err = known
		g.saved[duty] = x
	}
	if g.status == http.StatusOK {
		g.status = http.StatusUnprocessableEntity
	}
}

// undecided are the clashes of a row that nobody has chosen in yet.
func (g *gridForm) undecided(c *gin.Context, duty int64) []page.ClashRow {
	var out []page.ClashRow
	left := false
	for _, field := range gridFields {
		name := control(duty, field)
		if !slices.Contains(c.PostFormArray("clash"), name) {
			continue
		}
		row := page.ClashRow{
			Name: name, Label: g.frame.T("field." + string(field)), Was: c.PostForm("was." + name), Theirs: c.PostForm("theirs." + name),
			Yours: c.PostForm(name), Who: c.PostForm("who." + name), When: c.PostForm("when." + name), Note: c.PostForm("note_of." + name), Chosen: c.PostForm("choose." + name),
		}
		row.Undecided = row.Chosen == ""
		left = left || row.Undecided
		out = append(out, row)
	}
	if !left {
		return nil
	}
	return out
}

// checkGrid checks every row that has something in it.
func (s *Server) checkGrid(c *gin.Context, g *gridForm) error {
	for _, row := range g.rows {
		if g.typed[row.ID] == (indicators.Input{}) || !row.Owing() {
			continue
		}
		view, err := s.Store.Figure(c.Request.Context(), actor(c), s.Now(), row.ID)
		if err != nil {
			return err
		}
		g.found[row.ID] = view.Sight.Check(g.typed[row.ID])
		g.views[row.ID] = view
	}
	return nil
}

// ready reports that something is ticked and nothing of it is unsettled.
func (g *gridForm) ready() bool {
	some := false
	for _, row := range g.rows {
		if !g.picked[row.ID] {
			continue
		}
		if indicators.Unsettled(g.found[row.ID]) || g.views[row.ID] == nil {
			return false
		}
		some = true
	}
	return some
}

// gridPage draws the grid.
func (s *Server) gridPage(c *gin.Context, g *gridForm) error {
	f := &g.frame
	owing, begun := 0, 0
	p := page.Grid{
		Round: g.round.Number, Told: g.told, Receipt: g.receipt, Undo: g.undo, Pasted: g.pasted, Problem: g.problem, Checked: len(g.found) > 0,
		Draft: draftPart(c, g.address(g.blank)), Key: rand.Text(), Blank: page.ClashRow{}, OnlyBlank: g.blank,
	}
	for _, field := range g.fields {
		p.Heads = append(p.Heads, page.GridHead{Text: f.T("field." + string(field)), Number: field.Numeric()})
	}
	counts := map[indicators.State]int{}
	g.beside = g.typedRows()
	for n := range g.rows {
		row := &g.rows[n]
		counts[row.State]++
		if row.Owing() {
			owing++
		}
		if row.Entry != (indicators.Input{}) {
			begun++
		}
		i := g.library.Indicator(row.Indicator)
		if i == nil {
			continue
		}
		if i.Measure == indicators.Deliverable {
			p.Deeds = append(p.Deeds, page.Link{Text: f.Pick(i.Name, i.NameEn), URL: "/work/" + strconv.FormatInt(row.ID, 10)})
			continue
		}
		x := g.gridRow(row, i)
		for _, problem := range x.Problems {
			if !problem.Warning {
				p.Errors++
			}
		}
		if g.hides(row) && len(x.Problems)+len(x.Clashes) == 0 {
			p.Hide(x)
			continue
		}
		p.Rows = append(p.Rows, x)
	}
	switch {
	case g.blank && len(p.Rows) == 0:
		p.Hides = f.T("grid.blank_none", p.Count)
	case g.blank:
		p.Hides = f.T("grid.blank_hides", p.Count)
	}
	p.Sentence = g.deadline(g.round, owing, len(g.rows))
	p.Counts = append(p.Counts, f.T("grid.begun", begun, len(g.rows)))
	if n := counts[indicators.Returned]; n > 0 {
		p.Counts = append(p.Counts, f.T("grid.returned", n))
	}
	if n := len(g.rows) - owing; n > 0 {
		p.Counts = append(p.Counts, f.T("grid.done", n))
	}
	f.Title, f.Section, f.Grid, f.Drafts = f.T("grid.title", g.round.Year), "work", true, true
	if p.Errors > 0 {
		f.Title = f.T("form.wrong", p.Errors, f.Title)
	}
	p.Frame = *f
	return s.show(c, g.status, &p)
}

func (g *gridForm) gridRow(row *indicators.Revision, i *indicators.Indicator) page.GridRow {
	f := &g.frame
	x := page.GridRow{
		ID: row.ID, Mark: indicators.RowID(row.ID), Figure: page.Link{Text: f.Pick(i.Name, i.NameEn), URL: "/work/" + strconv.FormatInt(row.ID, 10)}, Place: g.placeName(row.Area),
		Unit: f.Unit(i), Version: g.version[row.ID], State: f.T("state." + stateKey(row.State)), Refusal: row.Refusal, Picked: g.picked[row.ID],
		Locked: g.locked(row), Clashes: g.clashes[row.ID], Definition: f.Pick(i.Definition, i.DefinitionEn), VersionControl: versionControl(row.ID),
		Back: row.State == indicators.Returned,
	}
	if !g.library.DistrictFigure(row.Area) {
		x.Place = ""
	}
	for _, o := range indicators.Standing(g.library, g.figures[placed{i.Code, row.Area}]) {
		if o.Period.Year == g.round.Year-1 && o.Value.Present() {
			x.Last = f.Figure(i, o, nil)
		}
	}
	if list := page.Targets(f, g.library, i); len(list) > 0 {
		x.Target = list[len(list)-1].When + " " + list[len(list)-1].Text
	}
	faulty := map[indicators.Field]bool{}
	for _, finding := range g.found[row.ID] {
		if finding.Settled {
			continue
		}
		wrong := finding.Grade == indicators.ErrorGrade
		faulty[finding.Field] = faulty[finding.Field] || wrong
		at := ""
		if slices.Contains(gridFields, finding.Field) {
			at = control(row.ID, finding.Field)
		}
		x.Problems = append(x.Problems, page.Problem{Field: at, Text: g.findingWords(finding), Warning: !wrong})
	}
	if known := g.saved[row.ID].Err; known != nil && len(x.Problems)+len(x.Clashes) == 0 {
		var e *indicators.Error
		if errors.As(known, &e) {
			x.Problems = append(x.Problems, page.Problem{Text: f.T("error." + e.What + ".title")})
		}
	}
	for _, field := range g.fields {
		x.Cells = append(x.Cells, page.GridCell{
			Control: control(row.ID, field), Value: g.typed[row.ID].Get(field), Number: field.Numeric(), Faulty: faulty[field],
			Head: f.T("field." + string(field)), Read: g.readWords(i, field, g.typed[row.ID]),
			Label: f.T("grid.cell", x.Figure.Text, g.placeName(row.Area), f.T("field."+string(field))),
			Part:  field == indicators.DenominatorField,
			Lines: !field.Numeric() && strings.Contains(g.typed[row.ID].Get(field), "\n"),
			Skip:  field.Numeric() && field != indicators.ValueField && !i.Per.Present(),
		})
	}
	if !x.Locked {
		own, at := *row, placed{i.DenominatorSeries, row.Area}
		own.Entry = g.typed[row.ID]
		x.Offers = g.denominatorOffers(&own, control(row.ID, indicators.DenominatorField), g.round.Year, g.figures[at], g.beside)
	}
	switch {
	case hasProblem(x.Problems, false):
		x.Verdict = f.T("grid.verdict.wrong")
	case hasProblem(x.Problems, true):
		x.Verdict, x.Warned = f.T("grid.verdict.odd"), true
	}
	return x
}

// typedRows are the rows with what is typed in them now.
func (g *gridForm) typedRows() []indicators.Revision {
	rows := slices.Clone(g.rows)
	for n := range rows {
		rows[n].Entry = g.typed[rows[n].ID]
	}
	return rows
}

// hasProblem reports a problem of that grade among some.
func hasProblem(list []page.Problem, warning bool) bool {
	return slices.ContainsFunc(list, func(x page.Problem) bool { return x.Warning == warning })
}
