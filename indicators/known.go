package indicators

import (
	"slices"
	"time"
)

// AsOf is the day on which the plan is to be read: the one asked for, or today
// in the plan's time zone when none is. A later day is refused as [Invalid]
// ("Known on d": a day to come is refused).
func (p Plan) AsOf(asked Period, now time.Time) (Period, error) {
	today := DateOf(now.In(p.Location()))
	switch {
	case asked.IsZero():
		return today, nil
	case asked.End().Compare(today) > 0:
		return Period{}, &Error{Kind: Invalid, What: "asof", Detail: asked.String()}
	}
	return asked.End(), nil
}

// ResultsDue is the last day on which a year's results are still awaited, by
// year: the due days of the rounds. A year without a round is due on the
// plan's day of the year after, 30 June where the plan names none.
type ResultsDue map[int]Period

// On is the due day of a year's results; the day itself is included.
func (d ResultsDue) On(p Plan, year int) Period {
	if day, ok := d[year]; ok && !day.IsZero() {
		return day.End()
	}
	if p.ResultsDue != "" {
		if t, err := time.Parse("01-02", p.ResultsDue); err == nil {
			return Period{year + 1, int(t.Month()), t.Day()}
		}
	}
	return Period{year + 1, 6, 30}
}

// Withdrawal is an observation that a release ended: it was taken back, or
// another with its key took its place. Only the key of Of and its Revision
// count. From On, a day, it is no longer known; the edition before it, unless
// that is withdrawn too, stands again (so a wrong release is undone). What has
// its key and a higher Revision is known from Back only, so that the days before
// a correction, and between a withdrawal and its undoing, read as they did.
type Withdrawal struct {
	Of      Observation
	On      Period
	Back    Period // when one of its key came; zero where none has
	Release int    // that ended it; 0 where it is not known
}

// KnownOn is the day from which an observation is known: its publication (a
// month counts as its last day). Where nobody wrote one down, a baseline is
// known since the plan was issued, and a result since the first 31 December
// later than its period's last day.
func (o *Observation) KnownOn(p Plan) Period {
	switch {
	case !o.Published.IsZero():
		return o.Published.End()
	case o.Kind == Baseline && !p.Issued.IsZero():
		return p.Issued.End()
	}
	return assumed(o.Period)
}

// InForce reports whether a target is promised on a day: from From (the day
// the plan was issued, when empty) to Until, both included. Before the plan
// was issued it promised nothing.
func (t *Target) InForce(p Plan, day Period) bool {
	from := t.From
	if from.IsZero() {
		from = p.Issued
	}
	return (from.IsZero() || from.start().Compare(day) <= 0) && (t.Until.IsZero() || t.Until.Compare(day) >= 0)
}

// Known is what was known of a plan on a day: of every figure published by
// then and not withdrawn, the edition that stood, and the targets then in
// force. It is read-only, cheap to ask and built once per page or plan; the
// observations it was built from must not change while it is in use.
type Known struct {
	Library *Library
	AsOf    Period

	due       ResultsDue
	now       int // AsOf in months
	area      map[Code]int
	subject   map[Code][]*record // by place of area
	city      int                // -1 when there is none
	districts []int
	withdrawn map[[6]string][]Withdrawal
	lone      []row // suppressed figures of districts that the city's would reveal
}

// record is what stands of one subject in one area, by period; of one period
// the whole-year figure comes last.
type record struct {
	rows []row
}

// row is a standing observation with what the rules ask of it.
type row struct {
	*Observation
	basis    Basis // a flow's level and increase are one: added
	baseline bool
	months   int
}

// yearEnd reports a figure that stands at the end of its year: of the whole
// year, or dated December.
func (r *row) yearEnd() bool { return r.Period.Month == 0 || r.Period.Month == 12 }

// exact reports a number that can be a start, a summand or a point of a line.
func (r *row) exact() bool { return r.Value.Present() && r.Bound == "" }

// Know reads obs as of a day. obs may be in any order and hold every edition;
// what is of an unknown area is passed over. asOf must be a day that
// [Plan.AsOf] allows.
func Know(l *Library, obs []Observation, asOf Period, due ResultsDue, withdrawn ...Withdrawal) *Known {
	asOf = asOf.End()
	k := &Known{
		Library: l, AsOf: asOf, due: due, now: asOf.Months(), city: -1,
		area: make(map[Code]int, len(l.Areas)), subject: make(map[Code][]*record, len(l.Indicators)),
	}
	for i := range l.Areas {
		k.area[l.Areas[i].Code] = i
		switch l.Areas[i].Level {
		case CityLevel:
			if k.city < 0 {
				k.city = i
			}
		case DistrictLevel:
			k.districts = append(k.districts, i)
		}
	}
	for _, w := range withdrawn {
		if k.withdrawn == nil {
			k.withdrawn = map[[6]string][]Withdrawal{}
		}
		k.withdrawn[w.Of.key()] = append(k.withdrawn[w.Of.key()], w)
	}
	for i := range obs {
		k.add(&obs[i])
	}
	for _, records := range k.subject {
		for _, r := range records {
			if r != nil && len(r.rows) > 1 {
				slices.SortFunc(r.rows, compareRows)
			}
		}
	}
	k.mask()
	return k
}

