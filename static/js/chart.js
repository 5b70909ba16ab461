// Makes the server's charts interactive. Each [data-chart] holds the server's
// pictures (.chart-static) and the option as JSON (.chart-option), which has
// colours as var(--name) and, under "yimi", the words of labels and points.
// Nothing here formats a number: every text comes from the server.

const REDUCED = matchMedia('(prefers-reduced-motion: reduce)');
const NARROW = 560;

/** The looks of words in labels, as the server names them. */
const edge = { textBorderColor: 'var(--page)', textBorderWidth: 4 };
const RICH = {
  halo: { color: 'var(--page)', fontSize: 13 },
  s: { color: 'var(--secondary)', fontSize: 13, ...edge },
  b: { color: 'var(--ink)', fontSize: 13, fontWeight: 600, ...edge },
  l: { color: 'var(--ink)', fontSize: 17, fontWeight: 600, ...edge },
  L: { color: 'var(--ink)', fontSize: 20, fontWeight: 600, ...edge },
  ink: { color: 'var(--ink)', fontSize: 13, fontWeight: 600, ...edge },
  met: { color: 'var(--met)', fontSize: 13, fontWeight: 600, ...edge },
  risk: { color: 'var(--risk)', fontSize: 13, fontWeight: 600, ...edge },
  miss: { color: 'var(--miss)', fontSize: 13, fontWeight: 600, ...edge },
  none_text: { color: 'var(--none-text)', fontSize: 13, fontWeight: 600, ...edge },
};

/** A copy of part with every var(--name) replaced by that token's colour. */
function painted(part, style) {
  if (typeof part === 'string') {
    const token = /^var\((--[\w-]+)\)$/.exec(part);
    return token ? style.getPropertyValue(token[1]).trim() : part;
  }
  if (Array.isArray(part)) return part.map((p) => painted(p, style));
  if (part && typeof part === 'object') {
    return Object.fromEntries(Object.entries(part).map(([k, v]) => [k, painted(v, style)]));
  }
  return part;
}

/** The key under which the server filed a tick's or a year's text. */
const filed = (table, value) => table[String(Number(value.toFixed(9)))] ?? '';

class Chart {
  constructor(box) {
    this.box = box;
    this.source = JSON.parse(box.querySelector('.chart-option').textContent);
    this.words = this.source.yimi;
    if (!this.words || !Array.isArray(this.source.series)) {
      box.dataset.drawn = '0';
      return;
    }
    this.host = document.createElement('div');
    this.host.className = 'chart-live';
    this.host.setAttribute('role', 'img');
    this.host.setAttribute('aria-label', this.source.aria.label.description);
    const still = box.querySelector('.chart-static');
    still.after(this.host);
    box.dataset.live = '';
    this.instance = echarts.init(this.host, null, { renderer: 'svg' });
    this.draw();
    this.watch();
    this.reader();
  }

  /** The option as ECharts wants it at this width and in this theme. */
  option() {
    const style = getComputedStyle(this.box);
    const { yimi, ...plain } = this.source;
    const option = painted(plain, style);
    const root = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const narrow = this.host.clientWidth < NARROW;
    const look = painted(RICH, style);
    const still = REDUCED.matches;
    option.animation = !still && !this.drawn;
    option.animationDuration = 200;
    option.textStyle = { fontFamily: style.fontFamily, fontSize: 13 * root };
    option.tooltip = this.tooltip();
    option.yAxis.forEach((axis, i) => {
      const table = i === 0 ? yimi.ticks : yimi.lower;
      axis.axisLabel = { ...axis.axisLabel, fontSize: 13 * root, formatter: (v) => filed(table, v) };
    });
    option.xAxis.forEach((axis) => {
      axis.axisLabel = { ...axis.axisLabel, fontSize: 13 * root, formatter: (v) => filed(yimi.years, v) };
      if (narrow && axis.axisLabel.rich) axis.axisLabel.rich.h.padding = [2, 2];
    });
    const layout = narrow ? yimi.narrow : yimi.wide;
    option.grid = layout.grids;
    option.series.forEach((series, n) => {
      const labels = series.yimiLabels;
      delete series.yimiLabels;
      series.animation = option.animation;
      if (series.type === 'bar') {
        series.barWidth = layout.column;
        series.label.fontSize = 13 * root;
        series.label.formatter = (at) => labels[at.dataIndex] ?? '';
        return;
      }
      series.data = (series.data ?? []).map((point, i) => {
        const said = layout.labels[`${n}:${i}`];
        return said ? { ...point, label: this.label(said, look, root) } : point;
      });
    });
    this.host.classList.toggle('is-narrow', narrow);
    this.narrow = narrow;
    return option;
  }

  /** Words where the server's picture has them. */
  label(said, look, root) {
    const rich = Object.fromEntries(Object.entries(look).map(([k, v]) => [k, { ...v, fontSize: v.fontSize * root }]));
    return {
      show: true, formatter: () => said.text, position: said.at, rich, lineHeight: 17 * root,
      ...(said.turn ? { rotate: said.turn, align: 'center', verticalAlign: 'middle' } : { align: 'left', verticalAlign: 'top' }),
      textBorderColor: look.halo.color, textBorderWidth: 4,
    };
  }

  draw() {
    const option = this.option();
    this.instance.resize();
    this.instance.setOption(option, { notMerge: true });
    this.drawn = true;
    const drawn = this.words.points.filter((p) => p.figure && Number.isFinite(option.series[p.series]?.data[p.index]?.value[1]));
    this.box.dataset.drawn = String(drawn.length);
  }

