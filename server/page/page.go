// Package page holds what a person sees: one struct per page beside its
// template. It alone imports html/template.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed *.html
var files embed.FS

// Page is a page's struct; Name is its template's file name without .html.
type Page interface{ Name() string }

// Set is every template, parsed.
type Set struct {
	templates map[string]*template.Template
}

// shared are the files that every page stands on.
var shared = []string{"layout.html", "parts.html", "verdict.html", "form.html"}

// New parses every template. asset gives the address of a static file.
func New(asset func(string) string) (*Set, error) {
	base, err := template.New("layout.html").Funcs(parts(asset)).ParseFS(files, shared...)
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	set := &Set{templates: map[string]*template.Template{}}
	for _, name := range names {
		if slices.Contains(shared, name) {
			continue
		}
		t, err := base.Clone()
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		if t, err = t.ParseFS(files, name); err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		set.templates[strings.TrimSuffix(path.Base(name), ".html")] = t
	}
	return set, nil
}

// Template is one page's template, for type checks; nil when there is none.
func (s *Set) Template(name string) *template.Template { return s.templates[name] }

// Render writes the whole page, or nothing and an error.
func (s *Set) Render(p Page) ([]byte, error) {
	t := s.templates[p.Name()]
	if t == nil {
		return nil, fmt.Errorf("page %s: no template", p.Name())
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout.html", p); err != nil {
		return nil, fmt.Errorf("page %s: %w", p.Name(), err)
	}
	return b.Bytes(), nil
}
