/*
 * Every word of the grid, its tabs and its sections, marked for translators: see docs/translating.md. What stands in a
 * sentence is given to it, so that another language may order its words in its own way.
 */
(function () {
  'use strict';

  const { tr, trn } = window.depictio;
  const columns = (n) => trn('{n} column', '{n} columns', n);
  const rows = (n) => trn('{n} row', '{n} rows', n);

  const grid = {
    keyboard: tr('Arrow keys move the tile, Shift and arrow keys resize it. Space chooses it together with others. N adds a new one.'),
    collapsed: tr('Hold a heading and drag to move its tile, pull its lower edge to make it higher. Wider windows show tiles side by side.'),
    unnamed: tr('Tile'),
    empty: (editable) => (editable ? tr('Add a tile to this tab with the button above, or drag one onto its name.') : tr('This tab has no tiles yet.')),
    stays: {
      ArrowLeft: (name) => tr('{name} cannot be moved further left.', { name }),
      ArrowRight: (name) => tr('{name} cannot be moved further right.', { name }),
      ArrowUp: (name) => tr('{name} cannot be moved further up.', { name }),
      ArrowDown: (name) => tr('{name} cannot be moved further down.', { name }),
    },
    keeps: {
      ArrowLeft: (name) => tr('{name} cannot be resized further left.', { name }),
      ArrowRight: (name) => tr('{name} cannot be resized further right.', { name }),
      ArrowUp: (name) => tr('{name} cannot be resized further up.', { name }),
      ArrowDown: (name) => tr('{name} cannot be resized further down.', { name }),
    },
    size: (name, wide, high) => tr('{name}: {columns} wide, {rows} high.', { name, columns: columns(wide), rows: rows(high) }),
    nth: (name, place, many) => tr('{name}: number {place} of {many}.', { name, place, many }),
    place: (name, column, row) => tr('{name}: column {column}, row {row}.', { name, column, row }),
  };

  const section = {
    fold: (name) => tr('Fold {name}', { name }), unfold: (name) => tr('Unfold {name}', { name }),
    name: (name) => tr('Name of the section {name}', { name }), tile: (name) => tr('Add a tile to {name}', { name }),
    arrange: (name) => tr('Close the gaps of {name}', { name }), up: (name) => tr('Move {name} up', { name }),
    down: (name) => tr('Move {name} down', { name }), edit: (name) => tr('Edit the section {name}', { name }),
    remove: (name) => tr('Delete the section {name}', { name }), many: (n) => trn('{n} tile', '{n} tiles', n),
  };

  const tab = { edit: (name) => tr('Edit the tab {name}', { name }), remove: (name) => tr('Delete the tab {name}', { name }) };

  // Of the controls above the board, and of the dialogs of tabs and sections.
  const acts = {
    addTab: tr('Add a tab'), newTab: tr('New tab'), addSection: tr('Add a section'), newSection: tr('New section'),
    nextSection: (number) => tr('New section {number}', { number }),
    tabs: tr('Tabs of the dashboard'), rename: tr('Name'), subtitle: tr('Subtitle'), description: tr('Description'), icon: tr('Icon'), color: tr('Colour'),
    colors: {
      teal: tr('teal'), cyan: tr('cyan'), blue: tr('blue'), indigo: tr('indigo'), violet: tr('violet'), grape: tr('grape'), pink: tr('pink'),
      red: tr('red'), orange: tr('orange'), yellow: tr('yellow'), lime: tr('lime'), green: tr('green'), gray: tr('gray'),
    },
    none: tr('none'), folded: tr('Folded when the dashboard is opened'), everywhere: tr('Shown on'), here: tr('this tab'),
    top: tr('every tab, first'), bottom: tr('every tab, last'), save: tr('Save'), cancel: tr('Cancel'), remove: tr('Delete'),
    lessLeft: tr('Move to the left'), moreRight: tr('Move to the right'), up: tr('Move up'), down: tr('Move down'),
    columns: (n) => trn('{n} column from a width of (pixels)', '{n} columns from a width of (pixels)', n),
    arrange: tr('Close the gaps outside of sections'), choose: tr('Choose several tiles'),
    paste: (n) => trn('Paste {n} tile', 'Paste {n} tiles', n),
    widths: tr('Columns by width'), usual: tr('Back to the usual widths'),
    removeTab: (name) => tr('Delete the tab “{name}” with its tiles? Undo brings them back.', { name }),
    removeSection: (name) => tr('Delete the section “{name}”? Its tiles stay, at the top of the tab.', { name }),
  };

  // Of a tile on its way.
  const carry = { unnamed: grid.unnamed };

  // Of several tiles that are chosen.
  const picks = {
    chosen: (n) => trn('{n} tile chosen', '{n} tiles chosen', n),
    told: (n) => (n
      ? trn('{n} tile chosen. Press M for what can be done with it.', '{n} tiles chosen. Press M for what can be done with it.', n)
      : trn('{n} tile chosen.', '{n} tiles chosen.', n)),
    choosing: tr('A click on the heading of a tile chooses it.'),
    bar: tr('What to do with the chosen tiles'),
    move: tr('Move to …'), align: tr('Line up …'), spread: tr('Side by side'), duplicate: tr('Duplicate'), copy: tr('Copy'), remove: tr('Delete'),
    none: tr('Choose none'), target: tr('Tab and section'), first: tr('without a section'), go: tr('Move'), how: tr('How'), lineUp: tr('Line up'),
    sides: {
      left: tr('at the left edge'), right: tr('at the right edge'), top: tr('at the same height'),
      width: tr('as wide as the first'), height: tr('as high as the first'),
    },
    sure: (n) => trn('Delete {n} tile?', 'Delete {n} tiles?', n),
    copied: (n) => trn('{n} tile copied. Paste with Ctrl+V or the button, here or on another dashboard.',
      '{n} tiles copied. Paste with Ctrl+V or the button, here or on another dashboard.', n),
    locked: tr('The clipboard cannot be written. Use Ctrl+C.'), foreign: tr('What is in the clipboard is no tile.'),
  };

  window.dash_views = Object.assign(window.dash_views || {}, { words: { acts, carry, grid, picks, section, tab } });
})();
