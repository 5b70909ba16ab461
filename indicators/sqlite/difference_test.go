package sqlite

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yimi/indicators"
)

// The comparison promises what the load then does, row by row and figure by
// figure, and changes nothing itself.
func TestCompareIsWhatALoadDoes(t *testing.T) {
	for name, edit := range map[string]func(p *indicators.Package){
		"nothing": func(*indicators.Package) {},
		"a row, a figure corrected, one withdrawn, one added": func(p *indicators.Package) {
			p.Domains[0].Short = "甲"
			i := whole(p)
			added := p.Observations[i]
			added.Period.Year -= 3
			added.Note = "补登"
			p.Observations[i].Value = indicators.MustNumber("7")
			p.Observations = slices.Delete(p.Observations, i+1, i+2)
			p.Observations = append(p.Observations, added)
		},
		"the order":      func(p *indicators.Package) { p.Rules[0], p.Rules[1] = p.Rules[1], p.Rules[0] },
		"the descriptor": func(p *indicators.Package) { p.Descriptor = append(p.Descriptor, '\n') },
	} {
		t.Run(name, func(t *testing.T) {
			s, p := mustLoad(t)
			ctx := context.Background()
			edit(p)
			before, head := mustBytes(t, mustExport(t, s)), mustCount(t, s, "SELECT size FROM event_head")
			d, err := s.Compare(ctx, now, p)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(mustBytes(t, mustExport(t, s)), before) || mustCount(t, s, "SELECT size FROM event_head") != head {
				t.Error("to compare changed the store")
			}
			old := plainOf(t, s)
			c, err := s.LoadSeen(ctx, indicators.Console(), now, p, d.Token, "", nil, nil)
			if err != nil || c != d.Change {
				t.Errorf("LoadSeen = %+v, %v, the comparison promised %+v", c, err, d.Change)
			}
			l, err := s.Library(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if got := indicators.Differences(l, old, plainOf(t, s)); len(got) != len(d.Figures) {
				t.Errorf("%d figures became others, %d were promised", len(got), len(d.Figures))
			}
			events, want := mustCount(t, s, "SELECT size FROM event_head")-head, 1
			if d.Change.Nothing() {
				want = 0
			}
			if events != want {
				t.Errorf("%d events in the trail, want %d", events, want)
			}
			again, err := s.Compare(ctx, now, p)
			if err != nil || !again.Change.Nothing() || len(again.Files)+len(again.Figures)+len(again.Effects) != 0 {
				t.Errorf("after the load it still differs: %+v, %v", again.Change, err)
			}
		})
	}
}

func plainOf(t *testing.T, s *Store) []indicators.Observation {
	t.Helper()
	p := mustExport(t, s)
	return p.Observations
}

func TestCompareRefuses(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "yimi.db"))
	ctx, p := context.Background(), mustPlan(t)
	d, err := s.Compare(ctx, now, p)
	if err != nil || !d.Change.FirstOne || len(d.Files) != 0 {
		t.Errorf("an empty store: %+v, %v", d, err)
	}
	if _, err := s.LoadSeen(ctx, indicators.Console(), now, p, d.Token, "", nil, nil); err != nil {
		t.Fatal(err)
	}
	p.Domains[0].Short = "甲"
	if d, err = s.Compare(ctx, now, p); err != nil {
		t.Fatal(err)
	}
	office := indicators.Actor{Account: 1, Person: "Head", Grants: []indicators.Grant{{Role: indicators.OfficeMember}}}
	_, err = s.LoadSeen(ctx, indicators.Actor{}, now, p, d.Token, "why", nil, nil)
	mustBe(t, err, indicators.Unauthorized, "sign_in")
	_, err = s.LoadSeen(ctx, indicators.Actor{Account: 1, Grants: []indicators.Grant{{Role: indicators.Contributor, Organisation: "x"}}}, now, p, d.Token, "why", nil, nil)
	mustBe(t, err, indicators.Forbidden, "role")
	_, err = s.LoadSeen(ctx, office, now, p, d.Token, "", nil, nil)
	mustBe(t, err, indicators.Invalid, noReason)
	for text, what := range map[string]string{"a\x00b": "text_hidden", "\u202ewhy": "text_hidden", "\xff": "text_hidden", strings.Repeat("长", 4001): "text"} {
		for _, by := range []indicators.Actor{office, indicators.Console()} {
			_, err := s.LoadSeen(ctx, by, now, p, d.Token, text, nil, nil)
			mustBe(t, err, indicators.Invalid, what)
		}
	}
	_, err = s.LoadSeen(ctx, office, now, p, "another", "why", nil, nil)
	mustBe(t, err, indicators.Conflict, outdated)
	// Another package than the one that was looked at.
	other := mustPlan(t)
	other.Domains[0].Short = "乙"
	_, err = s.LoadSeen(ctx, office, now, other, d.Token, "why", nil, nil)
	mustBe(t, err, indicators.Conflict, outdated)
	// Somebody was faster.
	if _, err := s.Load(ctx, other, now, nil); err != nil {
		t.Fatal(err)
	}
	_, err = s.LoadSeen(ctx, office, now, p, d.Token, "why", nil, nil)
	mustBe(t, err, indicators.Conflict, outdated)
	if l, err := s.Library(ctx); err != nil || l.Domains[0].Short != "乙" {
		t.Errorf("a refused load changed the library: %v", err)
	}
}

// A package without an organisation that accounts act for, whether or not they
// can sign in, is refused by name before anything changes.
func TestAPackageWithoutAnOrganisationThatIsHeld(t *testing.T) {
	v := mustTown(t)
	next := mustExport(t, v.Store)
	next.Organisations = append(next.Organisations, indicators.Organisation{Code: "spare-office", Name: "备用办公室", Kind: next.Organisations[0].Kind})
	if _, err := v.Load(v.ctx, next, now, nil); err != nil {
		t.Fatal(err)
	}
	v.mustPerson("keeper", indicators.Grant{Role: indicators.Contributor, Organisation: "spare-office"})
	next.Organisations = next.Organisations[:len(next.Organisations)-1]
	diff, err := v.Compare(v.ctx, now, next)
	if err != nil || len(diff.Holding) != 1 || diff.Holding[0].Organisation != "spare-office" || len(diff.Holding[0].Accounts) != 1 {
		t.Errorf("the difference names %+v, %v", diff.Holding, err)
	}
	_, err = v.Load(v.ctx, next, now, nil)
	mustBe(t, err, indicators.Conflict, heldStill)
	if l, err := v.Library(v.ctx); err != nil || l.Organisation("spare-office") == nil {
		t.Errorf("the refused load took it away, %v", err)
	}
	if diff, err := v.Compare(v.ctx, now, mustExport(t, v.Store)); err != nil || len(diff.Holding) != 0 {
		t.Errorf("a package that has every organisation is held up by %+v, %v", diff.Holding, err)
	}
}
