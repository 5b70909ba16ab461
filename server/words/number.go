package words

import (
	"strings"

	"github.com/shopspring/decimal"

	"yimi/indicators"
)

const minus = "\u2212"

// Number prints n with that many digits after the point, rounded half away
// from zero. Chinese groups from five digits on (GB/T 15835), English from
// four. Absent is empty. Grouping is done here on the digits as text, because
// a library that goes through float64 would not print an exact decimal.
func (l Lang) Number(n indicators.Number, decimals int) string {
	if !n.Present() {
		return ""
	}
	return l.group(n.Decimal().StringFixed(int32(decimals)))
}

// Exact prints n with all the digits it has.
func (l Lang) Exact(n indicators.Number) string { return l.group(n.String()) }

// Int prints a count.
func (l Lang) Int(n int) string { return l.group(decimal.NewFromInt(int64(n)).String()) }

func (l Lang) group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = minus, s[1:]
		if strings.Trim(s, "0.") == "" {
			sign = ""
		}
	}
	whole, fraction, point := strings.Cut(s, ".")
	if len(whole) > 4 || len(whole) == 4 && l == En {
		var b strings.Builder
		for i, r := range whole {
			if i > 0 && (len(whole)-i)%3 == 0 {
				b.WriteByte(',')
			}
			b.WriteRune(r)
		}
		whole = b.String()
	}
	if point {
		return sign + whole + "." + fraction
	}
	return sign + whole
}

// Short prints n for prose and axes: in Chinese from ten thousand on as 1.7万
// and from a hundred million as 1.2亿, one digit after the point unless it is
// whole; in English in full.
func (l Lang) Short(n indicators.Number, decimals int) string {
	if !n.Present() || l == En {
		return l.Number(n, decimals)
	}
	for _, step := range []struct {
		exponent int32
		suffix   string
	}{{8, "亿"}, {4, "万"}} {
		if n.Decimal().Abs().GreaterThanOrEqual(decimal.New(1, step.exponent)) {
			scaled := n.Decimal().Shift(-step.exponent).Round(1)
			return l.group(scaled.String()) + step.suffix
		}
	}
	return l.Number(n, decimals)
}

// Closed reports whether a unit is written right after its number.
func closed(unit string) bool { return strings.HasPrefix(unit, "%") || strings.HasPrefix(unit, "‰") }

// WithUnit joins a printed number and its unit: 90.64%, 22个, 22 parks.
func (l Lang) WithUnit(printed, unit string) string {
	switch {
	case printed == "" || unit == "":
		return printed
	case l == En && !closed(unit):
		return printed + " " + unit
	}
	return printed + unit
}

// Unit is the indicator's unit in this language.
func (l Lang) Unit(i *indicators.Indicator) string { return l.Pick(i.Unit, i.UnitEn) }

// DifferenceUnit is the unit of a difference: points for shares.
func (l Lang) DifferenceUnit(unit string) string {
	switch {
	case strings.HasPrefix(unit, "%"):
		return l.T("unit.percentage_points")
	case strings.HasPrefix(unit, "‰"):
		return l.T("unit.permille_points")
	}
	return unit
}

// Digits is how many digits an indicator's values are printed with.
func Digits(i *indicators.Indicator) int {
	if i.Decimals == nil {
		return 0
	}
	return *i.Decimals
}

// Value prints a value of an indicator with its unit, with more digits than
// usual where the rounded figure would seem to meet a target that the value
// misses, with the bound its source gives (≥95%), and marked where it is
// rounded (≈4个).
func (l Lang) Value(i *indicators.Indicator, o indicators.Observation, targets []indicators.Target) string {
	unit := l.Unit(i)
	if o.Basis == indicators.ChangePct {
		unit = "%"
	}
	digits := indicators.PrintDigits(o.Value, Digits(i), unit, targets)
	return l.bound(o, digits) + l.WithUnit(l.Number(o.Value, digits), unit)
}

// Figure is [Lang.Value] without the unit.
func (l Lang) Figure(i *indicators.Indicator, o indicators.Observation, targets []indicators.Target) string {
	digits := indicators.PrintDigits(o.Value, Digits(i), i.Unit, targets)
	return l.bound(o, digits) + l.Number(o.Value, digits)
}

// bound is what stands before a figure: the bound that its source gives, or
// that it is printed with fewer digits than it has.
func (l Lang) bound(o indicators.Observation, digits int) string {
	switch o.Bound {
	case "ge":
		return "≥"
	case "le":
		return "≤"
	case "about":
		return l.T("bound.about")
	}
	if o.Value.Present() && !o.Value.Decimal().Equal(o.Value.Decimal().Round(int32(digits))) {
		return "≈"
	}
	return ""
}

// Target prints a target: ≥6个/千人, 约55%, 0.8～1块, −20%.
func (l Lang) Target(i *indicators.Indicator, t indicators.Target) string {
	unit := l.Unit(i)
	if t.Basis == indicators.ChangePct {
		unit = "%"
	}
	return l.WithUnit(l.TargetFigure(t), unit)
}

// TargetFigure is [Lang.Target] without the unit.
func (l Lang) TargetFigure(t indicators.Target) string {
	value, upper := l.Exact(t.Value), l.Exact(t.Upper)
	if t.Upper.Present() {
		if l == Zh {
			return value + "～" + upper
		}
		return value + "–" + upper
	}
	switch t.Comparator {
	case indicators.GE:
		return "≥" + value
	case indicators.GT:
		return ">" + value
	case indicators.LE:
		return "≤" + value
	case indicators.LT:
		return "<" + value
	case indicators.About:
		return l.T("bound.about") + value
	case indicators.Hold:
		return l.T("target.hold")
	}
	return value
}

// Money prints an amount given in 万元: 1.3亿元, 600万元; 130 million yuan.
func (l Lang) Money(wan indicators.Number) string {
	if !wan.Present() {
		return ""
	}
	if l == En {
		return l.T("money.million", l.group(wan.Decimal().Shift(-2).String()))
	}
	return l.Short(indicators.NumberOf(wan.Decimal().Shift(4)), 0) + "元"
}

// Join puts two remarks one after the other; either may be empty.
func (l Lang) Join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + l.T("list.semicolon") + b
}
