/*
 * What an author does to tabs, sections and several tiles: told to the server as one act, which answers with the board.
 * Also the small dialogs in which looks are chosen.
 */
(function () {
  'use strict';

  const { createElement: h } = window.React;
  const { symbol } = window.dash_views;

  let count = 0;

  function act(name, given) {
    count += 1;
    window.dash_clientside.set_props('act', { data: { name, count, ...given } });
  }

  /*
   * Where the focus goes when what has it goes with an act: the first of these that is there then. Components that an act
   * draws anew call `refocus`.
   */
  let wanted = null;

  function back(...selectors) {
    wanted = { selectors, until: performance.now() + 5000 };
  }

  function refocus() {
    if (!wanted || document.activeElement !== document.body) return;
    const found = performance.now() < wanted.until && wanted.selectors.map((one) => document.querySelector(one)).find(Boolean);
    if (found) found.focus({ preventScroll: true });
    wanted = null;
  }

  const labelled = (label) => `[aria-label="${CSS.escape(label)}"]`;

  const WORDS = window.dash_views.words.acts;

  const COLORS = Object.keys(WORDS.colors);

  /* A colour as files have it: a name of Mantine's, or six digits. */
  function paint(color) {
    if (/^#[0-9a-f]{3,8}$/i.test(color || '')) return color;
    return /^[a-z]+$/.test(color || '') ? `var(--mantine-color-${color}-6, var(--dp-accent))` : 'var(--dp-accent)';
  }

  const icon = (name, className = 'dp-icon') => h('svg', { className, 'aria-hidden': true, focusable: false },
    h('use', { href: symbol(name) }));

  function tool(name, label, onClick, more = {}) {
    return h('button', { type: 'button', className: 'tile-tool', title: label, 'aria-label': label, onClick, ...more }, icon(name));
  }

  // -- dialogs: native ones, which hold the focus and close with Escape

  function element(name, given = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(given)) {
      if (key in made && key !== 'list') made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  function picture(name) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    svg.setAttribute('class', 'dp-icon');
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', symbol(name));
    svg.append(use);
    return svg;
  }

  /* Shows a form; resolves to its values when it is saved, to null when it is left. */
  function ask(title, parts, { save = WORDS.save, kind = 'primary', also = [] } = {}) {
    return new Promise((resolve) => {
      const opener = document.activeElement;
      const cancel = element('button', { type: 'button', className: 'dp-button' }, WORDS.cancel);
      const form = element('form', { className: 'act-form', method: 'dialog' },
        element('h2', { className: 'act-title', id: 'act-title' }, title), ...parts,
        element('div', { className: 'act-buttons' }, ...also, cancel,
          element('button', { type: 'submit', className: 'dp-button', 'data-kind': kind, value: 'save' }, save)));
      const dialog = element('dialog', { className: 'act-dialog', 'aria-labelledby': 'act-title' }, form);
      cancel.addEventListener('click', () => dialog.close(''));
      dialog.addEventListener('close', () => {
        const values = dialog.returnValue === 'save' ? Object.fromEntries(new FormData(form)) : null;
        dialog.remove();
        if (opener && opener.isConnected) opener.focus({ preventScroll: true });
        resolve(values);
      });
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  const field = (label, control) => element('label', { className: 'act-field' }, element('span', {}, label), control);

  function choices(label, name, options, chosen) {
    const set = element('fieldset', { className: 'act-choices' }, element('legend', {}, label));
    for (const { value, title, content } of options) {
      const radio = element('input', { type: 'radio', name, value, checked: value === chosen, 'aria-label': title, title });
      set.append(element('label', { className: 'act-choice', title }, radio, content));
    }
    return set;
  }

  function swatch(color) {
    const made = element('span', { className: 'act-swatch' });
    if (color) made.style.background = paint(color);
    return made;
  }

  /* The icons and colours to choose from; one of a file that is none of them stays a choice. */
  function looks(icons, one) {
    const names = [...new Set(['', ...icons, one.icon || ''])];
    const colors = [...new Set(['', ...COLORS, one.color || ''])];
    return [
      choices(WORDS.icon, 'icon', names.map((name) => ({
        value: name, title: name || WORDS.none, content: name ? picture(icons.includes(name) ? name : one.symbol) : '—',
      })), one.icon || ''),
      choices(WORDS.color, 'color', colors.map((name) => ({ value: name, title: WORDS.colors[name] || name || WORDS.none, content: swatch(name) })), one.color || ''),
    ];
  }

  async function editTab(tab, icons) {
    const found = await ask(tab.title, [
      field(WORDS.rename, element('input', { name: 'title', value: tab.title, required: true, maxLength: 200 })),
      field(WORDS.subtitle, element('input', { name: 'subtitle', value: tab.subtitle || '', maxLength: 4000 })),
      ...looks(icons, tab),
    ]);
    if (found) act('set_tab', { tab: { id: tab.id, ...found } });
  }

  async function editSection(where, section, icons) {
    const shown = section.persistent ? section.pin || 'top' : '';
    const places = element('select', { name: 'pin' });
    for (const [value, text] of [['', WORDS.here], ['top', WORDS.top], ['bottom', WORDS.bottom]]) {
      places.append(element('option', { value, selected: value === shown }, text));
    }
    const found = await ask(section.name, [
      field(WORDS.rename, element('input', { name: 'name', value: section.name, required: true, maxLength: 200 })),
      field(WORDS.description, element('textarea', { name: 'description', value: section.description || '', maxLength: 4000, rows: 2 })),
      ...(where === 'grid_sections' ? [field(WORDS.everywhere, places)] : []),
      element('label', { className: 'act-check' },
        element('input', { type: 'checkbox', name: 'collapsed', checked: Boolean(section.collapsed) }), WORDS.folded),
      ...looks(icons, section),
    ]);
    if (!found) return;
    const { pin = '', ...rest } = found;
    const changed = { ...rest, collapsed: 'collapsed' in found, pin, persistent: where === 'grid_sections' ? Boolean(pin) : Boolean(section.persistent) };
    act('set_section', { where, place: { tab: section.tab, section: section.name }, section: changed });
  }

  async function sure(question) {
    return ask(question, [], { save: WORDS.remove, kind: 'danger' });
  }

  async function editWidths(steps) {
    // No button that submits: Enter in a field saves what stands there.
    const usual = element('button', { type: 'button', className: 'dp-button' }, WORDS.usual);
    let isUsual = false;
    usual.addEventListener('click', () => { isUsual = true; usual.closest('dialog').close('save'); });
    const found = await ask(WORDS.widths, steps.map(({ width, columns }, index) => {
      const input = element('input', {
        type: 'number', name: String(columns), value: width, min: 0, max: 10000, step: 1, required: true, readOnly: index === steps.length - 1,
      });
      return field(WORDS.columns(columns), input);
    }), { also: [usual] });
    if (!found) return;
    const wanted = steps.map(({ columns }) => ({ columns, width: Number(found[columns]) }));
    act('set_breakpoints', { breakpoints: isUsual ? [] : wanted });
  }

  window.dash_views = Object.assign(window.dash_views || {}, {
    acts: { act, ask, back, editSection, editTab, editWidths, element, field, icon, labelled, paint, picture, refocus, sure, tool, WORDS },
  });
})();
