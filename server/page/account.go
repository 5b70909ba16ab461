package page

import "html/template"

// RoleWords is a role and what it cannot do.
type RoleWords struct{ Role, Cannot string }

// SessionRow is one signed-in browser.
type SessionRow struct {
	ID                      int64
	Made, Seen, From, Agent string
	Here                    bool // this one
}

// Account is one's own account.
type Account struct {
	Frame
	Done     string // what has just been done, in words
	Account  string
	Roles    []RoleWords
	Second   bool
	Needed   bool // the role asks for a second factor
	Codes    int  // recovery codes left
	Sessions []SessionRow
}

// Name is the template's.
func (*Account) Name() string { return "account" }

// Second sets up the second factor.
type Second struct {
	Frame
	Form    Form
	Needed  bool
	Secret  string
	Picture template.URL
}

// Name is the template's.
func (*Second) Name() string { return "second" }

// AccountRow is one account of the list.
type AccountRow struct {
	Account Link
	Holder  string
	State   string
	Second  bool
	Roles   []string
}

// Accounts lists the accounts.
type Accounts struct {
	Frame
	Asked  string
	State  string
	States []Option
	Total  int
	Rows   []AccountRow
}

// Name is the template's.
func (*Accounts) Name() string { return "accounts" }

// Invite makes an account.
type Invite struct {
	Frame
	Form Form
}

// Name is the template's.
func (*Invite) Name() string { return "invite" }

// Keeping is one account as its keeper sees it.
type Keeping struct {
	Frame
	Account   string
	Holder    string
	State     string
	Disabled  bool
	Own       bool
	Second    bool
	Created   string
	Sessions  int
	Version   string
	Base      string // the address of the account
	Roles     []RoleWords
	Successor Link
	Grants    Form
	HandOver  Form
	Left      Left // what nobody would be there for; asked once more
}

// Left is what an act on an account would leave to nobody.
type Left struct {
	Text    string // empty for nothing
	Roles   string // the same at the form of the roles; empty where the account would be closed
	Closing bool
	Lacks   Lacks
}

// Name is the template's.
func (*Keeping) Name() string { return "keeping" }
