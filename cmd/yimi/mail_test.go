package main

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"yimi/indicators"
	"yimi/indicators/sqlite"
)

// postOffice is a real mail server in this process; it refuses the first letters.
type postOffice struct {
	mu      sync.Mutex
	refuse  int
	letters []string
}

type postSession struct {
	office *postOffice
	to     []string
}

func (o *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &postSession{office: o}, nil
}

func (s *postSession) Reset()                               { s.to = nil }
func (s *postSession) Logout() error                        { return nil }
func (s *postSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *postSession) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	if s.office.refuse > 0 {
		s.office.refuse--
		return errors.New("the box is full")
	}
	s.office.letters = append(s.office.letters, strings.Join(s.to, ",")+"\n"+string(body))
	return nil
}

func (o *postOffice) got() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string(nil), o.letters...)
}

func openOffice(t *testing.T, refuse int) (*postOffice, string) {
	t.Helper()
	office := &postOffice{refuse: refuse}
	server := smtp.NewServer(office)
	server.ErrorLog = smtpQuiet{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener) //nolint:errcheck // ends with the test
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return office, listener.Addr().String()
}

type smtpQuiet struct{}

func (smtpQuiet) Printf(string, ...any) {}
func (smtpQuiet) Println(...any)        {}

func TestLettersGoOut(t *testing.T) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "yimi.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	officer := indicators.Actor{Account: 1, Person: "李敏", Grants: []indicators.Grant{{Role: indicators.OfficeMember}}}
	clerk := indicators.Actor{Account: 2, Person: "王红", Grants: []indicators.Grant{{Role: indicators.Contributor, Organisation: "education"}}}
	queued := time.Now().Add(-time.Hour)
	letters := []indicators.Letter{
		{Organisation: "education", To: "education@zz.example", Subject: "2025 年度填报：还有 4 项", Text: "还有 4 项没有报。\n3 月 31 日截止。"},
		{Organisation: "health", To: "health@zz.example", Subject: "a\r\nBcc: other@zz.example", Text: "text"},
	}
	if _, err := store.PostLetters(t.Context(), clerk, queued, letters); err == nil {
		t.Error("a contributor sends reminders")
	}
	if _, err := store.PostLetters(t.Context(), officer, queued, letters); err != nil {
		t.Fatal(err)
	}
	office, address := openOffice(t, 1)
	by, err := mailFlags{SMTP: address, SMTPFrom: "yimi@zz.example", SMTPPlain: true}.mail()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	if err := deliverOnce(t.Context(), store, indicators.Given{}, log); err != nil || len(office.got()) > 0 {
		t.Fatalf("without a mail server went out %v (%v)", office.got(), err)
	}
	if err := deliverOnce(t.Context(), store, indicators.Given{Mail: by}, log); err != nil {
		t.Fatal(err)
	}
	if got := office.got(); len(got) != 1 || strings.Contains(got[0], "\nBcc: other") || !strings.HasPrefix(got[0], "health@zz.example\n") {
		t.Fatalf("the first round brought %q", got)
	}
	refused, err := store.LettersTo(t.Context(), "education", 10)
	if err != nil || len(refused) != 1 || refused[0].Failure == "" || refused[0].Attempts != 1 || !refused[0].Next.After(time.Now()) || refused[0].GivenUp() {
		t.Fatalf("what was refused stands as %+v (%v)", refused, err)
	}
	// Its time comes: the queue is asked as of later.
	again, err := store.LettersWaiting(t.Context(), time.Now().Add(time.Hour), 10)
	if err != nil || len(again) != 1 {
		t.Fatalf("an hour later %d letters wait (%v)", len(again), err)
	}
	if err := (post{}).Send(t.Context(), *by, again[0]); err != nil {
		t.Fatal(err)
	}
	if err := store.LetterTried(t.Context(), again[0], time.Now(), ""); err != nil {
		t.Fatal(err)
	}
	if rest, err := store.LettersWaiting(t.Context(), time.Now().Add(24*time.Hour), 10); err != nil || len(rest) != 0 {
		t.Errorf("after both went out %v wait (%v)", rest, err)
	}
	if got := office.got(); len(got) != 2 || !strings.Contains(got[1], "charset=UTF-8") {
		t.Errorf("the second round brought %q", got[1:])
	}
	if head, err := store.TreeHead(t.Context()); err != nil || head.Size != 2 {
		t.Errorf("the trail has %d events (%v), want one for each letter", head.Size, err)
	}
}

func TestMailFlags(t *testing.T) {
	if m, err := (mailFlags{}).mail(); m != nil || err != nil {
		t.Errorf("without a host there is a mailer %v (%v)", m, err)
	}
	for _, bad := range []mailFlags{{SMTP: "mail", SMTPFrom: "a@b.example"}, {SMTP: "mail:x", SMTPFrom: "a@b.example"}, {SMTP: "mail:25"}, {SMTP: "mail:25", SMTPFrom: "nobody"}} {
		if _, err := bad.mail(); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}

func TestContacts(t *testing.T) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "yimi.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	officer := indicators.Actor{Account: 1, Person: "李敏", Grants: []indicators.Grant{{Role: indicators.OfficeMember}}}
	set := func(mail string, version int) error {
		return store.SetContact(t.Context(), officer, time.Now(), indicators.Contact{Organisation: "education", Mail: mail, Version: version})
	}
	if err := set("not an address", 0); err == nil {
		t.Error("what is no address is kept")
	}
	if err := errors.Join(set("a@zz.example", 0), set("b@zz.example", 1)); err != nil {
		t.Fatal(err)
	}
	var clash *indicators.Error
	if err := set("c@zz.example", 1); !errors.As(err, &clash) || clash.Kind != indicators.Conflict || clash.Detail != "b@zz.example" {
		t.Errorf("a stale change = %v, want a conflict that tells what stands", err)
	}
	if got, err := store.Contacts(t.Context()); err != nil || len(got) != 1 || got[0].Mail != "b@zz.example" {
		t.Errorf("contacts are %v (%v)", got, err)
	}
	if err := set("", 2); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Contacts(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("contacts are %v (%v), want none", got, err)
	}
}
