/*
 * The queue of plots: what is to be drawn where, and when its turn comes. Plots in the window come first, each in a task
 * of its own; those outside of it when the browser is idle, the nearest first. A newer figure takes the place of an older
 * one that waits, in its turn, so that no plot waits for ever while figures keep coming.
 *
 *   paint(tile, figure, options)        draw this as soon as may be; a higher `priority` goes before everything lower,
 *                                       and what is to be drawn `atOnce` waits for no turn if it has been drawn before,
 *                                       else for no frame
 *   move(tile, figure)                  whether marks.js or sketch.js could show this at once; if so it is drawn later, by
 *                                       `settle`
 *   keep(tile, figure)                  whether this is what was given last; if so there is nothing to do
 *   drop(tile)                          what waits for this tile is stale: do not draw it
 *   place(tile, element, options)       an element to draw into has come; `leave` when it goes
 *   open()                              drawing may begin: numbers and words are there
 *   whenSeen(act)                       act when the last plot in the window that waits is drawn, or soon if none is drawn
 *
 * Each figure that has been drawn is announced by the event `depictio:painted`, its tile in `detail`.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    broken: tr('A plot could not be drawn. Reload the page.'),
    missing: tr('The plots cannot be drawn: plotly.js did not load.'),
    // What plotly.js says itself, and what it shall say.
    plotly: {
      Zoom: tr('Zoom'), 'Zoom in': tr('Zoom in'), 'Zoom out': tr('Zoom out'), Pan: tr('Pan'), 'Box Select': tr('Box Select'),
      'Lasso Select': tr('Lasso Select'), 'Reset axes': tr('Reset axes'), 'Reset view': tr('Reset view'),
      'Orbital rotation': tr('Orbital rotation'), 'Turntable rotation': tr('Turntable rotation'),
      'Reset camera to default': tr('Reset camera to default'), 'Reset camera to last save': tr('Reset camera to last save'),
      'Download plot': tr('Download plot'), 'Download plot as a PNG': tr('Download plot as a PNG'),
      'Toggle show closest data on hover': tr('Toggle show closest data on hover'),
      'Double-click to zoom back out': tr('Double-click to zoom back out'),
      'Double-click on legend to isolate one trace': tr('Double-click on legend to isolate one trace'),
      'min:': tr('min:'), 'max:': tr('max:'), 'mean:': tr('mean:'), 'mean ± σ:': tr('mean ± σ:'), 'median:': tr('median:'), 'q1:': tr('q1:'), 'q3:': tr('q3:'),
      'lower fence:': tr('lower fence:'), 'upper fence:': tr('upper fence:'), 'kde:': tr('kde:'),
    },
  };

  const { contexts, marks, sketch } = window.depictio;
  const NEAR = 50; // Pixels outside of the window that still count as inside.
  const BUDGET = 8; // Milliseconds of a task after which no further plot is begun.
  const IDLE_BUDGET = 40; // The same for plots that nobody sees, unless the reader does something.
  const IDLE_WITHIN = 120; // Milliseconds after which a plot is drawn although the browser was never idle.
  const QUIET_WITHIN = 2000; // The same for what is only tidied up.
  const GAPS = 8; // Pixels of a legend behind its last word.
  const ABOVE = { 'legend.title.side': 'top' };
  const SEEN_WITHIN = 400; // Milliseconds after which nobody waits for plots in the window any more; a hidden page draws none.

  const places = new Map(); // tile → where and how it is drawn
  const held = new Map(); // tile → the figure given last
  const queue = new Map(); // tile → what waits: figure, priority, order
  const moved = new Set(); // tiles whose marks are elsewhere than plotly.js has drawn them
  const lost = new Set(); // tiles whose plots the browser has emptied
  let count = 0;
  let isOpen = false;
  let isLoading = false;
  let hasFailed = false;
  let isScheduled = false;
  let isToSweep = false;
  let areMeasured = false; // whether the distances still hold
  let afterSeen = null; // what is done when all in the window is drawn, and the timer that ends the wait

  function paint(tile, figure, { priority = 0, atOnce = false } = {}) {
    held.set(tile, figure);
    if (atOnce && places.has(tile) && places.get(tile).size) {
      queue.delete(tile);
      draw(tile, figure);
      tell();
      return;
    }
    if (!places.has(tile)) {
      announce(tile);
      return;
    }
    enter(tile, figure, priority, atOnce);
  }

  function move(tile, figure) {
    const known = places.get(tile);
    if (!known || !known.size || !(marks.move(known.element, figure) || sketch.move(known.element, figure))) return false;
    held.set(tile, figure);
    moved.add(tile);
    queue.delete(tile);
    tell();
    announce(tile);
    return true;
  }

  function keep(tile, figure) {
    if (!figure || held.get(tile) !== figure) return false;
    if (!queue.has(tile)) announce(tile);
    return true;
  }

  /* Draw again what is there, in another look. */
  function again(tile) {
    if (places.has(tile) && held.has(tile)) enter(tile, held.get(tile), 0);
  }

  function settle() {
    for (const tile of moved) if (held.has(tile) && !queue.has(tile)) enter(tile, held.get(tile), 0);
  }

  function enter(tile, figure, priority, isNext = false) {
    const before = queue.get(tile);
    if (!queue.size) areMeasured = false;
    count += 1;
    queue.set(tile, { figure, priority: Math.max(priority, before ? before.priority : 0), order: before ? before.order : count });
    tell();
    schedule(isNext);
  }

  function drop(tile) {
    if (queue.delete(tile)) held.delete(tile);
    tell();
  }

  function place(tile, element, { config, onSelect }) {
    const box = element.closest('.tile-figure') || element;
    const observer = new ResizeObserver((entries) => resized(tile, entries));
    const known = { element, box, config, onSelect, observer, size: '', isSized: false, distance: 0 };
    remember(known);
    places.set(tile, known);
    areMeasured = false;
    for (const one of new Set([box, element])) observer.observe(one);
    if (held.has(tile)) enter(tile, held.get(tile), 0);
  }

  function leave(tile, element) {
    const known = places.get(tile);
    if (!known || known.element !== element) return;
    known.observer.disconnect();
    if (known.size) window.Plotly.purge(element);
    for (const one of [places, held, queue, moved, lost]) one.delete(tile);
    // React takes the canvases out of the page after this.
    window.setTimeout(() => contexts.sweep(true), 0);
    tell();
  }

  function open() {
    isOpen = true;
    schedule();
  }

  /* Before plotly.js is there nothing is drawn, and nothing else wants the processor. */
  function whenSeen(act) {
    if (afterSeen) window.clearTimeout(afterSeen.timer);
    afterSeen = { act, timer: window.setTimeout(seen, window.Plotly ? SEEN_WITHIN : 0) };
    if (!isScheduled) lookForSeen();
  }

  function lookForSeen() {
    if (afterSeen && window.Plotly && (!queue.size || first().distance)) seen();
  }

  function seen() {
    const { act, timer } = afterSeen;
    window.clearTimeout(timer);
    afterSeen = null;
    act();
  }

  // -- turns

  /* The entry that is drawn next: by priority, then by distance from the window, then by how long it has waited. */
  function next(entries) {
    const before = (a, b) => b.priority - a.priority || a.distance - b.distance || a.order - b.order;
    return entries.reduce((first, one) => (first && before(first, one) <= 0 ? first : one), null);
  }

  /* How far a box lies outside of a window of this height, in pixels; 0 as long as it is near. */
  function distance({ top, bottom }, height) {
    const outside = Math.max(0, top - height, -bottom);
    return outside <= NEAR ? 0 : outside;
  }

  /* Where the plots are, all at once: a look at a place after each plot would make the browser lay out the page anew.
     To ask what lies within a box that is out of sight would have the browser style all of it. */
  function measure() {
    if (areMeasured) return;
    areMeasured = true;
    for (const known of places.values()) known.distance = distance(known.box.getBoundingClientRect(), window.innerHeight);
  }

  function first() {
    measure();
    return next([...queue].map(([tile, { priority, order }]) => ({ tile, priority, order, distance: places.get(tile).distance })));
  }

  /* The first plot waits until numbers and words are on the screen. The next one does not wait for the first to be
     there: while WebGL draws that, this can be prepared. The browser still makes a frame between them when it can. */
  function schedule(isNext) {
    if (!isOpen || isScheduled || !queue.size) return;
    if (!window.Plotly) {
      load();
      return;
    }
    isScheduled = true;
    if (areMeasured && first().distance) whenIdle(() => turn(IDLE_BUDGET));
    else (isNext ? window.setTimeout : afterPaint)(() => turn(BUDGET));
  }

  for (const event of ['scroll', 'resize']) {
    window.addEventListener(event, () => {
      areMeasured = false;
      if (lost.size) window.requestAnimationFrame(renew);
    }, { capture: true, passive: true });
  }

  const afterPaint = (act) => window.requestAnimationFrame(() => window.setTimeout(act, 0));
  /* After all that anybody waits for, frames and what the reader does among it. Idle callbacks would also wait for much
     that nobody does, as garbage that is collected; they are for browsers without ranks. */
  const whenIdle = (act) => {
    if (window.scheduler && window.scheduler.postTask) window.scheduler.postTask(act, { priority: 'background' });
    else whenQuiet(act, IDLE_WITHIN);
  };
  const whenQuiet = (act, timeout = QUIET_WITHIN) => {
    if (window.requestIdleCallback) window.requestIdleCallback(() => act(), { timeout });
    else window.setTimeout(act, IDLE_WITHIN / 4); // Safari has no idle callbacks.
  };

  /* Plots that nobody sees never take the frame of one that is seen. */
  function turn(budget) {
    isScheduled = false;
    const start = performance.now();
    let spent = 0;
    while (queue.size && spent < budget) {
      const { tile, distance: outside } = first();
      if (outside && budget === BUDGET) break;
      const { figure } = queue.get(tile);
      queue.delete(tile);
      lookForSeen();
      draw(tile, figure);
      spent = isWantedByReader() ? budget : performance.now() - start;
    }
    lookForSeen();
    tell();
    schedule(true);
  }

  const isWantedByReader = () => Boolean(navigator.scheduling && navigator.scheduling.isInputPending());

  // -- drawing

  function draw(tile, { data, layout }) {
    const known = places.get(tile);
    const { element, config, isSized } = known;
    const isFirst = !known.size;
    if (isFirst && !data.length) {
      announce(tile);
      return;
    }
    known.size = sizeOf(element);
    known.isSized = true;
    moved.delete(tile);
    try {
      const traces = contexts.fitted(element, window.depictio.clicks.dress(tile, data));
      fit(layout, known, isFirst || !isSized);
      keepCleared(layout, element);
      window.Plotly.react(element, traces, layout, config).then(() => drawn(known), (error) => refuse(tile, error));
      if (isFirst) listen(tile, known);
    } catch (error) {
      refuse(tile, error);
    }
    sweep();
    announce(tile);
  }

  function drawn(known) {
    sketch.clear(known.element);
    makeRoom(known);
  }

  /* To give back contexts takes longer than to draw a plot, and nobody waits for it. */
  function sweep() {
    contexts.sweep(false);
    if (queue.size || isToSweep) return;
    isToSweep = true;
    whenQuiet(() => {
      isToSweep = false;
      contexts.sweep(!queue.size);
    });
  }

  /*
   * A legend of many rows would lie over the titles beneath it. How many it has is known when it is drawn, as is whether
   * it leaves the plot: plotly.js breaks it into rows as if its own title took no room. Then the title stands above it.
   */
  function makeRoom(known) {
    const { layout } = known.element;
    if (!known.isUnderTitle && isTooWide(known.element)) {
      known.isUnderTitle = true;
      window.Plotly.relayout(known.element, ABOVE).then(() => makeRoom(known));
      return;
    }
    const { titles, top } = (layout && layout.meta) || {};
    if (!titles) return;
    const legend = known.element.querySelector('.legend > .bg');
    known.top = legend ? Math.max(top, Math.ceil(Number(legend.getAttribute('height'))) + titles) : top;
    if (known.top !== layout.margin.t) window.Plotly.relayout(known.element, { 'margin.t': known.top });
  }

  function isTooWide(element) {
    const drawn = element._fullLayout;
    if (!drawn || !drawn.showlegend) return false;
    const legend = element.querySelector('.legend > .bg');
    return Boolean(legend) && drawn._size.l + Number(legend.getAttribute('width')) > drawn.width + GAPS;
  }

  /* As it was made to fit before, lest it be drawn twice again. Of a plot that keeps its size plotly.js shall not find the
     size out: it asks the page with every drawing. The layout stays the same object, with what the reader has drawn on it,
     by which plotly.js knows that no selection has gone. */
  function fit(layout, { top, isUnderTitle }, isMeasured) {
    const { legend, margin, meta } = layout;
    if (isUnderTitle && legend) layout.legend = { ...legend, title: { ...legend.title, side: 'top' } };
    if (top && meta) layout.margin = { ...margin, t: top };
    if (isMeasured) layout.autosize = true;
    else delete layout.autosize;
  }

  /* Where clicks.js has taken away what was drawn to pick marks, no drawing may bring it back nor miss it: plotly.js would
     say that nothing is selected any more. */
  function keepCleared(layout, { layout: { selections } = {} }) {
    if (selections && !selections.length && !layout.selections) layout.selections = selections;
  }

  /* A plot whose WebGL context the browser has taken is made anew when it is seen. */
  function lose({ target }) {
    const box = target.closest('[data-figure]');
    if (!box) return;
    lost.add(box.dataset.figure);
    areMeasured = false;
    window.requestAnimationFrame(renew);
  }

  function renew() {
    measure();
    for (const tile of lost) {
      const known = places.get(tile);
      if (known && known.distance) continue;
      lost.delete(tile);
      if (!known || !known.size) continue;
      window.Plotly.purge(known.element);
      Object.assign(known, { size: '', isSized: false });
      again(tile);
    }
  }

  document.addEventListener('depictio:lost', lose);

  function refuse(tile, error) {
    held.delete(tile);
    console.error(error);
    fail(WORDS.broken);
  }

  function listen(tile, { element, onSelect }) {
    window.depictio.clicks.listen(tile, element, onSelect);
    const { clicks, panels } = window.depictio;
    element.on('plotly_selected', (event) => {
      if (clicks.clears(tile)) return;
      if (event && clicks.isPickable(tile)) clicks.boxed(tile, element, event, onSelect);
      else if (event) onSelect(selected(panels.read(element, event)));
    });
    element.on('plotly_deselect', () => { if (!clicks.clears(tile)) onSelect(null); });
  }

  /* What a selection says, without the traces that plotly.js adds to each point. */
  function selected({ points, range, lassoPoints, panel, bins }) {
    const said = { points: points.map(({ x, y, lon, lat, customdata }) => ({ x: x ?? lon, y: y ?? lat, customdata })) };
    if (range) said.range = range.map ? flat(range.map) : range;
    if (lassoPoints) said.lassoPoints = lassoPoints.map ? flat(lassoPoints.map) : lassoPoints;
    if (panel) said.panel = panel;
    if (bins) said.bins = bins;
    return said;
  }

  /* Corners on a map as a scatter has them; those of a copy of the Earth beside the first one are brought back. */
  function flat(corners) {
    const lons = corners.map(([lon]) => lon);
    const turn = 360 * Math.round((Math.min(...lons) + Math.max(...lons)) / 720);
    return { x: lons.map((lon) => lon - turn), y: corners.map(([, lat]) => lat) };
  }

  const sizeOf = (element) => `${element.clientWidth} ${element.clientHeight}`;

  /* As long as its box has not changed, an element knows how large it is. plotly.js asks with every drawing, and the
     browser would lay out, to answer, what was drawn before it and nobody may see. */
  function remember(known) {
    for (const side of ['clientWidth', 'clientHeight']) {
      const measured = Object.getOwnPropertyDescriptor(Element.prototype, side).get;
      const get = () => {
        if (!known.isSized || !(side in known)) known[side] = measured.call(known.element);
        return known[side];
      };
      Object.defineProperty(known.element, side, { get, configurable: true });
    }
  }

  /* The box of a plot out of sight says that it has changed; what is within, only when it comes into sight. */
  function resized(tile, entries) {
    const known = places.get(tile);
    if (!known) return;
    if (entries.some(({ target }) => target === known.box)) known.isSized = false;
    if (entries.some(({ target }) => target === known.element)) resize(tile);
  }

  function resize(tile) {
    window.requestAnimationFrame(() => {
      const known = places.get(tile);
      if (!known || !known.size || queue.has(tile) || known.size === sizeOf(known.element)) return;
      if (!known.element.clientHeight) return; // It is hidden.
      known.size = sizeOf(known.element);
      const beside = known.isUnderTitle && known.element.layout.legend;
      if (beside) beside.title = { ...beside.title, side: undefined };
      known.isUnderTitle = false;
      sketch.clear(known.element);
      window.Plotly.Plots.resize(known.element).then(() => makeRoom(known));
      if (moved.has(tile)) enter(tile, held.get(tile), 0);
    });
  }

  /* Take away what the reader has drawn to select something. */
  function clear(tile) {
    const known = places.get(tile);
    if (known && known.size) window.Plotly.update(known.element, { selectedpoints: null }, { selections: [] });
  }

  function announce(tile) {
    document.dispatchEvent(new CustomEvent('depictio:painted', { detail: tile }));
  }

  function tell() {
    document.body.classList.toggle('is-painting', queue.size > 0 && !hasFailed);
  }

  function fail(detail) {
    document.dispatchEvent(new CustomEvent('depictio:failure', { detail }));
  }

  // -- plotly.js, which is fetched with the page and evaluated when something is to be drawn

  function load() {
    if (isLoading) return;
    isLoading = true;
    const script = document.createElement('script');
    script.src = document.getElementById('plotly').href;
    script.onload = () => { hasFailed = false; translate(); tell(); schedule(); };
    script.onerror = () => {
      isLoading = false;
      hasFailed = true;
      tell();
      fail(WORDS.missing);
      for (const tile of queue.keys()) announce(tile); // Nobody waits for them now, though they are drawn should it come.
    };
    document.head.append(script);
  }

  function translate() {
    const { lang } = document.documentElement;
    if (lang === 'en') return;
    window.Plotly.register({ moduleType: 'locale', name: lang, dictionary: WORDS.plotly, format: window.depictio.cells.calendar });
    window.Plotly.setPlotConfig({ locale: lang });
  }

  window.depictio = Object.assign(window.depictio || {}, {
    painting: {
      again, clear, distance, drop, holds: (tile) => held.has(tile), keep, leave, move, next, open, paint, place, selected, settle,
      waits: (tile) => queue.has(tile) && !hasFailed, whenSeen,
    },
  });
})();
