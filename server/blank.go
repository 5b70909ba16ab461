package server

import (
	"fmt"
	"strconv"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
)

// shownRows are the rows that the page showed from which a form was sent.
func shownRows(c *gin.Context) map[int64]bool {
	out := map[int64]bool{}
	for _, text := range c.PostFormArray("duty") {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			out[id] = true
		}
	}
	return out
}

// hides reports a row that a grid of what is blank leaves out: one with a value
// or an answer, which was not on the page that was just sent. What somebody has
// filled in a moment ago stays in sight until the page is opened anew.
func (g *gridForm) hides(row *indicators.Revision) bool {
	return g.blank && g.typed[row.ID].Says() && !g.shown[row.ID]
}

// address is where the grid stands, all of it or only what is blank.
func (g *gridForm) address(blank bool) string {
	to := fmt.Sprintf("/grid?round=%d", g.round.Number)
	if blank {
		to += "&blank=1"
	}
	return to
}
