package indicators

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// RulesVersion is the edition of the rules by which a status is given, stored
// with every release. It goes up with any change of what the rules decide.
const RulesVersion = 1

// ReleaseKind is what a release came from.
type ReleaseKind string

// The kinds of release.
const (
	LoadedRelease     ReleaseKind = "load"       // a package of the plan
	RoundRelease      ReleaseKind = "round"      // figures of a round
	WithdrawalRelease ReleaseKind = "withdrawal" // figures taken back
)

// Allowed lists the kinds.
func (ReleaseKind) Allowed() []string { return []string{"load", "round", "withdrawal"} }

// Release is an immutable, numbered set of values that the public reads 发布.
// The figures that ship with the plan are release 1. Person, Rules and Head are
// of those published here: who did it, the version of the rules by which its
// statuses were given, and the state of the audit trail at the end of it.
type Release struct {
	Number    int
	Published time.Time
	Note      string
	Kind      ReleaseKind
	Round     int // 0 where it is of none
	Person    string
	Rules     int
	Head      TreeHead
}

// Change counts what a load of a package did to the store.
type Change struct {
	Rows     int  // library rows added, changed or removed
	Added    int  // observations that were not there
	Ended    int  // observations that no longer stand
	Release  int  // the release that now stands
	FirstOne bool // the store was empty
}

// Nothing reports a load that changed nothing.
func (c Change) Nothing() bool { return c.Rows == 0 && c.Added == 0 && c.Ended == 0 && !c.FirstOne }

// Effect is what becomes of one target's status in one area.
type Effect struct {
	Indicator     Code
	Area          Code
	Target        Target
	Milestone     int
	Before, After Status // "" where the target is judged on one side only
	Value         Number // that the rule rests on, after
}

// Flips reports a status that becomes another.
func (e Effect) Flips() bool { return e.Before != e.After }

type judgedKey struct {
	indicator, area Code
	milestone       Milestone
	basis           Basis
	due, from       Period
	year            int
}

func (a *Assessment) key() judgedKey {
	return judgedKey{a.Indicator.Code, a.Area.Code, a.Target.Milestone, a.Target.Basis, a.Target.Due, a.Target.From, a.Milestone}
}

// Effects lists the targets whose status is another after than before, in the
// order of after, then those that are judged no more.
func Effects(before, after []Assessment) []Effect {
	was := make(map[judgedKey]*Assessment, len(before))
	for i := range before {
		was[before[i].key()] = &before[i]
	}
	var out []Effect
	for i := range after {
		a := &after[i]
		e := Effect{Indicator: a.Indicator.Code, Area: a.Area.Code, Target: *a.Target, Milestone: a.Milestone, After: a.Status}
		if a.Value != nil {
			e.Value = a.Value.Value
		}
		if b := was[a.key()]; b != nil {
			e.Before = b.Status
			delete(was, a.key())
		}
		if e.Flips() {
			out = append(out, e)
		}
	}
	for i := range before {
		if b := &before[i]; was[b.key()] != nil {
			out = append(out, Effect{Indicator: b.Indicator.Code, Area: b.Area.Code, Target: *b.Target, Milestone: b.Milestone, Before: b.Status})
		}
	}
	return out
}

// lastDay is a day on which all that is public is known.
var lastDay = Period{9999, 12, 31}

// FigureChange is one figure that a release would bring, change or take away.
type FigureChange struct {
	Subject Code
	Area    Code
	Period  Period
	Basis   Basis
	Old     *Observation // nil where there was none
	New     *Observation // nil where it is taken back
}

