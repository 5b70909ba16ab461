package chart

// wish is words that look for a place in a chart: the first of its spots that
// touches nothing, else the one that touches least. What need not be printed is
// left out rather than laid over other words.
type wish struct {
	name          string
	width, height float64
	spots         [][2]float64 // upper left corners, best first
	must          bool
	draw          func(x, y float64) *node
	words         words // for the interactive chart
}

// words are what a label says, and where it stands from the mark it belongs
// to, for charts that place it there again.
type words struct {
	rows   [][]run
	dx, dy float64 // of its upper left corner; of its middle when turned
	turn   float64 // degrees
}

// room is the space of a chart: what is taken, and what may be crossed at a
// price.
type room struct {
	bounds   box
	labels   []label
	dots     []box
	segments []segment
}

// The prices of touching; words over words are never worth it.
const (
	overSegment = 40.0
	overDot     = 300.0
	overLabel   = 10000.0
	outside     = 5000.0
)

func (r *room) price(b box, rank int) float64 {
	cost := 3 * float64(rank)
	if !b.within(r.bounds) {
		cost += outside
	}
	for _, l := range r.labels {
		if l.box.overlaps(b) {
			cost += overLabel
		}
	}
	for _, d := range r.dots {
		if d.overlaps(b) {
			cost += overDot
		}
	}
	for _, s := range r.segments {
		if s.crosses(b) {
			cost += overSegment
		}
	}
	return cost
}

// put places a wish and reports whether it is printed.
func (r *room) put(w wish) bool {
	best, at := -1.0, box{}
	for i, s := range w.spots {
		b := box{s[0], s[1], s[0] + w.width, s[1] + w.height}
		if cost := r.price(b, i); best < 0 || cost < best {
			best, at = cost, b
		}
	}
	if best < 0 || best >= overDot && !w.must || best >= overLabel {
		return false
	}
	said := w.words
	said.dx, said.dy = at.x0-w.words.dx, at.y0-w.words.dy
	r.labels = append(r.labels, label{name: w.name, box: at, nodes: []*node{w.draw(at.x0, at.y0)}, always: w.must, words: &said})
	return true
}

// around are the spots about a point at a distance, starting below.
func around(x, y, width, height, distance float64) [][2]float64 {
	left, right, mid := x-distance-width, x+distance, x-width/2
	above, below, level := y-distance-height, y+distance, y-height/2
	return [][2]float64{
		{mid, below}, {mid, above}, {right, below - 4}, {right, above + 4}, {left, below - 4}, {left, above + 4}, {right, level}, {left, level},
	}
}

// aside are the spots for the latest result, which is read along the line:
// right of it first, then about it, then farther off.
func aside(x, y, width, height float64) [][2]float64 {
	var out [][2]float64
	for _, d := range []float64{8, 20, 34, 50, 70} {
		out = append(out,
			[2]float64{x + d, y + d/2 - 2}, [2]float64{x + d, y - height - d/2 + 2},
			[2]float64{x - d - width, y + d/2 - 2}, [2]float64{x - d - width, y - height - d/2 + 2},
			[2]float64{x - width/2, y + d}, [2]float64{x - width/2, y - height - d})
	}
	return out
}
