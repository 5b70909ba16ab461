package server

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"math/big"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"github.com/trustelem/zxcvbn"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"yimi/indicators"
)

// hashing is the cost of a password: some 50 ms and 19 MiB, OWASP's smallest.
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// What the gate lets through: half of the cores compute, some wait a moment,
// the rest are told to come back. Readers never queue behind passwords.
const (
	gateWaiting = 32
	gatePatient = 5 * time.Second
)

// gate bounds how many passwords are computed at once.
type gate struct {
	slots    chan struct{}
	waiting  atomic.Int64
	computed atomic.Int64 // hashes so far
	dummy    string       // stands in for the hash of an account that has none
}

func newGate() (*gate, error) {
	dummy, err := argon2id.CreateHash(rand.Text(), hashing)
	if err != nil {
		return nil, fmt.Errorf("password: %w", err)
	}
	return &gate{slots: make(chan struct{}, max(1, runtime.NumCPU()/2)), dummy: dummy}, nil
}

// through runs do when it is its turn. TooSoon "crowded" when too many wait.
func (g *gate) through(ctx context.Context, do func() error) error {
	crowded := &indicators.Error{Kind: indicators.TooSoon, What: "crowded"}
	if g.waiting.Add(1) > gateWaiting {
		g.waiting.Add(-1)
		return crowded
	}
	patient, cancel := context.WithTimeout(ctx, gatePatient)
	defer cancel()
	select {
	case g.slots <- struct{}{}:
		g.waiting.Add(-1)
		defer func() { <-g.slots }()
		return do()
	case <-patient.Done():
		g.waiting.Add(-1)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return crowded
	}
}

// canonical is a password in one form, however it was typed.
func canonical(password string) string { return norm.NFKC.String(password) }

// matches computes one hash, whatever is there to compare with. An account
// without a password matches none.
func (g *gate) matches(password, hash string) (bool, error) {
	against := hash
	if hash == "" {
		against = g.dummy
	}
	g.computed.Add(1)
	same, err := argon2id.ComparePasswordAndHash(canonical(password), against)
	if err != nil {
		return false, fmt.Errorf("password: %w", err)
	}
	return same && hash != "", nil
}

// hash is what is stored for a new password.
func (g *gate) hash(ctx context.Context, password string) (hash string, err error) {
	err = g.through(ctx, func() error {
		g.computed.Add(1)
		hash, err = argon2id.CreateHash(canonical(password), hashing)
		return err
	})
	return hash, err
}

// The length of a password, in characters.
const (
	passwordAlone  = 15
	passwordSecond = 10 // beside a second factor
	passwordMost   = 128
	guesses        = 1e9 // fewer are too easy
)

// checkPassword is the key of what is wrong with a new password, or empty:
// "short", "long", or "easy" for one that is common,
// a pattern, or made of the city's own words.
func checkPassword(password string, second bool, own []string) string {
	password = canonical(password)
	least := passwordAlone
	if second {
		least = passwordSecond
	}
	switch n := len([]rune(password)); {
	case n < least:
		return "short"
	case n > passwordMost:
		return "long"
	}
	// Words of the city count for one character each: the library knows only
	// single words of Latin letters.
	left := strings.ToLower(password)
	for _, word := range own {
		if word = strings.ToLower(word); len([]rune(word)) >= 2 && len(word) >= 3 {
			left = strings.ReplaceAll(left, word, "0")
		}
	}
	if zxcvbn.PasswordStrength(latin(left), own).Guesses < guesses {
		return "easy"
	}
	return ""
}

// latin is a text with one Latin letter for each other character, the same for
// the same: the library counts bytes of anything else wrongly. The letters
// stand in no order that a keyboard or an alphabet has.
func latin(text string) string {
	const letters = "qhzxnkvbjwspmgtcbydrlfaeuoi"
	stand := map[rune]rune{}
	return strings.Map(func(r rune) rune {
		if r < 0x80 {
			return r
		}
		if stand[r] == 0 {
			stand[r] = rune(letters[len(stand)%len(letters)])
		}
		return stand[r]
	}, text)
}

// ownWords are what people here would think of first: the names of the plan's
// places and units, and one's own.
func ownWords(l *indicators.Library, a indicators.Account) []string {
	out := []string{a.Name, a.Person, "yimi", "一米", string(l.Plan.Code), l.Plan.Title}
	for _, x := range l.Areas {
		out = append(out, string(x.Code), x.Name, x.NameEn, x.Short)
		out = append(out, x.Aliases...)
	}
	for _, x := range l.Organisations {
		out = append(out, string(x.Code), x.Name, x.NameEn)
	}
	return append(out, strings.FieldsFunc(strings.Join(out, " "), func(r rune) bool { return r == ' ' || r == '-' })...)
}

// temporary is a password to be told once and changed at once.
func temporary() string {
	t := strings.ToLower(rand.Text())
	return t[:5] + "-" + t[5:10] + "-" + t[10:15] + "-" + t[15:20]
}

// The second factor is read by any authenticator: six digits every 30 seconds.
const (
	stepSeconds = 30
	stepSkew    = 1
	codeLength  = 6
)

// newSecret is a secret for an authenticator.
func newSecret(site, name string) (*otp.Key, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: site, AccountName: name, Period: stepSeconds})
	if err != nil {
		return nil, fmt.Errorf("second factor: %w", err)
	}
	return key, nil
}

// authenticator is a known secret as an authenticator reads it.
func authenticator(site, name, secret string) (*otp.Key, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil || len(raw) < 16 || len(raw) > 64 {
		return nil, fmt.Errorf("second factor: %d bytes: %w", len(raw), err)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: site, AccountName: name, Period: stepSeconds, Secret: raw})
	if err != nil {
		return nil, fmt.Errorf("second factor: %w", err)
	}
	return key, nil
}

// tidyCode is a typed code without what people put between its characters.
func tidyCode(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(width.Narrow.String(strings.TrimSpace(typed))))
}

// stepOf is the time step whose code was typed; 0 for none.
func stepOf(secret, code string, at time.Time) (step int64) {
	now := at.Unix() / stepSeconds
	for n := now - stepSkew; n <= now+stepSkew; n++ {
		want, err := totp.GenerateCode(secret, time.Unix(n*stepSeconds, 0))
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step = n
		}
	}
	return step
}

// recoveryCount is how many recovery codes an account gets.
const recoveryCount = 8

const recoveryLength = 16

// recoveryCodes are for the day when the authenticator is lost: as stored, and
// as shown in groups of four.
func recoveryCodes() (stored, shown []string, err error) {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	for range recoveryCount {
		var code []byte
		for range recoveryLength {
			n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
			if err != nil {
				return nil, nil, fmt.Errorf("recovery codes: %w", err)
			}
			code = append(code, letters[n.Int64()])
		}
		c := string(code)
		stored = append(stored, c)
		shown = append(shown, c[:4]+"-"+c[4:8]+"-"+c[8:12]+"-"+c[12:])
	}
	return stored, shown, nil
}
