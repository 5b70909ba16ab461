package indicators

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestCheckGrants(t *testing.T) {
	for _, c := range []struct {
		grants []Grant
		what   string
	}{
		{nil, "grants_none"},
		{[]Grant{{Role: "king"}}, "grant_unknown"},
		{[]Grant{{Role: Anyone}}, "grant_unknown"},
		{[]Grant{{Role: Contributor}}, "grant_organisation"},
		{[]Grant{{Reviewer, ""}}, "grant_organisation"},
		{[]Grant{{OfficeMember, "education"}}, "grant_organisation"},
		{[]Grant{{Contributor, "education"}, {Contributor, "education"}}, "grant_twice"},
		{[]Grant{{Role: SystemAdmin}, {Role: SecurityAdmin}}, "grants_apart"},
		{[]Grant{{Role: SecurityAdmin}, {Role: Auditor}}, "grants_apart"},
		{[]Grant{{Role: SystemAdmin}, {Role: Auditor}}, "grants_apart"},
		{[]Grant{{Role: OfficeMember}, {Role: Auditor}}, "grants_apart"},
		{[]Grant{{Contributor, "education"}, {Role: SystemAdmin}}, "grants_apart"},
		{[]Grant{{Role: SecurityAdmin}, {Reviewer, "education"}}, "grants_apart"},
		{[]Grant{{Role: Auditor}}, ""},
		{[]Grant{{Role: OfficeMember}, {Contributor, "office"}}, ""},
		{[]Grant{{Contributor, "education"}, {Reviewer, "education"}, {Contributor, "health"}}, ""},
	} {
		err := CheckGrants(c.grants)
		var e *Error
		if c.what == "" && err != nil || c.what != "" && (!errors.As(err, &e) || e.Kind != Invalid || e.What != c.what) {
			t.Errorf("CheckGrants(%v) = %v, want %q", c.grants, err, c.what)
		}
	}
}

// The whole of who may do what: role × action × whose × state, held against a
// second wording of the same rules.
func TestPermits(t *testing.T) {
	people := map[string]Actor{
		"nobody":      {},
		"no role":     {Account: 9},
		"contributor": {Account: 1, Grants: []Grant{{Contributor, "education"}}},
		"reviewer":    {Account: 2, Grants: []Grant{{Reviewer, "education"}}},
		"office":      {Account: 3, Grants: []Grant{{Role: OfficeMember}}},
		"system":      {Account: 4, Grants: []Grant{{Role: SystemAdmin}}},
		"security":    {Account: 5, Grants: []Grant{{Role: SecurityAdmin}}},
		"auditor":     {Account: 6, Grants: []Grant{{Role: Auditor}}},
	}
	// By person: actions on own or led figures, and actions that look at none.
	figures := map[string][]Action{
		"contributor": {ReadFigure, SignFor, AskExtension, Save, Attach, Detach, Submit, Withdraw, SignOff},
		"reviewer":    {ReadFigure, Endorse, Return},
		"office":      {ReadFigure, Approve, Return},
		"auditor":     {ReadFigure},
	}
	rest := map[string][]Action{
		"reviewer": {Review},
		"office":   {Review, OpenRound, DecideExtension, Reopen, Chase, Publish, Withhold, Override, KeepLibrary},
		"system":   {Configure, BackUp},
		"security": {ReadAccounts, Invite, SetGrants, Disable, Enable, ResetLink, EndSessions, HandOver},
		"auditor":  {ReadAudit},
	}
	own := []Action{Work, OwnAccount, SignOut, ChangePassword, SecondOn, SecondOff}
	has := func(list []Action, a Action) bool {
		for _, x := range list {
			if x == a {
				return true
			}
		}
		return false
	}
	states := map[Action][]State{
		Save: {NotBegun, Draft, Returned, Withdrawn, Submitted, Approved}, Attach: {NotBegun, Draft, Returned, Withdrawn, Submitted, Approved}, Detach: {NotBegun, Draft, Returned, Withdrawn},
		Submit: {NotBegun, Draft, Submitted, Returned, Withdrawn, Approved}, Withdraw: {Submitted},
		Endorse: {Submitted}, Approve: {Submitted, Endorsed},
	}
	actions := map[Action]bool{"no_such_action": true}
	for _, p := range AllPermits() {
		actions[p.Action] = true
	}
	for name, who := range people {
		for act := range actions {
			for _, place := range []Code{"education", "health"} {
				for _, state := range State("").Allowed() {
					s := Subject{Organisation: place, Leads: Codes{place}, EnteredBy: 77, State: State(state)}
					want := "role"
					switch {
					case name == "nobody":
						want = "sign_in"
					case has(own, act) || has(rest[name], act):
						want = ""
					case has(figures[name], act):
						want = ""
						allowed := states[act]
						if act == Return {
							allowed = []State{Submitted, Endorsed}
							if name == "office" {
								allowed = append(allowed, Approved)
							}
						}
						if place == "health" && name != "office" && name != "auditor" {
							want = "revision"
						} else if allowed != nil && !hasState(allowed, State(state)) {
							want = "state"
						}
					}
					if got := what(Permits(who, act, s)); got != want {
						t.Errorf("%s: %s of %s in %q = %q, want %q", name, act, place, state, got, want)
					}
				}
			}
		}
	}
}

