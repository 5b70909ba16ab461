package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
)

// The child of TestSoak is told so by soakChild; it works on soakDatabase in the
// folder that it is started in until it is killed.
const (
	soakChild    = "YIMI_SOAK_CHILD"
	soakDatabase = "yimi.db"
)

// TestSoak kills a program in the middle of saving, submitting, approving and
// publishing, again and again: what it acknowledged is there, no release is
// half, and the file is sound. YIMI_SOAK is the number of cycles.
func TestSoak(t *testing.T) {
	cycles := 4
	if n, err := strconv.Atoi(os.Getenv("YIMI_SOAK")); err == nil {
		cycles = n
	}
	path := filepath.Join(t.TempDir(), soakDatabase)
	prepared := func() (duties int) {
		s, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		p := mustPlan(t)
		if _, err := s.Load(context.Background(), p, now, nil); err != nil {
			t.Fatal(err)
		}
		v := mustPeople(t, s, p).mustOpenRound()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		return len(v.duties)
	}()
	acknowledged, published := 0, 0
	for cycle := range cycles {
		begun := "" // the line after which the child has little time left
		if cycle == 0 {
			begun = "release"
		}
		lines := killed(t, path, begun, time.Duration(150+rand.IntN(450))*time.Millisecond)
		s, err := Open(context.Background(), path)
		if err != nil {
			t.Fatalf("cycle %d: %v", cycle, err)
		}
		if err := s.Verify(context.Background()); err != nil {
			t.Fatalf("cycle %d: %v", cycle, err)
		}
		acknowledged += len(lines)
		published += checkSoaked(t, s, lines, prepared)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if acknowledged < 2*cycles || published == 0 {
		t.Errorf("%d writes and %d releases acknowledged in %d cycles, too few to tell", acknowledged, published, cycles)
	}
	t.Logf("%d cycles, %d acknowledged writes, %d releases", cycles, acknowledged, published)
}

// killed runs the child until some time after its first line that begins so, and
// kills it; it is what the child told.
func killed(t *testing.T, path, begun string, after time.Duration) []string {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestSoakChild$", "-test.count=1")
	child.Env, child.Dir = append(os.Environ(), soakChild+"=1"), filepath.Dir(path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	read := bufio.NewScanner(out)
	var lines []string
	doomed := false
	for read.Scan() {
		if !doomed && strings.HasPrefix(read.Text(), begun) {
			doomed = true
			time.AfterFunc(after, func() { _ = child.Process.Kill() })
		}
		lines = append(lines, read.Text())
	}
	var ended *exec.ExitError
	if err := child.Wait(); !errors.As(err, &ended) || ended.ExitCode() != -1 {
		t.Fatalf("the child ended by itself: %v\n%s", err, strings.Join(lines, "\n"))
	}
	return lines
}

// checkSoaked holds the store against what was acknowledged; it counts the
// releases among it.
func checkSoaked(t *testing.T, s *Store, lines []string, duties int) (published int) {
	t.Helper()
	for _, line := range lines {
		word := strings.Fields(line)
		switch word[0] {
		case "version": // duty, number, state, value
			if n := mustCount(t, s, "SELECT count(*) FROM revisions AS r CROSS JOIN versions AS v ON v.revision = r.id WHERE r.duty = ? AND v.number = ? AND v.state = ? AND v.entry ->> 'value' = ?",
				word[1], word[2], word[3], word[4]); n != 1 {
				t.Fatalf("acknowledged and lost: %s", line)
			}
		case "release":
			published++
			if n := mustCount(t, s, "SELECT count(*) FROM releases WHERE number = ?", word[1]); n != 1 {
				t.Fatalf("acknowledged and lost: %s", line)
			}
		}
	}
	for name, query := range map[string]string{
		"a release without its statuses":        "SELECT count(*) FROM releases WHERE kind = 'round' AND NOT EXISTS (SELECT 1 FROM release_statuses WHERE release = number)",
		"a release without its figures":         "SELECT count(*) FROM releases WHERE kind = 'round' AND NOT EXISTS (SELECT 1 FROM observations WHERE release = number)",
		"a figure without its release":          "SELECT count(*) FROM observations WHERE release > (SELECT max(number) FROM releases)",
		"statuses without their release":        "SELECT count(*) FROM release_statuses WHERE release > (SELECT max(number) FROM releases)",
		"a published revision without a figure": "SELECT count(*) FROM revisions WHERE state = 'published' AND NOT EXISTS (SELECT 1 FROM origins WHERE entered = revisions.id)",
		"a revision unlike its last version":    "SELECT count(*) FROM revisions AS r WHERE NOT EXISTS (SELECT 1 FROM versions AS v WHERE v.revision = r.id AND v.number = r.version AND v.entry = r.entry AND v.state = r.state)",
		"a version without its event":           "SELECT (SELECT count(*) FROM versions) - (SELECT count(*) FROM events WHERE object GLOB 'figure *')",
	} {
		if n := mustCount(t, s, query); n != 0 {
			t.Fatalf("%d times %s", n, name)
		}
	}
	if n := mustCount(t, s, "SELECT count(*) FROM duties"); n != duties {
		t.Fatalf("%d of %d duties", n, duties)
	}
	head, err := s.ReleaseNumbered(context.Background(), mustCount(t, s, "SELECT max(number) FROM releases"))
	if err != nil {
		t.Fatal(err)
	}
	var known []indicators.TreeHead
	if head.Head.Size > 0 {
		known = append(known, head.Head)
	}
	if _, err := s.VerifyAudit(context.Background(), known...); err != nil {
		t.Fatal(err)
	}
	return published
}

// TestSoakChild is the program that TestSoak kills; by itself it does nothing.
func TestSoakChild(t *testing.T) {
	if os.Getenv(soakChild) == "" {
		return
	}
	ctx := context.Background()
	s, err := Open(ctx, soakDatabase)
	if err != nil {
		t.Fatal(err)
	}
	v := &town{Store: s, t: t, ctx: ctx}
	if v.l, err = s.Library(ctx); err != nil {
		t.Fatal(err)
	}
	office := soakActor(t, s, "office-1", indicators.Grant{Role: indicators.OfficeMember})
	if v.duties, err = dutiesOf(ctx, s.read, 1); err != nil {
		t.Fatal(err)
	}
	var mine []indicators.Duty
	for _, d := range v.duties {
		ind := v.l.Indicator(d.Indicator)
		if ind.Measure == indicators.Stock && ind.Scope == indicators.City && v.l.BasesOf(ind, indicators.DateOf(now))[0] == indicators.Level && ind.Max == (indicators.Number{}) {
			mine = append(mine, d)
		}
	}
	say := func(format string, args ...any) { fmt.Fprintf(os.Stdout, format+"\n", args...) }
	told := func(r indicators.Revision) {
		say("version %d %d %s %s", r.ID, r.Version, r.State, r.Entry.Value)
	}
	for n := 1; ; n++ {
		d := mine[n%min(len(mine), 4)]
		by := soakActor(t, s, "in-"+string(d.Organisation), indicators.Grant{Role: indicators.Contributor, Organisation: d.Organisation})
		now, err := s.Figure(ctx, by, now, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		r := now.Revision
		value := strconv.Itoa(r.Version + 1) // never what stands, which would be no change
		edits := append(filledIn(value), indicators.Edit{Field: indicators.CorrectionField, Text: "counted anew"})
		at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
		if r.State == indicators.Submitted { // killed before it was approved
			r = mustOne(t)(s.Withdraw(ctx, by, at, pick(r))).Revision
		}
		if r.State != indicators.Approved {
			r = mustOne(t)(s.Save(ctx, by, at, indicators.Saving{Duty: d.ID, Version: r.Version, Edits: edits})).Revision
			told(r)
			r = mustOne(t)(s.Submit(ctx, by, at, indicators.Saving{Duty: d.ID, Version: r.Version, Edits: filledIn(value)})).Revision
			told(r)
			r = mustOne(t)(s.Approve(ctx, office, at, pick(r))).Revision
			told(r)
		}
		if n%3 == 0 {
			p, err := s.Preview(ctx, office, at, 1)
			if err != nil {
				t.Fatal(err)
			}
			made, err := s.Publish(ctx, office, at, 1, p.Token, "note", true, sentences)
			if err != nil {
				t.Fatal(err)
			}
			say("release %d", made.Number)
		}
	}
}

func soakActor(t *testing.T, s *Store, name string, grants ...indicators.Grant) indicators.Actor {
	t.Helper()
	a := indicators.Actor{Name: name, Person: "P " + name, Grants: grants}
	if err := s.read.QueryRow("SELECT id FROM accounts WHERE name = ?", name).Scan(&a.Account); err != nil {
		t.Fatal(err)
	}
	return a
}
