/*
 * Maps on paper. What they are drawn on is gone as soon as it has been on the screen, so a browser prints an empty box:
 * each map is drawn once more and copied on a canvas that stays, which lies above it until the page has been printed.
 */
(function () {
  'use strict';

  const KEY = /^map\d*$/; // What Plotly calls the maps of a plot.

  function mapsOf(graph) {
    const layout = graph._fullLayout || {};
    return Object.keys(layout).filter((key) => KEY.test(key)).map((key) => layout[key]._subplot && layout[key]._subplot.map).filter(Boolean);
  }

  function copy(map) {
    map.redraw();
    const drawn = map.getCanvas();
    const kept = document.createElement('canvas');
    kept.className = 'print-map';
    [kept.width, kept.height] = [drawn.width, drawn.height];
    kept.getContext('2d').drawImage(drawn, 0, 0);
    drawn.after(kept);
  }

  function put() {
    remove();
    for (const graph of document.querySelectorAll('.tile-section .tile-graph.js-plotly-plot')) mapsOf(graph).forEach(copy);
  }

  const remove = () => document.querySelectorAll('.print-map').forEach((one) => one.remove());

  window.addEventListener('beforeprint', put);
  window.addEventListener('afterprint', remove);
})();
