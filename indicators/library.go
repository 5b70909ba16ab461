package indicators

import "slices"

// Library is a package's rows without its observations, with the look-ups that
// pages need. It is read-only: build a new one when a row changes.
type Library struct {
	Plan          Plan
	Domains       []Domain
	Organisations []Organisation
	Areas         []Area
	Tasks         []Task
	Commitments   []Commitment
	Indicators    []Indicator
	Targets       []Target
	Series        []Series
	References    []Reference
	Rules         []Rule
	Projects      []Project
	Policies      []Policy
	Pledges       []Pledge

	domain       map[Code]*Domain
	organisation map[Code]*Organisation
	area         map[Code]*Area
	task         map[Label]*Task
	indicator    map[Code]*Indicator
	series       map[Code]*Series
	targets      map[Code][]Target
	references   map[Code][]Reference
	promised     map[Code][]Commitment
	promises     map[Label][]Commitment
}

// NewLibrary indexes the rows of p.
func NewLibrary(p *Package) *Library {
	l := &Library{
		Plan: p.Plan, Domains: p.Domains, Organisations: p.Organisations, Areas: p.Areas,
		Tasks: p.Tasks, Commitments: p.Commitments, Indicators: p.Indicators, Targets: p.Targets,
		Series: p.Series, References: p.References, Rules: p.Rules, Projects: p.Projects,
		Policies: p.Policies, Pledges: p.Pledges,
		targets: map[Code][]Target{}, references: map[Code][]Reference{},
		promised: map[Code][]Commitment{}, promises: map[Label][]Commitment{},
	}
	l.domain = index(l.Domains, func(d *Domain) Code { return d.Code })
	l.organisation = index(l.Organisations, func(o *Organisation) Code { return o.Code })
	l.area = index(l.Areas, func(a *Area) Code { return a.Code })
	l.task = index(l.Tasks, func(t *Task) Label { return t.Number })
	l.indicator = index(l.Indicators, func(i *Indicator) Code { return i.Code })
	l.series = index(l.Series, func(s *Series) Code { return s.Code })
	for _, t := range l.Targets {
		l.targets[t.Indicator] = append(l.targets[t.Indicator], t)
	}
	for _, r := range l.References {
		l.references[r.Indicator] = append(l.references[r.Indicator], r)
	}
	for _, c := range l.Commitments {
		l.promises[c.Task] = append(l.promises[c.Task], c)
		for _, i := range c.Indicators {
			l.promised[i] = append(l.promised[i], c)
		}
	}
	return l
}

func index[K comparable, T any](rows []T, key func(*T) K) map[K]*T {
	m := make(map[K]*T, len(rows))
	for i := range rows {
		m[key(&rows[i])] = &rows[i]
	}
	return m
}

// Domain is the domain of that code, nil when there is none.
func (l *Library) Domain(c Code) *Domain { return l.domain[c] }

// Organisation is the organisation of that code, nil when there is none.
func (l *Library) Organisation(c Code) *Organisation { return l.organisation[c] }

// Area is the area of that code, nil when there is none.
func (l *Library) Area(c Code) *Area { return l.area[c] }

// Task is the task of that number, nil when there is none.
func (l *Library) Task(n Label) *Task { return l.task[n] }

// Indicator is the indicator of that code, nil when there is none.
func (l *Library) Indicator(c Code) *Indicator { return l.indicator[c] }

// SeriesOf is the supporting series of that code, nil when there is none.
func (l *Library) SeriesOf(c Code) *Series { return l.series[c] }

// NameOf is the name of whatever has that code, in English where it has one and
// that is asked for; empty for a code that the library does not know.
func (l *Library) NameOf(english bool, c Code) string {
	var name, nameEn string
	switch {
	case l.indicator[c] != nil:
		name, nameEn = l.indicator[c].Name, l.indicator[c].NameEn
	case l.series[c] != nil:
		name, nameEn = l.series[c].Name, l.series[c].NameEn
	case l.area[c] != nil:
		name, nameEn = l.area[c].Name, l.area[c].NameEn
	case l.organisation[c] != nil:
		name, nameEn = l.organisation[c].Name, l.organisation[c].NameEn
	}
	if english && nameEn != "" {
		return nameEn
	}
	return name
}

