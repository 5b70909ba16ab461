package chart

import (
	"yimi/indicators"
)

func digits(n int) *int { return &n }

func observed(period, value string, more ...func(*indicators.Observation)) indicators.Observation {
	o := indicators.Observation{Subject: "x", Area: "city", Period: indicators.MustPeriod(period), Value: indicators.MustNumber(value),
		Basis: indicators.Level, Kind: indicators.Result, Published: indicators.MustPeriod("2024-01-01"), Source: "某局"}
	for _, f := range more {
		f(&o)
	}
	return o
}

func promised(milestone, comparator, value string, more ...func(*indicators.Target)) indicators.Target {
	t := indicators.Target{Indicator: "x", Milestone: indicators.Milestone(milestone), Comparator: indicators.Comparator(comparator), Value: indicators.MustNumber(value)}
	for _, f := range more {
		f(&t)
	}
	return t
}

// draft is a picture of an indicator of the city, as of late 2025.
func draft(name, unit string, measure indicators.Measure, decimals int, change ...func(*Picture)) Picture {
	p := Picture{Hue: 2, Trajectory: indicators.Trajectory{
		Plan:  indicators.Plan{BaselineYear: 2020, FirstYear: 2022, Milestones: []int{2022, 2025}, ResultsDue: "06-30"},
		AsOf:  indicators.MustPeriod("2025-11-28"),
		Basis: indicators.Level,
		Area:  indicators.Area{Code: "city", Name: "某市", NameEn: "The city"},
		Indicator: indicators.Indicator{Code: "x", Name: name, NameEn: "Measure", Unit: unit, UnitEn: unit, Measure: measure,
			Direction: indicators.Higher, Scope: indicators.City, Decimals: digits(decimals)},
	}}
	for _, f := range change {
		f(&p)
	}
	return p
}

func results(list ...indicators.Observation) func(*Picture) {
	return func(p *Picture) { p.Trajectory.Results = list }
}

func targets(list ...indicators.Target) func(*Picture) {
	return func(p *Picture) { p.Trajectory.Targets = list }
}

func baseline(period, value string) func(*Picture) {
	o := observed(period, value, func(o *indicators.Observation) { o.Kind = indicators.Baseline })
	return func(p *Picture) { p.Trajectory.Baseline = &o }
}

func path(points ...string) func(*Picture) {
	return func(p *Picture) {
		for i := 0; i+1 < len(points); i += 2 {
			p.Trajectory.Path = append(p.Trajectory.Path, indicators.PathPoint{At: indicators.MustPeriod(points[i]), Value: indicators.MustNumber(points[i+1])})
		}
	}
}

func judged(status, word, gap, attainment, needed string) func(*Picture) {
	return func(p *Picture) {
		p.Verdict = Verdict{Status: status, Word: word, Gap: indicators.MustNumber(gap), Attainment: indicators.MustNumber(attainment), Needed: indicators.MustNumber(needed)}
	}
}

// ahead is a projection from a value through points of a year, a value, a low
// and a high.
func ahead(period, value string, points ...[4]string) func(*Picture) {
	p := &indicators.Projection{From: indicators.Figure{Period: indicators.MustPeriod(period), Value: indicators.MustNumber(value)}, Values: 3}
	for _, at := range points {
		p.Points = append(p.Points, indicators.ProjectedPoint{At: indicators.MustPeriod(at[0]), Value: indicators.MustNumber(at[1]),
			Low: indicators.MustNumber(at[2]), High: indicators.MustNumber(at[3])})
	}
	return func(to *Picture) { to.Projection = p }
}

func hued(n int) func(*Picture) { return func(p *Picture) { p.Hue = n } }

func lower(p *Picture) { p.Trajectory.Indicator.Direction = indicators.Lower }

func earlier(list ...indicators.Observation) func(*Picture) {
	return func(p *Picture) { p.Trajectory.Earlier = list }
}

func quality(q indicators.Quality) func(*indicators.Observation) {
	return func(o *indicators.Observation) { o.Quality = q }
}

func bounded(b indicators.Bound) func(*indicators.Observation) {
	return func(o *indicators.Observation) { o.Bound = b }
}

func based(b indicators.Basis) func(*indicators.Observation) {
	return func(o *indicators.Observation) { o.Basis = b }
}

