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

// BenchmarkPages serves pages from the shipped store, and in turn from one that
// holds a million further figures of other indicators: large/small is the
// figure to look at. Cold is the first page that a new server shows.
func BenchmarkPages(b *testing.B) {
	stores := [2]*sqlite.Store{benchStore(b, 0), benchStore(b, many)}
	handlers := [2]http.Handler{benchServer(b, stores[0]), benchServer(b, stores[1])}
	for name, address := range map[string]string{"indicator": "/indicators/childcare-places-per-1000", "home": "/"} {
		b.Run(name+"/warm", func(b *testing.B) {
			var spent [2]time.Duration
			rounds := 0
			for _, handler := range handlers {
				visit(b, handler, address)
			}
			for b.Loop() {
				rounds++
				for n, handler := range handlers {
					from := time.Now()
					visit(b, handler, address)
					spent[n] += time.Since(from)
				}
			}
			b.ReportMetric(float64(spent[0].Nanoseconds())/float64(rounds), "small-ns/page")
			b.ReportMetric(float64(spent[1].Nanoseconds())/float64(rounds), "large-ns/page")
			b.ReportMetric(float64(spent[1])/float64(spent[0]), "large/small")
		})
		for n, size := range []int{0, many} {
			b.Run(fmt.Sprintf("%s/cold/further=%d", name, size), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					handler := benchServer(b, stores[n])
					b.StartTimer()
					visit(b, handler, address)
				}
			})
		}
	}
}

func visit(b *testing.B, handler http.Handler, address string) {
	b.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	if w.Code != http.StatusOK {
		b.Fatalf("%s answers %d", address, w.Code)
	}
}

func benchServer(b *testing.B, store *sqlite.Store) http.Handler {
	b.Helper()
	site, err := server.New(server.Config{
		Store: store, Sheets: sheet.Writer{}, Now: time.Now, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		b.Fatal(err)
	}
	return site.Handler()
}

func benchStore(b *testing.B, further int) *sqlite.Store {
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
	return store
}

// townships is how many further areas the larger store has, ten to a district.
const townships = 10

// addMany adds made-up figures of every other indicator in every district and in
// townships of each, one year and then one edition after the other.
func addMany(pkg *indicators.Package, n int) {
	if n == 0 {
		return
	}
	var areas []indicators.Code
	for _, a := range pkg.Areas {
		if a.Level != indicators.DistrictLevel {
			continue
		}
		areas = append(areas, a.Code)
		for k := range townships {
			t := indicators.Area{Code: a.Code + indicators.Code(fmt.Sprintf("-township-%d", k)), Name: fmt.Sprintf("%s %d", a.Name, k), Level: "township", Parent: a.Code}
			areas = append(areas, t.Code)
			pkg.Areas = append(pkg.Areas, t)
		}
	}
	var subjects []indicators.Code
	for _, i := range pkg.Indicators {
		if i.Measure != indicators.Deliverable && i.Headline == nil {
			subjects = append(subjects, i.Code)
		}
	}
	for i := range n {
		edition := i / len(subjects) / len(areas)
		year := 2021 + edition%4
		pkg.Observations = append(pkg.Observations, indicators.Observation{
			Subject: subjects[i%len(subjects)], Area: areas[i/len(subjects)%len(areas)], Period: indicators.YearOf(year),
			Value: indicators.MustNumber("7"), Kind: indicators.Result, Basis: indicators.Level, Vintage: fmt.Sprintf("bench %d", edition/4),
			Published: indicators.Period{Year: year + 1, Month: 3, Day: 1}, Source: "bench", Confidence: "B",
		})
	}
}
