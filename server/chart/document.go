package chart

import "bytes"

// fonts are asked for by name, because a picture that has left the site has
// none of its own.
const fonts = `"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", system-ui, sans-serif`

// Document is the trajectory as a file of its own: title, subtitle, source and
// release in it, light colours, opaque ground. Empty for a deliverable.
func (p Picture) Document(w Words, c Credits) SVG {
	if p.Kind() == Dated {
		return ""
	}
	const margin = 24.0
	d := p.draw(w, Wide)
	width := d.width + 2*margin
	at := margin
	var words []*node
	say := func(text string, size, leading float64, bold bool, tone string) {
		for _, part := range wrap(text, size, bold, d.width) {
			at += leading
			words = append(words, line(margin, at, "start", run{text: part, size: size, bold: bold, tone: tone}))
		}
	}
	say(p.Title(w), 20, 26, true, "ink")
	say(p.Subtitle(w), 13, 20, false, "second")
	at += 14
	chart := el("g", "transform", "translate("+px(margin)+" "+px(at)+")").add(d.nodes...)
	at += d.height + 4
	for _, text := range []string{c.Source, c.Release, c.Address} {
		if text != "" {
			say(text, 13, 19, false, "second")
		}
	}
	at += margin
	label := p.Text(w)
	if label == "" {
		label = p.Title(w)
	}
	svg := root("trajectory", p.Hue, width, at, label, "").set("font-family", fonts)
	svg.add(el("title").say(p.Title(w)), el("rect", "width", width, "height", at, "class", "f-page"))
	svg.add(words...).add(chart)
	var b bytes.Buffer
	svg.write(&b, light(p.Hue))
	return SVG(b.String())
}

// wrap breaks a text into lines of at most that width, at spaces where the
// script has them.
func wrap(text string, size float64, bold bool, width float64) []string {
	var out []string
	rest := []rune(text)
	for len(rest) > 0 {
		n, space := 0, 0
		for n < len(rest) && textWidth(string(rest[:n+1]), size, bold) <= width {
			if rest[n] == ' ' {
				space = n
			}
			n++
		}
		if n == len(rest) {
			return append(out, string(rest))
		}
		if n > 0 && space > 0 && rest[n] < 0x2E80 && rest[n-1] < 0x2E80 {
			n = space + 1
		}
		n = max(n, 1)
		out, rest = append(out, string(rest[:n])), rest[n:]
	}
	return out
}
