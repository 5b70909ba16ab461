package indicators

import (
	"cmp"
	"slices"
)

// Key orders and identifies an observation within its subject.
func (o Observation) key() [6]string {
	return [6]string{string(o.Subject), string(o.Area), o.Period.String(), string(o.Basis), o.Vintage, o.Published.String()}
}

// CompareObservations orders by the key of observations: its six cells one
// after the other, bytewise, an empty one first.
func CompareObservations(a, b Observation) int {
	ka, kb := a.key(), b.key()
	return slices.CompareFunc(ka[:], kb[:], cmp.Compare[string])
}

// Standing keeps, of several editions of one subject, area, period and basis,
// the one that stands by the rules of judgement ([Known]): the newest published
// whatever its vintage, a basis that is not stated being the indicator's level.
// What was computed here stands only where no number was published. The result
// is ordered by subject and area as met, then period, then basis.
func Standing(l *Library, obs []Observation) []Observation {
	k := &Known{Library: l}
	sorted := slices.Clone(obs)
	slices.SortStableFunc(sorted, CompareObservations)
	type place struct{ subject, area Code }
	records := map[place]*record{}
	var met []place
	for i := range sorted {
		o := &sorted[i]
		at := place{o.Subject, o.Area}
		if records[at] == nil {
			records[at] = &record{}
			met = append(met, at)
		}
		r := row{Observation: o, basis: basisFor(l.Indicator(o.Subject), o.Basis), months: o.Period.Months(), baseline: k.isBaseline(o)}
		records[at].put(r, l.Plan)
	}
	var out []Observation
	for _, at := range met {
		rows := records[at].rows
		for i := range rows {
			if rows[i].Kind == Derived && slices.ContainsFunc(rows, func(r row) bool {
				return r.Kind != Derived && r.Value.Present() && r.Period == rows[i].Period && r.basis == rows[i].basis
			}) {
				continue
			}
			out = append(out, *rows[i].Observation)
		}
	}
	return out
}
