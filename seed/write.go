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
	"time"

	"yimi/indicators"
)

// content is one file in its canonical form.
type content struct {
	name string
	data []byte
}

// contents is the package in its canonical form: the descriptor as it was
// loaded, rows in the plan's order, observations by their key.
func contents(p *indicators.Package) ([]content, error) {
	if len(p.Descriptor) == 0 {
		return nil, errors.New("the package has no " + indicators.DescriptorFile)
	}
	sorted := *p
	sorted.Observations = slices.Clone(p.Observations)
	slices.SortStableFunc(sorted.Observations, indicators.CompareObservations)
	out := []content{{indicators.DescriptorFile, p.Descriptor}}
	for _, f := range indicators.Files() {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.WriteAll(append([][]string{f.Header()}, sorted.Rows(f.Name)...)); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		out = append(out, content{f.Name, b.Bytes()})
	}
	return out, nil
}

// WriteZip writes the package as a zip: the same package gives the same bytes.
func WriteZip(w io.Writer, p *indicators.Package) error {
	files, err := contents(p)
	if err != nil {
		return fmt.Errorf("write package: %w", err)
	}
	z := zip.NewWriter(w)
	for _, c := range files {
		h := &zip.FileHeader{Name: c.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
		h.SetMode(0o644)
		f, err := z.CreateHeader(h)
		if err != nil {
			return fmt.Errorf("write package: %w", err)
		}
		if _, err := f.Write(c.data); err != nil {
			return fmt.Errorf("write package: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write package: %w", err)
	}
	return nil
}

// Write writes the package as a folder that does not exist yet or is empty,
// whole or not at all: it is laid out beside its place and moved there. Into a
// folder that holds anything it is refused, with [indicators.Conflict].
func Write(dir string, p *indicators.Package) error {
	if err := write(dir, p); err != nil {
		return fmt.Errorf("write package: %w", err)
	}
	return nil
}

func write(dir string, p *indicators.Package) error {
	files, err := contents(p)
	if err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		dir = target // a link to a folder stays one
	}
	exists, err := vacant(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), ".yimi-export-*")
	if err != nil {
		return err
	}
	err = lay(filepath.Join(work, "plan"), files)
	if err == nil && exists {
		err = os.Remove(dir) // fails once it holds something
	}
	if err == nil {
		err = os.Rename(filepath.Join(work, "plan"), dir)
	}
	if err == nil {
		err = flush(filepath.Dir(dir))
	}
	return errors.Join(err, os.RemoveAll(work))
}

// vacant reports whether the folder exists; it is an error if it holds
// anything, or is no folder.
func vacant(dir string) (exists bool, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		if info, at := os.Stat(dir); at == nil && !info.IsDir() {
			return true, &indicators.Error{Kind: indicators.Invalid, What: "not_a_folder", Detail: dir}
		}
		return true, err
	case len(entries) > 0:
		return true, &indicators.Error{Kind: indicators.Conflict, What: "not_empty", Detail: dir}
	}
	return true, nil
}

// lay writes the files into a new folder, down to the disk.
func lay(dir string, files []content) error {
	if err := os.Mkdir(dir, 0o750); err != nil {
		return err
	}
	for _, c := range files {
		f, err := os.OpenFile(filepath.Join(dir, c.name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
		if err != nil {
			return err
		}
		_, err = f.Write(c.data)
		if err == nil {
			err = f.Sync()
		}
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return flush(dir)
}

// flush makes a folder's entries outlive a power cut.
func flush(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
