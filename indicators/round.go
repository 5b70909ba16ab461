package indicators

import (
	"cmp"
	"slices"
	"time"
)

// Round is a year's collection of results 填报期. Its three days: until Due the
// figures are asked for, until OnTime (included) what is sent counts as on
// time, and from Locked on nothing can be entered without the office's leave.
// The days are those of the plan's time zone.
type Round struct {
	Number  int
	Year    int // that the figures are about
	Due     Period
	OnTime  Period
	Locked  Period
	Note    string // to the units
	Opened  time.Time
	Person  string // who opened it
	Version int
}

// Check refuses a round whose days make no sense: Invalid "round_year" for a
// year before the plan's first or after its horizon, "round_days" where a date
// is no day or the three are not in order, "round_early" where figures would be
// due before the year has begun.
func (r Round) Check(p Plan) error {
	last := max(p.Horizon, p.LastMilestone()) + 1 // a late figure of the last year still has its round
	switch {
	case r.Year < p.BaselineYear || r.Year > last:
		return &Error{Kind: Invalid, What: "round_year", Detail: YearOf(r.Year).String()}
	case !r.Due.IsDate() || !r.OnTime.IsDate() || !r.Locked.IsDate(),
		r.Due.Compare(r.OnTime) > 0, r.OnTime.Compare(r.Locked) >= 0:
		return &Error{Kind: Invalid, What: "round_days", Detail: r.Due.String()}
	case r.Due.Year < r.Year:
		return &Error{Kind: Invalid, What: "round_early", Detail: r.Due.String()}
	}
	return nil
}

// Due is one figure that a round asks for, and from whom.
type Due struct {
	Indicator    Code
	Area         Code
	Organisation Code // "" where the library names nobody who could enter it
}

// CompareDues orders what is due by organisation, indicator and area.
func CompareDues(a, b Due) int {
	return cmp.Or(cmp.Compare(a.Organisation, b.Organisation), cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Area, b.Area))
}

// DueItems lists what a round of a year asks for, by indicator in the plan's
// order: each indicator for the city from its reporter, and one that holds in
// each district from every district's government instead. A deliverable that
// known has as done is not asked for again; known may be nil.
func DueItems(l *Library, year int, known *Known) []Due {
	var out []Due
	city := l.City()
	if city == nil {
		return nil
	}
	for i := range l.Indicators {
		ind := &l.Indicators[i]
		switch {
		case ind.Measure == Deliverable && known.did(ind):
		case ind.Scope == EachDistrict:
			for _, d := range l.Districts() {
				due := Due{Indicator: ind.Code, Area: d.Code}
				if o := l.OrganisationOf(d.Code); o != nil {
					due.Organisation = l.heir(o)
				}
				out = append(out, due)
			}
		default:
			out = append(out, Due{Indicator: ind.Code, Area: city.Code, Organisation: l.owner(ind)})
		}
	}
	return out
}

// did reports a deliverable of which an act is known.
func (k *Known) did(ind *Indicator) bool {
	if k == nil || k.city < 0 {
		return false
	}
	rec := k.of(ind.Code, k.city)
	return rec != nil && slices.ContainsFunc(rec.rows, func(r row) bool {
		return r.Value.Present() && r.Value.Decimal().IsPositive()
	})
}

// owner is who enters an indicator's figure for the city: the reporter, else
// the first lead, who is no collective; the office where only collectives are
// named, or nobody.
func (l *Library) owner(ind *Indicator) Code {
	for _, c := range append(Codes{ind.Reporter}, ind.Leads...) {
		if o := l.organisation[c]; o != nil && o.Kind != Collective {
			return l.heir(o)
		}
	}
	for i := range l.Organisations {
		if o := &l.Organisations[i]; o.Kind == OfficeKind {
			return l.heir(o)
		}
	}
	return ""
}

// heir is the organisation that holds o's duties now: itself, or who took over.
func (l *Library) heir(o *Organisation) Code {
	for range l.Organisations { // a ring of successors ends too
		next := l.organisation[o.Successor]
		if next == nil {
			break
		}
		o = next
	}
	return o.Code
}

// Wards lists the organisations whose duties fall to those of codes: themselves,
// and those that they took over from.
func (l *Library) Wards(codes Codes) Codes {
	out := slices.Clone(codes)
	for i := range l.Organisations {
		o := &l.Organisations[i]
		if codes.Contains(l.heir(o)) && !out.Contains(o.Code) {
			out = append(out, o.Code)
		}
	}
	return out
}

