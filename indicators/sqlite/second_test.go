package sqlite

import (
	"testing"

	"yimi/indicators"
)

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
