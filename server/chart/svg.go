package chart

import (
	"bytes"
	"encoding/xml"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// node is one element of a picture. Only write turns it into markup, and it
// escapes every value.
type node struct {
	name  string
	attrs []attr
	text  string
	kids  []*node
}

type attr struct{ name, value string }

// pct is a length as a share of the picture's width, 1 being all of it.
type pct float64

// el makes an element from pairs of a name and a value: a string, an int, a
// float64 (px) or a pct. A pair whose value is "" is left out.
func el(name string, pairs ...any) *node {
	n := &node{name: name}
	for i := 0; i+1 < len(pairs); i += 2 {
		n.set(pairs[i].(string), pairs[i+1])
	}
	return n
}

func (n *node) set(name string, value any) *node {
	var s string
	switch v := value.(type) {
	case string:
		s = v
	case int:
		s = strconv.Itoa(v)
	case float64:
		s = px(v)
	case pct:
		s = px(float64(v)*100) + "%"
	}
	if s != "" {
		n.attrs = append(n.attrs, attr{name, s})
	}
	return n
}

func (n *node) add(kids ...*node) *node {
	for _, k := range kids {
		if k != nil {
			n.kids = append(n.kids, k)
		}
	}
	return n
}

func (n *node) say(text string) *node {
	n.text = text
	return n
}

// px prints a length with at most two digits after the point.
func px(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100+0, 'f', -1, 64)
}

// render writes the picture for a page: colours stay classes.
func (n *node) render() SVG {
	var b bytes.Buffer
	n.write(&b, nil)
	return SVG(b.String())
}

// write writes the element; with a palette, classes become literal colours.
func (n *node) write(b *bytes.Buffer, p palette) {
	b.WriteByte('<')
	b.WriteString(n.name)
	for _, a := range n.attrs {
		if a.name == "class" && p != nil {
			for _, literal := range p.attrs(a.value) {
				writeAttr(b, literal)
			}
			continue
		}
		writeAttr(b, a)
	}
	if n.text == "" && len(n.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	escape(b, n.text)
	for _, k := range n.kids {
		k.write(b, p)
	}
	b.WriteString("</")
	b.WriteString(n.name)
	b.WriteByte('>')
}

func writeAttr(b *bytes.Buffer, a attr) {
	b.WriteByte(' ')
	b.WriteString(a.name)
	b.WriteString(`="`)
	escape(b, a.value)
	b.WriteByte('"')
}

// escape cannot fail: a bytes.Buffer takes every write.
func escape(b *bytes.Buffer, s string) { _ = xml.EscapeText(b, []byte(s)) }

// root is the outer element. Its class is chart with kind and the domain's
// hue; label is its text alternative.
func root(class string, hue int, width, height any, label, table string) *node {
	n := el("svg", "xmlns", "http://www.w3.org/2000/svg", "class", class+" "+hueClass(hue),
		"width", width, "height", height)
	if w, ok := width.(float64); ok {
		n.set("viewBox", "0 0 "+px(w)+" "+px(height.(float64)))
	}
	n.set("role", "img").set("aria-label", label).set("aria-details", table)
	return n.set("font-size", 13).set("overflow", "visible")
}

func hueClass(hue int) string { return "hue-" + strconv.Itoa(hue) }

// run is a stretch of text in one look; the zero look is 13 px, 400, secondary.
type run struct {
	text string
	size float64 // 0 is 13
	bold bool
	tone string // "" is secondary
}

func (r run) px() float64 {
	if r.size == 0 {
		return 13
	}
	return r.size
}

func (r run) class() string {
	if r.tone == "" {
		return "f-secondary"
	}
	return "f-" + r.tone
}

func (r run) width() float64 { return textWidth(r.text, r.px(), r.bold) }

func runsWidth(runs []run) float64 {
	w := 0.0
	for _, r := range runs {
		w += r.width()
	}
	return w
}

// line is one line of text at a baseline; x is a px or a pct.
func line(x any, y float64, anchor string, runs ...run) *node {
	n := el("text", "x", x, "y", y)
	if anchor != "start" {
		n.set("text-anchor", anchor)
	}
	for _, r := range runs {
		n.add(r.span())
	}
	return n
}

func (r run) span() *node {
	s := el("tspan", "class", r.class())
	if r.size != 0 && r.size != 13 {
		s.set("font-size", r.size)
	}
	if r.bold {
		s.set("font-weight", 600)
	}
	return s.say(r.text)
}

// halo puts a page-coloured edge around a text that lies over lines.
func halo(n *node) *node {
	return n.set("class", "s-page").set("stroke-width", 6).set("stroke-linejoin", "round").set("paint-order", "stroke")
}

// pencil draws strokes that waver by up to 0.8 px, the same at every load.
type pencil struct{ rng *rand.Rand }

func newPencil(seed string) pencil {
	h := fnv.New64a()
	_, _ = h.Write([]byte(seed)) // a hash takes every write
	return pencil{rand.New(rand.NewPCG(h.Sum64(), 1))}
}

// stroke is a pencil line from (x0, y0) to (x1, y1).
func (p pencil) stroke(x0, y0, x1, y1, width float64) *node {
	const waver = 0.8
	dx, dy := x1-x0, y1-y0
	length := math.Hypot(dx, dy)
	if length == 0 {
		length = 1
	}
	nx, ny := -dy/length, dx/length
	at := func(share float64) string {
		off := (p.rng.Float64()*2 - 1) * waver
		return px(x0+dx*share+nx*off) + " " + px(y0+dy*share+ny*off)
	}
	d := "M" + px(x0) + " " + px(y0) + "C" + strings.Join([]string{at(1. / 3), at(2. / 3), at(1)}, " ")
	return el("path", "d", d, "class", "s-ink", "fill", "none", "stroke-width", width, "stroke-linecap", "round")
}
