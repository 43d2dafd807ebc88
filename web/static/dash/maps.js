/*
 * Maps by keyboard. Tab goes to a map, where MapLibre moves and zooms by arrow keys, plus and minus; Enter selects the
 * region or the point in the middle, which a cross marks, as a click there would.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    map: tr('Map. Arrow keys move it, plus and minus zoom. Enter selects what is in the middle.'),
    density: tr('Map. Arrow keys move it, plus and minus zoom. Enter selects the part that is in sight.'),
  };
  const NEAR = 30; // Pixels from the middle within which a point is picked.

  const isMap = (element) => element instanceof Element && element.classList.contains('maplibregl-canvas');

  /* The mark in the middle of a map: its trace and its place there. */
  function middle(graph) {
    const { map } = graph._fullLayout.map._subplot;
    const center = map.getCenter().wrap();
    const [x, y] = [map.getCanvas().clientWidth / 2, map.getCanvas().clientHeight / 2];
    let best = null;
    for (const marks of graph.calcdata) {
      const [{ trace }] = marks;
      for (let at = 0; at < marks.length; at += 1) {
        const far = trace.type === 'scattermap' ? distance(map, marks[at].lonlat, x, y) : outside(marks[at], center);
        if (far <= NEAR && (!best || far < best.far)) best = { trace, at, far };
      }
    }
    return best;
  }

  function distance(map, lonlat, x, y) {
    if (!lonlat || Number.isNaN(lonlat[0])) return Infinity;
    const place = map.project(lonlat);
    return Math.hypot(place.x - x, place.y - y);
  }

  /* 0 of the region that holds the place; a density has no regions. */
  function outside(mark, { lng, lat }) {
    return (mark._polygons || []).some((polygon) => polygon.contains([lng, lat])) ? 0 : Infinity;
  }

  /* Of a density there are no marks to pick: what the window of the map shows, as a box around it would. */
  const isDensity = (graph) => graph._fullData.every((trace) => trace.type === 'densitymap' || (trace.meta && trace.meta.tools));

  function selectSight(graph) {
    const sight = graph._fullLayout.map._subplot.map.getBounds();
    graph.emit('plotly_selected', { points: [], range: { map: [sight.getNorthWest().toArray(), sight.getSouthEast().toArray()] } });
  }

  function select(graph) {
    if (!graph._fullLayout.clickmode.includes('select')) return;
    if (isDensity(graph)) {
      selectSight(graph);
      return;
    }
    const found = middle(graph);
    if (!found) return;
    const { trace, at } = found;
    const chosen = graph._fullData.map((one) => (one === trace || one.index === trace.index ? [at] : []));
    window.Plotly.restyle(graph, { selectedpoints: chosen });
    const [lon, lat] = trace.lon ? [trace.lon[at], trace.lat[at]] : [];
    graph.emit('plotly_selected', { points: [{ lon, lat, customdata: trace.customdata && trace.customdata[at] }] });
  }

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !isMap(event.target)) return;
    event.preventDefault();
    select(event.target.closest('.js-plotly-plot'));
  });

  document.addEventListener('focusin', ({ target }) => {
    if (isMap(target)) target.setAttribute('aria-label', isDensity(target.closest('.js-plotly-plot')) ? WORDS.density : WORDS.map);
  });
})();
