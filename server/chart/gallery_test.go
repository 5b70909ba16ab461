package chart

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"testing"
)

func TestGallery(t *testing.T) {
	out := os.Getenv("GALLERY")
	if out == "" {
		return
	}
	for _, lang := range []speech{zh, en} {
		name := "zh"
		if lang.en {
			name = "en"
		}
		all := pictures()
		var keys []string
		for k := range all {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		head := `<!DOCTYPE html><html lang="` + name + `"%s><meta charset=utf-8><meta name=viewport content="width=device-width"><link rel=stylesheet href=tokens.css><link rel=stylesheet href=chart.css><style>body{background:var(--page);color:var(--ink);font-family:var(--font-zh);margin:16px;}h3{font-size:14px;margin:20px 0 4px;font-weight:400;color:var(--secondary)}.g{display:grid;grid-template-columns:repeat(auto-fill,minmax(%s,1fr));gap:24px}</style>`
		write := func(file, width, attr string, body func(f *os.File)) {
			f, _ := os.Create(out + "/" + file)
			fmt.Fprintf(f, head, attr, width)
			body(f)
			f.Close()
		}
		for _, theme := range []string{"light", "dark"} {
			attr := ` data-theme="` + theme + `"`
			write("up-"+name+"-"+theme+".html", "164px", attr, func(f *os.File) {
				fmt.Fprint(f, `<div class=g style="gap:24px 0">`)
				for _, k := range keys {
					fmt.Fprintf(f, "<div><h3>%s</h3>%s</div>", k, all[k].Upright(lang))
				}
			})
			write("lie-"+name+"-"+theme+".html", "500px", attr, func(f *os.File) {
				fmt.Fprint(f, "<div class=g>")
				for _, k := range keys {
					fmt.Fprintf(f, "<div><h3>%s</h3>%s<h3></h3>%s<h3></h3>%s</div>", k, all[k].Lying(lang, Labelled), all[k].Lying(lang, InList), all[k].Lying(lang, InTable))
				}
			})
			write("lie1-"+name+"-"+theme+".html", "288px", attr, func(f *os.File) {
				for _, k := range keys {
					fmt.Fprintf(f, "<div><h3>%s</h3>%s</div>", k, all[k].Lying(lang, Labelled))
				}
			})
			write("wide-"+name+"-"+theme+".html", "672px", attr, func(f *os.File) {
				fmt.Fprint(f, "<div class=g>")
				for _, k := range keys {
					fmt.Fprintf(f, "<div><h3>%s</h3><b>%s</b><br>%s%s<p>%s</p></div>", k, esc(all[k].Title(lang)), esc(all[k].Subtitle(lang)), all[k].Draw(lang, Wide), esc(all[k].Text(lang)))
				}
			})
			write("narrow-"+name+"-"+theme+".html", "328px", attr, func(f *os.File) {
				fmt.Fprint(f, "<div class=g>")
				for _, k := range keys {
					fmt.Fprintf(f, "<div><h3>%s</h3>%s</div>", k, all[k].Draw(lang, Narrow))
				}
			})
			write("live-"+name+"-"+theme+".html", "600px", attr, func(f *os.File) {
				fmt.Fprint(f, `<script defer src=echarts.js></script><script type=module src=chart.js></script><div class=g>`)
				for _, k := range keys {
					o, err := all[k].Option(lang)
					if err != nil {
						t.Fatal(k, err)
					}
					j, _ := json.Marshal(o)
					fmt.Fprintf(f, `<div><h3>%s</h3><div class=chart data-chart data-read="逐点朗读" data-point="%%s：%%s" data-missing="未报"><div class=chart-static>%s%s</div><script type="application/json" class="chart-option">%s</script></div></div>`, k, all[k].Draw(lang, Wide), all[k].Draw(lang, Narrow), j)
				}
			})
		}
		os.WriteFile(out+"/doc-"+name+".svg", []byte(all["places"].Document(lang, Credits{"托位数：市政府网 2022-07-09，公开报道 2023-04-05", "第 3 次发布，2025-11-28", "https://example.invalid/indicators/x"})), 0o644)
	}
}

func esc(s string) string { return string(el("i").say(s).render()) }
