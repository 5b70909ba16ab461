package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// archiveStore keeps what a release said.
type archiveStore interface {
	StatusesOf(ctx context.Context, release int) ([]indicators.TargetStatus, error)
}

func archiveURL(release int) string { return fmt.Sprintf("/releases/%d/statuses", release) }

// showArchive is what a release said of every target, status and sentence, as
// it stored them on its day: no rule of today touches it.
func (s *Server) showArchive(c *gin.Context) error {
	v, r, err := s.theRelease(c)
	if err != nil {
		return err
	}
	if v.ahead != nil && r.Number == v.ahead.Release.Number {
		return redirect(c, fmt.Sprintf("/releases/preview?round=%d", v.ahead.Release.Round))
	}
	all, err := s.Store.StatusesOf(c.Request.Context(), r.Number)
	if err != nil {
		return err
	}
	f := v.frame
	f.Title, f.Section = f.T("archive.title", r.Number), "releases"
	f.Crumbs = []page.Link{{Text: f.T("releases.title"), URL: f.To("/releases")}, releaseLink(&f, r)}
	p := page.Archive{Number: r.Number, Published: v.when(r.Published), Rules: r.Rules, Older: r.Rules != 0 && r.Rules != indicators.RulesVersion}
	for _, t := range all {
		year := fmt.Sprint(t.Year)
		p.Rows = append(p.Rows, page.ArchiveRow{
			Figure: page.Link{Text: v.subject(t.Indicator, t.Area), URL: fmt.Sprintf("/indicators/%s?release=%d", t.Indicator, r.Number)},
			Year:   f.T("archive.year", year), Status: string(t.Status), Rule: ruleWords(&f, t.Rule), Sentence: f.Pick(t.SentenceZh, t.SentenceEn),
		})
	}
	p.Frame = f
	return s.show(c, http.StatusOK, &p)
}

// ruleWords names a stored rule as the page of the rules does: its table and its
// number there. What no table of today has is told as it was stored.
func ruleWords(f *page.Frame, stored string) string {
	parts := strings.Fields(stored)
	for _, r := range indicators.StatusRules() {
		if len(parts) > 1 && string(r.Table) == parts[0] && strconv.Itoa(r.Number) == parts[1] {
			return f.T("verdict.rule", f.T("rules."+parts[0]), r.Number)
		}
	}
	return f.T("archive.rule", stored)
}