// SubjectOf is a figure as permits looks at it: whose it is, as of
// [Library.SubjectFor], who leads its indicator, and its state. EnteredBy is the
// caller's to fill in.
func (l *Library) SubjectOf(a Actor, d Duty) Subject {
	s := l.SubjectFor(a, d.Organisation)
	s.State = d.State
	if ind := l.indicator[d.Indicator]; ind != nil {
		s.Leads = l.LeadsOf(ind)
	}
	return s
}

// SubjectFor is what concerns an organisation as permits looks at it: its own,
// and its heir's once it has handed over, where the actor acts for that one.
// Whatever a unit does in a round (sign for it, ask for a later day, print its
// return) goes over to the heir with the duties.
func (l *Library) SubjectFor(a Actor, organisation Code) Subject {
	if o := l.organisation[organisation]; o != nil && !a.Organisations(Contributor).Contains(organisation) {
		return Subject{Organisation: l.heir(o)}
	}
	return Subject{Organisation: organisation}
}

// LeadsOf lists the lead departments that endorse what districts enter, as
// permits asks for them: those named, members of collectives among them, and
// their heirs.
func (l *Library) LeadsOf(ind *Indicator) Codes {
	var out Codes
	add := func(c Code) {
		if !out.Contains(c) {
			out = append(out, c)
		}
	}
	for _, c := range ind.Leads {
		o := l.organisation[c]
		if o == nil {
			continue
		}
		for _, m := range o.Members {
			if member := l.organisation[m]; member != nil {
				add(l.heir(member))
			}
		}
		add(l.heir(o))
	}
	return out
}

// DistrictFigure reports a figure of a part of the city.
func (l *Library) DistrictFigure(area Code) bool {
	city := l.City()
	return city != nil && area != city.Code
}

// Endorsed reports a figure that a lead department endorses before the office
// approves it: a district's, where a lead is named.
func (l *Library) Endorsed(ind *Indicator, area Code) bool {
	return l.DistrictFigure(area) && len(l.LeadsOf(ind)) > 0
}

// ActFor lists the organisations whose people act for one: itself, and who took
// over its duties.
func (l *Library) ActFor(organisation Code) Codes {
	out := Codes{organisation}
	if o := l.organisation[organisation]; o != nil && l.heir(o) != organisation {
		out = append(out, l.heir(o))
	}
	return out
}

// Lacking is what a round asks for and nobody is there for: no enabled account.
type Lacking struct {
	Entry []Due // nobody enters figures for the organisation
	// Review are figures of districts that no lead department could endorse: they
	// would wait in nobody's queue. Organisation is the first lead department.
	Review []Due
}

// Nothing reports that somebody is there for everything.
func (l Lacking) Nothing() bool { return len(l.Entry)+len(l.Review) == 0 }

// UnownedError refuses to open a round while figures are due from somebody who
// is not there, or could be endorsed by nobody: Conflict "round_unowned".
type UnownedError struct {
	Lacking
}

func (e *UnownedError) Error() string { return e.Unwrap().Error() }

// Unwrap is the [Error] that the server answers by.
func (e *UnownedError) Unwrap() error { return &Error{Kind: Conflict, What: "round_unowned"} }

// LastDay is the last day to which the office can let somebody enter figures of
// the round late: the day before it has been locked for a year, when the next
// year's round is locked too.
func (r Round) LastDay() Period {
	return DateOf(r.Locked.Time().AddDate(1, 0, -1))
}

// DueOn is the last day on which a duty is expected: the round's, or the later
// one that the office allowed.
func (r Round) DueOn(d Duty) Period {
	if d.Until.Compare(r.Due) > 0 {
		return d.Until
	}
	return r.Due
}

// OpenOn reports whether a duty can be entered on a day: before the lock, or
// until the later day that the office allowed.
func (r Round) OpenOn(d Duty, day Period) bool {
	return day.Compare(r.Locked) < 0 || !d.Until.IsZero() && day.Compare(d.Until) <= 0
}

// Timely reports a figure that was sent in time: until the round's OnTime, or
// the later day that the office allowed; false for one that was not sent.
func (r Round) Timely(v Revision, p Plan) bool {
	if v.Submitted.IsZero() {
		return false
	}
	day := DateOf(v.Submitted.In(p.Location()))
	return day.Compare(r.OnTime) <= 0 || !v.Until.IsZero() && day.Compare(v.Until) <= 0
}

