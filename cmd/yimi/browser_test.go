package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"yimi/indicators"
)

// watch gathers what a browser complains of.
type watch struct {
	mu     sync.Mutex
	faults []string
}

func (w *watch) add(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

func (w *watch) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.faults
	w.faults = nil
	return out
}

// browser opens a tab of a real Chromium that may reach the site only.
func browser(t testing.TB, s *site) (context.Context, *watch) {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("lang", "zh-CN"), chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Log(err)
		}
		cancel()
		cancelAlloc()
	})
	host := mustHost(t, s.url)
	w := &watch{}
	chromedp.ListenTarget(ctx, func(ev any) {
		switch e := ev.(type) {
		case *runtime.EventExceptionThrown:
			w.add("exception: %s", e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
				w.add("console: %s", consoleText(e))
			}
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == cdplog.LevelError || e.Entry.Level == cdplog.LevelWarning {
				w.add("log: %s %s", e.Entry.Text, e.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			if strings.HasPrefix(e.Request.URL, "http") && mustHost(t, e.Request.URL) != host {
				w.add("request to another host: %s", e.Request.URL)
			}
		}
	})
	if err := chromedp.Run(ctx, network.Enable(), cdplog.Enable(), runtime.Enable()); err != nil {
		t.Fatalf("the browser does not start: %v", err)
	}
	return ctx, w
}

func consoleText(e *runtime.EventConsoleAPICalled) string {
	var b strings.Builder
	for _, a := range e.Args {
		b.Write(a.Value)
		b.WriteString(a.Description)
	}
	return b.String()
}

func mustHost(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

func do(t testing.TB, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for again := 0; ; again++ {
		err := chromedp.Run(limited, actions...)
		if err == nil {
			return
		}
		// A script that was asked of the page just left finds its world gone; the
		// actions begin with going to the page, so they can begin once more.
		if again == 2 || !strings.Contains(err.Error(), "Cannot find context") {
			t.Fatal(err)
		}
	}
}

// window sets the size of the page and the theme that the system asks for.
func window(width, height int64, dark bool) chromedp.Action {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return chromedp.Tasks{
		emulation.SetDeviceMetricsOverride(width, height, 1, false),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
	}
}

// overflow names what sticks out of the page to the right.
const overflow = `(() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return "";
  for (const el of document.querySelectorAll("body *")) {
    if (el.closest(".scroll, .menu-narrow nav")) continue;
    const r = el.getBoundingClientRect();
    if (r.width && r.right > wide + 1) return el.tagName + "." + el.className + " to " + Math.round(r.right);
  }
  return "the page is " + document.documentElement.scrollWidth + " wide";
})()`

// pages is one of each kind of page, with every kind of chart.
func kinds(s *site) []string {
	p := s.pkg
	out := []string{"/", "/indicators", "/tasks", "/organisations", "/areas", "/projects", "/policies", "/method", "/status", "/status?group=all&asof=" + strconv.Itoa(p.Plan.Milestones[0]) + "-06-30", "/nothing",
		"/domains/" + string(p.Domains[0].Code), "/tasks/" + string(p.Tasks[0].Number),
		"/organisations/" + string(p.Organisations[0].Code), "/areas/" + string(p.Areas[0].Code), "/areas/" + string(p.Areas[1].Code)}
	seen := map[string]bool{}
	for _, i := range p.Indicators {
		kind := string(i.Measure) + string(i.Scope) + string(i.Direction)
		if i.Headline != nil {
			kind = string(i.Code)
		}
		if !seen[kind] {
			seen[kind] = true
			out = append(out, "/indicators/"+string(i.Code))
		}
	}
	return append(out, "/indicators/"+string(p.Indicators[len(p.Indicators)-1].Code)+"?view=table")
}

func TestPagesInABrowser(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, path)
			ctx, w := browser(t, s)
			for n, address := range kinds(s) {
				lang, dark := []string{"zh-CN", "en"}[n%2], n/2%2 == 1
				for _, lang := range []string{lang, map[string]string{"zh-CN": "en", "en": "zh-CN"}[lang]} {
					checkPage(t, ctx, w, s, address, lang, dark, string(axe))
				}
			}
		})
	}
}

