package indicators

import (
	"errors"
	"testing"
)

func TestReadNumber(t *testing.T) {
	for _, c := range []struct{ typed, unit, want string }{
		{"", "个", ""}, {"  \t\u3000", "个", ""},
		{"0", "个", "0"}, {"-0", "个", "0"}, {"－0.00", "%", "0.00"},
		{"２７０００", "个", "27000"}, {"27,000", "个", "27000"}, {"27 000", "个", "27000"}, {"2.7万", "个", "27000"}, {"２．７万个", "个", "27000"},
		{"27\u00a0000 个", "个", "27000"}, {"１７，１２０", "个", "17120"}, {"1,260.0574", "万元", "1260.0574"},
		{"90.64％", "%", "90.64"}, {"90.640", "%", "90.640"}, {"4‰", "‰", "4"}, {"4‰", "%", "0.4"}, {"0.4%", "‰", "4"},
		{"1,234.5", "", "1234.5"}, {"1.32342", "", "1.32342"}, {".5", "", "0.5"}, {"007", "", "7"}, {"+5", "", "5"}, {"−1.08", "", "-1.08"},
		{"3亿", "元", "300000000"}, {"1.2 万亿", "元", "1200000000000"}, {"3千", "人", "3000"}, {"3千人", "千人", "3"}, {"2.7万", "万人", "2.7"}, {"2.7万人", "万人", "2.7"},
		{"2.49个", "个/千人", "2.49"}, {"2.49 个/千人", "个/千人", "2.49"}, {"112.01%", "%", "112.01"}, {"\ufeff12", "", "12"},
	} {
		r, err := ReadNumber(c.typed, c.unit)
		if err != nil || r.Number.String() != c.want {
			t.Errorf("ReadNumber(%q, %s) = %s, %v, want %s", c.typed, c.unit, r.Number, err, c.want)
		}
	}
}

func TestReadNumberRefuses(t *testing.T) {
	for _, c := range []struct{ typed, unit, want string }{
		{"1.234,5", "", numberAmbiguous}, {"1,5", "", numberAmbiguous}, {"1,2345", "", numberAmbiguous}, {"1.2.3", "", numberAmbiguous},
		{"12 34", "", numberAmbiguous}, {"0,123", "", numberAmbiguous}, {"5.", "", numberAmbiguous}, {"1 234,567", "", numberAmbiguous},
		{"约50", "个", numberAbout}, {"三百左右", "个", numberAbout}, {"50以上", "个", numberAbout}, {">=3", "个", numberAbout}, {"50+", "个", numberAbout}, {"100余", "个", numberAbout},
		{"-", "个", numberAsk}, {"/", "个", numberAsk}, {"无", "个", numberAsk}, {"——", "个", numberAsk}, {"未统计", "个", numberAsk}, {"N/A", "个", numberAsk},
		{"NaN", "个", numberNone}, {"Inf", "个", numberNone}, {"abc", "个", numberNone}, {"=1+1", "个", numberNone}, {"12abc34", "个", numberNone},
		{"1e308", "个", numberPower}, {"1.2E+05", "个", numberPower}, {"１ｅ３", "个", numberPower},
		{"二十", "个", numberInWords}, {"三百", "个", numberInWords}, {"万", "个", numberInWords},
		{"3-5", "个", numberRange}, {"63%～68%", "%", numberRange}, {"2022-07", "个", numberRange},
		{"12吨", "个", numberUnit}, {"5%", "个", numberUnit}, {"5万人次", "人", numberUnit}, {"1234567890123456789012345678901234567890123", "", numberLong},
		{"9999999999999999999999999999999999万亿", "", numberLong},
	} {
		r, err := ReadNumber(c.typed, c.unit)
		var e *Error
		if !errors.As(err, &e) || e.Kind != Invalid || e.What != c.want || r.Number.Present() {
			t.Errorf("ReadNumber(%q, %s) = %s, %v, want %s", c.typed, c.unit, r.Number, err, c.want)
		}
	}
}

func TestReadNumberTellsWhatItChanged(t *testing.T) {
	for typed, want := range map[string]bool{"12": false, " 12 ": false, "2.7万": true, "27,000": true, "１２": true, "-0": true, "": false} {
		if r, err := ReadNumber(typed, "个"); err != nil || r.Changed != want {
			t.Errorf("ReadNumber(%q) changed: %v, %v, want %v", typed, r.Changed, err, want)
		}
	}
}

// A number that was read is read alike again, and is never a float's.
func FuzzReadNumber(f *testing.F) {
	for _, s := range []string{"2.7万", "２７０００", "1,234.5", "27 000", "90.64％", "4‰", "-0", "1e308", "NaN", "1.234,5", "约50", "三百左右", "", "-", "１，２３４．５万亿个"} {
		f.Add(s, "个")
	}
	f.Add("0.4%", "‰")
	f.Add("2.7万", "万人")
	f.Fuzz(func(t *testing.T, typed, unit string) {
		r, err := ReadNumber(typed, unit)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Kind != Invalid || e.What == "" || r.Number.Present() {
				t.Fatalf("ReadNumber(%q) fails as %v with %s", typed, err, r.Number)
			}
			return
		}
		if !r.Number.Present() {
			if plainText(typed) != "" {
				t.Fatalf("ReadNumber(%q) has lost what was typed", typed)
			}
			return
		}
		again, err := ReadNumber(r.Number.String(), unit)
		if err != nil || again.Number.String() != r.Number.String() || again.Changed {
			t.Fatalf("ReadNumber(%q) = %s, which reads as %s, %v", typed, r.Number, again.Number, err)
		}
	})
}
