package chart

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// missing is ECharts' word for a gap; 0 would be a number.
const missing = "-"

// raw is a part of an option that go-echarts has no type for.
type raw = map[string]any

// Option is the same chart for ECharts, as plain data: colours are var(--…)
// for static/js/chart.js to fill in, words and ticks stand under "yimi".
// Empty for a deliverable.
func (p Picture) Option(w Words) (map[string]any, error) {
	if p.Kind() == Dated {
		return map[string]any{}, nil
	}
	l := p.layout(w)
	trend := charts.NewLine()
	trend.SetGlobalOptions(
		charts.WithAnimation(true),
		charts.WithAriaOpts(&opts.Aria{Enabled: opts.Bool(true), Label: &opts.AriaLabel{Enabled: opts.Bool(true), Description: p.Text(w)}}),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Min: l.span.from, Max: l.span.to}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Min: l.axis.Min, Max: l.axis.Max}),
	)
	trend.Validate()
	typed, err := plainData(trend.JSON())
	if err != nil {
		return nil, err
	}
	// The library always prints these; words stand at the marks instead.
	for _, name := range []string{"title", "legend", "toolbox", "color", "grid", "dataset"} {
		delete(typed, name)
	}
	typed["animationDuration"], typed["animationDurationUpdate"] = 200, 200
	typed["textStyle"] = raw{"fontSize": 13, "color": "var(--secondary)"}
	typed["tooltip"] = raw{"show": true, "trigger": "item", "triggerOn": "none", "renderMode": "html", "confine": true, "enterable": true, "transitionDuration": 0,
		"backgroundColor": "var(--surface)", "borderColor": "var(--control)", "borderWidth": 1, "padding": []int{8, 12}, "textStyle": raw{"color": "var(--ink)", "fontSize": 14}}
	typed["xAxis"] = []any{merged(typed["xAxis"], l.xAxis())}
	typed["yAxis"] = []any{merged(typed["yAxis"], l.yAxis())}
	series, seats := l.series()
	typed["series"] = series
	typed["yimi"] = l.notes(seats)
	wide := l.frame(Wide)
	typed["grid"] = wide.grid()
	return plainData(typed)
}

// plainData leaves nothing but maps, lists, texts, numbers and booleans.
func plainData(v any) (map[string]any, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	return out, json.Unmarshal(b, &out)
}

// merged lays the raw parts over the typed first axis.
func merged(axis any, over raw) raw {
	out := raw{}
	if list, ok := axis.([]any); ok && len(list) > 0 {
		if first, ok := list[0].(raw); ok {
			out = first
		}
	}
	for name, part := range over {
		out[name] = part
	}
	return out
}

func (f frame) grid() raw {
	return raw{"left": f.plot.x0, "right": f.width - f.plot.x1, "top": f.plot.y0, "bottom": f.height - f.plot.y1, "containLabel": false}
}

func (l layout) xAxis() raw {
	ends, labels := []float64{}, []float64{}
	for _, x := range l.ticksBelow() {
		labels = append(labels, x.At)
	}
	for i, n := range l.years {
		if i == 0 && float64(n.year) >= l.span.from {
			ends = append(ends, float64(n.year))
		}
		if float64(n.year+1) <= l.span.to {
			ends = append(ends, float64(n.year+1))
		}
	}
	box := raw{"color": "var(--secondary)", "fontSize": 13, "borderColor": "var(--control)", "borderWidth": 1, "borderType": "dashed", "padding": []int{3, 5, 2, 5}}
	return raw{
		"axisLine":  raw{"show": true, "onZero": false, "lineStyle": raw{"color": "var(--control)", "width": 1.5}},
		"axisTick":  raw{"show": true, "customValues": ends, "length": 5, "lineStyle": raw{"color": "var(--control)"}},
		"splitLine": raw{"show": false},
		"axisLabel": raw{"show": true, "customValues": labels, "color": "var(--secondary)", "fontSize": 13, "lineHeight": 20, "hideOverlap": false,
			"rich": raw{"x": raw{"fontSize": 13, "lineHeight": 20}, "m": raw{"color": "var(--ink)", "fontSize": 13, "fontWeight": 600, "lineHeight": 20}, "y": raw{"color": "var(--secondary)", "fontSize": 13, "lineHeight": 20}, "s": box}},
	}
}

func (l layout) yAxis() raw {
	return raw{
		"interval":  l.axis.Step,
		"axisLine":  raw{"show": false},
		"axisTick":  raw{"show": false, "customValues": l.axis.Ticks()},
		"splitLine": raw{"show": true, "lineStyle": raw{"color": "var(--hairline)", "width": 1}},
		"axisLabel": raw{"show": true, "customValues": l.axis.Ticks(), "color": "var(--secondary)", "fontSize": 13},
	}
}

// seat is where a point stands in the option's series.
type seat struct{ series, index int }

// hue is the domain's colour, ink for the plan-wide group.
func (l layout) hue() string {
	if l.picture.Hue > 0 {
		return "var(--" + hueClass(l.picture.Hue) + ")"
	}
	return "var(--ink)"
}

