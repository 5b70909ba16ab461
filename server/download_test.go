package server

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/server/words"
)

// A download has every figure of what the page was narrowed to, in its order
// and of its release, whatever the page's address asks for.
func TestADownloadIsTheWholeOfItsPage(t *testing.T) {
	d := mustOpen(t)
	d.approved(2, "3")
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(d.round)), http.StatusSeeOther)
	most := 0
	for _, query := range []string{"", "results=yes", "results=no", "target=2025", "area=each", "area=zhongmu", "q=%E6%89%98", "domain=0", "results=yes&release=1", "release=2", "asof=2024-01-01", "q=zzzzzz"} {
		w := d.do(get, "/indicators?"+query, "", nil)
		d.mustStatus(w, http.StatusOK)
		var shown []string
		d.doc(w).Find("main .row").Each(func(_ int, el *goquery.Selection) {
			href, _, _ := strings.Cut(el.Find(`a[href^="/indicators/"]`).AttrOr("href", ""), "?")
			shown = append(shown, strings.TrimPrefix(href, "/indicators/"))
		})
		release := "2"
		if strings.Contains(query, "release=1") {
			release = "1"
		}
		w = d.do(get, "/indicators.csv?"+query, "", nil)
		d.mustStatus(w, http.StatusOK)
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]int{}
		for n, head := range lines[0] {
			at[head] = n
		}
		for _, column := range []string{"code", "name", "area", "period", "value", "unit", "numerator", "denominator", "source", "release", "as_of"} {
			if _, ok := at[words.Zh.T("column."+column)]; !ok {
				t.Fatalf("?%s: the download has no %s", query, column)
			}
		}
		var taken []string
		for _, line := range lines[1:] {
			if code := line[at[words.Zh.T("column.code")]]; !slices.Contains(taken, code) {
				taken = append(taken, code)
			}
			if line[at[words.Zh.T("column.release")]] != release {
				t.Fatalf("?%s: a row of release %s, want %s", query, line[at[words.Zh.T("column.release")]], release)
			}
		}
		if !slices.Equal(shown, taken) {
			t.Errorf("?%s shows %d indicators, %d are downloaded: %v, %v", query, len(shown), len(taken), shown, taken)
		}
		if name := w.Header().Get("Content-Disposition"); !strings.Contains(name, "-r"+release+"-") {
			t.Errorf("?%s is named %s", query, name)
		}
		w = d.do(get, "/indicators.json?"+query, "", nil)
		d.mustStatus(w, http.StatusOK)
		if !json.Valid(w.Body.Bytes()) || strings.Count(w.Body.String(), `"code"`) < len(shown) {
			t.Errorf("?%s: the JSON has fewer indicators than the page", query)
		}
		most = max(most, len(shown))
	}
	if most < 120 {
		t.Errorf("the longest page has %d indicators, too few to be true", most)
	}
}
