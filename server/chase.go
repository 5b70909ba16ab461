package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// letterStore keeps whom to remind, and the letters on their way.
type letterStore interface {
	Reminders(ctx context.Context, actor indicators.Actor, at time.Time, number int) ([]indicators.Reminder, error)
	Contacts(ctx context.Context) ([]indicators.Contact, error)
	SetContact(ctx context.Context, actor indicators.Actor, at time.Time, c indicators.Contact) error
	PostLetters(ctx context.Context, actor indicators.Actor, at time.Time, letters []indicators.Letter) (posted int, err error)
	LettersTo(ctx context.Context, organisation indicators.Code, limit int) ([]indicators.Letter, error)
}

// named is how many figures of a unit a reminder names; the rest it counts.
const named = 5

// reminderLine is one unit's line of a reminder: who, how many, which.
func (v *visit) reminderLine(m indicators.Reminder) string {
	var names []string
	for _, d := range m.Duties {
		if len(names) == named {
			break
		}
		names = append(names, v.subject(d.Indicator, d.Area))
	}
	text := strings.Join(names, v.frame.T("list.comma"))
	if more := len(m.Duties) - len(names); more > 0 {
		text = v.frame.T("chase.and_more", text, more)
	}
	return v.frame.T("chase.line", v.unit(m.Organisation).Text, len(m.Duties), text)
}

// reminderHead says until when and how long that is.
func (v *visit) reminderHead(r indicators.Round, m indicators.Reminder) string {
	f := &v.frame
	title := v.roundLink(r).Text
	switch m.Step {
	case indicators.Overdue:
		return f.T("chase.text.overdue", title, f.Date(m.On), m.Days)
	case indicators.DueNow:
		return f.T("chase.text.due", title, f.Date(m.On))
	}
	return f.T("chase.text.near", title, f.Date(m.On), m.Days)
}

// chaseText is one step as plain text, for a chat: the units of each day under
// that day.
func (v *visit) chaseText(r indicators.Round, list []indicators.Reminder, site string) string {
	byDay := slices.Clone(list)
	slices.SortStableFunc(byDay, func(a, b indicators.Reminder) int { return a.On.Compare(b.On) })
	var lines []string
	var day indicators.Period
	for _, m := range byDay {
		if m.On != day {
			if day = m.On; len(lines) > 0 {
				lines = append(lines, "")
			}
			lines = append(lines, v.reminderHead(r, m))
		}
		lines = append(lines, v.reminderLine(m))
	}
	return strings.Join(append(lines, v.frame.T("chase.text.where", site+home)), "\n")
}

// letter is one unit's reminder of one step.
func (v *visit) letter(r indicators.Round, m []indicators.Reminder, to, site string) indicators.Letter {
	text := []string{v.frame.T("chase.letter.hello", v.unit(m[0].Organisation).Text), ""}
	for _, x := range m {
		text = append(text, v.reminderHead(r, x))
		for _, d := range x.Duties {
			text = append(text, v.frame.T("chase.letter.item", v.subject(d.Indicator, d.Area)))
		}
	}
	text = append(text, "", v.frame.T("chase.text.where", site+home), "")
	return indicators.Letter{
		Organisation: m[0].Organisation, To: to, Subject: v.frame.T("chase.letter.subject."+string(m[0].Step), v.roundLink(r).Text),
		Text: strings.Join(text, "\n"),
	}
}

// inStep lists the reminders of one step by organisation.
func inStep(all []indicators.Reminder, step indicators.ChaseStep) (list []indicators.Reminder, by map[indicators.Code][]indicators.Reminder) {
	by = map[indicators.Code][]indicators.Reminder{}
	for _, m := range all {
		if m.Step == step {
			list = append(list, m)
			by[m.Organisation] = append(by[m.Organisation], m)
		}
	}
	return list, by
}

