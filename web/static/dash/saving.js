/*
 * Saves on their way to the server: one after the other, each under a key by which the server knows one that it is sent
 * again. What cannot be sent is kept, over a reload too, and sent when the connection is back; the bar says how it is.
 * Also when the form of a stored tile is saved by itself.
 */
(function () {
  'use strict';

  const SESSION = 'depictio.session';
  const QUEUE = 'depictio.queue';
  const SHOWN_AFTER = 250; // Milliseconds of saving that nobody needs to see.
  const RESTED_AFTER = 1000;
  const WAITS = [1000, 2000, 4000, 8000];
  const { tr, trn } = window.depictio;
  const WORDS = {
    saving: tr('Saving…'),
    offline: (n) => trn('Offline · {n} change not sent yet', 'Offline · {n} changes not sent yet', n),
    failed: (why) => tr('Not saved. {why}', { why }),
    retry: tr('Retry now'),
    banner: (n) => (n
      ? trn('You are offline. {n} change is kept and will be sent when the connection is back.',
        'You are offline. {n} changes are kept and will be sent when the connection is back.', n)
      : tr('You are offline. What is shown may be out of date.')),
    back: tr('You are online again.'),
    at: (time) => tr('at {time}', { time }),
    again: tr('A change that was waiting could not be saved.'),
  };

  const page = () => document.getElementById('board-live');
  const element = (id) => document.getElementById(id);
  const random = () => [...window.crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const dash = () => window.dash_clientside;

  const entries = []; // saves that are not answered yet, the first first
  let problem = null; // why the first one waits: {isOffline, why}
  let tail = Promise.resolve();
  let wake = null; // ends the wait before the next try
  let isOffline = false;
  let timer = null;

  // -- this opened editor, and what it has not sent yet

  function session() {
    const known = window.sessionStorage.getItem(SESSION);
    if (known) return known;
    const fresh = random();
    window.sessionStorage.setItem(SESSION, fresh);
    return fresh;
  }

  /* Kept for this tab and this person: nobody who signs in later sends what somebody else has typed. */
  function keep() {
    try {
      if (entries.length) window.sessionStorage.setItem(QUEUE, JSON.stringify(entries));
      else window.sessionStorage.removeItem(QUEUE);
    } catch (error) {
      // More than the browser keeps: it is still sent from this page, which asks before it is closed.
    }
  }

  function left() {
    try {
      const here = page().dataset;
      return JSON.parse(window.sessionStorage.getItem(QUEUE) || '[]').filter((one) => (
        one.user === here.you && one.url.startsWith(`${here.base}`)));
    } catch (error) {
      return [];
    }
  }

  // -- sending

  const config = () => JSON.parse(element('_dash-config').textContent);

  function headers(given, key) {
    const { csrf_token_name: cookie, csrf_header_name: header } = config();
    const token = document.cookie.split('; ').find((one) => one.startsWith(`${cookie}=`)) || '';
    const all = new Headers(given);
    all.set(header, decodeURIComponent(token.slice(cookie.length + 1)));
    all.set('content-type', 'application/json');
    all.set('x-depictio-session', session());
    if (key) all.set('x-depictio-edit', key);
    return all;
  }

  /* Send a save through the queue; the answer comes when the server has given one that is final. */
  function send(plainly, resource, options) {
    const entry = { key: random(), url: String(resource.url || resource), body: options.body, user: page().dataset.you };
    return enqueue(plainly, entry, options.headers);
  }

  function enqueue(plainly, entry, given) {
    entries.push(entry);
    keep();
    show();
    const answer = tail.then(() => deliver(plainly, entry, given));
    tail = answer.catch(() => {});
    return answer;
  }

  async function deliver(plainly, entry, given) {
    for (let tries = 0; ; tries += 1) {
      const response = await attempt(plainly, entry, given);
      if (response && !isPassing(response.status)) {
        entries.splice(entries.indexOf(entry), 1);
        problem = null;
        keep();
        online();
        show();
        return response;
      }
      problem = response ? { why: window.depictio.reason(response.status) } : { isOffline: true };
      if (!response) offline();
      show();
      await pause(WAITS[Math.min(tries, WAITS.length - 1)]);
    }
  }

  async function attempt(plainly, entry, given) {
    try {
      return await plainly(entry.url, { method: 'POST', credentials: 'same-origin', headers: headers(given, entry.key), body: entry.body });
    } catch (error) {
      return null;
    }
  }

  /* Whether trying again may help: the server or the network is troubled, or somebody has to sign in again. */
  const isPassing = (status) => status >= 500 || status === 401 || status === 408 || status === 429;

  function pause(milliseconds) {
    return new Promise((resolve) => {
      const waiting = window.setTimeout(resolve, milliseconds);
      wake = () => {
        window.clearTimeout(waiting);
        resolve();
      };
    });
  }

  const retry = () => wake && wake();

  /* What an earlier opening of this page could not send. */
  async function resume(plainly) {
    const found = left();
    if (!found.length) return;
    for (const entry of found) apply(await enqueue(plainly, entry, {}));
    window.depictio.pulse.now();
  }

  async function apply(response) {
    if (!response.ok) {
      dash().set_props('saved', { children: `${WORDS.again} ${window.depictio.reason(response.status)}` });
      return;
    }
    const { response: outputs } = response.status === 200 ? await response.json() : {};
    // The rest is drawn anew by what the pulse finds.
    for (const id of ['saved', 'conflicted']) if (outputs && outputs[id]) dash().set_props(id, outputs[id]);
  }

  // -- what the bar and the banner say

  function offline() {
    isOffline = true;
    show();
  }

  function online() {
    // An answer that was on its way when the network went says nothing of now.
    if (!isOffline || !window.navigator.onLine) return;
    isOffline = false;
    document.dispatchEvent(new CustomEvent('depictio:online'));
    retry();
    show();
    window.depictio.pulse.tell(WORDS.back);
  }

  function show() {
    window.clearTimeout(timer);
    const banner = element('board-offline');
    if (banner) {
      banner.hidden = !isOffline;
      const text = isOffline ? WORDS.banner(entries.length) : '';
      if (banner.textContent !== text) banner.textContent = text;
    }
    if (!entries.length) write('', '');
    else if (problem) write(problem.isOffline ? 'offline' : 'failed', problem.isOffline ? WORDS.offline(entries.length) : WORDS.failed(problem.why));
    else timer = window.setTimeout(() => write('saving', WORDS.saving), SHOWN_AFTER);
  }

  function write(state, text) {
    const place = element('saving');
    if (!place) return;
    document.body.dataset.saving = state;
    if (place.dataset.text === text) return;
    place.dataset.text = text;
    place.textContent = text;
    if (state !== 'failed' && state !== 'offline') return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'bar-retry';
    button.textContent = WORDS.retry;
    button.addEventListener('click', retry);
    place.append(' ', button);
  }

  /* When it was saved, in the reader's own time. */
  function savedAt(children) {
    const at = [].concat(children || []).map((one) => one && one.props && one.props.title).find(Boolean);
    return at ? WORDS.at(new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })) : '';
  }

  // -- the form of a stored tile, saved by itself when it has rested

  let form = null; // the open form of a stored tile: {tile, said}
  let resting = null;
  let autosaves = 0;
  let isTouched = false; // since the form was opened

  const plain = (value) => (value === null || value === undefined || value === '' ? null : value);
  const said = (values, names) => JSON.stringify(names.map((name) => (
    Array.isArray(values[name]) && !values[name].length ? null : plain(values[name]))));

  /* What the form says when its preview is asked for: it is saved whether or not that is ever answered. What it says
     before anybody has touched it is what is stored, as its controls spell it. */
  function typed(body) {
    const { inputs, state } = JSON.parse(body);
    const { value: draft } = state.find(({ id }) => id === 'draft');
    if (!form || !draft || draft.tile_id !== form.tile) return;
    const values = Object.fromEntries(inputs.slice(0, 2).flat().map(({ id, value }) => [id.name, value]));
    if (isTouched) follow({ tile_id: form.tile, values }, false);
    else form = { tile: form.tile, said: said(values, Object.keys(values).sort()) };
  }

  function drafted(draft, hidden) {
    const before = form ? form.tile : '';
    follow(draft, hidden);
    if ((form ? form.tile : '') !== before) document.dispatchEvent(new CustomEvent('depictio:edited'));
  }

  function follow(draft, hidden) {
    if (hidden || !draft || !draft.tile_id) {
      window.clearTimeout(resting);
      resting = form = null;
      return;
    }
    const names = Object.keys(draft.values).sort();
    const now = said(draft.values, names);
    if (!form || form.tile !== draft.tile_id) {
      form = { tile: draft.tile_id, values: draft.values, said: now };
      isTouched = false;
      return;
    }
    // At first the draft has all that is stored, later what the form shows of it.
    if (now === form.said || (form.values && now === said(form.values, names))) {
      form.said = now;
      return;
    }
    form = { tile: form.tile, said: now };
    window.clearTimeout(resting);
    resting = window.setTimeout(autosave, RESTED_AFTER);
  }

  function autosave() {
    window.clearTimeout(resting);
    resting = null;
    const button = element('save-tile');
    if (!form || (button && button.disabled)) return;
    autosaves += 1;
    dash().set_props('autosave', { data: autosaves });
  }

  /* Whoever closes the form has meant what is in it. */
  function closing(target) {
    if (resting && target && target.closest && target.closest('#aside-close, [id*=\'"role":"cancel"\']')) autosave();
  }

  for (const name of ['pointerdown', 'keydown', 'input', 'change', 'drop']) {
    document.addEventListener(name, ({ target }) => {
      if (target.closest && target.closest('#aside')) isTouched = true;
    }, true);
  }

  document.addEventListener('click', ({ target }) => closing(target), true);
  document.addEventListener('click', ({ target }) => {
    if (target.closest && target.closest('#save-tile')) window.clearTimeout(resting);
  }, true);

  // -- previews: one that was asked for without a connection is asked for again, unless a newer one is

  let previews = 0;

  async function preview(plainly, resource, options) {
    previews += 1;
    const own = previews;
    typed(options.body);
    for (;;) {
      try {
        return await plainly(resource, options);
      } catch (error) {
        offline();
        await new Promise((resolve) => { document.addEventListener('depictio:online', resolve, { once: true }); });
        if (own !== previews || element('aside').hidden) return new window.Response(null, { status: 204 });
      }
    }
  }

  window.addEventListener('online', () => retry());
  window.addEventListener('beforeunload', (event) => {
    if (entries.length || resting) event.preventDefault();
  });

  window.depictio = Object.assign(window.depictio || {}, {
    saving: { editing: () => (form ? form.tile : ''), headers, isIdle: () => !entries.length && !resting, offline, online, preview, resume, send, session },
  });
  window.dash_clientside = Object.assign(window.dash_clientside || {}, { saving: { drafted, savedAt } });
})();
