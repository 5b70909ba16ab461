package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"yimi/indicators"
)

// The system administrator sets up mail, tries it on a real mail server, makes a
// backup and has it checked, in a browser.
func TestTheSystemAdministratorInABrowser(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	office, address := openOffice(t, 1)
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	h := mustTown(t, mustPackage(t, "").Plan.LastMilestone(), map[string]indicators.Grant{"keeper": {Role: indicators.SystemAdmin}})
	h.come("keeper")
	h.do(chromedp.Navigate(h.url + "/work?lang=zh-CN"))
	h.expect("main ul.plain", "系统设置", "备份")
	h.do(chromedp.Navigate(h.url+"/settings"),
		set("contact_name", "信息中心 王工"), set("contact_phone", "0000-12345678"), set("contact_hours", "工作日 9:00—17:00"), set("contact_link", "office@city.example"),
		set("idle_minutes", "2"), set("mail_host", host), set("mail_port", port), chromedp.SetValue("#mail_encryption", "none", chromedp.ByQuery), set("mail_from", "yimi@city.example"),
		press(`form[action="/settings"] .send button`))
	h.expect(".wrong", "1 处", "5 到 480")
	h.do(set("idle_minutes", "45"), press(`form[action="/settings"] .send button`))
	h.expect(".told", "立即生效")
	h.do(set("to", "keeper@city.example"), press(`#letter .send button`))
	h.expect("#letter", "没有发出去", "the box is full")
	h.do(press(`#letter .send button`))
	h.expect(".told", "已被邮件服务器收下")
	if got := office.got(); len(got) != 1 || !strings.HasPrefix(got[0], "keeper@city.example\n") {
		t.Errorf("the mail server got %q", got)
	}
	h.do(chromedp.Navigate(h.url+"/backups"), press(`form[action="/backups"] button`))
	for end := time.Now().Add(30 * time.Second); !strings.Contains(h.text("tbody tr"), "检查完好") && time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		h.do(chromedp.Navigate(h.url + "/backups"))
	}
	h.expect("tbody", "检查完好", "人员 keeper")
	h.watch.take() // answers of 422 and 502 on the way here
	for n, page := range []string{"/settings", "/backups", "/work"} {
		for _, lang := range []string{"zh-CN", "en"} {
			checkPage(t, h.ctx, h.watch, h.site, page, lang, n%2 == 0, string(axe))
		}
		h.look(strings.TrimPrefix(page, "/")+"-keeper", page)
	}
}
