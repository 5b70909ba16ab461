package server

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
	"yimi/indicators/sqlite"
)

// broken is a store whose every write fails as it does on a full disk or in a
// folder for reading.
type broken struct {
	*sqlite.Store
	err error
}

func (b *broken) Save(context.Context, indicators.Actor, time.Time, ...indicators.Saving) ([]indicators.Saved, error) {
	return nil, b.err
}

func (b *broken) Submit(context.Context, indicators.Actor, time.Time, ...indicators.Saving) ([]indicators.Saved, error) {
	return nil, b.err
}

func (b *broken) Attempt(context.Context, time.Time, string, string) error { return b.err }

func (b *broken) Seen(context.Context, indicators.Session, time.Time) error { return b.err }

// On a full disk and in a folder for reading nothing is acknowledged, one
// sentence says why with all that was typed, and who reads goes on reading.
func TestADiskThatTakesNothing(t *testing.T) {
	for what, kind := range map[string]indicators.Kind{"database_full": indicators.TooLarge, "database_read_only": indicators.Forbidden, "database_busy": indicators.Conflict} {
		t.Run(what, func(t *testing.T) {
			var b *broken
			h := mustHouse(t, func(c *Config) {
				b = &broken{Store: c.Store.(*sqlite.Store), err: &indicators.Error{Kind: kind, What: what, Detail: "/srv/secret/yimi.db"}}
				c.Store = b
			})
			round := h.mustRound(2025)
			me := h.mustSession("at-education-bureau")
			path := h.mustDuty(round, kindergartens, "at-education-bureau")
			form := filled(h.doc(h.do(get, path, me, nil)), "value", "47.83", "note", "写在这里的话")
			for _, do := range []string{"save", "submit"} {
				form.Set("do", do)
				w := h.do(post, path, me, form)
				doc := h.doc(w)
				if w.Code != statuses[kind] || doc.Find("#value").AttrOr("value", "") != "47.83" || doc.Find("#note").Text() != "写在这里的话" {
					t.Errorf("%s = %d, with %q and %q", do, w.Code, doc.Find("#value").AttrOr("value", ""), doc.Find("#note").Text())
				}
				if text := doc.Find(".wrong").Text(); strings.Contains(text, "[") || !strings.Contains(text, "没有保存") || strings.Contains(w.Body.String(), "/srv/secret") {
					t.Errorf("%s says %q", do, text)
				}
			}
			grid := h.doc(h.do(get, "/grid", me, nil))
			cell := cellsOf(grid, "value")[0]
			rows := gridValues(grid)
			rows.Set(cell, "12.5")
			rows.Set("do", "save")
			again := h.do(post, "/grid", me, rows)
			doc := h.doc(again)
			if told := doc.Find("#grid-status").Text(); again.Code != statuses[kind] || doc.Find(`input[name="`+cell+`"]`).AttrOr("value", "") != "12.5" || !strings.Contains(told, "没有保存") {
				t.Errorf("the grid = %d, with %q, says %q", again.Code, doc.Find(`input[name="`+cell+`"]`).AttrOr("value", ""), told)
			}
			w := h.do(post, "/sign-in", "", map[string][]string{"name": {"chief"}, "password": {goodPassword}})
			if w.Code != statuses[kind] || session(w) != nil || strings.Contains(w.Body.String(), "/srv/secret") || strings.Contains(h.doc(w).Find("main").Text(), "[") {
				t.Errorf("a sign-in = %d: %s", w.Code, h.doc(w).Find("main").Text())
			}
			h.wait(2 * time.Minute)
			for address, secret := range map[string]string{"/": "", "/indicators": "", "/indicators.csv": "", "/healthz": "", "/work": me, path: me} {
				h.mustStatus(h.do(get, address, secret, nil), http.StatusOK)
			}
		})
	}
}
