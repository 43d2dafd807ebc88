/*
 * A tile on its way: what lies under the pointer that takes it, a tab that opens when it rests there, and the carrying
 * itself where gridstack has no hand in it: on another tab than the tile began on, and on narrow grids, whose order is
 * all that can be changed.
 */
(function () {
  'use strict';

  const { acts, geometry, picks, view, words: { carry: WORDS } } = window.dash_views;

  const REST = 600; // Milliseconds on a tab after which it opens.
  const HOLD = 300; // Milliseconds that a finger rests on a heading before it takes the tile; one that moves scrolls.
  const FAR = 8; // Pixels from which a press is a drag.
  const EDGE = 56; // Pixels from the edge of the window in which the page scrolls.
  const ROW_HEIGHT = 100;
  const TARGETS = '[data-tab-drop], .tile-section, .grid-section[data-folded]';

  const grids = new Map(); // section element → its Grid
  let marked = null;
  let resting = { target: null, timer: 0 };
  let carried = null;

  const isTab = (target) => target.dataset.tabDrop !== undefined;

  /* What takes a tile at that point; `without` hides what hangs out of the grid that it comes from. */
  function targetAt(x, y, without = null) {
    const under = document.elementsFromPoint(x, y).find((one) => !without || !without.contains(one));
    const found = under ? under.closest(TARGETS) : null;
    return found && !(isTab(found) && found.classList.contains('is-open')) ? found : null;
  }

  function mark(target) {
    if (marked && marked !== target) marked.classList.remove('is-target');
    if (target) target.classList.add('is-target');
    marked = target;
  }

  /* Opens the tab on which a tile rests; null when it has left. */
  function rest(target, opens) {
    const tab = target && isTab(target) ? target : null;
    if (tab === resting.target) return;
    clearTimeout(resting.timer);
    resting = { target: tab, timer: tab ? setTimeout(() => opens(tab.dataset.tabDrop), REST) : 0 };
  }

  function leave() {
    mark(null);
    rest(null);
  }

  const placeOf = (target) => (isTab(target) ? { tab: target.dataset.tabDrop, section: '' }
    : { tab: target.dataset.sectionTab, section: target.dataset.sectionName });

  /* The cell of a full grid under the pointer, for a tile so wide. */
  function cellAt(stage, w, columns, x, y) {
    const { left, top, width } = stage.getBoundingClientRect();
    const column = Math.floor(((x - left) / width) * columns - w / 2 + 0.5);
    return [Math.max(0, Math.min(column, columns - w)), Math.max(0, Math.floor((y - top) / ROW_HEIGHT))];
  }

  // -- carrying

  /* `tile` has id, w and label; `touched` is what the finger is on, null for a mouse; `move` tells where it was dropped. */
  function begin({ tile, touched, columns, move, x, y }) {
    const ids = picks.with(tile.id);
    const text = ids.length > 1 ? picks.counted(ids.length) : tile.label || WORDS.unnamed;
    const ghost = acts.element('div', { className: 'carried' }, text);
    const spot = acts.element('div', { className: 'carried-spot', hidden: true });
    document.body.append(spot, ghost);
    document.body.classList.add('is-carrying');
    carried = { tile, ids, touched, columns, move, x, y, ghost, spot, began: view.get('tab') };
    listen(true);
    follow(x, y);
    scroll();
  }

  function listen(isOn) {
    const change = isOn ? 'addEventListener' : 'removeEventListener';
    const { touched } = carried;
    // A finger's events go to what it has touched, even when a tab has opened and that is gone.
    if (touched) for (const kind of ['touchmove', 'touchend', 'touchcancel']) touched[change](kind, byFinger, { passive: false });
    else for (const kind of ['mousemove', 'mouseup']) document[change](kind, byMouse, true);
    window[change]('keydown', byKey, true);
    document[change]('contextmenu', prevent, true);
    document[change]('selectstart', prevent, true);
  }

  const prevent = (event) => event.preventDefault();

  function byMouse(event) {
    event.preventDefault();
    if (event.type === 'mouseup' || !event.buttons) drop();
    else follow(event.clientX, event.clientY);
  }

  function byFinger(event) {
    if (event.cancelable) event.preventDefault();
    if (event.type === 'touchcancel') giveUp();
    else if (event.type === 'touchend') drop();
    else follow(event.touches[0].clientX, event.touches[0].clientY);
  }

  function byKey(event) {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    giveUp();
  }

  function follow(x, y) {
    Object.assign(carried, { x, y });
    carried.ghost.style.transform = `translate(${x + 10}px, ${y + 10}px)`;
    const target = targetAt(x, y);
    mark(target);
    rest(target, (tab) => { view.go({ tab, tile: null }, true); });
    carried.found = target && { target, ...aim(target, x, y) };
    show(carried.found);
  }

  /* Where in a section: a cell of a full grid, a place in the order of a narrow one. */
  function aim(target, x, y) {
    const grid = grids.get(target);
    if (!grid) return {};
    const { stage } = grid;
    if (grid.isArrangeable()) {
      const w = Math.min(carried.tile.w, carried.columns);
      const at = cellAt(stage, w, carried.columns, x, y);
      const { left, top, width } = stage.getBoundingClientRect();
      const cell = width / carried.columns;
      return { at, box: { left: left + at[0] * cell, top: top + at[1] * ROW_HEIGHT, width: w * cell, height: ROW_HEIGHT } };
    }
    const order = grid.inOrder().filter(({ id }) => !carried.ids.includes(id));
    const boxes = order.map(({ id }) => stage.querySelector(`:scope > [data-tile="${CSS.escape(id)}"]`).getBoundingClientRect());
    const isBefore = (box) => box.bottom < y || (box.top < y && (box.left + box.right < 2 * x || box.width > stage.clientWidth / 2) && box.top + box.bottom < 2 * y);
    const index = boxes.filter(isBefore).length;
    const next = order[index];
    const whole = stage.getBoundingClientRect();
    const line = next ? boxes[index] : { left: whole.left, top: boxes.length ? Math.max(...boxes.map((box) => box.bottom)) : whole.top, width: whole.width };
    return { before: next ? next.id : null, at: next ? [next.x, next.y] : null, box: { left: line.left, top: line.top - 2, width: line.width, height: 4 } };
  }

  function show(found) {
    const { spot } = carried;
    spot.hidden = !found || !found.box;
    if (spot.hidden) return;
    for (const [side, value] of Object.entries(found.box)) spot.style[side] = `${value}px`;
  }

  /* Near the edges of the window the page scrolls, and what lies under the pointer changes. */
  function scroll() {
    if (!carried) return;
    const { y } = carried;
    const by = y < EDGE ? y - EDGE : Math.max(0, y - window.innerHeight + EDGE);
    if (by) {
      window.scrollBy({ top: by / 3, behavior: 'instant' });
      follow(carried.x, y);
    }
    window.requestAnimationFrame(scroll);
  }

  function end() {
    const { ghost, spot } = carried;
    listen(false);
    leave();
    ghost.remove();
    spot.remove();
    document.body.classList.remove('is-carrying');
    const was = carried;
    carried = null;
    return was;
  }

  function drop() {
    const { found, ids, tile, move, began } = end();
    if (!found) {
      view.go({ tab: began }, true);
      return;
    }
    const { target, at, before } = found;
    const grid = grids.get(target);
    const isOwn = grid && ids.length === 1 && grid.inOrder().some(({ id }) => id === tile.id);
    if (isOwn && !grid.isArrangeable()) grid.reorder(tile.id, before);
    else move(ids, placeOf(target), at || null);
  }

  function giveUp() {
    view.go({ tab: end().began }, true);
  }

  // -- narrow grids: a press on a heading that moves, or a finger that rests on one

  function taking(grid, event) {
    const handle = event.target.closest(grid.props.handle);
    const item = handle && handle.closest('.grid-stack-item');
    const isTaken = item && grid.isNarrow() && !event.ctrlKey && !event.metaKey && !event.shiftKey && !carried;
    return isTaken ? { ...grid.layout.find(({ id }) => id === item.dataset.tile), label: grid.nameOf(item.dataset.tile) } : null;
  }

  function pressed(grid, event) {
    const tile = event.button === 0 && taking(grid, event);
    if (!tile) return;
    const { clientX: x0, clientY: y0 } = event;
    const moved = ({ clientX: x, clientY: y }) => {
      if (Math.hypot(x - x0, y - y0) < FAR) return;
      stop();
      begin({ tile, touched: null, columns: grid.props.columns, move: grid.props.move, x, y });
    };
    const stop = () => {
      document.removeEventListener('mousemove', moved);
      document.removeEventListener('mouseup', stop);
    };
    document.addEventListener('mousemove', moved);
    document.addEventListener('mouseup', stop);
    event.preventDefault(); // No text is selected on the way.
    event.target.closest(grid.props.handle).focus({ preventScroll: true });
  }

  function touched(grid, event) {
    const tile = event.touches.length === 1 && taking(grid, event);
    if (!tile) return;
    const { target, touches: [{ clientX: x, clientY: y }] } = event;
    const stop = () => {
      clearTimeout(timer);
      for (const kind of ['touchend', 'touchcancel']) target.removeEventListener(kind, stop);
      target.removeEventListener('touchmove', moved);
    };
    const moved = ({ touches: [at] }) => { if (Math.hypot(at.clientX - x, at.clientY - y) > FAR) stop(); };
    const timer = setTimeout(() => {
      stop();
      begin({ tile, touched: target, columns: grid.props.columns, move: grid.props.move, x, y });
    }, HOLD);
    for (const kind of ['touchend', 'touchcancel']) target.addEventListener(kind, stop);
    target.addEventListener('touchmove', moved, { passive: true });
  }

  /* Whether a finger may scroll the page; a browser asks only those who listened before it was put down. */
  function hold(event) {
    if (carried && event.cancelable) event.preventDefault();
  }

  window.dash_views.carry = { begin, cellAt, grids, hold, leave, mark, placeOf, pressed, rest, targetAt, touched };
})();
