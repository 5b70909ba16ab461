package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// accountStore keeps the accounts.
type accountStore interface {
	Accounts(ctx context.Context) ([]indicators.Account, error)
	Invite(ctx context.Context, actor indicators.Actor, at time.Time, name, person string, grants []indicators.Grant) (int64, string, error)
	SetGrants(ctx context.Context, actor indicators.Actor, at time.Time, id, version int64, grants []indicators.Grant) error
	Disable(ctx context.Context, actor indicators.Actor, at time.Time, id, version int64) error
	Enable(ctx context.Context, actor indicators.Actor, at time.Time, id, version int64) error
	LeftBy(ctx context.Context, actor indicators.Actor, at time.Time, id int64, roles []indicators.Grant) (indicators.Lacking, error)
	HandOver(ctx context.Context, actor indicators.Actor, at time.Time, id, version, to int64) error
	ResetLink(ctx context.Context, actor indicators.Actor, at time.Time, id, version int64, second bool) (string, error)
	SetTemporary(ctx context.Context, actor indicators.Actor, at time.Time, id, version int64, hash string) error
}

// listAccounts lists them, narrowed by what the address asks for.
func (s *Server) listAccounts(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	all, err := s.Store.Accounts(c.Request.Context())
	if err != nil {
		return err
	}
	p := page.Accounts{Frame: v.frame, Asked: c.Query("q"), State: c.Query("state"), Total: len(all)}
	p.Title, p.Section = p.T("accounts.title"), "accounts"
	for _, state := range indicators.AccountState("").Allowed() {
		p.States = append(p.States, page.Option{Value: state, Text: p.T("account.state." + state), Chosen: state == p.State})
	}
	asked := indicators.FoldName(p.Asked)
	for _, a := range all {
		row := page.AccountRow{Account: page.Link{Text: a.Name, URL: fmt.Sprintf("/accounts/%d", a.ID)}, Holder: a.Person, State: p.T("account.state." + string(a.State)), Second: a.Second}
		for _, g := range a.Grants {
			row.Roles = append(row.Roles, grantWords(&p.Frame, v.library, g))
		}
		text := strings.ToLower(a.Name + " " + a.Person + " " + strings.Join(row.Roles, " "))
		if strings.Contains(text, asked) && (p.State == "" || p.State == string(a.State)) {
			p.Rows = append(p.Rows, row)
		}
	}
	return s.show(c, http.StatusOK, &p)
}

// spare is how many empty choices of an organisation a form offers.
const spare = 2

// grantsForm is the fields by which roles are chosen.
func grantsForm(f *page.Frame, l *indicators.Library, grants []indicators.Grant, problem string) []page.Field {
	box := page.Field{Name: "role", Label: f.T("accounts.roles"), Kind: "checkboxes", Problem: problem}
	chosen := map[indicators.Role][]indicators.Code{}
	has := map[indicators.Role]bool{}
	for _, g := range grants {
		has[g.Role] = true
		chosen[g.Role] = append(chosen[g.Role], g.Organisation)
	}
	var out []page.Field
	for _, name := range indicators.Role("").Allowed() {
		role := indicators.Role(name)
		if !role.OfOrganisation() {
			box.Options = append(box.Options, page.Option{Value: name, Text: f.T("role." + name), Chosen: has[role]})
			continue
		}
		for n, code := range append(chosen[role], make([]indicators.Code, spare)...) {
			field := page.Field{Name: name, Label: f.T("role.for."+name, n+1), Kind: "select", Options: []page.Option{{Text: f.T("accounts.none")}}}
			for _, o := range l.Organisations {
				if o.Kind != indicators.Collective {
					field.Options = append(field.Options, page.Option{Value: string(o.Code), Text: f.Pick(o.Name, o.NameEn), Chosen: o.Code == code})
				}
			}
			out = append(out, field)
		}
	}
	return append([]page.Field{box}, out...)
}

// readGrants reads what was chosen.
func readGrants(c *gin.Context) (out []indicators.Grant) {
	for _, r := range c.PostFormArray("role") {
		out = append(out, indicators.Grant{Role: indicators.Role(r)})
	}
	for _, r := range []indicators.Role{indicators.Contributor, indicators.Reviewer} {
		for _, code := range c.PostFormArray(string(r)) {
			if code != "" {
				out = append(out, indicators.Grant{Role: r, Organisation: indicators.Code(code)})
			}
		}
	}
	return out
}

// refused is what a person can mend: the key of its words; empty for anything
// else.
func refused(err error) string {
	var known *indicators.Error
	if errors.As(err, &known) && (known.Kind == indicators.Invalid || known.Kind == indicators.Conflict && known.What == "account_exists") {
		return known.What
	}
	return ""
}

