/* The Toggle component: a check box that screen readers call a switch. */
(function () {
  'use strict';

  const { createElement } = window.React;

  function Toggle({ label, value, setProps }) {
    const onChange = ({ target }) => setProps({ value: target.checked });
    const box = createElement('input', { type: 'checkbox', role: 'switch', checked: Boolean(value), onChange });
    return createElement('label', { className: 'dp-toggle' }, box, createElement('span', null, label));
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Toggle });
})();
