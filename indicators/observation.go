package indicators

// Bound is how a source bounds a figure it does not give exactly.
type Bound string

// Allowed lists the legal bounds.
func (Bound) Allowed() []string { return []string{"ge", "le", "about"} }

// Answer is what a unit says where it has no number; never zero.
type Answer string

// Suppressed is a small count that is kept back to protect children.
const Suppressed Answer = "suppressed"

// NotAvailable is said where the number comes later.
const NotAvailable Answer = "not_available"

// NotApplicable is said where the thing does not exist in the area: it leaves
// the count of units until newer word.
const NotApplicable Answer = "not_applicable"

// Allowed lists the legal answers.
func (Answer) Allowed() []string {
	return []string{"none", "not_available", "not_applicable", "other_definition", "suppressed"}
}

// ObservationKind is where a figure comes from.
type ObservationKind string

// The kinds of observation.
const (
	Baseline ObservationKind = "baseline" // the plan's own
	Result   ObservationKind = "result"   // published since
	Derived  ObservationKind = "derived"  // computed here from its series
)

// Allowed lists the legal kinds.
func (ObservationKind) Allowed() []string { return []string{"baseline", "result", "derived"} }

// Quality is SDMX CL_OBS_STATUS; empty is A, normal.
type Quality string

// Break marks the first value of a new series: nothing before it is a start, a
// summand or a point of a line for what follows.
const Break Quality = "B"

// Provisional marks a value that its source will still revise.
const Provisional Quality = "P"

// Allowed lists the legal quality marks (SDMX CL_OBS_STATUS 2.2, without A,
// which is written as an empty cell).
func (Quality) Allowed() []string {
	return []string{"B", "D", "E", "F", "G", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "S", "U", "V", "W"}
}

// Confidence is how far a source can be trusted.
type Confidence string

// Repost is a figure known from a repost only.
const Repost Confidence = "C"

// Allowed lists the legal marks: A official, B reproduced, C a repost.
func (Confidence) Allowed() []string { return []string{"A", "B", "C"} }

// Observation is one figure of a subject (an indicator or a series), an area
// and a period. Its key is (subject, area, period, basis, vintage, published);
// of several editions the newest published stands. Numerator and Denominator
// are in ones. Published is a day or a month (then its last day).
type Observation struct {
	Subject          Code            `col:"subject,required"`
	Area             Code            `col:"area,required"`
	Period           Period          `col:"period,required"`
	Value            Number          `col:"value"`
	Bound            Bound           `col:"bound"`
	Answer           Answer          `col:"answer"`
	Basis            Basis           `col:"basis"`
	Numerator        Number          `col:"numerator"`
	Denominator      Number          `col:"denominator"`
	Kind             ObservationKind `col:"kind,required"`
	Quality          Quality         `col:"quality"`
	Vintage          string          `col:"vintage"`
	Published        Period          `col:"published" form:"month,date"`
	PublishedAssumed bool            `col:"published_assumed"`
	Source           string          `col:"source"`
	SourceURL        string          `col:"source_url" form:"url"`
	Confidence       Confidence      `col:"confidence"`
	Note             string          `col:"note"`
	Revision         int             `col:"-"` // the store's count of editions of one figure, the later the higher; 0 in a package
}

// Reference is another place's value, shown beside and never mixed with
// results.
type Reference struct {
	Indicator      Code   `col:"indicator,required"`
	Place          string `col:"place,required"`
	Period         Period `col:"period,required"`
	Value          Number `col:"value,required"`
	SameDefinition bool   `col:"same_definition"`
	Source         string `col:"source"`
	SourceURL      string `col:"source_url" form:"url"`
}

// KnownOn is the day from which a reference is shown: nobody wrote down when it
// was published, so the first 31 December later than its period's last day.
func (r *Reference) KnownOn() Period { return assumed(r.Period) }
