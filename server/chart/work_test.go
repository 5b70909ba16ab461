package chart

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yimi/indicators"
)

var works = map[string]struct {
	work   Work
	days   int
	counts bool
	zh, en string
	tail   bool // hatched
	solid  bool // something came of it
}{
	"planned only": {
		work: Work{Start: day("2023-03"), Due: day("2026-06-30")},
		zh:   "馆：计划2023年3月至2026年6月30日，暂无进展填报。", en: "馆: planned from 2023-03 to 2026-06-30, no progress reported.",
	},
	"running": {
		work: Work{Start: day("2023-03"), Due: day("2026-06-30"), Heard: day("2024")}, solid: true,
		zh: "馆：计划2023年3月至2026年6月30日，有进展填报，最近2024年。", en: "馆: planned from 2023-03 to 2026-06-30, last report 2024.",
	},
	"late": {
		work: Work{Start: day("2023"), Due: day("2025-01-14"), Heard: day("2025-02"), Undone: true}, days: 46, counts: true, tail: true, solid: true,
		zh: "馆：计划2023年至2025年1月14日，截至2025年2月未完成，晚 46 天。", en: "馆: planned from 2023 to 2025-01-14, not done by 2025-02, 46 days late.",
	},
	"undone before it was due": {
		work: Work{Due: day("2025-01-14"), Heard: day("2024-12"), Undone: true}, days: 46, counts: true, solid: true,
		zh: "馆：计划到2025年1月14日，开工不详，截至2024年12月未完成，到期已 46 天。", en: "馆: planned by 2025-01-14, no start given, not done by 2024-12, 46 days past due.",
	},
	"due and silent": {
		work: Work{Start: day("2023"), Due: day("2024")}, days: 60, counts: true,
		zh: "馆：计划2023年至2024年，暂无进展填报，到期已 60 天。", en: "馆: planned from 2023 to 2024, no progress reported, 60 days past due.",
	},
	"done late": {
		work: Work{Start: day("2023"), Due: day("2024-06-30"), Done: day("2024-08-16"), Heard: day("2024-08-16")}, days: 47, counts: true, tail: true, solid: true,
		zh: "馆：计划2023年至2024年6月30日，2024年8月16日完成，晚 47 天。", en: "馆: planned from 2023 to 2024-06-30, done, 2024-08-16, 47 days late.",
	},
	"done early": {
		work: Work{Start: day("2023"), Due: day("2024-06-30"), Done: day("2024-06-20"), Heard: day("2024-06-20")}, days: -10, counts: true, solid: true,
		zh: "馆：计划2023年至2024年6月30日，2024年6月20日完成，早 10 天。", en: "馆: planned from 2023 to 2024-06-30, done, 2024-06-20, 10 days early.",
	},
	"done in the month": {
		work: Work{Due: day("2024-06"), Done: day("2024-06")}, counts: true, solid: true,
		zh: "馆：计划到2024年6月，开工不详，2024年6月完成，按期。", en: "馆: planned by 2024-06, no start given, done, 2024-06, on time.",
	},
	"done too coarsely": {
		work: Work{Due: day("2024-06-15"), Done: day("2024")}, days: 199, solid: true,
		zh: "馆：计划到2024年6月15日，开工不详，2024年完成。", en: "馆: planned by 2024-06-15, no start given, done, 2024.",
	},
	"unknown start": {
		work: Work{Due: day("2026-06-30")},
		zh:   "馆：计划到2026年6月30日，开工不详，暂无进展填报。", en: "馆: planned by 2026-06-30, no start given, no progress reported.",
	},
	"unknown due": {
		work: Work{Start: day("2023-03")},
		zh:   "馆：计划2023年3月起，到期不详，暂无进展填报。", en: "馆: planned from 2023-03, no due date given, no progress reported.",
	},
	"a term in words": {
		work: Work{Term: "“十年内”"},
		zh:   "馆：计划“十年内”，没有写明日期，暂无进展填报。", en: "馆: planned for “十年内”, no date given, no progress reported.",
	},
	"nothing known": {
		zh: "馆：没有写明日期，暂无进展填报。", en: "馆: no date given, no progress reported.",
	},
}

func day(s string) indicators.Period { return indicators.MustPeriod(s) }

var (
	tenYears = indicators.Plan{FirstYear: 2023, Milestones: []int{2024, 2027}}
	workDay  = day("2025-03-01")
)

