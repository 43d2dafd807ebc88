/*
 * Sharing what is seen: the way to the links of a dashboard takes along the filters that the address has.
 */
(function () {
  'use strict';

  function bring({ target }) {
    const way = target.closest && target.closest('#share-link');
    if (!way) return;
    const search = window.depictio.viewAddress.search(); // With the filters of a saved view, which it only names.
    const path = way.getAttribute('href').split('?')[0];
    way.setAttribute('href', search ? `${path}?search=${encodeURIComponent(search)}` : path);
  }

  document.addEventListener('click', bring, true);
  document.addEventListener('auxclick', bring, true);
})();
