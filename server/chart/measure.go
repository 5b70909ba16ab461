package chart

import "math"

// textWidth is at least what the text takes in the fonts of the site: an upper
// estimate by kinds of characters, since the server has no fonts to ask.
func textWidth(s string, size float64, bold bool) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case r >= 0x2E80:
			w += 1
		case r >= '0' && r <= '9', r == '\u2212', r == '+', r == '<', r == '>':
			w += 0.6
		case r == ' ':
			w += 0.28
		case r == '.' || r == ',' || r == ':' || r == ';' || r == '\'' || r == '|' || r == 'i' || r == 'l' || r == 'I' || r == 'j':
			w += 0.3
		case r == '-' || r == '(' || r == ')' || r == '/' || r == 't' || r == 'f' || r == 'r':
			w += 0.4
		case r == 'm' || r == 'w' || r == '%' || r == '‰' || r == '@':
			w += 0.93
		case r == 'M' || r == 'W' || r == '\u2265' || r == '\u2264' || r == '\u2013':
			w += 0.95
		case r >= 'A' && r <= 'Z':
			w += 0.7
		default:
			w += 0.58
		}
	}
	if bold {
		w *= 1.05
	}
	return w * size
}

// box is a rectangle in px.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) overlaps(c box) bool {
	return b.x0 < c.x1 && c.x0 < b.x1 && b.y0 < c.y1 && c.y0 < b.y1
}

func (b box) within(c box) bool {
	return b.x0 >= c.x0 && b.x1 <= c.x1 && b.y0 >= c.y0 && b.y1 <= c.y1
}

func (b box) grow(d float64) box { return box{b.x0 - d, b.y0 - d, b.x1 + d, b.y1 + d} }

// lineBox is the box of a line of 13 px text (or another size) at a baseline:
// 16 px from one line to the next, in proportion.
func lineBox(x, baseline, width, size float64, anchor string) box {
	switch anchor {
	case "middle":
		x -= width / 2
	case "end":
		x -= width
	}
	return box{x, baseline - size*0.92, x + width, baseline + size*0.3}
}

// segment is a straight stroke of the drawing.
type segment struct{ x0, y0, x1, y1 float64 }

// crosses reports whether the segment passes through b, by walking it in steps
// smaller than any label.
func (s segment) crosses(b box) bool {
	n := math.Ceil(math.Hypot(s.x1-s.x0, s.y1-s.y0)/3) + 1
	for i := 0.0; i <= n; i++ {
		x, y := s.x0+(s.x1-s.x0)*i/n, s.y0+(s.y1-s.y0)*i/n
		if x > b.x0 && x < b.x1 && y > b.y0 && y < b.y1 {
			return true
		}
	}
	return false
}

// niceStep is the smallest of 1, 2, 5 × 10ⁿ that is not below rough.
func niceStep(rough float64) float64 {
	if rough <= 0 || math.IsInf(rough, 0) || math.IsNaN(rough) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*power >= rough*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// decimalsOf is how many digits after the point a multiple of step needs.
func decimalsOf(step float64) int {
	for d := 0; d < 9; d++ {
		if scaled := step * math.Pow(10, float64(d)); math.Abs(scaled-math.Round(scaled)) < 1e-6*scaled {
			return d
		}
	}
	return 9
}