func TestWorks(t *testing.T) {
	for name, c := range works {
		c.work.Name = "馆"
		days, ok := c.work.Slip(workDay)
		if ok != c.counts || ok && days != c.days {
			t.Errorf("%s: Slip = %d, %v, want %d, %v", name, days, ok, c.days, c.counts)
		}
		for _, w := range []speech{zh, en} {
			want := w.Pick(c.zh, c.en)
			if got := c.work.Text(w, workDay); got != want {
				t.Errorf("%s: Text = %q, want %q", name, got, want)
			}
			line := NewTimeline(w, tenYears, workDay, []Work{c.work})
			for view, svg := range map[string]SVG{"row": line.Row(c.work), "ticks": line.Ticks(c.work), "axis": line.Axis()} {
				where := fmt.Sprintf("%s, %s, english %v", name, view, w.en)
				wellFormed(t, where, svg)
				inside(t, where, svg, map[string]float64{"row": timelineWidth, "ticks": tickWidth, "axis": timelineWidth}[view])
				if view == "axis" {
					continue
				}
				if !strings.Contains(string(svg), `role="img"`) || !strings.Contains(string(svg), escaped(want)) {
					t.Errorf("%s does not say %q", where, want)
				}
				if got := strings.Contains(string(svg), "<pattern"); got != c.tail {
					t.Errorf("%s: hatched is %v, want %v", where, got, c.tail)
				}
				silent := strings.Contains(strings.SplitN(string(svg), ">", 2)[1], w.T("projects.no_progress"))
				if silent == c.solid {
					t.Errorf("%s: says that nothing is reported: %v, want %v", where, silent, !c.solid)
				}
			}
			row := string(line.Row(c.work))
			if got := strings.Contains(row, `height="6"`); got != c.solid {
				t.Errorf("%s: a solid bar: %v, want %v", name, got, c.solid)
			}
			if got := strings.Contains(row, "M0 4H9"); got == c.work.Due.IsZero() {
				t.Errorf("%s: a flag: %v, due %q", name, got, c.work.Due)
			}
			if got, want := strings.Contains(row, "stroke-opacity"), c.work.Start.IsZero() != c.work.Due.IsZero(); got != want {
				t.Errorf("%s: the hollow bar fades: %v, want %v", name, got, want)
			}
			if got, want := strings.Contains(row, "stroke-dasharray"), c.work.Start.IsZero() && c.work.Due.IsZero(); got != want {
				t.Errorf("%s: a line without dates: %v, want %v", name, got, want)
			}
		}
	}
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes every write
	return b.String()
}

// inside holds every rectangle and every line of words in a picture of the
// least width that it is laid out for.
func inside(t testing.TB, where string, svg SVG, width float64) {
	t.Helper()
	const slack = 3 // half a stroke, a flag's pole
	var walk func(e element, x float64)
	walk = func(e element, x float64) {
		length := func(name string) float64 { return e.length(t, name, width) }
		from, to := 0.0, 0.0
		switch e.XMLName.Local {
		case "pattern", "defs":
			return
		case "svg":
			x += length("x")
		case "rect":
			from, to = x+length("x"), x+length("x")+length("width")
		case "line":
			from, to = x+min(length("x1"), length("x2")), x+max(length("x1"), length("x2"))
		case "text":
			wide := 0.0
			for _, k := range e.Kids {
				wide += textWidth(k.Text, 13, k.attr("font-weight") != "")
			}
			from = x + length("x") - map[string]float64{"middle": wide / 2, "end": wide}[e.attr("text-anchor")]
			to = from + wide
		}
		if from < -slack || to > width+slack {
			t.Errorf("%s: %s from %v to %v leaves the %v px", where, e.XMLName.Local, from, to, width)
		}
		for _, k := range e.Kids {
			walk(k, x)
		}
	}
	var root element
	if err := xml.Unmarshal([]byte(svg), &root); err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	for _, k := range root.Kids {
		walk(k, 0)
	}
}

type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Kids    []element  `xml:",any"`
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// length is an attribute in px; one that is left out is 0.
func (e element) length(t testing.TB, name string, width float64) float64 {
	t.Helper()
	s := e.attr(name)
	if s == "" {
		return 0
	}
	number, share := strings.CutSuffix(s, "%")
	v, err := strconv.ParseFloat(number, 64)
	if err != nil {
		t.Fatalf("%s is %q", name, s)
	}
	if share {
		return v / 100 * width
	}
	return v
}

// anyWork is a work with any of its dates.
func anyWork(t *rapid.T) Work {
	date := func(name string, first, last int) indicators.Period {
		p := indicators.Period{Year: rapid.IntRange(first, last).Draw(t, name)}
		switch rapid.IntRange(0, 3).Draw(t, name+" finely") {
		case 0:
			return indicators.Period{}
		case 1:
			return p
		case 2:
			p.Month = rapid.IntRange(1, 12).Draw(t, name+" month")
			return p
		}
		p.Month, p.Day = rapid.IntRange(1, 12).Draw(t, name+" month"), rapid.IntRange(1, 28).Draw(t, name+" day")
		return p
	}
	x := Work{Name: "馆", Label: fmt.Sprint(rapid.IntRange(1, 200).Draw(t, "number")), Start: date("start", 2020, 2026), Due: date("due", 2021, 2030)}
	if x.Heard = date("heard", 2021, 2024); rapid.Bool().Draw(t, "finished") {
		x.Done = x.Heard
	} else {
		x.Undone = !x.Heard.IsZero() && rapid.Bool().Draw(t, "undone")
	}
	return x
}

