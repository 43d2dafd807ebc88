/* The Plot component: an empty element that painting.js draws into, and that tells Dash what is selected there. */
(function () {
  'use strict';

  const { createElement, useEffect, useRef } = window.React;

  function Plot({ tile, className, config, figure, setProps }) {
    const place = useRef(null);
    const tell = useRef(null);
    tell.current = (selectedData) => setProps({ selectedData });
    useEffect(() => {
      const { painting } = window.depictio;
      const element = place.current;
      painting.place(tile, element, { config, onSelect: (data) => tell.current(data) });
      return () => painting.leave(tile, element);
    }, [tile]);
    useEffect(() => {
      if (!figure) return;
      window.depictio.painting.paint(tile, figure, { atOnce: true });
      window.depictio.painting.open();
    }, [tile, figure]);
    return createElement('div', { className, 'data-figure': tile }, createElement('div', { ref: place, className: 'tile-graph' }));
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Plot });
})();
