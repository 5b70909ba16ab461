package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
)

// mustRound opens a round in which every owner has somebody: a contributor for
// each organisation that owes a figure, named after it.
func (h *house) mustRound(year int) indicators.Round {
	h.t.Helper()
	ctx := context.Background()
	due, _, err := h.store.DueFor(ctx, h.clock(), year)
	if err != nil {
		h.t.Fatal(err)
	}
	var owners indicators.Codes
	for _, d := range due {
		if !owners.Contains(d.Organisation) {
			owners = append(owners, d.Organisation)
			h.mustPerson("at-"+string(d.Organisation), indicators.Grant{Role: indicators.Contributor, Organisation: d.Organisation})
		}
	}
	h.mustReviewers(year)
	officer := indicators.Actor{Account: h.mustPerson("opener", indicators.Grant{Role: indicators.OfficeMember}).ID, Person: "Opener", Grants: []indicators.Grant{{Role: indicators.OfficeMember}}}
	round := indicators.Round{Year: year, Due: indicators.MustPeriod("2026-03-31"), OnTime: indicators.MustPeriod("2026-04-10"), Locked: indicators.MustPeriod("2026-05-01")}
	n, err := h.store.OpenRound(ctx, officer, h.clock(), round)
	if err != nil {
		h.t.Fatal(err)
	}
	opened, err := h.store.Round(ctx, n)
	if err != nil {
		h.t.Fatal(err)
	}
	return opened
}

// mustDuty is the address of an indicator's figure in a round.
func (h *house) mustDuty(round indicators.Round, i indicators.Code, who string) string {
	h.t.Helper()
	a, err := h.store.Credentials(context.Background(), who)
	if err != nil {
		h.t.Fatal(err)
	}
	_, list, err := h.store.WorkList(context.Background(), a.Actor(""), round.Number)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range list {
		if r.Indicator == i {
			return fmt.Sprintf("/work/%d", r.ID)
		}
	}
	h.t.Fatalf("%s owes no %s", who, i)
	return ""
}

// filled is a form as it was shown, with other texts in some fields.
func filled(doc *goquery.Document, texts ...string) url.Values {
	form := url.Values{}
	doc.Find("form.entry input[name]:not([type=radio]), form.entry textarea[name]").Each(func(_ int, el *goquery.Selection) {
		name, _ := el.Attr("name")
		value, _ := el.Attr("value")
		if goquery.NodeName(el) == "textarea" {
			value = el.Text()
		}
		form.Add(name, value)
	})
	doc.Find("form.entry select[name]").Each(func(_ int, el *goquery.Selection) {
		name, _ := el.Attr("name")
		value, _ := el.Find("option[selected]").Attr("value")
		form.Set(name, value)
	})
	for n := 0; n+1 < len(texts); n += 2 {
		form.Set(texts[n], texts[n+1])
	}
	return form
}

const kindergartens = indicators.Code("public-kindergarten-share")

