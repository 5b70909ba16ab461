package indicators

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func sight(t *testing.T, l *Library, ind, area Code, year int, obs ...string) *Sight {
	t.Helper()
	s := &Sight{Library: l, Indicator: l.Indicator(ind), Area: area, Year: year, Day: MustPeriod("2024-03-01"), Observations: mustObservations(t, obs...)}
	s.See()
	return s
}

func entry(t *testing.T, words string) Input {
	t.Helper()
	e := Input{Source: "s"}
	for _, w := range strings.Fields(words) {
		field, text, _ := strings.Cut(w, "=")
		var err error
		if e, err = e.With([]Edit{{Field(field), text}}); err != nil {
			t.Fatal(err)
		}
	}
	if e.Source == "none" {
		e.Source = ""
	}
	return e
}

func TestCheck(t *testing.T) {
	l := zhengzhou(t)
	for i := range l.Indicators {
		switch ind := &l.Indicators[i]; ind.Code {
		case "toilets":
			ind.Unit, ind.Max = "%", MustNumber("100")
		case "retention":
			ind.Unit, ind.Per = "%", MustNumber("100")
		case "safe-schools":
			ind.Unit, ind.Min, ind.Max = "%", MustNumber("0"), MustNumber("100")
		}
	}
	l.Rules = []Rule{
		{Code: "within", Left: "lectures", Operator: "le", Right: "activities", Grade: ErrorGrade},
		{Code: "all", Left: "sum(stations)", Operator: "eq", Right: "hospitals + 16", Grade: WarningGrade},
	}
	past := []string{
		"stations 2022 40", "libraries 2022 12", "activities 2022 400 +cumulative", "myopia 2020 58.78 kind=baseline",
		"stations 2023 3 " + at(16), "lectures 2022 200", "hospitals 2023 30",
	}
	for _, c := range []struct {
		ind   Code
		entry string
		want  string
	}{
		{"libraries", "", "E value empty"},
		{"libraries", "value=15 source=none", "E source source_empty"},
		{"libraries", "value=二十", "E value number_words"},
		{"libraries", "value=-3", "E value negative, W value jump"},
		{"libraries", "value=12", "W value same_as_last"},
		{"libraries", "value=13", ""},
		{"libraries", "value=13.5", "W value fraction"},
		{"libraries", "value=19", "W value jump"},
		{"libraries", "value=18", ""},
		{"libraries", "value=120", "W value times_ten"},
		{"libraries", "value=12万", "W value times_ten"},
		{"libraries", "value=19 note=x", "w value jump"},
		{"libraries", "value=19 answer=none reason=x", "E answer answer_and_number, W value jump"},
		{"libraries", "answer=none", "E reason reason_empty"},
		{"libraries", "answer=none reason=x", ""},
		{"libraries", "answer=not_available reason=x", "E until until_empty"},
		{"libraries", "answer=not_available reason=x until=2024-02", "E until until_past"},
		{"libraries", "answer=not_available reason=x until=2024-09-01", ""},
		{"libraries", "answer=perhaps reason=x", "E answer answer_unknown"},
		{"libraries", "value=15 basis=change_pct", "E basis basis_unknown"},
		{"libraries", "value=15 source_url=javascript:x", "E source_url source_url_form"},
		{"activities", "value=360 basis=cumulative", "W value total_fell, W explanation misses"},
		{"retention", "value=112.01", "W value above_hundred"},
		{"retention", "numerator=812 denominator=790", "W value above_hundred"},
		{"toilets", "numerator=812 denominator=790", "E numerator part_above_whole, E value above_max, W value above_hundred"},
		{"toilets", "numerator=79 denominator=0", "E denominator denominator_zero, E value parts_without_meaning"},
		{"toilets", "numerator=79", "E denominator denominator_empty"},
		{"toilets", "denominator=79", "E numerator numerator_empty"},
		{"toilets", "value=50 numerator=1 denominator=4", "E value parts_disagree"},
		{"toilets", "value=33.3 numerator=1 denominator=3", ""},
		{"toilets", "value=50个", "E value number_unit"},
		{"safe-schools", "value=101", "E value above_max, W value above_hundred"},
		{"safe-schools", "value=-1", "E value negative, E value below_min"},
		{"myopia", "value=60", "W value worse_than_start, W explanation misses"},
		{"myopia", "value=58", "W explanation misses"},
		{"vaccination", "numerator=9 denominator=10", ""},
		{"vaccination", "numerator=11 denominator=10", "E numerator part_above_whole"},
		{"stations", "value=50", "W value districts_differ, W value across"},
		{"stations", "value=48", "W value across"},
		{"lectures", "value=190", ""},
		{"lectures", "value=210", "E value across"},
		{"regulation", "value=1", "E done done_empty"},
		{"regulation", "value=1 done=2022-09", ""},
		{"regulation", "value=1 done=2025-09", "E done done_later"},
		{"regulation", "value=1 done=2019-12-31", "E done done_before_baseline"},
		{"regulation", "value=1 done=1900-01-01", "E done done_before_baseline"},
		{"regulation", "value=1 done=2020-01", "W done done_before_plan"},
		{"regulation", "value=1 done=2020-01 note=x", "w done done_before_plan"},
		{"regulation", "value=1 done=2023-12-31", ""},
		{"regulation", "value=1 done=2024-02", "W done done_after_year"},
		{"regulation", "value=0 done=2023-06", "E done done_undone"},
		{"regulation", "answer=none reason=x done=2023-06", "E done done_undone"},
		{"libraries", "value=15 done=1900-01-01", ""},
		{"regulation", "value=0.5", "E value not_done_or_undone"},
		{"regulation", "value=0", "W explanation misses"},
		{"regulation", "value=0 explanation=x next=y", "w explanation misses"},
	} {
		s := sight(t, l, c.ind, "city", 2023, past...)
		s.Beside = map[Place]Input{{"activities", "city"}: {Value: "200", Basis: "level"}}
		var got []string
		for _, f := range s.Check(entry(t, c.entry)) {
			grade := map[Grade]string{ErrorGrade: "E", WarningGrade: "W"}[f.Grade]
			if f.Settled {
				grade = "w"
			}
			got = append(got, fmt.Sprint(grade, " ", f.Field, " ", f.Rule))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("Check(%s %s) = %q, want %q", c.ind, c.entry, strings.Join(got, ", "), c.want)
		}
	}
}

