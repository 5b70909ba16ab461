package page_test

import (
	"html/template"
	"os"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"yimi/server/page"
)

// every page with its struct; the test fails on a template without one.
var every = []page.Page{
	&page.Home{}, &page.Indicators{}, &page.Indicator{}, &page.Domain{}, &page.Tasks{}, &page.Task{},
	&page.Organisations{}, &page.Organisation{}, &page.Areas{}, &page.Area{}, &page.Projects{}, &page.Policies{},
	&page.Method{}, &page.Status{}, &page.Error{}, &page.Entry{}, &page.Grid{}, &page.Sheet{}, &page.Paste{}, &page.Confirm{}, &page.Receipt{},
	&page.SignIn{}, &page.Kept{}, &page.Gone{}, &page.Password{}, &page.Work{}, &page.Account{}, &page.Second{}, &page.Told{},
	&page.Accounts{}, &page.Invite{}, &page.Keeping{}, &page.Audit{},
	&page.Rounds{}, &page.RoundForm{}, &page.Round{}, &page.Chase{}, &page.Contacts{},
	&page.Review{}, &page.Examine{}, &page.Passed{},
	&page.Archive{}, &page.Extension{}, &page.Package{}, &page.Progress{}, &page.Settings{}, &page.Backups{},
	&page.Releases{}, &page.ReleasePage{}, &page.Preview{}, &page.Withhold{},
	&page.Library{}, &page.AmendmentForm{}, &page.AmendmentPreview{},
}

func TestTemplatesFitTheirStructs(t *testing.T) {
	set, err := page.New(func(name string) string { return "/static/" + name })
	if err != nil {
		t.Fatal(err)
	}
	checked := map[string]bool{"layout": true, "parts": true, "verdict": true, "form": true}
	for _, p := range every {
		checked[p.Name()] = true
		tmpl := set.Template(p.Name())
		if tmpl == nil {
			t.Errorf("%s has no template", p.Name())
			continue
		}
		if err := templatecheck.CheckHTML(template.Must(tmpl.Lookup("layout.html").Clone()), p); err != nil {
			t.Errorf("%s: %v", p.Name(), err)
		}
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".html"); ok && !checked[name] {
			t.Errorf("%s: no page has this template", e.Name())
		}
	}
}
