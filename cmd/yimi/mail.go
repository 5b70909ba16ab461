package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"yimi/indicators"
)

// mailFlags say how e-mail goes out; without a host none does.
type mailFlags struct {
	SMTP         string `name:"smtp" help:"Mail server for reminders, with its port; none is sent without one." env:"YIMI_SMTP" placeholder:"HOST:PORT"`
	SMTPUser     string `name:"smtp-user" help:"Name at the mail server." env:"YIMI_SMTP_USER"`
	SMTPPassword string `name:"smtp-password" help:"Password at the mail server; better by the environment." env:"YIMI_SMTP_PASSWORD"`
	SMTPFrom     string `name:"smtp-from" help:"Address that reminders come from." env:"YIMI_SMTP_FROM" placeholder:"ADDRESS"`
	SMTPPlain    bool   `name:"smtp-plain" help:"Send without encryption, for a mail server on this machine." env:"YIMI_SMTP_PLAIN"`
}

// mailer sends one letter at a time.
type mailer struct {
	client *mail.Client
	from   string
}

// sendTime is how long one letter may take.
const sendTime = 30 * time.Second

// newMailer reads the flags; nil where no host is named.
func newMailer(f mailFlags) (*mailer, error) {
	if f.SMTP == "" {
		return nil, nil //nolint:nilnil // no mail server is a way to run
	}
	host, portText, err := net.SplitHostPort(f.SMTP)
	port, perr := strconv.Atoi(portText)
	if err != nil || perr != nil {
		return nil, &indicators.Error{Kind: indicators.Invalid, What: "smtp_address", Detail: f.SMTP}
	}
	from, err := indicators.MailAddress(f.SMTPFrom)
	if err != nil {
		return nil, &indicators.Error{Kind: indicators.Invalid, What: "smtp_from", Detail: f.SMTPFrom}
	}
	options := []mail.Option{mail.WithPort(port), mail.WithTimeout(sendTime), mail.WithTLSPolicy(mail.TLSMandatory)}
	if f.SMTPPlain {
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if f.SMTPUser != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(f.SMTPUser), mail.WithPassword(f.SMTPPassword))
	}
	client, err := mail.NewClient(host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return &mailer{client: client, from: from}, nil
}

func (m *mailer) send(ctx context.Context, l indicators.Letter) error {
	msg := mail.NewMsg()
	if err := msg.From(m.from); err != nil {
		return err
	}
	if err := msg.To(l.To); err != nil {
		return err
	}
	msg.Subject(l.Subject)
	msg.SetBodyString(mail.TypeTextPlain, l.Text)
	msg.SetDate()
	msg.SetMessageID()
	return m.client.DialAndSendWithContext(ctx, msg)
}

// letterStore is the queue.
type letterStore interface {
	LettersWaiting(ctx context.Context, now time.Time, limit int) ([]indicators.Letter, error)
	LetterTried(ctx context.Context, l indicators.Letter, at time.Time, failure string) error
}

// lettersAtOnce is how many letters one round of the queue takes.
const lettersAtOnce = 20

// deliver sends what waits until ctx ends, looking every pause. What fails stays
// in the queue and is tried again later, so a stop loses nothing; a letter that
// was taken by the server just before a stop may go twice.
func (m *mailer) deliver(ctx context.Context, store letterStore, log *slog.Logger, pause time.Duration) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if err := m.deliverOnce(ctx, store, log); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "mail", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (m *mailer) deliverOnce(ctx context.Context, store letterStore, log *slog.Logger) error {
	waiting, err := store.LettersWaiting(ctx, time.Now(), lettersAtOnce)
	if err != nil {
		return err
	}
	for _, l := range waiting {
		failure := ""
		err := m.send(ctx, l)
		if ctx.Err() != nil {
			return context.Cause(ctx) // stopped: not counted as tried
		}
		if err != nil {
			failure = err.Error()
			log.WarnContext(ctx, "mail", "letter", l.ID, "error", failure)
		}
		if err := store.LetterTried(ctx, l, time.Now(), failure); err != nil {
			return err
		}
	}
	return nil
}
