package indicators

// Deed is what is known of a deliverable: done or not, and when.
type Deed struct {
	Due    Period       // its own due date; of a milestone only, its 31 December
	Done   Period       // zero where it is not known to be done
	Said   *Observation // the act, or the newest statement that it is undone
	Behind int          // days after the due date: to the act, else to the day; 0 where it is not late
}

// dueOf is a deliverable's due date; zero for an undated one.
func dueOf(t *Target) Period {
	if !t.Due.IsZero() {
		return t.Due.End()
	}
	if y, ok := t.Milestone.Year(); ok {
		return YearOf(y).End()
	}
	return Period{}
}

// deed judges a deliverable on its own due date. An act stands from its date
// (a month: its last day) unless a statement known later says that it was
// undone then or after. Undone "after it" is undone as of the due date's end
// or later, so a return for the due year counts. It is false for what was done
// before the plan was issued: that is listed, and is no target.
//
// A deliverable has no way to measure: its attainment is 100 done by the due
// date and 0 known undone then, and its gap is null; [Deed] has the days.
func (k *Known) deed(a *Assessment, at int) bool {
	due := dueOf(a.Target)
	d := &Deed{Due: due}
	a.Deed = d
	a.Ended = k.AsOf.Compare(due) > 0
	a.ResultsDue = k.Due(due.Year)
	f := facts{before: !a.Ended, due: k.AsOf.Compare(a.ResultsDue) > 0}
	var rows []row
	if rec := k.of(a.Indicator.Code, at); rec != nil {
		rows = rec.rows
	}
	var act, said *row
	for i := range rows {
		r := &rows[i]
		switch {
		case r.Answer != "":
			if r.Period.Year == due.Year || r.Period.Compare(due) >= 0 {
				a.Answer, f.answered = r.Observation, true
			}
		case r.Value.Present() && r.Value.Decimal().IsPositive():
			if act == nil && !k.contradicted(r, rows) {
				act = r
			}
		case r.Value.Present() && !r.baseline:
			said = r
			f.undone = f.undone || r.Period.Compare(due) >= 0
		}
	}
	f.heard = act != nil || said != nil
	told := said
	if act != nil {
		if act.Period.Compare(k.Library.Plan.Issued) < 0 {
			return false
		}
		told = act
		d.Done = act.Period
		f.done = act.Period.Compare(due) <= 0
		f.late = !f.done
	}
	if told != nil {
		d.Said = told.Observation
		v := &Figure{
			Value: told.Value, Period: told.Period, Basis: Level, How: HowReported, months: told.months,
			From: []*Observation{told.Observation}, exact: whole(told.Value.Decimal()),
		}
		a.Value, a.Latest = v, v
	}
	switch {
	case f.late:
		d.Behind = days(due, d.Done)
	case !f.done && a.Ended:
		d.Behind = days(due, k.AsOf)
	}
	a.Rule = decide(DeliverableRules, &f)
	a.Status = a.Rule.Status
	switch a.Status {
	case Met:
		a.Attainment = NumberOf(hundred)
		a.Answer = nil
	case MetLate, Missed, InProgress:
		a.Attainment = NumberOf(zero)
		a.Answer = nil
	case Answered, Awaiting, NotReported, NoData:
		a.Value = nil
	}
	return true
}

// contradicted reports an act that a statement known later calls undone.
func (k *Known) contradicted(act *row, rows []row) bool {
	p := k.Library.Plan
	for i := range rows {
		r := &rows[i]
		if r.Value.Present() && r.Value.Decimal().IsZero() && r.Period.Compare(act.Period) >= 0 && r.KnownOn(p).Compare(act.KnownOn(p)) > 0 {
			return true
		}
	}
	return false
}

// days counts the days from the end of a to the end of b.
func days(a, b Period) int { return int(b.Time().Sub(a.Time()).Hours() / 24) }
