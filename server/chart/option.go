package chart

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"yimi/indicators"
)

// spot is a point of the interactive chart and what is said of it: the lines
// of its tooltip, which the keyboard reader reads in one.
type spot struct {
	Series int      `json:"series"`
	Index  int      `json:"index"`
	Lines  []string `json:"lines"`
	Figure bool     `json:"figure"` // of an observation that stands, not of a target
}

// extras are what static/js/chart.js needs beside the option, since the option
// holds no functions.
type extras struct {
	Years  map[string]string `json:"years"`  // label of a year by its number
	Ticks  map[string]string `json:"ticks"`  // of the main axis by its value
	Lower  map[string]string `json:"lower"`  // of the amounts' axis; empty without one
	Points []spot            `json:"points"` // by series, then by time
	Silent []string          `json:"silent"` // what is said of years without a figure
	Wide   layout            `json:"wide"`
	Narrow layout            `json:"narrow"`
}

// layout is where the server's picture has its panels and its words, for the
// interactive chart to have them there as well.
type layout struct {
	Grids  []map[string]any `json:"grids"`
	Column float64          `json:"column"` // width of a year's column in px
	Labels map[string]said  `json:"labels"` // by series:index of their mark
}

// said is a label: text in ECharts' rich form, its upper left corner (its
// middle when turned) from the corner of the mark.
type said struct {
	Text string     `json:"text"`
	At   [2]float64 `json:"at"`
	Turn float64    `json:"turn,omitempty"`
}

// Option is the same chart for ECharts, as plain data: colours are var(--…)
// for static/js/chart.js to fill in, and what else it needs stands under
// "yimi". Time runs in years, a year's middle at its number. It is empty
// where there is no trajectory.
func (p Picture) Option(w Words) (map[string]any, error) {
	if !p.Charted() {
		return map[string]any{}, nil
	}
	b := optionBuilder{p: p, w: w, chart: charts.NewLine(), bars: charts.NewBar(), marks: map[string]mark{}}
	b.chart.SetGlobalOptions(charts.WithAriaOpts(&opts.Aria{
		Enabled: opts.Bool(true), Label: &opts.AriaLabel{Enabled: opts.Bool(true), Description: p.Text(w)},
	}))
	b.columns()
	b.results()
	b.baseline()
	b.projection()
	b.path()
	b.targets()
	b.earlier()
	b.gap()
	b.needed()
	return b.build()
}

// optionBuilder gathers series: data by go-echarts, looks as raw parts that
// its types lack.
type optionBuilder struct {
	p     Picture
	w     Words
	chart *charts.Line
	bars  *charts.Bar
	looks []map[string]any // of lines, which go-echarts puts before columns
	bare  []map[string]any // of columns
	spots [][]spot         // of lines
	below []spot           // of columns
	marks map[string]mark  // by the name of their label
}

// mark is a point that carries a label, and the size of its symbol.
type mark struct {
	series, index int
	width, height float64
}

// place is where a moment stands on the axis of time.
func place(m float64) float64 { return tidy(m - 0.5) }

func (b *optionBuilder) lines(o indicators.Observation, more ...string) []string {
	out := []string{b.w.Date(o.Period), b.w.Value(&b.p.Trajectory.Indicator, o, b.p.Trajectory.Targets)}
	out = append(out, more...)
	if o.Quality == indicators.Provisional {
		out = append(out, b.w.T("chart.provisional"))
	}
	if was := b.p.Trajectory.Corrected(&o); len(was) > 0 {
		out = append(out, b.w.T("chart.point_was", b.p.figure(b.w, was[len(was)-1])))
	}
	if o.Quality == indicators.Break {
		out = append(out, b.w.T("chart.break"))
	}
	if o.Source != "" {
		out = append(out, o.Source)
	}
	return out
}

// againstPath says where a result lies to the required path.
func (b *optionBuilder) againstPath(o indicators.Observation) []string {
	required := b.p.Trajectory.Required(o.Period)
	if !required.Present() || o.Bound != "" {
		return nil
	}
	d := o.Value.Decimal().Sub(required.Decimal())
	by := b.p.difference(b.w, indicators.NumberOf(d.Abs()))
	switch d.Sign() {
	case -1:
		return []string{b.w.T("chart.point_below", by)}
	case 1:
		return []string{b.w.T("chart.point_above", by)}
	}
	return []string{b.w.T("chart.point_on")}
}