// showInvite is the form for a new account.
func (s *Server) showInvite(c *gin.Context) error {
	return s.askInvite(c, http.StatusOK, "", "", nil, "")
}

func (s *Server) askInvite(c *gin.Context, status int, name, person string, grants []indicators.Grant, what string) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	f := v.frame
	f.Title, f.Section = f.T("accounts.invite"), "accounts"
	at := map[string]string{"account_name": "name", "account_exists": "name", "person": "person"}
	problems := map[string]string{}
	if what != "" {
		field := at[what]
		if field == "" {
			field = "role"
		}
		problems[field] = f.T("refused." + what)
	}
	form := page.Form{Action: "/accounts/new", Button: f.T("accounts.invite_button"), Fields: append([]page.Field{
		{Name: "name", Label: f.T("accounts.name"), Hint: f.T("accounts.name_hint"), Kind: "text", Value: name, Complete: "off", Problem: problems["name"]},
		{Name: "person", Label: f.T("accounts.person"), Kind: "text", Value: person, Complete: "off", Problem: problems["person"]},
	}, grantsForm(&f, v.library, grants, problems["role"])...)}
	if n := form.Wrong(); n > 0 {
		f.Title = f.T("form.wrong", n, f.Title)
	}
	return s.show(c, status, &page.Invite{Frame: f, Form: form})
}

// invite makes the account and shows its link once.
func (s *Server) invite(c *gin.Context) error {
	name, person, grants := c.PostForm("name"), strings.TrimSpace(c.PostForm("person")), readGrants(c)
	id, link, err := s.Store.Invite(c.Request.Context(), actor(c), s.Now(), name, person, grants)
	if what := refused(err); what != "" {
		return s.askInvite(c, http.StatusUnprocessableEntity, name, person, grants, what)
	}
	if err != nil {
		return err
	}
	return s.tell(c, "invite", []string{s.site(c) + "/invite/" + link}, fmt.Sprintf("/accounts/%d", id))
}

// site is the address by which the sender of a request knows us.
func (s *Server) site(c *gin.Context) string {
	if s.covered(c) {
		return "https://" + c.Request.Host
	}
	return "http://" + c.Request.Host
}

// showOther is one account as its keeper sees it.
func (s *Server) showOther(c *gin.Context) error {
	id, err := number(c, "id", "account")
	if err != nil {
		return err
	}
	a, err := s.Store.Account(c.Request.Context(), id)
	if err != nil {
		return err
	}
	return s.showKeeping(c, http.StatusOK, a, a.Grants, "", page.Left{})
}

func (s *Server) showKeeping(c *gin.Context, status int, a indicators.Account, grants []indicators.Grant, what string, left page.Left) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	all, err := s.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	sessions, err := s.Store.Sessions(ctx, a.ID, s.Now())
	if err != nil {
		return err
	}
	f := v.frame
	f.Title, f.Section = a.Person, "accounts"
	f.Crumbs = []page.Link{{Text: f.T("accounts.title"), URL: "/accounts"}}
	p := page.Keeping{
		Account: a.Name, Holder: a.Person, State: f.T("account.state." + string(a.State)), Disabled: a.State == indicators.Disabled,
		Own: a.ID == actor(c).Account, Second: a.Second, Created: v.when(a.Created), Sessions: len(sessions), Version: strconv.FormatInt(a.Version, 10),
		Base: fmt.Sprintf("/accounts/%d", a.ID), Left: left,
	}
	for _, g := range a.Grants {
		p.Roles = append(p.Roles, page.RoleWords{Role: grantWords(&f, v.library, g), Cannot: f.T("role.cannot." + string(g.Role))})
	}
	problem := ""
	if what != "" {
		problem = f.T("refused." + what)
	}
	p.Grants = page.Form{Action: p.Base + "/grants", Button: f.T("accounts.save_roles"), Hidden: []page.Field{{Name: "version", Value: p.Version}}, Problem: left.Roles, Fields: grantsForm(&f, v.library, grants, problem)}
	next := page.Field{Name: "to", Label: f.T("accounts.successor"), Kind: "select", Options: []page.Option{{Text: f.T("accounts.none")}}}
	for _, x := range all {
		if x.ID == a.Successor {
			p.Successor = page.Link{Text: x.Person, URL: fmt.Sprintf("/accounts/%d", x.ID)}
		}
		if x.ID != a.ID && x.State != indicators.Disabled {
			next.Options = append(next.Options, page.Option{Value: strconv.FormatInt(x.ID, 10), Text: f.T("accounts.option", x.Person, x.Name)})
		}
	}
	if left.Roles != "" {
		p.Grants.Button = f.T("accounts.save_roles_anyway")
		p.Grants.Hidden = append(p.Grants.Hidden, page.Field{Name: "left", Value: "yes"})
	}
	p.HandOver = page.Form{Action: p.Base + "/hand-over", Button: f.T("accounts.hand_over"), Hidden: p.Grants.Hidden[:1:1], Fields: []page.Field{next}}
	if n := p.Grants.Wrong(); n > 0 {
		f.Title = f.T("form.wrong", n, f.Title)
	}
	p.Frame = f
	return s.show(c, status, &p)
}

