package server

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
	"yimi/server/words"
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
	rows    []indicators.Revision // what stands
	typed   map[int64]indicators.Input
	version map[int64]int
	picked  map[int64]bool
	saved   map[int64]indicators.Saved
	found   map[int64][]indicators.Finding
	clashes map[int64][]page.ClashRow
	told    string
	undo    []page.Field
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
		saved: map[int64]indicators.Saved{}, found: map[int64][]indicators.Finding{}, clashes: map[int64][]page.ClashRow{}, status: http.StatusOK,
	}
	if g.round, g.rows, err = s.Store.WorkList(c.Request.Context(), actor(c), n); err != nil {
		return nil, err
	}
	for _, row := range g.rows {
		g.typed[row.ID], g.version[row.ID] = row.Entry, row.Version
		g.picked[row.ID] = row.Owing() && row.Entry != (indicators.Input{})
		list := gridEdits(c, row.ID)
		if len(list) == 0 {
			continue
		}
		if v, err := strconv.Atoi(c.PostForm(fmt.Sprintf("version.%d", row.ID))); err == nil {
			g.version[row.ID] = v
		}
		g.typed[row.ID] = rawInput(row.Entry, list)
		g.picked[row.ID] = slices.Contains(c.PostFormArray("pick"), strconv.FormatInt(row.ID, 10))
	}
	return g, nil
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
		if c.PostForm("choose."+name) == "theirs" {
			text = c.PostForm("theirs." + name)
		}
		out = append(out, indicators.Edit{Field: field, Text: text})
	}
	return out
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
	submit := c.PostForm("do") == "submit"
	var savings []indicators.Saving
	for _, row := range g.rows {
		list := gridEdits(c, row.ID)
		if c.PostForm("do") == "fill" {
			list = filledEdits(list, g.typed[row.ID])
		}
		if len(list) == 0 || submit && !g.picked[row.ID] && g.typed[row.ID] == row.Entry {
			continue
		}
		if rows := g.undecided(c, row.ID); len(rows) > 0 {
			g.clashes[row.ID], g.status = rows, http.StatusUnprocessableEntity
			continue
		}
		savings = append(savings, indicators.Saving{Duty: row.ID, Version: g.version[row.ID], Edits: list})
	}
	var sends, keeps []indicators.Saving
	for _, x := range savings {
		if submit && g.picked[x.Duty] {
			sends = append(sends, x)
		} else {
			keeps = append(keeps, x)
		}
	}
	kept, sent, refused := 0, 0, 0
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
				continue
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
	f := &g.frame
	switch {
	case submit:
		g.told = f.T("grid.sent", sent, refused)
	default:
		g.told = f.T("grid.saved", s.Now().In(g.library.Plan.Location()).Format("15:04"), kept, refused)
	}
	if c.PostForm("do") == "check" {
		if err := s.checkGrid(c, g); err != nil {
			return err
		}
	}
	if err := s.rereadGrid(c, g); err != nil {
		return err
	}
	return s.gridPage(c, g)
}

// rereadGrid reads what stands after the writing, and keeps what was typed.
func (s *Server) rereadGrid(c *gin.Context, g *gridForm) error {
	_, rows, err := s.Store.WorkList(c.Request.Context(), actor(c), g.round.Number)
	g.rows = rows
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
				Who: clash.Revision.Person, When: g.when(clash.Revision.Changed),
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
			Yours: c.PostForm(name), Who: c.PostForm("who." + name), When: c.PostForm("when." + name), Chosen: c.PostForm("choose." + name),
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
	}
	return nil
}

