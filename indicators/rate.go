package indicators

import (
	"slices"

	"github.com/shopspring/decimal"
)

// RateOf is numerator ÷ denominator × per, rounded half up to decimals; absent
// where any part is, or the denominator is zero.
func RateOf(numerator, denominator, per Number, decimals int) Number {
	if !numerator.Present() || !denominator.Present() || !per.Present() || denominator.Decimal().IsZero() {
		return Number{}
	}
	exact := numerator.Decimal().Mul(per.Decimal()).DivRound(denominator.Decimal(), int32(decimals)+10)
	return NumberOf(decimal.RequireFromString(exact.StringFixed(int32(decimals))))
}

// DeriveRates computes a rate from its series for every period in which the
// numerator is known. The denominator of a whole year is that year's; of a
// figure dated within a year it is the latest earlier year-end value. Bounded
// and answered figures are no operands.
func DeriveRates(l *Library, i *Indicator, numerators, denominators []Observation) []Observation {
	decimals := 0
	if i.Decimals != nil {
		decimals = *i.Decimals
	}
	yearly := map[int]Observation{}
	var years []int
	for _, d := range Standing(l, denominators) {
		if d.Period.IsYear() && d.Value.Present() && d.Bound == "" {
			yearly[d.Period.Year] = d
			years = append(years, d.Period.Year)
		}
	}
	slices.Sort(years)
	var out []Observation
	for _, n := range Standing(l, numerators) {
		if !n.Value.Present() || n.Bound != "" {
			continue
		}
		d, ok := yearly[n.Period.Year]
		if !n.Period.IsYear() {
			ok = false
			for _, y := range years {
				if y < n.Period.Year {
					d, ok = yearly[y], true
				}
			}
		}
		if !ok {
			continue
		}
		value := RateOf(n.Value, d.Value, i.Per, decimals)
		if !value.Present() {
			continue
		}
		published := n.Published
		if d.Published.Compare(published) > 0 {
			published = d.Published
		}
		out = append(out, Observation{
			Subject: i.Code, Area: n.Area, Period: n.Period, Value: value, Numerator: n.Value, Denominator: d.Value,
			Kind: Derived, Vintage: d.Period.String(), Published: published, Source: n.Source, SourceURL: n.SourceURL,
			Confidence: max(n.Confidence, d.Confidence),
		})
	}
	return out
}
