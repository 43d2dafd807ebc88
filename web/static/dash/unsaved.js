/*
 * What could not be saved is said beside the name of the dashboard. Whoever works further down does not see that, and
 * is told by a message there.
 */
(function () {
  'use strict';

  const HEADER = 60; // Pixels that the header covers.

  let told = '';

  function look(place) {
    const text = place.querySelector('strong') ? place.textContent.trim() : '';
    if (text === told) return;
    told = text;
    const { bottom } = place.getBoundingClientRect();
    if (text && bottom < HEADER) document.dispatchEvent(new CustomEvent('depictio:notice', { detail: { level: 'error', text } }));
  }

  new MutationObserver((_, observer) => {
    const place = document.getElementById('saved');
    if (!place) return;
    observer.disconnect();
    new MutationObserver(() => look(place)).observe(place, { childList: true, subtree: true, characterData: true });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
