package indicators

import "fmt"

// Problem is one fault of a package: where it stands, what was read and what
// was expected. Rule is a key of the message catalogue ("problem." + Rule)
// whose words take Args; Row counts data rows from 0 (-1: the file as a
// whole), Line and Col are filled by who knows the file (counted from 1, 0
// when unknown).
type Problem struct {
	File   string
	Row    int
	Line   int
	Col    int
	Column string
	Read   string
	Rule   string
	Args   []any
}

func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d %s %q: %s %v", p.File, p.Line, p.Col, p.Column, p.Read, p.Rule, p.Args)
}

// Problems is every fault of a package at once.
type Problems []Problem

func (ps Problems) Error() string {
	if len(ps) == 1 {
		return ps[0].String()
	}
	return fmt.Sprintf("%d problems, the first: %s", len(ps), ps[0])
}
