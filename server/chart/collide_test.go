package chart

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yimi/indicators"
)

// anyPicture is a made-up measure with up to six results, two targets and a
// baseline, near and far from each other.
func anyPicture(t *rapid.T) Picture {
	decimals := rapid.IntRange(0, 2).Draw(t, "decimals")
	number := func(name string, low, high float64) string {
		return fmt.Sprintf("%.*f", decimals, rapid.Float64Range(low, high).Draw(t, name))
	}
	final := rapid.SampledFrom([]float64{1, 5, 6, 20, 50, 55, 100, 1500, 40000, 13086000}).Draw(t, "final")
	unit := rapid.SampledFrom([]string{"个", "%", "人"}).Draw(t, "unit")
	p := draft("指标", unit, rapid.SampledFrom([]indicators.Measure{indicators.Stock, indicators.Rate, indicators.Flow}).Draw(t, "measure"), decimals)
	if rapid.Bool().Draw(t, "lower") {
		lower(&p)
	}
	p.Trajectory.Targets = []indicators.Target{promised("2025", "ge", fmt.Sprint(int(final)))}
	if rapid.Bool().Draw(t, "milestone") {
		p.Trajectory.Targets = append([]indicators.Target{promised("2022", "ge", number("early", 0.05*final, 1.1*final))}, p.Trajectory.Targets...)
	}
	if rapid.Bool().Draw(t, "standing") {
		p.Trajectory.Targets = append(p.Trajectory.Targets, promised("every", "ge", number("always", 0.5*final, 1.2*final)))
	}
	if rapid.Bool().Draw(t, "baseline") {
		baseline("2020", number("base", 0, 1.3*final))(&p)
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "results") {
		at := fmt.Sprintf("%d-%02d", 2021+i*5/6, 1+(i*7)%12)
		p.Trajectory.Results = append(p.Trajectory.Results, observed(at, number("result", 0, 1.5*final)))
	}
	if rapid.Bool().Draw(t, "path") {
		path("2020", number("start", 0, final), "2025", fmt.Sprint(int(final)))(&p)
	}
	if n := len(p.Trajectory.Results); n > 2 && rapid.Bool().Draw(t, "projected") {
		from := p.Trajectory.Results[rapid.IntRange(1, n-1).Draw(t, "from")]
		var points [][4]string
		for y := from.Period.Year + 1; y <= 2025; y++ {
			low := number("low", 0, 2*final)
			points = append(points, [4]string{fmt.Sprint(y), low, low, number("high", 2*final, 3*final)})
		}
		ahead(fmt.Sprint(from.Period.Year), from.Value.String(), points...)(&p)
	}
	if rapid.Bool().Draw(t, "judged") {
		judged("off_track", "滞后", number("gap", 0, final), "50", number("needed", 0, final))(&p)
	}
	return p
}

func collide(t *rapid.T, view string, labels []label) {
	for i, a := range labels {
		for _, b := range labels[:i] {
			// The pieces of words along a stroke belong together.
			if a.box.overlaps(b.box) && a.name != b.name {
				t.Fatalf("%s: %s %+v lies over %s %+v", view, a.name, a.box, b.name, b.box)
			}
		}
	}
}

func named(labels []label, name string) bool {
	for _, l := range labels {
		if l.name == name {
			return true
		}
	}
	return false
}

// TestUprightLabelsNeverCollide holds the words of a ruler apart, inside the
// picture, and the latest result and the target always printed.
func TestUprightLabelsNeverCollide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPicture(t)
		u := layUpright(p, rapid.SampledFrom([]speech{zh, en}).Draw(t, "words"))
		collide(t, "upright", u.labels)
		for _, l := range u.labels {
			if l.box.y0 < -2 || l.box.y1 > UprightHeight {
				t.Fatalf("%s %+v leaves the picture", l.name, l.box)
			}
		}
		if !named(u.labels, "target") || len(p.Trajectory.Results) > 0 != named(u.labels, "latest") || len(p.Trajectory.Results) == 0 != named(u.labels, "silence") {
			t.Fatalf("printed: %+v", u.labels)
		}
		for _, other := range u.others {
			if _, over := u.y(other.share); !over && !named(u.labels, "milestone") {
				t.Fatalf("a target is not printed")
			}
		}
	})
}

