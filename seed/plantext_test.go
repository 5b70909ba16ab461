//go:build plantext

package seed_test

import (
	"flag"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"yimi/seed"
)

var planText = flag.String("plan-text", "", "the plan's full text")

var (
	digits   = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?`)
	partLine = regexp.MustCompile(`^([四五六])、`)
	annex    = regexp.MustCompile(`^附件 ?([123])$`)
	section  = regexp.MustCompile(`^[（(]([一二三四五六])[）)]`)
	item     = regexp.MustCompile(`^([0-9]+)\. ?`)
	subItem  = regexp.MustCompile(`^[（(]([0-9]+)[）)]`)
	firstRow = regexp.MustCompile(`^(?:[^\t0-9]*\t){0,2}([0-9]+)\t`)
	otherRow = regexp.MustCompile(`^([0-9]+)\t`)
)

type number struct {
	clause   string
	position int
	text     string
}

// numbersOf lists every number of parts four to six and the annexes with the
// clause it stands in: 四(二)9, 五(三)1(4), 六(三), 附件1-(二)9, 附件3-11.
func numbersOf(text string) []number {
	_, text, _ = strings.Cut(text, "\n四、")
	var out []number
	counts := map[string]int{}
	var order []string
	inClause := map[string][]string{}
	var part, sec, sub, clause, appendix string
	domain := -1
	for _, line := range strings.Split("四、"+text, "\n") {
		s := strings.TrimSpace(line)
		match := func(re *regexp.Regexp, in string) string {
			if m := re.FindStringSubmatch(in); m != nil {
				return m[1]
			}
			return ""
		}
		switch {
		case match(partLine, s) != "":
			part, sec, sub = match(partLine, s), "", ""
			clause = part
		case match(annex, s) != "":
			appendix, part, domain = match(annex, s), "", -1
			clause = "附件" + appendix
		case strings.HasPrefix(s, "- 附件"):
			clause, part = "附件", "附"
		case appendix != "" && strings.HasPrefix(s, "备注"):
			clause = "附件" + appendix + "-备注"
		case appendix == "1":
			if n := match(firstRow, line); n != "" {
				if n == "1" {
					domain++
				}
				clause = "附件1-(" + string([]rune("一二三四五")[domain]) + ")" + n
			}
		case appendix != "":
			if n := match(otherRow, s); n != "" {
				clause = "附件" + appendix + "-" + n
			}
		case match(section, s) != "" && part != "附":
			sec, sub = match(section, s), ""
			clause = part + "(" + sec + ")"
		case match(item, s) != "" && (part == "四" || part == "五"):
			sub = match(item, s)
			clause = part + "(" + sec + ")" + sub
		case match(subItem, s) != "" && part == "五":
			clause = "五(" + sec + ")" + sub + "(" + match(subItem, s) + ")"
		}
		if _, seen := inClause[clause]; !seen {
			order = append(order, clause)
			inClause[clause] = nil
		}
		inClause[clause] = append(inClause[clause], digits.FindAllString(line, -1)...)
	}
	for _, c := range order {
		for _, n := range inClause[c] {
			counts[c]++
			out = append(out, number{c, counts[c], n})
		}
	}
	return out
}

func TestCoverageOfText(t *testing.T) {
	body, err := os.ReadFile(*planText)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := seed.Read(seed.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	var kept []number
	for _, c := range pkg.Coverage {
		if digits.FindString(c.Number) == c.Number {
			kept = append(kept, number{c.Clause, c.Position, c.Number})
		}
	}
	want := numbersOf(string(body))
	if len(want) < 500 {
		t.Fatalf("found %d numbers in the text, too few to be true", len(want))
	}
	if len(kept) != len(want) {
		t.Errorf("coverage.csv has %d numbers, the text %d", len(kept), len(want))
	}
	for n := range min(len(kept), len(want)) {
		if kept[n] != want[n] {
			t.Fatalf("number %s: coverage.csv has %+v, the text %+v", strconv.Itoa(n+1), kept[n], want[n])
		}
	}
}
