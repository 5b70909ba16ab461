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
	noPlan      = "plan"                // the store is empty
	noRelease   = "release"             // the store is empty
	noSubject   = "subject"             // neither an indicator nor a series
	noArea      = "area"
)

// failed turns what SQLite reports into what a person can act on, and leaves
// anything else as it is. The cause stays in the chain for the log.
func failed(err error) error {
	var known *indicators.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	var from sqlite3.Error
	if !errors.As(err, &from) {
		return err
	}
	e := &indicators.Error{}
	switch from.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey, sqlite3.ErrConstraintRowID:
		e.Kind, e.What = indicators.Conflict, rowExists
	case sqlite3.ErrConstraintForeignKey:
		e.Kind, e.What = indicators.Conflict, rowDangling
	case sqlite3.ErrConstraintTrigger:
		e.Kind, e.What = indicators.Conflict, rowPublic
	case sqlite3.ErrIoErrFsync, sqlite3.ErrIoErrDirFsync:
		e.Kind, e.What = indicators.Conflict, unknown
	}
	if e.What == "" {
		switch from.Code {
		case sqlite3.ErrConstraint, sqlite3.ErrMismatch:
			e.Kind, e.What = indicators.Invalid, rowRefused
		case sqlite3.ErrBusy, sqlite3.ErrLocked:
			e.Kind, e.What = indicators.Conflict, busy
		case sqlite3.ErrFull:
			e.Kind, e.What = indicators.TooLarge, full
		case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
			e.Kind, e.What = indicators.Forbidden, readOnly
		case sqlite3.ErrNotADB:
			e.Kind, e.What = indicators.Invalid, notOurs
		case sqlite3.ErrCorrupt:
			e.Kind, e.What = indicators.Invalid, damaged
		default:
			return err
		}
	}
	return fmt.Errorf("%w: %w", e, err)
}
