package indicators

// baseline is the latest firm baseline in a basis, nil when there is none. A
// rate's is computed from its series where those have one.
func (v *view) baseline(b Basis) *Figure {
	var out *Figure
	better := func(f Figure, o *Observation) {
		if out == nil || f.Period.Compare(out.Period) > 0 || f.Period.Compare(out.Period) == 0 && o.Kind == Baseline && f.Period.IsYear() {
			f.From = []*Observation{o}
			out = &f
		}
	}
	for i := range v.rec.rows {
		r := &v.rec.rows[i]
		if r.baseline && r.basis == b && r.Bound == "" {
			if f, ok := v.figure(r); ok {
				better(f, r.Observation)
			}
		}
	}
	if out != nil || v.num == nil || v.den == nil || b != Level {
		return out
	}
	for i := range v.num.rows {
		if n := &v.num.rows[i]; n.baseline && n.exact() && n.basis == Level {
			if f, ok := v.quotient(n); ok {
				from := f.From
				better(f, n.Observation)
				if out.Period == f.Period {
					out.From = from
				}
			}
		}
	}
	return out
}

// start is where the way to a target of that basis begins: the baseline in it;
// else 0 for a new count at the end of the year before the plan's first, for a
// running total at the end of the year before its base year, for a change at
// its base year; else none.
func (v *view) start(s scopeLine) *Figure {
	if f := v.baseline(s.basis); f != nil && (s.basis != Cumulative || f.Period.Year >= s.baseYear-1) {
		return f
	}
	switch {
	case s.basis == Level && v.ind.NewCount:
		return zeroAt(Level, v.k.Library.Plan.FirstYear-1)
	case s.basis == Cumulative:
		return zeroAt(Cumulative, s.baseYear-1)
	case s.basis == ChangePct:
		return zeroAt(ChangePct, s.baseYear)
	}
	return nil
}

// kept is the baseline that a target to hold compares with: of the plan's
// baseline year, else the latest.
func (v *view) kept(b Basis) *Figure {
	year := v.k.Library.Plan.BaselineYear
	for i := range v.rec.rows {
		r := &v.rec.rows[i]
		if r.baseline && r.basis == b && r.Bound == "" && r.Period.Year == year {
			if f, ok := v.figure(r); ok {
				f.From = []*Observation{r.Observation}
				return &f
			}
		}
	}
	return v.baseline(b)
}
