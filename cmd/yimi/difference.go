package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"yimi/indicators"
	"yimi/server/words"
)

// maxTold bounds the rows of a file, the figures and the statuses that are told
// one by one.
const maxTold = 20

// differ tells what a load would change; names come from both sides, for what
// goes is known to one and what comes to the other.
type differ struct {
	*program
	sides []*indicators.Library
}

// tell prints the difference.
func (p *program) tell(d *indicators.PackageDifference, title string, sides ...*indicators.Library) {
	x := differ{p, sides}
	x.say(x.lang.T("load.differs", title))
	for _, f := range d.Files {
		x.file(f)
	}
	x.figures(d.Figures, d.Change)
	if n := len(d.Kept); n > 0 {
		x.say(x.lang.T("load.kept", n))
		for _, f := range d.Kept[:min(n, maxTold)] {
			x.say(x.lang.T("load.figure", x.place(f.Subject, f.Area), x.lang.Date(f.Period), x.figure(f.New), x.figure(f.Old)))
		}
		x.rest(n)
	}
	if n := len(d.Effects); n > 0 {
		x.say(x.lang.T("load.flips", n))
		for _, e := range d.Effects[:min(n, maxTold)] {
			x.say(x.lang.T("load.flip", x.place(e.Indicator, e.Area), e.Milestone, x.status(e.Before), x.status(e.After)))
		}
		x.rest(n)
	}
	if n := len(d.Duties); n > 0 {
		x.say(x.lang.T("load.lost", n))
		for _, l := range d.Duties[:min(n, maxTold)] {
			x.say(x.lang.T("load.lost_duty", l.Year, x.place(l.Indicator, l.Area), x.name(l.Organisation), x.name(l.Lost)))
		}
		x.rest(n)
	}
	if n := len(d.Withheld); n > 0 {
		x.say(x.lang.T("load.withheld", n))
		for _, f := range d.Withheld[:min(n, maxTold)] {
			x.say(x.lang.T("load.figure", x.place(f.Subject, f.Area), x.lang.Date(f.Period), x.figure(nil), x.figure(f.New)))
		}
		x.rest(n)
	}
	x.holding(d.Holding)
}

func (x differ) say(line string) { fmt.Fprintln(x.stdout, line) }

// holding says what keeps a package from being loaded.
func (x differ) holding(list []indicators.Holding) {
	for _, h := range list {
		x.say(x.lang.T("load.held", x.name(h.Organisation), strings.Join(h.Accounts, x.lang.T("list.comma"))))
	}
}

// rest says how many of n were not told.
func (x differ) rest(n int) {
	if n > maxTold {
		x.say(x.lang.T("load.more", n-maxTold))
	}
}

func (x differ) file(f indicators.FileChange) {
	var counts []string
	for _, fate := range indicators.RowFate("").Allowed() {
		if n := f.Count(indicators.RowFate(fate)); n > 0 {
			counts = append(counts, x.lang.T("load.rows."+fate, n))
		}
	}
	x.say(x.lang.T("load.file", f.File, strings.Join(counts, x.lang.T("list.comma"))))
	for _, r := range f.Rows[:min(len(f.Rows), maxTold)] {
		what := r.Key
		if r.Name != "" && r.Name != r.Key {
			what += " " + r.Name
		}
		x.say(x.lang.T("load.row", x.lang.T("load.row."+string(r.Fate)), what))
		for _, c := range r.Cells {
			x.say(x.lang.T("load.cell", c.Column, x.cell(c.Old), x.cell(c.New)))
		}
	}
	x.rest(len(f.Rows))
}

func (x differ) cell(text string) string {
	if text == "" {
		return x.lang.T("load.empty")
	}
	return text
}

func (x differ) figures(list []indicators.FigureChange, c indicators.Change) {
	if c.Added+c.Ended == 0 {
		return
	}
	added, corrected, withdrawn := indicators.CountFigures(list)
	x.say(x.lang.T("load.figures", added, corrected, withdrawn, c.Release))
	for _, f := range list[:min(len(list), maxTold)] {
		x.say(x.lang.T("load.figure", x.place(f.Subject, f.Area), x.lang.Date(f.Period), x.figure(f.Old), x.figure(f.New)))
	}
	x.rest(len(list))
}

func (x differ) figure(o *indicators.Observation) string {
	switch {
	case o == nil:
		return x.lang.T("load.nothing")
	case !o.Value.Present():
		return x.lang.T("answer." + string(o.Answer))
	}
	for _, l := range x.sides {
		if i := l.Indicator(o.Subject); i != nil {
			return x.lang.Value(i, *o, l.TargetsOf(i.Code))
		}
	}
	return x.lang.Exact(o.Value)
}

func (x differ) status(s indicators.Status) string {
	if s == "" {
		return x.lang.T("load.unjudged")
	}
	return x.lang.T("status." + string(s))
}

func (x differ) place(subject, area indicators.Code) string {
	return x.lang.T("load.place", x.name(subject), x.name(area))
}

// name is what a person calls a code.
func (x differ) name(code indicators.Code) string {
	for _, l := range x.sides {
		if name := l.NameOf(x.lang == words.En, code); name != "" {
			return name
		}
	}
	return string(code)
}

// agreed asks whether to go on; only a plain yes is one.
func (p *program) agreed(in io.Reader) bool {
	fmt.Fprintln(p.stdout, p.lang.T("load.ask"))
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && line == "" {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "是", "好":
		return true
	}
	return false
}

// loadOver loads a package over what the store keeps: what would change is told
// first, and needs a yes, from the flag or from whoever sits there.
func (p *program) loadOver(ctx context.Context, store packageStore, pkg *indicators.Package, yes bool) error {
	d, err := store.Compare(ctx, time.Now(), pkg)
	if err != nil {
		return err
	}
	if !d.Change.FirstOne && !d.Change.Nothing() {
		kept, err := store.Library(ctx)
		if err != nil {
			return err
		}
		p.tell(d, pkg.Plan.Title, indicators.NewLibrary(pkg), kept)
		switch {
		case yes:
		case !terminal(p.stdout) || !terminal(os.Stdin):
			return errWaits
		case !p.agreed(os.Stdin):
			return errWaits
		}
	}
	return p.load(ctx, store, pkg, d.Token)
}