// pictures are one of each situation that a chart must bear.
func pictures() map[string]Picture {
	places := []func(*Picture){baseline("2020", "1.36"), targets(promised("2025", "ge", "6")), path("2020", "1.36", "2025", "6")}
	with := func(more ...func(*Picture)) []func(*Picture) {
		return append(append([]func(*Picture){}, places...), more...)
	}
	return map[string]Picture{
		"projected": draft("普惠性幼儿园覆盖率", "%", indicators.Rate, 2, baseline("2020", "82.3"), targets(promised("2025", "ge", "85")),
			results(observed("2021", "85.2"), observed("2022", "88.4"), observed("2023", "90.64")), path("2020", "82.3", "2025", "85"),
			ahead("2023", "90.64", [4]string{"2024", "93.41", "92.88", "93.84"}, [4]string{"2025", "96.18", "95.12", "97.04"})),
		"projected from within": draft("监测站", "个", indicators.Stock, 0, hued(3), targets(promised("2025", "ge", "120")),
			results(observed("2021", "30"), observed("2022", "55"), observed("2023", "60"), observed("2024-06", "66")),
			ahead("2023", "60", [4]string{"2024", "75", "65", "85"}, [4]string{"2025", "90", "70", "110"})),
		"projected amounts": draft("科学活动", "场", indicators.Flow, 0, hued(5), targets(promised("2025", "ge", "400")),
			results(observed("2021", "310"), observed("2022", "352"), observed("2023", "388")),
			ahead("2023", "388", [4]string{"2024", "427", "424", "430"}, [4]string{"2025", "466", "460", "472"})),
		"projected totals": draft("科学活动累计", "场", indicators.Flow, 0, hued(1), func(p *Picture) {
			p.Trajectory.Basis = indicators.Cumulative
			p.Trajectory.Other = []indicators.Observation{observed("2022", "400", based(indicators.Added)), observed("2023", "380", based(indicators.Added))}
		}, targets(promised("2025", "ge", "1600", func(t *indicators.Target) { t.Basis = indicators.Cumulative })),
			results(observed("2021", "10", based(indicators.Cumulative)), observed("2022", "400", based(indicators.Cumulative)), observed("2023", "780", based(indicators.Cumulative))),
			ahead("2023", "780", [4]string{"2024", "1165", "1160", "1170"}, [4]string{"2025", "1550", "1540", "1560"})),
		"places": draft("每千人口托位数", "个", indicators.Rate, 2, with(results(observed("2022-07", "2.12"), observed("2023-04", "2.49")),
			judged("off_track", "滞后", "3.51", "24.4", "1.31"))...),
		"one point": draft("每千人口托位数", "个", indicators.Rate, 2, with(results(observed("2022-07", "2.12")))...),
		"parks": draft("友好公园", "个", indicators.Stock, 0, hued(4), targets(promised("2022", "ge", "5"), promised("2025", "ge", "20")),
			results(observed("2024-06", "22")), judged("met_early", "提前达标", "", "100", "")),
		"libraries": draft("友好图书馆", "个", indicators.Stock, 0, hued(4), targets(promised("2022", "ge", "16"), promised("2025", "ge", "50")),
			judged("no_data", "暂无数据", "", "", "")),
		"toilets": draft("卫生间适儿化改造", "%", indicators.Rate, 2, hued(4), targets(promised("2025", "ge", "100")), func(p *Picture) {
			p.Trajectory.Indicator.Max, p.Trajectory.Indicator.Per = indicators.MustNumber("100"), indicators.MustNumber("100")
		}, judged("no_data", "暂无数据", "", "", "")),
		"myopia": draft("儿童近视检出率", "%", indicators.Rate, 2, lower, baseline("2020", "58.78"), targets(promised("2025", "le", "55")),
			path("2020", "58.78", "2025", "55"), results(observed("2022", "58.1"), observed("2023", "57.4"), observed("2024", "57")),
			judged("off_track", "滞后", "2", "47.1", "-2")),
		"myopia unreported": draft("儿童近视检出率", "%", indicators.Rate, 2, lower, baseline("2020", "58.78"), targets(promised("2025", "le", "55"))),
		"football": draft("每万人足球场", "块", indicators.Rate, 2, hued(4), targets(promised("2025", "ge", "0.8", func(t *indicators.Target) { t.Upper = indicators.MustNumber("1") })),
			results(observed("2023", "0.62"))),
		"football unreported": draft("每万人足球场", "块", indicators.Rate, 2, hued(4),
			targets(promised("2025", "ge", "0.8", func(t *indicators.Target) { t.Upper = indicators.MustNumber("1") }))),
		"beyond": draft("友好公园", "个", indicators.Stock, 0, hued(4), targets(promised("2022", "ge", "5")), results(observed("2024-06", "22"))),
		"big": draft("义务教育巩固率", "%", indicators.Rate, 2, baseline("2020", "112.01"), targets(promised("every", "ge", "100")),
			results(observed("2022", "111.2"), observed("2023", "110.5"))),
		"near": draft("公办园在园幼儿占比", "%", indicators.Rate, 2, targets(promised("2022", "ge", "46"), promised("2025", "ge", "50")), results(observed("2024", "47.38")),
			judged("in_progress", "推进中", "2.62", "94.76", "2.62")),
		"gapped": draft("普惠性幼儿园覆盖率", "%", indicators.Rate, 2, baseline("2020", "82.3"), targets(promised("2025", "ge", "85")),
			results(observed("2021", "85.2"), observed("2023", "88.4"), observed("2024", "90.64"))),
		"corrected": draft("儿童文化活动基地", "个", indicators.Stock, 0, targets(promised("2025", "ge", "1500")), hued(5),
			results(observed("2022", "640"), observed("2023", "1010"), observed("2024", "1356")),
			earlier(observed("2024", "1120"))),
		"marks": draft("监测站", "个", indicators.Stock, 0, hued(3), targets(promised("2022", "ge", "40"), promised("2025", "ge", "120")),
			results(observed("2021", "30"), observed("2022", "55", bounded("ge")), observed("2023", "60", quality(indicators.Break)), observed("2024", "84", quality(indicators.Provisional)))),
		"amounts": draft("科学活动", "场", indicators.Flow, 0, hued(5), targets(promised("2022", "ge", "300"), promised("2025", "ge", "400")),
			results(observed("2022", "310"), observed("2023", "352"), observed("2024", "388"))),
		"totals": draft("科学活动累计", "场", indicators.Flow, 0, hued(1), func(p *Picture) {
			p.Trajectory.Basis = indicators.Cumulative
			p.Trajectory.Other = []indicators.Observation{observed("2022", "400", based(indicators.Added)), observed("2023", "380", based(indicators.Added))}
		}, targets(promised("2025", "ge", "1600", func(t *indicators.Target) { t.Basis = indicators.Cumulative })), path("2021", "0", "2025", "1600"),
			results(observed("2022", "400", based(indicators.Cumulative)), observed("2023", "780", based(indicators.Cumulative)))),
		"totals unreported": draft("科学活动累计", "场", indicators.Flow, 0, hued(1), func(p *Picture) { p.Trajectory.Basis = indicators.Cumulative },
			targets(promised("2025", "ge", "1600", func(t *indicators.Target) { t.Basis = indicators.Cumulative }))),
		"change": draft("儿童伤害死亡率", "‰", indicators.Rate, 2, lower, func(p *Picture) { p.Trajectory.Basis = indicators.ChangePct },
			targets(promised("2025", "le", "-20", func(t *indicators.Target) { t.Basis = indicators.ChangePct })), path("2020", "0", "2025", "-20"),
			results(observed("2022", "-5.5", based(indicators.ChangePct)), observed("2023", "-8", based(indicators.ChangePct)))),
		"districts": draft("友好街区，每个区 5 个", "个", indicators.Stock, 0, hued(4), targets(promised("2025", "ge", "5")), func(p *Picture) {
			p.Units = &Units{Met: 11, Short: 2, Total: 16}
		}, judged("at_risk", "偏慢", "5", "68.75", "")),
		"districts unreported": draft("友好街区", "个", indicators.Stock, 0, hued(4), targets(promised("2025", "ge", "5")), func(p *Picture) { p.Units = &Units{Total: 16} }),
		"done": draft("家庭教育促进条例", "", indicators.Deliverable, 0, hued(1), targets(promised("", "eq", "1", func(t *indicators.Target) { t.Due = indicators.MustPeriod("2022-12-31") })),
			results(observed("2022-10-01", "1"))),
		"undone":      draft("科技馆新馆", "", indicators.Deliverable, 0, hued(4), targets(promised("2025", "eq", "1"))),
		"zero target": draft("儿童溺水死亡", "人", indicators.Stock, 0, lower, targets(promised("2025", "le", "0")), results(observed("2022", "3"), observed("2023", "1"))),
		"no target":   draft("儿童人口", "人", indicators.Stock, 0, results(observed("2022", "2380000"), observed("2023", "2410000"))),
		"nothing":     draft("空", "个", indicators.Stock, 0),
		"large": draft("受益儿童", "人", indicators.Stock, 0, targets(promised("2022", "ge", "9000000"), promised("2025", "ge", "13086000")), hued(3),
			results(observed("2022", "8800000"), observed("2023", "9912000"), observed("2024", "12617000"))),
		"hold": draft("保持", "%", indicators.Rate, 1, baseline("2020", "42"), targets(promised("every", "hold", "")), results(observed("2022", "42.5"))),
		"hostile": draft(`</script><img src=x onerror=alert(1)>"'&`, `个<b>`, indicators.Stock, 0, targets(promised("2025", "ge", "5")),
			results(observed("2022", "3", func(o *indicators.Observation) { o.Source = `</script><script>alert(1)</script>` }))),
	}
}
