package indicators

import (
	"testing"
	"time"
)

func TestAccountName(t *testing.T) {
	for in, want := range map[string]string{
		" LiMin ": "limin", "li.min-2_x": "li.min-2_x", "李敏": "李敏",
		"": "", "a": "", "a b": "", "a@b": "", "<img>": "", "-ab": "", "a\x00b": "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "",
	} {
		if got, err := AccountName(in); got != want || (err == nil) != (want != "") {
			t.Errorf("AccountName(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
}

// A wait grows, and never past its end: nobody is locked out for ever.
func TestPatience(t *testing.T) {
	for _, p := range []Patience{NamePatience, AddressPatience} {
		last := time.Duration(0)
		for n := range 200 {
			wait := p.Wait(n)
			if wait < last || wait > p.Most || n <= p.Free && wait != 0 || n > p.Free && wait < p.First {
				t.Fatalf("Wait(%d) = %s after %s", n, wait, last)
			}
			last = wait
		}
		if p.Wait(1<<31) != p.Most {
			t.Error("the longest wait is not reached")
		}
	}
	if got := NamePatience.Wait(7); got != time.Minute {
		t.Errorf("Wait(7) = %s, want 1m", got)
	}
}

func TestSessionLimits(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := Session{Made: at, Seen: at, Ends: at.Add(SessionLife), Confirmed: at}
	for _, c := range []struct {
		seen, now      time.Duration
		living, recent bool
	}{
		{0, 0, true, true}, {0, Recent, true, false}, {0, SessionIdle - 1, true, false}, {0, SessionIdle, false, false},
		{SessionLife - time.Minute, SessionLife - 1, true, false}, {SessionLife - time.Minute, SessionLife, false, false},
	} {
		s.Seen = at.Add(c.seen)
		if now := at.Add(c.now); s.Living(now, DefaultSettings()) != c.living || s.Recent(now) != c.recent {
			t.Errorf("seen after %s, at %s: living %t, recent %t", c.seen, c.now, s.Living(now, DefaultSettings()), s.Recent(now))
		}
	}
	narrow, wide := DefaultSettings(), DefaultSettings()
	narrow.LifeHours, wide.LifeHours = 1, 24
	s.Seen = at.Add(2 * time.Hour)
	if s.Living(s.Seen, narrow) || !s.Living(s.Seen, wide) {
		t.Error("a narrower limit ends no session that is open")
	}
	if s.Seen = at.Add(SessionLife); s.Living(s.Seen, wide) {
		t.Error("a wider limit lengthens a session")
	}
}
