package indicators

import "time"

// Backup is one file that holds everything: the database, and every file of
// evidence that it names.
type Backup struct {
	File     string // its name in the folder of backups
	Nightly  bool   // made by the program itself; an old one makes room for a new one
	Person   string // who asked for it; empty for the program
	Made     time.Time
	Size     int64     // bytes
	SHA256   string    // of the whole file, in hexadecimal; empty where it was never read here
	Verified time.Time // when it was last read whole; zero before
	Fault    string    // what was found wrong then; empty for a sound one
	Gone     bool      // somebody took it out of the folder
}

// Manifest is what a backup says of itself.
type Manifest struct {
	Format  int            `json:"format"`  // of the backup
	Program string         `json:"program"` // the version that made it
	Schema  int            `json:"schema"`  // of the database
	Made    time.Time      `json:"made"`
	Plan    string         `json:"plan"`    // its code; empty for an empty database
	Release int            `json:"release"` // the newest; 0 before the first
	Head    TreeHead       `json:"head"`    // of the trail
	Files   []ManifestFile `json:"files"`
	Missing []string       `json:"missing"` // evidence that the folder had no more, or not as it was, by SHA-256
}

// ManifestFile is one file of a backup.
type ManifestFile struct {
	Name   string `json:"name"` // with slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"` // in hexadecimal
}

// Size is how many bytes the files of a backup have before they are packed.
func (m Manifest) Size() int64 {
	var n int64
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}

// NightDue reports whether a nightly backup should begin now: backups are on,
// today's hour has come where now is, and none has been tried since. A machine
// that was off at that hour makes it up when it is on again.
func (s Settings) NightDue(now, last time.Time) bool {
	hour := time.Date(now.Year(), now.Month(), now.Day(), s.NightHour, 0, 0, 0, now.Location())
	return s.Nightly && !now.Before(hour) && last.Before(hour)
}