// TestLyingLabelsNeverCollide is the same for rulers on their side, at both
// widths.
func TestLyingLabelsNeverCollide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyPicture(t).lay(rapid.SampledFrom([]speech{zh, en}).Draw(t, "words"), Labelled)
		for _, width := range []float64{phoneRuler, columnRuler} {
			var labels []label
			for _, p := range l.place(width) {
				if p.box.x0 < -5 || p.box.x1 > width+5 {
					t.Fatalf("%s %+v leaves the %v px", p.name, p.box, width)
				}
				labels = append(labels, label{name: p.name + fmt.Sprint(len(labels)), box: p.box.grow(-1)})
			}
			collide(t, "lying", labels)
		}
	})
}

// TestChartLabelsNeverCollide is the same for trajectories, whose targets at
// the end and latest result are always printed.
func TestChartLabelsNeverCollide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPicture(t)
		for _, size := range []Size{Wide, Narrow} {
			c := newPlot(p, rapid.SampledFrom([]speech{zh, en}).Draw(t, "words"), size)
			c.lay()
			collide(t, fmt.Sprint("size ", size), c.labels)
			for i := range p.Trajectory.Targets {
				if c.atEnd(&p.Trajectory.Targets[i]) && !named(c.labels, targetName(i)) {
					t.Fatalf("size %v: target %d is not printed", size, i)
				}
			}
			if n := len(p.Trajectory.Results); n > 0 && p.Kind() == Level && !named(c.labels, "latest") {
				t.Fatalf("size %v: the latest result is not printed", size)
			}
			if len(p.projected()) > 0 && !named(c.labels, "projection") {
				t.Fatalf("size %v: the projection is not named", size)
			}
			for _, d := range c.dots {
				if d.y0 < c.top-12 || d.y1 > c.floor+12 || d.x0 < c.left-12 || d.x1 > c.right+12 {
					t.Fatalf("size %v: a mark at %+v lies outside the plot", size, d)
				}
			}
		}
	})
}

// TestPaletteIsTheLightTheme holds the literal colours of files against the
// tokens, and that every class that is drawn has a rule.
func TestPaletteIsTheLightTheme(t *testing.T) {
	css, err := os.ReadFile("../../static/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	root, _, _ := strings.Cut(string(css), "}")
	tokens := map[string]string{}
	for _, m := range regexp.MustCompile(`--([\w-]+):\s*(#[0-9A-Fa-f]{6});`).FindAllStringSubmatch(root, -1) {
		tokens[m[1]] = m[2]
	}
	for token, colour := range light(2) {
		if token != "hue" && tokens[token] != colour {
			t.Errorf("--%s is %s, files have %s", token, tokens[token], colour)
		}
	}
	rules, err := os.ReadFile("../../static/css/chart.css")
	if err != nil {
		t.Fatal(err)
	}
	class := regexp.MustCompile(`class="([^"]*)"`)
	for _, c := range works {
		line := NewTimeline(zh, tenYears, workDay, []Work{c.work})
		for _, svg := range []SVG{line.Row(c.work), line.Ticks(c.work), NewStrip(zh, tenYears, workDay, []Work{c.work}).Draw()} {
			for _, m := range class.FindAllStringSubmatch(string(svg), -1) {
				for _, name := range strings.Fields(m[1]) {
					if name != "timeline" && !strings.Contains(string(rules), "."+name+" {") {
						t.Errorf("no rule for .%s", name)
					}
				}
			}
		}
	}
	for key, p := range pictures() {
		for _, svg := range []SVG{p.Upright(zh), p.Lying(zh, Labelled), p.Draw(zh, Wide), p.Draw(zh, Narrow)} {
			for _, m := range class.FindAllStringSubmatch(string(svg), -1) {
				for _, name := range strings.Fields(m[1]) {
					if (strings.HasPrefix(name, "f-") || strings.HasPrefix(name, "s-") || strings.HasPrefix(name, "hue-")) && !strings.Contains(string(rules), "."+name+" {") {
						t.Errorf("%s: no rule for .%s", key, name)
					}
				}
			}
		}
	}
}
