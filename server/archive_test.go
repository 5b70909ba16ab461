package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
)

// What a release stored is what its pages say with its number in the address,
// status and sentence, in both languages, also after a later release.
func TestTheArchiveIsWhatThePagesSaid(t *testing.T) {
	d := mustOpen(t)
	for n, value := range []string{"3", "4"} {
		d.approved(2, value)
		form := d.previewForm(1)
		d.mustStatus(d.do(post, "/releases/preview", d.office, form), http.StatusSeeOther)
		if n == 0 {
			d.wait(24 * 60 * 60 * 1e9)
			d.office = d.mustAgain("head")
		}
	}
	// Nor does a round's due day that moves later change what was said.
	r, err := d.store.Round(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	r.Due = indicators.DateOf(d.clock().AddDate(0, -2, 0))
	if err := d.store.AmendRound(context.Background(), d.mustActor("head"), d.clock(), r); err != nil {
		t.Fatal(err)
	}
	stored, err := d.store.StatusesOf(context.Background(), 2)
	if err != nil || len(stored) == 0 {
		t.Fatalf("release 2 stores nothing: %v", err)
	}
	for _, lang := range []string{"zh", "en"} {
		cookie := []string{"Accept-Language", lang}
		w := d.do(get, archiveURL(2), "", nil, cookie...)
		d.mustStatus(w, http.StatusOK)
		rows := d.doc(w).Find(".archive > li")
		if rows.Length() != len(stored) {
			t.Fatalf("%s: %d rows, want %d", lang, rows.Length(), len(stored))
		}
		pages := map[indicators.Code]string{}
		rows.Each(func(n int, row *goquery.Selection) {
			x := stored[n]
			sentence := map[string]string{"zh": x.SentenceZh, "en": x.SentenceEn}[lang]
			if sentence == "" || row.Children().Last().Text() != sentence || row.Find(".mark-"+string(x.Status)).Length() != 1 {
				t.Fatalf("%s: row %d reads %q, want %q", lang, n, row.Text(), sentence)
			}
			if x.Area != d.l.City().Code {
				return // the district's status stands in a table, without a sentence
			}
			if pages[x.Indicator] == "" {
				page := d.do(get, fmt.Sprintf("/indicators/%s?release=2", x.Indicator), "", nil, cookie...)
				d.mustStatus(page, http.StatusOK)
				pages[x.Indicator] = squeezed(d.doc(page).Find("main").Text())
			}
			if !strings.Contains(pages[x.Indicator], squeezed(sentence)) {
				t.Errorf("%s: the page of %s with release 2 does not say %q", lang, x.Indicator, sentence)
			}
		})
	}
	d.mustStatus(d.do(get, archiveURL(9), "", nil), http.StatusNotFound)
	d.mustStatus(d.do(get, "/releases/x/statuses", "", nil), http.StatusNotFound)
	if d.doc(d.do(get, "/releases/2", "", nil)).Find(`a[href="`+archiveURL(2)+`"]`).Length() != 1 {
		t.Error("the release does not lead to what it said")
	}
}

func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }
