package indicators

import "fmt"

// Kind says what sort of failure an [Error] is; the server maps each to one
// HTTP status.
type Kind string

// The kinds of failure that a caller can act on. Anything else is a fault of
// the program.
const (
	Invalid      Kind = "invalid"      // the input breaks a rule
	Unauthorized Kind = "unauthorized" // nobody is signed in
	Forbidden    Kind = "forbidden"    // signed in, and not allowed
	NotFound     Kind = "not_found"    // no such thing
	Conflict     Kind = "conflict"     // somebody else changed it first
	TooLarge     Kind = "too_large"    // over a limit of size, count or time
	TooSoon      Kind = "too_soon"     // to be tried again later
)

// Error is a failure that a person can act on. What names the thing, as a key
// of the message catalogue; Detail is the name or value that was asked for.
type Error struct {
	Kind   Kind
	What   string
	Detail string
}

func (e *Error) Error() string {
	if e.Detail == "" {
		return fmt.Sprintf("%s: %s", e.Kind, e.What)
	}
	return fmt.Sprintf("%s: %s %q", e.Kind, e.What, e.Detail)
}

// Missing is the error for a thing of the plan that does not exist.
func Missing(what, detail string) error {
	return &Error{Kind: NotFound, What: what, Detail: detail}
}
