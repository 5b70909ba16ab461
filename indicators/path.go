package indicators

// Required is what the required path asks for on the last day of p; absent
// before the path's start, after its end, and where there is no path. Time is
// counted in whole months.
func (t *Trajectory) Required(p Period) Number {
	m, n := p.Months(), len(t.Path)
	if n == 0 || m < t.Path[0].At.Months() || m > t.Path[n-1].At.Months() {
		return Number{}
	}
	return required(t.Path, m).told(t.finer())
}

// finer are the decimals of the path: two more than the indicator's.
func (t *Trajectory) finer() *int {
	n := 2
	if t.Indicator.Decimals != nil {
		n += *t.Indicator.Decimals
	}
	return &n
}

// Value is what t asks for where that is a number: its own value, or for a
// target to hold the baseline's; absent otherwise.
func (t *Trajectory) Value(target *Target) Number {
	if target.Value.Present() || t.Baseline == nil || target.Comparator != Hold {
		return target.Value
	}
	return t.Baseline.Value
}

// Corrected lists the editions that no longer stand and gave another number
// for the period and basis of o, oldest first: what a correction replaced.
func (t *Trajectory) Corrected(o *Observation) []Observation {
	var out []Observation
	for _, e := range t.Earlier {
		if e.Period == o.Period && e.Basis == o.Basis && e.Value.Present() &&
			(!o.Value.Present() || !e.Value.Decimal().Equal(o.Value.Decimal())) {
			out = append(out, e)
		}
	}
	return out
}

// Done is the observation by which a deliverable was done, the first that says
// so; nil while none does.
func (t *Trajectory) Done() *Observation {
	for i := range t.Results {
		if t.Results[i].Value.Decimal().IsPositive() {
			return &t.Results[i]
		}
	}
	return nil
}
