package server

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"yimi/indicators"
)

// hostile is what somebody would write into a name to run on a page, in the
// data of its charts, or in a spreadsheet.
const hostile = `=cmd|' /C calc'!A0</script><script>alert(1)</script><img src=x onerror=alert(1)>"'&{{.}}`

// wordFields are the fields of a package that hold words for people.
var wordFields = []string{
	"Name", "NameEn", "Short", "Title", "TitleEn", "Unit", "UnitEn", "Definition", "DefinitionEn", "ChildWords", "DataSource", "Source", "Note",
	"Content", "ContentEn", "Expected", "ExpectedEn", "ScaleUnit", "ScaleNote", "InvestmentNote", "Funding", "Term", "Commitment", "CommitmentEn",
	"City", "Message", "MessageEn", "Reason", "DocumentNo", "Period",
}

// embitter writes the hostile words into every field that holds words.
func embitter(v reflect.Value) (n int) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return embitter(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += embitter(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Type == reflect.TypeFor[string]() && slices.Contains(wordFields, f.Name) {
				if text := v.Field(i).String(); text != "" {
					v.Field(i).SetString(hostile + text)
					n++
				}
			} else if f.IsExported() && f.Type.Kind() != reflect.String {
				n += embitter(v.Field(i))
			}
		}
	}
	return n
}

// quoted is a text as JSON has it.
func quoted(t *testing.T, text string) []byte {
	t.Helper()
	out, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// mustBeInert fails for a page on which anything of the hostile words runs.
func mustBeInert(t *testing.T, what string, kind string, body []byte) {
	t.Helper()
	switch {
	case strings.HasPrefix(kind, "text/html"):
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		doc.Find("*").Each(func(_ int, el *goquery.Selection) {
			for _, a := range el.Nodes[0].Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || slices.Contains([]string{"href", "src", "action", "formaction"}, a.Key) && !harmless(a.Val) {
					t.Errorf("%s: <%s %s=%q>", what, goquery.NodeName(el), a.Key, a.Val)
				}
			}
			switch goquery.NodeName(el) {
			case "script":
				if kind, data := el.AttrOr("type", ""), el.AttrOr("src", ""); kind == "application/json" {
					if !json.Valid([]byte(el.Text())) {
						t.Errorf("%s: its data are no JSON: %.200q", what, el.Text())
					}
				} else if !strings.HasPrefix(data, "/static/") {
					t.Errorf("%s: a script of %q: %.100q", what, data, el.Text())
				}
			case "img":
				if el.AttrOr("src", "") == "x" {
					t.Errorf("%s: the name is an element", what)
				}
			case "iframe", "object", "embed", "base", "style":
				t.Errorf("%s: <%s>", what, goquery.NodeName(el))
			}
		})
	case strings.HasPrefix(kind, "image/svg"):
		in := xml.NewDecoder(bytes.NewReader(body))
		for {
			token, err := in.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Errorf("%s is no XML: %v", what, err)
				return
			}
			if el, ok := token.(xml.StartElement); ok && slices.Contains([]string{"script", "img", "foreignObject", "a"}, el.Name.Local) {
				t.Errorf("%s: <%s>", what, el.Name.Local)
			}
		}
	case strings.HasPrefix(kind, "application/json"):
		if !json.Valid(body) {
			t.Errorf("%s is no JSON", what)
		}
	case strings.HasPrefix(kind, "text/csv"):
		for _, line := range strings.Split(string(body), "\r\n") {
			for _, cell := range strings.Split(line, ",") {
				if strings.HasPrefix(strings.Trim(cell, `"`), "=") {
					t.Errorf("%s: a formula: %.100q", what, cell)
				}
			}
		}
	case strings.Contains(kind, "spreadsheetml"):
		z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil || r.Close() != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte("<f>")) || bytes.Contains(text, []byte("<img")) {
				t.Errorf("%s: %s holds a formula or an element", what, f.Name)
			}
		}
	default:
		t.Errorf("%s is of another kind: %q", what, kind)
	}
}

