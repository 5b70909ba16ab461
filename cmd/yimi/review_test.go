package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"yimi/indicators"
	"yimi/indicators/sqlite"
)

// mustSend opens a round and sends plain counts, n of them, for their units.
func (h *town) mustSend(year, n int) {
	h.t.Helper()
	ctx, now := h.t.Context(), time.Now()
	store, err := sqlite.Open(ctx, filepath.Join(h.data, "yimi.db"))
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			h.t.Error(err)
		}
	}()
	officer, err := store.Credentials(ctx, "officer")
	if err != nil {
		h.t.Fatal(err)
	}
	day := func(n int) indicators.Period { return indicators.DateOf(now.AddDate(0, 0, n)) }
	number, err := store.OpenRound(ctx, officer.Actor(""), now, indicators.Round{Year: year, Due: day(30), OnTime: day(40), Locked: day(60)})
	if err != nil {
		h.t.Fatal(err)
	}
	due, _, err := store.DueFor(ctx, now, year)
	if err != nil {
		h.t.Fatal(err)
	}
	asked := map[indicators.Code]bool{}
	for _, d := range due {
		if asked[d.Organisation] || n == 0 {
			continue
		}
		asked[d.Organisation] = true
		unit, err := store.Credentials(ctx, "at-"+string(d.Organisation))
		if err != nil {
			h.t.Fatal(err)
		}
		_, list, err := store.WorkList(ctx, unit.Actor(""), number)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, r := range list {
			i := h.indicator(string(r.Indicator))
			if n == 0 || i.Measure != indicators.Stock || i.Scope != indicators.City || i.Unit == "%" {
				continue
			}
			out, err := store.Submit(ctx, unit.Actor(""), now, indicators.Saving{Duty: r.ID, Edits: []indicators.Edit{
				{Field: indicators.ValueField, Text: "3"}, {Field: indicators.SourceField, Text: "年报"}, {Field: indicators.NoteField, Text: "按年报"},
				{Field: indicators.ExplanationField, Text: "在建"}, {Field: indicators.NextField, Text: "秋季完工"},
			}})
			if err == nil && out[0].Err == nil {
				n--
			}
		}
	}
	if n > 0 {
		h.t.Fatalf("%d figures are not sent", n)
	}
}

// sending presses a key that sends the form, and waits for the answer.
func sending(key string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(key))
		return err
	})
}

// A queue is gone through by the keyboard alone: J and K move, A approves the
// figure at hand, R asks for the reason of a return; elsewhere the letters are
// letters.
func TestReviewByKeyboard(t *testing.T) {
	const year = 2025
	h := mustTown(t, year, map[string]indicators.Grant{"officer": {Role: indicators.OfficeMember}})
	h.mustSend(year, 4)
	h.come("officer")
	focused := func() (at int) {
		t.Helper()
		h.do(chromedp.Evaluate(`[...document.querySelectorAll(".reviews > li")].findIndex(li => li.contains(document.activeElement))`, &at))
		return at
	}
	waiting := func() (n int) {
		t.Helper()
		h.do(chromedp.Evaluate(`document.querySelectorAll(".reviews > li").length`, &n))
		return n
	}
	h.do(window(1280, 900, false), chromedp.Navigate(h.url+"/review"), chromedp.WaitVisible(".keys", chromedp.ByQuery))
	h.do(chromedp.KeyEvent("a"), chromedp.Sleep(200*time.Millisecond))
	if n := waiting(); n != 4 {
		t.Fatalf("%d wait after a letter beside the list", n)
	}
	h.do(chromedp.Focus(".reviews > li .review-what a", chromedp.ByQuery), chromedp.KeyEvent("jj"))
	if at := focused(); at != 2 {
		t.Errorf("after J J the focus is on %d", at)
	}
	h.do(chromedp.KeyEvent("k"))
	if at := focused(); at != 1 {
		t.Errorf("after K the focus is on %d", at)
	}
	second := h.text(".reviews > li:nth-child(2) .review-what a")
	h.do(sending("a"))
	if n := waiting(); n != 3 || strings.Contains(h.text(".reviews"), second) {
		t.Errorf("%d wait after A: %s", n, h.text(".reviews"))
	}
	first := h.text(".reviews > li:first-child .review-what a")
	h.do(chromedp.Focus(".reviews > li .review-what a", chromedp.ByQuery),
		// chromedp types a letter even where the page has taken its key.
		input.DispatchKeyEvent(input.KeyRawDown).WithKey("r"), input.DispatchKeyEvent(input.KeyUp).WithKey("r"), chromedp.KeyEvent("jark"))
	var typed string
	h.do(chromedp.Value("#reason", &typed, chromedp.ByQuery))
	if typed != "jark" {
		t.Errorf("the reason reads %q", typed)
	}
	h.do(chromedp.KeyEvent(kb.Tab), sending(kb.Enter))
	if n := waiting(); n != 2 || strings.Contains(h.text(".reviews"), first) {
		t.Errorf("%d wait after R: %s", n, h.text(".reviews"))
	}
	if faults := h.watch.take(); len(faults) > 0 {
		t.Error(faults)
	}
}