func (b *optionBuilder) add(name string, data []opts.LineData, spots []spot, look map[string]any) {
	b.chart.AddSeries(name, data)
	look["type"] = "line"
	b.looks = append(b.looks, look)
	b.spots = append(b.spots, spots)
}

func pair(x, y float64) opts.LineData { return opts.LineData{Value: []any{x, y}} }

func (b *optionBuilder) results() {
	if !kinds[b.p.Kind()].line {
		return
	}
	t := &b.p.Trajectory
	var data []opts.LineData
	var spots []spot
	for i, o := range t.Results {
		x := place(moment(o.Period))
		if i > 0 && !b.p.joined(i) {
			data = append(data, opts.LineData{Value: []any{x, "-"}})
		}
		point := pair(x, o.Value.Float())
		if o.Quality == indicators.Provisional {
			point.Symbol = "emptyCircle"
		}
		name := resultName(i)
		if i == len(t.Results)-1 {
			name = "latest"
		}
		b.marks[name] = mark{len(b.looks), len(data), 10, 10}
		spots = append(spots, spot{Index: len(data), Lines: b.lines(o, b.againstPath(o)...), Figure: true})
		data = append(data, point)
	}
	look := map[string]any{
		"symbol": "circle", "symbolSize": 10, "showAllSymbol": true, "connectNulls": false, "z": 5,
		"lineStyle": map[string]any{"color": hueVar(b.p.Hue), "width": 2.5},
		"itemStyle": map[string]any{"color": hueVar(b.p.Hue), "borderColor": "var(--page)", "borderWidth": 1.5},
		"markLine":  b.today(),
	}
	b.add(b.p.name(b.w), data, spots, look)
}

func labelLook(position string) map[string]any {
	return map[string]any{"show": true, "position": position, "distance": 6, "fontSize": 13, "fontWeight": 600,
		"color": "var(--ink)", "textBorderColor": "var(--page)", "textBorderWidth": 4}
}

// today is the line at the day as of which the chart stands.
func (b *optionBuilder) today() map[string]any {
	t := &b.p.Trajectory
	data := []any{}
	if s := b.p.span(); !t.AsOf.IsZero() && moment(t.AsOf) > s.from && moment(t.AsOf) < s.to {
		data = append(data, map[string]any{"xAxis": place(moment(t.AsOf)), "label": map[string]any{
			"formatter": b.w.T("chart.as_of", t.AsOf.String()), "position": "end", "align": "right", "color": "var(--secondary)", "fontSize": 13},
			"lineStyle": map[string]any{"color": "var(--control)", "type": "solid", "width": 1.2}})
	}
	return map[string]any{"silent": true, "animation": false, "symbol": "none", "data": data}
}

// gap is what the latest result lacks of the required path: a bracket, with
// the required value at its head and the gap at its foot.
func (b *optionBuilder) gap() {
	by, short := b.p.behind()
	if !by.Present() || !short || !kinds[b.p.Kind()].line {
		return
	}
	t := &b.p.Trajectory
	latest := t.Latest()
	x := place(moment(latest.Period))
	_, tone := tones(b.p.Verdict.Status)
	colour := "var(--" + tone + ")"
	head, foot := pair(x, tidy(t.Required(latest.Period).Float())), pair(x, latest.Value.Float())
	b.marks["required"], b.marks["gap"] = mark{len(b.looks), 0, 10, 2}, mark{len(b.looks), 1, 10, 2}
	b.add("", []opts.LineData{head, foot}, nil, map[string]any{"symbol": "rect", "symbolSize": []int{10, 2}, "silent": true, "z": 3,
		"lineStyle": map[string]any{"color": colour, "width": 2}, "itemStyle": map[string]any{"color": colour}})
}

// needed is the pace that would still reach the target.
func (b *optionBuilder) needed() {
	v, target, latest := b.p.Verdict.Needed, b.p.target(), b.p.Trajectory.Latest()
	if !v.Present() || v.Decimal().IsZero() || target == nil || latest == nil || !kinds[b.p.Kind()].line {
		return
	}
	value := b.p.Trajectory.Value(target)
	if !value.Present() {
		return
	}
	b.marks["needed"] = mark{len(b.looks), 1, 1, 1}
	b.add("", []opts.LineData{pair(place(moment(latest.Period)), latest.Value.Float()), pair(place(moment(target.When(b.p.Trajectory.Plan))), value.Float())}, nil,
		map[string]any{"symbol": "rect", "symbolSize": 1, "silent": true, "z": 1, "lineStyle": map[string]any{"color": "var(--control)", "width": 1.2},
			"itemStyle": map[string]any{"color": "var(--control)"}})
}

