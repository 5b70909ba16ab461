package indicators

import (
	"slices"

	"github.com/shopspring/decimal"
)

// rollUp adds what the districts make of the city at each date for which the
// city has no figure of its own: the sum of their figures, or the ratio of the
// sums of their numerators and denominators. Over part of the districts a sum
// is "at least N", a ratio is nothing. A district to which the indicator does
// not apply leaves the count until newer word.
//
// A city figure that would reveal the one district's that is suppressed, all
// others being known, is taken out and counts as suppressed itself.
func (k *Known) rollUp(l *line, ind *Indicator, s scopeLine) {
	sum := ind.Rollup == Sum && (ind.Measure == Stock || ind.Measure == Flow) && s.basis != ChangePct
	ratio := ind.Rollup == Ratio && (ind.Measure == Rate || ind.Measure == Average) && s.basis == Level
	if !sum && !ratio || len(k.districts) == 0 || k.subject[ind.Code] == nil && k.subject[ind.NumeratorSeries] == nil {
		return
	}
	var dates []Period
	lines := make([]*line, len(k.districts))
	for i, d := range k.districts {
		if k.of(ind.Code, d) == nil && k.of(ind.NumeratorSeries, d) == nil {
			continue
		}
		lines[i] = k.line(ind, d, s)
		for j := range lines[i].figures {
			if p := lines[i].figures[j].Period; !slices.Contains(dates, p) {
				dates = append(dates, p)
			}
		}
	}
	k.maskLone(l, ind, lines)
	for _, p := range dates {
		if l.has(p) || l.muted[p.Year] != nil {
			continue
		}
		if f, ok := k.rolled(ind, s.basis, lines, p, ratio); ok {
			if f.broken {
				l.breaks = append(l.breaks, f.months)
			}
			l.figures = append(l.figures, f)
		}
	}
}

// rolled is the districts' figure of one date.
func (k *Known) rolled(ind *Indicator, b Basis, lines []*line, p Period, ratio bool) (Figure, bool) {
	f := Figure{Period: p, Basis: b, How: HowSum, months: p.Months()}
	var sum, num, den decimal.Decimal
	falls := false
	for i, d := range k.districts {
		if !k.applies(ind.Code, d, p.Months()) {
			continue
		}
		f.Of++
		own := dated(lines[i], p)
		if own == nil || !own.firm() || ratio && (!own.Numerator.Present() || !own.Denominator.Present()) {
			continue
		}
		f.Parts++
		f.From = append(f.From, own.From...)
		f.ToDate = f.ToDate || own.ToDate
		f.broken = f.broken || own.broken
		falls = falls || own.exact.cmp(decimal.Zero) < 0
		if ratio {
			num, den = num.Add(own.Numerator.Decimal()), den.Add(own.Denominator.Decimal())
		} else {
			sum = sum.Add(own.exact.value())
		}
	}
	f.AtLeast = f.Parts < f.Of
	if f.Parts == 0 || f.AtLeast && (ratio || falls) {
		return f, false
	}
	f.exact = whole(sum)
	f.Value = NumberOf(sum)
	if ratio {
		per := one
		if ind.Per.Present() {
			per = ind.Per.Decimal()
		}
		q, ok := over(num.Mul(per), den)
		if !ok {
			return f, false
		}
		f.How, f.Numerator, f.Denominator = HowRatio, NumberOf(num), NumberOf(den)
		f.set(q, ind.Decimals)
	}
	return f, true
}

// dated is a line's figure of exactly that period.
func dated(l *line, p Period) *Figure {
	if l == nil {
		return nil
	}
	for i := range l.figures {
		if l.figures[i].Period == p {
			return &l.figures[i]
		}
	}
	return nil
}

// maskLone takes out the city's figures of years in which one district's was
// suppressed and all others are known.
func (k *Known) maskLone(l *line, ind *Indicator, lines []*line) {
	for i, d := range k.districts {
		if lines[i] == nil {
			continue
		}
	years:
		for y, o := range lines[i].muted {
			for j, other := range k.districts {
				if other == d || !k.applies(ind.Code, other, YearOf(y).Months()) {
					continue
				}
				if lines[j] == nil || lines[j].muted[y] != nil || lines[j].ofYear(y) == nil {
					continue years
				}
			}
			l.figures = slices.DeleteFunc(l.figures, func(f Figure) bool { return f.Period.Year == y && f.yearEnd() })
			if l.muted == nil {
				l.muted = map[int]*Observation{}
			}
			l.muted[y] = o
		}
	}
}

// applies reports whether an indicator applies to an area at a time: not when
// the newest word by then is that it does not.
func (k *Known) applies(c Code, at, months int) bool {
	rec := k.of(c, at)
	if rec == nil {
		return true
	}
	var last *row
	for i := range rec.rows {
		r := &rec.rows[i]
		if r.baseline || r.months > months {
			continue
		}
		if last == nil || r.months > last.months || r.Answer != NotApplicable {
			last = r // of one date a number goes before an answer
		}
	}
	return last == nil || last.Answer != NotApplicable
}
