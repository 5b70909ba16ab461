package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
)

// desk is a house in which a round can be opened: somebody of the office, and
// somebody of every unit that owes a figure.
type desk struct {
	*house
	l      *indicators.Library
	year   int
	round  int
	office string // the session of somebody of the office
	head   indicators.Account
	people map[indicators.Code]indicators.Account
}

// mustDesk opens no round yet.
func mustDesk(t testing.TB) *desk {
	t.Helper()
	return mustDeskIn(mustHouse(t))
}

func mustDeskIn(h *house) *desk {
	t := h.t
	t.Helper()
	d := &desk{house: h, people: map[indicators.Code]indicators.Account{}}
	var err error
	if d.l, err = d.store.Library(context.Background()); err != nil {
		t.Fatal(err)
	}
	d.year = now.Year() - 1
	d.head = d.mustPerson("head", indicators.Grant{Role: indicators.OfficeMember})
	d.office = d.mustSession("head")
	due, _, err := d.store.DueFor(context.Background(), now, d.year)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range due {
		if _, there := d.people[x.Organisation]; !there {
			d.people[x.Organisation] = d.mustPerson(fmt.Sprintf("unit%d", len(d.people)), indicators.Grant{Role: indicators.Contributor, Organisation: x.Organisation})
		}
	}
	d.mustReviewers(d.year)
	return d
}

// mustReviewers has somebody endorse what the districts of a year's round enter,
// for every lead department.
func (h *house) mustReviewers(year int) {
	h.t.Helper()
	_, lacks, err := h.store.DueFor(context.Background(), now, year)
	if err != nil {
		h.t.Fatal(err)
	}
	var grants []indicators.Grant
	for _, x := range lacks.Review {
		if g := (indicators.Grant{Role: indicators.Reviewer, Organisation: x.Organisation}); !slices.Contains(grants, g) {
			grants = append(grants, g)
		}
	}
	if len(grants) > 0 {
		h.mustPerson("leads", grants...)
	}
}

func (d *desk) day(month, day int) indicators.Period {
	return indicators.Period{Year: d.year + 1, Month: month, Day: day}
}

// mustOpen is a desk with an open round.
func mustOpen(t testing.TB) *desk {
	t.Helper()
	return mustDesk(t).mustOpen()
}

// mustOpen opens the round of last year.
func (d *desk) mustOpen() *desk {
	d.t.Helper()
	var err error
	d.round, err = d.store.OpenRound(context.Background(), d.head.Actor(""), now,
		indicators.Round{Year: d.year, Due: d.day(3, 31), OnTime: d.day(4, 5), Locked: d.day(5, 1), Note: "note"})
	if err != nil {
		d.t.Fatal(err)
	}
	return d
}

// roundForm is what a person types to open a round.
func (d *desk) roundForm() url.Values {
	return url.Values{
		"year": {fmt.Sprint(d.year)}, "due": {d.day(3, 31).String()}, "on_time": {d.day(4, 5).String()}, "locked": {d.day(5, 1).String()}, "note": {"  for all  "},
	}
}

