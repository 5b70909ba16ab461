package words

import "yimi/indicators"

// Problem says one fault of a package: where, what was read, what was expected.
func (l Lang) Problem(x indicators.Problem) string {
	where := x.File
	if x.Line > 0 {
		where = l.T("cli.at", x.File, x.Line, x.Col)
	}
	if x.Column != "" {
		where += l.T("cli.column", x.Column)
	}
	said := l.T("problem."+x.Rule, x.Args...)
	if x.Read != "" {
		said = l.T("cli.read", x.Read) + said
	}
	return where + l.T("cli.colon") + said
}
