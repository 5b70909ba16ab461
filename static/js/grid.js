// The entry grid with keys: the form works without any of this. Cells are the
// inputs of the table; moves go by row and column, and a paste of several cells
// is shown by the server before anything is filled in.
const form = document.querySelector('[data-grid]');
const rows = [...form.querySelectorAll('tbody tr')].map((tr) => [...tr.querySelectorAll('input.cell')]).filter((cells) => cells.length);
const column = (cell) => cell.name.slice(cell.name.lastIndexOf('.') + 1);

/** The cell of the same column some rows on; null beyond the ends. */
function beside(cell, step) {
  const at = rows.findIndex((cells) => cells.includes(cell));
  for (let n = at + step; n >= 0 && n < rows.length; n += step) {
    const found = rows[n].find((c) => column(c) === column(cell));
    if (found) return found;
  }
  return null;
}

function go(cell) {
  if (!cell) return;
  cell.focus();
  cell.select();
}

/** What stood in a cell when it was entered, for Escape. */
const before = new WeakMap();
form.addEventListener('focusin', (e) => {
  if (e.target.matches('input.cell')) before.set(e.target, e.target.value);
});

/** A row with something in it is meant to be sent. */
form.addEventListener('input', (e) => {
  const pick = e.target.closest('tr')?.querySelector('input[name="pick"]');
  if (pick && e.target.matches('input.cell')) pick.checked = true;
});

form.addEventListener('keydown', (e) => {
  const cell = e.target;
  if (!cell.matches('input.cell') || e.isComposing) return;
  const key = (e.ctrlKey || e.metaKey ? 'ctrl+' : '') + e.key;
  switch (key) {
    case 'Enter': case 'ArrowDown': go(beside(cell, 1)); break;
    case 'ArrowUp': go(beside(cell, -1)); break;
    case 'Escape': cell.value = before.get(cell) ?? cell.value; break;
    case 'ctrl+Enter': form.requestSubmit(document.getElementById('send')); break;
    case 'ctrl+d': {
      const above = beside(cell, -1);
      if (above) {
        cell.value = above.value;
        cell.dispatchEvent(new Event('input', { bubbles: true }));
      }
      break;
    }
    default: return;
  }
  e.preventDefault();
});

// Enter moves and never sends: Ctrl+Enter does.
form.addEventListener('keypress', (e) => {
  if (e.key === 'Enter' && e.target.matches('input.cell')) e.preventDefault();
});

form.addEventListener('paste', (e) => {
  const text = e.clipboardData.getData('text/plain');
  if (!e.target.matches('input.cell') || !/[\t\n]/.test(text.trim())) return;
  e.preventDefault();
  form.elements.paste.value = text;
  form.elements.at.value = e.target.name;
  form.requestSubmit(document.getElementById('preview'));
});

/** Ctrl+Z right after a paste was filled in undoes all of it. */
const undo = document.getElementById('undo');
if (undo) {
  document.addEventListener('keydown', (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key === 'z' && !e.target.matches('input.cell, textarea')) {
      e.preventDefault();
      undo.click();
    }
  });
}

document.querySelectorAll('.only-script').forEach((el) => { el.hidden = false; });
const wrong = form.querySelector('[aria-invalid="true"]');
const odd = form.querySelector('.said .warning')?.closest('tr').previousElementSibling;
if (wrong) wrong.focus();
else if (odd) go([...odd.querySelectorAll('input.cell')].find((c) => column(c) === 'note'));
else if (!undo) go(rows.flat().find((c) => c.value === ''));