func TestOpeningARound(t *testing.T) {
	d := mustDesk(t)
	doc := d.doc(d.do(get, "/rounds", d.office, nil))
	if doc.Find(`a[href="/rounds/new"]`).Length() != 1 || doc.Find("tbody tr").Length() != 0 {
		t.Error("the empty list offers no round, or has one")
	}
	doc = d.doc(d.do(get, "/rounds/new", d.office, nil))
	if got := doc.Find("#year option[selected]").AttrOr("value", ""); got != fmt.Sprint(d.year) {
		t.Errorf("the year offered is %s, want last year", got)
	}
	for _, id := range []string{"#due-hint", "#on_time-hint", "#locked-hint"} {
		if doc.Find(id).Text() == "" {
			t.Errorf("%s does not explain its day", id)
		}
	}

	for what, change := range map[string]func(url.Values){
		"no day":       func(f url.Values) { f.Set("due", "soon") },
		"wrong order":  func(f url.Values) { f.Set("due", d.day(4, 30).String()) },
		"before it is": func(f url.Values) { f.Set("due", fmt.Sprintf("%d-12-31", d.year-1)) },
		"no such year": func(f url.Values) { f.Set("year", "1900") },
	} {
		form := d.roundForm()
		change(form)
		w := d.do(post, "/rounds/new", d.office, form)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d, want 422", what, w.Code)
		}
		doc := d.doc(w)
		if doc.Find(".wrong").Length() == 0 || doc.Find("#note").Text() != form.Get("note") || doc.Find("#due").AttrOr("value", "") != form.Get("due") {
			t.Errorf("%s: what was typed is lost, or not refused in words", what)
		}
	}

	// Somebody who owes figures leaves: the round waits, and the page says who.
	var gone indicators.Code
	for code, a := range d.people {
		gone = code
		if err := d.store.Disable(context.Background(), d.chief(), now, a.ID, a.Version); err != nil {
			t.Fatal(err)
		}
		break
	}
	w := d.do(post, "/rounds/new", d.office, d.roundForm())
	d.mustStatus(w, http.StatusConflict)
	doc = d.doc(w)
	if doc.Find(fmt.Sprintf(`#unowned a[href="/organisations/%s"]`, gone)).Length() != 1 || doc.Find("#unowned li").Length() != 1 {
		t.Errorf("the refusal lists %q, want %s alone", doc.Find("#unowned").Text(), gone)
	}
	if doc.Find("#due").AttrOr("value", "") != d.day(3, 31).String() {
		t.Error("what was typed is lost")
	}
	a := d.mustAccount(d.people[gone].ID)
	if err := d.store.Enable(context.Background(), d.chief(), now, a.ID, a.Version); err != nil {
		t.Fatal(err)
	}

	w = d.do(post, "/rounds/new", d.office, d.roundForm())
	d.mustStatus(w, http.StatusSeeOther)
	doc = d.doc(d.do(get, w.Header().Get("Location"), d.office, nil))
	if doc.Find(".told").Length() != 1 || doc.Find(".days dt").Length() != 3 || doc.Find(".child").Text() != "for all" {
		t.Errorf("the page of the round reads %q", doc.Find("main").Text())
	}
	if doc.Find("tbody tr").Length() != len(d.people) {
		t.Errorf("%d units stand in the progress, want %d", doc.Find("tbody tr").Length(), len(d.people))
	}
	w = d.do(post, "/rounds/new", d.office, d.roundForm())
	d.mustStatus(w, http.StatusConflict)
	doc = d.doc(d.do(get, "/rounds/new", d.office, nil))
	if got := doc.Find("#year option[selected]").AttrOr("value", ""); got == fmt.Sprint(d.year) || got == "" {
		t.Errorf("the next year offered is %q", got)
	}
	d.mustStatus(d.do(get, "/rounds/99", d.office, nil), http.StatusNotFound)
}

func TestTwoAmendARound(t *testing.T) {
	d := mustOpen(t)
	doc := d.doc(d.do(get, "/rounds/1/amend", d.office, nil))
	form := d.roundForm()
	form.Set("version", doc.Find(`input[name=version]`).AttrOr("value", ""))
	form.Set("locked", d.day(5, 10).String())
	d.mustStatus(d.do(post, "/rounds/1/amend", d.office, form), http.StatusSeeOther)
	mine := url.Values{}
	for k, v := range form {
		mine[k] = v
	}
	mine.Set("locked", d.day(6, 1).String())
	w := d.do(post, "/rounds/1/amend", d.office, mine)
	d.mustStatus(w, http.StatusConflict)
	doc = d.doc(w)
	if doc.Find("#locked").AttrOr("value", "") != d.day(6, 1).String() || !strings.Contains(doc.Find("#locked-problem").Text(), d.day(5, 10).String()) {
		t.Error("the conflict does not show both values")
	}
	mine.Set("version", doc.Find(`input[name=version]`).AttrOr("value", ""))
	d.mustStatus(d.do(post, "/rounds/1/amend", d.office, mine), http.StatusSeeOther)
	r, err := d.store.Round(context.Background(), 1)
	if err != nil || r.Locked != d.day(6, 1) {
		t.Errorf("the round is locked from %s, %v", r.Locked, err)
	}
	mine.Set("version", "")
	d.mustStatus(d.do(post, "/rounds/1/amend", d.office, mine), http.StatusConflict)
}

