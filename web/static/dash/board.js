/*
 * The board in the browser: composes the filter state from controls, selections and the address, and keeps one request
 * under way at a time. While one is being answered the newest state waits and older ones are forgotten.
 */
(function () {
  'use strict';

  const { wishes: rules } = window.depictio;
  const GIVE_UP_AFTER = 60000;

  const selections = Object.create(null); // tile id → wishes of its selection
  const grids = Object.create(null); // table id → AG Grid's API
  const pending = Object.create(null); // table id → the requests for rows that it waits for
  const pages = Object.create(null); // table id → the first page that came with an answer
  const models = Object.create(null); // table id → how its reader has sorted and filtered it
  let tickets = 0;
  let state = {}; // the wishes last composed
  let known = {}; // tile id → signature of what it shows, as the server gave it
  let wanted = false;
  let underWay = 0;
  let sequence = 0;
  let timer = null;

  const dash = () => window.dash_clientside;
  const none = () => dash().no_update;
  const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  const triggers = () => dash().callback_context.triggered.map(({ prop_id: text }) => {
    const [id, property] = [text.slice(0, text.lastIndexOf('.')), text.slice(text.lastIndexOf('.') + 1)];
    return { id: id.startsWith('{') ? JSON.parse(id) : id, property };
  });

  // -- widgets and selections → state

  /* The values of all controls: read from the address at first, idle after a reset. */
  function widgets(search, resetAll, resets, tiles, values) {
    const outputs = dash().callback_context.outputs_list;
    const causes = triggers().map(({ id }) => id).filter((id) => id !== 'url');
    if (causes.some((id) => id === 'reset-all')) return forgetAll(outputs, tiles);
    if (causes.length) return outputs.map(({ id }, index) => resetOne(id, causes, tiles, values[index]));
    let found = {};
    try {
      found = rules.ofAddress(search);
    } catch (error) {
      found = { '?': [['in', []]] }; // No tile can be called so: the server answers that a filter of the link is lost.
    }
    for (const id of Object.keys(selections)) delete selections[id];
    const controlled = new Set(outputs.map(({ id }) => id.tile));
    for (const id of Object.keys(found)) {
      // A control that could not be drawn, or cannot hold what the link says, must not drop it.
      if (!tiles[id] || !controlled.has(id) || !rules.fits(tiles[id], found[id])) selections[id] = found[id];
    }
    return outputs.map(({ id }) => (
      tiles[id.tile] ? rules.toWidget(tiles[id.tile], selections[id.tile] ? [] : found[id.tile]) : none()));
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
    dash().set_props({ role: 'figure', tile: id }, { selectedData: null });
    const drawing = document.querySelector(`[data-figure="${CSS.escape(id)}"] .js-plotly-plot`);
    if (drawing) window.Plotly.update(drawing, { selectedpoints: null }, { selections: [] });
  }

  /* The state: wishes of every control and selection. Writes the address and shows which reset buttons do something. */
  function compose(values, selected, rows, resets, resetAll, tiles, previous) {
    const [controls, figures, tables] = dash().callback_context.inputs_list;
    for (const { id, property } of triggers()) {
      if (id.role === 'reset' && selections[id.tile]) clearSelection(id.tile, tiles);
      if (!tiles[id.tile]) continue;
      if (property === 'selectedData') note(id.tile, rules.ofPoints(tiles[id.tile], valueOf(figures, id)));
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
    const looks = reset.map(({ id }) => look('tile-tool', composed[id.tile]));
    const allLook = look('dp-button', Object.keys(composed).length);
    if (same(composed, previous)) return [none(), looks, allLook];
    const { pathname, search, hash } = window.location;
    window.history.replaceState(window.history.state, '', pathname + rules.toAddress(search, composed) + hash);
    return [composed, looks, allLook];
  }

  const valueOf = (inputs, id) => inputs.find((input) => input.id.tile === id.tile).value;
  const look = (base, isActive) => (isActive ? base : `${base} is-idle`);

  function note(id, own) {
    if (own.length) selections[id] = own;
    else delete selections[id];
  }

  // -- state → one request at a time

  /* A new state, an edit or a retry: ask as soon as nothing is under way. */
  function want(composed) {
    state = composed || {};
    wanted = true;
    pump();
    return none();
  }

  function pump() {
    if (underWay || !wanted) return;
    wanted = false;
    sequence += 1;
    underWay = sequence;
    document.body.classList.add('is-asking');
    timer = window.setTimeout(() => settle(sequence, 'The server did not answer in time.'), GIVE_UP_AFTER);
    dash().set_props('ask', { data: { sequence, wishes: state, known, tables: models } });
  }

  const model = ({ sortModel, filterModel }) => ({ sortModel: sortModel || [], filterModel: filterModel || {} });

  /* An answer: takes over what it covers, hands tables their page, lets the next request go. */
  function answered(answer) {
    if (!answer) return none();
    known = answer.known;
    for (const [id, page] of Object.entries(answer.pages)) deliver(id, page);
    settle(answer.sequence, answer.failure);
    return none();
  }

  function settle(number, failure) {
    if (!underWay || number !== underWay) return;
    underWay = 0;
    window.clearTimeout(timer);
    document.body.classList.remove('is-asking');
    document.body.classList.toggle('is-stale', Boolean(failure));
    say(failure ? `${failure} What is shown may not match the filters.` : '');
    document.dispatchEvent(new CustomEvent('depictio:answered'));
    if (failure) known = {};
    pump();
    for (const id of Object.keys(pending)) serve(id);
  }

  function say(message) {
    const line = document.getElementById('board-failure');
    if (line) line.textContent = message;
  }

  // -- rows of tables

  /* A grid is ready, for it asked for rows through its Dash property. From now on it asks here: the property holds one
     request only, and loses the answer to one that another has followed. */
  function rows() {
    const { id } = dash().callback_context.inputs_list[0];
    const api = window.dash_ag_grid.getApi(id);
    if (!api || grids[id.tile] === api) return none();
    grids[id.tile] = api;
    pending[id.tile] = [];
    api.setGridOption('datasource', { getRows: (request) => { pending[id.tile].push(request); serve(id.tile); } });
    return none();
  }

  /* Answer what a table waits for: from the page that came with the last answer, else by asking the server. */
  function serve(id) {
    if (underWay || wanted || !pages[id]) return;
    for (const request of [...(pending[id] || [])]) {
      if (request.startRow === 0 && same(pages[id].model, model(request))) fulfil(id, request, pages[id].response);
      else if (!request.ticket) order(id, request);
    }
  }

  function order(id, request) {
    tickets += 1;
    request.ticket = tickets;
    const { startRow, endRow, ticket } = request;
    const data = { ticket, request: { startRow, endRow, ...model(request) }, wishes: state };
    dash().set_props({ role: 'rows-ask', tile: id }, { data });
    window.setTimeout(() => refuse(id, request, 'The server did not send the rows.'), GIVE_UP_AFTER);
  }

  /* More rows have come. Those of a request that is not waited for any more are dropped. */
  function got(answer) {
    const { tile } = dash().callback_context.inputs_list[0].id;
    const request = answer && (pending[tile] || []).find(({ ticket }) => ticket === answer.ticket);
    if (!request) return none();
    if (answer.failure) refuse(tile, request, answer.failure);
    else fulfil(tile, request, answer.page);
    return none();
  }

  function fulfil(id, request, page) {
    pending[id] = pending[id].filter((other) => other !== request);
    models[id] = model(request);
    request.successCallback(page.rowData, page.rowCount);
  }

  function refuse(id, request, message) {
    if (!pending[id].includes(request)) return;
    pending[id] = pending[id].filter((other) => other !== request);
    request.failCallback();
    say(message);
  }

  /* A table has another first page: it forgets its rows and asks anew. */
  function deliver(id, page) {
    pages[id] = page;
    if (!grids[id] || grids[id].isDestroyed()) return;
    pending[id] = [];
    grids[id].purgeInfiniteCache();
  }

  // -- failures: a callback without an answer is said where its answer would have shown

  const REASONS = {
    401: 'You have been signed out. Sign in again.',
    403: 'You may not do this.',
    404: 'The dashboard is gone, or no longer shared with you.',
  };

  function failed(request, reason) {
    let call = {};
    try {
      call = JSON.parse(request.body);
    } catch (error) {
      // Not a callback's request: nothing on the board waits for it.
    }
    const output = String(call.output);
    if (output.includes('saved.children')) {
      dash().set_props('saved', { children: `Not saved. ${reason}` });
    } else if (output.includes('answered.data')) {
      settle(underWay, reason);
    } else if (output.includes('rows-got')) {
      const { id, value } = call.inputs[0];
      const request = (pending[id.tile] || []).find(({ ticket }) => ticket === value.ticket);
      if (request) refuse(id.tile, request, reason);
    } else {
      say(reason);
    }
  }

  let saves = 0; // requests under way that save something

  const fetchPlainly = window.fetch;
  window.fetch = async (resource, options) => {
    const isCallback = String(resource.url || resource).includes('_dash-update-component');
    const isSave = isCallback && String(options.body).includes('saved.children');
    saves += isSave;
    try {
      const response = await fetchPlainly(resource, options);
      if (isCallback && !response.ok) failed(options, REASONS[response.status] || 'The server could not answer.');
      return response;
    } catch (error) {
      if (isCallback) failed(options, 'The server cannot be reached.');
      throw error;
    } finally {
      saves -= isSave;
    }
  };

  document.addEventListener('depictio:failure', ({ detail }) => say(detail));

  window.addEventListener('beforeunload', (event) => {
    if (saves) event.preventDefault();
  });

  // The switch in the page's header also switches Mantine's components; plots and grids follow the style sheet.
  document.addEventListener('depictio:scheme', ({ detail }) => {
    if (dash() && dash().set_props) dash().set_props('mantine', { forceColorScheme: detail.scheme });
  });

  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    depictio: { answered, compose, got, rows, want, widgets },
  });
})();
