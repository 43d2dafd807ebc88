/*
 * Elements, icons and pictures that Dash need not know: drawn from the same description as its own, and to the same
 * elements; what Dash does know fills the holes among them.
 */
(function () {
  'use strict';

  const { createElement, useMemo } = window.React;

  /* One with another id is another element, as it is for Dash: what was pressed does not become something else. */
  function named(id) {
    const name = id && typeof id === 'object' ? window.dash_component_api.stringifyId(id) : id;
    return name ? { id: name, key: name } : {};
  }

  function drawn(node, live) {
    if (!node || typeof node !== 'object') return node;
    if ('hole' in node) return live[node.hole];
    const { type, namespace, props: { children, ...given } } = node;
    const kind = namespace === 'dash_views' ? window.dash_views[type] : type.toLowerCase();
    return createElement(kind, { ...given, ...named(given.id) }, ...[children].flat().map((one) => drawn(one, live)));
  }

  function Still({ parts, children }) {
    return useMemo(() => {
      const live = [children].flat();
      return createElement(window.React.Fragment, null, ...parts.map((one) => drawn(one, live)));
    }, [parts, children]);
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Still });
})();
