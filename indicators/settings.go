package indicators

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Settings are what a running office sets by itself; they take effect at once.
// The zero value is not valid: [DefaultSettings].
type Settings struct {
	ContactName  string // whom to ask; empty for nobody
	ContactPhone string
	ContactHours string // when the phone is answered, in words
	ContactLink  string // where readers report errors: mailto:, http: or https:; empty for nowhere

	SecondForAll bool // every account signs in with a second factor, not only those whose role needs it
	IdleMinutes  int  // a session ends after so long without a request
	LifeHours    int  // and after so long whatever happens

	Mail Mail

	UploadMB   int // the largest file that is kept; never above [MaxEvidence]
	ReviewDays int // how many working days a review takes, as told to senders; 0 tells nothing

	Nightly    bool // a backup every night
	NightHour  int  // from this hour on, in the plan's time zone
	NightsKept int  // how many nightly backups stay

	Version int // goes up with every change; a write carries the one it read
}

// Secret is a text that is never printed: neither in a log nor in the trail.
type Secret string

// String hides the secret.
func (Secret) String() string { return "***" }

// GoString hides the secret.
func (Secret) GoString() string { return "***" }

// MarshalText hides the secret.
func (Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }

// Encryption is how a mail server is spoken to.
type Encryption string

// The ways.
const (
	StartTLS  Encryption = "starttls" // begins in clear and must turn to TLS
	TLS       Encryption = "tls"      // TLS from the first byte
	Unsecured Encryption = "none"     // in clear
)

// Allowed lists the ways, the usual one first.
func (Encryption) Allowed() []string { return []string{"starttls", "tls", "none"} }

// Mail is how e-mail goes out; without a host none does.
type Mail struct {
	Host       string
	Port       int
	User       string
	Password   Secret
	From       string
	Encryption Encryption
}

// DefaultSettings are the settings before anybody changed one.
func DefaultSettings() Settings {
	return Settings{
		IdleMinutes: int(SessionIdle / time.Minute), LifeHours: int(SessionLife / time.Hour),
		Mail: Mail{Port: 587, Encryption: StartTLS}, UploadMB: MaxEvidence >> 20, ReviewDays: 5,
		Nightly: true, NightHour: 2, NightsKept: 14, Version: 1,
	}
}

// Idle is how long a session stands without a request.
func (s Settings) Idle() time.Duration { return time.Duration(s.IdleMinutes) * time.Minute }

// Life is how long a session stands at most.
func (s Settings) Life() time.Duration { return time.Duration(s.LifeHours) * time.Hour }

// Upload is the largest file that is kept, in bytes.
func (s Settings) Upload() int64 { return int64(s.UploadMB) << 20 }

// Setting names one setting, in forms and in the trail.
type Setting string

// The settings with rules of their own; the others are named in [AllSettings].
const (
	SettingContactLink  Setting = "contact_link"
	SettingSecond       Setting = "second_for_all"
	SettingIdle         Setting = "idle_minutes"
	SettingMailHost     Setting = "mail_host"
	SettingMailPort     Setting = "mail_port"
	SettingMailUser     Setting = "mail_user"
	SettingMailPassword Setting = "mail_password"
	SettingMailFrom     Setting = "mail_from"
	SettingEncryption   Setting = "mail_encryption"
)

// settingLine is one setting: how it reads as text, and how it is read from it.
// The error of read is the key of what is wrong with it.
type settingLine struct {
	name Setting
	text func(*Settings) string
	read func(*Settings, string) (fault string)
}

// The bounds of the numbers.
var settingBounds = map[Setting][2]int{
	SettingIdle: {5, 480}, "life_hours": {1, 24}, SettingMailPort: {1, 65535}, "upload_mb": {1, MaxEvidence >> 20},
	"review_days": {0, 60}, "night_hour": {0, 23}, "nights_kept": {1, 365},
}

// Bounds are the least and the most of a setting that is a number; both zero
// for any other.
func (n Setting) Bounds() (least, most int) { return settingBounds[n][0], settingBounds[n][1] }

// longest bounds a setting that is a text, in characters.
const longest = 200

