package server

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
	"yimi/seed"
	"yimi/server/page"
	"yimi/server/words"
)

// when is by when a target is promised, as a page says it.
func when(t *indicators.Target) string { return page.When(words.Zh, *t) }

// office is a session of one of the office.
func (h *house) office(name string) string {
	h.t.Helper()
	h.mustPerson(name, indicators.Grant{Role: indicators.OfficeMember})
	return h.mustSession(name)
}

func (h *house) mustLibrary() *indicators.Library {
	h.t.Helper()
	l, err := h.store.Library(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	return l
}

// fields is a form of a page as a browser would send it.
func fields(form *goquery.Selection) url.Values {
	out := url.Values{}
	form.Find("input, textarea, select").Each(func(_ int, x *goquery.Selection) {
		name, _ := x.Attr("name")
		switch goquery.NodeName(x) {
		case "textarea":
			out.Add(name, strings.TrimPrefix(x.Text(), "\n"))
		case "select":
			chosen := x.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = x.Find("option").First()
			}
			out.Add(name, chosen.AttrOr("value", ""))
		default:
			out.Add(name, x.AttrOr("value", ""))
		}
	})
	return out
}

// mustForm opens a form and changes some fields.
func (h *house) mustForm(path, secret string, changes ...string) url.Values {
	h.t.Helper()
	w := h.do(get, path, secret, nil)
	h.mustStatus(w, http.StatusOK)
	form := fields(h.doc(w).Find("main form.entry"))
	for n := 0; n < len(changes); n += 2 {
		if _, there := form[changes[n]]; !there {
			h.t.Fatalf("%s has no field %s: %v", path, changes[n], form)
		}
		form.Set(changes[n], changes[n+1])
	}
	return form
}

// mustKeep sends a form, looks at what it would change, and keeps it.
func (h *house) mustKeep(path, secret string, form url.Values) *goquery.Document {
	h.t.Helper()
	w := h.do(post, path, secret, form)
	h.mustStatus(w, http.StatusOK)
	preview := h.doc(w)
	again := fields(preview.Find("main form.entry"))
	again.Set("step", "save")
	w = h.do(post, preview.Find("main form.entry").AttrOr("action", ""), secret, again)
	h.mustStatus(w, http.StatusSeeOther)
	return preview
}

// aTarget is a numeric one that holds.
func (h *house) aTarget() *indicators.Target {
	h.t.Helper()
	l := h.mustLibrary()
	for n := range l.Targets {
		t := &l.Targets[n]
		if t.Comparator == indicators.GE && t.Value.Present() && t.From.IsZero() && t.Until.IsZero() && l.Indicator(t.Indicator).Measure == indicators.Stock {
			return t
		}
	}
	h.t.Fatal("the plan has no such target")
	return nil
}

