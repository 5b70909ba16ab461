package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yimi/indicators"
)

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name string
		make func(t *testing.T, path string)
		kind indicators.Kind
		what string
	}{
		{"a directory", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, indicators.Invalid, notFile},
		{"text", func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("编码,名称\n", 200)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, indicators.Invalid, notOurs},
		{"another program's database", func(t *testing.T, path string) {
			mustExec(t, path, "CREATE TABLE notes (words TEXT)")
		}, indicators.Invalid, notOurs},
		{"another program's version", func(t *testing.T, path string) {
			mustExec(t, path, "CREATE TABLE notes (words TEXT); PRAGMA user_version = 1")
		}, indicators.Invalid, notOurs},
		{"a newer program's database", func(t *testing.T, path string) {
			mustExec(t, path, fmt.Sprintf("CREATE TABLE later (x TEXT); PRAGMA application_id = %d; PRAGMA user_version = 1000", applicationID))
		}, indicators.Conflict, newer},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "yimi.db")
			tt.make(t, path)
			before, _ := os.ReadFile(path)
			s, err := Open(context.Background(), path)
			if err == nil {
				s.Close()
			}
			mustBe(t, err, tt.kind, tt.what)
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the refused file was changed")
			}
			if left, _ := filepath.Glob(path + "?*"); len(left) > 0 {
				t.Errorf("left beside the file: %v", left)
			}
		})
	}
}

// mustExec runs statements on a file as another program would.
func mustExec(t testing.TB, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesAFolderThatIsNotThere(t *testing.T) {
	_, err := Open(context.Background(), filepath.Join(t.TempDir(), "none", "yimi.db"))
	mustBe(t, err, indicators.NotFound, noFolder)
}

func TestOpenRefusesADamagedFile(t *testing.T) {
	s, _ := mustLoad(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mustScribble(t, s.path, 100) // where the schema is
	_, err := Open(context.Background(), s.path)
	mustBe(t, err, indicators.Invalid, damaged)
}

// A start or an action that meets another program's lock ends with its context.
func TestWaitingForALockEndsWithTheContext(t *testing.T) {
	s, p := mustLoad(t)
	other := mustOpen(t, s.path)
	err := s.change(context.Background(), func(*sql.Tx) error {
		for name, wait := range map[string]func(context.Context) error{
			"Open": func(ctx context.Context) error {
				_, err := Open(ctx, s.path)
				return err
			},
			"Load": func(ctx context.Context) error {
				_, err := other.Load(ctx, p, now, nil)
				return err
			},
		} {
			ctx, cancel := context.WithTimeout(context.Background(), moment/4)
			start := time.Now()
			if err := wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s ends with %v, want %v", name, err, context.DeadlineExceeded)
			}
			if took := time.Since(start); took > patience/2 {
				t.Errorf("%s took %s", name, took)
			}
			cancel()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What waits gets the lock once it is free.
func TestLoadWaitsForAnotherProgram(t *testing.T) {
	s, p := mustLoad(t)
	other := mustOpen(t, s.path)
	done := make(chan error)
	err := s.change(context.Background(), func(*sql.Tx) error {
		go func() {
			_, err := other.Load(context.Background(), p, now, nil)
			done <- err
		}()
		time.Sleep(2 * moment)
		return nil
	})
	if err = errors.Join(err, <-done); err != nil {
		t.Fatal(err)
	}
}

func TestOpenMakesAFileForItsOwnerOnly(t *testing.T) {
	s, _ := mustLoad(t)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		at, err := os.Stat(s.path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if got := at.Mode().Perm(); got != 0o600 {
			t.Errorf("mode of %s is %o, want 600", at.Name(), got)
		}
	}
}

func TestOpenTakesAnyName(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a b.db", "50%25?mode=ro.db", "郑州#1.db", "a&_query_only=1.db"} {
		mustOpen(t, filepath.Join(dir, name))
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// Every connection of a pool has its pragmas, not just the first.
func TestPragmas(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "yimi.db"))
	ctx := context.Background()
	tests := []struct {
		db     *sql.DB
		conns  int
		pragma string
		want   string
	}{
		{s.write, 1, "journal_mode", "wal"},
		{s.write, 1, "synchronous", "2"},
		{s.write, 1, "foreign_keys", "1"},
		{s.write, 1, "query_only", "0"},
		{s.write, 1, "busy_timeout", "200"},
		{s.read, s.read.Stats().MaxOpenConnections, "journal_mode", "wal"},
		{s.read, s.read.Stats().MaxOpenConnections, "query_only", "1"},
		{s.read, s.read.Stats().MaxOpenConnections, "busy_timeout", "10000"},
	}
	for _, tt := range tests {
		var conns []*sql.Conn
		for range tt.conns {
			conn, err := tt.db.Conn(ctx)
			if err != nil {
				t.Fatal(err)
			}
			conns = append(conns, conn)
			var got string
			if err := conn.QueryRowContext(ctx, "PRAGMA "+tt.pragma).Scan(&got); err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("%s = %s, want %s", tt.pragma, got, tt.want)
			}
		}
		for _, conn := range conns {
			if err := conn.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := s.write.Stats().MaxOpenConnections; got != 1 {
		t.Errorf("%d connections write, want 1", got)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	s, _ := mustLoad(t)
	_, err := s.read.Exec("UPDATE plan SET edition = edition + 1")
	mustBe(t, failed(err, ""), indicators.Forbidden, readOnly)
}

func TestStartsAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "yimi.db")
	steps := []migration{fakeFirst, fakeSecond}
	for round := range 2 { // a new file, then an old one
		if round == 1 {
			path = filepath.Join(t.TempDir(), "yimi.db")
			old, err := open(context.Background(), path, steps[:1])
			if err != nil {
				t.Fatal(err)
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
		}
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				s, err := open(context.Background(), path, steps)
				if err != nil {
					t.Error(err)
					return
				}
				if n := mustCount(t, s, "SELECT count(*) FROM taken"); n != 2 {
					t.Errorf("steps taken %d times, want 2", n)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
			t.Errorf("left beside the file: %v", left)
		}
	}
}

func TestVerify(t *testing.T) {
	s, _ := mustLoad(t)
	ctx := context.Background()
	if err := errors.Join(s.Check(ctx), s.Verify(ctx)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec("PRAGMA foreign_keys = 0"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec("DELETE FROM domains WHERE ordinal = 0"); err != nil {
		t.Fatal(err)
	}
	mustBe(t, s.Verify(ctx), indicators.Conflict, orphan)
}

func TestVerifyFindsDamage(t *testing.T) {
	s, _ := mustLoad(t)
	page := mustCount(t, s, "SELECT rootpage FROM sqlite_schema WHERE name = 'observations_by_area'")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mustScribble(t, s.path, int64(page)*4096-200)
	mustBe(t, mustOpen(t, s.path).Verify(context.Background()), indicators.Invalid, damaged)
}

// mustScribble spoils 200 bytes of a closed file.
func mustScribble(t *testing.T, path string, at int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(strings.Repeat("\xff", 200)), at); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