// Two change a round at once: each one's change is kept unless both changed the
// same day, and a form that was opened before takes nothing back.
func TestARoundIsMergedFieldByField(t *testing.T) {
	for _, c := range []struct {
		what                    string
		theirs, mine            map[string]string
		status                  int
		due, onTime, lock, note string // what stands, or the form shows, in the end
		at                      string // the fields of which both values are shown
	}{
		{"another field", map[string]string{"locked": "05-10"}, map[string]string{"note": "mine"}, http.StatusSeeOther, "03-31", "04-05", "05-10", "mine", ""},
		{"other days", map[string]string{"due": "03-20", "on_time": "03-25"}, map[string]string{"locked": "05-20"}, http.StatusSeeOther, "03-20", "03-25", "05-20", "for\r\nall", ""},
		{"the same change", map[string]string{"locked": "05-10"}, map[string]string{"locked": "05-10", "due": "03-30"}, http.StatusSeeOther, "03-30", "04-05", "05-10", "for\r\nall", ""},
		{"nothing of mine", map[string]string{"locked": "05-10", "note": "theirs"}, nil, http.StatusSeeOther, "03-31", "04-05", "05-10", "theirs", ""},
		{"one day twice", map[string]string{"locked": "05-10", "due": "03-20"}, map[string]string{"locked": "06-01"}, http.StatusConflict, "03-20", "04-05", "06-01", "for\r\nall", "locked"},
		{"days that do not fit", map[string]string{"due": "04-04"}, map[string]string{"on_time": "04-01"}, http.StatusUnprocessableEntity, "04-04", "04-01", "05-01", "for\r\nall", "due"},
	} {
		t.Run(c.what, func(t *testing.T) {
			d := mustOpen(t)
			day := func(s string) string { return fmt.Sprintf("%d-%s", d.year+1, s) }
			first := typedForm(d.doc(d.do(get, "/rounds/1/amend", d.office, nil)), "/rounds/1/amend")
			first.Set("note", "for\r\nall")
			d.mustStatus(d.do(post, "/rounds/1/amend", d.office, first), http.StatusSeeOther)
			shown := typedForm(d.doc(d.do(get, "/rounds/1/amend", d.office, nil)), "/rounds/1/amend")
			with := func(changes map[string]string) url.Values {
				out := url.Values{}
				for k, v := range shown {
					out.Set(k, strings.ReplaceAll(strings.ReplaceAll(v[0], "\r\n", "\n"), "\n", "\r\n")) // as a browser sends it
				}
				for k, v := range changes {
					if k != "note" {
						v = day(v)
					}
					out.Set(k, v)
				}
				return out
			}
			d.mustStatus(d.do(post, "/rounds/1/amend", d.office, with(c.theirs)), http.StatusSeeOther)
			w := d.do(post, "/rounds/1/amend", d.office, with(c.mine))
			d.mustStatus(w, c.status)
			doc := d.doc(w)
			if c.status == http.StatusSeeOther {
				doc = d.doc(d.do(get, "/rounds/1/amend", d.office, nil))
			}
			got := typedForm(doc, "/rounds/1/amend")
			for name, want := range map[string]string{"due": day(c.due), "on_time": day(c.onTime), "locked": day(c.lock), "note": c.note} {
				if plainLines(got.Get(name)) != plainLines(want) {
					t.Errorf("%s is %q in the end, want %q", name, got.Get(name), want)
				}
			}
			for _, name := range []string{"due", "on_time", "locked", "note"} {
				if has := doc.Find("#"+name+"-problem").Length() == 1; has != (name == c.at) {
					t.Errorf("both values shown at %s: %t", name, has)
				}
			}
			if c.status == http.StatusConflict {
				// Once seen, what is typed goes.
				d.mustStatus(d.do(post, "/rounds/1/amend", d.office, got), http.StatusSeeOther)
			}
		})
	}
}

