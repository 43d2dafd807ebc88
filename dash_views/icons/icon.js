/* An icon of the page's sprite. It takes the colour of the text around it. */
(function () {
  'use strict';

  const { createElement } = window.React;

  // A page that marks the address of its sprite spares the browser another look whether it has changed.
  const SPRITE = document.documentElement.dataset.icons || '/static/vendor/icons.svg';
  const symbol = (name) => `${SPRITE}#${name}`;

  function Icon({ name, className }) {
    const use = createElement('use', { href: symbol(name) });
    return createElement('svg', { className, 'aria-hidden': true, focusable: false }, use);
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Icon, symbol });
})();
