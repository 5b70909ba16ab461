package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"yimi/indicators"
)

// Load makes the store equal to the package, all or nothing. The library's
// rows are replaced where they differ. Figures that the store has not are
// published in a new release, and figures that the package has not end with
// it (not those that were entered here and published from a round); a figure
// that differs does both. A figure that was taken back here comes again only
// where the package tells it otherwise. The first load makes release 1; a load
// that leaves every figure as it is makes none. A second load of the same
// package changes nothing.
//
// now is the release's time. progress, which may be nil, is told how many of
// the package's rows are done, from within the transaction: it must be quick
// and may not load.
//
// A package that breaks a rule is refused with its [indicators.Problems], one
// of another plan than the store keeps with Conflict "plan_other", one whose
// Plan is not what its descriptor says with Invalid "datapackage.json", one
// without an organisation that accounts act for with Conflict
// "organisation_held", naming both.
func (s *Store) Load(ctx context.Context, p *indicators.Package, now time.Time, progress func(done, total int)) (indicators.Change, error) {
	return s.LoadSaying(ctx, p, now, nil, progress)
}

// LoadSaying is [Store.Load] of a release that keeps what the rules say of every
// target, in words; without words it keeps nothing of the kind.
func (s *Store) LoadSaying(ctx context.Context, p *indicators.Package, now time.Time, words indicators.Teller, progress func(done, total int)) (indicators.Change, error) {
	return s.loadBy(ctx, indicators.Console(), now, p, nil, words, progress)
}

// LoadSeen is [Store.LoadSaying] of a package whose difference somebody has
// looked at: token is that difference's, and reason is told in the trail and to
// the public beside the release. The actor is of the office, or the console,
// which may leave the reason empty.
//
// Beside the errors of Load: those of [indicators.Permits]; Invalid
// "reason_empty", and "text" and "text_hidden" as [indicators.CheckText] has
// them; Conflict "library_moved" when the library or the release is
// another since the difference was looked at.
func (s *Store) LoadSeen(ctx context.Context, actor indicators.Actor, at time.Time, p *indicators.Package, token, reason string,
	words indicators.Teller, progress func(done, total int),
) (indicators.Change, error) {
	if console := indicators.Console(); actor.Account != 0 || actor.Person != console.Person {
		err := indicators.Permits(actor, indicators.KeepLibrary, indicators.Subject{})
		if err == nil && reason == "" {
			err = invalid(noReason, "")
		}
		if err != nil {
			return indicators.Change{}, fmt.Errorf("load: %w", err)
		}
	}
	if err := indicators.CheckText(reason); err != nil {
		return indicators.Change{}, fmt.Errorf("load: %w", err)
	}
	return s.loadBy(ctx, actor, at, p, &seen{token, reason}, words, progress)
}

// seen is what a load rests on that was looked at before.
type seen struct{ token, reason string }

func (s *Store) loadBy(ctx context.Context, actor indicators.Actor, at time.Time, p *indicators.Package, by *seen, words indicators.Teller, progress func(done, total int)) (indicators.Change, error) {
	if err := fit(p); err != nil {
		return indicators.Change{}, err
	}
	l := loader{p: p, next: indicators.NewLibrary(p), actor: actor, seen: by, words: words, progress: progress, total: len(p.Observations)}
	for _, t := range tables() {
		l.rows = append(l.rows, p.Rows(t.file))
		l.total += len(l.rows[len(l.rows)-1])
	}
	if err := s.change(ctx, func(tx *sql.Tx) error { return l.load(ctx, tx, at) }); err != nil {
		return indicators.Change{}, fmt.Errorf("load %s: %w", p.Plan.Code, err)
	}
	if !l.change.Nothing() {
		s.fold(ctx)
	}
	return l.change, nil
}

// fold empties the write-ahead log into the file, for a load may have made it
// larger than the plan. What was loaded is safe in the log whatever comes of
// it, and the next commit tries again: its failure is nobody's concern.
func (s *Store) fold(ctx context.Context) {
	_, _ = s.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
}

// loader is one load under way.
type loader struct {
	p              *indicators.Package
	next           *indicators.Library // of p
	actor          indicators.Actor
	seen           *seen
	words          indicators.Teller // nil for none
	rows           [][][]string      // of each of tables
	progress       func(done, total int)
	done, total    int
	change         indicators.Change
	subjects, area map[indicators.Code]int64
}

