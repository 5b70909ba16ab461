package sqlite

import (
	"reflect"
	"testing"

	"yimi/indicators"
)

// A page of the queue shows of each figure what the figure by itself does, in
// the order of the queue.
func TestWaiting(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	_, _, err := v.Waiting(v.ctx, by, now, v.round, 20, 0)
	mustBe(t, err, indicators.Forbidden, "role")
	if rows, total, err := v.Waiting(v.ctx, v.office, now, v.round, 20, 0); err != nil || total != 0 || len(rows) != 0 {
		t.Fatalf("%d of %d wait, %v", len(rows), total, err)
	}
	v.mustSubmit(d, by, "9")
	e, district := v.each()
	r := v.mustSubmit(e, district, "6")
	mustOne(t)(v.Endorse(v.ctx, v.leads[v.l.LeadsOf(v.l.Indicator(e.Indicator))[0]], now, indicators.Pick{Duty: e.ID, Version: r.Version}))
	queue, total, err := v.Queue(v.ctx, v.office, 0, 20, 0)
	if err != nil || total != 2 || len(queue) != 2 {
		t.Fatalf("%+v %v", queue, err)
	}
	rows, total, err := v.Waiting(v.ctx, v.office, now, 0, 20, 0)
	if err != nil || total != 2 || len(rows) != 2 {
		t.Fatalf("%d of %d wait, %v", len(rows), total, err)
	}
	for n, x := range rows {
		if x.Revision.ID != queue[n].ID || x.Own || x.Files != 0 {
			t.Errorf("row %d is %+v", n, x.Revision)
		}
		whole, err := v.Figure(v.ctx, v.office, now, x.Revision.ID)
		if err != nil {
			t.Fatal(err)
		}
		same := whole.Revision == x.Revision && whole.Round == x.Round && whole.Open == x.Open && whole.Endorsed == x.Endorsed &&
			reflect.DeepEqual(whole.Findings, x.Findings) && reflect.DeepEqual(whole.Effects, x.Effects) &&
			reflect.DeepEqual(whole.Sight.Observations, x.Sight.Observations) && reflect.DeepEqual(whole.Sight.Beside, x.Sight.Beside)
		if !same {
			t.Errorf("row %d shows %+v, the figure %+v", n, x.FigureView, whole)
		}
	}
	if rows, total, err := v.Waiting(v.ctx, v.office, now, v.round, 1, 1); err != nil || total != 2 || len(rows) != 1 || rows[0].Revision.ID != queue[1].ID {
		t.Errorf("the second page: %+v of %d, %v", rows, total, err)
	}
}
