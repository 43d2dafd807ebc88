/*
 * The pulse of an opened dashboard: as long as the page is seen, one request asks what is new. Changes of
 * others are drawn, new data shown at once or offered, and it is shown who else is editing, and where.
 */
(function () {
  'use strict';

  const { asking, changed, grouped, saving, tr, trn } = window.depictio;
  const EVERY = 750; // Milliseconds from an answer to the next pulse; benchmarks/pulse.py says what they cost the server.
  const GIVE_UP_AFTER = 10000; // A connection that was cut may never say so.
  const LIVE = 'depictio.live';
  const NEWS_STAYS = 30000;
  const WORDS = {
    live: [tr('New data are shown at once'), tr('New data are offered by a button')],
    waiting: tr('New data'),
    show: tr('Show'),
    close: tr('Close'),
    rows: (was, is) => (was === is
      ? trn('{n} row', '{n} rows', is)
      : trn('{was} → {n} row', '{was} → {n} rows', is, { was: grouped(was) })),
    version: (version) => tr('Version {version}', { version }),
    shown: (list) => tr('New data: {list}', { list }),
    changed: (n) => (n ? trn('{n} tile has changed', '{n} tiles have changed', n) : tr('no tile has changed')),
    told: (news, tiles) => `${news} · ${tiles}`,
    offered: (list) => tr('There are new data: {list}', { list }),
    here: (name) => tr('{name} is editing this dashboard too', { name }),
    left: (name) => tr('{name} has left', { name }),
    in: (name, tile) => tr('{name} is in {tile}', { name, tile }),
    did: (name, did) => tr('{name} {did}', { name, did }),
  };

  const page = () => document.getElementById('board-live');
  const isEditor = () => page().dataset.editable === 'true';
  const isOld = () => Boolean(page().dataset.at); // An old version is looked at: it does not change.
  const dash = () => window.dash_clientside;

  let shown = 0; // the version that is drawn
  let tiles = {}; // what Dash knows of them
  let tables = null; // collection → its state, as it is shown
  let waiting = null; // the tables that are newer than what is shown
  let people = new Map(); // who is there: name → tile
  let texts = null; // title and subtitle, as they were drawn last
  let syncs = 0;
  let syncing = 0; // the version that was asked to be drawn
  let timer = null;
  let isUnderWay = false;
  let isFirst = true;
  let newsTimer = null;
  let said = ''; // the line of news, as long as it is not known which tiles have changed
  let isPanelBehind = false; // The choices of filters are those of older data.
  let isPanelAsked = false;
  const told = new Map(); // collection → its state before what the line of news says

  async function beat() {
    window.clearTimeout(timer);
    if (isUnderWay || document.visibilityState !== 'visible') return;
    isUnderWay = true;
    try {
      const { requests_pathname_prefix: base } = JSON.parse(document.getElementById('_dash-config').textContent);
      const body = JSON.stringify({ version: shown, tile: place(), first: isFirst });
      const response = await window.fetch(`${base}_pulse`, { method: 'POST', headers: saving.headers({}), body, signal: AbortSignal.timeout(GIVE_UP_AFTER) });
      saving.online();
      if (response.ok) take(await response.json());
      else if ([401, 403, 404].includes(response.status)) window.depictio.say(window.depictio.reason(response.status));
    } catch (error) {
      if (error instanceof TypeError || error.name === 'TimeoutError') saving.offline();
      else throw error;
    } finally {
      isUnderWay = false;
      timer = window.setTimeout(beat, EVERY);
    }
  }

  /* The tile that this editor is in: its form is open, or the focus is there. */
  function place() {
    if (!isEditor()) return '';
    const focused = document.activeElement && document.activeElement.closest('[data-tile]');
    return saving.editing() || (focused ? focused.dataset.tile : '');
  }

  function take(answer) {
    isFirst = false;
    if (answer.stacks) window.depictio.undo.show(answer.stacks);
    for (const { name, did } of answer.news || []) tell(WORDS.did(name, did));
    follow(answer.tables);
    if (isEditor()) meet(answer.present);
    if (!isOld() && answer.version > Math.max(shown, syncing) && saving.isIdle()) sync(false, answer.version);
  }

  /* Have drawn what is stored now. */
  function sync(panel, version) {
    syncs += 1;
    syncing = version;
    dash().set_props('sync', { data: { panel, count: syncs } });
    window.setTimeout(() => { if (shown < version) syncing = 0; }, 5000); // It may have failed.
  }

  function drawn(now, known) {
    shown = Math.max(shown, now.version);
    tiles = known || {};
    mark();
    if (isPanelAsked) document.dispatchEvent(new CustomEvent('depictio:panel'));
    isPanelAsked = false;
    if (texts && isEditor()) {
      takeOver(now);
      count(now.version);
    }
    texts = [now.title, now.subtitle];
  }

  /* What stands in the bar is of the last save of this editor, or of the version that somebody else has made since. */
  function count(version) {
    const bar = document.getElementById('saved');
    if (version === syncing && !bar.textContent.includes(version)) dash().set_props('saved', { children: WORDS.version(version) });
  }

  /* Somebody else has renamed the dashboard. What is being typed here stays. */
  function takeOver({ title, subtitle }) {
    const [was, wasBelow] = texts;
    const focus = document.activeElement;
    if ((title === was && subtitle === wasBelow) || (focus && focus.closest('.bar-names input'))) return;
    dash().set_props('echo', { data: [title, subtitle] });
    dash().set_props('dashboard-title', { value: title });
    dash().set_props('dashboard-subtitle', { value: subtitle });
  }

  // -- data

  const isLive = () => window.localStorage.getItem(LIVE) !== 'button';

  function follow(now) {
    if (!tables) tables = now;
    const used = new Set(Object.values(tiles).map(({ collection }) => collection).filter(Boolean));
    const fresh = Object.keys(now).filter((id) => tables[id] && now[id].version !== tables[id].version);
    const seen = fresh.filter((id) => used.has(id));
    for (const id of Object.keys(now)) if (!fresh.includes(id)) tables[id] = now[id];
    if (!fresh.length) return;
    if (!seen.length) {
      tables = now; // Nothing here shows it, but filters may lead through it by links.
      if (isFiltered()) asking.want(asking.state());
      follows();
    } else if (isLive()) {
      refresh(now);
    } else if (JSON.stringify(waiting) !== JSON.stringify(now)) {
      waiting = now;
      offer(now, seen);
    }
  }

  const isFiltered = () => Boolean(Object.keys(asking.state()).length || (tiles['*'] && tiles['*'].own));

  const listed = (ids, now) => ids.map((id) => `${now[id].tag} ${WORDS.rows(tables[id].rows, now[id].rows)}`).join(', ');

  function changedTables(now) {
    const used = new Set(Object.values(tiles).map(({ collection }) => collection));
    return Object.keys(now).filter((id) => used.has(id) && tables[id] && now[id].version !== tables[id].version);
  }

  /* Show the new data, and say what changed: in words, and on the tiles of these tables. */
  function refresh(now) {
    // Tables come one after the other, and each is said until somebody closes the line.
    for (const id of changedTables(now)) if (!told.has(id)) told.set(id, tables[id]);
    const ids = [...told.keys()].filter((id) => now[id]);
    const rows = Object.fromEntries(ids.map((id) => [id, WORDS.rows(told.get(id).rows, now[id].rows)]));
    const text = WORDS.shown(ids.map((id) => `${now[id].tag} ${rows[id]}`).join(', '));
    tables = now;
    waiting = null;
    window.depictio.brush.forget();
    changed.begin(Object.fromEntries(Object.entries(tiles).map(([id, { collection }]) => [id, rows[collection]])));
    isPanelBehind = true;
    said = text;
    asking.want(asking.state());
    announce(text, null);
    window.clearTimeout(newsTimer);
    follows();
  }

  /* What the side panel offers and shows is of the new data, too. */
  const follows = () => document.dispatchEvent(new CustomEvent('depictio:data'));

  /* Every tile shows the new data. Only now it is said how many have changed, and the filters get their new choices: while
     they are drawn, tiles would have to wait. */
  function settled() {
    if (said) {
      document.querySelector('#board-news > span').textContent = WORDS.told(said, WORDS.changed(changed.count()));
      // Over large tables the tiles may take their time.
      window.clearTimeout(newsTimer);
      newsTimer = window.setTimeout(dismiss, NEWS_STAYS);
    }
    said = '';
    const panel = document.getElementById('panel');
    // A filter that somebody is just using keeps its place; its choices follow when the tiles do next.
    if (!isPanelBehind || !panel || panel.contains(document.activeElement)) return;
    isPanelBehind = false;
    isPanelAsked = true;
    sync(true, shown);
  }

  function offer(now, ids) {
    window.clearTimeout(newsTimer);
    announce(WORDS.offered(listed(ids, now)), () => refresh(waiting || now));
  }

  function announce(text, act) {
    const line = document.getElementById('board-news');
    const isHeld = line.contains(document.activeElement);
    line.replaceChildren(Object.assign(document.createElement('span'), { textContent: text }));
    if (act) line.append(made('dp-button', WORDS.show, act));
    const close = line.appendChild(made('board-news-close', WORDS.close, dismiss));
    line.hidden = false;
    if (isHeld) (line.querySelector('.dp-button') || close).focus();
  }

  function made(className, text, act) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className, textContent: text });
    button.addEventListener('click', act);
    return button;
  }

  function dismiss() {
    const line = document.getElementById('board-news');
    if (line.contains(document.activeElement)) window.depictio.failures.rest(document.querySelector('.board-main'));
    line.hidden = true;
    told.clear();
    said = '';
    changed.end();
  }

  /* The switch in the bar; the choice is kept in this browser. */
  function showLive() {
    const button = document.getElementById('live');
    if (!button) return;
    const is = isLive();
    button.setAttribute('aria-pressed', String(is));
    button.title = WORDS.live[is ? 0 : 1];
  }

  function switchLive() {
    window.localStorage.setItem(LIVE, isLive() ? 'button' : 'at-once');
    showLive();
    tell(WORDS.live[isLive() ? 0 : 1]);
    if (isLive() && waiting) refresh(waiting);
  }

  // -- people

  function meet(present) {
    const now = new Map();
    for (const { name, tile } of present) now.set(name, now.get(name) || tile);
    for (const [name, tile] of now) {
      if (!people.has(name)) tell(WORDS.here(name));
      else if (tile && people.get(name) !== tile) tell(WORDS.in(name, titleOf(tile)));
    }
    for (const name of people.keys()) if (!now.has(name)) tell(WORDS.left(name));
    const isNews = JSON.stringify([...people]) !== JSON.stringify([...now]);
    people = now;
    if (isNews) list();
    mark();
  }

  function titleOf(id) {
    const tile = document.querySelector(`[data-tile="${CSS.escape(id)}"] .tile`);
    return tile ? tile.getAttribute('aria-label') : id;
  }

  const initials = (name) => name.split(/\s+/).map((word) => [...word][0] || '').slice(0, 2).join('').toUpperCase();

  function list() {
    const place = document.getElementById('editors');
    if (!place) return;
    place.replaceChildren(...[...people].map(([name, tile]) => {
      const text = tile ? WORDS.in(name, titleOf(tile)) : name;
      const one = Object.assign(document.createElement('li'), { className: 'bar-person', title: text });
      const mark = Object.assign(document.createElement('span'), { textContent: initials(name) });
      mark.setAttribute('aria-hidden', 'true');
      one.append(mark, Object.assign(document.createElement('span'), { className: 'dp-hidden', textContent: text }));
      return one;
    }));
  }

  /* Who is in which tile, on the tile. */
  function mark() {
    const held = new Map([...people].filter(([, tile]) => tile).map(([name, tile]) => [tile, name]));
    for (const tile of document.querySelectorAll('[data-tile]')) {
      const name = held.get(tile.dataset.tile);
      if (name) tile.dataset.held = name;
      else delete tile.dataset.held;
    }
  }

  /* Said to screen readers, and shown for a while. */
  function tell(text) {
    document.dispatchEvent(new CustomEvent('depictio:notice', { detail: { level: 'done', text } }));
  }

  function leave() {
    if (!isEditor()) return;
    const { requests_pathname_prefix: base } = JSON.parse(document.getElementById('_dash-config').textContent);
    window.fetch(`${base}_pulse`, { method: 'POST', keepalive: true, headers: saving.headers({}), body: '{"leaving": true}' }).catch(() => {});
  }

  function start() {
    if (!document.getElementById('grid') || !(dash() && dash().set_props)) {
      window.setTimeout(start, 100);
      return;
    }
    showLive();
    if (isEditor()) saving.resume(window.depictio.fetchPlainly);
    beat();
  }

  document.addEventListener('click', ({ target }) => {
    if (target.closest && target.closest('#live')) switchLive();
  });
  document.addEventListener('input', ({ target }) => {
    if (target.closest && target.closest('.bar-names')) dash().set_props('echo', { data: null });
  });
  document.addEventListener('depictio:settled', settled);
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') beat(); });
  window.addEventListener('online', beat);
  window.addEventListener('offline', () => saving.offline());
  window.addEventListener('pagehide', leave);
  document.addEventListener('DOMContentLoaded', start);

  window.depictio = Object.assign(window.depictio || {}, { pulse: { now: beat, tell } });
  window.dash_clientside = Object.assign(window.dash_clientside || {}, { pulse: { drawn } });
})();
