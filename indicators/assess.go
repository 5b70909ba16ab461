package indicators

import (
	"slices"

	"github.com/shopspring/decimal"
)

// freshMonths is how old a result may be, in whole months, to be told on track
// or at risk.
const freshMonths = 18

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

// Quoted is a rate as published and as its own parts give it, where a source
// has both ("the working shows both"); absent otherwise.
type Quoted struct {
	Value    Number // as published, and judged
	Computed Number // numerator ÷ denominator × per
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
			if ind.each() {
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
	case ind.each() && at == k.city:
		out = c.assessEach(nil, t, milestone)
	case ind.each() && slices.Contains(k.unitsOf(ind.Scope), at), !ind.each() && at == k.city:
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

// each reports an indicator whose targets hold in each unit.
func (i *Indicator) each() bool { return i.Scope != City && i.Scope != "" }

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
	out = append(out, Assessment{Indicator: ind, Area: &k.Library.Areas[at], Target: t, Milestone: m, AsOf: k.AsOf, Basis: t.Basis})
	a := &out[len(out)-1]
	if a.Basis == "" {
		a.Basis = Level
	}
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

// judgement gathers the facts of one target and draws the numbers.
type judgement struct {
	k     *Known
	a     *Assessment
	at    int
	l     *line
	g     goal
	set   bool // there is a goal
	scope scopeLine
	m     int
	hold  Number
	facts facts
	past  *Figure // the latest before m
}

func (j *judgement) run() {
	a, k := j.a, j.k
	a.goal = j.g
	a.Ended = k.AsOf.Year > j.m
	a.ResultsDue = k.Due(j.m)
	if n := len(j.l.figures); n > 0 {
		a.Latest = &j.l.figures[n-1]
	} else {
		a.Other = k.newest(a.Indicator.Code, j.at)
	}
	if a.Ended {
		j.ended()
	} else {
		j.open()
	}
	j.numbers()
}

// verdict is a figure's verdict; unknown without a figure or a goal, and for a
// sum with a gap that does not decide.
func (j *judgement) verdict(f *Figure, final bool) verdict {
	if f == nil || !j.set {
		return unknown
	}
	v := j.g.judge(f, final)
	if v == undecided && f.AtLeast {
		return unknown
	}
	return v
}

// ended gathers the facts once m's year has ended.
func (j *judgement) ended() {
	a, f := j.a, &j.facts
	x := j.l.at(j.m, &j.g)
	f.x = j.verdict(x, x != nil && x.ToDate)
	if f.x == unknown && x != nil && x.AtLeast {
		a.Floor, x = x, nil
	}
	a.Answer = j.k.answer(a.Indicator.Code, j.at, j.m)
	if o := j.l.muted[j.m]; o != nil && x == nil {
		a.Answer = o
	}
	f.answered = a.Answer != nil
	f.due = j.k.AsOf.Compare(a.ResultsDue) > 0
	end := YearOf(j.m)
	for i := range j.l.figures {
		g := &j.l.figures[i]
		v := j.verdict(g, false)
		switch {
		case g.Period.Compare(end) < 0 && v != unknown:
			j.past, f.earlier = g, v
		case g.Period.Year > j.m && v == satisfied && a.Later == nil:
			a.Later, f.later = g, true
		case g.Period.Year > j.m && v == short:
			f.laterShort = true
		}
	}
	a.Rule = decide(EndedRules, f)
	a.Status = a.Rule.Status
	switch a.Rule.Number {
	case 1, 2, 3:
		a.Value, a.Answer = x, nil
	case 4:
		a.Value = x
	case 5:
		a.Value, a.OnEarlierFigure = j.past, true
	}
	if f.standing || f.amount {
		a.Later = nil // judged by that year alone
	}
}

// open gathers the facts while m's year has not ended.
func (j *judgement) open() {
	a, f := j.a, &j.facts
	latest, whole := j.latest()
	f.any = len(j.l.figures) > 0
	f.latest, f.wholeYear = j.verdict(latest, false), j.verdict(whole, false)
	if n := len(j.l.figures); n > 0 && j.l.figures[n-1].AtLeast && latest != &j.l.figures[n-1] {
		a.Floor = &j.l.figures[n-1]
	}
	if latest != nil {
		f.thisYear = latest.Period.Year == j.m
		a.Age = j.k.now - latest.months
		a.Old = a.Age > freshMonths
		f.fresh = !a.Old
		if latest.AtLeast && f.latest == unknown {
			a.Floor = latest
		}
		passed := f.amount && j.passed(latest)
		f.toDate = !passed
		if start := j.startFor(latest); start != nil && j.set {
			f.startMet = j.g.meets(start.exact)
		}
		// A year's amount begins at nothing, so one that has passed its ceiling
		// has lost what it had.
		f.startMet = f.startMet || passed
	}
	j.pace(latest)
	a.Rule = decide(OpenRules, f)
	a.Status = a.Rule.Status
	if a.Rule.Name != "no_data" && a.Rule.Name != "amount_of_another_year" {
		a.Value = latest
	}
	if a.Rule.Status == NoData {
		a.Answer = j.k.answer(a.Indicator.Code, j.at, j.m)
	}
}

// latest is the latest result and the latest of a whole year. A sum with a gap
// counts only where it decides, or where there is no other. A standing target
// on a yearly amount is read from the latest whole year, or from m's amount to
// date once that has reached the target.
func (j *judgement) latest() (latest, whole *Figure) {
	var floor *Figure
	for i := range j.l.figures {
		g := &j.l.figures[i]
		if j.set && g.AtLeast && j.verdict(g, false) == unknown {
			floor = g
			continue
		}
		settled := g.yearEnd() && !g.ToDate
		if j.facts.amount && j.facts.standing && !settled {
			if v := j.verdict(g, true); g.Period.Year != j.m || v != satisfied && v != short {
				continue
			}
			settled = true
		}
		if settled {
			whole = g
		}
		latest = g
	}
	if floor != nil && !j.facts.standing && (latest == nil || j.facts.amount && latest.Period.Year < floor.Period.Year) {
		latest = floor
	}
	return latest, whole
}

// passed reports an amount to date that has gone over its ceiling for good.
func (j *judgement) passed(f *Figure) bool {
	if !j.set || !j.g.hasHi || f.Period.Year != j.m {
		return false
	}
	grown := *f
	grown.ToDate = true
	return j.g.judge(&grown, true) == short
}

// startFor is the start that a figure is measured from; an amount of one year
// begins anew each year and has none.
func (j *judgement) startFor(f *Figure) *Figure {
	if j.facts.amount {
		return nil
	}
	return j.l.startFor(f)
}

// pace lays out the required path and where the latest result stands on it.
func (j *judgement) pace(latest *Figure) {
	a, f := j.a, &j.facts
	start := j.l.start
	switch {
	case latest != nil:
		start = j.startFor(latest)
	case start != nil && j.l.splits(start.months, j.k.now):
		start = nil
	}
	if f.amount || f.standing || !j.set || start == nil || j.g.meets(start.exact) {
		return
	}
	corners := j.k.path(a.Indicator, j.scope, start, j.hold)
	if corners == nil {
		return
	}
	a.Path = pathPoints(corners)
	f.path = true
	if latest == nil || !latest.firm() {
		return
	}
	asked := required(corners, latest.months)
	a.Required = NumberOf(asked.value())
	toward := 1
	if j.g.aim(start.exact).Cmp(start.exact.value()) < 0 {
		toward = -1
	}
	a.Pace, f.pace = pace(latest.exact, start.exact, asked, toward)
}

// numbers draws attainment, gap and the yearly pace now required.
func (j *judgement) numbers() {
	a, f := j.a, &j.facts
	if !j.set {
		return
	}
	a.Aim = NumberOf(j.g.aimLo)
	if a.Value != nil {
		a.Aim = NumberOf(j.g.aim(a.Value.exact))
		a.Start = j.startFor(a.Value)
	} else if !f.amount {
		a.Start = j.l.start
	}
	if a.Ended && !f.standing && !f.amount && a.Start != nil && !j.g.meets(a.Start.exact) {
		a.Path = pathPoints(j.k.path(a.Indicator, j.scope, a.Start, j.hold))
	}
	j.quote()
	if a.Latest != nil && (a.Value == nil || a.OnEarlierFigure) {
		last := a.Latest
		if a.OnEarlierFigure {
			last = a.Value
		}
		if gap, ok := j.gap(last); ok {
			a.LastGap, a.LastGapAt = gap, last.Period
		}
	}
	if a.Value == nil || a.OnEarlierFigure || a.Status == Answered {
		return
	}
	if gap, ok := j.gap(a.Value); ok {
		a.Gap, a.GapAt = gap, a.Value.Period
		a.MustExceed = gap.Decimal().IsZero() && j.used() == short
	}
	j.attain()
	if !a.Ended && !f.standing && !f.amount && a.Value.firm() && j.used() == short {
		if months := YearOf(j.m).Months() - a.Value.months; months > 0 {
			left := whole(j.g.aim(a.Value.exact)).sub(a.Value.exact)
			a.RequiredPace = NumberOf(quo(left.n.Mul(decimal.NewFromInt(12)), left.denominator().Mul(decimal.NewFromInt(int64(months))), 16))
			a.RequiredFrom = a.Value.Period
		}
	}
}

// used is the verdict on the figure that the rule rests on.
func (j *judgement) used() verdict {
	return j.verdict(j.a.Value, j.a.Ended && j.a.Value.ToDate)
}

// gap is what a figure misses; none for a bound that does not satisfy.
func (j *judgement) gap(f *Figure) (Number, bool) {
	v := j.verdict(f, false)
	if f == j.a.Value {
		v = j.used()
	}
	switch {
	case v == satisfied:
		return NumberOf(zero), true
	case v == unknown || !f.firm():
		return Number{}, false
	}
	return NumberOf(j.g.missing(f.exact).value()), true
}

func (j *judgement) attain() {
	a := j.a
	switch v := j.used(); {
	case v == satisfied:
		a.Attainment = NumberOf(hundred)
		return
	case v == unknown || !a.Value.firm():
		return
	}
	onWay := a.Start != nil && !j.g.meets(a.Start.exact)
	if j.scope.basis == ChangePct && !onWay {
		return
	}
	a.Attainment = NumberOf(j.g.attainment(a.Value.exact, a.Start))
}

// quote shows a published rate beside the same from its own parts.
func (j *judgement) quote() {
	v, ind := j.a.Value, j.a.Indicator
	if v == nil || v.How != HowReported || !ind.Per.Present() || !v.Numerator.Present() || !v.Denominator.Present() || v.Denominator.Decimal().IsZero() {
		return
	}
	q, _ := over(v.Numerator.Decimal().Mul(ind.Per.Decimal()), v.Denominator.Decimal())
	j.a.Quoted = Quoted{v.Value, NumberOf(q.value())}
}

// answer is what was answered without a number for a year, in whatever basis:
// of the whole year, else of its December; nil when nothing was.
func (k *Known) answer(c Code, at, year int) *Observation {
	rec := k.of(c, at)
	if rec == nil {
		return nil
	}
	var out *Observation
	for i := range rec.rows {
		if r := &rec.rows[i]; r.Answer != "" && r.Period.Year == year && r.yearEnd() {
			out = r.Observation
		}
	}
	return out
}

// newest is the last number of any basis that is no baseline, nil when none.
func (k *Known) newest(c Code, at int) *Observation {
	rec := k.of(c, at)
	if rec == nil {
		return nil
	}
	for i := len(rec.rows) - 1; i >= 0; i-- {
		if r := &rec.rows[i]; !r.baseline && r.Value.Present() {
			return r.Observation
		}
	}
	return nil
}
