/*
 * The address of the page: each settled change of filters is an entry of the browser's history, so that its back button
 * undoes it, and the address can be copied as a link to the view.
 */
(function () {
  'use strict';

  const MERGED_WITHIN = 1000; // Milliseconds: changes of the same tile in so quick a row are one entry.
  const SAID_FOR = 2000;
  const { tr } = window.depictio;
  const WORDS = { copied: tr('Link copied'), failed: tr('Copy the address of the page') };

  let last = { at: -Infinity, tiles: '' };
  let isVisit = false; // whether the next change comes from the address itself
  let visited = 0;

  const told = () => document.dispatchEvent(new CustomEvent('depictio:address', { detail: window.location.search }));

  /* The query of the address; `changed` are the tiles that wish something else now, null at the first time. */
  function write(whole, changed) {
    const { pathname, search, hash } = window.location;
    const query = window.depictio.viewAddress.contract(whole);
    const tiles = JSON.stringify(changed);
    const now = performance.now();
    const isMerged = changed === null || isVisit || (tiles === last.tiles && now - last.at < MERGED_WITHIN);
    last = { at: now, tiles };
    isVisit = false;
    if (query === search && changed !== null) {
      told();
      return;
    }
    const act = isMerged ? 'replaceState' : 'pushState';
    window.history[act](window.history.state, '', pathname + query + hash);
    told();
  }

  /* Show what an address of this page says; from the history, or from a saved view. */
  function show() {
    isVisit = true;
    window.setTimeout(() => { isVisit = false; }, MERGED_WITHIN);
    last = { at: -Infinity, tiles: '' };
    visited += 1;
    window.dash_clientside.set_props('visited', { data: visited });
  }

  function open(query) {
    if (query === window.location.search) return;
    window.history.pushState(window.history.state, '', window.location.pathname + query + window.location.hash);
    show();
  }

  window.addEventListener('popstate', show);

  async function copy(button) {
    const label = button.querySelector('.bar-word, .tile-link-said') || button;
    const before = label.textContent;
    let said = WORDS.copied;
    try {
      await window.navigator.clipboard.writeText(window.location.href);
    } catch (error) {
      said = copyOldWay(window.location.href) ? WORDS.copied : WORDS.failed;
    }
    label.textContent = said;
    label.setAttribute('aria-live', 'polite');
    window.setTimeout(() => { if (label.textContent === said) label.textContent = before; }, SAID_FOR);
  }

  /* Pages without TLS have no clipboard of their own. */
  function copyOldWay(text) {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'dp-hidden';
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    return isCopied;
  }

  document.addEventListener('click', ({ target }) => {
    const button = target.closest && target.closest('#copy-link, [data-copies=view]');
    if (button && !button.dataset.busy) {
      button.dataset.busy = 'true';
      copy(button).finally(() => window.setTimeout(() => { delete button.dataset.busy; }, SAID_FOR));
    }
  });

  window.depictio = Object.assign(window.depictio || {}, { visits: { open, show, write } });
})();
