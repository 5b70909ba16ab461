package indicators_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"yimi/indicators"
)

const amendedOn = "2026-03-01"

// mustAmendment is a change of one row: its file, its key (- for a new row), the
// day, and cells as column=cell. The reason is given.
func mustAmendment(t *testing.T, p *indicators.Package, change string) indicators.Amendment {
	t.Helper()
	words := strings.Fields(change)
	f, _ := indicators.FileNamed(words[0])
	a := indicators.Amendment{File: f.Name, Key: words[1], Reason: "修编", Cells: make([]string, len(f.Columns))}
	if words[1] == "-" {
		a.Key = ""
	} else if a.Was = indicators.NewLibrary(p).Cells(f.Name, a.Key); a.Was != nil {
		a.Cells = slices.Clone(a.Was)
	}
	if words[2] != "-" {
		a.From = indicators.MustPeriod(words[2])
	}
	for _, pair := range words[3:] {
		name, cell, _ := strings.Cut(pair, "=")
		if name == "why" {
			a.Reason = cell
			continue
		}
		mustSet(t, f, a.Cells, name, cell)
	}
	return a
}

func TestAmendRefuses(t *testing.T) {
	tests := []struct{ change, want string }{
		{"areas.csv east 2026-03-02 name=东新区", "holds_from amend_future [2026-03-01]"},
		{"areas.csv east 2023-01-04 name=东新区", "holds_from amend_before_plan [2023-01-05]"},
		{"areas.csv east 1900-01-01 name=东新区", "holds_from amend_before_plan [2023-01-05]"},
		{"areas.csv - 2023-01-04 code=north name=北区 level=district parent=city", "holds_from amend_before_plan [2023-01-05]"},
		{"indicators.csv places 2023-01-04 name=位", "holds_from amend_before_plan [2023-01-05]"},
		{"organisations.csv health 2023-01-04 name=卫", "holds_from amend_before_plan [2023-01-05]"},
		{"areas.csv east - name=东新区", "holds_from required []"},
		{"areas.csv east 2026 name=东新区", "holds_from period_form [YYYY-MM-DD]"},
		{"areas.csv east 2026-03-01 name=东新区 why=", "change_reason required []"},
		{"areas.csv east 2026-03-01 name=东新区 why=" + strings.Repeat("长", 501), "change_reason too_long [500]"},
		{"areas.csv east 2026-03-01", " amend_nothing []"},
		{"areas.csv east 2026-03-01 name=", "name required []"},
		{"areas.csv east 2026-03-01 grid_col=1", "grid_col grid_taken [1 0]"},
		{"areas.csv - 2026-03-01 code=east name=东 level=district parent=city", "code amend_code []"},
		{"areas.csv - 2026-03-01 code=North name=北区 level=district parent=nowhere", "code code_shape []; parent unknown_area [nowhere]"},
		{"indicators.csv - 2026-03-01 code=people name=人 unit=人 measure=stock direction=higher scope=city clause=x", "code amend_code []"},
		{"indicators.csv places 2026-03-01 headline=2", "headline headline_gap []"},
		{"indicators.csv places 2026-03-01 min=95", "| observations.csv 0 value below_min [95]"},
		{"indicators.csv parks 2026-03-01 measure=deliverable", ""},
		{"organisations.csv health 2026-03-01 successor=health", "successor refers_to_itself []"},
		{"targets.csv places/2024_level 2023-01-04 value=90", "holds_from amend_early [2023-01-05]"},
		{"targets.csv places/2027_level_2026-01-01 2025-12-31 value=190", ""},
		{"targets.csv places/2027_level__2026-01-01 2025-12-31 value=190", "holds_from amend_early [2026-01-01]"},
		{"targets.csv places/2027_level 2026-03-01 value=190", "amend_ended [2025-12-31]"},
		{"targets.csv places/2024_level 2026-03-01 why=另一个理由", " amend_nothing []"},
		{"targets.csv places/2024_level 2026-03-01 value=", "value target_value []"},
		{"targets.csv places/2024_level 2026-03-01 comparator=le", "comparator comparator_direction [le]"},
		{"targets.csv places/2024_level 2026-03-01 milestone=2027", "holds_from targets_overlap []"},
		{"targets.csv - 2022-12-31 indicator=places milestone=every comparator=ge value=1 clause=x", "holds_from amend_before_plan [2023-01-05]"},
	}
	for _, tt := range tests {
		p := mustPackage(t)
		before := fmt.Sprint(p)
		next, made, err := p.Amend(mustAmendment(t, p, tt.change), indicators.MustPeriod(amendedOn))
		var refused *indicators.AmendmentError
		if next != nil || made != nil || !errors.As(err, &refused) && tt.want != "" {
			t.Errorf("%s = %v, %v, want %s", tt.change, made, err, tt.want)
			continue
		}
		if fmt.Sprint(p) != before {
			t.Errorf("%s changed the package that stands", tt.change)
		}
		if refused == nil {
			continue
		}
		var got []string
		for _, x := range refused.Fields {
			got = append(got, fmt.Sprint(x.Column, " ", x.Rule, " ", x.Args))
		}
		for _, x := range refused.Others {
			got = append(got, fmt.Sprint("| ", x.File, " ", x.Row, " ", x.Column, " ", x.Rule, " ", x.Args))
			if x.Cells == nil || x.Cells[0] == "" {
				t.Errorf("%s: %v does not say which row", tt.change, x)
			}
		}
		if all := strings.Join(got, "; "); !strings.Contains(all, tt.want) {
			t.Errorf("%s is refused by %q, want %q", tt.change, all, tt.want)
		}
	}
}

