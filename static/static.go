// Package static serves the site's own files under addresses that carry a
// hash of their content, so that they can be kept for ever.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed css js vendor img
var files embed.FS

// prefix is where the files stand on the site.
const prefix = "/static/"

type index struct {
	byName map[string]string // css/app.css -> css/app.1a2b3c4d5e.css
	byURL  map[string]string // the other way round
}

var indexed = sync.OnceValue(func() index {
	x := index{map[string]string{}, map[string]string{}}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(name)
		hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
		x.byName[name], x.byURL[hashed] = hashed, name
		return nil
	})
	if err != nil {
		panic("static: " + err.Error()) // embedded files can always be read
	}
	return x
})

// URL is the address of a file such as css/app.css; a name that there is none
// of panics, since only templates name files and a test renders them all.
func URL(name string) string {
	hashed, ok := indexed().byName[name]
	if !ok {
		panic("static: no file " + name)
	}
	return prefix + hashed
}

// encodings are the compressed twins that may stand beside a file, best first.
var encodings = []struct{ name, ext string }{{"br", ".br"}, {"gzip", ".gz"}}

// Handler answers the addresses that [URL] gives; any other is not found.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := indexed().byURL[strings.TrimPrefix(r.URL.Path, prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
			h.Set("Content-Type", kind)
		}
		for _, e := range encodings {
			if body, err := files.ReadFile(name + e.ext); err == nil && strings.Contains(r.Header.Get("Accept-Encoding"), e.name) {
				h.Set("Content-Encoding", e.name)
				if r.Method != http.MethodHead {
					_, _ = w.Write(body)
				}
				return
			}
		}
		http.ServeFileFS(w, r, files, name)
	})
}
