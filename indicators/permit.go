package indicators

import "slices"

// Action is one act of a user: the word that permits decides on, a route asks
// for and the trail records.
type Action string

// The actions. What a figure goes through stands first, then the office's
// work, then the administrators', then everybody's own.
const (
	Work         Action = "work"          // see what is one's own to do
	ReadFigure   Action = "read_figure"   // see a revision with its evidence and history
	SignFor      Action = "sign_for"      // 签收: take note of what is due
	AskExtension Action = "ask_extension" // ask for a later day
	Save         Action = "draft"         // save a draft
	Attach       Action = "attach"        // add evidence
	Detach       Action = "detach"        // take evidence away
	Submit       Action = "submit"
	Withdraw     Action = "withdraw"
	SignOff      Action = "sign_off" // print the unit's return and attach its scan
	Review       Action = "review"   // see the queue, open what was sent
	Endorse      Action = "endorse"
	Return       Action = "return"
	Approve      Action = "approve"

	OpenRound       Action = "open_round"
	DecideExtension Action = "extend"
	Reopen          Action = "reopen" // one figure, for a time, after the lock
	Chase           Action = "chase"  // progress and reminders
	Publish         Action = "publish"
	Withhold        Action = "withhold" // prepare the release that takes another back
	Override        Action = "override" // a status beside the computed one
	KeepLibrary     Action = "keep_library"

	Configure Action = "settings" // see and change the settings
	BackUp    Action = "backup"   // make, see and verify backups

	ReadAccounts Action = "read_accounts"
	Invite       Action = "invite"
	SetGrants    Action = "grant"
	Disable      Action = "disable"
	Enable       Action = "enable"
	ResetLink    Action = "reset_link"
	EndSessions  Action = "end_sessions" // of somebody else
	HandOver     Action = "hand_over"    // duties and drafts to a successor

	ReadAudit Action = "read_audit"

	OwnAccount     Action = "own_account" // one's password, second factor and sessions
	SignIn         Action = "sign_in"     // recorded; asks for no permit
	SignInRefused  Action = "sign_in_refused"
	SignOut        Action = "sign_out"
	ChangePassword Action = "change_password"
	SecondOn       Action = "second_on"
	SecondOff      Action = "second_off"
	UseRecovery    Action = "use_recovery"
	FirstLink      Action = "first_link" // printed on the console
	ConsoleLink    Action = "console_link"
	Restore        Action = "restore" // of a backup, on the console
)

// ActionScope says of which subjects a permit holds.
type ActionScope string

// The scopes.
const (
	AnySubject ActionScope = "any"
	Own        ActionScope = "own"  // figures of the organisation that the role is held for
	LeadOf     ActionScope = "lead" // figures of indicators which that organisation leads
)

// Permit is one line of what is allowed.
type Permit struct {
	Role    Role
	Action  Action
	Scope   ActionScope
	States  []State // of the revision; nil where the state does not matter
	Others  bool    // never on what the actor entered or endorsed, whatever other role is held
	Outside Kind    // how a subject out of scope answers: NotFound, as an unknown one does
}

var (
	beforeSending = []State{NotBegun, Draft, Returned, Withdrawn}
	entered       = []State{Draft, Submitted, Returned, Withdrawn, Approved}
)

// permits is who may do what to which subject in which state: the one place
// that decides. Endorsing and approving one's own entry is refused by Others,
// and so is approving what one endorsed: two people look at a district's figure.
var permits = []Permit{
	{Contributor, ReadFigure, Own, nil, false, NotFound},
	{Contributor, SignFor, Own, nil, false, NotFound},
	{Contributor, AskExtension, Own, nil, false, NotFound},
	// An approved value can be changed: that voids its approval.
	{Contributor, Save, Own, append(slices.Clone(beforeSending), Submitted, Approved), false, NotFound},
	{Contributor, Attach, Own, append(slices.Clone(beforeSending), Submitted, Approved), false, NotFound},
	// What a reviewer has before them, or passed, keeps the ground that it was passed on.
	{Contributor, Detach, Own, beforeSending, false, NotFound},
	{Contributor, Submit, Own, append(slices.Clone(entered), NotBegun), false, NotFound},
	{Contributor, Withdraw, Own, []State{Submitted}, false, NotFound},
	{Contributor, SignOff, Own, nil, false, NotFound},

	{Reviewer, Review, AnySubject, nil, false, Forbidden},
	{Reviewer, ReadFigure, LeadOf, nil, false, NotFound},
	{Reviewer, Endorse, LeadOf, []State{Submitted}, true, NotFound},
	{Reviewer, Return, LeadOf, []State{Submitted, Endorsed}, false, NotFound},

	{OfficeMember, Review, AnySubject, nil, false, Forbidden},
	{OfficeMember, ReadFigure, AnySubject, nil, false, NotFound},
	{OfficeMember, Approve, AnySubject, []State{Submitted, Endorsed}, true, NotFound},
	{OfficeMember, Return, AnySubject, []State{Submitted, Endorsed, Approved}, false, NotFound},
	{OfficeMember, OpenRound, AnySubject, nil, false, Forbidden},
	{OfficeMember, DecideExtension, AnySubject, nil, false, Forbidden},
	{OfficeMember, Reopen, AnySubject, nil, false, Forbidden},
	{OfficeMember, Chase, AnySubject, nil, false, Forbidden},
	{OfficeMember, Publish, AnySubject, nil, false, Forbidden},
	{OfficeMember, Withhold, AnySubject, nil, false, Forbidden},
	{OfficeMember, Override, AnySubject, nil, false, Forbidden},
	{OfficeMember, KeepLibrary, AnySubject, nil, false, Forbidden},

	{SystemAdmin, Configure, AnySubject, nil, false, Forbidden},
	{SystemAdmin, BackUp, AnySubject, nil, false, Forbidden},

	{SecurityAdmin, ReadAccounts, AnySubject, nil, false, Forbidden},
	{SecurityAdmin, Invite, AnySubject, nil, false, Forbidden},
	{SecurityAdmin, SetGrants, AnySubject, nil, false, Forbidden},
	{SecurityAdmin, Disable, AnySubject, nil, false, Forbidden},
	{SecurityAdmin, Enable, AnySubject, nil, false, Forbidden},
	{SecurityAdmin, ResetLink, AnySubject, nil, false, Forbidden},
	{SecurityAdmin, EndSessions, AnySubject, nil, false, Forbidden},
	{SecurityAdmin, HandOver, AnySubject, nil, false, Forbidden},

	{Auditor, ReadAudit, AnySubject, nil, false, Forbidden},
	{Auditor, ReadFigure, AnySubject, nil, false, NotFound},

	{Anyone, Work, AnySubject, nil, false, Forbidden},
	{Anyone, OwnAccount, AnySubject, nil, false, Forbidden},
	{Anyone, SignOut, AnySubject, nil, false, Forbidden},
	{Anyone, ChangePassword, AnySubject, nil, false, Forbidden},
	{Anyone, SecondOn, AnySubject, nil, false, Forbidden},
	{Anyone, SecondOff, AnySubject, nil, false, Forbidden},
}