// TestEveryPageInABrowser opens every public page of the shipped plan, in
// Chinese on a phone and in English on a screen: nothing sticks out, nothing is
// complained of, nothing is asked of another host, and every chart is drawn.
// What else there is to check of a page is checked on one of each kind.
func TestEveryPageInABrowser(t *testing.T) {
	s := serve(t, "")
	for _, view := range []struct {
		lang  string
		width int64
	}{{"zh-CN", 360}, {"en", 1280}} {
		t.Run(view.lang, func(t *testing.T) {
			t.Parallel()
			ctx, w := browser(t, s)
			do(t, ctx, window(view.width, 800, false), chromedp.Navigate(s.url+"/?lang="+view.lang))
			for _, address := range addresses(s.pkg) {
				var spill string
				do(t, ctx, chromedp.Navigate(s.url+address), drawn(), chromedp.Evaluate(overflow, &spill))
				if spill != "" {
					t.Errorf("%s at %d px sticks out: %s", address, view.width, spill)
				}
				for _, fault := range w.take() {
					t.Errorf("%s: %s", address, fault)
				}
			}
		})
	}
}

func checkPage(t *testing.T, ctx context.Context, w *watch, s *site, address, lang string, dark bool, axe string) {
	t.Helper()
	sep := "?"
	if strings.Contains(address, "?") {
		sep = "&"
	}
	where := fmt.Sprintf("%s in %s, dark %t", address, lang, dark)
	var spill string
	do(t, ctx, window(360, 800, dark), chromedp.Navigate(s.url+address+sep+"lang="+lang), drawn(), chromedp.Evaluate(overflow, &spill))
	if spill != "" {
		t.Errorf("%s at 360 px sticks out: %s", where, spill)
	}
	do(t, ctx, window(1280, 900, dark), chromedp.Evaluate(overflow, &spill))
	if spill != "" {
		t.Errorf("%s at 1280 px sticks out: %s", where, spill)
	}
	for _, fault := range w.take() {
		if address == "/nothing" && strings.Contains(fault, "404") {
			continue
		}
		t.Errorf("%s: %s", where, fault)
	}
	var found []string
	run := `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => v.id + ": " + v.help + " at " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + n.failureSummary.replace(/\s+/g, " ").slice(0, 160)).join(" | ")))`
	do(t, ctx, chromedp.Evaluate(axe+"; true", nil), chromedp.Evaluate(run, &found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams {
		return p.WithAwaitPromise(true)
	}))
	for _, f := range found {
		t.Errorf("%s: axe: %s", where, f)
	}
	w.take()
}

// drawn waits until every chart of the page has been drawn by its script.
func drawn() chromedp.Action {
	return chromedp.Poll(`[...document.querySelectorAll("[data-chart]")].every(e => e.dataset.drawn !== undefined)`, nil, chromedp.WithPollingTimeout(20*time.Second))
}

// TestChartsDrawThePoints holds the points that the script has drawn against
// the figures of the interface.
func TestChartsDrawThePoints(t *testing.T) {
	s := serve(t, "")
	ctx, w := browser(t, s)
	checked := 0
	for _, i := range s.pkg.Indicators {
		type figure struct {
			period indicators.Period
			basis  indicators.Basis
		}
		figures := map[figure]bool{}
		for _, o := range s.pkg.Observations {
			if o.Subject == i.Code && o.Value.Present() && s.pkg.Areas[0].Code == o.Area {
				figures[figure{o.Period, o.Basis}] = true
			}
		}
		if len(figures) == 0 || i.Measure == indicators.Deliverable {
			continue
		}
		checked++
		var points, raw string
		do(t, ctx, window(1280, 900, false), chromedp.Navigate(s.url+"/indicators/"+string(i.Code)), drawn(),
			chromedp.Evaluate(`document.querySelector("[data-chart]").dataset.drawn`, &points),
			chromedp.Evaluate(`[...document.querySelectorAll("[data-chart] svg text")].map(e => e.textContent).filter(s => /[{}|]/.test(s)).join("; ")`, &raw))
		if raw != "" {
			t.Errorf("%s prints markup of its labels: %s", i.Code, raw)
		}
		if want := fmt.Sprint(len(figures)); points != want {
			t.Errorf("%s drew %s points, its figures are %s", i.Code, points, want)
		}
	}
	if checked == 0 {
		t.Error("no indicator has a figure")
	}
	if f := w.take(); len(f) > 0 {
		t.Errorf("the browser complains: %v", f)
	}
}

