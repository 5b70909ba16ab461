package chart

import (
	"math"
	"strings"

	"github.com/shopspring/decimal"

	"yimi/indicators"
)

// gauge is a picture reduced to what lies on a ruler. Places on it are shares
// of the way from 0 to the 1 m line, which is 1.
type gauge struct {
	picture  Picture
	full     float64 // the value at share 1
	line     float64 // where the 1 m line lies: 1, or 0 for a target of nothing
	hasLine  bool
	goal     string  // the target's figure
	goalYear string  // its year
	upper    float64 // end of a range, 0 when there is none
	latest   *stamp
	was      []float64 // numbers that a correction of the latest replaced
	baseline *stamp
	earlier  []stamp // results before the latest, newest first
	others   []stamp // targets of other milestones
	downward bool    // lower is better: the bar runs from the baseline
	step     steps
}

// stamp is one mark on a ruler with its words.
type stamp struct {
	share  float64
	figure string
	date   string // in prose
	short  string // as a table has it
}

// steps are the distances between ticks, in values.
type steps struct{ minor, mid, long float64 }

// rulerSteps chooses ticks at multiples of 1, 2 or 5 so that there are at most
// 30 up to full; whole reports a count, which has no ticks between numbers.
func rulerSteps(full float64, whole bool) steps {
	full = math.Abs(full)
	minor := niceStep(full / 30)
	if whole && minor < 1 {
		minor = 1
	}
	lead := minor / math.Pow(10, math.Floor(math.Log10(minor)+1e-9))
	s := steps{minor: minor, mid: minor * 5, long: minor * 5}
	if math.Round(lead) == 5 {
		s.mid, s.long = minor*2, minor*4
	}
	if full/s.long < 2 && whole {
		s.mid, s.long = minor, minor
	}
	return s
}

// target is the one that the picture is drawn to; nil when there is none.
func (p Picture) target() *indicators.Target {
	if p.Target != nil {
		return p.Target
	}
	return p.Trajectory.Final()
}

// whole reports a measure that counts things.
func (p Picture) whole() bool {
	d := p.Trajectory.Indicator.Decimals
	return p.Units != nil || d == nil || *d == 0 && p.Trajectory.Indicator.Measure != indicators.Rate
}

// figure prints a value as a label has it: with its unit where that is written
// right after the number (90.64%), without it elsewhere (2.49).
func (p Picture) figure(w Words, o indicators.Observation) string {
	t := &p.Trajectory
	if p.closed(w, o.Basis) {
		return w.Value(&t.Indicator, o, t.Targets)
	}
	return w.Figure(&t.Indicator, o, t.Targets)
}

func (p Picture) closed(w Words, b indicators.Basis) bool {
	unit := w.Unit(&p.Trajectory.Indicator)
	return b == indicators.ChangePct || strings.HasPrefix(unit, "%") || strings.HasPrefix(unit, "‰")
}

// targetFigure is a target's value as a label has it.
func (p Picture) targetFigure(w Words, target indicators.Target) string {
	if target.Comparator == indicators.Hold && !target.Value.Present() {
		if b := p.Trajectory.Baseline; b != nil {
			return w.TargetFigure(target) + " " + p.figure(w, *b)
		}
		return w.TargetFigure(target)
	}
	if p.closed(w, target.Basis) {
		return w.Target(&p.Trajectory.Indicator, target)
	}
	return w.TargetFigure(target)
}

// Goal is the value of the picture's target as rulers and lists print it: ≥6,
// ≤55%, 0.8～1, all, or the number of units; empty without a target.
func (p Picture) Goal(w Words) string {
	target := p.target()
	switch {
	case p.Units != nil:
		return w.Int(p.Units.Total)
	case target == nil:
		return ""
	case p.everything(target):
		return w.T("chart.all")
	}
	return p.targetFigure(w, *target)
}

// everything reports a share that is to be the whole and cannot be more.
func (p Picture) everything(target *indicators.Target) bool {
	ind, hundred := &p.Trajectory.Indicator, decimal.NewFromInt(100)
	return ind.Measure == indicators.Rate && (target.Comparator == indicators.GE || target.Comparator == indicators.EQ) &&
		target.Value.Decimal().Equal(hundred) && ind.Max.Present() && ind.Max.Decimal().Equal(hundred) &&
		ind.Per.Decimal().Equal(hundred)
}

