/*
 * Brushing: while a range slider moves, tiles whose numbers add up are drawn from what was fetched when the reader took
 * hold of it, without asking the server. asking.js holds back its question about them until the slider rests; dragging.js
 * says where the slider is.
 */
(function () {
  'use strict';

  const { painting, post, ranges, tiles } = window.depictio;
  const FRESH = 5000; // Milliseconds for which nobody asks whether the data are still the same.
  const PRIORITY = 1;
  const BUDGET = 8; // Milliseconds of a pass after which further plots wait for their turn.

  let held = null; // what can be shown: its key, slider, brush, when it was last said to be right
  let fetching = null; // the key of what is under way, and how to abort it
  let sequence = 0;
  let wanted = null; // the places to show
  let shown = ''; // those that are shown
  let isExact = false; // whether those wanted last are just what the slider wishes
  let isPaced = false;

  const keyOf = (slider, state) => JSON.stringify([slider, Object.entries(state).filter(([id]) => id !== slider).sort()]);

  // -- fetching

  async function hold(slider, { state, view }) {
    const key = keyOf(slider, state());
    const isHeld = Boolean(held) && held.key === key;
    if ((isHeld && performance.now() - held.at < FRESH) || (fetching && fetching.key === key)) return;
    if (fetching) fetching.controller.abort();
    const own = { key, controller: new AbortController() };
    fetching = own;
    sequence += 1;
    const asked = { sequence, view, slider, wishes: state(), tiles: inOrder(), mark: isHeld ? held.brush.mark : '' };
    let brush = null;
    try {
      brush = await post('_brush', asked, own.controller.signal);
    } catch (error) {
      // Without a brush every tile is asked for, as if there were none.
    }
    if (fetching !== own) return;
    fetching = null;
    const at = performance.now();
    shown = '';
    if (!brush || brush.failure) forget();
    else if (brush.tiles) held = { key, slider, at, brush: ranges.prepared(brush) };
    else if (held && held.key === key) held.at = at;
  }

  const isVisible = ({ top, bottom }) => bottom > 0 && top < window.innerHeight;

  /* All tiles, those in the window first. */
  function inOrder() {
    const distance = ([, box]) => (isVisible(box) ? 0 : painting.distance(box, window.innerHeight));
    return [...tiles.boxes(true)].sort((a, b) => distance(a) - distance(b)).map(([id]) => id);
  }

  /* The tiles may be other ones now. */
  function forget() {
    if (fetching) fetching.controller.abort();
    [held, fetching, wanted] = [null, null, null];
  }

  // -- showing

  /* The tiles that can be shown under this state. */
  function follow(state, isMoving) {
    if (!held || held.key !== keyOf(held.slider, state)) {
      wanted = null;
      return new Set();
    }
    const drawn = tiles.all(isMoving);
    wanted = ranges.span(held.brush, state[held.slider]);
    isExact = wanted.isExact;
    return new Set(holds().filter((id) => drawn.has(id)));
  }

  /* Show what is wanted unless it is there: at most once a frame, and then the latest. */
  function show() {
    if (!wanted || isPaced || !held) return;
    const places = wanted;
    const mark = `${places.start} ${places.stop}`;
    const isThere = mark === shown;
    shown = mark;
    wanted = null;
    const seen = inWindow();
    if (isThere) {
      for (const [id, tile] of seen) if (!painting.waits(id)) tiles.behind(tile, !isExact);
      return;
    }
    isPaced = true;
    window.requestAnimationFrame(() => { isPaced = false; show(); });
    const start = performance.now();
    for (const [id, tile] of seen) {
      const entry = ranges.entry(held.brush, id, places);
      tiles.show(id, entry);
      if (!entry.figure) tiles.behind(tile, !isExact);
      else if (!painting.move(id, entry.figure)) {
        painting.paint(id, entry.figure, { priority: PRIORITY, atOnce: performance.now() - start < BUDGET });
      }
    }
  }

  /* The tiles in the window: cards before plots, and of these first what has waited already. */
  function inWindow() {
    const boxes = tiles.boxes(true);
    const found = holds().filter((id) => boxes.has(id) && isVisible(boxes.get(id))).map((id) => [id, boxes.get(id).tile]);
    const turn = ([id]) => (held.brush.tiles[id].card ? 0 : 2 - painting.waits(id));
    return found.sort((a, b) => turn(a) - turn(b));
  }

  /* Something else may be on the tiles now. */
  function spoil() {
    shown = '';
  }

  /* The tiles that can be shown as long as nothing but the slider changes. */
  const holds = () => (held ? Object.keys(held.brush.tiles) : []);

  window.depictio.brush = { follow, forget, hold, holds, isExact: () => isExact, show, spoil };
})();
