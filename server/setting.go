package server

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// settingStore keeps what the system administrator sets.
type settingStore interface {
	Settings(ctx context.Context) (indicators.Settings, error)
	SetSettings(ctx context.Context, actor indicators.Actor, at time.Time, next indicators.Settings) error
	TestLetter(ctx context.Context, actor indicators.Actor, at time.Time, to, failure string) error
}

// Post sends one letter at once by a mail server.
type Post interface {
	Send(ctx context.Context, by indicators.Mail, l indicators.Letter) error
}

const settingsKey = "settings"

// inEffect are the settings of one request: those kept, under those given. Where
// they cannot be read they are as they were read last, and the log says so: a
// page must not fail because of a telephone number.
func (s *Server) inEffect(c *gin.Context) indicators.Settings {
	if v, ok := c.Get(settingsKey); ok {
		if x, ok := v.(indicators.Settings); ok {
			return x
		}
	}
	kept, err := s.Store.Settings(c.Request.Context())
	if err == nil {
		s.known.Store(&kept)
	} else {
		if !errors.Is(err, context.Canceled) {
			s.Log.ErrorContext(c.Request.Context(), "settings", "id", c.GetString(idKey), "error", err.Error())
		}
		if last := s.known.Load(); last != nil {
			kept = *last
		} else {
			kept = indicators.DefaultSettings()
		}
	}
	x := s.Given.Over(kept)
	c.Set(settingsKey, x)
	return x
}

// contactWords say whom one asks who cannot sign in: name, phone, hours.
func contactWords(f *page.Frame, s indicators.Settings) string {
	if s.ContactName == "" && s.ContactPhone == "" {
		return ""
	}
	text := s.ContactName
	if s.ContactPhone != "" {
		if text != "" {
			text += f.T("list.pause")
		}
		text += f.T("setting.phone", s.ContactPhone)
	}
	if s.ContactHours != "" {
		text = f.T("setting.hours", text, s.ContactHours)
	}
	return f.T("setting.ask", text)
}

// settingGroups are the sections of the page, each named after the setting that
// it begins with.
var settingGroups = map[indicators.Setting]string{
	"contact_name": "contact", indicators.SettingSecond: "sign_in", "upload_mb": "work", "nightly": "backups", indicators.SettingMailHost: "mail",
}

// givenBy is the flag that gives a setting.
func givenBy(name indicators.Setting) string {
	switch name {
	case indicators.SettingContactLink:
		return "--contact / YIMI_CONTACT"
	case indicators.SettingSecond:
		return "--second-factor / YIMI_SECOND_FACTOR"
	}
	return "--smtp / YIMI_SMTP"
}

// settingForm is what the page of settings is filled with.
type settingForm struct {
	typed    map[indicators.Setting]string
	problems map[indicators.Setting]string // in words
	problem  string                        // of the form as a whole
	letter   string                        // where the test letter goes, as typed
	refused  string                        // what became of the test letter
	status   int
}

func typedSettings(x indicators.Settings) map[indicators.Setting]string {
	typed := map[indicators.Setting]string{}
	for _, name := range indicators.AllSettings() {
		typed[name] = x.Text(name)
	}
	return typed
}

// showSettings is the page of settings.
func (s *Server) showSettings(c *gin.Context) error {
	kept, err := s.Store.Settings(c.Request.Context())
	if err != nil {
		return err
	}
	return s.askSettings(c, kept, settingForm{typed: typedSettings(kept), status: http.StatusOK})
}

func (s *Server) askSettings(c *gin.Context, kept indicators.Settings, x settingForm) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	f := v.frame
	effect := s.Given.Over(kept)
	form := page.Form{Action: "/settings", Button: f.T("setting.save"), Problem: x.problem}
	form.Hidden = []page.Field{{Name: "version", Value: strconv.Itoa(kept.Version)}}
	for _, name := range indicators.AllSettings() {
		field := settingField(&f, name, x.typed[name])
		field.Problem = x.problems[name]
		if s.Given.Has(name) {
			field.Hint = strings.TrimSpace(field.Hint + " " + f.T("setting.given", givenBy(name), settingWords(&f, name, effect)))
		}
		form.Fields = append(form.Fields, field)
		if name == indicators.SettingMailUser {
			form.Fields = append(form.Fields, passwordFields(&f, kept, x.problems[indicators.SettingMailPassword])...)
		}
	}
	p := page.Settings{Form: form, Done: done(c, &f)}
	if effect.Mail.Host != "" && s.Post != nil {
		letter := page.Form{Action: "/settings/letter", Button: f.T("setting.letter.send"), Problem: x.refused}
		letter.Fields = []page.Field{{Name: "to", Label: f.T("setting.letter.to"), Hint: f.T("setting.letter.hint", effect.Mail.Address()), Kind: "text", Value: x.letter, Complete: "email"}}
		p.Letter = &letter
	}
	f.Title, f.Section = f.T("setting.title"), "work"
	if n := form.Wrong(); n > 0 {
		f.Title = f.T("form.wrong", n, f.Title)
	}
	p.Frame = f
	return s.show(c, x.status, &p)
}

