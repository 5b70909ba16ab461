package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"yimi/indicators"
)

// The office changes a target in a browser: the pages on the way hold in both
// languages, narrow and wide, light and dark, and the public then reads both.
func TestLibraryInABrowser(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	h := mustTown(t, 2025, map[string]indicators.Grant{"office": {Role: indicators.OfficeMember}})
	h.come("office")
	var target *indicators.Target
	for n := range h.pkg.Targets {
		x := &h.pkg.Targets[n]
		if target == nil && x.Comparator == indicators.GE && x.Value.Present() && x.Due.IsZero() && x.Value.String() != "1" {
			target = x
		}
	}
	row := "/library/indicators/" + string(target.Indicator)
	change := row + "/targets/" + target.Key()
	organisation := "/library/organisations/" + string(h.pkg.Organisations[1].Code)

	h.do(chromedp.Navigate(h.url+change+"?lang=zh-CN"), chromedp.SetValue("#value", "98765", chromedp.ByQuery), press("form.entry .send button"))
	if got := h.text(".wrong"); !strings.Contains(got, "理由") {
		t.Errorf("without a reason it says %q", got)
	}
	h.do(fill("change_reason", "中期调整"), press("form.entry .send button"))
	if got := h.text(".differences"); !strings.Contains(got, target.Value.String()) || !strings.Contains(got, "98765") || !strings.Contains(got, "中期调整") {
		t.Errorf("the preview says %q", got)
	}
	var spill string
	for _, width := range []int64{360, 1280} {
		h.do(window(width, 900, width == 360), chromedp.Evaluate(overflow, &spill))
		if spill != "" {
			t.Errorf("the preview sticks out at %d px: %s", width, spill)
		}
	}
	h.do(press(`button[value="save"]`))
	if got := h.text(".told") + h.text("li.past"); !strings.Contains(got, "已保存") || !strings.Contains(got, "为止") {
		t.Errorf("after it was kept the page says %q", got)
	}
	h.watch.take() // the browser notes the 422
	public := "/indicators/" + string(target.Indicator)
	for name, address := range map[string]string{
		"library": "/library", "library-organisations": "/library?kind=organisation", "library-found": "/library?q=" + string(target.Indicator), "library-indicator": row,
		"library-new": "/library/indicators/new", "library-target": row + "/targets/new", "library-organisation": organisation, "library-changed": public,
	} {
		for n, lang := range []string{"zh-CN", "en"} {
			checkPage(t, h.ctx, h.watch, h.site, address, lang, n == 1, string(axe))
		}
		h.look(name, address)
	}
	h.do(chromedp.Navigate(h.url + public + "?lang=zh-CN"))
	if got := h.text(".targets"); !strings.Contains(got, "98,765") && !strings.Contains(got, fmt.Sprint(98765)) {
		t.Errorf("the public reads %q", got)
	}
}
