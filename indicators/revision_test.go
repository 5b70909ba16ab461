package indicators

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// figureActions are the acts that move a figure.
var figureActions = []Action{Save, Submit, Withdraw, Endorse, Return, Approve, Publish}

// Every role × state × action × whose figure: the permits and the transitions
// together allow exactly what is listed here.
func TestLifeOfAFigure(t *testing.T) {
	const entered, acts = 7, 8
	roles := map[string]Actor{
		"contributor": {Account: acts, Grants: []Grant{{Contributor, "own"}}},
		"reviewer":    {Account: acts, Grants: []Grant{{Reviewer, "lead"}}},
		"office":      {Account: acts, Grants: []Grant{{Role: OfficeMember}}},
		"system":      {Account: acts, Grants: []Grant{{Role: SystemAdmin}}},
		"security":    {Account: acts, Grants: []Grant{{Role: SecurityAdmin}}},
		"auditor":     {Account: acts, Grants: []Grant{{Role: Auditor}}},
		"stranger":    {Account: acts, Grants: []Grant{{Contributor, "other"}, {Reviewer, "other"}}},
		"nobody":      {},
		"everything":  {Account: entered, Grants: []Grant{{Contributor, "own"}, {Reviewer, "lead"}, {Role: OfficeMember}}},
	}
	want := map[string]bool{}
	allow := func(role string, district string, act Action, states ...State) {
		for _, s := range states {
			want[fmt.Sprint(role, district, act, s)] = true
		}
	}
	for _, role := range []string{"contributor", "everything"} {
		for _, of := range []string{" department ", " district "} {
			allow(role, of, Save, NotBegun, Draft, Returned, Withdrawn, Approved)
			allow(role, of, Submit, Draft, Returned, Withdrawn)
			allow(role, of, Withdraw, Submitted)
		}
	}
	// A district's figure that was endorsed becomes one of those that nobody
	// endorses when the library names no lead any more: it must not be stuck.
	for _, of := range []string{" department ", " district "} {
		allow("reviewer", of, Return, Submitted, Endorsed)
		allow("office", of, Approve, Endorsed)
	}
	allow("reviewer", " district ", Endorse, Submitted)
	for _, role := range []string{"office", "everything"} { // everything: never what it entered
		for _, of := range []string{" department ", " district "} {
			allow(role, of, Return, Submitted, Endorsed, Approved)
			allow(role, of, Publish, Approved)
		}
	}
	allow("office", " department ", Approve, Submitted)
	for name, actor := range roles {
		for _, district := range []bool{false, true} {
			of := map[bool]string{false: " department ", true: " district "}[district]
			for _, state := range []State{NotBegun, Draft, Submitted, Endorsed, Approved, Published, Returned, Withdrawn} {
				for _, act := range figureActions {
					_, step := NextState(state, act, district)
					permit := Permits(actor, act, Subject{Organisation: "own", Leads: Codes{"lead"}, EnteredBy: entered, State: state})
					key := fmt.Sprint(name, of, act, state)
					if state == Published && act == Save {
						continue // a correction: see the store
					}
					if got := step == nil && permit == nil; got != want[key] {
						t.Errorf("%s %s of a%sfigure in %q: %v (%v, %v), want %v", name, act, of, state, got, step, permit, want[key])
					}
				}
			}
		}
	}
}

func TestMerged(t *testing.T) {
	base := Input{Value: "27000", Note: "old"}
	now := Input{Value: "28000", Note: "old"}
	after, clashes, err := Merged(base, now, []Edit{{NoteField, "B's"}})
	if err != nil || len(clashes) > 0 || after != (Input{Value: "28000", Note: "B's"}) {
		t.Errorf("a note beside another's value: %v %v %v", after, clashes, err)
	}
	after, clashes, err = Merged(base, now, []Edit{{ValueField, "27000"}, {NoteField, "B's"}})
	if err != nil || len(clashes) > 0 || after != (Input{Value: "28000", Note: "B's"}) {
		t.Errorf("a form that sends the old value back: %v %v %v", after, clashes, err)
	}
	_, clashes, err = Merged(base, now, []Edit{{ValueField, "29000"}})
	if err != nil || !slices.Equal(clashes, []Clash{{ValueField, "27000", "28000", "29000"}}) {
		t.Errorf("two values: %v %v", clashes, err)
	}
	if _, clashes, err = Merged(base, now, []Edit{{ValueField, "28000"}}); err != nil || len(clashes) > 0 {
		t.Errorf("the same value twice: %v %v", clashes, err)
	}
}

func TestEntryKeepsWhatIsTyped(t *testing.T) {
	e, err := Input{}.With([]Edit{{ValueField, " 二十 "}, {NoteField, "a\r\nb"}})
	if err != nil || e.Value != "二十" || e.Note != "a\nb" {
		t.Errorf("With = %+v, %v", e, err)
	}
	for _, f := range Field("").Allowed() {
		if e, err := (Input{}).With([]Edit{{Field(f), "x"}}); err != nil || e.Get(Field(f)) != "x" {
			t.Errorf("field %s keeps %q, %v", f, e.Get(Field(f)), err)
		}
	}
	var known *Error
	if e, err := (Input{}).With([]Edit{{ValueField, "\u202a1,234\u202c"}, {NoteField, "a\u200bb"}}); err != nil || e.Value != "\u202a1,234\u202c" {
		t.Errorf("what copying brings along is refused: %+v, %v", e, err)
	}
	for _, bad := range []Edit{{"other", "x"}, {NoteField, "a\x00b"}, {NoteField, "a\u202e05"}, {SourceField, "\u202dx"}, {ExplanationField, "\u2067x"}, {NoteField, "\xff"}, {NoteField, string(make([]byte, 9000))}} {
		if _, err := (Input{}).With([]Edit{bad}); !errors.As(err, &known) {
			t.Errorf("With(%.20q) = %v", bad, err)
		}
	}
}
