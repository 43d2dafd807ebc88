/*
 * From the filter state to answers. A state is asked for in two steps, first the tiles in and near the window, then the
 * rest, which the server tells apart by the signatures of what each tile has. A newer state supersedes what is under way,
 * on the server too; but one that has superseded another is answered first, so that something moves while a slider does.
 * While a slider moves, only tiles in the window are asked for, one request after the other; all the rest, and tiles that
 * brush.js shows meanwhile, when it rests, so that in the end all are the server's.
 */
(function () {
  'use strict';

  const { tr } = window.depictio;
  const WORDS = {
    unreachable: tr('The server cannot be reached.'),
    late: tr('The server did not answer in time.'),
    unshown: tr('Its answer cannot be shown by this browser.'),
    unseen: tr('No rows are shown, for the view that the link names cannot be opened.'),
    behind: (why) => tr('{why} What is shown may not match the filters.', { why }),
  };

  const { brush, changed, failures, gallery, painting, post, say, tables, tiles, viewAddress, wire } = window.depictio;
  const GIVE_UP_AFTER = 60000;
  const RESTS_AFTER = 600; // Milliseconds without a move of a slider that the reader holds.
  const RELEASED_AFTER = 150; // The same once it was let go, which keys do after each step.
  const NEAR = 100; // Pixels around the window within which a tile belongs to the first step.

  const view = [...window.crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const moulds = Object.create(null); // figure's tile → the mould last sent, and its mark
  const figures = new Map(); // figure's tile → what was sent last: the mark, the arrays, and what was made of them
  let state = {}; // the wishes last composed
  let followed = ''; // the same in JSON, unless the server has not answered
  let known = {}; // tile → signature of what it has
  const full = new Set(); // scatters of which the reader wants all points, in this view only
  let failed = new Set(); // tiles that could not be computed under this state
  let held = new Set(); // tiles that brush.js shows until the slider rests
  let sequence = 0;
  let isWanted = false;
  let timer = 0; // of the slider that moves; 0 when none does
  let underWay = null; // the request: its step, how to abort it, whether it has superseded another, or a slider moves

  /* A new state, of which every tile is asked for: after an edit, or when somebody tries again. */
  function want(composed) {
    state = composed || {};
    followed = spelled(state);
    halt();
    isWanted = true;
    pump();
  }

  /* All points of a scatter, or a sample again. */
  function load(id, isAll) {
    if (isAll) full.add(id);
    else full.delete(id);
    want(state);
  }

  const spelled = (composed) => JSON.stringify(Object.entries(composed).sort());

  /* A new state, from controls and selections: what can be brushed is shown first and asked for later. */
  function follow(composed, isMoving = false) {
    if (spelled(composed) === followed) {
      if (timer && !isMoving) wait(RELEASED_AFTER);
      return;
    }
    followed = spelled(composed);
    state = composed;
    held = brush.follow(composed, isMoving);
    for (const id of held) {
      delete known[id];
      tiles.behind(tiles.find(id), true);
    }
    brush.show();
    if (isMoving) wait(RESTS_AFTER);
    else if (held.size) wait(RELEASED_AFTER);
    else halt();
    isWanted = true;
    pump();
  }

  /* A slider has moved, of which Dash is told when it is let go. */
  function move(slider, own) {
    const { [slider]: _, ...composed } = state;
    follow(own.length ? { ...composed, [slider]: own } : composed, true);
  }

  function wait(delay) {
    window.clearTimeout(timer);
    timer = window.setTimeout(rest, delay);
  }

  function halt() {
    window.clearTimeout(timer);
    timer = 0;
    held = new Set();
  }

  /* The slider rests: now all is asked for that was held back. */
  function rest() {
    halt();
    if (!underWay && !isWanted) askInOrder(false);
  }

  function pump() {
    if (!isWanted) return;
    const hasSuperseded = Boolean(underWay) && underWay.step === 1;
    if (hasSuperseded && (underWay.hasSuperseded || (timer && underWay.isMoving))) return;
    if (underWay) abort();
    isWanted = false;
    sequence += 1;
    failed = new Set();
    const drawn = tiles.all(Boolean(timer));
    forgetEmptied(drawn);
    tables.expire();
    for (const [id, tile] of drawn) if (!held.has(id)) tiles.behind(tile, true);
    document.body.classList.add('is-asking');
    askInOrder(hasSuperseded, drawn);
  }

  /* First what is in the window; the rest only when nothing moves. */
  function askInOrder(hasSuperseded, drawn = tiles.all(Boolean(timer))) {
    const near = visible(drawn).filter((id) => !held.has(id));
    if (near.length) ask(1, drawn, near, hasSuperseded);
    else if (!timer) ask(2, drawn, null, hasSuperseded);
  }

  /* At once; but the answer waits until what is in the window is drawn: it would take the turn of plots that the reader
     waits for. */
  function askForRest() {
    const seen = new Promise((resolve) => { painting.whenSeen(resolve); });
    ask(2, tiles.all(), null, false, seen);
  }

  /* Tiles that were drawn anew have nothing, whatever was sent for them. */
  function forgetEmptied(drawn) {
    for (const id of Object.keys(known)) {
      const tile = drawn.get(id);
      const isThere = tile && tiles.isFilled(tile) && (!['figure', 'map'].includes(tile.dataset.kind) || painting.holds(id));
      if (isThere) continue;
      delete known[id];
      changed.forget(id);
    }
  }

  function visible(drawn) {
    const isNear = ({ top, bottom }) => bottom > -NEAR && top < window.innerHeight + NEAR;
    return [...tiles.boxes(Boolean(timer), drawn)].filter(([, box]) => isNear(box)).map(([id]) => id);
  }

  async function ask(step, drawn, ids, hasSuperseded, turn = null) {
    const controller = new AbortController();
    const own = { step, controller, hasSuperseded, isMoving: Boolean(timer), timer: window.setTimeout(() => late(own), GIVE_UP_AFTER) };
    underWay = own;
    const marks = Object.fromEntries(Object.entries(moulds).map(([id, { mark }]) => [id, mark]));
    const asked = { sequence, view, wishes: state, known, marks, tables: tables.models, full: [...full], turned: gallery.turned(state), drawn: [...drawn.keys()], ...(ids && { tiles: ids }) };
    let answer;
    try {
      answer = await post('_answers', asked, controller.signal);
    } catch (error) {
      answer = { failure: error.said || WORDS.unreachable };
    }
    await turn;
    if (underWay !== own) return; // Superseded or given up.
    window.clearTimeout(own.timer);
    if (answer.failure) settle(answer.failure);
    else take(answer, own);
  }

  function abort() {
    window.clearTimeout(underWay.timer);
    underWay.controller.abort();
    underWay = null;
  }

  function late(own) {
    if (underWay !== own) return;
    abort();
    settle(WORDS.late);
  }

  /* An answer: what is stale now leaves the queue; numbers, notices, badges and pages are shown; plots wait their turn. */
  function take({ signatures, tiles: entries }, { step, isMoving }) {
    brush.spoil();
    for (const id of Object.keys(known)) {
      if (known[id] === signatures[id]) continue;
      delete known[id];
      if (!held.has(id)) painting.drop(id);
    }
    for (const [id, entry] of Object.entries(entries)) {
      if (entry.notice && entry.notice.failed) failed.add(id);
      known[id] = signatures[id];
      try {
        present(id, entry);
      } catch (error) {
        refuse(id, error);
      }
    }
    for (const [id, tile] of tiles.all(isMoving)) {
      if (!known[id] || known[id] !== signatures[id]) continue;
      tables.confirm(id);
      if (!painting.waits(id)) tiles.behind(tile, false);
    }
    painting.open();
    const isRestLeft = Object.keys(signatures).some((id) => known[id] !== signatures[id]);
    underWay = null;
    if (isWanted) pump();
    else if (!timer) { // Else it goes on when the slider rests.
      if (isRestLeft && isMoving) askInOrder(false);
      else if (isRestLeft && step === 1) askForRest();
      else settle('');
    }
  }

  function present(id, entry) {
    tiles.show(id, entry, () => want(state), (isAll) => load(id, isAll));
    const isOther = entry.figure ? show(id, entry.figure) : false;
    changed.answered(id, JSON.stringify([followed, full.has(id), entry.page && entry.page.model, gallery.turned(state)[id]]), entry, isOther);
    if (entry.gallery) gallery.show(id, entry.gallery);
    if (entry.page) tables.deliver(id, entry.page, Boolean(timer));
  }

  /* One tile that cannot be shown says so, and harms no other. */
  function refuse(id, error) {
    console.error(error);
    failed.add(id);
    painting.drop(id);
    figures.delete(id);
    tiles.show(id, { badge: '', notice: { text: WORDS.unshown, failed: true } }, () => want(state));
  }

  /* A figure is drawn unless it is there already, and as long as a slider moves, its marks are moved if that will do.
     Whether it is another one. */
  function show(id, { mark, mould, arrays }) {
    if (mould) moulds[id] = { mark, mould };
    const before = figures.get(id);
    const isOther = !before || before.mark !== mark || !wire.isSame(before.arrays, arrays);
    if (!isOther && painting.keep(id, before.figure)) return false;
    const figure = wire.cast(moulds[id].mould, arrays);
    figures.set(id, { mark, arrays, figure });
    if (!timer || !painting.move(id, figure)) painting.paint(id, figure);
    return isOther;
  }

  /* A table has other rows than those of the last answer. */
  function note(id, signature) {
    if (known[id]) known[id] = signature;
  }

  /* Nothing is under way any more. */
  function settle(failure) {
    underWay = null;
    if (failure) followed = '';
    painting.settle();
    for (const id of failure ? Object.keys(known) : failed) delete known[id];
    if (failure) for (const tile of tiles.all().values()) tiles.behind(tile, false);
    document.body.classList.remove('is-asking');
    document.body.classList.toggle('is-stale', Boolean(failure));
    if (failure && viewAddress.isLost(window.location.search)) say(WORDS.unseen, 'board'); // Why, stands above.
    else if (failure && window.depictio.links.fault()) {
      const { text, leave } = window.depictio.links.fault();
      say(text, 'board', leave);
    } else if (failure) say(WORDS.behind(failure), 'board', () => want(state));
    else failures.forget();
    painting.open();
    if (!isWanted) tables.confirmAll();
    pump();
    if (!underWay) document.dispatchEvent(new CustomEvent('depictio:settled', { detail: { sequence, state } }));
  }

  document.addEventListener('depictio:painted', ({ detail }) => {
    const tile = tiles.find(detail);
    if (tile && (known[detail] || (held.has(detail) && brush.isExact()))) tiles.behind(tile, false);
  });

  window.depictio.asking = { follow, move, note, state: () => state, view, want };
})();
