package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
)

// quiet is a project of which no figure tells anything.
func (d *desk) quiet() *indicators.Project {
	d.t.Helper()
	doc := d.doc(d.do(get, "/projects", "", nil))
	for i := range d.l.Projects {
		w := &d.l.Projects[i]
		if w.ScaleUnit != "" && doc.Find("#project-"+string(w.Number)+" dd .unknown").Length() > 0 {
			return w
		}
	}
	d.t.Fatal("figures tell of every project")
	return nil
}

func TestProgressOfAProject(t *testing.T) {
	d := mustDesk(t)
	w := d.quiet()
	path, card := progressAddress(w.Number), "#project-"+string(w.Number)
	form := url.Values{
		"version": {"0"}, "stage": {"under_way"}, "share": {"４５.0％"}, "built": {"12"}, "invested": {"1.2亿元"}, "started": {"2024-03"}, "finished": {""},
		"sentence": {"roof <b>closed"}, "source": {"city works"}, "reason": {"quarter"},
	}
	public := d.doc(d.do(get, "/projects", "", nil))
	if public.Find(`a[href$="/progress"]`).Length() != 0 || !strings.Contains(public.Find(card).Text(), "暂无进展填报") {
		t.Error("the public page offers the form, or does not say that nothing was reported")
	}
	if d.doc(d.do(get, "/projects", d.office, nil)).Find(card+` a[href="`+path+`"]`).Length() != 1 {
		t.Error("the office finds no way to the form")
	}
	d.mustStatus(d.do(get, "/projects/no-such/progress", d.office, nil), http.StatusNotFound)
	d.mustStatus(d.do(post, "/projects/no-such/progress", d.office, form), http.StatusNotFound)

	// What is wrong stays in its field.
	for field, typed := range map[string]string{"stage": "", "share": "约一半", "built": "-1", "started": "last year", "finished": "2024-05", "sentence": " ", "source": "", "reason": ""} {
		bad := url.Values{}
		for k, v := range form {
			bad[k] = v
		}
		bad.Set(field, typed)
		x := d.do(post, path, d.office, bad)
		d.mustStatus(x, http.StatusUnprocessableEntity)
		doc := d.doc(x)
		if doc.Find(".field.is-wrong").Length() != 1 || doc.Find(".field.is-wrong #"+field).Length() != 1 || doc.Find("#sentence").AttrOr("value", "") != bad.Get("sentence") {
			t.Errorf("%s %q: %d fields are wrong, or what was typed is lost", field, typed, doc.Find(".field.is-wrong").Length())
		}
		if field != "stage" && doc.Find("#"+field).AttrOr("value", "") != typed {
			t.Errorf("%s reads %q, want what was typed", field, doc.Find("#"+field).AttrOr("value", ""))
		}
	}

	before := d.clock()
	d.wait(time.Hour)
	d.office = d.mustAgain("head")
	d.mustStatus(d.do(post, path, d.office, form), http.StatusSeeOther)
	d.mustStatus(d.do(post, path, d.office, form), http.StatusSeeOther) // a double click
	history, err := d.store.ProgressHistory(context.Background(), w.Number)
	if err != nil || len(history) != 1 || history[0].Share.String() != "45.0" || history[0].Invested.String() != "12000" {
		t.Fatalf("%+v, %v", history, err)
	}
	for lang, want := range map[string][]string{
		"zh": {"在建", "完成45.0%", "已建成12" + w.ScaleUnit, "已投资1.2亿元", "2024年3月开工", "roof <b>closed", "（2026年3月1日，Person head 填报；来源：city works）"},
		"en": {"under way", "45.0% done", "120 million yuan invested", "begun March 2024", "reported by Person head", "1 March 2026"},
	} {
		text := d.doc(d.do(get, "/projects?lang="+lang, "", nil)).Find(card).Text()
		for _, x := range want {
			if !strings.Contains(text, x) {
				t.Errorf("%s: the card does not say %q: %s", lang, x, text)
			}
		}
		if strings.Contains(text, "progress.") {
			t.Errorf("%s: a key stands on the card: %s", lang, text)
		}
	}
	// The line of time no longer says that nothing was reported.
	label := d.doc(d.do(get, "/projects", "", nil)).Find(card+" svg[role=img]").AttrOr("aria-label", "")
	if strings.Contains(label, "暂无进展填报") || !strings.Contains(label, "未完成") {
		t.Errorf("the line of time says %q", label)
	}

	// Somebody of the office was faster: both values, what was typed in the field.
	d.mustPerson("other", indicators.Grant{Role: indicators.OfficeMember})
	other := d.mustSession("other")
	theirs := url.Values{}
	for k, v := range form {
		theirs[k] = v
	}
	theirs.Set("share", "60")
	theirs.Set("built", "")
	x := d.do(post, path, other, theirs)
	d.mustStatus(x, http.StatusConflict)
	doc := d.doc(x)
	if doc.Find("#share").AttrOr("value", "") != "60" || !strings.Contains(doc.Find("#share-problem").Text(), "45.0") || !strings.Contains(doc.Find("#built-problem").Text(), "12") ||
		doc.Find("input[name=version]").AttrOr("value", "") != "1" || doc.Find("#source-problem").Length() != 0 {
		t.Errorf("the conflict reads %q", doc.Find("form.entry").Text())
	}
	d.wait(30 * 24 * time.Hour)
	other = d.mustAgain("other")
	theirs.Set("version", "1")
	d.mustStatus(d.do(post, path, other, theirs), http.StatusSeeOther)
	doc = d.doc(d.do(get, path, other, nil))
	if doc.Find(".trail > li").Length() != 2 || doc.Find("#share").AttrOr("value", "") != "60" || doc.Find("#reason").AttrOr("value", "x") != "" || doc.Find("input[name=version]").AttrOr("value", "") != "2" {
		t.Errorf("the form goes on from %q", doc.Find("main").Text())
	}

	// Each day, and each release, reads what had been written down by then.
	day := func(t time.Time) string { return t.In(d.l.Plan.Location()).Format(time.DateOnly) }
	for address, want := range map[string]string{
		"/projects":                     "完成60%",
		"/projects?asof=" + day(before): "完成45.0%",
		"/projects?asof=" + day(before.AddDate(0, 0, -1)): "暂无进展填报",
		"/projects?release=1":                             "暂无进展填报",
	} {
		if text := d.doc(d.do(get, address, "", nil)).Find(card).Text(); !strings.Contains(text, want) {
			t.Errorf("%s says %q, want %s", address, text, want)
		}
	}
	if d.doc(d.do(get, "/projects?asof="+day(before), d.office, nil)).Find(card+` a[href="`+path+`"]`).Length() != 0 {
		t.Error("a past day offers the form")
	}
	events, err := d.store.Events(context.Background(), indicators.EventFilter{Object: "project " + string(w.Number)})
	if err != nil || len(events) != 2 || events[0].Before == "" || events[1].Before != "" || !strings.Contains(events[0].After, "60") {
		t.Errorf("the trail says %+v, %v", events, err)
	}

	// Finished: the slip is counted from what was reported.
	theirs.Set("version", "2")
	theirs.Set("stage", "finished")
	theirs.Set("share", "")
	theirs.Set("finished", "2026-03-15")
	d.mustStatus(d.do(post, path, other, theirs), http.StatusSeeOther)
	if label := d.doc(d.do(get, "/projects", "", nil)).Find(card+" svg[role=img]").AttrOr("aria-label", ""); !strings.Contains(label, "2026年3月15日完成") {
		t.Errorf("the line of time says %q", label)
	}
}
