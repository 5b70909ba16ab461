package main

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"yimi/indicators"
)

// demoSource is the source of every made-up figure.
const demoSource = "演示（编造）demo, made up"

// addDemo adds made-up results to a package: for most indicators that have
// none, one a year from the plan's first year to the last that has ended. The
// same plan and day always give the same figures. Every one says that it is
// made up.
func addDemo(p *indicators.Package, now time.Time) {
	last := min(now.In(p.Plan.Location()).Year()-1, p.Plan.LastMilestone())
	known := map[indicators.Code]bool{}
	for _, o := range p.Observations {
		if o.Kind != indicators.Baseline {
			known[o.Subject] = true
		}
	}
	targets := map[indicators.Code]indicators.Target{}
	strict := map[indicators.Code]bool{}
	for _, t := range p.Targets {
		targets[t.Indicator] = t
		if t.Basis != "" && t.Basis != indicators.Level {
			strict[t.Indicator] = true
		}
	}
	var city indicators.Code
	var districts []indicators.Code
	for _, a := range p.Areas {
		switch a.Level {
		case indicators.CityLevel:
			city = a.Code
		case indicators.DistrictLevel:
			districts = append(districts, a.Code)
		}
	}
	for _, i := range p.Indicators {
		t, ok := targets[i.Code]
		if known[i.Code] || !ok || !t.Value.Present() || i.Measure == indicators.Deliverable || t.Basis == indicators.ChangePct {
			continue
		}
		r := rand.New(rand.NewPCG(seedOf(string(i.Code)), 1)) //nolint:gosec // figures to look at
		if r.IntN(4) == 0 {
			continue
		}
		where := []indicators.Code{city}
		if i.Scope == indicators.EachDistrict {
			where = districts
		}
		for _, area := range where {
			reach := 0.6 + 0.6*r.Float64()
			for y := p.Plan.FirstYear; y <= last; y++ {
				if r.IntN(6) == 0 {
					continue
				}
				o := indicators.Observation{
					Subject: i.Code, Area: area, Period: indicators.YearOf(y), Value: demoValue(i, t, reach, y, p.Plan),
					Kind: indicators.Result, Published: indicators.Period{Year: y + 1, Month: 3, Day: 31},
					Source: demoSource, Confidence: "B", Note: demoSource,
				}
				if strict[i.Code] {
					o.Basis = indicators.Level
					if t.Basis == indicators.Cumulative {
						o.Basis = indicators.Cumulative
					}
				}
				p.Observations = append(p.Observations, o)
			}
		}
	}
}

func demoValue(i indicators.Indicator, t indicators.Target, reach float64, year int, plan indicators.Plan) indicators.Number {
	target := t.Value.Float()
	if target == 0 {
		target = 5 // more than none has no size of its own
	}
	part := float64(year-plan.FirstYear+1) / float64(plan.LastMilestone()-plan.FirstYear+1)
	value := target * reach * part
	switch {
	case i.Direction == indicators.Lower:
		value = target * (2 - reach*part)
	case i.Measure == indicators.Rate || i.Measure == indicators.Average:
		value = target * (0.5 + 0.5*reach*part)
	}
	digits := int32(0)
	if i.Decimals != nil {
		digits = int32(*i.Decimals) //nolint:gosec // a handful of digits
	}
	d := decimal.NewFromFloat(value).Round(digits)
	if i.Max.Present() && d.GreaterThan(i.Max.Decimal()) {
		d = i.Max.Decimal()
	}
	return indicators.NumberOf(d)
}

func seedOf(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}
