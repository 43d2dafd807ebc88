/*
 * The Later component: a part of the side panel whose making takes longer than the preview above it, so it waits until
 * that is on the screen.
 */
(function () {
  'use strict';

  const { createElement, useEffect, useState } = window.React;
  const PREVIEW = 'preview';
  const WITHIN = 300; // Milliseconds after which a plot is waited for no longer.

  const afterPaint = (act) => window.requestAnimationFrame(() => window.setTimeout(act, 0));
  const awaitsPlot = () => Boolean(document.querySelector(`#aside [data-figure="${PREVIEW}"]`));

  function Later({ className, children }) {
    const [isMade, make] = useState(false);
    useEffect(() => {
      let isLeft = false;
      let timer = 0;
      const makeNow = () => afterPaint(() => { if (!isLeft) make(true); });
      const painted = ({ detail }) => { if (detail === PREVIEW) makeNow(); };
      if (awaitsPlot()) {
        document.addEventListener('depictio:painted', painted);
        timer = window.setTimeout(makeNow, WITHIN);
      } else makeNow();
      return () => {
        isLeft = true;
        window.clearTimeout(timer);
        document.removeEventListener('depictio:painted', painted);
      };
    }, []);
    useEffect(() => { if (isMade) document.dispatchEvent(new CustomEvent('depictio:made')); }, [isMade]);
    return createElement('div', { className, 'data-later': isMade ? undefined : '' }, isMade ? children : null);
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Later });
})();
