package page

// Sheet is a unit's return of a round: one page to print, sign and stamp.
type Sheet struct {
	Frame
	Round                      int
	UploadMB                   int // the largest file
	Organisation               string
	Unit                       string
	Code                       string // of the figures as they stand
	Day                        string
	Rows                       []DutyRow
	EnteredBy, CheckedBy, Head string
	Signed                     string // when the last one was printed
	SignedCode                 string
	Void                       bool // a value has changed since
	Scans                      []EvidenceRow
	Problem                    string
	May                        bool // the reader may sign it off
}

// Name is the template's.
func (*Sheet) Name() string { return "sheet" }
