package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
)

// town is a store with an open round of the plan's last milestone and people
// for all of it: who enters, who reviews and two of the office.
type town struct {
	*Store
	t       testing.TB
	ctx     context.Context
	l       *indicators.Library
	plan    *indicators.Package
	year    int
	round   int
	people  map[indicators.Code]indicators.Actor // who enters, by organisation
	leads   map[indicators.Code]indicators.Actor // who reviews, by lead
	office  indicators.Actor
	office2 indicators.Actor
	auditor indicators.Actor
	duties  []indicators.Duty
}

func (v *town) mustPerson(name string, grants ...indicators.Grant) indicators.Actor {
	v.t.Helper()
	a := indicators.Actor{Name: name, Person: "P " + name, Grants: grants, From: "192.0.2.1"}
	err := v.change(v.ctx, func(tx *sql.Tx) error {
		done, err := tx.Exec("INSERT INTO accounts (name, person, state, password, created) VALUES (?, ?, 'enabled', 'hash', ?)", name, a.Person, written(now))
		if err != nil {
			return err
		}
		if a.Account, err = done.LastInsertId(); err != nil {
			return err
		}
		return grant(v.ctx, tx, a.Account, grants)
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return a
}

// mustTown opens no round yet.
func mustTown(t testing.TB) *town {
	t.Helper()
	s, p := mustLoad(t)
	return mustPeople(t, s, p)
}

func mustPeople(t testing.TB, s *Store, p *indicators.Package) *town {
	t.Helper()
	v := &town{Store: s, t: t, ctx: context.Background(), plan: p, year: p.Plan.LastMilestone(),
		people: map[indicators.Code]indicators.Actor{}, leads: map[indicators.Code]indicators.Actor{}}
	var err error
	if v.l, err = s.Library(v.ctx); err != nil {
		t.Fatal(err)
	}
	v.office = v.mustPerson("office-1", indicators.Grant{Role: indicators.OfficeMember})
	v.office2 = v.mustPerson("office-2", indicators.Grant{Role: indicators.OfficeMember})
	v.auditor = v.mustPerson("auditor", indicators.Grant{Role: indicators.Auditor})
	return v
}

// mustOpenRound gives every unit that owes something a person, and opens the
// round.
func (v *town) mustOpenRound() *town {
	v.t.Helper()
	due, _, err := v.DueFor(v.ctx, now, v.year)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, d := range due {
		if _, there := v.people[d.Organisation]; !there {
			v.people[d.Organisation] = v.mustPerson("in-"+string(d.Organisation), indicators.Grant{Role: indicators.Contributor, Organisation: d.Organisation})
		}
	}
	for i := range v.l.Indicators {
		if ind := &v.l.Indicators[i]; ind.Scope == indicators.EachDistrict {
			lead := v.l.LeadsOf(ind)[0]
			if _, there := v.leads[lead]; !there {
				v.leads[lead] = v.mustPerson("re-"+string(lead), indicators.Grant{Role: indicators.Reviewer, Organisation: lead})
			}
		}
	}
	if v.round, err = v.OpenRound(v.ctx, v.office, now, v.days()); err != nil {
		v.t.Fatal(err)
	}
	if v.duties, err = dutiesOf(v.ctx, v.read, v.round); err != nil {
		v.t.Fatal(err)
	}
	if len(v.duties) != len(due) {
		v.t.Fatalf("%d duties of %d due", len(v.duties), len(due))
	}
	return v
}

func (v *town) days() indicators.Round {
	day := func(month, day int) indicators.Period {
		return indicators.Period{Year: v.year + 1, Month: month, Day: day}
	}
	return indicators.Round{Year: v.year, Due: day(3, 31), OnTime: day(4, 5), Locked: day(5, 1), Note: "note"}
}

// duty is the first one for which want holds of its indicator and area.
func (v *town) duty(want func(*indicators.Indicator, bool) bool) (indicators.Duty, indicators.Actor) {
	v.t.Helper()
	for _, d := range v.duties {
		if want(v.l.Indicator(d.Indicator), v.l.DistrictFigure(d.Area)) {
			return d, v.people[d.Organisation]
		}
	}
	v.t.Fatal("the plan has no such figure")
	return indicators.Duty{}, indicators.Actor{}
}

// stock is a plain count of a department; each is a district's count.
func (v *town) stock() (indicators.Duty, indicators.Actor) {
	return v.duty(func(i *indicators.Indicator, district bool) bool {
		return i.Measure == indicators.Stock && !district && i.Scope == indicators.City && i.Decimals != nil && *i.Decimals == 0 &&
			len(v.l.BasesOf(i, indicators.DateOf(now))) == 2 && v.l.BasesOf(i, indicators.DateOf(now))[0] == indicators.Level && i.Nature != "local"
	})
}

func (v *town) each() (indicators.Duty, indicators.Actor) {
	return v.duty(func(i *indicators.Indicator, district bool) bool { return district && i.Measure == indicators.Stock })
}

// filledIn is an entry that passes every check.
func filledIn(value string) []indicators.Edit {
	return []indicators.Edit{
		{Field: indicators.ValueField, Text: value}, {Field: indicators.SourceField, Text: "statistics"}, {Field: indicators.NoteField, Text: "as counted"},
		{Field: indicators.ExplanationField, Text: "why"}, {Field: indicators.NextField, Text: "next"},
	}
}

func mustOne(t testing.TB) func([]indicators.Saved, error) indicators.Saved {
	return func(out []indicators.Saved, err error) indicators.Saved {
		t.Helper()
		if err != nil || len(out) != 1 || out[0].Err != nil {
			t.Fatalf("%+v, %v", out, err)
		}
		return out[0]
	}
}

// refusal is the one figure's error, or the call's.
func refusal(out []indicators.Saved, err error) error {
	if err == nil && len(out) == 1 {
		return out[0].Err
	}
	return err
}

func (v *town) mustSubmit(d indicators.Duty, by indicators.Actor, value string) indicators.Revision {
	v.t.Helper()
	return mustOne(v.t)(v.Submit(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: d.Version, Edits: filledIn(value)})).Revision
}

func pick(r indicators.Revision) indicators.Pick {
	return indicators.Pick{Duty: r.ID, Version: r.Version}
}

func (v *town) mustApprove(r indicators.Revision) indicators.Revision {
	v.t.Helper()
	if v.l.Endorsed(v.l.Indicator(r.Indicator), r.Area) {
		lead := v.leads[v.l.LeadsOf(v.l.Indicator(r.Indicator))[0]]
		r = mustOne(v.t)(v.Endorse(v.ctx, lead, now, pick(r))).Revision
	}
	return mustOne(v.t)(v.Approve(v.ctx, v.office, now, pick(r))).Revision
}

func TestOpenRound(t *testing.T) {
	v := mustTown(t)
	in := v.mustPerson("in", indicators.Grant{Role: indicators.Contributor, Organisation: v.l.Organisations[0].Code})
	_, err := v.OpenRound(v.ctx, in, now, v.days())
	mustBe(t, err, indicators.Forbidden, "role")
	_, err = v.OpenRound(v.ctx, indicators.Actor{}, now, v.days())
	mustBe(t, err, indicators.Unauthorized, "sign_in")
	_, err = v.OpenRound(v.ctx, v.office, now, v.days())
	mustBe(t, err, indicators.Conflict, "round_unowned")
	var unowned *indicators.UnownedError
	due, _, derr := v.DueFor(v.ctx, now, v.year)
	if derr != nil || !errors.As(err, &unowned) || len(unowned.Entry) < len(due)-40 || len(unowned.Review) == 0 {
		t.Fatalf("%v of %d due: %v", unowned, len(due), derr)
	}
	v.mustOpenRound()
	_, err = v.OpenRound(v.ctx, v.office, now, v.days())
	mustBe(t, err, indicators.Conflict, "round_exists")
	bad := v.days()
	bad.Year, bad.Locked = v.year+1, bad.Due
	_, err = v.OpenRound(v.ctx, v.office, now, bad)
	mustBe(t, err, indicators.Invalid, "round_days")

	// An owner who left keeps the next round from being opened.
	gone := v.duties[0].Organisation
	if _, err := v.write.Exec("UPDATE accounts SET state = 'disabled' WHERE id = ?", v.people[gone].Account); err != nil {
		t.Fatal(err)
	}
	_, left, err := v.DueFor(v.ctx, now, v.year)
	if err != nil || len(left.Entry) == 0 || len(left.Review) > 0 || slices.ContainsFunc(left.Entry, func(d indicators.Due) bool { return d.Organisation != gone }) {
		t.Errorf("without the owner of %s: %v, %v", gone, left, err)
	}

	rounds, err := v.Rounds(v.ctx)
	if err != nil || len(rounds) != 1 || rounds[0].Due != v.days().Due || rounds[0].Version != 1 {
		t.Fatal(rounds, err)
	}
	changed := rounds[0]
	changed.Due.Day = 20
	if err := v.AmendRound(v.ctx, v.office, now, changed); err != nil {
		t.Fatal(err)
	}
	mustBe(t, v.AmendRound(v.ctx, v.office, now, changed), indicators.Conflict, "round_changed")
	r, err := v.Round(v.ctx, v.round)
	if err != nil || r.Due != changed.Due || indicators.DueOf([]indicators.Round{r}).On(v.plan.Plan, v.year) != changed.Due {
		t.Error(r, err)
	}
	_, err = v.Round(v.ctx, 9)
	mustBe(t, err, indicators.NotFound, "round")
}

func TestSigningForAndLaterDays(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	for range 2 {
		if err := v.SignFor(v.ctx, by, now, v.round, d.Organisation); err != nil {
			t.Fatal(err)
		}
	}
	mustBe(t, v.SignFor(v.ctx, by, now, v.round, "other"), indicators.NotFound, "revision")
	if signed, err := v.Receipts(v.ctx, v.round); err != nil || len(signed) != 1 || signed[0].Person != by.Person {
		t.Error(signed, err)
	}
	locked := now.AddDate(0, 3, 0)
	save := func(at time.Time, value string) error {
		return refusal(v.Save(v.ctx, by, at, indicators.Saving{Duty: d.ID, Version: v.version(d.ID), Edits: filledIn(value)}))
	}
	mustBe(t, save(locked, "1"), indicators.Conflict, roundLocked)
	until := indicators.DateOf(locked.AddDate(0, 0, 9))
	_, err := v.AskExtension(v.ctx, by, locked, v.round, d.Organisation, until, "")
	mustBe(t, err, indicators.Invalid, "reason_empty")
	_, err = v.AskExtension(v.ctx, by, locked, v.round, "other", until, "why")
	mustBe(t, err, indicators.NotFound, "revision")
	_, err = v.AskExtension(v.ctx, by, locked, v.round, d.Organisation, indicators.DateOf(now), "why")
	mustBe(t, err, indicators.Invalid, "later_day")
	id, err := v.AskExtension(v.ctx, by, locked, v.round, d.Organisation, until, "why")
	if err != nil {
		t.Fatal(err)
	}
	mustBe(t, save(locked, "1"), indicators.Conflict, roundLocked)
	mustBe(t, v.DecideExtension(v.ctx, by, locked, id, true, ""), indicators.Forbidden, "role")
	if err := v.DecideExtension(v.ctx, v.office, locked, id, true, "yes"); err != nil {
		t.Fatal(err)
	}
	mustBe(t, v.DecideExtension(v.ctx, v.office, locked, id, false, ""), indicators.Conflict, "extension_done")
	mustBe(t, v.DecideExtension(v.ctx, v.office, locked, 99, false, ""), indicators.NotFound, "extension")
	if err := save(locked, "1"); err != nil {
		t.Error(err)
	}
	mustBe(t, save(locked.AddDate(0, 1, 0), "2"), indicators.Conflict, roundLocked)
	if err := v.Reopen(v.ctx, v.office, locked.AddDate(0, 1, 0), d.ID, indicators.DateOf(locked.AddDate(0, 2, 0)), "late"); err != nil {
		t.Fatal(err)
	}
	mustBe(t, v.Reopen(v.ctx, v.office, now, 1<<40, until, "x"), indicators.NotFound, "revision")
	if err := save(locked.AddDate(0, 1, 0), "2"); err != nil {
		t.Error(err)
	}
	for who, n := range map[*indicators.Actor]int{&by: 1, &v.office: 1} {
		if list, err := v.Extensions(v.ctx, *who, v.round); err != nil || len(list) != n || !list[0].Granted || list[0].Answer != "yes" {
			t.Error(list, err)
		}
	}
	progress, err := v.Progress(v.ctx, v.office, locked, v.round)
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for _, p := range progress {
		all += p.NotBegun + p.Entered + p.Submitted + p.Returned + p.Approved
		if p.Organisation == d.Organisation && (p.Entered != 1 || p.Late != 0) {
			t.Errorf("%+v has a later day", p)
		}
	}
	if all != len(v.duties) {
		t.Errorf("progress counts %d of %d", all, len(v.duties))
	}
	if chase, err := v.Reminders(v.ctx, v.office, now.AddDate(0, 0, 20), v.round); err != nil || len(chase) != len(progress)-1 || chase[0].Step != indicators.NearDue {
		t.Error(len(chase), err)
	}
	_, err = v.Progress(v.ctx, by, now, v.round)
	mustBe(t, err, indicators.Forbidden, "role")
}

// version is what a page would have read of a figure just now.
func (v *town) version(duty int64) int {
	v.t.Helper()
	var n sql.NullInt64
	err := v.read.QueryRow("SELECT r.version FROM duties AS d LEFT JOIN revisions AS r ON r.id = d.revision WHERE d.id = ?", duty).Scan(&n)
	if err != nil {
		v.t.Fatal(err)
	}
	return int(n.Int64)
}

func (v *town) mustFigure(duty int64, by indicators.Actor) *indicators.FigureView {
	v.t.Helper()
	f, err := v.Figure(v.ctx, by, now, duty)
	if err != nil {
		v.t.Fatal(err)
	}
	return f
}

func fmtSaved(out []indicators.Saved) string {
	s := ""
	for _, o := range out {
		s += fmt.Sprintf("%s v%d already=%v %v; ", o.Revision.State, o.Revision.Version, o.Already, o.Err)
	}
	return s
}

// No day that was granted is shortened by another that is granted later on,
// whichever of the two ways each came by.
func TestALaterDayStays(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	day := func(month, day int) indicators.Period {
		return indicators.Period{Year: v.year + 1, Month: month, Day: day}
	}
	grants := map[string]func(until indicators.Period) error{
		"reopened": func(until indicators.Period) error { return v.Reopen(v.ctx, v.office, now, d.ID, until, "again") },
		"extended": func(until indicators.Period) error {
			id, err := v.AskExtension(v.ctx, by, now, v.round, d.Organisation, until, "why")
			if err != nil {
				return err
			}
			return v.DecideExtension(v.ctx, v.office, now, id, true, "")
		},
	}
	latest := day(6, 1)
	for first, grant := range grants {
		for second, again := range grants {
			latest.Day++
			if err := grant(latest); err != nil {
				t.Fatal(err)
			}
			if err := again(day(5, 10)); err != nil {
				t.Fatal(err)
			}
			if got := v.mustFigure(d.ID, by).Revision.Until; got != latest {
				t.Errorf("%s until %s, then %s until an earlier day: until %s", first, latest, second, got)
			}
		}
	}
}

// Whatever a unit does for a round, its heir does once the unit was merged into
// it; a third organisation does none of it, and an id or a name of another's
// answers as an unknown one does.
func TestAnHeirDoesWhatItsWardDid(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, _ := v.stock()
	kind := v.l.Organisation(d.Organisation).Kind
	var heir, third indicators.Code
	for i := range v.l.Organisations {
		o := &v.l.Organisations[i]
		if _, there := v.people[o.Code]; !there || o.Code == d.Organisation || o.Kind != kind || o.Successor != "" {
			continue
		}
		if heir == "" {
			heir = o.Code
		} else if third == "" {
			third = o.Code
		}
	}
	ward, by, other := d.Organisation, v.people[heir], v.people[third]
	late := now.AddDate(0, 3, 0)
	until := indicators.DateOf(late.AddDate(0, 0, 20))
	people := indicators.Signed{EnteredBy: "a", CheckedBy: "b", Head: "c"}
	var mine *indicators.Sheet // signed last
	acts := map[string]func(a indicators.Actor, of indicators.Code) error{
		"sign for": func(a indicators.Actor, of indicators.Code) error { return v.SignFor(v.ctx, a, now, v.round, of) },
		"ask for a later day": func(a indicators.Actor, of indicators.Code) error {
			_, err := v.AskExtension(v.ctx, a, late, v.round, of, until, "merger")
			return err
		},
		"read the return": func(a indicators.Actor, of indicators.Code) error {
			_, err := v.SheetOf(v.ctx, a, v.round, of)
			return err
		},
		"sign the return": func(a indicators.Actor, of indicators.Code) error {
			sh, _ := v.SheetOf(v.ctx, v.office, v.round, of)
			signed, err := v.SignOff(v.ctx, a, now, v.round, of, sh.Code, people)
			mine = &signed
			return err
		},
	}
	for name, act := range acts {
		for who, a := range map[string]indicators.Actor{"heir": by, "third": other} {
			if err := act(a, ward); err == nil {
				t.Errorf("before the merger the %s may %s", who, name)
			} else {
				mustBe(t, err, indicators.NotFound, "revision")
			}
		}
	}
	v.mustAmend(v.amendment(indicators.OrganisationsFile, string(ward), "successor", string(heir)))
	for name, act := range acts {
		mustBe(t, act(other, ward), indicators.NotFound, "revision")
		mustBe(t, act(by, "nobody"), indicators.NotFound, "revision")
		for _, of := range []indicators.Code{ward, heir} {
			if err := act(by, of); err != nil {
				t.Errorf("the heir may not %s of %s: %v", name, of, err)
			}
		}
	}

	// The scan of what was signed in the ward's name.
	if err := acts["sign the return"](by, ward); err != nil {
		t.Fatal(err)
	}
	_, err := v.AttachScan(v.ctx, other, now, mine.Signed.ID, "a.pdf", strings.NewReader("%PDF-1.7"))
	mustBe(t, err, indicators.NotFound, "sheet")
	scan, err := v.AttachScan(v.ctx, by, now, mine.Signed.ID, "a.pdf", strings.NewReader("%PDF-1.7"))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = v.EvidenceFile(v.ctx, other, now, scan.ID)
	mustBe(t, err, indicators.NotFound, "evidence")
	_, file, err := v.EvidenceFile(v.ctx, by, now, scan.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}

	// The heir's own return and its own later day cover what it took over.
	sh, err := v.SheetOf(v.ctx, by, v.round, heir)
	has := func(r indicators.Revision) bool { return r.ID == d.ID }
	sorted := slices.IsSortedFunc(sh.Figures, func(a, b indicators.Revision) int { return cmp.Compare(a.Indicator, b.Indicator) })
	if err != nil || !slices.ContainsFunc(sh.Figures, has) || !sorted {
		t.Errorf("the heir's return lacks the ward's figure, or has it out of order: %v", err)
	}
	if sh, err = v.SheetOf(v.ctx, other, v.round, third); err != nil || slices.ContainsFunc(sh.Figures, has) {
		t.Errorf("a third's return has it: %v", err)
	}
	save := func() error {
		return refusal(v.Save(v.ctx, by, late, indicators.Saving{Duty: d.ID, Version: v.version(d.ID), Edits: filledIn("9")}))
	}
	mustBe(t, save(), indicators.Conflict, roundLocked)
	wishes, err := v.Extensions(v.ctx, by, v.round)
	if err != nil || len(wishes) != 2 {
		t.Fatalf("the heir reads %d wishes of its own and its ward's, %v", len(wishes), err)
	}
	if list, err := v.Extensions(v.ctx, other, v.round); err != nil || len(list) != 0 {
		t.Errorf("a third reads %+v, %v", list, err)
	}
	at := slices.IndexFunc(wishes, func(e indicators.Extension) bool { return e.Organisation == heir })
	if err := v.DecideExtension(v.ctx, v.office, late, wishes[at].ID, true, ""); err != nil {
		t.Fatal(err)
	}
	if err := save(); err != nil {
		t.Error(err)
	}
}

// A round is opened only where each district's figure has somebody who could
// endorse it: else it would wait in nobody's queue.
func TestARoundNeedsReviewers(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	each, _ := v.each()
	leads := v.l.LeadsOf(v.l.Indicator(each.Indicator))
	lead := v.leads[leads[0]]
	next := v.days()
	next.Year, next.Due.Year, next.OnTime.Year, next.Locked.Year = v.year-1, v.year, v.year, v.year
	for _, state := range []string{"disabled", "waiting"} {
		if _, err := v.write.Exec("UPDATE accounts SET state = ? WHERE id = ?", state, lead.Account); err != nil {
			t.Fatal(err)
		}
		_, err := v.OpenRound(v.ctx, v.office, now, next)
		mustBe(t, err, indicators.Conflict, "round_unowned")
		var unowned *indicators.UnownedError
		if !errors.As(err, &unowned) || len(unowned.Entry) > 0 || len(unowned.Review) == 0 || slices.ContainsFunc(unowned.Review, func(d indicators.Due) bool {
			return d.Organisation != leads[0] || !v.l.DistrictFigure(d.Area)
		}) {
			t.Errorf("without its reviewer (%s) the round lacks %+v", state, unowned)
		}
		// The same is told of the round that is open already.
		if x, err := v.Lacking(v.ctx, v.office, now, v.round); err != nil || len(x.Review) != len(unowned.Review) || len(x.Entry) > 0 {
			t.Errorf("the open round lacks %+v, %v", x, err)
		}
	}
	v.mustPerson("another", indicators.Grant{Role: indicators.Reviewer, Organisation: leads[len(leads)-1]})
	if x, err := v.Lacking(v.ctx, v.office, now, v.round); err != nil || !x.Nothing() {
		t.Errorf("with another reviewer it lacks %+v, %v", x, err)
	}
	if _, err := v.OpenRound(v.ctx, v.office, now, next); err != nil {
		t.Error(err)
	}
	_, err := v.Lacking(v.ctx, v.office, now, 99)
	mustBe(t, err, indicators.NotFound, "round")
	_, err = v.Lacking(v.ctx, v.auditor, now, v.round)
	mustBe(t, err, indicators.Forbidden, "role")
}

// Who is the only one for open figures leaves them to nobody: that is known
// before, whatever the roles, and told of the round after.
func TestWhatSomebodyWouldLeave(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	chief := v.mustPerson("chief", indicators.Grant{Role: indicators.SecurityAdmin})
	d, by := v.stock()
	each, _ := v.each()
	lead := v.leads[v.l.LeadsOf(v.l.Indicator(each.Indicator))[0]]
	mine := 0
	for _, x := range v.duties {
		if x.Organisation == d.Organisation {
			mine++
		}
	}
	left := func(a indicators.Actor, roles ...indicators.Grant) (int, int) {
		t.Helper()
		x, err := v.LeftBy(v.ctx, chief, now, a.Account, roles)
		if err != nil {
			t.Fatal(err)
		}
		return len(x.Entry), len(x.Review)
	}
	if e, r := left(by); e != mine || r != 0 {
		t.Errorf("the only contributor leaves %d and %d, want %d figures", e, r, mine)
	}
	if e, r := left(by, by.Grants...); e != 0 || r != 0 {
		t.Errorf("who keeps the roles leaves %d and %d", e, r)
	}
	if e, r := left(by, indicators.Grant{Role: indicators.Reviewer, Organisation: d.Organisation}); e != mine || r != 0 {
		t.Errorf("who becomes a reviewer leaves %d and %d, want %d figures", e, r, mine)
	}
	if e, r := left(lead); e != 0 || r == 0 {
		t.Errorf("the only reviewer leaves %d and %d", e, r)
	}
	if e, r := left(v.office); e != 0 || r != 0 {
		t.Errorf("the office leaves %d and %d", e, r)
	}
	// What is approved asks for nobody more.
	v.mustApprove(v.mustSubmit(d, by, "3"))
	if e, _ := left(by); e != mine-1 {
		t.Errorf("after one is approved %d are left, want %d", e, mine-1)
	}
	if err := v.Disable(v.ctx, chief, now, by.Account, v.accountVersion(by)); err != nil {
		t.Fatal(err)
	}
	if x, err := v.Lacking(v.ctx, v.office, now, v.round); err != nil || len(x.Entry) != mine-1 {
		t.Errorf("the round lacks %d, want %d: %v", len(x.Entry), mine-1, err)
	}
	// After the lock there is nothing to enter.
	if x, err := v.Lacking(v.ctx, v.office, time.Date(v.year+1, 6, 1, 9, 0, 0, 0, time.UTC), v.round); err != nil || len(x.Entry) != 0 {
		t.Errorf("after the lock the round lacks %d: %v", len(x.Entry), err)
	}
	if e, _ := left(by); e != 0 {
		t.Errorf("who is closed already leaves %d", e)
	}
	v.mustPerson("next", indicators.Grant{Role: indicators.Contributor, Organisation: d.Organisation})
	if x, err := v.Lacking(v.ctx, v.office, now, v.round); err != nil || !x.Nothing() {
		t.Errorf("with a successor the round lacks %+v, %v", x, err)
	}
	_, err := v.LeftBy(v.ctx, v.office, now, by.Account, nil)
	mustBe(t, err, indicators.Forbidden, "role")
}

func (v *town) accountVersion(a indicators.Actor) (version int64) {
	v.t.Helper()
	if err := v.read.QueryRow("SELECT version FROM accounts WHERE id = ?", a.Account).Scan(&version); err != nil {
		v.t.Fatal(err)
	}
	return version
}
