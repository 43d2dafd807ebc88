/*
 * The menu of a table's column: sort, filter, pin, hide, and which columns are there. It opens by the secondary button of
 * the mouse, by a long touch, and by Alt+ArrowDown, Shift+F10 or the menu key on a heading. What it does concerns this
 * table and this visit alone.
 */
(function () {
  'use strict';

  const HEADING = '.tile-table .ag-header-cell[col-id]';
  const LONG = 500; // Milliseconds of a touch that opens it.
  const STEPS = { ArrowDown: 1, ArrowUp: -1 };
  const { tr } = window.depictio;
  const WORDS = {
    menu: (name) => tr('Column {name}', { name }),
    ascending: tr('Sort ascending'),
    descending: tr('Sort descending'),
    unsorted: tr('Do not sort'),
    filter: tr('Filter…'),
    pin: tr('Pin to the left'),
    unpin: tr('Do not pin'),
    hide: tr('Hide'),
    all: tr('Show all columns'),
    columns: tr('Columns'),
  };

  let opened = null; // the panel, the grid, and the column whose menu it is

  const own = (api) => api.getColumns().filter((column) => !column.getColId().startsWith('ag-Grid'));
  const nameOf = (column) => column.getColDef().headerName || column.getColId();

  /* What can be done with a column, as [words, act, whether it is so]; a gap between two groups. */
  function entries(api, column) {
    const id = column.getColId();
    const sort = (wanted) => () => api.applyColumnState({ state: wanted ? [{ colId: id, sort: wanted }] : [], defaultState: { sort: null } });
    const [isSorted, isPinned] = [column.getSort(), column.isPinned()];
    const visible = own(api).filter((one) => one.isVisible());
    const found = [];
    if (column.getColDef().sortable) {
      found.push([WORDS.ascending, sort('asc'), isSorted === 'asc'], [WORDS.descending, sort('desc'), isSorted === 'desc']);
      if (isSorted) found.push([WORDS.unsorted, sort(null)]);
    }
    if (column.getColDef().filter) found.push([WORDS.filter, () => api.showColumnFilter(id)]);
    found.push([isPinned ? WORDS.unpin : WORDS.pin, () => api.setColumnsPinned([id], isPinned ? null : 'left')]);
    if (visible.length > 1) found.push([WORDS.hide, () => api.setColumnsVisible([id], false)]);
    found.push(null);
    if (visible.length < own(api).length) found.push([WORDS.all, () => api.setColumnsVisible(own(api).map((one) => one.getColId()), true)]);
    for (const one of own(api)) {
      const isLast = visible.length === 1 && one === visible[0];
      if (!isLast) found.push([nameOf(one), () => api.setColumnsVisible([one.getColId()], !one.isVisible()), one.isVisible(), true]);
    }
    return found;
  }

  function item([words, act, isOn, isBox]) {
    const made = document.createElement('button');
    Object.assign(made, { type: 'button', className: 'dp-menu-item', tabIndex: -1 });
    made.setAttribute('role', isOn === undefined ? 'menuitem' : isBox ? 'menuitemcheckbox' : 'menuitemradio');
    if (isOn !== undefined) made.setAttribute('aria-checked', String(Boolean(isOn)));
    const tick = document.createElement('span');
    tick.className = 'column-menu-tick';
    tick.setAttribute('aria-hidden', 'true');
    tick.textContent = isOn ? '\u2713' : '';
    made.append(tick, words);
    made.addEventListener('click', () => {
      const { api, column } = opened;
      close();
      act();
      focus(api, column);
    });
    return made;
  }

  function rule() {
    const made = document.createElement('p');
    made.className = 'column-menu-group';
    made.setAttribute('role', 'presentation');
    made.textContent = WORDS.columns;
    return made;
  }

  /* The heading again, or where it is hidden its neighbour; a filter that has opened keeps the focus. */
  function focus(api, column) {
    window.setTimeout(() => {
      if (document.querySelector('.ag-filter:focus-within')) return;
      const seen = own(api).filter((one) => one.isVisible());
      api.setFocusedHeader(column.isVisible() ? column : seen[Math.max(0, seen.findIndex((one) => own(api).indexOf(one) > own(api).indexOf(column)))]);
    }, 0);
  }

  function open(heading) {
    close();
    const { tile } = heading.closest('[data-tile]').dataset;
    const api = window.dash_ag_grid.getApi({ role: 'rows', tile });
    const column = api && api.getColumn(heading.getAttribute('col-id'));
    if (!column || column.getColId().startsWith('ag-Grid')) return;
    const panel = document.createElement('div');
    panel.className = 'dp-menu-panel column-menu';
    panel.setAttribute('role', 'menu');
    panel.setAttribute('aria-label', WORDS.menu(nameOf(column)));
    panel.append(...entries(api, column).map((entry) => (entry ? item(entry) : rule())));
    (heading.closest('.is-full, dialog') || document.body).append(panel);
    place(panel, heading.getBoundingClientRect());
    opened = { panel, api, column, heading, at: heading.getBoundingClientRect() };
    panel.querySelector('button').focus({ preventScroll: true });
  }

  /* Below the heading, or above it where more room is; never beyond the window. */
  function place(panel, { left, top, bottom }) {
    const below = window.innerHeight - bottom - 8;
    const isBelow = below >= Math.min(panel.offsetHeight, 240) || below > top;
    panel.style.maxHeight = `${Math.max(isBelow ? below : top - 8, 120)}px`;
    panel.style.left = `${Math.max(4, Math.min(left, window.innerWidth - panel.offsetWidth - 4))}px`;
    panel.style.top = `${isBelow ? bottom + 2 : Math.max(4, top - panel.offsetHeight - 2)}px`;
  }

  function hasMoved({ heading, at }) {
    const { left, top } = heading.getBoundingClientRect();
    return heading.isConnected && Math.abs(left - at.left) + Math.abs(top - at.top) > 2;
  }

  function close() {
    if (!opened) return;
    opened.panel.remove();
    opened = null;
  }

  function back() {
    const { api, column } = opened;
    close();
    focus(api, column);
  }

  function walk(event) {
    const all = [...opened.panel.querySelectorAll('button')];
    const at = all.indexOf(document.activeElement);
    const letter = event.key.length === 1 && event.key !== ' ' ? event.key.toLowerCase() : '';
    const next = letter && [...all.slice(at + 1), ...all.slice(0, at + 1)].find((one) => one.lastChild.textContent.toLowerCase().startsWith(letter));
    if (event.key === 'Escape' || event.key === 'Tab') back();
    else if (event.key in STEPS) all.at((at + STEPS[event.key]) % all.length).focus();
    else if (event.key === 'Home' || event.key === 'End') all.at(event.key === 'Home' ? 0 : -1).focus();
    else if (next) next.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const isCall = ({ key, altKey, shiftKey }) => key === 'ContextMenu' || (key === 'F10' && shiftKey) || (key === 'ArrowDown' && altKey);

  // In the capture phase, before the grid takes the keys itself.
  window.addEventListener('keydown', (event) => {
    if (opened && opened.panel.contains(event.target)) {
      walk(event);
      return;
    }
    const heading = event.target.closest && event.target.closest(HEADING);
    if (!heading || !isCall(event)) return;
    event.preventDefault();
    event.stopPropagation();
    open(heading);
  }, true);

  document.addEventListener('contextmenu', (event) => {
    const heading = event.target.closest(HEADING);
    if (!heading) return;
    event.preventDefault();
    if (!opened) open(heading);
  });

  let touch = 0; // the timer of a finger that rests on a heading
  document.addEventListener('touchstart', ({ target }) => {
    window.clearTimeout(touch);
    const heading = target.closest(HEADING);
    if (heading) touch = window.setTimeout(() => open(heading), LONG);
  }, { passive: true });
  for (const kind of ['touchend', 'touchmove', 'touchcancel']) document.addEventListener(kind, () => window.clearTimeout(touch), { passive: true });

  document.addEventListener('pointerdown', ({ target }) => { if (opened && !opened.panel.contains(target)) close(); });
  window.addEventListener('resize', close);
  // Rows that arrive scroll as well, which moves no heading.
  document.addEventListener('scroll', () => { if (opened && hasMoved(opened)) close(); }, { capture: true, passive: true });
})();
