package server

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// figureForm is a figure as it is shown again: what was typed, and what came of
// it.
type figureForm struct {
	view     *indicators.FigureView
	typed    indicators.Input
	version  int
	findings []indicators.Finding
	clashes  []page.ClashRow
	problem  string // of the whole, in words
	done     string
	status   int
}

// showFigure is the form of one figure.
func (s *Server) showFigure(c *gin.Context) error {
	view, err := s.theView(c)
	if err != nil {
		return err
	}
	form := figureForm{view: view, typed: view.Revision.Entry, version: view.Revision.Version, status: http.StatusOK}
	f := s.frame(c)
	switch done := c.Query("done"); done {
	case "save", "withdraw", "attach":
		form.done = f.T("figure.done." + done)
	}
	if c.Query("check") != "" {
		form.findings = view.Sight.Check(form.typed)
		if slices.Contains(view.May, indicators.Submit) && view.Revision.Owing() && !indicators.Unsettled(form.findings) {
			return s.confirmFigure(c, view)
		}
	}
	return s.figurePage(c, form)
}

func (s *Server) theView(c *gin.Context) (*indicators.FigureView, error) {
	id, err := number(c, "duty", "revision")
	if err != nil {
		return nil, err
	}
	return s.Store.Figure(c.Request.Context(), actor(c), s.Now(), id)
}

// keepFigure saves, checks, sends or takes back one figure.
func (s *Server) keepFigure(c *gin.Context) error {
	view, err := s.theView(c)
	if isGone(err) {
		return s.goneFigure(c, err)
	}
	if err != nil {
		return err
	}
	ctx, a, now := c.Request.Context(), actor(c), s.Now()
	version, err := strconv.Atoi(c.PostForm("version"))
	if err != nil {
		version = -1 // no figure has it: the write meets a conflict
	}
	id := view.Revision.ID
	if c.PostForm("do") == "withdraw" {
		saved, err := s.Store.Withdraw(ctx, a, now, indicators.Pick{Duty: id, Version: version})
		if err == nil {
			err = saved[0].Err
		}
		if err != nil {
			return s.figureRefused(c, view, indicators.Saving{Duty: id, Version: version}, err)
		}
		return redirect(c, "/work/"+strconv.FormatInt(id, 10)+"?done=withdraw")
	}
	saving := indicators.Saving{Duty: id, Version: version, Key: clip(c.PostForm("key"), maxKey), Firm: c.PostForm("firm") != "", Edits: edits(c, "")}
	if o := lastSource(view); c.PostForm("do") == "source" && o != nil {
		saving.Edits = append(saving.Edits, indicators.Edit{Field: indicators.SourceField, Text: o.Source}, indicators.Edit{Field: indicators.SourceURLField, Text: o.SourceURL})
	}
	if name, text, ok := usedOffer(c); ok {
		saving.Edits = append(saving.Edits, indicators.Edit{Field: indicators.Field(name), Text: text})
	}
	if rows := s.undecided(c, view); len(rows) > 0 {
		typed, _ := view.Revision.Entry.With(saving.Edits)
		return s.figurePage(c, figureForm{view: view, typed: typed, version: version, clashes: rows, status: http.StatusUnprocessableEntity})
	}
	act := s.Store.Save
	if c.PostForm("do") == "submit" {
		act = s.Store.Submit
	}
	saved, err := act(ctx, a, now, saving)
	if err == nil {
		err = saved[0].Err
	}
	if err != nil {
		return s.figureRefused(c, view, saving, err)
	}
	if asksJSON(c) {
		return s.draftOfFigure(c, figureForm{view: view, typed: saved[0].Revision.Entry, version: saved[0].Revision.Version, status: http.StatusOK})
	}
	to := "/work/" + strconv.FormatInt(id, 10)
	switch c.PostForm("do") {
	case "check":
		return redirect(c, to+"?check=1")
	case "submit":
		return redirect(c, receiptAddress([]string{receiptPart(id, saved[0].Revision.Version)}))
	}
	return redirect(c, to+"?done=save")
}

