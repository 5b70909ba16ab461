package seed

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"yimi/indicators"
)

// content is the package's files in canonical form, by name, in order.
func content(p *indicators.Package) (names []string, bodies [][]byte, err error) {
	sorted := *p
	sorted.Observations = slices.Clone(p.Observations)
	slices.SortStableFunc(sorted.Observations, indicators.CompareObservations)
	names, bodies = append(names, indicators.DescriptorFile), append(bodies, p.Descriptor)
	for _, f := range indicators.Files() {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.WriteAll(append([][]string{f.Header()}, sorted.Rows(f.Name)...)); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		names, bodies = append(names, f.Name), append(bodies, b.Bytes())
	}
	return names, bodies, nil
}

// Write writes the package into a folder that does not exist yet or is empty,
// whole or not at all: it is written beside and moved in place.
func Write(dir string, p *indicators.Package) (err error) {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return &indicators.Error{Kind: indicators.Conflict, What: "not_empty", Detail: dir}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &indicators.Error{Kind: indicators.Invalid, What: "not_a_folder", Detail: dir}
	}
	names, bodies, err := content(p)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	beside, err := os.MkdirTemp(filepath.Dir(dir), ".yimi-export-")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(beside)) }()
	for n, name := range names {
		if err := os.WriteFile(filepath.Join(beside, name), bodies[n], 0o640); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export: %w", err)
	}
	if err := os.Rename(beside, dir); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return os.Chmod(dir, 0o750) //nolint:gosec // a folder to look into
}

// WriteZip writes the package as a zip.
func WriteZip(w io.Writer, p *indicators.Package) error {
	names, bodies, err := content(p)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	z := zip.NewWriter(w)
	for n, name := range names {
		f, err := z.Create(name)
		if err != nil {
			return fmt.Errorf("export %s: %w", name, err)
		}
		if _, err := f.Write(bodies[n]); err != nil {
			return fmt.Errorf("export %s: %w", name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
