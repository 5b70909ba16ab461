package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"html"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
	"yimi/seed"
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

// What a day cannot know leaves no trace: a site that never got the later
// figures shows byte for byte what the whole one shows of that day.
func TestNothingLeaksFromLaterDays(t *testing.T) {
	for name, path := range plans {
		pkg := mustPackage(t, path)
		whole := serve(t, path)
		leaked := 0
		for _, day := range days(pkg)[1:] {
			t.Run(name+" "+day, func(t *testing.T) {
				known, later := *pkg, 0
				known.Observations = nil
				for _, o := range pkg.Observations {
					if o.KnownOn(pkg.Plan).Compare(indicators.MustPeriod(day)) <= 0 {
						known.Observations = append(known.Observations, o)
					} else {
						later++
					}
				}
				if later == 0 {
					return // nothing was published later, so nothing could leak
				}
				leaked++
				dir := filepath.Join(t.TempDir(), "known")
				if err := seed.Write(dir, &known); err != nil {
					t.Fatal(err)
				}
				trimmed := serve(t, dir)
				for _, a := range slices.Concat(addresses(pkg), files(pkg), []string{"/status?group=all&show=all", "/status?group=all&show=all&milestone=" + string(indicators.MilestoneOf(pkg.Plan.Milestones[0]))}) {
					sep := "?"
					if strings.Contains(a, "?") {
						sep = "&"
					}
					a += sep + "asof=" + day
					want, _ := trimmed.get(t, a, http.StatusOK)
					got, _ := whole.get(t, a, http.StatusOK)
					if want != got {
						t.Errorf("%s tells of later days:\n%s", a, firstDifference(want, got))
					}
				}
			})
		}
		if leaked < 2 {
			t.Errorf("%s: %d days with later figures, too few to show anything", name, leaked)
		}
	}
}

// files lists downloads and answers of the interface.
func files(p *indicators.Package) []string {
	out := []string{"/indicators.csv", "/indicators.json", "/api/v1/indicators", "/api/v1/assessment"}
	for _, i := range p.Indicators {
		out = append(out, "/indicators/"+string(i.Code)+".csv", "/indicators/"+string(i.Code)+"?view=districts")
		if i.Measure != indicators.Deliverable {
			out = append(out, "/indicators/"+string(i.Code)+".svg")
		}
	}
	for _, a := range p.Areas {
		out = append(out, "/areas/"+string(a.Code)+".csv")
	}
	return out
}

func firstDifference(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	cut := func(s string) string { return s[max(0, n-80):min(len(s), n+160)] }
	return "without: " + cut(a) + "\nwith:    " + cut(b)
}

func TestGroupsAddUp(t *testing.T) {
	type tally struct {
		Key         string         `json:"key"`
		Targets     int            `json:"targets"`
		Counts      map[string]int `json:"counts"`
		Met         int            `json:"met"`
		Monitorable int            `json:"monitorable"`
		Rate        *json.Number   `json:"attainment_rate"`
		Low         *json.Number   `json:"attainment_rate_low"`
		High        *json.Number   `json:"attainment_rate_high"`
	}
	for name, s := range sites(t) {
		t.Run(name, func(t *testing.T) {
			ask := func(by string, year int) []tally {
				body, _ := s.get(t, fmt.Sprintf("/api/v1/assessment?by=%s&milestone=%d", by, year), http.StatusOK)
				var got struct {
					Groups []tally `json:"groups"`
				}
				if err := json.Unmarshal([]byte(body), &got); err != nil {
					t.Fatal(err)
				}
				return got.Groups
			}
			for _, year := range s.pkg.Plan.Milestones {
				plan := ask("plan", year)[0]
				sum := tally{Counts: map[string]int{}}
				for _, by := range indicators.Grouping("").Allowed() {
					for _, g := range ask(by, year) {
						n := 0
						for status, count := range g.Counts {
							n += count
							if by == "domain" {
								sum.Counts[status] += count
							}
						}
						if n != g.Targets {
							t.Errorf("%s %s in %d: counts add up to %d of %d targets", by, g.Key, year, n, g.Targets)
						}
						if (g.Rate == nil) != (g.Monitorable == 0) || g.Targets > 0 && (g.Low == nil || g.High == nil) {
							t.Errorf("%s %s in %d: rate %v of %d, bounds %v to %v", by, g.Key, year, g.Rate, g.Monitorable, g.Low, g.High)
						}
						if by == "domain" {
							sum.Targets, sum.Met, sum.Monitorable = sum.Targets+g.Targets, sum.Met+g.Met, sum.Monitorable+g.Monitorable
						}
					}
				}
				if sum.Targets != plan.Targets || sum.Met != plan.Met || sum.Monitorable != plan.Monitorable || fmt.Sprint(sum.Counts) != fmt.Sprint(plan.Counts) {
					t.Errorf("in %d the domains add up to %+v, the plan has %+v", year, sum, plan)
				}
			}
		})
	}
}