// Owing reports a duty that its unit has still to send.
func (d Duty) Owing() bool {
	switch d.State {
	case NotBegun, Draft, Returned, Withdrawn:
		return true
	}
	return false
}

// Late reports a duty that is owed after its day.
func (r Round) Late(d Duty, day Period) bool { return d.Owing() && day.Compare(r.DueOn(d)) > 0 }

// Progress counts an organisation's figures of a round. NotBegun to Approved
// add up to Due; Late counts again those owed after their day.
type Progress struct {
	Organisation Code
	Due          int
	NotBegun     int
	Entered      int // drafts, and what was withdrawn
	Submitted    int // and endorsed
	Returned     int
	Approved     int // and published
	Late         int
}

// ProgressOf counts duties by organisation on a day, by code.
func ProgressOf(r Round, duties []Duty, day Period) []Progress {
	by := map[Code]*Progress{}
	for _, d := range duties {
		p := by[d.Organisation]
		if p == nil {
			p = &Progress{Organisation: d.Organisation}
			by[d.Organisation] = p
		}
		p.Due++
		switch d.State {
		case NotBegun:
			p.NotBegun++
		case Draft, Withdrawn:
			p.Entered++
		case Submitted, Endorsed:
			p.Submitted++
		case Returned:
			p.Returned++
		case Approved, Published:
			p.Approved++
		}
		if r.Late(d, day) {
			p.Late++
		}
	}
	out := make([]Progress, 0, len(by))
	for _, p := range by {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Progress) int { return cmp.Compare(a.Organisation, b.Organisation) })
	return out
}

// ChaseStep is how urgent a reminder is.
type ChaseStep string

// The three steps; far ahead of the day nobody is reminded.
const (
	NearDue ChaseStep = "near" // within two weeks
	DueNow  ChaseStep = "due"  // today
	Overdue ChaseStep = "overdue"
)

// Allowed lists the steps.
func (ChaseStep) Allowed() []string { return []string{"near", "due", "overdue"} }

// nearDays is how long before the day a reminder begins.
const nearDays = 14

// Reminder is what one organisation still owes, in one step.
type Reminder struct {
	Organisation Code
	Step         ChaseStep
	Days         int // until the day, or since it; 0 on it
	On           Period
	Duties       []Duty
}

// Reminders lists who is to be chased on a day: by step, the overdue first,
// then by organisation. An organisation can stand in several steps, and twice
// in one where its days differ.
func Reminders(r Round, duties []Duty, day Period) []Reminder {
	type key struct {
		organisation Code
		on           Period
	}
	by := map[key]*Reminder{}
	for _, d := range duties {
		on := r.DueOn(d)
		left := days(day, on)
		if !d.Owing() || left > nearDays {
			continue
		}
		m := by[key{d.Organisation, on}]
		if m == nil {
			m = &Reminder{Organisation: d.Organisation, Step: NearDue, Days: left, On: on}
			switch {
			case left == 0:
				m.Step = DueNow
			case left < 0:
				m.Step, m.Days = Overdue, -left
			}
			by[key{d.Organisation, on}] = m
		}
		m.Duties = append(m.Duties, d)
	}
	out := make([]Reminder, 0, len(by))
	for _, m := range by {
		out = append(out, *m)
	}
	rank := map[ChaseStep]int{Overdue: 0, DueNow: 1, NearDue: 2}
	slices.SortFunc(out, func(a, b Reminder) int {
		return cmp.Or(cmp.Compare(rank[a.Step], rank[b.Step]), cmp.Compare(a.Organisation, b.Organisation), a.On.Compare(b.On))
	})
	return out
}

// DueOf is the due day of each round's year, as the rules of judgement ask.
func DueOf(rounds []Round) ResultsDue {
	due := ResultsDue{}
	for _, r := range rounds {
		due[r.Year] = r.Due
	}
	return due
}

// Extension is a unit's wish for a later day 延期.
type Extension struct {
	ID           int64
	Round        int
	Organisation Code
	Until        Period
	Reason       string
	Asked        time.Time
	AskedBy      string
	Decided      time.Time // zero while it waits
	DecidedBy    string
	Granted      bool
	Answer       string
}
