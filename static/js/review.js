// In the queue J and K go from figure to figure, A approves and R returns: what
// is chosen, or else the figure that has the focus. They act only while the
// focus is on the list, so that no letter said or typed elsewhere decides.
const form = document.querySelector('form.queue');
const rows = form ? [...form.querySelectorAll('.reviews > li')] : [];
const link = (row) => row.querySelector('.review-what a');
const pick = (row) => row.querySelector('input[name=pick]');

const step = (from, by) => {
  const to = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(from) + by))];
  link(to).focus();
  to.scrollIntoView({ block: 'nearest' });
};

// choose makes sure that something is chosen: a locked figure is not.
const choose = (row) => {
  if (rows.some((r) => pick(r)?.checked)) return true;
  const box = pick(row);
  if (box) box.checked = true;
  return Boolean(box);
};

const keys = {
  j: (row) => step(row, 1),
  k: (row) => step(row, -1),
  a: (row) => {
    const button = form.querySelector('.decide button:not(.quiet)');
    if (button && choose(row)) button.click();
  },
  r: (row) => {
    if (choose(row)) form.querySelector('#reason').focus();
  },
};

for (const row of rows) {
  row.addEventListener('keydown', (event) => {
    const act = keys[event.key.toLowerCase()];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    act(row);
  });
}
if (rows.length) form.querySelector('.keys').hidden = false;
