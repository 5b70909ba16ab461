package indicators

import (
	"slices"
	"testing"
)

func TestReadProgress(t *testing.T) {
	day := MustPeriod("2030-06-15")
	schools, plain := &Project{Number: "1", ScaleUnit: "所"}, &Project{Number: "2"}
	good := map[ProgressField]string{
		ProgressStage: "under_way", ProgressShare: "４５％", ProgressBuilt: "12所", ProgressInvested: "1.2亿元", ProgressStarted: "2029-03",
		ProgressSentence: " 主体完工 ", ProgressSource: "市教育局", ProgressReason: "季度更新",
	}
	p, flaws := ReadProgress(schools, func(f ProgressField) string { return good[f] }, day)
	want := ProjectProgress{Project: "1", Stage: StageUnderWay, Share: MustNumber("45"), Built: MustNumber("12"), Invested: MustNumber("12000"),
		Started: MustPeriod("2029-03"), Sentence: "主体完工", Source: "市教育局", Reason: "季度更新"}
	if len(flaws) > 0 || !p.Same(want) {
		t.Errorf("ReadProgress = %+v, %v, want %+v", p, flaws, want)
	}
	for name, x := range map[string]struct {
		of    *Project
		edit  map[ProgressField]string
		field ProgressField
		rule  string
	}{
		"nothing known but the stage": {plain, map[ProgressField]string{ProgressShare: "", ProgressInvested: "", ProgressStarted: ""}, "", ""},
		"a reported zero":             {plain, map[ProgressField]string{ProgressShare: "0", ProgressInvested: "0"}, "", ""},
		"finished":                    {schools, map[ProgressField]string{ProgressStage: "finished", ProgressShare: "100", ProgressFinished: "2030-06-15"}, "", ""},
		"no stage":                    {plain, map[ProgressField]string{ProgressStage: "somehow"}, ProgressStage, "stage"},
		"a word for a number":         {plain, map[ProgressField]string{ProgressShare: "约50"}, ProgressShare, "number_about"},
		"a dash":                      {plain, map[ProgressField]string{ProgressInvested: "—"}, ProgressInvested, "number_ask"},
		"more than all":               {plain, map[ProgressField]string{ProgressShare: "101"}, ProgressShare, "above"},
		"less than nothing":           {plain, map[ProgressField]string{ProgressInvested: "-3"}, ProgressInvested, "negative"},
		"another unit":                {schools, map[ProgressField]string{ProgressBuilt: "3公里"}, ProgressBuilt, "number_unit"},
		"begun tomorrow":              {plain, map[ProgressField]string{ProgressStarted: "2030-06-16"}, ProgressStarted, "future"},
		"begun this month":            {plain, map[ProgressField]string{ProgressStarted: "2030-06"}, "", ""},
		"no date":                     {plain, map[ProgressField]string{ProgressStarted: "去年"}, ProgressStarted, "date"},
		"done but unfinished":         {plain, map[ProgressField]string{ProgressFinished: "2030-01"}, ProgressFinished, "not_finished"},
		"finished, and when":          {plain, map[ProgressField]string{ProgressStage: "finished", ProgressShare: ""}, ProgressFinished, "no_finish"},
		"finished by half":            {plain, map[ProgressField]string{ProgressStage: "finished", ProgressFinished: "2030"}, ProgressShare, "part_finished"},
		"finished before it began":    {plain, map[ProgressField]string{ProgressStage: "finished", ProgressShare: "", ProgressFinished: "2029-02"}, ProgressFinished, "before_start"},
		"finished tomorrow":           {plain, map[ProgressField]string{ProgressStage: "finished", ProgressShare: "", ProgressFinished: "2030-07"}, ProgressFinished, "future"},
		"part of what is not begun":   {plain, map[ProgressField]string{ProgressStage: "not_begun", ProgressStarted: ""}, ProgressShare, "before_begun"},
		"begun and not begun":         {plain, map[ProgressField]string{ProgressStage: "not_begun", ProgressShare: ""}, ProgressStarted, "before_begun"},
		"no sentence":                 {plain, map[ProgressField]string{ProgressSentence: "  "}, ProgressSentence, "sentence"},
		"no source":                   {plain, map[ProgressField]string{ProgressSource: ""}, ProgressSource, "source"},
		"no reason":                   {plain, map[ProgressField]string{ProgressReason: ""}, ProgressReason, "reason"},
		"two lines":                   {plain, map[ProgressField]string{ProgressSentence: "一\n二"}, ProgressSentence, "text"},
	} {
		typed := func(f ProgressField) string {
			if s, ok := x.edit[f]; ok {
				return s
			}
			return good[f]
		}
		_, flaws := ReadProgress(x.of, typed, day)
		switch {
		case x.rule == "" && len(flaws) > 0:
			t.Errorf("%s: %v, want nothing wrong", name, flaws)
		case x.rule != "" && (len(flaws) != 1 || flaws[0].Field != x.field || flaws[0].Rule != x.rule):
			t.Errorf("%s: %v, want %s at %s", name, flaws, x.rule, x.field)
		}
	}
	if slices.Contains(ProgressFields(plain), ProgressBuilt) || !slices.Contains(ProgressFields(schools), ProgressBuilt) {
		t.Error("the amount built is asked for without a unit, or not with one")
	}
	for _, f := range ProgressFields(schools) {
		if got := want.Field(f); got == "" && f != ProgressFinished {
			t.Errorf("Field(%s) is empty", f)
		}
	}
}

func TestReadWan(t *testing.T) {
	for in, want := range map[string]string{"": "", "5000": "5000", "5,000.5": "5000.5", "5000万": "5000", "5000 万元": "5000", "1.2亿": "12000", "3000元": "0.3000", "0": "0"} {
		if got, err := readWan(in); err != nil || got.Decimal().Cmp(MustNumber(want).Decimal()) != 0 || got.Present() != (want != "") {
			t.Errorf("readWan(%q) = %s, %v, want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"约5000万", "很多元", "3-5万元"} {
		if got, err := readWan(in); err == nil {
			t.Errorf("readWan(%q) = %s, want it refused", in, got)
		}
	}
}
