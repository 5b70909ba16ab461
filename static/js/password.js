// Beside each password a button shows what was typed, and hides it again
// before the form is sent: no browser must remember it as plain text.
for (const input of document.querySelectorAll('input[type=password][data-show]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet reveal';
  button.setAttribute('aria-controls', input.id);
  const set = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? input.dataset.hide : input.dataset.show;
    button.setAttribute('aria-pressed', String(shown));
  };
  button.addEventListener('click', () => set(input.type === 'password'));
  input.form?.addEventListener('submit', () => set(false));
  set(false);
  const row = document.createElement('div');
  row.className = 'reveal-row';
  input.replaceWith(row);
  row.append(input, button);
}