// gauge lays the picture out on a ruler.
func (p Picture) gauge(w Words) gauge {
	t := &p.Trajectory
	g := gauge{picture: p, full: 1, line: 1, downward: t.Indicator.Direction == indicators.Lower && t.Basis != indicators.ChangePct}
	if p.Units != nil {
		g.full, g.hasLine = float64(max(1, p.Units.Total)), true
		g.goal = p.Goal(w)
		if target := p.target(); target != nil {
			g.goalYear = p.when(w, *target)
		}
		if p.Units.Met+p.Units.Short > 0 {
			g.latest = &stamp{share: float64(p.Units.Met) / g.full, figure: w.Int(p.Units.Met)}
		}
		g.downward = false
		g.step = rulerSteps(g.full, true)
		if p.Units.Total <= 60 {
			g.step.minor = 1
		}
		return g
	}
	target := p.target()
	if target != nil {
		if v := t.Value(target); v.Present() {
			g.full, g.hasLine = v.Float(), true
			g.goal, g.goalYear = p.Goal(w), p.when(w, *target)
		}
	}
	if g.full == 0 || !g.hasLine {
		g.line, g.full = 0, p.largest()
	}
	if target != nil && target.Upper.Present() && g.line == 1 {
		g.upper = target.Upper.Float() / g.full
	}
	g.step = rulerSteps(g.full, p.whole())
	at := func(o *indicators.Observation) *stamp {
		return &stamp{share: o.Value.Float() / g.full, figure: p.figure(w, *o), date: w.Date(o.Period), short: o.Period.String()}
	}
	if t.Baseline != nil {
		g.baseline = at(t.Baseline)
	}
	for i := len(t.Results) - 1; i >= 0; i-- {
		s := at(&t.Results[i])
		if g.latest == nil {
			g.latest = s
			for _, e := range t.Corrected(&t.Results[i]) {
				g.was = append(g.was, e.Value.Float()/g.full)
			}
			continue
		}
		g.earlier = append(g.earlier, *s)
	}
	for _, other := range t.Targets {
		v := t.Value(&other)
		if target == nil || !v.Present() || other.Milestone == target.Milestone && other.Due == target.Due {
			continue
		}
		g.others = append(g.others, stamp{share: v.Float() / g.full, figure: p.targetFigure(w, other), short: p.when(w, other)})
	}
	return g
}

// largest is a scale where no target gives one.
func (p Picture) largest() float64 {
	top := 0.0
	for _, o := range p.observations() {
		top = max(top, math.Abs(o.Value.Float()))
	}
	if top == 0 {
		return 1
	}
	return top
}

// observations are the baseline and the results, by date.
func (p Picture) observations() []indicators.Observation {
	var out []indicators.Observation
	if b := p.Trajectory.Baseline; b != nil {
		out = append(out, *b)
	}
	return append(out, p.Trajectory.Results...)
}

// when names a target's time: its due, its milestone, or that it stands.
func (p Picture) when(w Words, target indicators.Target) string {
	if target.Milestone == indicators.Every {
		return w.T("chart.standing")
	}
	if !target.Due.IsZero() {
		return target.Due.String()
	}
	return string(target.Milestone)
}

// bar is the stretch of the measure: from 0, or from the baseline where lower
// is better; false where there is none to draw.
func (g gauge) bar() (from, to float64, ok bool) {
	switch {
	case g.latest == nil, g.downward && g.baseline == nil:
		return 0, 0, false
	case g.downward:
		return min(g.baseline.share, g.latest.share), max(g.baseline.share, g.latest.share), true
	}
	return 0, max(0, g.latest.share), true
}

// ticks calls draw for every tick up to the share end; length is 0 short, 1
// mid, 2 long, and value is what stands there.
func (g gauge) ticks(end float64, draw func(share float64, length int, value float64)) {
	full := math.Abs(g.full)
	for i := 1; ; i++ {
		v := float64(i) * g.step.minor
		if v/full > end+1e-9 || i > 200 {
			return
		}
		length := 0
		switch {
		case multiple(v, g.step.long):
			length = 2
		case multiple(v, g.step.mid):
			length = 1
		}
		draw(v/full, length, math.Copysign(v, g.full))
	}
}

func multiple(v, of float64) bool { return math.Abs(v/of-math.Round(v/of)) < 1e-6 }

// number is a tick's value as a Number.
func number(v float64, digits int) indicators.Number {
	return indicators.NumberOf(decimal.NewFromFloat(v).Round(int32(digits)))
}