func (b *optionBuilder) columns() {
	list := b.p.amounts()
	if !kinds[b.p.Kind()].columns || len(list) == 0 {
		return
	}
	var data []opts.BarData
	labels := map[int]string{}
	for i, o := range list {
		if o.Kind == indicators.Baseline {
			continue
		}
		labels[len(data)] = b.p.figure(b.w, o)
		b.below = append(b.below, spot{Index: len(data), Lines: b.lines(list[i]), Figure: true})
		data = append(data, opts.BarData{Value: []any{float64(o.Period.Year), o.Value.Float()}})
	}
	b.bars.AddSeries(b.p.name(b.w), data)
	look := map[string]any{"type": "bar", "barWidth": 36, "label": labelLook("top"), "yimiLabels": labels,
		"itemStyle": map[string]any{"color": hueVar(b.p.Hue)}}
	if b.p.Kind() == Amounts {
		look["markLine"] = b.today()
	} else {
		look["xAxisIndex"], look["yAxisIndex"] = 1, 1
	}
	b.bare = append(b.bare, look)
}

func (b *optionBuilder) baseline() {
	base := b.p.Trajectory.Baseline
	if base == nil {
		return
	}
	x := place(moment(base.Period))
	if b.p.Kind() == Amounts {
		x = float64(base.Period.Year)
	}
	b.marks["baseline"] = mark{len(b.looks), 0, 10, 10}
	b.add(b.w.T("chart.baseline"), []opts.LineData{pair(x, base.Value.Float())},
		[]spot{{Lines: b.lines(*base, b.w.T("chart.baseline")), Figure: true}},
		map[string]any{"symbol": "rect", "symbolSize": 10, "z": 4,
			"itemStyle": map[string]any{"color": "var(--page)", "borderColor": hueVar(b.p.Hue), "borderWidth": 2.2}})
}

func (b *optionBuilder) path() {
	path := b.p.Trajectory.Path
	if len(path) < 2 {
		return
	}
	var data []opts.LineData
	for _, c := range path {
		data = append(data, pair(place(moment(c.At)), c.Value.Float()))
	}
	for i := range path {
		b.marks[cornerName(i)] = mark{len(b.looks), i, 1, 1}
	}
	b.add(b.w.T("chart.path"), data, nil, map[string]any{"symbol": "rect", "symbolSize": 1, "showAllSymbol": true, "silent": true, "z": 3, "itemStyle": map[string]any{"color": "var(--ink)"},
		"lineStyle": map[string]any{"color": "var(--ink)", "width": 1.6, "type": "dotted"}})
}

func (b *optionBuilder) targets() {
	t := &b.p.Trajectory
	var data []opts.LineData
	var spots []spot
	standing := []any{}
	for i := range t.Targets {
		target := &t.Targets[i]
		v := t.Value(target)
		if !v.Present() {
			continue
		}
		when := target.When(t.Plan)
		x := place(moment(when))
		if b.p.Kind() == Amounts {
			x = float64(when.Year)
		}
		if target.Milestone == indicators.Every {
			standing = append(standing, map[string]any{"yAxis": v.Float()})
		}
		b.marks[targetName(i)] = mark{len(b.looks), len(data), 14, 3}
		spots = append(spots, spot{Index: len(data), Lines: []string{b.w.T("chart.target_at", b.p.when(b.w, *target)), b.w.Target(&t.Indicator, *target)}})
		data = append(data, pair(x, v.Float()))
	}
	if len(data) == 0 {
		return
	}
	look := map[string]any{"symbol": "rect", "symbolSize": []int{14, 3}, "z": 6,
		"lineStyle": map[string]any{"width": 0, "opacity": 0}, "itemStyle": map[string]any{"color": "var(--ink)"}}
	if len(standing) > 0 {
		look["markLine"] = map[string]any{"silent": true, "animation": false, "symbol": "none", "label": map[string]any{"show": false},
			"lineStyle": map[string]any{"color": "var(--ink)", "type": "solid", "width": 1.5}, "data": standing}
	}
	if bands := b.bands(); len(bands) > 0 {
		look["markArea"] = map[string]any{"silent": true, "itemStyle": map[string]any{"color": "var(--ink)", "opacity": 0.16}, "data": bands}
	}
	b.add(b.w.T("chart.target"), data, spots, look)
}

