package indicators

import "slices"

// line is everything known of one indicator in one area, read in one basis:
// the start, the results after it by date (one at each date), and where a new
// series begins. All rules read it; none reads an observation by itself.
type line struct {
	figures []Figure
	start   *Figure
	breaks  []int                // months at which a new series begins: marked on a figure of any basis, since what one counts the others do
	muted   map[int]*Observation // years answered as suppressed
}

// at is x(y): the figure for the whole year, else the one dated December. An
// amount dated earlier in the year is it too where it already decides
// ("already reaches a target from below, or already passes a ceiling"), which
// needs a goal.
func (l *line) at(y int, g *goal) *Figure {
	var out *Figure
	for i := range l.figures {
		f := &l.figures[i]
		if f.Period.Year != y {
			continue
		}
		switch {
		case f.yearEnd() && !f.ToDate:
			out = f // the whole year comes after its December
		case f.ToDate && g != nil && (out == nil || out.ToDate):
			if v := g.judge(f, true); v == satisfied || v == short {
				out = f
			}
		}
	}
	return out
}

func (l *line) mute(year int, o *Observation) {
	if l.muted == nil {
		l.muted = map[int]*Observation{}
	}
	l.muted[year] = o
}

// splits reports a new series that begins after from and by to.
func (l *line) splits(from, to int) bool {
	for _, b := range l.breaks {
		if from < b && b <= to {
			return true
		}
	}
	return false
}

// startFor is the start that a figure can be measured from: none across a
// break ("nothing before it is a start").
func (l *line) startFor(f *Figure) *Figure {
	if l.start == nil || f == nil || l.splits(l.start.months, f.months) {
		return nil
	}
	return l.start
}

// view reads one indicator in one area.
type view struct {
	k   *Known
	ind *Indicator
	rec *record
	num *record // of its series, where it has both
	den *record
	own Basis // the basis of its level: added for a flow
}

func (k *Known) view(ind *Indicator, at int) view {
	v := view{k: k, ind: ind, rec: k.of(ind.Code, at), own: basisFor(ind, Level)}
	if ind.NumeratorSeries != "" && ind.DenominatorSeries != "" && ind.Per.Present() {
		v.num, v.den = k.of(ind.NumeratorSeries, at), k.of(ind.DenominatorSeries, at)
	}
	if v.rec == nil {
		v.rec = &record{}
	}
	return v
}

// scopeLine is the line of a target: its basis, counted from its base year.
type scopeLine struct {
	basis    Basis
	baseYear int
}

func (k *Known) scopeOf(ind *Indicator, t *Target) scopeLine {
	s := scopeLine{basis: basisFor(ind, t.Basis)}
	switch {
	case s.basis == Cumulative && t.BaseYear != nil, s.basis == ChangePct && t.BaseYear != nil:
		s.baseYear = *t.BaseYear
	case s.basis == Cumulative:
		s.baseYear = k.Library.Plan.FirstYear
	case s.basis == ChangePct:
		s.baseYear = k.Library.Plan.BaselineYear
	}
	return s
}

// line reads an indicator in an area in one basis, rolled up from the
// districts where the city has no figure of its own.
func (k *Known) line(ind *Indicator, at int, s scopeLine) *line {
	v := k.view(ind, at)
	l := &line{figures: make([]Figure, 0, len(v.rec.rows))}
	for i := range v.rec.rows {
		r := &v.rec.rows[i]
		if r.Quality == Break {
			l.breaks = append(l.breaks, r.months)
		}
		if r.Answer == Suppressed && r.yearEnd() {
			l.mute(r.Period.Year, r.Observation)
		}
	}
	if at == k.city {
		for _, s := range k.lone {
			if s.yearEnd() && (s.Subject == ind.Code || s.Subject == ind.NumeratorSeries) {
				l.mute(s.Period.Year, s.Observation)
			}
		}
	}
	l.start = v.start(s)
	switch s.basis {
	case v.own:
		v.levels(l)
	case Added:
		v.added(l)
	case Cumulative:
		v.totals(l, s.baseYear)
	case ChangePct:
		v.changes(l, s.baseYear)
	}
	if at == k.city && ind.Scope == City {
		k.rollUp(l, ind, s)
	}
	l.settle(k.since(l.start))
	return l
}

// since is the date after which a figure counts as a result: the start's, else
// the end of the plan's baseline year (a figure no later than that is no result
// of the plan, whether or not the plan gives a baseline).
func (k *Known) since(start *Figure) Period {
	if start != nil {
		return start.Period
	}
	return YearOf(k.Library.Plan.BaselineYear)
}

// settle keeps the results, by date; of one date the whole-year figure, and of
// those that say the same the one found first.
func (l *line) settle(since Period) {
	if len(l.figures) == 0 {
		return
	}
	kept := l.figures[:0]
	for _, f := range l.figures {
		if f.Period.Compare(since) > 0 {
			kept = append(kept, f)
		}
	}
	slices.SortStableFunc(kept, func(a, b Figure) int {
		if c := a.Period.Compare(b.Period); c != 0 {
			return c
		}
		return b.Period.Month - a.Period.Month
	})
	out := kept[:0]
	for _, f := range kept {
		if n := len(out); n > 0 && out[n-1].Period == f.Period {
			continue
		}
		out = append(out, f)
	}
	l.figures = out
}

