package indicators

// Contradiction is two targets of one indicator that cannot both be meant: the
// later one, or the one of a single year, asks for less than the earlier one, or
// the one of every year, has already asked for; or one allows at most less than
// the other demands.
type Contradiction struct {
	Earlier, Later Target
	Never          bool // no figure meets both
}

// same reports the same two promises, whatever the days on which they hold.
func (c Contradiction) same(d Contradiction) bool {
	return c.Never == d.Never && c.Earlier.promises(&d.Earlier) && c.Later.promises(&d.Later)
}

func (t *Target) promises(u *Target) bool {
	equal := func(a, b Number) bool {
		return a.Present() == b.Present() && (!a.Present() || a.Decimal().Equal(b.Decimal()))
	}
	return t.Indicator == u.Indicator && t.Milestone == u.Milestone && t.Basis.orLevel() == u.Basis.orLevel() && t.Comparator == u.Comparator &&
		equal(t.Value, u.Value) && equal(t.Upper, u.Upper)
}

// floor and ceiling are the ends of what a target demands; absent where it has
// none. A range for a provision and what is about a number have one end, in the
// indicator's direction.
func (t *Target) floor(d Direction) Number {
	switch t.Comparator {
	case GE, GT, EQ, Between:
		return t.Value
	case About:
		if d == Higher {
			return t.Value
		}
	}
	return Number{}
}

func (t *Target) ceiling(d Direction) Number {
	switch t.Comparator {
	case LE, LT, EQ:
		return t.Value
	case Between:
		return t.Upper
	case About:
		if d == Lower {
			return t.Value
		}
	}
	return Number{}
}

// lasting reports a basis in which what was reached stays reached: a later
// target in it that asks for less asks for nothing. The amount of one year may
// well be smaller later.
func (t *Target) lasting(i *Indicator) bool {
	switch t.Basis.orLevel() {
	case Level:
		return i.Measure != Flow
	case Cumulative, ChangePct:
		return true
	}
	return false
}

// less reports a target that b asks for less than: its floor is lower, or its
// ceiling higher.
func (t *Target) less(b *Target, d Direction) bool {
	return d != Lower && above(t.floor(d), b.floor(d)) || d != Higher && above(b.ceiling(d), t.ceiling(d))
}

func above(a, b Number) bool {
	return a.Present() && b.Present() && a.Decimal().GreaterThan(b.Decimal())
}

// alike reports two targets of an indicator whose numbers are of one kind.
func (t *Target) alike(b *Target) bool {
	base := func(t *Target) int {
		if t.BaseYear == nil {
			return 0
		}
		return *t.BaseYear
	}
	return t.Basis.orLevel() == b.Basis.orLevel() && base(t) == base(b)
}

// contradictions lists the contradictions among the targets in force on a day.
func (l *Library) contradictions(day Period) (out []Contradiction) {
	for i := range l.Indicators {
		ind := &l.Indicators[i]
		if ind.Measure == Deliverable {
			continue
		}
		var all []Target
		for _, t := range l.TargetsOf(ind.Code) {
			if t.InForce(l.Plan, day) {
				all = append(all, t)
			}
		}
		for m := range all {
			for n := range all {
				a, b := &all[m], &all[n]
				if !a.alike(b) {
					continue
				}
				first, dated := a.Milestone.Year()
				second, later := b.Milestone.Year()
				standing := a.Milestone == Every && later
				switch {
				case dated && later && first < second && a.lasting(ind) && a.less(b, ind.Direction), standing && a.less(b, ind.Direction):
					out = append(out, Contradiction{Earlier: *a, Later: *b})
				case (a.Milestone == b.Milestone || standing || dated && b.Milestone == Every) && above(a.floor(ind.Direction), b.ceiling(ind.Direction)):
					out = append(out, Contradiction{Earlier: *a, Later: *b, Never: true})
				}
			}
		}
	}
	return out
}
