package indicators

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Event is one line of the audit trail: who did what to what, when and from
// where. Before and After are small JSON texts, empty where there is nothing
// to tell. Number counts from 1 without a gap and is given by the store.
type Event struct {
	Number  int64
	At      time.Time
	Account int64  // 0 for the console and for people who are not signed in
	Actor   string // the person's name when it happened
	Act     Action
	Object  string // "account 3", "round 2", "revision 17", ...
	Before  string
	After   string
	From    string
}

// Did is the event of an act of this actor. before and after become JSON; nil
// leaves them empty. It panics on what JSON cannot hold, a fault of the caller.
func (a Actor) Did(at time.Time, act Action, object string, before, after any) Event {
	return Event{
		At: at, Account: a.Account, Actor: a.Person, Act: act, Object: object, From: a.From,
		Before: asJSON(before), After: asJSON(after),
	}
}

func asJSON(v any) string {
	if v == nil {
		return ""
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("audit: %v", err))
	}
	return string(text)
}

// Record is the event as the transparency log hashes it: an array of JSON in
// the order of the fields, the time in UTC to the nanosecond. A change of this
// form breaks every log that exists.
func (e Event) Record() []byte {
	text, err := json.Marshal([]any{
		e.Number, e.At.UTC().Format(time.RFC3339Nano), e.Account, e.Actor, e.Act, e.Object, e.Before, e.After, e.From,
	})
	if err != nil {
		panic(fmt.Sprintf("audit: %v", err)) // strings and numbers only: it cannot happen
	}
	return text
}

// TreeHead is the state of the trail after Size events: Root is the Merkle
// root of the log in base64, "" for an empty one. Printed outside the database,
// it shows later whether the events before it are still the same.
type TreeHead struct {
	Size int64
	Root string
}

// EventFilter narrows a reading of the trail; a zero field asks for nothing.
type EventFilter struct {
	Account int64
	Act     Action
	Object  string    // exactly
	Since   time.Time // the first moment
	Until   time.Time // the first moment after it
	Below   int64     // event numbers under this one: the next page
	Limit   int       // events of a page; 0 is 100, and 1000 the most
}

// The objects under which the trail records what was done to a figure of a
// round, to a public figure and to a release.

// FigureObject names a figure of a round, by its duty.
func FigureObject(duty int64) string { return fmt.Sprintf("figure %d", duty) }

// ObservationObject names a public figure, by its key.
func ObservationObject(o *Observation) string {
	k := o.key()
	return "observation " + strings.Join(k[:], " ")
}

// ReleaseObject names a release.
func ReleaseObject(number int) string { return fmt.Sprintf("release %d", number) }
