package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// packageStore loads a newer package over the library.
type packageStore interface {
	Compare(ctx context.Context, at time.Time, next *indicators.Package) (*indicators.PackageDifference, error)
	LoadSeen(ctx context.Context, actor indicators.Actor, at time.Time, p *indicators.Package, token, reason string,
		words indicators.Teller, progress func(done, total int)) (indicators.Change, error)
}

// Packages reads a package out of a zip of size bytes, with all guards; what is
// wrong with it are [indicators.Problems], or an [indicators.Error] for what is
// no zip.
type Packages interface {
	Read(zip io.ReaderAt, size int64) (*indicators.Package, error)
}

// parcels keeps the packages that people of the office are looking at, one for
// each, in memory only: until it is agreed to, a package is nobody's concern,
// and after a restart it is chosen once more.
type parcels struct {
	mu sync.Mutex
	by map[int64]parcel
}

type parcel struct {
	name string
	pkg  *indicators.Package
	at   time.Time
}

// How long a package waits for its reader, and how many wait at once.
const (
	parcelLife = time.Hour
	maxParcels = 4
)

func (p *parcels) keep(account int64, x parcel) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by == nil {
		p.by = map[int64]parcel{}
	}
	p.by[account] = x
	for len(p.by) > maxParcels {
		oldest := account
		for a, y := range p.by {
			if c := y.at.Compare(p.by[oldest].at); c < 0 || c == 0 && a < oldest && a != account {
				oldest = a
			}
		}
		delete(p.by, oldest)
	}
}

func (p *parcels) of(account int64, now time.Time) (parcel, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	x, ok := p.by[account]
	if ok && now.Sub(x.at) > parcelLife {
		delete(p.by, account)
		return parcel{}, false
	}
	return x, ok
}

func (p *parcels) drop(account int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.by, account)
}

// typedPackage is what was typed or sent, with what is wrong with it.
type typedPackage struct {
	reason, reasonFlaw, problem string
	fileFlaw                    string
	faults                      []string
}

// showPackage is the form to choose a package, and what the chosen one would
// change.
func (s *Server) showPackage(c *gin.Context) error {
	return s.askPackage(c, http.StatusOK, typedPackage{})
}

func (s *Server) askPackage(c *gin.Context, status int, typed typedPackage) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	f := v.frame
	f.Title, f.Section, f.Crumbs = f.T("package.title"), "library", []page.Link{{Text: f.T("work.title"), URL: home}, {Text: f.T("amend.title"), URL: "/library"}}
	p := page.Package{
		Done: done(c, &f), FileFlaw: typed.fileFlaw, Faults: typed.faults, Reason: typed.reason, ReasonFlaw: typed.reasonFlaw, Problem: typed.problem,
	}
	if x, ok := s.parcels.of(actor(c).Account, s.Now()); ok {
		d, err := s.Store.Compare(c.Request.Context(), s.Now(), x.pkg)
		if err != nil {
			return err
		}
		p.Chosen, p.Token = x.name, d.Token
		v.differs(&p, d, x.pkg)
	}
	if typed.fileFlaw != "" || typed.reasonFlaw != "" || typed.problem != "" {
		f.Title = f.T("form.wrong", 1, f.Title)
	}
	p.Frame = f
	return s.show(c, status, &p)
}

// What is shown of a difference one by one: rows of a file, and figures,
// statuses and duties; a file with more rows than maxOpen is closed at first.
const (
	maxOpen         = 10
	maxRowsShown    = 50
	maxFiguresShown = 100
)

