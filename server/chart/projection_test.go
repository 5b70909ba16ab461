package chart

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yimi/indicators"
)

// dashed is the line of a projection, and shaded its band, in a picture of the
// server; printed are the same with the literal colours of a document.
var (
	dashed = regexp.MustCompile(`<path d="(M[^"]*)" (?:class="s-hue"|stroke="#[0-9A-F]{6}") fill="none" stroke-width="2" stroke-dasharray="6 4"/>`)
	shaded = regexp.MustCompile(`<path d="(M[^"]*)Z" (?:class="f-hue"|fill="#[0-9A-F]{6}") fill-opacity="0\.16"/>`)
	places = regexp.MustCompile(`[ML](-?[0-9.]+) (-?[0-9.]+)`)
)

// through reads the points of a path.
func through(t *testing.T, d string) [][2]float64 {
	t.Helper()
	var out [][2]float64
	for _, m := range places.FindAllStringSubmatch(d, -1) {
		x, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		y, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, [2]float64{x, y})
	}
	return out
}

// projectionSeries are the series of an option in which the projection stands.
func projectionSeries(t *testing.T, p Picture) (line, band map[string]any) {
	t.Helper()
	option := mustOption(t, p, zh)
	if len(option) == 0 {
		return nil, nil
	}
	for _, s := range option["series"].([]any) {
		series := s.(map[string]any)
		if series["name"] == zh.T("chart.projection") {
			line = series
		}
		if area, ok := series["areaStyle"].(map[string]any); ok && area["opacity"] == 0.16 {
			band = series
		}
	}
	return line, band
}

// TestProjection holds a projection against every view of it: dashed, with its
// band, right of the last result, inside the axis, named as no result.
func TestProjection(t *testing.T) {
	seen := 0
	for key, p := range pictures() {
		points := p.projected()
		if (p.Projection != nil) != (len(points) > 0) {
			t.Errorf("%s: a projection without a year to show", key)
		}
		line, band := projectionSeries(t, p)
		for _, view := range []struct {
			name string
			size Size
			svg  SVG
		}{{"wide", Wide, p.Draw(zh, Wide)}, {"narrow", Narrow, p.Draw(zh, Narrow)}, {"document", Wide, p.Document(zh, Credits{})}} {
			stroke, fill := dashed.FindStringSubmatch(string(view.svg)), shaded.FindStringSubmatch(string(view.svg))
			named := strings.Contains(string(view.svg), ">"+zh.T("chart.projection")+"<")
			if len(points) == 0 {
				if stroke != nil || named {
					t.Errorf("%s, %s: a projection where there is none", key, view.name)
				}
				continue
			}
			if stroke == nil || fill == nil || !named {
				t.Errorf("%s, %s: line %v, band %v, name %v", key, view.name, stroke, fill, named)
				continue
			}
			seen++
			c := newPlot(p, zh, view.size)
			at, edge := through(t, stroke[1]), through(t, fill[1])
			if want := len(points) + 1; len(at) != want || len(edge) != 2*want {
				t.Errorf("%s, %s: %d corners and %d of the band, want %d and %d", key, view.name, len(at), len(edge), want, 2*want)
			}
			last := c.x(p.stands(p.Trajectory.Latest().Period))
			for _, xy := range slices.Concat(at, edge) {
				if xy[0] < last-0.01 || xy[0] > c.right || xy[1] < c.top-0.01 || xy[1] > c.bottom+0.01 {
					t.Errorf("%s, %s: the projection runs through %v, outside of what lies right of the last result", key, view.name, xy)
				}
			}
			agree(t, key+", "+view.name, c, at, line)
			agree(t, key+", "+view.name+", band", c, edge, band)
		}
		if len(points) == 0 && (line != nil || band != nil) {
			t.Errorf("%s: the option projects, the picture does not", key)
		}
	}
	if seen < 12 {
		t.Fatalf("%d pictures with a projection, too few to be true", seen)
	}
}

// agree holds the px of a path against the points of a series.
func agree(t *testing.T, name string, c *plot, path [][2]float64, series map[string]any) {
	t.Helper()
	list := points(series)
	if len(list) != len(path) {
		t.Errorf("%s: the option has the points %v, the picture %v", name, list, path)
		return
	}
	for i, at := range list {
		if x, y := c.x(at[0]+0.5), c.y(at[1]); x-path[i][0] > 0.02 || path[i][0]-x > 0.02 || y-path[i][1] > 0.02 || path[i][1]-y > 0.02 {
			t.Errorf("%s: the option is at %v %v, the picture at %v", name, x, y, path[i])
		}
	}
}

