package indicators

import "slices"

// mask suppresses the city's figures that would reveal the one district's that
// is suppressed, all others being known ("a total that would reveal it is
// suppressed too"): those of the same date, in every basis, of the subject and
// of the rates that it is a part of; and of the year after, the increase
// beside a level or a running total, whose difference is the year before.
func (k *Known) mask() {
	if k.city < 0 {
		return
	}
	for subject, records := range k.subject {
		for _, d := range k.districts {
			rec := records[d]
			if rec == nil {
				continue
			}
			for i := range rec.rows {
				if r := &rec.rows[i]; r.Answer == Suppressed && k.lonely(subject, d, r) {
					k.lone = append(k.lone, *r)
				}
			}
		}
	}
	slices.SortFunc(k.lone, func(a, b row) int { return CompareObservations(*a.Observation, *b.Observation) })
	for i := range k.lone {
		s := &k.lone[i]
		k.hide(s.Subject, s)
		for j := range k.Library.Indicators {
			if ind := &k.Library.Indicators[j]; ind.NumeratorSeries == s.Subject || ind.DenominatorSeries == s.Subject {
				k.hide(ind.Code, s)
			}
		}
	}
}

// sameDate reports two rows that stand at one time: a December at its year's.
func sameDate(a, b *row) bool {
	return a.months == b.months && a.yearEnd() == b.yearEnd()
}

// lonely reports that of all other districts something is known at the date of
// a suppressed figure, so that the city's total would tell it.
func (k *Known) lonely(subject Code, d int, s *row) bool {
	for _, other := range k.districts {
		if other == d || !k.applies(subject, other, s.months) {
			continue
		}
		rec := k.of(subject, other)
		if rec == nil || !slices.ContainsFunc(rec.rows, func(r row) bool { return r.Value.Present() && sameDate(&r, s) }) ||
			slices.ContainsFunc(rec.rows, func(r row) bool { return r.Answer == Suppressed && sameDate(&r, s) }) {
			return false
		}
	}
	return len(k.districts) > 1
}

// hide takes the numbers out of the city's figures that would tell s.
func (k *Known) hide(subject Code, s *row) {
	rec := k.of(subject, k.city)
	if rec == nil {
		return
	}
	after := 0 // bases of the year after
	for i := range rec.rows {
		if r := &rec.rows[i]; r.yearEnd() && s.yearEnd() && r.Period.Year == s.Period.Year+1 && r.Value.Present() && r.basis != Added {
			after++
		}
	}
	for i := range rec.rows {
		r := &rec.rows[i]
		next := after > 0 && r.basis == Added && r.yearEnd() && r.Period.Year == s.Period.Year+1
		if r.baseline || !sameDate(r, s) && !next {
			continue
		}
		told := concealed(*r.Observation)
		r.Observation = &told
	}
}

// hides reports an edition of which the one that stands in its place says only
// that it is suppressed: an earlier number would tell what that does not.
func (k *Known) hides(o *Observation) bool {
	at, ok := k.area[o.Area]
	rec := k.of(o.Subject, at)
	if !ok || rec == nil || o.Answer == Suppressed || k.isBaseline(o) {
		return false
	}
	basis := basisFor(k.Library.Indicator(o.Subject), o.Basis)
	return slices.ContainsFunc(rec.rows, func(r row) bool {
		return r.Answer == Suppressed && !r.baseline && r.Period == o.Period && r.basis == basis
	})
}

// concealed is a figure of which is told only that it is suppressed.
func concealed(o Observation) Observation {
	o.Value, o.Numerator, o.Denominator, o.Bound = Number{}, Number{}, Number{}, ""
	o.Answer, o.Note = Suppressed, ""
	return o
}
