// The entry grid with the keys of a spreadsheet (APG grid): one cell has the
// focus, arrows move, typing replaces; a cell that is being written takes the
// keys itself until Enter, Tab or Escape. The form works without any of this. On
// a narrow window rows are cards and the table stays a form.
const form = document.querySelector('[data-grid]');
const table = form.querySelector('table');
const page = 10;

const inputOf = (td) => td.querySelector('.cell');
const target = (td) => td.querySelector('.cell, input:not([type="hidden"]):not(:disabled), a') ?? td;
const rows = [...table.tBodies[0].rows].filter((tr) => tr.matches('.row-of')).map((tr) => [...tr.cells]);
const column = (cell) => cell.name.slice(cell.name.lastIndexOf('.') + 1);
const wide = matchMedia('(min-width: 48rem)').matches;

let here = null; // the cell with the focus
let anchor = null; // the other corner of what is chosen
let writing = false; // the input takes the keys
let before = '';

function at(td) {
  const r = rows.findIndex((cells) => cells.includes(td));
  return [r, r < 0 ? -1 : rows[r].indexOf(td)];
}

/** The cells of the chosen rectangle, row by row. */
function chosen() {
  const [[r1, c1], [r2, c2]] = [at(here), at(anchor ?? here)];
  const part = (list, a, b) => list.slice(Math.min(a, b), Math.max(a, b) + 1);
  return part(rows, r1, r2).map((cells) => part(cells, c1, c2));
}

function mark() {
  table.querySelectorAll('[aria-selected]').forEach((td) => td.removeAttribute('aria-selected'));
  if (anchor && anchor !== here) chosen().flat().forEach((td) => td.setAttribute('aria-selected', 'true'));
}

/** Moves the focus; the tab order has one cell of the grid. */
function go(td, stretch = false) {
  if (!td) return;
  anchor = stretch ? anchor ?? here : null;
  target(td).focus();
  mark();
}

function enter(td) {
  if (here !== td) {
    commit();
    if (here) target(here).tabIndex = -1;
    here = td;
  }
  const el = target(td);
  el.tabIndex = 0;
  const cell = inputOf(td);
  before = cell?.value ?? '';
  writing = false;
  if (cell) cell.select();
  tell(td);
}

/** Says under the table what the row is about. */
function tell(td) {
  const about = td.parentElement.querySelector('.grid-about');
  const focus = document.getElementById('grid-focus');
  focus.replaceChildren();
  if (!about) return;
  focus.append(Object.assign(document.createElement('b'), { textContent: td.parentElement.querySelector('th a').textContent }), ...[...about.children].map((x) => x.cloneNode(true)));
  focus.hidden = false;
}

function step(dr, dc, stretch) {
  const [r, c] = at(here);
  const row = rows[Math.min(Math.max(r + dr, 0), rows.length - 1)];
  go(row[Math.min(Math.max(c + dc, 0), row.length - 1)], stretch);
}

/** The next cell that can be written in, through the rows. */
function along(direction) {
  const all = rows.flat();
  for (let n = all.indexOf(here) + direction; n >= 0 && n < all.length; n += direction) {
    if (inputOf(all[n])) return go(all[n]);
  }
}

/** Down to the next row whose cell of this column can be written in. */
function down() {
  const [r, c] = at(here);
  const next = rows.slice(r + 1).find((cells) => inputOf(cells[c]));
  if (next) go(next[c]);
}

// What was done, step by step, each a list of [input, from, to]; a paste that
// was filled in is one step.
const done = [];
const undone = [];

function put(changes) {
  for (const [cell, , to] of changes) {
    cell.value = to;
    cell.dispatchEvent(new Event('input', { bubbles: true }));
  }
  if (here && inputOf(here)) before = inputOf(here).value;
}

function act(changes) {
  const real = changes.filter(([, from, to]) => from !== to);
  if (!real.length) return;
  done.push(real);
  undone.length = 0;
  put(real);
}

function commit() {
  const cell = here && inputOf(here);
  if (cell && cell.value !== before) {
    done.push([[cell, before, cell.value]]);
    undone.length = 0;
    before = cell.value;
  }
  writing = false;
}

function back(from, to) {
  const changes = from.pop();
  if (!changes) return;
  const turned = changes.map(([cell, a, b]) => [cell, b, a]);
  to.push(turned);
  put(turned);
  const undo = document.getElementById('undo');
  if (undo) undo.hidden = true;
  go(turned[0][0].closest('td'));
}

