package indicators

import "slices"

// Assessment is what the published rule says of one target of one indicator in
// one area at one milestone, with all that the rule looked at: the one value
// that page, chart, table, download and API print. Absent numbers are absent,
// never zero.
type Assessment struct {
	Indicator *Indicator
	Area      *Area
	Target    *Target
	Milestone int    // the year; of a deliverable the milestone it counts at, 0 where it is after the last
	AsOf      Period // the day
	Ended     bool   // the milestone's year, or a deliverable's due date, is over
	Basis     Basis  // the target's; level where the package leaves it empty

	Status Status
	Rule   StatusRule
	// OnEarlierFigure marks met early on rule 5: m has ended without a figure,
	// and the latest one before it satisfies. It enters no attainment rate.
	OnEarlierFigure bool

	Aim    Number  // the number to reach: the target's, the value to hold, the nearer edge of a band
	Value  *Figure // what the rule rests on: x(m), the latest result, or (rule 5) the latest before m; nil without
	Latest *Figure // the newest figure in the target's basis, whether or not the rule used it
	Later  *Figure // the first figure after m that satisfies: "reached by … at the latest"
	Floor  *Figure // a sum with a gap, or over part of the districts, that does not decide: "at least N"
	Other  *Observation
	Answer *Observation // why there is no number for m: kind and reason

	Start    *Figure     // where the way begins; nil without, or across a break
	Path     []PathPoint // the required path, empty where there is none
	Required Number      // what the path asks for on the latest result's date
	Pace     Number      // made ÷ required, told also where it is too old to judge by; null once m has ended
	Age      int         // of the latest result, in whole months
	Old      bool        // older than 18 months

	// Attainment is the share of the way gone, 0–100 (per cent); null without a
	// verdict, for an unmet change without a path, and for an unmet bound.
	Attainment Number
	// Gap is what is missing, positive, in the indicator's unit (in units for an
	// each-target, in points for a change), 0 where nothing is, dated GapAt; null
	// when nothing is known for m, then LastGap is that of the last known figure.
	Gap, LastGap     Number
	GapAt, LastGapAt Period
	MustExceed       bool // equality against > or <: "must exceed N"
	// RequiredPace is (target − latest) ÷ years from the latest result's date
	// (RequiredFrom) to the end of m, in the unit per year, negative where the
	// value must fall; null once m has ended or the target is met, and for
	// standing targets and amounts of one year.
	RequiredPace Number
	RequiredFrom Period

	ResultsDue Period      // the last day on which results for m are awaited
	Units      *UnitCounts // of an each-target
	Deed       *Deed       // of a deliverable
	Quoted     Quoted      // a published rate beside the same from its parts

	goal goal // what satisfies
}

// Quoted is a rate as published and as its parts give it, where both are known
// ("the working shows both"): the parts that its source names, else its
// series'. Absent otherwise.
type Quoted struct {
	Value                  Number // as published, and judged
	Computed               Number // numerator ÷ denominator × per
	Numerator, Denominator Number
}

// Question asks for one assessment. Observations may hold every edition of
// every subject. Milestone is a year; 0 asks for the target's own.
type Question struct {
	Library      *Library
	Observations []Observation
	Withdrawn    []Withdrawal
	Indicator    Code
	Area         Code
	Target       Target
	Milestone    int
	AsOf         Period // a day that [Plan.AsOf] allows
	Due          ResultsDue
}

// Assess answers a question. It is false where there is nothing to judge: an
// unknown indicator or area, a target not in force, a city's target in a
// district, an undated deliverable or one done before the plan was issued, an
// indicator of no direction.
func Assess(q Question) (Assessment, bool) {
	k := Know(q.Library, q.Observations, q.AsOf, q.Due, q.Withdrawn...)
	ind := q.Library.Indicator(q.Indicator)
	if ind == nil {
		return Assessment{}, false
	}
	t := q.Target
	return k.Assess(ind, q.Area, &t, q.Milestone)
}

// AssessPlan assesses every target of a plan on a day: the city for all of
// them, and each unit (district) for the targets that hold in each; by
// indicator, target and milestone in the plan's order, the city first.
func AssessPlan(l *Library, obs []Observation, asOf Period, due ResultsDue, withdrawn ...Withdrawal) []Assessment {
	return Know(l, obs, asOf, due, withdrawn...).AssessPlan()
}

// AssessPlan is [AssessPlan] on what is already known.
func (k *Known) AssessPlan() []Assessment {
	n := 0
	for i := range k.Library.Indicators {
		ind := &k.Library.Indicators[i]
		for j := range k.Library.TargetsOf(ind.Code) {
			n += len(k.milestonesOf(ind, &k.Library.TargetsOf(ind.Code)[j])) * (1 + len(k.unitsOf(ind.Scope)))
		}
	}
	out := make([]Assessment, 0, n)
	for i := range k.Library.Indicators {
		out = k.assessIndicator(out, &k.Library.Indicators[i])
	}
	return out
}

// AssessIndicator assesses all targets of an indicator, as [AssessPlan] does.
func (k *Known) AssessIndicator(ind *Indicator) []Assessment { return k.assessIndicator(nil, ind) }

func (k *Known) assessIndicator(out []Assessment, ind *Indicator) []Assessment {
	targets := k.Library.TargetsOf(ind.Code)
	c := lines{k: k, ind: ind}
	for i := range targets {
		t := &targets[i]
		if !k.judged(ind, t) {
			continue
		}
		for _, m := range k.milestonesOf(ind, t) {
			if ind.Scope.each() {
				out = c.assessEach(out, t, m)
			} else {
				out = c.assess(out, k.city, t, m)
			}
		}
	}
	return out
}

