package sqlite

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
)

func archive(t *testing.T, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, "<x/>"); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEvidence(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	pdf := "%PDF-1.7\n1 0 obj"
	for _, c := range []struct{ name, content, want string }{
		{"a.pdf", pdf, "application/pdf"},
		{`C:\folder\托位数 2025.pdf`, pdf + "x", "application/pdf"},
		{"evil.html", "\x89PNG\r\n\x1a\n....", "image/png"},
		{"a", "\xff\xd8\xff\xe0", "image/jpeg"},
		{"a", "RIFF....WEBPVP8 ", "image/webp"},
		{"a.docx", archive(t, "[Content_Types].xml", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"a.xlsx", archive(t, "xl/workbook.xml", "[Content_Types].xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"a.pdf", "<!DOCTYPE html><script>alert(1)</script>", ""},
		{"a.png", `<svg xmlns="http://www.w3.org/2000/svg"/>`, ""},
		{"a.pdf", `<?xml version="1.0"?><svg/>`, ""},
		{"a.xlsm", archive(t, "[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/sheet1.xml"), ""},
		{"a.docm", archive(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), ""},
		{"a.zip", archive(t, "word/document.xml"), ""},
		{"a.zip", archive(t, "[Content_Types].xml", "other/x.xml"), ""},
		{"a.pdf", "#!/bin/sh\n", ""},
		{"a.txt", "text", ""},
	} {
		e, err := v.Attach(v.ctx, by, now, d.ID, c.name, strings.NewReader(c.content))
		if c.want == "" {
			mustBe(t, err, indicators.Invalid, "evidence_type")
			continue
		}
		if err != nil || e.Type != c.want || e.Size != int64(len(c.content)) || strings.ContainsAny(e.Name, `/\`) {
			t.Errorf("%s: %+v, %v", c.name, e, err)
			continue
		}
		got, file, err := v.EvidenceFile(v.ctx, v.office, now, e.ID)
		if err != nil || got != e {
			t.Fatalf("%+v, %v, want %+v", got, err, e)
		}
		body, err := io.ReadAll(file)
		if err != nil || string(body) != c.content || file.Close() != nil {
			t.Errorf("%s comes back as %q, %v", c.name, body, err)
		}
	}
	_, err := v.Attach(v.ctx, by, now, d.ID, "a", strings.NewReader(""))
	mustBe(t, err, indicators.Invalid, "evidence_empty")
	_, err = v.Attach(v.ctx, by, now, d.ID, "a", io.MultiReader(strings.NewReader(pdf), io.LimitReader(zeros{}, indicators.MaxEvidence)))
	mustBe(t, err, indicators.TooLarge, "evidence_size")
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(v.path), "evidence", "new-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	list := v.mustFigure(d.ID, by).Evidence
	if len(list) != 7 || list[1].Name != "托位数 2025.pdf" {
		t.Fatalf("%+v", list)
	}
	var stranger indicators.Actor
	for o, a := range v.people {
		if o != d.Organisation {
			stranger = a
		}
	}
	for _, id := range []int64{list[0].ID, 1 << 40} {
		_, _, err = v.EvidenceFile(v.ctx, stranger, now, id)
		mustBe(t, err, indicators.NotFound, "evidence")
		mustBe(t, v.Detach(v.ctx, stranger, now, id), indicators.NotFound, "evidence")
	}
	_, err = v.Attach(v.ctx, stranger, now, d.ID, "a.pdf", strings.NewReader(pdf))
	mustBe(t, err, indicators.NotFound, "revision")
	_, _, err = v.EvidenceFile(v.ctx, indicators.Actor{}, now, list[0].ID)
	mustBe(t, err, indicators.Unauthorized, "sign_in")
	if err := v.Detach(v.ctx, by, now, list[0].ID); err != nil || len(v.mustFigure(d.ID, by).Evidence) != 6 {
		t.Error(err)
	}
	if err := os.Remove(v.evidencePath(list[1].Hash)); err != nil {
		t.Fatal(err)
	}
	_, _, err = v.EvidenceFile(v.ctx, by, now, list[1].ID)
	mustBe(t, err, indicators.Conflict, "evidence_lost")
	mustBe(t, v.Detach(context.Background(), by, now.AddDate(0, 3, 0), list[1].ID), indicators.Conflict, roundLocked)
}

// Two kinds of file in one are kept as the one that they begin as, and no
// program of the other opens them by their name.
func TestEvidenceIsNamedAfterItsContent(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	both := "%PDF-1.7\n<script>alert(1)</script><hta:application>"
	office := archive(t, "[Content_Types].xml", "word/document.xml")
	for name, want := range map[string]string{
		"report.pdf": "report.pdf", "REPORT.PDF": "REPORT.PDF", "page.html": "page.html.pdf", "tool.hta": "tool.hta.pdf", "x.pdf.svg": "x.pdf.svg.pdf",
		"无扩展名": "无扩展名.pdf", "..": "...pdf", "a.pdf\u202etxt": "a.pdftxt.pdf", "folder/x.bat": "x.bat.pdf", "x.pdf ": "x.pdf", "": "file.pdf",
	} {
		e, err := v.Attach(v.ctx, by, now, d.ID, name, strings.NewReader(both))
		if err != nil || e.Name != want {
			t.Errorf("%q is kept as %q, %v, want %q", name, e.Name, err, want)
		}
	}
	for name, want := range map[string]string{"a.docx": "a.docx", "a.docm": "a.docm.docx", "a.xlsx": "a.xlsx.docx"} {
		e, err := v.Attach(v.ctx, by, now, d.ID, name, strings.NewReader(office))
		if err != nil || e.Name != want {
			t.Errorf("%q is kept as %q, %v, want %q", name, e.Name, err, want)
		}
	}
	if e, err := v.Attach(v.ctx, by, now, d.ID, "photo.JPEG", strings.NewReader("\xff\xd8\xff\xe0")); err != nil || e.Name != "photo.JPEG" {
		t.Errorf("%+v, %v", e, err)
	}
}

// Files come to an end: who may attach cannot fill the disk from one form.
func TestEvidenceHasAnEnd(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	sh, err := v.SheetOf(v.ctx, by, v.round, d.Organisation)
	if err != nil {
		t.Fatal(err)
	}
	if sh, err = v.SignOff(v.ctx, by, now, v.round, d.Organisation, sh.Code, indicators.Signed{EnteredBy: "a", CheckedBy: "b", Head: "c"}); err != nil {
		t.Fatal(err)
	}
	for what, attach := range map[string]func() (indicators.Evidence, error){
		"figure": func() (indicators.Evidence, error) {
			return v.Attach(v.ctx, by, now, d.ID, "a.pdf", strings.NewReader("%PDF-1.7"))
		},
		"return": func() (indicators.Evidence, error) {
			return v.AttachScan(v.ctx, by, now, sh.Signed.ID, "a.pdf", strings.NewReader("%PDF-1.7"))
		},
	} {
		for n := range indicators.MostEvidence {
			if _, err := attach(); err != nil {
				t.Fatalf("%s: file %d: %v", what, n+1, err)
			}
		}
		_, err := attach()
		mustBe(t, err, indicators.Conflict, "evidence_many")
	}
	list := v.mustFigure(d.ID, by).Evidence
	if err := v.Detach(v.ctx, by, now, list[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Attach(v.ctx, by, now, d.ID, "a.pdf", strings.NewReader("%PDF-1.7")); err != nil {
		t.Errorf("after one was taken away: %v", err)
	}
	_, _, err = v.EvidenceFile(v.ctx, by, now, list[0].ID)
	mustBe(t, err, indicators.NotFound, "evidence")
	mustBe(t, v.Detach(v.ctx, by, now, list[0].ID), indicators.NotFound, "evidence")
}

// What was sent keeps its evidence: a file can be added and none taken away,
// until it comes back.
func TestEvidenceOfWhatWasSentStays(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	e, err := v.Attach(v.ctx, by, now, d.ID, "a.pdf", strings.NewReader("%PDF-1.7"))
	if err != nil {
		t.Fatal(err)
	}
	r := v.mustSubmit(d, by, "9")
	stays := func(when string) {
		t.Helper()
		mustBe(t, v.Detach(v.ctx, by, now, e.ID), indicators.Conflict, "state")
		if f := v.mustFigure(d.ID, by); len(f.Evidence) == 0 || slices.Contains(f.May, indicators.Detach) || !slices.Contains(f.May, indicators.Attach) {
			t.Errorf("%s: %v, %v", when, f.Evidence, f.May)
		}
	}
	stays("sent")
	if _, err := v.Attach(v.ctx, by, now, d.ID, "b.pdf", strings.NewReader("%PDF-1.7 b")); err != nil {
		t.Error(err)
	}
	r = v.mustApprove(r)
	stays("approved")
	if r = mustOne(t)(v.Return(v.ctx, v.office, now, "the wrong file", pick(r))).Revision; r.State != indicators.Returned {
		t.Fatal(r.State)
	}
	if err := v.Detach(v.ctx, by, now, e.ID); err != nil {
		t.Error(err)
	}
}

// What a published edition rested on stays behind it when a correction begins;
// what the correction brings along goes again.
func TestEvidenceOfWhatWasPublishedStays(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	attach := func(at time.Time, name string) indicators.Evidence {
		t.Helper()
		e, err := v.Attach(v.ctx, by, at, d.ID, name, strings.NewReader("%PDF-1.7 "+name))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	first := attach(now, "a.pdf")
	r := v.mustSubmit(d, by, "9")
	sent := attach(now.Add(500*time.Millisecond), "b.pdf")
	v.mustApprove(r)
	released := now.Add(900 * time.Millisecond)
	v.mustPublish(released, v.round)
	later := now.AddDate(0, 0, 1)
	mustOne(t)(v.Save(v.ctx, by, later, indicators.Saving{Duty: d.ID, Version: v.mustFigure(d.ID, by).Revision.Version, Edits: []indicators.Edit{{Field: indicators.NoteField, Text: "x"}}}))
	added := attach(later, "c.pdf")
	for _, e := range []indicators.Evidence{first, sent} {
		mustBe(t, v.Detach(v.ctx, by, later, e.ID), indicators.Conflict, "evidence_bears")
		_, file, err := v.EvidenceFile(v.ctx, v.auditor, later, e.ID)
		if err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	f := v.mustFigure(d.ID, by)
	if len(f.Evidence) != 3 || !f.Evidence[0].Bears || !f.Evidence[1].Bears || f.Evidence[2].Bears || !slices.Contains(f.May, indicators.Detach) {
		t.Errorf("evidence %+v, may %v", f.Evidence, f.May)
	}
	if err := v.Detach(v.ctx, by, later, added.ID); err != nil {
		t.Errorf("what nothing rests on: %v", err)
	}
	if p, err := v.Provenance(v.ctx, 2, d.Indicator); err != nil || len(p) != 1 || p[0].Evidence != 2 {
		t.Errorf("the release names %+v, %v", p, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestSignOff(t *testing.T) {
	v := mustTown(t).mustOpenRound()
	d, by := v.stock()
	r := v.mustSubmit(d, by, "9")
	sh, err := v.SheetOf(v.ctx, by, v.round, d.Organisation)
	if err != nil || sh.Signed != nil || len(sh.Code) != 9 || len(sh.Figures) == 0 {
		t.Fatalf("%+v %v", sh, err)
	}
	people := indicators.Signed{EnteredBy: "a", CheckedBy: "b", Head: "c"}
	_, err = v.SignOff(v.ctx, by, now, v.round, d.Organisation, sh.Code, indicators.Signed{EnteredBy: "a"})
	mustBe(t, err, indicators.Invalid, "person_empty")
	_, err = v.SignOff(v.ctx, by, now, v.round, d.Organisation, "AAAA-AAAA", people)
	mustBe(t, err, indicators.Conflict, "preview_stale")
	_, err = v.SignOff(v.ctx, by, now, v.round, "other", sh.Code, people)
	mustBe(t, err, indicators.NotFound, "revision")
	signed, err := v.SignOff(v.ctx, by, now, v.round, d.Organisation, sh.Code, people)
	if err != nil || signed.Void || signed.Signed.Head != "c" || signed.Code != sh.Code {
		t.Fatalf("%+v %v", signed, err)
	}
	if _, err := v.AttachScan(v.ctx, by, now, signed.Signed.ID, "scan.pdf", strings.NewReader("%PDF-1.4")); err != nil {
		t.Fatal(err)
	}
	for _, id := range []int64{signed.Signed.ID, 99} {
		for o, a := range v.people {
			if o != d.Organisation {
				_, err := v.AttachScan(v.ctx, a, now, id, "scan.pdf", strings.NewReader("%PDF-1.4"))
				mustBe(t, err, indicators.NotFound, "sheet")
				break
			}
		}
	}
	// Passing it changes no value; a changed value voids the code.
	r = v.mustApprove(r)
	if sh, err = v.SheetOf(v.ctx, v.office, v.round, d.Organisation); err != nil || sh.Void || len(sh.Signed.Scans) != 1 {
		t.Errorf("%+v %v", sh, err)
	}
	mustOne(t)(v.Save(v.ctx, by, now, indicators.Saving{Duty: d.ID, Version: r.Version, Edits: filledIn("10")}))
	if sh, err = v.SheetOf(v.ctx, by, v.round, d.Organisation); err != nil || !sh.Void || sh.Code == sh.Signed.Code {
		t.Errorf("%+v %v", sh, err)
	}
}
