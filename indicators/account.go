package indicators

import (
	"regexp"
	"strings"
	"time"
)

// Account is a person's entry to the program. It is never deleted: the trail
// names it.
type Account struct {
	ID        int64
	Name      string // typed at sign-in: [AccountName]
	Person    string
	State     AccountState
	Grants    []Grant
	Second    bool // a second factor is set up
	Forced    bool // the password was set by somebody else and must be changed
	Successor int64
	Created   time.Time
	Version   int64 // goes up with every change; a write carries the one it read
}

// Actor is the account as one who acts from an address.
func (a Account) Actor(from string) Actor {
	return Actor{Account: a.ID, Name: a.Name, Person: a.Person, Grants: a.Grants, From: from}
}

var accountName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{1,39}$`)

// FoldName is a name without outer space, in lower case. The store compares names
// so, once their characters are in their plain form.
func FoldName(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }

// AccountName is the name for a new account: 2 to 40 letters, digits, dots,
// hyphens and underscores. Invalid "account_name" otherwise.
func AccountName(typed string) (string, error) {
	name := FoldName(typed)
	if !accountName.MatchString(name) {
		return "", &Error{Kind: Invalid, What: "account_name", Detail: typed}
	}
	return name, nil
}

// How long things that let a person in are good; of a session, before the
// settings say otherwise.
const (
	SessionIdle = time.Hour          // without a request
	SessionLife = 12 * time.Hour     // at most
	Recent      = 10 * time.Minute   // the password given so lately need not be given again
	InviteLife  = 7 * 24 * time.Hour // an invitation
	ResetLife   = 24 * time.Hour     // a link for a new password
)

// Session is one signed-in browser.
type Session struct {
	ID        int64
	Account   int64
	Made      time.Time
	Seen      time.Time // to the minute
	Ends      time.Time
	Confirmed time.Time // when the password was last given
	Second    bool      // the second factor was given
	From      string
	Agent     string
}

// Living reports whether the session still stands at a moment under the limits
// that hold then: limits made narrower end sessions that are older, wider ones
// lengthen none beyond what it was opened for.
func (s Session) Living(at time.Time, limits Settings) bool {
	return at.Before(s.Ends) && at.Before(s.Made.Add(limits.Life())) && at.Before(s.Seen.Add(limits.Idle()))
}

// Recent reports whether the password was given lately enough for what asks
// for it again.
func (s Session) Recent(at time.Time) bool { return at.Before(s.Confirmed.Add(Recent)) }

// Credentials are what a sign-in is held against.
type Credentials struct {
	Account
	Password string // argon2id in PHC form; empty while waiting
	Secret   string // of the second factor; empty without one
	Step     int64  // the last time step accepted
}

// Entry is how somebody signs in whose password was right.
type Entry struct {
	Name     string // as typed
	Step     int64  // the time step of the second factor's code; 0 for none
	Recovery string // a recovery code instead; empty for none
	Before   string // the token of the session that the browser had; empty for none
	From     string // the address
	Place    string // the address as failures count it
	Agent    string // the browser
}

// Patience is how wrong sign-ins are slowed down: the first Free cost nothing,
// then each one doubles the wait from First up to Most. After Forget without
// one they count no more.
type Patience struct {
	Free        int
	First, Most time.Duration
	Forget      time.Duration
}

// The patience with a name and with an address: behind one address a whole
// office may sit.
var (
	NamePatience    = Patience{Free: 5, First: 30 * time.Second, Most: 15 * time.Minute, Forget: 24 * time.Hour}
	AddressPatience = Patience{Free: 30, First: 30 * time.Second, Most: 5 * time.Minute, Forget: time.Hour}
)

// Wait is how long to wait after so many wrong sign-ins in a row.
func (p Patience) Wait(count int) time.Duration {
	if count <= p.Free {
		return 0
	}
	wait := p.First
	for range count - p.Free - 1 {
		if wait >= p.Most {
			break
		}
		wait *= 2
	}
	return min(wait, p.Most)
}
