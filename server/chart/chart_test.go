package chart

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"yimi/indicators"
)

// wellFormed reads a picture as XML and returns its elements' names.
func wellFormed(t *testing.T, name string, svg SVG) map[string]int {
	t.Helper()
	seen := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return seen
		}
		if err != nil {
			t.Fatalf("%s: not well-formed: %v", name, err)
		}
		if start, ok := token.(xml.StartElement); ok {
			seen[start.Name.Local]++
			for _, a := range start.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("%s: attribute %s on %s", name, a.Name.Local, start.Name.Local)
				}
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Errorf("%s: %s=%q", name, a.Name.Local, a.Value)
				}
			}
		}
	}
}

// TestDrawings holds that every view of every picture is well-formed, holds no
// element that a name smuggled in, and says what it shows.
func TestDrawings(t *testing.T) {
	for key, p := range pictures() {
		for _, w := range []speech{zh, en} {
			name := fmt.Sprintf("%s, english %v", key, w.en)
			views := map[string]SVG{
				"upright": p.Upright(w), "labelled": p.Lying(w, Labelled), "list": p.Lying(w, InList), "table": p.Lying(w, InTable),
				"wide": p.Draw(w, Wide), "narrow": p.Draw(w, Narrow), "document": p.Document(w, Credits{"<b>源</b>", "r", "a"}),
			}
			for view, svg := range views {
				seen := wellFormed(t, name+", "+view, svg)
				for _, bad := range []string{"script", "img", "b"} {
					if seen[bad] > 0 {
						t.Errorf("%s, %s: an element %s", name, view, bad)
					}
				}
				if !strings.Contains(string(svg), `role="img"`) || strings.Contains(string(svg), `aria-label=""`) {
					t.Errorf("%s, %s: no role or no text alternative", name, view)
				}
			}
			if strings.Contains(string(views["document"]), "class=\"f-") {
				t.Errorf("%s: the document has classes instead of colours", name)
			}
			for what, text := range map[string]string{"title": p.Title(w), "subtitle": p.Subtitle(w), "text": p.Text(w), "ruler": p.RulerText(w)} {
				if text == "" || strings.Contains(text, "%!") || strings.Contains(text, "  ") {
					t.Errorf("%s: %s is %q", name, what, text)
				}
			}
		}
	}
}

// points are the numbers of a series' data.
func points(series map[string]any) [][2]float64 {
	var out [][2]float64
	data, _ := series["data"].([]any)
	for _, d := range data {
		v, _ := d.(map[string]any)["value"].([]any)
		if len(v) != 2 {
			continue
		}
		if y, ok := v[1].(float64); ok {
			out = append(out, [2]float64{v[0].(float64), y})
		}
	}
	return out
}

func mustOption(t *testing.T, p Picture, w Words) map[string]any {
	t.Helper()
	option, err := p.Option(w)
	if err != nil {
		t.Fatal(err)
	}
	return option
}

// TestOption holds the option against the picture: the same axis, every point
// of the table, nothing but data in it.
func TestOption(t *testing.T) {
	for key, p := range pictures() {
		option := mustOption(t, p, zh)
		if !p.Charted() {
			if len(option) != 0 {
				t.Errorf("%s: an option where there is no trajectory", key)
			}
			continue
		}
		body, err := json.Marshal(option)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"</", "<img", "function", "__f__", "#5470c6"} {
			if strings.Contains(string(body), bad) {
				t.Errorf("%s: the option has %q", key, bad)
			}
		}
		axis := p.Axis()
		y := option["yAxis"].([]any)[0].(map[string]any)
		if y["min"] != axis.Min || y["max"] != axis.Max || y["interval"] != axis.Step {
			t.Errorf("%s: y axis %v–%v by %v, want %+v", key, y["min"], y["max"], y["interval"], axis)
		}
		if got := option["aria"].(map[string]any)["label"].(map[string]any)["description"]; got != p.Text(zh) {
			t.Errorf("%s: description %q, want %q", key, got, p.Text(zh))
		}
		var drawn []float64
		for _, s := range option["series"].([]any) {
			for _, at := range points(s.(map[string]any)) {
				drawn = append(drawn, at[1])
			}
		}
		for _, row := range p.Rows() {
			if !row.Value.Present() || row.Kind == PathRow || row.Kind == OtherRow || row.Kind == AsideRow {
				continue
			}
			if !slices.Contains(drawn, row.Value.Float()) {
				t.Errorf("%s: %s %s of %s is in the table and not in the chart %v", key, row.Kind, row.Value, row.Period, drawn)
			}
		}
		var extra struct {
			Points []struct{ Series, Index int }
		}
		part, err := json.Marshal(option["yimi"])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(part, &extra); err != nil {
			t.Fatal(err)
		}
		for _, at := range extra.Points {
			data := option["series"].([]any)[at.Series].(map[string]any)["data"].([]any)
			if at.Index >= len(data) || data[at.Index].(map[string]any)["value"].([]any)[1] == "-" {
				t.Errorf("%s: the reader stops at %v, where nothing is drawn", key, at)
			}
		}
	}
}

