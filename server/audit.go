package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// auditStore reads the trail.
type auditStore interface {
	TreeHead(ctx context.Context) (indicators.TreeHead, error)
	Events(ctx context.Context, f indicators.EventFilter) ([]indicators.Event, error)
	VerifyAudit(ctx context.Context, known ...indicators.TreeHead) (indicators.TreeHead, error)
}

// verdicts keeps what the last check of the trail came to, for as long as the
// trail is what it was and a minute at most: checking reads all of it.
type verdicts struct {
	mu    sync.Mutex
	head  indicators.TreeHead
	at    time.Time
	fault string // the first fault; empty for none
}

const verdictLife = time.Minute

// verdict checks the trail, or tells the last check.
func (s *Server) verdict(ctx context.Context) (head indicators.TreeHead, at time.Time, fault string, err error) {
	s.trail.mu.Lock()
	defer s.trail.mu.Unlock()
	now := s.Now()
	head, err = s.Store.TreeHead(ctx)
	if err != nil {
		return head, at, "", err
	}
	if head == s.trail.head && now.Sub(s.trail.at) < verdictLife {
		return head, s.trail.at, s.trail.fault, nil
	}
	verified, err := s.Store.VerifyAudit(ctx)
	var known *indicators.Error
	switch {
	case err == nil:
		head, fault = verified, ""
	case errors.As(err, &known) && known.What == "audit_broken":
		fault = known.Detail
	default:
		return head, at, "", err
	}
	s.trail.head, s.trail.at, s.trail.fault = head, now, fault
	return head, now, fault, nil
}

// auditFilter reads the filter of the address. Invalid "day" for a date that is
// none, "number" for a number that is none.
func auditFilter(c *gin.Context, where *time.Location) (f indicators.EventFilter, err error) {
	f.Act, f.Object = indicators.Action(c.Query("act")), c.Query("object")
	for key, into := range map[string]*int64{"account": &f.Account, "below": &f.Below} {
		text := c.Query(key)
		if text == "" {
			continue
		}
		if *into, err = strconv.ParseInt(text, 10, 64); err != nil || *into < 0 {
			return f, &indicators.Error{Kind: indicators.Invalid, What: "number", Detail: text}
		}
	}
	for key, into := range map[string]*time.Time{"from": &f.Since, "to": &f.Until} {
		text := c.Query(key)
		if text == "" {
			continue
		}
		if *into, err = time.ParseInLocation(time.DateOnly, text, where); err != nil {
			return f, &indicators.Error{Kind: indicators.Invalid, What: "day", Detail: text}
		}
	}
	if !f.Until.IsZero() {
		f.Until = f.Until.AddDate(0, 0, 1) // the day named counts
	}
	return f, nil
}

// showAudit is the trail with its verdict on top.
func (s *Server) showAudit(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	p := page.Audit{Frame: v.frame, Object: c.Query("object"), Since: c.Query("from"), Until: c.Query("to")}
	p.Title, p.Section = p.T("audit.title"), "audit"
	f, err := auditFilter(c, v.library.Plan.Location())
	if err != nil {
		return err
	}
	head, at, fault, err := s.verdict(ctx)
	if err != nil {
		return err
	}
	p.Size, p.Root, p.Checked, p.Fault = head.Size, head.Root, v.when(at), fault
	accounts, err := s.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		p.People = append(p.People, page.Option{Value: strconv.FormatInt(a.ID, 10), Text: a.Person, Chosen: a.ID == f.Account})
	}
	for _, act := range recorded() {
		p.Acts = append(p.Acts, page.Option{Value: act, Text: p.T("act." + act), Chosen: act == string(f.Act)})
	}
	events, err := s.Store.Events(ctx, f)
	if err != nil {
		return err
	}
	for _, e := range events {
		row := page.EventRow{Number: e.Number, At: v.when(e.At), Actor: e.Actor, Act: p.T("act." + string(e.Act)), Object: e.Object, Before: e.Before, After: e.After, From: e.From}
		if e.Account == 0 && e.Actor == indicators.Console().Person {
			row.Actor = p.T("audit.console")
		}
		p.Rows = append(p.Rows, row)
	}
	if n := len(events); n == auditPage {
		p.Next = p.With("below", fmt.Sprint(events[n-1].Number))
	}
	q := url.Values{}
	for _, key := range []string{"account", "act", "object", "from", "to"} {
		if text := c.Query(key); text != "" {
			q.Set(key, text)
		}
	}
	p.CSV = "/audit.csv?" + q.Encode()
	return s.show(c, http.StatusOK, &p)
}

// auditPage is how many events a page shows: what the store gives unasked.
const auditPage = 100

// recorded lists the acts that a trail can hold, in the order of their words'
// keys.
func recorded() []string {
	out := []string{
		string(indicators.SignIn), string(indicators.SignInRefused), string(indicators.UseRecovery),
		string(indicators.FirstLink), string(indicators.ConsoleLink), string(indicators.Restore),
	}
	for _, p := range indicators.AllPermits() {
		if a := string(p.Action); !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	slices.Sort(out)
	return out
}

// maxAudit bounds the download: more is taken in parts, by dates.
const maxAudit = 100_000

// downloadAudit is what the filter asks for, as CSV.
func (s *Server) downloadAudit(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	f, err := auditFilter(c, v.library.Plan.Location())
	if err != nil {
		return err
	}
	t := indicators.Table{Name: "audit", Title: v.frame.T("audit.title")}
	for _, name := range []string{"number", "at", "account", "actor", "act", "object", "before", "after", "from"} {
		t.Columns = append(t.Columns, v.frame.T("audit.column."+name))
	}
	f.Limit = 1000
	for {
		events, err := s.Store.Events(c.Request.Context(), f)
		if err != nil {
			return err
		}
		for _, e := range events {
			t.Rows = append(t.Rows, []any{int(e.Number), e.At.UTC().Format(time.RFC3339Nano), int(e.Account), e.Actor, string(e.Act), e.Object, e.Before, e.After, e.From})
		}
		if len(events) < f.Limit {
			break
		}
		if len(t.Rows) >= maxAudit {
			return &indicators.Error{Kind: indicators.TooLarge, What: "audit_large"}
		}
		f.Below = events[len(events)-1].Number
	}
	var b bytes.Buffer
	if err := s.Sheets.CSV(&b, t); err != nil {
		return err
	}
	attach(c, "text/csv; charset=utf-8", fmt.Sprintf("%s-audit.csv", v.library.Plan.Code), b.Bytes())
	return nil
}
