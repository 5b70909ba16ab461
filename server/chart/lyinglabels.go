package chart

// placed is a label of a lying ruler, laid out at one width.
type placed struct {
	name string
	box  box
	node *node
}

// labels lays out the words of a ruler that is at least width px wide: the
// latest result and the target first, then what fits beside them.
func (l lying) labels(width float64) []*node {
	all := l.place(width)
	out := make([]*node, 0, len(all))
	for _, p := range all {
		out = append(out, p.node)
	}
	return out
}

func (l lying) place(width float64) []placed {
	var all []placed
	free := func(b box) bool {
		for _, p := range all {
			if p.box.overlaps(b) {
				return false
			}
		}
		return true
	}
	// put places runs around a share of the ruler; when it must not move, it
	// is left out where it does not fit.
	put := func(name string, share float64, baseline float64, must bool, rows ...[]run) bool {
		x, _ := l.x(share)
		widest := 0.0
		for _, r := range rows {
			widest = max(widest, runsWidth(r))
		}
		at, anchor, left := x, "middle", float64(x)*width-widest/2
		switch {
		case left < 0:
			at, anchor, left = 0, "start", 0
		case left+widest > width:
			at, anchor, left = 1, "end", width-widest
		}
		b := box{left - 4, baseline - 14, left + widest + 4, baseline + 4 + 17*float64(len(rows)-1)}
		if !must && !free(b) {
			return false
		}
		g := el("g")
		for i, r := range rows {
			g.add(line(at, baseline+17*float64(i), anchor, r...))
		}
		all = append(all, placed{name, b, g})
		return true
	}

	if s := l.latest; s != nil {
		figure := run{text: s.figure, size: 20, bold: true, tone: "ink"}
		runs := []run{figure}
		if s.date != "" && figure.width()+runsWidth([]run{{text: " " + s.date}}) < width*0.8 {
			runs = append(runs, run{text: " " + s.date})
		}
		put("latest", s.share, 19, true, runs)
	}
	if l.hasLine {
		put("metre", l.line, 19, false, []run{{text: "1 m"}})
		year := []run{{text: l.words.T("chart.target_at", l.goalYear)}}
		if l.goalYear == "" {
			year[0].text = l.words.T("chart.target")
		}
		put("target", l.line, 66, true, []run{{text: l.goal, bold: true, tone: "ink"}}, year)
	}
	for _, s := range l.others {
		if _, over := l.x(s.share); !over {
			put("milestone", s.share, 66, false, []run{{text: s.figure, bold: true, tone: "ink"}}, []run{{text: l.words.T("chart.target_at", s.short)}})
		}
	}
	if s := l.baseline; s != nil {
		if _, over := l.x(s.share); !over {
			put("baseline", s.share, 66, false, []run{{text: s.figure}}, []run{{text: s.short}})
		}
	}
	for _, s := range l.earlier {
		if _, over := l.x(s.share); !over {
			put("earlier", s.share, 66, false, []run{{text: s.figure}}, []run{{text: s.short}})
		}
	}
	if l.latest == nil {
		put("silence", 0.5/l.unit, 19, false, []run{{text: l.picture.silentWord(l.words), bold: true, tone: "none-text"}})
	} else {
		all = l.gap(width, all)
	}
	put("zero", 0, 66, false, []run{{text: "0"}})
	return all
}

// gap is the bracket between the latest result and the target, with what is
// missing written in it; left out where there is no room.
func (l lying) gap(width float64, all []placed) []placed {
	v := l.picture.Verdict
	if !v.Gap.Present() || l.picture.gapElsewhere() || !l.hasLine || v.Gap.Decimal().Sign() <= 0 {
		return all
	}
	from, _ := l.x(l.latest.share)
	to, _ := l.x(l.line)
	if from > to {
		from, to = to, from
	}
	x0, x1 := float64(from)*width+8, float64(to)*width-8
	for _, p := range all {
		if p.box.y1 < 50 || p.box.x1 < x0 || p.box.x0 > x1 {
			continue
		}
		if mid := (p.box.x0 + p.box.x1) / 2; mid > (x0+x1)/2 {
			x1 = min(x1, p.box.x0-4)
		} else {
			x0 = max(x0, p.box.x1+4)
		}
	}
	_, tone := tones(v.Status)
	words := run{text: l.words.T("chart.short_by", l.picture.amount(l.words, v.Gap)), bold: true, tone: tone}
	if x1-x0 < words.width()+36 {
		return all
	}
	share := func(x float64) pct { return pct(x / width) }
	middle := (x0 + x1) / 2
	const y = 61.0
	half := words.width()/2 + 8
	g := el("g", "class", "s-"+tone, "fill", "none", "stroke-width", 1.5).add(
		el("line", "x1", share(x0), "x2", share(middle-half), "y1", y, "y2", y),
		el("line", "x1", share(middle+half), "x2", share(x1), "y1", y, "y2", y),
		el("line", "x1", share(x0), "x2", share(x0), "y1", y-5, "y2", y+5),
		el("line", "x1", share(x1), "x2", share(x1), "y1", y-5, "y2", y+5))
	text := line(share(middle), y+4.5, "middle", words)
	return append(all, placed{"gap", box{x0, y - 9, x1, y + 9}, el("g").add(g, text)})
}
