package server

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
	"yimi/server/words"
)

// layout is the grid as a paste is laid upon it: the rows and columns that the
// page shows.
func (g *gridForm) layout() (*indicators.Grid, []*indicators.Revision) {
	out := &indicators.Grid{}
	var rows []*indicators.Revision
	shown := map[string][]string{}
	for _, l := range words.Langs() {
		out.IDHeaders = append(out.IDHeaders, l.T("grid.id_head"))
		for _, field := range g.fields {
			shown[string(field)] = append(shown[string(field)], l.T("field."+string(field)))
		}
		out.NameHeaders, out.PlaceHeaders = append(out.NameHeaders, l.T("word.indicator")), append(out.PlaceHeaders, l.T("word.area"))
		shown[""] = append(shown[""], l.T("word.indicator"), l.T("word.area"), l.T("column.unit"), l.T("grid.last"), l.T("grid.verdict"))
	}
	for _, field := range g.fields {
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
		at := indicators.Area{Code: row.Area}
		if a := g.library.Area(row.Area); a != nil {
			at = *a
		}
		out.Rows = append(out.Rows, indicators.GridRow{
			Names: append([]string{i.Name, i.NameEn, string(i.Code)}, i.Aliases...), Places: append([]string{at.Name, at.NameEn, at.Short, string(at.Code)}, at.Aliases...),
			Duty: row.ID, Version: g.version[row.ID], Unit: i.Unit, Entry: g.typed[row.ID],
			Locked: g.locked(row), Hidden: g.hides(row),
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
		g.problem, g.status = refusal(f, err, known), http.StatusUnprocessableEntity
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
	// What is filled in is looked at first; the rest follows as it was pasted.
	slices.SortStableFunc(p.Cells, func(a, b page.PasteCell) int {
		if a.Fills == b.Fills {
			return 0
		}
		if a.Fills {
			return -1
		}
		return 1
	})
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
			g.picked[row.ID], g.shown[row.ID] = true, true
		}
	}
}

// filledEdits are a row's edits with what a paste filled in, also where the row
// was not shown.
func filledEdits(c *gin.Context, duty int64, sent []indicators.Edit, after indicators.Input) []indicators.Edit {
	var out []indicators.Edit
	for _, field := range gridFields {
		_, filled := c.GetPostForm("fill." + control(duty, field))
		if filled || slices.ContainsFunc(sent, func(ed indicators.Edit) bool { return ed.Field == field }) {
			out = append(out, indicators.Edit{Field: field, Text: after.Get(field)})
		}
	}
	return out
}
