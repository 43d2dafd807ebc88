/* An icon of the page's sprite. It takes the colour of the text around it. */
(function () {
  'use strict';

  const { createElement } = window.React;

  function Icon({ name, className }) {
    const use = createElement('use', { href: `/static/vendor/icons.svg#${name}` });
    return createElement('svg', { className, 'aria-hidden': true, focusable: false }, use);
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Icon });
})();
