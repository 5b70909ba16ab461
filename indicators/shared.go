package indicators

import (
	"cmp"
	"maps"
	"slices"
)

// Stated is a value that is known already of what a denominator counts: public,
// or typed into another figure of the round. One of Public and Typed is set.
type Stated struct {
	Number Number
	Public *Observation
	Typed  *Revision
}

// parts are the series that an indicator's numerator and denominator count, each
// with the field it is typed into.
func (i *Indicator) parts() [2]struct {
	Field  Field
	Series Code
} {
	return [2]struct {
		Field  Field
		Series Code
	}{{NumeratorField, i.NumeratorSeries}, {DenominatorField, i.DenominatorSeries}}
}

func (f Filled) part(field Field) Number {
	if field == NumeratorField {
		return f.Numerator
	}
	return f.Denominator
}

// KnownDenominators lists what is known of the denominator of r in a year: what is
// public of its series in its area, standing at the year's end, then what rows
// have typed for the same series there, as a numerator or a denominator, the
// newest first. Each number stands once, r's own entry is no witness, and what r
// says itself is left out. A form offers them, so that a number which several
// figures have in common is typed once; it never fills one in unasked.
func (l *Library) KnownDenominators(r *Revision, year int, public []Observation, rows []Revision) []Stated {
	ind := l.indicator[r.Indicator]
	if ind == nil || ind.DenominatorSeries == "" {
		return nil
	}
	var out []Stated
	own := l.Fill(ind, r.Entry, Period{}).Denominator // parts read the same on any day
	add := func(s Stated) {
		same := func(n Number) bool { return n.Present() && n.Decimal().Equal(s.Number.Decimal()) }
		if s.Number.Present() && !same(own) && !slices.ContainsFunc(out, func(x Stated) bool { return same(x.Number) }) {
			out = append(out, s)
		}
	}
	of := slices.DeleteFunc(slices.Clone(public), func(o Observation) bool {
		return o.Subject != ind.DenominatorSeries || o.Area != r.Area || o.Bound != "" || o.Period.Year != year || o.Period.Month != 0 && o.Period.Month != 12
	})
	for _, o := range Standing(l, of) {
		add(Stated{Number: o.Value, Public: &o})
	}
	type said struct {
		*Revision
		Number
	}
	var typed []said
	for n := range rows {
		other := &rows[n]
		at := l.indicator[other.Indicator]
		if at == nil || other.ID == r.ID || other.Area != r.Area {
			continue
		}
		for _, p := range at.parts() {
			if p.Series == ind.DenominatorSeries {
				typed = append(typed, said{other, l.Fill(at, other.Entry, Period{}).part(p.Field)})
			}
		}
	}
	slices.SortStableFunc(typed, func(a, b said) int {
		return cmp.Or(b.Changed.Compare(a.Changed), cmp.Compare(a.ID, b.ID))
	})
	for _, x := range typed {
		add(Stated{Number: x.Number, Typed: x.Revision})
	}
	return out
}

// SharesParts reports two indicators of which a numerator or denominator counts
// the same: their figures of one area and year state one number.
func (i *Indicator) SharesParts(other *Indicator) bool {
	for _, p := range i.parts() {
		for _, q := range other.parts() {
			if p.Series != "" && p.Series == q.Series {
				return true
			}
		}
	}
	return false
}

// partDiffers holds a part against what other figures of the round say for the
// same series and area: the first that says something else, by its code.
func partDiffers(field Field) func(*sighting) []any {
	return func(c *sighting) []any {
		stated := c.f.part(field)
		series := c.Indicator.DenominatorSeries
		if field == NumeratorField {
			series = c.Indicator.NumeratorSeries
		}
		if !stated.Present() || series == "" {
			return nil
		}
		for _, at := range slices.SortedFunc(maps.Keys(c.Beside), func(a, b Place) int { return cmp.Compare(a.Subject, b.Subject) }) {
			ind := c.Library.Indicator(at.Subject)
			if ind == nil || at.Area != c.Area || at.Subject == c.Indicator.Code {
				continue
			}
			for _, p := range ind.parts() {
				if n := c.Library.Fill(ind, c.Beside[at], c.Day).part(p.Field); p.Series == series && n.Present() && !n.Decimal().Equal(stated.Decimal()) {
					return fires(true, at.Subject, series)
				}
			}
		}
		return nil
	}
}
