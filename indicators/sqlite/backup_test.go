package sqlite

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
)

const proof = "%PDF-1.7\n1 0 obj of a proof"

// mustOffice is a store with a round, a figure and evidence behind it, and the
// evidence's hash.
func mustOffice(t *testing.T) (*town, string) {
	t.Helper()
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	e, err := v.Attach(v.ctx, by, now, d.ID, "凭证.pdf", strings.NewReader(proof))
	if err != nil {
		t.Fatal(err)
	}
	return v, e.Hash
}

// tablesOf is everything in a database as text, by table.
func tablesOf(t *testing.T, s *Store) map[string]string {
	t.Helper()
	names, err := s.read.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	defer names.Close()
	var tables []string
	for names.Next() {
		var n string
		if err := names.Scan(&n); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, n)
	}
	if err := names.Err(); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, table := range tables {
		rows, err := s.read.Query(fmt.Sprintf("SELECT * FROM %q", table))
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for rows.Next() {
			cells := make([]any, len(columns))
			for n := range cells {
				cells[n] = new(any)
			}
			if err := rows.Scan(cells...); err != nil {
				t.Fatal(err)
			}
			var line strings.Builder
			for _, c := range cells {
				fmt.Fprintf(&line, "%q|", fmt.Sprint(*c.(*any)))
			}
			lines = append(lines, line.String())
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		slices.Sort(lines)
		out[table] = strings.Join(lines, "\n")
	}
	return out
}

func TestRestoreIsTheSame(t *testing.T) {
	v, hash := mustOffice(t)
	target := filepath.Join(t.TempDir(), "all.zip")
	m, b, err := WriteBackup(v.ctx, v.path, target, now, "v1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Head.Size == 0 || m.Release == 0 || len(m.Files) != 2 || len(m.Missing) != 0 || b.Size != fileSize(target) {
		t.Errorf("the manifest says %+v, %+v", m, b)
	}
	if sum, err := sumFile(target, nil); err != nil || sum != b.SHA256 {
		t.Errorf("the sum is %s, want %s (%v)", sum, b.SHA256, err)
	}
	if info, err := os.Stat(target); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup can be read by others: %v, %v", info.Mode(), err)
	}
	if _, _, err := WriteBackup(v.ctx, v.path, target, now, "v1", nil); err == nil {
		t.Error("a backup was written over another")
	}
	if left, err := filepath.Glob(target + ".*"); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
	if _, err := CheckBackup(v.ctx, target, t.TempDir(), nil); err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(t.TempDir(), "new", "yimi.db")
	if _, aside, err := Restore(v.ctx, target, database, false, now, nil); err != nil || aside != "" {
		t.Fatal(aside, err)
	}
	s := mustOpen(t, database)
	want, got := tablesOf(t, v.Store), tablesOf(t, s)
	if len(want) < 30 || len(got) != len(want) {
		t.Fatalf("%d tables of %d", len(got), len(want))
	}
	for table := range want {
		if got[table] != want[table] {
			t.Errorf("table %s is another", table)
		}
	}
	if sum, err := sumFile(s.evidencePath(hash), nil); err != nil || sum != hash {
		t.Errorf("the evidence is %s, %v", sum, err)
	}
	if err := s.Restored(v.ctx, now, target, m); err != nil {
		t.Fatal(err)
	}
	if head, err := s.VerifyAudit(v.ctx, m.Head); err != nil || head.Size != m.Head.Size+1 {
		t.Errorf("the restored trail is %+v, %v", head, err)
	}
}

// Nothing that let somebody in when the backup was made lets anybody in after
// it was restored: neither a session nor an unused one-time link.
func TestRestoredLetsNobodyIn(t *testing.T) {
	v := mustTown(t)
	security := v.mustPerson("keeper", indicators.Grant{Role: indicators.SecurityAdmin})
	_, invited, err := v.Invite(v.ctx, security, now, "newcomer", "New Comer", []indicators.Grant{{Role: indicators.Auditor}})
	if err != nil {
		t.Fatal(err)
	}
	reset, err := v.ConsoleLink(v.ctx, now, "keeper", false)
	if err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "all.zip")
	m, _, err := WriteBackup(v.ctx, v.path, target, now, "v1", nil)
	if err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(t.TempDir(), "yimi.db")
	if _, _, err := Restore(v.ctx, target, database, false, now, nil); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, database)
	for _, link := range []string{invited, reset} {
		if _, err := s.LinkOwner(v.ctx, link, now); err != nil {
			t.Fatalf("the backup lacks the link: %v", err)
		}
	}
	if err := s.Restored(v.ctx, now, target, m); err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{invited, reset} {
		_, err := s.LinkOwner(v.ctx, link, now)
		mustBe(t, err, indicators.NotFound, "link")
		_, err = s.Redeem(v.ctx, link, now, "192.0.2.1", "", "hash")
		mustBe(t, err, indicators.NotFound, "link")
	}
	if n := mustCount(t, s, "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM links)"); n != 0 {
		t.Errorf("%d sessions and links are left", n)
	}
	if link, err := s.ConsoleLink(v.ctx, now, "keeper", false); err != nil || link == "" {
		t.Errorf("a new link: %q, %v", link, err)
	}
}