// edits are the fields of a figure that a form sends, where it chose between two
// texts the chosen one. prefix stands before the fields' names.
func edits(c *gin.Context, prefix string) []indicators.Edit {
	var out []indicators.Edit
	for _, name := range indicators.Field("").Allowed() {
		text, sent := c.GetPostForm(prefix + name)
		if !sent {
			continue
		}
		out = append(out, indicators.Edit{Field: indicators.Field(name), Text: chosen(c, name, text)})
	}
	return noted(c, out, func(f indicators.Field) string { return prefix + string(f) })
}

// chosen is the text of a field in which two people had written: theirs, where
// that was chosen, else the one typed.
func chosen(c *gin.Context, name, typed string) string {
	switch c.PostForm("choose." + name) {
	case "theirs", "both":
		return c.PostForm("theirs." + name)
	}
	return typed
}

// noted adds to the note what was typed into the fields that keep the other's
// text with one's own beside it. name is a field's control.
func noted(c *gin.Context, list []indicators.Edit, name func(indicators.Field) string) []indicators.Edit {
	var said []string
	for _, ed := range list {
		if c.PostForm("choose."+name(ed.Field)) == "both" {
			said = append(said, c.PostForm("note_of."+name(ed.Field)))
		}
	}
	for n := range list {
		if list[n].Field == indicators.NoteField && len(said) > 0 {
			list[n].Text = strings.TrimSpace(list[n].Text + " " + strings.Join(said, " "))
		}
	}
	return list
}

// undecided are the clashes of a form that nobody has chosen in yet.
func (s *Server) undecided(c *gin.Context, view *indicators.FigureView) []page.ClashRow {
	f := s.frame(c)
	var out []page.ClashRow
	left := false
	sent := c.PostFormArray("clash")
	for _, name := range indicators.Field("").Allowed() {
		if !slices.Contains(sent, name) {
			continue
		}
		row := page.ClashRow{
			Name: name, Label: f.T("field." + name), Was: c.PostForm("was." + name), Theirs: c.PostForm("theirs." + name),
			Yours: c.PostForm(name), Who: c.PostForm("who." + name), When: c.PostForm("when." + name), Note: c.PostForm("note_of." + name), Chosen: c.PostForm("choose." + name),
		}
		row.Undecided = row.Chosen == ""
		left = left || row.Undecided
		out = append(out, row)
	}
	if !left {
		return nil
	}
	return out
}

// figureRefused shows the form again with everything that was typed, and why it
// was not taken.
func (s *Server) figureRefused(c *gin.Context, view *indicators.FigureView, saving indicators.Saving, err error) error {
	f := s.frame(c)
	typed, terr := view.Revision.Entry.With(saving.Edits)
	if terr != nil {
		typed = rawInput(view.Revision.Entry, saving.Edits)
	}
	form := figureForm{view: view, typed: typed, version: saving.Version, status: http.StatusUnprocessableEntity}
	var clash *indicators.ClashError
	var check *indicators.CheckError
	var known *indicators.Error
	switch {
	case errors.As(err, &clash):
		v, verr := s.visit(c)
		if verr != nil {
			return verr
		}
		form.status, form.version = http.StatusConflict, clash.Revision.Version
		for _, x := range clash.Clashes {
			form.clashes = append(form.clashes, page.ClashRow{
				Name: string(x.Field), Label: f.T("field." + string(x.Field)), Was: x.Was, Theirs: x.Theirs, Yours: x.Yours,
				Who: clash.Revision.Person, When: v.when(clash.Revision.Changed), Note: f.T("figure.both_note", f.T("field."+string(x.Field)), x.Yours),
			})
		}
		if len(clash.Clashes) == 0 {
			form.problem = f.T("error.revision_clash.title")
		}
	case errors.As(err, &check):
		form.findings = check.Findings
		// What cannot be sent yet is kept all the same.
		saving.Key, saving.Firm = "", false
		if kept, serr := s.Store.Save(c.Request.Context(), actor(c), s.Now(), saving); serr == nil && kept[0].Err == nil {
			form.version = kept[0].Revision.Version
		}
	case isGone(err):
		return s.goneFigure(c, err)
	case !errors.As(err, &known):
		return err
	default:
		form.status = statuses[known.Kind]
		form.problem = refusal(&f, err, known)
	}
	if asksJSON(c) {
		return s.draftOfFigure(c, form)
	}
	return s.figurePage(c, form)
}

