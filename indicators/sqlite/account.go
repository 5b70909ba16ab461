package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"yimi/indicators"
)

// newToken is a new secret of 32 random bytes, as an address or a cookie has it.
func newToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func accountObject(id int64) string { return fmt.Sprintf("account %d", id) }

// Accounts lists every account by name, the disabled ones too.
func (s *Store) Accounts(ctx context.Context) ([]indicators.Account, error) {
	var out []indicators.Account
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
			SELECT id
			FROM accounts
			ORDER BY name`)
		if err != nil {
			return err
		}
		ids, err := numbers(rows)
		if err != nil {
			return err
		}
		for _, id := range ids {
			c, err := credentials(ctx, tx, id)
			if err != nil {
				return err
			}
			out = append(out, c.Account)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return out, nil
}

func numbers(rows *sql.Rows) (out []int64, err error) {
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// Account is one account. NotFound "account".
func (s *Store) Account(ctx context.Context, id int64) (a indicators.Account, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		c, err := credentials(ctx, tx, id)
		a = c.Account
		return err
	})
	if err != nil {
		return indicators.Account{}, fmt.Errorf("account %d: %w", id, err)
	}
	return a, nil
}

// Credentials are what a sign-in under that name is held against. NotFound
// "account" for a name that nobody has.
func (s *Store) Credentials(ctx context.Context, name string) (c indicators.Credentials, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		id, err := accountNamed(ctx, tx, name)
		if err != nil {
			return err
		}
		c, err = credentials(ctx, tx, id)
		return err
	})
	if err != nil {
		return indicators.Credentials{}, fmt.Errorf("credentials: %w", err)
	}
	return c, nil
}

// plainName is a name as the store keeps and compares it: full-width letters,
// ligatures and the like in their plain form (NFKC), in one case, so that no two
// accounts can be taken for each other by their widths.
func plainName(typed string) string {
	return indicators.FoldName(norm.NFKC.String(cases.Fold().String(norm.NFKC.String(typed))))
}

func accountNamed(ctx context.Context, q querier, name string) (id int64, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT id
		FROM accounts
		WHERE name = ?`, plainName(name)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, indicators.Missing(noAccount, "")
	}
	return id, err
}

func credentials(ctx context.Context, q querier, id int64) (c indicators.Credentials, err error) {
	var password, secret sql.NullString
	var successor sql.NullInt64
	var created string
	err = q.QueryRowContext(ctx, `
		SELECT
			id,
			name,
			person,
			state,
			password,
			forced,
			secret,
			step,
			successor,
			created,
			version
		FROM accounts
		WHERE id = ?`, id).Scan(&c.ID, &c.Name, &c.Person, &c.State, &password, &c.Forced, &secret, &c.Step, &successor, &created, &c.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return c, indicators.Missing(noAccount, fmt.Sprint(id))
	}
	if err != nil {
		return c, err
	}
	c.Password, c.Secret, c.Second, c.Successor = password.String, secret.String, secret.Valid, successor.Int64
	if c.Created, err = read(created); err != nil {
		return c, err
	}
	rows, err := q.QueryContext(ctx, `
		SELECT
			role,
			ifnull(organisation, '')
		FROM grants
		WHERE account = ?
		ORDER BY
			role,
			ifnull(organisation, '')`, id)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var g indicators.Grant
		if err := rows.Scan(&g.Role, &g.Organisation); err != nil {
			return c, err
		}
		c.Grants = append(c.Grants, g)
	}
	return c, rows.Err()
}

// maxPerson bounds a person's name, in characters.
const maxPerson = 100

// Invite makes an account that waits for its owner and the one-time link by
// which the owner sets a password. Forbidden "role", Invalid "account_name",
// "person" or one of [indicators.CheckGrants], Conflict "account_exists".
func (s *Store) Invite(ctx context.Context, actor indicators.Actor, at time.Time, name, person string, grants []indicators.Grant) (id int64, link string, err error) {
	err = actor.Allow(indicators.Invite)
	if err == nil {
		id, link, err = s.invite(ctx, actor, at, indicators.Invite, name, person, grants)
	}
	if err != nil {
		return 0, "", fmt.Errorf("invite: %w", err)
	}
	return id, link, nil
}

func (s *Store) invite(ctx context.Context, actor indicators.Actor, at time.Time, act indicators.Action, name, person string, grants []indicators.Grant) (id int64, link string, err error) {
	if name, err = indicators.AccountName(plainName(name)); err != nil {
		return 0, "", err
	}
	if person == "" || utf8.RuneCountInString(person) > maxPerson || strings.ContainsAny(person, "\r\n") || indicators.CheckText(person) != nil {
		return 0, "", &indicators.Error{Kind: indicators.Invalid, What: "person", Detail: person}
	}
	if err := indicators.CheckGrants(grants); err != nil {
		return 0, "", err
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		_, err := accountNamed(ctx, tx, name)
		var known *indicators.Error
		if err == nil {
			return &indicators.Error{Kind: indicators.Conflict, What: "account_exists", Detail: name}
		}
		if !errors.As(err, &known) {
			return err
		}
		made, err := tx.ExecContext(ctx, `
			INSERT INTO accounts (
				name,
				person,
				state,
				created
			)
			VALUES (?, ?, 'waiting', ?)`,
			name,
			person,
			written(at))
		if err != nil {
			return err
		}
		if id, err = made.LastInsertId(); err != nil {
			return err
		}
		if err := grant(ctx, tx, id, grants); err != nil {
			return err
		}
		if link, err = makeLink(ctx, tx, id, at, indicators.InviteLife); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, act, accountObject(id), nil, accountTold{Name: name, Person: person, Grants: grantsTold(grants)}))
	})
	return id, link, err
}

