package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yimi/indicators"
)

// grants of the people in these tests; every name has one.
func (h *house) mustInvite(name string, grants ...indicators.Grant) indicators.Account {
	h.t.Helper()
	id, link, err := h.Invite(h.ctx, h.security, now, name, strings.ToUpper(name), grants)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.Redeem(h.ctx, link, now, "192.0.2.9", "192.0.2.9", "hash of "+name); err != nil {
		h.t.Fatal(err)
	}
	return h.mustAccount(id)
}

// house is a store with its first security administrator signed up.
type house struct {
	*Store
	t        testing.TB
	ctx      context.Context
	security indicators.Actor
	org      [2]indicators.Code
}

func mustHouse(t testing.TB) *house {
	t.Helper()
	s, p := mustLoad(t)
	h := &house{Store: s, t: t, ctx: context.Background(), org: [2]indicators.Code{p.Organisations[0].Code, p.Organisations[1].Code}}
	link, err := s.FirstLink(h.ctx, now, "chief", "Chief")
	if err != nil || link == "" {
		t.Fatal(link, err)
	}
	a, err := s.Redeem(h.ctx, link, now, "", "", "hash of chief")
	if err != nil {
		t.Fatal(err)
	}
	h.security = a.Actor("192.0.2.1")
	return h
}

