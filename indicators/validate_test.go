package indicators_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"yimi/indicators"
)

// base is a small plan that breaks no rule: each row as column=cell, cells that
// are left out empty.
var base = map[string][]string{
	"domains.csv": {
		"code=care|name=照护",
		"code=space|name=空间",
	},
	"organisations.csv": {
		"code=health|name=卫生局|kind=government",
		"code=parks|name=园林局|kind=government",
		"code=east-office|name=东区政府|kind=district|area=east",
		"code=districts|name=各区|kind=collective|members=east-office",
	},
	"areas.csv": {
		"code=city|name=云汐市|level=city",
		"code=east|name=东区|level=district|parent=city|gb_code=990101|grid_col=0|grid_row=0",
		"code=west|name=西区|level=district|parent=city|grid_col=1|grid_row=0",
		"code=old-town|name=老街|level=township|parent=east",
	},
	"tasks.csv": {
		"number=1|domain=care|title=办好托育|leads=health|partners=districts|clause=四(一)1",
		"number=2|domain=space|title=建好公园|leads=parks|clause=四(二)2",
	},
	"commitments.csv": {
		"code=care-2024|task=1|milestone=2024|commitment=多建托位|indicator=places-rate;places|clause=四(一)1",
	},
	"indicators.csv": {
		"code=places|task=1|name=托位|unit=个|measure=stock|direction=higher|scope=city|rollup=sum|headline=1|min=0|clause=四(一)1",
		"code=places-rate|task=1|name=每千人托位|unit=个|measure=rate|direction=higher|scope=city|rollup=ratio|numerator_series=place-count|denominator_series=people|per=1000|decimals=2|min=0|max=100|headline=2|leads=health|related=places|clause=四(一)1",
		"code=parks|task=2|name=公园|unit=个|measure=flow|direction=higher|scope=each_district|clause=四(二)2",
		"code=decay|domain=care|name=龋患率|unit=%|measure=rate|direction=lower|scope=city|per=100|clause=四(一)1",
		"code=sleep|name=睡眠|unit=小时|measure=average|direction=within|scope=city|clause=四(一)1",
		"code=law|task=1|name=条例|measure=deliverable|direction=higher|scope=city|clause=四(一)1",
	},
	"targets.csv": {
		"indicator=places|milestone=2024|comparator=ge|value=100|clause=四(一)1",
		"indicator=places-rate|milestone=2027|comparator=about|value=4.5|clause=四(一)1",
		"indicator=parks|milestone=2024|comparator=ge|value=5|upper=8|basis=cumulative|base_year=2022|clause=四(二)2",
		"indicator=decay|milestone=every|comparator=hold|clause=四(一)1",
		"indicator=decay|milestone=2027|comparator=le|value=-20|basis=change_pct|base_year=2020|clause=四(一)1",
		"indicator=sleep|milestone=every|comparator=between|value=9|upper=10|clause=四(一)1",
		"indicator=law|comparator=ge|value=1|due=2023-06|clause=四(一)1",
		"indicator=places|milestone=2027|comparator=ge|value=200|until=2025-12-31|clause=四(一)1",
		"indicator=places|milestone=2027|comparator=ge|value=180|from=2026-01-01|reason=修编|clause=四(一)1",
	},
	"series.csv": {
		"code=people|name=人口|unit=人",
		"code=place-count|name=托位数|unit=个",
	},
	"observations.csv": {
		"subject=places|area=city|period=2020|value=90|kind=baseline",
		"subject=places-rate|area=city|period=2021|value=1.36|numerator=1361|denominator=1000000|kind=derived",
		"subject=places-rate|area=city|period=2022|value=1.4|numerator=1361|denominator=1000000|kind=result|published=2023-05",
		"subject=parks|area=city|period=2022|value=1|basis=added|numerator=1|denominator=2|kind=result|published=2023-12-31|published_assumed=true",
		"subject=decay|area=city|period=2020|value=50.0|basis=level|kind=baseline",
		"subject=decay|area=city|period=2022|answer=not_available|kind=result",
		"subject=law|area=city|period=2023-07|value=1|kind=result|published=2023-07-05|source_url=https://example.org/law",
		"subject=people|area=city|period=2020|value=1000000|kind=result",
	},
	"references.csv": {
		"indicator=places-rate|place=全国|period=2020|value=1.8|same_definition=true",
	},
	"rules.csv": {
		"code=sums|left=sum(places) - 1|operator=le|right=places + 1.5|grade=error|message=各区之和",
	},
	"projects.csv": {
		"number=1|name=儿童公园|owners=parks|started=2022-03|due=2023|tasks=2|indicators=parks;law|clause=附件1-1",
	},
	"policies.csv": {
		"number=1|title=条例|owners=health|stage=planned|indicator=law|clause=附件2-1",
	},
	"pledges.csv": {
		"code=show|title=展览|owners=parks|tasks=2|indicator=parks|clause=五1",
	},
	"coverage.csv": {
		"clause=四(一)1|position=1|number=100|words=托位 100 个|indicator=places|milestone=2024",
		"clause=四(一)1|position=2|number=12|reason=条文序号",
		"clause=四(一)1|position=3|number=1|indicator=law",
	},
}