// figure reads a row's own number: as written, or its exact quotient where it
// was computed here or comes as numerator and denominator only.
func (v *view) figure(r *row) (Figure, bool) {
	f := Figure{
		Value: r.Value, Period: r.Period, Basis: r.basis, Bound: r.Bound, How: HowReported,
		months: r.months, broken: r.Quality == Break, Numerator: r.Numerator, Denominator: r.Denominator,
	}
	if (r.Kind == Derived || !r.Value.Present()) && r.Answer == "" && v.ind.Per.Present() && r.Numerator.Present() && r.Denominator.Present() && r.basis == v.own {
		if q, ok := over(r.Numerator.Decimal().Mul(v.ind.Per.Decimal()), r.Denominator.Decimal()); ok {
			f.How = HowDerived
			f.set(q, v.ind.Decimals)
			return f, true
		}
	}
	if !r.Value.Present() {
		return f, false
	}
	f.exact = whole(r.Value.Decimal())
	return f, true
}

// rows adds what was reported in a basis: numbers as published, then those
// computed here where none was published for the date. Of a year that was
// suppressed, in any basis, only what was published for the whole year in this
// very basis stands; nothing is had from the rest.
func (v *view) rows(l *line, b Basis) {
	for _, computed := range []bool{false, true} {
		for i := range v.rec.rows {
			r := &v.rec.rows[i]
			if r.basis != b || r.baseline || (r.Kind == Derived) != computed {
				continue
			}
			if (computed || r.Period.Month == 12) && l.muted[r.Period.Year] != nil || computed && l.has(r.Period) {
				continue
			}
			if f, ok := v.figure(r); ok {
				f.From = []*Observation{r.Observation}
				f.ToDate = b != Level && b != ChangePct && !r.yearEnd()
				l.figures = append(l.figures, f)
			}
		}
	}
}

// has reports a figure of that date; a year is had by its December too.
func (l *line) has(p Period) bool {
	for i := range l.figures {
		if f := &l.figures[i]; f.months == p.Months() || p.IsYear() && f.yearEnd() && f.Period.Year == p.Year {
			return true
		}
	}
	return false
}

// ofYear is the firm figure that stands at the end of a year, nil when none.
func (l *line) ofYear(y int) *Figure {
	var out *Figure
	for i := range l.figures {
		if f := &l.figures[i]; f.Period.Year == y && f.yearEnd() && !f.ToDate && f.firm() && (out == nil || f.Period.IsYear()) {
			out = f
		}
	}
	return out
}

// levels: reported, else computed from its series, else the last level (the
// baseline may be it) plus every later reported yearly increase without a gap.
func (v *view) levels(l *line) {
	v.rows(l, v.own)
	v.fromSeries(l)
	if v.own == Added || v.ind.Measure == Average {
		return // a flow has no stock below it; an average is never summed
	}
	base := v.baseline(v.own)
	for i := range v.rec.rows {
		r := &v.rec.rows[i]
		y := r.Period.Year
		if r.basis != Added || r.baseline || !r.yearEnd() || !r.exact() || l.muted[y] != nil || l.has(YearOf(y)) {
			continue
		}
		if r.Period.Month == 12 && v.wholeYear(Added, y) {
			continue
		}
		prior := v.levelBefore(l, base, y)
		if prior == nil || l.splits(prior.months, r.months) {
			continue
		}
		sum := prior.exact.add(whole(r.Value.Decimal()))
		l.figures = append(l.figures, Figure{
			Value: sum.told(v.ind.Decimals), Period: r.Period, Basis: v.own, How: HowIncreases,
			From: append(slices.Clone(prior.From), r.Observation), exact: sum, months: r.months,
		})
	}
}

// wholeYear reports a figure of the whole year in a basis.
func (v *view) wholeYear(b Basis, y int) bool {
	for i := range v.rec.rows {
		if r := &v.rec.rows[i]; r.basis == b && !r.baseline && r.Period == YearOf(y) && r.Value.Present() {
			return true
		}
	}
	return false
}

// levelBefore is the firm level at the end of the year before y: a result's,
// the baseline's, or the 0 of a new count.
func (v *view) levelBefore(l *line, base *Figure, y int) *Figure {
	if base != nil && base.Period.Year >= y-1 {
		if base.Period.Year == y-1 && base.yearEnd() {
			return base
		}
		return nil
	}
	if f := l.ofYear(y - 1); f != nil || base != nil {
		return f
	}
	if v.ind.NewCount && y == v.k.Library.Plan.FirstYear {
		return zeroAt(v.own, y-1)
	}
	return nil
}