func hasState(list []State, s State) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func what(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.What
	}
	if err != nil {
		return fmt.Sprint(err)
	}
	return ""
}

// Nobody endorses or approves what they entered, whatever other role they hold.
func TestNobodyPassesTheirOwnEntry(t *testing.T) {
	both := Actor{Account: 1, Grants: []Grant{{Contributor, "education"}, {Reviewer, "education"}, {Role: OfficeMember}}}
	for act, state := range map[Action]State{Endorse: Submitted, Approve: Submitted} {
		s := Subject{Organisation: "education", Leads: Codes{"education"}, EnteredBy: 1, State: state}
		if got := what(Permits(both, act, s)); got != "own_entry" {
			t.Errorf("%s of one's own entry = %q", act, got)
		}
		s.EnteredBy = 2
		if err := Permits(both, act, s); err != nil {
			t.Errorf("%s of another's entry = %v", act, err)
		}
		s.EndorsedBy = 1
		want := map[Action]string{Approve: "own_endorsement"}[act] // once returned and sent again, it is endorsed again
		if got := what(Permits(both, act, s)); got != want {
			t.Errorf("%s of what one endorsed = %q, want %q", act, got, want)
		}
	}
}

// Another organisation's figure answers exactly as an unknown one does.
func TestOthersAnswerAsUnknown(t *testing.T) {
	who := Actor{Account: 1, Grants: []Grant{{Contributor, "education"}, {Reviewer, "education"}}}
	for _, act := range []Action{ReadFigure, Save, Submit, Withdraw, Endorse, Return} {
		for _, state := range State("").Allowed() {
			err := Permits(who, act, Subject{Organisation: "health", Leads: Codes{"police"}, EnteredBy: 1, State: State(state)})
			if err == nil || err.Error() != Missing("revision", "").Error() {
				t.Errorf("%s of another's figure = %v", act, err)
			}
		}
	}
}

func TestMay(t *testing.T) {
	if (Actor{}).May(OwnAccount) {
		t.Error("nobody has an account")
	}
	if Console().May(Invite) {
		t.Error("the console holds a role")
	}
	office := Actor{Account: 1, Grants: []Grant{{Role: OfficeMember}}}
	if !office.May(Publish) || office.May(ReadAudit) || office.Allow(ReadAudit) == nil {
		t.Error("the office publishes and reads no trail")
	}
	if !office.NeedsSecond() || (Actor{Grants: []Grant{{Contributor, "education"}}}).NeedsSecond() {
		t.Error("the office needs a second factor, a contributor does not")
	}
}

// The form of a record never changes: every trail that exists stands on it.
func TestRecord(t *testing.T) {
	e := Event{Number: 3, At: mustTime("2026-03-01T08:30:00.5Z"), Account: 2, Actor: "李敏", Act: Save, Object: "revision 1", After: `{"value":"<1"}`, From: "192.0.2.1"}
	want := `[3,"2026-03-01T08:30:00.5Z",2,"李敏","draft","revision 1","","{\"value\":\"\u003c1\"}","192.0.2.1"]`
	if got := string(e.Record()); got != want {
		t.Errorf("Record = %s, want %s", got, want)
	}
}

func mustTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}