// lettering is how words stand at marks. They go by an item's name: a formatter of our own text would
// have its braces read as a template.
func lettering(position string, more raw) raw {
	out := raw{"show": true, "position": position, "formatter": "{b}", "color": "var(--ink)", "fontSize": 13, "fontWeight": 600,
		"textBorderColor": "var(--page)", "textBorderWidth": 4}
	for name, v := range more {
		out[name] = v
	}
	return out
}

// series are the parts of the chart; seats tells where each point and each
// dated target stands in them.
func (l layout) series() (out []any, seats map[string]seat) {
	seats = map[string]seat{}
	hue := l.hue()
	quiet := func(name string, data []any) raw {
		return raw{"type": "line", "name": name, "data": data, "animation": false, "connectNulls": false, "symbol": "none", "silent": true, "z": 1}
	}
	if path := l.picture.Trajectory.Path; len(path) > 0 {
		data := []any{}
		for _, c := range path {
			data = append(data, []any{moment(c.At), c.Value.Float()})
		}
		s := quiet("path", data)
		s["lineStyle"] = raw{"color": "var(--ink)", "width": 1.5, "type": []float64{1.5, 3.5}}
		s["endLabel"] = raw{"show": false}
		out = append(out, s)
	}
	was, connectors := []any{}, []any{}
	baseline, results := []any{}, []any{}
	for i, pt := range l.points {
		key := seatOf(i)
		if pt.baseline {
			baseline = append(baseline, raw{"name": pt.figure + " " + l.words.T("chart.baseline"), "value": []any{pt.at, pt.value}})
			continue
		}
		if len(results) > 0 && !pt.joined {
			results = append(results, raw{"value": []any{(l.points[i-1].at + pt.at) / 2, missing}})
		}
		item := raw{"name": pt.figure, "value": []any{pt.at, pt.value}}
		if pt.words != "" {
			item["name"] = pt.figure + " " + pt.words
		}
		style := raw{"color": hue, "borderColor": hue, "borderWidth": 0}
		if pt.hollow() {
			style = raw{"color": "var(--page)", "borderColor": hue, "borderWidth": 2}
		}
		if len(pt.was) > 0 {
			style["borderColor"], style["borderWidth"] = "var(--ink)", 2
		}
		item["itemStyle"] = style
		if pt.latest {
			item["label"] = raw{"fontSize": 18}
		}
		seats[key] = seat{index: len(results)}
		results = append(results, item)
		for _, old := range pt.was {
			was = append(was, []any{pt.at, old})
			connectors = append(connectors, []any{raw{"coord": []any{pt.at, old}}, raw{"coord": []any{pt.at, pt.value}}})
		}
	}
	if len(was) > 0 {
		s := quiet("was", was)
		s["symbol"], s["symbolSize"], s["lineStyle"], s["itemStyle"] = "circle", 8, raw{"width": 0}, raw{"color": hue, "opacity": 0.4}
		s["showAllSymbol"] = true
		s["markLine"] = raw{"silent": true, "animation": false, "symbol": "none", "label": raw{"show": false}, "lineStyle": raw{"color": "var(--control)", "type": "dashed", "width": 1}, "data": connectors}
		out = append(out, s)
	}
	dots := func(name string, data []any) raw {
		return raw{"type": "line", "name": name, "data": data, "connectNulls": false, "showAllSymbol": true, "showSymbol": true, "z": 4,
			"symbol": "circle", "symbolSize": 8, "cursor": "default", "lineStyle": raw{"color": hue, "width": 2.5, "cap": "round"}, "itemStyle": raw{"color": hue},
			"label": lettering("bottom", nil), "labelLayout": raw{"hideOverlap": true}, "emphasis": raw{"scale": 1.6, "focus": "none"}}
	}
	if len(baseline) > 0 {
		s := dots("baseline", baseline)
		s["symbol"], s["symbolSize"], s["itemStyle"] = "rect", 9, raw{"color": "var(--page)", "borderColor": hue, "borderWidth": 2}
		seats[seatOf(0)] = seat{series: len(out)}
		out = append(out, s)
	}
	for key, at := range seats {
		if i, _ := strconv.Atoi(key); !l.points[i].baseline {
			seats[key] = seat{len(out), at.index}
		}
	}
	out = append(out, dots("results", results))
	targets, lines, bands := []any{}, []any{}, []any{}
	for i, g := range l.goals {
		words := l.words.T("chart.target_at", g.when)
		if !math.IsNaN(g.upper) {
			end := g.at
			if g.standing {
				end = l.span.to
			}
			bands = append(bands, []any{raw{"coord": []any{l.span.from, g.value}}, raw{"coord": []any{end, g.upper}}})
		}
		if g.standing {
			lines = append(lines, raw{"yAxis": g.value, "name": g.figure + "\n" + words, "label": raw{"position": "end", "align": "left"}})
			continue
		}
		item := raw{"name": words + " " + g.figure, "value": []any{g.at, g.value}, "label": raw{"position": "top"}}
		if l.beside(g) {
			item["name"] = g.figure + "\n" + words
			item["label"] = raw{"position": "right", "align": "left"}
		}
		seats["target"+seatOf(i)] = seat{len(out), len(targets)}
		targets = append(targets, item)
	}
	if !math.IsNaN(l.asOf) {
		lines = append(lines, raw{"xAxis": l.asOf, "name": l.words.T("chart.as_of", l.picture.Trajectory.AsOf.String()),
			"lineStyle": raw{"color": "var(--control)", "width": 1}, "label": raw{"position": "end", "align": "right", "fontWeight": 400, "color": "var(--secondary)"}})
	}
	s := dots("targets", targets)
	s["symbol"], s["symbolSize"], s["itemStyle"], s["lineStyle"] = "rect", []int{14, 3}, raw{"color": "var(--ink)"}, raw{"width": 0}
	s["labelLayout"] = raw{"moveOverlap": "shiftY"}
	s["markLine"] = raw{"silent": true, "animation": false, "symbol": "none", "precision": 12, "lineStyle": raw{"color": "var(--ink)", "width": 1.5, "type": "solid"}, "label": lettering("end", raw{"lineHeight": 17}), "data": lines}
	s["markArea"] = raw{"silent": true, "animation": false, "itemStyle": raw{"color": "var(--ink)", "opacity": 0.1}, "label": raw{"show": false}, "data": bands}
	return append(out, s), seats
}

