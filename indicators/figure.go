package indicators

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// How tells how a figure was had ("the engine converts where it can and never
// invents the rest"). It is a key of the message catalogue ("how." + How).
type How string

// The ways to a figure.
const (
	HowReported   How = "reported"              // as its source has it
	HowDerived    How = "derived"               // numerator ÷ denominator × per, from one observation
	HowSeries     How = "computed_from_series"  // the same, from two series, where none is published
	HowIncreases  How = "level_from_increases"  // the last level plus every later yearly increase
	HowDifference How = "difference_of_levels"  // level(m) − level(m−1)
	HowTotal      How = "total_from_amounts"    // the last running total, or 0, plus every later amount
	HowChange     How = "change_from_levels"    // (level(m) − level(base year)) ÷ level(base year) × 100
	HowSum        How = "sum_of_districts"      // roll-up
	HowRatio      How = "ratio_of_sums"         // roll-up
	HowUnits      How = "units_that_meet"       // units that meet ÷ units
	HowZero       How = "counted_from_zero"     // a start: a new count, a running total, a change
	HowCounted    How = "districts_that_answer" // the same, counted here from the units' own results
)

// Figure is a number in one basis at one time, with how it was had. Value is
// in the indicator's unit (per cent for a change; units for an each-target). A
// quotient that was computed here is told rounded half up to the indicator's
// decimals, as every derived row is; every comparison and every number that
// follows from it is made on the exact quotient, and where rounding would turn
// the verdict more digits are told ("a value is never printed so that it seems
// to meet what it misses"). Bound is the source's own; AtLeast marks a sum with a gap
// or with districts missing: it decides only where what is missing cannot
// matter. ToDate marks an amount of a year that is not over. Of a roll-up,
// Parts of Of units are in it.
type Figure struct {
	Value       Number
	Period      Period
	Basis       Basis
	Bound       Bound
	AtLeast     bool
	ToDate      bool
	How         How
	From        []*Observation // the operands, in order
	Numerator   Number         // of a rate or a change, where known
	Denominator Number
	Parts, Of   int

	exact  frac // before any rounding
	months int
	broken bool // reported as the first of a new series
}

// yearEnd reports a figure that stands at the end of its year.
func (f *Figure) yearEnd() bool { return f.Period.Month == 0 || f.Period.Month == 12 }

// set gives the figure a computed value, told with the indicator's decimals
// where it has them.
func (f *Figure) set(q frac, decimals *int) {
	f.exact = q
	f.Value = q.told(decimals)
}

// monthsOf is the month at whose end the figure stands; 0 without one.
func (f *Figure) monthsOf() int {
	if f == nil {
		return 0
	}
	return f.months
}

// firm reports a figure that can be a start, a summand or a point of a line.
func (f *Figure) firm() bool { return f.Bound == "" && !f.AtLeast }

// frac is an exact quotient n ÷ d with d > 0, or the plain number n.
type frac struct {
	n, d     decimal.Decimal
	quotient bool
}

// digits is how many digits after the point are kept of a quotient that does
// not end: more than any figure has, so that only printing rounds.
const quotientDigits = 24

func whole(n decimal.Decimal) frac { return frac{n: n} }

// over is n ÷ d; false where d is zero.
func over(n, d decimal.Decimal) (frac, bool) {
	switch d.Sign() {
	case 0:
		return frac{}, false
	case -1:
		n, d = n.Neg(), d.Neg()
	}
	return frac{n: n, d: d, quotient: true}, true
}

func (f frac) cmp(x decimal.Decimal) int {
	if f.quotient {
		return f.n.Cmp(x.Mul(f.d))
	}
	return f.n.Cmp(x)
}

// value is the number itself, or the quotient to quotientDigits.
func (f frac) value() decimal.Decimal {
	if f.quotient {
		return quo(f.n, f.d, quotientDigits)
	}
	return f.n
}

// told is the number as it is told: a quotient rounded half away from zero to
// decimals where there are any, but never to zero; else itself.
func (f frac) told(decimals *int) Number {
	if !f.quotient || decimals == nil {
		return NumberOf(f.value())
	}
	for digits := int32(*decimals); digits < quotientDigits; digits++ {
		if r := f.n.DivRound(f.d, digits); !r.IsZero() || f.n.IsZero() {
			return NumberOf(r)
		}
	}
	return NumberOf(f.value())
}

