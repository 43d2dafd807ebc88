/*
 * Fields of the editor's form that need more than one control: those that are there for some layouts only, and how the
 * columns of a table look. The latter is kept as JSON in a text field, whose value Dash knows.
 */
(function () {
  'use strict';

  const WORDS = {
    legend: 'How columns look',
    add: 'Add a column…',
    column: (name) => `Column ${name}`,
    remove: (name) => `Remove the format of ${name}`,
    label: 'Heading',
    decimals: 'Decimals',
    thousands: 'Thousands apart',
    percent: 'In percent',
    prefix: 'Before it',
    unit: 'Unit',
    date: 'Dates as',
    width: 'Width in pixels',
    align: 'Aligned',
    bar: 'Bars in the cells',
    scale: 'Colour scale',
    low: 'Scale from',
    high: 'Scale to',
    total: 'Total below',
    rules: 'Colour by value',
    addRule: 'Add a rule',
    removeRule: 'Remove the rule',
    when: 'When the value is',
    value: 'this',
    color: 'in this colour',
    none: '–',
  };
  const DATES = ['iso', 'short', 'long', 'month', 'year', 'time'];
  const ALIGNS = ['left', 'center', 'right'];
  const SCALES = ['accent', 'good', 'danger', 'diverging'];
  const TOTALS = ['count', 'nunique', 'sum', 'mean', 'median', 'min', 'max', 'range', 'std_dev', 'variance', 'q1', 'q3', 'mode'];
  const OF_ANY = new Set(['count', 'nunique', 'min', 'max', 'mode']);
  const COMPARISONS = ['<', '<=', '>', '>=', '=', '!=', 'contains', 'missing'];
  const COLOURS = ['good', 'warn', 'danger', 'accent', 'muted'];
  const FIELD = { role: 'field', name: 'formats' };

  const dash = () => window.dash_clientside;

  // -- fields that are there for some values of another one

  function changed(values, ids) {
    const known = Object.fromEntries(ids.map(({ name }, place) => [name, values[place]]));
    for (const place of document.querySelectorAll('[data-only-for]')) {
      if (place.dataset.onlyFor in known) place.hidden = !place.dataset.wanted.split(' ').includes(known[place.dataset.onlyFor]);
    }
  }

  // -- how columns look

  function shown() {
    window.requestAnimationFrame(() => document.querySelectorAll('.formats-editor:empty').forEach(build));
  }

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
    draw(editor, { columns: JSON.parse(editor.dataset.columns), formats, isOpen: new Set() });
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
    const add = select(WORDS.add, state.columns.map(({ name }) => name).filter((name) => !used.has(name)), '', (name) => {
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
    const pick = (key, words, isShape) => select(WORDS[key], words, format[key] || '', set(key, isShape));
    const isNumber = kind === 'number';
    const isDate = kind === 'date' || kind === 'datetime';
    const controls = [
      input('label', 'text'),
      ...(isNumber ? [input('decimals', 'number', { min: 0, max: 12 }), input('thousands', 'checkbox'), input('percent', 'checkbox')] : []),
      ...(isDate ? [pick('date', DATES)] : []),
      input('prefix', 'text'),
      input('unit', 'text'),
      pick('align', ALIGNS),
      input('width', 'number', { min: 40, max: 1000 }),
      ...(isNumber ? [input('bar', 'checkbox'), pick('scale', SCALES), input('low', 'number', { step: 'any' }), input('high', 'number', { step: 'any' })] : []),
      pick('total', TOTALS.filter((one) => isNumber || OF_ANY.has(one) || (kind === 'boolean' && (one === 'sum' || one === 'mean')))),
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
      return make('div', { className: 'formats-rule' }, select(WORDS.when, COMPARISONS, rule.when, set('when'), true), ...value,
        select(WORDS.color, COLOURS, rule.color || 'accent', set('color'), true), remove);
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

  function select(label, words, value, act, isRequired = false) {
    const none = isRequired ? [] : [make('option', { value: '', textContent: label === WORDS.add ? WORDS.add : WORDS.none })];
    const input = make('select', {}, ...none, ...words.map((word) => make('option', { value: word, textContent: word })));
    input.value = value;
    input.addEventListener('change', () => act(input.value));
    if (label === WORDS.add) {
      input.setAttribute('aria-label', WORDS.add);
      input.className = 'formats-new';
      return input;
    }
    return make('label', { className: 'formats-field' }, make('span', { textContent: label }), input);
  }

  window.dash_clientside = Object.assign(window.dash_clientside || {}, { fields: { changed, shown } });
})();