// bands are the ranges of targets that have an upper end.
func (b *optionBuilder) bands() []any {
	t := &b.p.Trajectory
	var out []any
	for _, target := range t.Targets {
		if !target.Upper.Present() || !target.Value.Present() {
			continue
		}
		from := map[string]any{"yAxis": target.Value.Float()}
		to := map[string]any{"yAxis": target.Upper.Float()}
		if target.Milestone != indicators.Every {
			x := place(moment(target.When(t.Plan)))
			from = map[string]any{"coord": []any{x - 0.07, target.Value.Float()}}
			to = map[string]any{"coord": []any{x + 0.07, target.Upper.Float()}}
		}
		out = append(out, []any{from, to})
	}
	return out
}

// earlier are the values that corrections replaced.
func (b *optionBuilder) earlier() {
	t := &b.p.Trajectory
	var data []opts.LineData
	var spots []spot
	for _, o := range b.p.observations() {
		for _, e := range t.Corrected(&o) {
			x := place(moment(e.Period))
			if b.p.Kind() == Amounts {
				x = float64(e.Period.Year)
			}
			spots = append(spots, spot{Index: len(data), Lines: b.lines(e)})
			data = append(data, pair(x, e.Value.Float()))
		}
	}
	if len(data) > 0 {
		b.add(b.w.T("chart.corrected"), data, spots, map[string]any{"symbol": "circle", "symbolSize": 8, "z": 2,
			"lineStyle": map[string]any{"width": 0, "opacity": 0}, "itemStyle": map[string]any{"color": hueVar(b.p.Hue), "opacity": 0.4}})
	}
}

// build joins the data, the looks and the axes.
func (b *optionBuilder) build() (map[string]any, error) {
	if len(b.bare) > 0 {
		b.chart.Overlap(b.bars)
	}
	b.chart.Validate()
	body, err := json.Marshal(b.chart.JSON())
	if err != nil {
		return nil, fmt.Errorf("option: %w", err)
	}
	option := map[string]any{}
	if err := json.Unmarshal(body, &option); err != nil {
		return nil, fmt.Errorf("option: %w", err)
	}
	for _, name := range []string{"legend", "toolbox", "title", "color", "tooltip"} {
		delete(option, name)
	}
	series, _ := option["series"].([]any)
	looks := append(append([]map[string]any{}, b.looks...), b.bare...)
	spots := append(append([][]spot{}, b.spots...), b.below)
	x := extras{Ticks: tickTable(b.w, b.p.Axis()), Lower: map[string]string{}, Years: b.years(), Points: []spot{}, Silent: []string{}}
	for i := range series {
		s, ok := series[i].(map[string]any)
		if !ok || i >= len(looks) {
			return nil, fmt.Errorf("option: series %d has no look", i)
		}
		for k, v := range looks[i] {
			s[k] = v
		}
		for _, at := range spots[i] {
			at.Series = i
			x.Points = append(x.Points, at)
		}
	}
	for _, h := range b.p.hushed(b.w, false) {
		x.Silent = append(x.Silent, indicators.YearOf(h.year).String()+" "+h.word)
	}
	b.axes(option, &x)
	x.Wide, x.Narrow = b.layout(Wide), b.layout(Narrow)
	option["animationDuration"], option["animationDurationUpdate"] = 200, 200
	option["yimi"] = x
	return option, nil
}

func (b *optionBuilder) years() map[string]string {
	hush := map[int]string{}
	for _, h := range b.p.hushed(b.w, true) {
		hush[h.year] = h.word
	}
	milestone := map[int]bool{}
	for _, m := range b.p.Trajectory.Plan.Milestones {
		milestone[m] = true
	}
	out := map[string]string{}
	for _, y := range b.p.span().named() {
		text := indicators.YearOf(y).String()
		if milestone[y] {
			text = "{m|" + text + "}"
		}
		if hush[y] != "" {
			text += "\n{h|" + hush[y] + "}"
		}
		out[strconv.Itoa(y)] = text
	}
	return out
}

func tickTable(w Words, a Axis) map[string]string {
	out := map[string]string{}
	for _, v := range a.Ticks() {
		out[strconv.FormatFloat(v, 'f', -1, 64)] = tickText(w, a, v)
	}
	return out
}