// showChase is whom to remind, in three steps.
func (s *Server) showChase(c *gin.Context) error {
	v, r, err := s.roundNamed(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	all, err := s.Store.Reminders(ctx, actor(c), s.Now(), r.Number)
	if err != nil {
		return err
	}
	mail, err := s.mails(ctx)
	if err != nil {
		return err
	}
	f := v.frame
	f.Title, f.Section = f.T("chase.of", v.roundLink(r).Text), "rounds"
	f.Crumbs = []page.Link{{Text: f.T("rounds.title"), URL: "/rounds"}, v.roundLink(r)}
	p := page.Chase{Done: done(c, &f), Action: fmt.Sprintf("/rounds/%d/chase", r.Number)}
	counts := map[string]int{}
	for _, step := range indicators.ChaseStep("").Allowed() {
		list, by := inStep(all, indicators.ChaseStep(step))
		counts[step] = len(by)
		x := page.ChaseStep{Step: step, Title: f.T("chase.step."+step, len(by)), Hint: f.T("chase.hint." + step)}
		if len(list) > 0 {
			x.Text = v.chaseText(r, list, s.site(c))
			x.Lines = min(strings.Count(x.Text, "\n")+2, 16)
		}
		for _, m := range list {
			if len(by[m.Organisation]) == 0 {
				continue // told with its first
			}
			row := page.ChaseRow{Organisation: v.unit(m.Organisation), Mail: mail[m.Organisation].Mail, Box: string(m.Organisation)}
			for _, one := range by[m.Organisation] {
				for _, d := range one.Duties {
					row.Figures = append(row.Figures, page.Link{Text: v.subject(d.Indicator, d.Area), URL: fmt.Sprintf("/review/%d", d.ID)})
				}
			}
			delete(by, m.Organisation)
			if row.Last, err = s.lastLetter(ctx, v, m.Organisation); err != nil {
				return err
			}
			x.Letters = x.Letters || row.Mail != ""
			x.Rows = append(x.Rows, row)
		}
		p.Steps = append(p.Steps, x)
	}
	// The overdue stand first, as they are to be called first.
	slices.SortStableFunc(p.Steps, func(a, b page.ChaseStep) int { return cmp.Compare(urgency[a.Step], urgency[b.Step]) })
	p.Sentence = f.T("chase.sentence", counts["overdue"], counts["due"], counts["near"])
	p.Frame = f
	return s.show(c, http.StatusOK, &p)
}

// urgency orders the steps of a chase.
var urgency = map[string]int{"overdue": 0, "due": 1, "near": 2}

func (s *Server) mails(ctx context.Context) (map[indicators.Code]indicators.Contact, error) {
	list, err := s.Store.Contacts(ctx)
	if err != nil {
		return nil, err
	}
	out := map[indicators.Code]indicators.Contact{}
	for _, x := range list {
		out[x.Organisation] = x
	}
	return out, nil
}

// lastLetter tells what came of an organisation's newest reminder.
func (s *Server) lastLetter(ctx context.Context, v *visit, organisation indicators.Code) (string, error) {
	list, err := s.Store.LettersTo(ctx, organisation, 1)
	if err != nil || len(list) == 0 {
		return "", err
	}
	switch l := list[0]; {
	case !l.Sent.IsZero():
		return v.frame.T("chase.sent", v.when(l.Sent)), nil
	case l.GivenUp():
		return v.frame.T("chase.failed", l.To, l.Failure), nil
	case l.Failure != "":
		return v.frame.T("chase.retried", v.when(l.Next), l.Failure), nil
	default:
		return v.frame.T("chase.waits", v.when(l.Queued)), nil
	}
}

// sendReminders queues a letter to each organisation that was chosen. One that
// was sent the very same is passed over, so that a double click writes once.
func (s *Server) sendReminders(c *gin.Context) error {
	v, r, err := s.roundNamed(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	all, err := s.Store.Reminders(ctx, actor(c), s.Now(), r.Number)
	if err != nil {
		return err
	}
	mail, err := s.mails(ctx)
	if err != nil {
		return err
	}
	_, by := inStep(all, indicators.ChaseStep(c.PostForm("step")))
	var letters []indicators.Letter
	for _, code := range c.PostFormArray("to") {
		organisation := indicators.Code(code)
		if len(by[organisation]) == 0 || mail[organisation].Mail == "" {
			continue // it has sent everything meanwhile, or has no address any more
		}
		letters = append(letters, v.letter(r, by[organisation], mail[organisation].Mail, s.site(c)))
		delete(by, organisation)
	}
	posted := 0
	if len(letters) > 0 {
		if posted, err = s.Store.PostLetters(ctx, actor(c), s.Now(), letters); err != nil {
			return err
		}
	}
	return redirect(c, fmt.Sprintf("/rounds/%d/chase?done=queued&n=%d", r.Number, posted))
}

// showContacts is where reminders go.
func (s *Server) showContacts(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	mail, err := s.mails(c.Request.Context())
	if err != nil {
		return err
	}
	return s.askContacts(c, v, http.StatusOK, func(code indicators.Code) page.ContactRow {
		m := mail[code]
		return page.ContactRow{Mail: m.Mail, Was: m.Mail, Version: strconv.Itoa(m.Version)}
	})
}

func (s *Server) askContacts(c *gin.Context, v *visit, status int, row func(indicators.Code) page.ContactRow) error {
	p := page.Contacts{Frame: v.frame, Done: done(c, &v.frame)}
	p.Title, p.Section, p.Crumbs = p.T("contacts.title"), "rounds", []page.Link{{Text: p.T("rounds.title"), URL: "/rounds"}}
	for _, o := range v.library.Organisations {
		if o.Kind == indicators.Collective {
			continue
		}
		x := row(o.Code)
		x.Code, x.Organisation = string(o.Code), p.Pick(o.Name, o.NameEn)
		if x.Problem != "" {
			p.Wrong++
		}
		p.Rows = append(p.Rows, x)
	}
	if p.Wrong > 0 {
		p.Title = p.T("form.wrong", p.Wrong, p.Title)
	}
	return s.show(c, status, &p)
}

// setContacts keeps the addresses that were changed; what is refused stands in
// its field as typed, and the others are kept.
func (s *Server) setContacts(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	problems := map[indicators.Code]string{}
	status := http.StatusSeeOther
	for _, o := range v.library.Organisations {
		typed, was := strings.TrimSpace(c.PostForm("mail."+string(o.Code))), c.PostForm("was."+string(o.Code))
		if typed == was {
			continue
		}
		version, err := strconv.Atoi(c.PostForm("version." + string(o.Code)))
		if err != nil {
			version = -1 // no contact has it: the write meets a conflict
		}
		err = s.Store.SetContact(ctx, actor(c), s.Now(), indicators.Contact{Organisation: o.Code, Mail: typed, Version: version})
		var known *indicators.Error
		switch {
		case err == nil:
		case errors.As(err, &known) && known.What == "contact_clash":
			problems[o.Code], status = v.frame.T("contacts.clash", cmp.Or(known.Detail, v.frame.T("contacts.empty"))), http.StatusConflict
		case errors.As(err, &known) && known.Kind == indicators.Invalid:
			problems[o.Code], status = v.frame.T("contacts.form"), max(status, http.StatusUnprocessableEntity)
		default:
			return err
		}
	}
	if len(problems) == 0 {
		return redirect(c, "/contacts?done=saved")
	}
	mail, err := s.mails(ctx)
	if err != nil {
		return err
	}
	if status != http.StatusConflict {
		status = http.StatusUnprocessableEntity
	}
	return s.askContacts(c, v, status, func(code indicators.Code) page.ContactRow {
		m := mail[code]
		x := page.ContactRow{Mail: m.Mail, Was: m.Mail, Version: strconv.Itoa(m.Version)}
		if problems[code] != "" {
			x.Mail, x.Problem = c.PostForm("mail."+string(code)), problems[code]
		}
		return x
	})
}