// TestMissingIsNotZero holds that a year without a figure is a gap.
func TestMissingIsNotZero(t *testing.T) {
	p := pictures()["gapped"]
	option := mustOption(t, p, zh)
	first := option["series"].([]any)[0].(map[string]any)
	gaps := 0
	for _, d := range first["data"].([]any) {
		if d.(map[string]any)["value"].([]any)[1] == "-" {
			gaps++
		}
	}
	if gaps != 1 || first["connectNulls"] != false {
		t.Errorf("%d gaps, connectNulls %v, want 1 and false", gaps, first["connectNulls"])
	}
	for _, at := range points(first) {
		if at[1] == 0 {
			t.Errorf("a missing year is drawn as 0")
		}
	}
	lines := strings.Count(string(p.Draw(zh, Wide)), `class="s-hue" stroke-width="2.5"`)
	if lines != 1 {
		t.Errorf("%d strokes between three results of which two are neighbours, want 1", lines)
	}
	if !strings.Contains(string(p.Draw(zh, Wide)), zh.T("chart.not_reported")) || !strings.Contains(p.Text(zh), "2022年未报") {
		t.Errorf("the silent year is not said: %s", p.Text(zh))
	}
}

func TestOnePoint(t *testing.T) {
	p := pictures()["one point"]
	svg := string(p.Draw(zh, Wide))
	if strings.Count(svg, "<circle") != 1 || strings.Contains(svg, `class="s-hue" stroke-width="2.5"`) {
		t.Errorf("one point is drawn with %d dots or with a line", strings.Count(svg, "<circle"))
	}
	for _, view := range []SVG{pictures()["libraries"].Draw(zh, Wide), pictures()["libraries"].Upright(zh), pictures()["libraries"].Lying(zh, InList)} {
		if strings.Contains(string(view), "<circle") || strings.Contains(string(view), "f-hue") {
			t.Errorf("nothing reported is drawn as something: %s", view)
		}
	}
}

func TestAxisHoldsEveryMark(t *testing.T) {
	for key, p := range pictures() {
		if !p.Charted() {
			continue
		}
		a := p.Axis()
		for _, m := range p.marks() {
			if m < a.Min || m > a.Max {
				t.Errorf("%s: %v lies outside %+v", key, m, a)
			}
		}
		if r := a.Min / a.Step; math.Abs(r-math.Round(r)) > 1e-6 {
			t.Errorf("%s: the axis begins at %v, no multiple of %v", key, a.Min, a.Step)
		}
		if a.Cropped != strings.Contains(p.Subtitle(zh), zh.T("chart.cropped")) {
			t.Errorf("%s: cropped is %v, subtitle %q", key, a.Cropped, p.Subtitle(zh))
		}
		if kinds[p.Kind()].columns && a.Cropped {
			t.Errorf("%s: columns do not start at 0", key)
		}
	}
	for _, c := range []struct {
		low, high float64
		cropped   bool
	}{{1.36, 6, false}, {85.2, 90.64, true}, {98, 112.01, true}, {1, 4, false}} {
		a := newAxis([]float64{c.low, c.high}, true, false)
		if a.Cropped != c.cropped {
			t.Errorf("newAxis(%v, %v).Cropped = %v, want %v", c.low, c.high, a.Cropped, c.cropped)
		}
		if share := (c.low - a.Min) / (a.Max - a.Min); a.Cropped && (share < 0.245 || share > 0.34) {
			t.Errorf("newAxis(%v, %v) leaves %.2f below the lowest mark, want ¼ to ⅓", c.low, c.high, share)
		}
	}
	if got := tidy(600000.0000000001); got != 600000 {
		t.Errorf("tidy = %v, want 600000", got)
	}
}

