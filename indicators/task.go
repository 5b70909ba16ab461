package indicators

// Task is a numbered section of the plan 任务.
type Task struct {
	Number     Label  `col:"number,required"`
	Domain     Code   `col:"domain,required"`
	Title      string `col:"title,required"`
	TitleEn    string `col:"title_en"`
	Leads      Codes  `col:"leads"`
	Partners   Codes  `col:"partners"`
	Expected   string `col:"expected"`
	ExpectedEn string `col:"expected_en"`
	Period     string `col:"period"`
	Clause     string `col:"clause,required"`
}

// Commitment is what a task promises by a milestone, numbered or not 承诺.
// Indicators are those that measure it; none is a gap that the page shows.
type Commitment struct {
	Code         Code      `col:"code,required"`
	Task         Label     `col:"task,required"`
	Milestone    Milestone `col:"milestone"`
	Commitment   string    `col:"commitment,required"`
	CommitmentEn string    `col:"commitment_en"`
	Indicators   Codes     `col:"indicator"`
	Clause       string    `col:"clause,required"`
}