func mustPackage(t *testing.T) *indicators.Package {
	t.Helper()
	p := &indicators.Package{Plan: indicators.Plan{
		Code: "yunxi-2023", Title: "方案", City: "云汐市", Document: "云政〔2023〕1号",
		Issued: indicators.MustPeriod("2023-01-05"), BaselineYear: 2020, FirstYear: 2022,
		Milestones: []int{2024, 2027}, Horizon: 2035, ResultsDue: "06-30", TimeZone: "Asia/Shanghai",
	}}
	for _, f := range indicators.Files() {
		cells := make([][]string, len(base[f.Name]))
		for i, row := range base[f.Name] {
			cells[i] = make([]string, len(f.Columns))
			for _, pair := range strings.Split(row, "|") {
				name, cell, _ := strings.Cut(pair, "=")
				mustSet(t, f, cells[i], name, cell)
			}
		}
		if problems := p.SetRows(f.Name, cells); problems != nil {
			t.Fatal(problems)
		}
	}
	return p
}

func mustSet(t *testing.T, f indicators.File, row []string, column, cell string) {
	t.Helper()
	i, _ := f.Column(column)
	if i < 0 {
		t.Fatalf("%s has no column %q", f.Name, column)
	}
	row[i] = cell
}

// edit changes cells of one row of p: "targets.csv 0 value= upper=3". A row
// past the last one is a copy of the last; a space within a cell is "_".
func edit(t *testing.T, p *indicators.Package, change string) {
	t.Helper()
	words := strings.Fields(change)
	f, ok := indicators.FileNamed(words[0])
	var at int
	if _, err := fmt.Sscan(words[1], &at); err != nil || !ok {
		t.Fatalf("bad edit %q", change)
	}
	rows := p.Rows(f.Name)
	if at == len(rows) {
		rows = append(rows, slices.Clone(rows[at-1]))
	}
	for _, pair := range words[2:] {
		name, cell, _ := strings.Cut(pair, "=")
		mustSet(t, f, rows[at], name, strings.ReplaceAll(cell, "_", " "))
	}
	p.SetRows(f.Name, rows)
}

func tell(problems indicators.Problems) string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprintf("%s %d %s %q %s %v", p.File, p.Row, p.Column, p.Read, p.Rule, p.Args))
	}
	return strings.Join(out, "\n")
}

