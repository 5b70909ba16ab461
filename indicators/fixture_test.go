package indicators

import (
	"fmt"
	"strings"
	"testing"
)

// districts are the 16 districts and zones of the plan's city.
var districts = []Code{
	"zhongyuan", "erqi", "guancheng", "jinshui", "shangjie", "huiji", "zhongmu", "gongyi", "xingyang", "xinmi",
	"xinzheng", "dengfeng", "jingkai", "gaoxin", "zhengdong", "hangkong",
}

// promise is an indicator and its targets in one line each:
// "milestone comparator value [upper] [+basis] [base=year] [due=…]".
type promise struct {
	code    Code
	task    Label
	measure Measure
	better  Direction
	set     func(*Indicator)
	targets []string
	clause  string
}

func scope(s Scope) func(*Indicator)    { return func(i *Indicator) { i.Scope = s } }
func rollup(r Rollup) func(*Indicator)  { return func(i *Indicator) { i.Rollup = r } }
func newCount(i *Indicator)             { i.NewCount = true }
func per(n string) func(*Indicator)     { return func(i *Indicator) { i.Per = MustNumber(n) } }
func leads(cs ...Code) func(*Indicator) { return func(i *Indicator) { i.Leads = cs } }
func all(fs ...func(*Indicator)) func(*Indicator) {
	return func(i *Indicator) {
		for _, f := range fs {
			f(i)
		}
	}
}

// promises are the plan's own rows that the tests judge.
var promises = []promise{
	{"libraries", "31", Stock, Higher, leads("culture"), []string{"2022 ge 16", "2025 ge 50"}, "四(四)31"},
	{"activities", "17", Flow, Higher, leads("education", "science"), []string{"2022 ge 400", "2025 ge 1600 +cumulative base=2022"}, "四(二)17"},
	{"social-workers", "6", Stock, Higher, leads("office"), []string{"2022 ge 200 +added", "2025 ge 2500"}, "四(一)6"},
	{"schools", "10", Flow, Higher, nil, []string{"2022 ge 28", "2025 ge 150 +cumulative base=2021"}, "四(二)10"},
	{"childcare", "9", Rate, Higher, func(i *Indicator) {
		two := 2
		i.NumeratorSeries, i.DenominatorSeries, i.Per, i.Decimals = "places", "residents", MustNumber("1000"), &two
	}, []string{"2025 ge 6"}, "四(二)9"},
	{"myopia", "13", Rate, Lower, nil, []string{"2025 le 55"}, "四(二)13"},
	{"mortality", "12", Rate, Lower, nil, []string{"2025 le 4"}, "四(二)12"},
	{"slow-traffic", "25", Rate, Higher, nil, []string{"2025 about 55"}, "四(四)25"},
	{"football", "36", Rate, Higher, nil, []string{"2025 ge 0.8 1"}, "四(四)36"},
	{"seminars", "8", Flow, Higher, nil, []string{"2022 ge 1 2"}, "四(一)8"},
	{"injury", "45", Rate, Lower, nil, []string{"2025 le -20 +change_pct base=2020"}, "四(五)45"},
	{"regulation", "38", Deliverable, Higher, nil, []string{"2022 ge 1 due=2022-12-31"}, "附件2-13"},
	{"child-plan", "13", Deliverable, Higher, nil, []string{"2022 ge 1 due=2022-06"}, "附件2-11"},
	{"guidelines", "57", Deliverable, Higher, nil, []string{"2025 ge 1"}, "附件2-19"},
	{"application", "1", Deliverable, Higher, nil, []string{"2022 ge 1 due=2022-02"}, "附件1"},
	{"blocks", "28", Stock, Higher, scope(EachDistrict), []string{"2022 ge 1", "2025 ge 5"}, "四(四)28"},
	{"vaccination", "14", Rate, Higher, all(scope(EachTownship), rollup(Ratio)), []string{"2025 ge 95"}, "四(二)14"},
	{"retention", "10", Rate, Higher, nil, []string{"every ge 100"}, "四(二)10"},
	{"caries", "13", Rate, Lower, nil, []string{"every le 25"}, "四(二)13"},
	{"sleep", "13", Average, Higher, nil, []string{"every ge 10"}, "四(二)13"},
	{"seats", "10", Stock, Higher, nil, []string{"2022 ge 49000 +added"}, "四(二)10"},
	{"inclusive", "10", Rate, Higher, nil, []string{"2025 ge 85"}, "四(二)10"},
	{"public-share", "10", Rate, Higher, nil, []string{"2025 ge 50"}, "四(二)10"},
	{"legal-bases", "55", Stock, Higher, nil, []string{"2022 ge 5"}, "四(五)55"},
	{"hospitals", "16", Stock, Higher, newCount, []string{"2025 ge 10"}, "四(二)16"},
	{"toilets", "24", Rate, Higher, all(rollup(Ratio), per("100")), []string{"2025 ge 100"}, "四(四)24"},
	{"stations", "23", Stock, Higher, rollup(Sum), []string{"2022 ge 60", "2025 ge 80"}, "四(三)23"},
	{"care", "23", Flow, Higher, nil, []string{"2022 ge 100"}, "四(三)23"},
	{"subsidy", "22", Average, Higher, nil, []string{"2025 ge 25000"}, "四(三)22"},
	{"safe-schools", "47", Rate, Higher, nil, []string{"every ge 100"}, "四(五)47"},
	{"lectures", "40", Flow, Higher, nil, []string{"every ge 100"}, "四(五)40"},
	{"stable", "13", Rate, Lower, nil, []string{"2025 hold"}, "四(二)13"},
	{"growth", "13", Rate, Lower, nil, []string{"2025 lt 1"}, "四(二)13"},
	{"accidents", "49", Flow, Lower, nil, []string{"2025 le 100"}, "四(五)49"},
	{"spending", "", Flow, Lower, nil, []string{"2025 le 1000 +cumulative base=2022"}, "五(一)3"},
	{"band", "", Rate, Within, nil, []string{"2025 between 40 60"}, "六(四)"},
	{"trainees", "19", Flow, Higher, rollup(Sum), []string{"2022 ge 260", "2025 ge 1040 +cumulative base=2022"}, "四(二)19"},
	{"each-flow", "28", Flow, Higher, scope(EachDistrict), []string{"every ge 2"}, "四(四)28"},
	{"shown", "13", Rate, NoDirection, nil, []string{"2025 ge 1"}, "四(二)13"},
}