func TestAmend(t *testing.T) {
	tests := []struct {
		change string
		rows   []string // of the file: those that come, in their order
	}{
		{"areas.csv east 2026-03-01 name=东新区", []string{"1: east,东新区,,,,district,city,990101,0,0"}},
		{"areas.csv - 2026-03-01 code=north name=北区 level=district parent=city", []string{"4: north,北区,,,,district,city,,,"}},
		{"organisations.csv health 2026-03-01 successor=parks", []string{"0: health,卫生局,,government,,,parks"}},
		// An indicator stands behind those of its task.
		{"indicators.csv - 2026-03-01 code=beds task=1 name=床位 unit=张 measure=stock direction=higher scope=city clause=x", []string{
			"6: beds,1,,床位,,,张,,stock,higher,,city,,,,,,,,,,,,,,,,,,x"}},
		// The old row ends the day before, and the new one stands behind it.
		{"targets.csv places/2024_level 2026-03-01 value=120", []string{
			"0: places,2024,ge,100,,,,,,,2026-02-28,,四(一)1", "1: places,2024,ge,120,,,,,,2026-03-01,,修编,四(一)1"}},
		// A target may be announced.
		{"targets.csv places/2024_level 2027-01-01 value=120", []string{
			"0: places,2024,ge,100,,,,,,,2026-12-31,,四(一)1", "1: places,2024,ge,120,,,,,,2027-01-01,,修编,四(一)1"}},
		// On the day on which it began it is corrected in its place.
		{"targets.csv places/2024_level 2023-01-05 value=120", []string{"0: places,2024,ge,120,,,,,,,,修编,四(一)1"}},
		{"targets.csv places/2027_level__2026-01-01 2026-01-01 value=170", []string{"8: places,2027,ge,170,,,,,,2026-01-01,,修编,四(一)1"}},
		{"targets.csv law/_level_2023-06 2026-03-01 due=2027-06", []string{
			"6: law,,ge,1,,,,2023-06,,,2026-02-28,,四(一)1", "7: law,,ge,1,,,,2027-06,,2026-03-01,,修编,四(一)1"}},
		{"targets.csv - 2026-03-01 indicator=sleep milestone=2027 comparator=between value=9 upper=11 clause=x", []string{
			"6: sleep,2027,between,9,11,,,,,2026-03-01,,修编,x"}},
	}
	for _, tt := range tests {
		p := mustPackage(t)
		a := mustAmendment(t, p, tt.change)
		next, made, err := p.Amend(a, indicators.MustPeriod(amendedOn))
		if err != nil {
			t.Errorf("%s: %v", tt.change, err)
			var refused *indicators.AmendmentError
			if errors.As(err, &refused) {
				t.Error(refused.Fields, refused.Others)
			}
			continue
		}
		var got []string
		old, now := p.Rows(a.File), next.Rows(a.File)
		for i, row := range now {
			if !slices.ContainsFunc(old, func(o []string) bool { return slices.Equal(o, row) }) {
				got = append(got, fmt.Sprintf("%d: %s", i, strings.Join(row, ",")))
			}
		}
		if !slices.Equal(got, tt.rows) {
			t.Errorf("%s gives\n%s, want\n%s", tt.change, strings.Join(got, "\n"), strings.Join(tt.rows, "\n"))
		}
		if len(now) < len(old) {
			t.Errorf("%s takes a row away", tt.change)
		}
		if len(made.Differences()) == 0 || (made.Before == nil) != (a.Key == "") || made.Reason == "" || string(made.Key) == "" {
			t.Errorf("%s is told as %+v", tt.change, made)
		}
	}
}

