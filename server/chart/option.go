package chart

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

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
	typed["tooltip"] = raw{"show": true, "trigger": "item", "triggerOn": "none", "renderMode": "html", "confine": true, "enterable": true, "transitionDuration": 0, "hideDelay": 0,
		"backgroundColor": "var(--surface)", "borderColor": "var(--control)", "borderWidth": 1, "padding": []int{8, 12}, "textStyle": raw{"color": "var(--ink)", "fontSize": 14}}
	typed["xAxis"] = []any{merged(typed["xAxis"], l.xAxis())}
	typed["yAxis"] = []any{merged(typed["yAxis"], l.yAxis())}
	wide, narrow := p.draw(w, Wide), p.draw(w, Narrow)
	series, seats := l.series([]*drawing{wide, narrow})
	typed["series"] = series
	notes := l.notes(seats)
	typed["yimi"] = notes
	// In order, so that equal figures give equal bytes and a reader's copy stays good.
	for _, key := range slices.Sorted(maps.Keys(seats)) {
		at := seats[key]
		items := series[at.series].(raw)["data"].([]any)
		item := items[at.index].(raw)
		item["label"] = l.labelAt(wide, key)
		notes["narrow"].(raw)["labels"] = append(notes["narrow"].(raw)["labels"].([]any), raw{"series": at.series, "index": at.index, "label": l.labelAt(narrow, key)})
	}
	for i, s := range series {
		if s := s.(raw); s["name"] == "path" {
			data := s["data"].([]any)
			for j, item := range data {
				item := item.(raw)
				size, ok := item["size"]
				delete(item, "size")
				if !ok {
					continue
				}
				item["label"] = l.pathLabel(wide, size == Wide)
				notes["narrow"].(raw)["labels"] = append(notes["narrow"].(raw)["labels"].([]any), raw{"series": i, "index": j, "label": l.pathLabel(narrow, size == Narrow)})
			}
		}
	}
	typed["grid"] = wide.frame.grid()
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

// lettering is how words stand at marks: f a figure, l the latest one, s what
// is said beside it.
func lettering(position any, more raw) raw {
	out := raw{"show": true, "position": position, "fontSize": 13, "color": "var(--secondary)", "textBorderColor": "var(--page)", "textBorderWidth": 4,
		"rich": raw{
			"f": raw{"fontSize": 13, "fontWeight": 600, "color": "var(--ink)"},
			"l": raw{"fontSize": 18, "fontWeight": 600, "color": "var(--ink)"},
			"s": raw{"fontSize": 13, "color": "var(--secondary)"},
		}}
	for name, v := range more {
		out[name] = v
	}
	return out
}

// unbraced keeps our words from being read as ECharts' templates and styles.
var unbraced = strings.NewReplacer("{", "(", "}", ")")

func formatted(runs ...run) string {
	var b strings.Builder
	for _, r := range runs {
		style := "s"
		switch {
		case r.size > 13:
			style = "l"
		case r.bold:
			style = "f"
		}
		b.WriteString("{" + style + "|" + unbraced.Replace(r.text) + "}")
	}
	return b.String()
}

// labelAt is the label of a seat where the drawing of that size has it; hidden
// where the drawing had no room.
func (l layout) labelAt(d *drawing, key string) raw {
	target := strings.HasPrefix(key, "target")
	i, _ := strconv.Atoi(strings.TrimPrefix(key, "target")) // seatOf made it
	centre, runs := [2]float64{4, 4}, []run(nil)
	if target {
		g := l.goals[i]
		when, figure := l.goalLines(g)
		if l.beside(g) {
			return lettering("right", raw{"formatter": formatted(figure) + "\n" + formatted(when), "lineHeight": 17, "align": "left"})
		}
		when.text += " "
		centre, runs = [2]float64{7, 1.5}, []run{when, figure}
	} else {
		runs = l.figureRuns(l.points[i], d.size)
		if l.points[i].baseline {
			centre = [2]float64{4.5, 4.5}
		}
	}
	at, ok := d.placed[key]
	if !ok {
		return raw{"show": false}
	}
	align := map[string]string{"start": "left", "middle": "center", "end": "right"}[at.anchor]
	return lettering([]float64{centre[0] + at.x, centre[1] + at.y + 3}, raw{"formatter": formatted(runs...), "align": align, "verticalAlign": "bottom"})
}

