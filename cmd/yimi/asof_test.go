package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
	"yimi/seed"
)

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
