package sqlite

import (
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"yimi/indicators"
)

// The keys of the message catalogue that this package gives to an
// [indicators.Error].
const (
	notFile     = "database_not_file"   // a directory or a device
	notOurs     = "database_not_ours"   // no database, or another program's
	noFolder    = "database_no_folder"  // the folder is not there
	noSharing   = "database_no_sharing" // a file system without shared memory
	readOnly    = "database_read_only"  // the file or its folder cannot be written
	newer       = "database_newer"      // a newer program's
	orphan      = "database_orphan"     // a row points to one that is not there
	damaged     = "database_damaged"    // SQLite found the file broken
	busy        = "database_busy"       // others kept it locked
	full        = "database_full"       // the disk is full
	unknown     = "database_unknown"    // whether the last action was saved is not known
	rowExists   = "row_exists"          // a key is taken
	rowDangling = "row_dangling"        // a row points to one that is not there
	rowRefused  = "row_refused"         // a row breaks a rule of the schema
	rowPublic   = "row_public"          // a published row cannot change
	otherPlan   = "plan_other"          // the store keeps another plan
	heldStill   = "organisation_held"   // an account acts for an organisation that a package has no more
	outdated    = "library_moved"       // another stands than a load was compared with
	noPlan      = "plan"                // the store is empty
	noRelease   = "release"             // the store is empty
	noSubject   = "subject"             // neither an indicator nor a series
	noArea      = "area"
	noAccount   = "account"
	noLink      = "link"         // unknown, used or ended
	noSession   = "session"      // unknown or somebody else's
	brokenTrail = "audit_broken" // an event, a hash or the tail of the trail is not what it was
)

func (s *Store) failed(err error) error { return failed(err, s.path) }

// failed turns what SQLite reports of the database at path into what a person
// can act on, and leaves anything else as it is. The cause stays in the chain
// for the log.
func failed(err error, path string) error {
	var known *indicators.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	var from sqlite3.Error
	if !errors.As(err, &from) {
		return err
	}
	kind, what := meaning(from)
	switch {
	case what == "":
		return err
	case from.Code == sqlite3.ErrConstraint:
		path = from.Error() // which column or rule
	}
	return fmt.Errorf("%w: %w", &indicators.Error{Kind: kind, What: what, Detail: path}, err)
}

// meaning is what an answer of SQLite means to a person; empty when it is a
// fault of the program.
func meaning(from sqlite3.Error) (kind indicators.Kind, what string) {
	switch from.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey, sqlite3.ErrConstraintRowID:
		return indicators.Conflict, rowExists
	case sqlite3.ErrConstraintForeignKey:
		return indicators.Conflict, rowDangling
	case sqlite3.ErrConstraintTrigger:
		return indicators.Conflict, rowPublic
	}
	switch from.Code {
	case sqlite3.ErrConstraint:
		return indicators.Invalid, rowRefused
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return indicators.Conflict, busy
	case sqlite3.ErrFull:
		return indicators.TooLarge, full
	case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
		return indicators.Forbidden, readOnly
	case sqlite3.ErrNotADB:
		return indicators.Invalid, notOurs
	case sqlite3.ErrCorrupt:
		return indicators.Invalid, damaged
	}
	return "", ""
}

// uncertain reports a failed commit of which nobody knows whether the disk has
// it.
func uncertain(err error) bool {
	var from sqlite3.Error
	return errors.As(err, &from) && from.Code == sqlite3.ErrIoErr
}