// lastSource is the newest figure before this one that names its source; nil
// for none.
func lastSource(view *indicators.FigureView) *indicators.Observation {
	if o := figureBefore(view); o != nil && o.Source != "" {
		return o
	}
	return nil
}

// rawInput is what was typed where it cannot be kept: shown again, never saved.
func rawInput(e indicators.Input, list []indicators.Edit) indicators.Input {
	for _, ed := range list {
		if after, err := e.With([]indicators.Edit{ed}); err == nil {
			e = after
			continue
		}
		if after, err := e.With([]indicators.Edit{{Field: ed.Field, Text: strings.ToValidUTF8(strings.Map(printable, clipped(ed.Text)), "")}}); err == nil {
			e = after
		}
	}
	return e
}

func printable(r rune) rune {
	if r != '\n' && (r == unicode.ReplacementChar || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)) {
		return -1
	}
	return r
}

// maxShown is how much of a text that is too long is given back, in characters
// and in lines.
const (
	maxShown = 4000
	maxLines = 500
)

func clipped(s string) string {
	r := []rune(s)
	lines := strings.SplitAfterN(string(r[:min(len(r), maxShown)]), "\n", maxLines+1)
	return strings.Join(lines[:min(len(lines), maxLines)], "")
}

// figurePage draws the form.
func (s *Server) figurePage(c *gin.Context, form figureForm) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	view, f := form.view, v.frame
	i, r := view.Indicator, view.Revision
	p := page.Entry{
		Frame: f, Duty: r.ID, Indicator: page.Link{Text: f.Pick(i.Name, i.NameEn), URL: f.To("/indicators/" + string(i.Code))},
		Place: v.placeName(r.Area), Year: view.Round.Year, Unit: f.Unit(i), State: f.T("state." + stateKey(r.State)), Refusal: r.Refusal,
		Version: form.version, Key: rand.Text(), Done: form.done, Clashes: form.clashes,
		Save: slices.Contains(view.May, indicators.Save), Send: slices.Contains(view.May, indicators.Submit),
		Withdraw: slices.Contains(view.May, indicators.Withdraw), Attach: slices.Contains(view.May, indicators.Attach), Detach: slices.Contains(view.May, indicators.Detach),
		Draft: draftPart(c, "/work/"+strconv.FormatInt(r.ID, 10)), Checked: len(form.findings) > 0,
	}
	limits := s.inEffect(c)
	p.UploadMB = limits.UploadMB
	waits := p.Send || r.State == indicators.Submitted || r.State == indicators.Endorsed
	if waits && limits.ReviewDays > 0 {
		p.Wait = f.T("setting.review_takes", limits.ReviewDays)
	}
	if !view.Open && slices.Contains([]indicators.State{indicators.NotBegun, indicators.Draft, indicators.Returned, indicators.Withdrawn}, r.State) {
		p.Closed = f.T("figure.closed", f.Date(view.Round.Locked))
	}
	rows, err := s.ownRows(c, view)
	if err != nil {
		return err
	}
	v.figureFields(&p, form, rows)
	if form.problem != "" {
		p.Summary = append([]page.Problem{{Text: form.problem}}, p.Summary...)
		p.Errors++
	}
	v.figureFacts(&p, view)
	p.Public = v.publicWords(view, form.typed)
	p.Result, p.Beside = v.resultWords(view, form.typed)
	neighbours(&p, view, rows)
	for _, x := range view.Versions {
		p.Versions = append(p.Versions, page.VersionRow{
			When: v.when(x.At), Who: x.Person, Act: f.T("act." + string(x.Act)), State: f.T("state." + stateKey(x.State)),
			Value: typedValue(&f, x.Entry), Reason: x.Reason,
		})
	}
	for _, e := range view.Evidence {
		p.Evidence = append(p.Evidence, evidenceRow(&f, e))
	}
	// What is approved or published changes by a button only, never as one types.
	f.Title, f.Section, f.Drafts = p.Indicator.Text, "work", p.Save && r.Owing()
	if p.Errors > 0 {
		f.Title = f.T("form.wrong", p.Errors, f.Title)
	}
	p.Frame = f
	return s.show(c, form.status, &p)
}