// accountTold is an account as the trail tells it.
type accountTold struct {
	Name   string   `json:"name,omitempty"`
	Person string   `json:"person,omitempty"`
	State  string   `json:"state,omitempty"`
	Grants []string `json:"grants,omitempty"`
	To     int64    `json:"to,omitempty"`
	Second *bool    `json:"second,omitempty"`
}

func grantsTold(grants []indicators.Grant) (out []string) {
	for _, g := range grants {
		out = append(out, g.String())
	}
	return out
}

func grant(ctx context.Context, tx *sql.Tx, id int64, grants []indicators.Grant) error {
	for _, g := range grants {
		var organisation any
		if g.Organisation != "" {
			organisation = g.Organisation
			var is bool
			err := tx.QueryRowContext(ctx, `
				SELECT EXISTS (SELECT 1 FROM organisations WHERE code = ?)`, g.Organisation).Scan(&is)
			if err != nil {
				return err
			}
			if !is {
				return &indicators.Error{Kind: indicators.Invalid, What: "grant_organisation", Detail: g.String()}
			}
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO grants (
				account,
				role,
				organisation
			)
			VALUES (?, ?, ?)`,
			id,
			g.Role,
			organisation)
		if err != nil {
			return err
		}
	}
	return nil
}

// amend runs do on an account as it was read: Conflict "account_changed" when
// somebody else was faster, and its version goes up.
func (s *Store) amend(ctx context.Context, actor indicators.Actor, act indicators.Action, id, version int64, do func(*sql.Tx, indicators.Credentials) error) error {
	if err := actor.Allow(act); err != nil {
		return fmt.Errorf("account %d: %w", id, err)
	}
	err := s.change(ctx, func(tx *sql.Tx) error {
		c, err := credentials(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.Version != version {
			return &indicators.Error{Kind: indicators.Conflict, What: "account_changed", Detail: c.Name}
		}
		if err := do(tx, c); err != nil {
			return err
		}
		return bump(ctx, tx, id)
	})
	if err != nil {
		return fmt.Errorf("account %d: %w", id, err)
	}
	return nil
}

func bump(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE accounts
		SET version = version + 1
		WHERE id = ?`, id)
	return err
}

func setState(ctx context.Context, tx *sql.Tx, id int64, state indicators.AccountState) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE accounts
		SET state = ?
		WHERE id = ?`, state, id)
	return err
}

// keepsSecurity refuses what would leave nobody to keep the accounts.
func keepsSecurity(ctx context.Context, tx *sql.Tx, but indicators.Account) error {
	if but.State != indicators.Enabled || !but.Actor("").Has(indicators.SecurityAdmin) {
		return nil
	}
	others, err := securityAdmins(ctx, tx, but.ID)
	if err != nil {
		return err
	}
	if others == 0 {
		return &indicators.Error{Kind: indicators.Conflict, What: "last_security", Detail: but.Name}
	}
	return nil
}

// securityAdmins counts the enabled security administrators besides one.
func securityAdmins(ctx context.Context, q querier, but int64) (n int, err error) {
	err = q.QueryRowContext(ctx, `
		SELECT count(*)
		FROM grants
		CROSS JOIN accounts ON accounts.id = grants.account
		WHERE grants.role = 'security' AND accounts.state = 'enabled' AND accounts.id <> ?`, but).Scan(&n)
	return n, err
}

// SetGrants gives an account these roles instead of those it has, and signs it
// out everywhere. Errors as for [Store.Invite]; Conflict "last_security" when
// nobody would be left to keep the accounts, "account_own" for one's own.
func (s *Store) SetGrants(ctx context.Context, actor indicators.Actor, at time.Time, id, version int64, grants []indicators.Grant) error {
	if err := indicators.CheckGrants(grants); err != nil {
		return fmt.Errorf("account %d: %w", id, err)
	}
	return s.amend(ctx, actor, indicators.SetGrants, id, version, func(tx *sql.Tx, c indicators.Credentials) error {
		after := c.Account
		after.Grants = grants
		if !after.Actor("").Has(indicators.SecurityAdmin) {
			if err := keepsSecurity(ctx, tx, c.Account); err != nil {
				return err
			}
		}
		// Who keeps the accounts must not be who decides what the keeper may do.
		if id == actor.Account {
			return &indicators.Error{Kind: indicators.Conflict, What: "account_own", Detail: c.Name}
		}
		if err := ungrant(ctx, tx, id); err != nil {
			return err
		}
		if err := grant(ctx, tx, id, grants); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, id, 0); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.SetGrants, accountObject(id), accountTold{Grants: grantsTold(c.Grants)}, accountTold{Grants: grantsTold(grants)}))
	})
}

func ungrant(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM grants
		WHERE account = ?`, id)
	return err
}