function write(cell, toEnd) {
  writing = true;
  if (toEnd) cell.setSelectionRange(cell.value.length, cell.value.length);
}

/**
 * 同上: the words of the row above, never its number. In a cell of words that
 * cell's; anywhere else in the row the source and the note, where they are blank.
 */
function repeat() {
  const [r, c] = at(here);
  const above = rows[r - 1];
  if (!above) return;
  const said = (n) => inputOf(above[n])?.value ?? above[n].textContent.trim();
  const cell = inputOf(here);
  if (cell && !cell.matches('.num')) {
    cell.value = said(c);
    cell.dispatchEvent(new Event('input', { bubbles: true }));
    writing = true;
    return;
  }
  commit();
  act(rows[r].flatMap((td, n) => {
    const words = inputOf(td);
    return words && ['source', 'note'].includes(column(words)) && !words.value ? [[words, '', said(n)]] : [];
  }));
}

/** What a cell says; nothing of what a row's head is about. */
function text(td) {
  const list = [...td.childNodes].filter((x) => x.nodeName !== 'SMALL');
  return (inputOf(td)?.value ?? list.map((x) => x.textContent).join('')).trim();
}

/** A cell as a spreadsheet takes it: in quotes only where it would be taken apart. */
const quoted = (said, alone) => (/[\t\r\n]/.test(said) || (!alone && said.startsWith('"')) ? `"${said.replaceAll('"', '""')}"` : said);

/**
 * What is chosen, as a spreadsheet takes it. Where it tells which rows it is of,
 * the columns' heads and the rows' ids go along, so that it finds its way back
 * wherever it is pasted and in whatever order.
 */
function copied() {
  const cells = chosen();
  const named = cells[0].length > 1 && cells[0].some((td) => td.matches('th'));
  const lines = cells.map((list) => list.filter((td) => !named || !td.matches('.grid-pick')).map(text));
  if (named) {
    lines.forEach((line, n) => line.unshift(cells[n][0].parentElement.dataset.id));
    lines.unshift([table.dataset.idHead, ...cells[0].filter((td) => !td.matches('.grid-pick')).map((td) => table.tHead.rows[0].cells[td.cellIndex].textContent.trim())]);
  }
  const alone = lines.flat().length === 1;
  return lines.map((line) => line.map((said) => quoted(said, alone)).join('\t')).join('\n');
}

/** Keys of a cell that is being written. */
const whileWriting = {
  Enter() { commit(); down(); },
  Tab() { commit(); along(1); },
  'shift+Tab'() { commit(); along(-1); },
  Escape() {
    const cell = inputOf(here);
    cell.value = before;
    cell.dispatchEvent(new Event('input', { bubbles: true }));
    writing = false;
    cell.select();
  },
  'ctrl+d': repeat,
};

/** Keys while one moves; those with Shift stretch what is chosen. */
const whileMoving = {
  ArrowUp: (s) => step(-1, 0, s), ArrowDown: (s) => step(1, 0, s), ArrowLeft: (s) => step(0, -1, s), ArrowRight: (s) => step(0, 1, s),
  PageUp: (s) => step(-page, 0, s), PageDown: (s) => step(page, 0, s), Home: (s) => step(0, -rows[0].length, s), End: (s) => step(0, rows[0].length, s),
  'ctrl+Home': (s) => step(-rows.length, -rows[0].length, s), 'ctrl+End': (s) => step(rows.length, rows[0].length, s),
  Delete: () => act(chosen().flat().map(inputOf).filter(Boolean).map((cell) => [cell, cell.value, ''])),
  Backspace: () => whileMoving.Delete(),
  'ctrl+z': () => back(done, undone), 'ctrl+y': () => back(undone, done), 'ctrl+d': repeat,
  Escape: () => go(here),
};

form.addEventListener('keydown', (e) => {
  if (e.isComposing || !here || !here.contains(e.target)) return;
  const ctrl = e.ctrlKey || e.metaKey ? 'ctrl+' : '';
  if (ctrl && e.key === 'Enter') {
    commit();
    form.requestSubmit(document.getElementById('send'));
    return e.preventDefault();
  }
  const cell = inputOf(here);
  if (writing) {
    const does = whileWriting[ctrl + (e.shiftKey ? 'shift+' : '') + e.key];
    if (!does) return;
    does();
    return e.preventDefault();
  }
  if (cell && !ctrl && (e.key === 'F2' || e.key === 'Enter')) {
    write(cell, true);
    return e.preventDefault();
  }
  const does = whileMoving[ctrl + e.key];
  if (does) {
    does(e.shiftKey);
    return e.preventDefault();
  }
});