func TestValidateRefuses(t *testing.T) {
	for _, test := range []struct{ edit, want string }{
		// Cells.
		{"domains.csv 0 name=", `domains.csv 0 name "" required []`},
		{"indicators.csv 2 measure=", `indicators.csv 2 measure "" required []`},
		{"pledges.csv 0 code=Show", `pledges.csv 0 code "Show" code_shape []`},
		{"observations.csv 6 source_url=javascript:alert(1)", `observations.csv 6 source_url "javascript:alert(1)" bad_url []`},
		{"series.csv 0 unit=千_", `series.csv 0 unit "千 " surrounding_space []`},
		{"coverage.csv 1 position=0", `coverage.csv 1 position "" required []`},
		{"references.csv 0 value=", `references.csv 0 value "" required []`},
		// Keys.
		{"domains.csv 1 code=care", `domains.csv 1 code "care" doubled_key [code]
tasks.csv 1 domain "space" unknown_domain [space]`},
		{"policies.csv 1 title=x", `policies.csv 1 number "1" doubled_key [number]`},
		{"targets.csv 1 indicator=places milestone=2024 basis=level", `targets.csv 1 indicator "places" doubled_key [indicator, milestone, basis, due, from]`},
		{"observations.csv 8 value=2", `observations.csv 8 subject "people" doubled_key [subject, area, period, basis, vintage, published]`},
		{"references.csv 1 value=2", `references.csv 1 indicator "places-rate" doubled_key [indicator, place, period]`},
		{"coverage.csv 2 position=2", `coverage.csv 2 clause "四(一)1" doubled_key [clause, position]`},
		{"series.csv 2 code=parks", `series.csv 2 code "parks" code_taken []`},
		// References.
		{"organisations.csv 2 area=south", `organisations.csv 2 area "south" unknown_area [south]`},
		{"organisations.csv 3 members=east-office;x", `organisations.csv 3 members "east-office;x" unknown_organisation [x]`},
		{"organisations.csv 3 members=districts", `organisations.csv 3 members "districts" refers_to_itself []`},
		{"organisations.csv 0 successor=nobody", `organisations.csv 0 successor "nobody" unknown_organisation [nobody]`},
		{"organisations.csv 0 members=parks", `organisations.csv 0 members "parks" members_of_collective []`},
		{"tasks.csv 0 domain=life", `tasks.csv 0 domain "life" unknown_domain [life]`},
		{"tasks.csv 0 leads=health;x;y", `tasks.csv 0 leads "health;x;y" unknown_organisation [x]
tasks.csv 0 leads "health;x;y" unknown_organisation [y]`},
		{"tasks.csv 0 partners=x", `tasks.csv 0 partners "x" unknown_organisation [x]`},
		{"commitments.csv 0 task=3", `commitments.csv 0 task "3" unknown_task [3]`},
		{"commitments.csv 0 milestone=2025", `commitments.csv 0 milestone "2025" unknown_milestone [2024, 2027, every]`},
		{"commitments.csv 0 indicator=places;x", `commitments.csv 0 indicator "places;x" unknown_indicator [x]`},
		{"indicators.csv 2 task=9", `indicators.csv 2 task "9" unknown_task [9]`},
		{"indicators.csv 3 domain=life", `indicators.csv 3 domain "life" unknown_domain [life]`},
		{"indicators.csv 1 numerator_series=places", `indicators.csv 1 numerator_series "places" unknown_series [places]`},
		{"indicators.csv 1 denominator_series=x", `indicators.csv 1 denominator_series "x" unknown_series [x]`},
		{"indicators.csv 1 leads=x", `indicators.csv 1 leads "x" unknown_organisation [x]`},
		{"indicators.csv 1 reporter=x", `indicators.csv 1 reporter "x" unknown_organisation [x]`},
		{"indicators.csv 1 related=people", `indicators.csv 1 related "people" unknown_indicator [people]`},
		{"indicators.csv 1 related=places-rate", `indicators.csv 1 related "places-rate" refers_to_itself []`},
		{"targets.csv 5 indicator=x", `targets.csv 5 indicator "x" unknown_indicator [x]`},
		{"targets.csv 0 milestone=2025", `targets.csv 0 milestone "2025" unknown_milestone [2024, 2027, every]
coverage.csv 0 milestone "2024" coverage_no_target [places]`},
		{"targets.csv 5 milestone=Every", `targets.csv 5 milestone "Every" unknown_milestone [2024, 2027, every]`},
		{"observations.csv 7 subject=x", `observations.csv 7 subject "x" unknown_subject [x]`},
		{"observations.csv 7 area=x", `observations.csv 7 area "x" unknown_area [x]`},
		{"references.csv 0 indicator=x", `references.csv 0 indicator "x" unknown_indicator [x]`},
		{"projects.csv 0 owners=x", `projects.csv 0 owners "x" unknown_organisation [x]`},
		{"projects.csv 0 tasks=7", `projects.csv 0 tasks "7" unknown_task [7]`},
		{"projects.csv 0 indicators=x", `projects.csv 0 indicators "x" unknown_indicator [x]`},
		{"policies.csv 0 owners=x", `policies.csv 0 owners "x" unknown_organisation [x]`},
		{"policies.csv 0 indicator=x", `policies.csv 0 indicator "x" unknown_indicator [x]`},
		{"pledges.csv 0 owners=x", `pledges.csv 0 owners "x" unknown_organisation [x]`},
		{"pledges.csv 0 tasks=7", `pledges.csv 0 tasks "7" unknown_task [7]`},
		{"pledges.csv 0 indicator=x", `pledges.csv 0 indicator "x" unknown_indicator [x]`},
		{"coverage.csv 2 indicator=x", `coverage.csv 2 indicator "x" unknown_indicator [x]`},
		// Areas.
		{"areas.csv 0 level=district", `areas.csv -1 level "" city_count [0]
areas.csv 0 parent "" required []
areas.csv 1 parent "city" parent_level []
areas.csv 2 parent "city" parent_level []
targets.csv 3 comparator "hold" hold_without_baseline [2020 level]`},
		{"areas.csv 3 level=city", `areas.csv -1 level "" city_count [2]
areas.csv 3 parent "east" city_parent []`},
		{"areas.csv 1 parent=", `areas.csv 1 parent "" required []`},
		{"areas.csv 1 parent=west", `areas.csv 1 parent "west" parent_level []`},
		{"areas.csv 1 parent=old-town", `areas.csv 1 parent "old-town" parent_level []`},
		{"areas.csv 1 gb_code=99A", `areas.csv 1 gb_code "99A" digits []`},
		{"areas.csv 2 grid_row=", `areas.csv 2 grid_col "1" grid_pair []`},
		{"areas.csv 2 grid_col=50", `areas.csv 2 grid_col "50" grid_range [49]`},
		{"areas.csv 2 grid_col=0", `areas.csv 2 grid_col "0" grid_taken [0 0]`},
		// Indicators.
		{"indicators.csv 0 domain=care", `indicators.csv 0 domain "care" domain_beside_task []`},
		{"indicators.csv 0 unit=", `indicators.csv 0 unit "" unit_required []`},
		{"indicators.csv 3 rollup=sum", `indicators.csv 3 rollup "sum" rollup_measure []`},
		{"indicators.csv 4 rollup=sum", `indicators.csv 4 rollup "sum" rollup_measure []`},
		{"indicators.csv 2 rollup=ratio", `indicators.csv 2 rollup "ratio" rollup_measure []`},
		{"indicators.csv 5 per=100", `indicators.csv 5 per "100" deliverable_plain []`},
		{"indicators.csv 5 new_count=true", `indicators.csv 5 new_count "true" deliverable_plain []`},
		{"indicators.csv 5 numerator_series=people", `indicators.csv 5 numerator_series "people" deliverable_plain []`},
		{"indicators.csv 5 denominator_series=people", `indicators.csv 5 denominator_series "people" deliverable_plain []`},
		{"indicators.csv 1 per=", `indicators.csv 1 per "" per_required []
observations.csv 1 numerator "1361" per_required []
observations.csv 2 numerator "1361" per_required []`},
		{"indicators.csv 3 per=0", `indicators.csv 3 per "0" not_positive []`},
		{"indicators.csv 0 decimals=10", `indicators.csv 0 decimals "10" decimals_range [9]`},
		{"indicators.csv 4 min=5 max=4.99", `indicators.csv 4 max "4.99" max_below_min [5]
targets.csv 5 value "9" above_max [4.99]
targets.csv 5 upper "10" above_max [4.99]`},
		{"indicators.csv 1 headline=1", `indicators.csv 1 headline "1" headline_tie []`},
		{"indicators.csv 1 headline=3", `indicators.csv 1 headline "3" headline_gap []`},
		{"indicators.csv 0 headline=0", `indicators.csv 0 headline "0" headline_gap []
indicators.csv 1 headline "2" headline_gap []`},
		// Targets.
		{"targets.csv 0 value=", `targets.csv 0 value "" target_value []`},
		{"targets.csv 5 upper=", `targets.csv 5 upper "" upper_required []`},
		{"targets.csv 5 upper=8.5", `targets.csv 5 upper "8.5" upper_below_value [9]`},
		{"targets.csv 2 base_year=", `targets.csv 2 base_year "" base_year_required [cumulative]`},
		{"targets.csv 4 base_year=", `targets.csv 4 base_year "" base_year_required [change_pct]`},
		{"targets.csv 2 base_year=2025", `targets.csv 2 base_year "2025" base_year_order []`},
		{"targets.csv 4 base_year=2027", `targets.csv 4 base_year "2027" base_year_order []`},
		{"targets.csv 8 until=2025-12-31", `targets.csv 8 until "2025-12-31" until_before_from [2026-01-01]`},
		{"targets.csv 7 until=2026-01-01", `targets.csv 8 from "2026-01-01" targets_overlap []`},
		{"targets.csv 7 until=", `targets.csv 8 from "2026-01-01" targets_overlap []`},
		{"targets.csv 1 milestone=", `targets.csv 1 milestone "" milestone_required []`},
		{"targets.csv 6 due=", `targets.csv 6 milestone "" undated_target []`},
		{"targets.csv 6 milestone=every", `targets.csv 6 milestone "every" deliverable_standing []
coverage.csv 2 milestone "" coverage_no_target [law]`},
		{"targets.csv 6 value=2", `targets.csv 6 value "2" deliverable_target []`},
		{"targets.csv 6 comparator=hold", `targets.csv 6 comparator "hold" deliverable_comparator []`},
		{"targets.csv 6 upper=1", `targets.csv 6 upper "1" deliverable_plain []`},
		{"targets.csv 6 basis=added", `targets.csv 6 basis "added" deliverable_plain []
observations.csv 6 basis "" basis_required []`},
		{"targets.csv 0 comparator=le", `targets.csv 0 comparator "le" comparator_direction [le]`},
		{"targets.csv 4 comparator=gt", `targets.csv 4 comparator "gt" comparator_direction [gt]`},
		{"targets.csv 5 comparator=about", `targets.csv 5 comparator "about" direction_needed [about]`},
		{"targets.csv 3 basis=added", `targets.csv 3 comparator "hold" hold_without_baseline [2020 added]`},
		{"observations.csv 4 period=2021", `targets.csv 3 comparator "hold" hold_without_baseline [2020 level]`},
		{"observations.csv 4 area=east", `targets.csv 3 comparator "hold" hold_without_baseline [2020 level]`},
		{"observations.csv 4 kind=result", `targets.csv 3 comparator "hold" hold_without_baseline [2020 level]`},
		{"targets.csv 0 value=-1", `targets.csv 0 value "-1" below_min [0]`},
		{"targets.csv 1 value=101", `targets.csv 1 value "101" above_max [100]`},
		// Observations.
		{"observations.csv 7 value=", `observations.csv 7 value "" value_or_answer []`},
		{"observations.csv 7 answer=none", `observations.csv 7 answer "none" value_and_answer []`},
		{"observations.csv 5 numerator=3 denominator=4 bound=ge", `observations.csv 5 bound "ge" answer_with_number []
observations.csv 5 numerator "3" answer_with_number []
observations.csv 5 denominator "4" answer_with_number []`},
		{"observations.csv 2 denominator=0", `observations.csv 2 denominator "0" not_positive []`},
		{"observations.csv 3 basis=", `observations.csv 3 basis "" basis_required []`},
		{"observations.csv 6 period=2023", `observations.csv 6 period "2023" period_form [YYYY-MM, YYYY-MM-DD]`},
		{"observations.csv 0 period=2020-12-31", `observations.csv 0 period "2020-12-31" period_form [YYYY, YYYY-MM]`},
		{"observations.csv 7 period=2020-12-31", `observations.csv 7 period "2020-12-31" period_form [YYYY, YYYY-MM]`},
		{"observations.csv 6 value=0.5", `observations.csv 6 value "0.5" deliverable_result []`},
		{"observations.csv 6 basis=added", `observations.csv 6 basis "added" deliverable_plain []`},
		{"observations.csv 6 bound=ge", `observations.csv 6 bound "ge" deliverable_plain []`},
		{"observations.csv 0 value=-1", `observations.csv 0 value "-1" below_min [0]`},
		{"observations.csv 2 value=100.1 numerator=", `observations.csv 2 value "100.1" above_max [100]`},
		{"observations.csv 3 published=", `observations.csv 3 published_assumed "true" assumed_without_date []`},
		{"observations.csv 3 published=2022-12-31", `observations.csv 3 published "2022-12-31" assumed_date [2023-12-31]`},
		{"observations.csv 6 published=2023-06-30", `observations.csv 6 published "2023-06-30" published_before_period [2023-07]`},
		{"observations.csv 0 kind=derived", `observations.csv 0 kind "derived" derived_series []
observations.csv 0 kind "derived" derived_parts []`},
		{"observations.csv 7 kind=derived numerator=1 denominator=1", `observations.csv 7 kind "derived" derived_series []`},
		{"indicators.csv 1 decimals=", `observations.csv 1 kind "derived" derived_series []`},
		{"observations.csv 1 denominator=", `observations.csv 1 kind "derived" derived_parts []`},
		{"observations.csv 1 value=1.37", `observations.csv 1 value "1.37" derived_value [1.36]`},
		{"observations.csv 1 value=1.361", `observations.csv 1 value "1.361" derived_value [1.36]`},
		{"observations.csv 1 numerator=1365", `observations.csv 1 value "1.36" derived_value [1.37]`},
		{"observations.csv 2 value=1.5", `observations.csv 2 value "1.5" ratio_mismatch [1.361]`},
		{"observations.csv 2 value=136.1", `observations.csv 2 value "136.1" above_max [100]
observations.csv 2 value "136.1" ratio_mismatch [1.361]`},
		// References to compare with.
		{"references.csv 0 value=180", `references.csv 0 value "180" above_max [100]`},
		{"references.csv 0 value=-1", `references.csv 0 value "-1" below_min [0]`},
		// Rules.
		{"rules.csv 0 left=places+1", `rules.csv 0 left "places+1" rule_grammar []`},
		{"rules.csv 0 left=places_*_2", `rules.csv 0 left "places * 2" rule_grammar []`},
		{"rules.csv 0 right=places_+", `rules.csv 0 right "places +" rule_grammar []`},
		{"rules.csv 0 right=sum(sum(places))", `rules.csv 0 right "sum(sum(places))" rule_grammar []`},
		{"rules.csv 0 right=places_+_x", `rules.csv 0 right "places + x" unknown_subject [x]`},
		{"rules.csv 0 right=law", `rules.csv 0 right "law" rule_deliverable [law]`},
		{"rules.csv 0 left=sum(decay)", `rules.csv 0 left "sum(decay)" sum_rollup [decay]`},
		{"rules.csv 0 left=sum(people)", `rules.csv 0 left "sum(people)" sum_rollup [people]`},
		{"rules.csv 0 left=1 right=2", `rules.csv 0 left "1" rule_constant []`},
		// Works.
		{"projects.csv 0 due=2021", `projects.csv 0 due "2021" due_before_start [2022-03]`},
		{"policies.csv 0 indicator=parks", `policies.csv 0 indicator "parks" not_a_deliverable []`},
		// Coverage.
		{"coverage.csv 0 words=共建成托位一百个再加一个半", `coverage.csv 0 words "共建成托位一百个再加一个半" too_long [12]`},
		{"coverage.csv 1 reason=", `coverage.csv 1 reason "" coverage_neither []`},
		{"coverage.csv 0 reason=另有", `coverage.csv 0 reason "另有" coverage_both []`},
		{"coverage.csv 1 milestone=2024", `coverage.csv 1 milestone "2024" coverage_milestone_alone []`},
		{"coverage.csv 2 milestone=2024", `coverage.csv 2 milestone "2024" coverage_no_target [law]`},
	} {
		p := mustPackage(t)
		edit(t, p, test.edit)
		if got := tell(p.Validate()); got != test.want {
			t.Errorf("%s: Validate() =\n%s\nwant\n%s", test.edit, got, test.want)
		}
	}
}