// Disable closes an account: it signs in no more, its sessions and links end.
// Conflict "last_security", "account_own" for one's own account.
func (s *Store) Disable(ctx context.Context, actor indicators.Actor, at time.Time, id, version int64) error {
	return s.amend(ctx, actor, indicators.Disable, id, version, func(tx *sql.Tx, c indicators.Credentials) error {
		if err := disable(ctx, tx, actor, c.Account); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.Disable, accountObject(id), accountTold{State: string(c.State)}, accountTold{State: string(indicators.Disabled)}))
	})
}

func disable(ctx context.Context, tx *sql.Tx, actor indicators.Actor, a indicators.Account) error {
	if a.ID == actor.Account {
		return &indicators.Error{Kind: indicators.Conflict, What: "account_own", Detail: a.Name}
	}
	if err := keepsSecurity(ctx, tx, a); err != nil {
		return err
	}
	if err := setState(ctx, tx, a.ID, indicators.Disabled); err != nil {
		return err
	}
	if err := dropLinks(ctx, tx, a.ID); err != nil {
		return err
	}
	return endSessions(ctx, tx, a.ID, 0)
}

// Enable opens a disabled account again: with its password where it has one,
// else it waits for a link.
func (s *Store) Enable(ctx context.Context, actor indicators.Actor, at time.Time, id, version int64) error {
	return s.amend(ctx, actor, indicators.Enable, id, version, func(tx *sql.Tx, c indicators.Credentials) error {
		state := indicators.Enabled
		if c.Password == "" {
			state = indicators.Waiting
		}
		if err := setState(ctx, tx, id, state); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.Enable, accountObject(id), accountTold{State: string(c.State)}, accountTold{State: string(state)}))
	})
}

// HandOver gives the duties of one account, its roles for organisations and
// with them their drafts, to a successor and closes it, in one step. Errors as
// for [Store.Disable] and [Store.SetGrants]; Conflict "account_successor" when
// the successor is the account itself or disabled.
func (s *Store) HandOver(ctx context.Context, actor indicators.Actor, at time.Time, id, version, to int64) error {
	return s.amend(ctx, actor, indicators.HandOver, id, version, func(tx *sql.Tx, c indicators.Credentials) error {
		next, err := credentials(ctx, tx, to)
		if err != nil {
			return err
		}
		if to == id || next.State == indicators.Disabled {
			return &indicators.Error{Kind: indicators.Conflict, What: "account_successor", Detail: next.Name}
		}
		grants, more := next.Grants, []indicators.Grant(nil)
		for _, g := range c.Grants {
			if !g.Role.OfOrganisation() {
				continue
			}
			has := false
			for _, h := range next.Grants {
				has = has || h == g
			}
			if !has {
				more = append(more, g)
			}
		}
		if err := indicators.CheckGrants(append(grants[:len(grants):len(grants)], more...)); err != nil {
			return err
		}
		if err := grant(ctx, tx, to, more); err != nil {
			return err
		}
		if err := bump(ctx, tx, to); err != nil {
			return err
		}
		if err := disable(ctx, tx, actor, c.Account); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE accounts
			SET successor = ?
			WHERE id = ?`, to, id)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.HandOver, accountObject(id), accountTold{State: string(c.State), Grants: grantsTold(c.Grants)}, accountTold{State: string(indicators.Disabled), Grants: grantsTold(more), To: to}))
	})
}

// SetTemporary gives an account a password that its owner must change at the
// next sign-in, for people whom no link reaches. hash is the password's.
// Conflict "account_own", "account_disabled".
func (s *Store) SetTemporary(ctx context.Context, actor indicators.Actor, at time.Time, id, version int64, hash string) error {
	return s.amend(ctx, actor, indicators.ResetLink, id, version, func(tx *sql.Tx, c indicators.Credentials) error {
		switch {
		case c.ID == actor.Account:
			return &indicators.Error{Kind: indicators.Conflict, What: "account_own", Detail: c.Name}
		case c.State == indicators.Disabled:
			return &indicators.Error{Kind: indicators.Conflict, What: "account_disabled", Detail: c.Name}
		}
		if err := setPassword(ctx, tx, id, hash, true); err != nil {
			return err
		}
		if err := errors.Join(dropLinks(ctx, tx, id), endSessions(ctx, tx, id, 0)); err != nil {
			return err
		}
		return record(ctx, tx, actor.Did(at, indicators.ResetLink, accountObject(id), nil, "temporary"))
	})
}

func setPassword(ctx context.Context, tx *sql.Tx, id int64, hash string, forced bool) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE accounts
		SET
			password = ?,
			forced = ?,
			state = 'enabled'
		WHERE id = ?`, hash, forced, id)
	return err
}
