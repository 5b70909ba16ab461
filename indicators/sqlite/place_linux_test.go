package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"yimi/indicators"
)

// powerless runs do as a user who owns nothing, for root may write anywhere.
func powerless(t *testing.T, do func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		do()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with its powers changed
		if err := syscall.Setfsuid(65534); err != nil {
			t.Error(err)
			return
		}
		do()
	}()
	<-done
}

func TestOpenRefusesAPlaceThatCannotBeWritten(t *testing.T) {
	closed := func(t *testing.T) string {
		s, _ := mustLoad(t)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for dir := filepath.Dir(s.path); dir != os.TempDir(); dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		return s.path
	}
	tests := []struct {
		name         string
		file, folder os.FileMode
	}{
		{"no file in a folder for reading", 0, 0o555},
		{"a file for reading", 0o444, 0o777},
		{"a file that cannot be read", 0o000, 0o777},
		{"a folder for reading", 0o666, 0o555},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := closed(t)
			if tt.file == 0 && tt.folder == 0o555 {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			} else if err := os.Chmod(path, tt.file); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(filepath.Dir(path), tt.folder); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(filepath.Dir(path), 0o755) })
			var err error
			powerless(t, func() {
				var s *Store
				if s, err = Open(context.Background(), path); err == nil {
					s.Close()
				}
			})
			mustBe(t, err, indicators.Forbidden, readOnly)
		})
	}
}