func TestValidateRefusesCircleOfSuccessors(t *testing.T) {
	p := mustPackage(t)
	edit(t, p, "organisations.csv 0 successor=parks")
	edit(t, p, "organisations.csv 1 successor=health")
	want := `organisations.csv 0 successor "parks" circle []
organisations.csv 1 successor "health" circle []`
	if got := tell(p.Validate()); got != want {
		t.Errorf("Validate() =\n%s\nwant\n%s", got, want)
	}
}

func TestValidateRefusesPlan(t *testing.T) {
	for _, test := range []struct {
		edit func(*indicators.Plan)
		want string
	}{
		{func(p *indicators.Plan) { p.Code = "" }, `code "" required []`},
		{func(p *indicators.Plan) { p.Code = "云汐" }, `code "云汐" code_shape []`},
		{func(p *indicators.Plan) { p.Title = "" }, `title "" required []`},
		{func(p *indicators.Plan) { p.Title = "方\u200b案" }, "title \"方\\u200b案\" hidden_character [U+200B]"},
		{func(p *indicators.Plan) { p.City = "" }, `city "" required []`},
		{func(p *indicators.Plan) { p.Document = "" }, `document "" required []`},
		{func(p *indicators.Plan) { p.Issued = indicators.Period{} }, `issued "" required []`},
		{func(p *indicators.Plan) { p.Issued = indicators.MustPeriod("2023-01") }, `issued "2023-01" period_form [YYYY-MM-DD]`},
		{func(p *indicators.Plan) { p.FirstYear = 2020 }, `first_year "2020" first_year_order []`},
		{func(p *indicators.Plan) { p.FirstYear = 2025 }, `first_year "2025" first_year_order []`},
		{func(p *indicators.Plan) { p.FirstYear = 0 }, `first_year "" year_range [1900 2199]`},
		{func(p *indicators.Plan) { p.Milestones = []int{2027, 2024} }, `milestones "[2027 2024]" milestones_ascend []`},
		{func(p *indicators.Plan) { p.Milestones = []int{2024, 2027, 2027} }, `milestones "[2024 2027 2027]" milestones_ascend []`},
		{func(p *indicators.Plan) { p.Milestones = []int{2024, 2027, 20270} }, `milestones "[2024 2027 20270]" year_range [1900 2199]
horizon "2035" horizon_order []`},
		{func(p *indicators.Plan) { p.Horizon = 2026 }, `horizon "2026" horizon_order []`},
		{func(p *indicators.Plan) { p.ResultsDue = "6-30" }, `results_due "6-30" month_day []`},
		{func(p *indicators.Plan) { p.ResultsDue = "02-29" }, `results_due "02-29" month_day []`},
		{func(p *indicators.Plan) { p.ResultsDue = "" }, `results_due "" month_day []`},
		{func(p *indicators.Plan) { p.TimeZone = "Asia/Yunxi" }, `time_zone "Asia/Yunxi" time_zone []`},
		{func(p *indicators.Plan) { p.TimeZone = "Local" }, `time_zone "Local" time_zone []`},
		{func(p *indicators.Plan) { p.TimeZone = "" }, `time_zone "" time_zone []`},
	} {
		p := mustPackage(t)
		test.edit(&p.Plan)
		want := "datapackage.json -1 " + strings.ReplaceAll(test.want, "\n", "\ndatapackage.json -1 ")
		if got := tell(p.Validate()); got != want {
			t.Errorf("Validate() =\n%s\nwant\n%s", got, want)
		}
	}
}

