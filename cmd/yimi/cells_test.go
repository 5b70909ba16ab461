package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"yimi/indicators"
)

// A cell of the grid under the hands of a clerk: what cannot be read stays in
// it and is told without keeping other rows from being saved; Escape gives back
// what stood; what was wiped out comes back by an undo, and left blank it is no
// value, never 0.
func TestCellsUnderTheHands(t *testing.T) {
	h := mustTown(t, 2025, map[string]indicators.Grant{"officer": {Role: indicators.OfficeMember}})
	h.come("officer")
	h.openRound(2025)
	h.come("at-education-bureau")
	grid := func() {
		h.do(chromedp.Navigate(h.url+"/grid"), chromedp.Poll(`document.querySelectorAll(".entry-grid input.cell").length > 9`, nil, chromedp.WithPollingTimeout(10*time.Second)))
	}
	grid()
	value := func(n int) string {
		return fmt.Sprintf(`[...document.querySelectorAll("input.cell[name$='.value']")][%d]`, n)
	}
	is := func(n int) (text string) {
		h.do(chromedp.Evaluate(value(n)+".value", &text))
		return text
	}
	to := func(n int) { h.do(chromedp.Evaluate(value(n)+".focus()", nil)) }
	typed := func(text string) { h.do(input.InsertText(text)) }
	keys := func(key string, modifiers ...input.Modifier) {
		h.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...)))
	}
	all := func() { h.do(chromedp.Evaluate(`document.activeElement.select()`, nil)) }
	save := func() {
		h.do(chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := chromedp.RunResponse(ctx, chromedp.Evaluate(`document.querySelector("form.grid button[value=save]").click()`, nil))
			return err
		}))
		grid()
	}
	to(0)
	typed("18")
	to(1)
	typed("7")
	save()
	if is(0) != "18" || is(1) != "7" {
		t.Fatalf("saved are %q and %q", is(0), is(1))
	}

	to(0)
	all()
	typed("二十")
	if is(0) != "二十" {
		t.Fatalf("the cell has %q", is(0))
	}
	keys(kb.Escape)
	if is(0) != "18" {
		t.Errorf("Escape leaves %q, want 18", is(0))
	}

	to(0)
	all()
	keys(kb.Delete)
	if is(0) != "" {
		t.Fatalf("Delete leaves %q", is(0))
	}
	h.do(chromedp.ActionFunc(func(ctx context.Context) error {
		return input.DispatchKeyEvent(input.KeyRawDown).WithKey("z").WithCode("KeyZ").WithWindowsVirtualKeyCode('Z').WithModifiers(input.ModifierCtrl).WithCommands([]string{"undo"}).Do(ctx)
	}))
	if is(0) != "18" {
		t.Errorf("after an undo the cell has %q, want 18", is(0))
	}

	// 二十 is told; Tab goes on, and the other row is saved beside it.
	to(0)
	all()
	typed("二十")
	keys(kb.Tab)
	var still bool
	h.do(chromedp.Evaluate(value(0)+` === document.activeElement`, &still))
	if still {
		t.Error("Tab does not go on from a cell that cannot be read")
	}
	to(1)
	all()
	typed("8")
	h.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.Evaluate(`document.querySelector("form.grid button[value=check]").click()`, nil))
		return err
	}))
	h.expect(".said", "二十")
	grid()
	if is(0) != "二十" || is(1) != "8" {
		t.Errorf("kept are %q and %q", is(0), is(1))
	}

	to(0)
	all()
	keys(kb.Delete)
	save()
	if is(0) != "" || is(1) != "8" {
		t.Errorf("left blank the cell has %q, the other %q", is(0), is(1))
	}
}