// zhengzhou is the library of promises.
func zhengzhou(t testing.TB) *Library {
	t.Helper()
	p := &Package{
		Plan: Plan{
			Code: "zhengzhou-2022", Issued: MustPeriod("2022-04-12"), BaselineYear: 2020, FirstYear: 2022,
			Milestones: []int{2022, 2025}, ResultsDue: "06-30", TimeZone: "Asia/Shanghai",
		},
		Domains: []Domain{{Code: "policy"}, {Code: "service"}, {Code: "rights"}, {Code: "space"}, {Code: "environment"}},
		Areas:   []Area{{Code: "city", Level: CityLevel}},
		Organisations: []Organisation{
			{Code: "office", Kind: "office"}, {Code: "education", Kind: "government"}, {Code: "science", Kind: "government"},
			{Code: "culture", Kind: "government"}, {Code: "all-districts", Kind: Collective, Members: Codes(districts)},
		},
		Series: []Series{{Code: "places"}, {Code: "residents"}},
	}
	for _, d := range districts {
		p.Areas = append(p.Areas, Area{Code: d, Level: DistrictLevel, Parent: "city"})
	}
	for n := range 57 {
		domain := "policy"
		switch {
		case n >= 37:
			domain = "environment"
		case n >= 23:
			domain = "space"
		case n >= 19:
			domain = "rights"
		case n >= 8:
			domain = "service"
		}
		p.Tasks = append(p.Tasks, Task{Number: Label(fmt.Sprint(n + 1)), Domain: Code(domain)})
	}
	for _, row := range promises {
		i := Indicator{Code: row.code, Task: row.task, Measure: row.measure, Direction: row.better, Scope: City, Clause: row.clause, Unit: "个"}
		if row.set != nil {
			row.set(&i)
		}
		p.Indicators = append(p.Indicators, i)
		for _, line := range row.targets {
			p.Targets = append(p.Targets, mustTarget(t, row.code, line, row.clause))
		}
	}
	return NewLibrary(p)
}

