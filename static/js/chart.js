// Lays ECharts over the picture that the server drew and adds what a picture
// cannot do: a tooltip at every point and a reader for the keyboard. The option
// is plain data from the page; without this script the picture stays.

const NARROW = 480;
const REACH = 28; // px between the pointer and a point that it means

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

function make(name, className, text) {
  const e = document.createElement(name);
  e.className = className;
  if (text) e.textContent = text;
  return e;
}

// resolver turns var(--token) into the colour it has now, and sizes of type
// into those of the reader's own text size.
function resolver(host) {
  const probe = host.appendChild(make("span", "chart-probe"));
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
  const known = new Map();
  const colour = (value) => {
    if (!known.has(value)) {
      probe.style.color = value;
      known.set(value, getComputedStyle(probe).color);
    }
    return known.get(value);
  };
  const walk = (value, key) => {
    if (typeof value === "string") return /^var\(--[\w-]+\)$/.test(value) ? colour(value) : value;
    if (typeof value === "number") return key === "fontSize" || key === "lineHeight" ? value * scale : value;
    if (Array.isArray(value)) return value.map((v) => (key === "position" ? v * scale : walk(v)));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, walk(v, k)]));
    return value;
  };
  return { walk, scale, end: () => probe.remove() };
}

function start(host) {
  const script = host.querySelector(".chart-option");
  if (!script || !window.echarts) return;
  const option = JSON.parse(script.textContent);
  const yimi = option.yimi;
  delete option.yimi;
  if (!yimi || !option.series) return;

  const plot = make("div", "chart-live");
  host.insertBefore(plot, script);
  host.classList.add("is-live");

  const points = yimi.points;
  const words = (host.dataset.point || "%s: %s").split("%s");
  const text = (p) => p.text || host.dataset.missing || "";
  const say = (p) => [words[0], p.name, words[1], text(p), words[2]].join("");
  const tick = (list, v) => list.find((t) => Math.abs(t.at - v) < 1e-6 * Math.max(1, Math.abs(v)));

  let chart;
  let narrow;
  let shown = -1;

  const tip = (params) => {
    const p = points.find((q) => q.series === params.seriesIndex && q.index === params.dataIndex);
    const box = make("div", "chart-tip-text");
    if (p) box.append(make("b", "", p.name), make("span", "", text(p)));
    return box;
  };

  function draw() {
    narrow = plot.clientWidth < NARROW;
    const size = narrow ? yimi.narrow : yimi.wide;
    const { walk, scale, end } = resolver(host);
    const o = walk(option);
    if (narrow) for (const l of size.labels) o.series[l.series].data[l.index].label = walk(l.label);
    end();
    plot.style.height = `${size.height * scale}px`;
    o.grid = { ...size.grid };
    for (const side of ["left", "right", "top", "bottom"]) o.grid[side] *= scale;
    o.textStyle.fontFamily = getComputedStyle(host).fontFamily;
    o.animation = !calm.matches;
    o.tooltip.formatter = tip;
    o.tooltip.className = "chart-tip";
    o.xAxis[0].axisLabel.formatter = (v) => {
      const t = tick(yimi.x, v);
      if (!t) return "";
      const label = t.label && (!narrow || t.narrow) ? `{${t.bold ? "m" : "y"}|${t.label}}` : "{x| }";
      return t.silent ? `${label}\n{s|${t.silent}}` : label;
    };
    o.yAxis[0].axisLabel.formatter = (v) => (tick(yimi.y, v) || { label: "" }).label;
    if (!chart) chart = window.echarts.init(plot, null, { renderer: "svg" });
    else chart.resize();
    chart.setOption(o, { notMerge: true });
    host.dataset.drawn = String(
      chart.getOption().series
        .filter((s) => s.name === "results" || s.name === "baseline")
        .flatMap((s) => s.data)
        .filter((d) => Number.isFinite(d.value[1])).length,
    );
    if (shown >= 0) show(shown);
  }

  function hide() {
    shown = -1;
    chart.dispatchAction({ type: "hideTip" });
    chart.dispatchAction({ type: "downplay" });
  }

  // show opens the tooltip of a point; of a year without a figure there is
  // nothing to point at.
  function show(i) {
    const p = points[i];
    if (shown !== i) chart.dispatchAction({ type: "downplay" });
    shown = i;
    if (p.series < 0) {
      chart.dispatchAction({ type: "hideTip" });
      return;
    }
    chart.dispatchAction({ type: "highlight", seriesIndex: p.series, dataIndex: p.index });
    chart.dispatchAction({ type: "showTip", seriesIndex: p.series, dataIndex: p.index });
  }

  // nearest is the point next to a place, within reach.
  function nearest(x, y, reach) {
    let best = -1;
    let least = reach;
    points.forEach((p, i) => {
      if (p.series < 0) return;
      const [px, py] = chart.convertToPixel({ seriesIndex: p.series }, option.series[p.series].data[p.index].value);
      const d = Math.hypot(px - x, py - y);
      if (d <= least) [best, least] = [i, d];
    });
    return best;
  }

  draw();

  const zr = chart.getZr();
  let leaving;
  const hovered = () => plot.querySelector(".chart-tip")?.matches(":hover");
  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => (hovered() ? leave() : open() || hide()), 300);
  };
  zr.on("mousemove", (e) => {
    const i = nearest(e.offsetX, e.offsetY, REACH);
    if (i < 0) {
      if (shown >= 0 && !open()) leave();
      return;
    }
    clearTimeout(leaving);
    if (i !== shown) show(i);
  });
  zr.on("click", (e) => {
    const i = nearest(e.offsetX, e.offsetY, narrow ? 64 : REACH);
    clearTimeout(leaving);
    if (i >= 0) show(i);
    else if (!open()) hide();
  });
  zr.on("globalout", () => shown >= 0 && !open() && leave());

  // The reader: a button that opens it, a line that says each point, and two
  // buttons named after the points that they lead to.
  const reader = make("div", "reader");
  const button = make("button", "reader-open", host.dataset.read);
  const panel = make("div", "reader-panel");
  const back = make("button", "reader-step", "←");
  const line = make("p", "reader-line");
  const on = make("button", "reader-step", "→");
  for (const b of [button, back, on]) b.type = "button";
  line.setAttribute("aria-live", "polite");
  button.setAttribute("aria-expanded", "false");
  panel.hidden = true;
  panel.append(back, on);
  // The live line stands outside what is hidden: some readers pass over text
  // that comes into being together with its region.
  reader.append(button, panel, line);
  host.append(reader);
  if (points.length === 0) reader.hidden = true;

  let place = points.findLastIndex((p) => p.series >= 0 && option.series[p.series].name === "results");
  if (place < 0) place = 0;

  function open() {
    return !panel.hidden;
  }

  function go(to) {
    place = Math.min(Math.max(to, 0), points.length - 1);
    line.textContent = say(points[place]);
    for (const [b, i] of [[back, place - 1], [on, place + 1]]) {
      b.setAttribute("aria-disabled", String(!points[i]));
      b.setAttribute("aria-label", points[i] ? points[i].name : points[place].name);
    }
    show(place);
  }

  function close() {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    line.textContent = "";
    hide();
  }

  button.addEventListener("click", () => {
    if (open()) return close();
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    go(place);
  });
  button.addEventListener("focus", () => open() && show(place));
  back.addEventListener("click", () => go(place - 1));
  on.addEventListener("click", () => go(place + 1));
  reader.addEventListener("keydown", (e) => {
    if (!open() || e.altKey || e.ctrlKey || e.metaKey) return;
    const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: points.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    go(to);
  });
  reader.addEventListener("focusout", (e) => open() && !reader.contains(e.relatedTarget) && e.relatedTarget && hide());
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    if (open()) {
      if (reader.contains(document.activeElement)) button.focus();
      close();
    } else if (shown >= 0) hide();
  });

  let width = plot.clientWidth;
  new ResizeObserver(() => {
    if (plot.clientWidth === 0 || plot.clientWidth === width) return;
    width = plot.clientWidth;
    draw();
  }).observe(plot);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-size"] });
  dark.addEventListener("change", draw);
  calm.addEventListener("change", draw);
}

for (const host of document.querySelectorAll("[data-chart]")) {
  try {
    start(host);
  } catch (err) {
    // The server's picture says the same: show it again.
    host.classList.remove("is-live");
    host.querySelector(".chart-live")?.remove();
    host.querySelector(".reader")?.remove();
    console.error(err);
  }
}
