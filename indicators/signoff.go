package indicators

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
)

// SheetCode is the short code of a unit's return of a round: eight characters,
// in two groups, that stand for exactly these figures and what is said of them.
// It is the same for the same values, whoever sent or approved them; any value,
// answer or note that changes makes another. Figures not begun count as empty.
// The characters are such that none is taken for another (no I, L, O, U).
func SheetCode(round int, organisation Code, figures []Revision) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %s\n", round, organisation)
	for _, r := range figures {
		text, err := json.Marshal([]any{r.Indicator, r.Area, r.Entry})
		if err != nil {
			panic(fmt.Sprintf("sheet: %v", err)) // strings only: it cannot happen
		}
		fmt.Fprintf(h, "%s\n", text)
	}
	code := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").EncodeToString(h.Sum(nil))
	return code[:4] + "-" + code[4:8]
}
