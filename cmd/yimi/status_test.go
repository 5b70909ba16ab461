package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
)

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
