/*
 * What one reader looks at: the open tab, the tile that fills the window, whether tabs are shown as slides, and which
 * sections are folded. The first three stand in the address, so that a link and the back button bring them; how
 * sections are folded is this window's own. Every change is announced by the event `depictio:view`.
 */
(function () {
  'use strict';

  const KEYS = ['tab', 'tile', 'present'];
  const FIRST = 'top';
  const LAST = 'bottom';

  const folds = new Map(); // tab and section → folded or not, where somebody has decided
  const listeners = new Set();

  /* A page with saved views knows what the name of one in its address stands for. */
  const address = () => (window.depictio && window.depictio.viewAddress) || { contract: (text) => text, search: () => window.location.search };
  const query = () => new URLSearchParams(address().search());

  /* The open tab: that of the address, else the first one. */
  function tab(tabs) {
    const wanted = query().get('tab');
    const known = tabs && tabs.some((one) => one.id === wanted);
    if (known) return wanted;
    return tabs && tabs.length ? tabs[0].id : '';
  }

  /* Changes the address; `null` takes a key out. Each change is an entry of the history, unless it `replaces` one. */
  function go(changes, replaces = false) {
    const found = query();
    for (const key of KEYS) {
      if (!(key in changes)) continue;
      if (changes[key] === null || changes[key] === '') found.delete(key);
      else found.set(key, changes[key]);
    }
    // As wishes.js writes it: brackets, quotes and commas can be read plainly.
    const text = found.toString().replace(/%5B/g, '[').replace(/%5D/g, ']').replace(/%2C/g, ',').replace(/%3A/g, ':')
      .replace(/%7E/g, '~').replace(/%28/g, '(').replace(/%29/g, ')');
    const { pathname, search, hash } = window.location;
    const wanted = pathname + address().contract(text ? `?${text}` : '') + hash;
    if (wanted === pathname + search + hash) return;
    window.history[replaces ? 'replaceState' : 'pushState'](window.history.state, '', wanted);
    tell();
  }

  const place = ({ tab: at, name }) => JSON.stringify([at, name]);

  function isFolded(section) {
    const decided = folds.get(place(section));
    return decided === undefined ? Boolean(section.collapsed) : decided;
  }

  function fold(section, isOn) {
    folds.set(place(section), isOn);
    tell();
  }

  const rank = (section) => (section.persistent ? { [FIRST]: 0, [LAST]: 2 }[section.pin] ?? 1 : 1);

  /* The sections that a tab shows, the one without a name first; domain/tabs.py has the same rule. */
  function sections(open, all) {
    const shown = (all || []).filter((one) => one.tab === open || one.persistent);
    return [{ tab: open, name: '' }, ...shown.map((one, index) => [one, index])
      .sort(([a, i], [b, j]) => rank(a) - rank(b) || i - j).map(([one]) => one)];
  }

  function tell() {
    for (const listener of listeners) listener();
    document.dispatchEvent(new CustomEvent('depictio:view'));
  }

  function subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /* For components: drawn anew after every change. */
  function useView() {
    const { useEffect, useReducer } = window.React;
    const [, again] = useReducer((count) => count + 1, 0);
    useEffect(() => subscribe(again), []);
  }

  window.addEventListener('popstate', tell);

  window.dash_views = Object.assign(window.dash_views || {}, {
    view: { fold, get: (key) => query().get(key), go, isFolded, sections, tab, tell, useView },
  });
})();