func targetForm(t *indicators.Target) string {
	return "/library/indicators/" + string(t.Indicator) + "/targets/" + t.Key()
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// The office finds a thing, changes it, sees what that alters, keeps it; the
// public reads what changed, and why.
func TestKeepLibrary(t *testing.T) {
	h := mustHouse(t)
	secret := h.office("limin")
	l := h.mustLibrary()
	o := l.Organisations[2]

	w := h.do(get, "/work", secret, nil)
	if h.doc(w).Find(`a[href="/library"]`).Length() == 0 {
		t.Error("/work leads to no library")
	}
	w = h.do(get, "/library?q="+url.QueryEscape(o.Name), secret, nil)
	if h.doc(w).Find(fmt.Sprintf(`a[href="/library/organisations/%s"]`, o.Code)).Length() == 0 {
		t.Errorf("the search does not find %s", o.Name)
	}
	for kind, n := range map[string]int{"indicator": len(l.Indicators), "organisation": len(l.Organisations), "area": len(l.Areas)} {
		if got := h.doc(h.do(get, "/library?kind="+kind, secret, nil)).Find(".shelf > li").Length(); got != n {
			t.Errorf("the library lists %d of kind %s, want %d", got, kind, n)
		}
	}
	public := "/organisations/" + string(o.Code)
	if h.doc(h.do(get, public, "", nil)).Find(`a[href^="/library"]`).Length() > 0 {
		t.Error("the public page offers a change to anybody")
	}
	w = h.do(get, public, secret, nil)
	if h.doc(w).Find(`a[href="/library/organisations/`+string(o.Code)+`"]`).Length() != 1 || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the public page offers the office no change, or may be kept: %s", w.Header().Get("Cache-Control"))
	}

	path := "/library/organisations/" + string(o.Code)
	preview := h.mustKeep(path, secret, h.mustForm(path, secret, "name", "新的名称", indicators.WhyField, "机构改革"))
	if got := text(preview.Find(".differences")); !strings.Contains(got, o.Name+" → 新的名称") || !strings.Contains(got, "机构改革") || !strings.Contains(got, "2026年3月1日") {
		t.Errorf("the preview says %s", got)
	}
	if h.mustLibrary().Organisation(o.Code).Name != "新的名称" {
		t.Error("the change was not kept")
	}
	for _, address := range []string{public, path} {
		who := ""
		if address == path {
			who = secret
		}
		w := h.do(get, address, who, nil)
		got := text(h.doc(w).Find(".record"))
		if !strings.Contains(got, o.Name+" → 新的名称") || !strings.Contains(got, "机构改革") || strings.Contains(got, "Person limin") != (address == path) {
			t.Errorf("%s tells of the change %q", address, got)
		}
	}
	// As it read before, nothing of it is told.
	if got := h.doc(h.do(get, public+"?asof=2026-02-28", "", nil)).Find(".record"); got.Length() > 0 {
		t.Errorf("the day before tells of %s", text(got))
	}
	if got := text(h.doc(h.do(get, "/library", secret, nil)).Find("aside .record")); !strings.Contains(got, "新的名称") {
		t.Errorf("the newest changes are %q", got)
	}

	// A new one, with names in place of codes.
	form := h.mustForm("/library/organisations/new", secret, "code", "all-of-them", "name", "各单位", "kind", "collective",
		"members", l.Organisations[0].Name+"\n "+string(l.Organisations[1].Code)+"；", indicators.WhyField, "新设")
	h.mustKeep("/library/organisations/new", secret, form)
	made := h.mustLibrary().Organisation("all-of-them")
	if made == nil || !slices.Equal(made.Members, indicators.Codes{l.Organisations[0].Code, l.Organisations[1].Code}) {
		t.Errorf("the new organisation is %+v", made)
	}
	// One that ends names who takes over.
	form = h.mustForm(path, secret, "successor", "all-of-them", indicators.WhyField, "并入")
	h.mustKeep(path, secret, form)
	if got := h.mustLibrary().Organisation(o.Code).Successor; got != "all-of-them" {
		t.Errorf("the successor is %q", got)
	}
	pkg, err := h.store.Export(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := seed.WriteZip(&b, pkg); err != nil {
		t.Error(err)
	}
}

// A target that changed shows both, on the office's page and the public's; the
// preview says which statuses change, and days before keep the old.
func TestKeepTarget(t *testing.T) {
	h := mustHouse(t)
	secret := h.office("limin")
	old := h.aTarget()
	path := targetForm(old)
	public := "/indicators/" + string(old.Indicator)
	before := text(h.doc(h.do(get, public+"?asof=2026-02-28", "", nil)).Find(".verdict-boxes"))

	// A number is read as people type it.
	form := h.mustForm(path, secret, "value", "９８，７６５", indicators.WhyField, "方案中期调整")
	preview := h.mustKeep(path, secret, form)
	if got := text(preview.Find("main")); !strings.Contains(got, old.Value.String()+" → 98765") || !strings.Contains(got, "2026年2月28日") {
		t.Errorf("the preview says %s", got)
	}
	for _, address := range []string{public, "/library/indicators/" + string(old.Indicator)} {
		doc := h.doc(h.do(get, address, secret, nil))
		if got, want := text(doc.Find(".record")), "目标变更："+when(old); !strings.Contains(got, want) {
			t.Errorf("%s does not say of which target it tells, %q: %s", address, want, got)
		}
		past, all := text(doc.Find("li.past")), text(doc.Find(".targets, .promises"))
		if !strings.Contains(past, old.Value.String()) || !strings.Contains(past, "到 2026年2月28日 为止") || strings.Contains(past, "98") ||
			!strings.Contains(all, "98,765") && !strings.Contains(all, "98765") || !strings.Contains(all, "方案中期调整") {
			t.Errorf("%s shows the targets %q, past %q", address, all, past)
		}
	}
	doc := h.doc(h.do(get, public+"?asof=2026-02-28", "", nil))
	if got := text(doc.Find(".verdict-boxes")); got != before {
		t.Errorf("the day before is judged\n%s, was\n%s", got, before)
	}
	if got := text(doc.Find(".targets")); strings.Contains(got, "98") || doc.Find("li.past").Length() > 0 {
		t.Errorf("the day before knows the new target: %s", got)
	}
	if got := text(h.doc(h.do(get, public, "", nil)).Find(".verdict-boxes")); got == before {
		t.Error("today is judged by the old target")
	}
	if body := h.do(get, "/api/v1/indicators/"+string(old.Indicator), "", nil).Body.String(); !strings.Contains(body, `"until":"2026-02-28"`) {
		t.Errorf("the API has no end of the old target: %s", body)
	}

	// One announced is told as such, today only.
	t2 := h.mustLibrary().TargetsOf(old.Indicator)
	now := &t2[slices.IndexFunc(t2, func(x indicators.Target) bool { return x.From.String() == "2026-03-01" })]
	h.mustKeep(targetForm(now), secret, h.mustForm(targetForm(now), secret, "value", "55555", indicators.HoldsField, "2027-01-01", indicators.WhyField, "再调整"))
	if got := text(h.doc(h.do(get, public, "", nil)).Find(".targets")); !strings.Contains(got, "自 2027年1月1日 起") {
		t.Errorf("the public is not told what comes: %s", got)
	}
	// A new one beside it.
	h.mustKeep("/library/indicators/"+string(old.Indicator)+"/targets/new", secret,
		h.mustForm("/library/indicators/"+string(old.Indicator)+"/targets/new", secret, "milestone", "every", "comparator", "ge", "value", "3", "clause", "补充", indicators.WhyField, "补充方案"))
	if got := text(h.doc(h.do(get, public, "", nil)).Find(".targets")); !strings.Contains(got, "每年") {
		t.Errorf("the new target is not shown: %s", got)
	}
}

// What is wrong is said at its field, and nothing that was typed is lost.
func TestAmendmentRefused(t *testing.T) {
	h := mustHouse(t)
	secret := h.office("limin")
	l := h.mustLibrary()
	target := targetForm(h.aTarget())
	area := "/library/areas/" + string(l.Areas[1].Code)
	indicator := "/library/indicators/" + string(l.Indicators[0].Code)
	tests := []struct {
		path, field string
		changes     []string
		says        string
	}{
		{area, "name", []string{"name", "", "short", "短"}, "不能为空"},
		{area, indicators.WhyField, []string{"name", "甲", indicators.WhyField, " "}, "不能为空"},
		{area, indicators.HoldsField, []string{"name", "甲", indicators.HoldsField, "2026-03-02"}, "不能晚于今天 2026-03-01"},
		{area, indicators.HoldsField, []string{"name", "甲", indicators.HoldsField, "明天"}, "年-月-日"},
		{area, "parent", []string{"parent", string(l.Areas[1].Code)}, "不能指向自己"},
		{area, "gb_code", []string{"gb_code", "x"}, "数字"},
		{target, "value", []string{"value", "约50"}, "确切"},
		{target, "value", []string{"value", "1e5"}, "请填完整的数"},
		{target, "value", []string{"value", ""}, "目标要有数值"},
		{target, "comparator", []string{"comparator", "le"}, "不高于 与指标的方向相反"},
		{target, indicators.HoldsField, []string{"value", "98765", indicators.HoldsField, "2001-01-01"}, "变更不能更早"},
		{indicator, "leads", []string{"leads", "没有的单位\n另一个"}, "没有单位 没有的单位"},
		{indicator, "decimals", []string{"decimals", "2.5"}, "整数"},
		{"/library/indicators/new", "code", []string{"code", string(l.Indicators[0].Code), "name", "甲"}, "已经用过"},
		{"/library/areas/new", "code", []string{"code", "new", "name", "甲", "level", "district"}, "已经用过"},
		{"/library/organisations/new", "code", []string{"code", "大写", "name", "甲"}, "小写字母"},
	}
	for _, tt := range tests {
		form := h.mustForm(tt.path, secret, append([]string{indicators.WhyField, "理由在此"}, tt.changes...)...)
		for _, step := range []string{"", "save"} {
			form.Set("step", step)
			w := h.do(post, tt.path, secret, form)
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s %v = %d, want 422: %s", tt.path, tt.changes, w.Code, text(h.doc(w).Find("main")))
				continue
			}
			doc := h.doc(w)
			if got := text(doc.Find("#" + tt.field + "-problem")); !strings.Contains(got, tt.says) {
				t.Errorf("%s %v says %q at %s, want %q; all: %s", tt.path, tt.changes, got, tt.field, tt.says, text(doc.Find(".wrong")))
			}
			if doc.Find(`.wrong a[href="#`+tt.field+`"]`).Length() != 1 || !strings.Contains(doc.Find("title").Text(), "错误") {
				t.Errorf("%s %v: the summary leads to no field", tt.path, tt.changes)
			}
			form.Del("step")
			if got := fields(doc.Find("main form.entry")); fmt.Sprint(got) != fmt.Sprint(form) {
				t.Errorf("%s %v: the form comes back as\n%v, was\n%v", tt.path, tt.changes, got, form)
			}
		}
	}
	// Nothing was changed: that is said, too.
	form := h.mustForm(area, secret, indicators.WhyField, "理由")
	w := h.do(post, area, secret, form)
	h.mustStatus(w, http.StatusUnprocessableEntity)
	if got := text(h.doc(w).Find(".wrong")); !strings.Contains(got, "没有改动") {
		t.Errorf("an empty change says %q", got)
	}
	// What a change breaks elsewhere is told with its place.
	for n := range l.Indicators {
		i := &l.Indicators[n]
		obs, err := h.store.Observations(context.Background(), i.Code)
		if err != nil || len(obs) == 0 || i.Measure != indicators.Stock || !obs[0].Value.Present() || obs[0].Basis != indicators.Level && obs[0].Basis != "" {
			continue
		}
		path := "/library/indicators/" + string(i.Code)
		w := h.do(post, path, secret, h.mustForm(path, secret, "min", "99999999999", indicators.WhyField, "理由"))
		h.mustStatus(w, http.StatusUnprocessableEntity)
		if got := text(h.doc(w).Find(".wrong")); !strings.Contains(got, "公开的数、"+i.Name) || !strings.Contains(got, "、数值：") || strings.Contains(got, ".csv") {
			t.Errorf("figures out of bounds are told as %q", got)
		}
		break
	}
	for _, path := range []string{"/library/areas/nowhere", "/library/indicators/nowhere/targets/new", indicator + "/targets/2099_level"} {
		h.mustStatus(h.do(get, path, secret, nil), http.StatusNotFound)
		h.mustStatus(h.do(post, path, secret, url.Values{indicators.WhyField: {"x"}, indicators.HoldsField: {"2026-03-01"}, "value": {"1"}}), http.StatusNotFound)
	}
	if changes, err := h.store.NewestAmendments(context.Background(), 9); err != nil || len(changes) != 0 {
		t.Errorf("something was kept: %v, %v", changes, err)
	}
}

