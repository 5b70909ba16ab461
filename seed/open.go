package seed

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"yimi/indicators"
)

// The most that a package may hold. Unpacked bytes are counted as they are
// read, never taken from a zip's own word.
const (
	maxArchive    = 16 << 20 // bytes of a zip
	maxEntries    = 200      // of a zip or of a folder
	maxFile       = 32 << 20 // bytes of one file
	maxTotal      = 64 << 20 // bytes of all files
	maxDescriptor = 1 << 20  // bytes of datapackage.json
	maxName       = 200      // characters of an entry's name
)

// Open opens a folder or a zip for [Read]; close it when done. Nothing outside
// the folder can be reached through it, by no link; a zip with an entry that
// could mislead whoever unpacks it is refused whole, as
// [indicators.Problems] that name the entries. What is neither is of kind
// [indicators.Invalid].
func Open(name string) (fs.FS, io.Closer, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, fmt.Errorf("open package: %w", err)
	}
	if info.IsDir() {
		root, err := os.OpenRoot(name)
		if err != nil {
			return nil, nil, fmt.Errorf("open package: %w", err)
		}
		return guard(root.FS()), root, nil
	}
	if !info.Mode().IsRegular() {
		return nil, nil, notPackage(name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, fmt.Errorf("open package: %w", err)
	}
	fsys, err := openZip(f, info.Size(), name)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return fsys, f, nil
}

// OpenZip opens a zip of size bytes, with the guards of [Open].
func OpenZip(r io.ReaderAt, size int64) (fs.FS, error) { return openZip(r, size, "zip") }

func notPackage(name string) error {
	return &indicators.Error{Kind: indicators.Invalid, What: "not_a_package", Detail: name}
}

func openZip(r io.ReaderAt, size int64, name string) (fs.FS, error) {
	if size > maxArchive {
		return nil, whole(name, "archive_too_large", maxArchive>>20)
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, notPackage(name)
	}
	if len(z.File) > maxEntries {
		return nil, whole(name, "too_many_entries", maxEntries)
	}
	if problems := checkEntries(z.File); problems != nil {
		return nil, problems
	}
	return guard(z), nil
}

// whole is the only problem of a file as a whole.
func whole(file, rule string, args ...any) indicators.Problems {
	return indicators.Problems{{File: file, Row: -1, Rule: rule, Args: args}}
}

var drivePattern = regexp.MustCompile(`^[A-Za-z]:`)

// entryRules refuse what a zip may not hold; the first that fits is told.
var entryRules = []struct {
	rule   string
	broken func(f *zip.File) bool
}{
	{"zip_backslash", func(f *zip.File) bool { return strings.Contains(f.Name, `\`) }},
	{"zip_absolute", func(f *zip.File) bool { return strings.HasPrefix(f.Name, "/") }},
	{"zip_drive", func(f *zip.File) bool { return drivePattern.MatchString(f.Name) }},
	{"zip_climbs", func(f *zip.File) bool {
		for part := range strings.SplitSeq(f.Name, "/") {
			if part == ".." {
				return true
			}
		}
		return false
	}},
	{"zip_name", func(f *zip.File) bool {
		name := strings.TrimSuffix(f.Name, "/")
		return name == "." || !fs.ValidPath(name) || strings.ContainsFunc(f.Name, unicode.IsControl) ||
			utf8.RuneCountInString(f.Name) > maxName
	}},
	{"zip_symlink", func(f *zip.File) bool { return f.Mode()&fs.ModeSymlink != 0 }},
	{"zip_not_a_file", func(f *zip.File) bool {
		return f.Mode().IsDir() != strings.HasSuffix(f.Name, "/") || !f.Mode().IsDir() && !f.Mode().IsRegular()
	}},
	{"zip_encrypted", func(f *zip.File) bool { return f.Flags&1 != 0 }},
	{"zip_method", func(f *zip.File) bool { return f.Method != zip.Store && f.Method != zip.Deflate }},
}

// checkEntries holds every entry against the rules; names are compared as a
// file system that ignores case would. Bytes of a name that are no UTF-8 (the
// Chinese Windows writes GBK) are replaced, since no name of ours has any.
func checkEntries(entries []*zip.File) indicators.Problems {
	var problems indicators.Problems
	fold := func(name string) string { return strings.ToLower(strings.TrimSuffix(name, "/")) }
	kind := map[string]bool{} // by folded name: whether it is a file
	for _, f := range entries {
		f.Name = strings.ToValidUTF8(f.Name, "_")
		rule := ""
		for _, r := range entryRules {
			if r.broken(f) {
				rule = r.rule
				break
			}
		}
		if _, seen := kind[fold(f.Name)]; seen && rule == "" {
			rule = "zip_doubled"
		}
		kind[fold(f.Name)] = !strings.HasSuffix(f.Name, "/")
		if rule != "" {
			problems = append(problems, indicators.Problem{File: shorten(f.Name), Row: -1, Rule: rule})
		}
	}
	if problems != nil {
		return problems
	}
	for _, f := range entries { // a file that is a folder of others as well
		for dir := path.Dir(fold(f.Name)); dir != "."; dir = path.Dir(dir) {
			if kind[dir] {
				problems = append(problems, indicators.Problem{File: shorten(f.Name), Row: -1, Rule: "zip_doubled"})
				break
			}
		}
	}
	return problems
}

// shorten keeps a stranger's name fit for a message.
func shorten(name string) string {
	if r := []rune(name); len(r) > maxName {
		return string(r[:maxName]) + "…"
	}
	return name
}

// guarded gives out folders and regular files only, and no more bytes than are
// allowed of one file and of all.
type guarded struct {
	fs.FS
	left *atomic.Int64 // bytes that may still be read of all files
}

func guard(fsys fs.FS) guarded {
	if g, ok := fsys.(guarded); ok {
		return g
	}
	g := guarded{fsys, new(atomic.Int64)}
	g.left.Store(maxTotal)
	return g
}

// limitError says which limit was passed.
type limitError struct {
	rule string
	most int
}

func (e limitError) Error() string { return fmt.Sprintf("%s: at most %d", e.rule, e.most) }

// Open refuses what is no regular file before it is opened: to open a pipe
// would wait for ever.
func (g guarded) Open(name string) (fs.File, error) {
	info, err := fs.Stat(g.FS, name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, limitError{rule: "not_a_file"}
	}
	f, err := g.FS.Open(name)
	if err != nil || info.IsDir() {
		return f, err
	}
	most := maxFile
	if path.Base(name) == indicators.DescriptorFile {
		most = maxDescriptor
	}
	return &counted{File: f, most: most, total: g.left}, nil
}

// counted is a file that counts what is read of it.
type counted struct {
	fs.File
	most  int
	read  int
	total *atomic.Int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.File.Read(b)
	c.read += n
	if c.read > c.most {
		return 0, limitError{"file_too_large", c.most >> 20}
	}
	if c.total.Add(int64(-n)) < 0 {
		return 0, limitError{"package_too_large", maxTotal >> 20}
	}
	return n, err
}
