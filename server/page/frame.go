package page

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"yimi/indicators"
	"yimi/server/words"
)

// Frame is what stands around every page.
type Frame struct {
	words.Lang
	Person    string // who is signed in; empty for nobody
	Private   bool   // for one person: nothing to cite
	Title     string // of this page alone
	Path      string // the address without its query
	Query     url.Values
	Theme     string // "light", "dark" or empty for the system's
	Large     bool   // 大字
	Demo      bool
	Contact   string // an address for corrections; empty when none is set
	Plan      indicators.Plan
	Place     string // the city in this language
	Release   indicators.Release
	AsOf      indicators.Period
	Preview   bool   // what Previewed holds, not public yet
	Previewed int    // the round of a preview; 0 for what is taken back
	Past      int    // the release that the address names; 0 for the newest
	Outdated  bool   // and it is not the newest
	Dated     bool   // AsOf is an earlier day, asked for by the address
	Section   string // the menu entry that is current
	Crumbs    []Link
	Grid      bool // the page carries the entry grid, so its script is loaded
	Drafts    bool // and a form that is saved as one types
	Chart     bool // the page carries a chart, so its scripts are loaded
	Files     Files
}

// Link is a place to go.
type Link struct {
	Text, URL string
}

// Files are the downloads of the rows that a page shows; empty when it has
// none.
type Files struct {
	CSV, XLSX, JSON, SVG string
}

// Menu is the site's menu.
func (f *Frame) Menu() []Link {
	var out []Link
	for _, s := range []string{"status", "indicators", "tasks", "projects", "policies", "areas", "organisations", "method"} {
		out = append(out, Link{Text: s, URL: f.To("/" + s)})
	}
	return out
}

// City is the plan's city in this language.
func (f *Frame) City() string { return f.Place }

// PlanTitle is the plan's title in this language.
func (f *Frame) PlanTitle() string { return f.Pick(f.Plan.Title, f.Plan.TitleEn) }

// With is this page's address with one parameter set, or removed when the
// value is empty; the switches of the header use it.
func (f *Frame) With(key, value string) string {
	q := url.Values{}
	for k, v := range f.Query {
		if k != "lang" && k != "theme" && k != "size" {
			q[k] = v
		}
	}
	if value == "" {
		q.Del(key)
	} else {
		q.Set(key, value)
	}
	if len(q) == 0 {
		return f.Path
	}
	return f.Path + "?" + q.Encode()
}

// without is this page's address without some parameters.
func (f *Frame) without(keys ...string) string {
	g := *f
	g.Query = url.Values{}
	for k, v := range f.Query {
		g.Query[k] = v
	}
	for _, k := range keys {
		g.Query.Del(k)
	}
	return g.With("asof", "")
}

// ReleaseDay is the day on which the newest release was published, in the
// plan's time zone.
func (f *Frame) ReleaseDay() string {
	return f.Release.Published.In(f.Plan.Location()).Format(time.DateOnly)
}

// Dark reports the dark theme chosen by cookie.
func (f *Frame) Dark() bool { return f.Theme == "dark" }

// OtherTheme is what the theme switch leads to.
func (f *Frame) OtherTheme() string {
	if f.Theme == "dark" {
		return "light"
	}
	return "dark"
}

// Cite is how this page is cited: title, publisher, release, date, address.
func (f *Frame) Cite() string {
	return f.T("cite.text", f.Title, f.City(), f.Release.Number, f.ReleaseDay(), f.Path)
}

// To is an address of the site that keeps the day for which this page is read,
// and the preview;
// every link to another page goes through it.
func (f *Frame) To(address string) string {
	if !f.Dated && f.Past == 0 && !f.Preview {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	if f.Dated {
		q.Set("asof", f.AsOf.String())
	}
	if f.Past > 0 {
		q.Set("release", strconv.Itoa(f.Past))
	}
	if f.Preview {
		q.Set("preview", strconv.Itoa(f.Previewed))
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// Newest is this page as it reads today.
func (f *Frame) Newest() string { return f.without("asof", "release") }

// Published is this page as the public reads it.
func (f *Frame) Published() string { return f.without("preview") }

// svg marks a picture drawn by server/chart, which escapes what it prints.
func svg(s string) template.HTML {
	return template.HTML(strings.TrimSpace(s)) //nolint:gosec // drawn and escaped by server/chart
}
