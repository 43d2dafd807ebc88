/*
 * WebGL contexts. A browser keeps 16 of them for a page, on a telephone 8; where one more is made it takes away the oldest,
 * and what was drawn with that is gone. plotly.js makes two for each plot of many points and gives none back. So those of
 * plots that have left the page are given back here, and points are drawn as SVG where no more contexts may be made.
 *
 *   sweep(hasTime)          give back those of canvases that have left the page; while plots wait, which takes time from
 *                           them, only where too few are left
 *   fitted(element, data)   the traces that are to be drawn there: as given, or without WebGL
 *
 * A canvas of a plot whose context the browser has taken all the same says so by the event `depictio:lost`.
 */
(function () {
  'use strict';

  const AS_SVG = { scattergl: 'scatter', scatterpolargl: 'scatterpolar' };
  const OF_A_PLOT = 2;
  const { userAgentData: { mobile: isMobile = false } = {} } = navigator;
  const MOST = isMobile ? 4 : 12; // What is left is for scenes in space, maps, and plots that are being saved as pictures.

  const held = new Map(); // canvas → its context, and whether it has been in the page

  if (window.HTMLCanvasElement) {
    const { prototype } = window.HTMLCanvasElement;
    const plainly = prototype.getContext;
    prototype.getContext = function getContext(kind, ...options) {
      const context = plainly.call(this, kind, ...options);
      if (context && context.isContextLost && !held.has(this)) hold(this, context);
      return context;
    };
  }

  function hold(canvas, context) {
    held.set(canvas, { context, wasShown: canvas.isConnected });
    canvas.addEventListener('webglcontextlost', () => {
      held.delete(canvas);
      if (canvas.isConnected) canvas.dispatchEvent(new CustomEvent('depictio:lost', { bubbles: true }));
    });
  }

  /* A canvas that has never been in the page is somebody's tool, and may be used again. */
  function sweep(hasTime) {
    for (const [canvas, known] of held) {
      if (canvas.isConnected) known.wasShown = true;
      else if (known.wasShown && (hasTime || held.size > MOST)) {
        held.delete(canvas);
        const way = known.context.getExtension('WEBGL_lose_context');
        if (way) way.loseContext();
      }
    }
  }

  function fitted(element, data) {
    if (!data.some(({ type }) => AS_SVG[type])) return data;
    const shown = [...held.keys()].filter((canvas) => canvas.isConnected);
    const others = shown.filter((canvas) => !element.contains(canvas));
    if (others.length < shown.length || others.length + OF_A_PLOT <= MOST) return data;
    return data.map((trace) => (AS_SVG[trace.type] ? { ...trace, type: AS_SVG[trace.type] } : trace));
  }

  window.depictio = Object.assign(window.depictio || {}, { contexts: { fitted, sweep } });
})();