// TestValidateOfNothing wants words, not a panic, for a package without rows.
func TestValidateOfNothing(t *testing.T) {
	if problems := (&indicators.Package{}).Validate(); len(problems) == 0 {
		t.Error("Validate() of nothing is silent")
	}
}

func TestValidateAllows(t *testing.T) {
	for _, change := range []string{
		"domains.csv 0 name_en=Care",
		"organisations.csv 0 successor=parks",
		"areas.csv 3 level=community",
		"indicators.csv 0 task= domain=",
		"indicators.csv 0 decimals=0",
		"targets.csv 0 upper=120",
		"targets.csv 0 due=2024-06-30",
		"targets.csv 6 due=2023-06-30",
		"targets.csv 8 milestone=2027 due=2027-06",
		"targets.csv 7 from=2023-02-01",
		"targets.csv 4 base_year=2019",
		"observations.csv 0 period=2020-07",
		"observations.csv 0 bound=ge",
		"observations.csv 2 value=1.3",
		"observations.csv 2 value=1.361",
		"observations.csv 2 value=9 bound=about",
		"observations.csv 2 numerator= value=9",
		"observations.csv 6 value=0",
		"observations.csv 6 value= answer=none period=2023",
		"observations.csv 6 published=2023-07",
		"observations.csv 3 period=2022-12 published=2023-12-31",
		"observations.csv 3 period=2022-11 published=2022-12-31",
		"observations.csv 8 vintage=第二版",
		"references.csv 0 value=900 same_definition=",
		"rules.csv 0 left=-3.5_+_people_-_places",
		"projects.csv 0 started=2023-12",
	} {
		p := mustPackage(t)
		edit(t, p, change)
		if problems := p.Validate(); problems != nil {
			t.Errorf("%s: Validate() = %s, want nothing", change, tell(problems))
		}
	}
	if problems := mustPackage(t).Validate(); problems != nil {
		t.Errorf("Validate() = %s, want nothing", tell(problems))
	}
}

func TestParseTerms(t *testing.T) {
	for _, side := range []string{"", " ", "a ", " a", "a +", "a + ", "+ a", "a b", "a  + b", "a * b", "a+b", "A", "sum()", "sum(a", "sum(1)", "sum(a + b)", "-a", "- 1", "1e3", "01"} {
		if got, err := indicators.ParseTerms(side); err == nil {
			t.Errorf("ParseTerms(%q) = %v, want an error", side, got)
		}
	}
	one := indicators.MustNumber
	tests := []struct {
		side string
		want []indicators.Term
	}{
		{"a", []indicators.Term{{Code: "a"}}},
		{"-1.50", []indicators.Term{{Number: one("-1.50")}}},
		{"a-b - sum(c-1) + 2", []indicators.Term{{Code: "a-b"}, {Minus: true, Code: "c-1", Sum: true}, {Number: one("2")}}},
	}
	for _, test := range tests {
		got, err := indicators.ParseTerms(test.side)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("ParseTerms(%q) = %v, %v, want %v", test.side, got, err, test.want)
		}
	}
}
