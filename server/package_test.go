package server

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
	"yimi/seed"
)

// sendFile posts a form with one file.
func (h *house) sendFile(path, secret, name string, content []byte) *httptest.ResponseRecorder {
	h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	if name != "" {
		part, err := m.CreateFormFile("file", name)
		if err != nil {
			h.t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		h.t.Fatal(err)
	}
	req := httptest.NewRequest(post, path, &b)
	req.RemoteAddr = "192.0.2.1:4000"
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.AddCookie(&http.Cookie{Name: "session", Value: secret})
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, req)
	return w
}

func zipped(t *testing.T, p *indicators.Package) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := seed.WriteZip(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// newerPlan is what the store keeps with changes: a name, a figure corrected, a
// target of an indicator with results moved far up, an indicator gone.
func (d *desk) newerPlan() *indicators.Package {
	d.t.Helper()
	p, err := d.store.Export(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	p.Domains[0].Name += "（新）"
	for i := range p.Observations {
		if o := &p.Observations[i]; o.Kind == indicators.Result && o.Value.Present() {
			o.Value = indicators.MustNumber(o.Value.String() + "0")
			break
		}
	}
	for i := range p.Targets {
		if ind := d.l.Indicator(p.Targets[i].Indicator); ind.Measure != indicators.Deliverable && p.Targets[i].Comparator == indicators.GE && p.Targets[i].Basis == indicators.Level && p.Targets[i].Milestone != "every" {
			p.Targets[i].Value = indicators.MustNumber("0")
		}
	}
	return p
}

func TestLoadingANewerPackage(t *testing.T) {
	d := mustOpen(t)
	w := d.do(get, "/library/package", d.office, nil)
	d.mustStatus(w, http.StatusOK)
	if doc := d.doc(w); doc.Find(`form[enctype] input[type=file]`).Length() != 1 || doc.Find("#preview").Length() != 0 {
		t.Error("the page has no form for a file, or a preview of nothing")
	}
	if d.doc(d.do(get, "/library", d.office, nil)).Find(`a[href="/library/package"]`).Length() != 1 {
		t.Error("/work does not lead there")
	}

	// What is no package is refused at its field, with every fault.
	same := zipped(t, mustExported(t, d))
	for name, content := range map[string][]byte{"": nil, "no.zip": []byte("hello"), "cut.zip": same[:len(same)/2]} {
		w := d.sendFile("/library/package", d.office, name, content)
		d.mustStatus(w, http.StatusUnprocessableEntity)
		if doc := d.doc(w); doc.Find("#file-problem").Length() != 1 || doc.Find("#file").AttrOr("aria-invalid", "") != "true" || doc.Find("#preview").Length() != 0 {
			t.Errorf("%q is not refused at the field", name)
		}
	}
	broken := d.newerPlan()
	broken.Indicators[0].Name = ""
	w = d.sendFile("/library/package", d.office, "broken.zip", zipped(t, broken))
	d.mustStatus(w, http.StatusUnprocessableEntity)
	if text := d.doc(w).Find(".wrong li").Text(); !strings.Contains(text, "indicators.csv") || strings.Contains(text, "problem.") {
		t.Errorf("the faults read %q", text)
	}
	big := d.sendFile("/library/package", d.office, "big.zip", bytes.Repeat([]byte("x"), maxUpload+1))
	d.mustStatus(big, http.StatusRequestEntityTooLarge)

	// The same package changes nothing and offers nothing.
	w = d.sendFile("/library/package", d.office, "same.zip", same)
	d.mustStatus(w, http.StatusSeeOther)
	doc := d.doc(d.do(get, "/library/package", d.office, nil))
	if doc.Find("#preview .sentence").Length() != 1 || doc.Find("#reason").Length() != 0 {
		t.Errorf("the same package reads %q", doc.Find("#preview").Text())
	}

	next := d.newerPlan()
	w = d.sendFile("/library/package", d.office, "newer.zip", zipped(t, next))
	d.mustStatus(w, http.StatusSeeOther)
	promised, err := d.store.Compare(context.Background(), d.clock(), next)
	if err != nil {
		t.Fatal(err)
	}
	w = d.do(get, "/library/package", d.office, nil)
	d.mustStatus(w, http.StatusOK)
	doc = d.doc(w)
	text := doc.Find("#preview").Text()
	for _, want := range []string{"newer.zip", next.Domains[0].Name, "domains.csv", "targets.csv"} {
		if !strings.Contains(text, want) {
			t.Errorf("the preview does not say %q: %s", want, text)
		}
	}
	if got := doc.Find("#preview .flip").Length(); len(promised.Effects) == 0 || got != min(len(promised.Effects), maxFiguresShown) {
		t.Errorf("%d statuses stand on the page, %d would flip", got, len(promised.Effects))
	}
	form := url.Values{"token": {doc.Find("input[name=token]").AttrOr("value", "")}, "reason": {" "}}
	if form.Get("token") != promised.Token {
		t.Error("the page carries another token")
	}

	// Another person of the office does not see it, and cannot load it.
	d.mustPerson("other", indicators.Grant{Role: indicators.OfficeMember})
	other := d.mustSession("other")
	if d.doc(d.do(get, "/library/package", other, nil)).Find("#preview").Length() != 0 {
		t.Error("a package waits for somebody else")
	}
	form.Set("reason", "second edition")
	w = d.do(post, "/library/package/load", other, form)
	d.mustStatus(w, http.StatusConflict)
	if !strings.Contains(d.doc(w).Find("main").Text(), "second edition") {
		t.Error("the reason is lost with the package")
	}

	form.Set("reason", " ")
	w = d.do(post, "/library/package/load", d.office, form)
	d.mustStatus(w, http.StatusUnprocessableEntity)
	if d.doc(w).Find("#reason-problem").Length() != 1 {
		t.Error("no reason is not refused at its field")
	}
	for text, told := range map[string]string{"a\x00b": "看不见", "\u202e反转的说明": "看不见", "\xff": "看不见", strings.Repeat("长", 4001): "4000"} {
		form.Set("reason", text)
		w = d.do(post, "/library/package/load", d.office, form)
		d.mustStatus(w, http.StatusUnprocessableEntity)
		if doc := d.doc(w); !strings.Contains(doc.Find("#reason-problem").Text(), told) || doc.Find("#reason").Text() == "" {
			t.Errorf("the reason %.10q is told %q, and comes back as %.10q", text, doc.Find("#reason-problem").Text(), doc.Find("#reason").Text())
		}
	}
	form.Set("reason", "second <b>edition")

	// The library changes in between: the preview is shown anew, the reason stays.
	between := mustExported(t, d)
	between.Rules[0].Message += "（改）"
	if _, err := d.store.Load(context.Background(), between, d.clock(), nil); err != nil {
		t.Fatal(err)
	}
	w = d.do(post, "/library/package/load", d.office, form)
	d.mustStatus(w, http.StatusConflict)
	doc = d.doc(w)
	if doc.Find("#reason").Text() != "second <b>edition" || doc.Find(".wrong").Length() != 1 || doc.Find("input[name=token]").AttrOr("value", "") == form.Get("token") ||
		!strings.Contains(doc.Find("#preview").Text(), "rules.csv") {
		t.Errorf("a moved library is not shown anew: %s", doc.Find("main").Text())
	}
	if r, err := d.store.Release(context.Background()); err != nil || r.Number != 1 {
		t.Fatalf("release %d stands, %v", r.Number, err)
	}

	// It publishes: the password is asked for again, and the reason waits.
	form.Set("token", doc.Find("input[name=token]").AttrOr("value", ""))
	d.wait(11 * time.Minute)
	w = d.do(post, "/library/package/load", d.office, form)
	d.mustStatus(w, http.StatusUnauthorized)
	if got := d.doc(w).Find(`input[name="kept.reason"]`).AttrOr("value", ""); got != "second <b>edition" {
		t.Errorf("behind the password waits %q", got)
	}
	d.office = d.mustAgain("head")
	w = d.do(post, "/library/package/load", d.office, form)
	d.mustStatus(w, http.StatusSeeOther)
	if to := w.Header().Get("Location"); to != "/releases/2?done=loaded" {
		t.Errorf("the load leads to %s", to)
	}
	r, err := d.store.Release(context.Background())
	if err != nil || r.Number != 2 || r.Note != "second <b>edition" || r.Person != d.head.Person || r.Kind != indicators.LoadedRelease || r.Head.Size == 0 {
		t.Errorf("the release is %+v, %v", r, err)
	}
	events, err := d.store.Events(context.Background(), indicators.EventFilter{Act: indicators.KeepLibrary, Account: d.head.ID})
	if err != nil || len(events) != 1 || !strings.Contains(events[0].After, "second") || !strings.HasPrefix(events[0].Object, "package ") {
		t.Errorf("the trail says %+v, %v", events, err)
	}
	w = d.do(get, "/releases/2", "", nil)
	d.mustStatus(w, http.StatusOK)
	if !strings.Contains(d.doc(w).Find(".child").Text(), "second <b>edition") {
		t.Error("the public does not read why")
	}
	if d.doc(d.do(get, "/library/package", d.office, nil)).Find("#preview").Length() != 0 {
		t.Error("the package still waits after it was loaded")
	}
}

// A figure of the round that would lose its indicator is told, and what was
// published here stays though the package has not heard of it.
func TestAPackageThatTakesAnIndicatorAway(t *testing.T) {
	d := mustOpen(t)
	next := mustExported(t, d)
	sent := d.approved(1, "3")
	gone := d.l.Indicator(sent[0].Indicator)
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(1)), http.StatusSeeOther)
	diff, err := d.store.Compare(context.Background(), d.clock(), next)
	if err != nil || !diff.Change.Nothing() {
		t.Errorf("a package from before the round would change %+v, %v", diff.Change, err)
	}
	lost := withoutSpare(d, next, gone.Code)
	w := d.sendFile("/library/package", d.office, "less.zip", zipped(t, next))
	d.mustStatus(w, http.StatusSeeOther)
	text := d.doc(d.do(get, "/library/package", d.office, nil)).Find("#preview").Text()
	if !strings.Contains(text, lost.Name) || !strings.Contains(text, "不再有") {
		t.Errorf("what the round would lose is not told: %s", text)
	}
}

