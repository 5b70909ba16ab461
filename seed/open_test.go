package seed_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"yimi/seed"
)

// entry is one entry of a zip made for a test.
type entry struct {
	name  string
	mode  fs.FileMode
	data  string
	edit  func(*zip.FileHeader)
	claim uint64 // what the header says of the unpacked size; 0: the truth
}

func mustZipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		if e.edit != nil {
			e.edit(h)
		}
		if e.claim != 0 {
			h.Method, h.UncompressedSize64, h.CompressedSize64 = zip.Store, e.claim, uint64(len(e.data))
			h.CRC32 = crc32.ChecksumIEEE([]byte(e.data))
			w, err := z.CreateRaw(h)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write([]byte(e.data)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(e.name, "/") {
			continue
		}
		if _, err := w.Write([]byte(e.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func openZip(data []byte) (fs.FS, error) {
	return seed.OpenZip(bytes.NewReader(data), int64(len(data)))
}

func TestOpenZipRefuses(t *testing.T) {
	good := entry{name: "series.csv", data: "x"}
	for _, test := range []struct {
		name    string
		entries []entry
		want    string
	}{
		{"climbs", []entry{good, {name: "../series.csv"}}, `../series.csv:0:0  "": zip_climbs []`},
		{"climbs within", []entry{good, {name: "a/../../series.csv"}}, `a/../../series.csv:0:0  "": zip_climbs []`},
		{"only climbs", []entry{{name: ".."}}, `..:0:0  "": zip_climbs []`},
		{"absolute", []entry{{name: "/etc/passwd"}}, `/etc/passwd:0:0  "": zip_absolute []`},
		{"share", []entry{{name: "//host/share"}}, `//host/share:0:0  "": zip_absolute []`},
		{"drive", []entry{{name: "C:/series.csv"}}, `C:/series.csv:0:0  "": zip_drive []`},
		{"drive without a slash", []entry{{name: "c:series.csv"}}, `c:series.csv:0:0  "": zip_drive []`},
		{"backslashes", []entry{{name: `..\series.csv`}}, `..\series.csv:0:0  "": zip_backslash []`},
		{"a folder by backslash", []entry{{name: `plan\series.csv`}}, `plan\series.csv:0:0  "": zip_backslash []`},
		{"symlink", []entry{{name: "series.csv", mode: fs.ModeSymlink | 0o777, data: "/etc/passwd"}}, `series.csv:0:0  "": zip_symlink []`},
		{"device", []entry{{name: "series.csv", mode: fs.ModeDevice | 0o666}}, `series.csv:0:0  "": zip_not_a_file []`},
		{"pipe", []entry{{name: "series.csv", mode: fs.ModeNamedPipe | 0o666}}, `series.csv:0:0  "": zip_not_a_file []`},
		{"folder named as a file", []entry{{name: "series.csv", mode: fs.ModeDir | 0o755}}, `series.csv:0:0  "": zip_not_a_file []`},
		{"doubled", []entry{good, good}, `series.csv:0:0  "": zip_doubled []`},
		{"doubled but for case", []entry{good, {name: "Series.CSV"}}, `Series.CSV:0:0  "": zip_doubled []`},
		{"file and folder", []entry{good, {name: "series.csv/x"}}, `series.csv/x:0:0  "": zip_doubled []`},
		{"file and folder of one name", []entry{{name: "a/"}, {name: "a"}}, `a:0:0  "": zip_doubled []`},
		{"dot", []entry{{name: "./series.csv"}}, `./series.csv:0:0  "": zip_name []`},
		{"empty part", []entry{{name: "a//series.csv"}}, `a//series.csv:0:0  "": zip_name []`},
		{"no name", []entry{{name: ""}}, `:0:0  "": zip_name []`},
		{"control character", []entry{{name: "a\nb.csv"}}, "a\nb.csv:0:0  \"\": zip_name []"},
		{"long", []entry{{name: strings.Repeat("长", 201)}}, strings.Repeat("长", 200) + `…:0:0  "": zip_name []`},
		{"encrypted", []entry{{name: "series.csv", edit: func(h *zip.FileHeader) { h.Flags |= 1 }}}, `series.csv:0:0  "": zip_encrypted []`},
		{"all told", []entry{{name: "../a"}, {name: "/b"}, good}, "../a:0:0  \"\": zip_climbs []\n/b:0:0  \"\": zip_absolute []"},
	} {
		_, err := openZip(mustZipOf(t, test.entries...))
		if got := tell(err); got != test.want {
			t.Errorf("%s: OpenZip() = %s, want %s", test.name, got, test.want)
		}
	}

	many := make([]entry, 201)
	for i := range many {
		many[i].name = fmt.Sprint(i)
	}
	bzip := mustZipOf(t, good)
	bzip[bytes.Index(bzip, []byte("PK\x01\x02"))+10] = 12 // the method in the central directory
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"not a zip", []byte("code,name"), `invalid: not_a_package "zip"`},
		{"nothing", nil, `invalid: not_a_package "zip"`},
		{"cut off", mustZipOf(t, good)[:40], `invalid: not_a_package "zip"`},
		{"too many entries", mustZipOf(t, many...), `zip:0:0  "": too_many_entries [200]`},
		{"too large", make([]byte, 16<<20+1), `zip:0:0  "": archive_too_large [16]`},
		{"method", bzip, `series.csv:0:0  "": zip_method []`},
	} {
		if _, err := openZip(test.data); tell(err) != test.want {
			t.Errorf("%s: OpenZip() = %s, want %s", test.name, tell(err), test.want)
		}
	}
}

// TestReadRefusesZips has entries that show their fault when they are read.
func TestReadRefusesZips(t *testing.T) {
	files := mustFiles(t, os.DirFS(yunxi))
	with := func(spoil ...entry) []byte {
		var all []entry
		for name, f := range files {
			all = append(all, entry{name: name, data: string(f.Data)})
			for _, s := range spoil {
				if s.name == name {
					all[len(all)-1] = s
				}
			}
		}
		return mustZipOf(t, all...)
	}
	blank := func(n int) string { return strings.Repeat("\n", n) }
	broken := with(entry{name: "series.csv", data: strings.Repeat("series", 9), edit: func(h *zip.FileHeader) { h.Method = zip.Store }})
	broken[bytes.Index(broken, []byte("seriesseries"))] = 'S'
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"one large file", with(entry{name: "series.csv", data: blank(32<<20 + 1)}), `series.csv:0:0  "": file_too_large [32]`},
		{"large in all", with(entry{name: "series.csv", data: blank(31 << 20)}, entry{name: "rules.csv", data: blank(31 << 20)}, entry{name: "coverage.csv", data: blank(3 << 20)}),
			"series.csv:1:1  \"\": empty_file []\nrules.csv:1:1  \"\": empty_file []\ncoverage.csv:0:0  \"\": package_too_large [64]"},
		{"more than the header claims", with(entry{name: "series.csv", data: "code,name,name_en,unit\n", claim: 5}), `series.csv:0:0  "zip: not a valid zip file": unreadable []`},
		{"less than the header claims", with(entry{name: "series.csv", data: "code,name,name_en,unit\n", claim: 1 << 50}), `series.csv:0:0  "unexpected EOF": unreadable []`},
		{"another sum", broken, `series.csv:0:0  "zip: checksum error": unreadable []`},
	} {
		fsys, err := openZip(test.data)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if _, err := seed.Read(fsys); tell(err) != test.want {
			t.Errorf("%s: Read() =\n%s\nwant\n%s", test.name, tell(err), test.want)
		}
	}
}

