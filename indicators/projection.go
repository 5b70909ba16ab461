package indicators

import (
	"slices"

	"github.com/shopspring/decimal"
)

// ProjectedPoint is where a projection stands at the end of a year, in the
// basis of its figures, rounded half up to the indicator's decimals.
type ProjectedPoint struct {
	At        Period
	Value     Number
	Low, High Number
}

// Projection carries the latest yearly value on along the Theil–Sen slope: the
// median of the slopes between every two yearly values, with the lowest and
// the highest of them as its range. It is no result and enters no status;
// wherever it is shown it is marked as a projection. Slopes are in the unit
// per year, in float64.
type Projection struct {
	From      Figure // the latest yearly value
	Values    int    // yearly values that it rests on
	Slope     float64
	Low, High float64
	Points    []ProjectedPoint // the years after From, to the plan's last milestone
}

// minProjected is how many yearly values a projection needs.
const minProjected = 3

// Project projects an indicator in an area in a target's basis. It is false
// with fewer than three yearly values since the last break (the baseline is
// one of them; a bounded value, a sum with a gap or a figure dated within its
// year is none), and when nothing is left to project to.
func (k *Known) Project(ind *Indicator, area Code, t *Target) (Projection, bool) {
	at, ok := k.area[area]
	if !ok || ind.Measure == Deliverable || ind.Scope.each() && at == k.city {
		return Projection{}, false
	}
	values := k.line(ind, at, k.scopeOf(ind, t)).yearly()
	if len(values) < minProjected {
		return Projection{}, false
	}
	last := values[len(values)-1]
	p := Projection{From: last, Values: len(values)}
	p.Slope, p.Low, p.High = theilSen(values)
	digits := int32(2)
	if ind.Decimals != nil {
		digits = int32(*ind.Decimals)
	}
	level := last.Basis == Level || last.Basis == basisFor(ind, Level)
	for y := last.Period.Year + 1; y <= k.Library.Plan.LastMilestone(); y++ {
		ahead := func(slope float64) Number {
			n := last.Value.Decimal().Add(decimal.NewFromFloat(slope * float64(y-last.Period.Year))).Round(digits)
			if level && ind.Min.Present() && n.LessThan(ind.Min.Decimal()) {
				n = ind.Min.Decimal()
			}
			if level && ind.Max.Present() && n.GreaterThan(ind.Max.Decimal()) {
				n = ind.Max.Decimal()
			}
			return NumberOf(n)
		}
		p.Points = append(p.Points, ProjectedPoint{At: YearOf(y), Value: ahead(p.Slope), Low: ahead(p.Low), High: ahead(p.High)})
	}
	return p, len(p.Points) > 0
}

// yearly lists the firm values at year's end since the last break, one a year.
func (l *line) yearly() []Figure {
	var all []Figure
	if l.start != nil && len(l.start.From) > 0 && l.start.yearEnd() {
		all = append(all, *l.start)
	}
	for i := range l.figures {
		f := &l.figures[i]
		if !f.yearEnd() || f.ToDate || !f.firm() {
			continue
		}
		if n := len(all); n > 0 && all[n-1].Period.Year == f.Period.Year {
			all[n-1] = *f
			continue
		}
		all = append(all, *f)
	}
	from := 0
	for i := range all {
		for _, b := range l.breaks {
			if b <= all[i].months && (i == 0 || all[i-1].months < b) {
				from = i
			}
		}
	}
	return all[from:]
}

// theilSen is the median of the slopes between every two values, with the
// lowest and the highest.
func theilSen(values []Figure) (median, low, high float64) {
	var slopes []float64
	for i := range values {
		for j := i + 1; j < len(values); j++ {
			years := float64(values[j].Period.Year - values[i].Period.Year)
			slopes = append(slopes, (values[j].Value.Float()-values[i].Value.Float())/years)
		}
	}
	slices.Sort(slopes)
	n := len(slopes)
	median = slopes[n/2]
	if n%2 == 0 {
		median = (slopes[n/2-1] + slopes[n/2]) / 2
	}
	return median, slopes[0], slopes[n-1]
}