func TestExtensionsAndReceipts(t *testing.T) {
	d := mustOpen(t)
	ctx := context.Background()
	var org indicators.Code
	for code := range d.people {
		org = code
		break
	}
	unit := d.people[org].Actor("")
	if err := d.store.SignFor(ctx, unit, now, 1, org); err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for _, reason := range []string{"the census is late", "<script>alert(1)</script>"} {
		id, err := d.store.AskExtension(ctx, unit, now, 1, org, d.day(4, 20), reason)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	w := d.do(get, "/rounds/1", d.office, nil)
	doc := d.doc(w)
	if !strings.Contains(doc.Find("#extensions").Text(), "the census is late") || strings.Contains(w.Body.String(), "<script>alert") {
		t.Error("the wishes are not shown as text")
	}
	if !strings.Contains(doc.Find("tbody").Text(), d.people[org].Person) {
		t.Error("who signed is not shown")
	}
	path := fmt.Sprintf("/rounds/1/extensions/%d", ids[0])
	// Enter presses the first button of the form, which decides nothing.
	first := doc.Find(fmt.Sprintf(`form[action="%s"] button`, path)).First()
	name, _ := first.Attr("name")
	value, _ := first.Attr("value")
	for _, pressed := range []url.Values{{name: {value}, "answer": {"not this year"}}, {"answer": {"not this year"}}} {
		w := d.do(post, path, d.office, pressed)
		d.mustStatus(w, http.StatusUnprocessableEntity)
		if got := typedForm(d.doc(w), path).Get("answer"); got != "not this year" {
			t.Errorf("after %v the answer is %q", pressed, got)
		}
	}
	if all, err := d.store.Extensions(ctx, unit, 1); err != nil || !all[0].Decided.IsZero() || !all[1].Decided.IsZero() {
		t.Errorf("Enter has decided: %+v, %v", all, err)
	}
	d.mustStatus(d.do(post, path, d.office, url.Values{"grant": {"no"}, "answer": {" "}}), http.StatusUnprocessableEntity)
	d.mustStatus(d.do(post, path, d.office, url.Values{"grant": {"yes"}, "answer": {""}}), http.StatusSeeOther)
	d.mustStatus(d.do(post, path, d.office, url.Values{"grant": {"yes"}}), http.StatusConflict)
	d.mustStatus(d.do(post, fmt.Sprintf("/rounds/1/extensions/%d", ids[1]), d.office, url.Values{"grant": {"no"}, "answer": {"too late"}}), http.StatusSeeOther)
	d.mustStatus(d.do(post, "/rounds/1/extensions/999", d.office, url.Values{"grant": {"yes"}}), http.StatusNotFound)
	text := d.doc(d.do(get, "/rounds/1?done=decided", d.office, nil)).Find("#extensions").Text()
	if strings.Contains(text, "name=\"grant\"") || !strings.Contains(text, "too late") {
		t.Errorf("the decisions read %q", text)
	}
	all, err := d.store.Extensions(ctx, unit, 1)
	if err != nil || len(all) != 2 || all[0].Granted == all[1].Granted {
		t.Errorf("the unit reads %+v, %v", all, err)
	}
}

// A later day has an end that the form tells: a wish beyond it is refused at its
// field, and so is its granting once the round's days have moved.
func TestAnExtensionEnds(t *testing.T) {
	d := mustOpen(t)
	ctx := context.Background()
	var org indicators.Code
	for code := range d.people {
		if org == "" || code < org {
			org = code
		}
	}
	unit := d.mustSession(d.people[org].Name)
	last := indicators.Period{Year: d.year + 2, Month: 4, Day: 30} // locked on 1 May
	hint := d.doc(d.do(get, extensionURL(1, org), unit, nil)).Find("#until-hint").Text()
	if !strings.Contains(hint, fmt.Sprintf("%d年4月30日", last.Year)) {
		t.Errorf("the form says %q", hint)
	}
	form := url.Values{"round": {"1"}, "organisation": {string(org)}, "reason": {"late"}}
	for day, want := range map[string]int{"9999-12-31": http.StatusUnprocessableEntity, fmt.Sprintf("%d-05-01", last.Year): http.StatusUnprocessableEntity, last.String(): http.StatusSeeOther} {
		form.Set("until", day)
		w := d.do(post, "/extension", unit, form)
		d.mustStatus(w, want)
		if doc := d.doc(w); want != http.StatusSeeOther && (doc.Find("#until-problem").Length() != 1 || doc.Find("#until").AttrOr("value", "") != day || doc.Find("#reason").Text() != "late") {
			t.Errorf("%s is not refused at its field with what was typed", day)
		}
	}
	r, err := d.store.Round(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	r.Locked = d.day(4, 20)
	if err := d.store.AmendRound(ctx, d.head.Actor(""), now, r); err != nil {
		t.Fatal(err)
	}
	all, err := d.store.Extensions(ctx, d.head.Actor(""), 1)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	path := fmt.Sprintf("/rounds/1/extensions/%d", all[0].ID)
	w := d.do(post, path, d.office, url.Values{"grant": {"yes"}, "answer": {"well"}})
	d.mustStatus(w, http.StatusUnprocessableEntity)
	if got := typedForm(d.doc(w), path).Get("answer"); got != "well" {
		t.Errorf("the answer is lost: %q", got)
	}
	d.mustStatus(d.do(post, path, d.office, url.Values{"grant": {"no"}, "answer": {"too late"}}), http.StatusSeeOther)

	// One figure is opened again for a year at most.
	_, list, err := d.store.WorkList(ctx, d.people[org].Actor(""), 1)
	if err != nil {
		t.Fatal(err)
	}
	path = fmt.Sprintf("/review/%d/reopen", list[0].ID)
	w = d.do(post, path, d.office, url.Values{"until": {"9999-12-31"}, "why": {"error"}})
	d.mustStatus(w, http.StatusUnprocessableEntity)
	if doc := d.doc(w); doc.Find("#until-problem").Length() != 1 || doc.Find("#why").AttrOr("value", "") != "error" {
		t.Error("the far day is not refused at its field")
	}
	d.mustStatus(d.do(post, path, d.office, url.Values{"until": {indicators.DateOf(now.AddDate(1, 0, 0)).String()}, "why": {"error"}}), http.StatusSeeOther)
}

func TestChase(t *testing.T) {
	d := mustOpen(t)
	ctx := context.Background()
	// Far ahead of the day nobody is to be reminded.
	doc := d.doc(d.do(get, "/rounds/1/chase", d.office, nil))
	if doc.Find("textarea").Length() != 0 {
		t.Error("somebody is to be reminded a month ahead")
	}
	units := []indicators.Code{}
	for code := range d.people {
		units = append(units, code)
	}
	slices.Sort(units)
	form := url.Values{"mail." + string(units[0]): {"one@unit.example"}, "mail." + string(units[1]): {"not an address"},
		"version." + string(units[0]): {"0"}, "version." + string(units[1]): {"0"}}
	w := d.do(post, "/contacts", d.office, form)
	d.mustStatus(w, http.StatusUnprocessableEntity)
	doc = d.doc(w)
	if doc.Find(".problem").Length() != 1 || doc.Find("#mail-"+string(units[1])).AttrOr("value", "") != "not an address" || doc.Find("#mail-"+string(units[0])).AttrOr("value", "") != "one@unit.example" {
		t.Error("one bad address loses another, or itself")
	}
	// The one was kept; who has read it before that meets both.
	form = url.Values{"mail." + string(units[0]): {"two@unit.example"}, "was." + string(units[0]): {""}, "version." + string(units[0]): {"0"}}
	w = d.do(post, "/contacts", d.office, form)
	d.mustStatus(w, http.StatusConflict)
	if x := d.doc(w); !strings.Contains(x.Find(".problem").Text(), "one@unit.example") || x.Find("#mail-"+string(units[0])).AttrOr("value", "") != "two@unit.example" {
		t.Error("the conflict does not show both values")
	}

	for _, c := range []struct {
		step string
		wait time.Duration
	}{{"near", 20 * 24 * time.Hour}, {"due", 10 * 24 * time.Hour}, {"overdue", 4 * 24 * time.Hour}} {
		d.wait(c.wait)
		d.office = d.mustAgain("head")
		doc := d.doc(d.do(get, "/rounds/1/chase", d.office, nil))
		area := doc.Find("#text-" + c.step)
		if _, only := area.Attr("readonly"); !only || area.Length() != 1 {
			t.Fatalf("%s: no text to copy: %s", c.step, doc.Find("main").Text())
		}
		for _, code := range units {
			if name := d.l.Organisation(code).Name; !strings.Contains(area.Text(), name) {
				t.Errorf("%s: %s is not named", c.step, name)
			}
		}
		if doc.Find(`#`+c.step+` input[name=to]`).Length() != 1 {
			t.Errorf("%s: %d units can be written to, want 1", c.step, doc.Find(`#`+c.step+` input[name=to]`).Length())
		}
		form := url.Values{"step": {c.step}, "to": {string(units[0]), string(units[1]), "nobody"}}
		for n, want := range []string{"n=1", "n=0"} { // a double click writes once
			w := d.do(post, "/rounds/1/chase", d.office, form)
			d.mustStatus(w, http.StatusSeeOther)
			if !strings.HasSuffix(w.Header().Get("Location"), want) {
				t.Errorf("%s, time %d: %s, want %s", c.step, n, w.Header().Get("Location"), want)
			}
		}
	}
	letters, err := d.store.LettersTo(ctx, units[0], 10)
	if err != nil || len(letters) != 3 {
		t.Fatalf("%d letters, %v", len(letters), err)
	}
	l := letters[0]
	if l.To != "one@unit.example" || !strings.Contains(l.Text, d.l.Organisation(units[0]).Name) || strings.Contains(l.Subject, "\n") || !strings.Contains(l.Text, "/work") {
		t.Errorf("the letter is %+v", l)
	}
	if x := d.doc(d.do(get, "/rounds/1/chase?done=queued&n=1", d.office, nil)); x.Find(".told").Length() != 1 {
		t.Error("the page does not say that a letter waits")
	}
}

// mustAgain is a new session: the old one ended while the clock was turned.
func (d *desk) mustAgain(name string) string {
	d.t.Helper()
	ctx := context.Background()
	c, err := d.store.Credentials(ctx, name)
	if err != nil {
		d.t.Fatal(err)
	}
	step := d.clock().Unix() / 30
	secret, err := d.store.SignIn(ctx, d.clock(), c, indicators.Entry{Name: name, From: "192.0.2.1", Place: "192.0.2.1", Step: step})
	if err != nil {
		d.t.Fatal(err)
	}
	return secret
}
