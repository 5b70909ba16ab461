package server

import (
	"context"
	"fmt"
	"slices"

	"yimi/indicators"
	"yimi/server/page"
)

// said are the fields of an entry that are published beside its figure.
var said = []indicators.Field{indicators.ExplanationField, indicators.NextField, indicators.CorrectionField}

// statements are what the units say of the figures that the page shows, one for
// each duty: of its newest edition that is public, with the figure that it
// corrected.
func (r *reading) statements(ctx context.Context, i *indicators.Indicator, all []indicators.Observation, known *traces) (out []page.Statement, err error) {
	list, err := known.of(ctx, i.Code)
	if err != nil {
		return nil, err
	}
	figure := func(p *indicators.Provenance) *indicators.Observation {
		at := slices.IndexFunc(all, func(o indicators.Observation) bool { return p.Shows(&o) })
		if at < 0 {
			return nil
		}
		return &all[at]
	}
	f, told := &r.frame, map[int64]bool{}
	for n := range list {
		p := &list[n]
		o := figure(p)
		if o == nil || told[p.ID] {
			continue
		}
		told[p.ID] = true
		x := page.Statement{
			What: f.T("release.where", r.placeName(o.Area), f.Date(o.Period)), Value: r.observed(o), By: r.unit(p.Organisation),
			Release: page.Link{Text: f.T("releases.number", p.Release), URL: f.To(fmt.Sprintf("/releases/%d", p.Release))},
		}
		for _, name := range said {
			if text := p.Entry.Get(name); text != "" {
				x.Said = append(x.Said, page.Fact{Label: f.T("field." + string(name)), Text: text})
			}
		}
		if len(x.Said) == 0 {
			continue
		}
		for m := range list[n+1:] {
			if was := &list[n+1+m]; was.ID == p.ID && was.Edition < p.Edition {
				if o := figure(was); o != nil {
					x.Was = r.observed(o)
				}
				break
			}
		}
		out = append(out, x)
	}
	return out, nil
}
