package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
)

// gridValues is a grid's form as it was shown.
func gridValues(doc *goquery.Document) url.Values {
	form := url.Values{}
	doc.Find("form.grid input[name]:not([type=radio]):not([type=checkbox]), form.grid input[type=checkbox][checked]").Each(func(_ int, el *goquery.Selection) {
		name, _ := el.Attr("name")
		value, _ := el.Attr("value")
		form.Add(name, value)
	})
	for _, el := range doc.Find("form.grid textarea.cell").EachIter() {
		form.Add(el.AttrOr("name", ""), el.Text())
	}
	return form
}

// cellsOf are the value cells of a grid, in its order.
func cellsOf(doc *goquery.Document, field string) []string {
	var out []string
	doc.Find("form.grid input.cell").Each(func(_ int, el *goquery.Selection) {
		if name, _ := el.Attr("name"); strings.HasSuffix(name, "."+field) {
			out = append(out, name)
		}
	})
	return out
}

func TestGrid(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	me := h.mustSession("at-education-bureau")
	path := fmt.Sprintf("/grid?round=%d", round.Number)
	w := h.do("GET", path, me, nil)
	h.mustStatus(w, http.StatusOK)
	doc := h.doc(w)
	values := cellsOf(doc, "value")
	if len(values) < 10 {
		t.Fatalf("the grid has %d value cells", len(values))
	}
	t.Run("drafts keep what was typed, whatever it is", func(t *testing.T) {
		form := gridValues(doc)
		form.Set(values[0], "约50")
		form.Set(values[1], "2.7万")
		form.Set("do", "save")
		w := h.do("POST", "/grid", me, form)
		h.mustStatus(w, http.StatusOK)
		doc = h.doc(h.do("GET", path, me, nil))
		for n, want := range []string{"约50", "2.7万", ""} {
			if got, _ := doc.Find(`input[name="` + values[n] + `"]`).Attr("value"); got != want {
				t.Errorf("cell %d is %q, want %q", n, got, want)
			}
		}
	})
	t.Run("a check tells of every row", func(t *testing.T) {
		form := gridValues(doc)
		form.Set("do", "check")
		got := h.doc(h.do("POST", "/grid", me, form))
		if !strings.Contains(got.Find(".said").Text(), "约50") {
			t.Errorf("the check says %q", got.Find(".said").Text())
		}
	})
	t.Run("one row is refused, the others are sent", func(t *testing.T) {
		form := gridValues(doc)
		id := strings.Split(values[2], ".")[1]
		form.Set(values[2], "3")
		form.Set("v."+id+".source", "市教育局统计")
		form.Set("v."+id+".note", "说明")
		form.Set("v."+id+".explanation", "做了")
		form.Set("v."+id+".next", "下一步")
		form.Add("pick", id)
		form.Set("do", "submit")
		w := h.do("POST", "/grid", me, form)
		h.mustStatus(w, http.StatusUnprocessableEntity)
		got := h.doc(w)
		if told := got.Find("#grid-status").Text(); !strings.Contains(told, "已提交 1 个数") || !strings.Contains(told, "2 个没有提交") {
			t.Errorf("the grid says %q", told)
		}
		if v, _ := got.Find(`input[name="` + values[0] + `"]`).Attr("value"); v != "约50" {
			t.Errorf("what was refused is given back as %q", v)
		}
		doc = h.doc(h.do("GET", path, me, nil))
		if doc.Find(`input[name="`+values[2]+`"]`).Length() != 0 {
			t.Error("what was sent can be typed over")
		}
	})
	t.Run("a paste is shown before it fills anything", func(t *testing.T) {
		form := gridValues(doc)
		form.Set(values[4], "写到一半")
		form.Set("paste", "数值\t来源\n11\t甲\n约12\t乙\n")
		form.Set("at", values[0])
		form.Set("do", "paste")
		w := h.do("POST", "/grid", me, form)
		h.mustStatus(w, http.StatusOK)
		preview := h.doc(w)
		if !strings.Contains(preview.Find("#fill").Text(), "4") {
			t.Fatalf("the preview offers %q: %s", preview.Find("#fill").Text(), preview.Find("main").Text())
		}
		if again := h.doc(h.do("GET", path, me, nil)); strings.Contains(again.Find("form.grid").Text(), "甲") {
			t.Error("the preview has written something")
		}
		fill := url.Values{"do": {"fill"}}
		preview.Find("form input[type=hidden]").Each(func(_ int, el *goquery.Selection) {
			name, _ := el.Attr("name")
			value, _ := el.Attr("value")
			fill.Add(name, value)
		})
		filled := h.doc(h.do("POST", "/grid", me, fill))
		for cell, want := range map[string]string{values[0]: "11", values[1]: "约12", values[4]: "写到一半"} {
			if got, _ := filled.Find(`input.cell[name="` + cell + `"]`).Attr("value"); got != want {
				t.Errorf("%s is %q, want %q", cell, got, want)
			}
		}
		undo := url.Values{"do": {"save"}}
		filled.Find("form:has(#undo) input").Each(func(_ int, el *goquery.Selection) {
			name, _ := el.Attr("name")
			value, _ := el.Attr("value")
			undo.Add(name, value)
		})
		h.do("POST", "/grid", me, undo)
		if got, _ := h.doc(h.do("GET", path, me, nil)).Find(`input[name="` + values[0] + `"]`).Attr("value"); got != "约50" {
			t.Errorf("after the undo the cell is %q, want what stood before", got)
		}
	})
	t.Run("a paste of nothing is refused in words", func(t *testing.T) {
		form := gridValues(doc)
		form.Set("paste", "  ")
		form.Set("do", "paste")
		w := h.do("POST", "/grid", me, form)
		if w.Code != http.StatusUnprocessableEntity || h.doc(w).Find(".paste .problem").Text() == "" {
			t.Errorf("an empty paste = %d", w.Code)
		}
	})
	t.Run("another's round and rows are unknown", func(t *testing.T) {
		if w := h.do("GET", "/grid?round=99", me, nil); w.Code != http.StatusNotFound {
			t.Errorf("an unknown round = %d, want 404", w.Code)
		}
		stranger := h.mustSession("at-health-commission")
		form := gridValues(doc)
		form.Set(values[5], "999")
		form.Set("do", "save")
		h.do("POST", "/grid", stranger, form)
		if got, _ := h.doc(h.do("GET", path, me, nil)).Find(`input[name="` + values[5] + `"]`).Attr("value"); got == "999" {
			t.Error("somebody wrote into another organisation's row")
		}
	})
}

