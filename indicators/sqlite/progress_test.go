package sqlite

import (
	"context"
	"testing"
	"time"

	"yimi/indicators"
)

func TestProgress(t *testing.T) {
	v := mustTown(t)
	s, p, ctx, office := v.Store, v.plan, context.Background(), v.office
	number := p.Projects[0].Number
	entry := indicators.ProjectProgress{
		Project: number, Stage: indicators.StageUnderWay, Share: indicators.MustNumber("45.0"), Started: indicators.MustPeriod("2024-03"),
		Sentence: "主体完工", Source: "市教育局", Reason: "季度更新",
	}
	_, err := s.ReportProgress(ctx, indicators.Actor{}, now, entry)
	mustBe(t, err, indicators.Unauthorized, "sign_in")
	_, err = s.ReportProgress(ctx, indicators.Actor{Account: office.Account, Grants: []indicators.Grant{{Role: indicators.Contributor, Organisation: p.Organisations[0].Code}}}, now, entry)
	mustBe(t, err, indicators.Forbidden, "role")
	stranger := entry
	stranger.Project = "no-such"
	_, err = s.ReportProgress(ctx, office, now, stranger)
	mustBe(t, err, indicators.NotFound, noProject)
	bad := entry
	bad.Share = indicators.MustNumber("101")
	_, err = s.ReportProgress(ctx, office, now, bad)
	mustBe(t, err, indicators.Invalid, progressWrong)
	stale := entry
	stale.Version = 1
	_, err = s.ReportProgress(ctx, office, now, stale)
	mustBe(t, err, indicators.Conflict, progressMoved)
	head := mustCount(t, s, "SELECT size FROM event_head")
	if n := mustCount(t, s, "SELECT count(*) FROM progress"); n != 0 {
		t.Fatalf("%d entries after refusals", n)
	}

	kept, err := s.ReportProgress(ctx, office, now, entry)
	if err != nil || kept.Version != 1 || kept.Person != office.Person {
		t.Fatalf("ReportProgress = %+v, %v", kept, err)
	}
	// A double submit is one entry; another one with the old version is a conflict.
	again, err := s.ReportProgress(ctx, office, now.Add(time.Second), entry)
	if err != nil || again.Version != 1 {
		t.Errorf("sent twice = %+v, %v", again, err)
	}
	other := entry
	other.Sentence = "停工"
	_, err = s.ReportProgress(ctx, office, now, other)
	mustBe(t, err, indicators.Conflict, progressMoved)
	other.Version, other.Share = 1, indicators.Number{}
	later := now.AddDate(0, 1, 0)
	if kept, err = s.ReportProgress(ctx, office, later, other); err != nil || kept.Version != 2 {
		t.Fatalf("the second entry = %+v, %v", kept, err)
	}
	if n := mustCount(t, s, "SELECT size FROM event_head") - head; n != 2 {
		t.Errorf("%d events, want 2", n)
	}

	// Each day knows what had been written by then.
	for name, x := range map[string]struct {
		until   time.Time
		version int
	}{"before": {now, 0}, "between": {now.Add(time.Hour), 1}, "after": {later.Add(1), 2}, "whenever": {time.Time{}, 2}} {
		got, err := s.ProgressBefore(ctx, x.until, number, p.Projects[1].Number)
		if err != nil || got[number].Version != x.version || len(got) != min(x.version, 1) {
			t.Errorf("%s: %+v, %v, want version %d", name, got, err, x.version)
		}
	}
	history, err := s.ProgressHistory(ctx, number)
	if err != nil || len(history) != 2 || history[0].Version != 2 || history[0].Share.Present() || history[1].Share.String() != "45.0" || !history[1].At.Equal(now) {
		t.Errorf("ProgressHistory = %+v, %v", history, err)
	}
	for _, q := range []string{"UPDATE progress SET sentence = 'x'", "DELETE FROM progress"} {
		if _, err := s.write.ExecContext(ctx, q); err == nil {
			t.Errorf("%s is not refused", q)
		}
	}
	if err := s.Verify(ctx); err != nil {
		t.Error(err)
	}
}
