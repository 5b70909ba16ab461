package indicators

import (
	"github.com/shopspring/decimal"
)

// UnitCounts is what the units of an each-target add up to: "8 met, 1 short, 7
// unreported". Total leaves out those to which the indicator does not apply.
// FromCity marks counts that come from a city figure "k of n"; the units' own
// cells stay as they are.
type UnitCounts struct {
	Total         int
	Met           int // x(m) satisfies; while m's year has not ended, the latest result
	Late          int // a later figure does
	OnEarlier     int // only a figure before m does, and m has none (rule 5)
	Short         int // known to fall short, or (not ended) known and not there yet
	Answered      int
	Unreported    int
	NotApplicable int
	FromCity      bool
	Cells         []UnitCell
}

// UnitCell is one unit's own verdict. NotApplicable marks a unit that left the
// count.
type UnitCell struct {
	Area          *Area
	Status        Status
	Value         *Figure
	Answer        *Observation
	NotApplicable bool
}

// each judges a target that must hold in each unit, from the assessments of
// the units at the same milestone, else from a city figure "k of n". A city
// figure is units that meet (numerator) ÷ units (denominator), whatever its
// value says; one dated no later than an earlier milestone of the same
// indicator counted that milestone's condition, and is not read for this one.
// While m's year has not ended and the units' own results do not settle it,
// the counts are those of whichever is newer.
func (c *lines) each(a *Assessment, t *Target, m int, units []Assessment) {
	k, ind := c.k, c.ind
	*a = Assessment{
		Indicator: ind, Area: &k.Library.Areas[k.city], Target: t, Milestone: m, AsOf: k.AsOf, Basis: t.Basis.orLevel(),
		Ended: k.AsOf.Year > m, ResultsDue: k.Due(m),
	}
	if ind.Measure == Deliverable {
		due := dueOf(t)
		a.Ended, a.ResultsDue = k.AsOf.Compare(due) > 0, k.Due(due.Year)
		a.Deed = &Deed{Due: due}
	}
	f := facts{standing: t.Milestone == Every}
	e := &f.units
	e.listed = len(k.unitsOf(ind.Scope)) > 0
	e.due = k.AsOf.Compare(a.ResultsDue) > 0
	counts := &UnitCounts{Cells: make([]UnitCell, 0, len(units))}
	a.Units = counts
	newest, newestShort := 0, 0
	for i := range units {
		u := &units[i]
		cell := UnitCell{Area: u.Area, Status: u.Status, Value: u.Value, Answer: u.Answer}
		if !k.applies(ind.Code, k.area[u.Area.Code], k.horizon(a, m)) {
			cell.NotApplicable = true
			counts.NotApplicable++
			counts.Cells = append(counts.Cells, cell)
			continue
		}
		counts.Cells = append(counts.Cells, cell)
		e.units++
		if u.Value != nil {
			e.heard++
			newest = max(newest, u.Value.months)
		}
		switch u.Status {
		case Met:
			e.met++
			counts.Met++
		case MetEarly, OnTrack:
			switch {
			case u.OnEarlierFigure:
				e.met++
				e.early++
				counts.OnEarlier++
			case u.Status == MetEarly || f.standing:
				e.met++
				counts.Met++
			default:
				counts.Short++
			}
		case MetLate:
			e.met++
			e.late++
			counts.Late++
		case Missed:
			e.short++
			counts.Short++
		case Answered:
			e.answered++
			counts.Answered++
		case Awaiting, NotReported, NoData:
			if u.Answer != nil || k.lastWordIsAnswer(ind.Code, k.area[u.Area.Code]) {
				counts.Answered++
				break
			}
			counts.Unreported++
		default:
			if u.Rule.Name == "standing_held_long_ago" {
				counts.Met++
				break
			}
			counts.Short++
			newestShort = max(newestShort, u.Value.monthsOf())
		}
	}
	counts.Total = e.units
	count, figure := c.countOf(t, m, a, &f)
	if !a.Ended && figure != nil && figure.months < newestShort {
		count, figure = StatusRule{}, nil // newer word of a unit is that it falls short
	}
	e.city = count
	table := EachOpenRules
	if a.Ended || ind.Measure == Deliverable && e.allMet() {
		table = EachEndedRules
	}
	a.Rule = decide(table, &f)
	a.Status = a.Rule.Status
	a.OnEarlierFigure = a.Ended && a.Status == MetEarly
	fromCity := figure != nil && (!e.listed || a.Rule.ofCity() || e.heard == 0 || table == EachOpenRules && !e.allMet() && figure.months >= newest)
	if fromCity {
		counts.FromCity, counts.Total, counts.Met = true, unitsIn(figure.Denominator), unitsIn(figure.Numerator)
		counts.Short = max(0, counts.Total-counts.Met)
		counts.Unreported, counts.Late, counts.OnEarlier, counts.Answered = 0, 0, 0, 0
		a.Value, a.Latest, newest = figure, figure, figure.months
	} else if e.heard > 0 {
		a.Value = counted(counts, m, a.Ended, newest)
	}
	if !a.Ended && a.Value != nil && a.Deed == nil {
		a.Age = k.now - newest
		a.Old = a.Age > freshMonths
	}
	c.unitNumbers(a, newest)
}

