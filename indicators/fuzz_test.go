package indicators

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
)

// fuzzed reads a day and what was ever published out of bytes: two for the
// day, then nine a figure.
func fuzzed(l *Library, data []byte) ([]Observation, Period) {
	day := Period{2022, 12, 31}
	if len(data) >= 2 {
		day = Period{2022 + int(data[0])%7, 1 + int(data[1])%12, 28}
		data = data[2:]
	}
	var out []Observation
	seen := map[[6]string]bool{}
	for ; len(data) >= 9 && len(out) < 200; data = data[9:] {
		ind := &l.Indicators[int(data[0])%len(l.Indicators)]
		o := Observation{Subject: ind.Code, Area: l.Areas[int(data[1])%len(l.Areas)].Code, Kind: Result}
		o.Period = Period{2019 + int(data[2])%9, int(data[3]) % 24, 0}
		if o.Period.Month > 12 {
			o.Period.Month = 0
		}
		if ind.Measure == Deliverable && o.Period.Month > 0 {
			o.Period.Day = 1 + int(data[6])%28
		}
		if o.Period.Year <= 2020 {
			o.Kind = Baseline
		}
		if ind.NumeratorSeries != "" && data[1] >= 128 {
			o.Subject = []Code{ind.NumeratorSeries, ind.DenominatorSeries}[int(data[1])%2]
		}
		switch kind := data[4] % 16; {
		case kind < 5:
			o.Answer = Answer(Answer("").Allowed()[kind])
		case kind < 8:
			o.Bound = Bound(Bound("").Allowed()[kind-5])
		case kind == 8:
			o.Quality = Break
		case kind == 9:
			o.Numerator, o.Denominator = NumberOf(decimal.NewFromInt(int64(data[5]))), NumberOf(decimal.NewFromInt(int64(data[6])))
		case kind == 10:
			o.Kind = Derived
		}
		o.Basis = Basis(append(Basis("").Allowed(), "")[int(data[4]/16)%5])
		if o.Answer == "" {
			o.Value = NumberOf(decimal.New(int64(int16(uint16(data[5])|uint16(data[6])<<8)), -int32(data[7]%4)))
		}
		o.Published = Period{o.Period.Year + int(data[8])%4, 1 + int(data[8]/4)%12, 0}
		if data[8] == 255 {
			o.Published = Period{}
		}
		if !seen[o.key()] {
			seen[o.key()] = true
			out = append(out, o)
		}
	}
	return out, day
}

// FuzzAssess holds that no record of figures breaks an assessment: every one
// is sound, the same in any order, and its counts add up.
func FuzzAssess(f *testing.F) {
	l := zhengzhou(f)
	f.Add([]byte{4, 5})
	f.Add([]byte{4, 5, 0, 0, 3, 0, 15, 16, 0, 0, 4})
	f.Fuzz(func(t *testing.T, data []byte) {
		obs, day := fuzzed(l, data)
		k := Know(l, obs, day, nil)
		list := k.AssessPlan()
		for i := range list {
			if err := check(&list[i]); err != nil {
				t.Fatalf("%s in %s at %d: %v", list[i].Indicator.Code, list[i].Area.Code, list[i].Milestone, err)
			}
		}
		want := told(list)
		slices.Reverse(obs)
		if got := told(AssessPlan(l, obs, day, nil)); !slices.Equal(got, want) {
			t.Fatal("the order of the figures matters")
		}
		for _, m := range l.Plan.Milestones {
			n := 0
			for _, g := range Groups(l, list, ByDomain, m) {
				n += g.Targets
			}
			if plan := Groups(l, list, ByPlan, m)[0]; plan.Targets != n {
				t.Fatalf("the domains have %d targets at %d, the plan %d", n, m, plan.Targets)
			}
		}
		for i := range l.Indicators {
			ind := &l.Indicators[i]
			for j := range l.TargetsOf(ind.Code) {
				k.Project(ind, "city", &l.TargetsOf(ind.Code)[j])
				k.RequiredPath(ind, "city", &l.TargetsOf(ind.Code)[j])
			}
		}
	})
}
