package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yimi/indicators"
	"yimi/seed"
	"yimi/server/words"
)

// newer writes a newer edition of a plan: a figure corrected so that its
// status flips, a target, a name and a rule changed, an indicator gone.
func newer(t *testing.T, from string) (dir string, pkg *indicators.Package) {
	t.Helper()
	pkg, err := seed.Read(os.DirFS(from))
	must(t, err)
	pkg.Domains[0].Name += "（新）"
	for i := range pkg.Observations {
		o := &pkg.Observations[i]
		if o.Kind == indicators.Result && o.Value.Present() {
			o.Note = "更正"
			o.Value = indicators.MustNumber(o.Value.String() + "0")
			break
		}
	}
	pkg.References = pkg.References[1:]
	dir = filepath.Join(t.TempDir(), "newer")
	must(t, seed.Write(dir, pkg))
	return dir, pkg
}

// A newer package over a kept plan tells what it would change, and does nothing
// without a yes.
func TestLoadOverAKeptPlan(t *testing.T) {
	base, data := plans["another city"], t.TempDir()
	if code, said := try(t, "load", "--data", data, base); code != exitDone || strings.Contains(said, "→") {
		t.Fatalf("the first load = %d: %s", code, said)
	}
	dir, pkg := newer(t, base)
	code, said := try(t, "load", "--data", data, dir)
	if code != exitWaits || !strings.Contains(said, "--yes") {
		t.Errorf("a load that nobody agreed to = %d, want %d: %s", code, exitWaits, said)
	}
	for _, want := range []string{"domains.csv", "改 1 行", pkg.Domains[0].Name, "→", "references.csv", "删去 1 行", "更正 1 个", "第 2 次发布"} {
		if !strings.Contains(said, want) {
			t.Errorf("the difference does not say %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, "%!") || strings.Contains(said, "[load.") {
		t.Errorf("the difference has no words:\n%s", said)
	}
	out := filepath.Join(t.TempDir(), "out")
	if code, said := try(t, "export", "--data", data, out); code != exitDone {
		t.Fatalf("export = %d: %s", code, said)
	}
	same(t, base, out)

	// A server that ships another edition leaves what is kept, too.
	if code, told := try(t, "load", "--data", data, dir, "--yes"); code != exitDone || !strings.Contains(told, "→") || !strings.Contains(told, "发布") {
		t.Errorf("load --yes = %d: %s", code, told)
	}
	out = filepath.Join(t.TempDir(), "out")
	if code, said := try(t, "export", "--data", data, out); code != exitDone {
		t.Fatalf("export = %d: %s", code, said)
	}
	same(t, dir, out)
	if code, said := try(t, "load", "--data", data, dir); code != exitDone || !strings.Contains(said, "nothing changed") {
		t.Errorf("the same again = %d: %s", code, said)
	}
	if code, said := try(t, "audit", "verify", "--data", data); code != exitDone {
		t.Errorf("the trail = %d: %s", code, said)
	}
}

// The rest of a long difference is counted.
func TestALongDifferenceIsCut(t *testing.T) {
	base, data := shippedDir(t), t.TempDir()
	if code, said := try(t, "load", "--data", data, base); code != exitDone {
		t.Fatalf("load = %d: %s", code, said)
	}
	pkg, err := seed.Read(os.DirFS(base))
	must(t, err)
	for i := range pkg.Tasks {
		pkg.Tasks[i].Title += "（新）"
	}
	dir := filepath.Join(t.TempDir(), "long")
	must(t, seed.Write(dir, pkg))
	code, said := try(t, "load", "--data", data, dir)
	if code != exitWaits || strings.Count(said, "（新）") != maxTold || !strings.Contains(said, words.Zh.T("load.more", len(pkg.Tasks)-maxTold)) {
		t.Errorf("load = %d: %s", code, said)
	}
}

// What the office keeps is never replaced by what the program ships.
func TestServeLeavesAKeptPlan(t *testing.T) {
	data := t.TempDir()
	dir, _ := newer(t, shippedDir(t))
	if code, said := try(t, "load", "--data", data, dir); code != exitDone {
		t.Fatalf("load = %d: %s", code, said)
	}
	s := start(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", data})
	if code := s.stop(); code != exitDone {
		t.Errorf("stopping = %d", code)
	}
	out := filepath.Join(t.TempDir(), "out")
	if code, said := try(t, "export", "--data", data, out); code != exitDone {
		t.Fatalf("export = %d: %s", code, said)
	}
	same(t, dir, out)
}

// Statuses, figures and duties are told by their names from either side, in both
// languages.
func TestTell(t *testing.T) {
	pkg := mustPackage(t, plans["another city"])
	l := indicators.NewLibrary(pkg)
	gone := indicators.NewLibrary(&indicators.Package{Plan: pkg.Plan, Indicators: []indicators.Indicator{{Code: "lost-one", Name: "旧指标", NameEn: "an old one"}}})
	city, i := l.City(), &pkg.Indicators[0]
	zero := indicators.Observation{Subject: i.Code, Value: indicators.MustNumber("0")}
	d := &indicators.PackageDifference{
		Change:  indicators.Change{Added: 2, Ended: 2, Release: 4},
		Figures: []indicators.FigureChange{{Subject: i.Code, Area: city.Code, Period: indicators.MustPeriod("2024"), New: &zero}, {Subject: "lost-one", Area: city.Code, Period: indicators.MustPeriod("2023"), Old: &indicators.Observation{Subject: "lost-one", Answer: "suppressed"}}},
		Effects: []indicators.Effect{{Indicator: i.Code, Area: city.Code, Milestone: 2025, Before: indicators.OffTrack, After: indicators.Met}, {Indicator: "lost-one", Area: city.Code, Milestone: 2025, Before: indicators.Met}},
		Duties:  []indicators.LostDuty{{Duty: indicators.Duty{Indicator: "lost-one", Area: city.Code, Organisation: pkg.Organisations[0].Code}, Year: 2024, Lost: "lost-one"}},
	}
	for lang, want := range map[words.Lang][]string{
		words.Zh: {i.Name + "（" + city.Name + "）", "新增 1 个，更正 0 个，撤回 1 个，成为第 4 次发布", "没有数 → 0", "滞后 → 达标", "达标 → 不评价", "旧指标", "2024 年度"},
		words.En: {"1 added, 0 corrected, 1 withdrawn, as release 4", "nothing → 0", "not judged", "“an old one” would be gone"},
	} {
		var out output
		p := &program{stdout: &out, lang: lang}
		p.tell(d, "plan", l, gone)
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: does not say %q:\n%s", lang, w, out.String())
			}
		}
		if strings.Contains(out.String(), "%!") || strings.Contains(out.String(), "[") {
			t.Errorf("%s: no words:\n%s", lang, out.String())
		}
	}
}

func TestAgreed(t *testing.T) {
	for in, want := range map[string]bool{"y\n": true, "YES\r\n": true, "是\n": true, "": false, "\n": false, "n\n": false, "yikes\n": false, "y": true} {
		var out output
		p := &program{stdout: &out}
		if got := p.agreed(strings.NewReader(in)); got != want {
			t.Errorf("agreed(%q) = %t, want %t", in, got, want)
		}
	}
}