// lastWordIsAnswer reports that the newest word of an area since the baseline
// is an answer without a number.
func (k *Known) lastWordIsAnswer(c Code, at int) bool {
	rec := k.of(c, at)
	if rec == nil {
		return false
	}
	for i := len(rec.rows) - 1; i >= 0; i-- {
		if r := &rec.rows[i]; !r.baseline {
			return r.Answer != ""
		}
	}
	return false
}

// ofCity reports a rule that rests on a city figure.
func (r StatusRule) ofCity() bool {
	return len(r.Name) > 4 && r.Name[:5] == "city_"
}

// horizon is the month up to which word of a unit counts for m.
func (k *Known) horizon(a *Assessment, m int) int {
	if a.Deed != nil {
		return max(a.Deed.Due.Months(), 0)
	}
	return YearOf(m).Months()
}

func unitsIn(n Number) int { return int(n.Decimal().IntPart()) }

// counted is the units' own results as a figure "k of n".
func counted(c *UnitCounts, m int, ended bool, newest int) *Figure {
	f := &Figure{
		Value: NumberOf(decimal.NewFromInt(int64(c.Met))), Basis: Level, How: HowCounted, months: newest,
		Numerator: NumberOf(decimal.NewFromInt(int64(c.Met))), Denominator: NumberOf(decimal.NewFromInt(int64(c.Total))),
		Parts: c.Total - c.Unreported - c.Answered, Of: c.Total,
	}
	f.exact = whole(f.Value.Decimal())
	f.Period = Period{(newest - 1) / 12, (newest-1)%12 + 1, 0}
	if ended {
		f.Period, f.months = YearOf(m), YearOf(m).Months()
	} else if f.Period.Month == 12 {
		f.Period = YearOf(f.Period.Year)
	}
	return f
}

// countOf is what a city figure "k of n" decides by the general rules, with
// that figure: of m's year once it has ended, the latest while it has not.
// Where the units are not areas of the library it is the result itself, and
// all rules apply to it.
func (c *lines) countOf(t *Target, m int, a *Assessment, f *facts) (StatusRule, *Figure) {
	l := c.countLine(t, m)
	if c.ind.Measure == Deliverable {
		return StatusRule{}, nil
	}
	var own Assessment
	own.Indicator, own.Area, own.Target = a.Indicator, a.Area, t
	own.ResultsDue, own.Ended = a.ResultsDue, a.Ended
	j := judgement{k: c.k, a: &own, at: c.k.city, l: l, m: m, set: true}
	j.g = goal{lo: one, aimLo: one, aimHi: one, hasLo: true, toward: 1}
	j.facts = facts{standing: f.standing, amount: c.k.scopeOf(c.ind, t).basis == Added, count: true}
	if !a.Ended {
		if len(l.figures) == 0 {
			return StatusRule{}, nil
		}
		j.open()
		if own.Value == nil {
			return StatusRule{}, nil
		}
		a.Age, a.Old = own.Age, own.Old
		return own.Rule, own.Value
	}
	j.ended()
	switch rule := own.Rule; {
	case own.Value != nil && rule.Number <= 3:
		a.Later = own.Later
		return rule, own.Value
	case !f.units.listed, f.units.heard == 0 && rule.Status == Answered:
		if !f.units.listed && rule.Number >= 6 {
			if n := len(l.figures); n > 0 {
				a.Latest = &l.figures[n-1]
			}
			return StatusRule{}, nil
		}
		a.Answer = own.Answer
		return rule, own.Value
	}
	return StatusRule{}, nil
}