// ownRows are the round's figures of those who enter this one; none for others.
func (s *Server) ownRows(c *gin.Context, view *indicators.FigureView) ([]indicators.Revision, error) {
	if !actor(c).Has(indicators.Contributor) {
		return nil, nil
	}
	_, rows, err := s.Store.WorkList(c.Request.Context(), actor(c), view.Round.Number)
	return rows, err
}

// neighbours says which of the round's figures this one is, for those who enter
// them.
func neighbours(p *page.Entry, view *indicators.FigureView, rows []indicators.Revision) {
	p.Back = page.Link{Text: p.T("work.title"), URL: "/work?round=" + strconv.Itoa(view.Round.Number)}
	at := slices.IndexFunc(rows, func(r indicators.Revision) bool { return r.ID == view.Revision.ID })
	if at < 0 {
		return
	}
	to := func(n int) page.Link {
		if n < 0 || n >= len(rows) {
			return page.Link{}
		}
		return page.Link{URL: "/work/" + strconv.FormatInt(rows[n].ID, 10)}
	}
	p.Position, p.Before, p.After = p.T("figure.position", at+1, len(rows)), to(at-1), to(at+1)
}

// figureFacts are last year's value, the targets and the definition.
func (v *visit) figureFacts(p *page.Entry, view *indicators.FigureView) {
	f, i := &v.frame, view.Indicator
	list := &p.Facts
	add := func(label, text string) {
		if text != "" {
			*list = append(*list, page.Fact{Label: label, Text: text})
		}
	}
	add(f.T("figure.now_public"), v.nowPublic(view))
	year := view.Round.Year
	for n := len(view.Sight.Observations) - 1; n >= 0; n-- {
		o := view.Sight.Observations[n]
		if o.Subject == i.Code && o.Area == view.Revision.Area && o.Period.Year == year-1 && o.Value.Present() {
			add(f.T("figure.last_year", year-1), page.Figure(f, i, o, nil))
			break
		}
	}
	for _, t := range page.Targets(f, v.library, i) {
		add(t.When, t.Text)
	}
	add(f.T("indicator.definition"), f.Pick(i.Definition, i.DefinitionEn))
	list = &p.More
	add(f.T("figure.due"), f.Date(view.Round.DueOn(view.Revision.Duty)))
	add(f.T("word.scope"), f.T("scope."+string(i.Scope)))
	next := "office"
	if view.Endorsed {
		next = "lead"
	}
	add(f.T("figure.reviewer"), f.T("figure.reviewer."+next))
}

// nowPublic says which figure of the very year is public now; empty where none
// is.
func (v *visit) nowPublic(view *indicators.FigureView) string {
	f, i, o := &v.frame, view.Indicator, view.Sight.Public()
	switch {
	case o == nil:
		return ""
	case o.Answer != "":
		return f.T("answer." + string(o.Answer))
	case i.Measure == indicators.Deliverable && o.Value.Present() && !o.Value.Decimal().IsZero():
		return f.T("review.because", page.Figure(f, i, *o, nil), f.Date(o.Period))
	case !o.Value.Present() && !o.Numerator.Present():
		return ""
	}
	return page.Figure(f, i, *o, nil)
}

