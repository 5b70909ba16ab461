package indicators

import (
	"strings"

	"github.com/shopspring/decimal"
)

// PrintDigits is how many digits after the point to print of n: decimals, or
// as many more as it takes so that the printed figure stands on the same side
// of every target of that basis as the value itself, and a share that is not
// whole is not printed as 100 or 0.
func PrintDigits(n Number, decimals int, unit string, targets []Target) int {
	if !n.Present() {
		return decimals
	}
	var marks []decimal.Decimal
	for _, t := range targets {
		for _, v := range []Number{t.Value, t.Upper} {
			if v.Present() {
				marks = append(marks, v.Decimal())
			}
		}
	}
	if strings.HasPrefix(unit, "%") {
		marks = append(marks, decimal.NewFromInt(100), decimal.Zero)
	}
	full := int(max(0, -n.Decimal().Exponent()))
	for digits := decimals; digits < full; digits++ {
		if sameSide(n.Decimal(), n.Decimal().Round(int32(digits)), marks) {
			return digits
		}
	}
	return max(decimals, min(full, maxDigits))
}

func sameSide(exact, printed decimal.Decimal, marks []decimal.Decimal) bool {
	for _, m := range marks {
		if exact.Cmp(m) != printed.Cmp(m) {
			return false
		}
	}
	return true
}
