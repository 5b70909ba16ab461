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
// the one that stands: the newest published; of two published on one day the
// later in the order of keys. The result is ordered by area as met, then
// period, then basis.
func Standing(obs []Observation) []Observation {
	type place struct {
		subject, area Code
		period        Period
		basis         Basis
	}
	at := map[place]int{}
	var out []Observation
	sorted := slices.Clone(obs)
	slices.SortStableFunc(sorted, CompareObservations)
	for _, o := range sorted {
		p := place{o.Subject, o.Area, o.Period, o.Basis}
		i, seen := at[p]
		if !seen {
			at[p] = len(out)
			out = append(out, o)
			continue
		}
		if o.Published.Compare(out[i].Published) >= 0 {
			out[i] = o
		}
	}
	return out
}
