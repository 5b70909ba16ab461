package indicators

// AreaLevel is an area's rung: the city, then what it is divided into.
type AreaLevel string

// The levels of areas.
const (
	CityLevel     AreaLevel = "city"
	DistrictLevel AreaLevel = "district"
)

// Allowed lists the legal levels.
func (AreaLevel) Allowed() []string { return []string{"city", "district", "township", "community"} }

// Area is the city or a part of it 地区. GridCol and GridRow place it on the
// tile grid, counted from 0; nil where it has no tile.
type Area struct {
	Code    Code      `col:"code,required"`
	Name    string    `col:"name,required"`
	NameEn  string    `col:"name_en"`
	Short   string    `col:"short"`
	Aliases Names     `col:"aliases"`
	Level   AreaLevel `col:"level,required"`
	Parent  Code      `col:"parent"`
	GBCode  string    `col:"gb_code"`
	GridCol *int      `col:"grid_col"`
	GridRow *int      `col:"grid_row"`
}