// countLine reads the city's figures "k of n"; where the units are not areas
// of the library, the districts' figures together, once all have reported.
func (c *lines) countLine(t *Target, m int) *line {
	k, ind := c.k, c.ind
	l := &line{}
	after := 0 // the year of the milestone before
	for _, other := range k.TargetsOf(ind.Code) {
		if y, ok := other.Milestone.Year(); ok && t.Milestone != Every && y < m && y > after {
			after = y
		}
	}
	add := func(rec *record, each func(f Figure)) {
		if rec == nil {
			return
		}
		for i := range rec.rows {
			r := &rec.rows[i]
			if r.baseline || r.Answer != "" || r.Bound != "" || r.Period.Year <= after || !r.Numerator.Present() || !r.Denominator.Present() {
				continue
			}
			if q, ok := over(r.Numerator.Decimal(), r.Denominator.Decimal()); ok {
				each(Figure{
					Value: r.Numerator, Period: r.Period, Basis: r.basis, How: HowUnits, From: []*Observation{r.Observation},
					Numerator: r.Numerator, Denominator: r.Denominator, exact: q, months: r.months,
				})
			}
		}
	}
	add(k.of(ind.Code, k.city), func(f Figure) { l.figures = append(l.figures, f) })
	if len(k.unitsOf(ind.Scope)) == 0 && (ind.Rollup == Sum || ind.Rollup == Ratio || ind.Rollup == CountMet) {
		type part struct {
			k, n decimal.Decimal
			from []*Observation
			of   int
		}
		parts := map[Period]*part{}
		for _, d := range k.districts {
			add(k.of(ind.Code, d), func(f Figure) {
				at := f.Period
				if at.Month == 12 {
					at = YearOf(at.Year) // a December stands for its year
				}
				p := parts[at]
				if p == nil {
					p = &part{}
					parts[at] = p
				}
				p.k, p.n, p.of = p.k.Add(f.Numerator.Decimal()), p.n.Add(f.Denominator.Decimal()), p.of+1
				p.from = append(p.from, f.From...)
			})
		}
		for at, p := range parts {
			applicable := 0
			for _, d := range k.districts {
				if k.applies(ind.Code, d, at.Months()) {
					applicable++
				}
			}
			if q, ok := over(p.k, p.n); ok && p.of == applicable && !l.has(at) {
				l.figures = append(l.figures, Figure{
					Value: NumberOf(p.k), Period: at, Basis: Level, How: HowRatio, From: p.from, Parts: p.of, Of: applicable,
					Numerator: NumberOf(p.k), Denominator: NumberOf(p.n), exact: q, months: at.Months(),
				})
			}
		}
	}
	l.settle(YearOf(k.Library.Plan.BaselineYear))
	return l
}

// unitNumbers draws an each-target's numbers: units that meet ÷ units, the gap
// in units, and the units a year now required.
func (c *lines) unitNumbers(a *Assessment, newest int) {
	n := a.Units
	switch a.Status {
	case Answered, Awaiting, NotReported, NoData:
		return
	}
	if n.Total <= 0 || a.OnEarlierFigure || a.Value == nil {
		return
	}
	met, total := decimal.NewFromInt(int64(min(n.Met, n.Total))), decimal.NewFromInt(int64(n.Total))
	a.Aim = NumberOf(total)
	a.Attainment = NumberOf(share(whole(met), whole(total)))
	a.Gap, a.GapAt = NumberOf(total.Sub(met)), a.Value.Period
	if months := YearOf(a.Milestone).Months() - newest; !a.Ended && n.Met < n.Total && a.Target.Milestone != Every && months > 0 &&
		c.ind.Measure != Deliverable && c.k.scopeOf(c.ind, a.Target).basis != Added {
		a.RequiredPace = NumberOf(quo(a.Gap.Decimal().Mul(decimal.NewFromInt(12)), decimal.NewFromInt(int64(months)), 16))
		a.RequiredFrom = a.Value.Period
	}
}