func TestOneFigureFromDraftToReview(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	who := "at-education-bureau"
	me := h.mustSession(who)
	list := h.do("GET", "/work", me, nil)
	h.mustStatus(list, http.StatusOK)
	page := h.doc(list)
	if !strings.Contains(page.Find("main").Text(), "还有 30 天") || page.Find(".duties li").Length() == 0 {
		t.Fatalf("the work list says %q", page.Find("main").Text())
	}
	path := h.mustDuty(round, kindergartens, who)
	w := h.do("GET", path, me, nil)
	h.mustStatus(w, http.StatusOK)
	doc := h.doc(w)
	if facts := doc.Find(".facts").Text(); !strings.Contains(facts, "47.38%") || !strings.Contains(facts, "≥50%") {
		t.Errorf("last year and target do not stand above the form: %q", facts)
	}
	t.Run("a draft keeps what cannot be read", func(t *testing.T) {
		w := h.do("POST", path, me, filled(doc, "value", "约50", "do", "save"))
		h.mustStatus(w, http.StatusSeeOther)
		doc = h.doc(h.do("GET", path+"?check=1", me, nil))
		if v, _ := doc.Find("#value").Attr("value"); v != "约50" || !strings.Contains(doc.Find(".problem").Text(), "约50") {
			t.Errorf("the draft has %q, the check says %q", v, doc.Find(".problem").Text())
		}
	})
	t.Run("what is wrong is not sent, and nothing typed is lost", func(t *testing.T) {
		w := h.do("POST", path, me, filled(doc, "value", "４７．８３％", "note", "写在这里的话", "do", "submit"))
		h.mustStatus(w, http.StatusUnprocessableEntity)
		doc = h.doc(w)
		value, _ := doc.Find("#value").Attr("value")
		if value != "４７．８３％" || doc.Find("#note").Text() != "写在这里的话" || !strings.HasPrefix(doc.Find("title").Text(), "有 ") {
			t.Errorf("given back are %q and %q under %q", value, doc.Find("#note").Text(), doc.Find("title").Text())
		}
		if href, _ := doc.Find(".wrong a").First().Attr("href"); doc.Find(href).Length() != 1 {
			t.Errorf("the summary leads to %q, which is not there", href)
		}
		if !strings.Contains(doc.Find(".read").Text(), "47.83%") {
			t.Errorf("read as %q", doc.Find(".read").Text())
		}
	})
	good := []string{"value", "47.83", "source", "市教育局年度统计", "note", "口径与上年一致", "explanation", "新建公办园投用较晚", "next", "秋季学期投用 12 所", "do", "submit"}
	t.Run("sent once, however often", func(t *testing.T) {
		form := filled(doc, good...)
		h.mustStatus(h.do("POST", path, me, form), http.StatusSeeOther)
		h.mustStatus(h.do("POST", path, me, form), http.StatusSeeOther)
		doc = h.doc(h.do("GET", path, me, nil))
		if n := strings.Count(doc.Find(".trail").Text(), "提交"); n != 1 {
			t.Errorf("it was sent %d times: %s", n, doc.Find(".trail").Text())
		}
		if doc.Find("button[value=withdraw]").Length() != 1 || doc.Find("button[value=submit]").Length() != 0 {
			t.Error("what was sent offers the wrong buttons")
		}
	})
	t.Run("taken back and changed", func(t *testing.T) {
		version, _ := doc.Find("input[name=version]").Attr("value")
		h.mustStatus(h.do("POST", path, me, url.Values{"do": {"withdraw"}, "version": {version}}), http.StatusSeeOther)
		if got := h.doc(h.do("GET", path, me, nil)).Find(".meta").Text(); !strings.Contains(got, "已撤回") {
			t.Errorf("it stands as %q", got)
		}
	})
}

func TestTwoPeopleInOneFigure(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	who := "at-education-bureau"
	h.mustPerson("second", indicators.Grant{Role: indicators.Contributor, Organisation: "education-bureau"})
	one, two := h.mustSession(who), h.mustSession("second")
	path := h.mustDuty(round, kindergartens, who)
	first, second := h.doc(h.do("GET", path, one, nil)), h.doc(h.do("GET", path, two, nil))
	h.mustStatus(h.do("POST", path, one, filled(first, "value", "47.38", "do", "save")), http.StatusSeeOther)

	w := h.do("POST", path, two, filled(second, "value", "47.83", "note", "我的说明", "do", "save"))
	h.mustStatus(w, http.StatusConflict)
	clash := h.doc(w)
	shown := clash.Find("fieldset.clash").Text()
	if !strings.Contains(shown, "47.38") || !strings.Contains(shown, "47.83") || !strings.Contains(shown, "Person at-education-bureau") {
		t.Fatalf("the conflict shows %q", shown)
	}
	if clash.Find(".clash input[checked]").Length() != 0 {
		t.Error("something is chosen already")
	}
	if clash.Find("#note").Text() != "我的说明" {
		t.Errorf("the note typed is %q", clash.Find("#note").Text())
	}
	undecided := h.do("POST", path, two, filled(clash, "do", "save"))
	h.mustStatus(undecided, http.StatusUnprocessableEntity)
	if got := h.doc(undecided); got.Find("fieldset.is-wrong .problem").Length() != 1 || got.Find("#note").Text() != "我的说明" {
		t.Error("without a choice the page does not ask for one, or loses what was typed")
	}
	for _, c := range []struct{ choose, want string }{{"theirs", "47.38"}, {"yours", "47.83"}, {"both", "47.38"}} {
		h.mustStatus(h.do("POST", path, two, filled(clash, "choose.value", c.choose, "do", "save", "key", c.choose)), http.StatusSeeOther)
		doc := h.doc(h.do("GET", path, two, nil))
		if v, _ := doc.Find("#value").Attr("value"); v != c.want || !strings.HasPrefix(doc.Find("#note").Text(), "我的说明") || strings.Contains(doc.Find("#note").Text(), "47.83") != (c.choose == "both") {
			t.Errorf("after choosing %s the value is %q with %q", c.choose, v, doc.Find("#note").Text())
		}
		version, _ := doc.Find("input[name=version]").Attr("value")
		clash.Find("form.entry input[name=version]").SetAttr("value", version)
	}
	t.Run("other fields never clash", func(t *testing.T) {
		a, b := h.doc(h.do("GET", path, one, nil)), h.doc(h.do("GET", path, two, nil))
		h.mustStatus(h.do("POST", path, one, filled(a, "value", "48.10", "do", "save")), http.StatusSeeOther)
		h.mustStatus(h.do("POST", path, two, filled(b, "note", "只改说明", "do", "save")), http.StatusSeeOther)
		doc := h.doc(h.do("GET", path, one, nil))
		if v, _ := doc.Find("#value").Attr("value"); v != "48.10" || doc.Find("#note").Text() != "只改说明" {
			t.Errorf("the figure is %q with the note %q", v, doc.Find("#note").Text())
		}
	})
}

