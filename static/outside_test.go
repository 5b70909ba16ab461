package static

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// TestNothingFromOutside holds styles and scripts to this host, and scripts to
// having no import, since names carry a hash.
func TestNothingFromOutside(t *testing.T) {
	outside := regexp.MustCompile(`(?i)(url\(|@import|from\s+['"]|import\s*\(?['"]|src=|href=)\s*['"]?(https?:)?//`)
	imports := regexp.MustCompile(`(?m)^\s*import[\s{*'"]|\bimport\(`)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "vendor/") {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		if m := outside.Find(body); m != nil {
			t.Errorf("%s loads from outside: %s", name, m)
		}
		if strings.HasSuffix(name, ".js") && imports.Match(body) {
			t.Errorf("%s imports another file, whose name carries a hash", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
