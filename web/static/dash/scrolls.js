/* Texts that are longer than their tile are reached by keyboard, to be scrolled there; others are no stop of the Tab key. */
(function () {
  'use strict';

  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));

  function mark(box) {
    if (box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }

  document.addEventListener('depictio:settled', () => {
    for (const box of document.querySelectorAll('.tile-text')) {
      mark(box);
      sizes.observe(box);
    }
  });
})();
