package sqlite

import (
	"context"
	"testing"

	"yimi/indicators"
)

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
