/*
 * What stands on a tile beside its plot or its rows: the number of a card (see cards.js), live values of a text, the badge,
 * what can be done about a sample, the notice in place of data, and whether the tile is behind the filters. All of it is
 * written at once when an answer comes.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    failed: tr('This tile cannot be shown.'),
    retry: tr('Retry'),
  };

  const icons = () => document.documentElement.dataset.icons;
  const NOTICED_AFTER = 200; // Milliseconds.
  const lags = new Map(); // tile that is behind → when its look changes
  let timer = 0; // of the next change of looks; 0 when none is due
  let placed = new Map(); // id → tile, as the page had them when somebody asked for all of them
  let shown = new Map(); // those of them that show data
  let known = null; // where the tiles were when somebody looked last
  const SVG = 'http://www.w3.org/2000/svg';

  /* To look for one tile takes as long as to look for all of them, so those that were found before are asked first. */
  function find(id) {
    const tile = placed.get(id);
    if (tile && tile.isConnected) return tile;
    return document.querySelector(`[data-tile="${CSS.escape(id)}"] .tile`);
  }

  /* The tiles that show data, by id; while a slider moves, as they were found before. */
  function all(isMoving = false) {
    if (isMoving && shown.size && [...shown.values()].every((tile) => tile.isConnected)) return shown;
    placed = new Map();
    for (const place of document.querySelectorAll('[data-tile]')) {
      const tile = place.querySelector('.tile');
      if (tile) placed.set(place.dataset.tile, tile);
    }
    shown = new Map([...placed].filter(([, { dataset }]) => dataset.kind !== 'text' || 'live' in dataset));
    return shown;
  }

  /* Where the tiles are, by id. To look makes the browser lay out the page, so while a slider moves they are where they
     were when the reader took hold of it, unless somebody scrolls. */
  function boxes(isMoving, found = null) {
    if (isMoving && known && [...known.values()].every(({ tile }) => tile.isConnected)) return known;
    known = new Map([...(found || all())].map(([id, tile]) => {
      const { top, bottom } = tile.getBoundingClientRect();
      return [id, { tile, top, bottom }];
    }));
    return known;
  }

  for (const kind of ['scroll', 'resize']) {
    window.addEventListener(kind, ({ target }) => { if (!target.closest || !target.closest('.tile')) known = null; }, { capture: true, passive: true });
  }

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function icon(name) {
    const [svg, use] = ['svg', 'use'].map((tag) => document.createElementNS(SVG, tag));
    svg.setAttribute('class', 'dp-icon');
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', `${icons()}#${name}`);
    svg.append(use);
    return svg;
  }

  /* The answer of one tile; `retry` is called when somebody wants a failed one again, `load` for all points or a sample. */
  function show(id, entry, retry, load) {
    const tile = find(id);
    if (!tile) return;
    tile.querySelector('.tile-skeleton').hidden = true;
    const badge = tile.querySelector('.tile-badge');
    const [, count, noun] = /^(.*?)( \S+)?$/.exec(entry.badge); // A narrow tile has room for the numbers alone.
    badge.replaceChildren(count, ...(noun ? [make('span', 'tile-badge-noun', noun)] : []));
    badge.title = entry.more ? entry.more.why : '';
    offer(tile, entry.more, load);
    if ('number' in entry) tile.querySelector('.tile-number').replaceChildren(...window.depictio.cards.content(entry));
    if ('text' in entry) window.dash_clientside.set_props({ role: 'text', tile: id }, { children: entry.text });
    const notice = tile.querySelector('.tile-notice');
    if (entry.notice || notice.firstChild) notify(tile, notice, entry.notice, retry);
  }

  /* Who has pressed *Retry* goes on there, or at the tile when that has helped. */
  function notify(tile, place, notice, retry) {
    const isHeld = place.contains(document.activeElement);
    place.replaceChildren(...(notice ? [noticed(notice, retry)] : []));
    if (!isHeld) return;
    if (notice) (place.querySelector('button') || tile).focus();
    else window.depictio.failures.rest(tile);
  }

  /* One button for both ways: it keeps the focus when it becomes the other one. */
  function offer(tile, more, load) {
    const place = tile.querySelector('.tile-more');
    if (!place) return;
    if (!more || !more.act) {
      place.replaceChildren();
      return;
    }
    const button = place.firstChild || place.appendChild(make('button', 'tile-more-button'));
    button.type = 'button';
    button.textContent = more.label;
    button.title = more.why;
    button.setAttribute('aria-label', `${more.label}: ${tile.getAttribute('aria-label')}`);
    button.onclick = () => load(more.act === 'all');
  }

  function noticed({ text, failed }, retry) {
    const box = make('div', failed ? 'tile-error' : 'tile-empty');
    if (!failed) {
      box.append(icon('filter'), make('p', '', text));
      return box;
    }
    const button = make('button', 'dp-button');
    button.type = 'button';
    button.title = WORDS.retry;
    button.append(icon('refresh'), WORDS.retry);
    button.addEventListener('click', retry);
    box.setAttribute('role', 'alert');
    box.title = text; // All of it, where the tile is small.
    box.append(icon('alert-triangle'), make('strong', '', WORDS.failed), make('p', '', text), button);
    return box;
  }

  /* Whether a tile has shown an answer since it was drawn. */
  function isFilled(tile) {
    return tile.querySelector('.tile-skeleton').hidden;
  }

  /* A tile that is behind the filters says so; its look changes when that takes longer than people would notice. */
  function behind(tile, isBehind) {
    if (isBehind === lags.has(tile)) return;
    if (isBehind) {
      tile.setAttribute('aria-busy', 'true');
      lags.set(tile, performance.now() + NOTICED_AFTER);
      timer = timer || window.setTimeout(fade, NOTICED_AFTER);
      return;
    }
    lags.delete(tile);
    tile.classList.remove('is-behind');
    tile.removeAttribute('aria-busy');
  }

  /* One timer for all of them: a filter puts many tiles behind at once. */
  function fade() {
    const now = performance.now();
    const due = [];
    for (const [tile, at] of lags) {
      if (at <= now) tile.classList.add('is-behind');
      else due.push(at);
    }
    timer = due.length ? window.setTimeout(fade, Math.min(...due) - now) : 0;
  }

  window.depictio = Object.assign(window.depictio || {}, { tiles: { all, behind, boxes, find, icon, isFilled, show } });
})();
