/*
 * The address of a page that shows a saved view: `?view=Name` stands for all that the view says as long as nothing was
 * changed; once something was, the address says the whole state beside the name. `f=none` says that no filter is
 * active where an address without filters would mean a view. web/pages/saved_views.py reads the same keys.
 */
(function () {
  'use strict';

  const { wishes: rules } = window.depictio;
  const FILTER = 'f.';
  const NO_FILTERS = 'f';
  const NONE = 'none';
  const KEYS = [NO_FILTERS, 'tab', 'tile', 'where'];
  const LOST = '?'; // No tile can be called so: the server answers that a filter of the link is lost.

  const known = new Map(); // a view as links call it → what it says
  let firstTab = '';
  let hasDefault = false;

  const isState = (key) => KEYS.includes(key) || key.startsWith(FILTER);
  const saysState = (query) => [...query.keys()].some(isState);

  function without(query) {
    const left = new URLSearchParams(query);
    for (const key of [...left.keys()]) if (isState(key)) left.delete(key);
    return left;
  }

  /* A query as wishes.js spells it, with these filters. */
  const spelled = (query, filters) => rules.toAddress(`?${query}`, filters);

  const ordered = (filters) => Object.keys(filters).sort().map((id) => [id, filters[id]]);
  const comparable = ({ filters, tab, tile }) => JSON.stringify([ordered(filters), tab || firstTab, tile || '']);

  function stateOf(search) {
    const query = new URLSearchParams(search);
    return { filters: rules.ofAddress(search), tab: query.get('tab') || '', tile: query.get('tile') || '' };
  }

  function isSame(search, state) {
    try {
      return comparable(stateOf(search)) === comparable(state);
    } catch (error) {
      return false; // A key that cannot be read is something else than the view says.
    }
  }

  /* The address of this state, based on the view `name` or on none. */
  function write(name, { filters, tab, tile }, search = '') {
    const query = without(new URLSearchParams(search));
    query.delete('view');
    if (name) query.set('view', name);
    if (tab) query.set('tab', tab);
    if (tile) query.set('tile', tile);
    return contract(spelled(query, filters));
  }

  /* The address with all that the view says which it names. */
  function expand(search) {
    const query = new URLSearchParams(search);
    const state = known.get(query.get('view'));
    if (!state || saysState(query)) return search;
    if (state.tab) query.set('tab', state.tab);
    if (state.tile) query.set('tile', state.tile);
    return spelled(query, state.filters);
  }

  /* An address that says its whole state, in as few words as say the same. */
  function contract(search) {
    const query = new URLSearchParams(search);
    const name = query.get('view');
    const text = query.toString();
    const hasFilters = [...query.keys()].some((key) => key.startsWith(FILTER));
    if (hasFilters || query.has('where') || query.has('tab') || query.has('tile')) query.delete(NO_FILTERS);
    const own = name && known.get(name);
    if (own && isSame(search, own)) return spelled(without(query), {});
    if (name && !own) {
      // Nothing is known of that view: as long as it stands there, no rows are shown as if they were meant.
      if (query.has(FILTER + LOST)) return spelled(without(query), {});
      query.delete('view');
    }
    if ((own || hasDefault) && !saysState(query)) query.set(NO_FILTERS, NONE);
    return query.toString() === text ? search : rules.spelled(query);
  }

  const search = () => expand(window.location.search);
  const name = () => new URLSearchParams(window.location.search).get('view') || '';

  /* Whether the address names a view of which nothing is known, and says nothing else. */
  function isLost(text) {
    const query = new URLSearchParams(text);
    return Boolean(query.get('view')) && !known.has(query.get('view')) && !saysState(query);
  }

  /* The filters that the address means. Throws when one cannot be read. */
  const filters = (text) => (isLost(text) ? { [LOST]: [['in', []]] } : rules.ofAddress(expand(text)));

  /* Whether something else is looked at than the view says which the address names. */
  const isChanged = (text) => saysState(new URLSearchParams(contract(expand(text))));

  function set(given) {
    if ('firstTab' in given) ({ firstTab } = given);
    if ('hasDefault' in given) ({ hasDefault } = given);
  }

  window.depictio = Object.assign(window.depictio || {}, {
    viewAddress: {
      LOST, contract, expand, filters, forget: (one) => known.delete(one), isChanged, isLost, knows: (one) => known.has(one),
      learn: (one, state) => known.set(one, { tab: '', tile: '', ...state }), name, search, set, stateOf, write,
    },
  });
})();
