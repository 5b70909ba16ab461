package page

// Form is a form as a page shows it: what was typed stays in its fields, each
// with what is wrong with it.
type Form struct {
	Action  string
	Button  string
	Problem string // of the form as a whole
	Hidden  []Field
	Fields  []Field
}

// Field is one field of a form. Its name is its id too; where several have one
// name, a number follows.
type Field struct {
	Group          string // a heading over it, where a part of the form begins
	Name, Value    string
	Label, Hint    string
	Problem        string
	Kind           string // text, date, textarea, password, select or checkboxes
	Complete, Mode string // autocomplete and inputmode
	Options        []Option
}

// Wrong counts what is wrong.
func (f *Form) Wrong() int {
	n := 0
	if f.Problem != "" {
		n++
	}
	for _, x := range f.Fields {
		if x.Problem != "" {
			n++
		}
	}
	return n
}
