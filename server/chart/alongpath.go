package chart

import (
	"math"
	"strconv"

	"yimi/indicators"
)

// needed is the pace that would still reach the target: a thin arrow from the
// latest result, with what it asks for a year.
func (c *plot) needed(x, y float64) {
	v, target := c.p.Verdict.Needed, c.p.target()
	if !v.Present() || v.Decimal().IsZero() || target == nil || c.narrow {
		return
	}
	value := c.p.Trajectory.Value(target)
	if !value.Present() {
		return
	}
	tx, ty := c.x(c.targetMoment(target)), c.y(value.Float())
	length := math.Hypot(tx-x, ty-y)
	if tx-x < 120 {
		return
	}
	ux, uy := (tx-x)/length, (ty-y)/length
	x0, y0, x1, y1 := x+ux*14, y+uy*14, tx-ux*16, ty-uy*16
	at := func(turn float64) string {
		cos, sin := math.Cos(turn), math.Sin(turn)
		return px(x1-9*(ux*cos-uy*sin)) + " " + px(y1-9*(ux*sin+uy*cos))
	}
	c.draw(el("path", "d", "M"+px(x0)+" "+px(y0)+"L"+px(x1)+" "+px(y1)+"M"+at(0.45)+"L"+px(x1)+" "+px(y1)+"L"+at(-0.45),
		"class", "s-control", "fill", "none", "stroke-width", 1.2))
	c.segments = append(c.segments, segment{x0, y0, x1, y1})
	sign := "+"
	if v.Decimal().IsNegative() {
		sign = ""
	}
	amount := sign + c.p.amount(c.w, v)
	c.along("needed", segment{x0, y0, x1, y1}, 14, []run{{text: c.w.T("chart.catch_up", amount)}})
}

// pathWords name the required path along it.
func (c *plot) pathWords() {
	t := &c.p.Trajectory
	if len(t.Path) < 2 {
		return
	}
	name := c.w.T("chart.path")
	if !c.narrow {
		name = c.w.T("chart.path_to", indicators.YearOf(t.Path[len(t.Path)-1].At.Year).String())
	}
	for i := len(t.Path) - 1; i > 0; i-- {
		from, to := t.Path[i-1], t.Path[i]
		s := segment{c.x(moment(from.At)), c.y(from.Value.Float()), c.x(moment(to.At)), c.y(to.Value.Float())}
		if c.along(cornerName(i), s, -9, []run{{text: name}}) {
			return
		}
	}
}

// cornerName is the name of the label of the path's stretch to that corner.
func cornerName(i int) string { return "path " + strconv.Itoa(i) }

// along writes words turned along a stroke, off px below it (above when
// negative), where they touch nothing; it reports whether there was room.
func (c *plot) along(name string, s segment, off float64, runs []run) bool {
	length, width := math.Hypot(s.x1-s.x0, s.y1-s.y0), c.text(runs...)
	if length < width+24 {
		return false
	}
	ux, uy := (s.x1-s.x0)/length, (s.y1-s.y0)/length
	for _, share := range []float64{0.62, 0.5, 0.72, 0.4, 0.3, 0.2} {
		for _, side := range []float64{off, -off + math.Copysign(4, -off)} {
			start := share*length - width/2
			if start < 10 || start+width > length-10 {
				continue
			}
			var parts []box
			free := true
			for d := 0.0; d <= width && free; d += 6 {
				x, y := s.x0+ux*(start+d)-uy*side, s.y0+uy*(start+d)+ux*side
				b := box{x - 6, y - 8, x + 6, y + 8}
				for _, l := range c.labels {
					free = free && !l.box.overlaps(b)
				}
				for _, o := range c.dots {
					free = free && !o.overlaps(b)
				}
				for _, o := range c.segments {
					if o != s && o.crosses(b) {
						free = false
					}
				}
				parts = append(parts, b)
			}
			if !free {
				continue
			}
			x, y := s.x0+ux*(start+width/2)-uy*side, s.y0+uy*(start+width/2)+ux*side
			turn := math.Atan2(s.y1-s.y0, s.x1-s.x0) * 180 / math.Pi
			text := halo(line(x, y+4, "middle", runs...)).set("transform", "rotate("+px(turn)+" "+px(x)+" "+px(y)+")")
			for i, b := range parts {
				l := label{name: name, box: b}
				if i == 0 {
					l.nodes = []*node{text}
					l.words = &words{[][]run{runs}, x - s.x1, y - s.y1, turn}
				}
				c.labels = append(c.labels, l)
			}
			return true
		}
	}
	return false
}
