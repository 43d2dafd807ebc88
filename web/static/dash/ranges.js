/*
 * What tiles show under a range of a slider, added up from places: see persistence/frames/brush.py for what these are,
 * and dash_views/brushing.py for how they come. Pure functions.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    empty: tr('No rows match the filters.'),
    some: (matched, total) => tr('{matched} of {total} rows', { matched, total }),
  };

  const { wire } = window.depictio;
  const NARROW_SPACE = '\u202f';
  const DIGITS = 100; // As many as JavaScript writes; numbers in question have fewer.
  const BLANK = { data: [], layout: { xaxis: { visible: false }, yaxis: { visible: false } } };
  const EMPTY = { text: WORDS.empty, failed: false };

  /* The brush with the sums of all places before each, so that a range of any width costs a subtraction a cell. */
  function prepared(brush) {
    const made = { ...brush, matched: summed(brush.matched, 1), tiles: {} };
    for (const [id, tile] of Object.entries(brush.tiles)) {
      const { cells } = tile;
      const sums = { rows: summed(tile.rows, cells), counts: null, sums: null };
      for (const name of ['counts', 'sums']) if (tile[name]) sums[name] = summed(tile[name], cells);
      made.tiles[id] = { ...tile, ...sums };
    }
    return made;
  }

  function summed(values, cells) {
    const found = new Float64Array(values.length + cells);
    for (let at = 0; at < values.length; at += 1) found[at + cells] = found[at] + values[at];
    return found;
  }

  /* The places of what a slider wishes, and whether these are just what it wishes or those of the nearest edges. */
  function span({ edges, starts, stops, ranked, places }, wishes) {
    if (!wishes || !wishes.length) return { start: 0, stop: places, isExact: true };
    const [low, high] = wishes[0][1].map((side) => (side === null ? null : nearest(edges, side)));
    const isExact = wishes[0][1].every((side, at) => side === null || edges[[low, high][at]] === side);
    const start = low === null ? 0 : starts[low];
    return { start, stop: Math.max(start, high === null ? ranked : stops[high]), isExact };
  }

  function nearest(edges, value) {
    let best = 0;
    for (let at = 1; at < edges.length; at += 1) if (Math.abs(edges[at] - value) < Math.abs(edges[best] - value)) best = at;
    return best;
  }

  const between = (sums, cells, { start, stop }, cell) => sums[stop * cells + cell] - sums[start * cells + cell];

  const counted = (tile, places, cell) => between(tile.counts || tile.rows, tile.cells, places, cell);

  /* The number of a cell; NaN where there is none. */
  function value(tile, places, cell) {
    const { aggregation, cells, sums } = tile;
    if (aggregation === 'count') return counted(tile, places, cell);
    const count = counted(tile, places, cell);
    if (!count) return aggregation === 'sum' ? 0 : NaN; // What is left of subtracting equal sums is no sum.
    return between(sums, cells, places, cell) / (aggregation === 'mean' ? count : 1);
  }

  /* What `tiles.show` takes, with the figure if the tile is one. */
  function entry(brush, id, places) {
    const tile = brush.tiles[id];
    const badge = rowsBadge(between(brush.matched, 1, places, 0), brush.total);
    if (tile.card) return { badge, notice: null, number: number(tile, places) };
    const figure = drawn(tile, places);
    return figure.data.length ? { badge, notice: null, figure } : { badge, notice: EMPTY, figure: BLANK };
  }

  function drawn(tile, places) {
    const { data, layout } = wire.cast(tile.figure.mould, tile.figure.arrays);
    return { data: data.map((trace) => filled(tile, places, trace)).filter(Boolean), layout };
  }

  /* The trace with numbers in place of cells, without what has no rows; null when nothing is left of it. */
  function filled(tile, places, trace) {
    const rows = Float64Array.from(trace.y, (cell) => between(tile.rows, tile.cells, places, cell));
    if (tile.drops && !rows.some(Boolean)) return null;
    const y = Float64Array.from(trace.y, (cell) => value(tile, places, cell));
    if (tile.drops !== 'points') return { ...trace, y };
    const kept = (list) => list.filter((_, at) => rows[at]);
    const made = { ...trace, x: kept(trace.x), y: kept(y) };
    if (trace.customdata) made.customdata = kept(rows);
    return made;
  }

  function number(tile, places) {
    const { decimals, unit, note: [before, after] } = tile.card;
    const found = value(tile, places, 0);
    const note = before + grouped(counted(tile, places, 0), 0) + after;
    if (Number.isNaN(found)) return { value: '\u2014', unit: '', note };
    return { value: tile.aggregation === 'count' ? grouped(found, 0) : text(found, decimals), unit, note };
  }

  function rowsBadge(matched, total) {
    return matched === total ? '' : WORDS.some(grouped(matched, 0), grouped(total, 0));
  }

  // -- numbers as dash_views/answers.py writes them, which rounds halves to even digits as Python does

  function text(found, decimals) {
    const size = Math.abs(found);
    return found && !(size >= 1e-3 && size < 1e9) ? exponential(found, Math.max(decimals, 2)) : grouped(found, decimals);
  }

  function grouped(found, decimals) {
    const [whole, part] = fixed(found, decimals).split('.');
    const parted = whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
    return part === undefined ? parted : `${parted}.${part}`;
  }

  function fixed(found, decimals) {
    const sign = found < 0 || Object.is(found, -0) ? '-' : '';
    return sign + halfToEven(Math.abs(found).toFixed(DIGITS), Math.abs(found).toFixed(decimals), decimals);
  }

  function exponential(found, decimals) {
    const [digits, power] = Math.abs(found).toExponential(decimals).split('e');
    const [all, exact] = Math.abs(found).toExponential(DIGITS).split('e');
    const kept = exact === power ? halfToEven(all, digits, decimals) : digits;
    return `${found < 0 ? '-' : ''}${kept}e${power[0]}${power.slice(1).padStart(2, '0')}`;
  }

  /* JavaScript rounds a half up; the digits before an exact half, all that there are, are right where they are even. */
  function halfToEven(all, rounded, decimals) {
    const cut = all.indexOf('.') + 1 + decimals;
    if (!/^50*$/.test(all.slice(cut))) return rounded;
    const before = all.slice(0, decimals ? cut : cut - 1);
    return Number(before.at(-1)) % 2 ? rounded : before;
  }

  window.depictio = Object.assign(window.depictio || {}, { ranges: { entry, grouped, prepared, span, text } });
})();
