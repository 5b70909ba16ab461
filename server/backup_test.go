package server

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yimi/indicators"
)

// mustKeep is a house with a system administrator and a folder of backups.
func mustKeep(t *testing.T, change ...func(*Config)) (h *house, secret string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "backups")
	h = mustHouse(t, append(change, func(c *Config) { c.Backups, c.Version = folder, "v1" })...)
	h.mustPerson("keeper", indicators.Grant{Role: indicators.SystemAdmin})
	return h, h.mustSession("keeper")
}

// work runs the long work until the test ends.
func (h *house) work(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() { h.Work(ctx) })
	t.Cleanup(func() { stop(); ended.Wait() })
}

// idle waits until nothing is under way.
func (h *house) idle(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if now, _ := h.jobs.under(); now == nil {
			return
		}
	}
	t.Fatal("the work does not end")
}

func TestBackupsPage(t *testing.T) {
	h, secret := mustKeep(t)
	if text := h.do(get, "/backups", secret, nil).Body.String(); !strings.Contains(text, "还没有一份检查过的备份") {
		t.Error("the page does not say that there is none")
	}
	// Asked for before the work begins, it waits, and blocks nobody.
	h.mustStatus(h.do(post, "/backups", secret, url.Values{}), http.StatusSeeOther)
	h.mustPerson("another", indicators.Grant{Role: indicators.SystemAdmin})
	h.mustStatus(h.do(post, "/backups", h.mustSession("another"), url.Values{}), http.StatusConflict)
	h.mustStatus(h.do(get, "/", "", nil), http.StatusOK)
	if doc := h.doc(h.do(get, "/backups", secret, nil)); doc.Find("#job progress").Length() != 1 || doc.Find(`form[action="/backups"]`).Length() != 0 {
		t.Error("the page does not show what is under way")
	}
	h.mustStatus(h.do(post, "/backups/stop", secret, url.Values{}), http.StatusSeeOther)
	h.work(t)
	h.idle(t)
	if left, err := os.ReadDir(h.Backups); err == nil && len(left) > 0 {
		t.Errorf("a stopped backup left %v", left)
	}
	h.mustStatus(h.do(post, "/backups", secret, url.Values{}), http.StatusSeeOther)
	h.idle(t)
	doc := h.doc(h.do(get, "/backups", secret, nil))
	if n := doc.Find("tbody tr").Length(); n != 1 || doc.Find("#freshness.sentence").Length() != 1 {
		t.Fatalf("%d rows: %s", n, doc.Find("main").Text())
	}
	file := doc.Find("tbody code").First().Text()
	if text := doc.Find("tbody").Text(); !strings.Contains(text, "检查完好") || !strings.Contains(text, "Person keeper") {
		t.Errorf("listed as %s", text)
	}
	if doc.Find(`main a[href*="`+file+`"], main a[download]`).Length() != 0 {
		t.Error("a backup can be taken away through the web")
	}
	h.mustStatus(h.do(post, "/backups/verify", secret, url.Values{"file": {"../yimi.db"}}), http.StatusNotFound)
	if err := os.Truncate(filepath.Join(h.Backups, file), 1000); err != nil {
		t.Fatal(err)
	}
	h.mustStatus(h.do(post, "/backups/verify", secret, url.Values{"file": {file}}), http.StatusSeeOther)
	h.idle(t)
	doc = h.doc(h.do(get, "/backups", secret, nil))
	if text := doc.Find("tbody strong").Text(); !strings.Contains(text, "坏") || doc.Find("#freshness.refusal").Length() != 1 {
		t.Errorf("a broken one is %q", text)
	}
	// A folder that cannot be is told in one sentence, and the site goes on.
	if err := os.RemoveAll(h.Backups); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(h.Backups, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.jobs.failed = nil
	if err := h.jobs.begin(&job{what: "make", actor: indicators.Actor{Account: 2, Grants: []indicators.Grant{{Role: indicators.SystemAdmin}}}}); err != nil {
		t.Fatal(err)
	}
	h.idle(t)
	if _, failed := h.jobs.under(); failed == nil {
		t.Error("a folder that is a file made no fault")
	}
	h.mustStatus(h.do(get, "/", "", nil), http.StatusOK)
	if text := h.doc(h.do(get, "/backups", secret, nil)).Find(`[role="alert"]`).Text(); !strings.Contains(text, h.Backups) {
		t.Errorf("the page says %q", text)
	}
}

// At its hour, and not before, the program makes one by itself; where a machine
// was off it makes it up, and not twice.
func TestNightlyBackups(t *testing.T) {
	h, _ := mustKeep(t)
	library, err := h.store.Library(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	where := library.Plan.Location()
	for n, c := range []struct {
		at   time.Time
		want int
	}{
		{time.Date(2026, 3, 2, 1, 59, 0, 0, where), 0}, {time.Date(2026, 3, 2, 2, 0, 0, 0, where), 1}, {time.Date(2026, 3, 2, 23, 0, 0, 0, where), 1},
		{time.Date(2026, 3, 3, 1, 0, 0, 0, where), 1}, {time.Date(2026, 3, 3, 9, 30, 0, 0, where), 2}, {time.Date(2026, 3, 4, 2, 1, 0, 0, where), 2},
	} {
		h.wait(c.at.Sub(h.clock()))
		if n == 5 {
			next := indicators.DefaultSettings()
			next.Nightly = false
			keeper := indicators.Actor{Account: 2, Grants: []indicators.Grant{{Role: indicators.SystemAdmin}}}
			if err := h.store.SetSettings(context.Background(), keeper, c.at, next); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.atNight(context.Background()); err != nil {
			t.Fatal(err)
		}
		h.workOff(context.Background())
		list, err := h.store.Backups(context.Background(), h.Backups)
		if err != nil || len(list) != c.want {
			t.Errorf("at %s there are %d backups, want %d (%v)", c.at, len(list), c.want, err)
		}
	}
	demo, _ := mustKeep(t, func(c *Config) { c.Demo = true })
	demo.wait(24 * time.Hour)
	if err := demo.atNight(context.Background()); err != nil {
		t.Fatal(err)
	}
	if now, _ := demo.jobs.under(); now != nil {
		t.Error("a demonstration makes backups")
	}
}

// What is being written is not told as a file from elsewhere.
func TestABackupUnderWayIsNotListed(t *testing.T) {
	h, secret := mustKeep(t)
	if err := os.MkdirAll(h.Backups, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(h.Backups, "yimi-another.zip"), []byte("PK"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		under *job
		rows  int
	}{{nil, 1}, {&job{what: "make", begun: h.clock()}, 0}, {&job{what: "verify", file: "yimi-another.zip", begun: h.clock()}, 1}, {nil, 1}} {
		h.jobs.mu.Lock()
		h.jobs.now = x.under
		h.jobs.mu.Unlock()
		if n := h.doc(h.do(get, "/backups", secret, nil)).Find("tbody tr").Length(); n != x.rows {
			t.Errorf("%+v: %d rows, want %d", x.under, n, x.rows)
		}
	}
}
