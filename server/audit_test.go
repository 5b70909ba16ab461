package server

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3"

	"yimi/indicators"
)

func TestAuditPage(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("checker", indicators.Grant{Role: indicators.Auditor})
	a := h.mustPerson("limin", indicators.Grant{Role: indicators.Contributor, Organisation: h.org[0]})
	h.mustSession("limin")
	secret := h.mustSession("checker")
	doc := h.doc(h.do(get, "/audit", secret, nil))
	head, err := h.store.TreeHead(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if verdict := doc.Find("#verdict").Text(); !strings.Contains(verdict, fmt.Sprintf("共 %d 条，链完整", head.Size)) {
		t.Errorf("the verdict is %q", verdict)
	}
	if n := int64(doc.Find("tbody tr").Length()); n != head.Size {
		t.Errorf("%d of %d events are listed", n, head.Size)
	}
	for query, want := range map[string]int{
		"object=" + url.QueryEscape(fmt.Sprintf("account %d", a.ID)): 3, "act=second_on": 1, "act=publish": 0, "account=" + fmt.Sprint(a.ID): 2,
		"from=2026-03-01&to=2026-03-01": int(head.Size), "from=2026-03-02": 0, "to=2026-02-28": 0, "below=3": 2,
	} {
		w := h.do(get, "/audit?"+query, secret, nil)
		h.mustStatus(w, http.StatusOK)
		if n := h.doc(w).Find("tbody tr").Length(); n != want {
			t.Errorf("?%s lists %d events, want %d", query, n, want)
		}
	}
	for _, query := range []string{"account=x", "below=-1", "from=yesterday", "to=2026-13-01"} {
		h.mustStatus(h.do(get, "/audit?"+query, secret, nil), http.StatusUnprocessableEntity)
	}
	w := h.do(get, "/audit.csv?account="+fmt.Sprint(a.ID), secret, nil)
	h.mustStatus(w, http.StatusOK)
	if d := w.Header().Get("Content-Disposition"); !strings.HasPrefix(d, "attachment; ") || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the download is %v", w.Header())
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\xef\xbb\xbf"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// Whoever changes the file behind the program's back is told of on top of the
// page.
func TestAuditPageTellsOfABrokenTrail(t *testing.T) {
	h := mustHouse(t)
	h.mustPerson("checker", indicators.Grant{Role: indicators.Auditor})
	secret := h.mustSession("checker")
	db, err := sql.Open("sqlite3", h.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("DROP TRIGGER events_never_change; UPDATE events SET actor = 'x' WHERE number = 2"); err != nil {
		t.Fatal(err)
	}
	w := h.do(get, "/audit", secret, nil)
	h.mustStatus(w, http.StatusOK)
	if verdict := h.doc(w).Find("#verdict").Text(); !strings.Contains(verdict, "event 2") {
		t.Errorf("the verdict is %q", verdict)
	}
}
