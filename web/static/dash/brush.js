/*
 * Brushing: while a range slider moves, tiles whose numbers add up are drawn from what was fetched when the reader took
 * hold of it, without asking the server. asking.js holds back its question about them until the slider rests.
 */
(function () {
  'use strict';

  const { painting, post, ranges, tiles } = window.depictio;
  const RESTS_AFTER = 150; // Milliseconds without a move.
  const FRESH = 5000; // Milliseconds for which nobody asks whether the data are still the same.
  const PRIORITY = 1;
  const SLIDER = '.filter-slider';

  let held = null; // what can be shown: its key, slider, brush, when it was last said to be right
  let fetching = null; // the key of what is under way, and how to abort it
  let sequence = 0;
  let shown = null; // the places to show, until a frame has come
  let isExact = false; // whether these are just what the slider wishes
  let isPaced = false;
  let timer = 0;

  const keyOf = (slider, wishes) => JSON.stringify([slider, Object.entries(wishes).filter(([id]) => id !== slider).sort()]);

  // -- fetching

  function press({ target }) {
    const slider = target.closest && target.closest(SLIDER);
    const named = slider && (slider.id.startsWith('{') ? slider : slider.closest('[id^="{"]') || slider.querySelector('[id^="{"]'));
    if (named) hold(JSON.parse(named.id).tile, window.depictio.asking);
  }

  async function hold(slider, { state, view }) {
    const wishes = state();
    const key = keyOf(slider, wishes);
    const isHeld = Boolean(held) && held.key === key;
    if ((isHeld && performance.now() - held.at < FRESH) || (fetching && fetching.key === key)) return;
    if (fetching) fetching.controller.abort();
    const own = { key, controller: new AbortController() };
    fetching = own;
    sequence += 1;
    const asked = { sequence, view, slider, wishes, tiles: inOrder(), mark: isHeld ? held.brush.mark : '' };
    let brush = null;
    try {
      brush = await post('_brush', asked, own.controller.signal);
    } catch (error) {
      // Without a brush every tile is asked for, as if there were none.
    }
    if (fetching !== own) return;
    fetching = null;
    const at = performance.now();
    if (!brush || brush.failure) held = null;
    else if (brush.tiles) held = { key, slider, at, brush: ranges.prepared(brush) };
    else if (held && held.key === key) held.at = at;
  }

  const isVisible = ({ top, bottom }) => bottom > 0 && top < window.innerHeight;

  /* All tiles, those in the window first. */
  function inOrder() {
    const found = [...tiles.all()].map(([id, tile]) => [id, tile.getBoundingClientRect()]);
    const distance = ([, box]) => (isVisible(box) ? 0 : painting.distance(box, window.innerHeight));
    return found.sort((a, b) => distance(a) - distance(b)).map(([id]) => id);
  }

  /* The tiles may be other ones now. */
  function forget() {
    if (fetching) fetching.controller.abort();
    [held, fetching] = [null, null];
  }

  // -- showing

  /* The tiles that can be shown under these wishes; `rested` is called when no others have come for a while. */
  function follow(wishes, rested) {
    window.clearTimeout(timer);
    shown = null;
    if (!held || held.key !== keyOf(held.slider, wishes)) return new Set();
    const drawn = tiles.all();
    timer = window.setTimeout(rested, RESTS_AFTER);
    shown = ranges.span(held.brush, wishes[held.slider]);
    isExact = shown.isExact;
    return new Set(Object.keys(held.brush.tiles).filter((id) => drawn.has(id)));
  }

  /* Show them: at most once a frame, and then the latest. */
  function show() {
    if (!shown || isPaced) return;
    isPaced = true;
    window.requestAnimationFrame(() => { isPaced = false; show(); });
    const places = shown;
    shown = null;
    for (const id of Object.keys(held.brush.tiles)) {
      const tile = tiles.find(id);
      if (tile && isVisible(tile.getBoundingClientRect())) showOne(id, tile, ranges.entry(held.brush, id, places));
    }
  }

  function showOne(id, tile, entry) {
    tiles.show(id, entry);
    if (entry.figure) painting.paint(id, entry.figure, { priority: PRIORITY });
    else tiles.behind(tile, !isExact);
  }

  for (const kind of ['pointerdown', 'keydown', 'focusin']) document.addEventListener(kind, press, true);

  /* The tiles that can be shown as long as nothing but the slider changes. */
  const holds = () => (held ? Object.keys(held.brush.tiles) : []);

  window.depictio.brush = { follow, forget, holds, isExact: () => isExact, show };
})();
