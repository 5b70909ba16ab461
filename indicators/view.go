package indicators

import "time"

// MaxEvidence is the largest file that is kept, in bytes.
const MaxEvidence = 20 << 20

// MostEvidence is how many files are kept behind one figure, or one return.
const MostEvidence = 50

// Evidence is one file that stands behind a figure or a return.
type Evidence struct {
	ID     int64
	Duty   int64 // 0 of a scan of a return
	Sheet  int64 // 0 of a figure's
	Hash   string
	Name   string // as the person's computer had it, without its folder
	Type   string // by its content
	Size   int64
	Person string
	At     time.Time
	Bears  bool // a published edition of its figure rests on it: it stays
}

// Receipt is a unit's note that it knows what it owes 签收.
type Receipt struct {
	Organisation Code
	Person       string
	At           time.Time
}

// FigureView is all that a page shows of one figure of a round: the form, the
// review pane and the trail of a revision are drawn from it.
type FigureView struct {
	Revision  Revision
	Round     Round
	Indicator *Indicator
	Open      bool      // can be entered today
	Endorsed  bool      // a lead department passes it before the office
	Sight     *Sight    // last year's and the public figures; Check what a person has typed
	Findings  []Finding // of the entry as it stands
	Effects   []Effect  // what publishing it would flip
	Evidence  []Evidence
	Versions  []Version // the newest first
	May       []Action  // what the actor may do to it now
	Barred    string    // where it waits for the actor's role: why somebody else passes it on ([OwnEntry], [OwnEndorsement]); else ""
}

// Sheet is a unit's return of a round: what is printed, signed and stamped, and
// whether the last one that was still says what the figures say now.
type Sheet struct {
	Round        Round
	Organisation Code
	Figures      []Revision // by indicator's and area's code
	Code         string     // of the figures as they stand
	Signed       *Signed    // the last return that was printed; nil before
	Void         bool       // a value has changed since: Signed.Code holds no more
}

// Signed is one printed return.
type Signed struct {
	ID        int64
	Code      string
	EnteredBy string // 填表人
	CheckedBy string // 审核人
	Head      string // 单位负责人
	At        time.Time
	Scans     []Evidence // of the stamped page
}