func TestAFigureOfOthersIsUnknown(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	path := h.mustDuty(round, kindergartens, "at-education-bureau")
	stranger := h.mustSession("at-health-commission")
	for _, address := range []string{path, "/work/999999"} {
		got, posted := h.do("GET", address, stranger, nil), h.do("POST", address, stranger, url.Values{"do": {"save"}, "value": {"1"}, "version": {"0"}})
		if got.Code != http.StatusNotFound || posted.Code != http.StatusNotFound {
			t.Errorf("%s = %d and %d, want 404 twice", address, got.Code, posted.Code)
		}
	}
	known, unknown := h.doc(h.do("GET", path, stranger, nil)).Find("h1").Text(), h.doc(h.do("GET", "/work/999999", stranger, nil)).Find("h1").Text()
	if known != unknown {
		t.Errorf("another's figure answers %q, an unknown one %q", known, unknown)
	}
}

func TestWorkListsEveryFigureOnce(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	_, list, err := h.store.WorkList(context.Background(), h.mustActor("at-education-bureau"), round.Number)
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	h.doc(h.do("GET", "/work", h.mustSession("at-education-bureau"), nil)).Find(".duties li > a").Each(func(_ int, el *goquery.Selection) {
		href, _ := el.Attr("href")
		shown = append(shown, href)
	})
	var want []string
	for _, r := range list {
		want = append(want, fmt.Sprintf("/work/%d", r.ID))
	}
	slices.Sort(shown)
	slices.Sort(want)
	if !slices.Equal(shown, want) || len(want) < 5 {
		t.Errorf("listed are %v, owed are %v", shown, want)
	}
	sign := h.do("POST", "/work/sign", h.mustSession("at-education-bureau"), url.Values{"round": {fmt.Sprint(round.Number)}, "organisation": {"education-bureau"}})
	h.mustStatus(sign, http.StatusSeeOther)
	if got := h.doc(h.do("GET", "/work", h.mustSession("at-education-bureau"), nil)).Find("main").Text(); !strings.Contains(got, "已签收") {
		t.Errorf("signing does not show: %q", got)
	}
	other := h.do("POST", "/work/sign", h.mustSession("at-education-bureau"), url.Values{"round": {fmt.Sprint(round.Number)}, "organisation": {"health-commission"}})
	if other.Code != http.StatusNotFound {
		t.Errorf("signing for another organisation = %d, want 404", other.Code)
	}
}

func (h *house) mustActor(name string) indicators.Actor {
	h.t.Helper()
	a, err := h.store.Credentials(context.Background(), name)
	if err != nil {
		h.t.Fatal(err)
	}
	return a.Actor("")
}
