package chart

import "strings"

// palette gives classes their light colours, for pictures that leave the site.
// A test holds it against static/css/tokens.css.
type palette map[string]string

func light(hue int) palette {
	p := palette{
		"page": "#FBF9F4", "surface": "#FFFFFF", "ink": "#1F2428", "secondary": "#565E66",
		"control": "#777E86", "hairline": "#DAD5C8", "metre": "#FFC83D",
		"hue-1": "#10307F", "hue-2": "#25757E", "hue-3": "#7246D8", "hue-4": "#42210F", "hue-5": "#A9245A",
		"met": "#0B5740", "track": "#4F9B69", "risk": "#906300", "miss": "#7E1606", "none": "#616A6E",
		"ramp-1": "#E6EEF6", "ramp-2": "#BFD5E9", "ramp-3": "#8FB6D9", "ramp-4": "#3D78AF", "ramp-5": "#15497D",
	}
	p["none-text"] = p["none"]
	p["hue"] = p["ink"]
	if c, ok := p[hueClass(hue)]; ok {
		p["hue"] = c
	}
	for i, label := range []string{"ink", "ink", "ink", "surface", "surface"} {
		p["on-ramp-"+string(rune('1'+i))] = p[label]
	}
	return p
}

// attrs are the presentation attributes that a class stands for.
func (p palette) attrs(class string) []attr {
	var out []attr
	for name := range strings.FieldsSeq(class) {
		kind, token, ok := strings.Cut(name, "-")
		if colour := p[token]; ok && colour != "" {
			switch kind {
			case "f":
				out = append(out, attr{"fill", colour})
			case "s":
				out = append(out, attr{"stroke", colour})
			}
		}
	}
	return out
}

// tones are a status' fill and text colours, by its key.
func tones(status string) (fill, text string) {
	switch status {
	case "met", "met_early", "met_late":
		return "met", "met"
	case "on_track":
		return "track", "met"
	case "at_risk":
		return "risk", "risk"
	case "off_track", "missed":
		return "miss", "miss"
	case "not_reported", "no_data", "awaiting", "answered":
		return "none", "none-text"
	}
	return "ink", "ink"
}
