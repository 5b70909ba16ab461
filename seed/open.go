package seed

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing/fstest"

	"yimi/indicators"
)

// Limits of a package, well above any plan and well below what hurts. They
// count what is really unpacked, not what a zip's header says.
const (
	maxEntries = 200
	maxFile    = 64 << 20
	maxTotal   = 256 << 20
)

// Open opens a package: a folder, out of which nothing climbs, or a zip, which
// is refused whole when any entry is unsafe.
func Open(name string) (fs.FS, io.Closer, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, fmt.Errorf("package: %w", err)
	}
	if info.IsDir() {
		root, err := os.OpenRoot(name)
		if err != nil {
			return nil, nil, fmt.Errorf("package: %w", err)
		}
		return root.FS(), root, nil
	}
	r, err := zip.OpenReader(name)
	if err != nil {
		return nil, nil, &indicators.Error{Kind: indicators.Invalid, What: "not_a_package", Detail: name}
	}
	unpacked, err := unzip(&r.Reader)
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, nil, err
	}
	return unpacked, io.NopCloser(nil), nil
}

func unsafe(rule, name string, args ...any) error {
	return indicators.Problems{{File: name, Row: -1, Rule: rule, Args: args}}
}

// unzip reads a zip into memory. A single folder at the top is passed through.
func unzip(r *zip.Reader) (fs.FS, error) {
	if len(r.File) > maxEntries {
		return nil, unsafe("zip_entries", "", len(r.File), maxEntries)
	}
	out := fstest.MapFS{}
	total := int64(0)
	for _, f := range r.File {
		name := f.Name
		switch {
		case strings.HasSuffix(name, "/") && fs.ValidPath(strings.TrimSuffix(name, "/")):
			continue
		case strings.ContainsAny(name, `\:`), !fs.ValidPath(name):
			return nil, unsafe("zip_path", name)
		case !f.Mode().IsRegular():
			return nil, unsafe("zip_kind", name)
		case out[name] != nil:
			return nil, unsafe("zip_twice", name)
		}
		body, err := unpack(f)
		if err != nil {
			return nil, err
		}
		if total += int64(len(body)); total > maxTotal {
			return nil, unsafe("zip_total", name, maxTotal>>20)
		}
		out[name] = &fstest.MapFile{Data: body}
	}
	if out[indicators.DescriptorFile] != nil {
		return out, nil
	}
	for name := range out {
		if top, rest, ok := strings.Cut(name, "/"); ok && rest == indicators.DescriptorFile {
			return fs.Sub(out, top)
		}
	}
	return out, nil
}

func unpack(f *zip.File) (body []byte, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, unsafe("zip_broken", f.Name)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	body, err = io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, unsafe("zip_broken", f.Name)
	}
	if len(body) > maxFile {
		return nil, unsafe("file_size", f.Name, maxFile>>20)
	}
	return body, nil
}

// readFile reads one file of a package, within the limit; a missing one is a
// problem.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, unsafe("missing_file", path.Base(name))
	}
	body, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, unsafe("unreadable", name)
	}
	if len(body) > maxFile {
		return nil, unsafe("file_size", name, maxFile>>20)
	}
	return body, nil
}
