/*
 * Selections in figures of several panels. What is drawn within a distribution beside the points, or a click on one of
 * its bars, means the points that it is made of; a region of a facet means the rows of that facet. panels.py says by the
 * `meta` of each trace which panel it belongs to, and which ones are `beside`.
 */
(function () {
  'use strict';

  const AXES = ['x', 'y'];

  const isBeside = (trace) => Boolean(trace && trace.meta && trace.meta.beside);
  const isPoints = (trace) => !isBeside(trace) && (trace.type || '').startsWith('scatter') && /markers/.test(trace.mode || '');
  const refOf = (trace, axis) => trace[`${axis}axis`] || axis;
  const axisOf = (graph, ref) => graph._fullLayout[`${ref[0]}axis${ref.slice(1)}`];
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  /* The axes that something was drawn on, as plotly.js calls them: `x2`, `y`. */
  const refsOf = (drawn) => AXES.map((axis) => Object.keys(drawn).find((key) => key[0] === axis));

  /* What was selected, told by x and y whatever the panel is. */
  function read(graph, event) {
    const drawn = event.range || event.lassoPoints;
    if (!drawn || drawn.map || !graph.data) return event; // A click, or on a map.
    const refs = refsOf(drawn);
    if (!refs.every(Boolean)) return event;
    const isThere = (trace) => AXES.every((axis, at) => refOf(trace, axis) === refs[at]);
    if (graph.data.some((trace) => isBeside(trace) && isThere(trace))) return below(graph, refs, drawn);
    const plain = (part) => part && { x: part[refs[0]], y: part[refs[1]] };
    return { ...event, range: plain(event.range), lassoPoints: plain(event.lassoPoints), panel: panelOf(graph, isThere) };
  }

  function panelOf(graph, isThere) {
    const found = graph.data.find((trace) => isPoints(trace) && isThere(trace));
    return found && found.meta && found.meta.panel;
  }

  /* The points below what was drawn within a distribution; it says nothing of their other axis. */
  function below(graph, refs, drawn) {
    const at = graph.data.some((trace) => isPoints(trace) && refOf(trace, 'x') === refs[0]) ? 0 : 1;
    const axis = axisOf(graph, refs[at]);
    const number = (end) => (axis.type === 'category' ? end : axis.d2c(end));
    const ends = [...drawn[refs[at]]].sort((one, other) => number(one) - number(other));
    const [low, high] = [ends[0], ends.at(-1)];
    const found = chosen(graph, refs[at], (value) => value >= number(low) && value <= number(high));
    return { ...found, range: { x: null, y: null, [AXES[at]]: [low, high] } };
  }

  /* The points on an axis whose values pass; the others become pale. */
  function chosen(graph, ref, passes) {
    const axis = axisOf(graph, ref);
    const isThere = (trace) => refOf(trace, ref[0]) === ref;
    const lists = [];
    const points = [];
    const places = graph.data.flatMap((trace, place) => (isPoints(trace) ? [place] : []));
    for (const place of places) {
      const trace = graph.data[place];
      const values = isThere(trace) ? Array.from(trace[ref[0]]) : [];
      lists.push(values.flatMap((value, index) => (passes(axis.d2c(value)) ? [index] : [])));
      for (const index of lists.at(-1)) {
        points.push({ x: trace.x[index], y: trace.y[index], customdata: trace.customdata && trace.customdata[index] });
      }
    }
    const before = places.map((place) => graph.data[place].selectedpoints);
    window.Plotly.restyle(graph, { selectedpoints: lists }, places);
    return { points, panel: panelOf(graph, isThere), isAgain: same(before, lists) };
  }

  /* A click on a bar beside the points: those that it counts. The same click again takes it back. */
  function ofBar(graph, { data: trace, pointNumber }, markOf) {
    const axis = trace.orientation === 'h' ? 'y' : 'x';
    const ref = refOf(trace, axis);
    const { low, high } = markOf({ pick: 'bin' }, trace, pointNumber);
    if (low === undefined) return undefined;
    const { d2c } = axisOf(graph, ref);
    const passes = (value) => (low === null || value >= d2c(low)) && (high === null || value < d2c(high));
    const found = chosen(graph, ref, passes);
    if (!found.isAgain) return { ...found, bins: { [axis]: [low, high] } };
    window.Plotly.restyle(graph, { selectedpoints: null });
    return null;
  }

  window.depictio = Object.assign(window.depictio || {}, { panels: { isBeside, ofBar, read } });
})();
