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
 *   clear(tile)                         take away what the reader has drawn to select something
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
  };

  const { contexts, drawing } = window.depictio;
  const NEAR = 50; // Pixels outside of the window that still count as inside.
  const BUDGET = 8; // Milliseconds of a task after which no further plot is begun.
  const IDLE_BUDGET = 40; // The same for plots that nobody sees, unless the reader does something.
  const IDLE_WITHIN = 120; // Milliseconds after which a plot is drawn although the browser was never idle.
  const QUIET_WITHIN = 2000; // The same for what is only tidied up.
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
    if (!known || !drawing.move(known, figure)) return false;
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

  function place(tile, element, options) {
    const observer = new ResizeObserver((entries) => resized(tile, entries));
    const known = Object.assign(drawing.plot(tile, element, options), { observer, distance: 0 });
    places.set(tile, known);
    areMeasured = false;
    for (const one of new Set([known.box, element])) observer.observe(one);
    if (held.has(tile)) enter(tile, held.get(tile), 0);
  }

  function leave(tile, element) {
    const known = places.get(tile);
    if (!known || known.element !== element) return;
    known.observer.disconnect();
    drawing.purge(known);
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

  function draw(tile, figure) {
    const known = places.get(tile);
    if (known.size || figure.data.length) {
      moved.delete(tile);
      drawing.draw(known, figure, (error) => refuse(tile, error));
      sweep();
    }
    announce(tile);
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
      drawing.purge(known);
      again(tile);
    }
  }

  document.addEventListener('depictio:lost', lose);

  function refuse(tile, error) {
    held.delete(tile);
    console.error(error);
    fail(WORDS.broken);
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
      if (known && !queue.has(tile) && drawing.resize(known) && moved.has(tile)) enter(tile, held.get(tile), 0);
    });
  }

  const clear = (tile) => { if (places.has(tile)) drawing.clear(places.get(tile)); };

  function announce(tile) {
    document.dispatchEvent(new CustomEvent('depictio:painted', { detail: tile }));
  }

  function tell() {
    document.body.classList.toggle('is-painting', queue.size > 0 && !hasFailed);
  }

  function fail(detail) {
    document.dispatchEvent(new CustomEvent('depictio:failure', { detail }));
  }

  function load() {
    if (isLoading) return;
    isLoading = true;
    drawing.load().then(
      () => { hasFailed = false; tell(); schedule(); },
      () => {
        isLoading = false;
        hasFailed = true;
        tell();
        fail(WORDS.missing);
        for (const tile of queue.keys()) announce(tile); // Nobody waits for them now, though they are drawn should it come.
      },
    );
  }

  window.depictio = Object.assign(window.depictio || {}, {
    painting: {
      again, clear, distance, drop, holds: (tile) => held.has(tile), keep, leave, move, next, open, paint, place, settle,
      waits: (tile) => queue.has(tile) && !hasFailed, whenSeen,
    },
  });
})();
