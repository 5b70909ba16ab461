package chart

import (
	"math"

	"yimi/indicators"
)

// Axis is the upright axis that the server's picture and ECharts share.
type Axis struct {
	Min, Max, Step float64
	Cropped        bool // it does not begin at 0, which the subtitle says
}

// newAxis covers every mark. It begins at 0, but for the line of a rate whose
// marks lie close together. Its lower end is a multiple of the step, as ECharts
// counts its ticks from there; above the highest mark there is room for words.
func newAxis(marks []float64, rate, whole bool) Axis {
	low, high := 0.0, 0.0
	for i, m := range marks {
		if i == 0 || m < low {
			low = m
		}
		if i == 0 || m > high {
			high = m
		}
	}
	if a, ok := cropped(low, high, whole); ok && rate && len(marks) > 1 {
		return a
	}
	a := Axis{Min: min(low, 0), Max: max(high, 0)}
	if a.Max == a.Min {
		a.Max = a.Min + 1
	}
	a.Step = stepOf(a.Max-a.Min, whole)
	if a.Min < 0 {
		a.Min = tidy(math.Floor(a.Min*1.04/a.Step) * a.Step)
	}
	if a.Max > 0 {
		quarter := a.Step / 4
		a.Max = tidy(math.Ceil(a.Max*1.08/quarter) * quarter)
	}
	return a
}

// cropped is the axis of marks that lie close together: it begins at a
// multiple of the step, with a quarter to a third of its height below the
// lowest mark.
func cropped(low, high float64, whole bool) (Axis, bool) {
	reach := high - low
	if low <= 0 || reach <= 0 || reach >= 0.25*high {
		return Axis{}, false
	}
	a := Axis{Step: stepOf(1.5*reach, whole), Cropped: true}
	a.Min = tidy(math.Floor((low-0.37*reach)/a.Step) * a.Step)
	below := low - a.Min
	height := max(3*below, 1.1*reach+below)
	fine := a.Step / 10
	a.Max = tidy(a.Min + math.Floor(min(height+fine, 4*below)/fine+1e-9)*fine)
	return a, a.Min > 0 && a.Max >= high
}

func stepOf(reach float64, whole bool) float64 {
	step := niceStep(reach / 4.5)
	if whole && step < 1 {
		return 1
	}
	return step
}

// tidy takes out what binary fractions add: 600000.0000000001 is 600000.
func tidy(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 12-math.Ceil(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

// Ticks are the values that carry a number.
func (a Axis) Ticks() []float64 {
	var out []float64
	for i := math.Ceil(a.Min/a.Step - 1e-9); i*a.Step <= a.Max+a.Step*1e-9 && len(out) < 50; i++ {
		out = append(out, tidy(i*a.Step))
	}
	return out
}

// moment is where a period's last day lies in time, in years: the end of 2020
// is 2021.0, the end of a month its twelfth.
func moment(p indicators.Period) float64 {
	e := p.End()
	if p.IsDate() {
		days := indicators.Period{Year: e.Year, Month: e.Month}.End().Day
		return float64(e.Year) + (float64(e.Month-1)+float64(e.Day)/float64(days))/12
	}
	return float64(e.Year) + float64(e.Month)/12
}

// span is the stretch of time that a chart shows, in moments, and the years
// that are named under it.
type span struct {
	from, to    float64
	first, last int // the first and the last whole year named
}

// span covers the plan's milestones and whatever stands outside them.
func (p Picture) span() span {
	t := &p.Trajectory
	from, to := float64(t.Plan.BaselineYear+1), float64(t.Plan.BaselineYear+1)
	if len(t.Plan.Milestones) > 0 {
		to = float64(t.Plan.LastMilestone() + 1)
	}
	cover := func(m float64) { from, to = min(from, m), max(to, m) }
	for _, o := range p.observations() {
		cover(moment(o.Period))
		cover(float64(o.Period.Year + 1))
	}
	for _, target := range t.Targets {
		cover(moment(target.When(t.Plan)))
	}
	for _, c := range t.Path {
		cover(moment(c.At))
	}
	if m := moment(t.AsOf); !t.AsOf.IsZero() && m > to {
		to = min(m, to+2)
	}
	from = math.Floor(from)
	return span{from: from - 0.5, to: to + 0.1, first: int(from), last: int(math.Ceil(to)) - 1}
}

// named are the years whose label stands in their middle.
func (s span) named() []int {
	var out []int
	for y := s.first; y <= s.last; y++ {
		if float64(y)+0.5 <= s.to && float64(y)+0.5 >= s.from {
			out = append(out, y)
		}
	}
	return out
}

// marks are all values that a level's axis must hold.
func (p Picture) marks() []float64 {
	t := &p.Trajectory
	var out []float64
	for _, o := range p.observations() {
		out = append(out, o.Value.Float())
		for _, e := range t.Corrected(&o) {
			out = append(out, e.Value.Float())
		}
	}
	for i := range t.Targets {
		if v := t.Value(&t.Targets[i]); v.Present() {
			out = append(out, v.Float())
		}
		if u := t.Targets[i].Upper; u.Present() {
			out = append(out, u.Float())
		}
	}
	for _, c := range t.Path {
		out = append(out, c.Value.Float())
	}
	for _, c := range p.corners() {
		out = append(out, c.low, c.value, c.high)
	}
	return out
}

// Axis is the axis of the main panel.
func (p Picture) Axis() Axis {
	m := p.Trajectory.Indicator.Measure
	rate := (m == indicators.Rate || m == indicators.Average) && p.Kind() == Level && len(p.Trajectory.Results) > 1
	return newAxis(p.marks(), rate, p.whole())
}

// amountAxis is the axis of the panel of a running total's yearly amounts.
func (p Picture) amountAxis() Axis {
	var marks []float64
	for _, o := range p.amounts() {
		marks = append(marks, o.Value.Float())
	}
	return newAxis(marks, false, p.whole())
}
