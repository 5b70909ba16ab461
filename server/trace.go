package server

import (
	"context"
	"net/url"

	"yimi/indicators"
	"yimi/server/page"
)

// traces tells of the public figures of one page how they came to be, to whom
// may know it: each indicator's are read when first asked for.
type traces struct {
	s          *Server
	v          *visit
	release    int
	audits     bool // who asks may read the trail
	withholds  bool // and take a figure back
	provenance map[indicators.Code][]indicators.Provenance
	years      map[int]int // of the rounds
}

func (s *Server) tracesFor(v *visit, a indicators.Actor, release int) *traces {
	// Neither what is not public yet, nor what was public once, can be taken back.
	stands := v.ahead == nil && v.frame.Past == 0 && !v.frame.Dated
	return &traces{
		s: s, v: v, release: release, audits: v.ahead == nil && a.May(indicators.ReadAudit), withholds: stands && a.May(indicators.Withhold),
		provenance: map[indicators.Code][]indicators.Provenance{},
	}
}

// from is the entry that a figure came from, the newest; nil for one that came
// with a package.
func (t *traces) from(ctx context.Context, subject, area indicators.Code, period indicators.Period) (*indicators.Provenance, error) {
	list, asked := t.provenance[subject]
	if !asked {
		var err error
		if list, err = t.s.Store.Provenance(ctx, t.release, subject); err != nil {
			return nil, err
		}
		t.provenance[subject] = list
	}
	if len(list) > 0 && t.years == nil {
		all, err := t.s.Store.Rounds(ctx)
		if err != nil {
			return nil, err
		}
		t.years = map[int]int{}
		for _, r := range all {
			t.years[r.Number] = r.Year
		}
	}
	for n := range list {
		if p := &list[n]; p.Area == area && t.years[p.Round] == period.Year && p.Release > 0 {
			return p, nil
		}
	}
	return nil, nil //nolint:nilnil // what came with a package has none
}

// acts are what can be done with a figure: read its trail, or take it back
// while it stands.
func (t *traces) acts(ctx context.Context, o *indicators.Observation, stands bool) (out []page.Link, err error) {
	if o == nil || !t.audits && !t.withholds {
		return nil, nil
	}
	f := &t.v.frame
	if t.audits {
		from, err := t.from(ctx, o.Subject, o.Area, o.Period)
		if err != nil {
			return nil, err
		}
		object := indicators.ObservationObject(o)
		if from != nil {
			object = indicators.FigureObject(from.ID)
		}
		out = append(out, page.Link{Text: f.T("trace.trail"), URL: trailOf(object)})
	}
	if t.withholds && stands && o.Kind != indicators.Derived {
		out = append(out, page.Link{Text: f.T("withhold.link"), URL: withholdURL(o)})
	}
	return out, nil
}

// trailOf is the address of what the trail says of an object.
func trailOf(object string) string { return "/audit?" + url.Values{"object": {object}}.Encode() }