// TestTimelinesStayInside holds any works in the frame, in both languages.
func TestTimelinesStayInside(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(anyWork), 1, 12).Draw(r, "works")
		asOf := indicators.Period{Year: rapid.IntRange(2019, 2040).Draw(r, "year"), Month: 7, Day: 1}
		w := rapid.SampledFrom([]speech{zh, en}).Draw(r, "words")
		line := NewTimeline(w, tenYears, asOf, list)
		inside(t, "axis", line.Axis(), timelineWidth)
		for _, x := range list {
			where := fmt.Sprintf("%+v as of %s", x, asOf)
			inside(t, where, line.Row(x), timelineWidth)
			inside(t, where, line.Ticks(x), tickWidth)
		}
		strip := NewStrip(w, tenYears, asOf, list)
		inside(t, fmt.Sprintf("strip of %+v", list), strip.Draw(), stripWidth)
		promised, came := strip.discs()
		for _, band := range [][]disc{promised, came} {
			for i, a := range band {
				for _, b := range band[:i] {
					a0, a1 := a.span()
					b0, b1 := b.span()
					if a.lane == b.lane && a0 < b1 && b0 < a1 {
						r.Fatalf("%s lies over %s", a.text, b.text)
					}
				}
			}
		}
	})
}

func TestStrip(t *testing.T) {
	list := []Work{
		{Label: "1", Done: day("2023-02")},
		{Label: "2", Due: day("2024-06-30"), Done: day("2024-08-16"), Heard: day("2024-08-16")},
		{Label: "3", Due: day("2024-12-31")},
		{Label: "4", Due: day("2024-12-31"), Heard: day("2025-01-10"), Undone: true},
		{Label: "5"},
		{Label: "6", Due: day("2026")},
	}
	s := NewStrip(zh, tenYears, workDay, list)
	if got, want := s.Text(), "已印发：1 号。2 号计划2024年6月30日，2024年8月16日完成，晚 47 天。3 号计划2024年12月31日，未见公开文号，到期已 60 天。"+
		"4 号计划2024年12月31日，截至2025年1月10日未完成，晚 60 天。6 号计划2026年，未见公开文号。没有写明日期，也未见印发：5 号。"; got != want {
		t.Errorf("Text = %q, want %q", got, want)
	}
	if got, want := s.Notes(), []string{"◌ 到期而未见公开文号：3 号", "没有写明日期，也未见印发：5 号"}; !slices.Equal(got, want) {
		t.Errorf("Notes = %q, want %q", got, want)
	}
	promised, came := s.discs()
	if len(promised) != 4 || len(came) != 2 {
		t.Fatalf("%d promised and %d came, want 4 and 2", len(promised), len(came))
	}
	if promised[1].lane == promised[2].lane || !promised[1].open || promised[2].open || promised[3].open {
		t.Errorf("two of one month lie in one lane, or what is due and not seen is not dashed: %+v", promised)
	}
	if came[1].late.text != "晚 47 天" || promised[2].late.text != "晚 60 天" || promised[1].late.text != "" {
		t.Errorf("the days are not counted where they are known: %+v %+v", came, promised)
	}
	wellFormed(t, "strip", s.Draw())
	wellFormed(t, "hostile strip", NewStrip(zh, tenYears, workDay, []Work{{Label: `<b>"'&`, Due: day("2024")}}).Draw())
}

// TestAxisOfYears holds that the axis reaches every date, and the day unless
// that is far from the plan.
func TestAxisOfYears(t *testing.T) {
	for _, c := range []struct {
		asOf        string
		works       []Work
		first, last int
		today       bool
	}{
		{"2025-03-01", nil, 2023, 2027, true},
		{"2029-01-01", nil, 2023, 2029, true},
		{"2040-01-01", nil, 2023, 2027, false},
		{"2019-01-01", nil, 2023, 2027, false},
		{"2025-03-01", []Work{{Start: day("2021-05")}, {Due: day("2031")}}, 2021, 2031, true},
	} {
		y := newYears(tenYears, day(c.asOf), c.works)
		_, today := y.today()
		if y.first != c.first || y.last != c.last || today != c.today {
			t.Errorf("as of %s: %d to %d, the day %v, want %d to %d, %v", c.asOf, y.first, y.last, today, c.first, c.last, c.today)
		}
	}
}
