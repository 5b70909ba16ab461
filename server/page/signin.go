package page

import "html/template"

// SignIn is where people sign in, and again where the session has ended.
type SignIn struct {
	Frame
	Form  Form
	Ask   string // whom to ask, in words; empty where nobody is named
	Done  string // what has just been done, in words
	Again bool   // the password is asked for once more
	Kept  bool   // what was typed waits behind it
}

// Name is the template's.
func (*SignIn) Name() string { return "signin" }

// Kept gives back what was typed before the session had ended.
type Kept struct {
	Frame
	Form    Form
	Typed   []string
	Dropped bool // the mail server's password was not kept
	Back    string
}

// Name is the template's.
func (*Kept) Name() string { return "kept" }

// Password asks for a new password.
type Password struct {
	Frame
	Form    Form
	Account string
	Holder  string
	Forced  bool // set by somebody else
}

// Name is the template's.
func (*Password) Name() string { return "password" }

// Told shows what is shown once: a link, a password, recovery codes.
type Told struct {
	Frame
	Text    string
	Secrets []string
	Back    string
}

// Name is the template's.
func (*Told) Name() string { return "told" }

// PNG is a picture of our own as an address within the page, in base64.
func PNG(encoded string) template.URL {
	return template.URL("data:image/png;base64," + encoded) //nolint:gosec // drawn by the server
}