// pathLabel names the required path along it.
func (l layout) pathLabel(d *drawing, here bool) raw {
	if !here || !d.path.ok {
		return raw{"show": false}
	}
	return lettering("top", raw{"formatter": unbraced.Replace(l.words.T("chart.path")), "rotate": -d.path.angle, "distance": 4, "opacity": 1, "textBorderWidth": 0})
}

// series are the parts of the chart; seats tells where each point and each
// dated target stands in them.
func (l layout) series(drawings []*drawing) (out []any, seats map[string]seat) {
	seats = map[string]seat{}
	hue := l.hue()
	quiet := func(name string, data []any) raw {
		return raw{"type": "line", "name": name, "data": data, "animation": false, "connectNulls": false, "symbol": "none", "silent": true, "z": 1}
	}
	if path := l.picture.Trajectory.Path; len(path) > 0 {
		data := []any{}
		for _, c := range path {
			data = append(data, raw{"value": []any{moment(c.At), c.Value.Float()}})
		}
		// Corners in between carry the path's name and leave the line as it is.
		for _, d := range drawings {
			if d.path.ok {
				data = append(data, raw{"value": []any{d.path.at, d.path.value}, "size": d.size})
			}
		}
		slices.SortStableFunc(data, func(a, b any) int {
			return cmp.Compare(a.(raw)["value"].([]any)[0].(float64), b.(raw)["value"].([]any)[0].(float64))
		})
		s := quiet("path", data)
		s["symbol"], s["symbolSize"], s["showAllSymbol"], s["itemStyle"] = "circle", 1, true, raw{"opacity": 0}
		s["lineStyle"] = raw{"color": "var(--ink)", "width": 1.5, "type": []float64{1.5, 3.5}}
		out = append(out, s)
	}
	was, connectors := []any{}, []any{}
	baseline, results := []any{}, []any{}
	for i, pt := range l.points {
		key := seatOf(i)
		if pt.baseline {
			baseline = append(baseline, raw{"value": []any{pt.at, pt.value}})
			continue
		}
		if len(results) > 0 && !pt.joined {
			results = append(results, raw{"value": []any{(l.points[i-1].at + pt.at) / 2, missing}})
		}
		item := raw{"value": []any{pt.at, pt.value}}
		style := raw{"color": hue, "borderColor": hue, "borderWidth": 0}
		if pt.hollow() {
			style = raw{"color": "var(--page)", "borderColor": hue, "borderWidth": 2}
		}
		if len(pt.was) > 0 {
			style["borderColor"], style["borderWidth"] = "var(--ink)", 2
		}
		item["itemStyle"] = style
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
			"emphasis": raw{"scale": 1.6, "focus": "none"}}
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
		when, figure := l.goalLines(g)
		if !math.IsNaN(g.upper) {
			end := g.at
			if g.standing {
				end = l.span.to
			}
			bands = append(bands, []any{raw{"coord": []any{l.span.from, g.value}}, raw{"coord": []any{end, g.upper}}})
		}
		if g.standing {
			lines = append(lines, raw{"yAxis": g.value, "label": raw{"formatter": formatted(figure) + "\n" + formatted(when), "position": "end", "align": "left"}})
			continue
		}
		item := raw{"value": []any{g.at, g.value}}
		seats["target"+seatOf(i)] = seat{len(out), len(targets)}
		targets = append(targets, item)
	}
	if !math.IsNaN(l.asOf) {
		lines = append(lines, raw{"xAxis": l.asOf,
			"lineStyle": raw{"color": "var(--control)", "width": 1},
			"label":     raw{"formatter": unbraced.Replace(l.words.T("chart.as_of", l.picture.Trajectory.AsOf.String())), "position": "end", "align": "right"}})
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
		"narrow": raw{"height": narrow.height, "grid": narrow.grid(), "labels": []any{}},
	}
}