// TestReadZipOfWindows reads a zip whose folder has a name in GBK and that was
// packed with its folder.
func TestReadZipOfWindows(t *testing.T) {
	entries := []entry{{name: "\xb7\xbd\xb0\xb8/"}}
	for name, f := range mustFiles(t, os.DirFS(yunxi)) {
		entries = append(entries, entry{name: "\xb7\xbd\xb0\xb8/" + name, data: string(f.Data)})
	}
	fsys, err := openZip(mustZipOf(t, entries...))
	if err != nil {
		t.Fatal(err)
	}
	mustRead(t, fsys)
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "plan.zip")
	pipe := filepath.Join(dir, "pipe")
	if err := errors.Join(os.WriteFile(text, []byte("no zip"), 0o644), syscall.Mkfifo(pipe, 0o644)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		text: fmt.Sprintf("invalid: not_a_package %q", text),
		pipe: fmt.Sprintf("invalid: not_a_package %q", pipe),
	} {
		if _, _, err := seed.Open(name); tell(err) != want {
			t.Errorf("Open(%s) = %s, want %s", filepath.Base(name), tell(err), want)
		}
	}
	if _, _, err := seed.Open(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open(none) = %v, want %v", err, fs.ErrNotExist)
	}
}

// TestOpenFolder wants links to stay within the folder, and no wait for a
// pipe.
func TestOpenFolder(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside.csv")
	for _, test := range []struct {
		name  string
		spoil func(file string) error
		want  string
	}{
		{"link out", func(file string) error { return errors.Join(os.Rename(file, outside), os.Symlink(outside, file)) }, `series.csv:0:0  "path escapes from parent": unreadable []`},
		{"link up", func(file string) error { return errors.Join(os.Remove(file), os.Symlink("../../../etc/passwd", file)) }, `series.csv:0:0  "path escapes from parent": unreadable []`},
		{"pipe", func(file string) error { return errors.Join(os.Remove(file), syscall.Mkfifo(file, 0o644)) }, `series.csv:0:0  "": not_a_file []`},
		{"folder", func(file string) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o755)) }, `series.csv:0:0  "": not_a_file []`},
		{"link within", func(file string) error {
			return errors.Join(os.Rename(file, file+".1"), os.Symlink("series.csv.1", file))
		}, "<nil>"},
		{"as it is", func(string) error { return nil }, "<nil>"},
	} {
		dir := filepath.Join(t.TempDir(), "plan")
		if err := errors.Join(os.CopyFS(dir, os.DirFS(yunxi)), test.spoil(filepath.Join(dir, "series.csv"))); err != nil {
			t.Fatal(err)
		}
		fsys, closer, err := seed.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := seed.Read(fsys); tell(err) != test.want {
			t.Errorf("%s: Read() = %s, want %s", test.name, tell(err), test.want)
		}
		if err := closer.Close(); err != nil {
			t.Error(err)
		}
	}
}
