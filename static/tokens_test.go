package static

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// theme is the colours of one block of tokens.css.
type theme map[string]rgb

// rgb is a colour in linear light.
type rgb [3]float64

var token = regexp.MustCompile(`--([\w-]+):\s*#([0-9A-Fa-f]{6});`)

// themes reads both themes; dark stands twice, which must agree.
func themes(t *testing.T) map[string]theme {
	t.Helper()
	css, err := files.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(css), "}")
	read := func(mark string) theme {
		for _, b := range blocks {
			if !strings.Contains(b, mark) {
				continue
			}
			out := theme{}
			for _, m := range token.FindAllStringSubmatch(b, -1) {
				out[m[1]] = parse(t, m[2])
			}
			return out
		}
		t.Fatalf("tokens.css has no block for %s", mark)
		return nil
	}
	light, dark, system := read(":root {"), read(`:root[data-theme="dark"]`), read(`:root:not([data-theme="light"])`)
	for name, c := range dark {
		if system[name] != c {
			t.Errorf("--%s differs between the reader's and the system's dark theme", name)
		}
	}
	if len(dark) != len(system) {
		t.Errorf("the dark themes have %d and %d colours", len(dark), len(system))
	}
	full := theme{}
	for name, c := range light {
		full[name] = c
	}
	for name, c := range dark {
		full[name] = c
	}
	return map[string]theme{"light": light, "dark": full}
}

