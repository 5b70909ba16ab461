package static_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yimi/static"
)

func get(t *testing.T, path, encoding string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	static.Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestHandler(t *testing.T) {
	for _, path := range []string{"/static/css/app.css", "/static/nothing", "/static/../static.go", "/static/"} {
		if res := get(t, path, ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s = %d, want 404", path, res.StatusCode)
		}
	}
	for name, kind := range map[string]string{"css/app.css": "text/css", "js/chart.js": "javascript", "img/icon.svg": "image/svg+xml", "vendor/echarts.js": "javascript"} {
		res := get(t, static.URL(name), "")
		if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Content-Type"), kind) || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s = %d, %v", name, res.StatusCode, res.Header)
		}
	}
}

// TestWeight holds the charts' script under what a first visit may cost.
func TestWeight(t *testing.T) {
	res := get(t, static.URL("vendor/echarts.js"), "gzip, br")
	if res.Header.Get("Content-Encoding") != "br" {
		t.Fatalf("the script is sent as %q", res.Header.Get("Content-Encoding"))
	}
	n := 0
	buf := make([]byte, 32<<10)
	for {
		k, err := res.Body.Read(buf)
		n += k
		if err != nil {
			break
		}
	}
	if n > 180_000 || n < 10_000 {
		t.Errorf("the script is %d bytes", n)
	}
}
