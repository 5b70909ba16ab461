package chart

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"

	"yimi/indicators"
)

// speech is the catalogue's words; numbers are printed plainly.
type speech struct {
	en   bool
	rows map[string][2]string
}

var zh, en = mustSpeak(false), mustSpeak(true)

func mustSpeak(english bool) speech {
	f, err := os.Open("../words/catalogue.csv")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(err)
	}
	s := speech{english, map[string][2]string{}}
	for _, r := range rows[1:] {
		s.rows[r[0]] = [2]string{r[1], r[2]}
	}
	return s
}

func (s speech) T(key string, args ...any) string {
	row, ok := s.rows[key]
	if !ok {
		panic("no words for " + key)
	}
	text := s.Pick(row[0], row[1])
	if len(args) == 0 {
		return text
	}
	out := fmt.Sprintf(text, args...)
	if strings.Contains(out, "%!") {
		panic(key + ": " + out)
	}
	return out
}

func (s speech) Pick(zh, en string) string {
	if s.en && en != "" {
		return en
	}
	return zh
}

func (s speech) Int(n int) string { return fmt.Sprint(n) }

func (s speech) Number(n indicators.Number, decimals int) string {
	if !n.Present() {
		return ""
	}
	return strings.Replace(n.Decimal().StringFixed(int32(decimals)), "-", "\u2212", 1)
}

func (s speech) Exact(n indicators.Number) string { return n.String() }

func (s speech) Short(n indicators.Number, decimals int) string { return s.Number(n, decimals) }

func (s speech) Date(p indicators.Period) string {
	switch {
	case s.en:
		return p.String()
	case p.IsYear():
		return fmt.Sprintf("%d年", p.Year)
	case !p.IsDate():
		return fmt.Sprintf("%d年%d月", p.Year, p.Month)
	}
	return fmt.Sprintf("%d年%d月%d日", p.Year, p.Month, p.Day)
}

func (s speech) Unit(i *indicators.Indicator) string { return s.Pick(i.Unit, i.UnitEn) }

func (s speech) DifferenceUnit(unit string) string {
	if unit == "%" {
		return s.Pick("个百分点", "percentage points")
	}
	return unit
}

func (s speech) WithUnit(printed, unit string) string {
	if s.en && unit != "%" && unit != "" {
		return printed + " " + unit
	}
	return printed + unit
}

func (s speech) Figure(i *indicators.Indicator, o indicators.Observation, targets []indicators.Target) string {
	digits := 0
	if i.Decimals != nil {
		digits = *i.Decimals
	}
	return map[indicators.Bound]string{"ge": "≥", "le": "≤", "about": "约"}[o.Bound] + s.Number(o.Value, digits)
}

func (s speech) Value(i *indicators.Indicator, o indicators.Observation, targets []indicators.Target) string {
	unit := s.Unit(i)
	if o.Basis == indicators.ChangePct {
		unit = "%"
	}
	return s.WithUnit(s.Figure(i, o, targets), unit)
}

func (s speech) TargetFigure(t indicators.Target) string {
	if t.Upper.Present() {
		return t.Value.String() + s.Pick("～", "–") + t.Upper.String()
	}
	sign := map[indicators.Comparator]string{indicators.GE: "≥", indicators.LE: "≤", indicators.Hold: "保持"}[t.Comparator]
	return sign + strings.Replace(t.Value.String(), "-", "\u2212", 1)
}

func (s speech) Target(i *indicators.Indicator, t indicators.Target) string {
	unit := s.Unit(i)
	if t.Basis == indicators.ChangePct {
		unit = "%"
	}
	return s.WithUnit(s.TargetFigure(t), unit)
}