func compareRows(a, b row) int {
	if c := a.Period.Compare(b.Period); c != 0 {
		return c
	}
	// At one date the coarser period last: the year's figure goes before one
	// dated December.
	if c := b.Period.Month - a.Period.Month; c != 0 {
		return c
	}
	if c := b.Period.Day - a.Period.Day; c != 0 {
		return c
	}
	return CompareObservations(*a.Observation, *b.Observation)
}

// Holds reports whether an observation is known, whether or not a newer
// edition took its place.
func (k *Known) Holds(o *Observation) bool {
	if o.KnownOn(k.Library.Plan).Compare(k.AsOf) > 0 {
		return false
	}
	if k.withdrawn == nil {
		return true
	}
	for _, w := range k.withdrawn[o.key()] {
		back := !w.Back.IsZero() && w.Back.Compare(k.AsOf) <= 0
		switch {
		case w.Of.Revision == o.Revision && w.On.Compare(k.AsOf) <= 0 && !back,
			w.Of.Revision < o.Revision && !back:
			return false
		}
	}
	return true
}

func (k *Known) add(o *Observation) {
	at, ok := k.area[o.Area]
	if !ok || o.Period.IsZero() || !k.Holds(o) {
		return
	}
	records := k.subject[o.Subject]
	if records == nil {
		records = make([]*record, len(k.Library.Areas))
		k.subject[o.Subject] = records
	}
	if records[at] == nil {
		records[at] = &record{}
	}
	ind := k.Library.Indicator(o.Subject)
	r := row{Observation: o, basis: basisFor(ind, o.Basis), months: o.Period.Months(), baseline: k.isBaseline(o)}
	records[at].put(r, k.Library.Plan)
}

// isBaseline reports a figure from which progress starts: the plan's own, or
// one computed here of a year no later than the plan's baseline year.
func (k *Known) isBaseline(o *Observation) bool {
	return o.Kind == Baseline || o.Kind == Derived && o.Period.Compare(YearOf(k.Library.Plan.BaselineYear)) <= 0
}

// basisFor is the basis in which an indicator's number is read: level when
// none is stated, and added for the level of a flow, whose amount is its level
// and its increase alike.
func basisFor(ind *Indicator, b Basis) Basis {
	b = b.orLevel()
	if b == Level && ind != nil && ind.Measure == Flow {
		return Added
	}
	return b
}

// put keeps r unless an edition that stands before it is there. What was
// published and what was computed here do not take each other's place: a
// published answer without a number leaves the computed number standing.
func (rec *record) put(r row, p Plan) {
	for i := range rec.rows {
		old := &rec.rows[i]
		if old.Period == r.Period && old.basis == r.basis && old.baseline == r.baseline && (old.Kind == Derived) == (r.Kind == Derived) {
			if supersedes(&r, old, p) {
				*old = r
			}
			return
		}
	}
	rec.rows = append(rec.rows, r)
}

// supersedes reports whether a stands in the place of b: the newest published
// whatever its vintage, then the later in the order of keys.
func supersedes(a, b *row, p Plan) bool {
	if c := a.KnownOn(p).Compare(b.KnownOn(p)); c != 0 {
		return c > 0
	}
	if c := CompareObservations(*a.Observation, *b.Observation); c != 0 {
		return c > 0
	}
	if a.Revision != b.Revision {
		return a.Revision > b.Revision // corrected on the day of its publication
	}
	return a.Value.String()+string(a.Answer) > b.Value.String()+string(b.Answer)
}

// of is what stands of a subject in an area, nil when nothing does.
func (k *Known) of(subject Code, area int) *record {
	if records := k.subject[subject]; records != nil && area >= 0 {
		return records[area]
	}
	return nil
}

// Standing lists what is known of a subject in an area, by period: of several
// editions the one that stands.
func (k *Known) Standing(subject, area Code) []Observation {
	at, ok := k.area[area]
	if !ok {
		return nil
	}
	rec := k.of(subject, at)
	if rec == nil {
		return nil
	}
	out := make([]Observation, len(rec.rows))
	for i := range rec.rows {
		out[i] = *rec.rows[i].Observation
	}
	return out
}

// TargetsOf lists an indicator's targets that are in force on the day, in the
// plan's order.
func (k *Known) TargetsOf(c Code) []Target {
	all := k.Library.TargetsOf(c)
	for i := range all {
		if !all[i].InForce(k.Library.Plan, k.AsOf) {
			var out []Target
			for j := range all {
				if all[j].InForce(k.Library.Plan, k.AsOf) {
					out = append(out, all[j])
				}
			}
			return out
		}
	}
	return all
}

// Due is the last day on which the results of a year are awaited.
func (k *Known) Due(year int) Period { return k.due.On(k.Library.Plan, year) }

// Filter keeps the observations that are known, superseded editions among
// them, in their order: what a page of that day may show. A total that would
// reveal what is suppressed is suppressed itself, and so are earlier editions of
// what is suppressed now.
func (k *Known) Filter(obs []Observation) []Observation {
	var out []Observation
	for i := range obs {
		if !k.Holds(&obs[i]) {
			continue
		}
		o := obs[i]
		if k.hides(&o) {
			o = concealed(o)
		}
		out = append(out, o)
	}
	return out
}