// settingField is one setting as a field.
func settingField(f *page.Frame, name indicators.Setting, typed string) page.Field {
	field := page.Field{Name: string(name), Label: f.T("setting.field." + string(name)), Kind: "text", Value: typed, Complete: "off"}
	if group := settingGroups[name]; group != "" {
		field.Section = f.T("setting.group." + group)
	}
	if least, most := name.Bounds(); most > 0 {
		field.Mode, field.Hint = "numeric", f.T("setting.bounds", least, most)
	}
	switch name {
	case indicators.SettingSecond, "nightly":
		field.Kind = "checkboxes"
		field.Options = []page.Option{{Value: "yes", Text: f.T("setting.yes." + string(name)), Chosen: typed == "yes"}}
	case indicators.SettingEncryption:
		field.Kind = "select"
		for _, way := range indicators.Encryption("").Allowed() {
			field.Options = append(field.Options, page.Option{Value: way, Text: f.T("setting.encryption." + way), Chosen: way == typed})
		}
	case indicators.SettingContactLink, indicators.SettingMailHost, "review_days", "contact_hours":
		field.Hint = strings.TrimSpace(f.T("setting.hint."+string(name)) + " " + field.Hint)
	}
	return field
}

// passwordFields ask for the mail server's password, which no page shows again.
func passwordFields(f *page.Frame, kept indicators.Settings, problem string) []page.Field {
	name := string(indicators.SettingMailPassword)
	out := []page.Field{{Name: name, Label: f.T("setting.field.mail_password"), Hint: f.T("setting.no_password"), Kind: "password", Complete: "new-password", Problem: problem}}
	if kept.Mail.Password != "" {
		out[0].Hint = f.T("setting.password_kept")
		out = append(out, page.Field{Name: "forget", Label: f.T("setting.forget"), Kind: "checkboxes", Options: []page.Option{{Value: "yes", Text: f.T("setting.forget_yes")}}})
	}
	return out
}

// settingWords is a setting as a sentence names it.
func settingWords(f *page.Frame, name indicators.Setting, x indicators.Settings) string {
	text := x.Text(name)
	switch {
	case name == indicators.SettingEncryption:
		return f.T("setting.encryption." + text)
	case name == indicators.SettingSecond || name == "nightly":
		if text == "yes" {
			return f.T("setting.on")
		}
		return f.T("setting.off")
	case text == "":
		return f.T("contacts.empty")
	}
	return text
}

// setSettings keeps what was typed. What is wrong stands at its field; after a
// lost race each setting that differs says what is kept now, and the form can be
// sent again.
func (s *Server) setSettings(c *gin.Context) error {
	ctx := c.Request.Context()
	kept, err := s.Store.Settings(ctx)
	if err != nil {
		return err
	}
	x := settingForm{typed: map[indicators.Setting]string{}, problems: map[indicators.Setting]string{}, status: http.StatusUnprocessableEntity}
	for _, name := range append(indicators.AllSettings(), indicators.SettingMailPassword) {
		x.typed[name] = c.PostForm(string(name))
	}
	t := s.frame(c)
	next, faults := kept.Read(x.typed, c.PostForm("forget") == "yes")
	for name, fault := range faults {
		if least, most := name.Bounds(); fault == "setting_bounds" {
			x.problems[name] = t.T("setting.out_of_bounds", least, most)
		} else {
			x.problems[name] = t.T("setting.fault." + fault)
		}
	}
	if c.PostForm(droppedField) != "" && x.typed[indicators.SettingMailPassword] == "" {
		faults[indicators.SettingMailPassword] = "setting_password_dropped"
		x.problems[indicators.SettingMailPassword] = t.T("setting.fault.setting_password_dropped")
	}
	if next.Version, err = strconv.Atoi(c.PostForm("version")); err != nil {
		next.Version = -1 // no settings have it: the write meets a conflict
	}
	stale := next.Version != kept.Version
	if !stale && len(faults) == 0 {
		err = s.Store.SetSettings(ctx, actor(c), s.Now(), next)
		var known *indicators.Error
		switch stale = errors.As(err, &known) && known.What == "settings_clash"; {
		case err == nil:
			return redirect(c, "/settings?done=settings")
		case !stale:
			return err
		}
		if kept, err = s.Store.Settings(ctx); err != nil {
			return err
		}
	}
	if stale {
		x.status, x.problem = http.StatusConflict, t.T("setting.clash")
		for _, name := range indicators.AllSettings() {
			if kept.Text(name) != next.Text(name) && x.problems[name] == "" {
				x.problems[name] = t.T("setting.clash_now", settingWords(&t, name, kept))
			}
		}
	}
	return s.askSettings(c, kept, x)
}

// letterPatience is how long a test letter may take.
const letterPatience = 15 * time.Second

// testLetter sends a letter by the mail server in effect and says what came of
// it. Whoever asks waits for it; nobody else does.
func (s *Server) testLetter(c *gin.Context) error {
	kept, err := s.Store.Settings(c.Request.Context())
	if err != nil {
		return err
	}
	x := settingForm{typed: typedSettings(kept), letter: c.PostForm("to"), status: http.StatusUnprocessableEntity}
	by, t := s.Given.Over(kept).Mail, s.frame(c)
	to, err := indicators.MailAddress(x.letter)
	if err != nil {
		x.refused = t.T("setting.fault.mail_address")
		return s.askSettings(c, kept, x)
	}
	if by.Host == "" || s.Post == nil {
		return indicators.Missing("page", "")
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), letterPatience)
	defer cancel()
	failure := ""
	err = s.Post.Send(ctx, by, indicators.Letter{To: to, Subject: t.T("setting.letter.subject"), Text: t.T("setting.letter.text", who(c).account.Person)})
	if err != nil {
		failure = clip(err.Error(), 300)
	}
	if err := s.Store.TestLetter(c.Request.Context(), actor(c), s.Now(), to, failure); err != nil {
		return err
	}
	if failure == "" {
		return redirect(c, "/settings?done=letter")
	}
	x.refused, x.status = t.T("setting.letter.refused", by.Address(), failure), http.StatusBadGateway
	return s.askSettings(c, kept, x)
}
