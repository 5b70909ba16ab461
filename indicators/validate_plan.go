package indicators

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The years that a plan can speak of.
const (
	firstYear = 1900
	lastYear  = 2199
)

func plausible(y int) bool { return y >= firstYear && y <= lastYear }

var planRules = []rule[Plan]{
	{"code", "required", func(_ *checker, p *Plan) []any { return no(p.Code == "") }},
	{"code", "code_shape", func(_ *checker, p *Plan) []any { return no(p.Code != "" && !p.Code.Valid()) }},
	{"title", "required", func(_ *checker, p *Plan) []any { return no(p.Title == "") }},
	{"city", "required", func(_ *checker, p *Plan) []any { return no(p.City == "") }},
	{"document", "required", func(_ *checker, p *Plan) []any { return no(p.Document == "") }},
	{"issued", "required", func(_ *checker, p *Plan) []any { return no(p.Issued.IsZero()) }},
	{"issued", "period_form", func(_ *checker, p *Plan) []any {
		return no(!p.Issued.IsZero() && !p.Issued.IsDate(), formWords([]string{"date"}))
	}},
	{"baseline_year", "year_range", func(_ *checker, p *Plan) []any {
		return no(!plausible(p.BaselineYear), firstYear, lastYear)
	}},
	{"first_year", "year_range", func(_ *checker, p *Plan) []any {
		return no(!plausible(p.FirstYear), firstYear, lastYear)
	}},
	{"first_year", "first_year_order", func(_ *checker, p *Plan) []any {
		return no(plausible(p.FirstYear) && (p.FirstYear <= p.BaselineYear ||
			len(p.Milestones) > 0 && p.FirstYear > p.Milestones[0]))
	}},
	{"milestones", "required", func(_ *checker, p *Plan) []any { return no(len(p.Milestones) == 0) }},
	{"milestones", "year_range", func(_ *checker, p *Plan) []any {
		return no(slices.ContainsFunc(p.Milestones, func(y int) bool { return !plausible(y) }), firstYear, lastYear)
	}},
	{"milestones", "milestones_ascend", func(_ *checker, p *Plan) []any {
		return no(!slices.IsSorted(p.Milestones) || len(slices.Compact(slices.Clone(p.Milestones))) < len(p.Milestones) ||
			len(p.Milestones) > 0 && p.Milestones[0] <= p.BaselineYear)
	}},
	{"horizon", "horizon_order", func(_ *checker, p *Plan) []any {
		return no(p.Horizon != 0 && (!plausible(p.Horizon) || len(p.Milestones) > 0 && p.Horizon < p.LastMilestone()))
	}},
	{"results_due", "month_day", func(_ *checker, p *Plan) []any { return no(!monthDay(p.ResultsDue)) }},
	{"time_zone", "time_zone", func(_ *checker, p *Plan) []any {
		_, err := time.LoadLocation(p.TimeZone)
		return no(err != nil || p.TimeZone == "" || p.TimeZone == "Local")
	}},
}

var monthDayPattern = regexp.MustCompile(`^[0-9]{2}-[0-9]{2}$`)

// monthDay reports a day of every year, MM-DD.
func monthDay(s string) bool {
	_, err := ParsePeriod("2023-" + s) // no leap year
	return monthDayPattern.MatchString(s) && err == nil
}

func checkPlan(k *checker) {
	plan := reflect.ValueOf(k.p.Plan)
	read := map[string]string{}
	for i := range plan.NumField() {
		name, _, _ := strings.Cut(plan.Type().Field(i).Tag.Get("json"), ",")
		value := plan.Field(i)
		if value.Kind() == reflect.String && value.String() != "" {
			if rule, args := checkText(value.String()); rule != "" {
				k.problems = append(k.problems, Problem{File: DescriptorFile, Row: -1, Column: name, Read: clip(value.String()), Rule: rule, Args: args})
			}
		}
		if !value.IsZero() {
			read[name] = clip(fmt.Sprint(value.Interface()))
		}
	}
	for _, r := range planRules {
		if args := r.broken(k, &k.p.Plan); args != nil {
			k.report(DescriptorFile, -1, r.column, r.key, args...)
			k.problems[len(k.problems)-1].Read = read[r.column]
		}
	}
}

// rungs orders the levels of areas from the top.
var rungs = AreaLevel("").Allowed()

func (l AreaLevel) rung() int { return slices.Index(rungs, string(l)) }

// maxTile is the last column and row of the tile grid.
const maxTile = 49

var digitsPattern = regexp.MustCompile(`^[0-9]{1,12}$`)

var areaRules = []rule[Area]{
	{"parent", "city_parent", func(_ *checker, a *Area) []any { return no(a.Level == CityLevel && a.Parent != "") }},
	{"parent", "required", func(_ *checker, a *Area) []any { return no(a.Level != CityLevel && a.Parent == "") }},
	{"parent", "parent_level", func(k *checker, a *Area) []any {
		up := k.area[a.Parent]
		return no(up != nil && a.Level != CityLevel && up.Level.rung() >= a.Level.rung())
	}},
	{"gb_code", "digits", func(_ *checker, a *Area) []any {
		return no(a.GBCode != "" && !digitsPattern.MatchString(a.GBCode))
	}},
	{"grid_col", "grid_pair", func(_ *checker, a *Area) []any { return no((a.GridCol == nil) != (a.GridRow == nil)) }},
	{"grid_col", "grid_range", func(_ *checker, a *Area) []any {
		return no(a.GridCol != nil && *a.GridCol > maxTile || a.GridRow != nil && *a.GridRow > maxTile, maxTile)
	}},
}

func checkAreas(k *checker) {
	apply(k, "areas.csv", k.p.Areas, areaRules)
	cities := 0
	taken := map[[2]int]bool{}
	for i, a := range k.p.Areas {
		if a.Level == CityLevel {
			cities++
		}
		if a.GridCol == nil || a.GridRow == nil {
			continue
		}
		tile := [2]int{*a.GridCol, *a.GridRow}
		if taken[tile] {
			k.report("areas.csv", i, "grid_col", "grid_taken", tile[0], tile[1])
		}
		taken[tile] = true
	}
	if cities != 1 {
		k.report("areas.csv", -1, "level", "city_count", cities)
	}
}
