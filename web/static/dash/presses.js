/*
 * Presses of buttons for callbacks of the server: the store that `data-tells` names learns which button it was, and when.
 * dash_views/presses.py says why no callback listens to the buttons themselves. A button that is drawn anew between the
 * two halves of a click gets no click: it is pressed when the pointer is let go where it went down.
 */
(function () {
  'use strict';

  const NEAR = 8; // Pixels by which a pointer may move within a click.
  let held = null; // the button on which the pointer went down, and where

  const isOff = (button) => button.disabled || button.getAttribute('aria-disabled') === 'true';
  const buttonAt = (target) => target.closest('[data-tells]');

  function tell(button) {
    if (isOff(button)) return;
    const id = button.id.startsWith('{') ? JSON.parse(button.id) : button.id;
    window.dash_clientside.set_props(button.dataset.tells, { data: { id, at: performance.timeOrigin + performance.now() } });
  }

  document.addEventListener('click', ({ target }) => {
    const button = buttonAt(target);
    if (button) tell(button);
  });

  document.addEventListener('pointerdown', ({ target, clientX: x, clientY: y, button: which }) => {
    const button = which === 0 && buttonAt(target);
    held = button ? { button, x, y } : null;
  }, true);

  document.addEventListener('pointerup', ({ clientX, clientY }) => {
    const before = held;
    held = null;
    if (!before || before.button.isConnected) return;
    if (Math.hypot(clientX - before.x, clientY - before.y) <= NEAR) tell(before.button);
  }, true);

  document.addEventListener('pointercancel', () => { held = null; }, true);
})();