// textLine is a line of words. It is printed on public pages, so it holds nothing
// that cannot be seen: what only joins, and came along with a copy, is taken out,
// anything else refused.
func textLine(name Setting, field func(*Settings) *string) settingLine {
	return settingLine{name, func(s *Settings) string { return *field(s) }, func(s *Settings, typed string) string {
		typed = strings.TrimSpace(joiners.Replace(typed))
		switch {
		case len([]rune(typed)) > longest:
			return "setting_long"
		case strings.ContainsFunc(typed, unicode.IsControl):
			return "setting_text"
		case CheckText(typed) != nil:
			return "setting_hidden"
		}
		*field(s) = typed
		return ""
	}}
}

func numberLine(name Setting, field func(*Settings) *int) settingLine {
	return settingLine{name, func(s *Settings) string { return strconv.Itoa(*field(s)) }, func(s *Settings, typed string) string {
		n, err := strconv.Atoi(typed)
		if least, most := name.Bounds(); err != nil || n < least || n > most {
			return "setting_bounds"
		}
		*field(s) = n
		return ""
	}}
}

func yesLine(name Setting, field func(*Settings) *bool) settingLine {
	return settingLine{name, func(s *Settings) string {
		if *field(s) {
			return "yes"
		}
		return ""
	}, func(s *Settings, typed string) string {
		*field(s) = typed == "yes"
		return ""
	}}
}

// settings is every setting, in the order of the page.
var settings = []settingLine{
	textLine("contact_name", func(s *Settings) *string { return &s.ContactName }),
	textLine("contact_phone", func(s *Settings) *string { return &s.ContactPhone }),
	textLine("contact_hours", func(s *Settings) *string { return &s.ContactHours }),
	{SettingContactLink, func(s *Settings) string { return strings.TrimPrefix(s.ContactLink, "mailto:") }, readLink},
	yesLine(SettingSecond, func(s *Settings) *bool { return &s.SecondForAll }),
	numberLine(SettingIdle, func(s *Settings) *int { return &s.IdleMinutes }),
	numberLine("life_hours", func(s *Settings) *int { return &s.LifeHours }),
	numberLine("upload_mb", func(s *Settings) *int { return &s.UploadMB }),
	numberLine("review_days", func(s *Settings) *int { return &s.ReviewDays }),
	yesLine("nightly", func(s *Settings) *bool { return &s.Nightly }),
	numberLine("night_hour", func(s *Settings) *int { return &s.NightHour }),
	numberLine("nights_kept", func(s *Settings) *int { return &s.NightsKept }),
	{SettingMailHost, func(s *Settings) string { return s.Mail.Host }, readHost},
	numberLine(SettingMailPort, func(s *Settings) *int { return &s.Mail.Port }),
	{SettingEncryption, func(s *Settings) string { return string(s.Mail.Encryption) }, readEncryption},
	textLine(SettingMailUser, func(s *Settings) *string { return &s.Mail.User }),
	{SettingMailFrom, func(s *Settings) string { return s.Mail.From }, readFrom},
}

func readLink(s *Settings, typed string) string {
	if address, err := MailAddress(typed); err == nil {
		typed = "mailto:" + address
	}
	u, err := url.Parse(typed)
	web := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
	letter := err == nil && u.Scheme == "mailto" && strings.Contains(u.Opaque, "@")
	rule, _ := checkText(typed)
	if typed != "" && !web && !letter || len(typed) > 2*longest || rule != "" {
		return "setting_link"
	}
	s.ContactLink = typed
	return ""
}

func readHost(s *Settings, typed string) string {
	bad := func(r rune) bool {
		return r > 0x7e || r <= ' ' || strings.ContainsRune(`/\@?#[]%"<>`, r)
	}
	if strings.ContainsFunc(typed, bad) || len(typed) > longest || strings.Contains(typed, ":") && net.ParseIP(typed) == nil {
		return "setting_host"
	}
	s.Mail.Host = typed
	return ""
}

func readFrom(s *Settings, typed string) string {
	if typed != "" {
		address, err := MailAddress(typed)
		if err != nil {
			return "mail_address"
		}
		typed = address
	}
	s.Mail.From = typed
	return ""
}

func readEncryption(s *Settings, typed string) string {
	if !slices.Contains(Encryption("").Allowed(), typed) {
		return "setting_choice"
	}
	s.Mail.Encryption = Encryption(typed)
	return ""
}

