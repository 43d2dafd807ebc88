/*
 * The editor's side panel at the keyboard: what it shows gets the focus, Escape closes it, and then the focus is where
 * it was before.
 */
(function () {
  'use strict';

  let opener = null; // what had the focus before the panel
  let control = ''; // the id of the control in the panel that had it last

  const panel = () => document.getElementById('aside');
  const isField = (id) => id.includes('"role":"field"');
  const isLost = () => !document.activeElement || document.activeElement === document.body;

  function showed(hidden) {
    // Dash has set the properties; what they show is there with the next frame.
    requestAnimationFrame(() => (hidden ? leave() : enter()));
  }

  function enter() {
    const title = panel().querySelector('.aside-title');
    if (!title || panel().contains(document.activeElement)) return;
    // A form that was made anew for another table keeps its place.
    const again = control && document.getElementById(control);
    if (again && panel().contains(again)) again.focus();
    else if (isField(control) && panel().querySelector('[data-later]')) document.addEventListener('depictio:made', enter, { once: true });
    else title.focus();
  }

  /* A tile that was just added has taken the focus itself. */
  function leave() {
    control = '';
    if (!isLost() && !panel().contains(document.activeElement)) return;
    const add = document.getElementById('add-tile');
    const back = opener && opener.isConnected ? opener : add;
    if (back) back.focus({ preventScroll: true });
  }

  const closed = () => [true, []];

  document.addEventListener('focusin', ({ target }) => {
    if (!panel()) return;
    if (panel().contains(target)) control = target.id;
    else opener = target;
  });

  // In the capture phase: an open list of choices is still open then, and has Escape for itself.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !panel() || panel().hidden) return;
    const { target } = event;
    if (target !== document.body && !panel().contains(target)) return;
    // Mantine's fields say so in an attribute of their own.
    const isList = target.getAttribute('aria-expanded') === 'true' || target.dataset.expanded === 'true';
    if (!isList) document.getElementById('aside-close').click();
  }, true);

  window.dash_clientside = Object.assign(window.dash_clientside || {}, { aside: { closed, showed } });
})();