// Parts alone are a figure where they make a rate, or count the units of the
// city that meet a target; of any other figure, a district's own above all, they
// are none, and its form says so beside the number.
func TestPartsAlone(t *testing.T) {
	l := zhengzhou(t)
	scopes := map[Scope]int{}
	for i := range l.Indicators {
		for _, area := range []Code{"city", districts[0]} {
			for _, scope := range Scope("").Allowed() {
				ind := l.Indicators[i]
				if ind.Scope = Scope(scope); ind.Measure == Deliverable {
					continue
				}
				s := sight(t, l, ind.Code, area, 2023)
				s.Indicator = &ind
				e := entry(t, "numerator=3 denominator=5")
				refused := slices.ContainsFunc(s.Check(e), func(f Finding) bool {
					return f.Grade == ErrorGrade && f.Field == ValueField && f.Rule == "parts_without_meaning"
				})
				means := ind.Per.Present() || area == "city" && ind.Scope != City
				if refused == means {
					t.Errorf("parts of %s (%s) in %s: refused %t", ind.Code, scope, area, refused)
				}
				if q := l.Quantity(&ind, area, e, s.Day); q.Present() != means {
					t.Errorf("parts of %s (%s) in %s state %q", ind.Code, scope, area, q)
				}
				scopes[ind.Scope]++
			}
		}
	}
	if len(scopes) < 5 {
		t.Errorf("scopes %v", scopes)
	}
}

// A figure of a year that is public already is corrected, wherever that came
// from: the entry says why. The same number again, and a number where the public
// reads an answer, correct nothing.
func TestCheckOfAYearThatIsPublic(t *testing.T) {
	l := zhengzhou(t)
	for _, c := range []struct {
		ind           Code
		public, entry string
		now           string // the public figure of the year
		asked         bool
	}{
		{"libraries", "libraries 2022 12", "value=13", "", false},
		{"libraries", "libraries 2023 12 kind=baseline", "value=13", "", false},
		{"libraries", "libraries 2023-06 12", "value=13", "", false},
		{"libraries", "libraries 2023 12", "value=12", "12", false},
		{"libraries", "libraries 2023 12", "value=12.0", "12", false},
		{"libraries", "libraries 2023 12", "value=13", "12", true},
		{"libraries", "libraries 2023 12", "value=13 correction=x", "12", false},
		{"libraries", "libraries 2023-12 12", "value=13", "12", true},
		{"libraries", "libraries 2023 12", "answer=not_available until=2024-09-01 reason=x", "12", true},
		{"libraries", "libraries 2023 12", "", "12", false},
		{"libraries", "libraries 2023 not_available", "value=13", "", false},
		{"activities", "activities 2023 400 +cumulative", "value=13 basis=level", "400", false},
		{"activities", "activities 2023 400 +cumulative", "value=410 basis=cumulative", "400", true},
		{"childcare", "childcare 2023 2.5", "numerator=17120 denominator=12617000", "2.5", true},
		{"regulation", "regulation 2022-09 1", "value=1 done=2022-09", "1", false},
		{"regulation", "regulation 2022-09 1", "value=1 done=2022-10", "1", true},
		{"regulation", "regulation 2022-09 1", "value=0", "1", true},
		{"regulation", "regulation 2023-12 0", "value=1 done=2023-10", "0", false},
	} {
		s := sight(t, l, c.ind, "city", 2023, c.public)
		now := ""
		if o := s.Public(); o != nil {
			now = o.Value.String()
		}
		if now != c.now {
			t.Errorf("%s: the public figure of the year is %q, want %q", c.public, now, c.now)
		}
		asked := slices.ContainsFunc(s.Check(entry(t, c.entry)), func(f Finding) bool { return f.Rule == "correction_empty" })
		if asked != c.asked {
			t.Errorf("Check(%s) beside %s asks why it is corrected: %t, want %t", c.entry, c.public, asked, c.asked)
		}
	}
}

