package sqlite

import (
	"context"
	"errors"
	"slices"
	"strings"
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

// A wait is counted by what was typed, comes to an end, and is no different
// for a name that nobody has.
// Strangers who fail under a name do not keep its owner out where the owner
// has signed in before.
// Many attempts at once count as many.
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