// Why a permit for Others does not hold, as keys of the catalogue.
const (
	OwnEntry       = "own_entry"       // the actor entered it
	OwnEndorsement = "own_endorsement" // the actor endorsed it for the lead department
)

// AllPermits lists who may do what, for pages and tests.
func AllPermits() []Permit { return slices.Clone(permits) }

// May reports whether some role of the actor has the action on some subject: what
// a route asks before it looks at any id.
func (a Actor) May(act Action) bool {
	return a.Account != 0 && slices.ContainsFunc(permits, func(p Permit) bool {
		return p.Action == act && (p.Role == Anyone || a.Has(p.Role))
	})
}

// Allow is nil where [Actor.May] is true; else Unauthorized "sign_in" for nobody
// and Forbidden "role" for somebody, the action being the detail.
func (a Actor) Allow(act Action) error {
	switch {
	case a.May(act):
		return nil
	case a.Account == 0:
		return &Error{Kind: Unauthorized, What: "sign_in"}
	}
	return &Error{Kind: Forbidden, What: "role", Detail: string(act)}
}

// Permits is nil where the actor may do act to the subject. Otherwise the
// error of the nearest miss:
//
//	Unauthorized "sign_in"  nobody is signed in
//	Forbidden "role"        no role of the actor has the action
//	NotFound "revision"     the subject is another organisation's: the caller
//	                        answers an unknown id with the same error, Missing("revision", "")
//	Conflict "state"        not in this state
//	Forbidden "own_entry"   the actor entered it
//	Forbidden "own_endorsement"  the actor endorsed it, and approves nothing of it
func Permits(a Actor, act Action, s Subject) error {
	if err := a.Allow(act); err != nil {
		return err
	}
	var nearest error
	miss := -1
	for _, p := range permits {
		if p.Action != act {
			continue
		}
		for _, g := range held(a, p.Role) {
			far, err := p.refuse(a, g, s)
			if err == nil {
				return nil
			}
			if far > miss {
				miss, nearest = far, err
			}
		}
	}
	return nearest
}

// held lists the grants of a role; for Anyone a grant of its own.
func held(a Actor, r Role) []Grant {
	if r == Anyone {
		return []Grant{{}}
	}
	return slices.DeleteFunc(slices.Clone(a.Grants), func(g Grant) bool { return g.Role != r })
}

// refuse says why a permit does not hold, and how far it went.
func (p Permit) refuse(a Actor, g Grant, s Subject) (far int, err error) {
	inside := map[ActionScope]bool{
		AnySubject: true,
		Own:        s.Organisation != "" && s.Organisation == g.Organisation,
		LeadOf:     s.Leads.Contains(g.Organisation),
	}
	switch {
	case !inside[p.Scope] && p.Outside == NotFound:
		return 0, Missing("revision", "")
	case !inside[p.Scope]:
		return 0, &Error{Kind: p.Outside, What: "role", Detail: string(p.Action)}
	case p.States != nil && !slices.Contains(p.States, s.State):
		return 1, &Error{Kind: Conflict, What: "state", Detail: string(s.State)}
	case p.Others && s.EnteredBy == a.Account:
		return 2, &Error{Kind: Forbidden, What: OwnEntry}
	case p.Others && p.Action == Approve && s.EndorsedBy == a.Account:
		return 2, &Error{Kind: Forbidden, What: OwnEndorsement}
	}
	return 3, nil
}
