package main

import (
	"encoding/csv"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"

	"yimi/indicators"
	"yimi/server/words"
)

// column is where a file of a table has a column.
func column(t *testing.T, head []string, name string) int {
	t.Helper()
	at := slices.Index(head, words.Zh.T("column."+name))
	if at < 0 {
		t.Fatalf("no column %s in %q", name, head)
	}
	return at
}

// projectedLines are the projected years of an indicator as its table and its
// file say them.
func projectedLines(t *testing.T, s *site, code, query string) (page, file []string) {
	t.Helper()
	s.doc(t, "/indicators/"+code+"?view=table"+strings.Replace(query, "?", "&", 1)).Find("#figures tbody tr").Each(func(_ int, row *goquery.Selection) {
		if row.Find("td").First().Text() == words.Zh.T("row.projection") {
			page = append(page, row.Find("th").Text()+" "+row.Find("td.num").Text())
		}
	})
	body, _ := s.get(t, "/indicators/"+code+".csv"+query, http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head := rows[0]
	for _, row := range rows[1:] {
		if row[column(t, head, "area")] != s.pkg.Areas[0].Name {
			continue // the page's table is the city's
		}
		if row[column(t, head, "row")] == words.Zh.T("row.projection") {
			value := words.Zh.T("value.projected", row[column(t, head, "value")], row[column(t, head, "low")], row[column(t, head, "high")])
			file = append(file, row[column(t, head, "period")]+" "+value)
		} else if row[column(t, head, "low")]+row[column(t, head, "high")] != "" {
			t.Errorf("%s: a range where nothing is projected: %q", code, row)
		}
	}
	return page, file
}

// A projection appears on the day on which the third yearly value is
// published, in every view at once, and on no day before.
func TestProjectionFromTheThirdValueOn(t *testing.T) {
	s := serve(t, filepath.Join("..", "..", "seed", "testdata", "yunxi-2023"))
	const code = "cycle-ways"
	name := words.Zh.T("chart.projection")
	var days []indicators.Period
	for _, o := range s.pkg.Observations {
		if string(o.Subject) == code && o.Area == s.pkg.Areas[0].Code && o.Period.IsYear() {
			days = append(days, o.Published)
		}
	}
	slices.SortFunc(days, indicators.Period.Compare)
	if len(days) < 4 {
		t.Fatalf("%d yearly values of %s, want more than three", len(days), code)
	}
	third := days[2].Time()
	for _, c := range []struct {
		day  string
		want []string
	}{
		{third.AddDate(0, 0, -1).Format("2006-01-02"), nil},
		{third.Format("2006-01-02"), []string{
			"2025 130.8（127.2～137.9）", "2026 143.3（136.2～157.6）", "2027 155.9（145.2～177.3）", "2028 168.5（154.2～197.0）",
			"2029 181.0（163.2～216.7）", "2030 193.6（172.2～236.4）",
		}},
	} {
		page, file := projectedLines(t, s, code, "?asof="+c.day)
		if !slices.Equal(page, c.want) || !slices.Equal(file, c.want) {
			t.Errorf("as of %s: the page projects %q, the file %q, want %q", c.day, page, file, c.want)
		}
		doc := s.doc(t, "/indicators/"+code+"?asof="+c.day)
		picture, err := doc.Find(".chart-static").Html()
		if err != nil {
			t.Fatal(err)
		}
		option, text := doc.Find(".chart-option").Text(), doc.Find("section.figure").Text()
		printed, _ := s.get(t, "/indicators/"+code+".svg?asof="+c.day, http.StatusOK)
		for view, shown := range map[string]string{"picture": picture, "option": option, "printed picture": printed} {
			if strings.Contains(shown, name) != (c.want != nil) {
				t.Errorf("as of %s: the %s names a projection: %v", c.day, view, c.want == nil)
			}
		}
		if strings.Contains(text, "推算到") != (c.want != nil) {
			t.Errorf("as of %s: the sentence is %q", c.day, text)
		}
		if n := strings.Count(picture, `stroke-dasharray="6 4"`); n != 2 && c.want != nil || n != 0 && c.want == nil {
			t.Errorf("as of %s: %d dashed lines in the two sizes", c.day, n)
		}
	}
}

// Every projected year of a page stands in its file, and the drawn points are
// the figures, without the projected ones.
func TestProjectionIsNoResult(t *testing.T) {
	s := serve(t, "", "--demo")
	const day = "?asof=2025-06-30"
	var shown []indicators.Indicator
	for _, i := range s.pkg.Indicators {
		page, file := projectedLines(t, s, string(i.Code), day)
		if len(page) != len(file) {
			t.Errorf("%s: the page projects %q, the file %q", i.Code, page, file)
		}
		if len(page) > 0 {
			shown = append(shown, i)
		}
	}
	if len(shown) < 10 {
		t.Fatalf("%d indicators are projected, too few to be true", len(shown))
	}
	ctx, w := browser(t, s)
	for _, i := range shown[:5] {
		var points, named string
		do(t, ctx, window(1280, 900, false), chromedp.Navigate(s.url+"/indicators/"+string(i.Code)+day+"&lang=zh-CN"), drawn(),
			chromedp.Evaluate(`document.querySelector("[data-chart]").dataset.drawn`, &points),
			chromedp.Evaluate(`document.querySelector(".chart-live").textContent`, &named))
		figures := s.doc(t, "/indicators/"+string(i.Code)+day+"&view=table").Find("#figures tbody tr").FilterFunction(func(_ int, row *goquery.Selection) bool {
			kind := row.Find("td").First().Text()
			return kind == words.Zh.T("row.baseline") || kind == words.Zh.T("row.result")
		}).Length()
		if points != strconv.Itoa(figures) || !strings.Contains(named, words.Zh.T("chart.projection")) {
			t.Errorf("%s: %s points drawn of %d figures, words %q", i.Code, points, figures, named)
		}
	}
	if f := w.take(); len(f) > 0 {
		t.Errorf("the browser complains: %v", f)
	}
}
