package indicators

import (
	"github.com/shopspring/decimal"
)

// freshMonths is how old a result may be, in whole months, to be told on track
// or at risk.
const freshMonths = 18

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
	a.Path = corners
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
	a.Pace, f.pace = pace(latest.exact, whole(corners[0].Value.Decimal()), asked, toward)
}

// unrounded is a figure with as many more digits as it takes where rounding
// would change its verdict.
func (j *judgement) unrounded(f *Figure) *Figure {
	if f == nil || !f.exact.quotient || !f.Value.Present() || !j.set {
		return f
	}
	meets := j.g.meets(f.exact)
	exact := *f
	for digits := -f.Value.Decimal().Exponent(); j.g.meets(whole(exact.Value.Decimal())) != meets; digits++ {
		if digits > quotientDigits {
			exact.Value = NumberOf(f.exact.value())
			break
		}
		exact.Value = NumberOf(f.exact.n.DivRound(f.exact.d, max(0, digits)))
	}
	return &exact
}

// numbers draws attainment, gap and the yearly pace now required.
func (j *judgement) numbers() {
	a, f := j.a, &j.facts
	a.Value, a.Latest, a.Later = j.unrounded(a.Value), j.unrounded(a.Latest), j.unrounded(a.Later)
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
		a.Path = j.k.path(a.Indicator, j.scope, a.Start, j.hold)
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

// decimals are those with which a quotient in the target's basis is told.
func (j *judgement) decimals() *int {
	if j.scope.basis == ChangePct {
		return changeDecimals(j.a.Indicator)
	}
	return j.a.Indicator.Decimals
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
	return j.g.missing(f.exact).told(j.decimals()), true
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

// quote shows a published rate beside the same from its parts.
func (j *judgement) quote() {
	f, ind := j.a.Value, j.a.Indicator
	if f == nil || f.How != HowReported || !ind.Per.Present() || j.scope.basis != Level {
		return
	}
	q := Quoted{Value: f.Value, Numerator: f.Numerator, Denominator: f.Denominator}
	if !q.Numerator.Present() || !q.Denominator.Present() {
		v := j.k.view(ind, j.at)
		computed, ok := v.seriesAt(f.Period)
		if !ok {
			return
		}
		q.Numerator, q.Denominator = computed.Numerator, computed.Denominator
	}
	if x, ok := over(q.Numerator.Decimal().Mul(ind.Per.Decimal()), q.Denominator.Decimal()); ok {
		q.Computed = NumberOf(x.value())
		j.a.Quoted = q
	}
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
