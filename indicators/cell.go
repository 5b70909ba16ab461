package indicators

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest cell, in characters; the longest label, address and list.
const (
	maxText  = 4000
	maxLabel = 40
	maxURL   = 2000
	maxItems = 500
)

var integerPattern = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})$`)

func parseInteger(s string) (int, bool) {
	if !integerPattern.MatchString(s) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// Check holds the text of one cell against its column. It returns a key of the
// message catalogue ("problem." + rule) and its arguments, or "" when the cell
// is right: not empty where it must not be, one line of visible characters, of
// its type and, for a choice, a period or a list, one of those allowed.
func (c Column) Check(cell string) (rule string, args []any) {
	if cell == "" {
		if c.Required {
			return "required", nil
		}
		return "", nil
	}
	if rule, args := checkText(cell); rule != "" {
		return rule, args
	}
	if !c.List {
		return c.checkOne(cell)
	}
	items := strings.Split(cell, ";")
	if len(items) > maxItems {
		return "too_many_items", []any{maxItems}
	}
	for i, item := range items {
		if item == "" {
			return "empty_item", nil
		}
		if rule, args := checkText(item); rule != "" {
			return rule, args
		}
		if rule, args := c.checkOne(item); rule != "" {
			return rule, args
		}
		if slices.Contains(items[:i], item) {
			return "repeated_item", []any{clip(item)}
		}
	}
	return "", nil
}

func (c Column) checkOne(s string) (rule string, args []any) {
	switch c.Type {
	case CodeColumn:
		if !Code(s).Valid() {
			return "code_shape", nil
		}
	case LabelColumn:
		if strings.Contains(s, ";") {
			return "label_semicolon", nil
		}
		if utf8.RuneCountInString(s) > maxLabel {
			return "too_long", []any{maxLabel}
		}
	case ChoiceColumn:
		if !slices.Contains(c.Allowed, s) {
			return "unknown_choice", []any{strings.Join(c.Allowed, ", ")}
		}
	case NumberColumn:
		if _, err := ParseNumber(s); err != nil {
			return "not_a_number", nil
		}
	case IntegerColumn:
		if _, ok := parseInteger(s); !ok {
			return "not_an_integer", nil
		}
	case TruthColumn:
		if s != "true" {
			return "not_a_truth", nil
		}
	case PeriodColumn:
		if p, err := ParsePeriod(s); err != nil || !slices.Contains(c.Forms, p.form()) {
			return "period_form", []any{formWords(c.Forms)}
		}
	case URLColumn:
		if !ValidURL(s) {
			return "bad_url", nil
		}
	}
	return "", nil
}

// form names how fine the period is: "year", "month" or "date".
func (p Period) form() string {
	switch {
	case p.Day != 0:
		return "date"
	case p.Month != 0:
		return "month"
	}
	return "year"
}

// formWords writes forms of periods as patterns, which read alike in every
// language.
func formWords(forms []string) string {
	pattern := map[string]string{"year": "YYYY", "month": "YYYY-MM", "date": "YYYY-MM-DD"}
	out := make([]string, len(forms))
	for i, f := range forms {
		out[i] = pattern[f]
	}
	return strings.Join(out, ", ")
}

// ValidURL reports whether s is an http or https address of some host that can
// stand in a link as it is.
func ValidURL(s string) bool {
	if len(s) > maxURL || strings.ContainsFunc(s, unicode.IsSpace) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}

// checkText holds any text against what all text must be: UTF-8, bounded, one
// line, nothing invisible (a direction override or a zero-width character
// makes one word look like another), no space around it.
func checkText(s string) (rule string, args []any) {
	if !utf8.ValidString(s) {
		return "not_utf8", []any{fmt.Sprintf("% X", firstInvalid(s))}
	}
	if utf8.RuneCountInString(s) > maxText {
		return "too_long", []any{maxText}
	}
	for _, r := range s {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || r == utf8.RuneError {
			return "hidden_character", []any{fmt.Sprintf("U+%04X", r)}
		}
	}
	if strings.TrimSpace(s) != s {
		return "surrounding_space", nil
	}
	return "", nil
}

// firstInvalid is the first bytes of s that are no UTF-8, at most four.
func firstInvalid(s string) string {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return s[i:min(i+4, len(s))]
			}
		}
	}
	return ""
}

// clip shortens what was read for a message.
func clip(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