// withoutSpare takes an indicator out of a package that nothing else names.
func withoutSpare(d *desk, p *indicators.Package, not indicators.Code) indicators.Indicator {
	d.t.Helper()
	for i := len(p.Indicators) - 1; i >= 0; i-- {
		next := *p
		x := p.Indicators[i]
		if x.Code == not {
			continue
		}
		next.Indicators = append(append([]indicators.Indicator{}, p.Indicators[:i]...), p.Indicators[i+1:]...)
		next.Targets = nil
		for _, t := range p.Targets {
			if t.Indicator != x.Code {
				next.Targets = append(next.Targets, t)
			}
		}
		next.Observations = nil
		for _, o := range p.Observations {
			if o.Subject != x.Code {
				next.Observations = append(next.Observations, o)
			}
		}
		without := func(list indicators.Codes) indicators.Codes {
			return slices.DeleteFunc(slices.Clone(list), func(c indicators.Code) bool { return c == x.Code })
		}
		next.Commitments, next.Projects, next.Policies = slices.Clone(p.Commitments), slices.Clone(p.Projects), slices.Clone(p.Policies)
		for n := range next.Commitments {
			next.Commitments[n].Indicators = without(next.Commitments[n].Indicators)
		}
		for n := range next.Projects {
			next.Projects[n].Indicators = without(next.Projects[n].Indicators)
		}
		for n := range next.Policies {
			next.Policies[n].Indicators = without(next.Policies[n].Indicators)
		}
		for n := range next.Indicators {
			next.Indicators[n].Related = without(next.Indicators[n].Related)
		}
		next.Coverage = slices.Clone(p.Coverage)
		for n := range next.Coverage {
			if c := &next.Coverage[n]; c.Indicator == x.Code {
				c.Indicator, c.Milestone, c.Reason = "", "", "not measured"
			}
		}
		if len(next.Validate()) == 0 {
			*p = next
			return x
		}
	}
	d.t.Fatal("every indicator is named elsewhere")
	return indicators.Indicator{}
}

