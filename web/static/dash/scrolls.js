/* Texts that are longer than their tile are reached by keyboard, to be scrolled there; others are no stop of the Tab key. */
(function () {
  'use strict';

  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));

  function mark(box) {
    if (box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }

  /* The observer says how large a box is at its first frame, and texts may have other words with each answer. To look at
     once would have the browser lay out the page before it draws. */
  document.addEventListener('depictio:settled', () => {
    for (const box of document.querySelectorAll('.tile-text')) {
      sizes.unobserve(box);
      sizes.observe(box);
    }
  });
})();
