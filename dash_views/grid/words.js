/*
 * Every word of the grid, its tabs and its sections, in English: who translates them changes this file alone. What
 * stands in a sentence is given to it, so that another language may order its words in its own way.
 */
(function () {
  'use strict';

  const counted = (many, noun) => `${many} ${noun}${many === 1 ? '' : 's'}`;
  const DIRECTIONS = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

  const grid = {
    keyboard: 'Arrow keys move the tile, Shift and arrow keys resize it. Space chooses it together with others. N adds a new one.',
    collapsed: 'Hold a heading and drag to move its tile, pull its lower edge to make it higher. Wider windows show tiles side by side.',
    unnamed: 'Tile',
    empty: (editable) => (editable ? 'Add a tile to this tab with the button above, or drag one onto its name.' : 'This tab has no tiles yet.'),
    stays: (name, key) => `${name} cannot be moved further ${DIRECTIONS[key]}.`,
    keeps: (name, key) => `${name} cannot be resized further ${DIRECTIONS[key]}.`,
    size: (name, columns, rows) => `${name}: ${counted(columns, 'column')} wide, ${counted(rows, 'row')} high.`,
    nth: (name, place, many) => `${name}: number ${place} of ${many}.`,
    place: (name, column, row) => `${name}: column ${column}, row ${row}.`,
  };

  const section = {
    fold: (name) => `Fold ${name}`, unfold: (name) => `Unfold ${name}`, name: (name) => `Name of the section ${name}`,
    tile: (name) => `Add a tile to ${name}`, arrange: (name) => `Close the gaps of ${name}`, up: (name) => `Move ${name} up`,
    down: (name) => `Move ${name} down`, edit: (name) => `Edit the section ${name}`, remove: (name) => `Delete the section ${name}`,
    many: (many) => counted(many, 'tile'),
  };

  const tab = { edit: (name) => `Edit the tab ${name}`, remove: (name) => `Delete the tab ${name}` };

  // Of the controls above the board, and of the dialogs of tabs and sections.
  const acts = {
    addTab: 'Add a tab', newTab: 'New tab', addSection: 'Add a section', newSection: 'New section',
    tabs: 'Tabs of the dashboard', rename: 'Name', subtitle: 'Subtitle', description: 'Description', icon: 'Icon', color: 'Colour',
    none: 'none', folded: 'Folded when the dashboard is opened', everywhere: 'Shown on', here: 'this tab',
    top: 'every tab, first', bottom: 'every tab, last', save: 'Save', cancel: 'Cancel', remove: 'Delete',
    lessLeft: 'Move to the left', moreRight: 'Move to the right', up: 'Move up', down: 'Move down',
    columns: (many) => `${counted(many, 'column')} from a width of`, pixels: 'pixels',
    arrange: 'Close the gaps outside of sections', choose: 'Choose several tiles',
    paste: (many) => `Paste ${counted(many, 'tile')}`,
    widths: 'Columns by width', usual: 'Back to the usual widths',
    removeTab: (name) => `Delete the tab “${name}” with its tiles? Undo brings them back.`,
    removeSection: (name) => `Delete the section “${name}”? Its tiles stay, at the top of the tab.`,
  };

  // Of a tile on its way.
  const carry = { unnamed: grid.unnamed };

  // Of several tiles that are chosen.
  const picks = {
    chosen: (many) => `${counted(many, 'tile')} chosen`,
    choosing: 'A click on the heading of a tile chooses it.',
    bar: 'What to do with the chosen tiles', help: 'Press M for what can be done with it.',
    move: 'Move to …', align: 'Line up …', spread: 'Side by side', duplicate: 'Duplicate', copy: 'Copy', remove: 'Delete', none: 'Choose none',
    target: 'Tab and section', first: 'without a section', go: 'Move', how: 'How', lineUp: 'Line up',
    sides: { left: 'at the left edge', right: 'at the right edge', top: 'at the same height', width: 'as wide as the first', height: 'as high as the first' },
    sure: (many) => `Delete ${counted(many, 'tile')}?`,
    copied: (many) => `${counted(many, 'tile')} copied. Paste with Ctrl+V or the button, here or on another dashboard.`,
    locked: 'The clipboard cannot be written. Use Ctrl+C.', foreign: 'What is in the clipboard is no tile.',
  };

  window.dash_views = Object.assign(window.dash_views || {}, { words: { acts, carry, grid, picks, section, tab } });
})();
