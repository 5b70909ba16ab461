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
			p := lines[i].figures[j].Period
			if p.Month == 12 {
				p = YearOf(p.Year) // a December stands for its year
			}
			if !slices.Contains(dates, p) {
				dates = append(dates, p)
			}
		}
	}
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

// dated is a line's figure of that period; of a year, else that of its
// December.
func dated(l *line, p Period) *Figure {
	if l == nil {
		return nil
	}
	var december *Figure
	for i := range l.figures {
		switch f := &l.figures[i]; {
		case f.Period == p:
			return f
		case p.IsYear() && f.Period.Year == p.Year && f.Period.Month == 12:
			december = f
		}
	}
	return december
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
