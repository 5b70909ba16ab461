package chart

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"yimi/indicators"
)

// plainWords are the catalogue's words with numbers printed plainly.
type plainWords struct {
	column int
	rows   map[string][]string
}

func mustWords(t *testing.T, column int) plainWords {
	t.Helper()
	f, err := os.Open("../words/catalogue.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	w := plainWords{column, map[string][]string{}}
	for _, r := range rows {
		w.rows[r[0]] = r
	}
	return w
}

func (w plainWords) T(key string, args ...any) string {
	row, ok := w.rows[key]
	if !ok {
		panic("no words for " + key)
	}
	if len(args) == 0 {
		return row[w.column]
	}
	return fmt.Sprintf(row[w.column], args...)
}

func (w plainWords) Pick(zh, en string) string {
	if w.column == 2 && en != "" {
		return en
	}
	return zh
}
func (w plainWords) Int(n int) string { return fmt.Sprint(n) }
func (w plainWords) Number(n indicators.Number, decimals int) string {
	return n.Decimal().StringFixed(int32(decimals))
}
func (w plainWords) Exact(n indicators.Number) string               { return n.String() }
func (w plainWords) Short(n indicators.Number, decimals int) string { return w.Number(n, decimals) }
func (w plainWords) Date(p indicators.Period) string                { return p.String() }
func (w plainWords) Unit(i *indicators.Indicator) string            { return w.Pick(i.Unit, i.UnitEn) }
func (w plainWords) DifferenceUnit(unit string) string              { return unit }
func (w plainWords) WithUnit(printed, unit string) string           { return printed + unit }
func (w plainWords) Value(i *indicators.Indicator, o indicators.Observation, _ []indicators.Target) string {
	return w.Exact(o.Value) + w.Unit(i)
}
func (w plainWords) Figure(_ *indicators.Indicator, o indicators.Observation, _ []indicators.Target) string {
	return w.Exact(o.Value)
}
func (w plainWords) Target(i *indicators.Indicator, t indicators.Target) string {
	return w.TargetFigure(t) + w.Unit(i)
}
func (w plainWords) TargetFigure(t indicators.Target) string { return w.Exact(t.Value) }

const hostile = `</script><b>"&'{b}`

// pictures are trajectories of a made-up plan, each with its own difficulty.
func pictures() map[string]Picture {
	two := 2
	observe := func(period, value string) indicators.Observation {
		return indicators.Observation{Subject: "a", Area: "x", Period: indicators.MustPeriod(period), Value: indicators.MustNumber(value), Kind: indicators.Result}
	}
	base := func(direction indicators.Direction, measure indicators.Measure) indicators.Trajectory {
		return indicators.Trajectory{
			Plan:      indicators.Plan{BaselineYear: 2010, FirstYear: 2011, Milestones: []int{2012, 2015}, ResultsDue: "03-31"},
			Indicator: indicators.Indicator{Code: "a", Name: hostile, Unit: "U" + hostile, Measure: measure, Direction: direction, Decimals: &two},
			Area:      indicators.Area{Code: "x", Name: hostile}, AsOf: indicators.MustPeriod("2014-06-30"), Basis: indicators.Level,
			Targets: []indicators.Target{{Indicator: "a", Milestone: "2015", Comparator: indicators.GE, Value: indicators.MustNumber("6")}},
		}
	}
	baseline := observe("2010", "1.36")
	baseline.Kind = indicators.Baseline
	out := map[string]Picture{}
	add := func(name string, t indicators.Trajectory) { out[name] = Picture{Trajectory: t, Hue: 2} }

	add("empty", base(indicators.Higher, indicators.Average))
	one := base(indicators.Higher, indicators.Average)
	one.Results = []indicators.Observation{observe("2013-04", "2.49")}
	add("one point", one)
	gapped := base(indicators.Higher, indicators.Average)
	gapped.Baseline = &baseline
	gapped.Results = []indicators.Observation{observe("2011", "1.5"), observe("2012-06", "2.12"), observe("2014-04", "0")}
	gapped.Path = []indicators.PathPoint{{At: indicators.YearOf(2010), Value: baseline.Value}, {At: indicators.YearOf(2015), Value: indicators.MustNumber("6")}}
	add("gapped", gapped)
	changed := gapped
	changed.Path = nil
	changed.Results = []indicators.Observation{observe("2011", "1.5"), observe("2012", "2.12"), observe("2013", "3"), observe("2014-01", "4")}
	changed.Results[1].Quality = indicators.Break
	changed.Results[3].Bound = "ge"
	add("break and bound", changed)
	corrected := one
	earlier := observe("2013-04", "7.7")
	corrected.Earlier = []indicators.Observation{earlier}
	corrected.Results = []indicators.Observation{earlier}
	corrected.Results[0].Value, corrected.Results[0].Quality = indicators.MustNumber("2.49"), indicators.Provisional
	add("corrected", corrected)
	beyond := base(indicators.Higher, indicators.Rate)
	beyond.Indicator.Max = indicators.MustNumber("100")
	beyond.Targets[0].Value = indicators.MustNumber("98")
	beyond.Results = []indicators.Observation{observe("2011", "101.5"), observe("2012", "112.01")}
	add("beyond", beyond)
	lower := base(indicators.Lower, indicators.Rate)
	lower.Baseline = &baseline
	lower.Targets[0].Comparator, lower.Targets[0].Value = indicators.LE, indicators.MustNumber("0.5")
	lower.Results = []indicators.Observation{observe("2012", "1.1")}
	add("lower", lower)
	standing := one
	standing.Targets = []indicators.Target{{Indicator: "a", Milestone: indicators.Every, Comparator: indicators.Between, Value: indicators.MustNumber("0.8"), Upper: indicators.MustNumber("9.5")}}
	add("standing band", standing)
	fall := base(indicators.Higher, indicators.Average)
	fall.Basis = indicators.ChangePct
	fall.Targets[0].Value = indicators.MustNumber("-20")
	fall.Results = []indicators.Observation{observe("2011", "-4"), observe("2012", "3")}
	add("fall", fall)
	return out
}

func mustOption(t *testing.T, p Picture, w Words) map[string]any {
	t.Helper()
	o, err := p.Option(w)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func first(v any) map[string]any { return v.([]any)[0].(map[string]any) }

func seriesOf(o map[string]any, name string) []any {
	for _, s := range o["series"].([]any) {
		if s := s.(map[string]any); s["name"] == name {
			return s["data"].([]any)
		}
	}
	return nil
}

// drawn are a series' items that hold a number, as [x, y].
func drawn(data []any) (out [][2]float64) {
	for _, item := range data {
		pair := item.(map[string]any)["value"].([]any)
		if y, ok := pair[1].(float64); ok {
			out = append(out, [2]float64{pair[0].(float64), y})
		}
	}
	return out
}

// TestOptionIsTheDrawing holds that ECharts gets the axis, the points and the
// targets of the server's picture.
func TestOptionIsTheDrawing(t *testing.T) {
	w := mustWords(t, 1)
	for name, p := range pictures() {
		l, o := p.layout(w), mustOption(t, p, w)
		y, x := first(o["yAxis"]), first(o["xAxis"])
		if y["min"] != l.axis.Min || y["max"] != l.axis.Max || y["interval"] != l.axis.Step {
			t.Errorf("%s: option's axis is %v to %v by %v, want %+v", name, y["min"], y["max"], y["interval"], l.axis)
		}
		if x["min"] != l.span.from || x["max"] != l.span.to {
			t.Errorf("%s: option's time is %v to %v, want %+v", name, x["min"], x["max"], l.span)
		}
		got := append(drawn(seriesOf(o, "baseline")), drawn(seriesOf(o, "results"))...)
		if len(got) != len(l.points) {
			t.Fatalf("%s: option has %d points, want %d", name, len(got), len(l.points))
		}
		for i, pt := range l.points {
			if got[i] != [2]float64{pt.at, pt.value} {
				t.Errorf("%s: point %d is %v, want %v, %v", name, i, got[i], pt.at, pt.value)
			}
			if pt.value < l.axis.Min || pt.value > l.axis.Max {
				t.Errorf("%s: %v lies off the axis %+v", name, pt.value, l.axis)
			}
		}
		for _, g := range l.goals {
			if g.value < l.axis.Min || g.value > l.axis.Max || g.at < l.span.from || g.at > l.span.to {
				t.Errorf("%s: the target %v lies off the axes", name, g)
			}
		}
		for _, n := range o["yimi"].(map[string]any)["points"].([]any) {
			n := n.(map[string]any)
			if s := int(n["series"].(float64)); s >= 0 {
				data := o["series"].([]any)[s].(map[string]any)["data"].([]any)
				if i := int(n["index"].(float64)); i >= len(data) || drawn(data[i:i+1]) == nil {
					t.Errorf("%s: %v stands at no point", name, n)
				}
			}
		}
	}
}

// TestDrawingIsPlain holds pictures to well-formed XML in which names are text,
// and options to data that ends no script.
func TestDrawingIsPlain(t *testing.T) {
	for _, column := range []int{1, 2} {
		w := mustWords(t, column)
		for name, p := range pictures() {
			for what, svg := range map[string]SVG{
				"wide": p.Draw(w, Wide), "narrow": p.Draw(w, Narrow), "document": p.Document(w, Credits{hostile, hostile, hostile}),
			} {
				dec := xml.NewDecoder(strings.NewReader(string(svg)))
				for {
					token, err := dec.Token()
					if err == io.EOF {
						break
					}
					if err != nil {
						t.Fatalf("%s, %s: %v", name, what, err)
					}
					if s, ok := token.(xml.StartElement); ok && (s.Name.Local == "script" || s.Name.Local == "b") {
						t.Errorf("%s, %s: a name became an element", name, what)
					}
				}
				for _, bad := range []string{"NaN", "Inf", "style="} {
					if strings.Contains(string(svg), bad) {
						t.Errorf("%s, %s: has %s", name, what, bad)
					}
				}
				if what == "document" && strings.Contains(string(svg), `class="f-`) {
					t.Errorf("%s: the file has colours by class", name)
				}
			}
			b, err := json.Marshal(mustOption(t, p, w))
			if err != nil {
				t.Fatal(err)
			}
			for _, bad := range []string{"function", "=>", "</", "__f__"} {
				if strings.Contains(string(b), bad) {
					t.Errorf("%s: the option has %q", name, bad)
				}
			}
		}
	}
}

// joins counts the strokes of the results' line.
func joins(svg SVG) int { return strings.Count(string(svg), `class="s-hue" stroke-width="2.5"`) }

func TestLineBreaks(t *testing.T) {
	w := mustWords(t, 1)
	for name, want := range map[string]int{"empty": 0, "one point": 0, "gapped": 1, "break and bound": 1, "beyond": 1} {
		p := pictures()[name]
		if got := joins(p.Draw(w, Wide)); got != want {
			t.Errorf("%s: %d strokes, want %d", name, got, want)
		}
		gaps := 0
		data := seriesOf(mustOption(t, p, w), "results")
		for _, item := range data {
			if item.(map[string]any)["value"].([]any)[1] == missing {
				gaps++
			}
		}
		if points := len(p.Trajectory.Results); max(points-1-gaps, 0) != want {
			t.Errorf("%s: option joins %d, want %d", name, points-1-gaps, want)
		}
	}
}

// TestYearLabels holds the phone to four years and one word for each stretch of
// silence.
func TestYearLabels(t *testing.T) {
	w := mustWords(t, 1)
	p := pictures()["one point"]
	p.Trajectory.AsOf = indicators.MustPeriod("2016-06-30")
	years, words, narrow := 0, 0, 0
	for _, x := range mustOption(t, p, w)["yimi"].(map[string]any)["x"].([]any) {
		x := x.(map[string]any)
		if x["label"] != "" {
			years++
		}
		if x["narrow"] == true {
			narrow++
		}
		if x["silent"] != nil {
			words++
		}
	}
	if years < 5 || narrow != 4 || words != 2 {
		t.Errorf("%d years, %d on the phone, %d words; want 5 or more, 4, 2", years, narrow, words)
	}
}

func TestAxis(t *testing.T) {
	w := mustWords(t, 1)
	all := pictures()
	if a := all["beyond"].Axis(); a.Max < 112.01 || !a.Cropped {
		t.Errorf("axis beyond a hundred = %+v", a)
	}
	if s := all["beyond"].Subtitle(w); !strings.Contains(s, w.T("chart.cropped")) {
		t.Errorf("subtitle says nothing of the cropped axis: %s", s)
	}
	for _, name := range []string{"gapped", "lower", "one point", "corrected"} {
		if a := all[name].Axis(); a.Min != 0 {
			t.Errorf("%s: axis begins at %v, want 0", name, a.Min)
		}
	}
	if s := all["lower"].Subtitle(w); !strings.Contains(s, w.T("chart.lower_is_better")) {
		t.Errorf("subtitle of lower is %s", s)
	}
	if a := all["corrected"].Axis(); a.Max < 7.7 {
		t.Errorf("axis of corrected = %+v cuts the earlier value", a)
	}
}

func TestStates(t *testing.T) {
	w := mustWords(t, 1)
	all := pictures()
	if svg := string(all["corrected"].Draw(w, Wide)); !strings.Contains(svg, w.T("chart.corrected")) || !strings.Contains(svg, w.T("chart.provisional")) {
		t.Error("a corrected provisional figure does not say so")
	}
	svg := string(all["gapped"].Draw(w, Wide))
	if !strings.Contains(svg, w.T("chart.silent")) || !strings.Contains(svg, w.T("chart.path")) {
		t.Error("a silent year or the required path is not named")
	}
	if got := all["gapped"].Title(w); !strings.Contains(got, "2014-04") {
		t.Errorf("title = %s", got)
	}
	dated := all["empty"]
	dated.Trajectory.Indicator.Measure = indicators.Deliverable
	if dated.Draw(w, Wide) != "" || dated.Document(w, Credits{}) != "" || len(mustOption(t, dated, w)) != 0 {
		t.Error("a deliverable is drawn")
	}
}