// TestCorrection holds that a corrected figure shows what it was, and that the
// sentence changes with it.
func TestCorrection(t *testing.T) {
	p := pictures()["corrected"]
	if svg := string(p.Draw(zh, Wide)); !strings.Contains(svg, zh.T("chart.corrected")) || !strings.Contains(svg, `fill-opacity="0.4"`) {
		t.Errorf("the correction is not drawn")
	}
	if !strings.Contains(p.Text(zh), "原为1120") || !strings.Contains(p.Text(en), "1120") {
		t.Errorf("the correction is not said: %s", p.Text(zh))
	}
	found := false
	for _, r := range p.Rows() {
		found = found || r.Kind == EarlierRow && r.Value.String() == "1120"
	}
	if !found {
		t.Errorf("the table lacks the earlier value")
	}
}

func TestTexts(t *testing.T) {
	all := pictures()
	for _, c := range []struct{ what, got, want string }{
		{"text", all["places"].Text(zh), "每千人口托位数（个）：2020年基期值1.36，2023年4月为2.49，2025年目标≥6；还差3.51个，状态滞后。2021、2024年未报。2025年待报。"},
		{"text", all["places"].Text(en), "Measure (个): baseline 1.36 in 2020, 2.49 in 2023-04, target for 2025 ≥6; 3.51 个 short, status 滞后. Not reported: 2021, 2024. Awaited: 2025."},
		{"title", all["places"].Title(zh), "2023年4月比所需路径低 1.04个"},
		{"title", all["myopia"].Title(zh), "2024年比所需路径高 1.24个百分点"},
		{"title", all["libraries"].Title(zh), "还没有结果，目标 ≥50"},
		{"ruler", all["places"].RulerText(zh), "每千人口托位数身高尺：现在2.49，2025年刻度≥6，走了24.4%。"},
		{"ruler", all["libraries"].RulerText(zh), "友好图书馆身高尺：还没有结果，2022年刻度≥16，2025年刻度≥50。"},
		{"ruler", all["districts"].RulerText(zh), "友好街区，每个区 5 个身高尺：16个中11个达到，2025年刻度≥5，走了68.8%。"},
		{"goal", all["toilets"].Goal(zh), "全部"},
		{"goal", all["football"].Goal(zh), "0.8～1"},
		{"goal", all["hold"].Goal(zh), "保持 42.0%"},
		{"text", all["done"].Text(zh), "家庭教育促进条例：期限2022年12月31日，2022年10月1日完成。"},
	} {
		if c.got != c.want {
			t.Errorf("%s = %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestRows(t *testing.T) {
	p := pictures()["places"]
	var got []string
	for _, r := range p.Rows() {
		value := "none"
		if r.Value.Present() {
			value = r.Value.Decimal().Round(2).String()
		}
		got = append(got, fmt.Sprintf("%s %s %s", r.Period, r.Kind, value))
	}
	want := []string{"2020 baseline 1.36", "2020 path 1.36", "2021 path 2.29", "2021 silent none", "2022-07 result 2.12", "2022 path 3.22",
		"2023-04 result 2.49", "2023 path 4.14", "2024 path 5.07", "2024 silent none", "2025 path 6", "2025 silent none", "2025 target 6"}
	if !slices.Equal(got, want) {
		t.Errorf("Rows = %q, want %q", got, want)
	}
	for _, r := range p.Rows() {
		if r.Kind == SilentRow && r.Value.Present() {
			t.Errorf("a silent year has a value")
		}
	}
}

func TestKinds(t *testing.T) {
	want := map[string]Kind{"places": Level, "amounts": Amounts, "totals": Totals, "done": Dated}
	seen := map[Kind]bool{}
	for key, p := range pictures() {
		k := p.Kind()
		if _, ok := kinds[k]; !ok {
			t.Errorf("%s: the kind %q has no entry", key, k)
		}
		if want[key] != "" && k != want[key] {
			t.Errorf("Kind(%s) = %s, want %s", key, k, want[key])
		}
		seen[k] = true
	}
	if len(seen) != len(kinds) {
		t.Errorf("pictures show %d kinds of %d", len(seen), len(kinds))
	}
}

func TestDistricts(t *testing.T) {
	at := func(n int) *int { return &n }
	d := Districts{Target: &indicators.Target{Comparator: indicators.GE, Value: indicators.MustNumber("5")}, Units: []District{
		{Name: "甲区", Short: "甲", Link: "/areas/a", Value: indicators.MustNumber("3"), Attainment: indicators.MustNumber("60"), Area: indicators.Area{GridCol: at(0), GridRow: at(0)}},
		{Name: "乙区", Short: "乙", Link: "/areas/b", Area: indicators.Area{GridCol: at(1), GridRow: at(0)}},
		{Name: "丙区<b>", Short: "丙", Link: "/areas/c", Value: indicators.MustNumber("7"), Attainment: indicators.MustNumber("100"), Met: true, Here: true, Area: indicators.Area{GridCol: at(1), GridRow: at(1)}},
		{Name: "丁区", Short: "丁", Link: "/areas/d", Value: indicators.MustNumber("0"), Attainment: indicators.MustNumber("0"), Area: indicators.Area{GridCol: at(0), GridRow: at(1)}},
	}}
	for name, svg := range map[string]SVG{"bars": d.Bars(zh), "tiles": d.Tiles(zh), "empty": Districts{}.Bars(zh), "no tiles": Districts{}.Tiles(zh)} {
		if seen := wellFormed(t, name, svg); seen["b"] > 0 {
			t.Errorf("%s: a name became an element", name)
		}
		if strings.Contains(string(svg), `role="img"`) {
			t.Errorf("%s: its links are hidden in a picture", name)
		}
	}
	bars, tiles := string(d.Bars(zh)), string(d.Tiles(zh))
	order := func(text string) []int {
		return []int{strings.Index(text, "/areas/c"), strings.Index(text, "/areas/a"), strings.Index(text, "/areas/d"), strings.Index(text, "/areas/b")}
	}
	for name, text := range map[string]string{"bars": bars, "tiles": tiles} {
		if !slices.IsSorted(order(text)) || strings.Count(text, "<a ") != 4 {
			t.Errorf("%s: not best first and unreported last, or not all are links", name)
		}
	}
	if strings.Count(bars, "f-hue") != 3 || !strings.Contains(bars, "未报 1 个") {
		t.Errorf("bars: the unreported one has a bar or no group of its own")
	}
	if !strings.Contains(tiles, "示意排列，非地图") {
		t.Errorf("tiles: not captioned as no map")
	}
	if got, want := d.Text(zh), "4个区中1个达到≥5；最高丙区<b>7，最低丁区0；1个未报。"; got != want {
		t.Errorf("Text = %q, want %q", got, want)
	}
}

func TestStatusBar(t *testing.T) {
	svg := StatusBar([]Share{{"not_reported", "未报", 38}, {"missed", "未达标", 4}, {"met", "达标", 21}, {"on_track", "正常", 0}, {"off_track", "滞后", 9}}, "说明")
	wellFormed(t, "status bar", svg)
	text := string(svg)
	if i, j, k := strings.Index(text, "f-met"), strings.Index(text, "f-miss"), strings.LastIndex(text, "s-none"); i < 0 || i >= j || j >= k {
		t.Errorf("the order is not the fixed one")
	}
	if strings.Contains(text, "f-none") || !strings.Contains(text, "hatch)") {
		t.Errorf("not reported is filled, or not hatched")
	}
	wellFormed(t, "empty status bar", StatusBar(nil, "无"))
}
