package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
)

// approved sends figures and approves them.
func (d *desk) approved(n int, value string) []indicators.Revision {
	d.t.Helper()
	sent := d.send(n, value, counts)
	for _, r := range sent {
		out, err := d.store.Approve(context.Background(), d.head.Actor(""), d.clock(), indicators.Pick{Duty: r.ID, Version: r.Version})
		if err != nil || out[0].Err != nil {
			d.t.Fatal(err, out)
		}
	}
	return sent
}

// previewForm is the form of the preview as it is shown.
func (d *desk) previewForm(round int) url.Values {
	d.t.Helper()
	w := d.do(get, fmt.Sprintf("/releases/preview?round=%d", round), d.office, nil)
	d.mustStatus(w, http.StatusOK)
	doc := d.doc(w)
	return url.Values{"round": {fmt.Sprint(round)}, "token": {doc.Find("input[name=token]").AttrOr("value", "")}, "note": {"first figures"}, "seen": {"yes"}}
}

func TestPublishing(t *testing.T) {
	d := mustOpen(t)
	doc := d.doc(d.do(get, "/releases/preview", d.office, nil))
	if doc.Find("form.entry").Length() != 0 || doc.Find(".sentence").Text() == "" {
		t.Error("an empty preview offers to publish")
	}
	sent := d.approved(3, "3")
	made, err := d.store.Preview(context.Background(), d.head.Actor(""), now, 1)
	if err != nil {
		t.Fatal(err)
	}
	doc = d.doc(d.do(get, "/releases/preview?round=1", d.office, nil))
	text := doc.Find(".tallies").Text()
	for _, n := range []int{len(made.Figures), len(made.Effects), made.Unreported} {
		if !strings.Contains(text, fmt.Sprint(n)) {
			t.Errorf("the tallies read %q, want %d in them", text, n)
		}
	}
	if got := doc.Find(".flip").Length(); got != len(made.Effects) || got == 0 {
		t.Errorf("%d statuses stand on the page, want %d", got, len(made.Effects))
	}
	if doc.Find(fmt.Sprintf(`.changes a[href="/review/%d"]`, sent[0].ID)).Length() != 1 || doc.Find("#seen").Length() != 1 {
		t.Errorf("the preview reads %q", doc.Find("main").Text())
	}
	fronts := doc.Find(".fronts > div")
	if fronts.Length() != 2 || fronts.First().Text() == fronts.Last().Text() || doc.Find(`.looks a[href="/?preview=1"]`).Length() != 1 ||
		doc.Find(fmt.Sprintf(`.looks a[href="/indicators/%s?preview=1"]`, sent[0].Indicator)).Length() != 1 {
		t.Errorf("the front page reads %q", doc.Find(".fronts").Text())
	}
	home := d.doc(d.do(get, "/?preview=1", d.office, nil)).Find(".counts .tally")
	if fronts.Last().Find(".tally").Text() != home.Text() || home.Length() == 0 {
		t.Errorf("the front page will read %q, the check says %q", home.Text(), fronts.Last().Text())
	}
	form := d.previewForm(1)
	for field, id := range map[string]string{"note": "#note-problem", "seen": "#seen-problem"} {
		bad := url.Values{}
		for k, v := range form {
			bad[k] = v
		}
		bad.Del(field)
		w := d.do(post, "/releases/preview", d.office, bad)
		d.mustStatus(w, http.StatusUnprocessableEntity)
		if doc := d.doc(w); doc.Find(id).Length() != 1 || doc.Find("#note").Text() != bad.Get("note") {
			t.Errorf("without %s: not refused at its field, or the note is lost", field)
		}
	}

	// Somebody approves one more: the preview is stale, what was typed stays.
	d.approved(1, "5")
	w := d.do(post, "/releases/preview", d.office, form)
	d.mustStatus(w, http.StatusConflict)
	doc = d.doc(w)
	if doc.Find("#note").Text() != "first figures" || doc.Find(".wrong").Length() != 1 || doc.Find("input[name=token]").AttrOr("value", "") == form.Get("token") {
		t.Error("a stale preview is not shown anew with what was typed")
	}
	if r, err := d.store.Release(context.Background()); err != nil || r.Number != 1 {
		t.Fatalf("release %d stands, %v", r.Number, err)
	}

	// The password is asked for again, and the form waits behind it.
	form = d.previewForm(1)
	d.wait(11 * time.Minute)
	w = d.do(post, "/releases/preview", d.office, form)
	d.mustStatus(w, http.StatusUnauthorized)
	if doc := d.doc(w); doc.Find(`input[name="kept.note"]`).AttrOr("value", "") != "first figures" {
		t.Error("the note does not wait behind the password")
	}
	d.office = d.mustAgain("head")
	w = d.do(post, "/releases/preview", d.office, form)
	d.mustStatus(w, http.StatusSeeOther)
	if to := w.Header().Get("Location"); !strings.HasPrefix(to, "/releases/2") {
		t.Errorf("publishing leads to %s", to)
	}

	// The public reads what was promised.
	w = d.do(get, "/releases/2", "", nil)
	d.mustStatus(w, http.StatusOK)
	doc = d.doc(w)
	if doc.Find(".changes").First().Find("li").Length() != 4 || doc.Find(".child").Text() != "first figures" || doc.Find(".pairs code").Text() == "" {
		t.Errorf("the release reads %q", doc.Find("main").Text())
	}
	if !strings.Contains(doc.Find(".changes").Text(), d.head.Person) {
		t.Error("who approved is not told")
	}
	if doc.Find(`form[action$="/undo"]`).Length() != 0 || strings.Contains(w.Body.String(), "/review/") {
		t.Error("the public page offers what only the office may")
	}
	doc = d.doc(d.do(get, "/releases", "", nil))
	if doc.Find(".releases > li").Length() != 2 {
		t.Errorf("the list reads %q", doc.Find("main").Text())
	}
	old := d.doc(d.do(get, "/releases/1", "", nil))
	if old.Find(`a[href="/releases/2"]`).Length() == 0 {
		t.Error("an older release does not lead to the newest")
	}
	d.mustStatus(d.do(get, "/releases/2?from=1", "", nil), http.StatusOK)
	back := d.doc(d.do(get, "/releases/1?from=2", "", nil))
	if back.Find(".changes").First().Find("li").Length() != 4 {
		t.Error("the difference backwards is another")
	}
	for _, path := range []string{"/releases/9", "/releases/2?from=9", "/releases/x", "/releases/2?from=x"} {
		d.mustStatus(d.do(get, path, "", nil), http.StatusNotFound)
	}
	statuses, err := d.store.StatusesOf(context.Background(), 2)
	if err != nil || len(statuses) == 0 || statuses[0].SentenceZh == "" || statuses[0].SentenceEn == "" || statuses[0].SentenceZh == statuses[0].SentenceEn {
		t.Errorf("the release keeps no sentences: %v", err)
	}
}

