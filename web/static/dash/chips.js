/*
 * The line of active filters above the board: a button for each that takes it away, and one for all of them.
 */
(function () {
  'use strict';

  const { tr, viewAddress, wishes: rules } = window.depictio;
  const PLACE = 'active-filters';
  const SHOWN = 3; // So many values are named.
  const LONGEST = 28; // Letters of a value.
  const CLEAR_FROM = 2;
  const WORDS = {
    all: tr('Clear all'),
    gone: tr('A filter of this link'),
    missing: tr('missing'),
    more: (count) => `+ ${count}`,
    region: tr('a region'),
    remove: (label, text) => tr('Remove the filter {label}: {text}', { label, text }),
  };

  let shown = null; // what stands there, so that nothing is drawn twice

  const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}\u2026` : text);

  function one(value) {
    if (value === null) return WORDS.missing;
    if (typeof value === 'number') return String(value);
    return short(String(value).replace(/(T23:59|):59\.999999$/, ''));
  }

  const memberOf = (value) => (Array.isArray(value) ? ofWish(['between', value]).replace('\u2264', '<') : one(value));

  /* Marks with the names of their columns: several are told apart by semicolons. */
  function ofMarks(values, tile) {
    const names = tile ? [tile.by, ...(tile.also || []).map(({ name }) => name)] : [];
    const every = values.map((mark) => mark.map((value, at) => `${names[at] || ''} ${memberOf(value)}`.trim()).join(', '));
    const said = [...new Set(every)]; // A missing value and the word for it read alike.
    return [...said.slice(0, SHOWN), ...(said.length > SHOWN ? [WORDS.more(said.length - SHOWN)] : [])].join('; ');
  }

  function ofWish([operator, values], tile) {
    if (operator === 'marks') return ofMarks(values, tile);
    if (operator === 'contains') return `\u201c${short(String(values[0]))}\u201d`;
    if (operator === 'where') return short(String(values[0]));
    if (operator === 'within') return WORDS.region;
    if (operator === 'bins') {
      const pairs = Array.from({ length: values.length / 2 }, (_, at) => (
        ofWish(['between', values.slice(2 * at, 2 * at + 2)]).replace('\u2264', '<')));
      return pairs.length > SHOWN ? `${pairs.slice(0, SHOWN).join(', ')} ${WORDS.more(pairs.length - SHOWN)}` : pairs.join(', ');
    }
    if (operator === 'between') {
      const [low, high] = values.map((value) => (value === null ? null : one(typeof value === 'number' ? Number(value.toPrecision(4)) : value)));
      if (low === null) return `\u2264 ${high}`;
      return high === null ? `\u2265 ${low}` : `${low} \u2013 ${high}`;
    }
    const names = [...new Set(values.map(one))]; // A missing value and the word for it read alike.
    const named = names.slice(0, SHOWN).join(', ');
    return names.length > SHOWN ? `${named} ${WORDS.more(names.length - SHOWN)}` : named;
  }

  /* Of a selection within a distribution the other axis is open. */
  const isOpen = ([operator, values]) => operator === 'between' && values.every((value) => value === null);

  const text = (wishes, tile) => wishes.filter((wish) => !isOpen(wish)).map((wish) => ofWish(wish, tile)).join(', ');

  /* What the line says: a label and a text for each tile that narrows others. A view that is lost has neither. */
  function listed(composed, tiles) {
    const known = Object.keys(composed).filter((id) => id !== viewAddress.LOST);
    return known.sort().map((id) => (
      { id, label: tiles[id] ? tiles[id].label : WORDS.gone, text: text(composed[id], tiles[id]), wishes: composed[id] }));
  }

  function remove(id) {
    const reset = document.getElementById(JSON.stringify({ role: 'reset', tile: id }));
    if (reset) {
      reset.click();
      return;
    }
    // Its tile is gone, and with it the button that would do it.
    const left = viewAddress.filters(window.location.search);
    delete left[id];
    window.depictio.visits.open(viewAddress.contract(rules.toAddress(viewAddress.search(), left)));
  }

  function removeAll() {
    document.getElementById('reset-all').click();
  }

  function button(className, label, act, ...content) {
    const made = document.createElement('button');
    Object.assign(made, { type: 'button', className });
    made.setAttribute('aria-label', label);
    made.append(...content);
    made.addEventListener('click', act);
    made.addEventListener('keydown', (event) => {
      if (event.key === 'Delete' || event.key === 'Backspace') act();
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const all = [...made.closest('.chips').querySelectorAll('button')];
      const next = all[all.indexOf(made) + step];
      if (next) next.focus();
    });
    return made;
  }

  function span(className, words) {
    const made = document.createElement('span');
    made.className = className;
    made.textContent = words;
    return made;
  }

  function chip({ id, label, text: words }) {
    const cross = span('chip-cross', '\u00d7');
    cross.setAttribute('aria-hidden', 'true');
    const made = button('chip', WORDS.remove(label, words), () => remove(id), span('chip-label', `${label}:`), ' ', span('chip-text', words), cross);
    made.dataset.chip = id;
    return made;
  }

  /* Keeps the focus in the line when a chip is taken away by the keyboard. */
  function show(composed, tiles) {
    const place = document.getElementById(PLACE);
    if (!place) return;
    const list = listed(composed, tiles);
    const wanted = JSON.stringify(list);
    if (shown === wanted && place.children.length) return;
    shown = wanted;
    const before = [...place.querySelectorAll('button')].indexOf(document.activeElement);
    const parts = list.map(chip);
    if (list.length >= CLEAR_FROM) parts.push(button('chip chip-all', WORDS.all, removeAll, WORDS.all));
    place.replaceChildren(...parts);
    place.setAttribute('role', 'group');
    if (before >= 0 && parts.length) parts[Math.min(before, parts.length - 1)].focus();
  }

  window.depictio = Object.assign(window.depictio || {}, { chips: { listed, show } });
})();
