/*
 * The board on paper: tiles below each other, filters in words, plots as wide as the paper, tables with all of their
 * columns and as many whole rows as a page has room for, and how many those are. The button and Ctrl+P wait until plots
 * and tables have been drawn anew in that size. The print command in the menu of a browser does not wait: then plots
 * are stretched, and tables have the rows that are there.
 */
(function () {
  'use strict';

  const { asking, cutTables, moment, tr } = window.depictio;
  const { api, rows } = cutTables;
  const PATIENCE = 3000; // Milliseconds in which plots and tables take on the size of the paper.
  const SMALLEST = 0.45; // Of the size on the screen: what can still be read on paper.
  const HALF = 420; // Pixels of a plot of which two stand on a page.
  const NOTE = 28; // Pixels of the line that says how many rows there are.
  const WORDS = {
    filters: tr('Filters'), all: tr('none: all rows'), printed: tr('Printed'),
    both: (one, other) => tr('{one} and {other}', { one, other }), missing: tr('missing'), within: tr('points within a lasso'),
    between: (low, high) => tr('{low} to {high}', { low, high }), contains: (text) => tr('contains “{text}”', { text }),
  };

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const place = (id) => document.querySelector(`.tile-section [data-tile="${CSS.escape(id)}"]`);
  const plots = () => all('.tile-section .tile-graph.js-plotly-plot');
  const tables = () => all('.tile-section .tile-table');
  const box = (element) => (element ? element.getBoundingClientRect() : { width: 0, height: 0, top: 0, bottom: 0 });

  const frames = () => new Promise((resolve) => { window.requestAnimationFrame(() => window.requestAnimationFrame(resolve)); });

  // -- what the filters are, in words: on paper the controls are not there

  function filters() {
    const { element } = window.dash_views.acts;
    const list = element('dl', { className: 'print-filters' });
    const said = Object.entries(asking.state() || {});
    for (const [id, wishes] of said) list.append(element('dt', {}, nameOf(id)), element('dd', {}, wishes.map(words).reduce(WORDS.both)));
    if (!said.length) list.append(element('dt', {}, WORDS.filters), element('dd', {}, WORDS.all));
    list.append(element('dt', {}, WORDS.printed), element('dd', {}, moment(new Date())));
    return list;
  }

  function nameOf(id) {
    const tile = place(id);
    if (tile) return tile.querySelector('.tile-title').textContent;
    const reset = document.getElementById(JSON.stringify({ role: 'reset', tile: id }));
    const title = reset && reset.closest('.filter') && reset.closest('.filter').querySelector('.filter-title');
    return title ? title.textContent : id;
  }

  function words([operator, values]) {
    const text = values.map((value) => (value === null ? WORDS.missing : String(value)));
    if (operator === 'between') return WORDS.between(...values.map((value, at) => (value === null ? '…' : text[at])));
    if (operator === 'where') return String(values[0]);
    if (operator === 'within') return WORDS.within;
    return operator === 'contains' ? WORDS.contains(text[0]) : text.join(', ');
  }

  // -- plots

  /* A plot that was drawn for another width is stretched to that of the paper, and its tile with it. */
  function stretch(plot) {
    const drawn = plot.querySelector('.svg-container');
    if (!drawn) return;
    drawn.style.removeProperty('zoom');
    const [own, room] = [box(drawn), box(plot)];
    const wide = own.width ? room.width / own.width : 1;
    // Two usual tiles stand on a page, so none is stretched beyond half of it.
    const by = wide > 1 ? Math.max(1, Math.min(wide, HALF / own.height)) : wide;
    if (Math.abs(by - 1) < 0.01) return;
    drawn.style.zoom = by;
    lengthen(plot, room.height, own.height * by);
  }

  /* The tile becomes as high as what lies on it needs. */
  function lengthen(part, has, needs) {
    const item = part.closest('.grid-stack-item');
    item.style.setProperty('--paper', `${Math.ceil(box(item).height + needs - has)}px`);
  }

  // -- tables

  /* By how much a table must become smaller to have all of its columns on the paper. */
  function fit(table) {
    table.style.removeProperty('--fit');
    const [room, columns] = [table.querySelector('.ag-header-viewport'), table.querySelector('.ag-header-container')];
    const by = room && columns ? Math.max(SMALLEST, Math.min(1, room.clientWidth / columns.scrollWidth)) : 1;
    table.style.setProperty('--fit', by);
  }

  /* The table gets room for this many rows; a page bounds it. */
  function allot(table, many) {
    const [row] = rows(table);
    const body = table.querySelector('.ag-body-viewport');
    if (!row || !body) return;
    lengthen(table, box(body).height, many * box(row).height + NOTE);
  }

  /* A grid that only becomes higher does not look for more rows by itself, but when it is scrolled. */
  async function stir(table) {
    const body = table.querySelector('.ag-body-viewport');
    if (!body) return;
    const was = body.scrollTop;
    body.scrollTop = was ? was - 1 : 1;
    await frames();
    body.scrollTop = was;
    await frames();
  }

  // -- before and after

  function begin() {
    if (document.body.classList.contains('is-printing')) return;
    document.body.classList.add('is-printing');
    const main = document.querySelector('.board-main');
    if (main) main.before(filters());
    for (const table of tables()) fit(table);
  }

  /* As things are now; what was said of an earlier state goes. */
  function finish() {
    cutTables.restore();
    for (const plot of plots()) stretch(plot);
    for (const table of tables()) cutTables.count(table);
  }

  function restore() {
    document.body.classList.remove('is-printing');
    for (const made of all('.print-filters')) made.remove();
    cutTables.restore();
    for (const item of all('.grid-stack-item')) item.style.removeProperty('--paper');
    for (const plot of plots()) plot.querySelector('.svg-container')?.style.removeProperty('zoom');
    window.dispatchEvent(new Event('resize'));
  }

  /* Whether plots and tables have taken on the size of the paper: Plotly and AG Grid follow after a while. */
  function isFitted() {
    const areWide = plots().every((plot) => Math.abs(box(plot.querySelector('.main-svg')).width - box(plot).width) < 2);
    return areWide && tables().every((table) => {
      const drawn = all('.ag-header-container .ag-header-cell', table).reduce((width, cell) => width + box(cell).width, 0);
      return drawn > box(table.querySelector('.ag-header-container')).width - 2 && isFull(table);
    });
  }

  /* Whether rows are drawn down to the end of the table, or all that there are. */
  function isFull(table) {
    const drawn = rows(table);
    const last = Math.max(...drawn.map((row) => box(row).bottom), 0);
    const many = api(table) ? api(table).getDisplayedRowCount() : 0;
    return last >= box(table.querySelector('.ag-body-viewport')).bottom - 1 || drawn.length >= many;
  }

  /* All is drawn, in the size of the paper, before it is printed. */
  async function print() {
    begin();
    for (const plot of plots()) window.Plotly.Plots.resize(plot);
    try {
      await window.depictio.picture.finish();
    } catch (error) {
      restore();
      window.depictio.say(error.said);
      return;
    }
    for (const table of tables()) if (api(table)) allot(table, api(table).getDisplayedRowCount());
    await frames();
    await Promise.all(tables().map(stir));
    const end = performance.now() + PATIENCE;
    while (!isFitted() && performance.now() < end) await new Promise((resolve) => { window.setTimeout(resolve, 50); });
    window.print();
  }

  // The browser would print at once, before anything has taken on the size of the paper.
  document.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'p' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    if (!document.getElementById('print')) return;
    event.preventDefault();
    print();
  });
  document.addEventListener('click', ({ target }) => { if (target.closest('#print')) print(); });

  window.addEventListener('beforeprint', () => {
    const isPrepared = document.body.classList.contains('is-printing');
    begin();
    if (!isPrepared) for (const table of tables()) allot(table, rows(table).length);
    finish();
  });
  window.addEventListener('afterprint', restore);
})();