// harmless is an address of this site or of the web.
func harmless(address string) bool {
	for _, scheme := range []string{"/", "#", "?", "https://", "http://", "mailto:", "data:image/png;base64,", "data:image/svg+xml,"} {
		if strings.HasPrefix(address, scheme) && !strings.HasPrefix(address, "//") {
			return true
		}
	}
	return address == ""
}

// Nothing that stands in a name, a unit, a source, a note, a reason or a file's
// name runs anywhere: in lists, titles, charts' data, pictures, downloads and
// the pages of those who are signed in.
func TestHostileWordsAreText(t *testing.T) {
	var plan *indicators.Package
	h := mustHouseOf(t, func(p *indicators.Package) {
		plan = p
		was := p.Plan
		if n := embitter(reflect.ValueOf(p)); n < 1000 {
			t.Fatalf("%d fields are hostile, too few to be true", n)
		}
		// The plan says of itself what its descriptor says.
		for from, to := range map[string]string{was.Title: p.Plan.Title, was.TitleEn: p.Plan.TitleEn, was.City: p.Plan.City} {
			p.Descriptor = bytes.ReplaceAll(p.Descriptor, quoted(t, from), quoted(t, to))
		}
	})
	ctx := context.Background()
	d := mustDeskIn(h)
	var err error
	if d.round, err = d.store.OpenRound(ctx, d.head.Actor(""), now, indicators.Round{Year: d.year, Due: d.day(3, 31), OnTime: d.day(4, 5), Locked: d.day(5, 1), Note: hostile}); err != nil {
		t.Fatal(err)
	}
	unit := indicators.Code("education-bureau")
	me := d.people[unit].Actor("")
	me.Person = hostile
	if _, _, err := d.store.Invite(ctx, d.chief(), now, "newcomer", hostile, []indicators.Grant{{Role: indicators.Auditor}}); err != nil {
		t.Fatal(err)
	}
	_, list, err := d.store.WorkList(ctx, me, d.round)
	if err != nil {
		t.Fatal(err)
	}
	texts := func(value string) (out []indicators.Edit) {
		for _, f := range []indicators.Field{indicators.SourceField, indicators.NoteField, indicators.ExplanationField, indicators.NextField} {
			out = append(out, indicators.Edit{Field: f, Text: hostile})
		}
		return append(out, indicators.Edit{Field: indicators.ValueField, Text: value})
	}
	var sent []indicators.Revision
	for _, r := range list {
		i := d.l.Indicator(r.Indicator)
		saved, err := d.store.Submit(ctx, me, now, indicators.Saving{Duty: r.ID, Edits: texts("3")})
		if err != nil {
			t.Fatal(err)
		}
		if saved[0].Err == nil && i != nil && !d.l.Endorsed(i, r.Area) {
			sent = append(sent, saved[0].Revision)
		}
	}
	if len(sent) < 3 {
		t.Fatalf("%d figures were sent", len(sent))
	}
	if _, err := d.store.Attach(ctx, me, now, sent[0].ID, hostile+".pdf", strings.NewReader(aPDF)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Save(ctx, me, now, indicators.Saving{Duty: list[len(list)-1].ID, Edits: texts(hostile)}); err != nil {
		t.Fatal(err)
	}
	pick := func(r indicators.Revision) indicators.Pick { return indicators.Pick{Duty: r.ID, Version: r.Version} }
	if out, err := d.store.Return(ctx, d.head.Actor(""), now, hostile, pick(sent[0])); err != nil || out[0].Err != nil {
		t.Fatal(err, out)
	}
	if out, err := d.store.Approve(ctx, d.head.Actor(""), now, pick(sent[1])); err != nil || out[0].Err != nil {
		t.Fatal(err, out)
	}
	form := d.previewForm(d.round)
	form.Set("note", hostile)
	d.mustStatus(d.do(post, "/releases/preview", d.office, form), http.StatusSeeOther)
	if err := d.store.SetContact(ctx, d.head.Actor(""), now, indicators.Contact{Organisation: unit, Mail: "a@b.example"}); err != nil {
		t.Fatal(err)
	}

	paths := []string{"/", "/status", "/method", "/indicators", "/indicators.csv", "/indicators.xlsx", "/indicators.json", "/tasks", "/organisations", "/areas", "/projects", "/policies", "/releases", "/releases/2", "/?release=1",
		"/api/v1/indicators", "/api/v1/assessment", "/indicators?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E", "/nothing/%3Cimg%20src=x%20onerror=alert(1)%3E", "/sign-in?next=%22%3E%3Cimg+src=x+onerror=alert(1)%3E"}
	for n, i := range plan.Indicators {
		if n%9 == 0 || i.Headline != nil || i.Code == sent[1].Indicator {
			at := "/indicators/" + string(i.Code)
			paths = append(paths, at, at+"?view=table", at+".csv", at+".svg", "/api/v1/indicators/"+string(i.Code))
		}
	}
	paths = append(paths, "/domains/"+string(plan.Domains[0].Code), "/tasks/"+string(plan.Tasks[3].Number), "/organisations/"+string(unit), "/organisations/"+string(unit)+".csv",
		"/areas/"+string(plan.Areas[0].Code), "/areas/"+string(plan.Areas[len(plan.Areas)-1].Code)+".xlsx")
	auditor, keeper := d.mustPerson("auditor", indicators.Grant{Role: indicators.Auditor}), d.mustPerson("keeper", indicators.Grant{Role: indicators.SecurityAdmin})
	visits := map[string][]string{
		"":                                 paths,
		d.mustSession(d.people[unit].Name): {"/work", fmt.Sprintf("/grid?round=%d", d.round), fmt.Sprintf("/work/%d", sent[0].ID), fmt.Sprintf("/work/%d?check=1", list[len(list)-1].ID), fmt.Sprintf("/sheet?round=%d&org=%s", d.round, unit), "/account"},
		d.office:                           {"/work", "/rounds", "/rounds/new", "/rounds/1", "/rounds/1/amend", "/rounds/1/chase", "/contacts", "/review", fmt.Sprintf("/review/%d", sent[0].ID), fmt.Sprintf("/review/%d", sent[2].ID), "/releases/preview?round=1", "/releases/2"},
		d.mustSession(auditor.Name):        {"/audit", "/audit.csv"},
		d.mustSession(keeper.Name):         {"/accounts", "/accounts/new", fmt.Sprintf("/accounts/%d", keeper.ID)},
	}
	shown := 0
	for secret, list := range visits {
		for _, path := range list {
			for _, lang := range []string{"zh-CN", "en"} {
				w := d.do(get, path, secret, nil, "Accept-Language", lang)
				if w.Code >= http.StatusInternalServerError || w.Code == http.StatusForbidden || w.Code == http.StatusUnauthorized {
					t.Errorf("%s = %d", path, w.Code)
				}
				if strings.Contains(w.Body.String(), "alert(1)") {
					shown++
				}
				mustBeInert(t, path+" "+lang, w.Header().Get("Content-Type"), w.Body.Bytes())
			}
		}
	}
	if shown < 150 {
		t.Errorf("the words stand on %d pages, too few to be true", shown)
	}
	// What was typed and refused comes back as text as well.
	w := d.do(post, fmt.Sprintf("/work/%d", list[len(list)-1].ID), d.mustSession(d.people[unit].Name), map[string][]string{"do": {"submit"}, "version": {"0"}, "value": {hostile}, "note": {hostile}})
	mustBeInert(t, "a refused form", w.Header().Get("Content-Type"), w.Body.Bytes())
	w = d.do(post, "/work/sign", "", map[string][]string{hostile: {hostile}})
	d.mustStatus(w, http.StatusUnauthorized)
	mustBeInert(t, "a kept form", w.Header().Get("Content-Type"), w.Body.Bytes())
}
