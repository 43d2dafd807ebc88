/*
 * Rows of tables. Dash's property of AG Grid holds one request at a time and loses the answer to one that another has
 * followed; so each grid gets a datasource of its own, whose requests carry a ticket.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    late: tr('The server did not send the rows.'),
    lost: (table, why) => tr('More rows of {table} could not be fetched. {why}', { table, why }),
  };

  const GIVE_UP_AFTER = 60000;

  const grids = Object.create(null); // table → AG Grid's API
  const pending = Object.create(null); // table → the requests for rows that it waits for
  const pages = Object.create(null); // table → the first page that came with an answer
  const models = Object.create(null); // table → how its reader has sorted and filtered it
  const fresh = new Set(); // tables whose first page belongs to the newest state
  const counts = new Map(); // table → how many rows it has, which its grid is told when nothing moves
  let tickets = 0;

  const part = (id) => `rows of ${id}`; // Of the line of failures.
  const dash = () => window.dash_clientside;
  const none = () => dash().no_update;
  const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  const keys = (sortModel) => (sortModel || []).map(({ colId, sort }) => ({ colId, sort }));
  const model = ({ sortModel, filterModel }) => ({ sortModel: keys(sortModel), filterModel: filterModel || {} });

  /* A grid is ready, for it asked for rows through its Dash property. From now on it asks here. */
  function rows() {
    const { id } = dash().callback_context.inputs_list[0];
    const api = window.dash_ag_grid.getApi(id);
    if (!api || grids[id.tile] === api) return none();
    grids[id.tile] = api;
    pending[id.tile] = [];
    if (pages[id.tile]) beside(id.tile, pages[id.tile].response);
    api.setGridOption('datasource', { getRows: (request) => { pending[id.tile].push(request); serve(id.tile); } });
    return none();
  }

  /* Answer what a table waits for: from the page that came with the last answer, else by asking the server, but not
     before it is known what the newest state makes of the table. */
  function serve(id) {
    if (!fresh.has(id)) return;
    for (const request of [...(pending[id] || [])]) {
      if (request.startRow === 0 && same(pages[id].model, model(request))) fulfil(id, request, pages[id].response);
      else if (!request.ticket) order(id, request);
    }
  }

  /* There is a newer state: no page is known to belong to it. */
  function expire() {
    fresh.clear();
  }

  /* The page of this table is that of the newest state, or the newest that there will be. */
  function confirm(id) {
    if (!pages[id] || fresh.has(id)) return;
    fresh.add(id);
    serve(id);
  }

  function confirmAll() {
    for (const id of Object.keys(pages)) {
      confirm(id);
      count(id);
    }
  }

  function order(id, request) {
    tickets += 1;
    request.ticket = tickets;
    const { startRow, endRow, ticket } = request;
    const data = { ticket, request: { startRow, endRow, ...model(request) }, wishes: window.depictio.asking.state() };
    dash().set_props({ role: 'rows-ask', tile: id }, { data });
    window.setTimeout(() => refuse(id, request, WORDS.late), GIVE_UP_AFTER);
  }

  /* More rows have come. Those of a request that is not waited for any more are dropped. */
  function got(answer) {
    const { tile } = dash().callback_context.inputs_list[0].id;
    const request = answer && waiting(tile, answer.ticket);
    if (!request) return none();
    if (answer.failure) refuse(tile, request, answer.failure);
    else accept(tile, request, answer);
    return none();
  }

  /* Rows that were asked for. The first ones, sorted anew, take the place of those that came with the filters, so that
     the next answer need not bring them again. */
  function accept(id, request, { page, signature }) {
    fulfil(id, request, page);
    if (!signature) return;
    beside(id, page);
    pages[id] = { response: page, model: model(request) };
    window.depictio.asking.note(id, signature);
  }

  const waiting = (id, ticket) => (pending[id] || []).find((request) => request.ticket === ticket);

  function fulfil(id, request, page) {
    pending[id] = pending[id].filter((other) => other !== request);
    models[id] = model(request);
    request.successCallback(page.rowData, page.rowCount);
    window.depictio.say('', part(id));
  }

  function refuse(id, request, message) {
    if (!pending[id].includes(request)) return;
    pending[id] = pending[id].filter((other) => other !== request);
    request.failCallback();
    const table = window.depictio.tiles.find(id).getAttribute('aria-label');
    window.depictio.say(WORDS.lost(table, message), part(id), () => grids[id].refreshInfiniteCache());
  }

  /* The request with this ticket will not be answered. */
  function lost(id, ticket, message) {
    const request = waiting(id, ticket);
    if (request) refuse(id, request, message);
  }

  /* A table has another first page: it forgets its rows and asks anew. While a slider moves, other values in the rows that
     are there take a third of the time. */
  function deliver(id, page, isMoving) {
    pages[id] = page;
    fresh.add(id);
    if (!grids[id] || grids[id].isDestroyed()) return;
    beside(id, page.response);
    if (isMoving && refill(id, page.response)) return;
    pending[id] = [];
    counts.delete(id);
    grids[id].purgeInfiniteCache();
  }

  /* Whether the rows could be written over: all that the table holds are of its first page, and none is selected. */
  function refill(id, { rowData, rowCount }) {
    const api = grids[id];
    const blocks = Object.values(api.getCacheBlockState());
    if (pending[id].length || blocks.length !== 1 || blocks[0].startRow !== 0 || api.getSelectedNodes().length) return false;
    if (!rowData.length || blocks[0].pageStatus !== 'loaded') return false;
    // To set their number has the browser lay out the page; the scroll bar can wait, rows that are gone cannot.
    counts.set(id, rowCount);
    if (Math.min(rowCount, api.getDisplayedRowCount()) < blocks[0].endRow) count(id);
    rowData.forEach((row, at) => {
      const node = api.getDisplayedRowAtIndex(at);
      if (!same(node.data, row)) node.setData(row);
    });
    return true;
  }

  /* How many rows there are, where that was not yet said. */
  function count(id) {
    const number = counts.get(id);
    counts.delete(id);
    if (number !== undefined && !grids[id].isDestroyed()) grids[id].setRowCount(number, true);
  }

  /* What stands beside the rows: totals below them, and the extremes that bars and scales go between. */
  function beside(id, { totals, extremes }) {
    const api = grids[id];
    if (!api || api.isDestroyed()) return;
    const isNew = window.depictio.cells.scale(id, extremes);
    const before = api.getGridOption('pinnedBottomRowData');
    if (totals || (before && before.length)) api.setGridOption('pinnedBottomRowData', totals ? [totals] : []);
    if (isNew) api.refreshCells({ force: true });
  }

  window.depictio = Object.assign(window.depictio || {}, { tables: { confirm, confirmAll, deliver, expire, got, lost, models, rows } });
})();