func mustExported(t *testing.T, d *desk) *indicators.Package {
	t.Helper()
	p, err := d.store.Export(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParcels(t *testing.T) {
	var p parcels
	for n := range int64(6) {
		p.keep(n, parcel{name: string(rune('a' + n)), at: now.Add(time.Duration(n) * time.Second)})
	}
	for n := range int64(6) {
		if x, ok := p.of(n, now.Add(time.Minute)); ok != (n >= 2) || ok && x.name != string(rune('a'+n)) {
			t.Errorf("of(%d) = %+v, %t: want the four newest", n, x, ok)
		}
	}
	if _, ok := p.of(5, now.Add(2*time.Hour)); ok {
		t.Error("a package waits for ever")
	}
	p.drop(4)
	if _, ok := p.of(4, now); ok {
		t.Error("a package that was dropped still waits")
	}
}

// A package without an organisation that accounts act for cannot be loaded: the
// preview says so and by whom, and offers no load; a load all the same names the
// cause and keeps the reason.
func TestAPackageThatTakesAnOrganisationAway(t *testing.T) {
	d := mustOpen(t)
	next := mustExported(t, d)
	next.Organisations = append(next.Organisations, indicators.Organisation{Code: "spare-office", Name: "备用办公室", Kind: next.Organisations[0].Kind})
	if problems := next.Validate(); len(problems) > 0 {
		t.Fatal(problems)
	}
	if _, err := d.store.Load(context.Background(), next, d.clock(), nil); err != nil {
		t.Fatal(err)
	}
	d.mustPerson("keeper", indicators.Grant{Role: indicators.Contributor, Organisation: "spare-office"})
	next.Organisations = next.Organisations[:len(next.Organisations)-1]
	d.mustStatus(d.sendFile("/library/package", d.office, "less.zip", zipped(t, next)), http.StatusSeeOther)
	doc := d.doc(d.do(get, "/library/package", d.office, nil))
	if got := doc.Find("#holding").Text(); !strings.Contains(got, "备用办公室") || !strings.Contains(got, "keeper") {
		t.Errorf("what holds the organisation is not told: %q", got)
	}
	if doc.Find("#preview form").Length() != 0 {
		t.Error("a load is offered that cannot succeed")
	}
	diff, err := d.store.Compare(context.Background(), d.clock(), next)
	if err != nil {
		t.Fatal(err)
	}
	w := d.do(post, "/library/package/load", d.office, url.Values{"token": {diff.Token}, "reason": {"fewer units"}})
	d.mustStatus(w, http.StatusConflict)
	if got := d.doc(w).Find("main").Text(); !strings.Contains(got, "fewer units") || !strings.Contains(got, "keeper") || !strings.Contains(got, "还有账号属于") || strings.Contains(got, "刚刚被改动") {
		t.Errorf("the refusal reads %s", got)
	}
	// Once nobody acts for it, it goes.
	a := d.mustAccount(d.mustActor("keeper").Account)
	if err := d.store.SetGrants(context.Background(), d.chief(), d.clock(), a.ID, a.Version, []indicators.Grant{{Role: indicators.Contributor, Organisation: d.org[0]}}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.LoadSeen(context.Background(), d.head.Actor(""), d.clock(), next, diff.Token, "fewer units", Teller, nil); err != nil {
		t.Errorf("nobody holds it, and the load fails: %v", err)
	}
}

// A figure that was taken back here stands apart in the preview of the package
// that still has it.
func TestAPackageWithAFigureThatWasTakenBack(t *testing.T) {
	d := mustOpen(t)
	ctx := context.Background()
	before := mustExported(t, d)
	o := before.Observations[slices.IndexFunc(before.Observations, func(o indicators.Observation) bool {
		return o.Kind == indicators.Result && o.Value.Present() && d.l.Indicator(o.Subject) != nil
	})]
	if _, err := d.store.Withhold(ctx, d.head.Actor(""), d.clock(), o, "wrong"); err != nil {
		t.Fatal(err)
	}
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(0)), http.StatusSeeOther)
	d.mustStatus(d.sendFile("/library/package", d.office, "same.zip", zipped(t, before)), http.StatusSeeOther)
	doc := d.doc(d.do(get, "/library/package", d.office, nil))
	if got := doc.Find("#withheld").Text(); !strings.Contains(got, d.l.Indicator(o.Subject).Name) || doc.Find("#withheld li").Length() != 1 || doc.Find("#reason").Length() != 0 {
		t.Errorf("what was taken back is told as %q", got)
	}
}