func mustTarget(t testing.TB, ind Code, line, clause string) Target {
	t.Helper()
	fields := strings.Fields(line)
	out := Target{Indicator: ind, Milestone: Milestone(fields[0]), Comparator: Comparator(fields[1]), Clause: clause}
	if fields[0] == "-" {
		out.Milestone = ""
	}
	for _, f := range fields[2:] {
		key, value, named := strings.Cut(f, "=")
		switch {
		case f[0] == '+':
			out.Basis = Basis(f[1:])
		case named && key == "base":
			y := MustPeriod(value).Year
			out.BaseYear = &y
		case named && key == "due":
			out.Due = MustPeriod(value)
		case named && key == "from":
			out.From = MustPeriod(value)
		case named && key == "until":
			out.Until = MustPeriod(value)
		case !out.Value.Present():
			out.Value = MustNumber(f)
		default:
			out.Upper = MustNumber(f)
		}
	}
	return out
}

// mustObservations reads "subject period value|answer [@area] [+basis]
// [key=value …]"; a figure is published at its period's end unless pub= says
// otherwise. A line "*area subject …" is said of every area in turn.
func mustObservations(t testing.TB, lines ...string) []Observation {
	t.Helper()
	var out []Observation
	for _, line := range lines {
		if line == "" {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 3 {
			t.Fatalf("observation %q is too short", line)
		}
		o := Observation{Subject: Code(fields[0]), Area: "city", Period: MustPeriod(fields[1]), Kind: Result}
		o.Published = o.Period.End()
		if n, err := ParseNumber(fields[2]); err == nil {
			o.Value = n
		} else if fields[2] != "-" {
			o.Answer = Answer(fields[2])
		}
		var areas []Code
		for _, f := range fields[3:] {
			key, value, _ := strings.Cut(f, "=")
			switch {
			case f[0] == '@':
				for _, a := range strings.Split(f[1:], ",") {
					areas = append(areas, Code(a))
				}
			case f[0] == '+':
				o.Basis = Basis(f[1:])
			case key == "pub":
				o.Published = MustPeriod(value)
			case key == "q":
				o.Quality = Quality(value)
			case key == "kind":
				o.Kind = ObservationKind(value)
			case key == "bound":
				o.Bound = Bound(value)
			case key == "vintage":
				o.Vintage = value
			case key == "of":
				n, d, _ := strings.Cut(value, "/")
				o.Numerator, o.Denominator = MustNumber(n), MustNumber(d)
			default:
				t.Fatalf("observation %q: what is %q?", line, f)
			}
		}
		if len(areas) == 0 {
			areas = []Code{"city"}
		}
		for _, a := range areas {
			o.Area = a
			out = append(out, o)
		}
	}
	return out
}

// at lists the first n districts as "@a,b,c".
func at(n int) string { return "@" + joined(districts[:n]) }

func joined(cs []Code) string {
	s := make([]string, len(cs))
	for i, c := range cs {
		s[i] = string(c)
	}
	return strings.Join(s, ",")
}

// mustAssess assesses the target of an indicator at a milestone.
func mustAssess(t testing.TB, l *Library, ind, area Code, milestone int, asOf string, obs []Observation) Assessment {
	t.Helper()
	k := Know(l, obs, MustPeriod(asOf), nil)
	for _, target := range l.TargetsOf(ind) {
		y, dated := target.Milestone.Year()
		if dated && y != milestone {
			continue
		}
		a, ok := k.Assess(l.Indicator(ind), area, &target, milestone)
		if ok {
			return a
		}
	}
	t.Fatalf("%s has no target in %s at %d on %s", ind, area, milestone, asOf)
	return Assessment{}
}

// brief prints a number for comparison: at most six digits after the point.
func brief(n Number) string {
	if !n.Present() {
		return "-"
	}
	return trim(n.Decimal().Round(6)).String()
}
