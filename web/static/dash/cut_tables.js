/*
 * Tables where nobody can scroll, on paper and in pictures: rows and columns that do not fit whole are left out, for half
 * a number is another number, and a line below says how many are there.
 */
(function () {
  'use strict';

  const { grouped, tr } = window.depictio;
  const NEAR = 1; // Pixels by which boxes may differ from what they are drawn in.
  const WORDS = {
    rows: (many, total) => tr('{many} of {total} rows are shown here.', { many, total }),
    range: (first, last, total) => tr('Rows {first} to {last} of {total} are shown here.', { first, last, total }),
    some: {
      rows: (many, total, drawn, columns) => (
        tr('{many} of {total} rows and {drawn} of {columns} columns are shown here.', { many, total, drawn, columns })),
      range: (first, last, total, drawn, columns) => (
        tr('Rows {first} to {last} of {total} and {drawn} of {columns} columns are shown here.', { first, last, total, drawn, columns })),
    },
  };

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const box = (element) => element.getBoundingClientRect();
  const isData = (cell) => !cell.getAttribute('col-id').startsWith('ag-Grid');

  /* The rows of a table that are drawn. */
  const rows = (table) => all('.ag-center-cols-container .ag-row', table).filter((row) => row.textContent.trim());

  /* The grid of a table, once there is one. */
  const api = (table) => window.dash_ag_grid.getApi({ role: 'rows', tile: table.closest('[data-tile]').dataset.tile });

  /* Makes room below a table for what is said of it; `count` says it when the table has taken on its size. */
  function announce(table) {
    if (table.closest('.tile').querySelector('.print-rows')) return;
    table.closest('.tile').append(window.dash_views.acts.element('p', { className: 'print-rows' }, ' '));
  }

  /* Leaves out what does not fit, and says what there is. */
  function count(table) {
    announce(table);
    const note = table.closest('.tile').querySelector('.print-rows');
    const said = api(table) ? sum(table, cutRows(table), cutColumns(table)) : '';
    if (said) note.textContent = said;
    else note.remove();
  }

  /* The numbers of the rows that are there as a whole. */
  function cutRows(table) {
    const body = box(table.querySelector('.ag-body-viewport'));
    const whole = [];
    for (const row of rows(table)) {
      const { top, bottom } = box(row);
      const number = Number(row.getAttribute('row-index'));
      if (top >= body.top - NEAR && bottom <= body.bottom + NEAR) whole.push(number);
      else for (const part of all(`.ag-row[row-index="${number}"]`, table)) part.classList.add('is-cut');
    }
    return whole;
  }

  /* How many columns are there as a whole; one that is wider than the table stays, as there is nothing else to see. */
  function cutColumns(table) {
    const cells = all('.ag-header .ag-header-cell', table).filter(isData);
    const room = box(table.querySelector('.ag-header-viewport'));
    const isWhole = (cell) => {
      const { left, right } = box(cell);
      return !cell.closest('.ag-header-viewport') || (left >= room.left - NEAR && right <= room.right + NEAR);
    };
    const cut = cells.filter((cell) => !isWhole(cell));
    if (cut.length === cells.length) return cells.length;
    for (const name of cut.map((cell) => cell.getAttribute('col-id'))) {
      for (const cell of all(`[col-id="${CSS.escape(name)}"]`, table)) cell.classList.add('is-cut');
    }
    return cells.length - cut.length;
  }

  function sum(table, whole, drawn) {
    const grid = api(table);
    const columns = grid.getAllDisplayedColumns().filter((column) => !column.getColId().startsWith('ag-Grid')).length;
    const [total, isWide] = [grid.getDisplayedRowCount(), drawn >= columns];
    if (whole.length >= total && isWide) return '';
    return isWide ? spell(WORDS, whole, total) : spell(WORDS.some, whole, total, drawn, columns);
  }

  function spell(words, whole, ...totals) {
    const of = totals.map(grouped);
    if (!whole.length || Math.min(...whole) === 0) return words.rows(grouped(whole.length), ...of);
    return words.range(grouped(Math.min(...whole) + 1), grouped(Math.max(...whole) + 1), ...of);
  }

  /* Everything is there again. */
  function restore() {
    for (const note of all('.print-rows')) note.remove();
    for (const part of all('.tile-table .is-cut')) part.classList.remove('is-cut');
  }

  window.depictio.cutTables = { announce, api, count, restore, rows };
})();
