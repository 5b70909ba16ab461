package indicators

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Period is a year, a month or a day of the calendar: Month and Day are 0
// where the source is no finer. The zero Period is absent. A year's figure
// stands at its end, a month's at its last day.
type Period struct {
	Year, Month, Day int
}

var periodPattern = regexp.MustCompile(`^([1-9][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$`)

// ParsePeriod reads YYYY, YYYY-MM or YYYY-MM-DD; the empty string is absent.
func ParsePeriod(s string) (Period, error) {
	if s == "" {
		return Period{}, nil
	}
	m := periodPattern.FindStringSubmatch(s)
	if m == nil {
		return Period{}, fmt.Errorf("period %q is not YYYY, YYYY-MM or YYYY-MM-DD", s)
	}
	var p Period
	for i, field := range []*int{&p.Year, &p.Month, &p.Day} {
		if m[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(m[i+1])
		if err != nil {
			return Period{}, fmt.Errorf("period %q: %w", s, err)
		}
		*field = n
	}
	if m[2] != "" && (p.Month < 1 || p.Month > 12) {
		return Period{}, fmt.Errorf("period %q has no such month", s)
	}
	if m[3] != "" && time.Date(p.Year, time.Month(p.Month), p.Day, 0, 0, 0, 0, time.UTC).Day() != p.Day || m[3] == "00" {
		return Period{}, fmt.Errorf("period %q has no such day", s)
	}
	return p, nil
}

// MustPeriod is [ParsePeriod] for literals; it panics on a bad one.
func MustPeriod(s string) Period {
	p, err := ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

// YearOf is the period of the whole year y.
func YearOf(y int) Period { return Period{Year: y} }

// DateOf is the day of t in t's own zone.
func DateOf(t time.Time) Period {
	return Period{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
}

// IsZero reports an absent period.
func (p Period) IsZero() bool { return p == Period{} }

// IsYear reports a whole year.
func (p Period) IsYear() bool { return p.Year != 0 && p.Month == 0 }

// IsDate reports a single day.
func (p Period) IsDate() bool { return p.Day != 0 }

// End is the last day of the period.
func (p Period) End() Period {
	switch {
	case p.IsZero(), p.Day != 0:
		return p
	case p.Month == 0:
		return Period{p.Year, 12, 31}
	}
	return Period{p.Year, p.Month, time.Date(p.Year, time.Month(p.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day()}
}

// Months counts whole months from year 0 to the period's end; time in the
// rules is counted in these.
func (p Period) Months() int {
	e := p.End()
	return e.Year*12 + e.Month
}

// Compare orders periods by their last day.
func (p Period) Compare(q Period) int {
	a, b := p.End(), q.End()
	return (a.Year-b.Year)*10000 + (a.Month-b.Month)*100 + a.Day - b.Day
}

// Time is noon of the period's last day in UTC: the same day in every zone.
func (p Period) Time() time.Time {
	e := p.End()
	return time.Date(e.Year, time.Month(e.Month), e.Day, 12, 0, 0, 0, time.UTC)
}

// String is the period as written.
func (p Period) String() string {
	switch {
	case p.IsZero():
		return ""
	case p.Month == 0:
		return fmt.Sprintf("%04d", p.Year)
	case p.Day == 0:
		return fmt.Sprintf("%04d-%02d", p.Year, p.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", p.Year, p.Month, p.Day)
}

// MarshalText writes the period as written.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what [ParsePeriod] reads.
func (p *Period) UnmarshalText(b []byte) error {
	got, err := ParsePeriod(string(b))
	if err != nil {
		return err
	}
	*p = got
	return nil
}
