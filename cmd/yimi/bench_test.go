package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"log/slog"

	"yimi/indicators"
	"yimi/indicators/sheet"
	"yimi/indicators/sqlite"
	"yimi/seed"
	"yimi/server"
)

// BenchmarkLoad reads the shipped plan and loads it into a new database.
func BenchmarkLoad(b *testing.B) {
	for n := 0; b.Loop(); n++ {
		pkg, err := seed.Read(seed.Shipped())
		if err != nil {
			b.Fatal(err)
		}
		store, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), fmt.Sprint(n)+".db"))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := store.Load(b.Context(), pkg, time.Now(), nil); err != nil {
			b.Fatal(err)
		}
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// many is how many figures the larger store of the benchmark holds.
const many = 1_000_000

// BenchmarkIndicatorPage serves one indicator's page from the shipped store,
// and from one that holds a million further figures of other subjects and
// areas: the ratio of the two is the figure to look at.
func BenchmarkIndicatorPage(b *testing.B) {
	for _, size := range []int{0, many} {
		b.Run(fmt.Sprintf("further=%d", size), func(b *testing.B) {
			handler := benchSite(b, size)
			for b.Loop() {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/indicators/childcare-places-per-1000", nil))
				if w.Code != http.StatusOK {
					b.Fatalf("the page answers %d", w.Code)
				}
			}
		})
	}
}

// BenchmarkHome serves the front page.
func BenchmarkHome(b *testing.B) {
	handler := benchSite(b, 0)
	for b.Loop() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.Code != http.StatusOK {
			b.Fatalf("the page answers %d", w.Code)
		}
	}
}

func benchSite(b *testing.B, further int) http.Handler {
	b.Helper()
	pkg := mustPackage(b, "")
	addMany(pkg, further)
	store, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	if _, err := store.Load(b.Context(), pkg, time.Now(), nil); err != nil {
		b.Fatal(err)
	}
	site, err := server.New(server.Config{
		Store: store, Sheets: sheet.Writer{}, Now: time.Now, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		b.Fatal(err)
	}
	return site.Handler()
}

// addMany adds made-up figures of districts, one edition after the other.
func addMany(pkg *indicators.Package, n int) {
	var districts []indicators.Code
	for _, a := range pkg.Areas {
		if a.Level == indicators.DistrictLevel {
			districts = append(districts, a.Code)
		}
	}
	for i := range n {
		subject := pkg.Series[i%len(pkg.Series)].Code
		area := districts[i/len(pkg.Series)%len(districts)]
		edition := i / len(pkg.Series) / len(districts)
		pkg.Observations = append(pkg.Observations, indicators.Observation{
			Subject: subject, Area: area, Period: indicators.YearOf(1950 + edition%70), Value: indicators.MustNumber("7"),
			Kind: indicators.Result, Vintage: fmt.Sprintf("bench %d", edition/70), Published: indicators.MustPeriod("2030-01-01"),
			Source: "bench", Confidence: "B",
		})
	}
}
