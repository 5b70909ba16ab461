package indicators

// Project is a work with money and dates 项目. Its actual dates live in the
// observations of its Indicators.
type Project struct {
	Number         Label  `col:"number,required"`
	Name           string `col:"name,required"`
	NameEn         string `col:"name_en"`
	Owners         Codes  `col:"owners"`
	Scale          Number `col:"scale"`
	ScaleUnit      string `col:"scale_unit"`
	ScaleNote      string `col:"scale_note"`
	InvestmentWan  Number `col:"investment_wan"` // in 万元
	InvestmentNote string `col:"investment_note"`
	Funding        string `col:"funding"`
	Started        Period `col:"started"`
	Due            Period `col:"due"`
	Term           string `col:"term"` // the plan's words where it gives no date
	Content        string `col:"content"`
	ContentEn      string `col:"content_en"`
	Tasks          Labels `col:"tasks"`
	Indicators     Codes  `col:"indicators"`
	Clause         string `col:"clause,required"`
}

// PolicyStage is where a document stood when the plan was issued.
type PolicyStage string

// The stages of a policy.
const (
	Issued     PolicyStage = "issued"
	Planned    PolicyStage = "planned"
	Continuing PolicyStage = "continuing"
)

// Allowed lists the legal stages.
func (PolicyStage) Allowed() []string { return []string{"issued", "planned", "continuing"} }

// Policy is a document promised or issued 政策举措. Indicator is the
// deliverable that carries its actual date.
type Policy struct {
	Number     Label       `col:"number,required"`
	Title      string      `col:"title,required"`
	TitleEn    string      `col:"title_en"`
	DocumentNo string      `col:"document_no"`
	Owners     Codes       `col:"owners"`
	Due        Period      `col:"due" form:"month,date"`
	Stage      PolicyStage `col:"stage,required"`
	Indicators Codes       `col:"indicator"`
	Clause     string      `col:"clause,required"`
}