// Differences pairs the figures that stand in two sets of observations, by
// subject, area, period and basis, and lists those that are not the same, in
// the order of their keys. When a figure was published counts for nothing. What
// either side keeps from being told ([Known.Filter]) is not told here.
func Differences(l *Library, before, after []Observation) []FigureChange {
	type key struct {
		subject, area Code
		period        Period
		basis         Basis
	}
	of := func(o *Observation) key {
		return key{o.Subject, o.Area, o.Period, basisFor(l.Indicator(o.Subject), o.Basis)}
	}
	told := func(obs []Observation) []Observation {
		return Standing(l, Know(l, obs, lastDay, nil).Filter(obs))
	}
	old := map[key]*Observation{}
	standing := told(before)
	for i := range standing {
		old[of(&standing[i])] = &standing[i]
	}
	var out []FigureChange
	now := told(after)
	for i := range now {
		o := &now[i]
		k := of(o)
		was := old[k]
		delete(old, k)
		if was != nil && was.says(o) {
			continue
		}
		if was != nil && o.Answer == Suppressed && was.Answer != Suppressed {
			hidden := concealed(*was)
			was = &hidden
		}
		out = append(out, FigureChange{Subject: k.subject, Area: k.area, Period: k.period, Basis: k.basis, Old: was, New: o})
	}
	for k, was := range old {
		out = append(out, FigureChange{Subject: k.subject, Area: k.area, Period: k.period, Basis: k.basis, Old: was})
	}
	slices.SortFunc(out, func(a, b FigureChange) int { return CompareObservations(a.place(), b.place()) })
	return out
}

func (c FigureChange) place() Observation {
	return Observation{Subject: c.Subject, Area: c.Area, Period: c.Period, Basis: c.Basis}
}

// SameFigure reports two observations of which the later published takes the
// earlier's place by itself: of one subject, area and period, in one basis.
func (l *Library) SameFigure(a, b Observation) bool {
	ind := l.Indicator(a.Subject)
	return a.Subject == b.Subject && a.Area == b.Area && a.Period == b.Period && basisFor(ind, a.Basis) == basisFor(ind, b.Basis)
}

// says reports that two editions tell the same.
func (o *Observation) says(p *Observation) bool {
	a, b := *o, *p
	a.Published, b.Published, a.PublishedAssumed, b.PublishedAssumed = Period{}, Period{}, false, false
	return a.Value.String() == b.Value.String() && a.Numerator.String() == b.Numerator.String() &&
		a.Denominator.String() == b.Denominator.String() && a.Bound == b.Bound && a.Answer == b.Answer &&
		a.Quality == b.Quality && a.Vintage == b.Vintage && a.Source == b.Source && a.SourceURL == b.SourceURL &&
		a.Confidence == b.Confidence && a.Note == b.Note && a.Kind == b.Kind
}

// Candidate is one figure of a release being prepared: its revision, what it
// publishes, and what a check of it finds now.
type Candidate struct {
	Revision    Revision
	Observation Observation
	Findings    []Finding
}

// Preview is exactly what a release would do: what publishing with its Token
// does, or refuses to do when anything it rests on has changed since.
type Preview struct {
	Release    int    // the number it would have
	Round      int    // 0: the figures being taken back
	Day        Period // on which it is looked at, and would be published
	Token      string
	Candidates []Candidate    // by indicator in the plan's order, then area; none for round 0
	Taken      []Taking       // figures being taken back; none for a round
	Figures    []FigureChange // old and new value
	Effects    []Effect       // status before and after, of the same day
	Unreported int            // duties of the round that stay without a published figure
	// Assessments are all targets as they would be judged.
	Assessments []Assessment
}

// Foresight is all that the public pages would read once a preview's release
// were published: the release, without its note, and the figures as the store
// would then have them.
type Foresight struct {
	Token        string // of the preview
	Release      Release
	Observations []Observation // that would stand, by area in the library's order
	Replaced     []Observation // that were corrected on the day of their publication
	Withdrawn    []Withdrawal
	// Provenance is how the figures of its candidates' indicators came to be.
	Provenance map[Code][]Provenance
}

// Errors reports findings that keep the release from being published.
func (p *Preview) Errors() bool {
	return slices.ContainsFunc(p.Candidates, func(c Candidate) bool { return HasErrors(c.Findings) })
}

