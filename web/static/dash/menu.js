/*
 * The menu of the board on phones. Its entries are the buttons that stand above the board elsewhere: menu.css shows
 * them as a list when it is open, and they lead to where they always do.
 */
(function () {
  'use strict';

  const STEPS = { ArrowDown: 1, ArrowUp: -1 };

  const opener = () => document.getElementById('board-menu');
  const panel = () => document.getElementById('board-more');
  const isOpen = () => Boolean(panel()) && panel().hasAttribute('data-open');
  const isSeen = (element) => element.getClientRects().length > 0;
  const entries = () => [...panel().querySelectorAll('button, a')].filter(isSeen);

  function set(open) {
    panel().toggleAttribute('data-open', open);
    opener().setAttribute('aria-expanded', String(open));
    if (!open) return;
    const { bottom } = opener().getBoundingClientRect();
    panel().style.top = `${bottom + 4}px`;
    panel().style.maxHeight = `${Math.max(window.innerHeight - bottom - 12, 160)}px`;
    for (const entry of panel().querySelectorAll('[data-press]')) {
      entry.setAttribute('aria-pressed', document.getElementById(entry.dataset.press).getAttribute('aria-pressed'));
    }
  }

  function close(isBack) {
    if (!isOpen()) return;
    set(false);
    if (isBack) opener().focus({ preventScroll: true });
  }

  /* Where the focus goes back to, and what a window is laid beside: the button, or the menu in which it lies. */
  const standIn = (element) => (isSeen(element) || !opener() || !isSeen(opener()) ? element : opener());

  // Before all others listen: what an entry opens finds the focus on the button of the menu, to give it back.
  document.addEventListener('click', ({ target }) => {
    if (target.closest('#board-menu')) {
      set(!isOpen());
      if (isOpen()) entries()[0].focus({ preventScroll: true });
      return;
    }
    const entry = isOpen() && target.closest('#board-more :is(button, a)');
    close(Boolean(entry));
    const standing = entry || target.closest('.board-empty button');
    if (standing && standing.dataset.press) document.getElementById(standing.dataset.press).click();
  }, true);

  document.addEventListener('focusin', ({ target }) => {
    if (isOpen() && !target.closest('#board-more, #board-menu')) close(false);
  });

  document.addEventListener('keydown', (event) => {
    if (!isOpen() || !event.target.closest('#board-more, #board-menu')) return;
    const all = entries();
    const at = all.indexOf(document.activeElement);
    const ends = { Home: 0, End: all.length - 1 };
    if (event.key === 'Escape') close(true);
    else if (event.key in STEPS) all.at((at + STEPS[event.key]) % all.length).focus();
    else if (event.key in ends) all[ends[event.key]].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  window.addEventListener('resize', () => { if (isOpen() && !isSeen(opener())) close(false); });

  window.depictio = Object.assign(window.depictio || {}, { menu: { standIn } });
})();
