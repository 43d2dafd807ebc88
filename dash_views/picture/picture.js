/* A small drawing: each stroke is a class, which css/builder.css gives its ink, and a path. */
(function () {
  'use strict';

  const { createElement } = window.React;

  function Picture({ strokes, box, className }) {
    const paths = strokes.map(([ink, d], place) => createElement('path', { key: place, className: `ink-${ink}`, d }));
    return createElement('svg', { className, viewBox: box, 'aria-hidden': true, focusable: false }, paths);
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Picture });
})();
