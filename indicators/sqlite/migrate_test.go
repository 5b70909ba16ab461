package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"yimi/indicators"
)

// A schema of two steps, each of which writes down that it was taken.
var (
	fakeFirst = migration{"0001_first.sql", fmt.Sprintf(`
		PRAGMA application_id = %d;
		CREATE TABLE taken (step INTEGER NOT NULL) STRICT;
		CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
		CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parents (id)) STRICT;
		INSERT INTO parents VALUES (1, 'one; two');
		INSERT INTO children VALUES (10, 1);
		INSERT INTO taken VALUES (1);`, applicationID)}
	// fakeSecond rebuilds a table that another one points to.
	fakeSecond = migration{"0002_second.sql", `
		CREATE TABLE grown (id INTEGER PRIMARY KEY, name TEXT NOT NULL, short TEXT) STRICT;
		INSERT INTO grown (id, name) SELECT id, name FROM parents;
		DROP TABLE parents;
		ALTER TABLE grown RENAME TO parents;
		INSERT INTO taken VALUES (2);`}
)

// mustOld makes a database of the first step, closed.
func mustOld(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "yimi.db")
	s, err := open(context.Background(), path, []migration{fakeFirst})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUpgrade(t *testing.T) {
	path := mustOld(t)
	s, err := open(context.Background(), path, []migration{fakeFirst, fakeSecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for query, want := range map[string]int{
		"SELECT count(*) FROM taken":                                 2,
		"SELECT count(*) FROM parents WHERE short IS NULL":           1,
		"SELECT count(*) FROM children":                              1,
		"SELECT count(*) FROM pragma_foreign_key_check":              0,
		"SELECT user_version FROM pragma_user_version":               2,
		"SELECT application_id FROM pragma_application_id":           applicationID,
		"SELECT count(*) FROM parents WHERE name = 'one; two'":       1,
		"SELECT count(*) FROM pragma_table_info('parents')":          3,
		"SELECT count(*) FROM sqlite_schema WHERE name = 'children'": 1,
	} {
		if got := mustCount(t, s, query); got != want {
			t.Errorf("%s = %d, want %d", query, got, want)
		}
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left after a good upgrade: %v", left)
	}
	// The first program meets what the second one made.
	_, err = open(context.Background(), path, []migration{fakeFirst})
	mustBe(t, err, indicators.Conflict, newer)
}

func TestUpgradeThatFails(t *testing.T) {
	path := mustOld(t)
	before := mustRead(t, path)
	bad := migration{"0002_bad.sql", "INSERT INTO taken VALUES (2); DROP TABLE children; INSERT INTO nowhere VALUES (1);"}
	if _, err := open(context.Background(), path, []migration{fakeFirst, bad}); err == nil {
		t.Fatal("a bad step was taken")
	}
	if mustRead(t, path) != before {
		t.Error("the file was changed by a step that failed")
	}
	// The copy opens as what was there, and so does the file.
	for _, p := range []string{path, path + ".v1.copy"} {
		s, err := open(context.Background(), p, []migration{fakeFirst})
		if err != nil {
			t.Fatal(err)
		}
		if n := mustCount(t, s, "SELECT count(*) FROM children"); n != 1 {
			t.Errorf("%s has %d children, want 1", p, n)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if at, err := os.Stat(path + ".v1.copy"); err != nil || at.Mode().Perm() != 0o600 {
		t.Errorf("the copy is %v, %v, want mode 600", at, err)
	}
	// Of two steps the good first one stays, for it is whole.
	third := migration{"0003_bad.sql", "INSERT INTO nowhere VALUES (1)"}
	if _, err := open(context.Background(), path, []migration{fakeFirst, fakeSecond, third}); err == nil {
		t.Fatal("a bad step was taken")
	}
	s, err := open(context.Background(), path, []migration{fakeFirst, fakeSecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n := mustCount(t, s, "SELECT max(step) FROM taken"); n != 2 {
		t.Errorf("last step is %d, want 2", n)
	}
}

func TestUpgradeStopsAtAnOrphan(t *testing.T) {
	path := mustOld(t)
	mustExec(t, path, "INSERT INTO children VALUES (11, 7)")
	before := mustRead(t, path)
	_, err := open(context.Background(), path, []migration{fakeFirst, fakeSecond})
	mustBe(t, err, indicators.Conflict, orphan)
	var e *indicators.Error
	if errors.As(err, &e) && e.Detail != "children 11 -> parents" {
		t.Errorf("the orphan is %q", e.Detail)
	}
	if mustRead(t, path) != before {
		t.Error("the file was changed")
	}
	if _, err := os.Stat(path + ".v1.copy"); err != nil {
		t.Error(err)
	}
}

func TestUpgradeThatIsCancelled(t *testing.T) {
	path := mustOld(t)
	before := mustRead(t, path)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := open(ctx, path, []migration{fakeFirst, fakeSecond}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context.Canceled", err)
	}
	if mustRead(t, path) != before {
		t.Error("the file was changed")
	}
}

// A step that is killed is as if it had not begun, and is taken at the next
// start. The program that is killed is this test, run again.
func TestUpgradeThatIsKilled(t *testing.T) {
	slow := migration{"0002_slow.sql", `
		CREATE TABLE filled (n INTEGER NOT NULL) STRICT;
		INSERT INTO filled WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1000000000)
		SELECT n FROM counted;`}
	if os.Getenv("YIMI_TEST_KILLED") != "" { // in the folder of the database
		_, err := open(context.Background(), "yimi.db", []migration{fakeFirst, slow})
		t.Fatalf("the slow step ended: %v", err)
	}
	path := mustOld(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	killed := exec.Command(self, "-test.run=^TestUpgradeThatIsKilled$")
	killed.Dir = filepath.Dir(path)
	killed.Env = append(os.Environ(), "YIMI_TEST_KILLED=yes")
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	// Once pages spill into the log the step is in its middle.
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if at, err := os.Stat(path + "-wal"); err == nil && at.Size() > 1<<20 {
			break
		}
		if time.Now().After(end) {
			t.Error("the step never wrote")
			break
		}
	}
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := killed.Wait(); err == nil {
		t.Error("the program ended well")
	}
	s, err := open(context.Background(), path, []migration{fakeFirst})
	if err != nil {
		t.Fatal(err)
	}
	if n := mustCount(t, s, "SELECT count(*) FROM sqlite_schema WHERE name = 'filled'"); n != 0 {
		t.Error("half a step stayed")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := open(context.Background(), path, []migration{fakeFirst, fakeSecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

// Rows still in the write-ahead log are in the copy too.
func TestBackupOfAStoreInUse(t *testing.T) {
	s, p := mustLoad(t)
	target := filepath.Join(t.TempDir(), "copy.db")
	if err := backup(context.Background(), s.path, target); err != nil {
		t.Fatal(err)
	}
	c := mustOpen(t, target)
	if got, err := c.Export(context.Background()); err != nil || len(got.Observations) != len(p.Observations) {
		t.Errorf("the copy exports %v, want %d observations", err, len(p.Observations))
	}
}

func TestEmbeddedMigrationsAreNumbered(t *testing.T) {
	steps, err := embeddedMigrations()
	if err != nil || len(steps) == 0 {
		t.Fatalf("%d steps, %v", len(steps), err)
	}
}
