/* The Card component: an element that cards.js fills with the number, face and delta of an answer. */
(function () {
  'use strict';

  const { createElement, useEffect, useRef } = window.React;

  function Card({ entry }) {
    const place = useRef(null);
    useEffect(() => place.current.replaceChildren(...window.depictio.cards.content(entry)), [entry]);
    return createElement('div', { className: 'tile-number', ref: place });
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Card });
})();
