package words

import (
	"fmt"
	"time"

	"yimi/indicators"
)

// Date prints a period in prose: 2023年, 2023年4月, 2025年3月31日; 2023, April
// 2023, 31 March 2025.
func (l Lang) Date(p indicators.Period) string {
	switch {
	case p.IsZero():
		return ""
	case l == Zh && p.IsYear():
		return fmt.Sprintf("%d年", p.Year)
	case l == Zh && !p.IsDate():
		return fmt.Sprintf("%d年%d月", p.Year, p.Month)
	case l == Zh:
		return fmt.Sprintf("%d年%d月%d日", p.Year, p.Month, p.Day)
	case p.IsYear():
		return fmt.Sprint(p.Year)
	case !p.IsDate():
		return p.Time().Format("January 2006")
	}
	return p.Time().Format("2 January 2006")
}

// Day prints the day of a moment as a table has it: 2025-03-31.
func Day(t time.Time) string { return t.Format(time.DateOnly) }