// Warnings counts the findings that the publisher has to have seen.
func (p *Preview) Warnings() int {
	n := 0
	for _, c := range p.Candidates {
		for _, f := range c.Findings {
			if f.Grade == WarningGrade {
				n++
			}
		}
	}
	return n
}

// Seal writes the token: a hash of the release that stands, the edition of the
// library, the day, the due days of the rounds and each candidate with its
// version.
func (p *Preview) Seal(edition int64, due ResultsDue) {
	h := sha256.New()
	fmt.Fprintln(h, p.Release, p.Round, edition, p.Day, RulesVersion, due)
	for _, c := range p.Candidates {
		fmt.Fprintln(h, c.Revision.Revision, c.Revision.Version)
	}
	for _, t := range p.Taken {
		fmt.Fprintln(h, "-", t.ID, t.Restores)
	}
	p.Token = hex.EncodeToString(h.Sum(nil))[:32]
}

// Vouch adds what the checks found to the token, for who publishes says that it
// was seen: what is entered beside a candidate moves a finding, and no version.
func (p *Preview) Vouch() {
	h := sha256.New()
	fmt.Fprintln(h, p.Token)
	for _, c := range p.Candidates {
		for _, f := range c.Findings {
			fmt.Fprintf(h, "%d %s %s %s\n", c.Revision.Revision, f.Grade, f.Rule, f.Field)
			for _, a := range f.Args {
				if t, is := a.(Target); is { // which has a pointer
					a = fmt.Sprint(TargetPath(&t), t.Comparator, t.Value, t.Upper)
				}
				fmt.Fprintf(h, "%v\n", a)
			}
			if f.Across != nil {
				fmt.Fprintln(h, *f.Across)
			}
		}
	}
	p.Token = hex.EncodeToString(h.Sum(nil))[:32]
}

// Taking is a public figure that the office has prepared to take back, or (of
// an undone release) to bring back.
type Taking struct {
	ID          int64
	Observation Observation
	Restores    bool   // the figure comes back
	Undoes      int    // the release that is undone; 0 for a single figure
	Reason      string // published
	Person      string
	At          time.Time
}

// TargetStatus is one row of what a release stored of its statuses: what the
// rules of that day said, in the words of that day.
type TargetStatus struct {
	Indicator  Code
	Area       Code
	Milestone  Milestone // the target's
	Basis      Basis
	Year       int // the milestone it was judged at
	Status     Status
	Rule       string // as [StatusRule] prints itself
	Value      Number
	Period     Period // of Value
	Attainment Number
	Gap        Number
	SentenceZh string
	SentenceEn string
}

// StatusOf is an assessment as a release stores it, with its sentences.
func StatusOf(a *Assessment, zh, en string) TargetStatus {
	t := TargetStatus{
		Indicator: a.Indicator.Code, Area: a.Area.Code, Milestone: a.Target.Milestone, Basis: a.Target.Basis,
		Year: a.Milestone, Status: a.Status, Rule: a.Rule.String(), Attainment: a.Attainment, Gap: a.Gap,
		SentenceZh: zh, SentenceEn: en,
	}
	if a.Value != nil {
		t.Value, t.Period = a.Value.Value, a.Value.Period
	}
	return t
}

// Shows reports the provenance of an observation that the store has.
func (p *Provenance) Shows(o *Observation) bool {
	return p.Public.Subject == o.Subject && p.Public.Area == o.Area && p.Public.Period == o.Period && p.Public.Basis == o.Basis && p.Public.Revision == o.Revision
}

// Provenance is how a public figure came to be: who entered it, who passed it,
// when, on what, and in which release.
type Provenance struct {
	Revision
	// Public is the key of the figure, with its Revision, and nothing else of it: a
	// figure that a package brought to the same place has another.
	Public     Observation
	EndorsedBy string
	EndorsedAt time.Time
	ApprovedBy string
	ApprovedAt time.Time
	Evidence   int // files
}

// Teller says the assessments of a library as of a day in Chinese and English,
// as a release keeps them; it must be quick, for a transaction waits for it.
type Teller func(l *Library, day Period) func(*Assessment) (zh, en string)
