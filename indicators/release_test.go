package indicators

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
)

// A changed table of rules is another edition of them: with a new hash here,
// RulesVersion goes up.
func TestRulesVersion(t *testing.T) {
	h := sha256.New()
	for _, r := range StatusRules() {
		fmt.Fprintln(h, r, r.Status)
	}
	got := fmt.Sprint(RulesVersion, " ", hex.EncodeToString(h.Sum(nil))[:12])
	if want := "1 d9517b8fb822"; got != want {
		t.Errorf("the rules are %s, known as %s", got, want)
	}
}

func TestSheetCode(t *testing.T) {
	figures := []Revision{{Duty: Duty{Indicator: "a", Area: "b", State: Draft, Version: 1}, Entry: Input{Value: "1"}}}
	code := SheetCode(1, "o", figures)
	figures[0].State, figures[0].Version, figures[0].Person = Approved, 9, "x"
	if SheetCode(1, "o", figures) != code || len(code) != 9 {
		t.Errorf("%s moves with the state", code)
	}
	figures[0].Entry.Value = "1.0"
	if SheetCode(1, "o", figures) == code || SheetCode(2, "o", figures) == code {
		t.Errorf("%s stands for other values", code)
	}
}