// target 50→60 and 50→55: the second save gets 409 with both values, also for
// one person in two tabs, and what was typed stands in the field.
func TestAmendmentConflict(t *testing.T) {
	for _, people := range [][2]string{{"limin", "limin"}, {"limin", "wangwu"}} {
		h := mustHouse(t)
		first := h.office(people[0])
		second := first
		if people[1] != people[0] {
			second = h.office(people[1])
		}
		path := targetForm(h.aTarget())
		one := h.mustForm(path, first, "value", "60000", indicators.WhyField, "甲")
		two := h.mustForm(path, second, "value", "55000", "term", "两年内", indicators.WhyField, "乙")
		three := h.mustForm("/library/areas/"+string(h.mustLibrary().Areas[1].Code), second, "short", "短名", indicators.WhyField, "丙")
		h.mustKeep(path, first, one)

		var w *httptest.ResponseRecorder
		for _, step := range []string{"", "save"} {
			two.Set("step", step)
			w = h.do(post, path, second, two)
			h.mustStatus(w, http.StatusConflict)
		}
		doc := h.doc(w)
		if got := text(doc.Find("#value-problem")); !strings.Contains(got, "60000") || !strings.Contains(got, "55000") {
			t.Errorf("the conflict says %q", got)
		}
		if got := text(doc.Find(".wrong")); !strings.Contains(got, "Person "+people[0]) || !strings.Contains(got, "甲") {
			t.Errorf("the conflict does not say who: %q", got)
		}
		form := doc.Find("main form.entry")
		again := fields(form)
		if again.Get("value") != "55000" || again.Get("term") != "两年内" || again.Get(indicators.WhyField) != "乙" {
			t.Errorf("what was typed is lost: %v", again)
		}
		// Whoever has seen both goes on from what stands.
		h.mustKeep(form.AttrOr("action", ""), second, again)
		var held []string
		l := h.mustLibrary()
		for _, x := range l.TargetsOf(h.mustLibrary().Targets[0].Indicator) {
			held = append(held, x.Value.String())
		}
		found := false
		for _, x := range l.Targets {
			found = found || x.Value.String() == "55000" && x.Term == "两年内" && x.From.String() == "2026-03-01"
			if x.Value.String() == "60000" {
				t.Errorf("both stand: %v", held)
			}
		}
		if !found {
			t.Error("the second change was not kept")
		}
		// Another row is nobody's conflict.
		h.mustKeep("/library/areas/"+string(l.Areas[1].Code), second, three)
	}
}

