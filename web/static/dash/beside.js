/*
 * The tile whose form is open stands beside the side panel, never below it: its frame is marked, and the board slides to
 * the left as far as the tile needs. Nothing on the board changes its size, so no plot is drawn anew.
 */
(function () {
  'use strict';

  const GAP = 12; // Pixels between the tile and the panel.
  const LEAST = 240; // With less room beside the panel it covers the board anyway.
  const MARK = 'is-edited';

  const panel = () => document.getElementById('aside');
  const board = () => document.querySelector('.board-main');
  const tile = () => {
    const id = panel().hidden ? '' : window.depictio.saving.editing();
    return id ? document.querySelector(`.tile-section [data-tile="${CSS.escape(id)}"]`) : null;
  };

  function distance(found) {
    const room = panel().getBoundingClientRect().left - GAP;
    if (!found || room < LEAST || document.body.classList.contains('has-full')) return 0;
    // Measured where the tile is by itself; a slide may be under way.
    const slid = -parseFloat(window.getComputedStyle(board()).left) || 0;
    const { left, right } = found.getBoundingClientRect();
    return Math.round(Math.max(0, Math.min(right + slid - room, left + slid - GAP)));
  }

  function follow() {
    if (!panel() || !board()) return;
    const found = tile();
    for (const one of document.querySelectorAll(`.${MARK}`)) if (one !== found) one.classList.remove(MARK);
    if (found) found.classList.add(MARK);
    const by = distance(found);
    board().classList.toggle('is-slid', by > 0);
    board().style.left = by ? `${-by}px` : '';
  }

  document.addEventListener('depictio:edited', () => {
    follow();
    const found = panel() && tile();
    if (found) found.scrollIntoView({ block: 'nearest' });
  });
  document.addEventListener('depictio:view', () => window.requestAnimationFrame(follow));
  window.addEventListener('resize', follow);
})();