func parse(t *testing.T, hex string) rgb {
	t.Helper()
	var out rgb
	for i := range out {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			out[i] = v / 12.92
		} else {
			out[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return out
}

func (c rgb) luminance() float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds texts to 4.5 and fills and strokes to 3 on every ground
// that they stand on (WCAG 1.4.3, 1.4.11).
func TestContrast(t *testing.T) {
	for name, th := range themes(t) {
		check := func(fore, ground string, least float64) {
			f, ok := th[fore]
			g, okay := th[ground]
			if !ok || !okay {
				t.Errorf("%s: --%s or --%s is missing", name, fore, ground)
				return
			}
			if got := contrast(f, g); got < least {
				t.Errorf("%s: --%s on --%s is %.2f, want %.1f", name, fore, ground, got, least)
			}
		}
		for _, ground := range []string{"page", "surface"} {
			for _, text := range []string{"ink", "secondary", "link", "met-text", "track-text", "risk-text", "miss-text", "none-text"} {
				check(text, ground, 4.5)
			}
			for _, fill := range []string{"hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "met", "track", "risk", "miss", "none", "control"} {
				check(fill, ground, 3)
			}
		}
		for _, status := range []string{"met", "track", "risk", "miss", "none"} {
			check(status+"-text", "tint-"+status, 4.5)
		}
		for _, step := range []string{"1", "2", "3", "4", "5"} {
			check("on-ramp-"+step, "ramp-"+step, 4.5)
		}
		for _, fill := range []string{"met", "miss"} {
			check("page", fill, 4.5) // a count in a solid segment
		}
		check("focus-inner", "focus-outer", 3)
	}
}

// simulations are Machado, Oliveira and Fernandes 2009 at severity 1, in
// linear light.
var simulations = map[string][3][3]float64{
	"normal": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protan": {{.152286, 1.052583, -.204868}, {.114503, .786281, .099216}, {-.003882, -.048116, 1.051998}},
	"deutan": {{.367322, .860646, -.227968}, {.280085, .672501, .047413}, {-.011820, .042940, .968881}},
	"tritan": {{1.255528, -.076749, -.178779}, {-.078411, .930809, .147602}, {.004733, .691367, .303900}},
}

func (c rgb) seen(m [3][3]float64) rgb {
	var out rgb
	for i := range out {
		out[i] = min(1, max(0, m[i][0]*c[0]+m[i][1]*c[1]+m[i][2]*c[2]))
	}
	return out
}

// lab is CIE L*a*b* under D65.
func (c rgb) lab() [3]float64 {
	f := func(v float64) float64 {
		if v > 216./24389 {
			return math.Cbrt(v)
		}
		return (24389./27*v + 16) / 116
	}
	x := f((0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]) / 0.95047)
	y := f(0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2])
	z := f((0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// distance is CIEDE2000.
func distance(a, b [3]float64) float64 {
	rad := math.Pi / 180
	pow7 := func(v float64) float64 { return math.Pow(v, 7) }
	c1, c2 := math.Hypot(a[1], a[2]), math.Hypot(b[1], b[2])
	mean := (c1 + c2) / 2
	g := 0.5 * (1 - math.Sqrt(pow7(mean)/(pow7(mean)+pow7(25))))
	a1, a2 := a[1]*(1+g), b[1]*(1+g)
	c1, c2 = math.Hypot(a1, a[2]), math.Hypot(a2, b[2])
	angle := func(x, y float64) float64 {
		if x == 0 && y == 0 {
			return 0
		}
		h := math.Atan2(y, x) / rad
		if h < 0 {
			h += 360
		}
		return h
	}
	h1, h2 := angle(a1, a[2]), angle(a2, b[2])
	dl, dc := b[0]-a[0], c2-c1
	turn, h := h2-h1, h1+h2
	switch {
	case c1*c2 == 0:
		turn = 0
	case turn > 180:
		turn -= 360
	case turn < -180:
		turn += 360
	}
	switch {
	case c1*c2 == 0:
	case math.Abs(h1-h2) <= 180:
		h /= 2
	case h < 360:
		h = (h + 360) / 2
	default:
		h = (h - 360) / 2
	}
	dh := 2 * math.Sqrt(c1*c2) * math.Sin(turn/2*rad)
	l, c := (a[0]+b[0])/2, (c1+c2)/2
	tt := 1 - 0.17*math.Cos((h-30)*rad) + 0.24*math.Cos(2*h*rad) + 0.32*math.Cos((3*h+6)*rad) - 0.20*math.Cos((4*h-63)*rad)
	sl := 1 + 0.015*(l-50)*(l-50)/math.Sqrt(20+(l-50)*(l-50))
	sc, sh := 1+0.045*c, 1+0.015*c*tt
	rt := -math.Sin(60*math.Exp(-((h-275)/25)*((h-275)/25))*rad) * 2 * math.Sqrt(pow7(c)/(pow7(c)+pow7(25)))
	return math.Sqrt(dl/sl*dl/sl + dc/sc*dc/sc + dh/sh*dh/sh + rt*dc/sc*dh/sh)
}

// TestDistanceIsCIEDE2000 holds the formula to pairs of Sharma, Wu and Dalal.
func TestDistanceIsCIEDE2000(t *testing.T) {
	for _, c := range []struct {
		a, b [3]float64
		want float64
	}{
		{[3]float64{50, 2.6772, -79.7751}, [3]float64{50, 0, -82.7485}, 2.0425},
		{[3]float64{50, -1, 2}, [3]float64{50, 0, 0}, 2.3669},
		{[3]float64{50, 2.5, 0}, [3]float64{58, 24, 15}, 19.4535},
		{[3]float64{60.2574, -34.0099, 36.2677}, [3]float64{60.4626, -34.1751, 39.4387}, 1.2644},
		{[3]float64{22.7233, 20.0904, -46.6940}, [3]float64{23.0331, 14.9730, -42.5619}, 2.0373},
	} {
		if got := distance(c.a, c.b); math.Abs(got-c.want) > 0.0005 {
			t.Errorf("distance(%v, %v) = %.4f, want %.4f", c.a, c.b, got, c.want)
		}
	}
}

// TestHuesStandApart holds domains 13 and statuses 10 apart for every kind of
// sight.
func TestHuesStandApart(t *testing.T) {
	for name, th := range themes(t) {
		for _, set := range []struct {
			names []string
			least float64
		}{
			{[]string{"hue-1", "hue-2", "hue-3", "hue-4", "hue-5"}, 13},
			{[]string{"met", "track", "risk", "miss", "none"}, 10},
		} {
			for sight, m := range simulations {
				for i, a := range set.names {
					for _, b := range set.names[:i] {
						if got := distance(th[a].seen(m).lab(), th[b].seen(m).lab()); got < set.least {
							t.Errorf("%s, %s: --%s and --%s are %.1f apart, want %.0f", name, sight, a, b, got, set.least)
						}
					}
				}
			}
		}
	}
}
