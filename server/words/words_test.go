package words_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yimi/indicators"
	"yimi/server/words"
)

var (
	literal = regexp.MustCompile(`\.T\("([a-z_0-9.]+)"[,)]|\.T "([a-z_0-9.]+)"|add\("([a-z_0-9]+\.[a-z_0-9.]+)"[,)]|(?:\{|key :?= )"((?:tally|verdict)\.[a-z_]+)"`)
	prefix  = regexp.MustCompile(`\.T\("([a-z_0-9.]+\.)"\s*\+|print "([a-z_0-9.]+\.)"`)
	verb    = regexp.MustCompile(`%(\[\d+\])?[a-z]`)
)

// used lists the keys, and the beginnings of keys, that the sources name.
func used(t *testing.T) (keys, prefixes []string) {
	t.Helper()
	for _, root := range []string{filepath.Join("..", "..", "server"), filepath.Join("..", "..", "cmd")} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".html") {
				return err
			}
			body, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range literal.FindAllStringSubmatch(string(body), -1) {
				keys = append(keys, m[1]+m[2]+m[3]+m[4])
			}
			for _, m := range prefix.FindAllStringSubmatch(string(body), -1) {
				prefixes = append(prefixes, m[1]+m[2])
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(keys) < 100 || len(prefixes) < 5 {
		t.Fatalf("found %d keys and %d prefixes in the sources, too few to be true", len(keys), len(prefixes))
	}
	return keys, prefixes
}

func TestEveryKeyHasWords(t *testing.T) {
	keys, _ := used(t)
	for _, k := range keys {
		if !words.Has(k) {
			t.Errorf("the sources name %q, which the catalogue has not", k)
		}
	}
	vocabulary := map[string][]string{
		"answer.": indicators.Answer("").Allowed(), "basis.": indicators.Basis("").Allowed(),
		"confidence.": indicators.Confidence("").Allowed(), "direction.": indicators.Direction("").Allowed(),
		"frequency.": indicators.Frequency("").Allowed(), "measure.": indicators.Measure("").Allowed(),
		"nature.": indicators.Nature("").Allowed(), "organisation.kind.": indicators.OrganisationKind("").Allowed(),
		"policies.stage.": indicators.PolicyStage("").Allowed(), "quality.": indicators.Quality("").Allowed(),
		"figure.deed.": {"0", "1"}, "state.": {"not_begun"}, "field.": indicators.Field("").Allowed(), "scope.": indicators.Scope("").Allowed(), "status.": indicators.Status("").Allowed(), "how.": indicators.Comparator("").Allowed(),
	}
	vocabulary["role."], vocabulary["role.cannot."] = indicators.Role("").Allowed(), indicators.Role("").Allowed()
	vocabulary["account.state."] = indicators.AccountState("").Allowed()
	vocabulary["act."] = []string{
		string(indicators.SignIn), string(indicators.SignInRefused), string(indicators.UseRecovery), string(indicators.FirstLink), string(indicators.ConsoleLink), string(indicators.Restore),
	}
	for _, p := range indicators.AllPermits() {
		vocabulary["act."] = append(vocabulary["act."], string(p.Action))
	}
	vocabulary["amend.level."], vocabulary["amend.rollup."] = indicators.AreaLevel("").Allowed(), indicators.Rollup("").Allowed()
	vocabulary["amend.field."] = []string{indicators.HoldsField, indicators.WhyField}
	for _, name := range indicators.AmendedFiles() {
		f, _ := indicators.FileNamed(name)
		for _, c := range f.Header() {
			if written := []string{"indicator", "from", "until", "reason"}; name != indicators.TargetsFile || !slices.Contains(written, c) {
				vocabulary["amend.field."] = append(vocabulary["amend.field."], c)
			}
		}
	}
	vocabulary["password."] = []string{"short", "long", "easy"}
	for _, r := range indicators.StatusRules() {
		vocabulary["rule."+string(r.Table)+"."] = append(vocabulary["rule."+string(r.Table)+"."], r.Name)
		vocabulary["rules."] = append(vocabulary["rules."], string(r.Table))
	}
	for p, values := range vocabulary {
		for _, v := range values {
			if !words.Has(p + v) {
				t.Errorf("the catalogue has no %q", p+v)
			}
		}
	}
}

