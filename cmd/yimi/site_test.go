package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
	"yimi/seed"
	"yimi/server/words"
)

// output is what a program under test prints, safe to read while it runs.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// site is the whole program running on a port of its own.
type site struct {
	url  string
	pkg  *indicators.Package
	out  *output
	stop func() int
}

func noEnv(string) string { return "" }

// plans are the packages that every page is tested on.
var plans = map[string]string{"shipped": "", "another city": filepath.Join("..", "..", "seed", "testdata", "yunxi-2023")}

// mustPackage reads a package; an empty path is the shipped one.
func mustPackage(t testing.TB, path string) *indicators.Package {
	t.Helper()
	fsys := seed.Shipped()
	if path != "" {
		fsys = os.DirFS(path)
	}
	pkg, err := seed.Read(fsys)
	if err != nil {
		t.Fatalf("Read(%q): %v", path, err)
	}
	return pkg
}

// serve starts the program on a plan.
func serve(t testing.TB, path string, more ...string) *site {
	t.Helper()
	data := t.TempDir()
	if path != "" {
		var out output
		if code := run(t.Context(), []string{"load", "--data", data, path}, &out, &out, noEnv); code != exitDone {
			t.Fatalf("load %s = %d: %s", path, code, out.String())
		}
	}
	s := start(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--data", data}, more...))
	s.pkg = mustPackage(t, path)
	return s
}

func start(t testing.TB, args []string) *site {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	s := &site{out: &output{}}
	done := make(chan int, 1)
	go func() { done <- run(ctx, args, s.out, io.Discard, noEnv) }()
	var once sync.Once
	code := -1
	s.stop = func() int {
		once.Do(func() { cancel(); code = <-done })
		return code
	}
	t.Cleanup(func() { s.stop() })
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if _, rest, ok := strings.Cut(s.out.String(), "http://"); ok {
			s.url = "http://" + strings.Fields(rest)[0]
			return s
		}
		select {
		case c := <-done:
			t.Fatalf("yimi %v ended with %d: %s", args, c, s.out.String())
		default:
		}
	}
	t.Fatalf("yimi %v did not get ready: %s", args, s.out.String())
	return nil
}

