package server

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
)

type apiFailure struct {
	Kind      string `json:"error"`
	Message   string `json:"message"`
	Reference string `json:"reference"`
}

type apiAnswer struct {
	Release    int      `json:"release"`
	AsOf       string   `json:"as_of"`
	Demo       bool     `json:"demo,omitempty"`
	Indicators []apiRow `json:"indicators"`
}

type apiRow struct {
	Code      indicators.Code   `json:"code"`
	Name      string            `json:"name"`
	NameEn    string            `json:"name_en"`
	Domain    indicators.Code   `json:"domain"`
	Task      indicators.Label  `json:"task"`
	Unit      string            `json:"unit"`
	Measure   string            `json:"measure"`
	Direction string            `json:"direction"`
	Scope     string            `json:"scope"`
	Headline  *int              `json:"headline"`
	Leads     []indicators.Code `json:"leads"`
	Clause    string            `json:"clause"`
	Baseline  *apiBaseline      `json:"baseline"`
	Targets   []apiTarget       `json:"targets"`
	Results   []apiResult       `json:"results"`

	Assessments []apiAssessment `json:"assessments"`
}

type apiBaseline struct {
	Period string            `json:"period"`
	Value  indicators.Number `json:"value"`
	Source string            `json:"source"`
}

type apiTarget struct {
	Milestone  string            `json:"milestone"`
	Comparator string            `json:"comparator"`
	Value      indicators.Number `json:"value"`
	Upper      indicators.Number `json:"upper"`
	Basis      string            `json:"basis"`
	BaseYear   *int              `json:"base_year"`
	Due        string            `json:"due"`
	Clause     string            `json:"clause"`
	From       string            `json:"from,omitempty"` // the days on which it holds, where it was changed
	Until      string            `json:"until,omitempty"`
	Reason     string            `json:"reason,omitempty"`
}

type apiResult struct {
	Area        indicators.Code   `json:"area"`
	Period      string            `json:"period"`
	Value       indicators.Number `json:"value"`
	Bound       string            `json:"bound,omitempty"`
	Answer      string            `json:"answer"`
	Basis       string            `json:"basis"`
	Numerator   indicators.Number `json:"numerator"`
	Denominator indicators.Number `json:"denominator"`
	Quality     string            `json:"quality"`
	Kind        string            `json:"kind"`
	Published   string            `json:"published"`
	Confidence  string            `json:"confidence"`
	Source      string            `json:"source"`
	SourceURL   string            `json:"source_url"`
}

// apiIndicators answers every indicator of the plan.
func (s *Server) apiIndicators(c *gin.Context) error {
	r, err := s.readFiltered(c)
	if err != nil {
		return err
	}
	list, _ := s.filtered(c, r)
	return s.sendJSON(c, r, list)
}

// apiIndicator answers one indicator, in the same shape.
func (s *Server) apiIndicator(c *gin.Context) error {
	r, err := s.read(c, "")
	if err != nil {
		return err
	}
	i := r.library.Indicator(indicators.Code(c.Param("code")))
	if i == nil {
		return indicators.Missing("indicator", c.Param("code"))
	}
	return s.sendJSON(c, r, []*indicators.Indicator{i})
}

func (s *Server) sendJSON(c *gin.Context, r *reading, list []*indicators.Indicator) error {
	return sendAPI(c, s.answer(r, list))
}

// sendAPI answers whoever asks, from any site.
func sendAPI(c *gin.Context, answer any) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("api: %w", err)
	}
	c.Header("Access-Control-Allow-Origin", "*")
	send(c, http.StatusOK, "application/json; charset=utf-8", body)
	return nil
}

// answer is what the API and the JSON downloads say: the city's figures from
// the reading, those of the districts where targets hold for each or figures
// were published.
func (s *Server) answer(r *reading, list []*indicators.Indicator) *apiAnswer {
	out := &apiAnswer{Release: r.release.Number, AsOf: r.asOf().String(), Demo: s.Demo, Indicators: []apiRow{}}
	for _, i := range list {
		row := newAPIIndicator(r.library, i, r.everywhere(i.Code), r.area.Code)
		for _, a := range r.library.Areas {
			for _, each := range r.of[placed{i.Code, a.Code}] {
				row.Assessments = append(row.Assessments, newAPIAssessment(each))
			}
		}
		out.Indicators = append(out.Indicators, row)
	}
	return out
}

func newAPIIndicator(l *indicators.Library, i *indicators.Indicator, obs []indicators.Observation, area indicators.Code) apiRow {
	a := apiRow{
		Code: i.Code, Name: i.Name, NameEn: i.NameEn, Task: i.Task, Unit: i.Unit, Measure: string(i.Measure),
		Direction: string(i.Direction), Scope: string(i.Scope), Headline: i.Headline, Leads: i.Leads, Clause: i.Clause,
		Targets: []apiTarget{}, Results: []apiResult{}, Assessments: []apiAssessment{},
	}
	if a.Leads == nil {
		a.Leads = []indicators.Code{}
	}
	if d := l.DomainOf(i); d != nil {
		a.Domain = d.Code
	}
	for _, t := range l.TargetsOf(i.Code) {
		basis := t.Basis
		if basis == "" {
			basis = indicators.Level
		}
		a.Targets = append(a.Targets, apiTarget{
			Milestone: string(t.Milestone), Comparator: string(t.Comparator), Value: t.Value, Upper: t.Upper,
			Basis: string(basis), BaseYear: t.BaseYear, Due: t.Due.String(), Clause: t.Clause,
			From: t.From.String(), Until: t.Until.String(), Reason: t.Reason,
		})
	}
	for _, o := range indicators.Standing(l, obs) {
		if o.Kind == indicators.Baseline {
			if o.Area == area {
				a.Baseline = &apiBaseline{Period: o.Period.String(), Value: o.Value, Source: o.Source}
			}
			continue
		}
		quality := o.Quality
		if quality == "" {
			quality = "A"
		}
		a.Results = append(a.Results, apiResult{
			Area: o.Area, Period: o.Period.String(), Value: o.Value, Bound: string(o.Bound), Answer: string(o.Answer),
			Basis: string(o.Basis), Numerator: o.Numerator, Denominator: o.Denominator, Quality: string(quality),
			Kind: string(o.Kind), Published: o.Published.String(), Confidence: string(o.Confidence), Source: o.Source, SourceURL: o.SourceURL,
		})
	}
	return a
}
