package indicators

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Grouping is what assessments are counted by.
type Grouping string

// The groupings.
const (
	ByPlan         Grouping = "plan"
	ByDomain       Grouping = "domain"
	ByTask         Grouping = "task"
	ByOrganisation Grouping = "organisation" // by lead; a shared lead counts once for each
	ByArea         Grouping = "area"
)

// Allowed lists the legal groupings.
func (Grouping) Allowed() []string {
	return []string{"plan", "domain", "task", "organisation", "area"}
}

// StatusCount is how many targets have a status.
type StatusCount struct {
	Status Status
	Count  int
}

// Tally counts the targets of a group at a milestone (product rules,
// "Attainment rate"). Every target has one status, so the counts add up to
// Targets, and so do the parts:
//
//	Targets = Monitorable + OnEarlierFigure + Answered + Awaiting + NotReported + NoData
//
// A target met on an earlier figure (rule 5) has no figure for m: it is
// without a verdict in the rate, in its bounds and in the mean.
type Tally struct {
	Targets         int
	Met             int // met, and met early while m's year has not ended
	Monitorable     int // those, met late, missed, on track, at risk, off track, in progress
	OnEarlierFigure int
	Answered        int
	Awaiting        int
	NotReported     int
	NoData          int

	// Rate is met ÷ monitorable in per cent; null when nothing is monitorable.
	Rate Number
	// Low and High bound the rate over all targets: if none, or all, of those
	// without a verdict were met. Null when there is no target.
	Low, High Number
	// Mean is the unweighted mean attainment over those that have one, OfMean
	// their number; null when none has.
	Mean   Number
	OfMean int

	counts [12]int
	sum    decimal.Decimal
}

// Count is how many targets of the group have a status.
func (t *Tally) Count(s Status) int {
	if i := s.place(); i >= 0 {
		return t.counts[i]
	}
	return 0
}

// Counts lists every status with its count, in the order of [Statuses].
func (t *Tally) Counts() []StatusCount {
	out := make([]StatusCount, 0, len(t.counts))
	for i, s := range Statuses() {
		out = append(out, StatusCount{s, t.counts[i]})
	}
	return out
}

// Monitorable reports a target that the attainment rate counts: one with a
// verdict on m.
func (a *Assessment) Monitorable() bool {
	switch a.Status {
	case Answered, Awaiting, NotReported, NoData:
		return false
	}
	return !a.OnEarlierFigure
}

// Satisfied reports a target that counts as met: met, and met early while m's
// year has not ended.
func (a *Assessment) Satisfied() bool {
	return a.Status == Met || a.Status == MetEarly && !a.OnEarlierFigure
}

func (t *Tally) add(a *Assessment) {
	t.Targets++
	t.counts[a.Status.place()]++
	switch {
	case a.OnEarlierFigure:
		t.OnEarlierFigure++
	case a.Status == Answered:
		t.Answered++
	case a.Status == Awaiting:
		t.Awaiting++
	case a.Status == NotReported:
		t.NotReported++
	case a.Status == NoData:
		t.NoData++
	default:
		t.Monitorable++
		if a.Satisfied() {
			t.Met++
		}
	}
	if a.Attainment.Present() {
		t.OfMean++
		t.sum = t.sum.Add(a.Attainment.Decimal())
	}
}

func (t *Tally) close() {
	per := func(n, of int) Number {
		if of == 0 {
			return Number{}
		}
		return NumberOf(share(whole(decimal.NewFromInt(int64(n))), whole(decimal.NewFromInt(int64(of)))))
	}
	t.Rate = per(t.Met, t.Monitorable)
	t.Low = per(t.Met, t.Targets)
	t.High = per(t.Met+t.Targets-t.Monitorable, t.Targets)
	if t.OfMean > 0 {
		t.Mean = NumberOf(quo(t.sum, decimal.NewFromInt(int64(t.OfMean)), 16))
	}
}

// Count tallies assessments. Pass those of one milestone and one area: a
// target of the city and the same in its districts are not one target.
func Count(list []Assessment) Tally {
	var t Tally
	for i := range list {
		t.add(&list[i])
	}
	t.close()
	return t
}

// Group is a tally with what it is of: the code of a domain, organisation or
// area, the number of a task, or the plan's code. The empty key of a domain is
// the plan-wide group.
type Group struct {
	Key string
	Tally
}

// Groups tallies a plan's assessments at a milestone, in the plan's order, a
// group for everything of its kind whether or not it has a target. The plan,
// its domains (with the plan-wide group last), tasks and organisations count
// the city's assessments, areas their own. Domains and the plan-wide group add
// up to the plan; tasks do not where an indicator stands outside a task, and
// organisations do not since a shared lead counts once for each. A collective
// (各区县…) is no organisation of its own, nor does it stand for its members.
func Groups(l *Library, list []Assessment, by Grouping, milestone int) []Group {
	groups, at := emptyGroups(l, by)
	city := l.City()
	for i := range list {
		a := &list[i]
		if a.Milestone != milestone || by != ByArea && (city == nil || a.Area.Code != city.Code) {
			continue
		}
		for _, key := range keysOf(l, a, by) {
			if g, ok := at[key]; ok {
				groups[g].add(a)
			}
		}
	}
	for i := range groups {
		groups[i].close()
	}
	return groups
}

func emptyGroups(l *Library, by Grouping) ([]Group, map[string]int) {
	var keys []string
	switch by {
	case ByDomain:
		for _, d := range l.Domains {
			keys = append(keys, string(d.Code))
		}
		keys = append(keys, "")
	case ByTask:
		for _, t := range l.Tasks {
			keys = append(keys, string(t.Number))
		}
	case ByOrganisation:
		for _, o := range l.Organisations {
			if o.Kind != Collective {
				keys = append(keys, string(o.Code))
			}
		}
	case ByArea:
		for _, a := range l.Areas {
			keys = append(keys, string(a.Code))
		}
	default:
		keys = []string{string(l.Plan.Code)}
	}
	groups, at := make([]Group, len(keys)), make(map[string]int, len(keys))
	for i, key := range keys {
		groups[i].Key, at[key] = key, i
	}
	return groups, at
}

// keysOf names the groups that an assessment counts in.
func keysOf(l *Library, a *Assessment, by Grouping) []string {
	switch by {
	case ByDomain:
		if d := l.DomainOf(a.Indicator); d != nil {
			return []string{string(d.Code)}
		}
		return []string{""}
	case ByTask:
		return []string{string(a.Indicator.Task)}
	case ByOrganisation:
		var keys []string
		for _, c := range a.Indicator.Leads {
			if !slices.Contains(keys, string(c)) {
				keys = append(keys, string(c))
			}
		}
		return keys
	case ByArea:
		return []string{string(a.Area.Code)}
	}
	return []string{string(l.Plan.Code)}
}