// A row that is another than the form read is a conflict, with what stands; one
// that was not touched is none, whatever else was.
func TestAmendOvertaken(t *testing.T) {
	day := indicators.MustPeriod(amendedOn)
	for _, tt := range []struct{ first, second, now string }{
		{"areas.csv east 2026-03-01 name=甲", "areas.csv east 2026-03-01 name=乙", "east,甲,,,,district,city,990101,0,0"},
		{"areas.csv east 2026-03-01 name=甲", "areas.csv west 2026-03-01 name=乙", ""},
		{"targets.csv places/2024_level 2026-03-01 value=60", "targets.csv places/2024_level 2026-03-01 value=55", "places,2024,ge,60,,,,,,2026-03-01,,修编,四(一)1"},
		{"targets.csv places/2024_level 2026-03-01 value=60", "targets.csv places-rate/2027_level 2026-03-01 value=5", ""},
		{"targets.csv places/2024_level 2023-01-05 value=60", "targets.csv places/2024_level 2023-01-05 value=55", "places,2024,ge,60,,,,,,,,修编,四(一)1"},
	} {
		p := mustPackage(t)
		second := mustAmendment(t, p, tt.second)
		next, _, err := p.Amend(mustAmendment(t, p, tt.first), day)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = next.Amend(second, day)
		var e *indicators.AmendedError
		switch {
		case tt.now == "" && err != nil, tt.now != "" && !errors.As(err, &e):
			t.Errorf("%s after %s: %v", tt.second, tt.first, err)
		case e != nil && strings.Join(e.Now, ",") != tt.now:
			t.Errorf("%s after %s says that %v stands, want %s", tt.second, tt.first, e.Now, tt.now)
		case e != nil:
			// What stands can be gone on from, and reads itself again.
			second.Key, second.Was = e.Key, e.Now
			if _, _, err := next.Amend(second, day); err != nil {
				t.Errorf("%s from what stands: %v", tt.second, err)
			}
		}
	}
	p := mustPackage(t)
	a := mustAmendment(t, p, "areas.csv east 2026-03-01 name=甲")
	a.Key = "nowhere"
	var gone *indicators.Error
	if _, _, err := p.Amend(a, day); !errors.As(err, &gone) || gone.Kind != indicators.NotFound || gone.What != "area" {
		t.Errorf("an unknown row: %v", err)
	}
}

// A fault that stood before does not stop another change.
func TestAmendLeavesOldFaults(t *testing.T) {
	p := mustPackage(t)
	edit(t, p, "observations.csv 0 area=nowhere")
	if _, _, err := p.Amend(mustAmendment(t, p, "areas.csv east 2026-03-01 name=甲"), indicators.MustPeriod(amendedOn)); err != nil {
		t.Error(err)
	}
}

// Days before a change are judged by the old target, later ones by the new.
func TestAmendedTargetJudgesByItsDay(t *testing.T) {
	p := mustPackage(t)
	edit(t, p, "observations.csv 8 subject=places area=city period=2024 value=150 kind=result basis= published=2025-02-01 answer= numerator= denominator=")
	next, _, err := p.Amend(mustAmendment(t, p, "targets.csv places/2024_level 2026-03-01 value=160"), indicators.MustPeriod(amendedOn))
	if err != nil {
		t.Fatal(err)
	}
	l := indicators.NewLibrary(next)
	for day, want := range map[string]indicators.Status{"2026-02-28": indicators.Met, "2026-03-01": indicators.Missed} {
		var got []indicators.Status
		for _, a := range indicators.AssessPlan(l, next.Observations, indicators.MustPeriod(day), nil) {
			if a.Indicator.Code == "places" && a.Milestone == 2024 {
				got = append(got, a.Status)
			}
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("on %s the target is %v, want %s", day, got, want)
		}
	}
	// The preview tells the one that becomes the other, as one.
	v, err := p.PreviewAmendment(mustAmendment(t, p, "targets.csv places/2024_level 2026-03-01 value=160"), indicators.MustPeriod(amendedOn), nil)
	if err != nil || len(v.Effects) == 0 || v.Effects[0].Before != indicators.Met || v.Effects[0].After != indicators.Missed || v.Ends.String() != "2026-02-28" {
		t.Errorf("the preview is %+v, %v", v, err)
	}
	v, err = p.PreviewAmendment(mustAmendment(t, p, "targets.csv places/2024_level 2026-03-01 value=110"), indicators.MustPeriod(amendedOn), nil)
	if err != nil || len(v.Effects) != 0 || v.Targets == 0 {
		t.Errorf("a change that flips nothing is told as %+v, %v", v, err)
	}
	// A target that is announced is judged on its day.
	v, err = p.PreviewAmendment(mustAmendment(t, p, "targets.csv places/2024_level 2027-01-01 value=160"), indicators.MustPeriod(amendedOn), nil)
	if err != nil || v.Day.String() != "2027-01-01" || len(v.Effects) == 0 {
		t.Errorf("an announced target is told as %+v, %v", v, err)
	}
}