func TestCatalogue(t *testing.T) {
	for key, pair := range words.All() {
		for n, text := range pair {
			if strings.TrimSpace(text) == "" && key != "list.comma" && key != "list.pause" {
				t.Errorf("%s has no words in %s", key, words.Langs()[n])
			}
		}
		for _, text := range pair {
			if strings.Contains(text, "%%") && !verb.MatchString(text) {
				t.Errorf("%s takes nothing, so its %%%% would be printed as it is", key)
			}
		}
		zh, en := verb.FindAllString(pair[0], -1), verb.FindAllString(pair[1], -1)
		slices.Sort(zh)
		slices.Sort(en)
		if !strings.Contains(pair[0]+pair[1], "%[") && !slices.Equal(zh, en) {
			t.Errorf("%s takes %v in Chinese and %v in English", key, zh, en)
		}
	}
}

func TestEveryWordIsUsed(t *testing.T) {
	keys, prefixes := used(t)
	for key := range words.All() {
		ok := slices.Contains(keys, key) || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
		if !ok {
			t.Errorf("nothing says %q", key)
		}
	}
}

var problemKey = regexp.MustCompile(`\{"[a-z_]+", "([a-z_]+)", func|report\([^)]*?"([a-z_]+)"(?:, [^"]*)?\)|Rule: +"([a-z_]+)"|return "([a-z_]+)", (?:nil|\[\]any)|whole\([^,]+, "([a-z_]+)"|refuseAt\([^\n]*"([a-z_]+)"[,)]|\bat\((?:i|line|1|[a-z]+\.[A-Z][a-z]+)[^"\n]*"([a-z_]+)"|problem\.Rule[^"\n]*"([a-z_]+)"|limitError\{(?:rule: )?"([a-z_]+)"|\{"(zip_[a-z_]+)", func|rule = "([a-z_]+)"`)

func TestEveryProblemHasWords(t *testing.T) {
	found := 0
	for _, dir := range []string{"indicators", "seed"} {
		names, err := filepath.Glob(filepath.Join("..", "..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range problemKey.FindAllStringSubmatch(string(body), -1) {
				key := "problem." + strings.Join(m[1:], "")
				found++
				if !words.Has(key) {
					t.Errorf("%s reports %q, which the catalogue has not", name, key)
				}
			}
		}
	}
	if found < 80 {
		t.Fatalf("found %d problems, too few to be true", found)
	}
}

var errorKey = regexp.MustCompile(`What: +"([a-z_]+)"|Missing\("([a-z_]+)"|^\t[a-zA-Z]+ += "([a-z_]+)"`)

