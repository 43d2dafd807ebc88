/*
 * Takes the outline of the board (outline.html) away when Dash has drawn the board itself, or has said why it cannot.
 * A rule of style could tell by `:has()`; but then the browser would look through all of the board, and mark all that a
 * change lies in, each time a plot changes.
 */
(function () {
  'use strict';

  const outline = document.querySelector('.board-wait');

  new MutationObserver((_, self) => {
    if (!document.querySelector('.board-root, ._dash-error')) return;
    outline.remove();
    self.disconnect();
  }).observe(document.getElementById('react-entry-point'), { childList: true, subtree: true });
})();
