/*
 * What is one stop of the Tab key: a table, the buttons of a tile, the toolbar of a plot, and the pictures of the builder.
 * Arrow keys go on within it, Tab leaves it. Otherwise Tab would go through every loaded cell of a table, and through a
 * dozen buttons for each tile.
 */
(function () {
  'use strict';

  const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const BARS = '.tile-head .tile-tools, .modebar'; // Their arrow keys are here; the others have their own.
  const TABLE = '.tile-table';
  const CELL = '.ag-root :is([role="row"], [role="gridcell"], [role="columnheader"])'; // Not the fields of a heading's filter.
  const ONE_STOP = `${BARS}, .offers, .builder-kinds .gallery-entry`;

  const isSeen = (element) => element.getClientRects().length > 0 && window.getComputedStyle(element).visibility === 'visible';
  // Into a table leads its guard, which passes the focus on.
  const isStop = (element) => element.tabIndex >= 0 && !element.disabled && (element.matches('.ag-tab-guard') || (isSeen(element) && !element.matches('[role="row"]')));

  /* All that belongs to the stop in which this element is; null for a stop of its own. */
  function whole(element) {
    if (element.closest(CELL)) return element.closest(TABLE);
    const found = element.closest(ONE_STOP);
    return found && found.matches('.gallery-entry') ? found.closest('.builder-kinds') : found;
  }

  /* What Tab goes to from here: before it or after it. The search stands among the pictures and is a stop before them. */
  function neighbour(from, isBack) {
    const side = isBack ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
    const isInside = (one) => from.contains(one) && !(isBack && one.matches('#gallery-search'));
    const found = [...document.querySelectorAll(STOPS)].filter((one) => !isInside(one) && !one.contains(from)
      && (from.compareDocumentPosition(one) & side || (isBack && from.contains(one))) && isStop(one));
    const next = isBack ? found.at(-1) : found[0];
    return next && next.matches('.ag-tab-guard') ? next.closest(TABLE).querySelector('.ag-tab-guard-top') : next;
  }

  function step(bar, button, key) {
    const buttons = [...bar.querySelectorAll('button, [tabindex]')].filter(isStop);
    const at = buttons.indexOf(button);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[key];
    return to === undefined ? null : buttons[(to + buttons.length) % buttons.length];
  }

  // In the capture phase, before a grid moves the focus itself, or slides take the arrow keys.
  window.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || !target.closest) return;
    const bar = target.closest(BARS);
    const from = key === 'Tab' && whole(target);
    const next = from ? neighbour(from, event.shiftKey) : bar && !event.shiftKey && step(bar, target, key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  }, true);

  // AG Grid takes who comes from behind to the last row, which waits until that is loaded and drawn, and on a busy machine
  // for ever. The first heading is always there, and is where Tab comes in as well.
  window.addEventListener('focus', (event) => {
    const { target, relatedTarget: from } = event;
    const table = target.closest && target.matches('.ag-tab-guard-bottom') && target.closest(TABLE);
    const first = table && table.querySelector('.ag-tab-guard-top');
    if (!first || first.parentElement !== target.parentElement || (from && table.contains(from))) return;
    event.stopPropagation();
    first.focus();
  }, true);
})();
