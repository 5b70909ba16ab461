package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"yimi/indicators"
)

// The keys that progress gives to an error.
const (
	noProject     = "project"
	progressMoved = "progress_changed" // somebody else wrote an entry first
	progressWrong = "progress_wrong"   // what cannot be true; the detail is the rule
)

// ReportProgress writes down how far a project is, with the version that was
// read (0 where there was no entry). The same entry sent again by the same
// person is done once. It is the entry as it is kept.
//
// Errors: those of [indicators.Permits]; NotFound "project"; Invalid
// "progress_wrong" for what [indicators.ProjectProgress.Check] refuses; Conflict
// "progress_changed" when another entry was written since.
func (s *Store) ReportProgress(ctx context.Context, actor indicators.Actor, at time.Time, p indicators.ProjectProgress) (indicators.ProjectProgress, error) {
	l, err := s.permitted(ctx, actor, indicators.KeepLibrary)
	if err == nil && l.Project(p.Project) == nil {
		err = indicators.Missing(noProject, string(p.Project))
	}
	if err == nil {
		if flaws := p.Check(today(l, at)); len(flaws) > 0 {
			err = invalid(progressWrong, flaws[0].Rule)
		}
	}
	if err != nil {
		return indicators.ProjectProgress{}, fmt.Errorf("progress of %s: %w", p.Project, err)
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		was, err := progressOf(ctx, tx, p.Project, time.Time{})
		if err != nil {
			return err
		}
		if was.Version == p.Version+1 && was.Account == actor.Account && was.Same(p) {
			p = was // sent twice
			return nil
		}
		if was.Version != p.Version {
			return conflict(progressMoved, fmt.Sprint(was.Version))
		}
		p.Version, p.At, p.Account, p.Person = was.Version+1, at, actor.Account, actor.Person
		_, err = tx.ExecContext(ctx, `
			INSERT INTO progress (
				project,
				version,
				stage,
				share,
				built,
				invested,
				started,
				finished,
				sentence,
				source,
				reason,
				at,
				account,
				person
			)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			p.Project,
			p.Version,
			p.Stage,
			orNull(p.Share.String()),
			orNull(p.Built.String()),
			orNull(p.Invested.String()),
			orNull(p.Started.String()),
			orNull(p.Finished.String()),
			p.Sentence,
			p.Source,
			p.Reason,
			written(at),
			p.Account,
			p.Person)
		if err != nil {
			return err
		}
		var before any
		if was.Version > 0 {
			before = progressTold(was)
		}
		return record(ctx, tx, actor.Did(at, indicators.KeepLibrary, "project "+string(p.Project), before, progressTold(p)))
	})
	if err != nil {
		return indicators.ProjectProgress{}, fmt.Errorf("progress of %s: %w", p.Project, err)
	}
	return p, nil
}

func progressTold(p indicators.ProjectProgress) map[string]any {
	return map[string]any{
		"version": p.Version, "stage": p.Stage, "share": p.Share, "built": p.Built, "invested": p.Invested, "started": p.Started,
		"finished": p.Finished, "sentence": p.Sentence, "source": p.Source, "reason": p.Reason,
	}
}

// ProgressBefore is the newest entry of each of the projects written before a
// moment (the zero one: whenever); a project without any is not in it.
func (s *Store) ProgressBefore(ctx context.Context, until time.Time, projects ...indicators.Label) (map[indicators.Label]indicators.ProjectProgress, error) {
	out := map[indicators.Label]indicators.ProjectProgress{}
	err := s.view(ctx, func(tx *sql.Tx) error {
		for _, n := range projects {
			p, err := progressOf(ctx, tx, n, until)
			if err != nil {
				return err
			}
			if p.Version > 0 {
				out[n] = p
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("progress: %w", err)
	}
	return out, nil
}

// progressOf is the newest entry written before a moment, the zero one where
// there is none.
func progressOf(ctx context.Context, q querier, project indicators.Label, until time.Time) (indicators.ProjectProgress, error) {
	before := "~" // behind every moment as it is written
	if !until.IsZero() {
		before = written(until)
	}
	p, err := scanProgress(q.QueryRowContext(ctx, `
		SELECT
			project,
			version,
			stage,
			share,
			built,
			invested,
			started,
			finished,
			sentence,
			source,
			reason,
			at,
			account,
			person
		FROM progress
		WHERE project = ? AND at < ?
		ORDER BY version DESC
		LIMIT 1`,
		project,
		before).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return indicators.ProjectProgress{}, nil
	}
	return p, err
}

// ProgressHistory lists every entry of a project, the newest first.
func (s *Store) ProgressHistory(ctx context.Context, project indicators.Label) ([]indicators.ProjectProgress, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT
			project,
			version,
			stage,
			share,
			built,
			invested,
			started,
			finished,
			sentence,
			source,
			reason,
			at,
			account,
			person
		FROM progress
		WHERE project = ?
		ORDER BY version DESC`, project)
	if err != nil {
		return nil, fmt.Errorf("progress of %s: %w", project, s.failed(err))
	}
	defer rows.Close()
	var out []indicators.ProjectProgress
	for rows.Next() {
		p, err := scanProgress(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("progress of %s: %w", project, err)
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

func scanProgress(scan func(...any) error) (p indicators.ProjectProgress, err error) {
	var share, built, invested, started, finished sql.NullString
	var at string
	err = scan(&p.Project, &p.Version, &p.Stage, &share, &built, &invested, &started, &finished,
		&p.Sentence, &p.Source, &p.Reason, &at, &p.Account, &p.Person)
	if err != nil {
		return indicators.ProjectProgress{}, err
	}
	var errs [6]error
	p.Share, errs[0] = indicators.ParseNumber(share.String)
	p.Built, errs[1] = indicators.ParseNumber(built.String)
	p.Invested, errs[2] = indicators.ParseNumber(invested.String)
	p.Started, errs[3] = indicators.ParsePeriod(started.String)
	p.Finished, errs[4] = indicators.ParsePeriod(finished.String)
	p.At, errs[5] = read(at)
	return p, errors.Join(errs[:]...)
}