// Where two change different fields of one row, the form of the second takes up
// what the first did, so that nothing is undone unseen.
func TestAmendmentOfOtherFields(t *testing.T) {
	h := mustHouse(t)
	secret := h.office("limin")
	path := "/library/areas/" + string(h.mustLibrary().Areas[1].Code)
	one := h.mustForm(path, secret, "name", "甲区", indicators.WhyField, "甲")
	two := h.mustForm(path, secret, "short", "乙", indicators.WhyField, "乙")
	h.mustKeep(path, secret, one)
	w := h.do(post, path, secret, two)
	h.mustStatus(w, http.StatusConflict)
	again := fields(h.doc(w).Find("main form.entry"))
	if again.Get("name") != "甲区" || again.Get("short") != "乙" {
		t.Errorf("the form goes on with %v", again)
	}
	h.mustKeep(path, secret, again)
	if a := h.mustLibrary().Areas[1]; a.Name != "甲区" || a.Short != "乙" {
		t.Errorf("the area is %+v", a)
	}
	// A form without the row that it read overwrites nothing.
	two.Del(wasField)
	two.Set("step", "save")
	h.mustStatus(h.do(post, path, secret, two), http.StatusConflict)
}

// A double click keeps one change, and says so twice.
func TestAmendmentSentTwice(t *testing.T) {
	h := mustHouse(t)
	secret := h.office("limin")
	area := "/library/areas/" + string(h.mustLibrary().Areas[1].Code)
	target := targetForm(h.aTarget())
	for n, tt := range []struct {
		path    string
		changes []string
	}{
		{area, []string{"name", "甲区"}},
		{target, []string{"value", "77777"}},
		{"/library/areas/new", []string{"code", "new-town", "name", "新区", "level", "district", "parent", string(h.mustLibrary().City().Code)}},
		{"/library/indicators/" + string(h.aTarget().Indicator) + "/targets/new", []string{"milestone", "every", "comparator", "ge", "value", "3", "clause", "补充"}},
	} {
		form := h.mustForm(tt.path, secret, append([]string{indicators.WhyField, "理由"}, tt.changes...)...)
		form.Set("step", "save")
		first, second := h.do(post, tt.path, secret, form), h.do(post, tt.path, secret, form)
		if first.Code != http.StatusSeeOther || second.Code != first.Code || second.Header().Get("Location") != first.Header().Get("Location") {
			t.Errorf("%s: %d %s, then %d %s", tt.path, first.Code, first.Header().Get("Location"), second.Code, second.Header().Get("Location"))
		}
		if all, err := h.store.NewestAmendments(context.Background(), 99); err != nil || len(all) != n+1 {
			t.Errorf("%s: %d changes were kept, want %d", tt.path, len(all), n+1)
		}
		// What was meant otherwise is another one.
		form.Set(indicators.WhyField, "别的理由")
		if w := h.do(post, tt.path, secret, form); w.Code == http.StatusSeeOther {
			t.Errorf("%s: another change went through unseen", tt.path)
		}
	}
}