// corrects reports a form that may have to say why a public figure is entered
// anew.
func corrects(view *indicators.FigureView) bool {
	return view.Sight.Correcting || view.Sight.Public() != nil
}

// publicWords are the sentences that the public would read of an entry.
func (v *visit) publicWords(view *indicators.FigureView, e indicators.Input) []string {
	if e == (indicators.Input{}) || indicators.HasErrors(view.Sight.Check(e)) {
		return nil
	}
	sight := view.Sight
	known := indicators.Know(v.library, sight.After(e), sight.Day, sight.Due)
	var out []string
	for _, a := range known.AssessIndicator(view.Indicator) {
		if a.Area.Code == view.Revision.Area && a.Milestone >= view.Round.Year {
			out = append(out, page.Sentence(&v.frame, v.library, &a))
		}
	}
	return out
}

// figureGroups are the fields of the form in groups.
var figureGroups = []struct {
	title  string
	fields []indicators.Field
}{
	{"number", []indicators.Field{indicators.ValueField, indicators.BasisField, indicators.NumeratorField, indicators.DenominatorField, indicators.DoneField}},
	{"answer", []indicators.Field{indicators.AnswerField, indicators.UntilField, indicators.ReasonField}},
	{"source", []indicators.Field{indicators.SourceField, indicators.SourceURLField, indicators.NoteField}},
	{"explanation", []indicators.Field{indicators.ExplanationField, indicators.NextField, indicators.CorrectionField}},
}

// figureFields lays out the fields with what was typed, what is wrong, and what
// is offered to take over; rows are the round's figures of the same people.
func (v *visit) figureFields(p *page.Entry, form figureForm, rows []indicators.Revision) {
	f, i := &v.frame, form.view.Indicator
	deed := i.Measure == indicators.Deliverable
	for _, group := range figureGroups {
		g := page.FieldGroup{Folded: group.title == "answer", Title: f.T("figure.group." + group.title), Hint: f.T("figure.hint." + group.title)}
		for _, name := range group.fields {
			switch {
			case name == indicators.DoneField && !deed,
				name.Numeric() && name != indicators.ValueField && (deed || !i.Per.Present()),
				name == indicators.BasisField && len(v.library.BasesOf(i, v.frame.AsOf)) < 2,
				name == indicators.CorrectionField && !corrects(form.view) && form.typed.Correction == "":
				continue
			}
			x := page.FigureField{Field: page.Field{Name: string(name), Value: form.typed.Get(name), Label: f.T("field." + string(name)), Kind: "text"}}
			v.figureControl(&x, name, i, form.typed)
			if o := lastSource(form.view); name == indicators.SourceField && o != nil && o.Source != x.Value {
				x.Offers = append(x.Offers, page.Offer{Do: "source", Text: f.T("figure.last_source", o.Source)})
			}
			if name == indicators.DenominatorField {
				row := form.view.Revision
				row.Entry = form.typed
				x.Offers = v.denominatorOffers(&row, string(name), form.view.Round.Year, form.view.Sight.Observations, rows)
			}
			for _, finding := range form.findings {
				if shownAt(i, form.typed, finding.Field) == name {
					x.Problems = append(x.Problems, page.Problem{
						Field: string(name), Text: v.findingWords(finding), Warning: finding.Grade != indicators.ErrorGrade, Settled: finding.Settled,
					})
				}
			}
			g.Fields = append(g.Fields, x)
			g.Open = g.Open || x.Value != "" || len(x.Problems) > 0
			for _, problem := range x.Problems {
				if problem.Settled {
					continue
				}
				p.Summary = append(p.Summary, problem)
				if !problem.Warning {
					p.Errors++
				}
			}
		}
		p.Groups = append(p.Groups, g)
	}
	p.How = howEntered(i, form.typed)
}

