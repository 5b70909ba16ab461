package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/chart"
	"yimi/server/page"
)

// progressStore keeps what the office writes down about projects.
type progressStore interface {
	ProgressBefore(ctx context.Context, until time.Time, projects ...indicators.Label) (map[indicators.Label]indicators.ProjectProgress, error)
	ProgressHistory(ctx context.Context, project indicators.Label) ([]indicators.ProjectProgress, error)
	ReportProgress(ctx context.Context, actor indicators.Actor, at time.Time, p indicators.ProjectProgress) (indicators.ProjectProgress, error)
}

func progressAddress(n indicators.Label) string {
	return "/projects/" + url.PathEscape(string(n)) + "/progress"
}

// told is what had been written down about the projects by the reading's day,
// and by its release where the address names one.
func (s *Server) told(c *gin.Context, r *reading) (map[indicators.Label]indicators.ProjectProgress, error) {
	d := r.asOf()
	until := time.Date(d.Year, time.Month(d.Month), d.Day+1, 0, 0, 0, 0, r.library.Plan.Location())
	if r.frame.Past > 0 {
		// A release's time is kept to the second.
		if then := r.release.Published.Add(time.Second); then.Before(until) {
			until = then
		}
	}
	var numbers []indicators.Label
	for _, w := range r.library.Projects {
		numbers = append(numbers, w.Number)
	}
	return s.Store.ProgressBefore(c.Request.Context(), until, numbers...)
}

// progressLine is an entry in words.
func (v *visit) progressLine(w *indicators.Project, p indicators.ProjectProgress) page.ProgressLine {
	f := &v.frame
	out := page.ProgressLine{Stage: string(p.Stage), Sentence: p.Sentence}
	add := func(key, fact string) {
		if fact != "" {
			out.Facts = append(out.Facts, f.T("progress.fact."+key, fact))
		}
	}
	add("share", f.WithUnit(f.Exact(p.Share), "%"))
	add("built", f.WithUnit(f.Exact(p.Built), w.ScaleUnit))
	add("invested", f.Money(p.Invested))
	add("started", f.Date(p.Started))
	add("finished", f.Date(p.Finished))
	out.From = f.T("progress.from", f.Date(indicators.DateOf(p.At.In(v.library.Plan.Location()))), p.Person, p.Source)
	return out
}

// laid puts a project of which no figure tells on the line of time as the
// office wrote it down: when it was finished, else that it was not on that day.
func (v *visit) laid(x chart.Work, p indicators.ProjectProgress) chart.Work {
	x.Heard = indicators.DateOf(p.At.In(v.library.Plan.Location()))
	x.Done, x.Undone = p.Finished, p.Finished.IsZero()
	return x
}

// theProject is the project of the address, today's.
func (s *Server) theProject(c *gin.Context) (*visit, *indicators.Project, error) {
	v, err := s.visit(c)
	if err != nil {
		return nil, nil, err
	}
	w := v.library.Project(indicators.Label(c.Param("number")))
	if w == nil {
		return nil, nil, indicators.Missing("project", c.Param("number"))
	}
	return v, w, nil
}

// showProgress is the form to write down how far a project is.
func (s *Server) showProgress(c *gin.Context) error {
	v, w, err := s.theProject(c)
	if err != nil {
		return err
	}
	history, err := s.Store.ProgressHistory(c.Request.Context(), w.Number)
	if err != nil {
		return err
	}
	var last indicators.ProjectProgress
	if len(history) > 0 {
		last = history[0]
	}
	typed := func(x indicators.ProgressField) string {
		if x == indicators.ProgressReason {
			return "" // every entry has its own
		}
		return last.Field(x)
	}
	return s.askProgress(c, v, w, http.StatusOK, last.Version, history, typed, map[indicators.ProgressField]string{})
}