// From the preview one can go back, with everything that was typed.
func TestAmendmentBackToTheForm(t *testing.T) {
	h := mustHouse(t)
	secret := h.office("limin")
	path := "/library/indicators/" + string(h.mustLibrary().Indicators[0].Code)
	form := h.mustForm(path, secret, "name", "<img src=x onerror=alert(1)>", "aliases", "甲\n乙", indicators.WhyField, "理由")
	w := h.do(post, path, secret, form)
	h.mustStatus(w, http.StatusOK)
	if h.doc(w).Find("main img").Length() > 0 {
		t.Error("a name is markup")
	}
	again := fields(h.doc(w).Find("main form.entry"))
	again.Set("step", "edit")
	w = h.do(post, path, secret, again)
	h.mustStatus(w, http.StatusOK)
	if got := fields(h.doc(w).Find("main form.entry")); fmt.Sprint(got) != fmt.Sprint(form) {
		t.Errorf("the form comes back as\n%v, was\n%v", got, form)
	}
	if strings.Contains(h.do(get, "/library?lang=en", secret, nil).Body.String(), "[amend") {
		t.Error("a key stands on the page")
	}
}

// Every column that a form may change has its field, once.
func TestShelvesHaveEveryColumn(t *testing.T) {
	for _, sh := range shelves {
		f, _ := indicators.FileNamed(sh.file)
		got := sh.columns()
		for _, c := range f.Header() {
			n := 0
			for _, x := range got {
				if x == c {
					n++
				}
			}
			want := 1
			if sh == targetShelf && slices.Contains([]string{"indicator", "from", "until", "reason"}, c) {
				want = 0
			}
			if n != want {
				t.Errorf("%s.%s has %d fields, want %d", sh.file, c, n, want)
			}
		}
	}
}

