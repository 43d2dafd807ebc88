/*
 * AG Grid's theme has a rule whose subject is any element that has a grid right inside (`:has(> …)`); by it values reach a
 * grid from the element around it. With such a rule the browser styles all ancestors of whatever changes anew, each
 * time, and the measuring of a plot's labels takes ten times as long on a page with a table. `.tile-table` gives its
 * grid those values itself (board.css), so the rule is taken out before the page has it: once it was applied, elements
 * stay marked.
 */
(function () {
  'use strict';

  const RULE = /:has\(> :where\(\.ag-theme-params-\d+\)\)[^{}]*\{(?:[^{}]|\{[^{}]*\})*\}/g; // with blocks of its own inside

  function lighten(node) {
    const isTheme = node instanceof HTMLStyleElement && (node.dataset.agCss || '').startsWith('ag-theme-params');
    if (isTheme) node.textContent = node.textContent.replace(RULE, '');
    return node;
  }

  /* The two ways by which AG Grid brings styles into the head. */
  const { head } = document;
  head.insertBefore = (node, place) => Node.prototype.insertBefore.call(head, lighten(node), place);
  HTMLStyleElement.prototype.after = function after(...nodes) {
    Element.prototype.after.apply(this, nodes.map(lighten));
  };
})();
