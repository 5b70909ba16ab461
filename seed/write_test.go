package seed_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"yimi/indicators"
	"yimi/seed"
)

// mustWrite writes a package into a folder and returns its files.
func mustWrite(t testing.TB, p *indicators.Package) map[string][]byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	if err := seed.Write(dir, p); err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for name, f := range mustFiles(t, os.DirFS(dir)) {
		out[name] = f.Data
	}
	return out
}

// mustZip is a package written as a zip and opened again.
func mustZip(t testing.TB, p *indicators.Package) fs.FS {
	t.Helper()
	var b bytes.Buffer
	if err := seed.WriteZip(&b, p); err != nil {
		t.Fatal(err)
	}
	z, err := seed.OpenZip(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func mustRead(t testing.TB, fsys fs.FS) *indicators.Package {
	t.Helper()
	p, err := seed.Read(fsys)
	if err != nil {
		t.Fatal(tell(err))
	}
	return p
}

// plans are the shipped plan and every other one that stands here.
func plans(t testing.TB) map[string]fs.FS {
	t.Helper()
	out := map[string]fs.FS{"shipped": seed.Shipped()}
	found, err := filepath.Glob("testdata/*/datapackage.json")
	if err != nil || len(found) == 0 {
		t.Fatalf("no plan in testdata: %v", err)
	}
	for _, name := range found {
		out[filepath.Dir(name)] = os.DirFS(filepath.Dir(name))
	}
	return out
}

// TestLoadThenExport wants the same bytes, from a folder and from a zip, also
// when the observations are not in their order.
func TestLoadThenExport(t *testing.T) {
	for name, fsys := range plans(t) {
		p := mustRead(t, fsys)
		want := mustFiles(t, fsys)
		shuffled := *p
		shuffled.Observations = slices.Clone(p.Observations)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(p.Observations), func(i, j int) {
			o := shuffled.Observations
			o[i], o[j] = o[j], o[i]
		})
		got := mustWrite(t, &shuffled)
		if len(got) != len(indicators.Files())+1 {
			t.Errorf("%s: %d files are written, want %d", name, len(got), len(indicators.Files())+1)
		}
		for file, data := range got {
			if !bytes.Equal(data, want[file].Data) {
				t.Errorf("%s: %s is written otherwise than it stands", name, file)
			}
		}
		var zipped, again bytes.Buffer
		if err := errors.Join(seed.WriteZip(&zipped, &shuffled), seed.WriteZip(&again, p)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(zipped.Bytes(), again.Bytes()) {
			t.Errorf("%s: two zips of one package differ", name)
		}
		if q := mustRead(t, mustZip(t, &shuffled)); !reflect.DeepEqual(p, q) {
			t.Errorf("%s: the package out of the zip is another", name)
		}
	}
}

// TestWordsSurviveTheFile puts odd words into every free cell of a plan and
// wants the same package back.
func TestWordsSurviveTheFile(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	odd := []string{`"`, `""`, `,`, `a"b`, `\.`, `=1+1`, `'`, `@x`, `-1.08`, `#`, `“一米”`, `👧`, `é`, `a, b; c`, `\n`, `0`, `true`}
	p := mustRead(t, os.DirFS(yunxi))
	for range 20 {
		for _, f := range indicators.Files() {
			rows := p.Rows(f.Name)
			for _, row := range rows {
				for i, c := range f.Columns {
					free := c.Type == indicators.TextColumn && !c.List && c.Name != "milestone" && c.Name != "words" && c.Name != "gb_code" && c.Name != "vintage" &&
						c.Name != "clause" && c.Name != "place" && f.Name != "rules.csv" && row[i] != ""
					if free {
						row[i] = odd[r.IntN(len(odd))] + strings.Repeat(odd[r.IntN(len(odd))], r.IntN(4))
					}
				}
			}
			if problems := p.SetRows(f.Name, rows); problems != nil {
				t.Fatal(problems)
			}
		}
		if q := mustRead(t, mustZip(t, p)); !reflect.DeepEqual(p, q) {
			t.Fatal("another package came back")
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	p := mustRead(t, os.DirFS(yunxi))
	for _, test := range []struct {
		name string
		make func(dir string) error
		kind indicators.Kind
		what string
	}{
		{"a folder with something in it", func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("mine"), 0o644))
		}, indicators.Conflict, "not_empty"},
		{"an earlier export", func(dir string) error { return seed.Write(dir, p) }, indicators.Conflict, "not_empty"},
		{"a file", func(dir string) error { return os.WriteFile(dir, []byte("mine"), 0o644) }, indicators.Invalid, "not_a_folder"},
	} {
		root := t.TempDir()
		dir := filepath.Join(root, "out")
		if err := test.make(dir); err != nil {
			t.Fatal(err)
		}
		before := tree(t, root)
		var got *indicators.Error
		if err := seed.Write(dir, p); !errors.As(err, &got) || got.Kind != test.kind || got.What != test.what {
			t.Errorf("%s: Write() = %v, want %s %s", test.name, err, test.kind, test.what)
		}
		if after := tree(t, root); after != before {
			t.Errorf("%s: after Write() there is\n%s\nwant\n%s", test.name, after, before)
		}
	}
	if err := seed.Write(filepath.Join(t.TempDir(), "out"), &indicators.Package{}); err == nil {
		t.Error("a package without a descriptor is written")
	}
}

func TestWriteLeavesNothingElse(t *testing.T) {
	p := mustRead(t, os.DirFS(yunxi))
	for name, make := range map[string]func(dir string) error{
		"new":   func(string) error { return nil },
		"empty": func(dir string) error { return os.Mkdir(dir, 0o755) },
		"a link to a folder": func(dir string) error {
			return errors.Join(os.Mkdir(dir+"-target", 0o755), os.Symlink(dir+"-target", dir))
		},
	} {
		root := t.TempDir()
		dir := filepath.Join(root, "a", "b")
		if name != "new" {
			if err := os.Mkdir(filepath.Dir(dir), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(make(dir), seed.Write(dir, p)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		mustRead(t, os.DirFS(dir))
		if strings.Contains(tree(t, root), ".yimi-export") {
			t.Errorf("%s: the work folder still stands", name)
		}
	}
}

// tree lists what stands below a folder, with sizes.
func tree(t testing.TB, root string) string {
	t.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if !d.IsDir() && err == nil {
			out = append(out, fmt.Sprint(name, " ", info.Size()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "\n")
}