// A target that asks for less than another before it is looked at once more in
// the preview; it can be kept all the same, and is then told no more.
func TestTargetsThatContradict(t *testing.T) {
	h := mustHouse(t)
	secret := h.office("limin")
	var late *indicators.Target
	l := h.mustLibrary()
	for n := range l.Targets {
		x := &l.Targets[n]
		if i := l.Indicator(x.Indicator); i.Measure == indicators.Stock && i.Direction == indicators.Higher && x.Comparator == indicators.GE && x.Milestone == indicators.MilestoneOf(l.Plan.LastMilestone()) &&
			len(l.TargetsOf(i.Code)) == 1 && (x.Basis == "" || x.Basis == indicators.Level) && !i.Max.Present() {
			late = x
			break
		}
	}
	path := "/library/indicators/" + string(late.Indicator) + "/targets/new"
	preview := func(value string) *goquery.Document {
		t.Helper()
		form := h.mustForm(path, secret, "milestone", strconv.Itoa(l.Plan.Milestones[0]), "comparator", "ge", "value", value, "basis", "level", "clause", "x", indicators.WhyField, "理由")
		w := h.do(post, path, secret, form)
		h.mustStatus(w, http.StatusOK)
		return h.doc(w)
	}
	if doc := preview("0.5"); doc.Find("#odd").Length() != 0 {
		t.Errorf("a lower earlier target is odd: %s", text(doc.Find("#odd")))
	}
	doc := preview(late.Value.String() + "000")
	if got := text(doc.Find("#odd li")); doc.Find("#odd li").Length() != 1 || !strings.Contains(got, when(late)) || !strings.Contains(got, "要求还低") {
		t.Errorf("a higher earlier target is told as %q", got)
	}
	again := fields(doc.Find("main form.entry"))
	again.Set("step", "save")
	h.mustStatus(h.do(post, path, secret, again), http.StatusSeeOther)
	// Another change of the plan is not held up by what was kept.
	area := "/library/areas/" + string(l.Areas[1].Code)
	w := h.do(post, area, secret, h.mustForm(area, secret, "short", "短", indicators.WhyField, "理由"))
	h.mustStatus(w, http.StatusOK)
	if h.doc(w).Find("#odd").Length() != 0 {
		t.Error("what was kept is told again")
	}
}

// A row is named in either language, whatever the language of the page.
func TestNamesInEitherLanguage(t *testing.T) {
	h := mustHouse(t)
	secret := h.office("limin")
	l := h.mustLibrary()
	at := slices.IndexFunc(l.Organisations, func(o indicators.Organisation) bool {
		return o.NameEn != "" && o.Kind != indicators.Collective && !slices.ContainsFunc(l.Organisations, func(x indicators.Organisation) bool { return x.Code != o.Code && x.NameEn == o.NameEn })
	})
	o := l.Organisations[at]
	i := l.Indicators[slices.IndexFunc(l.Indicators, func(i indicators.Indicator) bool { return !i.Leads.Contains(o.Code) })]
	path := "/library/indicators/" + string(i.Code)
	for _, lang := range []string{"zh-CN", "en"} {
		for _, name := range []string{o.Name, o.NameEn, strings.ToUpper(o.NameEn), string(o.Code)} {
			form := h.mustForm(path, secret, "leads", name, indicators.WhyField, "理由")
			w := h.do(post, path+"?lang="+lang, secret, form)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), map[string]string{"zh-CN": o.Name, "en": o.NameEn}[lang]) {
				t.Errorf("in %s %q = %d: %s", lang, name, w.Code, text(h.doc(w).Find(".wrong")))
			}
		}
		w := h.do(post, path+"?lang="+lang, secret, h.mustForm(path, secret, "leads", "nobody at all", indicators.WhyField, "理由"))
		h.mustStatus(w, http.StatusUnprocessableEntity)
	}
}
