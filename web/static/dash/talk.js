/*
 * Notes and comments beside the board. Notes are saved while somebody writes, over the version that was read; comments
 * stand in threads on a tile, mention members, and can be resolved. All of it goes over REST.
 */
(function () {
  'use strict';

  const { csrf, dashboard, drafts } = window.depictio;
  const SAVE_AFTER = 800; // Milliseconds without a keystroke.
  const LOOK_AGAIN = 3000; // Milliseconds between two looks for comments of others, while the panel shows them;
  const SELDOM = 10; // else only each tenth time.

  const WORDS = {
    notes: 'Notes', comments: 'Comments', close: 'Close', edit: 'Edit', done: 'Done', history: 'History', back: 'Back', restore: 'Restore',
    empty: 'No notes yet.', write: 'Markdown: # heading, **bold**, - list, [text](address)', saving: 'Saving …', saved: 'Saved',
    clash: (who) => `${who} changed the notes meanwhile.`, mine: 'Keep mine', theirs: 'Take theirs', noHistory: 'Nothing earlier is kept.',
    all: 'All tiles', on: (name) => `On ${name}`, gone: 'A tile that was deleted', none: 'No comments here yet.', resolved: 'Show resolved',
    placeholder: 'Write a comment; @ mentions a member', answer: 'Answer', send: 'Comment', resolve: 'Resolve', reopen: 'Reopen', remove: 'Delete comment',
    lost: 'That comment is gone.', closed: (who) => `Resolved by ${who}`, where: 'Tile', count: (many) => `${many} open`, mentions: 'mentions you', sure: 'Delete this comment?',
    failed: 'The server cannot be reached. What you wrote is still here.', again: 'Retry', members: 'Members',
  };

  const panel = () => document.getElementById('talk');
  const may = (what) => panel() && panel().getAttribute(`data-may-${what}`) === 'True';
  const me = () => panel().getAttribute('data-me');
  const acts = () => window.dash_views.acts;
  const h = (...given) => acts().element(...given);

  let page = ''; // notes or comments
  let about = null; // the tile of which comments are shown, or all
  let opener = null;
  let threads = [];
  let looks = 0;
  let people = [];
  let showsResolved = false;

  // -- asking

  async function rest(method, path, body) {
    const key = dashboard().split('/').pop();
    const headers = { 'content-type': 'application/json', accept: 'application/json', [header()]: csrf() };
    let response;
    try {
      response = await window.fetch(`/api/v1/dashboards/${key}/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    } catch (error) {
      throw Object.assign(new Error(), { said: WORDS.failed });
    }
    const text = await response.text();
    const found = text ? JSON.parse(text) : null;
    if (!response.ok) {
      const faults = (found && found.errors ? found.errors : []).map((one) => one.message || one.detail).filter(Boolean);
      throw Object.assign(new Error(), { said: [found && found.detail, ...faults].filter(Boolean).join(' '), status: response.status });
    }
    return found;
  }

  async function all(path) {
    const found = [];
    for (let after = ''; after !== null; ) {
      const part = await rest('GET', `${path}?limit=1000&after=${encodeURIComponent(after)}`);
      found.push(...part.items);
      after = part.next;
    }
    return found;
  }

  const header = () => JSON.parse(document.getElementById('_dash-config').textContent).csrf_header_name;

  // -- the panel

  function open(wanted, tile = null) {
    const isSame = !panel().hidden && page === wanted && about === tile;
    if (isSame) {
      close();
      return;
    }
    if (panel().hidden) opener = document.activeElement;
    [page, about] = [wanted, tile];
    panel().hidden = false;
    document.body.classList.toggle('shows-notes', page === 'notes');
    if (page === 'notes') openNotes();
    else openComments();
  }

  function close() {
    flush();
    panel().hidden = true;
    page = '';
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  }

  function head(title, ...tools) {
    const shut = button('x', WORDS.close, close);
    return h('div', { className: 'talk-head' }, h('h2', { className: 'talk-title', tabIndex: -1 }, title), ...tools, shut);
  }

  function button(icon, label, onClick) {
    const made = h('button', { type: 'button', className: 'tile-tool', title: label, 'aria-label': label }, acts().picture(icon));
    made.addEventListener('click', onClick);
    return made;
  }

  function worded(label, onClick, kind = '') {
    const made = h('button', { type: 'button', className: 'dp-button' }, label);
    if (kind) made.dataset.kind = kind;
    made.addEventListener('click', onClick);
    return made;
  }

  const body = () => panel().querySelector('.talk-body');

  function show(...parts) {
    const hadFocus = panel().contains(document.activeElement);
    body().replaceChildren(...parts);
    if (!hadFocus || !panel().contains(document.activeElement)) body().querySelector('.talk-title').focus();
  }

  const when = (text) => new Date(text).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });

  // -- notes

  let note = { body: '', version: 0 };
  let draft = null; // what is written and not saved
  let timer = 0;
  let isSaving = false;

  async function openNotes() {
    try {
      note = draft === null ? await rest('GET', 'notes') : note;
    } catch (error) {
      note = { body: '', version: 0, failure: error.said };
    }
    if (page === 'notes') readNotes();
  }

  /* Dash's own Markdown, which shows HTML as text. */
  function render(text) {
    const children = { props: { children: text, link_target: '_blank', className: 'tile-text' }, type: 'Markdown', namespace: 'dash_core_components' };
    window.dash_clientside.set_props('notes-text', { children });
  }

  function readNotes() {
    const tools = may('notes') ? [button('history', WORDS.history, history), button('pencil', WORDS.edit, writeNotes)] : [];
    const said = note.failure || (note.version ? `${note.by_name}, ${when(note.at)}` : WORDS.empty);
    show(head(WORDS.notes, ...tools), h('p', { className: 'dp-soft talk-said' }, said));
    render(note.body);
  }

  function writeNotes() {
    const area = h('textarea', { className: 'talk-area', value: draft === null ? note.body : draft, 'aria-label': WORDS.notes, placeholder: WORDS.write, maxLength: 100000 });
    const said = h('p', { className: 'dp-soft talk-said', role: 'status' });
    area.addEventListener('input', () => {
      draft = area.value;
      render(draft);
      said.textContent = WORDS.saving;
      window.clearTimeout(timer);
      timer = window.setTimeout(flush, SAVE_AFTER);
    });
    show(head(WORDS.notes, worded(WORDS.done, async () => { await flush(); if (draft === null) readNotes(); }, 'primary')), said, area);
    render(area.value);
    area.focus();
  }

  const say = (...parts) => { const line = body().querySelector('.talk-said'); if (line) line.replaceChildren(...parts); };

  async function flush() {
    window.clearTimeout(timer);
    if (draft === null || isSaving) return;
    const text = draft;
    isSaving = true;
    try {
      note = await rest('PUT', 'notes', { body: text, version: note.version });
      if (draft === text) draft = null;
      say(`${WORDS.saved} ${when(note.at)}`);
    } catch (error) {
      await refused(error);
    } finally {
      isSaving = false;
    }
    if (draft !== null && draft !== text) await flush();
  }

  /* Somebody was faster: both texts are at hand, and the writer chooses. */
  async function refused(error) {
    if (error.status !== 409) {
      say(h('strong', {}, error.said), ' ', worded(WORDS.again, flush));
      return;
    }
    const theirs = await rest('GET', 'notes');
    render(theirs.body);
    say(h('strong', {}, WORDS.clash(theirs.by_name)), ' ',
      worded(WORDS.mine, () => { note = theirs; flush(); }),
      worded(WORDS.theirs, () => { note = theirs; draft = null; readNotes(); }));
  }

  async function history() {
    let found = [];
    try {
      found = await all('notes/revisions');
    } catch (error) {
      say(h('strong', {}, error.said));
      return;
    }
    const list = h('ol', { className: 'talk-list' });
    for (const one of found) {
      list.append(h('li', { className: 'talk-revision' },
        worded(`${when(one.at)} · ${one.by_name}`, () => render(one.body), 'quiet'),
        worded(WORDS.restore, async () => { draft = one.body; await flush(); readNotes(); })));
    }
    show(head(WORDS.history, worded(WORDS.back, readNotes)), h('p', { className: 'dp-soft talk-said' }, found.length ? '' : WORDS.noHistory), list);
  }

  document.addEventListener('depictio:online', () => flush());
  window.addEventListener('beforeunload', (event) => {
    if (draft !== null) event.preventDefault();
  });

  // -- comments

  async function load() {
    if (!may('reading')) return;
    try {
      threads = await all('comments');
    } catch (error) {
      return; // Counts stay as they are; what somebody does in the panel is told there.
    }
    count();
  }

  /* What others write appears in the panel, too. */
  async function lookAgain() {
    looks += 1;
    const isShown = () => page === 'comments' && !panel().hidden;
    if (document.hidden || !(isShown() || looks % SELDOM === 0)) return;
    const before = JSON.stringify(threads);
    await load();
    if (isShown() && JSON.stringify(threads) !== before && !drafts.isChoosing(panel())) drafts.around(panel(), showComments);
  }

  const isOpen = (thread) => !thread.resolution;

  /* The number of open threads on each tile, and of all. */
  function count() {
    for (const tool of document.querySelectorAll('[data-talk]')) {
      const many = threads.filter((one) => one.tile_id === tool.dataset.talk && isOpen(one)).length;
      const place = tool.querySelector('.tile-talk-count');
      if (place.textContent !== String(many || '')) place.textContent = many || '';
      tool.classList.toggle('has-talk', many > 0);
      const name = tool.title.replace(/ \(.*\)$/, '');
      tool.title = many ? `${name} (${WORDS.count(many)})` : name;
      tool.setAttribute('aria-label', tool.title);
    }
    const all = document.getElementById('comments');
    if (!all) return;
    const open = threads.filter(isOpen);
    all.dataset.count = open.length || '';
    all.classList.toggle('mentions-me', open.some((one) => one.remarks.some((remark) => remark.mentions.includes(me()))));
  }

  async function openComments() {
    showComments();
    const [, found] = await Promise.all([load(), people.length ? people : all('comments/people').catch(() => [])]);
    people = found;
    if (page === 'comments') showComments();
  }

  function nameOf(id) {
    const title = document.querySelector(`[data-tile="${CSS.escape(id)}"] .tile-title`);
    if (title) return title.textContent;
    const items = window.dash_views.picks.items();
    const item = items.find((one) => one && one.id === id);
    return item ? item.label : WORDS.gone;
  }

  function showComments() {
    const shown = threads.filter((one) => (about === null || one.tile_id === about) && (showsResolved || isOpen(one)));
    const check = h('input', { type: 'checkbox', checked: showsResolved });
    check.addEventListener('change', () => { showsResolved = check.checked; showComments(); });
    const list = h('ol', { className: 'talk-list' }, ...shown.map(threadOf));
    const tools = about === null ? [] : [worded(WORDS.all, () => { about = null; showComments(); }, 'quiet')];
    show(head(about === null ? WORDS.comments : WORDS.on(nameOf(about)), ...tools),
      h('label', { className: 'act-check' }, check, WORDS.resolved),
      h('p', { className: 'dp-soft talk-said', role: 'status' }, shown.length ? '' : WORDS.none), list,
      ...(may('comments') ? [composer(WORDS.send, begin, about === null, `new ${about || ''}`)] : []));
  }

  function threadOf(thread) {
    const made = h('li', { className: 'talk-thread', id: `comment-${thread.id}`, tabIndex: -1 });
    if (about === null) {
      made.append(worded(nameOf(thread.tile_id), () => look(thread.tile_id), 'quiet'));
    }
    made.append(h('ol', { className: 'talk-remarks' }, ...thread.remarks.map((one) => remarkOf(thread, one))));
    if (thread.resolution) made.append(h('p', { className: 'dp-soft' }, WORDS.closed(thread.resolution.by_name)));
    if (may('comments')) {
      const close = worded(thread.resolution ? WORDS.reopen : WORDS.resolve, () => change(() => rest('PUT', `comments/${thread.id}/resolved`, { resolved: !thread.resolution })), 'quiet');
      made.append(composer(WORDS.answer, (text, mentions) => rest('POST', `comments/${thread.id}`, { body: text, mentions }), false, thread.id, close));
    }
    return made;
  }

  function remarkOf(thread, { id, author_id: author, author_name: name, at, body: text, mentions }) {
    const tools = may('comments') && (author === me() || may('notes')) ? [button('trash', WORDS.remove, async () => {
      if (await acts().sure(WORDS.sure)) change(() => rest('DELETE', `comments/${thread.id}/remarks/${id}`));
    })] : [];
    const isMine = mentions.includes(me());
    return h('li', { className: `talk-remark${isMine ? ' mentions-me' : ''}` },
      h('p', { className: 'talk-by' }, h('strong', {}, name), ` ${when(at)}`, ...(isMine ? [h('span', { className: 'talk-mark' }, WORDS.mentions)] : []), ...tools),
      h('p', { className: 'talk-text' }, ...named(text, mentions)));
  }

  /* The text with the names of those who are mentioned marked; it is never HTML. */
  function named(text, mentions) {
    const names = people.filter((one) => mentions.includes(one.id)).map((one) => `@${one.name}`).sort((a, b) => b.length - a.length);
    if (!names.length) return [text];
    const pattern = new RegExp(`(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`);
    return text.split(pattern).map((part) => (names.includes(part) ? h('span', { className: 'talk-name' }, part) : part));
  }

  function look(id) {
    const place = document.querySelector(`.tile-section [data-tile="${CSS.escape(id)}"]`);
    if (place) place.scrollIntoView({ block: 'center' });
    about = id;
    showComments();
  }

  async function begin(text, mentions, form) {
    const tile = about === null ? new FormData(form).get('tile') : about;
    return rest('POST', 'comments', { tile_id: tile, body: text, mentions });
  }

  /* After an act all threads are read anew: others may have written meanwhile. */
  async function change(act) {
    try {
      await act();
    } catch (error) {
      say(h('strong', {}, error.said));
      return false;
    }
    await load();
    drafts.around(panel(), showComments);
    return true;
  }

  /* A link of the inbox leads straight to a thread, which is read by that. */
  async function arrive() {
    const id = (/^#comment-(\w+)$/.exec(window.location.hash) || [])[1];
    if (!id || !may('reading')) return;
    await load();
    const found = threads.find((one) => one.id === id);
    if (found && found.resolution) showsResolved = true;
    if (panel().hidden) opener = document.activeElement;
    [page, about] = ['comments', null];
    panel().hidden = false;
    await openComments();
    const place = document.getElementById(`comment-${id}`);
    if (!place) { say(h('strong', {}, WORDS.lost)); return; }
    place.scrollIntoView({ block: 'center' });
    place.focus({ preventScroll: true });
    readAll(id);
  }

  async function readAll(id) {
    const headers = { [header()]: csrf() };
    const answer = await window.fetch(`/api/v1/inbox/threads/${id}/read`, { method: 'PUT', headers }).catch(() => null);
    if (answer && answer.ok && window.htmx) window.htmx.ajax('GET', '/inbox/bell', { target: '#inbox-bell', swap: 'outerHTML' });
  }

  window.addEventListener('hashchange', arrive);

  let fields = 0;

  function composer(label, send, choosesTile, key, ...also) {
    fields += 1;
    const list = h('ul', { className: 'talk-people', role: 'listbox', id: `talk-people-${fields}`, hidden: true, 'aria-label': WORDS.members });
    const area = h('textarea', {
      className: 'talk-input', rows: 2, placeholder: WORDS.placeholder, 'aria-label': label, role: 'combobox', 'aria-expanded': 'false',
      'aria-autocomplete': 'list', 'aria-controls': list.id, maxLength: 10000,
    });
    const submit = h('button', { type: 'submit', className: 'dp-button', 'data-kind': 'primary' }, label);
    const tile = choosesTile ? [tiles()] : [];
    const form = h('form', { className: 'talk-form' }, ...tile, area, list, h('div', { className: 'talk-buttons' }, ...also, submit));
    suggest(area, list);
    drafts.hold(area, key);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const text = area.value;
      if (!text.trim()) return;
      submit.disabled = true;
      await change(async () => {
        await send(text, people.filter((one) => text.includes(`@${one.name}`)).map((one) => one.id), form);
        drafts.sent(key);
      });
      submit.disabled = false;
    });
    return form;
  }

  function tiles() {
    const select = h('select', { name: 'tile' });
    for (const item of window.dash_views.picks.items()) if (item) select.append(h('option', { value: item.id }, item.label));
    drafts.hold(select, 'tile');
    return h('label', { className: 'act-field' }, h('span', {}, WORDS.where), select);
  }

  /* Members whose names begin with what stands after the last @. */
  function suggest(area, list) {
    let at = -1;
    let shown = [];
    let chosen = 0;
    const hide = () => { list.hidden = true; area.setAttribute('aria-expanded', 'false'); area.removeAttribute('aria-activedescendant'); };
    const take = (person) => {
      const end = area.selectionStart;
      area.setRangeText(`@${person.name} `, at, end, 'end');
      hide();
      area.focus();
      area.dispatchEvent(new Event('input'));
    };
    const draw = () => {
      list.replaceChildren(...shown.map((person, index) => {
        const option = h('li', { role: 'option', id: `${list.id}-${index}`, 'aria-selected': String(index === chosen) }, person.name);
        option.addEventListener('mousedown', (event) => { event.preventDefault(); take(person); });
        return option;
      }));
      area.setAttribute('aria-activedescendant', `${list.id}-${chosen}`);
    };
    area.addEventListener('input', () => {
      const before = area.value.slice(0, area.selectionStart);
      const found = before.match(/(?:^|\s)@([^@\n]{0,40})$/);
      shown = found ? people.filter((one) => one.name.toLowerCase().startsWith(found[1].toLowerCase())).slice(0, 8) : [];
      if (!shown.length) { hide(); return; }
      [at, chosen] = [before.lastIndexOf('@'), 0];
      list.hidden = false;
      area.setAttribute('aria-expanded', 'true');
      draw();
    });
    area.addEventListener('keydown', (event) => {
      if (list.hidden) {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
        return;
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) { chosen = (chosen + step + shown.length) % shown.length; draw(); }
      if (event.key === 'Enter' || event.key === 'Tab') take(shown[chosen]);
      if (event.key === 'Escape') hide();
      if (step || ['Enter', 'Tab', 'Escape'].includes(event.key)) { event.preventDefault(); event.stopPropagation(); }
    });
    area.addEventListener('blur', hide);
  }

  // -- what opens it

  document.addEventListener('click', ({ target }) => {
    const tool = target.closest('[data-talk]');
    if (tool) open('comments', tool.dataset.talk);
    else if (target.closest('#comments')) open('comments');
    else if (target.closest('#notes')) open('notes');
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && panel() && !panel().hidden && panel().contains(event.target)) close();
  });

  new MutationObserver((_, observer) => {
    if (!panel()) return;
    observer.disconnect();
    if (!may('reading')) return;
    document.body.classList.add('can-talk');
    load();
    arrive();
    window.setInterval(lookAgain, LOOK_AGAIN);
    document.addEventListener('depictio:view', () => window.setTimeout(count, 100));
    document.addEventListener('depictio:painted', count);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