func (h *house) mustAccount(id int64) indicators.Account {
	h.t.Helper()
	a, err := h.Account(h.ctx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func (h *house) mustSignIn(name string, at time.Time, e indicators.Entry) string {
	h.t.Helper()
	c, err := h.Credentials(h.ctx, name)
	if err != nil {
		h.t.Fatal(err)
	}
	secret, err := h.SignIn(h.ctx, at, c, e)
	if err != nil {
		h.t.Fatal(err)
	}
	return secret
}

// living reports whether a token lets somebody in.
func (h *house) living(secret string, at time.Time) bool {
	_, _, err := h.Session(h.ctx, secret, at)
	if err != nil {
		mustBe(h.t, err, indicators.Unauthorized, "sign_in")
	}
	return err == nil
}

func TestFirstLinkComesUntilSomebodyCame(t *testing.T) {
	s, _ := mustLoad(t)
	ctx := context.Background()
	first, err := s.FirstLink(ctx, now, "chief", "Chief")
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.FirstLink(ctx, now, "chief", "Chief")
	if err != nil || second == "" || second == first {
		t.Fatalf("the second link is %q, %v", second, err)
	}
	_, err = s.LinkOwner(ctx, first, now)
	mustBe(t, err, indicators.NotFound, noLink)
	if _, err := s.Redeem(ctx, second, now, "", "", "hash"); err != nil {
		t.Fatal(err)
	}
	if third, err := s.FirstLink(ctx, now, "chief", "Chief"); third != "" || err != nil {
		t.Errorf("a link came where somebody keeps the accounts: %v", err)
	}
}

func TestLinksAreGoodOnceAndEnd(t *testing.T) {
	h := mustHouse(t)
	id, link, err := h.Invite(h.ctx, h.security, now, "LiMin", "李敏", []indicators.Grant{{Role: indicators.Contributor, Organisation: h.org[0]}})
	if err != nil {
		t.Fatal(err)
	}
	if a := h.mustAccount(id); a.State != indicators.Waiting || a.Name != "limin" {
		t.Errorf("the invited account is %+v", a)
	}
	if n := mustCount(t, h.Store, "SELECT count(*) FROM links WHERE hash = ?", []byte(link)); n != 0 {
		t.Error("the link itself is stored")
	}
	_, err = h.Redeem(h.ctx, link, now.Add(indicators.InviteLife), "", "", "x")
	mustBe(t, err, indicators.NotFound, noLink)
	_, err = h.Redeem(h.ctx, link+"x", now, "", "", "x")
	mustBe(t, err, indicators.NotFound, noLink)
	if _, err := h.Redeem(h.ctx, link, now, "", "", "hash"); err != nil {
		t.Fatal(err)
	}
	_, err = h.Redeem(h.ctx, link, now, "", "", "another")
	mustBe(t, err, indicators.NotFound, noLink)

	a := h.mustAccount(id)
	reset, err := h.ResetLink(h.ctx, h.security, now, id, a.Version, false)
	if err != nil {
		t.Fatal(err)
	}
	secret := h.mustSignIn("limin", now, indicators.Entry{}) // the password so far is still good
	if _, err := h.Redeem(h.ctx, reset, now, "", "", "hash 2"); err != nil {
		t.Fatal(err)
	}
	if h.living(secret, now) {
		t.Error("a session outlives a new password")
	}
	if err := h.Disable(h.ctx, h.security, now, id, h.mustAccount(id).Version); err != nil {
		t.Fatal(err)
	}
	_, err = h.ConsoleLink(h.ctx, now, "limin", false)
	mustBe(t, err, indicators.Conflict, "account_disabled")
	_, err = h.ConsoleLink(h.ctx, now, "nobody", false)
	mustBe(t, err, indicators.NotFound, noAccount)
}

func TestAccountActionsAreRefused(t *testing.T) {
	h := mustHouse(t)
	office := h.mustInvite("office", indicators.Grant{Role: indicators.OfficeMember}).Actor("")
	g := []indicators.Grant{{Role: indicators.Auditor}}
	other := h.mustInvite("other", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	for name, do := range map[string]func(indicators.Actor) error{
		"invite":  func(a indicators.Actor) error { _, _, err := h.Invite(h.ctx, a, now, "newcomer", "x", g); return err },
		"grants":  func(a indicators.Actor) error { return h.SetGrants(h.ctx, a, now, other.ID, other.Version, g) },
		"disable": func(a indicators.Actor) error { return h.Disable(h.ctx, a, now, other.ID, other.Version) },
		"enable":  func(a indicators.Actor) error { return h.Enable(h.ctx, a, now, other.ID, other.Version) },
		"link": func(a indicators.Actor) error {
			_, err := h.ResetLink(h.ctx, a, now, other.ID, other.Version, true)
			return err
		},
		"temporary": func(a indicators.Actor) error { return h.SetTemporary(h.ctx, a, now, other.ID, other.Version, "x") },
		"hand over": func(a indicators.Actor) error { return h.HandOver(h.ctx, a, now, other.ID, other.Version, 1) },
		"sign out":  func(a indicators.Actor) error { return h.EndSessions(h.ctx, a, now, other.ID, 0) },
	} {
		for _, a := range []indicators.Actor{office, other.Actor("")} {
			if name == "sign out" && a.Account == other.ID {
				continue
			}
			t.Run(name, func(t *testing.T) { mustBe(t, do(a), indicators.Forbidden, "role") })
		}
		t.Run(name, func(t *testing.T) { mustBe(t, do(indicators.Actor{}), indicators.Unauthorized, "sign_in") })
	}
	if got := h.mustAccount(other.ID); got.Version != other.Version || got.State != indicators.Enabled {
		t.Errorf("a refused action changed the account to %+v", got)
	}
	for _, c := range []struct {
		name, person string
		grants       []indicators.Grant
		kind         indicators.Kind
		what         string
	}{
		{"a b", "x", g, indicators.Invalid, "account_name"},
		{"fine", "", g, indicators.Invalid, "person"},
		{"fine", "x", nil, indicators.Invalid, "grants_none"},
		{"fine", "x", []indicators.Grant{{Role: indicators.Auditor}, {Role: indicators.OfficeMember}}, indicators.Invalid, "grants_apart"},
		{"fine", "x", []indicators.Grant{{Role: indicators.Contributor, Organisation: "nowhere"}}, indicators.Invalid, "grant_organisation"},
		{" OTHER", "x", g, indicators.Conflict, "account_exists"},
		{"otＨer", "x", g, indicators.Conflict, "account_exists"},
		{"ＯＴＨＥＲ", "x", g, indicators.Conflict, "account_exists"},
		{"𝐨𝐭𝐡𝐞𝐫", "x", g, indicators.Conflict, "account_exists"},
		{"oth\u200ber", "x", g, indicators.Invalid, "account_name"},
		{"fine", "x\u202ey", g, indicators.Invalid, "person"},
		{"fine", strings.Repeat("长", 101), g, indicators.Invalid, "person"},
	} {
		_, _, err := h.Invite(h.ctx, h.security, now, c.name, c.person, c.grants)
		mustBe(t, err, c.kind, c.what)
	}
	me := h.mustAccount(h.security.Account)
	mustBe(t, h.Disable(h.ctx, h.security, now, me.ID, me.Version), indicators.Conflict, "account_own")
	mustBe(t, h.SetTemporary(h.ctx, h.security, now, me.ID, me.Version, "x"), indicators.Conflict, "account_own")
	mustBe(t, h.SetGrants(h.ctx, h.security, now, me.ID, me.Version, g), indicators.Conflict, "last_security")
	h.mustInvite("deputy", indicators.Grant{Role: indicators.SecurityAdmin})
	mustBe(t, h.SetGrants(h.ctx, h.security, now, me.ID, me.Version, []indicators.Grant{{Role: indicators.OfficeMember}}), indicators.Conflict, "account_own")
	mustBe(t, h.HandOver(h.ctx, h.security, now, other.ID, other.Version, other.ID), indicators.Conflict, "account_successor")
	mustBe(t, h.HandOver(h.ctx, h.security, now, other.ID, other.Version, me.ID), indicators.Invalid, "grants_apart")
	mustBe(t, h.Disable(h.ctx, h.security, now, other.ID, other.Version-1), indicators.Conflict, "account_changed")
	mustBe(t, h.Disable(h.ctx, h.security, now, 999, 1), indicators.NotFound, noAccount)
}

// The schema holds the three administrators apart too.
func TestSchemaKeepsRolesApart(t *testing.T) {
	h := mustHouse(t)
	for _, statement := range []string{
		"INSERT INTO grants VALUES (1, 'auditor', NULL)",
		"INSERT INTO grants VALUES (1, 'office', NULL)",
		"UPDATE grants SET role = 'office'",
		"DELETE FROM accounts",
	} {
		_, err := h.write.Exec(statement)
		mustBe(t, failed(err, ""), indicators.Conflict, rowPublic)
	}
	for _, statement := range []string{
		"INSERT INTO grants VALUES (2, 'contributor', NULL)",
		"INSERT INTO accounts (name, person, state, created) VALUES ('x', 'x', 'enabled', '')",
	} {
		_, err := h.write.Exec(statement)
		mustBe(t, failed(err, ""), indicators.Invalid, rowRefused)
	}
}

func TestHandOver(t *testing.T) {
	h := mustHouse(t)
	g := func(n int) indicators.Grant {
		return indicators.Grant{Role: indicators.Contributor, Organisation: h.org[n]}
	}
	leaver := h.mustInvite("leaver", g(0), g(1))
	next := h.mustInvite("next", g(1))
	secret := h.mustSignIn("leaver", now, indicators.Entry{})
	if err := h.HandOver(h.ctx, h.security, now, leaver.ID, leaver.Version, next.ID); err != nil {
		t.Fatal(err)
	}
	was, is := h.mustAccount(leaver.ID), h.mustAccount(next.ID)
	if was.State != indicators.Disabled || was.Successor != next.ID || h.living(secret, now) {
		t.Errorf("who left is %+v", was)
	}
	if len(is.Grants) != 2 || !slices.Contains(is.Grants, g(0)) {
		t.Errorf("the successor holds %v", is.Grants)
	}
}

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

func TestSecondFactor(t *testing.T) {
	h := mustHouse(t)
	a := h.mustInvite("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	secret := h.mustSignIn("limin", now, indicators.Entry{})
	x, _, err := h.Session(h.ctx, secret, now)
	if err != nil || x.Second {
		t.Fatal(x, err)
	}
	next, err := h.SecondOn(h.ctx, a.Actor(""), now, x, "SECRET", 100, []string{"aaaa", "bbbb"})
	if err != nil || h.living(secret, now) {
		t.Fatal(err)
	}
	if x, _, err = h.Session(h.ctx, next, now); err != nil || !x.Second {
		t.Errorf("who has just set up the second factor must give it again: %v", err)
	}
	if n := mustCount(t, h.Store, "SELECT count(*) FROM recovery_codes WHERE hash = ?", []byte("aaaa")); n != 0 {
		t.Error("a recovery code itself is stored")
	}
	c, err := h.Credentials(h.ctx, "limin")
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.SignIn(h.ctx, now, c, indicators.Entry{})
	mustBe(t, err, indicators.Unauthorized, "sign_in")
	for _, step := range []int64{100, 99} {
		_, err = h.SignIn(h.ctx, now, c, indicators.Entry{Step: step})
		mustBe(t, err, indicators.Conflict, "code_used")
	}
	h.mustSignIn("limin", now, indicators.Entry{Step: 101})
	_, err = h.SignIn(h.ctx, now, c, indicators.Entry{Step: 101})
	mustBe(t, err, indicators.Conflict, "code_used")
	h.mustSignIn("limin", now, indicators.Entry{Recovery: "aaaa"})
	_, err = h.SignIn(h.ctx, now, c, indicators.Entry{Recovery: "aaaa"})
	mustBe(t, err, indicators.Conflict, "code_used")
	if n, err := h.RecoveryCodes(h.ctx, a.ID); n != 1 || err != nil {
		t.Errorf("%d recovery codes are left, %v", n, err)
	}
	office := h.mustInvite("office", indicators.Grant{Role: indicators.OfficeMember})
	y, _, _ := h.Session(h.ctx, h.mustSignIn("office", now, indicators.Entry{}), now)
	_, err = h.SecondOff(h.ctx, office.Actor(""), now, y)
	mustBe(t, err, indicators.Forbidden, "second_needed")
	if _, err := h.SecondOff(h.ctx, a.Actor(""), now, x); err != nil || h.mustAccount(a.ID).Second {
		t.Errorf("the second factor stays, %v", err)
	}
}

// A wait is counted by what was typed, comes to an end, and is no different
// for a name that nobody has.
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

// Strangers who fail under a name do not keep its owner out where the owner
// has signed in before.
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

// Many attempts at once count as many.
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

// Every act stands in the trail, and the trail is sound; what was refused is
// not there.
func TestAccountsAreAudited(t *testing.T) {
	h := mustHouse(t)
	a := h.mustInvite("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	h.mustSignIn("limin", now, indicators.Entry{From: "192.0.2.5"})
	before, _ := h.TreeHead(h.ctx)
	if err := h.Disable(h.ctx, h.security, now, a.ID, 99); err == nil {
		t.Error("a stale write went through")
	}
	if after, _ := h.TreeHead(h.ctx); after != before {
		t.Error("a refused act stands in the trail")
	}
	if err := errors.Join(
		h.SetGrants(h.ctx, h.security, now, a.ID, a.Version, []indicators.Grant{{Role: indicators.OfficeMember}}),
		h.Disable(h.ctx, h.security, now, a.ID, a.Version+1),
		h.Enable(h.ctx, h.security, now, a.ID, a.Version+2),
	); err != nil {
		t.Fatal(err)
	}
	events, err := h.Events(h.ctx, indicators.EventFilter{Object: accountObject(a.ID)})
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, e := range events {
		acts = append(acts, string(e.Act))
		if strings.Contains(e.Before+e.After, "hash of") {
			t.Errorf("the trail tells a password: %+v", e)
		}
	}
	if want := []string{"enable", "disable", "grant", "sign_in", "change_password", "invite"}; !slices.Equal(acts, want) {
		t.Errorf("the trail has %v, want %v", acts, want)
	}
	if events[2].Before == "" || !strings.Contains(events[2].After, "office") || events[2].Actor != "Chief" || events[2].From != "192.0.2.1" {
		t.Errorf("the change of roles reads %+v", events[2])
	}
	if _, err := h.VerifyAudit(h.ctx); err != nil {
		t.Error(err)
	}
}

// A link let in is stronger than what strangers tried: its owner waits no more
// where it was used. A password given right for a change costs nothing.
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

// A name is one name in whatever width, case or ligature it is typed: at sign-in
// as well as where its wrong passwords are counted.
func TestNamesAreComparedInTheirPlainForm(t *testing.T) {
	h := mustHouse(t)
	for typed, kept := range map[string]string{
		"ＺＨＡＮＧ．ｓａｎ": "zhang.san", "oﬃce_1": "office_1", "Straße": "strasse", "李明①": "李明1", "ſecretary": "secretary",
	} {
		a := h.mustInvite(typed, indicators.Grant{Role: indicators.Auditor})
		if a.Name != kept {
			t.Errorf("%q is kept as %q, want %q", typed, a.Name, kept)
		}
		for _, again := range []string{typed, kept, strings.ToUpper(kept), " " + kept + " "} {
			if c, err := h.Credentials(h.ctx, again); err != nil || c.ID != a.ID {
				t.Errorf("%q is not found as %q: %v", kept, again, err)
			}
			if plainName(again) != kept {
				t.Errorf("wrong passwords of %q are counted apart under %q", kept, plainName(again))
			}
		}
	}
}

// An owner who changes the password ends what was handed out to change it.
func TestALinkEndsWithThePassword(t *testing.T) {
	h := mustHouse(t)
	a := h.mustInvite("owner", indicators.Grant{Role: indicators.Auditor})
	link, err := h.ResetLink(h.ctx, h.security, now, a.ID, h.mustAccount(a.ID).Version, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.LinkOwner(h.ctx, link, now); err != nil {
		t.Fatal(err)
	}
	secret := h.mustSignIn("owner", now, indicators.Entry{})
	x, owner, err := h.Session(h.ctx, secret, now)
	if err != nil {
		t.Fatal(err)
	}
	c, err := h.Credentials(h.ctx, "owner")
	if err != nil {
		t.Fatal(err)
	}
	// A change that is refused ends nothing.
	if _, err := h.ChangePassword(h.ctx, owner.Actor(""), now, x, "another", "next", "192.0.2.1"); err == nil {
		t.Error("the password is changed by who does not know it")
	}
	if _, err := h.LinkOwner(h.ctx, link, now); err != nil {
		t.Errorf("a refused change ended the link: %v", err)
	}
	if _, err := h.ChangePassword(h.ctx, owner.Actor(""), now, x, c.Password, "next", "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	_, err = h.LinkOwner(h.ctx, link, now)
	mustBe(t, err, indicators.NotFound, noLink)
	_, err = h.Redeem(h.ctx, link, now, "", "", "third")
	mustBe(t, err, indicators.NotFound, noLink)
}