// get fetches a page and expects a status.
func (s *site) get(t testing.TB, path string, want int, headers ...string) (string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n+1 < len(headers); n += 2 {
		req.Header.Set(headers[n], headers[n+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		t.Fatal(err, cerr)
	}
	if res.StatusCode != want {
		t.Fatalf("GET %s = %d, want %d", path, res.StatusCode, want)
	}
	return string(body), res.Header
}

func (s *site) doc(t testing.TB, path string) *goquery.Document {
	t.Helper()
	body, _ := s.get(t, path, http.StatusOK)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// addresses lists every public page of a plan.
func addresses(p *indicators.Package) []string {
	out := []string{"/", "/indicators", "/tasks", "/organisations", "/areas", "/projects", "/policies", "/method", "/status", "/domains/0"}
	for _, x := range p.Domains {
		out = append(out, "/domains/"+string(x.Code))
	}
	for _, x := range p.Indicators {
		out = append(out, "/indicators/"+string(x.Code), "/indicators/"+string(x.Code)+"?view=table")
	}
	for _, x := range p.Tasks {
		out = append(out, "/tasks/"+string(x.Number))
	}
	for _, x := range p.Organisations {
		out = append(out, "/organisations/"+string(x.Code))
	}
	for _, x := range p.Areas {
		out = append(out, "/areas/"+string(x.Code))
	}
	return out
}

func TestEveryPageOpens(t *testing.T) {
	for name, path := range plans {
		t.Run(name, func(t *testing.T) {
			s := serve(t, path)
			for _, a := range addresses(s.pkg) {
				for _, lang := range []string{"zh-CN", "en"} {
					body, h := s.get(t, a, http.StatusOK, "Accept-Language", lang)
					if !strings.Contains(body, `<html lang="`+lang+`"`) {
						t.Errorf("%s in %s is not in that language", a, lang)
					}
					if i := strings.Index(body, "["); i >= 0 && strings.Contains(body, "[error.") {
						t.Errorf("%s shows a missing message", a)
					}
					for _, bad := range []string{"%!", "&lt;nil&gt;", "ZgotmplZ", "style=\"", "onclick"} {
						if strings.Contains(body, bad) {
							t.Errorf("%s in %s prints %s", a, lang, bad)
						}
					}
					if csp := h.Get("Content-Security-Policy"); csp == "" || strings.Contains(csp, "unsafe") {
						t.Errorf("%s has the policy %q", a, csp)
					}
				}
			}
			checkLinks(t, s)
		})
	}
}

// checkLinks follows every link of every page once.
func checkLinks(t *testing.T, s *site) {
	t.Helper()
	seen := map[string]bool{}
	for _, a := range addresses(s.pkg) {
		s.doc(t, a).Find("a[href], link[href], script[src]").Each(func(_ int, el *goquery.Selection) {
			href, _ := el.Attr("href")
			if src, ok := el.Attr("src"); ok {
				href = src
			}
			href, _, _ = strings.Cut(href, "#")
			if !strings.HasPrefix(href, "/") || seen[href] || strings.Contains(href, "lang=") || strings.Contains(href, "theme=") || strings.Contains(href, "size=") {
				return
			}
			seen[href] = true
			s.get(t, href, http.StatusOK)
		})
	}
	if len(seen) < 50 {
		t.Errorf("followed %d links, too few to be true", len(seen))
	}
}

func TestHeadlines(t *testing.T) {
	s := serve(t, "")
	for code, wants := range map[string][]string{
		"childcare-places-per-1000": {"6", "2025", "1.36", "2020", "2.49", "2023-04", "17,120", "12,617,000", "郑州市儿童友好城市建设方案", "郑州入选首批全国婴幼儿照护服务示范城市"},
		"friendly-parks":            {"5", "20", "2022", "2025"},
		"friendly-libraries":        {"16", "50"},
		"child-adapted-toilets":     {"100", "2025"},
	} {
		text := s.doc(t, "/indicators/"+code).Find("main").Text()
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("/indicators/%s does not show %s", code, want)
			}
		}
	}
}

// A year reads as not reported once, and never beside a figure for all of it.
func TestTableSaysUnreportedOnlyWhereNothingIsKnown(t *testing.T) {
	paths := 0
	for name, path := range plans {
		s := serve(t, path)
		for _, i := range s.pkg.Indicators {
			seen := map[string]string{}
			s.doc(t, "/indicators/"+string(i.Code)+"?view=table").Find("#figures tbody tr").Each(func(_ int, row *goquery.Selection) {
				period, kind := row.Find("th").Text(), row.Find("td").First().Text()
				if kind == words.Zh.T("row.path") {
					paths++
					if row.HasClass("missing") || strings.TrimSpace(row.Find("td.num").Text()) == "" {
						t.Errorf("%s: %s: the path of %s asks for nothing", name, i.Code, period)
					}
					return
				}
				if row.HasClass("missing") || kind == words.Zh.T("row.baseline") || kind == words.Zh.T("row.result") {
					if was, ok := seen[period]; ok && (row.HasClass("missing") || was == "") {
						t.Errorf("%s: %s: %s reads as not reported beside %q", name, i.Code, period, was+kind)
					}
					seen[period] = kind
				}
			})
		}
	}
	if paths == 0 {
		t.Error("no table tells a required path")
	}
}

func TestSearch(t *testing.T) {
	s := serve(t, "")
	for query, want := range map[string]string{
		"托位": "/indicators/childcare-places-per-1000", "tws": "/indicators/childcare-places-per-1000",
		"childcare places": "/indicators/childcare-places-per-1000", "ＴＷＳ": "/indicators/childcare-places-per-1000",
		"中牟": "/areas/zhongmu", "zmx": "/areas/zhongmu", "图书馆": "/indicators/friendly-libraries",
	} {
		doc := s.doc(t, "/indicators?q="+strings.ReplaceAll(query, " ", "+"))
		if doc.Find(`main a[href="`+want+`"]`).Length() == 0 {
			t.Errorf("searching %q does not find %s", query, want)
		}
	}
	if n := s.doc(t, "/indicators?q=zzzzzz").Find(".row").Length(); n != 0 {
		t.Errorf("nonsense finds %d indicators", n)
	}
}

func TestFilters(t *testing.T) {
	s := serve(t, "")
	all := s.doc(t, "/indicators").Find(".row").Length()
	if all != len(s.pkg.Indicators) {
		t.Errorf("the list has %d rows, want %d", all, len(s.pkg.Indicators))
	}
	yes, no := s.doc(t, "/indicators?results=yes").Find(".row").Length(), s.doc(t, "/indicators?results=no").Find(".row").Length()
	if yes == 0 || no == 0 || yes+no != all {
		t.Errorf("%d with and %d without a result are not %d", yes, no, all)
	}
	sum := s.doc(t, "/indicators?domain=0").Find(".row").Length()
	for _, d := range s.pkg.Domains {
		sum += s.doc(t, "/indicators?domain="+string(d.Code)).Find(".row").Length()
	}
	if sum != all {
		t.Errorf("the domains have %d indicators, want %d", sum, all)
	}
	for _, m := range s.pkg.Plan.Milestones {
		if n := s.doc(t, fmt.Sprintf("/indicators?target=%d", m)).Find(".row").Length(); n == 0 || n == all {
			t.Errorf("%d of %d have a target in %d", n, all, m)
		}
	}
	each := s.doc(t, "/indicators?area=each").Find(".row").Length()
	if city := s.doc(t, "/indicators?area=city").Find(".row").Length(); each == 0 || city+each != all {
		t.Errorf("%d of the city and %d of each are not %d", city, each, all)
	}
	var own int
	for _, i := range s.pkg.Indicators {
		if i.Scope == indicators.EachDistrict {
			own++
		}
	}
	district := s.pkg.Areas[len(s.pkg.Areas)-1]
	if n := s.doc(t, "/indicators?area="+string(district.Code)).Find(".row").Length(); n < own || n >= all {
		t.Errorf("%s has %d indicators, %d targets hold in each district", district.Code, n, own)
	}
	if body, _ := s.get(t, "/indicators.csv?area="+string(district.Code), http.StatusOK); !strings.Contains(body, district.Name) || strings.Contains(body, s.pkg.Areas[0].Name+",") {
		t.Errorf("the download of %s is of another area", district.Code)
	}
	s.get(t, "/indicators?area=nowhere", http.StatusNotFound)
	body, _ := s.get(t, "/indicators.csv?results=yes", http.StatusOK)
	if rows := strings.Count(body, "\r\n"); rows <= yes {
		t.Errorf("the download of %d indicators has %d lines", yes, rows)
	}
}

func TestErrors(t *testing.T) {
	s := serve(t, "")
	for _, path := range []string{"/nothing", "/indicators/nothing", "/tasks/999", "/areas/nowhere", "/organisations/x", "/domains/x", "/indicators/friendly-parks.exe", "/static/css/app.css"} {
		s.get(t, path, http.StatusNotFound)
	}
	body, _ := s.get(t, "/indicators/friendly-park", http.StatusNotFound)
	if !strings.Contains(body, "/indicators/friendly-parks") {
		t.Error("the page for an unknown indicator does not suggest the nearest")
	}
	body, h := s.get(t, "/api/v1/indicators/nothing", http.StatusNotFound)
	if !strings.HasPrefix(h.Get("Content-Type"), "application/json") || !strings.Contains(body, "not_found") {
		t.Errorf("the interface answers an unknown code with %s: %s", h.Get("Content-Type"), body)
	}
}

func TestAPI(t *testing.T) {
	s := serve(t, "")
	body, _ := s.get(t, "/api/v1/indicators", http.StatusOK)
	var got struct {
		Release    int    `json:"release"`
		AsOf       string `json:"as_of"`
		Indicators []struct {
			Code     string `json:"code"`
			Baseline *struct {
				Period string      `json:"period"`
				Value  json.Number `json:"value"`
			} `json:"baseline"`
			Targets []struct {
				Milestone string       `json:"milestone"`
				Value     *json.Number `json:"value"`
				Basis     string       `json:"basis"`
			} `json:"targets"`
			Results []struct {
				Period string       `json:"period"`
				Value  *json.Number `json:"value"`
			} `json:"results"`
		} `json:"indicators"`
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if got.Release != 1 || len(got.AsOf) != 10 || len(got.Indicators) != len(s.pkg.Indicators) {
		t.Errorf("release %d as of %s with %d indicators", got.Release, got.AsOf, len(got.Indicators))
	}
	for _, i := range got.Indicators {
		if i.Code == "childcare-places-per-1000" {
			if i.Baseline == nil || i.Baseline.Value != "1.36" || len(i.Targets) != 1 || *i.Targets[0].Value != "6" || len(i.Results) == 0 {
				t.Errorf("childcare places are %+v", i)
			}
		}
	}
	one, _ := s.get(t, "/api/v1/indicators/friendly-parks", http.StatusOK)
	if strings.Count(one, `"code":`) != 1 {
		t.Errorf("one indicator is answered as %s", one)
	}
}

func TestDownloads(t *testing.T) {
	s := serve(t, "")
	for _, path := range []string{"/indicators", "/indicators/friendly-parks", "/areas/zhongmu", "/domains/space", "/tasks/9", "/organisations/health-commission"} {
		body, h := s.get(t, path+".csv", http.StatusOK)
		if strings.Count(body, "\xef\xbb\xbf") != 1 || !strings.HasPrefix(body, "\xef\xbb\xbf编码,") {
			t.Errorf("%s.csv begins %q", path, body[:20])
		}
		if d := h.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment; ") || !strings.Contains(d, "-r1-") {
			t.Errorf("%s.csv is named %s", path, d)
		}
		if body, _ := s.get(t, path+".xlsx", http.StatusOK); !strings.HasPrefix(body, "PK") {
			t.Errorf("%s.xlsx is no workbook", path)
		}
		body, _ = s.get(t, path+".json", http.StatusOK)
		if !json.Valid([]byte(body)) {
			t.Errorf("%s.json is not JSON", path)
		}
	}
	body, h := s.get(t, "/indicators/childcare-places-per-1000.svg", http.StatusOK)
	for _, want := range []string{"<svg", "每千人口托位数", "Noto Sans CJK SC", "2.49"} {
		if !strings.Contains(body, want) {
			t.Errorf("the picture lacks %s", want)
		}
	}
	if !strings.HasPrefix(h.Get("Content-Type"), "image/svg+xml") {
		t.Errorf("the picture is sent as %s", h.Get("Content-Type"))
	}
}

func TestDemoSaysSoEverywhere(t *testing.T) {
	s := start(t, []string{"serve", "--addr", "127.0.0.1:0", "--demo", "--data", t.TempDir()})
	for _, path := range []string{"/", "/indicators", "/indicators/friendly-libraries", "/areas/zhongmu", "/indicators/friendly-libraries.svg"} {
		if body, _ := s.get(t, path, http.StatusOK); !strings.Contains(body, "演示") {
			t.Errorf("%s does not say that its figures are made up", path)
		}
	}
	if body, _ := s.get(t, "/api/v1/indicators/friendly-libraries", http.StatusOK); !strings.Contains(body, `"demo":true`) {
		t.Error("the interface does not say that its figures are made up")
	}
	if body, _ := s.get(t, "/indicators/friendly-libraries.csv", http.StatusOK); !strings.Contains(body, "演示") {
		t.Error("the download does not say that its figures are made up")
	}
	if body, _ := serve(t, "").get(t, "/indicators.csv", http.StatusOK); strings.Contains(body, "演示") {
		t.Error("made-up figures are shown without --demo")
	}
}

func TestPreferences(t *testing.T) {
	s := serve(t, "")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	fetch := func(path string) string {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if cerr := res.Body.Close(); err != nil || cerr != nil {
			t.Fatal(err, cerr)
		}
		return string(body)
	}
	fetch("/?lang=en&theme=dark&size=large")
	body := fetch("/tasks")
	for _, want := range []string{`lang="en"`, `data-theme="dark"`, `data-size="large"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the choice %s is forgotten", want)
		}
	}
}

func TestConditional(t *testing.T) {
	s := serve(t, "")
	_, h := s.get(t, "/indicators/friendly-parks", http.StatusOK)
	tag := h.Get("ETag")
	for range 20 {
		if _, again := s.get(t, "/indicators/friendly-parks", http.StatusOK); again.Get("ETag") != tag {
			t.Fatal("the same page is sent in other bytes")
		}
	}
	if tag == "" || !strings.Contains(h.Get("Vary"), "Accept-Language") {
		t.Fatalf("ETag %q, Vary %q", tag, h.Get("Vary"))
	}
	_, h = s.get(t, "/indicators/friendly-parks", http.StatusNotModified, "If-None-Match", tag)
	if !strings.Contains(h.Get("Vary"), "Cookie") {
		t.Error("304 does not say what it varies by")
	}
}
