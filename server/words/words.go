// Package words holds every string that a person reads, in both languages, and
// the one way in which numbers, units and dates are printed.
package words

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/text/language"
)

// Lang is a language of the site.
type Lang string

// The languages; Chinese is the first and the default.
const (
	Zh Lang = "zh-CN"
	En Lang = "en"
)

// Langs lists the languages in the order of preference.
func Langs() []Lang { return []Lang{Zh, En} }

// Match picks the language for a request: the one asked for by name if we have
// it, else the first of the Accept-Language header that we have in any of its
// variants (zh-TW reads Chinese), else Chinese.
func Match(asked, accept string) Lang {
	for _, l := range Langs() {
		if strings.EqualFold(asked, string(l)) {
			return l
		}
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return Zh
	}
	for _, tag := range tags {
		switch base, _ := tag.Base(); base.String() {
		case "zh":
			return Zh
		case "en":
			return En
		}
	}
	return Zh
}

// Other is the language that the switch leads to.
func (l Lang) Other() Lang {
	if l == Zh {
		return En
	}
	return Zh
}

// Pick is the name in this language: English where there is one, else Chinese.
func (l Lang) Pick(zh, en string) string {
	if l == En && en != "" {
		return en
	}
	return zh
}

//go:embed catalogue.csv
var files embed.FS

// Catalogue is every message: key, Chinese, English. Words take fmt verbs,
// with indexes where the languages order them differently.
type Catalogue map[string][2]string

var catalogue = mustRead(files)

func mustRead(fsys fs.FS) Catalogue {
	f, err := fsys.Open("catalogue.csv")
	if err != nil {
		panic(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(err)
	}
	c := make(Catalogue, len(rows))
	for _, row := range rows[1:] {
		if _, twice := c[row[0]]; twice {
			panic("catalogue.csv: the key " + row[0] + " stands twice")
		}
		c[row[0]] = [2]string{row[1], row[2]}
	}
	return c
}

// All is the whole catalogue, for tests.
func All() Catalogue { return catalogue }

// T is the message of that key in this language with args filled in. A key
// that is missing shows itself in brackets; a test refuses such a catalogue.
func (l Lang) T(key string, args ...any) string {
	pair, ok := catalogue[key]
	if !ok {
		return "[" + key + "]"
	}
	text := pair[0]
	if l == En {
		text = pair[1]
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Has reports whether the catalogue has that key.
func Has(key string) bool {
	_, ok := catalogue[key]
	return ok
}