// differs lays out what a package would change. Names come from the package,
// and of what it has no more from the library.
func (v *visit) differs(p *page.Package, d *indicators.PackageDifference, pkg *indicators.Package) {
	f := &v.frame
	both := *v
	both.library = bothSides(v.library, pkg)
	more := func(n, shown int) string {
		if n > shown {
			return f.T("package.more", n-shown)
		}
		return ""
	}
	for _, x := range d.Kept[:min(len(d.Kept), maxFiguresShown)] {
		p.Kept = append(p.Kept, both.changedFigure(x))
	}
	p.MoreKept = more(len(d.Kept), maxFiguresShown)
	for _, x := range d.Withheld[:min(len(d.Withheld), maxFiguresShown)] {
		p.Withheld = append(p.Withheld, both.changedFigure(x))
	}
	p.MoreWithheld = more(len(d.Withheld), maxFiguresShown)
	for _, x := range d.Holding {
		p.Holding = append(p.Holding, f.T("package.held_row", both.unit(x.Organisation).Text, strings.Join(x.Accounts, f.T("list.comma"))))
	}
	if d.Change.Nothing() {
		p.Same, p.Sentence = true, f.T("package.same")
		return
	}
	p.Rows, p.Published, p.Flipped = d.Change.Rows, len(d.Figures), len(d.Effects)
	p.Sentence = f.T("package.sentence", d.Change.Rows, len(d.Figures), len(d.Effects))
	for _, x := range d.Files {
		file := page.PackageFile{File: x.File, What: f.T("package.file." + x.File), Open: len(x.Rows) <= maxOpen, More: more(len(x.Rows), maxRowsShown)}
		var counts []string
		for _, fate := range indicators.RowFate("").Allowed() {
			if n := x.Count(indicators.RowFate(fate)); n > 0 {
				counts = append(counts, f.T("load.rows."+fate, n))
			}
		}
		file.Counts = strings.Join(counts, f.T("list.comma"))
		for _, r := range x.Rows[:min(len(x.Rows), maxRowsShown)] {
			row := page.PackageRow{Fate: f.T("load.row." + string(r.Fate)), Key: r.Key}
			if r.Name != r.Key {
				row.What = r.Name
			}
			for _, c := range r.Cells {
				row.Cells = append(row.Cells, page.PackageCell(c))
			}
			file.Rows = append(file.Rows, row)
		}
		p.Tables = append(p.Tables, file)
	}
	added, corrected, withdrawn := indicators.CountFigures(d.Figures)
	p.FigureLine = f.T("package.figure_line", added, corrected, withdrawn, d.Change.Release)
	for _, x := range d.Figures[:min(len(d.Figures), maxFiguresShown)] {
		row := both.changedFigure(x)
		if row.Old != "" && row.Old == row.New {
			row.Why = f.T("package.beside") // its source, note or marks are what changes
		}
		p.Figures = append(p.Figures, row)
	}
	p.MoreFigures = more(len(d.Figures), maxFiguresShown)
	p.Flips, p.MoreFlips = both.flips(d.Effects[:min(len(d.Effects), maxFiguresShown)]), more(len(d.Effects), maxFiguresShown)
	for _, x := range d.Duties[:min(len(d.Duties), maxFiguresShown)] {
		p.Lost = append(p.Lost, page.PackageLost{
			Figure: both.subject(x.Indicator, x.Area), Round: f.T("round.title", f.Date(indicators.YearOf(x.Year))), Unit: both.unit(x.Organisation).Text,
			Lost: cmp.Or(both.library.NameOf(f.Lang == "en", x.Lost), string(x.Lost)),
		})
	}
	p.MoreLost = more(len(d.Duties), maxFiguresShown)
}

// bothSides is the package's library with what only the kept one has behind it, so
// that both sides of a difference have names.
func bothSides(kept *indicators.Library, pkg *indicators.Package) *indicators.Library {
	all, next := *pkg, indicators.NewLibrary(pkg)
	all.Indicators, all.Series = slices.Clone(pkg.Indicators), slices.Clone(pkg.Series)
	all.Areas, all.Organisations = slices.Clone(pkg.Areas), slices.Clone(pkg.Organisations)
	for _, x := range kept.Indicators {
		if next.Indicator(x.Code) == nil {
			all.Indicators = append(all.Indicators, x)
		}
	}
	for _, x := range kept.Series {
		if next.SeriesOf(x.Code) == nil {
			all.Series = append(all.Series, x)
		}
	}
	for _, x := range kept.Areas {
		if next.Area(x.Code) == nil {
			all.Areas = append(all.Areas, x)
		}
	}
	for _, x := range kept.Organisations {
		if next.Organisation(x.Code) == nil {
			all.Organisations = append(all.Organisations, x)
		}
	}
	return indicators.NewLibrary(&all)
}

