/*
 * One plot: what plotly.js draws into an element, how large, and what the reader picks there; and plotly.js itself, which is
 * fetched with the page and evaluated when something is to be drawn. painting.js says what is drawn, and when.
 *
 *   load()                        evaluate plotly.js; a promise
 *   plot(tile, element, options)  what is known of an element to draw into: `box`, which says how large it is, and `size`
 *                                 of what is drawn, empty if nothing is; whoever sees that the box has changed sets
 *                                 `isSized` to false
 *   draw(plot, figure, refuse)    draw this; an error is given to `refuse`
 *   move(plot, figure)            whether marks.js or sketch.js could show this in the place of what is drawn
 *   resize(plot)                  whether it has another size, in which it is drawn now
 *   clear(plot)                   take away what the reader has drawn to select something
 *   purge(plot)                   take away all that is drawn
 *   selected(event)               what an event of plotly.js says to be selected
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  // What plotly.js says itself, and what it shall say.
  const WORDS = {
    Zoom: tr('Zoom'), 'Zoom in': tr('Zoom in'), 'Zoom out': tr('Zoom out'), Pan: tr('Pan'), 'Box Select': tr('Box Select'),
    'Lasso Select': tr('Lasso Select'), 'Reset axes': tr('Reset axes'), 'Reset view': tr('Reset view'),
    'Orbital rotation': tr('Orbital rotation'), 'Turntable rotation': tr('Turntable rotation'),
    'Reset camera to default': tr('Reset camera to default'), 'Reset camera to last save': tr('Reset camera to last save'),
    'Download plot': tr('Download plot'), 'Download plot as a PNG': tr('Download plot as a PNG'),
    'Toggle show closest data on hover': tr('Toggle show closest data on hover'),
    'Double-click to zoom back out': tr('Double-click to zoom back out'),
    'Double-click on legend to isolate one trace': tr('Double-click on legend to isolate one trace'),
    'min:': tr('min:'), 'max:': tr('max:'), 'mean:': tr('mean:'), 'mean ± σ:': tr('mean ± σ:'), 'median:': tr('median:'), 'q1:': tr('q1:'), 'q3:': tr('q3:'),
    'lower fence:': tr('lower fence:'), 'upper fence:': tr('upper fence:'), 'kde:': tr('kde:'),
  };

  const { contexts, marks, sketch } = window.depictio;
  const GAPS = 8; // Pixels of a legend behind its last word.
  const ABOVE = { 'legend.title.side': 'top' };

  function plot(tile, element, { config, onSelect }) {
    const box = element.closest('.tile-figure') || element;
    const made = { tile, element, box, config, onSelect, size: '', isSized: false };
    remember(made);
    return made;
  }

  function draw(plot, { data, layout }, refuse) {
    const { tile, element, config, isSized } = plot;
    const isFirst = !plot.size;
    plot.size = sizeOf(element);
    plot.isSized = true;
    try {
      const traces = contexts.fitted(element, window.depictio.clicks.dress(tile, data));
      fit(layout, plot, isFirst || !isSized);
      keepCleared(layout, element);
      window.Plotly.react(element, traces, layout, config).then(() => drawn(plot), refuse);
      if (isFirst) listen(plot);
    } catch (error) {
      refuse(error);
    }
  }

  function drawn(plot) {
    sketch.clear(plot.element);
    makeRoom(plot);
  }

  const move = ({ element, size }, figure) => Boolean(size) && (marks.move(element, figure) || sketch.move(element, figure));

  // -- its legend and its size

  /*
   * A legend of many rows would lie over the titles beneath it. How many it has is known when it is drawn, as is whether
   * it leaves the plot: plotly.js breaks it into rows as if its own title took no room. Then the title stands above it.
   */
  function makeRoom(plot) {
    const { layout } = plot.element;
    if (!plot.isUnderTitle && isTooWide(plot.element)) {
      plot.isUnderTitle = true;
      window.Plotly.relayout(plot.element, ABOVE).then(() => makeRoom(plot));
      return;
    }
    const { titles, top } = (layout && layout.meta) || {};
    if (!titles) return;
    const legend = plot.element.querySelector('.legend > .bg');
    plot.top = legend ? Math.max(top, Math.ceil(Number(legend.getAttribute('height'))) + titles) : top;
    if (plot.top !== layout.margin.t) window.Plotly.relayout(plot.element, { 'margin.t': plot.top });
  }

  function isTooWide(element) {
    const drawn = element._fullLayout;
    if (!drawn || !drawn.showlegend) return false;
    const legend = element.querySelector('.legend > .bg');
    return Boolean(legend) && drawn._size.l + Number(legend.getAttribute('width')) > drawn.width + GAPS;
  }

  /* As it was made to fit before, lest it be drawn twice again. Of a plot that keeps its size plotly.js shall not find the
     size out: it asks the page with every drawing. The layout stays the same object, with what the reader has drawn on it,
     by which plotly.js knows that no selection has gone. */
  function fit(layout, { top, isUnderTitle }, isMeasured) {
    const { legend, margin, meta } = layout;
    if (isUnderTitle && legend) layout.legend = { ...legend, title: { ...legend.title, side: 'top' } };
    if (top && meta) layout.margin = { ...margin, t: top };
    if (isMeasured) layout.autosize = true;
    else delete layout.autosize;
  }

  /* Where clicks.js has taken away what was drawn to pick marks, no drawing may bring it back nor miss it: plotly.js would
     say that nothing is selected any more. */
  function keepCleared(layout, { layout: { selections } = {} }) {
    if (selections && !selections.length && !layout.selections) layout.selections = selections;
  }

  const sizeOf = (element) => `${element.clientWidth} ${element.clientHeight}`;

  /* As long as its box has not changed, an element knows how large it is. plotly.js asks with every drawing, and the
     browser would lay out, to answer, what was drawn before it and nobody may see. */
  function remember(plot) {
    for (const side of ['clientWidth', 'clientHeight']) {
      const measured = Object.getOwnPropertyDescriptor(Element.prototype, side).get;
      const get = () => {
        if (!plot.isSized || !(side in plot)) plot[side] = measured.call(plot.element);
        return plot[side];
      };
      Object.defineProperty(plot.element, side, { get, configurable: true });
    }
  }

  function resize(plot) {
    const { element } = plot;
    if (!plot.size || plot.size === sizeOf(element) || !element.clientHeight) return false; // Without a height it is hidden.
    plot.size = sizeOf(element);
    const beside = plot.isUnderTitle && element.layout.legend;
    if (beside) beside.title = { ...beside.title, side: undefined };
    plot.isUnderTitle = false;
    sketch.clear(element);
    window.Plotly.Plots.resize(element).then(() => makeRoom(plot));
    return true;
  }

  function purge(plot) {
    if (plot.size) window.Plotly.purge(plot.element);
    Object.assign(plot, { size: '', isSized: false });
  }

  // -- what the reader picks

  function listen({ tile, element, onSelect }) {
    window.depictio.clicks.listen(tile, element, onSelect);
    const { clicks, panels } = window.depictio;
    element.on('plotly_selected', (event) => {
      if (clicks.clears(tile)) return;
      if (event && clicks.isPickable(tile)) clicks.boxed(tile, element, event, onSelect);
      else if (event) onSelect(selected(panels.read(element, event)));
    });
    element.on('plotly_deselect', () => { if (!clicks.clears(tile)) onSelect(null); });
  }

  /* What a selection says, without the traces that plotly.js adds to each point. */
  function selected({ points, range, lassoPoints, panel, bins }) {
    const said = { points: points.map(({ x, y, lon, lat, customdata }) => ({ x: x ?? lon, y: y ?? lat, customdata })) };
    if (range) said.range = range.map ? flat(range.map) : range;
    if (lassoPoints) said.lassoPoints = lassoPoints.map ? flat(lassoPoints.map) : lassoPoints;
    if (panel) said.panel = panel;
    if (bins) said.bins = bins;
    return said;
  }

  /* Corners on a map as a scatter has them; those of a copy of the Earth beside the first one are brought back. */
  function flat(corners) {
    const lons = corners.map(([lon]) => lon);
    const turn = 360 * Math.round((Math.min(...lons) + Math.max(...lons)) / 720);
    return { x: lons.map((lon) => lon - turn), y: corners.map(([, lat]) => lat) };
  }

  function clear({ element, size }) {
    if (size) window.Plotly.update(element, { selectedpoints: null }, { selections: [] });
  }

  // -- plotly.js

  const load = () => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = document.getElementById('plotly').href;
    script.onload = () => {
      translate();
      resolve();
    };
    script.onerror = reject;
    document.head.append(script);
  });

  function translate() {
    const { lang } = document.documentElement;
    if (lang === 'en') return;
    window.Plotly.register({ moduleType: 'locale', name: lang, dictionary: WORDS, format: window.depictio.cells.calendar });
    window.Plotly.setPlotConfig({ locale: lang });
  }

  window.depictio = Object.assign(window.depictio || {}, { drawing: { clear, draw, load, move, plot, purge, resize, selected } });
})();
