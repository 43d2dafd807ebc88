/*
 * Saved views on the board: the line that says which one is shown, what was changed since it was saved, and what it
 * names that is gone; and the dialogs that save and change them. All of it goes over REST; views_menu.js lists them.
 */
(function () {
  'use strict';

  const { asking, menu, parts, tr, viewAddress, visits } = window.depictio;
  const { button, element: h, picture, tool } = parts;

  const WORDS = {
    menu: tr('Saved views'), find: tr('Find a view'), plain: tr('Without a view'), none: tr('No views yet.'), add: tr('Save this view'), added: (name) => tr('The view {name} is saved.', { name }),
    change: (name) => tr('Change the view {name}', { name }), title: (name) => tr('View {name}', { name }), name: tr('Name'), shared: tr('Shared with everybody who sees the dashboard'),
    own: tr('Open the dashboard with it for me'), all: tr('Open the dashboard with it for everybody'), remove: tr('Delete'), save: tr('Save'), cancel: tr('Cancel'),
    sure: (name) => tr('Delete the view “{name}”? Links to it will say that it is gone.', { name }), removed: (name) => tr('The view {name} is deleted.', { name }),
    marks: { shared: (who) => tr('shared, by {who}', { who }), private: tr('only you'), all: tr('opens for everybody'), own: tr('opens for you') },
    ownPlain: tr('For me, open the dashboard without a view'), line: tr('Saved view'), shown: tr('View'), changed: tr('changed since'), update: tr('Update'), saveAs: tr('Save as…'), reset: tr('Reset'),
    leave: tr('Leave the view'), updated: tr('The view is updated.'), rest: tr('Show what is left'), gone: (list) => tr('This view names what the dashboard no longer has: {list}.', { list }),
    filter: (label) => tr('the filter “{label}”', { label }), tab: (label) => tr('the tab “{label}”', { label }), tile: (label) => tr('the tile “{label}”', { label }),
    lost: tr('Show the dashboard without it'), unreachable: tr('The server cannot be reached. Nothing was saved.'),
  };

  const rest = parts.rest(WORDS.unreachable);
  const given = document.getElementById('opening');
  const opening = given ? JSON.parse(given.textContent) : null;
  const shown = new Map(); // a view as links call it → the view as the server has answered
  let views = null; // all that there are, as the server has said last
  let problem = opening ? opening.problem : '';
  let told = '';

  const current = () => shown.get(viewAddress.name());

  function learn(name, view) {
    shown.set(name, view);
    viewAddress.learn(name, view.state);
  }

  function start() {
    viewAddress.set({ firstTab: opening.tabs[0] || '', hasDefault: opening.has_default });
    if (!opening.view) return;
    learn(opening.name, opening.view);
    if (!opening.is_default) return;
    const query = new URLSearchParams(window.location.search);
    query.set('view', opening.name);
    const { pathname, hash } = window.location;
    window.history.replaceState(window.history.state, '', `${pathname}?${query}${hash}`);
  }

  /* Back to a view that was opened before the page was loaded anew: the server knows what it says. It listens before
     the others do, which must not show something else meanwhile. */
  function back(event) {
    if (!viewAddress.isLost(window.location.search) || viewAddress.name() === opening.name) return;
    event.stopImmediatePropagation();
    window.location.reload();
  }

  // -- asking

  async function load() {
    views = await rest('GET', 'views');
    viewAddress.set({ hasDefault: views.opens_with !== null && document.getElementById('board-live').dataset.editable !== 'true' });
    for (const view of views.views) for (const [name, one] of shown) if (one.id === view.id) learn(name, view);
    return views;
  }

  // -- what is looked at

  function state() {
    const address = new URLSearchParams(viewAddress.search());
    const tabs = document.querySelectorAll('.board-tab [role=tab]').length;
    return {
      filters: asking.state() || {},
      tab: tabs > 1 ? document.getElementById('tabs').dataset.open || '' : '',
      tile: address.get('tile') || '',
    };
  }

  /* How links call a view: by its name, unless another one is called so too. */
  function called(view) {
    const same = (views ? views.views : []).filter((one) => one.name.toLowerCase() === view.name.toLowerCase());
    return same.length > 1 && !view.shared ? view.id : view.name;
  }

  function open(name, view) {
    problem = '';
    learn(name, view);
    go(viewAddress.write(name, view.state, window.location.search));
  }

  function go(query) {
    visits.open(query);
    window.dash_views.view.tell();
    draw();
  }

  const openPlain = () => {
    problem = '';
    go(viewAddress.write('', { filters: {}, tab: '', tile: '' }, window.location.search));
  };

  /* The address of what is looked at now, based on this view; nothing is drawn anew. */
  function base(name, view) {
    problem = '';
    const search = viewAddress.search();
    learn(name, view);
    const { pathname, hash } = window.location;
    const query = viewAddress.write(name, viewAddress.stateOf(search), search);
    window.history.replaceState(window.history.state, '', pathname + query + hash);
    draw();
  }

  // -- the line

  const place = () => document.getElementById('view-line');

  function draw() {
    if (!place() || !window.dash_views) return;
    const name = viewAddress.name();
    const view = shown.get(name);
    const isChanged = Boolean(view) && viewAddress.isChanged(window.location.search);
    const wanted = JSON.stringify([name, view, isChanged, problem, views && views.may_keep]);
    if (wanted === place().dataset.drawn) return;
    const hadFocus = place().contains(document.activeElement);
    place().dataset.drawn = wanted;
    place().replaceChildren(...(view ? lineOf(name, view, isChanged) : lostLine()));
    if (hadFocus) (place().querySelector('button') || menu.standIn(document.getElementById('views'))).focus({ preventScroll: true });
    document.getElementById('views').classList.toggle('has-view', Boolean(view));
  }

  function lostLine() {
    if (!problem) return [];
    return [h('p', { className: 'view-problem', role: 'alert' }, problem), button(WORDS.lost, openPlain)];
  }

  function lineOf(name, view, isChanged) {
    const parts = [picture('bookmark'), h('span', { className: 'view-name' }, h('span', { className: 'dp-hidden' }, `${WORDS.shown} `), view.name)];
    if (isChanged) {
      parts.push(h('span', { className: 'view-changed' }, WORDS.changed));
      if (view.may_change) parts.push(button(WORDS.update, () => attempt(() => update(name, view)), 'primary'));
      if (mayKeep()) parts.push(button(WORDS.saveAs, () => saveAs(view.name)));
      parts.push(button(WORDS.reset, () => open(name, view)));
    }
    parts.push(tool('x', WORDS.leave, openPlain), h('span', { className: 'view-said', role: 'status' }, told));
    told = '';
    if (!isChanged && view.gone.length) parts.push(goneLine(name, view));
    return parts;
  }

  function goneLine(name, view) {
    const named = view.gone.map(({ kind, label }) => WORDS[kind](label)).join(', ');
    return h('div', { className: 'view-problem', role: 'alert' }, h('span', {}, WORDS.gone(named)), button(WORDS.rest, () => showRest(name, view)));
  }

  /* The view without what is gone; nothing that is left is changed. */
  function showRest(name, view) {
    const ids = new Set(view.gone.map((one) => one.id));
    const { filters, tab, tile } = view.state;
    const left = Object.fromEntries(Object.entries(filters).filter(([id]) => !ids.has(id)));
    go(viewAddress.write(name, { filters: left, tab: ids.has(tab) ? '' : tab, tile: ids.has(tile) ? '' : tile }, window.location.search));
  }

  const mayKeep = () => (views ? views.may_keep : document.getElementById('talk').getAttribute('data-may-comments') === 'True');

  function say(words) {
    const line = place() && place().querySelector('.view-said');
    if (line) line.textContent = words;
    else told = words;
  }

  async function attempt(act) {
    try {
      await act();
    } catch (error) {
      if (!error.said) throw error;
      window.depictio.say(error.said);
    }
  }

  async function update(name, view) {
    const saved = await rest('PUT', `views/${view.id}`, { version: view.version, state: state() });
    base(name, saved);
    say(WORDS.updated);
  }

  // -- dialogs

  const check = (name, label, checked) => h('label', { className: 'act-check' }, h('input', { type: 'checkbox', name, checked }), label);

  /* The name and who sees it; asked again, with what is wrong, until it is saved or left. */
  async function ask(title, values, more, save, also = []) {
    let said = '';
    for (;;) {
      const name = h('input', { name: 'name', value: values.name, required: true, maxLength: 100, readOnly: values.isFixed || false, autofocus: true });
      const parts = [window.dash_views.acts.field(WORDS.name, name), ...more(values)];
      if (said) parts.unshift(h('p', { className: 'view-problem', role: 'alert' }, said));
      const found = await window.dash_views.acts.ask(title, parts, { save: WORDS.save, also: also.map((one) => one()) });
      if (!found) return;
      Object.assign(values, { name: found.name, shared: 'shared' in found, own: 'own' in found, all: 'all' in found });
      try {
        await save(values);
        return;
      } catch (error) {
        if (!error.said) throw error;
        said = error.said;
      }
    }
  }

  async function saveAs(name = '') {
    await attempt(load);
    if (!views) return;
    const looked = state();
    const more = (values) => [
      ...(views.may_share ? [check('shared', WORDS.shared, values.shared)] : []),
      check('own', WORDS.own, values.own),
    ];
    await ask(WORDS.add, { name: views.views.some((one) => one.name === name) ? '' : name, shared: false, own: false }, more, async (values) => {
      const view = await rest('POST', 'views', { name: values.name, shared: values.shared, state: looked });
      if (values.own) await rest('PUT', 'default-view/own', { view_id: view.id });
      await load();
      base(called(view), views.views.find((one) => one.id === view.id) || view);
      say(WORDS.added(view.name));
    });
  }

  async function edit(view) {
    const before = { shared: view.shared, own: view.is_own_default, all: view.is_default };
    let isRemoved = false;
    const remove = () => {
      // Not of type submit: Enter in a field would press the first one of those.
      const made = button(WORDS.remove, () => { isRemoved = true; made.closest('dialog').close('remove'); }, 'danger');
      return made;
    };
    const more = (values) => [
      ...(views.may_share ? [check('shared', WORDS.shared, values.shared)] : []),
      ...(views.may_keep ? [check('own', WORDS.own, values.own)] : []),
      ...(views.may_set_default ? [check('all', WORDS.all, values.all)] : []),
    ];
    await ask(WORDS.title(view.name), { name: view.name, isFixed: !view.may_change, ...before }, more, (values) => changed(view, before, values), view.may_change ? [remove] : []);
    if (isRemoved) await removed(view);
  }

  async function changed(view, before, values) {
    if (before.all && !values.all && views.may_set_default) await rest('PUT', 'default-view', { view_id: null });
    let saved = view;
    if (view.may_change && (values.name !== view.name || (views.may_share && values.shared !== view.shared))) {
      const shared = views.may_share ? values.shared : view.shared;
      saved = await rest('PUT', `views/${view.id}`, { version: view.version, name: values.name, shared });
    }
    if (views.may_keep && values.own !== before.own) await rest('PUT', 'default-view/own', { view_id: values.own ? view.id : null });
    if (views.may_set_default && values.all && !before.all) await rest('PUT', 'default-view', { view_id: view.id });
    const old = [...shown].find(([, one]) => one.id === view.id);
    await load();
    if (!old || old[0] !== viewAddress.name()) return;
    base(called(saved), views.views.find((one) => one.id === view.id) || saved);
    if (called(saved) === old[0]) return;
    shown.delete(old[0]);
    viewAddress.forget(old[0]);
  }

  async function removed(view) {
    if (!(await window.dash_views.acts.sure(WORDS.sure(view.name)))) return;
    await attempt(async () => {
      await rest('DELETE', `views/${view.id}`);
      const old = [...shown].find(([, one]) => one.id === view.id);
      const isShown = Boolean(old) && old[0] === viewAddress.name();
      const looked = viewAddress.stateOf(viewAddress.search());
      if (old) {
        shown.delete(old[0]);
        viewAddress.forget(old[0]);
      }
      await load();
      if (!isShown) return;
      // What is looked at stays.
      const { pathname, hash, search } = window.location;
      window.history.replaceState(window.history.state, '', pathname + viewAddress.write('', looked, search) + hash);
      draw();
    });
  }

  if (opening) {
    start();
    window.addEventListener('popstate', back, true);
    window.addEventListener('popstate', () => { problem = viewAddress.isLost(window.location.search) ? opening.problem : ''; });
    document.addEventListener('depictio:address', draw);
    document.addEventListener('depictio:view', draw);
  }

  window.depictio.savedViews = {
    WORDS, all: () => views, attempt, called, check, current, draw, edit, load, open, openPlain, opening, place, rest, saveAs,
  };
})();