func (l *loader) load(ctx context.Context, tx *sql.Tx, now time.Time) error {
	descriptor, edition, err := l.plan(ctx, tx)
	if err != nil {
		return err
	}
	var standing int
	err = tx.QueryRowContext(ctx, `
		SELECT ifnull(max(number), 0)
		FROM releases`).Scan(&standing)
	if err != nil {
		return err
	}
	if l.seen != nil && indicators.LoadToken(l.p, edition, standing) != l.seen.token {
		return conflict(outdated, string(l.p.Plan.Code))
	}
	if !l.change.FirstOne {
		// A release made before editions were kept reads this one.
		if err := keepEdition(ctx, tx, edition); err != nil {
			return err
		}
	}
	if err := l.library(ctx, tx); err != nil {
		return err
	}
	if err := requeue(ctx, tx, indicators.NewLibrary(l.p)); err != nil {
		return err
	}
	if !bytes.Equal(descriptor, l.p.Descriptor) {
		l.change.Rows++
	}
	if l.change.Rows > 0 || l.change.FirstOne {
		if err := l.keepPlan(ctx, tx, edition+1); err != nil {
			return err
		}
	}
	if err := l.observations(ctx, tx, standing+1); err != nil {
		return err
	}
	l.change.Release = standing
	if l.change.FirstOne || l.change.Added > 0 || l.change.Ended > 0 {
		l.change.Release++
	}
	made := indicators.Release{Number: l.change.Release, Published: now, Kind: indicators.LoadedRelease}
	if !l.change.FirstOne && !l.change.Nothing() {
		if err := l.tell(ctx, tx, now, edition, standing, &made); err != nil {
			return err
		}
	}
	if l.change.Release == standing {
		return nil
	}
	if l.words != nil {
		made.Rules = indicators.RulesVersion
		if err := l.statuses(ctx, tx, made); err != nil {
			return err
		}
	}
	return announce(ctx, tx, made, l.actor.Account)
}

// tell writes a load over a kept plan into the trail, and says on its release
// who loaded it and why.
func (l *loader) tell(ctx context.Context, tx *sql.Tx, now time.Time, edition int64, standing int, made *indicators.Release) (err error) {
	if l.seen != nil {
		made.Note = l.seen.reason
	}
	if l.actor.Account != 0 {
		made.Person = l.actor.Person
	}
	err = record(ctx, tx, l.actor.Did(now, indicators.KeepLibrary, "package "+string(l.p.Plan.Code),
		map[string]any{"edition": edition, "release": standing},
		map[string]any{"rows": l.change.Rows, "added": l.change.Added, "ended": l.change.Ended, "release": l.change.Release, "reason": made.Note}))
	if err != nil {
		return err
	}
	made.Head, err = treeHead(ctx, tx)
	return err
}

// statuses judges the plan as it stands after the load.
func (l *loader) statuses(ctx context.Context, tx *sql.Tx, r indicators.Release) error {
	library := l.next
	stands, err := everything(ctx, tx, library, newestRelease)
	if err != nil {
		return err
	}
	all, err := rounds(ctx, tx)
	if err != nil {
		return err
	}
	day := today(library, r.Published)
	return statusesInto(ctx, tx, r.Number, indicators.AssessPlan(library, plain(stands), day, indicators.DueOf(all)), l.words(library, day))
}

// plan reads what the store keeps of the plan and refuses another one.
func (l *loader) plan(ctx context.Context, tx *sql.Tx) (descriptor []byte, edition int64, err error) {
	var code indicators.Code
	err = tx.QueryRowContext(ctx, `
		SELECT
			code,
			descriptor,
			edition
		FROM plan`).Scan(&code, &descriptor, &edition)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		l.change.FirstOne = true
		return nil, 0, nil
	case err != nil:
		return nil, 0, err
	case code != l.p.Plan.Code:
		return nil, 0, &indicators.Error{Kind: indicators.Conflict, What: otherPlan, Detail: string(code)}
	}
	return descriptor, edition, nil
}

func (l *loader) keepPlan(ctx context.Context, tx *sql.Tx, edition int64) error {
	if l.change.FirstOne {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO plan (
				id,
				code,
				descriptor,
				edition
			)
			VALUES (1, ?, ?, ?)`,
			l.p.Plan.Code,
			l.p.Descriptor,
			edition)
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE plan
		SET
			descriptor = ?,
			edition = ?
		WHERE id = 1`,
		l.p.Descriptor,
		edition)
	return err
}

// letGo refuses a package without one of the kept organisations for which
// accounts act.
func (l *loader) letGo(ctx context.Context, tx *sql.Tx, kept [][]string) error {
	codes := make([]indicators.Code, len(kept))
	for i, row := range kept {
		codes[i] = indicators.Code(row[0]) // a row's key is its first cell
	}
	holding, err := holders(ctx, tx, gone(codes, l.p))
	if err != nil || len(holding) == 0 {
		return err
	}
	x := holding[0]
	return conflict(heldStill, string(x.Organisation)+": "+strings.Join(x.Accounts, ", "))
}

