/* Elements and icons that Dash need not know: drawn from the same description as its own, and to the same elements. */
(function () {
  'use strict';

  const { createElement, useMemo } = window.React;

  function drawn(node) {
    if (!node || typeof node !== 'object') return node;
    const { type, namespace, props: { children, ...given } } = node;
    const kind = namespace === 'dash_views' ? window.dash_views[type] : type.toLowerCase();
    return createElement(kind, given, ...[children].flat().map(drawn));
  }

  function Still({ parts }) {
    return useMemo(() => createElement(window.React.Fragment, null, ...parts.map(drawn)), [parts]);
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Still });
})();