// axes are those of the server's picture: the same ends, the same step.
func (b *optionBuilder) axes(option map[string]any, x *extras) {
	c := newPlot(b.p, b.w, Wide)
	s := b.p.span()
	text := map[string]any{"color": "var(--secondary)", "fontSize": 13}
	vertical := func(a Axis, grid int) map[string]any {
		return map[string]any{"type": "value", "gridIndex": grid, "min": a.Min, "max": a.Max, "interval": a.Step,
			"axisLabel": text, "axisLine": map[string]any{"show": false}, "axisTick": map[string]any{"show": false},
			"splitLine": map[string]any{"lineStyle": map[string]any{"color": "var(--hairline)"}, "showMaxLine": multiple(a.Max, a.Step), "showMinLine": multiple(a.Min, a.Step)}}
	}
	horizontal := func(grid int, labels bool) map[string]any {
		return map[string]any{"type": "value", "gridIndex": grid, "min": place(s.from), "max": place(s.to), "interval": 1,
			"splitLine": map[string]any{"show": false}, "axisTick": map[string]any{"show": true, "length": 0},
			"minorTick": map[string]any{"show": labels, "splitNumber": 2, "length": 6},
			"axisLine":  map[string]any{"show": true, "onZero": true, "lineStyle": map[string]any{"color": "var(--control)", "width": 1.5}},
			"axisLabel": map[string]any{"show": labels, "color": "var(--secondary)", "fontSize": 13, "lineHeight": 22, "hideOverlap": true, "rich": map[string]any{
				"m": map[string]any{"fontWeight": 600, "color": "var(--ink)", "fontSize": 13},
				"h": map[string]any{"borderColor": "var(--control)", "borderWidth": 1, "borderType": "dashed", "padding": []int{2, 6}, "color": "var(--secondary)", "fontSize": 13}}}}
	}
	two := c.low.bottom > 0
	xs, ys := []any{horizontal(0, !two)}, []any{vertical(c.axis, 0)}
	if two {
		xs, ys = append(xs, horizontal(1, true)), append(ys, vertical(c.low.axis, 1))
		x.Lower = tickTable(b.w, c.low.axis)
	}
	option["grid"], option["xAxis"], option["yAxis"] = c.grids(), xs, ys
}

// grids are the panels' distances from the edges.
func (c *plot) grids() []map[string]any {
	grid := func(top, bottom float64) map[string]any {
		return map[string]any{"left": tidy(c.left), "right": tidy(c.width - c.right), "top": tidy(top), "bottom": tidy(c.height - bottom)}
	}
	out := []map[string]any{grid(c.top, c.bottom)}
	if c.low.bottom > 0 {
		out = append(out, grid(c.low.top, c.low.bottom))
	}
	return out
}

// layout lays the picture out at a size and hands on where its words stand.
func (b *optionBuilder) layout(size Size) layout {
	c := newPlot(b.p, b.w, size)
	c.lay()
	out := layout{Grids: c.grids(), Column: math.Round((c.x(1) - c.x(0)) * 0.52), Labels: map[string]said{}}
	for _, l := range c.labels {
		m, ok := b.marks[l.name]
		if !ok || l.words == nil {
			continue
		}
		out.Labels[strconv.Itoa(m.series)+":"+strconv.Itoa(m.index)] = said{
			Text: rich(l.words.rows), Turn: math.Round(-l.words.turn*10) / 10,
			At: [2]float64{math.Round(l.words.dx + m.width/2), math.Round(l.words.dy + m.height/2)},
		}
	}
	return out
}

// rich writes runs as ECharts' rich text; braces, which it would read, are
// taken out.
func rich(rows [][]run) string {
	clean := strings.NewReplacer("{", "", "}", "", "|", "")
	var lines []string
	for _, row := range rows {
		text := ""
		for _, r := range row {
			look := "s"
			switch {
			case r.size > 17:
				look = "L"
			case r.size > 13:
				look = "l"
			case r.bold && r.tone == "ink":
				look = "b"
			case r.bold:
				// ECharts reads names of letters, digits and underscores only.
				look = strings.ReplaceAll(r.tone, "-", "_")
			}
			text += "{" + look + "|" + clean.Replace(r.text) + "}"
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// hueVar is a domain's colour, ink for the plan-wide group.
func hueVar(hue int) string {
	if hue < 1 || hue > 5 {
		return "var(--ink)"
	}
	return "var(--" + hueClass(hue) + ")"
}