func TestTwoPeopleInOneGrid(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	h.mustPerson("second", indicators.Grant{Role: indicators.Contributor, Organisation: "education-bureau"})
	one, two := h.mustSession("at-education-bureau"), h.mustSession("second")
	path := fmt.Sprintf("/grid?round=%d", round.Number)
	a, b := h.doc(h.do("GET", path, one, nil)), h.doc(h.do("GET", path, two, nil))
	values := cellsOf(a, "value")
	first := gridValues(a)
	first.Set(values[0], "10")
	first.Set("do", "save")
	h.mustStatus(h.do("POST", "/grid", one, first), http.StatusOK)
	second := gridValues(b)
	second.Set(values[0], "12")
	second.Set(values[1], "20")
	second.Set("do", "save")
	w := h.do("POST", "/grid", two, second)
	h.mustStatus(w, http.StatusConflict)
	clash := h.doc(w)
	said := clash.Find(".said").Text()
	if !strings.Contains(said, "10") || !strings.Contains(said, "12") || clash.Find("input[type=radio][checked]").Length() != 0 {
		t.Fatalf("the conflict says %q", said)
	}
	if v, _ := clash.Find(`input[name="` + values[1] + `"]`).Attr("value"); v != "20" {
		t.Errorf("the other row has %q, want 20", v)
	}
	choose := gridValues(clash)
	choose.Set("choose."+values[0], "theirs")
	choose.Set("do", "save")
	h.mustStatus(h.do("POST", "/grid", two, choose), http.StatusOK)
	now := h.doc(h.do("GET", path, one, nil))
	for n, want := range []string{"10", "20"} {
		if v, _ := now.Find(`input[name="` + values[n] + `"]`).Attr("value"); v != want {
			t.Errorf("cell %d is %q, want %q", n, v, want)
		}
	}
}

// Every row leads to the one before and the one after it that are shown, by
// anchors that need no script.
func TestGridSteps(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	me := h.mustSession("at-education-bureau")
	doc := h.doc(h.do("GET", fmt.Sprintf("/grid?round=%d", round.Number), me, nil))
	form := gridValues(doc)
	form.Set(cellsOf(doc, "value")[1], "1")
	form.Set("do", "save")
	h.mustStatus(h.do("POST", "/grid", me, form), http.StatusOK)
	for _, more := range []string{"", "&blank=1"} {
		doc := h.doc(h.do("GET", fmt.Sprintf("/grid?round=%d%s", round.Number, more), me, nil))
		rows := doc.Find("tr.row-of")
		for n := range rows.Length() {
			var want, got []string
			for _, to := range []int{n - 1, n + 1} {
				if to >= 0 && to < rows.Length() {
					want = append(want, "#"+rows.Eq(to).AttrOr("id", "none"))
				}
			}
			for _, a := range doc.Find("tr.row-steps").Eq(n).Find("a.grid-step").EachIter() {
				got = append(got, a.AttrOr("href", ""))
				if to := doc.Find(a.AttrOr("href", "#none")); to.Length() != 1 || !strings.Contains(a.AttrOr("aria-label", ""), to.Find("th a").Text()) {
					t.Errorf("row %d leads to %q, named %q", n, a.AttrOr("href", ""), a.AttrOr("aria-label", ""))
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("row %d leads to %v, want %v", n, got, want)
			}
		}
	}
}
