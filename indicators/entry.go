package indicators

import (
	"regexp"
	"strings"
	"unicode"
)

// Reading is what a number was understood as: what the page prints after 读作.
type Reading struct {
	Number  Number // in the unit asked for; absent where nothing was typed
	Changed bool   // other than as typed: a separator or the unit taken off, 万 counted, ‰ made %
}

// The keys that [ReadNumber] gives to its [Invalid] error; Detail is what was
// typed.
const (
	numberAmbiguous = "number_ambiguous" // 1.234,5: where the point is cannot be seen
	numberAsk       = "number_ask"       // - / 无: is it 0, or is there no figure?
	numberAbout     = "number_about"     // 约50, 50以上
	numberRange     = "number_range"     // 3-5
	numberInWords   = "number_words"     // 三百
	numberPower     = "number_power"     // 1e308
	numberUnit      = "number_unit"      // 12 吨 where 个 is counted
	numberLong      = "number_long"      // more digits than any statistic has
	numberNone      = "number_none"      // no number at all
)

var (
	// Invisible characters come along when text is copied out of a page: these in
	// words, and those below also in numbers.
	joiners   = strings.NewReplacer("\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "", "\u200e", "", "\u200f", "")
	invisible = strings.NewReplacer(
		"\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "", "\u200e", "", "\u200f", "",
		"\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "",
	)
	// Signs beside the full-width block that are typed for others.
	lookalikes = strings.NewReplacer("\u2212", "-", "\ufe63", "-", "﹪", "%")
	askWords   = []string{"-", "--", "—", "——", "–", "/", "\\", "无", "没有", "未统计", "未知", "暂无", "缺", "n/a", "na", "none", "null", "...", "…"}

	numberShape    = regexp.MustCompile(`^([+-]?) ?([0-9][0-9., ]*|\.[0-9]+)(.*)$`)
	groupedByComma = regexp.MustCompile(`^[1-9][0-9]{0,2}(,[0-9]{3})+$`)
	groupedBySpace = regexp.MustCompile(`^[1-9][0-9]{0,2}( [0-9]{3})+$`)
	digitsOnly     = regexp.MustCompile(`^[0-9]+$`)
	powerShape     = regexp.MustCompile(`^[+-]?[0-9.,]+ ?[eE] ?[+-]?[0-9]+$`)
	rangeShape     = regexp.MustCompile(`^[+-]?[0-9][0-9.,]*[^0-9]{0,4}[-~～—–至到][^0-9]{0,2}[0-9]`)
	aboutShape     = regexp.MustCompile(`^(约|大约|大概|近|将近|超|超过|不到|不足|至少|最多|逾|约为|[<>≥≤≈~±])|(左右|上下|以上|以下|以内|有余|余|多|\+)$`)
	wordNumber     = regexp.MustCompile(`^[零〇一二三四五六七八九十百千万亿两半廿壹贰叁肆伍陆柒捌玖拾佰仟点分之]+`)
)

// scales are the words that multiply, the longest first.
var scales = []struct {
	word  string
	power int32
}{
	{"万亿", 12}, {"千万", 7}, {"百万", 6}, {"十万", 5}, {"亿", 8}, {"万", 4}, {"千", 3}, {"百", 2},
	{"萬", 4}, {"億", 8},
}

// ReadNumber reads a number as people type it into a field whose figures are in
// unit: full-width digits, 1,234.5, 27 000, 2.7万, 90.64％, 4‰, with the unit
// behind it or not. A per mille is made a per cent, or the other way round,
// where the unit is the other. Digits after the point stay as typed. Nothing
// but spaces is the absent Number.
//
// What cannot be told for sure is refused as Invalid with a reason for the
// person: 1.234,5, 约50, 三百左右, 3-5, 1e308 (a spreadsheet has cut its digits
// off), another unit; "-", "/" and 无 ask whether 0 or no figure is meant.
// A negative zero, as a spreadsheet prints what it has rounded, is 0.
func ReadNumber(typed, unit string) (Reading, error) {
	refuse := func(what string) (Reading, error) {
		return Reading{}, &Error{Kind: Invalid, What: what, Detail: clip(strings.TrimSpace(typed))}
	}
	s := plainText(typed)
	if s == "" {
		return Reading{}, nil
	}
	for _, w := range askWords {
		if strings.EqualFold(s, w) {
			return refuse(numberAsk)
		}
	}
	if len(s) > 4*maxDigits {
		return refuse(numberLong)
	}
	switch {
	case aboutShape.MatchString(s):
		return refuse(numberAbout)
	case powerShape.MatchString(s):
		return refuse(numberPower)
	case rangeShape.MatchString(s):
		return refuse(numberRange)
	case wordNumber.MatchString(s):
		return refuse(numberInWords)
	}
	m := numberShape.FindStringSubmatch(s)
	if m == nil {
		return refuse(numberNone)
	}
	digits, ok := ungrouped(strings.TrimSpace(m[2]))
	if !ok {
		return refuse(numberAmbiguous)
	}
	shift, ok := scaleOf(strings.TrimSpace(m[3]), unit)
	if !ok {
		if strings.ContainsFunc(m[3], unicode.IsDigit) {
			return refuse(numberNone)
		}
		return refuse(numberUnit)
	}
	n, err := ParseNumber(digits)
	if err != nil {
		return refuse(numberLong)
	}
	if m[1] == "-" && !n.Decimal().IsZero() {
		n = NumberOf(n.Decimal().Neg())
	}
	if shift != 0 {
		n = NumberOf(n.Decimal().Shift(shift))
	}
	// What is told is read again, so that what is kept can always be read.
	again, err := ParseNumber(n.String())
	if err != nil {
		return refuse(numberLong)
	}
	return Reading{Number: again, Changed: again.String() != strings.TrimSpace(typed)}, nil
}

// plainText makes full-width characters narrow, every space one plain space,
// and takes invisible ones out.
func plainText(s string) string {
	var b strings.Builder
	space := false
	for _, r := range lookalikes.Replace(invisible.Replace(s)) {
		switch {
		case r >= '！' && r <= '～':
			r = r - '！' + '!'
		case unicode.IsSpace(r):
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// ungrouped takes the separators of thousands out of digits; false where it
// cannot be seen which sign is the point.
func ungrouped(s string) (string, bool) {
	whole, fraction, point := strings.Cut(s, ".")
	if point && !digitsOnly.MatchString(fraction) {
		return "", false
	}
	switch {
	case whole == "":
		whole = "0"
	case digitsOnly.MatchString(whole):
	case groupedByComma.MatchString(whole), groupedBySpace.MatchString(whole):
		whole = strings.NewReplacer(",", "", " ", "").Replace(whole)
	default:
		return "", false
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if point {
		return whole + "." + fraction, true
	}
	return whole, true
}

// scaleOf reads what stands behind the digits: nothing, the unit, or a word
// that multiplies with or without the unit. It is the power of ten to multiply
// by; false for another unit.
func scaleOf(rest, unit string) (power int32, ok bool) {
	unit = plainText(unit)
	short, _, _ := strings.Cut(unit, "/") // 个 of 个/千人
	named := func(s string) bool { return s == "" || s == unit || s == short }
	if named(rest) {
		return 0, true
	}
	marks := map[string]int32{"%": 2, "‰": 3}
	if from, to := marks[rest], marks[unit]; from != 0 && to != 0 {
		return to - from, true
	}
	for _, w := range scales {
		after, found := strings.CutPrefix(rest, w.word)
		if !found {
			continue
		}
		if strings.HasPrefix(unit, w.word) {
			// The unit counts in 万 already: 2.7万 of 万人 is 2.7.
			return 0, after == ""
		}
		return w.power, named(strings.TrimSpace(after))
	}
	return 0, false
}