// AllSettings lists the settings in the order of the page, without the mail
// server's password.
func AllSettings() []Setting {
	out := make([]Setting, 0, len(settings))
	for _, l := range settings {
		out = append(out, l.name)
	}
	return out
}

// Text is a setting as a form has it: a number in digits, "yes" or nothing,
// else its own text. Empty for an unknown name and for the password.
func (s Settings) Text(name Setting) string {
	for _, l := range settings {
		if l.name == name {
			return l.text(&s)
		}
	}
	return ""
}

// Faults are what is wrong with settings: the key of the catalogue by setting.
type Faults map[Setting]string

// Read are the settings with what was typed; a setting that was not typed is
// empty. The password is what was kept unless another was typed, or forget. Of
// a setting with a fault the old one stands.
func (s Settings) Read(typed map[Setting]string, forget bool) (Settings, Faults) {
	next, faults := s, Faults{}
	for _, l := range settings {
		if fault := l.read(&next, strings.TrimSpace(typed[l.name])); fault != "" {
			faults[l.name] = fault
		}
	}
	switch password := typed[SettingMailPassword]; {
	case len([]rune(password)) > longest:
		faults[SettingMailPassword] = "setting_long"
	case password != "":
		next.Mail.Password = Secret(password)
	case forget:
		next.Mail.Password = ""
	case next.Mail.Password != "" && (next.Mail.Host != s.Mail.Host || next.Mail.Port != s.Mail.Port || next.Mail.User != s.Mail.User):
		// What was kept for one server must not go to another that somebody names.
		faults[SettingMailPassword] = "setting_password_again"
	}
	for name, fault := range next.Check() {
		if faults[name] == "" {
			faults[name] = fault
		}
	}
	return next, faults
}

// Check are the faults of settings as a whole; empty when they can be kept.
func (s Settings) Check() Faults {
	faults := Faults{}
	for _, l := range settings {
		again := s
		if fault := l.read(&again, l.text(&s)); fault != "" {
			faults[l.name] = fault
		}
	}
	m := s.Mail
	local := m.Host == "localhost" || net.ParseIP(m.Host).IsLoopback()
	if s.Idle() > s.Life() {
		faults[SettingIdle] = "setting_idle"
	}
	switch {
	case m.Host != "" && m.From == "":
		faults[SettingMailFrom] = "setting_from"
	case m.Host == "" && m.Password != "":
		faults[SettingMailHost] = "setting_no_host"
	}
	if m.Encryption == Unsecured && m.Password != "" && !local {
		faults[SettingEncryption] = "setting_clear"
	}
	return faults
}

// Changed lists what differs between two settings, as the trail tells it: the
// text of each setting before and after, of the password only whether there is
// one.
func (s Settings) Changed(next Settings) (before, after map[Setting]string) {
	before, after = map[Setting]string{}, map[Setting]string{}
	for _, l := range settings {
		if was, is := l.text(&s), l.text(&next); was != is {
			before[l.name], after[l.name] = was, is
		}
	}
	if s.Mail.Password != next.Mail.Password {
		before[SettingMailPassword], after[SettingMailPassword] = masked(s.Mail.Password), masked(next.Mail.Password)
	}
	return before, after
}

func masked(s Secret) string {
	if s == "" {
		return ""
	}
	return s.String()
}

// Given are settings that the command line or the environment gives: they win
// over those that are kept.
type Given struct {
	ContactLink  string // empty: not given
	SecondForAll *bool  // nil: not given
	Mail         *Mail  // nil: not given; as a whole, so that no half of it goes to a stranger
}

// Over are the settings in effect: those kept, under what is given.
func (g Given) Over(s Settings) Settings {
	if g.ContactLink != "" {
		s.ContactLink = g.ContactLink
	}
	if g.SecondForAll != nil {
		s.SecondForAll = *g.SecondForAll
	}
	if g.Mail != nil {
		s.Mail = *g.Mail
	}
	return s
}

// Has reports a setting that is given.
func (g Given) Has(name Setting) bool {
	switch name {
	case SettingContactLink:
		return g.ContactLink != ""
	case SettingSecond:
		return g.SecondForAll != nil
	}
	return g.Mail != nil && strings.HasPrefix(string(name), "mail_")
}

// Address is the mail server as one dials it.
func (m Mail) Address() string { return net.JoinHostPort(m.Host, fmt.Sprint(m.Port)) }
