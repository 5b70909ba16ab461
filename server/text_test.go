package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yimi/indicators"
)

// A text that is too long, or holds what cannot be seen, is refused at its form
// with all that was typed and with what is wrong of the two, and nothing is
// written.
func TestTextsThatAreNoneComeBack(t *testing.T) {
	d := mustOpen(t)
	ctx := context.Background()
	sent := d.approved(1, "3")[0]
	wish, err := d.store.AskExtension(ctx, d.people["education-bureau"].Actor(""), now, d.round, "education-bureau", d.day(6, 1), "late census")
	if err != nil {
		t.Fatal(err)
	}
	view, err := d.store.Figure(ctx, d.head.Actor(""), now, sent.ID)
	if err != nil {
		t.Fatal(err)
	}
	public := d.doc(d.do(get, d.anyFigure(), d.office, nil))
	taken := filled(public)
	taking := public.Find(`form[action$="/withhold"]`).AttrOr("action", "")
	release := d.previewForm(d.round)
	days := url.Values{"due": {d.day(3, 31).String()}, "on_time": {d.day(4, 5).String()}, "locked": {d.day(5, 1).String()}, "version": {"1"}}
	head, err := d.store.TreeHead(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, field string
		form        url.Values
	}{
		{"/review/return", "reason", url.Values{"pick": {box(sent.ID, view.Revision.Version)}}},
		{fmt.Sprintf("/review/%d/reopen", sent.ID), "why", url.Values{"until": {d.day(6, 1).String()}}},
		{"/releases/preview", "note", release},
		{taking, "reason", taken},
		{"/rounds/1/amend", "note", days},
		{fmt.Sprintf("/rounds/1/extensions/%d", wish), "answer", url.Values{"grant": {"yes"}}},
	} {
		for text, told := range map[string]string{"reason " + strings.Repeat("长", 4000): "500 行", "reason \u202e05": "看不见", "reason \x00": "看不见", "reason \xff": "看不见"} {
			c.form.Set(c.field, text)
			w := d.do(post, c.path, d.office, c.form)
			doc := d.doc(w)
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(doc.Find("main").Text(), told) || told != "500 行" && strings.Contains(doc.Find("main").Text(), "500 行") {
				t.Errorf("%s = %d: %.300s", c.path, w.Code, doc.Find("main").Text())
			}
			back := doc.Find("[name="+c.field+"]").Text() + doc.Find("[name="+c.field+"]").AttrOr("value", "")
			if !strings.HasPrefix(strings.TrimSpace(back), "reason ") {
				t.Errorf("%s loses what was typed: %.40q", c.path, back)
			}
		}
	}
	if after, err := d.store.TreeHead(ctx); err != nil || after != head {
		t.Error("something was written")
	}
	// The pane of one figure as well.
	w := d.do(post, "/review/return", d.office, url.Values{"back": {"1"}, "pick": {box(sent.ID, view.Revision.Version)}, "reason": {"a\x00b"}})
	d.mustStatus(w, http.StatusUnprocessableEntity)
	if state, err := d.store.Figure(ctx, d.head.Actor(""), now, sent.ID); err != nil || state.Revision.State != indicators.Approved {
		t.Errorf("it is %v, %v", state.Revision.State, err)
	}
}
