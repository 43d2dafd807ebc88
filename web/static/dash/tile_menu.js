/*
 * The buttons of a tile where its heading has no room for them: one button, and a menu of the same buttons, which lead
 * to where they always do. touch.css says where that is. The menu lies above everything, so that no tile cuts it off.
 */
(function () {
  'use strict';

  const STEPS = { ArrowDown: 1, ArrowUp: -1 };
  const GAP = 4; // Pixels between the button and the menu, and of both to the edge of the window.

  const isSeen = (element) => element.getClientRects().length > 0;
  const barOf = (opener) => opener.parentElement.querySelector('.tile-tools');
  const openerOf = (bar) => bar.parentElement.querySelector('.tile-extra');
  const opened = () => document.querySelector('.tile-tools[popover]');
  const entries = (bar) => [...bar.querySelectorAll('button')].filter(isSeen);

  function open(opener) {
    const bar = barOf(opener);
    bar.popover = 'manual';
    bar.showPopover();
    opener.setAttribute('aria-expanded', 'true');
    const { right, top, bottom } = opener.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = bar;
    const y = bottom + height + GAP > window.innerHeight ? Math.max(GAP, top - height - GAP) : bottom + GAP;
    Object.assign(bar.style, { left: `${Math.max(GAP, right - width)}px`, top: `${y}px` });
    entries(bar)[0].focus({ preventScroll: true });
  }

  function close(isBack) {
    const bar = opened();
    if (!bar) return;
    const opener = openerOf(bar);
    bar.hidePopover();
    bar.removeAttribute('popover');
    for (const side of ['left', 'top']) bar.style.removeProperty(side);
    opener.setAttribute('aria-expanded', 'false');
    if (isBack) opener.focus({ preventScroll: true });
  }

  // Before all others listen: what an entry opens finds the focus on the button of the menu, to give it back.
  document.addEventListener('click', ({ target }) => {
    const opener = target.closest('.tile-extra');
    const bar = opened();
    if (opener) {
      const isAgain = bar === barOf(opener);
      close(isAgain);
      if (!isAgain) open(opener);
    } else if (bar && bar.contains(target)) {
      if (target.closest('button')) close(true);
    } else close(false);
  }, true);

  window.addEventListener('keydown', (event) => {
    const bar = opened();
    if (!bar || !bar.contains(event.target)) return;
    const all = entries(bar);
    const ends = { Home: 0, End: all.length - 1 };
    if (event.key === 'Escape') close(true);
    else if (event.key === 'Tab') close(true);
    else if (event.key in STEPS) all.at((all.indexOf(event.target) + STEPS[event.key]) % all.length).focus();
    else if (event.key in ends) all[ends[event.key]].focus();
    else return;
    event.stopPropagation();
    if (event.key !== 'Tab') event.preventDefault();
  }, true);

  for (const kind of ['scroll', 'resize']) window.addEventListener(kind, () => close(false), { passive: true });

  /* What a menu or a window stands beside when its own button is out of sight. */
  function standIn(button) {
    const opener = button.closest('.tile-head')?.querySelector('.tile-extra');
    return !isSeen(button) && opener && isSeen(opener) ? opener : button;
  }

  window.depictio = Object.assign(window.depictio || {}, { tileMenu: { standIn } });
})();
