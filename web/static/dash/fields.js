/*
 * Fields of the editor's form that need more than one control: those that are there for some layouts only, and how the
 * columns of a table look. The latter is kept as JSON in a text field, whose value Dash knows.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    legend: tr('How columns look'),
    add: tr('Add a column…'),
    column: (name) => tr('Column {name}', { name }),
    remove: (name) => tr('Remove the format of {name}', { name }),
    label: tr('Heading'),
    decimals: tr('Decimals'),
    thousands: tr('Thousands apart'),
    percent: tr('In percent'),
    prefix: tr('Before it'),
    unit: tr('Unit'),
    date: tr('Dates as'),
    width: tr('Width in pixels'),
    align: tr('Aligned'),
    bar: tr('Bars in the cells'),
    scale: tr('Colour scale'),
    low: tr('Scale from'),
    high: tr('Scale to'),
    total: tr('Total below'),
    rules: tr('Colour by value'),
    addRule: tr('Add a rule'),
    removeRule: tr('Remove the rule'),
    when: tr('When the value is'),
    value: tr('this'),
    color: tr('in this colour'),
    none: '–',
    dates: { iso: tr('iso'), short: tr('short'), long: tr('long'), month: tr('month'), year: tr('year'), time: tr('time') },
    aligns: { left: tr('left'), center: tr('center'), right: tr('right') },
    scales: { accent: tr('accent'), good: tr('good'), danger: tr('danger'), diverging: tr('diverging') },
    comparisons: { '<': '<', '<=': '<=', '>': '>', '>=': '>=', '=': '=', '!=': '!=', contains: tr('contains'), missing: tr('missing') },
    colours: { good: tr('good'), warn: tr('warn'), danger: tr('danger'), accent: tr('accent'), muted: tr('muted') },
  };
  const OF_ANY = new Set(['count', 'nunique', 'min', 'max', 'mode']);
  const FIELD = { role: 'field', name: 'formats' };

  const dash = () => window.dash_clientside;

  // -- fields that are there for some values of another one

  let known = {}; // what each field holds

  function changed(values, ids) {
    known = Object.fromEntries(ids.map(({ name }, place) => [name, values[place]]));
    fit();
  }

  function fit() {
    for (const place of document.querySelectorAll('[data-only-for]')) {
      if (place.dataset.onlyFor in known) place.hidden = !place.dataset.wanted.split(' ').includes(known[place.dataset.onlyFor]);
    }
  }

  // -- how columns look

  const editors = new WeakMap(); // editor → its columns, formats, and which of them are unfolded

  function shown() {
    known = {}; // What the form before held says nothing of this one, which is as the server drew it.
    window.requestAnimationFrame(enhance);
  }

  const enhance = () => document.querySelectorAll('.formats-editor:empty').forEach(build);

  // Parts of a form may come after what has been chosen in others.
  document.addEventListener('depictio:made', () => { fit(); enhance(); });

  function make(name, attributes = {}, ...children) {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...children);
    return element;
  }

  function build(editor) {
    const text = editor.parentElement.querySelector('textarea');
    let formats = [];
    try {
      formats = JSON.parse(text.value || '[]');
    } catch (error) {
      return; // The text stays, for its writer to mend.
    }
    editor.parentElement.classList.add('is-enhanced');
    const state = { columns: JSON.parse(editor.dataset.columns), formats, isOpen: new Set() };
    editors.set(editor, state);
    draw(editor, state);
  }

  /* The table has other columns now. An editor that somebody is in is drawn with the next change of its shape. */
  function renew(columns) {
    for (const editor of document.querySelectorAll('.formats-editor')) {
      const state = editors.get(editor);
      if (!state || JSON.stringify(state.columns) === JSON.stringify(columns)) continue;
      state.columns = columns;
      if (!editor.contains(document.activeElement)) draw(editor, state);
    }
  }

  /* Tell Dash; `isShape`: other fields are to be drawn, which takes the focus from what was drawn before. */
  function keep(editor, state, isShape) {
    const kept = state.formats.map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== '' && value !== null && value !== false && !(Array.isArray(value) && !value.length))));
    dash().set_props(FIELD, { value: kept.length ? JSON.stringify(kept) : '' });
    if (isShape) draw(editor, state);
  }

  function draw(editor, state) {
    const used = new Set(state.formats.map(({ column }) => column));
    const folds = state.formats.map((format) => fold(editor, state, format));
    const unused = state.columns.filter(({ name }) => !used.has(name)).map(({ name }) => [name, name]);
    const add = select(WORDS.add, unused, '', (name) => {
      state.formats.push({ column: name });
      state.isOpen.add(name);
      keep(editor, state, true);
      editor.querySelector('details:last-of-type input').focus();
    });
    editor.replaceChildren(make('div', { className: 'formats-legend', textContent: WORDS.legend }), ...folds, add);
  }

  function fold(editor, state, format) {
    const kind = (state.columns.find(({ name }) => name === format.column) || {}).kind;
    const set = (key, isShape = false) => (value) => {
      if (value === '' || value === null || value === false) delete format[key];
      else format[key] = value;
      keep(editor, state, isShape);
    };
    const input = (key, type, attributes) => field(WORDS[key], format[key], type, set(key), attributes);
    const pick = (key, choices, isShape) => select(WORDS[key], choices, format[key] || '', set(key, isShape));
    const isNumber = kind === 'number';
    const isDate = kind === 'date' || kind === 'datetime';
    const controls = [
      input('label', 'text'),
      ...(isNumber ? [input('decimals', 'number', { min: 0, max: 12 }), input('thousands', 'checkbox'), input('percent', 'checkbox')] : []),
      ...(isDate ? [pick('date', Object.entries(WORDS.dates))] : []),
      input('prefix', 'text'),
      input('unit', 'text'),
      pick('align', Object.entries(WORDS.aligns)),
      input('width', 'number', { min: 40, max: 1000 }),
      ...(isNumber ? [input('bar', 'checkbox'), pick('scale', Object.entries(WORDS.scales)), input('low', 'number', { step: 'any' }), input('high', 'number', { step: 'any' })] : []),
      pick('total', Object.entries(window.depictio.cells.totals).filter(([one]) => isNumber || OF_ANY.has(one) || (kind === 'boolean' && (one === 'sum' || one === 'mean')))),
      rules(editor, state, format, isNumber),
    ];
    const remove = make('button', { type: 'button', className: 'tile-tool formats-remove', title: WORDS.remove(format.column), textContent: '×' });
    remove.setAttribute('aria-label', WORDS.remove(format.column));
    remove.addEventListener('click', () => {
      state.formats.splice(state.formats.indexOf(format), 1);
      keep(editor, state, true);
      editor.querySelector('.formats-new').focus();
    });
    const details = make('details', { className: 'formats-fold', open: state.isOpen.has(format.column) },
      make('summary', { textContent: format.column }), make('div', { className: 'formats-fields' }, ...controls), remove);
    details.addEventListener('toggle', () => state.isOpen[details.open ? 'add' : 'delete'](format.column));
    return details;
  }

  function rules(editor, state, format, isNumber) {
    const list = format.rules || [];
    const focus = (selector) => [...editor.querySelectorAll('details')].at(state.formats.indexOf(format)).querySelector(selector).focus();
    const lines = list.map((rule, place) => {
      const set = (key) => (value) => {
        rule[key] = key === 'value' && isNumber && value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
        keep(editor, state, key === 'when');
        if (key === 'when') focus(`.formats-rule:nth-of-type(${place + 1}) select`);
      };
      const remove = make('button', { type: 'button', className: 'tile-tool', title: WORDS.removeRule, textContent: '×' });
      remove.setAttribute('aria-label', WORDS.removeRule);
      remove.addEventListener('click', () => {
        format.rules = list.filter((one) => one !== rule);
        keep(editor, state, true);
        focus('.formats-add');
      });
      const value = rule.when === 'missing' ? [] : [field(WORDS.value, rule.value, 'text', set('value'))];
      return make('div', { className: 'formats-rule' }, select(WORDS.when, Object.entries(WORDS.comparisons), rule.when, set('when'), true), ...value,
        select(WORDS.color, Object.entries(WORDS.colours), rule.color || 'accent', set('color'), true), remove);
    });
    const add = make('button', { type: 'button', className: 'dp-button formats-add', textContent: WORDS.addRule });
    add.addEventListener('click', () => {
      format.rules = [...list, { when: isNumber ? '>' : '=', value: isNumber ? 0 : 'text', color: 'accent' }];
      keep(editor, state, true);
      focus('.formats-rule:last-of-type select');
    });
    return make('fieldset', { className: 'formats-rules' }, make('legend', { textContent: WORDS.rules }), ...lines, add);
  }

  function field(label, value, type, act, attributes = {}) {
    const input = make('input', { type, ...attributes });
    if (type === 'checkbox') input.checked = Boolean(value);
    else input.value = value ?? '';
    const read = () => (type === 'checkbox' ? input.checked : type === 'number' ? numbered(input.value) : input.value);
    input.addEventListener(type === 'checkbox' ? 'change' : 'input', () => act(read()));
    return make('label', { className: `formats-field is-${type}` }, make('span', { textContent: label }), input);
  }

  const numbered = (text) => (text === '' ? '' : Number(text));

  /* Each choice is a value with what it is called. */
  function select(label, choices, value, act, isRequired = false) {
    const none = isRequired ? [] : [make('option', { value: '', textContent: label === WORDS.add ? WORDS.add : WORDS.none })];
    const input = make('select', {}, ...none, ...choices.map(([one, textContent]) => make('option', { value: one, textContent })));
    input.value = value;
    input.addEventListener('change', () => act(input.value));
    if (label === WORDS.add) {
      input.setAttribute('aria-label', WORDS.add);
      input.className = 'formats-new';
      return input;
    }
    return make('label', { className: 'formats-field' }, make('span', { textContent: label }), input);
  }

  window.depictio = Object.assign(window.depictio || {}, { fields: { renew } });
  window.dash_clientside = Object.assign(window.dash_clientside || {}, { fields: { changed, shown } });
})();