func TestWithoutJavaScript(t *testing.T) {
	s := serve(t, "")
	ctx, _ := browser(t, s)
	var width float64
	var href string
	do(t, ctx, emulation.SetScriptExecutionDisabled(true), window(360, 640, false), chromedp.Navigate(s.url+"/indicators/childcare-places-per-1000"))
	do(t, ctx, emulation.SetScriptExecutionDisabled(false),
		chromedp.Evaluate(`Math.max(...[...document.querySelectorAll(".chart-static svg")].map(e => e.getBoundingClientRect().width))`, &width),
		chromedp.Evaluate(`document.querySelector(".tabs a:nth-child(2)").getAttribute("href")`, &href))
	if width < 200 {
		t.Errorf("the server's picture is %v px wide without script", width)
	}
	if rows := s.doc(t, href).Find("table.figures tbody tr").Length(); rows < 3 {
		t.Errorf("the table at %s has %d rows", href, rows)
	}
	var bottom float64
	do(t, ctx, chromedp.Navigate(s.url+"/"), chromedp.Evaluate(`Math.max(...[...document.querySelectorAll(".fraction")].map(e => e.getBoundingClientRect().bottom))`, &bottom))
	if bottom > 640 {
		t.Errorf("the fractions of the front page end at %v px, below the first view of a phone", bottom)
	}
}

// TestScreenshots makes the pictures that people look at before they say that
// a page is done: into the folder that YIMI_SCREENSHOTS names, else two of
// them into a temporary one.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("YIMI_SCREENSHOTS")
	pages := map[string]string{
		"home": "/", "indicator": "/indicators/childcare-places-per-1000", "domain": "/domains/space", "district": "/areas/zhongmu", "list": "/indicators",
		"task": "/tasks/9", "organisation": "/organisations/health-commission", "parks": "/indicators/friendly-parks",
		"status": "/status", "districts": "/indicators/friendly-street-blocks?view=districts", "projects": "/projects", "policies": "/policies", "method": "/method", "areas": "/areas",
	}
	themes := []bool{false, true}
	if dir == "" {
		dir, pages, themes = t.TempDir(), map[string]string{"home": "/"}, themes[:1]
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"", "demo-"} {
		var more []string
		if prefix != "" {
			more = []string{"--demo"}
		}
		if prefix != "" && len(pages) > 1 {
			pages = map[string]string{"home": "/", "status": "/status", "parks": "/indicators/friendly-parks", "districts": "/indicators/friendly-street-blocks?view=districts", "district": "/areas/zhongmu", "organisation": "/organisations/health-commission"}
		}
		s := serve(t, "", more...)
		ctx, _ := browser(t, s)
		for name, address := range pages {
			for _, dark := range themes {
				for _, width := range []int64{360, 1280} {
					theme := map[bool]string{false: "light", true: "dark"}[dark]
					photograph(t, ctx, s, address, filepath.Join(dir, fmt.Sprintf("%s%s-%d-%s.png", prefix, name, width, theme)), width, dark)
				}
			}
		}
	}
}

// photograph takes a picture of a whole page.
func photograph(t *testing.T, ctx context.Context, s *site, address, file string, width int64, dark bool) {
	t.Helper()
	sep := "?"
	if strings.Contains(address, "?") {
		sep = "&"
	}
	do(t, ctx, window(width, 900, dark), chromedp.Navigate(s.url+address+sep+"lang=zh-CN"))
	capture(t, ctx, file)
}

// capture takes a picture of the page that stands in the window.
func capture(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	var shot []byte
	do(t, ctx, drawn(), chromedp.Sleep(300*time.Millisecond), chromedp.ActionFunc(func(ctx context.Context) error {
		var err error
		shot, err = page.CaptureScreenshot().WithCaptureBeyondViewport(true).Do(ctx)
		return err
	}))
	if err := os.WriteFile(file, shot, 0o600); err != nil {
		t.Fatal(err)
	}
	if len(shot) < 10_000 {
		t.Errorf("%s is %d bytes, too few for a page", file, len(shot))
	}
}

// within lists what of a selection does not lie inside the window.
const within = `((selector) => [...document.querySelectorAll(selector)].filter((e) => {
  const r = e.getBoundingClientRect();
  return r.width === 0 || r.height === 0 || r.left < 0 || r.right > innerWidth || r.top < 0 || r.bottom > innerHeight;
}).map((e) => e.textContent.trim()))`

// The first view on a phone answers the front page's question: both fractions
// and both counts of what is not known.
func TestTheFirstViewAnswers(t *testing.T) {
	s := serve(t, "")
	ctx, _ := browser(t, s)
	for _, lang := range []string{"zh-CN", "en"} {
		var shown int
		var out []string
		do(t, ctx, window(360, 640, false), chromedp.Navigate(s.url+"/?lang="+lang),
			chromedp.Evaluate(`document.querySelectorAll(".hero .tally .fraction b").length`, &shown),
			chromedp.Evaluate(within+`(".hero .tally .fraction b")`, &out))
		if want := 2 * len(s.pkg.Plan.Milestones); shown != want || len(out) > 0 {
			t.Errorf("in %s %d of %d numbers are drawn, outside the first view are %v", lang, shown, want, out)
		}
	}
}