// Whatever an error is called, a page, a form or the command has words for it.
func TestEveryErrorHasWords(t *testing.T) {
	// What befalls a running store is told on a page too, whatever the command
	// says of it.
	for _, key := range []string{"busy", "damaged", "full", "not_ours", "read_only", "unknown"} {
		for _, part := range []string{".title", ".text"} {
			if !words.Has("error.database_" + key + part) {
				t.Errorf("no page has words for database_%s%s", key, part)
			}
		}
	}
	found := 0
	// Of the domain and the store, the files whose acts have pages.
	for _, pattern := range []string{
		"indicators/permit.go", "indicators/user.go", "indicators/account.go", "indicators/sqlite/error.go", "indicators/sqlite/account.go",
		"indicators/sqlite/link.go", "indicators/sqlite/session.go", "indicators/sqlite/second.go", "indicators/sqlite/failure.go", "indicators/sqlite/audit.go",
		"server/*.go", "cmd/yimi/*.go",
	} {
		names, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern)))
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(string(body), "\n") {
				for _, m := range errorKey.FindAllStringSubmatch(line, -1) {
					key := m[1] + m[2]
					if key == "" && strings.HasSuffix(name, filepath.Join("sqlite", "error.go")) {
						key = m[3]
					}
					if key == "" {
						continue
					}
					found++
					if !words.Has("error."+key+".title") && !words.Has("cli."+key) && !words.Has("refused."+key) {
						t.Errorf("%s reports %q, for which nothing has words", name, key)
					}
				}
			}
		}
	}
	if found < 60 {
		t.Fatalf("found %d errors, too few to be true", found)
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		asked, accept string
		want          words.Lang
	}{
		{"", "", words.Zh}, {"", "fr", words.Zh}, {"", "zh-TW,en;q=0.5", words.Zh}, {"", "zh-Hans", words.Zh},
		{"", "en-GB,zh;q=0.1", words.En}, {"", "bogus;;q=", words.Zh}, {"en", "zh", words.En}, {"xx", "en", words.En},
	} {
		if got := words.Match(c.asked, c.accept); got != c.want {
			t.Errorf("Match(%q, %q) = %s, want %s", c.asked, c.accept, got, c.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		n        string
		decimals int
		zh, en   string
	}{
		{"", 0, "", ""}, {"0", 0, "0", "0"}, {"1600", 0, "1600", "1,600"}, {"17120", 0, "17,120", "17,120"},
		{"12617000", 0, "12,617,000", "12,617,000"}, {"85.2", 2, "85.20", "85.20"}, {"-1.08", 2, "−1.08", "−1.08"},
		{"2.675", 2, "2.68", "2.68"}, {"-0.004", 2, "0.00", "0.00"}, {"112.01", 2, "112.01", "112.01"},
	} {
		n := indicators.MustNumber(c.n)
		if got := words.Zh.Number(n, c.decimals); got != c.zh {
			t.Errorf("Zh.Number(%s, %d) = %q, want %q", c.n, c.decimals, got, c.zh)
		}
		if got := words.En.Number(n, c.decimals); got != c.en {
			t.Errorf("En.Number(%s, %d) = %q, want %q", c.n, c.decimals, got, c.en)
		}
	}
	for in, want := range map[string]string{"9999": "9999", "27000": "2.7万", "17120": "1.7万", "120000000": "1.2亿", "10000": "1万"} {
		if got := words.Zh.Short(indicators.MustNumber(in), 0); got != want {
			t.Errorf("Zh.Short(%s) = %q, want %q", in, got, want)
		}
	}
}

func TestValueNeverSeemsToMeetWhatItMisses(t *testing.T) {
	two, none := 2, 0
	for _, c := range []struct {
		value    string
		decimals *int
		unit     string
		target   string
		want     string
	}{
		{"49.996", &two, "%", "50", "49.996%"},
		{"99.996", &two, "%", "", "99.996%"},
		{"4.2", &none, "个", "5", "≈4个"},
		{"4.6", &none, "个", "5", "4.6个"},
		{"2.4949", &two, "个/千人", "6", "≈2.49个/千人"},
		{"50", &two, "%", "50", "50.00%"},
	} {
		i := &indicators.Indicator{Unit: c.unit, Decimals: c.decimals}
		var targets []indicators.Target
		if c.target != "" {
			targets = append(targets, indicators.Target{Comparator: indicators.GE, Value: indicators.MustNumber(c.target)})
		}
		o := indicators.Observation{Value: indicators.MustNumber(c.value)}
		if got := words.Zh.Value(i, o, targets); got != c.want {
			t.Errorf("Value(%s of %s) = %q, want %q", c.value, c.target, got, c.want)
		}
	}
}

func TestTarget(t *testing.T) {
	i := &indicators.Indicator{Unit: "块", UnitEn: "pitches"}
	n := indicators.MustNumber
	for _, c := range []struct {
		t      indicators.Target
		zh, en string
	}{
		{indicators.Target{Comparator: indicators.GE, Value: n("6")}, "≥6块", "≥6 pitches"},
		{indicators.Target{Comparator: indicators.GE, Value: n("0.8"), Upper: n("1")}, "0.8～1块", "0.8–1 pitches"},
		{indicators.Target{Comparator: indicators.About, Value: n("55")}, "约55块", "about 55 pitches"},
		{indicators.Target{Comparator: indicators.LE, Value: n("-20"), Basis: indicators.ChangePct}, "≤−20%", "≤−20%"},
	} {
		if got := words.Zh.Target(i, c.t); got != c.zh {
			t.Errorf("Zh.Target = %q, want %q", got, c.zh)
		}
		if got := words.En.Target(i, c.t); got != c.en {
			t.Errorf("En.Target = %q, want %q", got, c.en)
		}
	}
}

func TestDate(t *testing.T) {
	for in, want := range map[string][2]string{
		"2023": {"2023年", "2023"}, "2023-04": {"2023年4月", "April 2023"}, "2025-03-31": {"2025年3月31日", "31 March 2025"},
	} {
		p := indicators.MustPeriod(in)
		if zh, en := words.Zh.Date(p), words.En.Date(p); zh != want[0] || en != want[1] {
			t.Errorf("Date(%s) = %q, %q, want %q", in, zh, en, want)
		}
	}
}