// gridPage draws the grid.
func (s *Server) gridPage(c *gin.Context, g *gridForm) error {
	f := &g.frame
	owing := 0
	p := page.Grid{Round: g.round.Number, Told: g.told, Undo: g.undo, Pasted: g.pasted, Problem: g.problem}
	for _, field := range gridFields {
		p.Heads = append(p.Heads, f.T("field."+string(field)))
	}
	for n := range g.rows {
		row := &g.rows[n]
		if row.Owing() {
			owing++
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
		p.Rows = append(p.Rows, x)
	}
	p.Sentence = g.deadline(g.round, owing, len(g.rows))
	f.Title, f.Section, f.Grid = f.T("grid.title", g.round.Year), "work", true
	if p.Errors > 0 {
		f.Title = f.T("form.wrong", p.Errors, f.Title)
	}
	p.Frame = *f
	return s.show(c, g.status, &p)
}

func (g *gridForm) gridRow(row *indicators.Revision, i *indicators.Indicator) page.GridRow {
	f := &g.frame
	x := page.GridRow{
		ID: row.ID, Figure: page.Link{Text: f.Pick(i.Name, i.NameEn), URL: "/work/" + strconv.FormatInt(row.ID, 10)}, Place: g.placeName(row.Area),
		Unit: f.Unit(i), Version: g.version[row.ID], State: f.T("state." + stateKey(row.State)), Refusal: row.Refusal, Picked: g.picked[row.ID],
		Locked: !row.Owing() && row.State != indicators.Approved || !g.round.OpenOn(row.Duty, g.asOf()), Clashes: g.clashes[row.ID],
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
	for _, field := range gridFields {
		x.Cells = append(x.Cells, page.GridCell{
			Control: control(row.ID, field), Value: g.typed[row.ID].Get(field), Number: field.Numeric(), Faulty: faulty[field],
			Label: f.T("grid.cell", x.Figure.Text, x.Place, f.T("field."+string(field))),
			Skip:  field.Numeric() && field != indicators.ValueField && !i.Per.Present(),
		})
	}
	return x
}

// layout is the grid as a paste is laid upon it: the rows and columns that the
// page shows.
func (g *gridForm) layout() (*indicators.Grid, []*indicators.Revision) {
	out := &indicators.Grid{}
	var rows []*indicators.Revision
	shown := map[string][]string{}
	for _, l := range words.Langs() {
		out.IDHeaders = append(out.IDHeaders, l.T("grid.id_head"))
		for _, field := range gridFields {
			shown[string(field)] = append(shown[string(field)], l.T("field."+string(field)))
		}
		shown[""] = append(shown[""], l.T("word.indicator"), l.T("word.area"), l.T("column.unit"), l.T("grid.last"))
	}
	for _, field := range gridFields {
		out.Columns = append(out.Columns, indicators.GridColumn{Field: field, Headers: shown[string(field)]})
	}
	for _, head := range shown[""] {
		out.Columns = append(out.Columns, indicators.GridColumn{Headers: []string{head}})
	}
	for n := range g.rows {
		row := &g.rows[n]
		i := g.library.Indicator(row.Indicator)
		if i == nil || i.Measure == indicators.Deliverable {
			continue
		}
		rows = append(rows, row)
		out.Rows = append(out.Rows, indicators.GridRow{
			ID: strconv.FormatInt(row.ID, 10), Unit: i.Unit, Entry: g.typed[row.ID],
			Locked: !row.Owing() && row.State != indicators.Approved || !g.round.OpenOn(row.Duty, g.asOf()),
		})
	}
	return out, rows
}

// pastePage shows what a paste would do; nothing is written.
func (s *Server) pastePage(c *gin.Context, g *gridForm) error {
	f := &g.frame
	g.pasted = c.PostForm("paste")
	cells, err := indicators.ReadPaste(g.pasted)
	if err == nil && strings.TrimSpace(g.pasted) == "" {
		err = &indicators.Error{Kind: indicators.Invalid, What: "paste_empty"}
	}
	if err != nil {
		var known *indicators.Error
		if !errors.As(err, &known) {
			return err
		}
		g.problem, g.status = f.T("error."+known.What+".title"), http.StatusUnprocessableEntity
		return s.gridPage(c, g)
	}
	layout, rows := g.layout()
	row, column := activeCell(c.PostForm("at"), layout, rows)
	p := page.Paste{Round: g.round.Number, Hidden: keepForm(c.Request.PostForm, "")}
	p.Hidden = slices.DeleteFunc(p.Hidden, func(x page.Field) bool { return slices.Contains([]string{"do", "paste", "at"}, x.Name) })
	counts := map[indicators.Outcome]int{}
	for _, cell := range layout.Place(cells, row, column) {
		counts[cell.Outcome]++
		x := page.PasteCell{Was: cell.Was, Text: cell.Text, Outcome: f.T("paste.outcome." + string(cell.Outcome)), Fills: cell.Outcome.Fills(), Wrong: cell.Problem != ""}
		x.Place = f.T("paste.from", cell.FromRow+1, cell.FromColumn+1)
		if cell.Row >= 0 && cell.Column >= 0 && layout.Columns[cell.Column].Field != "" {
			field := layout.Columns[cell.Column].Field
			i := g.library.Indicator(rows[cell.Row].Indicator)
			x.Place = f.T("grid.cell", f.Pick(i.Name, i.NameEn), g.placeName(rows[cell.Row].Area), f.T("field."+string(field)))
			if x.Fills {
				p.Fills++
				p.Hidden = append(p.Hidden, page.Field{Name: "fill." + control(rows[cell.Row].ID, field), Value: cell.Text})
			}
		}
		if cell.Read.Present() {
			x.Read = f.Exact(cell.Read)
		}
		if cell.Problem != "" {
			x.Problem = f.T("check."+cell.Problem, cell.Text)
		}
		if cell.Outcome != indicators.CellBlank || x.Text != "" {
			p.Cells = append(p.Cells, x)
		}
	}
	for _, name := range indicators.Outcome("").Allowed() {
		if n := counts[indicators.Outcome(name)]; n > 0 {
			p.Counts = append(p.Counts, f.T("paste.count", f.T("paste.outcome."+name), n))
		}
	}
	f.Title, f.Section = f.T("paste.title"), "work"
	p.Frame = *f
	return s.show(c, http.StatusOK, &p)
}

// activeCell is where a paste begins: the control that was active, else the
// first cell.
func activeCell(at string, layout *indicators.Grid, rows []*indicators.Revision) (row, column int) {
	id, field, ok := strings.Cut(strings.TrimPrefix(at, "v."), ".")
	if !ok {
		return 0, 0
	}
	for n, r := range rows {
		if strconv.FormatInt(r.ID, 10) == id {
			row = n
		}
	}
	for n, col := range layout.Columns {
		if string(col.Field) == field && field != "" {
			column = n
		}
	}
	return row, column
}

// fill lays the confirmed cells upon what was typed, and keeps what they
// replace, so that one step undoes them all.
func (s *Server) fill(c *gin.Context, g *gridForm) {
	for _, row := range g.rows {
		var list []indicators.Edit
		for _, field := range gridFields {
			text, sent := c.GetPostForm("fill." + control(row.ID, field))
			if !sent {
				continue
			}
			list = append(list, indicators.Edit{Field: field, Text: text})
			g.undo = append(g.undo, page.Field{Name: control(row.ID, field), Value: g.typed[row.ID].Get(field)})
		}
		if len(list) > 0 {
			g.typed[row.ID] = rawInput(g.typed[row.ID], list)
			g.picked[row.ID] = true
		}
	}
}

// filledEdits are a row's edits with what a paste filled in.
func filledEdits(sent []indicators.Edit, after indicators.Input) []indicators.Edit {
	for n := range sent {
		sent[n].Text = after.Get(sent[n].Field)
	}
	return sent
}
