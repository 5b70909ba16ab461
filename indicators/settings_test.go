package indicators

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// typedOf is a form that changes nothing.
func typedOf(s Settings) map[Setting]string {
	out := map[Setting]string{}
	for _, name := range AllSettings() {
		out[name] = s.Text(name)
	}
	return out
}

func TestReadSettings(t *testing.T) {
	kept := DefaultSettings()
	kept.Mail = Mail{Host: "mail.zz.example", Port: 587, User: "yimi", Password: "tall kites", From: "yimi@zz.example", Encryption: StartTLS}
	for name, c := range map[string]struct {
		change map[Setting]string
		forget bool
		field  Setting
		fault  string
	}{
		"nothing":                     {},
		"idle too short":              {map[Setting]string{"idle_minutes": "4"}, false, "idle_minutes", "setting_bounds"},
		"idle longer than life":       {map[Setting]string{"idle_minutes": "61", "life_hours": "1"}, false, "idle_minutes", "setting_idle"},
		"life over a day":             {map[Setting]string{"life_hours": "25"}, false, "life_hours", "setting_bounds"},
		"life that is no number":      {map[Setting]string{"life_hours": "twelve"}, false, "life_hours", "setting_bounds"},
		"over the hard limit":         {map[Setting]string{"upload_mb": "21"}, false, "upload_mb", "setting_bounds"},
		"no file at all":              {map[Setting]string{"upload_mb": "0"}, false, "upload_mb", "setting_bounds"},
		"nothing said of a review":    {map[Setting]string{"review_days": "0"}, false, "", ""},
		"a script":                    {map[Setting]string{"contact_link": "javascript:alert(1)"}, false, "contact_link", "setting_link"},
		"a web address":               {map[Setting]string{"contact_link": "https://zz.example/errors"}, false, "", ""},
		"an address":                  {map[Setting]string{"contact_link": "office@zz.example"}, false, "", ""},
		"a line break":                {map[Setting]string{"contact_name": "a\nb"}, false, "contact_name", "setting_text"},
		"a name turned round":         {map[Setting]string{"contact_name": "a\u202eb"}, false, "contact_name", "setting_hidden"},
		"a number turned round":       {map[Setting]string{"contact_phone": "\u202e1730"}, false, "contact_phone", "setting_hidden"},
		"hours turned round":          {map[Setting]string{"contact_hours": "9\u2066"}, false, "contact_hours", "setting_hidden"},
		"a user turned round":         {map[Setting]string{"mail_user": "\u202e"}, false, "mail_user", "setting_hidden"},
		"a user that is no text":      {map[Setting]string{"mail_user": "\xff"}, false, "mail_user", "setting_hidden"},
		"an address turned round":     {map[Setting]string{"contact_link": "\u202ea@zz.example"}, false, "contact_link", "setting_link"},
		"a web address turned round":  {map[Setting]string{"contact_link": "https://zz.example/\u202e"}, false, "contact_link", "setting_link"},
		"a sender with a joiner":      {map[Setting]string{"mail_from": "a\u200b@zz.example"}, false, "mail_from", "mail_address"},
		"a host turned round":         {map[Setting]string{"mail_host": "\u202ezz.example"}, false, "mail_host", "setting_host"},
		"a name with a joiner":        {map[Setting]string{"contact_name": "李\u200b敏\ufeff"}, false, "", ""},
		"a long name":                 {map[Setting]string{"contact_name": strings.Repeat("长", 201)}, false, "contact_name", "setting_long"},
		"a sender that is none":       {map[Setting]string{"mail_from": "nobody"}, false, "mail_from", "mail_address"},
		"no sender":                   {map[Setting]string{"mail_from": ""}, false, "mail_from", "setting_from"},
		"a host with a path":          {map[Setting]string{"mail_host": "mail/x"}, false, "mail_host", "setting_host"},
		"a host with its port":        {map[Setting]string{"mail_host": "mail:25"}, false, "mail_host", "setting_host"},
		"the password for another":    {map[Setting]string{"mail_host": "evil.example"}, false, "mail_password", "setting_password_again"},
		"the password by another":     {map[Setting]string{"mail_port": "25"}, false, "mail_password", "setting_password_again"},
		"another with its password":   {map[Setting]string{"mail_host": "other.example", "mail_password": "x"}, false, "", ""},
		"another without":             {map[Setting]string{"mail_host": "other.example"}, true, "", ""},
		"a password without a server": {map[Setting]string{"mail_host": "", "mail_password": "x"}, false, "mail_host", "setting_no_host"},
		"a password in clear":         {map[Setting]string{"mail_encryption": "none"}, false, "mail_encryption", "setting_clear"},
		"in clear on this machine":    {map[Setting]string{"mail_encryption": "none", "mail_host": "127.0.0.1", "mail_password": "x"}, false, "", ""},
		"an unknown way":              {map[Setting]string{"mail_encryption": "ssl"}, false, "mail_encryption", "setting_choice"},
		"an hour that is none":        {map[Setting]string{"night_hour": "24"}, false, "night_hour", "setting_bounds"},
	} {
		t.Run(name, func(t *testing.T) {
			typed := typedOf(kept)
			for k, v := range c.change {
				typed[k] = v
			}
			next, faults := kept.Read(typed, c.forget)
			if c.fault == "" {
				if len(faults) > 0 || len(next.Check()) > 0 {
					t.Fatalf("faults %v, %v", faults, next.Check())
				}
			} else if faults[c.field] != c.fault {
				t.Fatalf("faults %v, want %s at %s", faults, c.fault, c.field)
			}
		})
	}
	typed := typedOf(kept)
	typed["contact_link"], typed["second_for_all"], typed["contact_name"] = " office@zz.example ", "yes", "李\u200b敏"
	next, _ := kept.Read(typed, false)
	if next.ContactName != "李敏" {
		t.Errorf("a joiner is kept: %q", next.ContactName)
	}
	next.ContactName = ""
	if next.ContactLink != "mailto:office@zz.example" || next.Text("contact_link") != "office@zz.example" || !next.SecondForAll || next.Mail.Password != "tall kites" {
		t.Errorf("read as %+v", next)
	}
	before, after := kept.Changed(next)
	if len(before) != 2 || after["second_for_all"] != "yes" || before["contact_link"] != "" {
		t.Errorf("changed %v to %v", before, after)
	}
	if next.Idle() != time.Hour || next.Life() != 12*time.Hour || next.Upload() != 20<<20 {
		t.Errorf("limits are %v %v %d", next.Idle(), next.Life(), next.Upload())
	}
}