func TestUndoingARelease(t *testing.T) {
	d := mustOpen(t)
	d.approved(2, "3")
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(1)), http.StatusSeeOther)
	d.mustStatus(d.do(post, "/releases/2/undo", d.office, url.Values{"reason": {" "}}), http.StatusUnprocessableEntity)
	d.mustStatus(d.do(post, "/releases/9/undo", d.office, url.Values{"reason": {"x"}}), http.StatusNotFound)
	d.mustStatus(d.do(post, "/releases/1/undo", d.office, url.Values{"reason": {"x"}}), http.StatusUnprocessableEntity)
	w := d.do(post, "/releases/2/undo", d.office, url.Values{"reason": {"counted twice"}})
	d.mustStatus(w, http.StatusSeeOther)
	doc := d.doc(d.do(get, w.Header().Get("Location"), d.office, nil))
	if doc.Find(`form[action$="/drop"]`).Length() != 2 || !strings.Contains(doc.Find("main").Text(), "counted twice") {
		t.Fatalf("the preview reads %q", doc.Find("main").Text())
	}
	d.mustStatus(d.do(post, "/releases/2/undo", d.office, url.Values{"reason": {"again"}}), http.StatusConflict)
	d.mustStatus(d.do(post, doc.Find(`form[action$="/drop"]`).First().AttrOr("action", ""), d.office, url.Values{}), http.StatusSeeOther)
	d.mustStatus(d.do(post, "/releases/takings/999/drop", d.office, url.Values{}), http.StatusNotFound)
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(0)), http.StatusSeeOther)
	doc = d.doc(d.do(get, "/releases/3", "", nil))
	if doc.Find(".changes").First().Find("li").Length() != 1 || !strings.Contains(doc.Find(".changes").Text(), "已撤回") {
		t.Errorf("the withdrawal reads %q", doc.Find("main").Text())
	}
	// What it was stays readable.
	d.mustStatus(d.do(get, "/releases/2", "", nil), http.StatusOK)
}

// What time alone changed is not said of the figures that were published.
func TestReleaseTellsTimeApart(t *testing.T) {
	d := mustOpen(t)
	d.wait(33 * 24 * time.Hour) // figures are not reported now that awaited their day
	d.office = d.mustAgain("head")
	sent := d.approved(1, "3")
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(1)), http.StatusSeeOther)
	doc := d.doc(d.do(get, "/releases/2", "", nil))
	outside := doc.Find("section .changes").Last()
	if doc.Find("details .changes li").Length() == 0 {
		t.Error("nothing changed by time alone")
	}
	if outside.Find("li").Length() != outside.Find(fmt.Sprintf(`a[href="/indicators/%s"]`, sent[0].Indicator)).Length() {
		t.Errorf("statuses of other figures stand with those published: %q", outside.Text())
	}
}

// A release reads under the names and in the units of its day, whatever the
// library says since.
func TestAReleaseReadsInTheWordsOfItsDay(t *testing.T) {
	d := mustOpen(t)
	duty := d.approved(1, "3")[0]
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(1)), http.StatusSeeOther)
	read := func(path string) string {
		t.Helper()
		w := d.do(get, path, "", nil)
		d.mustStatus(w, http.StatusOK)
		return d.doc(w).Find("main").Text()
	}
	name := d.l.Indicator(duty.Indicator).Name
	before := []string{read("/releases/2"), read("/releases/2/statuses")}
	d.mustKeep("/library/indicators/"+string(duty.Indicator), d.office, d.mustForm("/library/indicators/"+string(duty.Indicator), d.office, "name", "另一个名字", "change_reason", "改名"))
	if l := d.mustLibrary(); l.Indicator(duty.Indicator).Name == name {
		t.Fatal("the name did not change")
	}
	for n, path := range []string{"/releases/2", "/releases/2/statuses"} {
		if now := read(path); now != before[n] || !strings.Contains(now, name) {
			t.Errorf("%s reads %q, on its day %q", path, now, before[n])
		}
	}
}