// keep runs one act on the account of the address, with the version that the
// form carries, and goes back to it.
func (s *Server) keep(do func(c *gin.Context, id, version int64) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		id, err := number(c, "id", "account")
		if err != nil {
			return err
		}
		version, err := strconv.ParseInt(c.PostForm("version"), 10, 64)
		if err != nil {
			version = 0 // no account has it: the act meets a conflict, or nothing at that id
		}
		if err := do(c, id, version); err != nil {
			return err
		}
		if !c.Writer.Written() {
			return redirect(c, fmt.Sprintf("/accounts/%d", id))
		}
		return nil
	}
}

// leaves asks once more where an act on an account would leave open figures to
// nobody: it is false where it did, with the page sent.
func (s *Server) leaves(c *gin.Context, id int64, roles []indicators.Grant, closing bool) (bool, error) {
	if c.PostForm("left") == "yes" {
		return true, nil
	}
	x, err := s.Store.LeftBy(c.Request.Context(), actor(c), s.Now(), id, roles)
	if err != nil || x.Nothing() {
		return true, err
	}
	v, err := s.visit(c)
	if err != nil {
		return false, err
	}
	a, err := s.Store.Account(c.Request.Context(), id)
	if err != nil {
		return false, err
	}
	left := page.Left{Closing: closing, Lacks: v.lacks(x), Text: v.frame.T("accounts.left", a.Person, len(x.Entry), len(x.Review))}
	if closing {
		roles = a.Grants
	} else {
		left.Roles = left.Text
	}
	return false, s.showKeeping(c, http.StatusUnprocessableEntity, a, roles, "", left)
}

func (s *Server) setGrants(c *gin.Context, id, version int64) error {
	grants := readGrants(c)
	if indicators.CheckGrants(grants) == nil {
		if on, err := s.leaves(c, id, grants, false); err != nil || !on {
			return err
		}
	}
	err := s.Store.SetGrants(c.Request.Context(), actor(c), s.Now(), id, version, grants)
	if what := refused(err); what != "" {
		a, err := s.Store.Account(c.Request.Context(), id)
		if err != nil {
			return err
		}
		return s.showKeeping(c, http.StatusUnprocessableEntity, a, grants, what, page.Left{})
	}
	return err
}

func (s *Server) disable(c *gin.Context, id, version int64) error {
	if on, err := s.leaves(c, id, nil, true); err != nil || !on {
		return err
	}
	return s.Store.Disable(c.Request.Context(), actor(c), s.Now(), id, version)
}

func (s *Server) enable(c *gin.Context, id, version int64) error {
	return s.Store.Enable(c.Request.Context(), actor(c), s.Now(), id, version)
}

func (s *Server) handOver(c *gin.Context, id, version int64) error {
	to, err := strconv.ParseInt(c.PostForm("to"), 10, 64)
	if err != nil {
		return &indicators.Error{Kind: indicators.Invalid, What: "account_successor"}
	}
	return s.Store.HandOver(c.Request.Context(), actor(c), s.Now(), id, version, to)
}

func (s *Server) resetLink(c *gin.Context, id, version int64) error {
	link, err := s.Store.ResetLink(c.Request.Context(), actor(c), s.Now(), id, version, c.PostForm("second") == "off")
	if err != nil {
		return err
	}
	return s.tell(c, "reset", []string{s.site(c) + "/reset/" + link}, fmt.Sprintf("/accounts/%d", id))
}

func (s *Server) setTemporary(c *gin.Context, id, version int64) error {
	password := temporary()
	hash, err := s.gate.hash(c.Request.Context(), password)
	if err != nil {
		return err
	}
	if err := s.Store.SetTemporary(c.Request.Context(), actor(c), s.Now(), id, version, hash); err != nil {
		return err
	}
	return s.tell(c, "temporary", []string{password}, fmt.Sprintf("/accounts/%d", id))
}

func (s *Server) endEverywhere(c *gin.Context, id, _ int64) error {
	return s.Store.EndSessions(c.Request.Context(), actor(c), s.Now(), id, 0)
}
