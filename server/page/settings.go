package page

// Settings is what the system administrator sets.
type Settings struct {
	Frame
	Done   string // what has just been done, in words
	Form   Form
	Letter *Form // to try the mail server; nil without one
}

// Name is the template's.
func (*Settings) Name() string { return "settings" }

// BackupRow is one backup of the list.
type BackupRow struct {
	File, Made, Size, SHA256 string
	Kind                     string // who asked for it
	Checked                  string // what was found when, in words
	Bad                      bool   // it is not sound, or gone
	Verify                   bool   // it can be read
}

// Backups lists the backups.
type Backups struct {
	Frame
	Done     string
	Sentence string // how fresh the newest sound one is
	Stale    bool   // and it is too old, or there is none
	Folder   string
	Nights   string // when the program makes one by itself
	Job      string // what is under way, in words; empty for nothing
	Part     int    // of it in per cent
	Failed   string // what the last one met
	Rows     []BackupRow
}

// Name is the template's.
func (*Backups) Name() string { return "backups" }