func TestObservationOfAnEntry(t *testing.T) {
	l := zhengzhou(t)
	day := MustPeriod("2024-03-01")
	for _, c := range []struct {
		ind         Code
		entry, want string
	}{
		{"libraries", "value=２.７万 note=甲，乙（丙）\u200b", "27000 basis= 2023 / 甲，乙（丙）"},
		{"activities", "value=400 basis=level", "400 basis=level 2023 / "},
		{"activities", "value=400", "400 basis=level 2023 / "},
		{"stations", "value=3 basis=added", "3 basis=added 2023 / "},
		{"childcare", "numerator=17120 denominator=12617000", " basis= 2023 17120/12617000 "},
		{"libraries", "answer=none reason=why", " basis= 2023 / why"},
		{"regulation", "value=1 done=2022-09-01", "1 basis= 2022-09-01 / "},
		{"regulation", "value=0", "0 basis= 2023-12 / "},
	} {
		e := entry(t, c.entry)
		o := l.Observation(l.Indicator(c.ind), "city", 2023, e, day)
		got := fmt.Sprintf("%s basis=%s %s %s/%s %s", o.Value, o.Basis, o.Period, o.Numerator, o.Denominator, o.Note)
		if c.ind == "activities" && c.entry == "value=400" {
			c.want = strings.Replace(c.want, "level", string(l.BasesOf(l.Indicator(c.ind), day)[0]), 1)
		}
		if got != c.want || o.Published != day || o.Kind != Result {
			t.Errorf("%s %s is published as %q, want %q", c.ind, c.entry, got, c.want)
		}
	}
}

func TestDueItems(t *testing.T) {
	l := zhengzhou(t)
	l.Organisations = append(l.Organisations, Organisation{Code: "gone", Kind: "government", Successor: "education"})
	for _, d := range districts {
		l.Organisations = append(l.Organisations, Organisation{Code: d + "-government", Kind: District, Area: d})
	}
	for i := range l.Indicators {
		switch ind := &l.Indicators[i]; ind.Code {
		case "stations":
			ind.Leads = Codes{"all-districts", "gone"}
		case "seats":
			ind.Reporter = "science"
		}
	}
	l = NewLibrary(&Package{Plan: l.Plan, Areas: l.Areas, Organisations: l.Organisations, Indicators: l.Indicators, Targets: l.Targets})
	k := Know(l, mustObservations(t, "regulation 2022-10 1", "child-plan 2022-12 0"), MustPeriod("2024-03-01"), nil)
	items := DueItems(l, 2023, k)
	by := map[Code][]Due{}
	for _, d := range items {
		by[d.Indicator] = append(by[d.Indicator], d)
	}
	for code, want := range map[Code]Code{"libraries": "culture", "stations": "education", "seats": "science", "myopia": "office", "child-plan": "office", "vaccination": "office"} {
		if got := by[code]; len(got) != 1 || got[0].Organisation != want || got[0].Area != "city" {
			t.Errorf("%s is due as %v, want from %s", code, got, want)
		}
	}
	if len(by["blocks"]) != 16 || by["blocks"][3].Organisation != districts[3]+"-government" || len(by["regulation"]) != 0 {
		t.Errorf("blocks are due as %v, the regulation as %v", by["blocks"], by["regulation"])
	}
}

