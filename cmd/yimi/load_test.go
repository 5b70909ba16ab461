package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yimi/indicators"
	"yimi/indicators/sqlite"
)

// The release that a package makes keeps what the rules said of every target,
// in both languages; a second load keeps nothing more.
func TestALoadedReleaseKeepsItsSentences(t *testing.T) {
	for name, dir := range map[string]string{"shipped": shippedDir(t), "made up": filepath.Join("..", "..", "seed", "testdata", "yunxi-2023")} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(dir); err != nil {
				t.Fatal(err)
			}
			data := t.TempDir()
			for range 2 {
				if code, said := try(t, "load", "--data", data, dir); code != exitDone {
					t.Fatal(said)
				}
			}
			store, err := sqlite.Open(t.Context(), filepath.Join(data, database))
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := store.Close(); err != nil {
					t.Error(err)
				}
			}()
			r, err := store.Release(t.Context())
			if err != nil || r.Number != 1 || r.Rules != indicators.RulesVersion {
				t.Errorf("release %+v, %v", r, err)
			}
			kept, err := store.StatusesOf(t.Context(), 1)
			if err != nil || len(kept) == 0 {
				t.Fatalf("%d statuses, %v", len(kept), err)
			}
			l, err := store.Library(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range kept {
				if l.Indicator(x.Indicator) == nil || x.SentenceZh == "" || x.SentenceEn == "" || x.SentenceZh == x.SentenceEn || strings.Contains(x.SentenceZh+x.SentenceEn, "%!") {
					t.Errorf("%s of %s reads %q, %q", x.Indicator, x.Area, x.SentenceZh, x.SentenceEn)
				}
			}
			if !slices.ContainsFunc(kept, func(x indicators.TargetStatus) bool { return x.Value.Present() }) {
				t.Error("no status rests on a number")
			}
		})
	}
}
