package server

import (
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/width"

	"yimi/indicators"
	"yimi/server/page"
)

// entry is one thing that can be found, with every way to write it.
type entry struct {
	kind, zh, en, url string
	code              string
	keys              []string
}

type searchIndex struct {
	library *indicators.Library
	entries []entry
}

// searchCache keeps the index of the library it was built from.
type searchCache struct {
	mu    sync.Mutex
	index *searchIndex
}

func (sc *searchCache) of(l *indicators.Library) *searchIndex {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	if sc.index == nil || sc.index.library != l {
		sc.index = newSearchIndex(l)
	}
	return sc.index
}

func newSearchIndex(l *indicators.Library) *searchIndex {
	x := &searchIndex{library: l}
	add := func(kind, code, url, zh, en string, more ...string) {
		e := entry{kind: kind, zh: zh, en: en, url: url, code: code}
		for _, name := range append([]string{zh, en, code}, more...) {
			if name == "" {
				continue
			}
			e.keys = append(e.keys, fold(name))
			e.keys = append(e.keys, initials(name)...)
		}
		x.entries = append(x.entries, e)
	}
	for _, i := range l.Indicators {
		add("indicator", string(i.Code), "/indicators/"+string(i.Code), i.Name, i.NameEn, i.Aliases...)
	}
	for _, t := range l.Tasks {
		add("task", string(t.Number), "/tasks/"+string(t.Number), t.Title, t.TitleEn)
	}
	for _, o := range l.Organisations {
		add("organisation", string(o.Code), "/organisations/"+string(o.Code), o.Name, o.NameEn)
	}
	for _, a := range l.Areas {
		add("area", string(a.Code), "/areas/"+string(a.Code), a.Name, a.NameEn, append(a.Aliases, a.Short)...)
	}
	return x
}

// fold makes two ways of writing one word alike: width, case and spaces.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, width.Narrow.String(s))
}

// maxReadings bounds the initials kept of one name.
const maxReadings = 64

// initials lists the pinyin initials of a name in every reading of its
// characters, Latin letters and digits standing as they are.
func initials(name string) []string {
	args := pinyin.NewArgs()
	args.Style = pinyin.FirstLetter
	args.Heteronym = true
	args.Fallback = func(r rune, _ pinyin.Args) []string {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return []string{strings.ToLower(string(r))}
		}
		return nil
	}
	out := []string{""}
	han := false
	for _, r := range name {
		if unicode.Is(unicode.Han, r) {
			han = true
		}
		readings := map[string]bool{}
		for _, each := range pinyin.Pinyin(string(r), args) {
			for _, reading := range each {
				readings[reading] = true
			}
		}
		if len(readings) == 0 {
			continue
		}
		var next []string
		for reading := range readings {
			for _, so := range out {
				if len(next) < maxReadings {
					next = append(next, so+reading)
				}
			}
		}
		out = next
	}
	if !han {
		return nil
	}
	return out
}

// rank says how well an entry fits, 0 for not at all.
func (e *entry) rank(folded string) int {
	best := 0
	for i, key := range e.keys {
		switch {
		case key == folded:
			return 4
		case strings.HasPrefix(key, folded):
			best = max(best, 3)
		case strings.Contains(key, folded):
			best = max(best, 2)
		}
		_ = i
	}
	return best
}

// find lists what fits a query, the best first, the plan's order otherwise;
// every word of the query must fit.
func (x *searchIndex) find(query string) []entry {
	var words []string
	for _, w := range strings.Fields(width.Narrow.String(query)) {
		if f := fold(w); f != "" {
			words = append(words, f)
		}
	}
	if len(words) == 0 {
		return nil
	}
	var byRank [5][]entry
	for _, e := range x.entries {
		lowest := 4
		for _, w := range words {
			lowest = min(lowest, e.rank(w))
		}
		if lowest > 0 {
			byRank[lowest] = append(byRank[lowest], e)
		}
	}
	var out []entry
	for r := 4; r > 0; r-- {
		out = append(out, byRank[r]...)
	}
	return out
}

const maxNearest = 6

// nearest suggests what somebody may have meant; with fewer and fewer of the
// words, from the last on.
func (s *Server) nearest(v *visit, asked string) []page.Link {
	words := strings.Fields(asked)
	for len(words) > 0 {
		found := s.index.of(v.library).find(strings.Join(words, " "))
		if len(found) > maxNearest {
			found = found[:maxNearest]
		}
		var out []page.Link
		for _, e := range found {
			out = append(out, page.Link{Text: v.frame.Pick(e.zh, e.en), URL: e.url})
		}
		if len(out) > 0 {
			return out
		}
		words = words[:len(words)-1]
	}
	return nil
}

// alphabetical compares two names as a reader of the page's language would look
// them up: by pinyin, or by letters.
func (r *reading) alphabetical(a, b string) int {
	return collate.New(language.MustParse(string(r.frame.Lang)), collate.IgnoreCase).CompareString(a, b)
}
