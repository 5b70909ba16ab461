package indicators

import "time"

// Release is an immutable, numbered set of values that the public reads 发布.
// The figures that ship with the plan are release 1.
type Release struct {
	Number    int
	Published time.Time
	Note      string
}

// Change counts what a load of a package did to the store.
type Change struct {
	Rows     int  // library rows added, changed or removed
	Added    int  // observations that were not there
	Ended    int  // observations that no longer stand
	Release  int  // the release that now stands
	FirstOne bool // the store was empty
}

// Nothing reports a load that changed nothing.
func (c Change) Nothing() bool { return c.Rows == 0 && c.Added == 0 && c.Ended == 0 && !c.FirstOne }
