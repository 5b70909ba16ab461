package server

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"yimi/indicators"
)

// send sends files in a form.
func (h *house) send(path, secret string, fields map[string]string, files map[string]string) *httptest.ResponseRecorder {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			h.t.Fatal(err)
		}
	}
	for name, content := range files {
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			h.t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		h.t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, path, &body)
	req.RemoteAddr = "192.0.2.1:4000"
	req.Header.Set("Content-Type", form.FormDataContentType())
	if secret != "" {
		req.AddCookie(&http.Cookie{Name: "session", Value: secret})
	}
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, req)
	return w
}

const aPDF = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

func TestEvidence(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	me, stranger := h.mustSession("at-education-bureau"), h.mustSession("at-health-commission")
	path := h.mustDuty(round, kindergartens, "at-education-bureau")
	for name, content := range map[string]string{
		"picture.pdf": `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
		"page.pdf":    "<!DOCTYPE html><script>alert(1)</script>", "empty.pdf": "", "tool.pdf": "MZ\x90\x00",
	} {
		if w := h.send(path+"/evidence", me, nil, map[string]string{name: content}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s of %q = %d, want 422", name, content, w.Code)
		}
	}
	if w := h.send(path+"/evidence", me, nil, map[string]string{"big.pdf": aPDF + strings.Repeat("x", 20<<20)}); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("over 20 MB = %d, want 413", w.Code)
	}
	if w := h.send(path+"/evidence", "", nil, map[string]string{"big.pdf": strings.Repeat("x", 2<<20)}); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a stranger's file over the common limit = %d, want 413", w.Code)
	}
	if w := h.send(path+"/evidence", stranger, nil, map[string]string{"a.pdf": aPDF}); w.Code != http.StatusNotFound {
		t.Errorf("a file for another's figure = %d, want 404", w.Code)
	}
	h.mustStatus(h.send(path+"/evidence", me, nil, map[string]string{"托位数 2025\"\r\n.pdf": aPDF}), http.StatusSeeOther)
	link, _ := h.doc(h.do("GET", path, me, nil)).Find("#evidence a").Attr("href")
	w := h.do("GET", link, me, nil)
	h.mustStatus(w, http.StatusOK)
	if d := w.Header().Get("Content-Disposition"); !strings.HasPrefix(d, "attachment; ") || strings.ContainsAny(d, "\r\n") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("it is sent as %q with %q", d, w.Header().Get("X-Content-Type-Options"))
	}
	if w.Body.String() != aPDF {
		t.Error("it comes back changed")
	}
	if got := h.do("GET", link, stranger, nil).Code; got != http.StatusNotFound {
		t.Errorf("another's file = %d, want 404 as for an unknown one", got)
	}
	// What was typed beside the file is kept, or stands in the form again.
	beside := map[string]string{"version": "1", "value": "51", "note": "年报第 12 页"}
	beside["version"], _ = h.doc(h.do("GET", path, me, nil)).Find(`#entry [name="version"]`).Attr("value")
	h.mustStatus(h.send(path+"/evidence", me, beside, map[string]string{"b.pdf": aPDF}), http.StatusSeeOther)
	doc := h.doc(h.do("GET", path, me, nil))
	if v, _ := doc.Find("#value").Attr("value"); v != "51" || doc.Find("#note").Text() != "年报第 12 页" || doc.Find("#evidence li").Length() != 2 {
		t.Errorf("beside a file the number typed is %q, the note %q", v, doc.Find("#note").Text())
	}
	beside["value"] = "52" // from a form that is older than what was just kept
	w = h.send(path+"/evidence", me, beside, map[string]string{"c.pdf": aPDF})
	h.mustStatus(w, http.StatusConflict)
	if v, _ := h.doc(w).Find("#value").Attr("value"); v != "52" {
		t.Errorf("in a conflict the form holds %q", v)
	}
	for _, none := range []map[string]string{nil, {"page.pdf": "<!DOCTYPE html><script>alert(1)</script>"}} {
		w = h.send(path+"/evidence", me, map[string]string{"version": "2", "value": "53"}, none)
		h.mustStatus(w, http.StatusUnprocessableEntity)
		if v, _ := h.doc(w).Find("#value").Attr("value"); v != "53" {
			t.Errorf("with a file refused the form holds %q", v)
		}
		for name := range none {
			if said := h.doc(w).Find(".wrong").Text(); !strings.Contains(said, name) || !strings.Contains(said, "PDF") {
				t.Errorf("the refusal of %s says %q", name, said)
			}
		}
	}
	h.mustStatus(h.do("POST", link+"/detach", me, url.Values{"back": {path}}), http.StatusSeeOther)
	if h.doc(h.do("GET", path, me, nil)).Find("#evidence li").Length() != 2 {
		t.Error("what was taken away is still listed")
	}
}

func TestSheet(t *testing.T) {
	h := mustHouse(t)
	round := h.mustRound(2025)
	me := h.mustSession("at-education-bureau")
	sheet := fmt.Sprintf("/sheet?round=%d&org=education-bureau", round.Number)
	w := h.do("GET", sheet, me, nil)
	h.mustStatus(w, http.StatusOK)
	doc := h.doc(w)
	code := doc.Find(".signatures code").Text()
	form := url.Values{"round": {fmt.Sprint(round.Number)}, "org": {"education-bureau"}, "code": {code}, "entered_by": {"王红"}, "checked_by": {"李敏"}}
	w = h.do("POST", "/sheet", me, form)
	h.mustStatus(w, http.StatusUnprocessableEntity)
	if v, _ := h.doc(w).Find("#entered_by").Attr("value"); v != "王红" {
		t.Errorf("what was typed is lost: %q", v)
	}
	form.Set("head", "赵强")
	h.mustStatus(h.do("POST", "/sheet", me, form), http.StatusSeeOther)
	h.mustStatus(h.send("/sheet/scan", me, map[string]string{"round": fmt.Sprint(round.Number), "org": "education-bureau"}, map[string]string{"scan.pdf": aPDF}), http.StatusSeeOther)
	doc = h.doc(h.do("GET", sheet, me, nil))
	if !strings.Contains(doc.Find(".told").Text(), code) || doc.Find("section a").Length() != 1 {
		t.Fatalf("signed, the page says %q", doc.Find("main").Text())
	}
	path := h.mustDuty(round, kindergartens, "at-education-bureau")
	h.mustStatus(h.do("POST", path, me, filled(h.doc(h.do("GET", path, me, nil)), "value", "51", "do", "save")), http.StatusSeeOther)
	doc = h.doc(h.do("GET", sheet, me, nil))
	if !strings.Contains(doc.Find(".refusal").Text(), "作废") || doc.Find(".signatures code").Text() == code {
		t.Errorf("after a change the code is not void: %q", doc.Find("main").Text())
	}
	w = h.do("POST", "/sheet", me, form)
	if w.Code != http.StatusConflict {
		t.Errorf("signing with the old code = %d, want 409", w.Code)
	}
	if got := h.do("GET", sheet, h.mustSession("at-health-commission"), nil).Code; got != http.StatusNotFound {
		t.Errorf("another's return = %d, want 404", got)
	}
}

func TestPagesOfAPastRelease(t *testing.T) {
	h := mustHouse(t)
	for _, path := range []string{"/", "/indicators", "/indicators/friendly-parks", "/status", "/method", "/areas", "/api/v1/indicators"} {
		h.mustStatus(h.do("GET", path+"?release=1", "", nil), http.StatusOK)
		if w := h.do("GET", path+"?release=7", "", nil); w.Code != http.StatusNotFound {
			t.Errorf("%s of a release to come = %d, want 404", path, w.Code)
		}
	}
	for _, bad := range []string{"x", "0", "-1", "1.5"} {
		if w := h.do("GET", "/?release="+bad, "", nil); w.Code != http.StatusNotFound {
			t.Errorf("release %s = %d, want 404", bad, w.Code)
		}
	}
}

// A page offers nothing of what a published figure rests on for taking away.
func TestPublishedEvidenceIsNotOffered(t *testing.T) {
	d := mustOpen(t)
	ctx := context.Background()
	sent := d.approved(1, "3")[0]
	by := d.people[sent.Organisation].Actor("")
	if _, err := d.store.Attach(ctx, by, d.clock(), sent.ID, "a.pdf", strings.NewReader(aPDF)); err != nil {
		t.Fatal(err)
	}
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(d.round)), http.StatusSeeOther)
	saved, err := d.store.Save(ctx, by, d.clock(), indicators.Saving{Duty: sent.ID, Version: d.version(sent.ID), Edits: []indicators.Edit{{Field: indicators.NoteField, Text: "x"}}})
	if err != nil || saved[0].Err != nil {
		t.Fatal(err, saved)
	}
	me, path := d.mustSession(d.people[sent.Organisation].Name), fmt.Sprintf("/work/%d", sent.ID)
	list := d.doc(d.do(get, path, me, nil)).Find("#evidence li")
	if list.Length() != 1 || list.Find("form").Length() != 0 || !strings.Contains(list.Text(), "以它为据") {
		t.Errorf("the list reads %q", list.Text())
	}
}
