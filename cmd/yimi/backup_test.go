package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
	"yimi/indicators/sqlite"
)

// A backup made while the site is served is restored into another folder, and
// then over the folder that it came from once that is not in use.
func TestBackupAndRestore(t *testing.T) {
	data, kept := t.TempDir(), t.TempDir()
	if code, said := try(t, "backup", "--data", data, kept); code != exitFailed || !strings.Contains(said, data) {
		t.Errorf("a backup of nothing = %d: %s", code, said)
	}
	s := start(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", data})
	s.get(t, "/healthz", http.StatusOK)
	code, said := try(t, "backup", "--data", data, kept)
	all, err := filepath.Glob(filepath.Join(kept, "*"))
	if err != nil || len(all) != 1 || code != exitDone || !strings.Contains(said, all[0]) || strings.Contains(said, "%!") {
		t.Fatalf("backup = %d: %s; there are %v", code, said, all)
	}
	file := all[0]
	if !regexp.MustCompile(`SHA-256 [0-9a-f]{64}\n`).MatchString(said) {
		t.Errorf("backup says %s", said)
	}
	if code, said := try(t, "backup", "--data", data, file); code != exitFailed || !strings.Contains(said, file) {
		t.Errorf("over another = %d: %s", code, said)
	}
	if code, said := try(t, "backup", "--data", data, filepath.Join(kept, "none", "x.zip")); code != exitFailed || !strings.Contains(said, "none") {
		t.Errorf("into no folder = %d: %s", code, said)
	}
	// Refused: in use, not empty, broken.
	for _, args := range [][]string{{"restore", "--data", data, file}, {"restore", "--data", data, "--replace", file}} {
		if code, said := try(t, args...); code != exitFailed || strings.Count(strings.TrimSpace(said), "\n") > 0 || strings.Contains(said, "[") {
			t.Errorf("%v = %d: %s", args, code, said)
		}
	}
	if code, said := try(t, "restore", "--data", data, "--replace", file); code != exitFailed || !strings.Contains(said, "停下") {
		t.Errorf("beside a running server = %d: %s", code, said)
	}
	s.get(t, "/healthz", http.StatusOK)
	broken := filepath.Join(t.TempDir(), "broken.zip")
	body, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(broken, body[:len(body)/2], 0o600))
	fresh := filepath.Join(t.TempDir(), "fresh")
	if code, said := try(t, "restore", "--data", fresh, broken); code != exitFailed || !strings.Contains(said, "不完整") {
		t.Errorf("a broken backup = %d: %s", code, said)
	}
	code, said = try(t, "restore", "--data", fresh, file)
	if code != exitDone || strings.Count(strings.TrimSpace(said), "\n") != 0 || !strings.Contains(said, "已恢复") || strings.Contains(said, "%!") {
		t.Fatalf("restore = %d: %s", code, said)
	}
	if code, said := try(t, "audit", "verify", "--data", fresh); code != exitDone {
		t.Errorf("the restored trail = %d: %s", code, said)
	}
	again := start(t, []string{"serve", "--addr", "127.0.0.1:0", "--data", fresh})
	was, _ := s.get(t, "/indicators.json", http.StatusOK)
	is, _ := again.get(t, "/indicators.json", http.StatusOK)
	if was != is {
		t.Error("the restored site says something else")
	}
	s.stop()
	code, said = try(t, "restore", "--data", data, "--replace", file)
	aside, err := filepath.Glob(filepath.Join(data, "before-restore-*", database))
	if code != exitDone || err != nil || len(aside) != 1 || !strings.Contains(said, filepath.Dir(aside[0])) {
		t.Errorf("restore --replace = %d: %s; set aside is %v", code, said, aside)
	}
}

// The queue of letters goes by the settings that are kept, as soon as they are,
// and a test letter goes the same way.
func TestLettersGoByTheSettings(t *testing.T) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "yimi.db"))
	must(t, err)
	defer func() { must(t, store.Close()) }()
	office, address := openOffice(t, 0)
	g := indicators.Given{}
	given, err := mailFlags{SMTP: address, SMTPFrom: "yimi@zz.example", SMTPPlain: true}.mail()
	must(t, err)
	keeper := indicators.Actor{Account: 1, Person: "系统管理员", Grants: []indicators.Grant{{Role: indicators.SystemAdmin}}}
	next := indicators.DefaultSettings()
	next.Mail = *given
	must(t, store.SetSettings(t.Context(), keeper, time.Now(), next))
	kept, err := store.Settings(t.Context())
	must(t, err)
	must(t, post{}.Send(t.Context(), g.Over(kept).Mail, indicators.Letter{To: "a@zz.example", Subject: "一米：试发的信", Text: "可用。"}))
	if got := office.got(); len(got) != 1 || !strings.HasPrefix(got[0], "a@zz.example\n") {
		t.Errorf("the office got %q", got)
	}
	// A server that speaks no TLS gets no letter that must be covered.
	kept.Mail.Encryption = indicators.StartTLS
	if err := (post{}).Send(t.Context(), kept.Mail, indicators.Letter{To: "a@zz.example", Subject: "x", Text: "y"}); err == nil || len(office.got()) != 1 {
		t.Errorf("in clear went %q (%v)", office.got(), err)
	}
}
