// For whoever is signed in: signing out takes along what the browser keeps of
// their forms, and a receipt can be printed by a button.
const prefix = 'draft:';

document.querySelector('form[action="/sign-out"]')?.addEventListener('submit', () => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // Nothing is kept where there is no storage.
  }
});

document.querySelectorAll('[data-print]').forEach((button) => {
  button.addEventListener('click', () => window.print());
  button.closest('.only-script').hidden = false;
});
