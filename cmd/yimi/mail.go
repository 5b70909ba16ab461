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

// mailFlags say how e-mail goes out; without a host the settings do.
type mailFlags struct {
	SMTP         string `name:"smtp" help:"Mail server for reminders, with its port; wins over the settings as a whole." env:"YIMI_SMTP" placeholder:"HOST:PORT"`
	SMTPUser     string `name:"smtp-user" help:"Name at the mail server." env:"YIMI_SMTP_USER"`
	SMTPPassword string `name:"smtp-password" help:"Password at the mail server; better by the environment." env:"YIMI_SMTP_PASSWORD"`
	SMTPFrom     string `name:"smtp-from" help:"Address that reminders come from." env:"YIMI_SMTP_FROM" placeholder:"ADDRESS"`
	SMTPPlain    bool   `name:"smtp-plain" help:"Send without encryption, for a mail server on this machine." env:"YIMI_SMTP_PLAIN"`
}

// sendTime is how long one letter may take.
const sendTime = 30 * time.Second

// mail are the flags as settings; nil where no host is named, so that the
// settings that are kept hold.
func (f mailFlags) mail() (*indicators.Mail, error) {
	if f.SMTP == "" {
		return nil, nil //nolint:nilnil // nothing given is a way to run
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
	m := &indicators.Mail{Host: host, Port: port, User: f.SMTPUser, Password: indicators.Secret(f.SMTPPassword), From: from, Encryption: indicators.StartTLS}
	if f.SMTPPlain {
		m.Encryption = indicators.Unsecured
	}
	return m, nil
}

// post sends letters.
type post struct{}

// Send sends one letter at once.
func (post) Send(ctx context.Context, by indicators.Mail, l indicators.Letter) error {
	options := []mail.Option{mail.WithPort(by.Port), mail.WithTimeout(sendTime)}
	switch by.Encryption {
	case indicators.TLS:
		options = append(options, mail.WithSSL())
	case indicators.Unsecured:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if by.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(by.User), mail.WithPassword(string(by.Password)))
	}
	client, err := mail.NewClient(by.Host, options...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	msg := mail.NewMsg()
	if err := msg.From(by.From); err != nil {
		return err
	}
	if err := msg.To(l.To); err != nil {
		return err
	}
	msg.Subject(l.Subject)
	msg.SetBodyString(mail.TypeTextPlain, l.Text)
	msg.SetDate()
	msg.SetMessageID()
	return client.DialAndSendWithContext(ctx, msg)
}

// letterStore is the queue.
type letterStore interface {
	Settings(ctx context.Context) (indicators.Settings, error)
	LettersWaiting(ctx context.Context, now time.Time, limit int) ([]indicators.Letter, error)
	LetterTried(ctx context.Context, l indicators.Letter, at time.Time, failure string) error
}

// lettersAtOnce is how many letters one round of the queue takes.
const lettersAtOnce = 20

// deliver sends what waits until ctx ends, looking every pause. What fails stays
// in the queue and is tried again later, so a stop loses nothing; a letter that
// was taken by the server just before a stop may go twice.
// The settings are read each time, so that a new mail server holds at once; while
// none is named, letters wait.
func deliver(ctx context.Context, store letterStore, given indicators.Given, log *slog.Logger, pause time.Duration) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if err := deliverOnce(ctx, store, given, log); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "mail", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func deliverOnce(ctx context.Context, store letterStore, given indicators.Given, log *slog.Logger) error {
	kept, err := store.Settings(ctx)
	if err != nil {
		return err
	}
	by := given.Over(kept).Mail
	if by.Host == "" {
		return nil
	}
	waiting, err := store.LettersWaiting(ctx, time.Now(), lettersAtOnce)
	if err != nil {
		return err
	}
	for _, l := range waiting {
		failure := ""
		err := post{}.Send(ctx, by, l)
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
