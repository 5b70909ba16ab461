package sqlite

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"yimi/indicators"
)

func TestSessions(t *testing.T) {
	h := mustHouse(t)
	a := h.mustInvite("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	one := h.mustSignIn("limin", now, indicators.Entry{From: "192.0.2.5", Agent: "Firefox"})
	two := h.mustSignIn("limin", now, indicators.Entry{})
	if one == two || len(one) < 43 {
		t.Errorf("tokens are %q and %q", one, two)
	}
	if n := mustCount(t, h.Store, "SELECT count(*) FROM sessions WHERE hash = ?", []byte(one)); n != 0 {
		t.Error("the token itself is stored")
	}
	again := h.mustSignIn("limin", now, indicators.Entry{Before: one})
	if h.living(one, now) || !h.living(again, now) || !h.living(two, now) {
		t.Error("signing in again does not rotate the session")
	}
	if h.living(again, now.Add(indicators.SessionIdle)) {
		t.Error("an idle session lives on")
	}
	x, got, err := h.Session(h.ctx, again, now.Add(30*time.Second))
	if err != nil || got.ID != a.ID {
		t.Fatal(got, err)
	}
	for _, c := range []struct {
		after time.Duration
		want  time.Duration
	}{{30 * time.Second, 0}, {50 * time.Minute, 50 * time.Minute}} {
		if err := h.Seen(h.ctx, x, now.Add(c.after)); err != nil {
			t.Fatal(err)
		}
		if y, _, err := h.Session(h.ctx, again, now.Add(c.after)); err != nil || !y.Seen.Equal(now.Add(c.want)) {
			t.Errorf("after %s it was seen at %s, %v", c.after, y.Seen, err)
		}
	}
	if !h.living(again, now.Add(100*time.Minute)) {
		t.Error("a session in use is idle")
	}
	list, err := h.Sessions(h.ctx, a.ID, now.Add(time.Minute))
	if err != nil || len(list) != 2 {
		t.Errorf("%d sessions, %v", len(list), err)
	}
	// Another's session answers as an unknown one.
	mustBe(t, h.EndSession(h.ctx, h.security, now, list[0].ID), indicators.NotFound, noSession)
	mustBe(t, h.EndSession(h.ctx, h.security, now, 999), indicators.NotFound, noSession)
	if err := h.EndSession(h.ctx, a.Actor(""), now, list[1].ID); err != nil || h.living(two, now) {
		t.Errorf("a session that was ended lives, %v", err)
	}
	two = h.mustSignIn("limin", now, indicators.Entry{})
	if err := h.EndSessions(h.ctx, a.Actor(""), now, a.ID, list[0].ID); err != nil || h.living(two, now) || !h.living(again, now) {
		t.Errorf("signing out everywhere else fails, %v", err)
	}
	if err := h.SignOut(h.ctx, a.Actor(""), now, again); err != nil || h.living(again, now) {
		t.Errorf("signing out fails, %v", err)
	}
}

func TestChangePasswordEndsOtherSessions(t *testing.T) {
	h := mustHouse(t)
	a := h.mustInvite("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	one, two := h.mustSignIn("limin", now, indicators.Entry{}), h.mustSignIn("limin", now, indicators.Entry{})
	x, _, err := h.Session(h.ctx, one, now)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.ChangePassword(h.ctx, a.Actor(""), now, x, "not the hash", "new", "")
	mustBe(t, err, indicators.Unauthorized, "sign_in")
	next, err := h.ChangePassword(h.ctx, a.Actor(""), now, x, "hash of limin", "new", "")
	if err != nil {
		t.Fatal(err)
	}
	if h.living(one, now) || h.living(two, now) || !h.living(next, now) {
		t.Error("other sessions live on, or the own id does not rotate")
	}
	if y, _, err := h.Session(h.ctx, next, now); err != nil || !y.Ends.Equal(x.Ends) {
		t.Errorf("a new token makes the session longer: %s, %v", y.Ends, err)
	}
	a = h.mustAccount(a.ID)
	if err := h.SetTemporary(h.ctx, h.security, now, a.ID, a.Version, "temporary"); err != nil {
		t.Fatal(err)
	}
	if !h.mustAccount(a.ID).Forced || h.living(next, now) {
		t.Error("a password set by somebody else need not be changed")
	}
	secret := h.mustSignIn("limin", now, indicators.Entry{})
	x, _, _ = h.Session(h.ctx, secret, now)
	if _, err := h.ChangePassword(h.ctx, a.Actor(""), now, x, "temporary", "own", ""); err != nil || h.mustAccount(a.ID).Forced {
		t.Errorf("after the change it is still to be changed, %v", err)
	}
}

func TestSignInRefuses(t *testing.T) {
	h := mustHouse(t)
	a := h.mustInvite("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	_, err := h.Credentials(h.ctx, "nobody")
	mustBe(t, err, indicators.NotFound, noAccount)
	c, err := h.Credentials(h.ctx, " LIMIN ")
	if err != nil {
		t.Fatal(err)
	}
	stale := c
	stale.Password = "before it was changed"
	_, err = h.SignIn(h.ctx, now, stale, indicators.Entry{})
	mustBe(t, err, indicators.Unauthorized, "sign_in")
	if err := h.Disable(h.ctx, h.security, now, a.ID, a.Version); err != nil {
		t.Fatal(err)
	}
	_, err = h.SignIn(h.ctx, now, c, indicators.Entry{})
	mustBe(t, err, indicators.Unauthorized, "sign_in")
}

func TestAttempts(t *testing.T) {
	h := mustHouse(t)
	h.mustInvite("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	for _, name := range []string{"limin", "nobody", "'; DROP TABLE accounts"} {
		at := now
		var waits []time.Duration
		for n := range 12 {
			err := h.Attempt(h.ctx, at, name, fmt.Sprintf("198.51.100.%d", n))
			if err != nil {
				t.Fatalf("%s: attempt %d: %v", name, n, err)
			}
			wait := indicators.NamePatience.Wait(n + 1)
			waits = append(waits, wait)
			if wait > 0 {
				mustBe(t, h.Attempt(h.ctx, at.Add(wait-time.Second), strings.ToUpper(name), "203.0.113.7"), indicators.TooSoon, "wait")
			}
			at = at.Add(wait)
		}
		if waits[11] != indicators.NamePatience.Most || waits[4] != 0 || waits[5] == 0 {
			t.Errorf("the waits are %v", waits)
		}
	}
}

func TestAttemptsOfStrangersDoNotLockOut(t *testing.T) {
	h := mustHouse(t)
	h.mustInvite("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	h.mustSignIn("limin", now, indicators.Entry{Name: "limin", Place: "192.0.2.5"})
	for n := range indicators.NamePatience.Free + 1 {
		if err := h.Attempt(h.ctx, now, "limin", fmt.Sprintf("198.51.100.%d", n)); err != nil {
			t.Fatal(err)
		}
	}
	mustBe(t, h.Attempt(h.ctx, now, "limin", "203.0.113.1"), indicators.TooSoon, "wait")
	if err := h.Attempt(h.ctx, now, "limin", "192.0.2.5"); err != nil {
		t.Errorf("the owner waits: %v", err)
	}
}

func TestAttemptsByAddress(t *testing.T) {
	h := mustHouse(t)
	h.mustInvite("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	try := func(name string) error { return h.Attempt(h.ctx, now, name, "198.51.100.1") }
	for n := range indicators.AddressPatience.Free {
		if err := try(fmt.Sprintf("name%d", n)); err != nil {
			t.Fatal(err)
		}
	}
	// One who has an account cannot clear the address's count by signing in.
	if err := try("limin"); err != nil {
		t.Fatal(err)
	}
	h.mustSignIn("limin", now, indicators.Entry{Name: "limin", Place: "198.51.100.1"})
	if err := try("name100"); err != nil {
		t.Fatal(err)
	}
	mustBe(t, try("name101"), indicators.TooSoon, "wait")
	if err := h.Attempt(h.ctx, now, "name101", "198.51.100.2"); err != nil {
		t.Errorf("another address waits: %v", err)
	}
	if err := h.Attempt(h.ctx, now.Add(indicators.AddressPatience.Most), "name101", "198.51.100.1"); err != nil {
		t.Errorf("the wait has no end: %v", err)
	}
}

func TestAttemptsAtOnce(t *testing.T) {
	h := mustHouse(t)
	var wait sync.WaitGroup
	var mu sync.Mutex
	through := 0
	for n := range 40 {
		wait.Go(func() {
			if err := h.Attempt(h.ctx, now, "limin", fmt.Sprintf("198.51.100.%d", n)); err == nil {
				mu.Lock()
				through++
				mu.Unlock()
			} else {
				mustBe(t, err, indicators.TooSoon, "wait")
			}
		})
	}
	wait.Wait()
	if through != indicators.NamePatience.Free+1 {
		t.Errorf("%d of 40 attempts at once went through, want %d", through, indicators.NamePatience.Free+1)
	}
}

func TestWhatIsRightCostsNoWait(t *testing.T) {
	h := mustHouse(t)
	a := h.mustInvite("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	for n := range indicators.NamePatience.Free + 1 {
		if err := h.Attempt(h.ctx, now, "limin", fmt.Sprintf("198.51.100.%d", n)); err != nil {
			t.Fatal(err)
		}
	}
	const here = "192.0.2.77"
	mustBe(t, h.Attempt(h.ctx, now, "limin", here), indicators.TooSoon, "wait")
	link, err := h.ConsoleLink(h.ctx, now, "limin", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Redeem(h.ctx, link, now, here, here, "hash 0"); err != nil {
		t.Fatal(err)
	}
	secret := h.mustSignIn("limin", now, indicators.Entry{Name: "limin", Place: here})
	for n := range 3 * indicators.NamePatience.Free {
		if err := h.Attempt(h.ctx, now, "limin", here); err != nil {
			t.Fatal(n, err)
		}
		x, _, err := h.Session(h.ctx, secret, now)
		if err != nil {
			t.Fatal(err)
		}
		if secret, err = h.ChangePassword(h.ctx, a.Actor(""), now, x, fmt.Sprintf("hash %d", n), fmt.Sprintf("hash %d", n+1), here); err != nil {
			t.Fatal(err)
		}
	}
	if n := mustCount(t, h.Store, "SELECT count(*) FROM failures WHERE key LIKE '%"+here+"%'"); n != 0 {
		t.Errorf("%d counts are left", n)
	}
}
