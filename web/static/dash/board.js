/*
 * The board in the browser: composes the filter state from controls, selections and the address, and keeps one request
 * under way at a time. While one is being answered the newest state waits and older ones are forgotten.
 */
(function () {
  'use strict';

  const { wishes: rules } = window.depictio;
  const GIVE_UP_AFTER = 60000;

  const selections = {}; // tile id → wishes of its selection
  const requests = {}; // table id → its last request for rows
  const pages = {}; // table id → the first page that came with an answer
  const waiting = new Set(); // tables whose request waits for the answer under way
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
      found = { address: [['in', []]] }; // No such tile: the server answers that the link cannot be read.
    }
    for (const id of Object.keys(selections)) delete selections[id];
    for (const id of Object.keys(found)) if (!tiles[id] || !tiles[id].widget) selections[id] = found[id];
    return outputs.map(({ id }) => (tiles[id.tile] ? rules.toWidget(tiles[id.tile], found[id.tile]) : none()));
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
    if (!tiles[id]) return;
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
      if (own.length) composed[id.tile] = own;
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
    dash().set_props('ask', { data: { sequence, wishes: state, known, tables: models() } });
  }

  const models = () => Object.fromEntries(Object.entries(requests).map(([id, request]) => [id, model(request)]));
  const model = ({ sortModel, filterModel }) => ({ sortModel: sortModel || [], filterModel: filterModel || {} });

  /* An answer: takes over what it covers, hands tables their page, lets the next request go. */
  function answered(answer) {
    if (!answer) return none();
    known = answer.known;
    for (const [id, page] of Object.entries(answer.pages)) deliver(id, page);
    settle(answer.sequence, answer.failure);
    return none();
  }

  /* The request ended, with an answer or without one: a failure is shown, never a stale board as a fresh one. */
  function ended(isAsking) {
    if (isAsking === false) window.setTimeout(() => settle(underWay, 'The server could not answer.'), 0);
    return none();
  }

  function settle(number, failure) {
    if (!underWay || number !== underWay) return;
    underWay = 0;
    window.clearTimeout(timer);
    document.body.classList.remove('is-asking');
    document.body.classList.toggle('is-stale', Boolean(failure));
    const line = document.getElementById('board-failure');
    if (line) line.textContent = failure ? `${failure} What is shown may not match the filters.` : '';
    if (failure) known = {};
    for (const id of [...waiting]) if (!wanted) forward(id);
    pump();
  }

  // -- rows of tables

  /* A table wants rows: from the page that came with the last answer, else from the server. */
  function rows(request) {
    const { id } = dash().callback_context.inputs_list[0];
    if (!request) return none();
    requests[id.tile] = request;
    const page = pages[id.tile];
    if (underWay || wanted || !page) {
      waiting.add(id.tile);
    } else if (fits(page, request)) {
      give(id, page);
    } else {
      return { request, wishes: state };
    }
    return none();
  }

  const fits = (page, request) => request.startRow === 0 && same(page.model, model(request));

  /* Later, not now: while its request is still being dispatched the grid overlooks a response. */
  function give(gridId, page) {
    window.setTimeout(() => dash().set_props(gridId, { getRowsResponse: page.response }), 0);
  }

  function deliver(id, page) {
    pages[id] = page;
    const gridId = { role: 'rows', tile: id };
    if (waiting.has(id) && fits(page, requests[id])) {
      waiting.delete(id);
      give(gridId, page);
    } else if (!waiting.has(id)) {
      purge(gridId);
    }
  }

  function forward(id) {
    waiting.delete(id);
    if (pages[id] && fits(pages[id], requests[id])) {
      give({ role: 'rows', tile: id }, pages[id]);
    } else {
      dash().set_props({ role: 'rows-ask', tile: id }, { data: { request: requests[id], wishes: state } });
    }
  }

  function purge(gridId) {
    try {
      window.dash_ag_grid.getApi(gridId).purgeInfiniteCache();
    } catch (error) {
      // The grid is not drawn yet: it will ask for its first rows by itself.
    }
  }

  // The switch in the page's header also switches Mantine's components; plots and grids follow the style sheet.
  document.addEventListener('depictio:scheme', ({ detail }) => {
    if (dash() && dash().set_props) dash().set_props('mantine', { forceColorScheme: detail.scheme });
  });

  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    depictio: { answered, compose, ended, rows, want, widgets },
  });
})();