// howEntered says which number a form asks for: "direct", "parts", or empty
// where there is one way only, or both were filled in.
func howEntered(i *indicators.Indicator, e indicators.Input) string {
	parts := e.Numerator != "" || e.Denominator != ""
	switch {
	case i.Measure == indicators.Deliverable || !i.Per.Present() || parts && e.Value != "":
		return ""
	case parts:
		return "parts"
	}
	return "direct"
}

// shownAt is the field beside which a finding is told: the number's is the
// numerator's where the form asks for the parts.
func shownAt(i *indicators.Indicator, e indicators.Input, field indicators.Field) indicators.Field {
	if field == indicators.ValueField && howEntered(i, e) == "parts" {
		return indicators.NumeratorField
	}
	return field
}

// figureControl chooses the control of a field.
func (v *visit) figureControl(x *page.FigureField, name indicators.Field, i *indicators.Indicator, typed indicators.Input) {
	f := &v.frame
	choose := func(list []string, word string) {
		x.Kind, x.Options = "select", []page.Option{{Text: f.T("figure.choose_none")}}
		for _, each := range list {
			x.Options = append(x.Options, page.Option{Value: each, Text: f.T(word + each), Chosen: each == x.Value})
		}
	}
	switch name {
	case indicators.ValueField:
		if i.Measure == indicators.Deliverable {
			x.Kind = "select"
			x.Options = []page.Option{{Text: f.T("figure.choose_none")}, {Value: "1", Text: f.T("figure.deed.1"), Chosen: x.Value == "1"}, {Value: "0", Text: f.T("figure.deed.0"), Chosen: x.Value == "0"}}
			return
		}
		x.Mode, x.Unit, x.Direct = "decimal", f.Unit(i), true
	case indicators.NumeratorField, indicators.DenominatorField:
		x.Mode, x.Part = "decimal", true
		if sr := v.partSeries(i, name); sr != nil {
			x.Hint, x.Unit = f.Pick(sr.Name, sr.NameEn), sr.Unit
		}
	case indicators.BasisField:
		var bases []string
		for _, b := range v.library.BasesOf(i, v.frame.AsOf) {
			bases = append(bases, string(b))
		}
		choose(bases, "basis.")
		x.Options[0].Text = f.T("figure.basis_usual", x.Options[1].Text)
	case indicators.AnswerField:
		choose(indicators.Answer("").Allowed(), "answer.")
	case indicators.ReasonField, indicators.NoteField, indicators.ExplanationField, indicators.NextField, indicators.CorrectionField:
		x.Kind, x.Lines = "area", 3
	case indicators.DoneField, indicators.UntilField:
		x.Hint = f.T("figure.date_form")
	}
	x.Number, x.Read = name.Numeric() && i.Measure != indicators.Deliverable, v.readWords(i, name, typed)
}

// findingWords says what a check found.
func (v *visit) findingWords(x indicators.Finding) string {
	f := &v.frame
	if x.Across != nil {
		return f.Pick(x.Across.Message, x.Across.MessageEn)
	}
	args := make([]any, len(x.Args))
	for n, a := range x.Args {
		switch a := a.(type) {
		case indicators.Number:
			args[n] = cmp.Or(f.Exact(a), f.T("review.was_none"))
		case indicators.UnitName:
			args[n] = cmp.Or(f.Pick(a.Zh, a.En), f.T("review.was_none"))
		case indicators.Measure:
			args[n] = f.T("measure." + string(a))
		case indicators.Basis:
			args[n] = f.T("basis." + string(a))
		case indicators.Period:
			args[n] = f.Date(a)
		case indicators.Status:
			args[n] = f.T("status." + string(a))
		case indicators.Target:
			args[n] = f.T("check.target", page.When(f.Lang, a), page.Promise(f.Lang, v.library.Indicator(a.Indicator), a))
		case indicators.Code:
			args[n] = v.library.NameOf(f.Lang == "en", a)
		default:
			args[n] = a
		}
	}
	return f.T("check."+x.Rule, args...)
}