  /** A tooltip made of text nodes, held inside the chart. */
  tooltip() {
    return {
      trigger: 'item', triggerOn: 'mousemove|click', confine: true, enterable: true, renderMode: 'html',
      hideDelay: 150, transitionDuration: 0, backgroundColor: 'transparent', borderWidth: 0, padding: 0, extraCssText: 'box-shadow:none',
      formatter: (at) => this.card(this.find(at.seriesIndex, at.dataIndex)),
    };
  }

  find(series, index) {
    return this.words.points.find((s) => s.series === series && s.index === index);
  }

  card(spot) {
    if (!spot) return '';
    const card = document.createElement('div');
    card.className = 'chart-tip';
    for (const text of spot.lines) {
      const line = document.createElement('p');
      line.textContent = text;
      card.append(line);
    }
    return card;
  }

  watch() {
    let width = this.host.clientWidth;
    new ResizeObserver(() => {
      const now = this.host.clientWidth;
      if (now === 0 || now === width) return;
      width = now;
      this.draw();
    }).observe(this.host);
    const again = () => this.draw();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
    new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-size'] });
    document.addEventListener('keydown', (e) => { if (e.key === 'Escape') this.hide(); });
  }

  show(spot) {
    this.instance.dispatchAction({ type: 'downplay' });
    this.instance.dispatchAction({ type: 'highlight', seriesIndex: spot.series, dataIndex: spot.index });
    this.instance.dispatchAction({ type: 'showTip', seriesIndex: spot.series, dataIndex: spot.index });
  }

  hide() {
    this.instance.dispatchAction({ type: 'hideTip' });
    this.instance.dispatchAction({ type: 'downplay' });
  }

  /** The reader: a button on which the arrow keys go from point to point, each
      said once in a live region, and two buttons that do the same by touch. */
  reader() {
    const { points, silent } = this.words;
    if (points.length === 0 && silent.length === 0) return;
    const make = (name, className, text) => {
      const e = document.createElement(name);
      e.className = className;
      e.textContent = text;
      return e;
    };
    const bar = make('div', 'chart-read', '');
    const open = make('button', 'chart-reader', this.box.dataset.read ?? '');
    const steps = [[-1, '←'], [1, '→']].map(([by, sign]) => ({ by, button: make('button', 'chart-reader chart-step', sign) }));
    // The live line stands outside what is hidden: some readers pass over text
    // that comes into being together with its region.
    const said = make('p', 'chart-said', '');
    said.setAttribute('aria-live', 'polite');
    const series = [...new Set(points.map((p) => p.series))];
    let at = -1;

    const say = (spot) => {
      const parts = [spot.lines[0], spot.lines.slice(1).join(' · ')];
      const words = this.box.dataset.point ?? '';
      said.textContent = words.includes('%s') ? words.replace(/%s/g, () => parts.shift() ?? '') : spot.lines.join(' ');
    };
    const close = () => {
      at = -1;
      open.setAttribute('aria-pressed', 'false');
      for (const { button } of steps) button.hidden = true;
      said.textContent = '';
      this.hide();
    };
    const go = (to) => {
      open.setAttribute('aria-pressed', 'true');
      if (points.length === 0) {
        said.textContent = silent.join(' · ');
        return;
      }
      at = Math.max(0, Math.min(to, points.length - 1));
      const spot = points[at];
      this.show(spot);
      say(spot);
      for (const { by, button } of steps) {
        const next = points[at + by];
        button.hidden = false;
        button.setAttribute('aria-disabled', String(!next));
        button.setAttribute('aria-label', (next ?? spot).lines.slice(0, 2).join(' '));
      }
    };
    /** The first point of the series before or after this one. */
    const turn = (by) => {
      const row = series.indexOf(points[at]?.series ?? series[0]) + by;
      const to = series[Math.max(0, Math.min(row, series.length - 1))];
      go(points.findIndex((p) => p.series === to));
    };
    const keys = {
      ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1), Home: () => go(0), End: () => go(points.length - 1),
      ArrowDown: () => turn(1), ArrowUp: () => turn(-1),
      Escape: () => { if (at >= 0) open.focus(); close(); },
    };
    bar.addEventListener('keydown', (e) => {
      if (!keys[e.key] || e.ctrlKey || e.metaKey || e.altKey) return;
      e.preventDefault();
      keys[e.key]();
    });
    open.addEventListener('click', () => { if (open.getAttribute('aria-pressed') === 'true') close(); else go(0); });
    open.addEventListener('focus', () => { if (at >= 0) this.show(points[at]); });
    bar.addEventListener('focusout', (e) => { if (!bar.contains(e.relatedTarget)) this.hide(); });
    open.setAttribute('aria-pressed', 'false');
    bar.append(open);
    open.type = 'button';
    for (const { by, button } of steps) {
      button.type = 'button';
      button.hidden = true;
      button.addEventListener('click', () => go(at + by));
      bar.append(button);
    }
    bar.append(said);
    this.box.append(bar);
  }
}

function start() {
  if (typeof echarts === 'undefined') return;
  for (const box of document.querySelectorAll('[data-chart]')) {
    try {
      new Chart(box);
    } catch (err) {
      // The server's picture says the same: show it again.
      delete box.dataset.live;
      box.querySelector('.chart-live')?.remove();
      console.error(err);
    }
  }
}

start();
