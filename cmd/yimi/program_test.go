package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yimi/seed"
)

// try runs the program and gives what it printed.
func try(t *testing.T, args ...string) (code int, printed string) {
	t.Helper()
	var out output
	code = run(t.Context(), args, &out, &out, noEnv)
	return code, out.String()
}

// shippedDir is the shipped plan as files.
func shippedDir(t *testing.T) string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join("..", "..", "seed", "*", "datapackage.json"))
	if err != nil || len(all) != 1 {
		t.Fatalf("found %v: %v", all, err)
	}
	return filepath.Dir(all[0])
}

func TestExportIsTheSeed(t *testing.T) {
	for name, from := range map[string]string{"shipped": shippedDir(t), "another city": plans["another city"]} {
		t.Run(name, func(t *testing.T) {
			data, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
			if code, said := try(t, "load", "--data", data, from); code != exitDone {
				t.Fatalf("load = %d: %s", code, said)
			}
			if code, said := try(t, "load", "--data", data, from); code != exitDone || !strings.Contains(said, "nothing changed") {
				t.Errorf("a second load = %d: %s", code, said)
			}
			if code, said := try(t, "export", "--data", data, out); code != exitDone {
				t.Fatalf("export = %d: %s", code, said)
			}
			same(t, from, out)
			packed := filepath.Join(t.TempDir(), "out.zip")
			if code, said := try(t, "export", "--data", data, packed); code != exitDone {
				t.Fatalf("export as a zip = %d: %s", code, said)
			}
			if code, said := try(t, "load", "--data", data, packed); code != exitDone || !strings.Contains(said, "nothing changed") {
				t.Errorf("loading the zip again = %d: %s", code, said)
			}
		})
	}
}

// same holds two folders against each other, byte for byte.
func same(t *testing.T, want, got string) {
	t.Helper()
	entries, err := os.ReadDir(want)
	if err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadDir(got)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(written) {
		t.Errorf("%d files were written, want %d", len(written), len(entries))
	}
	for _, e := range entries {
		a, err := os.ReadFile(filepath.Join(want, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(got, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs from what was loaded", e.Name())
		}
	}
}

// TestBadPackagesChangeNothing spoils a package in one way after the other:
// each gets a clear report and leaves the database as it was.
func TestBadPackagesChangeNothing(t *testing.T) {
	base := plans["another city"]
	edit := func(file, from, to string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, file)
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(body), from) {
				t.Fatalf("%s does not hold %q", file, from)
			}
			if err := os.WriteFile(path, []byte(strings.Replace(string(body), from, to, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	line := func(file string, change func(lines []string) []string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, file)
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.SplitAfter(string(body), "\n")
			if err := os.WriteFile(path, []byte(strings.Join(change(lines), "")), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		spoil func(t *testing.T, dir string)
		says  []string
	}{
		"a wrong column":         {edit("domains.csv", "name_en", "english"), []string{"domains.csv", "第 1 行", "english"}},
		"an unknown code":        {line("targets.csv", func(l []string) []string { l[1] = "no-such-thing" + l[1][strings.Index(l[1], ","):]; return l }), []string{"targets.csv", "第 2 行", "no-such-thing"}},
		"a duplicate":            {line("domains.csv", func(l []string) []string { return append(l[:2], append([]string{l[1]}, l[2:]...)...) }), []string{"domains.csv", "第 3 行"}},
		"a truncated file":       {line("tasks.csv", func(l []string) []string { return append(l[:2], l[2][:len(l[2])/2]) }), []string{"tasks.csv", "第 3 行"}},
		"GBK bytes":              {line("domains.csv", func(l []string) []string { l[1] = strings.Replace(l[1], ",", ",\xd6\xd0\xce\xc4", 1); return l }), []string{"domains.csv", "第 2 行", "UTF-8"}},
		"a missing file":         {func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "areas.csv"))) }, []string{"areas.csv"}},
		"a broken descriptor":    {edit("datapackage.json", "{", "{,"), []string{"datapackage.json"}},
		"a row with extra cells": {line("domains.csv", func(l []string) []string { l[1] = strings.TrimSuffix(l[1], "\n") + ",x\n"; return l }), []string{"domains.csv", "第 2 行"}},
		"a text for a number":    {line("targets.csv", func(l []string) []string { return spoilNumber(l) }), []string{"targets.csv", "三百"}},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			if code, said := try(t, "load", "--data", data, base); code != exitDone {
				t.Fatalf("load = %d: %s", code, said)
			}
			dir := filepath.Join(t.TempDir(), "spoilt")
			must(t, os.CopyFS(dir, os.DirFS(base)))
			c.spoil(t, dir)
			code, said := try(t, "load", "--data", data, dir)
			if code != exitFailed {
				t.Errorf("load of a package with %s = %d, want %d", name, code, exitFailed)
			}
			for _, want := range c.says {
				if !strings.Contains(said, want) {
					t.Errorf("the report of %s does not say %s:\n%s", name, want, said)
				}
			}
			if strings.Contains(said, "[problem.") || strings.Contains(said, "%!") {
				t.Errorf("the report of %s has no words:\n%s", name, said)
			}
			out := filepath.Join(t.TempDir(), "out")
			if code, said := try(t, "export", "--data", data, out); code != exitDone {
				t.Fatalf("export = %d: %s", code, said)
			}
			same(t, base, out)
		})
	}
}