// maxFaults bounds the faults of a package that a page lists.
const maxFaults = 50

// choosePackage reads a package and keeps it for its reader to look at.
func (s *Server) choosePackage(c *gin.Context) error {
	f := s.frame(c)
	s.parcels.drop(actor(c).Account) // a refused file must not leave another one's preview below it
	files, err := sentFiles(c)
	if err != nil {
		return s.askPackage(c, http.StatusUnprocessableEntity, typedPackage{fileFlaw: f.T("package.no_file")})
	}
	file, err := files[0].Open()
	if err != nil {
		return fmt.Errorf("%s: %w", files[0].Filename, err)
	}
	defer file.Close() //nolint:errcheck // read only
	pkg, err := s.Packages.Read(file, files[0].Size)
	if err == nil {
		_, err = s.Store.Compare(c.Request.Context(), s.Now(), pkg)
	}
	var problems indicators.Problems
	var known *indicators.Error
	switch {
	case errors.As(err, &problems):
		typed := typedPackage{fileFlaw: f.T("package.faults", len(problems))}
		for _, x := range problems[:min(len(problems), maxFaults)] {
			typed.faults = append(typed.faults, f.Problem(x))
		}
		if more := len(problems) - maxFaults; more > 0 {
			typed.faults = append(typed.faults, f.T("package.more", more))
		}
		return s.askPackage(c, http.StatusUnprocessableEntity, typed)
	case errors.As(err, &known) && known.What == "plan_other":
		return s.askPackage(c, http.StatusConflict, typedPackage{fileFlaw: f.T("package.other", string(pkg.Plan.Code), known.Detail)})
	case errors.As(err, &known) && known.Kind == indicators.Invalid:
		return s.askPackage(c, http.StatusUnprocessableEntity, typedPackage{fileFlaw: f.T("package.not_zip")})
	case err != nil:
		return err
	}
	s.parcels.keep(actor(c).Account, parcel{files[0].Filename, pkg, s.Now()})
	return redirect(c, "/library/package#preview")
}

// loadPackage loads the package that was looked at. Where the library changed
// since, or the package waits no more, the page says so and keeps the reason.
func (s *Server) loadPackage(c *gin.Context) error {
	f := s.frame(c)
	x := who(c)
	if !x.session.Recent(s.Now()) {
		return &indicators.Error{Kind: indicators.Unauthorized, What: "again"} // it publishes, as a release does
	}
	typed := typedPackage{reason: strings.TrimSpace(c.PostForm("reason"))}
	chosen, ok := s.parcels.of(x.account.ID, s.Now())
	if !ok {
		if to := s.justDone(c); to != "" {
			return redirect(c, to)
		}
		typed.problem = f.T("package.gone")
		return s.askPackage(c, http.StatusConflict, typed)
	}
	change, err := s.Store.LoadSeen(c.Request.Context(), actor(c), s.Now(), chosen.pkg, c.PostForm("token"), typed.reason, Teller, nil)
	var known *indicators.Error
	switch {
	case errors.As(err, &known) && known.What == "reason_empty":
		typed.reasonFlaw = f.T("package.no_reason")
		return s.askPackage(c, http.StatusUnprocessableEntity, typed)
	case textFlaw(&f, err) != "":
		typed.reasonFlaw = textFlaw(&f, err)
		return s.askPackage(c, http.StatusUnprocessableEntity, typed)
	case errors.As(err, &known) && known.What == "library_moved":
		if to := s.justDone(c); to != "" {
			return redirect(c, to)
		}
		typed.problem = f.T("error.library_moved.text")
		return s.askPackage(c, http.StatusConflict, typed)
	case errors.As(err, &known) && (known.Kind == indicators.Conflict || known.Kind == indicators.Invalid):
		typed.problem = f.T("error.refused", f.T("error."+known.What+".title"), f.T("error."+known.What+".text"))
		return s.askPackage(c, statuses[known.Kind], typed)
	case err != nil:
		return err
	}
	s.parcels.drop(x.account.ID)
	if change.Added+change.Ended > 0 {
		return redirect(c, fmt.Sprintf("/releases/%d?done=loaded", change.Release))
	}
	return redirect(c, "/library/package?done=loaded")
}
