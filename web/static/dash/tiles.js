/*
 * What stands on a tile beside its plot or its rows: the number of a card (see cards.js), live values of a text, the badge,
 * what can be done about a sample, the notice in place of data, and whether the tile is behind the filters. All of it is
 * written at once when an answer comes.
 */
(function () {
  'use strict';

  const WORDS = {
    failed: 'This tile cannot be shown.',
  };

  const ICONS = '/static/vendor/icons.svg';
  const NOTICED_AFTER = 200; // Milliseconds.
  const timers = new Map(); // tile that is behind → the timer of its look
  let known = null; // where the tiles were when somebody looked last
  const SVG = 'http://www.w3.org/2000/svg';

  const find = (id) => document.querySelector(`[data-tile="${CSS.escape(id)}"] .tile`);

  /* The tiles that show data, by id. */
  function all() {
    const found = new Map();
    for (const place of document.querySelectorAll('[data-tile]')) {
      const tile = place.querySelector('.tile');
      if (tile && (tile.dataset.kind !== 'text' || 'live' in tile.dataset)) found.set(place.dataset.tile, tile);
    }
    return found;
  }

  /* Where the tiles are, by id. To look makes the browser lay out the page, so while a slider moves they are where they
     were when the reader took hold of it, unless somebody scrolls. */
  function boxes(isMoving) {
    if (isMoving && known && [...known.values()].every(({ tile }) => tile.isConnected)) return known;
    known = new Map([...all()].map(([id, tile]) => {
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
    use.setAttribute('href', `${ICONS}#${name}`);
    svg.append(use);
    return svg;
  }

  /* The answer of one tile; `retry` is called when somebody wants a failed one again, `load` for all points or a sample. */
  function show(id, entry, retry, load) {
    const tile = find(id);
    if (!tile) return;
    tile.querySelector('.tile-skeleton').hidden = true;
    const badge = tile.querySelector('.tile-badge');
    badge.textContent = entry.badge;
    badge.title = entry.more ? entry.more.why : '';
    offer(tile, entry.more, load);
    if ('number' in entry) tile.querySelector('.tile-number').replaceChildren(...window.depictio.cards.content(entry));
    if ('text' in entry) window.dash_clientside.set_props({ role: 'text', tile: id }, { children: entry.text });
    const notice = tile.querySelector('.tile-notice');
    if (entry.notice) notice.replaceChildren(noticed(entry.notice, retry));
    else if (notice.firstChild) notice.replaceChildren();
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
    button.append(icon('refresh'), 'Retry');
    button.addEventListener('click', retry);
    box.setAttribute('role', 'alert');
    box.append(icon('alert-triangle'), make('strong', '', WORDS.failed), make('p', '', text), button);
    return box;
  }

  /* Whether a tile has shown an answer since it was drawn. */
  function isFilled(tile) {
    return tile.querySelector('.tile-skeleton').hidden;
  }

  /* A tile that is behind the filters says so; its look changes when that takes longer than people would notice. */
  function behind(tile, isBehind) {
    if (isBehind === timers.has(tile)) return;
    if (isBehind) {
      tile.setAttribute('aria-busy', 'true');
      timers.set(tile, window.setTimeout(() => tile.classList.add('is-behind'), NOTICED_AFTER));
      return;
    }
    window.clearTimeout(timers.get(tile));
    timers.delete(tile);
    tile.classList.remove('is-behind');
    tile.removeAttribute('aria-busy');
  }

  window.depictio = Object.assign(window.depictio || {}, { tiles: { all, behind, boxes, find, icon, isFilled, show } });
})();
