package indicators

import (
	"testing"
	"time"
)

func TestMailAddress(t *testing.T) {
	for _, bad := range []string{"", "nobody", "a@", "@b.example", "a@b.example, c@d.example", "Name <a@b.example>", "a@b.example\r\nBcc: c@d.example", "a b@c.example", "\u202ea@b.example", "a\u200b@b.example", "a@b\u2066.example"} {
		if got, err := MailAddress(bad); err == nil {
			t.Errorf("MailAddress(%q) = %q, want an error", bad, got)
		}
	}
	for _, good := range []string{"office@zz.example", " office@zz.example ", "教育@例子.example"} {
		if _, err := MailAddress(good); err != nil {
			t.Errorf("MailAddress(%q): %v", good, err)
		}
	}
}

func TestRetries(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	last := at
	for n := 1; n <= len(retries); n++ {
		next := RetryAt(n, at)
		if !next.After(last) {
			t.Errorf("attempt %d is followed at %s, not later than %s", n, next, last)
		}
		last = next
	}
	if !RetryAt(0, at).IsZero() || !RetryAt(len(retries)+1, at).IsZero() {
		t.Error("a letter is tried for ever")
	}
}
