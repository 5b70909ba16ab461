package indicators

import (
	"slices"
	"strings"
	"testing"
)

// A total that would tell the one figure that is suppressed is suppressed too.
func TestTotalsThatWouldTellAreSuppressed(t *testing.T) {
	l := zhengzhou(t)
	for _, c := range []struct {
		name string
		obs  []string
		told string // the city's numbers that may be shown, by period and basis
	}{
		{"one suppressed, all others known", []string{"libraries 2024 4 " + at(15), "libraries 2024 suppressed @hangkong", "libraries 2024 67"}, ""},
		{"in another basis", []string{"libraries 2024 4 " + at(15), "libraries 2024 suppressed @hangkong", "libraries 2024 7 +added"}, ""},
		{"by its December", []string{"libraries 2024-12 4 " + at(15), "libraries 2024 suppressed @hangkong", "libraries 2024 67"}, ""},
		{"within a year", []string{"libraries 2024-06 4 " + at(15), "libraries 2024-06 suppressed @hangkong", "libraries 2024-06 67"}, ""},
		{"another month tells nothing", []string{"libraries 2024-06 4 " + at(15), "libraries 2024-06 suppressed @hangkong", "libraries 2024-09 67"}, "2024-09"},
		{"the increase of the year after, beside its level", []string{"libraries 2024 4 " + at(15), "libraries 2024 suppressed @hangkong", "libraries 2025 70", "libraries 2025 3 +added"}, "2025"},
		{"the increase alone tells nothing", []string{"libraries 2024 4 " + at(15), "libraries 2024 suppressed @hangkong", "libraries 2025 3 +added"}, "2025+added"},
		{"two suppressed", []string{"libraries 2024 4 " + at(14), "libraries 2024 suppressed @zhengdong,hangkong", "libraries 2024 67"}, "2024"},
		{"one silent", []string{"libraries 2024 4 " + at(14), "libraries 2024 suppressed @hangkong", "libraries 2024 67"}, "2024"},
		{"one to which it does not apply", []string{"libraries 2024 4 " + at(14), "libraries 2024 not_applicable @zhengdong", "libraries 2024 suppressed @hangkong", "libraries 2024 67"}, ""},
		{"the rate of a series", []string{"places 2024 4 " + at(15), "places 2024 suppressed @hangkong", "places 2024 67", "childcare 2024 5"}, ""},
		{"an earlier edition", []string{"libraries 2024 4 " + at(15), "libraries 2024 suppressed @hangkong", "libraries 2024 66 pub=2025-01-10", "libraries 2024 67 pub=2025-02-10"}, ""},
		{"units that meet", []string{"blocks 2022 1 " + at(15), "blocks 2022 suppressed @hangkong", "blocks 2022 15 of=15/16"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			obs := mustObservations(t, c.obs...)
			var told []string
			for _, o := range Know(l, obs, MustPeriod("2026-12-01"), nil).Filter(obs) {
				if o.Area != "city" {
					continue
				}
				if o.Value.Present() || o.Numerator.Present() || o.Denominator.Present() {
					s := o.Period.String()
					if o.Basis != "" {
						s += "+" + string(o.Basis)
					}
					told = append(told, s)
				} else if o.Answer != Suppressed {
					t.Errorf("%s is neither told nor suppressed", o.Period)
				}
			}
			slices.Sort(told)
			if got := strings.Join(told, " "); got != c.told {
				t.Errorf("told are %q, want %q", got, c.told)
			}
		})
	}
}

// A district's number that is suppressed later is told no more, also as an
// earlier edition, nor by what a release changed.
func TestWhatIsSuppressedLaterIsNotTold(t *testing.T) {
	l := zhengzhou(t)
	before := mustObservations(t, "libraries 2024 4 "+at(15), "libraries 2024 3 @hangkong pub=2025-01-10", "libraries 2024 67 pub=2025-01-10")
	after := append(slices.Clone(before), mustObservations(t, "libraries 2024 suppressed @hangkong pub=2025-02-10", "libraries 2024 68 pub=2025-02-10")...)
	for _, o := range Know(l, after, MustPeriod("2026-12-01"), nil).Filter(after) {
		if (o.Area == "hangkong" || o.Area == "city") && o.Value.Present() {
			t.Errorf("%s of %s tells %s", o.Published, o.Area, o.Value)
		}
	}
	for _, c := range Differences(l, before, after) {
		if c.New.Value.Present() || c.Old.Value.Present() {
			t.Errorf("the difference tells %s, %s of %s", c.Old.Value, c.New.Value, c.Area)
		}
	}
	early := Know(l, after, MustPeriod("2025-01-20"), nil).Filter(after)
	if !slices.ContainsFunc(early, func(o Observation) bool { return o.Area == "city" && o.Value.String() == "67" }) {
		t.Error("an earlier day does not know what was told then")
	}
}

// The edition that stands on a page is the one that is judged.
func TestTheEditionThatStandsIsTheOneThatIsJudged(t *testing.T) {
	l := zhengzhou(t)
	for _, c := range []struct{ ind, first, second, stands string }{
		{"care", "care 2022 120 pub=2023-02-01", "care 2022 90 pub=2023-12-31", "90"},
		{"libraries", "libraries 2022 16", "libraries 2022 15 +level pub=2023-05-01", "15"},
		{"activities", "activities 2022 400", "activities 2022 390 +added pub=2023-05-01", "390"},
		{"libraries", "libraries 2022 15.5 kind=derived pub=2023-08-01", "libraries 2022 16", "16"},
	} {
		obs := mustObservations(t, c.first, c.second)
		for range 2 {
			var stands []string
			for _, o := range Standing(l, obs) {
				stands = append(stands, o.Value.String())
			}
			a := mustAssess(t, l, Code(c.ind), "city", 2022, "2024-01-01", obs)
			if len(stands) != 1 || stands[0] != c.stands || a.Value == nil || a.Value.Value.String() != c.stands {
				t.Errorf("%s, %s: %v stands, %v is judged, want %s", c.first, c.second, stands, a.Value, c.stands)
			}
			slices.Reverse(obs)
		}
	}
}

// A figure corrected on the day of its publication stands as corrected,
// whichever way it went, and the first is told as corrected.
func TestACorrectionOnTheSameDayStands(t *testing.T) {
	l := zhengzhou(t)
	for _, second := range []string{"14", "17", "160"} {
		obs := mustObservations(t, "libraries 2022 16 pub=2023-02-01", "libraries 2022 "+second+" pub=2023-02-01")
		obs[0].Revision, obs[1].Revision = 1, 2
		for range 2 {
			k := Know(l, obs, MustPeriod("2024-01-01"), nil)
			if a := mustAssess(t, l, "libraries", "city", 2022, "2024-01-01", obs); a.Value == nil || a.Value.Value.String() != second {
				t.Errorf("of 16 and then %s %v is judged", second, a.Value)
			}
			tr := NewTrajectory(k, l.Indicator("libraries"), l.City(), obs)
			if len(tr.Results) != 1 || tr.Results[0].Value.String() != second || len(tr.Earlier) != 1 || tr.Earlier[0].Value.String() != "16" {
				t.Errorf("of 16 and then %s %v stands, %v is earlier", second, tr.Results, tr.Earlier)
			}
			slices.Reverse(obs)
		}
	}
}
