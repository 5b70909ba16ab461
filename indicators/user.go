package indicators

import "slices"

// Role is what an account may be in this program. The three administrators
// (三员) are kept apart from each other and from the figures: [CheckGrants].
type Role string

// The roles.
const (
	Contributor   Role = "contributor" // enters the figures of one organisation 填报人
	Reviewer      Role = "reviewer"    // endorses for one lead department 审核人
	OfficeMember  Role = "office"      // opens rounds, approves, publishes, keeps the library 妇儿工委办
	SystemAdmin   Role = "system"      // settings and backups 系统管理员
	SecurityAdmin Role = "security"    // accounts and roles 安全管理员
	Auditor       Role = "auditor"     // reads the trail 审计员
	Anyone        Role = ""            // whoever is signed in; in permits only, never granted
)

// Allowed lists the roles that can be granted.
func (Role) Allowed() []string {
	return []string{"contributor", "reviewer", "office", "system", "security", "auditor"}
}

// OfOrganisation reports a role that is held for one organisation.
func (r Role) OfOrganisation() bool { return r == Contributor || r == Reviewer }

// Apart reports one of the three administrators, who hold nothing else.
func (r Role) Apart() bool { return r == SystemAdmin || r == SecurityAdmin || r == Auditor }

// NeedsSecond reports a role that signs in with a second factor, whatever the
// settings say.
func (r Role) NeedsSecond() bool { return r == OfficeMember || r.Apart() }

// Grant is one role of an account; Organisation stands where the role is held
// for one, and is empty elsewhere.
type Grant struct {
	Role         Role
	Organisation Code
}

// String is the grant as the trail has it: "office", "contributor:education".
func (g Grant) String() string {
	if g.Organisation == "" {
		return string(g.Role)
	}
	return string(g.Role) + ":" + string(g.Organisation)
}

// CheckGrants refuses what one account may not hold together. The error is
// Invalid: "grants_none" for none at all, "grant_unknown" for a role that is
// not one, "grant_organisation" for a role without its organisation or with one
// too many, "grant_twice", and "grants_apart" for two of the three
// administrators or one of them beside any other role.
func CheckGrants(grants []Grant) error {
	if len(grants) == 0 {
		return &Error{Kind: Invalid, What: "grants_none"}
	}
	for i, g := range grants {
		switch {
		case !slices.Contains(g.Role.Allowed(), string(g.Role)):
			return &Error{Kind: Invalid, What: "grant_unknown", Detail: string(g.Role)}
		case g.Role.OfOrganisation() != (g.Organisation != ""):
			return &Error{Kind: Invalid, What: "grant_organisation", Detail: g.String()}
		case slices.Contains(grants[:i], g):
			return &Error{Kind: Invalid, What: "grant_twice", Detail: g.String()}
		}
	}
	if len(grants) > 1 {
		for _, g := range grants {
			if g.Role.Apart() {
				return &Error{Kind: Invalid, What: "grants_apart", Detail: g.String()}
			}
		}
	}
	return nil
}

// Actor is who acts. The zero Actor is nobody: a reader who is not signed in.
type Actor struct {
	Account int64
	Name    string // typed at sign-in
	Person  string // as the trail and the pages name them
	Grants  []Grant
	From    string // the address of the request; empty on the console
}

// Console is the actor of a command run on the machine itself; it holds no
// role, so nothing that permits asks for is open to it.
func Console() Actor { return Actor{Person: "console"} }

// Has reports whether the actor holds a role, for whatever organisation.
func (a Actor) Has(r Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == r })
}

// Organisations lists for which organisations the actor holds a role, in the
// order of the grants.
func (a Actor) Organisations(r Role) Codes {
	var out Codes
	for _, g := range a.Grants {
		if g.Role == r && g.Organisation != "" {
			out = append(out, g.Organisation)
		}
	}
	return out
}

// NeedsSecond reports an actor who signs in with a second factor, whatever the
// settings say.
func (a Actor) NeedsSecond() bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role.NeedsSecond() })
}

// AccountState says whether an account can sign in.
type AccountState string

// The states of an account.
const (
	Waiting  AccountState = "waiting"  // invited, no password yet
	Enabled  AccountState = "enabled"  // signs in
	Disabled AccountState = "disabled" // kept for the trail, signs in no more
)

// Allowed lists the states.
func (AccountState) Allowed() []string { return []string{"waiting", "enabled", "disabled"} }

// Subject is what an action is done to, as far as permits looks at it. The zero
// Subject is an action on no figure: opening a page, opening a round.
type Subject struct {
	Organisation Code  // who reports the figure
	Leads        Codes // the lead departments of the indicator
	EnteredBy    int64 // the account that entered the figure; 0 for none
	EndorsedBy   int64 // the account that endorsed the revision; 0 for none
	State        State // of the revision
}

// State is where a revision stands on its way to the public.
type State string

// The states of a revision.
const (
	NotBegun  State = ""          // nothing entered yet
	Draft     State = "draft"     // being entered
	Submitted State = "submitted" // sent to the reviewer
	Endorsed  State = "endorsed"  // a district's, passed by the lead department
	Approved  State = "approved"  // passed by the office
	Published State = "published" // in a release
	Returned  State = "returned"  // sent back with a reason
	Withdrawn State = "withdrawn" // taken back by its sender
)

// Allowed lists the states.
func (State) Allowed() []string {
	return []string{"", "draft", "submitted", "endorsed", "approved", "published", "returned", "withdrawn"}
}