// Enter moves and never sends: Ctrl+Enter does.
form.addEventListener('keypress', (e) => {
  if (e.key === 'Enter' && e.target.matches('.cell')) e.preventDefault();
});

// The browser puts typed and composed text in itself: what stood is selected, so
// that it is replaced.
form.addEventListener('beforeinput', (e) => {
  if (here && e.target === inputOf(here) && e.inputType !== 'insertLineBreak') writing = true;
});
form.addEventListener('dblclick', (e) => {
  if (here && e.target === inputOf(here)) writing = true;
});
form.addEventListener('mousedown', (e) => {
  const td = e.target.closest('td, th');
  if (!td || at(td)[0] < 0 || !here || !e.shiftKey) return;
  e.preventDefault();
  go(td, true);
});
form.addEventListener('focusin', (e) => {
  const td = e.target.closest('td, th');
  if (td && at(td)[0] >= 0) {
    if (td !== here || !writing) enter(td);
  } else commit();
});
form.addEventListener('focusout', (e) => {
  if (!form.contains(e.relatedTarget)) commit();
});

/** What is offered is filled in here, as a step that can be undone. */
form.addEventListener('click', (e) => {
  const button = e.target.closest('.offer button');
  const [, name, said] = /^use\.([^=]+)=(.*)$/.exec(button?.value ?? '') ?? [];
  const cell = name && form.elements[name];
  if (!cell) return;
  e.preventDefault();
  commit();
  act([[cell, cell.value, said]]);
  for (const same of form.querySelectorAll('.offer button')) {
    const row = same.closest('.said');
    if (same.value !== button.value) continue;
    same.closest('.offer').remove();
    if (row && !row.textContent.trim()) row.remove();
  }
  cell.focus();
});

/** A row with something in it is meant to be sent. */
form.addEventListener('input', (e) => {
  const pick = e.target.closest('tr')?.querySelector('input[name="pick"]');
  if (pick && e.target.matches('.cell')) pick.checked = true;
});

form.addEventListener('copy', (e) => {
  if (!here || writing || !here.contains(document.activeElement)) return;
  e.clipboardData.setData('text/plain', copied());
  e.preventDefault();
});

// A paste of several cells is shown by the server before anything is filled in.
form.addEventListener('paste', (e) => {
  if (!here || !here.contains(e.target)) return;
  const clip = e.clipboardData.getData('text/plain');
  if (!/[\t\n]/.test(clip.trim())) return;
  e.preventDefault();
  const from = inputOf(here) ?? rows[at(here)[0]].map(inputOf).find(Boolean);
  form.elements.paste.value = clip;
  form.elements.at.value = from?.name ?? '';
  form.requestSubmit(document.getElementById('preview'));
});

// What a paste has filled in is the first step that can be undone.
const filled = [...document.querySelectorAll('[data-undo]')].map((x) => [form.elements[x.name], x.value]).filter(([cell]) => cell);
if (filled.length) done.push(filled.map(([cell, was]) => [cell, was, cell.value]));

if (wide && rows.length) {
  table.setAttribute('role', 'grid');
  table.setAttribute('aria-multiselectable', 'true');
  table.setAttribute('aria-describedby', 'grid-keys');
  table.closest('.scroll').removeAttribute('tabindex');
  for (const td of rows.flat()) {
    if (!inputOf(td) && !td.matches('.grid-pick')) td.setAttribute('aria-readonly', 'true');
    target(td).tabIndex = -1;
  }
  form.classList.add('is-live');
  document.querySelectorAll('.only-script').forEach((el) => { el.hidden = false; });
  const cells = rows.flat().filter(inputOf);
  const wrong = cells.find((td) => inputOf(td).getAttribute('aria-invalid'));
  const odd = form.querySelector('.said .warning')?.closest('tr').previousElementSibling;
  const note = odd && cells.find((td) => odd.contains(td) && column(inputOf(td)) === 'note');
  const paste = filled.length && filled[0][0].closest('td');
  const first = wrong ?? note ?? (paste || cells.find((td) => inputOf(td).value === '')) ?? cells[0] ?? rows[0][0];
  target(first).tabIndex = 0;
  if (!form.querySelector('.said .clash')) go(first);
}