// assessEach appends an each-target's assessment for the city, then those of
// its units.
func (c *lines) assessEach(out []Assessment, t *Target, m int) []Assessment {
	city := len(out)
	out = append(out, Assessment{})
	for _, u := range c.k.unitsOf(c.ind.Scope) {
		out = c.assess(out, u, t, m)
	}
	c.each(&out[city], t, m, out[city+1:])
	return out
}

// Assess judges one target of an indicator in an area at a milestone (0 asks
// for the target's own, for a standing one the plan's last); see the function
// [Assess].
func (k *Known) Assess(ind *Indicator, area Code, t *Target, milestone int) (Assessment, bool) {
	at, ok := k.area[area]
	if !ok || !k.judged(ind, t) {
		return Assessment{}, false
	}
	own := k.milestonesOf(ind, t)
	if len(own) == 0 {
		return Assessment{}, false
	}
	if milestone == 0 {
		milestone = own[len(own)-1]
	} else if !slices.Contains(own, milestone) && t.Milestone != Every {
		return Assessment{}, false
	}
	c := lines{k: k, ind: ind}
	var out []Assessment
	switch {
	case ind.Scope.each() && at == k.city:
		out = c.assessEach(nil, t, milestone)
	case ind.Scope.each() && slices.Contains(k.unitsOf(ind.Scope), at), !ind.Scope.each() && at == k.city:
		out = c.assess(nil, at, t, milestone)
	}
	if len(out) == 0 {
		return Assessment{}, false
	}
	return out[0], true
}

// judged reports a target that is judged on the day.
func (k *Known) judged(ind *Indicator, t *Target) bool {
	return k.city >= 0 && t.InForce(k.Library.Plan, k.AsOf) && ind.Direction != NoDirection
}

// unitsOf lists the areas that are the units of a scope; none for facilities,
// and where the library does not list them.
func (k *Known) unitsOf(s Scope) []int {
	level := AreaLevel("")
	switch s {
	case EachDistrict:
		return k.districts
	case EachTownship:
		level = "township"
	case EachCommunity:
		level = "community"
	default:
		return nil
	}
	var out []int
	for i := range k.Library.Areas {
		if k.Library.Areas[i].Level == level {
			out = append(out, i)
		}
	}
	return out
}

// milestonesOf lists the milestones at which a target is assessed: its own, of
// a standing one all of the plan's, of a deliverable the first not before its
// due date (0 where that is after the last). None for an undated one.
func (k *Known) milestonesOf(ind *Indicator, t *Target) []int {
	if t.Milestone == Every && ind.Measure != Deliverable {
		return k.Library.Plan.Milestones
	}
	year, dated := t.Milestone.Year()
	if ind.Measure != Deliverable {
		if !dated {
			year = t.Due.Year
		}
		if year == 0 {
			return nil
		}
		return []int{year}
	}
	due := dueOf(t)
	if due.IsZero() {
		return nil
	}
	for _, m := range k.Library.Plan.Milestones {
		if m >= due.Year {
			return []int{m}
		}
	}
	return []int{0}
}

// lines keeps what was read of one indicator, so that each line is read once
// for all targets and milestones.
type lines struct {
	k    *Known
	ind  *Indicator
	kept []keptLine
}

type keptLine struct {
	at    int
	scope scopeLine
	line  *line
	hold  Number
}

func (c *lines) read(at int, s scopeLine) (*line, Number) {
	for i := range c.kept {
		if kept := &c.kept[i]; kept.at == at && kept.scope == s {
			return kept.line, kept.hold
		}
	}
	l := c.k.line(c.ind, at, s)
	hold := c.k.hold(c.ind, at, s.basis)
	c.kept = append(c.kept, keptLine{at, s, l, hold})
	return l, hold
}

// assess appends the assessment of a target in an area by that area's own
// figures; nothing for a deliverable that is no target.
func (c *lines) assess(out []Assessment, at int, t *Target, m int) []Assessment {
	k, ind := c.k, c.ind
	out = append(out, Assessment{Indicator: ind, Area: &k.Library.Areas[at], Target: t, Milestone: m, AsOf: k.AsOf, Basis: t.Basis.orLevel()})
	a := &out[len(out)-1]
	if ind.Measure == Deliverable {
		if !k.deed(a, at) {
			return out[:len(out)-1]
		}
		return out
	}
	s := k.scopeOf(ind, t)
	l, hold := c.read(at, s)
	g, ok := goalOf(ind, t, hold)
	j := judgement{k: k, a: a, at: at, l: l, g: g, set: ok, scope: s, m: m, hold: hold}
	j.facts.standing = t.Milestone == Every
	j.facts.amount = s.basis == Added
	j.facts.ceiling = g.hasHi && (s.basis == Added || s.basis == Cumulative)
	j.run()
	return out
}

// Over is by how much a satisfied target is passed, positive, in the unit of
// [Assessment.Gap]; absent where it is not passed, and for a deliverable and an
// each-target, which can only be met.
func (a *Assessment) Over() Number {
	if a.Value == nil || a.Deed != nil || a.Units != nil || !a.Aim.Present() {
		return Number{}
	}
	switch a.Status {
	case Met, MetEarly, OnTrack:
	default:
		return Number{}
	}
	over := a.Value.Value.Decimal().Sub(a.Aim.Decimal()).Abs()
	if over.IsZero() || a.Target.Comparator == Between || a.Target.Comparator == About {
		return Number{}
	}
	return NumberOf(over)
}
