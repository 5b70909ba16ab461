package page

// Gone gives back what was typed into the form of a thing that is there no
// more.
type Gone struct {
	Frame
	Sentence string
	Typed    []Fact
	Back     Link
}

// Name is the template's.
func (*Gone) Name() string { return "gone" }