// A database of any older program is backed up as it is, before an upgrade, and
// upgraded when it is opened after a restore.
func TestBackupOfAnOlderSchema(t *testing.T) {
	steps, err := embeddedMigrations()
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n < len(steps); n++ {
		dir := t.TempDir()
		old, err := open(t.Context(), filepath.Join(dir, "yimi.db"), steps[:n])
		if err != nil {
			t.Fatal(err)
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		target := filepath.Join(dir, "all.zip")
		m, _, err := WriteBackup(t.Context(), filepath.Join(dir, "yimi.db"), target, now, "", nil)
		if err != nil || m.Schema != n {
			t.Fatalf("of schema %d: %+v, %v", n, m, err)
		}
		database := filepath.Join(dir, "new", "yimi.db")
		if _, _, err := Restore(t.Context(), target, database, false, now, nil); err != nil {
			t.Fatalf("of schema %d: %v", n, err)
		}
		if _, err := mustOpen(t, database).Settings(t.Context()); err != nil {
			t.Errorf("of schema %d: %v", n, err)
		}
	}
}

// While others write, a backup is one moment: every event has its hashes and the
// head fits.
func TestSnapshotUnderWrites(t *testing.T) {
	s, _ := mustLoad(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		next := indicators.DefaultSettings()
		for n := 0; ctx.Err() == nil; n++ {
			next.ReviewDays = n%2 + 1
			if err := s.SetSettings(context.Background(), keeper, now, next); err != nil {
				done <- err
				return
			}
			next.Version++
		}
		done <- nil
	}()
	dir := t.TempDir()
	var last int64
	for n := range 5 {
		target := filepath.Join(dir, fmt.Sprint(n))
		m, _, err := WriteBackup(t.Context(), s.path, target, now, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := CheckBackup(t.Context(), target, dir, nil); err != nil {
			t.Fatal(err)
		}
		if n > 0 && m.Head.Size <= last {
			t.Errorf("nothing was written between %d and %d", last, m.Head.Size)
		}
		last = m.Head.Size
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestRestoreRefuses(t *testing.T) {
	v, hash := mustOffice(t)
	dir := t.TempDir()
	target := filepath.Join(dir, "all.zip")
	if _, _, err := WriteBackup(v.ctx, v.path, target, now, "v1", nil); err != nil {
		t.Fatal(err)
	}
	restore := func(file, database string, replace bool) error {
		_, _, err := Restore(v.ctx, file, database, replace, now, nil)
		return err
	}
	mustBe(t, restore(target, v.path, true), indicators.Conflict, restoreInUse)
	mustBe(t, restore(target, v.path, false), indicators.Conflict, restoreFull)
	mustBe(t, restore(filepath.Join(dir, "none.zip"), filepath.Join(dir, "a", "yimi.db"), false), indicators.NotFound, noBackup)
	for name, c := range map[string]struct {
		change func(name string, body []byte) (string, []byte)
		kind   indicators.Kind
		what   string
	}{
		"another byte of evidence": {func(n string, b []byte) (string, []byte) {
			if strings.HasPrefix(n, "evidence/") {
				b[len(b)-1]++
			}
			return n, b
		}, indicators.Invalid, backupBroken},
		"evidence left out": {func(n string, b []byte) (string, []byte) {
			if strings.HasPrefix(n, "evidence/") {
				return "", nil
			}
			return n, b
		}, indicators.Invalid, backupBroken},
		"a database cut short": {func(n string, b []byte) (string, []byte) {
			if n == databaseName {
				b = b[:len(b)/2]
			}
			return n, b
		}, indicators.Invalid, backupBroken},
		"a name that climbs out": {func(n string, b []byte) (string, []byte) {
			if n == manifestName {
				b = []byte(strings.Replace(string(b), "evidence/"+hash[:2], "evidence/..", 1))
			}
			return strings.Replace(n, "evidence/"+hash[:2], "evidence/..", 1), b
		}, indicators.Invalid, backupBroken},
		"no manifest": {func(n string, b []byte) (string, []byte) {
			if n == manifestName {
				return "", nil
			}
			return n, b
		}, indicators.Invalid, backupBroken},
		"a newer schema": {func(n string, b []byte) (string, []byte) {
			return n, []byte(strings.Replace(string(b), `"schema": `, `"schema": 99`, 1))
		}, indicators.Conflict, backupNewer},
		"another head": {func(n string, b []byte) (string, []byte) {
			return n, []byte(strings.Replace(string(b), `"Root": "`, `"Root": "x`, 1))
		}, indicators.Invalid, backupBroken},
	} {
		t.Run(name, func(t *testing.T) {
			spoilt := filepath.Join(t.TempDir(), "spoilt.zip")
			rezip(t, target, spoilt, c.change)
			database := filepath.Join(t.TempDir(), "new", "yimi.db")
			mustBe(t, restore(spoilt, database, false), c.kind, c.what)
			if left, err := os.ReadDir(filepath.Dir(database)); err != nil || len(left) > 0 {
				t.Errorf("left are %v, %v", left, err)
			}
		})
	}
	cut := filepath.Join(dir, "cut.zip")
	whole := mustRead(t, target)
	if err := os.WriteFile(cut, []byte(whole[:len(whole)/2]), 0o600); err != nil {
		t.Fatal(err)
	}
	mustBe(t, restore(cut, filepath.Join(dir, "b", "yimi.db"), false), indicators.Invalid, backupBroken)
}

func rezip(t *testing.T, from, to string, change func(string, []byte) (string, []byte)) {
	t.Helper()
	z, err := zip.OpenReader(from)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	for _, x := range z.File {
		r, err := x.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		name, body := change(x.Name, body)
		if name == "" {
			continue
		}
		out, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// What was there is set aside whole, logs of a killed program are never left
// beside the new database, and a broken one can be replaced.
func TestRestoreSetsAside(t *testing.T) {
	v, _ := mustOffice(t)
	target := filepath.Join(t.TempDir(), "all.zip")
	if _, _, err := WriteBackup(v.ctx, v.path, target, now, "v1", nil); err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(t.TempDir(), "yimi.db")
	dir := filepath.Dir(database)
	if err := os.WriteFile(database+"-wal", []byte("stale"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, aside, err := Restore(v.ctx, target, database, false, now, nil); err != nil || aside == "" {
		t.Fatal(aside, err)
	}
	if _, err := os.Stat(database + "-wal"); err == nil {
		t.Error("a stale log is left")
	}
	s := mustOpen(t, database)
	next := indicators.DefaultSettings()
	next.ReviewDays = 9
	if err := errors.Join(s.SetSettings(v.ctx, keeper, now, next), s.Close()); err != nil {
		t.Fatal(err)
	}
	_, aside, err := Restore(v.ctx, target, database, true, now.Add(time.Hour), nil)
	if err != nil {
		t.Fatal(err)
	}
	was, err := Open(v.ctx, filepath.Join(aside, "yimi.db"))
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := was.Settings(v.ctx); err != nil || kept.ReviewDays != 9 {
		t.Errorf("set aside is %+v, %v", kept, err)
	}
	if err := was.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(aside, "evidence")); err != nil {
		t.Error(err)
	}
	again := mustOpen(t, database)
	if kept, err := again.Settings(v.ctx); err != nil || kept.ReviewDays != indicators.DefaultSettings().ReviewDays {
		t.Errorf("restored is %+v, %v", kept, err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{"yimi.db": "no database at all, for longer than its head", "yimi.db-wal": "stale"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Repeat(body, 50)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := Restore(v.ctx, target, database, true, now.Add(2*time.Hour), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(database + "-wal"); err == nil {
		t.Error("the log of a broken database is left")
	}
	mustOpen(t, database)
}

// The list tells of what was made, of what somebody took away and of what came
// from elsewhere; nightly ones make room, others stay.
func TestBackupsAreKept(t *testing.T) {
	v, hash := mustOffice(t)
	folder := filepath.Join(t.TempDir(), "backups")
	clerk := indicators.Actor{Account: 3, Grants: []indicators.Grant{{Role: indicators.OfficeMember}}}
	_, err := v.MakeBackup(v.ctx, clerk, now, folder, "v1", nil)
	mustBe(t, err, indicators.Forbidden, "role")
	asked, err := v.MakeBackup(v.ctx, keeper, now, folder, "v1", nil)
	if err != nil || asked.Verified.IsZero() {
		t.Fatal(asked, err)
	}
	for n := range 4 {
		if _, err := v.NightlyBackup(v.ctx, now.AddDate(0, 0, n+1), folder, "v1", 2, nil); err != nil {
			t.Fatal(err)
		}
	}
	list, err := v.Backups(v.ctx, folder)
	if err != nil || len(list) != 3 || list[2].File != asked.File || list[2].SHA256 != asked.SHA256 || !list[0].Nightly || list[0].Person != "" {
		t.Fatalf("kept are %+v, %v", list, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 3 {
		t.Errorf("in the folder are %v, %v", left, err)
	}
	// One byte is changed, one is taken away, one comes from elsewhere.
	path := filepath.Join(folder, asked.File)
	body := []byte(mustRead(t, path))
	if err := errors.Join(
		os.WriteFile(filepath.Join(folder, "yimi-20200101-000000.zip"), body, 0o600),
		os.Remove(filepath.Join(folder, list[1].File)),
	); err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(body), proof)
	body[at+10]++
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := v.VerifyBackup(v.ctx, keeper, now, folder, asked.File, nil)
	if err != nil || !strings.Contains(b.Fault, hash[2:]) {
		t.Errorf("a changed byte is %+v, %v", b, err)
	}
	if b, err := v.VerifyBackup(v.ctx, keeper, now, folder, "yimi-20200101-000000.zip", nil); err != nil || b.Fault != "" || b.SHA256 != asked.SHA256 {
		t.Errorf("one from elsewhere is %+v, %v", b, err)
	}
	_, err = v.VerifyBackup(v.ctx, keeper, now, folder, list[1].File, nil)
	mustBe(t, err, indicators.NotFound, noBackup)
	_, err = v.VerifyBackup(v.ctx, keeper, now, folder, "../"+filepath.Base(v.path), nil)
	mustBe(t, err, indicators.NotFound, noBackup)
	// Evidence that is lost stops no backup, and is named.
	if err := os.Remove(v.evidencePath(hash)); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(folder, "lost.zip")
	if m, _, err := WriteBackup(v.ctx, v.path, target, now, "v1", nil); err != nil || !slices.Equal(m.Missing, []string{hash}) {
		t.Errorf("with lost evidence: %+v, %v", m, err)
	}
	if _, err := CheckBackup(v.ctx, target, folder, nil); err != nil {
		t.Error(err)
	}
}

// Stopped half-way, a backup leaves nothing.
func TestBackupIsStopped(t *testing.T) {
	v, _ := mustOffice(t)
	for _, stage := range []int64{1, 2, 3} {
		folder := t.TempDir()
		ctx, stop := context.WithCancel(v.ctx)
		var calls int64
		_, err := v.MakeBackup(ctx, keeper, now, folder, "v1", func(int64, int64) {
			if calls++; calls == stage {
				stop()
			}
		})
		stop()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("stopped at %d = %v", stage, err)
		}
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			t.Errorf("stopped at %d, left are %v, %v", stage, left, err)
		}
	}
	list, err := v.Backups(v.ctx, t.TempDir())
	if err != nil || len(list) != 0 {
		t.Errorf("listed are %v, %v", list, err)
	}
}

func TestEvidenceEntry(t *testing.T) {
	sum := sha256.Sum256(nil)
	hash := hex.EncodeToString(sum[:])
	for name, want := range map[string]string{
		"evidence/" + hash[:2] + "/" + hash[2:]: hash, "evidence/" + hash: "", "evidence/../" + hash[2:]: "", "yimi.db": "",
		"evidence/" + strings.ToUpper(hash[:2]) + "/" + hash[2:]: "", "/evidence/" + hash[:2] + "/" + hash[2:]: "",
	} {
		if got := evidenceEntry(name); got != want {
			t.Errorf("evidenceEntry(%s) = %q", name, got)
		}
	}
}

// A folder may be named as it stands from here.
func TestBackupByARelativePath(t *testing.T) {
	v, _ := mustOffice(t)
	t.Chdir(filepath.Dir(v.path))
	m, _, err := WriteBackup(v.ctx, "yimi.db", "all.zip", now, "", nil)
	if err != nil || len(m.Files) != 2 {
		t.Fatal(m, err)
	}
	if _, err := CheckBackup(v.ctx, "all.zip", ".", nil); err != nil {
		t.Error(err)
	}
	if _, _, err := Restore(v.ctx, "all.zip", filepath.Join("new", "yimi.db"), false, now, nil); err != nil {
		t.Error(err)
	}
}
