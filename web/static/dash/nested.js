/*
 * Marks of matrices, densities and trees, which are not one number along an axis: which cell or path a place of a trace
 * is, and how those that are picked stand out. clicks.js does with them what it does with bars.
 */
(function () {
  'use strict';

  const TREES = ['sunburst', 'treemap', 'icicle'];
  const [ROOT, SEPARATOR] = ['\u001e', '\u001f']; // As in figures/shares.py.
  const PALE = 0.3;
  const FADED = '4d'; // The same as the last two digits of a colour.

  const isTree = (trace) => TREES.includes(trace.type);
  const holds = (trace) => trace.type === 'heatmap' || isTree(trace);

  const widthOf = (trace) => (trace.z.length ? trace.z[0].length : 0);
  const count = (trace) => (isTree(trace) ? trace.ids.length : trace.z.length * widthOf(trace));
  const valueOf = (trace, index) => (isTree(trace) ? trace.values[index] : trace.z[Math.floor(index / widthOf(trace))][index % widthOf(trace)]);

  /* The number of the place that was hit: of a cell plotly.js says row and column. */
  const indexOf = ({ data, pointNumber }) => (Array.isArray(pointNumber) ? pointNumber[0] * widthOf(data) + pointNumber[1] : pointNumber);

  /* What a place stands for; nothing for the root of a tree and for a cell without rows. */
  function mark(tile, trace, index) {
    if (isTree(trace)) return pathOf(trace.ids[index]);
    if (!Number.isFinite(valueOf(trace, index))) return {};
    const [row, column] = [Math.floor(index / widthOf(trace)), index % widthOf(trace)];
    const { edges, panel = {} } = trace.meta || {};
    const panels = tile.also.slice(1).map(({ role }) => panel[role]);
    if (tile.pick === 'cell') return { label: trace.x[column], also: [trace.y[row], ...panels] };
    const [low, high] = between(edges.x, column);
    return { label: column, low, high, also: [between(edges.y, row), ...panels] };
  }

  /* Cells at the ends of an axis are open there: that is how they are counted. */
  const between = (inner, at) => [at ? inner[at - 1] : null, at < inner.length ? inner[at] : null];

  function pathOf(id) {
    if (!id || id === ROOT) return {};
    const [label, ...also] = id.split(SEPARATOR);
    return { label, also };
  }

  /* What a click on a tree says: with a key held down one more path, else that of the level which it opens. */
  function opened({ points: [point], event, nextLevel }) {
    const adds = Boolean(event && (event.ctrlKey || event.metaKey || event.shiftKey));
    const own = pathOf(point.data.ids[point.pointNumber]);
    if (adds || nextLevel === undefined) return { found: own, adds, isLeft: !adds };
    return { found: { ...pathOf(nextLevel), only: true }, adds, isLeft: true };
  }

  /* The traces with what is picked standing out: a matrix has its picked cells once more above a pale one. */
  function dress(tile, trace, isPicked) {
    const isOn = Array.from({ length: count(trace) }, (_, index) => {
      const one = mark(tile, trace, index);
      return one.label !== undefined && isPicked(one);
    });
    if (isTree(trace)) {
      const colors = trace.marker.colors.map((colour, index) => (isOn[index] ? colour : colour + FADED));
      return [{ ...trace, marker: { ...trace.marker, colors } }];
    }
    const width = widthOf(trace);
    const z = trace.z.map((cells, row) => Array.from(cells, (cell, column) => (isOn[row * width + column] ? cell : NaN)));
    return [{ ...trace, opacity: PALE }, { ...trace, z, showscale: false }];
  }

  window.depictio = Object.assign(window.depictio || {}, { nested: { TREES, count, dress, holds, indexOf, isTree, mark, opened, valueOf } });
})();
