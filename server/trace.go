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
}

func (s *Server) tracesFor(v *visit, a indicators.Actor, release int) *traces {
	// Neither what is not public yet, nor what was public once, can be taken back.
	stands := v.ahead == nil && v.frame.Past == 0 && !v.frame.Dated
	return &traces{
		s: s, v: v, release: release, audits: v.ahead == nil && a.May(indicators.ReadAudit), withholds: stands && a.May(indicators.Withhold),
		provenance: map[indicators.Code][]indicators.Provenance{},
	}
}

// of lists how the public figures of an indicator came to be, the newest first.
func (t *traces) of(ctx context.Context, subject indicators.Code) ([]indicators.Provenance, error) {
	if list, read := t.provenance[subject]; read {
		return list, nil
	}
	list, foreseen := []indicators.Provenance(nil), false
	if t.v.ahead != nil {
		list, foreseen = t.v.ahead.Provenance[subject]
	}
	if !foreseen {
		release := t.release
		if t.v.ahead != nil {
			release = t.v.ahead.Release.Number - 1
		}
		var err error
		if list, err = t.s.Store.Provenance(ctx, release, subject); err != nil {
			return nil, err
		}
	}
	t.provenance[subject] = list
	return list, nil
}

// from is the entry that a figure came from; nil for one that came with a
// package, and for no figure.
func (t *traces) from(ctx context.Context, o *indicators.Observation) (*indicators.Provenance, error) {
	if o == nil {
		return nil, nil //nolint:nilnil // as the comment says
	}
	list, err := t.of(ctx, o.Subject)
	if err != nil {
		return nil, err
	}
	for n := range list {
		if list[n].Shows(o) {
			return &list[n], nil
		}
	}
	return nil, nil //nolint:nilnil // as the comment says
}

// acts are what can be done with a figure: read its trail, or take it back
// while it stands.
func (t *traces) acts(ctx context.Context, o *indicators.Observation, stands bool) (out []page.Link, err error) {
	if o == nil || !t.audits && !t.withholds {
		return nil, nil
	}
	f := &t.v.frame
	if t.audits {
		from, err := t.from(ctx, o)
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
