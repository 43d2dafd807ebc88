/*
 * Presses of buttons for callbacks of the server: the store that `data-tells` names learns which button it was, and when.
 * dash_views/presses.py says why no callback listens to the buttons themselves.
 */
(function () {
  'use strict';

  const isOff = (button) => button.disabled || button.getAttribute('aria-disabled') === 'true';

  document.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-tells]');
    if (!button || isOff(button)) return;
    const id = button.id.startsWith('{') ? JSON.parse(button.id) : button.id;
    window.dash_clientside.set_props(button.dataset.tells, { data: { id, at: performance.timeOrigin + performance.now() } });
  });
})();
