package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// backupStore makes, lists and checks backups.
//
// No page offers a backup as a download, on purpose. A backup holds every figure
// before it is published, every address and the hash of every password, and the
// system administrator is kept apart from all of these (三员分立); through the
// web it would also lie in a browser's folder of downloads. It stays on the disk
// of the server, readable by the program's user alone: who may read that disk
// has the database anyway.
type backupStore interface {
	MakeBackup(ctx context.Context, actor indicators.Actor, at time.Time, folder, program string, told func(done, total int64)) (indicators.Backup, error)
	NightlyBackup(ctx context.Context, at time.Time, folder, program string, keep int, told func(done, total int64)) (indicators.Backup, error)
	VerifyBackup(ctx context.Context, actor indicators.Actor, at time.Time, folder, file string, told func(done, total int64)) (indicators.Backup, error)
	Backups(ctx context.Context, folder string) ([]indicators.Backup, error)
}

// job is one long work.
type job struct {
	what        string // make, verify or nightly
	file        string // that is verified
	actor       indicators.Actor
	begun       time.Time
	done, total int64
	stop        context.CancelFunc // nil before it has begun
	stopped     bool               // by whoever asked
}

// jobs is the long work of the program: one at a time, so that backups never
// take more than one core and the disk once.
type jobs struct {
	mu     sync.Mutex
	now    *job
	wake   chan struct{}
	failed error     // what the last one met
	night  time.Time // when a nightly backup was last tried
}

// begin gives Work something to do. Conflict "backup_busy" while something is
// under way.
func (j *jobs) begin(x *job) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.now != nil {
		return &indicators.Error{Kind: indicators.Conflict, What: "backup_busy"}
	}
	j.now, j.failed = x, nil
	select {
	case j.wake <- struct{}{}:
	default:
	}
	return nil
}

// halt stops what is under way; nothing is left of it.
func (j *jobs) halt() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.now == nil {
		return
	}
	j.now.stopped = true
	if j.now.stop != nil {
		j.now.stop()
	}
}

// under is what is under way, and what the last work met.
func (j *jobs) under() (now *job, failed error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.now != nil {
		x := *j.now
		now = &x
	}
	return now, j.failed
}

// nightPause is how often the clock is looked at, and nightAgain how long after
// a nightly backup that failed the next is tried.
const (
	nightPause = time.Minute
	nightAgain = time.Hour
)

// Work does what takes long, one after the other and beside the requests, until
// ctx ends: the backups that are asked for, and one every night where the
// settings want that. It ends with nothing half-done. A demonstration makes none
// by itself.
func (s *Server) Work(ctx context.Context) {
	tick := time.NewTicker(nightPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.jobs.wake:
		case <-tick.C:
			if err := s.atNight(ctx); err != nil && ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "backup", "error", err.Error())
			}
		}
		s.workOff(ctx)
	}
}

// atNight begins the nightly backup when its hour has come.
func (s *Server) atNight(ctx context.Context) error {
	if s.Demo || s.Backups == "" {
		return nil
	}
	kept, err := s.Store.Settings(ctx)
	if err != nil {
		return err
	}
	library, err := s.Store.Library(ctx)
	if err != nil {
		return err
	}
	all, err := s.Store.Backups(ctx, s.Backups)
	if err != nil {
		return err
	}
	now, last := s.Now().In(library.Plan.Location()), time.Time{}
	if n := slices.IndexFunc(all, func(b indicators.Backup) bool { return b.Nightly }); n >= 0 {
		last = all[n].Made
	}
	s.jobs.mu.Lock()
	tried := s.jobs.night
	s.jobs.mu.Unlock()
	if !kept.NightDue(now, last) || now.Sub(tried) < nightAgain {
		return nil
	}
	s.jobs.mu.Lock()
	s.jobs.night = now
	s.jobs.mu.Unlock()
	err = s.jobs.begin(&job{what: "nightly", begun: now})
	var known *indicators.Error
	if errors.As(err, &known) {
		return nil // somebody's own is under way; this one follows in an hour
	}
	return err
}

// workOff does the one job that waits.
func (s *Server) workOff(ctx context.Context) {
	j := &s.jobs
	j.mu.Lock()
	x := j.now
	if x == nil {
		j.mu.Unlock()
		return
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	if x.stop = stop; x.stopped {
		stop()
	}
	j.mu.Unlock()
	err := s.perform(running, x)
	j.mu.Lock()
	if err != nil && x.stopped {
		err = nil
	}
	j.now, j.failed = nil, err
	j.mu.Unlock()
	if err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "backup", "what", x.what, "error", err.Error())
	}
}

func (s *Server) perform(ctx context.Context, x *job) error {
	told := func(done, total int64) {
		s.jobs.mu.Lock()
		defer s.jobs.mu.Unlock()
		x.done, x.total = done, total
	}
	library, err := s.Store.Library(ctx)
	if err != nil {
		return err
	}
	at := s.Now().In(library.Plan.Location())
	switch x.what {
	case "verify":
		_, err = s.Store.VerifyBackup(ctx, x.actor, at, s.Backups, x.file, told)
	case "nightly":
		var kept indicators.Settings
		if kept, err = s.Store.Settings(ctx); err == nil {
			_, err = s.Store.NightlyBackup(ctx, at, s.Backups, s.Version, kept.NightsKept, told)
		}
	default:
		_, err = s.Store.MakeBackup(ctx, x.actor, at, s.Backups, s.Version, told)
	}
	return err
}

