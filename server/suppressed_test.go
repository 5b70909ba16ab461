package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"yimi/indicators"
)

// A total that would tell the one district's figure that is suppressed stands on
// no page, chart or download, nor does an earlier edition of it.
func TestASuppressedFigureIsToldNowhere(t *testing.T) {
	d := mustDesk(t)
	p := mustExported(t, d)
	var ind *indicators.Indicator
	for i := range p.Indicators {
		if x := &p.Indicators[i]; x.Rollup == indicators.Sum && x.Scope == indicators.City && x.Measure == indicators.Stock {
			ind = x
			break
		}
	}
	add := func(area indicators.Code, day int, value string) {
		o := indicators.Observation{
			Subject: ind.Code, Area: area, Period: indicators.YearOf(2024), Published: indicators.Period{Year: 2026, Month: 2, Day: day},
			Basis: indicators.Level, Kind: indicators.Result, Source: "s", Confidence: "A",
		}
		if o.Answer = indicators.Suppressed; value != "" {
			o.Value, o.Answer = indicators.MustNumber(value), ""
		}
		p.Observations = append(p.Observations, o)
	}
	for n, a := range d.l.Districts() {
		value := ""
		if n > 0 {
			value = fmt.Sprint(4000 + n)
		}
		add(a.Code, 10, value)
	}
	add(d.l.City().Code, 5, "77773")
	add(d.l.City().Code, 10, "98765")
	if _, err := d.store.LoadSaying(context.Background(), p, now, Teller, nil); err != nil {
		t.Fatal(err)
	}
	page := "/indicators/" + string(ind.Code)
	told := false
	for _, path := range []string{
		page, page + "?view=table", page + "?view=districts", page + ".csv", page + ".json", page + ".svg", page + "?release=2", page + ".csv?release=2",
		page + "?view=table&asof=2026-02-20", "/api/v1" + page, "/areas/" + string(d.l.City().Code), "/areas/" + string(d.l.City().Code) + ".csv",
		"/releases/2", "/releases/1?from=2", "/releases/2?from=1", "/releases/2/statuses", "/", "/indicators", "/indicators.csv", "/status", "/domains/" + string(ind.Domain),
	} {
		w := d.do(get, path, "", nil)
		body := strings.NewReplacer(" ", "", "\u202f", "", "\u00a0", "", ",", "").Replace(w.Body.String())
		for _, secret := range []string{"98765", "77773"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s tells %s", path, secret)
			}
		}
		told = told || w.Code == http.StatusOK && strings.Contains(body, "4001")
	}
	if !told {
		t.Error("no page tells the districts that are known either: nothing was tested")
	}
}
