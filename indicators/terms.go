package indicators

import (
	"fmt"
	"regexp"
	"strings"
)

// Term is one summand of a side of a [Rule]: a number, or the figure of Code,
// or the sum of its figures over the areas below. Minus subtracts it.
type Term struct {
	Minus  bool
	Number Number // present for a number; Code is empty then
	Code   Code
	Sum    bool
}

var sumPattern = regexp.MustCompile(`^sum\(([^()]*)\)$`)

// ParseTerms reads one side of a [Rule]: terms joined by " + " or " - "; a
// term is a plain decimal, a code, or sum(code).
func ParseTerms(side string) ([]Term, error) {
	var out []Term
	minus, rest := false, side
	for {
		word, after, more := strings.Cut(rest, " ")
		term, err := parseTerm(word)
		if err != nil {
			return nil, fmt.Errorf("side %q: %w", side, err)
		}
		term.Minus = minus
		out = append(out, term)
		if !more {
			return out, nil
		}
		sign, next, _ := strings.Cut(after, " ")
		if sign != "+" && sign != "-" {
			return nil, fmt.Errorf("side %q: %q is no + or -", side, sign)
		}
		minus, rest = sign == "-", next
	}
}

func parseTerm(word string) (Term, error) {
	if m := sumPattern.FindStringSubmatch(word); m != nil && Code(m[1]).Valid() {
		return Term{Code: Code(m[1]), Sum: true}, nil
	}
	if Code(word).Valid() {
		return Term{Code: Code(word)}, nil
	}
	n, err := ParseNumber(word)
	if err != nil {
		return Term{}, err
	}
	if !n.Present() {
		return Term{}, fmt.Errorf("a term is missing")
	}
	return Term{Number: n}, nil
}
