package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"yimi/indicators"
)

func TestGroupsAddUp(t *testing.T) {
	type tally struct {
		Key         string         `json:"key"`
		Targets     int            `json:"targets"`
		Counts      map[string]int `json:"counts"`
		Met         int            `json:"met"`
		Monitorable int            `json:"monitorable"`
		Rate        *json.Number   `json:"attainment_rate"`
		Low         *json.Number   `json:"attainment_rate_low"`
		High        *json.Number   `json:"attainment_rate_high"`
	}
	for name, s := range sites(t) {
		t.Run(name, func(t *testing.T) {
			ask := func(by string, year int) []tally {
				body, _ := s.get(t, fmt.Sprintf("/api/v1/assessment?by=%s&milestone=%d", by, year), http.StatusOK)
				var got struct {
					Groups []tally `json:"groups"`
				}
				if err := json.Unmarshal([]byte(body), &got); err != nil {
					t.Fatal(err)
				}
				return got.Groups
			}
			for _, year := range s.pkg.Plan.Milestones {
				plan := ask("plan", year)[0]
				sum := tally{Counts: map[string]int{}}
				for _, by := range indicators.Grouping("").Allowed() {
					for _, g := range ask(by, year) {
						n := 0
						for status, count := range g.Counts {
							n += count
							if by == "domain" {
								sum.Counts[status] += count
							}
						}
						if n != g.Targets {
							t.Errorf("%s %s in %d: counts add up to %d of %d targets", by, g.Key, year, n, g.Targets)
						}
						if (g.Rate == nil) != (g.Monitorable == 0) || g.Targets > 0 && (g.Low == nil || g.High == nil) {
							t.Errorf("%s %s in %d: rate %v of %d, bounds %v to %v", by, g.Key, year, g.Rate, g.Monitorable, g.Low, g.High)
						}
						if by == "domain" {
							sum.Targets, sum.Met, sum.Monitorable = sum.Targets+g.Targets, sum.Met+g.Met, sum.Monitorable+g.Monitorable
						}
					}
				}
				if sum.Targets != plan.Targets || sum.Met != plan.Met || sum.Monitorable != plan.Monitorable || fmt.Sprint(sum.Counts) != fmt.Sprint(plan.Counts) {
					t.Errorf("in %d the domains add up to %+v, the plan has %+v", year, sum, plan)
				}
			}
		})
	}
}
