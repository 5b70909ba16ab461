package indicators

import (
	"net/mail"
	"strings"
	"time"
)

// Letter is one e-mail in the queue: a reminder to a unit. It is sent by and by,
// so that no request waits for a mail server.
type Letter struct {
	ID           int64
	Organisation Code
	To           string // an address, as [MailAddress] accepts it
	Subject      string
	Text         string // plain text, lines ended by line feeds
	Queued       time.Time
	Attempts     int
	Next         time.Time // not tried before; of one that was given up, zero
	Sent         time.Time // zero before
	Failure      string    // what the last attempt met; empty where none failed
}

// GivenUp reports a letter that will not be tried again.
func (l Letter) GivenUp() bool { return l.Sent.IsZero() && l.Next.IsZero() }

// retries is how long to wait after each failed attempt; after the last a letter
// is given up.
var retries = []time.Duration{
	time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// RetryAt is when a letter is tried again after an attempt that failed; zero
// when it is given up.
func RetryAt(attempts int, at time.Time) time.Time {
	if attempts < 1 || attempts > len(retries) {
		return time.Time{}
	}
	return at.Add(retries[attempts-1])
}

// Contact is where an organisation's reminders go.
type Contact struct {
	Organisation Code
	Mail         string
	Version      int // goes up with every change; a write carries the one it read, 0 for a new one
}

// MailAddress is the plain address in what was typed, without a name beside it
// and without a character that cannot be seen.
// Invalid "mail_address" otherwise.
func MailAddress(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	a, err := mail.ParseAddress(typed)
	rule, _ := checkText(typed) // a local part may hold nearly anything
	if err != nil || rule != "" || a.Name != "" || a.Address != typed || len(typed) > 254 {
		return "", &Error{Kind: Invalid, What: "mail_address", Detail: typed}
	}
	return a.Address, nil
}