func seatOf(i int) string { return strconv.Itoa(i) }

// note is one stop of the tooltip and the reader.
type note struct {
	Name   string `json:"name"`
	Text   string `json:"text"` // empty where nothing is known
	Series int    `json:"series"`
	Index  int    `json:"index"` // both -1 where nothing is drawn
	at     float64
}

// tick is one label of an axis.
type tick struct {
	At     float64 `json:"at"`
	Label  string  `json:"label"`
	Bold   bool    `json:"bold,omitempty"`
	Narrow bool    `json:"narrow,omitempty"` // a phone has room for it
	Silent string  `json:"silent,omitempty"`
}

// ticksBelow are the years in their middles, and in the middle of each stretch
// of silence what is said of it.
func (l layout) ticksBelow() []tick {
	var out []tick
	for _, n := range l.years {
		out = append(out, tick{At: float64(n.year) + 0.5, Label: n.label, Bold: n.milestone, Narrow: n.narrow})
	}
	for _, s := range l.silences() {
		at := float64(s.first+s.last)/2 + 0.5
		i := 0
		for i < len(out) && out[i].At < at {
			i++
		}
		if out[i].At == at {
			out[i].Silent = s.words
			continue
		}
		out = slices.Insert(out, i, tick{At: at, Silent: s.words})
	}
	return out
}

func (l layout) notes(seats map[string]seat) raw {
	notes := []note{}
	add := func(n note, key string) {
		n.Series, n.Index = -1, -1
		if at, ok := seats[key]; ok {
			n.Series, n.Index = at.series, at.index
		}
		i := 0
		for i < len(notes) && notes[i].at <= n.at {
			i++
		}
		notes = slices.Insert(notes, i, n)
	}
	t := &l.picture.Trajectory
	for i, pt := range l.points {
		n := note{Name: l.words.Date(pt.observation.Period), Text: l.words.Value(&t.Indicator, *pt.observation, t.Targets), at: pt.at}
		if pt.baseline {
			n.Name = l.words.T("chart.point_baseline", n.Name)
		}
		if required := t.Required(pt.observation.Period); required.Present() && !pt.baseline {
			n.Text = l.words.T("chart.point_required", n.Text, l.words.Number(required, l.picture.printed()))
		}
		for _, e := range t.Corrected(pt.observation) {
			n.Text = l.words.T("chart.point_was", n.Text, l.picture.figure(l.words, e))
		}
		if pt.words != "" {
			n.Text += l.words.T("chart.comma") + pt.words
		}
		add(n, seatOf(i))
	}
	y := []tick{}
	for _, n := range l.years {
		if n.silent != "" {
			add(note{Name: n.label, Text: n.silent, at: float64(n.year) + 0.5}, "")
		}
	}
	for i, g := range l.goals {
		add(note{Name: l.words.T("chart.point_target", g.when), Text: l.words.Target(&t.Indicator, *g.target), at: g.at + 1e-6}, "target"+seatOf(i))
	}
	for _, v := range l.axis.Ticks() {
		y = append(y, tick{At: v, Label: l.tick(v)})
	}
	wide, narrow := l.frame(Wide), l.frame(Narrow)
	return raw{
		"points": notes, "x": l.ticksBelow(), "y": y, "min": l.axis.Min, "max": l.axis.Max, "step": l.axis.Step,
		"wide":   raw{"height": wide.height, "grid": wide.grid()},
		"narrow": raw{"height": narrow.height, "grid": narrow.grid()},
	}
}