func TestAsOf(t *testing.T) {
	s := serve(t, "")
	for _, bad := range []string{"2999-01-01", "yesterday", "2025", "2025-06", "2025-02-30", "'; DROP TABLE plan", "２０２５－０１－０１"} {
		body, _ := s.get(t, "/?asof="+url.QueryEscape(bad), http.StatusUnprocessableEntity)
		if !strings.Contains(body, `href="/"`) {
			t.Errorf("%s: the refusal leads nowhere", bad)
		}
		s.get(t, "/api/v1/indicators?asof="+url.QueryEscape(bad), http.StatusUnprocessableEntity)
	}
	const day = "2025-06-30"
	for _, a := range addresses(s.pkg)[:14] {
		doc := s.doc(t, a+asOf(day))
		bar := doc.Find(".bar.asof")
		if !strings.Contains(bar.Text(), "2025年6月30日") {
			t.Errorf("%s does not say which day it shows: %q", a, bar.Text())
		}
		if href, _ := bar.Find("a").Attr("href"); href != a {
			t.Errorf("%s leads back to %q", a, href)
		}
		doc.Find("a[href^='/'], form[action]").Each(func(_ int, el *goquery.Selection) {
			href, _ := el.Attr("href")
			if _, ok := el.Attr("action"); ok {
				if v, _ := el.Find("input[name=asof]").Attr("value"); v != day {
					t.Errorf("%s: a form forgets the day", a)
				}
				return
			}
			if el.Closest(".bar").Length() == 0 && href != "/sign-in" && !strings.Contains(href, "asof=") {
				t.Errorf("%s: the link %s forgets the day", a, href)
			}
		})
	}
	if s.doc(t, "/").Find(".bar.asof").Length() > 0 {
		t.Error("today's page says that it is of another day")
	}
	if _, h := s.get(t, "/indicators.csv"+asOf(day), http.StatusOK); !strings.Contains(h.Get("Content-Disposition"), "-asof-"+day) {
		t.Errorf("the download is named %s", h.Get("Content-Disposition"))
	}
}

// Every equation that a page prints comes to the number beside it.
func TestEquationsComeOut(t *testing.T) {
	for name, s := range sites(t) {
		found := 0
		for _, day := range days(s.pkg) {
			check := func(page, equation, value string) {
				found++
				if want := evaluate(t, equation); !comesTo(value, want) {
					t.Errorf("%s %s: %s comes to %g, printed is %s", name, page, equation, want, value)
				}
			}
			s.doc(t, "/method"+asOf(day)).Find(".formulas .equation").Each(func(_ int, el *goquery.Selection) {
				check("/method", el.Text(), el.Parent().Find("b").Text())
			})
			for _, i := range s.pkg.Indicators {
				page := "/indicators/" + string(i.Code) + asOf(day)
				s.doc(t, page).Find(".why .equation").Each(func(_ int, el *goquery.Selection) {
					check(page, el.Text(), el.Parent().Find("b").Text())
				})
			}
		}
		if found < 10 {
			t.Errorf("%s: %d equations, too few to be true", name, found)
		}
	}
}

// evaluate works an equation out in exact numbers.
func evaluate(t *testing.T, equation string) float64 {
	t.Helper()
	plain := strings.NewReplacer("−", "-", "÷", "/", "×", "*", ",", "", "（", "(", "）", ")").Replace(strings.TrimLeft(equation, "= "))
	// A point makes every number a fraction, so that nothing is cut off.
	plain = regexp.MustCompile(`\d+(\.\d+)?`).ReplaceAllStringFunc(plain, func(n string) string {
		if strings.Contains(n, ".") {
			return n
		}
		return n + ".0"
	})
	v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, plain)
	if err != nil {
		t.Fatalf("%s: %v", equation, err)
	}
	f, _ := constant.Float64Val(v.Value)
	return f
}

// comesTo reports whether a printed number is the value, rounded as it is
// printed; a share is printed in per cent, and what is capped at 100.
func comesTo(text string, want float64) bool {
	p := printed.FindString(text)
	got, err := strconv.ParseFloat(strings.NewReplacer(",", "", "−", "-").Replace(p), 64)
	if err != nil {
		return false
	}
	near := func(w float64) bool {
		// Operands are printed to four decimals, which moves a quotient a little.
		return math.Abs(got-w) <= 0.5*math.Pow(10, -float64(decimals(p)))+0.002*math.Abs(w)
	}
	return near(want) || near(math.Abs(want)) || strings.Contains(text, "%") && (near(want*100) || got == 0 && want < 0)
}

