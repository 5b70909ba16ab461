package indicators

import (
	"regexp"
	"slices"
	"strings"
)

// Code names a thing for ever: lower-case ASCII letters, digits and hyphens,
// beginning with a letter.
type Code string

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Valid reports whether c has the shape of a code.
func (c Code) Valid() bool { return len(c) <= 80 && codePattern.MatchString(string(c)) }

// Codes is an ordered list of codes, joined by ";" in a cell.
type Codes []Code

// Contains reports whether c is in the list.
func (cs Codes) Contains(c Code) bool { return slices.Contains(cs, c) }

// String joins the list as a cell has it.
func (cs Codes) String() string {
	s := make([]string, len(cs))
	for i, c := range cs {
		s[i] = string(c)
	}
	return strings.Join(s, ";")
}

// Label is the plan's own number of a task, project or policy: text without
// ";", cited as written.
type Label string

// Labels is an ordered list of labels, joined by ";" in a cell.
type Labels []Label

// String joins the list as a cell has it.
func (ls Labels) String() string {
	s := make([]string, len(ls))
	for i, l := range ls {
		s[i] = string(l)
	}
	return strings.Join(s, ";")
}

// Names is a list of free words (aliases), joined by ";" in a cell.
type Names []string

// String joins the list as a cell has it.
func (ns Names) String() string { return strings.Join(ns, ";") }
