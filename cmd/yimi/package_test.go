package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"yimi/indicators"
	"yimi/seed"
)

// Somebody of the office loads a newer package in a browser after a look at
// what it changes, and writes down how far a project is.
func TestANewPackageInABrowser(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	must(t, err)
	h := mustTown(t, mustPackage(t, "").Plan.LastMilestone(), map[string]indicators.Grant{"officer": {Role: indicators.OfficeMember}})
	sound := func(name, address string) {
		t.Helper()
		h.watch.take() // the browser tells of every form that was refused before
		for n, lang := range []string{"en", "zh-CN"} {
			checkPage(t, h.ctx, h.watch, h.site, address, lang, n == 0, string(axe))
		}
		h.look(name, address)
	}
	dir, next := newer(t, shippedDir(t))
	pkg, err := seed.Read(os.DirFS(dir))
	must(t, err)
	zip := filepath.Join(h.data, "newer.zip")
	must(t, writeZip(zip, pkg))

	h.come("officer")
	h.do(chromedp.Navigate(h.url+"/library/package"), chromedp.SetUploadFiles("#file", []string{zip}, chromedp.ByQuery), press("form.attach button"))
	h.expect("#preview", "newer.zip", next.Domains[0].Name, "references.csv")
	sound("package", "/library/package")
	h.do(chromedp.Navigate(h.url+"/library/package"), press(`form.entry .send button`))
	h.expect("#reason-problem", "写明")
	h.do(set("reason", "修订版印发"), press(`form.entry .send button`))
	h.expect("main", "已载入", "修订版印发")

	work := next.Projects[len(next.Projects)-1]
	address := "/projects/" + string(work.Number) + "/progress"
	h.do(chromedp.Navigate(h.url+address), chromedp.SetValue("#stage", "under_way", chromedp.ByQuery), set("share", "约一半"), set("sentence", "主体完工"), set("source", "月报"), set("reason", "季度更新"), press(`form.entry .send button`))
	h.expect("#share-problem", "约一半")
	h.do(set("share", "50％"), press(`form.entry .send button`))
	h.expect("main", "已保存", "完成50%")
	sound("progress", address)
	sound("projects-reported", "/projects")
	h.expect("#project-"+string(work.Number), "在建", "完成50%", "人员 officer 填报")
}
