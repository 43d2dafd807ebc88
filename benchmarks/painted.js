/*
 * Watches a dashboard's tiles in the browser: when each was last drawn after a gesture. Runs before the page's scripts.
 * A time counts from the gesture's own event to the frame after the change, when it is on the screen.
 */
(function () {
  'use strict';

  const HOPS = 20; // Microtasks after a callback, by which observers have had their turns.
  const QUIET = 400;
  const PATIENCE = 5000; // A busy machine may take long to begin; after so long nothing will come.
  const known = new WeakSet();
  const channel = new MessageChannel();
  const painted = new Map(); // tile id → when it was last on the screen
  const followed = new Map(); // tile id → when its new plot or number was there for the first time
  const frames = new Map(); // tile id → in how many frames it had a new plot or number
  const counted = new Map(); // tile → the last of these frames
  const dirty = new Map(); // tile → whether its plot or number has changed, and not only what stands beside it
  let waiting = false;
  let frame = 0; // how many frames there have been
  let began = 0; // when the last one began
  let isWithin = false; // whether a frame is being made: what changes now is in it
  let start = 0; // The opening of the page counts from its navigation.
  let armed = null;
  let inFlight = 0;
  let last = 0;
  let hasBegun = true; // Whether anything was asked or drawn since the gesture.

  const idOf = (tile) => {
    const place = tile.closest('[data-tile]');
    if (place) return place.dataset.tile;
    const notice = tile.querySelector('.tile-notice'); // As builds before the queue of plots have it.
    return notice && notice.id.startsWith('{') ? JSON.parse(notice.id).tile : null;
  };

  /* Skeletons that can be seen. */
  const SKELETON = '.tile-skeleton:not([hidden])';

  const isFilled = (tile) => {
    if (tile.querySelector(SKELETON)) return false;
    if (tile.querySelector('.tile-notice').childElementCount) return true;
    const plot = tile.querySelector('.js-plotly-plot');
    if (tile.dataset.kind === 'figure') return Boolean(plot && plot.data && plot.data.length);
    if (tile.dataset.kind === 'table') return Boolean(tile.querySelector('.ag-row'));
    return true;
  };

  channel.port1.onmessage = () => {
    const now = performance.now();
    waiting = false;
    last = now;
    for (const [tile, isDrawn] of dirty) {
      const id = idOf(tile);
      if (!id || !isFilled(tile)) continue;
      painted.set(id, now);
      if (!isDrawn) continue;
      if (!followed.has(id)) followed.set(id, now);
    }
    dirty.clear();
  };

  const later = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (act) => later((now) => {
    if (now !== began) frame += 1;
    began = now;
    isWithin = true;
    try {
      act(now);
    } finally {
      leave(HOPS);
    }
  });

  /* What observers of the page do after a callback belongs to the frame, too; what comes in tasks after it does not. */
  function leave(hops) {
    if (hops) queueMicrotask(() => leave(hops - 1));
    else isWithin = false;
  }

  function touch(tile, isDrawn) {
    hasBegun = true;
    dirty.set(tile, isDrawn || dirty.get(tile));
    if (isDrawn) count(tile);
    if (waiting) return;
    waiting = true;
    if (isWithin) channel.port2.postMessage(null);
    else window.requestAnimationFrame(() => channel.port2.postMessage(null));
  }

  function count(tile) {
    const shown = isWithin ? frame : frame + 1;
    const id = idOf(tile);
    if (counted.get(tile) === shown || !isFilled(tile)) return;
    counted.set(tile, shown);
    frames.set(id, (frames.get(id) || 0) + 1);
  }

  function listenToPlots() {
    for (const plot of document.querySelectorAll('.js-plotly-plot')) {
      if (known.has(plot) || !plot.on) continue;
      known.add(plot);
      plot.on('plotly_afterplot', () => { const tile = plot.closest('.tile'); if (tile) touch(tile, true); });
      const tile = plot.closest('.tile');
      if (tile) touch(tile, true);
    }
  }

  new MutationObserver((records) => {
    for (const { target } of records) {
      const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      const tile = element && element.closest('.tile');
      if (tile) touch(tile, Boolean(element.closest('.tile-number')));
    }
    listenToPlots();
  }).observe(document, { childList: true, characterData: true, subtree: true });

  // Bars that follow a slider are moved without plotly.js; builds in which it draws them say so as well.
  document.addEventListener('depictio:painted', ({ detail }) => {
    const place = document.querySelector(`[data-tile="${CSS.escape(detail)}"] .tile`);
    if (place) touch(place, true);
  });

  const fetchPlainly = window.fetch;
  window.fetch = async (...given) => {
    inFlight += 1;
    hasBegun = true;
    try {
      return await fetchPlainly(...given);
    } finally {
      inFlight -= 1;
      last = performance.now();
    }
  };

  for (const kind of ['click', 'mousemove']) {
    window.addEventListener(kind, (event) => {
      if (armed !== kind) return;
      armed = null;
      start = event.timeStamp;
      last = performance.now();
      hasBegun = false;
    }, true);
  }

  const isVisible = (tile) => {
    const box = tile.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight && box.height > 0;
  };

  window.depictioBench = {
    /* The next event of this kind begins a gesture; without a kind it begins now. */
    arm(kind) {
      painted.clear();
      followed.clear();
      frames.clear();
      armed = kind || null;
      start = performance.now();
      last = start;
      listenToPlots();
      hasBegun = false;
    },
    isSettled() {
      const { classList } = document.body;
      const isAsking = classList.contains('is-asking') || classList.contains('is-painting');
      if (!hasBegun && performance.now() - start < PATIENCE) return false;
      const isBusy = armed || inFlight || isAsking || dirty.size || document.querySelector(SKELETON);
      return !isBusy && document.querySelector('.tile') && performance.now() - last > QUIET;
    },
    /* Whether all tiles in the window show what the slider under the hand says. */
    hasFollowed() {
      if (armed || dirty.size || !hasBegun) return false;
      return ![...document.querySelectorAll('.tile[aria-busy]')].some(isVisible);
    },
    found() {
      const tiles = [...document.querySelectorAll('.tile')];
      const visible = tiles.filter(isVisible).map(idOf);
      const since = Object.fromEntries([...painted].map(([id, at]) => [id, at - start]));
      const { brush } = window.depictio; // Builds before brushing have none.
      const own = (brush ? brush.holds() : []).filter((id) => visible.includes(id) && followed.has(id));
      const brushed = Object.fromEntries(own.map((id) => [id, followed.get(id) - start]));
      // What the server's answer draws anew, once the slider rests, had followed before.
      const after = Object.fromEntries([...painted].map(([id, at]) => [id, (followed.get(id) ?? at) - start]));
      const failure = document.getElementById('board-failure');
      const failures = [...document.querySelectorAll('.tile-error')].map((one) => one.textContent);
      if (failure && failure.textContent) failures.push(failure.textContent);
      const drawn = [...frames].filter(([id]) => visible.includes(id));
      const answered = Object.fromEntries(drawn.filter(([id]) => !own.includes(id)));
      const unasked = Object.fromEntries(drawn.filter(([id]) => own.includes(id)));
      return { answered, unasked, brushed, followed: after, painted: since, visible, failures };
    },
  };
})();
