/*
 * The board in the browser: composes the filter state from controls, selections and the address, and says what failed.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    unreachable: tr('The server cannot be reached.'),
    silent: tr('The server could not answer.'),
    401: tr('You have been signed out. Sign in again.'),
    403: tr('You may not do this.'),
    404: tr('The dashboard is gone, or no longer shared with you.'),
    unsaved: (why) => tr('Not saved. {why}', { why }),
  };

  const { asking, brush, chips, clicks, early, failures, gallery, links, painting, saving, say, tables, viewAddress, visits, wishes: rules } = window.depictio;
  const NARROW = '(max-width: 760px)'; // As in board.css.

  const selections = Object.create(null); // tile id → wishes of its selection

  const dash = () => window.dash_clientside;
  const none = () => dash().no_update;
  const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  const triggers = () => dash().callback_context.triggered.map(({ prop_id: text }) => {
    const [id, property] = [text.slice(0, text.lastIndexOf('.')), text.slice(text.lastIndexOf('.') + 1)];
    return { id: id.startsWith('{') ? JSON.parse(id) : id, property };
  });

  // -- widgets and selections → state

  /* The values of all controls: read from the address at first, idle after a reset. */
  function widgets(search, resetAll, resets, visited, tiles, values) {
    const outputs = dash().callback_context.outputs_list;
    const causes = triggers().map(({ id }) => id).filter((id) => id !== 'url' && id !== 'visited');
    if (!causes.length && !visited) fold();
    if (causes.some((id) => id === 'reset-all')) return forgetAll(outputs, tiles);
    if (causes.length) return outputs.map(({ id }, index) => resetOne(id, causes, tiles, values[index]));
    const found = links.read(window.location.search, tiles); // What Dash has of it may be older.
    for (const id of Object.keys(selections)) if (!same(selections[id], found[id])) clearSelection(id, tiles);
    for (const id of Object.keys(selections)) delete selections[id];
    const controlled = new Set(outputs.map(({ id }) => id.tile));
    for (const id of Object.keys(found)) {
      // A control that could not be drawn, or cannot hold what the link says, must not drop it.
      if (!tiles[id] || !controlled.has(id) || !rules.fits(tiles[id], found[id])) selections[id] = found[id];
    }
    return outputs.map(({ id }) => (
      tiles[id.tile] ? rules.toWidget(tiles[id.tile], selections[id.tile] ? [] : found[id.tile]) : none()));
  }

  /* On a phone the panel would push the board out of sight, so it starts folded. */
  function fold() {
    const panel = document.querySelector('.panel-details');
    if (panel && window.matchMedia(NARROW).matches) panel.open = false;
  }

  function forgetAll(outputs, tiles) {
    for (const id of Object.keys(selections)) clearSelection(id, tiles);
    return outputs.map(({ id }) => rules.idleValue(tiles[id.tile]));
  }

  function resetOne(id, causes, tiles, value) {
    const isReset = causes.some((cause) => cause.tile === id.tile);
    return isReset ? rules.idleValue(tiles[id.tile]) : value;
  }

  function clearSelection(id, tiles) {
    delete selections[id];
    if (!tiles[id] || tiles[id].widget) return;
    if (tiles[id].type === 'table') {
      dash().set_props({ role: 'rows', tile: id }, { selectedRows: [] });
      return;
    }
    if (tiles[id].type === 'image') {
      dash().set_props({ role: 'images', tile: id }, { data: null });
      return;
    }
    dash().set_props({ role: 'figure', tile: id }, { selectedData: null });
    painting.clear(id);
  }

  /* The state: wishes of every control and selection. Writes the address, shows which reset buttons do something, and
     asks for the tiles, without waiting until Dash has passed the state on. */
  function compose(values, selected, rows, pictures, resets, resetAll, visited, tiles, previous) {
    const [controls, figures, tables, images] = dash().callback_context.inputs_list;
    for (const { id, property } of triggers()) {
      if (id.role === 'reset' && selections[id.tile]) clearSelection(id.tile, tiles);
      if (!tiles[id.tile]) continue;
      if (property === 'selectedData') note(id.tile, ofSelected(tiles[id.tile], valueOf(figures, id), selections[id.tile]));
      if (id.role === 'images') note(id.tile, rules.ofValues(valueOf(images, id)));
      if (property === 'selectedRows') note(id.tile, rules.ofRows(tiles[id.tile], valueOf(tables, id)));
    }
    const composed = { ...selections };
    for (const { id, value } of controls) {
      if (!tiles[id.tile]) continue;
      const own = rules.ofWidget(tiles[id.tile], value);
      if (!own.length) continue;
      composed[id.tile] = own;
      delete selections[id.tile];
    }
    const [, reset] = dash().callback_context.outputs_list;
    const looks = reset.map(({ id }) => look(id, 'tile-tool', composed[id.tile]));
    const allLook = look('reset-all', 'dp-button', Object.keys(composed).length);
    chips.show(composed, tiles);
    gallery.mark(composed);
    for (const id of clicks.note(composed, tiles)) painting.again(id);
    if (same(composed, previous)) return [none(), looks, allLook];
    visits.write(rules.toAddress(viewAddress.search(), composed), changedTiles(composed, previous));
    links.note(composed, tiles);
    if (previous === undefined || previous === null) document.addEventListener('depictio:settled', () => links.arrive(tiles), { once: true });
    asking.follow(composed);
    return [composed, looks, allLook];
  }

  const ofSelected = (tile, value, before) => (
    value && value.clicked ? rules.ofClick(tile, value.clicked, before) : rules.ofPoints(tile, value));

  const changedTiles = (composed, previous) => (previous ? [...new Set([...Object.keys(composed), ...Object.keys(previous)])]
    .filter((id) => !same(composed[id], previous[id])) : null);

  const valueOf = (inputs, id) => inputs.find((input) => input.id.tile === id.tile).value;

  /* How a button looks; nothing to do for Dash when it looks so already. */
  function look(id, base, isActive) {
    const wanted = isActive ? base : `${base} is-idle`;
    const button = document.getElementById(typeof id === 'string' ? id : JSON.stringify({ role: id.role, tile: id.tile }));
    return button && button.className === wanted ? none() : wanted;
  }

  function note(id, own) {
    if (own.length) selections[id] = own;
    else delete selections[id];
  }

  /* An edit was counted: tiles may show something else under the same state, which compose has asked for. */
  function edited(changed, composed) {
    if (!changed) return;
    brush.forget();
    asking.want(composed);
  }

  // -- failures: a callback without an answer is said where its answer would have shown

  const reason = (status) => WORDS[status] || WORDS.silent;

  function failed(request, why) {
    let call = {};
    try {
      call = JSON.parse(request.body);
    } catch (error) {
      // Not a callback's request: nothing on the board waits for it.
    }
    const output = String(call.output);
    if (output.includes('saved.children')) {
      dash().set_props('saved', { children: WORDS.unsaved(why) });
    } else if (output.includes('rows-got')) {
      const { id, value } = call.inputs[0];
      tables.lost(id.tile, value.ticket, why);
    } else {
      say(why);
    }
  }

  const fetchPlainly = window.fetch;
  window.fetch = async (resource, options) => {
    const isCallback = String(resource.url || resource).includes('_dash-update-component');
    try {
      const response = await deliver(isCallback ? String(options.body) : '', resource, options);
      if (isCallback && !response.ok) failed(options, reason(response.status));
      return response;
    } catch (error) {
      if (isCallback) failed(options, WORDS.unreachable);
      else if (/_dash-(layout|dependencies)$/.test(String(resource.url || resource))) failures.blank();
      throw error;
    }
  };

  /* Saves wait for their turn and for the connection, previews for the connection. */
  function deliver(body, resource, options) {
    const answer = early.take(resource);
    if (answer) return answer.catch(() => fetchPlainly(resource, options));
    if (body.includes('saved.children')) return saving.send(fetchPlainly, resource, options);
    if (body.includes('"output":"..preview.children')) return saving.preview(fetchPlainly, resource, stamped(options, true));
    return fetchPlainly(resource, stamped(options, Boolean(body)));
  }

  /* Every callback says which opened editor it comes from: another may only know of what is saved. */
  const stamped = (options, isCallback) => (isCallback ? { ...options, headers: saving.headers(options.headers) } : options);

  // What was said when the network went is over when it is back, and the board is asked for again.
  document.addEventListener('depictio:online', () => {
    if (!failures.has(WORDS.unreachable)) return;
    failures.forget();
    if (window.depictio.asking.state()) window.depictio.asking.want(window.depictio.asking.state());
  });

  document.addEventListener('depictio:failure', ({ detail }) => say(detail));

  // The switch in the page's header also switches Mantine's components; plots and grids follow the style sheet.
  document.addEventListener('depictio:scheme', ({ detail }) => {
    if (dash() && dash().set_props) dash().set_props('mantine', { forceColorScheme: detail.scheme });
  });

  Object.assign(window.depictio, { fetchPlainly, reason });
  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    depictio: { compose, edited, got: tables.got, rows: tables.rows, widgets },
  });
})();
