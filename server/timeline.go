package server

import (
	"yimi/indicators"
	"yimi/server/chart"
)

// acts is what is known of the measures of one project or document.
type acts struct {
	done   *indicators.Observation // the last act, once all of it is done
	parts  []part                  // what is done while the rest is not
	heard  indicators.Period       // of the newest number on any of the measures
	undone bool                    // the newest statement is that it is not done
	told   *indicators.Observation // the newest statement on any deliverable
}

// part is one deliverable that is done.
type part struct {
	indicator *indicators.Indicator
	act       *indicators.Observation
}

// act is what stands of a deliverable: the act, or the newest statement that
// it is undone; nil when nothing was said by the reading's day. What was
// assessed is told as the assessment has it.
func (r *reading) act(i *indicators.Indicator) *indicators.Observation {
	var found *indicators.Observation
	for _, a := range r.judged(i) {
		if a.Deed != nil && a.Deed.Said != nil {
			found = a.Deed.Said
		}
	}
	if found != nil {
		return found
	}
	t := r.trajectory(i)
	return t.Latest()
}

// acts gathers what is known of a work's measures. A work is done when all of
// them are deliverables and each is done; one part done is not the whole. It is
// undone only where nothing but deliverables says how far it is.
func (r *reading) acts(codes indicators.Codes) acts {
	var out acts
	var undone *indicators.Observation
	whole, deeds := len(codes) > 0, true
	for _, c := range codes {
		i := r.library.Indicator(c)
		if i == nil || i.Measure != indicators.Deliverable {
			whole, deeds = false, false
		}
		if i == nil {
			continue
		}
		for _, o := range r.everywhere(c) {
			if o.Kind != indicators.Baseline && o.Value.Present() && o.Period.Compare(out.heard) > 0 {
				out.heard = o.Period
			}
		}
		if i.Measure != indicators.Deliverable {
			continue
		}
		act := r.act(i)
		if act != nil && (out.told == nil || act.Period.Compare(out.told.Period) > 0) {
			out.told = act
		}
		switch {
		case act == nil:
			whole = false
		case act.Value.Decimal().IsZero():
			whole = false
			if undone == nil || act.Period.Compare(undone.Period) > 0 {
				undone = act
			}
		default:
			out.parts = append(out.parts, part{i, act})
			if out.done == nil || act.Period.Compare(out.done.Period) > 0 {
				out.done = act
			}
		}
	}
	if whole {
		out.parts = nil
		return out
	}
	out.done = nil
	out.undone = deeds && undone != nil && out.heard == undone.Period
	return out
}

// work lays a project or a document on the line of time.
func (a acts) work(x chart.Work) chart.Work {
	x.Heard, x.Undone = a.heard, a.undone
	if a.done != nil {
		x.Done = a.done.Period
	}
	return x
}

// said tells in words what is known of a work; empty when nothing is.
func (r *reading) said(a acts, x chart.Work) string {
	f := &r.frame
	if len(a.parts) == 0 {
		out := x.Stage(f.Lang, "")
		if a.done != nil && a.done.Note != "" {
			out += f.T("note.brackets", a.done.Note)
		}
		return out
	}
	out := ""
	for _, p := range a.parts {
		done := f.Pick(p.indicator.Name, p.indicator.NameEn) + f.T("chart.colon") + f.T("deliverable.done_on", f.Date(p.act.Period))
		if p.act.Note != "" {
			done += f.T("note.brackets", p.act.Note)
		}
		out = f.Join(out, done)
	}
	return out
}