func TestRoundDays(t *testing.T) {
	l := zhengzhou(t)
	good := Round{Year: 2023, Due: MustPeriod("2024-03-31"), OnTime: MustPeriod("2024-04-05"), Locked: MustPeriod("2024-05-01")}
	if err := good.Check(l.Plan); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*Round){
		"round_year":  func(r *Round) { r.Year = 2019 },
		"round_days":  func(r *Round) { r.Locked = r.OnTime },
		"round_early": func(r *Round) { r.Due = MustPeriod("2022-03-31") },
	} {
		r := good
		spoil(&r)
		if err := r.Check(l.Plan); whatOf(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	day := func(s string) Period { return MustPeriod(s) }
	duties := []Duty{
		{ID: 1, Organisation: "a"}, {ID: 2, Organisation: "a", State: Draft, Until: day("2024-04-20")},
		{ID: 3, Organisation: "a", State: Submitted}, {ID: 4, Organisation: "b", State: Returned}, {ID: 5, Organisation: "b", State: Published},
	}
	want := []Progress{{Organisation: "a", Due: 3, NotBegun: 1, Entered: 1, Submitted: 1, Late: 1}, {Organisation: "b", Due: 2, Returned: 1, Approved: 1, Late: 1}}
	if got := ProgressOf(good, duties, day("2024-04-10")); !slices.Equal(got, want) {
		t.Errorf("ProgressOf = %+v, want %+v", got, want)
	}
	var got []string
	for _, d := range []string{"2024-03-10", "2024-03-20", "2024-03-31", "2024-04-10"} {
		for _, r := range Reminders(good, duties, day(d)) {
			got = append(got, fmt.Sprint(d[5:], " ", r.Organisation, " ", r.Step, " ", r.Days, " ", len(r.Duties)))
		}
	}
	if s := strings.Join(got, ", "); s != "03-20 a near 11 1, 03-20 b near 11 1, 03-31 a due 0 1, 03-31 b due 0 1, 04-10 a overdue 10 1, 04-10 b overdue 10 1, 04-10 a near 10 1" {
		t.Errorf("Reminders: %s", s)
	}
	sent := func(day, until string) Revision {
		d, err := ParsePeriod(until)
		if err != nil {
			t.Fatal(err)
		}
		return Revision{Duty: Duty{Until: d}, Submitted: MustPeriod(day).Time()}
	}
	if !good.Timely(sent("2024-04-05", ""), l.Plan) || good.Timely(sent("2024-04-06", ""), l.Plan) ||
		!good.Timely(sent("2024-04-06", "2024-04-20"), l.Plan) || good.Timely(Revision{}, l.Plan) {
		t.Error("what was sent in time is told otherwise")
	}
	for _, c := range []struct {
		d    Duty
		on   string
		open bool
	}{{Duty{}, "2024-04-30", true}, {Duty{}, "2024-05-01", false}, {Duty{Until: day("2024-05-03")}, "2024-05-03", true}, {Duty{Until: day("2024-05-03")}, "2024-05-04", false}} {
		if got := good.OpenOn(c.d, day(c.on)); got != c.open {
			t.Errorf("open on %s until %s: %v", c.on, c.d.Until, got)
		}
	}
}

func TestDifferences(t *testing.T) {
	l := zhengzhou(t)
	before := mustObservations(t, "libraries 2022 12", "stations 2022 40", "myopia 2022 57")
	after := mustObservations(t, "libraries 2022 12", "libraries 2022 13 pub=2024-01-01", "stations 2022 40 pub=2024-02-02", "seats 2023 5")
	var got []string
	for _, c := range Differences(l, before, after) {
		side := func(o *Observation) string {
			if o == nil {
				return "-"
			}
			return o.Value.String()
		}
		got = append(got, fmt.Sprint(c.Subject, " ", side(c.Old), ">", side(c.New)))
	}
	if s := strings.Join(got, ", "); s != "libraries 12>13, myopia 57>-, seats ->5" {
		t.Errorf("Differences: %s", s)
	}
	day := MustPeriod("2024-03-01")
	flips := Effects(Know(l, before, day, nil).AssessPlan(), Know(l, mustObservations(t, "libraries 2022 16", "stations 2022 40", "myopia 2022 57"), day, nil).AssessPlan())
	if len(flips) == 0 || flips[0].Indicator != "libraries" || flips[0].Before != Missed || flips[0].After != Met {
		t.Errorf("Effects: %+v", flips)
	}
	for _, f := range flips {
		if f.Indicator != "libraries" {
			t.Errorf("%s flips by another's figure", f.Indicator)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("libraries", "15", "", "", "", "")
	f.Add("toilets", "", "812", "790", "", "")
	f.Add("regulation", "1", "", "", "2022-09", "")
	f.Fuzz(func(t *testing.T, code, value, num, den, done, answer string) {
		l := zhengzhou(t)
		ind := l.Indicator(Code(code))
		if ind == nil {
			return
		}
		s := sight(t, l, ind.Code, "city", 2023, "libraries 2022 12", "toilets 2022 40")
		e := Input{Value: value, Numerator: num, Denominator: den, Done: done, Answer: answer, Source: "s", Reason: "r"}
		if found := s.Check(e); !HasErrors(found) {
			o := l.Observation(ind, "city", 2023, e, s.Day)
			if o.Period.IsZero() || !o.Value.Present() && (!o.Numerator.Present() || !o.Denominator.Present()) && o.Answer == "" {
				t.Fatalf("%+v passes and publishes %+v", e, o)
			}
		}
	})
}