// The numbers in the words of the rules are those of the code.
func TestRulesSayTheirNumbers(t *testing.T) {
	limits := indicators.RuleLimits()
	s := serve(t, "")
	for _, lang := range words.Langs() {
		body, _ := s.get(t, "/method", http.StatusOK, "Accept-Language", string(lang))
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for rule, want := range map[string][]string{
			"open-pace_on_track": {limits.OnTrack.String()}, "open-pace_at_risk": {limits.AtRisk.String(), limits.OnTrack.String()},
			"open-pace_off_track": {limits.AtRisk.String()}, "open-pace_too_old": {limits.AtRisk.String(), strconv.Itoa(limits.FreshMonths)},
			"open-standing_held_long_ago": {strconv.Itoa(limits.FreshMonths)},
		} {
			row := doc.Find("#rule-" + rule)
			if row.Length() != 1 {
				t.Errorf("%s: the rule %s is not told", lang, rule)
				continue
			}
			numbers := printed.FindAllString(row.Find("td").Eq(1).Text(), -1)
			for _, w := range want {
				if !slices.Contains(numbers, w) {
					t.Errorf("%s: the rule %s does not say %s: %v", lang, rule, w, numbers)
				}
			}
			if len(numbers) != len(want) {
				t.Errorf("%s: the rule %s says %v, its numbers are %v", lang, rule, numbers, want)
			}
		}
		for _, rule := range indicators.StatusRules() {
			row := doc.Find("#rule-" + string(rule.Table) + "-" + rule.Name)
			if row.Length() != 1 || row.Find("td").First().Text() != strconv.Itoa(rule.Number) || statusOf(row.Find("td").Eq(2).Find(".mark")) != string(rule.Status) {
				t.Errorf("%s: the rule %s is told as %q", lang, rule, row.Text())
			}
		}
	}
}

func TestStatusPage(t *testing.T) {
	for name, s := range sites(t) {
		t.Run(name, func(t *testing.T) {
			for _, year := range s.pkg.Plan.Milestones {
				path := fmt.Sprintf("/status?milestone=%d", year)
				doc := s.doc(t, path)
				cells := 0
				doc.Find(".matrix tbody td a").Each(func(_ int, el *goquery.Selection) {
					cells++
					href, _ := el.Attr("href")
					spoken, _ := el.Attr("aria-label")
					if cells%7 != 1 {
						return
					}
					address, _, _ := strings.Cut(href, "#")
					if n := s.doc(t, address+"&show=all").Find(".status-list > li.rail").Length(); strconv.Itoa(n) != el.Text() || !strings.Contains(spoken, el.Text()) {
						t.Errorf("%s: a cell says %s (%s), its list has %d", path, el.Text(), spoken, n)
					}
				})
				total := 0
				doc.Find(".matrix tfoot td").Each(func(_ int, el *goquery.Selection) {
					if n, err := strconv.Atoi(el.Text()); err == nil {
						total += n
					}
				})
				if n := s.doc(t, path+"&group=all&show=all").Find(".status-list > li.rail").Length(); n != total || cells == 0 {
					t.Errorf("%s: the last row adds up to %d, the whole list has %d", path, total, n)
				}
				sorted := s.doc(t, path+"&by=not_reported")
				if head := sorted.Find(".matrix th[aria-sort=descending]"); head.Length() != 1 || !strings.Contains(head.Text(), "未报") {
					t.Errorf("%s: sorted by what is not reported, the head is %q", path, head.Text())
				}
			}
			s.get(t, "/status?milestone=1999", http.StatusUnprocessableEntity)
			s.get(t, "/api/v1/assessment?by=colour", http.StatusUnprocessableEntity)
		})
	}
}

func TestStatusWithoutColour(t *testing.T) {
	svg, err := os.ReadFile(filepath.Join("..", "..", "static", "img", "status.svg"))
	if err != nil {
		t.Fatal(err)
	}
	shapes := map[string]string{}
	for _, s := range indicators.Statuses() {
		m := regexp.MustCompile(`(?s)<symbol[^>]*id="` + string(s) + `"[^>]*>(.*?)</symbol>`).FindStringSubmatch(string(svg))
		if m == nil {
			t.Errorf("%s has no shape", s)
			continue
		}
		if other, taken := shapes[m[1]]; taken {
			t.Errorf("%s and %s have one shape", s, other)
		}
		shapes[m[1]] = string(s)
	}
}
