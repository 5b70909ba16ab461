package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
	"yimi/server/words"
)

// judgedRow is what the interface says of one target.
type judgedRow struct {
	Milestone    string       `json:"milestone"`
	Area         string       `json:"area"`
	Status       string       `json:"status"`
	Rule         string       `json:"rule"`
	Earlier      bool         `json:"on_earlier_figure"`
	Attainment   *json.Number `json:"attainment"`
	Value        *json.Number `json:"value"`
	ValuePeriod  string       `json:"value_period"`
	Target       *json.Number `json:"target"`
	Gap          *json.Number `json:"gap"`
	LastValue    *json.Number `json:"last_value"`
	LastPeriod   string       `json:"last_period"`
	RequiredPace *json.Number `json:"required_pace"`
	Pace         *json.Number `json:"pace"`
}

type judgedIndicator struct {
	Code        string      `json:"code"`
	Measure     string      `json:"measure"`
	Assessments []judgedRow `json:"assessments"`
}

// assessments asks the interface for every target on a day.
func (s *site) assessments(t testing.TB, day string) map[string][]judgedRow {
	t.Helper()
	body, _ := s.get(t, "/api/v1/indicators"+asOf(day), http.StatusOK)
	var got struct {
		AsOf       string            `json:"as_of"`
		Indicators []judgedIndicator `json:"indicators"`
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if day != "" && got.AsOf != day {
		t.Fatalf("as of %s, asked for %s", got.AsOf, day)
	}
	out := map[string][]judgedRow{}
	for _, i := range got.Indicators {
		out[i.Code] = i.Assessments
	}
	return out
}

func asOf(day string) string {
	if day == "" {
		return ""
	}
	return "?asof=" + day
}

func number(n *json.Number) string {
	if n == nil {
		return ""
	}
	return n.String()
}

// The published figures alone, on the days of which the plan's readers ask.
func TestPublishedFiguresAreJudged(t *testing.T) {
	s := serve(t, "")
	const inclusive, public, childcare = "affordable-kindergarten-coverage", "public-kindergarten-share", "childcare-places-per-1000"
	for _, c := range []struct {
		day, code, status, gap, pace string
		says, silent                 []string
	}{
		{"2025-06-30", inclusive, "met_early", "0", "", []string{"90.64%", "提前达标"}, nil},
		{"2025-06-30", public, "in_progress", "2.62", "2.62", []string{"47.38%", "还差2.62个百分点", "推进中"}, []string{"按路径应到", "到 2025 年的所需路径"}},
		{"2025-06-30", childcare, "off_track", "3.51", "1.3145463049579045", []string{"2.49", "滞后", "每年还要增加1.31个/千人"}, nil},
		{"2026-11-25", inclusive, "met_early", "", "", []string{"90.64%", "提前达标", "2025年还没有数"}, nil},
		{"2026-11-25", public, "not_reported", "", "", []string{"最近一次47.38%（2024年）", "未报"}, []string{"未达标"}},
		{"2026-11-25", childcare, "not_reported", "", "", []string{"最近一次2.49个/千人（2023年4月）", "未报"}, []string{"未达标"}},
		{"2026-03-01", public, "awaiting", "", "", []string{"待报"}, []string{"未达标", "未报：", "滞后"}},
		{"2026-03-01", childcare, "awaiting", "", "", []string{"待报"}, []string{"未达标", "滞后"}},
		{"2024-01-01", inclusive, "no_data", "", "", nil, []string{"90.64", "2024年6月"}},
		{"2024-01-01", public, "no_data", "", "", nil, []string{"47.38"}},
	} {
		t.Run(c.day+" "+c.code, func(t *testing.T) {
			var found bool
			for _, a := range s.assessments(t, c.day)[c.code] {
				if a.Milestone != "2025" || a.Area != string(s.pkg.Areas[0].Code) {
					continue
				}
				found = true
				if a.Status != c.status || c.gap != "" && number(a.Gap) != c.gap || number(a.RequiredPace) != c.pace {
					t.Errorf("%s, gap %s, required %s, want %s, %s, %s", a.Status, number(a.Gap), number(a.RequiredPace), c.status, c.gap, c.pace)
				}
			}
			if !found {
				t.Error("the interface does not judge it")
			}
			body, _ := s.get(t, "/indicators/"+c.code+asOf(c.day), http.StatusOK)
			for _, want := range c.says {
				if !strings.Contains(body, want) {
					t.Errorf("the page lacks %s", want)
				}
			}
			main := s.doc(t, "/indicators/"+c.code+asOf(c.day)).Find("main").Text()
			for _, bad := range c.silent {
				if strings.Contains(main, bad) {
					t.Errorf("the page says %s", bad)
				}
			}
		})
	}
	for _, day := range []string{"2025-06-30", "2026-11-25"} {
		published := map[string]bool{}
		for _, o := range s.pkg.Observations {
			if o.Kind != indicators.Baseline {
				published[string(o.Subject)] = true
			}
		}
		for code, list := range s.assessments(t, day) {
			for _, a := range list {
				if a.Status == "missed" {
					t.Errorf("on %s %s in %s reads missed; nothing that is published says so", day, code, a.Milestone)
				}
				if published[code] || a.Area != string(s.pkg.Areas[0].Code) {
					continue
				}
				want := []string{"not_reported"}
				if day == "2025-06-30" && a.Milestone == "2025" {
					want = []string{"no_data"}
				}
				// What is computed from published series is published too.
				if i := s.indicator(code); i.NumeratorSeries != "" || i.Measure == indicators.Deliverable {
					want = append(want, "awaiting", "no_data", a.Status)
				}
				if !slices.Contains(want, a.Status) {
					t.Errorf("on %s %s, never published, reads %s in %s", day, code, a.Status, a.Milestone)
				}
			}
		}
	}
}

func (s *site) indicator(code string) *indicators.Indicator {
	for n := range s.pkg.Indicators {
		if string(s.pkg.Indicators[n].Code) == code {
			return &s.pkg.Indicators[n]
		}
	}
	return nil
}

// days on which a plan is read: today, while it runs, and between.
func days(p *indicators.Package) []string {
	m := p.Plan.Milestones
	out := []string{"", fmt.Sprintf("%d-06-30", m[0]), fmt.Sprintf("%d-03-01", m[0]+1)}
	if len(m) > 1 && m[1] < 2026 {
		out = append(out, fmt.Sprintf("%d-06-30", m[1]), fmt.Sprintf("%d-03-01", m[1]+1))
	}
	return out
}

// sites are the plans to hold every view against, the made-up figures too.
func sites(t *testing.T) map[string]*site {
	t.Helper()
	out := map[string]*site{"demo": start(t, []string{"serve", "--addr", "127.0.0.1:0", "--demo", "--data", t.TempDir()})}
	out["demo"].pkg = mustPackage(t, "")
	for name, path := range plans {
		out[name] = serve(t, path)
	}
	return out
}

// One assessment feeds page, chart, table, download and interface.
func TestOneAssessmentFeedsEverything(t *testing.T) {
	for name, s := range sites(t) {
		for _, day := range days(s.pkg) {
			t.Run(name+" "+day, func(t *testing.T) {
				checked := 0
				for code, all := range s.assessments(t, day) {
					checked += s.compare(t, code, day, all)
				}
				if checked < len(s.pkg.Indicators)/2 {
					t.Errorf("%d targets compared, too few to be true", checked)
				}
			})
		}
	}
}

// compare holds the views of one indicator against what the interface says.
func (s *site) compare(t *testing.T, code, day string, all []judgedRow) int {
	t.Helper()
	city := string(s.pkg.Areas[0].Code)
	var want []judgedRow
	for _, a := range all {
		if a.Area == city {
			want = append(want, a)
		}
	}
	doc := s.doc(t, "/indicators/"+code+asOf(day))
	var boxes, whys []string
	doc.Find(".verdict-box .verdict > .mark").Each(func(_ int, el *goquery.Selection) { boxes = append(boxes, statusOf(el)) })
	doc.Find("details.why > summary .mark").Each(func(_ int, el *goquery.Selection) { whys = append(whys, statusOf(el)) })
	var statuses []string
	for _, a := range want {
		statuses = append(statuses, a.Status)
	}
	if !slices.Equal(boxes, statuses) || !slices.Equal(whys, statuses) {
		t.Errorf("%s: the page says %v and explains %v, the interface says %v", code, boxes, whys, statuses)
	}
	for n, a := range want {
		box := doc.Find(".verdict-box").Eq(n)
		rule := strings.Fields(a.Rule)
		if href, _ := doc.Find("details.why").Eq(n).Find("a[href*='/method']").Attr("href"); !strings.HasSuffix(href, "#rule-"+rule[0]+"-"+rule[2]) {
			t.Errorf("%s: the page names the rule %s, the interface %s", code, href, a.Rule)
		}
		if a.Gap != nil && !holds(box.Text(), number(a.Gap)) && number(a.Gap) != "0" {
			t.Errorf("%s: the page does not name the gap %s: %s", code, number(a.Gap), box.Text())
		}
		if a.Value != nil && !a.Earlier && s.indicator(code).Measure != indicators.Deliverable && s.indicator(code).Scope == indicators.City && !holds(box.Text(), number(a.Value)) {
			t.Errorf("%s: the page does not name the value %s: %s", code, number(a.Value), box.Text())
		}
	}
	s.compareDownload(t, code, day, all)
	if len(want) == 0 || s.indicator(code).Measure == indicators.Deliverable {
		return len(want)
	}
	// The chart tells the last dated target, or a standing one at the next milestone.
	drawn := words.Zh.T("status." + statusOf(doc.Find(".verdict-box .verdict > .mark").Last()))
	var said []string
	for _, a := range want {
		said = append(said, words.Zh.T("status."+a.Status))
	}
	text := doc.Find("section.figure > p").Eq(1).Text()
	if text == "" || !slices.ContainsFunc(said, func(w string) bool { return strings.Contains(text, "状态"+w) }) {
		t.Errorf("%s: the chart says %q, the statuses are %v (%s)", code, text, said, drawn)
	}
	picture, _ := s.get(t, "/indicators/"+code+".svg"+asOf(day), http.StatusOK)
	if !strings.Contains(html.UnescapeString(picture), strings.TrimSpace(text)) {
		t.Errorf("%s: the picture's text is not %q", code, text)
	}
	return len(want)
}

func (s *site) compareDownload(t *testing.T, code, day string, all []judgedRow) {
	t.Helper()
	body, _ := s.get(t, "/indicators/"+code+".csv"+asOf(day), http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\xef\xbb\xbf"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for n, head := range rows[0] {
		at[head] = n
	}
	for _, row := range rows[1:] {
		status := row[at["状态"]]
		if status == "" {
			continue
		}
		var area string
		for _, a := range s.pkg.Areas {
			if a.Name == row[at["地区"]] {
				area = string(a.Code)
			}
		}
		if !slices.ContainsFunc(all, func(a judgedRow) bool {
			return a.Area == area && a.Rule == row[at["规则"]] && words.Zh.T("status."+a.Status) == status &&
				number(a.Attainment) == row[at["实现程度(%)"]] && number(a.Gap) == row[at["差距"]]
		}) {
			t.Errorf("%s: the download's row %v is none of the interface's", code, row)
		}
	}
}

var classOfMark = regexp.MustCompile(`mark-([a-z_]+)`)

func statusOf(el *goquery.Selection) string {
	class, _ := el.Attr("class")
	if m := classOfMark.FindStringSubmatch(class); m != nil {
		return m[1]
	}
	return ""
}

var printed = regexp.MustCompile(`[−-]?\d[\d,]*(?:\.\d+)?`)

// holds reports whether a text prints a number, rounded or whole.
func holds(text, n string) bool {
	want, err := strconv.ParseFloat(n, 64)
	if err != nil {
		return false
	}
	for _, p := range printed.FindAllString(text, -1) {
		got, err := strconv.ParseFloat(strings.NewReplacer(",", "", "−", "-").Replace(p), 64)
		if err == nil && math.Abs(math.Abs(got)-math.Abs(want)) <= 0.5*math.Pow(10, -float64(decimals(p)))+1e-9 {
			return true
		}
	}
	return false
}

func decimals(s string) int {
	_, after, _ := strings.Cut(s, ".")
	return len(after)
}