// askProgress shows the form with what was typed and what is wrong with it; ""
// stands for the form as a whole.
func (s *Server) askProgress(c *gin.Context, v *visit, w *indicators.Project, status, version int, history []indicators.ProjectProgress,
	typed func(indicators.ProgressField) string, problems map[indicators.ProgressField]string,
) error {
	f := v.frame
	name := f.Pick(w.Name, w.NameEn)
	f.Title, f.Section = f.T("progress.title", name), "projects"
	f.Crumbs = []page.Link{{Text: f.T("nav.projects"), URL: "/projects"}, {Text: name, URL: "/projects#" + projectID(w.Number)}}
	p := page.Progress{Done: done(c, &f), Planned: v.plannedTime(w), Public: page.Link{Text: f.T("progress.public"), URL: "/projects#" + projectID(w.Number)}}
	p.Form = page.Form{
		Action: progressAddress(w.Number), Button: f.T("progress.save"), Problem: problems[""],
		Hidden: []page.Field{{Name: "version", Value: strconv.Itoa(version)}},
	}
	for _, x := range indicators.ProgressFields(w) {
		field := page.Field{Name: string(x), Value: typed(x), Label: f.T("progress.field." + string(x)), Hint: f.T("progress.hint." + string(x)), Problem: problems[x]}
		switch x {
		case indicators.ProgressStage:
			field.Kind = "select"
			field.Options = []page.Option{{Value: "", Text: f.T("progress.choose")}}
			for _, st := range indicators.ProjectStage("").Allowed() {
				field.Options = append(field.Options, page.Option{Value: st, Text: f.T("progress.stage." + st), Chosen: st == field.Value})
			}
		case indicators.ProgressBuilt:
			field.Label = f.T("progress.built_in", w.ScaleUnit)
			field.Mode = "decimal"
		case indicators.ProgressShare, indicators.ProgressInvested:
			field.Mode = "decimal"
		}
		p.Form.Fields = append(p.Form.Fields, field)
	}
	for _, e := range history {
		p.Entries = append(p.Entries, page.ProgressEntry{When: v.when(e.At), Who: e.Person, Source: e.Source, Line: v.progressLine(w, e), Reason: e.Reason})
	}
	if n := p.Form.Wrong(); n > 0 {
		f.Title = f.T("form.wrong", n, f.Title)
	}
	p.Frame = f
	return s.show(c, status, &p)
}

// reportProgress writes down how far a project is. Whoever was slower sees what
// stands now beside what was typed.
func (s *Server) reportProgress(c *gin.Context) error {
	v, w, err := s.theProject(c)
	if err != nil {
		return err
	}
	ctx, f := c.Request.Context(), &v.frame
	typed := func(x indicators.ProgressField) string { return c.PostForm(string(x)) }
	version, err := strconv.Atoi(c.PostForm("version"))
	if err != nil || version < 0 {
		version = -1 // no entry has it: the act meets a conflict
	}
	problems := map[indicators.ProgressField]string{}
	entry, flaws := indicators.ReadProgress(w, typed, s.today(v))
	for _, x := range flaws {
		switch {
		case x.Number:
			problems[x.Field] = f.T("check."+x.Rule, x.Read)
		default:
			problems[x.Field] = f.T("progress.flaw." + x.Rule)
		}
	}
	status := http.StatusUnprocessableEntity
	if len(problems) == 0 {
		entry.Version = version
		_, err = s.Store.ReportProgress(ctx, actor(c), s.Now(), entry)
		var known *indicators.Error
		switch {
		case err == nil:
			return redirect(c, progressAddress(w.Number)+"?done=saved")
		case !errors.As(err, &known) || known.What != "progress_changed":
			return err
		}
		status = http.StatusConflict
	}
	history, err := s.Store.ProgressHistory(ctx, w.Number)
	if err != nil {
		return err
	}
	if status == http.StatusConflict {
		problems[""] = f.T("progress.changed")
		if len(history) > 0 {
			now := history[0]
			problems[""] = f.T("progress.changed_by", now.Person, v.when(now.At))
			version = now.Version // the form goes on from what stands now
			for _, x := range indicators.ProgressFields(w) {
				if got := now.Field(x); got != entry.Field(x) && x != indicators.ProgressReason {
					problems[x] = v.theirs(x, got)
				}
			}
		}
	}
	return s.askProgress(c, v, w, status, version, history, typed, problems)
}

// theirs says what somebody else wrote into a field.
func (v *visit) theirs(x indicators.ProgressField, value string) string {
	f := &v.frame
	label := f.T("progress.field." + string(x))
	switch {
	case value == "":
		return f.T("progress.theirs_empty", label)
	case x == indicators.ProgressStage:
		value = f.T("progress.stage." + value)
	}
	return f.T("progress.theirs", label, value)
}

// plannedTime is when a project was to be, or the plan's words.
func (v *visit) plannedTime(w *indicators.Project) string {
	f := &v.frame
	out := w.Term
	if !w.Due.IsZero() {
		out = f.Join(f.T("projects.until", f.Date(w.Due)), w.Term)
	}
	if !w.Started.IsZero() {
		out = f.Join(f.T("projects.from", f.Date(w.Started)), out)
	}
	return out
}
