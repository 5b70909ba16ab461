package server

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"yimi/indicators"
)

func TestCheckPassword(t *testing.T) {
	h := mustHouse(t)
	library, err := h.store.Library(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	own := ownWords(library, indicators.Account{Name: "li.min", Person: "李敏"})
	city, area := library.City(), library.Areas[len(library.Areas)-1]
	for _, c := range []struct {
		password string
		second   bool
		want     string
	}{
		{"", false, "short"},
		{"Tr0ub4dor&3xyz", false, "short"},
		{"x9#kPq2!vB7r", true, ""},
		{"x9#kPq2!v", true, "short"},
		{strings.Repeat("长", 129), false, "long"},
		{"passwordpassword", false, "easy"},
		{"Password12345678", false, "easy"},
		{"qwertyuiopasdfgh", false, "easy"},
		{"1234567890123456", false, "easy"},
		{"aaaaaaaaaaaaaaaaaaaa", false, "easy"},
		{strings.Repeat(city.Name, 6), false, "easy"},
		{city.NameEn + city.NameEn + "2025", false, "easy"},
		{string(area.Code) + string(city.Code) + "123", false, "easy"},
		{"li.minli.minli.min", false, "easy"},
		{"李敏李敏李敏李敏李敏李敏李敏李敏", false, "easy"},
		{"yimiyimi20262026yimi", false, "easy"},
		{goodPassword, false, ""},
		{"三只小猫在阳台上数了七遍星星呢", false, ""},
		{"ｘ９＃ｋＰｑ２！ｖＢ７ｒ", true, ""}, // full width
	} {
		if got := checkPassword(c.password, c.second, own); got != c.want {
			t.Errorf("checkPassword(%q, %t) = %q, want %q", c.password, c.second, got, c.want)
		}
	}
}

// However a keyboard sends it, it is the same password.
func TestPasswordMatches(t *testing.T) {
	g, err := newGate()
	if err != nil {
		t.Fatal(err)
	}
	hash, err := g.hash(context.Background(), "ｐａｓｓ 密码 é")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(hash, err)
	}
	for password, want := range map[string]bool{"pass 密码 é": true, "pass 密码 e\u0301": true, "pass 密码 e": false, "": false} {
		if got, err := g.matches(password, hash); got != want || err != nil {
			t.Errorf("matches(%q) = %t, %v", password, got, err)
		}
	}
	if got, err := g.matches("", ""); got || err != nil {
		t.Errorf("an account without a password matches: %t, %v", got, err)
	}
}

// A flood of passwords computes a few at a time and turns the rest away; it
// takes no more of the machine than that.
func TestGate(t *testing.T) {
	g := &gate{slots: make(chan struct{}, 2)}
	ctx := context.Background()
	hold := make(chan struct{})
	var wait sync.WaitGroup
	var mu sync.Mutex
	inside, most, refused := 0, 0, 0
	const flood = gateWaiting + 20
	for range flood {
		wait.Go(func() {
			err := g.through(ctx, func() error {
				mu.Lock()
				inside++
				most = max(most, inside)
				mu.Unlock()
				<-hold
				mu.Lock()
				inside--
				mu.Unlock()
				return nil
			})
			var known *indicators.Error
			if errors.As(err, &known) && known.Kind == indicators.TooSoon {
				mu.Lock()
				refused++
				mu.Unlock()
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		mu.Lock()
		done := inside == 2 && refused == flood-gateWaiting-2
		mu.Unlock()
		if done {
			break
		}
	}
	close(hold)
	wait.Wait()
	if most != 2 || refused < flood-gateWaiting-2 {
		t.Errorf("%d were inside at once and %d were turned away", most, refused)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	g.slots <- struct{}{}
	g.slots <- struct{}{}
	if err := g.through(gone, func() error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("who has left gets %v", err)
	}
	if g.waiting.Load() != 0 {
		t.Errorf("%d wait for ever", g.waiting.Load())
	}
}

func TestCodes(t *testing.T) {
	secret := secretOf("")
	at := time.Date(2026, 3, 1, 9, 30, 10, 0, time.UTC)
	step := at.Unix() / stepSeconds
	for ago, want := range map[time.Duration]bool{-60 * time.Second: false, -30 * time.Second: true, 0: true, 30 * time.Second: true, 60 * time.Second: false} {
		code, err := totp.GenerateCode(secret, at.Add(ago))
		if err != nil {
			t.Fatal(err)
		}
		got := stepOf(secret, code, at)
		if (got == step+int64(ago/(30*time.Second))) != want || !want && got != 0 {
			t.Errorf("the code of %s ago is of step %d, now is %d", ago, got, step)
		}
	}
	for _, code := range []string{"", "000", "abcdef", "０００"} {
		if got := stepOf(secret, code, at); got != 0 {
			t.Errorf("stepOf(%q) = %d", code, got)
		}
	}
	for in, want := range map[string]string{" 123 456 ": "123456", "１２３４５６": "123456", "abcd-efgh-jklm-npqr": "ABCDEFGHJKLMNPQR"} {
		if got := tidyCode(in); got != want {
			t.Errorf("tidyCode(%q) = %q", in, got)
		}
	}
	stored, shown, err := recoveryCodes()
	if err != nil || len(stored) != recoveryCount {
		t.Fatal(err)
	}
	for n := range stored {
		if len(stored[n]) != recoveryLength || tidyCode(shown[n]) != stored[n] || n > 0 && stored[n] == stored[n-1] {
			t.Errorf("recovery code %q is shown as %q", stored[n], shown[n])
		}
	}
}