// Project is the project of that number, nil when there is none.
func (l *Library) Project(n Label) *Project {
	for i := range l.Projects {
		if l.Projects[i].Number == n {
			return &l.Projects[i]
		}
	}
	return nil
}

// TargetsOf lists an indicator's targets in the plan's order.
func (l *Library) TargetsOf(c Code) []Target { return l.targets[c] }

// ReferencesOf lists other places' values of an indicator.
func (l *Library) ReferencesOf(c Code) []Reference { return l.references[c] }

// CommitmentsOf lists what a task promises.
func (l *Library) CommitmentsOf(n Label) []Commitment { return l.promises[n] }

// PromisesOf lists the commitments that an indicator measures.
func (l *Library) PromisesOf(c Code) []Commitment { return l.promised[c] }

// City is the area at the top.
func (l *Library) City() *Area {
	for i := range l.Areas {
		if l.Areas[i].Level == CityLevel {
			return &l.Areas[i]
		}
	}
	return nil
}

// Districts lists the areas right below the city, in the plan's order.
func (l *Library) Districts() []Area {
	var out []Area
	for _, a := range l.Areas {
		if a.Level == DistrictLevel {
			out = append(out, a)
		}
	}
	return out
}

// DomainOf is the domain an indicator belongs to: its task's, else its own;
// nil for the plan-wide group.
func (l *Library) DomainOf(i *Indicator) *Domain {
	if t := l.task[i.Task]; t != nil {
		return l.domain[t.Domain]
	}
	return l.domain[i.Domain]
}

// TasksOf lists a domain's tasks in the plan's order.
func (l *Library) TasksOf(domain Code) []Task {
	var out []Task
	for _, t := range l.Tasks {
		if t.Domain == domain {
			out = append(out, t)
		}
	}
	return out
}

// IndicatorsOfTask lists a task's indicators in the plan's order.
func (l *Library) IndicatorsOfTask(n Label) []*Indicator {
	return l.where(func(i *Indicator) bool { return i.Task == n && n != "" })
}

// IndicatorsOfDomain lists a domain's indicators in the plan's order; the
// empty code asks for the plan-wide group.
func (l *Library) IndicatorsOfDomain(c Code) []*Indicator {
	return l.where(func(i *Indicator) bool {
		d := l.DomainOf(i)
		return d == nil && c == "" || d != nil && d.Code == c
	})
}

// IndicatorsOfLead lists the indicators that an organisation leads.
func (l *Library) IndicatorsOfLead(c Code) []*Indicator {
	return l.where(func(i *Indicator) bool { return i.Leads.Contains(c) })
}

// Headlines lists the headline measures by rank.
func (l *Library) Headlines() []*Indicator {
	out := l.where(func(i *Indicator) bool { return i.Headline != nil })
	slices.SortStableFunc(out, func(a, b *Indicator) int { return *a.Headline - *b.Headline })
	return out
}

func (l *Library) where(keep func(*Indicator) bool) []*Indicator {
	var out []*Indicator
	for i := range l.Indicators {
		if keep(&l.Indicators[i]) {
			out = append(out, &l.Indicators[i])
		}
	}
	return out
}

// Reporter is who enters an indicator's results: the named one, else the first
// lead; nil when neither is known.
func (l *Library) Reporter(i *Indicator) *Organisation {
	if o := l.organisation[i.Reporter]; o != nil {
		return o
	}
	for _, c := range i.Leads {
		if o := l.organisation[c]; o != nil {
			return o
		}
	}
	return nil
}

// Takes reports whether an organisation is among codes, itself or as a member
// of a collective named there.
func (l *Library) Takes(codes Codes, organisation Code) bool {
	for _, c := range codes {
		if c == organisation {
			return true
		}
		if o := l.organisation[c]; o != nil && o.Members.Contains(organisation) {
			return true
		}
	}
	return false
}

// IndicatorsOfScope lists the indicators whose targets hold in that scope.
func (l *Library) IndicatorsOfScope(s Scope) []*Indicator {
	return l.where(func(i *Indicator) bool { return i.Scope == s })
}

// OrganisationOf is the district government of an area, nil when none is
// named.
func (l *Library) OrganisationOf(area Code) *Organisation {
	for i := range l.Organisations {
		if o := &l.Organisations[i]; o.Area == area && o.Kind == District {
			return o
		}
	}
	return nil
}
