// Drafts are saved as one types: two seconds after the last change and on
// leaving, by the same address and fields as the form's own buttons. One request
// is on its way at a time; one that fails is sent again as it was, so that the
// server knows it. What is not saved stays in this browser until it is. All
// words come from the page.
const form = document.querySelector('form[data-draft]');
const words = document.getElementById('draft').dataset;
const line = document.getElementById('draft-status');
const signIn = document.getElementById('draft-sign-in');
const pause = 2000;
const waits = [3000, 8000, 20000, 60000];

const fields = () => [...form.elements].filter((el) => el.dataset.keep && !el.disabled);
const version = (el) => form.elements[el.dataset.keep];
const named = (name) => form.elements[name];

/** What the server has of each field; a field that another changed too waits for a choice. */
const saved = new Map(fields().map((el) => [el.name, el.value]));
const contested = new Set([...form.querySelectorAll('[data-clash]')].map((el) => el.dataset.clash));
/** What was refused is not sent again until it changes. */
const refused = new Map();

let timer = 0;
let pending = null; // the request on its way, or to be sent again
let flying = null;
let failures = 0;
let expired = false;

function say(text) {
  if (line.textContent !== text) line.textContent = text;
  signIn.hidden = !expired;
}

function dirty() {
  return fields().filter((el) => el.value !== saved.get(el.name) && !contested.has(el.name) && refused.get(el.name) !== el.value);
}

/** Keeps in this browser what the server does not have; forgets it once it has. */
function remember() {
  const left = fields().filter((el) => el.value !== saved.get(el.name));
  try {
    if (!left.length) localStorage.removeItem(words.kept);
    else localStorage.setItem(words.kept, JSON.stringify(left.map((el) => [el.name, el.value, saved.get(el.name), version(el).value])));
  } catch {
    // Without storage it stays in the page.
  }
}

function restore() {
  let left = [];
  try {
    left = JSON.parse(localStorage.getItem(words.kept) ?? '[]');
  } catch {
    return;
  }
  for (const [name, text, was, read] of left) {
    const el = named(name);
    if (!el || el.value === text) continue;
    if (el.value !== was) version(el).value = read; // others went on: the server compares
    el.value = text;
    el.dispatchEvent(new Event('input', { bubbles: true }));
  }
  remember();
  if (dirty().length) {
    say(words.restored);
    save();
  }
}

