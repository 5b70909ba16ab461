package main

import (
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
	"yimi/server/words"
)

// Every equation that a page prints comes to the number beside it.
func TestEquationsComeOut(t *testing.T) {
	for name, s := range sites(t) {
		found := 0
		for _, day := range days(s.pkg) {
			check := func(page, equation, value string) {
				found++
				if want := evaluate(t, equation); !comesTo(value, want) {
					t.Errorf("%s %s: %s comes to %g, printed is %s", name, page, equation, want, value)
				}
			}
			s.doc(t, "/method"+asOf(day)).Find(".formulas .equation").Each(func(_ int, el *goquery.Selection) {
				check("/method", el.Text(), el.Parent().Find("b").Text())
			})
			for _, i := range s.pkg.Indicators {
				page := "/indicators/" + string(i.Code) + asOf(day)
				s.doc(t, page).Find(".why .equation").Each(func(_ int, el *goquery.Selection) {
					check(page, el.Text(), el.Parent().Find("b").Text())
				})
			}
		}
		if found < 10 {
			t.Errorf("%s: %d equations, too few to be true", name, found)
		}
	}
}

// evaluate works an equation out in exact numbers.
func evaluate(t *testing.T, equation string) float64 {
	t.Helper()
	plain := strings.NewReplacer("−", "-", "÷", "/", "×", "*", ",", "", "（", "(", "）", ")").Replace(strings.TrimLeft(equation, "= "))
	// A point makes every number a fraction, so that nothing is cut off.
	plain = regexp.MustCompile(`\d+(\.\d+)?`).ReplaceAllStringFunc(plain, func(n string) string {
		if strings.Contains(n, ".") {
			return n
		}
		return n + ".0"
	})
	v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, plain)
	if err != nil {
		t.Fatalf("%s: %v", equation, err)
	}
	f, _ := constant.Float64Val(v.Value)
	return f
}

// comesTo reports whether a printed number is the value, rounded as it is
// printed; a share is printed in per cent, and what is capped at 100.
func comesTo(text string, want float64) bool {
	p := printed.FindString(text)
	got, err := strconv.ParseFloat(strings.NewReplacer(",", "", "−", "-").Replace(p), 64)
	if err != nil {
		return false
	}
	near := func(w float64) bool {
		// Operands are printed to four decimals, which moves a quotient a little.
		return math.Abs(got-w) <= 0.5*math.Pow(10, -float64(decimals(p)))+0.002*math.Abs(w)
	}
	return near(want) || near(math.Abs(want)) || strings.Contains(text, "%") && (near(want*100) || got == 0 && want < 0)
}

// The numbers in the words of the rules are those of the code.
func TestRulesSayTheirNumbers(t *testing.T) {
	limits := indicators.RuleLimits()
	s := serve(t, "")
	for _, lang := range words.Langs() {
		body, _ := s.get(t, "/method", http.StatusOK, "Accept-Language", string(lang))
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for rule, want := range map[string][]string{
			"open-pace_on_track": {limits.OnTrack.String()}, "open-pace_at_risk": {limits.AtRisk.String(), limits.OnTrack.String()},
			"open-pace_off_track": {limits.AtRisk.String()}, "open-pace_too_old": {limits.AtRisk.String(), strconv.Itoa(limits.FreshMonths)},
			"open-standing_held_long_ago": {strconv.Itoa(limits.FreshMonths)},
		} {
			row := doc.Find("#rule-" + rule)
			if row.Length() != 1 {
				t.Errorf("%s: the rule %s is not told", lang, rule)
				continue
			}
			numbers := printed.FindAllString(row.Find("td").Eq(1).Text(), -1)
			for _, w := range want {
				if !slices.Contains(numbers, w) {
					t.Errorf("%s: the rule %s does not say %s: %v", lang, rule, w, numbers)
				}
			}
			if len(numbers) != len(want) {
				t.Errorf("%s: the rule %s says %v, its numbers are %v", lang, rule, numbers, want)
			}
		}
		for _, rule := range indicators.StatusRules() {
			row := doc.Find("#rule-" + string(rule.Table) + "-" + rule.Name)
			if row.Length() != 1 || row.Find("td").First().Text() != strconv.Itoa(rule.Number) || statusOf(row.Find("td").Eq(2).Find(".mark")) != string(rule.Status) {
				t.Errorf("%s: the rule %s is told as %q", lang, rule, row.Text())
			}
		}
	}
}
