package chart

import (
	"bytes"
	"strings"
)

// Credits is the line under a picture that leaves the site.
type Credits struct {
	Source  string // where the figures come from
	Release string // which release, and when
	Address string // where the page stands
}

// fonts are those that a reader of a picture is likely to have, Chinese first.
const fonts = `"PingFang SC", "HarmonyOS Sans SC", "MiSans", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif`

// Document is the trajectory as a file of its own: title, subtitle, source and
// release in it, light colours, opaque ground.
func (p Picture) Document(w Words, c Credits) SVG {
	const width, side = 720.0, 24.0
	var head, foot []*node
	y := 40.0
	for _, text := range wrap(p.name(w)+w.T("chart.colon")+p.Title(w), 20, true, width-2*side) {
		head = append(head, line(side, y, "start", run{text: text, size: 20, bold: true, tone: "ink"}))
		y += 26
	}
	for _, text := range wrap(p.Subtitle(w), 14, false, width-2*side) {
		head = append(head, line(side, y, "start", run{text: text, size: 14}))
		y += 20
	}
	y += 4
	var body []*node
	height := 0.0
	if !p.Charted() {
		l := p.lay(w, Labelled)
		inner := el("svg", "x", side, "y", y, "width", width-2*side, "height", l.height(), "overflow", "visible")
		if p.Kind() == Dated {
			inner.add(l.dates()...)
		} else {
			inner.add(l.body()...).add(l.labels(columnRuler)...)
		}
		body, height = []*node{inner}, l.height()
	} else {
		plot := newPlot(p, w, Wide)
		body, height = []*node{el("g", "transform", "translate("+px(side)+" "+px(y)+")").add(plot.lay()...)}, plot.height
	}
	y += height + 24
	for _, text := range []string{c.Source, c.Release, c.Address} {
		for _, part := range wrap(text, 13, false, width-2*side) {
			foot = append(foot, line(side, y, "start", run{text: part}))
			y += 19
		}
	}
	svg := root("", p.Hue, width, y+8, p.Text(w), "").set("font-family", fonts)
	svg.add(el("title").say(p.name(w)), el("rect", "width", width, "height", y+8, "class", "f-page"))
	svg.add(head...).add(body...).add(foot...)
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	svg.write(&b, light(p.Hue))
	b.WriteByte('\n')
	return SVG(b.String())
}

// wrap breaks text into lines of at most width px, between words where it has
// spaces and between any two characters of Chinese.
func wrap(text string, size float64, bold bool, width float64) []string {
	if text == "" {
		return nil
	}
	var lines []string
	now, word := "", ""
	flush := func() {
		if now != "" && textWidth(now+word, size, bold) > width {
			lines = append(lines, strings.TrimSpace(now))
			now = strings.TrimLeft(word, " ")
		} else {
			now += word
		}
		word = ""
	}
	for _, r := range text {
		word += string(r)
		if r == ' ' || r >= 0x2E80 || textWidth(word, size, bold) > width-size {
			flush()
		}
	}
	flush()
	return append(lines, strings.TrimSpace(now))
}
