/*
 * The bars and lines of a plot that plotly.js has drawn, moved to other numbers without it: only the shapes' outlines are
 * written, a hundred times as fast as drawing the plot. The axes stay as they are. It is for the frames while a slider
 * moves; painting.js has plotly.js draw the plot when the slider rests.
 *
 *   move(element, figure)       whether that went; if not, nothing has changed and the plot is to be drawn
 *   suits(axis, before, after)  whether an axis that was made for the extent before may stay for the one after
 *   lasting(find)               `find`, which says what can be moved of a drawn plot, asked only when that may have changed
 */
(function () {
  'use strict';

  const LEAST = 0.5; // When numbers shrink below this part of what they were, the axes should follow.
  const TYPES = new Set(['linear', 'log']);
  const OUTLINE = /^M([-\d.e]+),[-\d.e]+V[-\d.e]+H([-\d.e]+)V/;

  function move(element, { data }) {
    const drawn = drawnOf(element);
    if (!drawn || data.length !== element.data.length) return false;
    if (!data.every((trace, at) => isAlike(trace, element.data[at]) && isNumbers(trace.y))) return false;
    const spans = spansOf(drawn, data);
    if (!suits(drawn.y, drawn.extent, extent(drawn.y, spans))) return false;
    drawn.traces.forEach((trace, at) => trace.write(spans[at]));
    // What plotly.js draws next, for whatever reason, shall be this.
    data.forEach(({ y, customdata }, at) => Object.assign(element.data[at], { y }, customdata && { customdata }));
    return true;
  }

  /* What `find` says of a plot that is drawn, until plotly.js calculates it or sets its axes up anew. */
  function lasting(find) {
    const kept = new WeakMap();
    return (element) => {
      const { calcdata, _fullLayout: layout } = element;
      if (!calcdata || !layout) return null;
      const before = kept.get(element);
      if (before && before.calcdata === calcdata && before.layout === layout) return before.drawn;
      const drawn = find(element, layout);
      kept.set(element, { calcdata, layout, drawn });
      return drawn;
    };
  }

  const drawnOf = lasting(found);

  /* What can be moved; null when the plot has other shapes than these. */
  function found(element, { xaxis: x, yaxis: y, bargap, barmode }) {
    if (!x || !y || !TYPES.has(y.type) || !element.data.every((trace) => trace.y && isNumbers(trace.y))) return null;
    const bars = [...element.querySelectorAll('.barlayer > .trace')].map((group) => barsOf(group, y, bargap === 0));
    const lines = [...element.querySelectorAll('.scatterlayer > .trace')].map((group) => lineOf(group, x, y));
    const traces = [...bars, ...lines];
    if (!traces.length || traces.includes(null) || (bars.length && lines.length)) return null;
    traces.sort((a, b) => a.index - b.index);
    const drawn = { traces, y, isStacked: barmode === 'stack', extent: null };
    drawn.extent = extent(y, spansOf(drawn, element.data));
    return drawn;
  }

  /* From where to where each shape goes, trace by trace. */
  function spansOf({ traces, isStacked }, data) {
    const below = isStacked ? new Map() : null;
    return traces.map((trace) => trace.spans(data[trace.index].y, below));
  }

  // -- bars: each from what lies below it to that and its value

  function barsOf(group, y, isGapless) {
    const [first] = group.__data__;
    const bars = [...group.querySelectorAll('.points > .point')].map((point) => barOf(point));
    if (first.trace.orientation === 'h' || bars.includes(null)) return null;
    const spans = (values, below) => bars.map(({ at, place }) => {
      const from = below ? below.get(place) || 0 : 0;
      const to = from + values[at];
      if (below) below.set(place, to);
      return [from, to];
    });
    const write = (ends) => bars.forEach(({ path, left, right }, at) => {
      const [from, to] = ends[at].map((value) => y.c2p(value, true));
      const low = edge(from, to, isGapless);
      const high = edge(to, low, isGapless);
      path.setAttribute('d', `M${left},${low}V${high}H${right}V${low}Z`);
    });
    return { index: first.trace.index, spans, write };
  }

  function barOf(point) {
    const path = point.querySelector('path');
    const outline = path && OUTLINE.exec(path.getAttribute('d'));
    const { i: at, p: place } = point.__data__;
    return outline && !point.querySelector('text') ? { path, at, place, left: outline[1], right: outline[2] } : null;
  }

  /* The edge of a bar as plotly.js sets it: on whole pixels, if bars touch each other or are thin. */
  function edge(own, other, isGapless) {
    if (own === other) return own;
    if (Math.abs(own - other) >= 2) return isGapless ? Math.round(own) : own;
    return own > other ? Math.ceil(own) : Math.floor(own);
  }

  // -- lines, with or without a marker at each point

  function lineOf(group, x, y) {
    const points = group.__data__;
    const paths = group.querySelectorAll('.js-line');
    const markers = [...group.querySelectorAll('.points > .point')];
    const { line, fill } = points[0].trace;
    const isPlain = paths.length === 1 && line.shape === 'linear' && fill === 'none' && !group.querySelector('.errorbar, .textpoint');
    if (!isPlain || (markers.length && markers.length !== points.length)) return null;
    const across = points.map((point) => x.c2p(point.x));
    const spans = (values) => points.map((_, at) => [values[at], values[at]]);
    const write = (ends) => {
      const places = ends.map(([value], at) => `${across[at]},${y.c2p(value, true)}`);
      paths[0].setAttribute('d', `M${places.join('L')}`);
      markers.forEach((marker, at) => marker.setAttribute('transform', `translate(${places[at]})`));
    };
    return { index: points[0].trace.index, spans, write };
  }

  // -- what can be moved

  const isNumbers = (values) => values.length > 0 && values.every(Number.isFinite);

  /* Another figure of the same traces over the same places. */
  function isAlike(one, other) {
    if (one.type !== other.type || one.name !== other.name) return false;
    return one.x === other.x || (one.x.length === other.x.length && one.x.every((value, at) => value === other.x[at]));
  }

  /* The least and the most on the axis, on its own scale. */
  function extent(y, spans) {
    const ends = spans.flat(2);
    const seen = (y.type === 'log' ? ends.filter((end) => end > 0) : ends).map((end) => y.c2l(end));
    return [Math.min(...seen), Math.max(...seen)];
  }

  /* Whether an axis, made for numbers from here to there, suits others as well; one that the reader has set always does. */
  function suits(axis, [before, after], [low, high]) {
    if (!axis.autorange) return true;
    const [least, most] = axis.range.map((end) => axis.r2l(end));
    return least <= low && high <= most && high - low >= LEAST * (after - before);
  }

  window.depictio = Object.assign(window.depictio || {}, { marks: { lasting, move, suits } });
})();
