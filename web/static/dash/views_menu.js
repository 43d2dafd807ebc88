/*
 * The menu of saved views: all that there are, searched, opened and changed by mouse and keyboard.
 */
(function () {
  'use strict';

  const { menu, parts, savedViews, viewAddress } = window.depictio;
  const { button, element: h, tool } = parts;
  const { WORDS, all, attempt, called, check, current, draw, edit, load, open, openPlain, opening, place, rest, saveAs } = savedViews;
  const SEARCH_FROM = 8; // So many views are found without searching.

  const panel = () => document.querySelector('.views-panel');

  function shut(isBack = true) {
    if (!panel()) return;
    panel().remove();
    const opener = document.getElementById('views');
    opener.setAttribute('aria-expanded', 'false');
    if (isBack) menu.standIn(opener).focus({ preventScroll: true });
  }

  async function toggle() {
    if (panel()) {
      shut();
      return;
    }
    const opener = document.getElementById('views');
    opener.setAttribute('aria-expanded', 'true');
    await attempt(load);
    if (!all()) {
      opener.setAttribute('aria-expanded', 'false');
      return;
    }
    const made = h('div', { className: 'views-panel', role: 'dialog', 'aria-label': WORDS.menu }, ...content());
    document.body.append(made);
    lay(made, opener);
    made.addEventListener('keydown', pressed);
    (made.querySelector('.views-find') || made.querySelector('[aria-current=true]') || made.querySelector('.views-item')).focus();
    draw();
  }

  function lay(made, opener) {
    const { bottom, right } = menu.standIn(opener).getBoundingClientRect();
    const width = made.offsetWidth;
    made.style.left = `${Math.max(8, Math.min(right - width, window.innerWidth - width - 8))}px`;
    made.style.top = `${Math.min(bottom + 4, Math.max(8, window.innerHeight - made.offsetHeight - 8))}px`;
  }

  function content() {
    const list = h('ul', { className: 'views-list' }, ...all().views.map(itemOf));
    const parts = [list];
    if (all().views.length >= SEARCH_FROM) parts.unshift(finder(list));
    if (!all().views.length) parts.push(h('p', { className: 'dp-soft views-none' }, WORDS.none));
    const plain = item(WORDS.plain, !viewAddress.name(), () => { shut(); openPlain(); });
    parts.push(h('div', { className: 'views-foot' }, plain, ...(all().may_keep ? [ownPlain()] : [])));
    if (all().may_keep) parts.push(button(WORDS.add, () => { shut(); saveAs(); }, 'primary'));
    return parts;
  }

  function item(words, isCurrent, act, ...more) {
    const made = h('button', { type: 'button', className: 'views-item' }, h('span', { className: 'views-item-name' }, words), ...more);
    if (isCurrent) made.setAttribute('aria-current', 'true');
    made.addEventListener('click', act);
    return made;
  }

  function itemOf(view) {
    const marks = [view.shared ? WORDS.marks.shared(view.owner_name) : WORDS.marks.private];
    if (view.is_default) marks.push(WORDS.marks.all);
    if (view.is_own_default) marks.push(WORDS.marks.own);
    const isCurrent = Boolean(current()) && current().id === view.id;
    const made = item(view.name, isCurrent, () => { shut(); open(called(view), view); },
      h('span', { className: 'views-item-marks' }, marks.join(' · ')));
    const tools = [];
    if (view.may_change || all().may_keep) {
      tools.push(tool('settings', WORDS.change(view.name), () => { shut(); attempt(() => edit(view)); }));
    }
    return h('li', { className: 'views-row' }, made, ...tools);
  }

  function ownPlain() {
    const made = check('plain', WORDS.ownPlain, all().opens_plain);
    made.querySelector('input').addEventListener('change', ({ target }) => attempt(async () => {
      await rest('PUT', 'default-view/own', { view_id: target.checked ? '' : null });
      await load();
    }));
    return made;
  }

  function finder(list) {
    const input = h('input', { type: 'search', className: 'views-find', placeholder: WORDS.find, 'aria-label': WORDS.find });
    input.addEventListener('input', () => {
      const wanted = input.value.trim().toLowerCase();
      for (const row of list.children) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    return input;
  }

  function pressed(event) {
    if (event.key === 'Escape') {
      event.stopPropagation();
      shut();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...panel().querySelectorAll('.views-item')].filter((one) => !one.closest('[hidden]'));
    const row = event.target.closest('.views-row');
    const at = items.indexOf(row ? row.querySelector('.views-item') : event.target);
    const next = items[at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length];
    if (next) next.focus();
  }

  document.addEventListener('click', ({ target }) => {
    if (target.closest('#views')) toggle();
    else if (panel() && !target.closest('.views-panel')) shut(false);
  });

  document.addEventListener('focusin', ({ target }) => {
    if (panel() && !target.closest('.views-panel, #views')) shut(false);
  });

  new MutationObserver((_, observer) => {
    const opener = document.getElementById('views');
    if (!opener || !place()) return;
    observer.disconnect();
    if (!opening) opener.hidden = true;
    opener.setAttribute('aria-haspopup', 'dialog');
    opener.setAttribute('aria-expanded', 'false');
    if (opening) draw();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