func zeroAt(b Basis, y int) *Figure {
	return &Figure{Value: NumberOf(zero), Period: YearOf(y), Basis: b, How: HowZero, months: YearOf(y).Months()}
}

// added: reported, else level(m) − level(m−1).
func (v *view) added(l *line) {
	v.rows(l, Added)
	levels := line{breaks: l.breaks, muted: l.muted}
	v.levels(&levels)
	levels.settle(v.k.since(v.start(scopeLine{basis: v.own})))
	l.breaks = levels.breaks
	base := v.baseline(v.own)
	for i := range levels.figures {
		f := &levels.figures[i]
		y := f.Period.Year
		if !f.yearEnd() || !f.firm() || f.How == HowIncreases || l.muted[y] != nil || l.has(YearOf(y)) {
			continue
		}
		prior := v.levelBefore(&levels, base, y)
		if prior == nil || l.splits(prior.months, f.months) {
			continue
		}
		d := f.exact.sub(prior.exact)
		l.figures = append(l.figures, Figure{
			Value: d.told(v.ind.Decimals), Period: f.Period, Basis: Added, How: HowDifference,
			From: append(slices.Clone(f.From), prior.From...), exact: d, months: f.months,
		})
	}
}

// changes: reported, else computed from level(m) and level(base year).
func (v *view) changes(l *line, baseYear int) {
	v.rows(l, ChangePct)
	levels := line{breaks: l.breaks, muted: l.muted}
	v.levels(&levels)
	l.breaks = levels.breaks
	base := v.baseline(v.own)
	if base == nil || base.Period.Year != baseYear || !base.yearEnd() {
		base = levels.ofYear(baseYear)
	}
	if base == nil || base.exact.cmp(zero) <= 0 {
		return
	}
	for i := range levels.figures {
		f := &levels.figures[i]
		y := f.Period.Year
		if y <= baseYear || !f.yearEnd() || !f.firm() || l.muted[y] != nil || l.has(YearOf(y)) || l.splits(base.months, f.months) {
			continue
		}
		d := f.exact.sub(base.exact)
		q, ok := over(d.n.Mul(base.exact.denominator()).Mul(hundred), d.denominator().Mul(base.exact.n))
		if !ok {
			continue
		}
		l.figures = append(l.figures, Figure{
			Value: q.told(changeDecimals(v.ind)), Period: f.Period, Basis: ChangePct, How: HowChange,
			From: append(slices.Clone(f.From), base.From...), Numerator: f.Value, Denominator: base.Value,
			exact: q, months: f.months,
		})
	}
}

// changeDecimals are those of a change in per cent: the indicator's, two at
// least.
func changeDecimals(ind *Indicator) *int {
	n := 2
	if ind.Decimals != nil {
		n = max(n, *ind.Decimals)
	}
	return &n
}

// fromSeries computes a rate where none is published: the denominator of a
// whole year is that year's, of a figure dated within a year the latest
// earlier year-end value. Where the rate or its start is computed, a new series
// of either part is one of the rate.
func (v *view) fromSeries(l *line) {
	if v.num == nil || v.den == nil || v.own != Level {
		return
	}
	computed := l.start != nil && l.start.How == HowSeries
	for i := range v.num.rows {
		n := &v.num.rows[i]
		if n.baseline || n.basis != Level || !n.exact() || l.muted[n.Period.Year] != nil || l.has(n.Period) {
			continue
		}
		if f, ok := v.quotient(n); ok {
			l.figures = append(l.figures, f)
			computed = true
		}
	}
	for _, part := range []*record{v.num, v.den} {
		for i := range part.rows {
			if r := &part.rows[i]; computed && r.Quality == Break {
				l.breaks = append(l.breaks, r.months)
			}
		}
	}
}

// seriesAt is the rate of a period from its series.
func (v *view) seriesAt(p Period) (Figure, bool) {
	if v.num == nil || v.den == nil {
		return Figure{}, false
	}
	for i := range v.num.rows {
		if n := &v.num.rows[i]; n.Period == p && n.basis == Level && n.exact() {
			return v.quotient(n)
		}
	}
	return Figure{}, false
}

// quotient is the rate at a numerator's date.
func (v *view) quotient(n *row) (Figure, bool) {
	var d *row
	for i := range v.den.rows {
		r := &v.den.rows[i]
		if !r.yearEnd() || r.basis != Level || !r.exact() {
			continue
		}
		if n.Period.IsYear() && r.Period.Year == n.Period.Year || !n.Period.IsYear() && r.Period.Year < n.Period.Year {
			d = r // by date, so the last is the latest
		}
	}
	if d == nil {
		return Figure{}, false
	}
	q, ok := over(n.Value.Decimal().Mul(v.ind.Per.Decimal()), d.Value.Decimal())
	if !ok {
		return Figure{}, false
	}
	f := Figure{
		Period: n.Period, Basis: Level, How: HowSeries, From: []*Observation{n.Observation, d.Observation},
		Numerator: n.Value, Denominator: d.Value, months: n.months,
	}
	f.set(q, v.ind.Decimals)
	return f, true
}
