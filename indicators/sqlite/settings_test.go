package sqlite

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"yimi/indicators"
)

var keeper = indicators.Actor{Account: 7, Person: "系统管理员", Grants: []indicators.Grant{{Role: indicators.SystemAdmin}}}

func TestSettings(t *testing.T) {
	ctx := context.Background()
	s, _ := mustLoad(t)
	kept, err := s.Settings(ctx)
	if err != nil || kept != indicators.DefaultSettings() {
		t.Fatalf("a new store has %+v, %v, want %+v", kept, err, indicators.DefaultSettings())
	}
	next := kept
	next.ContactName, next.SecondForAll, next.IdleMinutes = "李敏", true, 30
	next.Mail = indicators.Mail{Host: "mail.zz.example", Port: 465, Encryption: indicators.TLS, User: "yimi", Password: "tall kites", From: "yimi@zz.example"}
	mustBe(t, s.SetSettings(ctx, indicators.Actor{Account: 3, Grants: []indicators.Grant{{Role: indicators.OfficeMember}}}, now, next), indicators.Forbidden, "role")
	wrong := next
	wrong.IdleMinutes = 1
	mustBe(t, s.SetSettings(ctx, keeper, now, wrong), indicators.Invalid, "settings")
	if err := s.SetSettings(ctx, keeper, now, next); err != nil {
		t.Fatal(err)
	}
	next.Version++
	if got, err := s.Settings(ctx); err != nil || got != next {
		t.Errorf("kept are %+v, %v, want %+v", got, err, next)
	}
	before := mustCount(t, s, "SELECT count(*) FROM events")
	if err := s.SetSettings(ctx, keeper, now, next); err != nil || mustCount(t, s, "SELECT count(*) FROM events") != before {
		t.Errorf("no change is an event (%v)", err)
	}
	if err := s.TestLetter(ctx, keeper, now, "a@zz.example", "refused"); err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(ctx, indicators.EventFilter{Act: indicators.Configure})
	if err != nil || len(events) != 2 || !strings.Contains(events[1].After, "李敏") || !strings.Contains(events[1].Before, `"idle_minutes":"60"`) {
		t.Fatalf("the trail says %+v, %v", events, err)
	}
	if n := mustCount(t, s, "SELECT count(*) FROM events WHERE before || after LIKE '%kites%'"); n != 0 {
		t.Error("the trail has the password")
	}
}

// Of two who change the same settings one is told so.
func TestSettingsRace(t *testing.T) {
	ctx := context.Background()
	s, _ := mustLoad(t)
	kept, err := s.Settings(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var errs [2]error
	var all sync.WaitGroup
	for n := range errs {
		all.Go(func() {
			next := kept
			next.ReviewDays = n + 1
			errs[n] = s.SetSettings(ctx, keeper, now, next)
		})
	}
	all.Wait()
	won, lost := 0, 1
	if errs[0] != nil {
		won, lost = 1, 0
	}
	mustBe(t, errs[lost], indicators.Conflict, settingsClash)
	if got, err := s.Settings(ctx); errs[won] != nil || err != nil || got.ReviewDays != won+1 || got.Version != kept.Version+1 {
		t.Errorf("kept are %+v, %v, %v", got, err, errs[won])
	}
}

// Limits hold for sessions that are open already, and for files.
func TestLimitsHoldAtOnce(t *testing.T) {
	ctx := context.Background()
	s, _ := mustLoad(t)
	link, err := s.FirstLink(ctx, now, "chief", "Chief")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem(ctx, link, now, "", "", "hash"); err != nil {
		t.Fatal(err)
	}
	c, err := s.Credentials(ctx, "chief")
	if err != nil {
		t.Fatal(err)
	}
	secret, err := s.SignIn(ctx, now, c, indicators.Entry{Name: "chief"})
	if err != nil {
		t.Fatal(err)
	}
	later := now.Add(20 * time.Minute)
	if _, _, err := s.Session(ctx, secret, later); err != nil {
		t.Fatal(err)
	}
	next := indicators.DefaultSettings()
	next.IdleMinutes = 10
	if err := s.SetSettings(ctx, keeper, now, next); err != nil {
		t.Fatal(err)
	}
	_, _, err = s.Session(ctx, secret, later)
	mustBe(t, err, indicators.Unauthorized, "sign_in")
	next.IdleMinutes, next.LifeHours, next.UploadMB, next.Version = 480, 24, 1, next.Version+1
	if err := s.SetSettings(ctx, keeper, now, next); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Session(ctx, secret, now.Add(7*time.Hour)); err != nil {
		t.Errorf("after 7 hours of 8 idle: %v", err)
	}
	list, err := s.Sessions(ctx, c.ID, now)
	if err != nil || len(list) != 1 || !list[0].Ends.Equal(now.Add(12*time.Hour)) {
		t.Errorf("a wider limit lengthened %+v, %v", list, err)
	}
	over := strings.NewReader("%PDF-1.7" + strings.Repeat(" ", 1<<20))
	mustBe(t, s.keepFile(&indicators.Evidence{Name: "a.pdf"}, over, next.Upload()), indicators.TooLarge, evidenceSize)
}
