package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"yimi/indicators"
)

// On a full disk, and in a folder that cannot be written, a backup and a restore
// say so in one sentence and leave nothing behind; the store goes on.
func TestNoRoomForABackup(t *testing.T) {
	v, _ := mustOffice(t)
	whole := filepath.Join(t.TempDir(), "all.zip")
	if _, _, err := WriteBackup(v.ctx, v.path, whole, now, "", nil); err != nil {
		t.Fatal(err)
	}
	empty := func(t *testing.T, dir string) {
		t.Helper()
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left are %v, %v", left, err)
		}
		if err := v.Check(v.ctx); err != nil {
			t.Errorf("the store is %v", err)
		}
	}
	t.Run("read only", func(t *testing.T) {
		dir := t.TempDir()
		for up := dir; up != os.TempDir(); up = filepath.Dir(up) {
			if err := os.Chmod(up, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(dir, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(dir, 0o755) })
		powerless(t, func() {
			_, _, err := WriteBackup(context.Background(), v.path, filepath.Join(dir, "all.zip"), now, "", nil)
			mustBe(t, err, indicators.Forbidden, readOnly)
			_, _, err = Restore(context.Background(), whole, filepath.Join(dir, "yimi.db"), false, now, nil)
			mustBe(t, err, indicators.Forbidden, readOnly)
		})
		empty(t, dir)
	})
	t.Run("full", func(t *testing.T) {
		dir := t.TempDir()
		// Room for a part of it only: a little file system in memory.
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
			t.Logf("no file system can be mounted here (%v): a device that is always full stands in", err)
			path := filepath.Join(dir, "full.zip.part")
			if err := os.Symlink("/dev/full", path); err != nil {
				t.Fatal(err)
			}
			mustBe(t, placed(os.WriteFile(path, []byte("x"), 0o600), dir), indicators.TooLarge, full)
			return
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(dir, 0); err != nil {
				t.Error(err)
			}
		})
		_, _, err := WriteBackup(v.ctx, v.path, filepath.Join(dir, "all.zip"), now, "", nil)
		mustBe(t, err, indicators.TooLarge, full)
		var said *indicators.Error
		if errors.As(err, &said) && said.Detail != dir {
			t.Errorf("what is full is %q, want %q", said.Detail, dir)
		}
		empty(t, dir)
		_, _, err = Restore(v.ctx, whole, filepath.Join(dir, "yimi.db"), false, now, nil)
		mustBe(t, err, indicators.TooLarge, full)
		empty(t, dir)
	})
}
