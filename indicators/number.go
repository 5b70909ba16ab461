package indicators

import (
	"fmt"
	"regexp"

	"github.com/shopspring/decimal"
)

// Number is an exact decimal as it was written, trailing zeros kept, or the
// absence of one. The zero Number is absent: a missing value is never zero.
type Number struct {
	value   decimal.Decimal
	present bool
}

var numberPattern = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// maxDigits bounds a number's length: longer than any statistic, short enough
// that arithmetic on it is cheap.
const maxDigits = 40

// ParseNumber reads a plain decimal: -?(0|[1-9][0-9]*)(\.[0-9]+)?, never -0,
// no exponent, no grouping. The empty string is the absent Number.
func ParseNumber(s string) (Number, error) {
	if s == "" {
		return Number{}, nil
	}
	if len(s) > maxDigits || !numberPattern.MatchString(s) {
		return Number{}, fmt.Errorf("number %q is not a plain decimal", s)
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return Number{}, fmt.Errorf("number %q: %w", s, err)
	}
	if d.IsZero() && s[0] == '-' {
		return Number{}, fmt.Errorf("number %q is a negative zero", s)
	}
	return Number{value: d, present: true}, nil
}

// MustNumber is [ParseNumber] for literals; it panics on a bad one.
func MustNumber(s string) Number {
	n, err := ParseNumber(s)
	if err != nil {
		panic(err)
	}
	return n
}

// NumberOf is the present Number of d.
func NumberOf(d decimal.Decimal) Number { return Number{value: d, present: true} }

// Present reports whether there is a value at all.
func (n Number) Present() bool { return n.present }

// Decimal is the value; zero when absent, so ask [Number.Present] first.
func (n Number) Decimal() decimal.Decimal { return n.value }

// Float is the value for pixels and slopes only, never for comparison.
func (n Number) Float() float64 { return n.value.InexactFloat64() }

// String is the number as written; empty when absent.
func (n Number) String() string {
	if !n.present {
		return ""
	}
	return n.value.StringFixed(max(0, -n.value.Exponent()))
}

// MarshalText writes the number as written.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads what [ParseNumber] reads.
func (n *Number) UnmarshalText(b []byte) error {
	got, err := ParseNumber(string(b))
	if err != nil {
		return err
	}
	*n = got
	return nil
}

// MarshalJSON writes a JSON number, null when absent.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.present {
		return []byte("null"), nil
	}
	return []byte(n.String()), nil
}