// A secret is printed by nothing that prints settings, and told by no change.
func TestSecretsStaySecret(t *testing.T) {
	s := DefaultSettings()
	s.Mail.Password = "tall kites"
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	next := s
	next.Mail.Password = "low kites"
	before, after := s.Changed(next)
	all := fmt.Sprintf("%s %v %+v %#v %s %v %v", text, s, s, s, s.Mail.Password, before, after)
	if strings.Contains(all, "kites") {
		t.Errorf("printed: %s", all)
	}
	if len(after) != 1 {
		t.Errorf("a new password is no change: %v", after)
	}
}

func TestGiven(t *testing.T) {
	no := false
	kept := DefaultSettings()
	kept.SecondForAll, kept.ContactLink = true, "mailto:a@zz.example"
	g := Given{SecondForAll: &no, Mail: &Mail{Host: "mail", Port: 25}}
	got := g.Over(kept)
	if got.SecondForAll || got.ContactLink != kept.ContactLink || got.Mail.Address() != "mail:25" {
		t.Errorf("in effect are %+v", got)
	}
	for name, want := range map[Setting]bool{SettingSecond: true, SettingContactLink: false, SettingMailPassword: true, SettingIdle: false} {
		if g.Has(name) != want {
			t.Errorf("Has(%s) = %t", name, !want)
		}
	}
	if (Given{}).Over(kept) != kept {
		t.Error("nothing given changes something")
	}
}
