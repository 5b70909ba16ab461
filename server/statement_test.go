package server

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"yimi/indicators"
)

// What a unit must say of a figure is published beside it, on the day on which
// the figure is public and not before; why it was corrected, with the figure
// before it.
func TestStatements(t *testing.T) {
	d := mustOpen(t)
	ctx := context.Background()
	duty := d.approved(1, "3")[0]
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(1)), http.StatusSeeOther)
	by := d.people[duty.Organisation].Actor("")
	f, err := d.store.Figure(ctx, by, d.clock(), duty.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.wait(48 * time.Hour)
	d.office = d.mustAgain("head")
	out, err := d.store.Submit(ctx, by, d.clock(), indicators.Saving{Duty: duty.ID, Version: f.Revision.Version, Edits: []indicators.Edit{
		{Field: indicators.ValueField, Text: "4"}, {Field: indicators.ExplanationField, Text: "开园晚了"}, {Field: indicators.NextField, Text: "秋季再开"},
		{Field: indicators.CorrectionField, Text: "漏报一所"}, {Field: indicators.NoteField, Text: "已核"},
	}})
	if err != nil || out[0].Err != nil {
		t.Fatal(err, out[0].Err, out[0].Findings)
	}
	page := "/indicators/" + string(duty.Indicator)
	says := func(address, secret string) string {
		t.Helper()
		w := d.do(get, address, secret, nil)
		d.mustStatus(w, http.StatusOK)
		return squeezed(d.doc(w).Find("#statements").Text())
	}
	secrets := []string{"开园晚了", "秋季再开", "漏报一所"}
	for _, secret := range secrets {
		if strings.Contains(says(page, ""), secret) {
			t.Errorf("%s is told before it is public", secret)
		}
	}
	boss := d.mustPerson("head2", indicators.Grant{Role: indicators.OfficeMember}).Actor("")
	r := out[0].Revision
	if passed, err := d.store.Approve(ctx, boss, d.clock(), indicators.Pick{Duty: r.ID, Version: r.Version}); err != nil || passed[0].Err != nil {
		t.Fatal(err, passed[0].Err)
	}
	ahead := says(page+"?preview=1", d.office)
	d.mustStatus(d.do(post, "/releases/preview", d.office, d.previewForm(1)), http.StatusSeeOther)
	now := says(page, "")
	for _, secret := range secrets {
		if !strings.Contains(now, secret) || !strings.Contains(ahead, secret) {
			t.Errorf("%s is not published beside the figure: %q, foreseen %q", secret, now, ahead)
		}
		if strings.Contains(says(page+"?release=2", ""), secret) {
			t.Errorf("release 2 tells %s", secret)
		}
		if strings.Contains(says(page+"?asof="+indicators.DateOf(d.clock().AddDate(0, 0, -1)).String(), ""), secret) {
			t.Errorf("the day before tells %s", secret)
		}
	}
	if !strings.Contains(now, "原为3") || !strings.Contains(now, "第3次发布") {
		t.Errorf("it reads %q", now)
	}
	if strings.Contains(now, "已核") {
		t.Error("a note to the reviewer stands among the unit's words")
	}
}
