/*
 * The Fold component: `details` with a heading. A form has dozens of controls in folds, and making them takes longer
 * than the preview above them; so those of a closed fold are made when it is opened, or when the browser is idle after
 * plots have been drawn.
 */
(function () {
  'use strict';

  const { createElement, useEffect, useState } = window.React;
  const NOT_BEFORE = 50; // Milliseconds in which the fields above them are drawn.
  const WITHIN = 2000; // Milliseconds after which a browser that is never idle makes the controls, too.

  const whenIdle = (act) => {
    if (window.requestIdleCallback) window.requestIdleCallback(act, { timeout: WITHIN });
    else act();
  };

  function Fold({ heading, isOpen, children }) {
    const [isMade, make] = useState(Boolean(isOpen));
    const makeNow = () => make(true);
    useEffect(() => {
      if (isMade) return undefined;
      const timer = window.setTimeout(() => whenIdle(makeNow), NOT_BEFORE);
      return () => window.clearTimeout(timer);
    }, []);
    useEffect(() => { if (isMade) document.dispatchEvent(new CustomEvent('depictio:made')); }, [isMade]);
    return createElement(
      'details', { className: 'form-fold', open: Boolean(isOpen), onToggle: makeNow },
      createElement('summary', null, heading),
      createElement('div', { className: 'fold-fields' }, isMade ? children : null),
    );
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Fold });
})();
