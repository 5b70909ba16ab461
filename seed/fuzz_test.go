package seed_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"reflect"
	"testing"
	"testing/fstest"

	"yimi/indicators"
	"yimi/seed"
)

// FuzzRead puts any bytes in the place of one CSV file. They are refused with
// problems that have a place in the file, or read, written and read again as
// the same package.
func FuzzRead(f *testing.F) {
	files := mustFiles(f, os.DirFS(yunxi))
	all := indicators.Files()
	for i, file := range all {
		f.Add(uint8(i), files[file.Name].Data)
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := all[int(which)%len(all)].Name
		spoilt := maps.Clone(files)
		spoilt[name] = &fstest.MapFile{Data: data}
		p, err := seed.Read(spoilt)
		if err != nil {
			var problems indicators.Problems
			if !errors.As(err, &problems) || len(problems) == 0 {
				t.Fatalf("Read() = %v, want problems", err)
			}
			for _, problem := range problems {
				if problem.Rule == "" || problem.File == name && problem.Line > bytes.Count(data, []byte("\n"))+1 || problem.Row >= 0 && (problem.Line == 0 || problem.Col == 0) {
					t.Fatalf("%s has no place in %q", problem, data)
				}
			}
			return
		}
		if q := mustRead(t, mustZip(t, p)); len(q.Rows(name)) != len(p.Rows(name)) || !reflect.DeepEqual(p.Rows("domains.csv"), q.Rows("domains.csv")) {
			t.Fatal("another package came back")
		}
	})
}