// spoilNumber writes a text where a target has its value.
func spoilNumber(lines []string) []string {
	for n, l := range lines[1:] {
		cells := strings.Split(l, ",")
		if len(cells) > 4 && cells[3] != "" && !strings.Contains(l, `"`) {
			cells[3] = "三百"
			lines[n+1] = strings.Join(cells, ",")
			return lines
		}
	}
	return lines
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestBadZips(t *testing.T) {
	write := func(t *testing.T, fill func(z *zip.Writer)) string {
		path := filepath.Join(t.TempDir(), "bad.zip")
		f, err := os.Create(path)
		must(t, err)
		z := zip.NewWriter(f)
		fill(z)
		must(t, z.Close())
		must(t, f.Close())
		return path
	}
	add := func(t *testing.T, z *zip.Writer, name, body string) {
		f, err := z.Create(name)
		must(t, err)
		_, err = f.Write([]byte(body))
		must(t, err)
	}
	for name, fill := range map[string]func(t *testing.T, z *zip.Writer){
		"climbs out":     func(t *testing.T, z *zip.Writer) { add(t, z, "../domains.csv", "x") },
		"absolute":       func(t *testing.T, z *zip.Writer) { add(t, z, "/etc/domains.csv", "x") },
		"a drive letter": func(t *testing.T, z *zip.Writer) { add(t, z, "C:domains.csv", "x") },
		"a backslash":    func(t *testing.T, z *zip.Writer) { add(t, z, `..\domains.csv`, "x") },
		"doubled names":  func(t *testing.T, z *zip.Writer) { add(t, z, "a.csv", "x"); add(t, z, "a.csv", "y") },
		"too many": func(t *testing.T, z *zip.Writer) {
			for i := range 300 {
				add(t, z, strings.Repeat("a", i+1)+".csv", "x")
			}
		},
		"unpacks to more": func(t *testing.T, z *zip.Writer) { bomb(t, z) },
		"a symbolic link": func(t *testing.T, z *zip.Writer) {
			h := &zip.FileHeader{Name: "link"}
			h.SetMode(os.ModeSymlink | 0o777)
			f, err := z.CreateHeader(h)
			must(t, err)
			_, err = f.Write([]byte("/etc/passwd"))
			must(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			path := write(t, func(z *zip.Writer) { fill(t, z) })
			code, said := try(t, "load", "--data", data, path)
			if code != exitFailed || strings.Contains(said, "[problem.") || said == "" {
				t.Errorf("load of a zip with %s = %d: %s", name, code, said)
			}
			if _, err := os.Stat(filepath.Join(data, database)); err == nil {
				t.Errorf("a zip with %s left a database", name)
			}
		})
	}
	noZip := filepath.Join(t.TempDir(), "no.zip")
	must(t, os.WriteFile(noZip, []byte("hello"), 0o600))
	if code, said := try(t, "load", "--data", t.TempDir(), noZip); code != exitFailed || !strings.Contains(said, noZip) {
		t.Errorf("load of what is no zip = %d: %s", code, said)
	}
}

// bomb is a file that unpacks to more than a package may hold.
func bomb(t *testing.T, z *zip.Writer) {
	t.Helper()
	f, err := z.Create("domains.csv")
	must(t, err)
	block := bytes.Repeat([]byte{'0'}, 1<<20)
	for range 80 {
		_, err = f.Write(block)
		must(t, err)
	}
}

func TestWordsOfTheCommand(t *testing.T) {
	for _, args := range [][]string{{"dance"}, {"load"}, {"serve", "--adr", "x"}} {
		if code, said := try(t, args...); code != exitUsage || !strings.Contains(said, "--help") {
			t.Errorf("yimi %v = %d: %s", args, code, said)
		}
	}
	if code, said := try(t, "--help"); code != exitDone || !strings.Contains(said, "serve") || !strings.Contains(said, "export") {
		t.Errorf("yimi --help = %d: %s", code, said)
	}
	if code, said := try(t, "version"); code != exitDone || !strings.HasPrefix(said, "yimi ") {
		t.Errorf("yimi version = %d: %s", code, said)
	}
	if code, said := try(t, "export", "--data", t.TempDir(), "x"); code != exitFailed || !strings.Contains(said, "yimi load") {
		t.Errorf("export without a database = %d: %s", code, said)
	}
	if code, said := try(t, "load", "--data", t.TempDir(), "/no/such"); code != exitFailed || !strings.Contains(said, "/no/such") {
		t.Errorf("load of nothing = %d: %s", code, said)
	}
}

func TestServeSaysWhatIsWrong(t *testing.T) {
	s := serve(t, "")
	addr := strings.TrimPrefix(s.url, "http://")
	if code, said := try(t, "serve", "--data", t.TempDir(), "--addr", addr); code != exitFailed || !strings.Contains(said, addr) || strings.Count(strings.TrimSpace(said), "\n") > 0 {
		t.Errorf("a taken port = %d: %s", code, said)
	}
	if code, said := try(t, "serve", "--data", t.TempDir(), "--addr", "nonsense"); code != exitFailed || !strings.Contains(said, "nonsense") {
		t.Errorf("a bad address = %d: %s", code, said)
	}
	if code := s.stop(); code != exitDone {
		t.Errorf("stopping = %d, want %d", code, exitDone)
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("YIMI_DATA", t.TempDir())
	if code, said := try(t, "load", shippedDir(t)); code != exitDone {
		t.Errorf("load by environment = %d: %s", code, said)
	}
	if _, err := os.Stat(filepath.Join(os.Getenv("YIMI_DATA"), database)); err != nil {
		t.Error(err)
	}
}

// TestAnotherPlanIsRefused keeps two plans apart.
func TestAnotherPlanIsRefused(t *testing.T) {
	data := t.TempDir()
	if code, said := try(t, "load", "--data", data, shippedDir(t)); code != exitDone {
		t.Fatalf("load = %d: %s", code, said)
	}
	code, said := try(t, "load", "--data", data, plans["another city"])
	if code != exitFailed || !strings.Contains(said, "--data") {
		t.Errorf("another plan = %d: %s", code, said)
	}
}

// TestNothingOfTheCity greps what is shipped for words of the shipped plan.
func TestNothingOfTheCity(t *testing.T) {
	pkg := mustPackage(t, "")
	var words []string
	for _, a := range pkg.Areas {
		words = append(words, a.Name, a.NameEn)
	}
	words = append(words, pkg.Plan.Title, pkg.Plan.Document, string(pkg.Plan.Code), "郑州", "Zhengzhou", "zhengzhou")
	for _, i := range pkg.Indicators {
		words = append(words, string(i.Code))
	}
	for _, y := range append(pkg.Plan.Milestones, pkg.Plan.FirstYear, pkg.Plan.BaselineYear) {
		words = append(words, strings.TrimSpace(string(rune('0'+y/1000))+string(rune('0'+y/100%10))+string(rune('0'+y/10%10))+string(rune('0'+y%10))))
	}
	for _, root := range []string{"cmd", "indicators", "server", "static", "seed"} {
		err := filepath.WalkDir(filepath.Join("..", "..", root), func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || d.Name() == "vendor") {
				return filepath.SkipDir
			}
			switch filepath.Ext(path) {
			case ".go", ".html", ".css", ".js", ".csv", ".sql", ".svg":
			default:
				return nil
			}
			if d.IsDir() || strings.HasSuffix(path, "_test.go") || strings.Contains(path, filepath.Base(shippedDir(t))) {
				return nil
			}
			body, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for n, line := range strings.Split(string(body), "\n") {
				code, _, _ := strings.Cut(line, "//")
				for _, w := range words {
					if w != "" && wordIn(code, w) {
						t.Errorf("%s:%d names %q of the shipped plan", path, n+1, w)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := seed.Read(seed.Shipped()); err != nil {
		t.Error(err)
	}
}

// wordIn reports whether w stands in line as a word of its own.
func wordIn(line, w string) bool {
	for rest := line; ; {
		i := strings.Index(rest, w)
		if i < 0 {
			return false
		}
		end := i + len(w)
		before, after := byte(' '), byte(' ')
		if i > 0 {
			before = rest[i-1]
		}
		if end < len(rest) {
			after = rest[end]
		}
		if w[0] >= 0x80 || !alnum(before) && !alnum(after) {
			return true
		}
		rest = rest[end:]
	}
}

func alnum(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '-' || b == '_' || b == '.'
}
