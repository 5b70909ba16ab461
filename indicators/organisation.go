package indicators

// OrganisationKind says what sort of body an organisation is.
type OrganisationKind string

// Collective is the kind of a group of organisations named as one
// (各区县（市）人民政府): listed, and counted as no lead of its own.
const Collective OrganisationKind = "collective"

// OfficeKind is the kind of the office that keeps the library and publishes.
const OfficeKind OrganisationKind = "office"

// District is the kind of a district's or zone's government.
const District OrganisationKind = "district"

// Allowed lists the legal kinds.
func (OrganisationKind) Allowed() []string {
	return []string{"office", "party", "government", "congress", "court", "procuratorate", "mass", "district", "enterprise", "collective", "leading_group"}
}

// Organisation is a body that leads, partners or reports 单位.
type Organisation struct {
	Code      Code             `col:"code,required"`
	Name      string           `col:"name,required"`
	NameEn    string           `col:"name_en"`
	Kind      OrganisationKind `col:"kind,required"`
	Area      Code             `col:"area"`      // a district's own area
	Members   Codes            `col:"members"`   // of a collective
	Successor Code             `col:"successor"` // who took over its duties
}