// library writes the tables that differ. Every row that goes is gone before
// the first one comes, for a code may move from one file to another.
func (l *loader) library(ctx context.Context, tx *sql.Tx) error {
	all := tables()
	old := make([][][]string, len(all))
	for i, t := range all {
		var err error
		if old[i], err = t.rows(ctx, tx); err != nil {
			return err
		}
		if t.file == organisationsFile {
			if err := l.letGo(ctx, tx, old[i]); err != nil {
				return err
			}
		}
		if err := t.remove(ctx, tx, old[i], l.rows[i]); err != nil {
			return err
		}
	}
	for i, t := range all {
		if err := t.add(ctx, tx, old[i], l.rows[i]); err != nil {
			return err
		}
		f, _ := indicators.FileNamed(t.file)
		l.change.Rows += len(indicators.CompareRows(f, old[i], l.rows[i]).Rows)
		l.step(len(l.rows[i]))
	}
	return nil
}

func (l *loader) step(rows int) {
	l.done += rows
	if l.progress != nil {
		l.progress(l.done, l.total)
	}
}

// observations walks through the subjects of the store and of the package in
// the order of their codes, so that one subject's figures are in memory and
// not all of the store's.
func (l *loader) observations(ctx context.Context, tx *sql.Tx, release int) error {
	var err error
	if l.subjects, err = ids(ctx, tx, `SELECT id, code FROM subject_ids`); err != nil {
		return err
	}
	if l.area, err = ids(ctx, tx, `SELECT id, code FROM area_ids`); err != nil {
		return err
	}
	wanted := map[indicators.Code][]indicators.Observation{}
	for code := range l.subjects {
		wanted[code] = nil
	}
	for _, o := range l.p.Observations {
		wanted[o.Subject] = append(wanted[o.Subject], o)
	}
	codes := make([]indicators.Code, 0, len(wanted))
	for code := range wanted {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for _, code := range codes {
		if err := l.subject(ctx, tx, code, wanted[code], release); err != nil {
			return fmt.Errorf("observations of %s: %w", code, err)
		}
		l.step(len(wanted[code]))
	}
	return nil
}

// subject merges one subject's figures, both sides in the order of their keys.
func (l *loader) subject(ctx context.Context, tx *sql.Tx, code indicators.Code, now []indicators.Observation, release int) error {
	slices.SortFunc(now, indicators.CompareObservations)
	old, err := observationsOf(ctx, tx, code, newestRelease)
	if err != nil {
		return err
	}
	taken, err := withdrawnHere(ctx, tx, code)
	if err != nil {
		return err
	}
	for _, p := range indicators.PairFigures(plain(old), now) {
		if p.Old < 0 && slices.ContainsFunc(taken, func(o stored) bool { return indicators.SameFigure(&o.Observation, &now[p.New]) }) {
			continue
		}
		if p.Old >= 0 && l.next.Stays(&old[p.Old].Observation) {
			mine, err := enteredHere(ctx, tx, old[p.Old])
			if err != nil {
				return err
			}
			if mine {
				continue
			}
		}
		if p.Old >= 0 {
			if err := end(ctx, tx, old[p.Old], release); err != nil {
				return err
			}
			l.change.Ended++
		}
		if p.New >= 0 {
			if err := l.publish(ctx, tx, now[p.New], release); err != nil {
				return err
			}
			l.change.Added++
		}
	}
	return nil
}

func (l *loader) publish(ctx context.Context, tx *sql.Tx, o indicators.Observation, release int) error {
	subject, ok := l.subjects[o.Subject]
	if !ok {
		var err error
		if subject, err = newID(ctx, tx, `INSERT INTO subject_ids (code) VALUES (?)`, o.Subject); err != nil {
			return err
		}
		l.subjects[o.Subject] = subject
	}
	area, ok := l.area[o.Area]
	if !ok {
		var err error
		if area, err = newID(ctx, tx, `INSERT INTO area_ids (code) VALUES (?)`, o.Area); err != nil {
			return err
		}
		l.area[o.Area] = area
	}
	return publish(ctx, tx, o, subject, area, release)
}

func ids(ctx context.Context, tx *sql.Tx, query string) (map[indicators.Code]int64, error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[indicators.Code]int64{}
	for rows.Next() {
		var id int64
		var code indicators.Code
		if err := rows.Scan(&id, &code); err != nil {
			return nil, err
		}
		out[code] = id
	}
	return out, rows.Err()
}

func newID(ctx context.Context, tx *sql.Tx, insert string, code indicators.Code) (int64, error) {
	result, err := tx.ExecContext(ctx, insert, code)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// Export is the package again: the descriptor, every row of the library and
// the figures that stand. On an empty store the error is NotFound "plan".
func (s *Store) Export(ctx context.Context) (*indicators.Package, error) {
	var p indicators.Package
	err := s.view(ctx, func(tx *sql.Tx) error {
		_, err := readPackage(ctx, tx, &p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return &p, nil
}