func (f frac) sub(g frac) frac {
	if !f.quotient && !g.quotient {
		return whole(f.n.Sub(g.n))
	}
	a, b := f.denominator(), g.denominator()
	out, _ := over(f.n.Mul(b).Sub(g.n.Mul(a)), a.Mul(b))
	return out
}

func (f frac) add(g frac) frac { return f.sub(frac{n: g.n.Neg(), d: g.d, quotient: g.quotient}) }

func (f frac) denominator() decimal.Decimal {
	if f.quotient {
		return f.d
	}
	return one
}

var (
	zero    = decimal.Zero
	one     = decimal.NewFromInt(1)
	hundred = decimal.NewFromInt(100)
)

// quo is n ÷ d cut (towards zero, so that a share below the whole never reads
// as the whole) after that many digits, without trailing zeros.
func quo(n, d decimal.Decimal, digits int32) decimal.Decimal {
	q, _ := n.QuoRem(d, digits)
	return trim(q)
}

// trim drops trailing zeros after the point.
func trim(d decimal.Decimal) decimal.Decimal {
	exp := d.Exponent()
	if exp >= 0 {
		return d
	}
	if d.NumDigits() <= 18 {
		n, was := d.CoefficientInt64(), exp
		for exp < 0 && n%10 == 0 {
			n, exp = n/10, exp+1
		}
		if exp == was {
			return d
		}
		return decimal.New(n, exp)
	}
	n, rest, ten := d.Coefficient(), new(big.Int), big.NewInt(10)
	for exp < 0 {
		var q big.Int
		if q.QuoRem(n, ten, rest); rest.Sign() != 0 {
			break
		}
		n, exp = &q, exp+1
	}
	return decimal.NewFromBigInt(n, exp)
}

// goal is the set of values that satisfy a target, from lo to hi, and the
// number or band aimed at, which the gap is measured to. "约 55 %" aims at 55
// and is satisfied from 54.5 on.
type goal struct {
	lo, hi         decimal.Decimal
	hasLo, hasHi   bool
	openLo, openHi bool
	aimLo, aimHi   decimal.Decimal
	toward         int  // +1 higher is better, −1 lower, 0 a band or one value
	cut            bool // the bounds are a quotient cut to quotientDigits, and so is what is held against them
}

// goalOf is what satisfies a target of an indicator. hold is the value to
// hold, absent where none is known; then, and for a target without a value,
// there is no goal. An upper number beside any comparator but between is
// shown, not judged (product rules: a range for a provision).
func goalOf(ind *Indicator, t *Target, hold Number) (goal, bool) {
	v := t.Value
	if t.Comparator == Hold {
		v = hold
	}
	if !v.Present() {
		return goal{}, false
	}
	n := v.Decimal()
	g := goal{lo: n, hi: n, aimLo: n, aimHi: n}
	switch t.Comparator {
	case GE, GT:
		g.toward, g.hasLo, g.openLo = 1, true, t.Comparator == GT
	case LE, LT:
		g.toward, g.hasHi, g.openHi = -1, true, t.Comparator == LT
	case EQ:
		g.hasLo, g.hasHi = true, true
	case Between:
		if !t.Upper.Present() {
			return goal{}, false
		}
		g.hi, g.aimHi, g.hasLo, g.hasHi = t.Upper.Decimal(), t.Upper.Decimal(), true, true
	case Hold:
		g.toward, g.cut = ind.Direction.toward(), true
		g.hasLo, g.hasHi = g.toward >= 0, g.toward <= 0
	case About:
		g.toward = ind.Direction.toward()
		lo, hi, openLo, openHi := roundsTo(n)
		if g.toward >= 0 {
			g.lo, g.hasLo, g.openLo = lo, true, openLo
		}
		if g.toward <= 0 {
			g.hi, g.hasHi, g.openHi = hi, true, openHi
		}
	default:
		return goal{}, false
	}
	return g, true
}

// toward is +1 where higher is better, −1 where lower is, else 0.
func (d Direction) toward() int {
	switch d {
	case Higher:
		return 1
	case Lower:
		return -1
	}
	return 0
}

// roundsTo bounds what is printed as n with n's own decimals: half is rounded
// away from zero, as everything that we print.
func roundsTo(n decimal.Decimal) (lo, hi decimal.Decimal, openLo, openHi bool) {
	half := decimal.New(5, min(n.Exponent(), 0)-1)
	return n.Sub(half), n.Add(half), n.Sign() <= 0, n.Sign() >= 0
}

