package server

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"yimi/indicators"
)

// publicPages are the addresses of the site's public pages and files, of each
// kind the first of the library.
func (d *desk) publicPages(figure indicators.Code) []string {
	l := d.l
	out := []string{
		"/", "/domains/0", "/domains/" + string(l.Domains[0].Code), "/indicators", "/indicators?results=yes", "/indicators.csv", "/indicators.json",
		"/tasks", "/tasks/" + string(l.Tasks[0].Number), "/organisations", "/areas", "/projects", "/policies", "/status", "/status?group=silent", "/method",
		"/releases", "/releases/1", "/api/v1/indicators", "/api/v1/assessment", "/?asof=2026-02-01", "/?lang=en",
		"/indicators/" + string(figure) + ".svg", "/indicators/" + string(figure) + ".csv", "/api/v1/indicators/" + string(figure),
	}
	for _, o := range l.Organisations {
		out = append(out, "/organisations/"+string(o.Code))
	}
	for _, a := range l.Districts() {
		out = append(out, "/areas/"+string(a.Code))
	}
	for _, view := range views {
		out = append(out, "/indicators/"+string(figure)+"?view="+view)
	}
	for n := range l.Indicators {
		out = append(out, "/indicators/"+string(l.Indicators[n].Code))
	}
	return out
}

// ahead is the address of a page in a preview.
func ahead(path string, round int) string {
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	return fmt.Sprintf("%s%spreview=%d", path, sign, round)
}

// What only a preview has: its bar, and itself in every address.
var previewMarks = []*regexp.Regexp{
	regexp.MustCompile(`(?s)\n<aside class="bar preview".*?</aside>`),
	regexp.MustCompile(`<input type="hidden" name="preview" value="\d+">`),
	regexp.MustCompile(`(&amp;|&)preview=\d+`),
}

// officeOnly is what the public never reads.
var officeOnly = regexp.MustCompile(`<p class="figure-acts">.*?</p>`)

var (
	first = regexp.MustCompile(`\?preview=\d+(&amp;|&)`)
	alone = regexp.MustCompile(`\?preview=\d+`)
)

func unmarked(body string) string {
	for _, m := range previewMarks {
		body = m.ReplaceAllString(body, "")
	}
	return alone.ReplaceAllString(first.ReplaceAllString(body, "?"), "")
}

// Every public page in the preview is the page that the public reads after
// publishing, byte for byte but for what a preview has.
func TestPreviewIsWhatComes(t *testing.T) {
	d := mustOpen(t)
	sent := d.approved(3, "3")
	for n, round := range []int{1, 0} {
		if round == 0 {
			if _, err := d.store.PrepareUndo(context.Background(), d.head.Actor(""), d.clock(), 2, "counted twice"); err != nil {
				t.Fatal(err)
			}
		}
		pages := d.publicPages(sent[0].Indicator)
		foreseen, stood := map[string]string{}, map[string]string{}
		for _, path := range pages {
			w := d.do(get, ahead(path, round), d.office, nil)
			d.mustStatus(w, http.StatusOK)
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Fatalf("%s may be kept", path)
			}
			foreseen[path] = w.Body.String()
			if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && !strings.Contains(foreseen[path], "bar preview") {
				t.Errorf("%s does not say that it is a preview", path)
			}
			stood[path] = officeOnly.ReplaceAllString(d.do(get, path, d.office, nil).Body.String(), "")
		}
		form := d.previewForm(round)
		d.mustStatus(d.do(post, "/releases/preview", d.office, form), http.StatusSeeOther)
		changed := 0
		for _, path := range pages {
			want := officeOnly.ReplaceAllString(d.do(get, path, d.office, nil).Body.String(), "")
			got := unmarked(foreseen[path])
			if path == "/releases" {
				want = withoutNote(want, form.Get("note"))
			}
			if got != want {
				t.Errorf("%s in the preview of release %d is not what is published:\n%s", path, n+2, differing(got, want))
			}
			if stood[path] != want {
				changed++
			}
		}
		if changed < 3 {
			t.Errorf("release %d changed %d pages", n+2, changed)
		}
	}
}

// withoutNote takes away what is written when it is published.
func withoutNote(body, note string) string {
	return strings.Replace(body, "<p>"+note+"</p>", "", 1)
}

// differing is where two texts part.
func differing(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	part := func(s string) string { return s[max(0, n-60):min(len(s), n+200)] }
	return fmt.Sprintf("preview: %s\npublic:  %s", part(a), part(b))
}

func TestPreviewIsForWhoPublishes(t *testing.T) {
	d := mustOpen(t)
	d.mustStatus(d.do(get, "/?preview=1", d.office, nil), http.StatusUnprocessableEntity)
	sent := d.approved(1, "3")
	person := d.mustPerson("reader", indicators.Grant{Role: indicators.Auditor})
	reader := d.mustSession(person.Name)
	for _, path := range []string{"/?preview=1", "/?preview=9", "/?preview=x", "/indicators.json?preview=1", "/api/v1/assessment?preview=1", "/indicators/nothing?preview=1"} {
		for secret, want := range map[string]int{"": http.StatusUnauthorized, reader: http.StatusForbidden} {
			w := d.do(get, path, secret, nil)
			if w.Code != want || w.Header().Get("Cache-Control") != "no-store" || strings.Contains(w.Body.String(), "bar preview") {
				t.Errorf("%s = %d (%s), want %d", path, w.Code, w.Header().Get("Cache-Control"), want)
			}
		}
	}
	for _, path := range []string{"/?preview=9", "/?preview=x", "/?preview=-1", "/indicators/nothing?preview=1"} {
		d.mustStatus(d.do(get, path, d.office, nil), http.StatusNotFound)
	}
	d.mustStatus(d.do(get, "/?preview=0", d.office, nil), http.StatusUnprocessableEntity)
	doc := d.doc(d.do(get, "/?preview=1", d.office, nil))
	if doc.Find(`.bar.preview a[href="/releases/preview?round=1"]`).Length() != 1 || doc.Find(`.bar.preview a[href="/"]`).Length() != 1 {
		t.Errorf("the bar reads %q", doc.Find(".bar.preview").Text())
	}
	if w := d.do(get, "/releases/2?preview=1", d.office, nil); w.Header().Get("Location") != "/releases/preview?round=1" {
		t.Errorf("the release in the preview leads to %q", w.Header().Get("Location"))
	}
	// One more approval, and the pages are of that.
	page := "/indicators/" + string(sent[0].Indicator) + "?preview=1"
	before := d.do(get, "/status?preview=1", d.office, nil).Body.String()
	d.approved(1, "5")
	if d.do(get, "/status?preview=1", d.office, nil).Body.String() == before {
		t.Error("a preview does not follow an approval")
	}
	d.mustStatus(d.do(get, page, d.office, nil), http.StatusOK)
	if w := d.do(get, strings.TrimSuffix(page, "?preview=1"), "", nil); strings.Contains(w.Body.String(), "preview") {
		t.Error("a public page speaks of the preview")
	}
}