// Every district can be read on a phone, in the bars and on the tiles.
func TestDistrictsOnAPhone(t *testing.T) {
	s := start(t, []string{"serve", "--addr", "127.0.0.1:0", "--demo", "--data", t.TempDir()})
	s.pkg = mustPackage(t, "")
	ctx, _ := browser(t, s)
	districts := 0
	for _, a := range s.pkg.Areas {
		if a.Level == indicators.DistrictLevel {
			districts++
		}
	}
	for _, i := range s.pkg.Indicators {
		if i.Scope != indicators.EachDistrict {
			continue
		}
		var links int
		var out []string
		do(t, ctx, window(360, 4000, false), chromedp.Navigate(s.url+"/indicators/"+string(i.Code)+"?view=districts&lang=zh-CN"),
			chromedp.Evaluate(`document.querySelectorAll(".bars a").length`, &links),
			chromedp.Evaluate(within+`(".bars text")`, &out))
		if links != districts || len(out) > 0 {
			t.Errorf("%s: %d of %d bars, cut off are %v", i.Code, links, districts, out)
		}
	}
	var tiles int
	var out []string
	do(t, ctx, window(360, 4000, false), chromedp.Navigate(s.url+"/areas?lang=zh-CN"),
		chromedp.Evaluate(`document.querySelectorAll(".tiles a").length`, &tiles),
		chromedp.Evaluate(within+`(".tiles a text")`, &out))
	if tiles != districts || len(out) > 0 {
		t.Errorf("%d of %d tiles, cut off are %v", tiles, districts, out)
	}
}

// A year is that year wherever the reader sits.
func TestChartsInEveryTimeZone(t *testing.T) {
	s := serve(t, "")
	ctx, _ := browser(t, s)
	var first string
	for _, zone := range []string{"Asia/Shanghai", "Pacific/Kiritimati", "America/Los_Angeles"} {
		var text string
		do(t, ctx, emulation.SetTimezoneOverride(zone), window(1280, 900, false), chromedp.Navigate(s.url+"/indicators/childcare-places-per-1000?lang=zh-CN"), drawn(),
			chromedp.Evaluate(`[...document.querySelectorAll("[data-chart] .chart-live svg text")].map(e => e.textContent).join("|")`, &text))
		if first == "" {
			first = text
		}
		if text != first || !strings.Contains(text, "2022") {
			t.Errorf("in %s the chart says %s, want %s", zone, text, first)
		}
	}
}

// On paper every view of an indicator is printed, by the server's own picture.
func TestPrint(t *testing.T) {
	s := serve(t, "")
	ctx, _ := browser(t, s)
	var shown []string
	do(t, ctx, chromedp.Navigate(s.url+"/indicators/friendly-street-blocks?lang=zh-CN"), drawn(), emulation.SetEmulatedMedia().WithMedia("print"),
		chromedp.Evaluate(`[".chart-static svg", ".figures", ".bars", ".tabs", ".chart-live"].filter(s => [...document.querySelectorAll(s)].some(e => e.getBoundingClientRect().height > 0))`, &shown))
	if want := []string{".chart-static svg", ".figures", ".bars"}; !slices.Equal(shown, want) {
		t.Errorf("printed are %v, want %v", shown, want)
	}
}

// The line at 1 m runs between the title and the numbers, through no word.
func TestTheLineCrossesNoWord(t *testing.T) {
	s := serve(t, "")
	ctx, _ := browser(t, s)
	for _, lang := range []string{"zh-CN", "en"} {
		var crossed []string
		do(t, ctx, window(1280, 900, false), chromedp.Navigate(s.url+"/?lang="+lang), chromedp.Evaluate(`(() => {
  const y = document.querySelector(".hero-line").getBoundingClientRect().top;
  return [...document.querySelectorAll(".hero-main *")].filter((e) => {
    const r = e.getBoundingClientRect();
    return !e.children.length && e.textContent.trim() && r.top - 2 < y && y < r.bottom + 2;
  }).map((e) => e.textContent.trim());
})()`, &crossed))
		if len(crossed) > 0 {
			t.Errorf("in %s the line crosses %v", lang, crossed)
		}
	}
}