// meets reports whether an exact value satisfies.
func (g *goal) meets(x frac) bool {
	if g.cut {
		x = whole(x.value())
	}
	if g.hasLo {
		if c := x.cmp(g.lo); c < 0 || c == 0 && g.openLo {
			return false
		}
	}
	if g.hasHi {
		if c := x.cmp(g.hi); c > 0 || c == 0 && g.openHi {
			return false
		}
	}
	return true
}

// judge is a figure's verdict. A bound decides only where every value that it
// allows is on one side of the goal. An amount of a year that is not over
// stands like "at least" where final is asked.
func (g *goal) judge(f *Figure, final bool) verdict {
	x := f.exact
	if g.cut {
		x = whole(x.value())
	}
	grows := f.AtLeast || final && f.ToDate
	if f.Bound == "" && !grows {
		if g.meets(x) {
			return satisfied
		}
		return short
	}
	s := span{lo: x, hi: x, hasLo: true, hasHi: true}
	switch f.Bound {
	case "ge":
		s.hasHi = false
	case "le":
		s.hasLo = false
	case "about":
		lo, hi, openLo, openHi := roundsTo(x.value())
		s = span{whole(lo), whole(hi), true, true, openLo, openHi}
	}
	if grows {
		s.hasHi = false
	}
	return g.over(s)
}

// span is what a bounded figure can be.
type span struct {
	lo, hi         frac
	hasLo, hasHi   bool
	openLo, openHi bool
}

// over is the verdict on all values of a span.
func (g *goal) over(s span) verdict {
	inside, outside := true, false
	if g.hasLo {
		switch c := s.lo.cmp(g.lo); {
		case !s.hasLo, c < 0, c == 0 && g.openLo && !s.openLo:
			inside = false
		}
		if s.hasHi {
			if c := s.hi.cmp(g.lo); c < 0 || c == 0 && (g.openLo || s.openHi) {
				outside = true
			}
		}
	}
	if g.hasHi {
		switch c := s.hi.cmp(g.hi); {
		case !s.hasHi, c > 0, c == 0 && g.openHi && !s.openHi:
			inside = false
		}
		if s.hasLo {
			if c := s.lo.cmp(g.hi); c > 0 || c == 0 && (g.openHi || s.openLo) {
				outside = true
			}
		}
	}
	switch {
	case inside:
		return satisfied
	case outside:
		return short
	}
	return undecided
}

// missing is how far x is from the number or band aimed at, never negative.
func (g *goal) missing(x frac) frac {
	switch {
	case g.toward >= 0 && x.cmp(g.aimLo) < 0:
		return whole(g.aimLo).sub(x)
	case g.toward <= 0 && x.cmp(g.aimHi) > 0:
		return x.sub(whole(g.aimHi))
	}
	return whole(zero)
}

// aim is the number that a value at x has to reach: the target's, or the
// nearer edge of a band.
func (g *goal) aim(x frac) decimal.Decimal {
	if g.toward < 0 || g.toward == 0 && x.cmp(g.aimHi) > 0 {
		return g.aimHi
	}
	return g.aimLo
}

// attainment is how much of the way from start to the goal x has gone, from 0
// to 100: the share of the distance, the ratio to the target without a start
// or where the start already satisfies, 100 where x satisfies. It is cut, not
// rounded, after 16 digits. Of a target of zero or of the other sign only 0
// and 100 can be told.
func (g *goal) attainment(x frac, start *Figure) decimal.Decimal {
	if g.meets(x) {
		return hundred
	}
	left := g.missing(x)
	if start != nil && !g.meets(start.exact) {
		if way := g.missing(start.exact); way.n.IsPositive() {
			// 1 − left ÷ way, with both brought to one denominator
			rest := way.sub(left)
			if !rest.n.IsPositive() {
				return zero
			}
			return share(rest, way)
		}
	}
	aim, below := g.aim(x), x.cmp(g.aim(x)) <= 0
	if aim.IsZero() || x.cmp(zero) != aim.Sign() {
		return zero
	}
	// The smaller of the two by size over the greater: inverted for lower.
	if below == aim.IsPositive() {
		return share(x, whole(aim))
	}
	return share(whole(aim), x)
}

// share is a ÷ b in per cent, for 0 ≤ a ÷ b ≤ 1.
func share(a, b frac) decimal.Decimal {
	return quo(a.n.Mul(b.denominator()).Mul(hundred), a.denominator().Mul(b.n), 16)
}
