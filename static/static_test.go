package static

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestHandler(t *testing.T) {
	h := Handler()
	get := func(address, accept string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, address, nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	for _, bad := range []string{"/static/css/tokens.css", "/static/css/tokens.0000000000.css", "/static/", "/static/../go.mod"} {
		if got := get(bad, "").StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", bad, got)
		}
	}
	for name, kind := range map[string]string{"css/tokens.css": "text/css", "js/chart.js": "javascript", "vendor/echarts.js": "javascript"} {
		address := URL(name)
		if !regexp.MustCompile(`\.[0-9a-f]{10}\.(css|js)$`).MatchString(address) {
			t.Errorf("URL(%s) = %s, without a hash", name, address)
		}
		r := get(address, "")
		body, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode != http.StatusOK || len(body) == 0 || !strings.Contains(r.Header.Get("Content-Type"), kind) {
			t.Errorf("%s: %d, %s, %d bytes, %v", address, r.StatusCode, r.Header.Get("Content-Type"), len(body), err)
		}
		if !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: Cache-Control %q", address, r.Header.Get("Cache-Control"))
		}
	}
	if got := get(URL("vendor/echarts.js"), "gzip, br").Header.Get("Content-Encoding"); got != "br" {
		t.Errorf("echarts.js comes as %q, want br", got)
	}
}

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

// TestVendorIsLight holds ECharts to what a first visit may weigh.
func TestVendorIsLight(t *testing.T) {
	body, err := files.ReadFile("vendor/echarts.js.br")
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > 180<<10 {
		t.Errorf("echarts.js is %d bytes in brotli, want at most 180 KB", len(body))
	}
}