// makeBackup asks for a backup.
func (s *Server) makeBackup(c *gin.Context) error {
	if s.Backups == "" {
		return indicators.Missing("page", "")
	}
	if err := s.jobs.begin(&job{what: "make", actor: actor(c), begun: s.Now()}); err != nil {
		if to := s.justDone(c); to != "" {
			return redirect(c, to)
		}
		return err
	}
	return redirect(c, "/backups?done=backup")
}

// verifyBackup asks for a backup to be read whole.
func (s *Server) verifyBackup(c *gin.Context) error {
	file := c.PostForm("file")
	all, err := s.Store.Backups(c.Request.Context(), s.Backups)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(b indicators.Backup) bool { return b.File == file && !b.Gone }) {
		return indicators.Missing("backup", file)
	}
	if err := s.jobs.begin(&job{what: "verify", file: file, actor: actor(c), begun: s.Now()}); err != nil {
		return err
	}
	return redirect(c, "/backups?done=verify")
}

// stopBackup stops what is under way.
func (s *Server) stopBackup(c *gin.Context) error {
	s.jobs.halt()
	return redirect(c, "/backups?done=stopped")
}

// freshEnough is how old the newest sound backup may be before the page warns.
const freshEnough = 48 * time.Hour

// listBackups is the page of backups.
func (s *Server) listBackups(c *gin.Context) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	f := v.frame
	p := page.Backups{Done: done(c, &f), Folder: s.Backups}
	all, err := s.Store.Backups(c.Request.Context(), s.Backups)
	var known *indicators.Error
	if errors.As(err, &known) {
		p.Failed = backupFailure(&f, err) // the folder's own fault: the page can still say so
	} else if err != nil {
		return err
	}
	newest := slices.IndexFunc(all, func(b indicators.Backup) bool { return !b.Gone && b.Fault == "" && !b.Verified.IsZero() })
	switch {
	case newest < 0:
		p.Sentence, p.Stale = f.T("backup.none"), true
	default:
		age := s.Now().Sub(all[newest].Made)
		p.Sentence, p.Stale = f.T("backup.newest", v.when(all[newest].Made), int(age.Hours()), len(all)), age > freshEnough
		if age < time.Hour {
			p.Sentence = f.T("backup.newest_now", v.when(all[newest].Made), len(all))
		}
	}
	now, failed := s.jobs.under()
	for _, b := range all {
		if now != nil && now.file == "" && b.Person == "" && !b.Nightly && !b.Made.Before(now.begun.Truncate(time.Second)) {
			continue // it is the one under way, not yet read again
		}
		p.Rows = append(p.Rows, v.backupRow(b))
	}
	if kept := s.inEffect(c); kept.Nightly && !s.Demo {
		p.Nights = f.T("backup.nights", kept.NightHour, kept.NightsKept)
	} else {
		p.Nights = f.T("backup.no_nights")
	}
	if now != nil {
		if p.Job = f.T("backup.job." + now.what); now.total > 0 {
			p.Part = int(100 * now.done / now.total)
		}
	}
	if failed != nil {
		p.Failed = backupFailure(&f, failed)
	}
	f.Title, f.Section = f.T("backup.title"), "work"
	p.Frame = f
	return s.show(c, http.StatusOK, &p)
}

func (v *visit) backupRow(b indicators.Backup) page.BackupRow {
	f := &v.frame
	row := page.BackupRow{File: b.File, Made: v.when(b.Made), Size: fileSize(f, b.Size), SHA256: b.SHA256, Verify: !b.Gone}
	switch {
	case b.Nightly:
		row.Kind = f.T("backup.kind.nightly")
	case b.Person != "":
		row.Kind = b.Person
	default:
		row.Kind = f.T("backup.kind.elsewhere")
	}
	switch {
	case b.Gone:
		row.Checked, row.Bad = f.T("backup.gone"), true
	case b.Fault != "":
		row.Checked, row.Bad = f.T("backup.faulty", v.when(b.Verified), b.Fault), true
	case b.Verified.IsZero():
		row.Checked = f.T("backup.unverified")
	default:
		row.Checked = f.T("backup.sound", v.when(b.Verified))
	}
	return row
}

// backupFailures are what a long work can meet that somebody can act on.
var backupFailures = []string{"database_full", "database_read_only", "database_no_folder", "backup_exists", "backup_broken", "backup"}

func backupFailure(f *page.Frame, err error) string {
	var known *indicators.Error
	if errors.As(err, &known) && slices.Contains(backupFailures, known.What) {
		return f.T("backup.failed."+known.What, known.Detail)
	}
	return f.T("backup.failed.other")
}
