package indicators

import "time"

// UnitName is a unit as the library writes it in both languages.
type UnitName struct {
	Zh string `json:"zh,omitempty"`
	En string `json:"en,omitempty"`
}

// Meaning is what makes a typed number a quantity: the unit that it is in, what
// is measured, per how many a rate counts, and the basis that it states. How it
// is printed (decimals) and what it is called are no part of it.
//
// It is kept when a figure is sent. The library may change while the figure is
// under review, or approved and not yet released; a check of it then warns with
// both meanings, in the queue, in the review pane and in the preview of the
// release, whose publisher has to have seen it. No note settles the warning: what
// the unit wrote, it wrote before. The approval itself stays: a change of the
// library, which may come from the console and has then no account, takes no step
// in anybody's name, and a unit that is only spelt otherwise would send a whole
// round through review again. Whoever finds the number wrong in its new meaning
// returns it, and the unit has everything that it typed; sent again, it is meant
// as the library reads by then.
type Meaning struct {
	Unit    UnitName `json:"unit"`
	Measure Measure  `json:"measure"`
	Per     string   `json:"per,omitempty"` // a number, without trailing zeros
	Basis   Basis    `json:"basis"`
}

// MeaningOf is what an entry of an indicator means as the library reads on a day;
// the zero one for an answer, which holds in any unit.
func (l *Library) MeaningOf(ind *Indicator, e Input, day Period) Meaning {
	if e.Answer != "" {
		return Meaning{}
	}
	m := Meaning{Unit: UnitName{ind.Unit, ind.UnitEn}, Measure: ind.Measure, Basis: l.Fill(ind, e, day).Basis}
	if m.Basis == ChangePct {
		m.Unit = UnitName{UnitOf(ind, m.Basis), ""}
	}
	if ind.Per.Present() {
		m.Per = ind.Per.Decimal().String()
	}
	return m
}

func (m Meaning) per() Number {
	n, err := ParseNumber(m.Per)
	if err != nil {
		return Number{} // it is written by MeaningOf, so it is a number
	}
	return n
}

// changed lists in what a meaning is another by now.
func (m Meaning) changed(now Meaning) (out []Finding) {
	if m == (Meaning{}) || now == (Meaning{}) {
		return nil
	}
	add := func(differs bool, rule string, field Field, was, is any) {
		if differs {
			out = append(out, Finding{Grade: WarningGrade, Rule: rule, Field: field, Args: []any{was, is}})
		}
	}
	add(m.Unit.Zh != now.Unit.Zh, "unit_changed", ValueField, m.Unit, now.Unit)
	add(m.Measure != now.Measure, "measure_changed", ValueField, m.Measure, now.Measure)
	add(m.Per != now.Per, "per_changed", ValueField, m.per(), now.per())
	add(m.Basis != now.Basis, "basis_changed", BasisField, m.Basis, now.Basis)
	return out
}

// Sent is an entry that was sent and is under review, or approved, as it was
// sent: on which day, and what it meant then; the zero meaning where that was not
// kept.
type Sent struct {
	Entry   Input
	On      Period
	Meaning Meaning
}

// SentOf is a revision as it was sent, nil while its unit has it.
func SentOf(r Revision, m Meaning, zone *time.Location) *Sent {
	switch r.State {
	case Submitted, Endorsed, Approved:
		return &Sent{Entry: r.Entry, On: DateOf(r.Submitted.In(zone)), Meaning: m}
	}
	return nil
}

// since is the sending of exactly this entry; nil while it is being entered.
func (c *sighting) since() *Sent {
	if c.Sent == nil || c.Sent.Entry != c.e {
		return nil
	}
	return c.Sent
}

// entered is the day on which the entry is held against the calendar: the one on
// which it was sent, for a unit cannot answer for what passes after it; today
// while it is being entered.
func (c *sighting) entered() Period {
	if s := c.since(); s != nil {
		return s.On
	}
	return c.Day
}

// overtaken tells what has become of an entry since it was sent: the day on which
// a figure was promised has passed, another figure of the year was made public,
// or the library reads it otherwise. Reviewers
// and the publisher have to see it; it keeps nothing from being released.
func (c *sighting) overtaken() (out []Finding) {
	s := c.since()
	if s == nil {
		return nil
	}
	if c.f.Answer == NotAvailable && !c.f.Until.IsZero() && c.f.Until.Compare(s.On) >= 0 && c.f.Until.Compare(c.Day) < 0 {
		out = append(out, Finding{Grade: WarningGrade, Rule: ruleUntilPassed, Field: UntilField, Args: []any{c.f.Until}})
	}
	if !c.Correcting && c.e.Correction == "" && c.replaces() {
		out = append(out, Finding{Grade: WarningGrade, Rule: rulePublicMeanwhile, Field: CorrectionField})
	}
	return append(out, s.Meaning.changed(c.Library.MeaningOf(c.Indicator, c.e, c.Day))...)
}