// TestProjectionIsNoFigure holds that the years of a projection are read out
// as one, in chart, table and text, and are never counted as figures.
func TestProjectionIsNoFigure(t *testing.T) {
	p := pictures()["projected"]
	body, err := json.Marshal(mustOption(t, p, zh)["yimi"])
	if err != nil {
		t.Fatal(err)
	}
	var extra struct {
		Points []spot
		Wide   struct{ Labels map[string]said }
	}
	if err := json.Unmarshal(body, &extra); err != nil {
		t.Fatal(err)
	}
	var read []string
	figures := 0
	for _, s := range extra.Points {
		if slices.Contains(s.Lines, zh.T("chart.projection")) {
			read = append(read, strings.Join(s.Lines, " "))
			if s.Figure {
				t.Errorf("%v counts as a figure", s.Lines)
			}
		} else if s.Figure {
			figures++
		}
	}
	if want := []string{"2024年 推算（非结果） 93.41%（92.88%～93.84%）", "2025年 推算（非结果） 96.18%（95.12%～97.04%）"}; !slices.Equal(read, want) {
		t.Errorf("the reader says %q, want %q", read, want)
	}
	if figures != 4 {
		t.Errorf("%d figures, want the baseline and three results", figures)
	}
	if body, err = json.Marshal(mustOption(t, pictures()["projected from within"], zh)["yimi"]); err != nil || !strings.Contains(string(body), "90（70～110）个") {
		t.Errorf("the reader leaves out the unit (%v): %s", err, body)
	}
	named := false
	for _, l := range extra.Wide.Labels {
		named = named || strings.Contains(l.Text, zh.T("chart.projection"))
	}
	if !named {
		t.Errorf("the interactive chart does not name the projection: %v", extra.Wide.Labels)
	}
	var rows []string
	for _, r := range p.Rows() {
		if r.Kind == ProjectionRow {
			rows = append(rows, r.Period.String()+" "+r.Value.String()+" "+r.Low.String()+" "+r.High.String())
			if r.Observation != nil || r.Target != nil {
				t.Errorf("the row of %s has an observation or a target", r.Period)
			}
		} else if r.Low.Present() || r.High.Present() {
			t.Errorf("a row of %s has a range", r.Kind)
		}
	}
	if want := []string{"2024 93.41 92.88 93.84", "2025 96.18 95.12 97.04"}; !slices.Equal(rows, want) {
		t.Errorf("the table projects %q, want %q", rows, want)
	}
	for _, c := range []struct{ got, want string }{
		{p.Text(zh), "推算到2025年约96.18%（95.12%～97.04%），不是结果。"},
		{p.Text(en), "Projected to 2025: about 96.18% (95.12%–97.04%), not a result."},
	} {
		if !strings.HasSuffix(c.got, c.want) {
			t.Errorf("text %q, want it to end with %q", c.got, c.want)
		}
	}
}

// TestProjectionBeginsAtTheLastResult holds that nothing is projected for a
// time of which there is a result.
func TestProjectionBeginsAtTheLastResult(t *testing.T) {
	p := pictures()["projected from within"]
	corners := p.corners()
	if len(corners) != 3 || corners[0].at != moment(indicators.MustPeriod("2024-06")) {
		t.Fatalf("corners %+v, want three from June on", corners)
	}
	if from := corners[0]; from.value != 67.5 || from.low != 62.5 || from.high != 72.5 {
		t.Errorf("it begins at %+v, want half the way to 75 (65 to 85)", from)
	}
	p.Trajectory.Results = append(p.Trajectory.Results, observed("2024", "70", bounded("about")))
	if points := p.projected(); len(points) != 1 || points[0].At.Year != 2025 {
		t.Errorf("projected %+v beside a result for 2024", points)
	}
	p.Trajectory.Results = append(p.Trajectory.Results, observed("2025", "80", bounded("about")))
	if points, corners := p.projected(), p.corners(); points != nil || corners != nil {
		t.Errorf("projected %+v left of the last result", points)
	}
	for _, other := range []string{"one point", "zero target", "libraries"} {
		if p := pictures()[other]; strings.Contains(p.Text(zh), "推算") || p.corners() != nil {
			t.Errorf("%s: projected from fewer than three values", other)
		}
	}
	dated := pictures()["done"]
	ahead("2022", "1", [4]string{"2023", "1", "1", "1"})(&dated)
	if dated.projected() != nil {
		t.Errorf("a deliverable is projected")
	}
}
