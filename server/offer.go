package server

import (
	"strings"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
	"yimi/server/page"
)

// usePrefix begins what a button says that takes an offer over: which control
// it fills in, and with what.
const usePrefix = "use."

// useOffer is what such a button says.
func useOffer(control, text string) string { return usePrefix + control + "=" + text }

// usedOffer reads it; false where another button was pressed. What it says is
// typed text like any other.
func usedOffer(c *gin.Context) (control, text string, ok bool) {
	said, ok := strings.CutPrefix(c.PostForm("do"), usePrefix)
	if !ok {
		return "", "", false
	}
	return strings.Cut(said, "=")
}

// denominatorOffers are the values that are known of a row's denominator, each
// with where it comes from; none of an indicator without one. control is the
// field's.
func (v *visit) denominatorOffers(r *indicators.Revision, control string, year int, public []indicators.Observation, rows []indicators.Revision) (out []page.Offer) {
	f := &v.frame
	i := v.library.Indicator(r.Indicator)
	if i == nil || !i.Per.Present() {
		return nil
	}
	name := v.library.NameOf(f.Lang == "en", i.DenominatorSeries)
	for _, x := range v.library.KnownDenominators(r, year, public, rows) {
		o := page.Offer{Do: useOffer(control, x.Number.String())}
		if x.Public != nil {
			source := x.Public.Source
			if source == "" {
				source = f.T("figure.use_published")
			}
			o.Text = f.T("figure.use_public", f.Exact(x.Number), f.Date(x.Public.Period), name, source)
		} else {
			o.Text = f.T("figure.use_typed", f.Exact(x.Number), v.library.NameOf(f.Lang == "en", x.Typed.Indicator), name)
		}
		out = append(out, o)
	}
	return out
}