function request() {
  const changed = dirty();
  if (!changed.length) return null;
  const body = new URLSearchParams({ do: 'save', key: [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join('') });
  if (named('round')) body.set('round', named('round').value);
  if (form.hasAttribute('data-checked')) body.set('checked', '1');
  for (const el of changed) {
    body.set(version(el).name, version(el).value);
    body.set(el.name, el.value);
  }
  return { body, sent: changed.map((el) => [el, el.value]) };
}

function save(leaving = false) {
  clearTimeout(timer);
  flying ??= send(leaving).finally(() => {
    flying = null;
    if (!failures && dirty().length) later();
  });
  return flying;
}

function later(wait = pause) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

async function send(leaving) {
  pending ??= request();
  if (!pending) return;
  say(words.saving);
  let answer = null;
  let status = 0;
  try {
    const response = await fetch(form.getAttribute('action'), { method: 'POST', body: pending.body, headers: { Accept: 'application/json' }, keepalive: leaving });
    status = response.redirected ? 401 : response.status;
    if (response.headers.get('Content-Type')?.startsWith('application/json')) answer = await response.json();
  } catch {
    status = 0;
  }
  if (answer?.rows) {
    failures = 0;
    expired = false;
    const sent = pending.sent;
    pending = null;
    take(answer, sent);
    remember();
    return;
  }
  remember();
  expired = status === 401;
  if (expired) {
    failures = 1;
    say(words.expired);
    return;
  }
  if (status >= 400 && status < 500) {
    for (const [el, text] of pending.sent) refused.set(el.name, text);
    pending = null;
    failures = 0;
    say(answer?.message ?? words.retrying);
    return;
  }
  say(navigator.onLine && status ? words.retrying : words.offline);
  later(waits[Math.min(failures++, waits.length - 1)]);
}

/** Takes an answer row by row: what stands, what it reads as, what clashes. */
function take(answer, sent) {
  let clashes = 0;
  for (const row of answer.rows) {
    const control = named(row.control);
    control.value = row.version;
    for (const [el, text] of sent) {
      if (version(el) !== control) continue;
      if (row.saved) {
        saved.set(el.name, text);
        refused.delete(el.name);
      } else if (!row.clashes) refused.set(el.name, text);
    }
    for (const [name, text] of Object.entries(row.read ?? {})) {
      const place = form.querySelector(`[data-read="${CSS.escape(name)}"]`);
      if (place) place.textContent = text;
    }
    for (const clash of row.clashes ?? []) {
      clashes++;
      contest(clash, control);
    }
    if (row.problem) notice(row.problem, control);
    if (form.hasAttribute('data-checked') && row.saved) settle(row.wrong ?? [], control);
    if (row.control === 'version') foretell(row);
  }
  say(clashes ? words.clash : answer.told);
}

/** Where a row of the grid, or the form, says something of itself. */
function place(control) {
  const row = control.closest('tr');
  if (!row) return document.getElementById('clashes');
  const next = row.nextElementSibling;
  if (next?.matches('.said')) {
    next.classList.remove('is-offers');
    return next.firstElementChild;
  }
  const said = document.createElement('tr');
  said.className = 'said';
  said.appendChild(document.createElement('td')).colSpan = row.cells.length;
  row.after(said);
  return said.firstElementChild;
}

function notice(text, control) {
  const at = place(control);
  const p = [...at.querySelectorAll('.problem')].find((x) => x.textContent === text) ?? document.createElement('p');
  p.className = 'problem';
  p.textContent = text;
  at.append(p);
}

/** Shows the three values of a field that somebody else changed too. */
function contest(clash, control) {
  contested.add(clash.name);
  form.querySelector(`[data-clash="${CSS.escape(clash.name)}"]`)?.remove();
  const panel = document.getElementById('clash').content.firstElementChild.cloneNode(true);
  panel.dataset.clash = clash.name;
  const empty = panel.querySelector('[data-empty]').dataset.empty;
  for (const el of panel.querySelectorAll('[data-slot]')) el.textContent = clash[el.dataset.slot] || empty;
  panel.querySelector('[name="clash"]').value = clash.name;
  for (const el of panel.querySelectorAll('[data-part]')) {
    el.name = `${el.dataset.part}.${clash.name}`;
    if (el.type === 'hidden') el.value = clash[el.dataset.part] ?? '';
  }
  place(control).append(panel);
}

form.addEventListener('change', (e) => {
  const panel = e.target.closest('[data-clash]');
  if (!panel || e.target.dataset.part !== 'choose') return;
  const el = named(panel.dataset.clash);
  const theirs = panel.querySelector('[data-part="theirs"]').value;
  const said = panel.closest('tr.said');
  contested.delete(el.name);
  saved.set(el.name, theirs);
  if (e.target.value !== 'yours') el.value = theirs;
  if (e.target.value === 'both') {
    const note = named(el.name.replace(/[a-z_]+$/, 'note'));
    note.value = `${note.value} ${panel.querySelector('[data-part="note_of"]').value}`.trim();
  }
  panel.remove();
  if (said && !said.textContent.trim()) said.remove();
  el.focus();
  remember();
  save();
});

/** What a check said of a field is said anew once the field has changed. */
function settle(wrong, control) {
  for (const said of form.querySelectorAll('[data-said]')) {
    const el = named(said.dataset.said);
    if (!el || version(el) !== control || said.dataset.fresh) continue;
    const now = wrong.filter((x) => x.name === el.name);
    for (const x of now) {
      const p = Object.assign(document.createElement('p'), { className: x.warning ? 'warning' : 'problem', textContent: x.text });
      p.dataset.said = el.name;
      p.dataset.fresh = 'yes';
      if (![...said.parentElement.children].some((other) => other.dataset.fresh && other.textContent === x.text)) said.before(p);
    }
    if (!now.some((x) => !x.warning)) {
      el.removeAttribute('aria-invalid');
      said.closest('.field')?.classList.remove('is-wrong');
    }
    said.remove();
  }
  form.querySelectorAll('[data-fresh]').forEach((p) => p.removeAttribute('data-fresh'));
}

/** What the public would read, and what the parts give. */
function foretell(row) {
  const section = document.querySelector('[data-public]');
  section.querySelectorAll('p').forEach((p) => p.remove());
  for (const text of row.public ?? []) section.appendChild(document.createElement('p')).textContent = text;
  section.hidden = !row.public?.length;
  const result = form.querySelector('[data-result]');
  if (!result) return;
  result.hidden = !row.result;
  for (const el of result.querySelectorAll('[data-slot]')) el.textContent = row[el.dataset.slot] ?? '';
}

form.addEventListener('input', (e) => {
  if (!e.target.dataset.keep) return;
  if (!failures) later();
  else remember();
});
form.addEventListener('focusout', (e) => {
  if (!form.contains(e.relatedTarget) && !failures) save();
});
const again = () => {
  if (failures && document.visibilityState === 'visible') save();
};
window.addEventListener('online', again);
window.addEventListener('focus', again);
document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? leave() : again()));
window.addEventListener('pagehide', leave);

function leave() {
  if (!dirty().length) return;
  remember();
  if (!failures) save(true);
}

// A button of the form waits until what was typed is saved: two requests at once
// would meet as if they were two people, and one that fails would take the page
// away. Where the sign-in has expired the form itself goes, and is kept there.
let through = false;
form.addEventListener('submit', (e) => {
  clearTimeout(timer);
  if (through || expired || !(flying || dirty().length)) {
    through = false;
    contested.clear();
    return;
  }
  e.preventDefault();
  const button = e.submitter;
  (async () => {
    do await save(); while (!failures && dirty().length);
    if (failures && !expired) return;
    through = true;
    form.requestSubmit(button);
  })();
});

restore();
